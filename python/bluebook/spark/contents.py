"""Documents whose bytes Spark has read, from an object store or anywhere else, as a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pyarrow as pa
from pyspark.sql import functions as F

from bluebook.binary import using
from bluebook.errors import ProblemsFound
from bluebook.spark.columns import Columns, columns_of
from bluebook.spark.definition import DatasetChoice
from bluebook.spark.documents import LEADING_DATE
from bluebook.spark.options import ERRORS, PROBLEMS
from bluebook.spark.problem_rows import errors_in, tell
from bluebook.spark.sharing import ALONE, COMPARED
from bluebook.spark.worker import read_together

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

GROUP = "bluebook_group"


def from_contents(
    contents: "DataFrame",
    table: str = "observations",
    *,
    together: Literal["all", "release"] = "all",
    dataset: str | None = None,
    limits: Mapping[str, int] | None = None,
    errors: Literal["raise", "skip"] = "raise",
    binary: str | None = None,
) -> "DataFrame":
    """A published table, or `problems`, of documents in the columns `path` or `name`, and `content`.

    - together: "all" reads all documents in one task, and is exact. "release" has a task for each release, by the leading
      date of the file's name, which each name must then have; a figure is compared with those of its own release alone
    - dataset: a built-in dataset, or the file of a definition, on this machine
    - limits: for workbooks, as {"cells": 3_000_000}
    - errors: "raise" fails the job where there is a problem; "skip" leaves out the releases that have one
    - binary: the program, on the executors and here

    Raises ValueError where the table, or what it is asked for together with, is not to be had.
    """
    if errors not in ERRORS:
        raise ValueError(f"errors is {' or '.join(ERRORS)}, not {errors!r}")
    if together == "release" and table not in (*ALONE, *COMPARED, PROBLEMS):
        raise ValueError(f"{table} follows from all releases: it is read with together='all'")
    choice = None if dataset is None else DatasetChoice.of(dataset)
    with using(binary):
        columns = columns_of(table, choice)
    reading = _Reading(table, columns, _settings(choice, limits), errors == "skip" or table == PROBLEMS, binary)

    def read(group: pa.Table) -> pa.Table:
        return reading.read(group)

    named = contents.select(_name(contents).alias("name"), "content")
    groups = named.withColumn(GROUP, _group(together)).groupBy(GROUP)
    return groups.applyInArrow(read, columns.to_spark())  # pyright: ignore[reportUnknownMemberType]


def _name(contents: "DataFrame") -> "Column":
    """The program takes a document's own name from the end of its path."""
    return F.col("name" if "name" in contents.columns else "path")


def _group(together: str) -> "Column":
    """One for all; or the release, and an empty one for names without."""
    file_name = F.regexp_extract(F.col("name"), "[^/]*$", 0)
    return F.lit("all") if together == "all" else F.regexp_extract(file_name, LEADING_DATE, 1)


def _settings(choice: DatasetChoice | None, limits: Mapping[str, int] | None) -> dict[str, str]:
    """What src/worker.rs calls them."""
    given = {} if choice is None else {"dataset": choice.name} if choice.text is None else {"definition": choice.text}
    return {**given, "limits": ",".join(f"{name}={most}" for name, most in (limits or {}).items())}


@dataclass(frozen=True)
class _Reading:
    """What is read of a group of documents, on an executor."""

    table: str
    columns: Columns
    settings: dict[str, str]
    skips: bool
    binary: str | None

    def read(self, group: pa.Table) -> pa.Table:
        _refuse_undated(group)
        with using(self.binary):
            frames = list(read_together(group.select(["name", "content"]), self.settings))
        if not self.skips:
            _refuse([row for frame in frames if frame.table == PROBLEMS for row in frame.rows.to_pylist()])
        schema = self.columns.to_arrow()
        wanted = [frame.rows.select(schema.names).cast(schema) for frame in frames if frame.table == self.table]
        return pa.concat_tables([schema.empty_table(), *wanted])


def _refuse_undated(group: pa.Table) -> None:
    """The documents of a group have the same release, or all have none."""
    if group[GROUP][0].as_py() == "":
        name = group["name"][0].as_py()
        raise ValueError(f"{name}: its name begins with no date: its release is known only with together='all'")


def _refuse(problems: list[dict[str, Any]]) -> None:
    if wrong := errors_in(problems):
        raise ProblemsFound(1, f"{ProblemsFound.meaning}\n{tell(wrong)}")
