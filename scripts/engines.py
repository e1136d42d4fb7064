"""Open a published dataset with the readers its users have, and see that they all find the same thing.

    python scripts/engines.py DIR [--expected tests/data/annex-expected.csv]

DIR is a folder like output/hk-talent-admissions. pyarrow, DuckDB and polars each read every Parquet and CSV file; rows,
columns, types, nulls and sums must agree with each other and with the contract. The footer, the declared order and the
data package are checked too, and with --expected each observation against the oracle's.

One line for each check; exit code 1 where one failed.
"""

import argparse
import csv
import hashlib
import io
import json
import math
import re
import sys
from datetime import date
from pathlib import Path

import duckdb
import frictionless
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

# Each type of the contract as the three engines and the data package call it.
TYPES = {
    "int64": (pa.int64(), "BIGINT", pl.Int64, "integer"),
    "int32": (pa.int32(), "INTEGER", pl.Int32, "integer"),
    "double": (pa.float64(), "DOUBLE", pl.Float64, "number"),
    "date": (pa.date32(), "DATE", pl.Date, "date"),
    "text": (pa.string(), "VARCHAR", pl.String, "string"),
    "boolean": (pa.bool_(), "BOOLEAN", pl.Boolean, "boolean"),
}
ARROW, DUCKDB, POLARS, PACKAGE = range(4)
NUMERIC = {"int64", "int32", "double"}

# A column is `name type`. After the type, `?`: may be null; `*`: the contract leaves that open.
OBSERVATIONS = """
    dataset text, release_date date, scheme text, scheme_name text,
    region text, region_name text, region_label text?, region_kind text,
    period text, period_label text, period_start date, period_end date, period_months int32, is_partial boolean,
    value int64?, value_label text?, status text, basis text, share double?, monthly_average double?,
    previous_period text?, previous_release date?, comparison text, change_absolute int64?, change_relative double?,
    share_change double?, contribution double?, region_rank int32?, source text, source_position text?
"""
CHECKS = """
    dataset text, release_date date, table text, scheme text, region text, check text, along text, period text,
    published int64*, computed int64, difference int64*, tolerance int64, passed boolean, cells int32, unit text,
    source text, source_position text*
"""
BOUNDS = """
    dataset text, release_date date, region text, region_name text, period text, period_start date, period_end date,
    lower int64, upper int64?, exact boolean, categories int32, listed int32, folded int32, closed int32, missing int32,
    share_lower double?, share_upper double?
"""
NOTES = """
    dataset text, release_date date, note int32, scheme text, printed_with text, text text,
    source text, source_position text*, mark text?, marked_at text?
"""
CODES = "dimension text, code text, name text, kind text, parent text?"
REGIONS = "region text, alpha2 text?, m49 text?, region_name text, region_kind text"

KEYS = {
    "observations": ["release_date", "scheme", "region", "period"],
    "checks": ["release_date", "table", "check", "along", "period", "scheme", "region"],
    "bounds": ["release_date", "region", "period"],
    "notes": ["release_date", "note", "scheme"],
    "regions": ["region"],
    "codes": ["dimension", "code"],
}
# Tables whose rows stand in the definition's order.
UNSORTED = {"codes"}


def declared(text):
    """{column: (type, whether it may be null)}, in order; None where the contract leaves that open."""
    columns = (column.split() for column in text.split(","))
    null = {"?": True, "*": None}
    return {name: (kind.rstrip("?*"), null.get(kind[-1], False)) for name, kind in columns}


CONTRACT = {
    "observations": declared(OBSERVATIONS),
    "checks": declared(CHECKS),
    "bounds": declared(BOUNDS),
    "notes": declared(NOTES),
    "regions": declared(REGIONS),
    "codes": declared(CODES),
}
FILES = [f"{table}.{suffix}" for table in CONTRACT for suffix in ("parquet", "csv")]


class Report:
    """Counts the checks and prints a line for each."""

    def __init__(self):
        self.passed = self.failed = 0

    def check(self, name, problems, *arguments):
        """Run one check. It yields its problems; a reader that gives up is a problem, too."""
        try:
            found = list(problems(*arguments))
        except Exception as error:  # whatever a reader throws, the other checks still run
            found = [f"{type(error).__name__}: {error}"]
        self.passed += not found
        self.failed += bool(found)
        more = f" (and {len(found) - 5} more)" if len(found) > 5 else ""
        print(f"FAIL {name}: {'; '.join(found[:5])}{more}" if found else f"ok   {name}")


