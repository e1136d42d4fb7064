"""The columns of the published tables, as the program declares them, in the types of Spark and of Arrow."""

import json
from dataclasses import dataclass

import pyarrow as pa
from pyspark.sql.types import (
    BooleanType,
    DataType,
    DateType,
    DoubleType,
    IntegerType,
    LongType,
    StringType,
    StructField,
    StructType,
)

from bluebook.decode import decode
from bluebook.flags import flags
from bluebook.process import said
from bluebook.spark.definition import DatasetChoice, at_hand
from bluebook.spark.options import PROBLEMS

TYPES: dict[str, tuple[DataType, pa.DataType]] = {
    "utf8": (StringType(), pa.string()),
    "int32": (IntegerType(), pa.int32()),
    "int64": (LongType(), pa.int64()),
    "double": (DoubleType(), pa.float64()),
    "date": (DateType(), pa.date32()),
    "boolean": (BooleanType(), pa.bool_()),
}


@dataclass(frozen=True)
class Column:
    """A column of a table. `type` is a key of TYPES; `key` says whether it belongs to the key of the rows."""

    dataset: str
    table: str
    column: str
    type: str
    null: bool
    meaning: str
    key: bool


@dataclass(frozen=True)
class Columns:
    """Those of one table."""

    columns: tuple[Column, ...]

    @property
    def key(self) -> tuple[str, ...]:
        """The columns whose values together are no other row's."""
        return tuple(column.column for column in self.columns if column.key)

    @property
    def names(self) -> tuple[str, ...]:
        """In their order."""
        return tuple(column.column for column in self.columns)

    def to_spark(self) -> StructType:
        """With nullability, and what each column means as its comment."""
        return StructType([_spark_field(column) for column in self.columns])

    def to_arrow(self) -> pa.Schema:
        """The same in Arrow."""
        return pa.schema([pa.field(column.column, TYPES[column.type][1], column.null) for column in self.columns])


def _spark_field(column: Column) -> StructField:
    return StructField(column.column, TYPES[column.type][0], column.null, {"comment": column.meaning})


PROBLEM_MEANINGS = {
    "document": "The document that has the problem; empty where it is none's",
    "rule": "Name of the rule, which lasts",
    "severity": "error or warning",
    "message": "What is wrong",
    "place": "line:column in text, Sheet!C7 in a workbook; empty where it is the document as a whole",
    "help": "What to do about it",
}


def columns_of(table: str, dataset: DatasetChoice | None = None) -> Columns:
    """The columns of a table. Raises ValueError where no table has the name, or it is not said which dataset."""
    if table == PROBLEMS:
        given = PROBLEM_MEANINGS.items()
        return Columns(tuple(Column("", PROBLEMS, name, "utf8", False, meaning, False) for name, meaning in given))
    all_tables = tables_of(dataset)
    if table not in all_tables:
        raise ValueError(f"no table is named {table}; there are {', '.join([*all_tables, PROBLEMS])}")
    return all_tables[table]


def tables_of(dataset: DatasetChoice | None = None) -> dict[str, Columns]:
    """The columns of all published tables of a dataset; without one, of the only one that is built in."""
    with at_hand(dataset) as name:
        lines = said("columns", flags(format="json", dataset=name)).splitlines()
    columns = [decode(Column, json.loads(line)) for line in lines]
    datasets = dict.fromkeys(column.dataset for column in columns)
    if len(datasets) > 1:
        raise ValueError(f"the option dataset must say which: {', '.join(datasets)}")
    names = dict.fromkeys(column.table for column in columns)
    return {name: Columns(tuple(column for column in columns if column.table == name)) for name in names}
