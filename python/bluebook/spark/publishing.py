"""Tables of Spark into a lakehouse: only where all is sound, and in one commit a table."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

from pyspark.sql import functions as F

from bluebook.binary import using
from bluebook.errors import ProblemsFound
from bluebook.spark.columns import Columns, tables_of
from bluebook.spark.definition import DatasetChoice
from bluebook.spark.options import PROBLEMS
from bluebook.spark.problem_rows import errors_in, tell

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

RELEASE = "release_date"


def tables(spark: "SparkSession", paths: Iterable[str], **options: str) -> "dict[str, DataFrame]":
    """All published tables of documents, and `problems`; the options are those of the format `bluebook`."""
    read = spark.read.format("bluebook").options(paths=json.dumps(list(paths)), **options)
    names = [*_columns(options.get("dataset"), options.get("binary")), PROBLEMS]
    return {name: read.option("table", name).load() for name in names}


def publish(
    frames: "Mapping[str, DataFrame]",
    target: str,
    *,
    format: str = "delta",
    by_release: bool = False,
    dataset: str | None = None,
    binary: str | None = None,
) -> None:
    """Commits tables by their names, once all of them are read, free of problems, and their keys unique.

    - target: a folder or URL for `delta` and `parquet`, `CATALOG.NAMESPACE` for `iceberg`
    - format: `delta`, `iceberg`, or `parquet`, which has no commits: who reads while it is written sees neither
    - by_release: only replace the rows of the releases that a frame has; tables without releases are replaced as a whole
    - dataset: the dataset that the tables are of
    - binary: the program, on this machine

    Raises ProblemsFound where `problems` is among the frames and has errors, ValueError where a key comes twice; then
    nothing is committed.
    """
    commit = _COMMITS.get(format)
    if commit is None or (by_release and format == "parquet"):
        raise ValueError(f"tables are not committed as {format}{' by release' if by_release else ''}")
    columns = _columns(dataset, binary)
    held = {name: frame.persist() for name, frame in frames.items()}
    try:
        _insist_on_soundness(held, columns)
        for name in held.keys() - {PROBLEMS}:
            commit(held[name], target, name, _releases(held[name]) if by_release else None)
    finally:
        for frame in held.values():
            frame.unpersist()


def _columns(dataset: str | None, binary: str | None) -> dict[str, Columns]:
    with using(binary):
        return tables_of(None if dataset is None else DatasetChoice.of(dataset))


def _insist_on_soundness(frames: "Mapping[str, DataFrame]", columns: Mapping[str, Columns]) -> None:
    """Reads all frames whole: what fails does so here."""
    if PROBLEMS in frames:
        wrong = errors_in([row.asDict() for row in frames[PROBLEMS].collect()])
        if wrong:
            raise ProblemsFound(1, f"{ProblemsFound.meaning}; nothing was committed\n{tell(wrong)}")
    for name in frames.keys() - {PROBLEMS}:
        _refuse_double_keys(name, frames[name], columns[name].key)


def _refuse_double_keys(name: str, frame: "DataFrame", key: tuple[str, ...]) -> None:
    double = frame.groupBy(*key).count().filter("count > 1").limit(1).collect()
    if double:
        where = ", ".join(f"{column} = {double[0][column]}" for column in key)
        raise ValueError(f"{name} has {double[0]['count']} rows of {where}; nothing was committed")


def _releases(frame: "DataFrame") -> list[date] | None:
    """None for a table that has no releases."""
    if RELEASE not in frame.columns:
        return None
    return sorted(row[RELEASE] for row in frame.select(RELEASE).distinct().collect())


def _commit_delta(frame: "DataFrame", target: str, name: str, releases: list[date] | None) -> None:
    writer = frame.write.format("delta").mode("overwrite")
    if releases is None:
        writer = writer.option("overwriteSchema", "true")
    else:
        days = ", ".join(f"DATE '{release}'" for release in releases)
        writer = writer.option("replaceWhere", f"{RELEASE} IN ({days})")
    writer.save(f"{target}/{name}")


def _commit_iceberg(frame: "DataFrame", target: str, name: str, releases: list[date] | None) -> None:
    table = f"{target}.{name}"
    writer = frame.writeTo(table).using("iceberg")
    if releases is None or not frame.sparkSession.catalog.tableExists(table):
        writer.createOrReplace()
    else:
        writer.overwrite(F.col(RELEASE).isin(releases))


def _commit_parquet(frame: "DataFrame", target: str, name: str, _releases: list[date] | None) -> None:
    frame.write.mode("overwrite").parquet(f"{target}/{name}")


_COMMITS = {"delta": _commit_delta, "iceberg": _commit_iceberg, "parquet": _commit_parquet}
