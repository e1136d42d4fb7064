"""Run the examples for lakehouses and dbt on published sets: once, twice, with another set, and back.

    python3 scripts/lakes.py ducklake|iceberg|dbt --binary PATH

Each needs packages of its own, scripts/requirements-WHAT.txt. DuckLake's extension is one of them here, where DuckDB cannot
fetch it.
"""

import argparse
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ANNEX = ROOT / "input" / "hk-talent-admissions-2026-02.txt"
DATASET, SCHEMA = "hk-talent-admissions", "hk_talent_admissions"


class Published:
    """The annex, and one of another figure, published side by side."""

    def __init__(self, binary, folder):
        self.binary, self.folder = binary.resolve(), folder
        self.dataset = folder / "output" / DATASET
        text = ANNEX.read_text(encoding="utf-8")
        changed = text.replace("\t549\t", "\t550\t").replace("\t49 737\t", "\t49 738\t")
        for name, content in (("first", text), ("second", changed)):
            (folder / name).mkdir()
            (folder / name / ANNEX.name).write_text(content, encoding="utf-8")

    def publish(self, name, layout="sets"):
        self.call("run", name, "--layout", layout)

    def call(self, *arguments):
        subprocess.run([str(self.binary), *arguments], check=True, cwd=self.folder, stdout=subprocess.DEVNULL)

    def expected(self):
        """How many observations, and their sum, by Python's reader of CSV."""
        pointer = json.loads((self.dataset / "latest.json").read_text(encoding="utf-8"))
        found = self.dataset / "sets" / pointer["set"]
        with (found / "observations.csv").open(newline="", encoding="utf-8") as file:
            values = [int(row["value"]) for row in csv.DictReader(file) if row["value"]]
        return len(values), sum(values)


def go_round(published, register, read):
    """The first set, again, the second, and back: what is read is what is published, and a repeat commits nothing."""
    for name in ("first", "second", "first"):
        published.publish(name)
        assert register(), f"{name}: nothing was registered"
        assert read() == published.expected(), (name, read(), published.expected())
        assert not register(), f"{name}: registered twice"
        assert read() == published.expected(), name


def ducklake(published):
    sys.path.insert(0, str(ROOT / "examples" / "ducklake"))
    import duckdb
    from duckdb_extensions.extension_importer import import_extension

    import_extension("ducklake", con=duckdb.connect())
    from register import open_lake, register

    def with_lake(work):
        connection = open_lake(published.folder / "lake.ducklake")
        try:
            return work(connection)
        finally:
            connection.close()

    def read(connection):
        return connection.execute(f"SELECT count(value), sum(value)::BIGINT FROM lake.{SCHEMA}.observations").fetchone()

    go_round(published, lambda: with_lake(lambda lake: register(lake, published.dataset)), lambda: with_lake(read))
    commits = with_lake(lambda lake: lake.execute("SELECT commit_message FROM lake.snapshots() WHERE commit_message IS NOT NULL").fetchall())
    assert len(commits) == 3, commits
    parquet = list((published.folder / "lake.ducklake.files").rglob("*.parquet"))
    rewritten = [file for file in parquet if "delete" not in file.name]
    assert not rewritten, rewritten
    return "3 commits of all tables, none of them doubled a row, no file rewritten"


def iceberg(published):
    sys.path.insert(0, str(ROOT / "examples" / "iceberg"))
    from pyiceberg.catalog.sql import SqlCatalog
    from register import register

    warehouse = published.folder / "warehouse"
    warehouse.mkdir()

    def catalogue():
        return SqlCatalog("figures", uri=f"sqlite:///{published.folder}/catalogue.db", warehouse=f"file://{warehouse}")

    def read():
        values = catalogue().load_table(f"{SCHEMA}.observations").scan().to_arrow()["value"].to_pylist()
        return len(values), sum(values)

    go_round(published, lambda: register(catalogue(), published.dataset), read)
    assert not list(warehouse.rglob("*.parquet")), "a file was rewritten"
    return "each table 3 commits, none of them doubled a row, no file rewritten"


def dbt(published):
    import duckdb

    published.publish("first", "plain")
    package = published.folder / "dbt"
    shutil.copytree(ROOT / "examples" / "dbt", package)
    script = subprocess.run([str(published.binary), "sql", "--for", "duckdb"], check=True, cwd=published.folder, capture_output=True, text=True)
    os.chdir(published.folder)
    with duckdb.connect("figures.duckdb") as connection:
        connection.execute(script.stdout)
    sources = subprocess.run([sys.executable, "sources.py", str(published.dataset)], cwd=package, check=True, capture_output=True, text=True)
    assert sources.stdout == (package / "models" / "sources.yml").read_text(encoding="utf-8"), "sources.yml is not what sources.py prints"
    variables = os.environ | {"FIGURES": str(published.folder / "figures.duckdb"), "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    program = Path(sys.executable).parent / "dbt"
    for arguments in (["source", "freshness"], ["build"]):
        command = [str(program), "--no-use-colors", *arguments, "--profiles-dir", "."]
        ended = subprocess.run(command, cwd=package, env=variables, capture_output=True, text=True, check=False)
        assert ended.returncode == 0, ended.stdout[-3000:]
    told = ended.stdout.strip().splitlines()[-1]
    # A test that cannot fail would show nothing.
    with duckdb.connect("figures.duckdb") as connection:
        connection.execute(f"DELETE FROM {SCHEMA}.regions WHERE region = 'CAN'")
    ended = subprocess.run(command, cwd=package, env=variables, capture_output=True, text=True, check=False)
    assert ended.returncode == 1 and "relationships" in ended.stdout, ended.stdout[-3000:]
    return f"{told.split('Done. ')[-1]}; a region taken away fails"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["ducklake", "iceberg", "dbt"])
    parser.add_argument("--binary", type=Path, required=True)
    given = parser.parse_args()
    scratch = Path(tempfile.mkdtemp())
    try:
        published = Published(given.binary, scratch)
        print(f"{given.what}: {globals()[given.what](published)}", flush=True)
    finally:
        os.chdir("/")
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
