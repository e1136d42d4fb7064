"""Time `bluebook load` against dlt, which loads the same Parquet files, in pairs: into PostgreSQL and DuckDB, once and again.

    python3 scripts/loads.py --binary PATH --duckdb LIBRARY [--annexes N] [--pairs N]

Needs scripts/requirements-warehouses.txt and dlt[duckdb,postgres], and in Python the DuckDB of the same version as the
library (pip install duckdb==VERSION). dlt is asked for what keeps tables right whatever changed:
it replaces them, by a staging dataset (`insert-from-staging`), from the files as pyarrow reads them. Databases are made anew
for each first load.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from warehouses import SCHEMA, TABLES, DuckDb, Sets, postgres

DLT = """
import sys
import dlt
from dlt.destinations import duckdb, postgres
import pyarrow.parquet as pq

folder, where, state = sys.argv[1:]
is_duckdb = where.startswith("duckdb:")
destination = duckdb(where.removeprefix("duckdb:")) if is_duckdb else postgres(where)
pipeline = dlt.pipeline("figures", destination=destination, dataset_name="by_dlt", pipelines_dir=state)

def resource(table):
    @dlt.resource(name=table, write_disposition={"disposition": "replace"})
    def rows():
        file = pq.ParquetFile(f"{folder}/{table}.parquet")
        for group in range(file.num_row_groups):
            yield file.read_row_group(group)
    return rows

pipeline.run([resource(table) for table in TABLES], loader_file_format="parquet" if is_duckdb else "csv")
""".replace("TABLES", repr(TABLES))


def timed(command, cwd):
    begun = time.monotonic()
    ended = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-2000:]
    return time.monotonic() - begun


def compare(what, ours, theirs, prepare, pairs, cwd):
    times = []
    for _ in range(pairs):
        prepare()
        times.append((timed(ours, cwd), timed(theirs, cwd)))
    mine, other = (statistics.median(column) for column in zip(*times, strict=True))
    ratios = sorted(second / first for first, second in times)
    print(f"{what}: {mine:.2f} s against {other:.2f} s, {statistics.median(ratios):.1f} times ({ratios[0]:.1f} to {ratios[-1]:.1f})", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", type=Path, required=True)
    parser.add_argument("--duckdb", type=Path, required=True)
    parser.add_argument("--annexes", type=int, default=2000)
    parser.add_argument("--pairs", type=int, default=5)
    given = parser.parse_args()
    scratch = Path(tempfile.mkdtemp())
    try:
        sets = Sets(given.binary.resolve(), scratch, given.annexes)
        print(f"{sets.large} observations", flush=True)
        state = scratch / "state"

        def theirs(where):
            return [sys.executable, "-c", DLT, str(sets.first), where, str(state)]

        with postgres(scratch) as (server, _):
            ours = [str(sets.binary), "load", server.url, str(sets.first)]
            measure("PostgreSQL", ours, theirs(server.url), lambda: clear_postgres(server, state), given.pairs, scratch)
        duck = DuckDb(scratch, given.duckdb)
        other = scratch / "dlt.duckdb"
        ours = [str(sets.binary), "load", *duck.command()[:1], str(sets.first), *duck.command()[1:]]

        def clear_duckdb():
            duck.clear()
            other.unlink(missing_ok=True)
            shutil.rmtree(state, ignore_errors=True)

        measure("DuckDB", ours, theirs(f"duckdb:{other}"), clear_duckdb, given.pairs, scratch)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def measure(name, ours, theirs, clear, pairs, cwd):
    compare(f"{name}, first load", ours, theirs, clear, pairs, cwd)
    compare(f"{name}, nothing changed", ours, theirs, lambda: None, pairs, cwd)
    compare(f"{name}, all rows compared", [*ours, "--mend"], theirs, lambda: None, pairs, cwd)


def clear_postgres(server, state):
    server.ask(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE; DROP SCHEMA IF EXISTS by_dlt CASCADE; DROP SCHEMA IF EXISTS by_dlt_staging CASCADE")
    shutil.rmtree(state, ignore_errors=True)


if __name__ == "__main__":
    main()