# --- what an engine finds: {"rows": …, "columns": …, "types": …, "nulls": …, "sums": …} ---


def types_as(engine, table):
    """The contract's types in the words of an engine."""
    return {name: TYPES[kind][engine] for name, (kind, _) in CONTRACT[table].items()}


def contract_type(engine, found):
    """The contract's word for an engine's type, or the engine's own where the contract has none."""
    return next((name for name, types in TYPES.items() if types[engine] == found), str(found))


def numeric(types):
    """The columns that can be added up."""
    return [name for name, kind in types.items() if kind in NUMERIC]


def arrow_facts(frame):
    """What pyarrow finds."""
    types = {field.name: contract_type(ARROW, field.type) for field in frame.schema}
    return {
        "rows": frame.num_rows,
        "columns": frame.column_names,
        "types": types,
        "nulls": {name: frame[name].null_count for name in types},
        "sums": {name: pa.compute.sum(frame[name]).as_py() for name in numeric(types)},
    }


def duckdb_facts(relation):
    """What DuckDB finds."""
    types = {name: contract_type(DUCKDB, str(kind)) for name, kind in zip(relation.columns, relation.dtypes)}
    one = lambda expression: relation.aggregate(expression).fetchall()[0][0]  # noqa: E731
    return {
        "rows": one("count(*)"),
        "columns": list(types),
        "types": types,
        "nulls": {name: one(f'count(*) - count("{name}")') for name in types},
        "sums": {name: one(f'sum("{name}")') for name in numeric(types)},
    }


def polars_facts(frame):
    """What polars finds."""
    types = {name: contract_type(POLARS, kind) for name, kind in frame.schema.items()}
    return {
        "rows": frame.height,
        "columns": frame.columns,
        "types": types,
        "nulls": {name: frame[name].null_count() for name in types},
        # polars says 0 where there is nothing to add up, the other two say null.
        "sums": {name: frame[name].sum() if frame[name].count() else None for name in numeric(types)},
    }


# --- reading a file with each engine ---


def arrow_csv(path, table):
    """A CSV as pyarrow reads it with the contract's types."""
    convert = pyarrow.csv.ConvertOptions(
        column_types=types_as(ARROW, table),
        null_values=[""],
        strings_can_be_null=True,
        quoted_strings_can_be_null=False,
    )
    return pyarrow.csv.read_csv(path, convert_options=convert)


def duckdb_csv(path, table):
    """A CSV as DuckDB reads it with the contract's types."""
    types = types_as(DUCKDB, table)
    return duckdb.read_csv(str(path), header=True, sep=",", quotechar='"', escapechar='"', dtype=types)


def polars_csv(path, table):
    """A CSV as polars reads it with the contract's types."""
    return pl.read_csv(path, schema_overrides=types_as(POLARS, table))


READERS = {
    "pyarrow": lambda folder, table: arrow_facts(pq.read_table(folder / f"{table}.parquet")),
    "DuckDB": lambda folder, table: duckdb_facts(duckdb.read_parquet(str(folder / f"{table}.parquet"))),
    "polars": lambda folder, table: polars_facts(pl.read_parquet(folder / f"{table}.parquet")),
    "pyarrow, CSV": lambda folder, table: arrow_facts(arrow_csv(folder / f"{table}.csv", table)),
    "DuckDB, CSV": lambda folder, table: duckdb_facts(duckdb_csv(folder / f"{table}.csv", table)),
    "polars, CSV": lambda folder, table: polars_facts(polars_csv(folder / f"{table}.csv", table)),
}


# --- the checks; each yields its problems ---


def same(found, expected):
    """Equal, or two sums that differ by the order of adding."""
    if isinstance(found, float) and isinstance(expected, float):
        return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-9)
    return found == expected


def differences(what, found, expected):
    """Where two answers differ, by name."""
    if not isinstance(expected, dict):
        return [] if same(found, expected) else [f"{what}: expected {expected}, found {found}"]
    names = {**expected, **found}
    return [
        f"{what} of {name}: expected {expected.get(name)}, found {found.get(name)}"
        for name in names
        if not same(found.get(name), expected.get(name))
    ]


