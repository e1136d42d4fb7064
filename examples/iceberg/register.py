"""Register the tables of a published set in an Iceberg catalogue, without rewriting a file.

    python3 register.py CATALOGUE-URI WAREHOUSE output/hk-talent-admissions

Each table is one commit, with the set's hash in the snapshot's summary; observations come last. The set must stand side by side
with others (`bluebook run --layout sets`): files that are registered must never change. Any catalogue that pyiceberg knows
will do; the address here is one of SQLAlchemy's, as sqlite:////srv/catalogue.db.
"""

import json
import sys
from pathlib import Path

import pyarrow.parquet as parquet
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import NoSuchTableError

SET = "bluebook.set"


def pinned(dataset):
    """The set that counts: its hash and its folder."""
    chosen = json.loads((dataset / "latest.json").read_text(encoding="utf-8"))["set"]
    return chosen, dataset / "sets" / chosen


def register(catalogue, dataset):
    """Lets the tables be those of the set that counts; returns the names of those that were not already."""
    chosen, folder = pinned(dataset)
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    namespace = package["name"].replace("-", "_")
    catalogue.create_namespace_if_not_exists(namespace)
    files = [resource["path"] for resource in package["resources"] if resource["format"] == "parquet"]
    taken = [name for name in reversed(files) if take(catalogue, namespace, (folder / name).resolve(), chosen)]
    return [name.removesuffix(".parquet") for name in taken]


def take(catalogue, namespace, file, chosen):
    """Lets a table have the rows of one file and no others, in one commit."""
    name = f"{namespace}.{file.stem}"
    try:
        table = catalogue.load_table(name)
    except NoSuchTableError:
        # Only names and types: what the file was made from stands in its own footer.
        table = catalogue.create_table(name, schema=parquet.read_schema(file).remove_metadata())
    snapshot = table.current_snapshot()
    if snapshot is not None and snapshot.summary.additional_properties.get(SET) == chosen:
        return False
    with table.transaction() as transaction:
        if snapshot is not None:
            transaction.delete("true", snapshot_properties={SET: chosen})
        transaction.add_files([f"file://{file}"], snapshot_properties={SET: chosen})
    return True


if __name__ == "__main__":
    uri, warehouse, dataset = sys.argv[1:]
    taken = register(SqlCatalog("figures", uri=uri, warehouse=warehouse), Path(dataset))
    print(f"registered: {', '.join(taken)}" if taken else "nothing changed")
