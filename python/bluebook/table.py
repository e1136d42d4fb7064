"""A published table in memory, which any library that knows Arrow takes as it is."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nanoarrow
from nanoarrow.ipc import InputStream

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow


class Table:
    """A table of a dataset; docs/src/published.md says what its columns mean.

    It has the Arrow PyCapsule interface: `polars.DataFrame(table)`, `pyarrow.table(table)`, and DuckDB's
    `SELECT … FROM table` read it directly. `len(table)` is how many rows it has.
    """

    def __init__(self, name: str, data: nanoarrow.Array) -> None:
        self.name = name
        self._data = data

    @classmethod
    def from_file(cls, path: Path) -> "Table":
        """The table of an Arrow IPC stream, read whole: the file may go. Raises ValueError where it is no such stream."""
        try:
            with InputStream.from_path(path) as stream:
                return cls(path.stem, nanoarrow.Array(stream))
        except (RuntimeError, ValueError) as wrong:
            raise ValueError(f"{path.name} is no Arrow stream: {wrong}") from wrong

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns."""
        return tuple(str(column.name) for column in self._data.schema.fields)

    def __len__(self) -> int:
        return len(self._data)

    def __repr__(self) -> str:
        return f"Table({self.name}: {len(self)} rows of {', '.join(self.columns)})"

    def __arrow_c_schema__(self) -> object:
        return self._data.schema.__arrow_c_schema__()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._data.__arrow_c_stream__(requested_schema)

    def to_polars(self) -> "polars.DataFrame":
        """As a data frame of polars (`pip install bluebook[polars]`)."""
        frame: polars.DataFrame = _module("polars").DataFrame(self)
        return frame

    def to_pyarrow(self) -> "pyarrow.Table":
        """As a table of pyarrow (`pip install bluebook[pyarrow]`)."""
        table: pyarrow.Table = _module("pyarrow").table(self)
        return table

    def to_pandas(self) -> "pandas.DataFrame":
        """As a data frame of pandas (`pip install bluebook[pandas]`).

        Whole numbers and booleans that may be null are pandas' `Int32`, `Int64` and `boolean`, so that none becomes a float.
        """
        arrow = _module("pyarrow", extra="pandas")
        dtypes = _nullable(_module("pandas"), arrow)
        frame: pandas.DataFrame = arrow.table(self).to_pandas(types_mapper=dtypes, date_as_object=False)
        return frame


def _module(name: str, extra: str | None = None) -> Any:
    """A library that is loaded only where it is asked for."""
    try:
        return import_module(name)
    except ImportError as missing:
        raise ImportError(f"{name} is not there: pip install 'bluebook[{extra or name}]'", name=name) from missing


def _nullable(pandas: Any, pyarrow: Any) -> Callable[[Any], Any]:
    """Types of Arrow to those types of pandas that know null."""
    kinds: dict[Any, Any] = {
        pyarrow.int32(): pandas.Int32Dtype(),
        pyarrow.int64(): pandas.Int64Dtype(),
        pyarrow.bool_(): pandas.BooleanDtype(),
    }
    return kinds.get
