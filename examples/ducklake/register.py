"""Register the tables of a published set in a DuckLake, in one commit, without rewriting a file.

    python3 register.py LAKE.ducklake output/hk-talent-admissions

The set must stand side by side with others (`bluebook run --layout sets`): files that are registered must never change. What
was registered of an earlier set leaves the tables in the same commit; earlier snapshots still see it, so keep the sets that
they need, and do not let DuckLake delete files (`ducklake_cleanup_old_files`) that are bluebook's.
"""

import json
import sys
from pathlib import Path

import duckdb


def pinned(dataset):
    """The set that counts: its hash and its folder."""
    chosen = json.loads((dataset / "latest.json").read_text(encoding="utf-8"))["set"]
    return chosen, dataset / "sets" / chosen


def register(connection, dataset):
    """Lets the tables be those of the set that counts; returns whether they were not already."""
    chosen, folder = pinned(dataset)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    schema = package["name"].replace("-", "_")
    last = connection.execute(
        "SELECT commit_message FROM lake.snapshots() WHERE commit_extra_info = ? ORDER BY snapshot_id DESC LIMIT 1", [schema]
    ).fetchone()
    if last == (f"set {chosen}",):
        return False
    connection.execute("BEGIN")
    connection.execute(f'CREATE SCHEMA IF NOT EXISTS lake."{schema}"')
    for resource in package["resources"]:
        if resource["format"] == "parquet":
            take(connection, schema, resource, (folder / resource["path"]).resolve())
    connection.execute("CALL lake.set_commit_message('bluebook', ?, extra_info => ?)", [f"set {chosen}", schema])
    connection.execute("COMMIT")
    return True


def take(connection, schema, resource, file):
    """Lets a table have the rows of one file and no others."""
    table = resource["path"].removesuffix(".parquet")
    path = str(file).replace("'", "''")
    connection.execute(
        f'CREATE TABLE IF NOT EXISTS lake."{schema}"."{table}" AS SELECT * FROM read_parquet(\'{path}\') LIMIT 0'
    )
    connection.execute(f'DELETE FROM lake."{schema}"."{table}"')
    connection.execute(f"CALL ducklake_add_data_files('lake', '{table}', '{path}', schema => '{schema}')")


def open_lake(catalogue):
    connection = duckdb.connect()
    connection.execute("INSTALL ducklake; LOAD ducklake")
    path = str(catalogue).replace("'", "''")
    connection.execute(f"ATTACH 'ducklake:{path}' AS lake (DATA_PATH '{path}.files/')")
    return connection


if __name__ == "__main__":
    lake = open_lake(sys.argv[1])
    print("registered" if register(lake, Path(sys.argv[2])) else "nothing changed")