def agrees_with_contract(folder, table):
    """Names, order and types as the contract lists them."""
    found = READERS["pyarrow"](folder, table)
    yield from differences("columns", found["columns"], list(CONTRACT[table]))
    yield from differences("type", found["types"], {name: kind for name, (kind, _) in CONTRACT[table].items()})


def engine_agrees(folder, table, engine):
    """An engine finds what pyarrow finds in the Parquet file."""
    expected, found = READERS["pyarrow"](folder, table), READERS[engine](folder, table)
    for what in expected:
        yield from differences(what, found[what], expected[what])


def nullable(folder, table):
    """Which columns pyarrow says may be null."""
    return {field.name: field.nullable for field in pq.read_schema(folder / f"{table}.parquet")}


def nulls_are_declared(folder, table):
    """REQUIRED where the contract says never null, OPTIONAL where it says null, and DuckDB sees what pyarrow sees."""
    found = nullable(folder, table)
    expected = {name: found.get(name) if null is None else null for name, (_, null) in CONTRACT[table].items()}
    yield from differences("nullable", found, expected)
    query = "SELECT name, repetition_type FROM parquet_schema(?) WHERE num_children IS NULL OR num_children = 0"
    repetition = duckdb.execute(query, [str(folder / f"{table}.parquet")]).fetchall()
    yield from differences("OPTIONAL for DuckDB", {name: word == "OPTIONAL" for name, word in repetition}, found)


def is_sorted_by_key(folder, table):
    """The order is declared in each row group, is true of the rows, and no key occurs twice."""
    path, key = folder / f"{table}.parquet", KEYS[table]
    declared_order = [] if table in UNSORTED else key
    file = pq.ParquetFile(path)
    names = file.schema_arrow.names
    for group in range(file.metadata.num_row_groups):
        order = file.metadata.row_group(group).sorting_columns
        found = [names[column.column_index] for column in order]
        yield from differences(f"sorting columns of row group {group}", found, declared_order)
        if any(column.descending for column in order):
            yield f"row group {group} is declared as descending"
    rows = pl.read_parquet(path).select(key)
    if declared_order and not rows.equals(rows.sort(key)):
        yield f"the rows are not sorted by {', '.join(key)}"
    if rows.is_duplicated().any():
        yield f"two rows have the same key: {rows.filter(rows.is_duplicated()).row(0)}"


def is_zstd(folder, table):
    """Every column is compressed with zstd."""
    metadata = pq.ParquetFile(folder / f"{table}.parquet").metadata
    for group in range(metadata.num_row_groups):
        chunks = (metadata.row_group(group).column(at) for at in range(metadata.num_columns))
        yield from (f"{chunk.path_in_schema}: {chunk.compression}" for chunk in chunks if chunk.compression != "ZSTD")


def is_finite(folder, table):
    """No double is infinite or no number: such a ratio is null."""
    frame = pl.read_parquet(folder / f"{table}.parquet")
    for name, kind in frame.schema.items():
        if kind == pl.Float64 and not frame[name].drop_nulls().is_finite().all():
            yield f"{name} holds a value that is not finite"


def fields_are_described(folder, table):
    """A description in every field's metadata, and a unit where all its numbers have one."""
    for field in pq.read_schema(folder / f"{table}.parquet"):
        metadata = field.metadata or {}
        if not metadata.get(b"description"):
            yield f"{field.name} has no description"
        if b"unit" not in metadata and pa.types.is_floating(field.type):
            yield f"{field.name} has no unit"


def footer_of(folder, table):
    """The footer key `bluebook`, as text."""
    return pq.read_metadata(folder / f"{table}.parquet").metadata[b"bluebook"].decode()


def footer_is_whole(folder, table):
    """The footer says what the file was made of, and all three engines can see it."""
    path, text = folder / f"{table}.parquet", footer_of(folder, table)
    schema_text = (pq.read_schema(path).metadata or {}).get(b"bluebook", b"").decode()
    yield from differences("the Arrow schema's `bluebook`", schema_text, text)
    query = "SELECT value FROM parquet_kv_metadata(?) WHERE key = 'bluebook'"
    yield from differences("DuckDB's `bluebook`", duckdb.execute(query, [str(path)]).fetchall()[0][0].decode(), text)
    yield from differences("polars' `bluebook`", pl.read_parquet_metadata(path).get("bluebook"), text)
    footer = json.loads(text)
    for key in ("version", "dataset", "releases", "sources"):
        if not footer.get(key):
            yield f"the footer has no {key}"


