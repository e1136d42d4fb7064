"""Load sets into real databases, by script and by `bluebook load`, and hold what is there against the published CSV.

    python3 scripts/warehouses.py --binary PATH [--annexes N] [--duckdb LIBRARY] [--kills N]

PostgreSQL (its own server, on loopback), DuckDB and ClickHouse (chdb) are run; the scripts for Snowflake and BigQuery are only
parsed. What is expected comes from the CSV files, read by Python. DuckDB's library for ADBC is in npm's
@duckdb/node-bindings-linux-x64; where it is not named, DuckDB is loaded by script only.
"""

import argparse
import csv
import hashlib
import json
import logging
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import duckdb
import psycopg2
import sqlglot
import trustme

ROOT = Path(__file__).resolve().parent.parent
ANNEX = ROOT / "input" / "hk-talent-admissions-2026-02.txt"
DATASET, SCHEMA = "hk-talent-admissions", "hk_talent_admissions"
TABLES = ["observations", "checks", "bounds", "notes", "history", "releases", "regions", "codes"]


class Sets:
    """Two published sets of some annexes, of which the second has another figure, a row more and a release less."""

    def __init__(self, binary, folder, annexes, kills=0):
        self.binary, self.folder, self.kills = binary, folder, kills
        text = ANNEX.read_text(encoding="utf-8")
        changed = text.replace("\t549\t", "\t550\t").replace("\t49 737\t", "\t49 738\t").replace("An application may", "Any application may")
        assert changed.count("550") == 1
        self.first = self.publish("first", [text] * annexes)
        self.second = self.publish("second", [changed] + [text] * (annexes - 2))
        self.large = len(rows_of(self.first, "observations"))

    def publish(self, name, texts):
        given = self.folder / f"{name}-input"
        given.mkdir()
        for number, text in enumerate(texts):
            day = date(2026, 3, 1) + timedelta(days=number)
            (given / f"{day}-annex.txt").write_text(text, encoding="utf-8")
        output = self.folder / name
        self.call("run", str(given), "--output", str(output))
        return output / DATASET

    def call(self, *arguments, code=0, environment=None):
        command = [str(self.binary), *arguments]
        variables = os.environ | (environment or {})
        ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=self.folder, env=variables)
        assert ended.returncode == code, (arguments, ended.returncode, ended.stdout[-500:], ended.stderr[-1500:])
        return ended.stdout + ended.stderr

    def script(self, dialect, found, *more):
        path = self.folder / f"{dialect}.sql"
        path.write_text(self.call("sql", str(found), "--for", dialect, *more), encoding="utf-8")
        return path


