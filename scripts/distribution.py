"""Runs the scripts of the action and of the release as GitHub does, as far as one machine can, and has shellcheck read them all.

    scripts/distribution.sh PROGRAM

A release is made up of the program, and served on loopback: a right checksum is taken, and problems are annotations; a wrong one
is refused, and so is what no release can be for.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from ruamel.yaml import YAML

ROOT = Path(__file__).resolve().parent.parent
TARGET = "x86_64-unknown-linux-gnu"
REPOSITORY = "someone/bluebook"
ANNEX = (ROOT / "input/hk-talent-admissions-2026-02.txt").read_text()
BROKEN = ANNEX.replace("\t549\t", "\t594\t", 1)


def read(path):
    return YAML(typ="safe").load(ROOT / path)


ACTION = read("action.yml")
WORKFLOWS = {path.name: read(path) for path in sorted((ROOT / ".github/workflows").glob("*.yml"))}


def jobs_steps(workflow):
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def lint():
    """No expression stands in a script, where it would be read as one; and shellcheck finds nothing."""
    steps = ACTION["runs"]["steps"] + [step for workflow in WORKFLOWS.values() for step in jobs_steps(workflow)]
    scripts = [step["run"] for step in steps if "run" in step]
    for script in scripts:
        assert "${{" not in script, script
        # SC2153: variables come from the step's `env`, which it does not see.
        command = ["shellcheck", "--shell=bash", "--exclude=SC2153", "-"]
        subprocess.run(command, input="set -eo pipefail\n" + script, text=True, check=True)
    files = [ROOT / ".ci/run", *ROOT.glob("scripts/*.sh")]
    subprocess.run(["shellcheck", *files], check=True)
    return len(scripts)


def shell(script, folder, **variables):
    """Runs a script as `shell: bash` does; gives the exit code and all that it said."""
    env = {"PATH": os.environ["PATH"], "HOME": str(folder)} | variables
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    ended = subprocess.run(command, cwd=folder, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return ended.returncode, ended.stdout


def pairs(file):
    return dict(line.split("=", 1) for line in file.read_text().splitlines())


class Job:
    """A job on a runner, in whose workspace the action is used."""

    def __init__(self, server, annex=ANNEX, os="Linux", arch="X64"):
        self.folder = Path(tempfile.mkdtemp(dir=SCRATCH))
        self.workspace = self.folder / "workspace"
        for name in ("workspace/input", "temp"):
            (self.folder / name).mkdir(parents=True)
        (self.workspace / "input/annex.txt").write_text(annex)
        self.files = {name: self.folder / name for name in ("GITHUB_PATH", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
        self.github = {"action_repository": REPOSITORY, "action_path": str(ROOT), "server_url": server}
        self.runner = {"RUNNER_OS": os, "RUNNER_ARCH": arch, "RUNNER_TEMP": str(self.folder / "temp")}

    def expand(self, text, inputs):
        """The expressions of the action: names, of which the first that is not empty counts."""
        known = {f"github.{name}": value for name, value in self.github.items()}
        known |= {f"inputs.{name}": value for name, value in inputs.items()}
        outputs = pairs(self.files["GITHUB_OUTPUT"])
        known |= {f"steps.bluebook.outputs.{name}": value for name, value in outputs.items()}

        def value(found):
            return next(filter(None, (known.get(name, "") for name in found[1].split(" || "))), "")

        return re.sub(r"\$\{\{ (.*?) \}\}", value, text)

    def use(self, **given):
        """Uses the action; gives its exit code, what it said and its outputs."""
        inputs = {name: of["default"] for name, of in ACTION["inputs"].items()}
        inputs |= {name.replace("_", "-"): value for name, value in given.items()}
        said = ""
        for file in self.files.values():
            file.write_text("")
        for step in ACTION["runs"]["steps"]:
            added = self.files["GITHUB_PATH"].read_text().splitlines()
            env = {name: self.expand(value, inputs) for name, value in step["env"].items()}
            env |= self.runner | {name: str(file) for name, file in self.files.items()}
            env |= {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(self.workspace)}
            env["PATH"] = ":".join([*added, os.environ["PATH"]])
            folder = self.workspace / self.expand(step.get("working-directory", "."), inputs)
            code, more = shell(step["run"], folder, **env)
            said += more
            if code != 0:
                break
        return code, said, {name: self.expand(of["value"], {}) for name, of in ACTION["outputs"].items()}

    def is_untouched(self):
        """Whether no program was taken over."""
        return not self.files["GITHUB_PATH"].read_text()


def make_release(program, served, version):
    """A release as the workflow makes it. The program stands outside of it, since one for debugging takes long to pack."""
    folder = served / REPOSITORY / "releases/download" / f"v{version}"
    stand_in = SCRATCH / "bluebook"
    stand_in.write_text(f'#!/bin/sh\nexec "{program}" "$@"\n')
    stand_in.chmod(0o755)
    subprocess.run([ROOT / "scripts/archive.sh", stand_in, TARGET, folder], check=True)
    [archive] = folder.iterdir()
    (folder / "SHA256SUMS").write_text(f"{hashlib.sha256(archive.read_bytes()).hexdigest()}  {archive.name}\n")
    return archive


def serve(folder):
    handler = type("Quiet", (SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def try_action(program, version):
    served = SCRATCH / "served"
    archive = make_release(program, served, version)
    server = serve(served)

    # Sound documents; flags, a name with a blank and a folder arrive as they are given.
    job = Job(server)
    code, said, outputs = job.use()
    none = {"changed": "false", "release": "2026-02-28", "problems": "0", "revised": "0", "releases_changed": ""}
    assert (code, outputs) == (0, none), (said, outputs)
    taken = Path(job.files["GITHUB_PATH"].read_text().strip())
    assert {"bluebook", "bluebook.1", "completions", "LICENSE-MIT", "README.md"} <= {file.name for file in taken.iterdir()}
    (job.workspace / "in").mkdir()
    (job.workspace / "in/an annex.txt").write_text(ANNEX)
    code, said, _ = job.use(working_directory="in", input="an annex.txt\n", arguments="--junit\nfigures.xml --quiet")
    assert code == 0 and (job.workspace / "in/figures.xml").exists(), said
    code, said, outputs = job.use(command="run", arguments="--output out", version=f"v{version}")
    assert (code, outputs["changed"]) == (0, "true") and (job.workspace / "out").is_dir(), said

    # A misprint is an annotation, and a failure.
    code, said, outputs = Job(server, BROKEN).use()
    assert (code, outputs["problems"]) == (1, "1"), (said, outputs)
    assert "::error file=input/annex.txt,line=17,col=7," in said, said

    # What inputs say is never run.
    for name in ("input", "command", "arguments", "version"):
        job = Job(server)
        code, said, _ = job.use(**{name: '$(touch made) `touch made` "; touch made; : "'})
        assert code != 0 and not list(job.folder.rglob("made")), (name, said)

    # What is not a release is refused before anything is run.
    def refused(why, job, **given):
        code, said, outputs = job.use(**given)
        assert code == 1 and why in said and job.is_untouched() and set(outputs.values()) == {""}, (why, said)

    refused("no release for FreeBSD on X64", Job(server, os="FreeBSD"))
    refused("no release for Windows on ARM64", Job(server, os="Windows", arch="ARM64"))
    refused("is not one", Job(server), version="../0.1.0")
    refused("cannot be downloaded", Job(server), version="9.9.9")
    refused("cannot be downloaded", Job(server, os="macOS", arch="ARM64"))
    sums = archive.with_name("SHA256SUMS")
    right = sums.read_text()
    sums.write_text(right.replace(archive.name, f"not-{archive.name}"))
    refused("SHA256SUMS does not name", Job(server))
    sums.write_text(right)
    archive.write_bytes(archive.read_bytes() + b"\0")
    refused("is not the one in SHA256SUMS", Job(server))


def try_release(version):
    """The action takes what a release has; a tag that is not the version stops it."""
    release = WORKFLOWS["release.yml"]
    built = {entry["target"] for entry in release["jobs"]["build"]["strategy"]["matrix"]["include"]}
    taken = set(re.findall(r"target=(\S+)", ACTION["runs"]["steps"][0]["run"]))
    assert built == taken, built ^ taken
    [check] = [step for step in release["jobs"]["source"]["steps"] if step.get("id") == "version"]
    output = SCRATCH / "version"
    home = {name: os.environ[name] for name in ("HOME", "CARGO_HOME", "RUSTUP_HOME") if name in os.environ}
    for event, ref, code in (
        ("push", f"v{version}", 0),
        ("push", f"v{version}1", 1),
        ("workflow_dispatch", "main", 0),
    ):
        output.write_text("")
        env = home | {"GITHUB_EVENT_NAME": event, "GITHUB_REF_NAME": ref, "GITHUB_OUTPUT": str(output)}
        ended, said = shell(check["run"], ROOT, **env)
        assert ended == code and pairs(output) == ({"version": version} if code == 0 else {}), (ref, said)


def main():
    program = Path(sys.argv[1]).resolve()
    version = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.split()[1]
    print(f"{lint()} scripts of workflows and the action are sound")
    try_action(program, version)
    try_release(version)
    print("the action takes a release with the right checksum, and nothing else; problems are annotations")


SCRATCH = Path(tempfile.mkdtemp(prefix="bluebook-distribution-"))
try:
    main()
finally:
    shutil.rmtree(SCRATCH)