def footer_is_true(folder):
    """The footer's dataset, releases and sources are those of the observations, and the same in every file."""
    footer = json.loads(footer_of(folder, "observations"))
    for table in CONTRACT:
        yield from differences(f"footer of {table}", json.loads(footer_of(folder, table)), footer)
    observations = pl.read_parquet(folder / "observations.parquet")
    yield from differences("dataset", [footer["dataset"]], observations["dataset"].unique().to_list())
    releases, sources = json.dumps(footer["releases"]), json.dumps(footer["sources"], ensure_ascii=False)
    for release in observations["release_date"].unique():
        if str(release) not in releases:
            yield f"release {release} is not in the footer"
    names = observations["source"].unique()
    yield from (f"source {name} is not in the footer" for name in names if name not in sources)
    hashes = len(re.findall(r"\b[0-9a-f]{64}\b", sources))
    yield from differences("sources with a SHA-256", hashes, len(footer["sources"]))


def unguarded(name):
    """A text as it was before the CSV put a `'` before what a spreadsheet would run."""
    column = pl.col(name)
    return pl.when(column.str.contains(r"^'[=+@\t\r-].")).then(column.str.slice(1)).otherwise(column).alias(name)


def csv_is_the_same(folder, table):
    """Every cell of the CSV reads back as the Parquet file has it, to the last bit."""
    expected, found = pl.read_parquet(folder / f"{table}.parquet"), polars_csv(folder / f"{table}.csv", table)
    found = found.with_columns(unguarded(name) for name, kind in found.schema.items() if kind == pl.String)
    yield from differences("columns", found.columns, expected.columns)
    for name in expected.columns:
        here, there = expected[name], found[name]
        if not here.equals(there, null_equal=True):
            unequal = (at for at, (one, other) in enumerate(zip(here, there)) if one != other)
            at = next(unequal, min(len(here), len(there)))
            expected_cell, found_cell = here[at : at + 1].to_list(), there[at : at + 1].to_list()
            yield f"{name} in row {at + 1}: expected {expected_cell}, found {found_cell}"


def csv_is_plain(folder, table):
    """UTF-8 without a mark, LF, quotes only where needed: what Python's writer makes of the same fields."""
    content = (folder / f"{table}.csv").read_bytes()
    if content.startswith(b"\xef\xbb\xbf"):
        yield "it starts with a byte order mark"
    again = io.StringIO()
    csv.writer(again, lineterminator="\n").writerows(csv.reader(io.StringIO(content.decode(), newline="")))
    for number, (found, expected) in enumerate(zip(content.decode().split("\n"), again.getvalue().split("\n")), 1):
        if found != expected:
            yield f"line {number}: expected {expected!r}, found {found!r}"
    yield from differences("bytes", len(content), len(again.getvalue().encode()))


def folder_is_complete(folder):
    """The files of the contract and no others."""
    found = sorted(path.name for path in folder.iterdir())
    yield from differences("files", found, sorted([*FILES, "datapackage.json"]))


def resources(folder):
    """The data package's resources by path."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return {resource["path"]: resource for resource in package["resources"]}


def resource_is_intact(folder, name):
    """Bytes and hash are those of the file."""
    resource, content = resources(folder)[name], (folder / name).read_bytes()
    yield from differences("bytes", resource["bytes"], len(content))
    yield from differences("hash", resource["hash"], f"sha256:{hashlib.sha256(content).hexdigest()}")


def resource_is_described(folder, name):
    """Fields, types and key as the contract has them, nulls as the Parquet file has them, and words for each field."""
    table, schema = name.split(".")[0], resources(folder)[name]["schema"]
    fields = schema["fields"]
    yield from differences("fields", [field["name"] for field in fields], list(CONTRACT[table]))
    yield from differences("type", {field["name"]: field["type"] for field in fields}, types_as(PACKAGE, table))
    required = {field["name"]: field.get("constraints", {}).get("required", False) for field in fields}
    yield from differences("required", required, {column: not null for column, null in nullable(folder, table).items()})
    key = schema["primaryKey"]
    yield from differences("primaryKey", [key] if isinstance(key, str) else key, KEYS[table])
    yield from (f"{field['name']} has no description" for field in fields if not field.get("description"))


def package_is_version_2(folder):
    """The descriptor says that it follows Data Package v2."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    if "/2." not in package.get("$schema", ""):
        yield f"$schema: expected a profile of version 2, found {package.get('$schema')}"