def rows_of(found, table):
    """The rows of a published CSV, by Python's reader, without the guard against spreadsheets."""
    with (found / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    package = json.loads((found / "datapackage.json").read_text(encoding="utf-8"))
    schema = next(of["schema"] for of in package["resources"] if of["path"] == f"{table}.csv")
    kinds = [field["type"] for field in schema["fields"]]
    assert rows[0] == [field["name"] for field in schema["fields"]]
    return sorted((tuple(map(value, row, kinds)) for row in rows[1:]), key=repr)


def value(text, kind):
    if text == "":
        return None
    if kind == "string":
        return text[1:] if re.match(r"'+[-=+@\t\r].", text) else text
    return {"integer": int, "number": float, "boolean": lambda t: t == "true", "date": date.fromisoformat}[kind](text)


def assert_is(target, found):
    """A database has the rows of a set, all of them and no others."""
    for table in TABLES:
        expected, rows = rows_of(found, table), sorted(map(tuple, target.rows(table)), key=repr)
        assert rows == expected, (table, len(rows), len(expected), first_difference(rows, expected))
    # Sums that two other readers make.
    expected = [row for row in rows_of(found, "observations")]
    at = target.columns("observations").index("value")
    assert target.sum("value") == sum(row[at] for row in expected if row[at] is not None)


def first_difference(rows, expected):
    return next((pair for pair in zip(rows, expected, strict=False) if pair[0] != pair[1]), None)


class Database:
    """What runs scripts in a process of their own."""

    def run_script(self, path, check=True):
        return subprocess.run(self.script_command(path), capture_output=True, text=True, check=check)

    def start_script(self, path):
        quiet = subprocess.DEVNULL
        return subprocess.Popen(self.script_command(path), stdout=quiet, stderr=quiet, start_new_session=True)


class Postgres(Database):
    """PostgreSQL, as psycopg2 sees it."""

    name = "PostgreSQL"

    def __init__(self, port):
        self.url = f"postgresql://loader:hidden-word@127.0.0.1:{port}/postgres"
        self.admin = f"postgresql://postgres@127.0.0.1:{port}/postgres"

    def ask(self, statement):
        connection = psycopg2.connect(self.admin)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def rows(self, table):
        return self.ask(f'SELECT * FROM {SCHEMA}."{table}"')

    def columns(self, table):
        found = self.ask(
            "SELECT column_name FROM information_schema.columns"
            f" WHERE table_schema = '{SCHEMA}' AND table_name = '{table}' ORDER BY ordinal_position"
        )
        return [name for (name,) in found]

    def sum(self, column):
        return int(self.ask(f"SELECT sum({column}) FROM {SCHEMA}.observations")[0][0])

    def clear(self):
        self.ask(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; CREATE SCHEMA {SCHEMA} AUTHORIZATION loader")

    def command(self):
        return [self.url]

    def script_command(self, path):
        return ["psql", "--no-psqlrc", "--quiet", "--tuples-only", f"--file={path}", self.url]


class DuckDb(Database):
    """A file of DuckDB, as its Python package sees it."""

    name = "DuckDB"

    def __init__(self, folder, library):
        self.file, self.library = folder / "figures.duckdb", library

    def ask(self, statement):
        with duckdb.connect(str(self.file)) as connection:
            return connection.execute(statement).fetchall()

    def rows(self, table):
        return self.ask(f"SELECT * FROM {SCHEMA}.{table}")

    def columns(self, table):
        return [row[0] for row in self.ask(f"DESCRIBE {SCHEMA}.{table}")]

    def sum(self, column):
        return int(self.ask(f"SELECT sum({column}) FROM {SCHEMA}.observations")[0][0])

    def clear(self):
        self.file.unlink(missing_ok=True)
        Path(f"{self.file}.wal").unlink(missing_ok=True)

    def command(self):
        return [f"duckdb:{self.file}", "--driver", str(self.library)]

    def script_command(self, path):
        program = "import duckdb, sys; print(duckdb.connect(sys.argv[1]).execute(open(sys.argv[2]).read()).fetchall())"
        return [sys.executable, "-c", program, str(self.file), str(path)]


class ClickHouse(Database):
    """ClickHouse in a process of its own for each script, as chdb runs it."""

    name = "ClickHouse"
    program = """
import re, sys
from chdb import session
session = session.Session(sys.argv[1])
text = "\\n".join(line for line in open(sys.argv[2]).read().splitlines() if not line.startswith("--"))
for statement in filter(None, map(str.strip, re.split(r";\\n", text + "\\n"))):
    answer = session.query(statement, "JSONCompact")
print(answer)
"""

    def __init__(self, folder):
        self.folder, self.scratch = folder / "clickhouse", folder / "question.sql"

    def script_command(self, path):
        return [sys.executable, "-c", self.program, str(self.folder), str(path)]

    def ask(self, statement):
        self.scratch.write_text(statement + ";\n", encoding="utf-8")
        answer = self.run_script(self.scratch).stdout.strip()
        return json.loads(answer)["data"] if answer else []

    def rows(self, table):
        kinds = dict(self.ask(f"SELECT name, type FROM system.columns WHERE database = '{SCHEMA}' AND table = '{table}'"))
        rows = self.ask(f"SELECT * FROM {SCHEMA}.{table}")
        return [tuple(map(from_json, row, kinds.values())) for row in rows]

    def columns(self, table):
        return [name for (name,) in self.ask(
            f"SELECT name FROM system.columns WHERE database = '{SCHEMA}' AND table = '{table}' ORDER BY position"
        )]

    def sum(self, column):
        return int(self.ask(f"SELECT sum({column}) FROM {SCHEMA}.observations")[0][0])

    def clear(self):
        shutil.rmtree(self.folder, ignore_errors=True)


def from_json(cell, kind):
    if cell is None:
        return None
    kind = kind.removeprefix("Nullable(").rstrip(")")
    known = {"Int32": int, "Int64": int, "Float64": float, "Date32": date.fromisoformat}
    return known.get(kind, lambda same: same)(cell)


@contextmanager
def postgres(folder):
    """A server of its own, with a role that owns no database; as another user where this one may not run it."""
    programs = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
    assert programs, "PostgreSQL's server is not here: apt-get install postgresql"
    home = folder / "postgres"
    home.mkdir()
    as_user = []
    if os.geteuid() == 0:
        shutil.chown(home, "postgres")
        folder.chmod(0o755)
        as_user = ["runuser", "-u", "postgres", "--"]
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    data, log = home / "data", home / "log"
    def call(program, *arguments):
        subprocess.run([*as_user, str(programs / program), *arguments], check=True, stdout=subprocess.DEVNULL, cwd=home)

    call("initdb", "-D", str(data), "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(folder / "authority.pem"))
    identity = authority.issue_cert("localhost", "127.0.0.1")
    identity.private_key_pem.write_to_path(str(data / "server.key"))
    identity.cert_chain_pems[0].write_to_path(str(data / "server.crt"))
    (data / "server.key").chmod(0o600)
    if as_user:
        shutil.chown(data / "server.key", "postgres")
    options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 -c ssl=on"
    call("pg_ctl", "-D", str(data), "-w", "-l", str(log), "-o", options, "start")
    try:
        server = Postgres(port)
        server.ask("CREATE ROLE loader LOGIN PASSWORD 'hidden-word'; CREATE ROLE guest LOGIN; GRANT CREATE ON DATABASE postgres TO loader")
        yield server, lambda: call("pg_ctl", "-D", str(data), "-m", "immediate", "stop")
    finally:
        subprocess.run([*as_user, str(programs / "pg_ctl"), "-D", str(data), "-m", "immediate", "stop"], check=False, capture_output=True, cwd=home)


def by_script(target, sets):
    """Twice, planted drift, the other set, and back."""
    target.clear()
    dialect = {"PostgreSQL": "postgres", "DuckDB": "duckdb", "ClickHouse": "clickhouse"}[target.name]
    first = sets.script(dialect, sets.first)
    target.run_script(first)
    assert_is(target, sets.first)
    again = target.run_script(first).stdout
    loads = target.ask(f"SELECT count(*) FROM {SCHEMA}._loads")
    assert int(loads[0][0]) == 1, loads
    if target.name != "ClickHouse":
        assert [int(number) for number in re.findall(r"\d+", again)[-3:]] == [0, 0, 0], again
        plant_drift(target)
        mended = target.run_script(sets.script(dialect, sets.first, "--mend")).stdout
        assert [int(number) for number in re.findall(r"\d+", mended)[-3:]] == [1, 2, 1], mended
    else:
        target.ask(f"INSERT INTO {SCHEMA}.codes (dimension, code, name, kind) VALUES ('x', 'y', 'z', 'leaf')")
        target.run_script(first)
    assert_is(target, sets.first)
    target.run_script(sets.script(dialect, sets.second))
    assert_is(target, sets.second)
    target.run_script(sets.script(dialect, sets.first))
    assert_is(target, sets.first)
    killed = disturb_scripts(target, sets, dialect)
    refuse_foreign_by_script(target, sets, dialect)
    return f"{sets.large} observations, again 0 written, drift mended, another set and back, {killed}, a foreign table refused"


def disturb_scripts(target, sets, dialect):
    """Scripts that are killed, and two at once: one whole set is left, in ClickHouse after the next run."""
    scripts = [shutil.copy(sets.script(dialect, found), sets.folder / f"{dialect}-{number}.sql")
               for number, found in enumerate((sets.second, sets.first))]
    begun = time.monotonic()
    target.run_script(scripts[1])
    seconds = time.monotonic() - begun
    chance, killed = random.Random(1), 0
    for number in range(sets.kills):
        process = target.start_script(scripts[number % 2])
        time.sleep(chance.random() * seconds * 1.2)
        os.killpg(process.pid, signal.SIGKILL)
        killed += process.wait() != 0
        if target.name == "ClickHouse":
            target.run_script(scripts[1])
            assert_is(target, sets.first)
        else:
            assert_one_of(target, sets)
    if target.name != "ClickHouse":  # chdb lets one process have its folder
        running = [target.start_script(script) for script in scripts * 2]
        ends = [process.wait() for process in running]
        assert 0 in ends and (target.name == "DuckDB" or ends == [0] * 4), ends
        assert_one_of(target, sets)
    return f"{killed} of {sets.kills} killed" + ("" if target.name == "ClickHouse" else ", four at once")


def assert_one_of(target, sets):
    loaded = target.ask(f"SELECT set_hash FROM {SCHEMA}._loads ORDER BY number DESC")[0][0]
    assert_is(target, sets.first if loaded == hash_of(sets.first) else sets.second)


def plant_drift(target):
    """A row less, a figure changed, a null filled, and a row more."""
    target.ask(f"DELETE FROM {SCHEMA}.codes WHERE code = 'GEP'")
    target.ask(f"UPDATE {SCHEMA}.observations SET value = value + 1 WHERE release_date = '2026-03-01' AND scheme = 'TTPS' AND region = 'CAN' AND period = '2023'")
    target.ask(f"UPDATE {SCHEMA}.notes SET mark = 'x' WHERE release_date = '2026-03-01' AND note = 1 AND scheme = 'TTPS'")
    target.ask(f"INSERT INTO {SCHEMA}.regions VALUES ('ZZZ', NULL, NULL, 'Nowhere', 'economy')")


def refuse_foreign_by_script(target, sets, dialect):
    create = {
        "clickhouse": "CREATE DATABASE mine; CREATE TABLE mine.observations (a Int32) ENGINE = MergeTree ORDER BY a",
    }.get(dialect, "CREATE SCHEMA mine; CREATE TABLE mine.observations (a integer)")
    for statement in create.split("; "):
        target.ask(statement)
    if target.name == "PostgreSQL":
        target.ask("GRANT ALL ON SCHEMA mine TO loader")
    ended = target.run_script(sets.script(dialect, sets.first, "--schema", "mine"), check=False)
    assert ended.returncode != 0 and "bluebook did not make" in ended.stderr, ended.stderr[-800:]
    if target.name == "PostgreSQL":
        target.ask("DROP SCHEMA mine CASCADE")


def by_load(target, sets):
    """The suite of what any database must show when `bluebook load` loads it."""
    target.clear()
    def load(found, *more, code=0):
        return sets.call("load", *target.command()[:1], str(found), *target.command()[1:], *more, code=code)

    told = load(sets.first, "--dry-run")
    assert "would load" in told and f"{sets.large} rows inserted" in told, told
    assert "hidden-word" not in told
    load(sets.first)
    assert_is(target, sets.first)
    assert load(sets.first) == ""
    assert load(sets.first, "--mend") == ""
    plant_drift(target)
    told = load(sets.first, "--mend")
    for words in ("observations: 1 row updated", "notes: 1 row updated", "regions: 1 row deleted", "codes: 1 row inserted"):
        assert words in told, told
    assert_is(target, sets.first)
    assert "would be written" in load(sets.second, "--frozen", code=3)
    assert_is(target, sets.first)
    load(sets.second)
    assert_is(target, sets.second)
    load(sets.first)
    assert_is(target, sets.first)
    by_release(target, load, sets)
    loads = target.ask(f"SELECT set_hash, inserted, updated, deleted FROM {SCHEMA}._loads ORDER BY number")
    order = (sets.first, sets.first, sets.second, sets.first, sets.second, sets.first, sets.first)
    assert [row[0] for row in loads] == [hash_of(of) for of in order], loads
    two_at_once(target, sets)
    killed = kill(target, sets, sets.kills)
    other_columns(target, load, sets)
    foreign(target, load, sets)
    return f"loaded, again without a word, drift mended, another set and back, two at once, {killed}, other columns and a foreign table refused"


def by_release(target, load, sets):
    """Of a release that did not change nothing is compared, unless it has lost a figure, or all is to be mended."""
    where = "WHERE release_date = '2026-03-02' AND scheme = 'TTPS' AND region = 'CAN' AND period"
    target.ask(f"UPDATE {SCHEMA}.observations SET value = value + 1 {where} = '2024'")
    load(sets.second)
    assert target.ask(f"SELECT value FROM {SCHEMA}.observations {where} = '2024'")[0][0] == 394
    target.ask(f"DELETE FROM {SCHEMA}.observations {where} = '2025'")
    load(sets.first)
    assert_is(target, sets.first)
    target.ask(f"UPDATE {SCHEMA}.observations SET value = value + 1 {where} = '2024'")
    assert "observations: 1 row updated" in load(sets.first, "--mend")
    assert_is(target, sets.first)


def hash_of(found):
    return hashlib.sha256((found / "datapackage.json").read_bytes()).hexdigest()


def start(target, sets, found):
    command = [str(sets.binary), "load", *target.command()[:1], str(found), *target.command()[1:]]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=sets.folder)


def two_at_once(target, sets):
    running = [start(target, sets, found) for found in (sets.first, sets.second, sets.second, sets.first)]
    ends = []
    for process in running:
        _, err = process.communicate(timeout=600)
        ends.append(process.returncode)
        assert process.returncode in (0, 75), err
    assert 0 in ends and (target.name == "DuckDB" or ends == [0] * 4), ends
    assert_one_of(target, sets)


def kill(target, sets, times):
    """SIGKILL at random moments leaves one set or the other, whole."""
    chance = random.Random(1)
    begun = time.monotonic()
    sets.call("load", *target.command()[:1], str(sets.second), *target.command()[1:], "--mend")
    sets.call("load", *target.command()[:1], str(sets.first), *target.command()[1:], "--mend")
    seconds = (time.monotonic() - begun) / 2
    counts = {0: 0, -9: 0}
    for number in range(times):
        process = start(target, sets, (sets.second, sets.first)[number % 2])
        time.sleep(chance.random() * seconds * 1.5)
        process.kill()
        process.communicate()
        counts[process.returncode] += 1
        assert_one_of(target, sets)
    sets.call("load", *target.command()[:1], str(sets.first), *target.command()[1:])
    assert_is(target, sets.first)
    return f"killed {counts[-9]} of {times} times with one whole set left"


def other_columns(target, load, sets):
    """New tables and columns that can be null are added; any other difference is refused with what mends it."""
    table = f"{SCHEMA}.observations"
    target.ask(f"DROP TABLE {SCHEMA}.codes")
    target.ask(f"ALTER TABLE {table} DROP COLUMN value_label")
    load(sets.first, "--mend")
    assert sorted(target.columns("observations")) == sorted(header(sets.first, "observations"))
    position = target.columns("observations").index("value_label")
    assert position == len(target.columns("observations")) - 1
    cases = [
        (f"ALTER TABLE {table} ADD COLUMN mine integer", f"ALTER TABLE {table} DROP COLUMN mine"),
        (f"ALTER TABLE {table} ALTER COLUMN value TYPE integer", f"ALTER TABLE {table} ALTER COLUMN value TYPE BIGINT"),
        (f"ALTER TABLE {table} ALTER COLUMN basis DROP NOT NULL", f"ALTER TABLE {table} ALTER COLUMN basis SET NOT NULL"),
    ]
    for change, remedy in cases:
        target.ask(change)
        told = load(sets.second, code=74)
        printed = told.replace('"', "").lower()
        assert remedy.lower() in printed, told
        target.ask(next(line.strip().rstrip(";") for line in told.splitlines() if "ALTER TABLE" in line))
    load(sets.second)
    # In the order of the set's columns again.
    target.ask(f"DROP TABLE {table}")
    load(sets.first)
    assert_is(target, sets.first)


def header(found, table):
    return next(csv.reader((found / f"{table}.csv").open(newline="", encoding="utf-8")))


def foreign(target, load, sets):
    target.ask("CREATE SCHEMA yours")
    target.ask("CREATE TABLE yours.observations (a integer)")
    if target.name == "PostgreSQL":
        target.ask("GRANT ALL ON SCHEMA yours TO loader; GRANT ALL ON yours.observations TO loader")
    assert "was not made by bluebook" in load(sets.first, "--schema", "yours", code=74)


def postgres_only(target, sets, stop_server):
    """Without rights, with a set that was changed by hand or is of an older version, and with a server that is gone."""
    guest = target.url.replace("loader:hidden-word", "guest")
    told = sets.call("load", guest, str(sets.second), code=74)
    assert "permission denied" in told, told
    told = sets.call("load", target.url.replace("127.0.0.1", "no-such-host.invalid"), str(sets.first), code=74)
    assert "hidden-word" not in told, told
    for address in ("postgresql://me:hidden-word@127.0.0.1:bad/x", "mysql://me:hidden-word@h/d"):
        told = sets.call("load", address, str(sets.first), code=78)
        assert "hidden-word" not in told, told
    changed = sets.folder / "changed" / DATASET
    shutil.copytree(sets.first, changed)
    with (changed / "observations.csv").open("a", encoding="utf-8") as file:
        file.write("x\n")
    assert "its SHA-256 is not the one" in sets.call("load", target.url, str(changed), code=3)
    package = changed / "datapackage.json"
    package.write_text(package.read_text(encoding="utf-8").replace('"storageType"', '"formerType"'), encoding="utf-8")
    shutil.copy(sets.first / "observations.csv", changed)
    assert "written by an older bluebook" in sets.call("load", target.url, str(changed), code=78)
    assert_is(target, sets.first)
    stop_server()
    begun = time.monotonic()
    sets.call("load", target.url, str(sets.first), code=74)
    return f"no rights, no host, wrong addresses, a changed and an older set, a server that is gone ({time.monotonic() - begun:.1f} s): refused, no password told"


def tls(target, sets):
    """As libpq: `require` encrypts, `verify-full` asks who answers."""
    load = lambda query, code: sets.call("load", f"{target.url}?{query}", str(sets.first), code=code)  # noqa: E731
    assert target.url.startswith("postgresql://loader")
    load("sslmode=require", 0)
    load("sslmode=disable", 0)
    load(f"sslmode=verify-full&sslrootcert={sets.folder / 'authority.pem'}", 0)
    assert "certificate" in load("sslmode=verify-full", 74)
    other = sets.folder / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    assert "certificate" in load(f"sslmode=verify-full&sslrootcert={other}", 74)
    assert "other-missing.pem" in load(f"sslrootcert={sets.folder / 'other-missing.pem'}", 74)
    load("sslcert=mine.pem", 78)
    return "encrypted with and without asking who answers; another authority is refused"


def parse(sets):
    """A parser of each dialect takes the scripts, and every statement is one that it knows."""
    logging.disable(logging.WARNING)
    counts = []
    for dialect, files in (("snowflake", "@figures/hk"), ("bigquery", "gs://figures/hk"), ("clickhouse", "."), ("duckdb", ".")):
        text = sets.script(dialect, sets.first, "--files", files).read_text(encoding="utf-8")
        statements = [of for of in sqlglot.parse(text, read=dialect) if of]
        unknown = [of.sql()[:80] for of in statements if isinstance(of, sqlglot.exp.Command)]
        assert not unknown, (dialect, unknown)
        counts.append(f"{dialect} {len(statements)}")
    return "statements: " + ", ".join(counts)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--annexes", type=int, default=20)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--duckdb", type=Path, help="DuckDB's library, for ADBC")
    given = parser.parse_args()
    scratch = Path(tempfile.mkdtemp())
    try:
        sets = Sets(given.binary.resolve(), scratch, given.annexes, given.kills)
        say("parsed", parse, sets)
        with postgres(scratch) as (target, stop_server):
            say("PostgreSQL by script", by_script, target, sets)
            say("PostgreSQL by load", by_load, target, sets)
            say("PostgreSQL by TLS", tls, target, sets)
            say("PostgreSQL refusals", postgres_only, target, sets, stop_server)
        target = DuckDb(scratch, given.duckdb)
        say("DuckDB by script", by_script, target, sets)
        if given.duckdb:
            say("DuckDB by load", by_load, target, sets)
        else:
            print("DuckDB by load: skipped, its library is not named")
        say("ClickHouse by script", by_script, ClickHouse(scratch), sets)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def say(what, check, *given):
    begun = time.monotonic()
    print(f"{what}: {check(*given)} ({time.monotonic() - begun:.1f} s)", flush=True)


if __name__ == "__main__":
    main()