def package_is_valid(folder):
    """frictionless accepts the descriptor, and the CSV data it describes. (It reads Parquet only through pandas.)"""
    package = frictionless.Package(str(folder / "datapackage.json"))
    package.to_descriptor()
    yield from differences("resources", sorted(resource.path for resource in package.resources), sorted(FILES))
    for resource in list(package.resources):
        if resource.path.endswith(".parquet"):
            package.remove_resource(resource.name)
    report = package.validate()
    yield from (error.message for error in report.errors)
    yield from (f"{task.name}: {error.message}" for task in report.tasks for error in task.errors)
    if report.stats["tasks"] != len(CONTRACT):
        yield f"{report.stats['tasks']} CSV files validated, not {len(CONTRACT)}"


# --- the oracle ---


def value_of(text, kind):
    """A CSV field as the value it stands for."""
    readers = {"int64": int, "int32": int, "double": float, "date": date.fromisoformat, "text": str}
    if text == "":
        return None
    return text == "true" if kind == "boolean" else readers[kind](text)


def is_expected(found, expected):
    """Exactly equal; doubles but for their last bits."""
    if isinstance(found, float) and isinstance(expected, float):
        return math.isclose(found, expected, rel_tol=1e-12, abs_tol=0.0)
    return found == expected


def oracle_agrees(folder, path):
    """Each observation is the oracle's, and there are no others."""
    with path.open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    found = pq.read_table(folder / "observations.parquet").to_pylist()
    yield from differences("observations", len(found), len(expected))
    for row, known in zip(found, expected):
        at = "/".join(known[name] for name in KEYS["observations"][1:])
        for name, text in known.items():
            value = value_of(text, CONTRACT["observations"][name][0])
            if not is_expected(row[name], value):
                yield f"{at}: {name}: expected {value!r}, found {row[name]!r}"


def check_table(report, folder, table):
    """All that holds of one table alone."""
    report.check(f"{table}: columns and types are the contract's", agrees_with_contract, folder, table)
    for engine in READERS:
        if engine != "pyarrow":
            report.check(f"{table}: {engine} finds what pyarrow finds", engine_agrees, folder, table, engine)
    report.check(f"{table}: nulls are declared", nulls_are_declared, folder, table)
    report.check(f"{table}: order is declared and true, keys are unique", is_sorted_by_key, folder, table)
    report.check(f"{table}: zstd", is_zstd, folder, table)
    report.check(f"{table}: doubles are finite", is_finite, folder, table)
    report.check(f"{table}: fields have descriptions and units", fields_are_described, folder, table)
    report.check(f"{table}: footer", footer_is_whole, folder, table)
    report.check(f"{table}: CSV reads back exactly", csv_is_the_same, folder, table)
    report.check(f"{table}: CSV is plain", csv_is_plain, folder, table)


def check_package(report, folder):
    """All that holds of the data package."""
    for name in FILES:
        report.check(f"datapackage.json: bytes and hash of {name}", resource_is_intact, folder, name)
        report.check(f"datapackage.json: fields and key of {name}", resource_is_described, folder, name)
    report.check("datapackage.json: version 2", package_is_version_2, folder)
    report.check("datapackage.json: frictionless", package_is_valid, folder)


def arguments():
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder", type=Path, metavar="DIR", help="the published dataset's folder")
    parser.add_argument("--expected", type=Path, metavar="CSV", help="the oracle's observations")
    return parser.parse_args()


def main():
    """Run the checks."""
    given, report = arguments(), Report()
    report.check("the folder is complete", folder_is_complete, given.folder)
    for table in CONTRACT:
        check_table(report, given.folder, table)
    report.check("the footer is true", footer_is_true, given.folder)
    check_package(report, given.folder)
    if given.expected:
        report.check("each observation is the oracle's", oracle_agrees, given.folder, given.expected)
    print(f"{report.passed} passed, {report.failed} failed")
    sys.exit(1 if report.failed else 0)


if __name__ == "__main__":
    main()
