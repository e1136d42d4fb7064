"""The libraries that take a table see the same."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pandas
import polars
import pyarrow
import pytest

import bluebook
from bluebook import Table

TABLES = ["observations", "checks", "notes", "regions", "codes", "history", "releases", "bounds"]


@pytest.mark.parametrize("name", TABLES)
def test_all_agree(result: bluebook.Result, name: str) -> None:
    table: Table = getattr(result, name)
    arrow = table.to_pyarrow()
    assert table.to_polars().to_dicts() == arrow.to_pylist()
    assert pyarrow.Table.from_pandas(table.to_pandas(), schema=arrow.schema, preserve_index=False).equals(arrow)
    assert len(table) == arrow.num_rows == len(table.to_pandas())
    assert table.columns == tuple(arrow.column_names) == tuple(table.to_pandas().columns)


def test_whole_numbers_stay_whole_in_pandas(result: bluebook.Result) -> None:
    dtypes = result.observations.to_pandas().dtypes
    assert dtypes["change_absolute"] == pandas.Int64Dtype()  # null in 2023, for which there is no year before
    assert dtypes["region_rank"] == pandas.Int32Dtype()
    assert dtypes["is_partial"] == pandas.BooleanDtype()
    assert str(dtypes["period_start"]).startswith("datetime64")


def test_libraries_take_it_as_it_is(result: bluebook.Result) -> None:
    assert polars.DataFrame(result.regions).shape == (20, 5)
    assert pyarrow.table(result.regions).num_rows == 20
    assert duckdb.from_arrow(result.regions).count("*").fetchall() == [(20,)]
    schema: Any = result.regions
    assert pyarrow.schema(schema).names == list(result.regions.columns)


def test_repr(result: bluebook.Result) -> None:
    assert repr(result.codes) == "Table(codes: 7 rows of dimension, code, name, kind, parent)"
    assert repr(result).startswith("Result(hk-talent-admissions")
    assert repr(result.dataset("hk-talent-admissions")).startswith("Dataset(hk-talent-admissions: bounds, checks")


@pytest.mark.parametrize(
    ("convert", "missing", "extra"),
    [
        (Table.to_polars, "polars", "polars"),
        (Table.to_pyarrow, "pyarrow", "pyarrow"),
        (Table.to_pandas, "pandas", "pandas"),
        (Table.to_pandas, "pyarrow", "pandas"),
    ],
)
def test_a_library_that_is_missing_is_named(
    result: bluebook.Result,
    monkeypatch: pytest.MonkeyPatch,
    convert: Callable[[Table], object],
    missing: str,
    extra: str,
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ImportError, match=rf"{missing} is not there: pip install 'bluebook\[{extra}\]'"):
        convert(result.regions)


@pytest.mark.parametrize("content", [b"", b"no arrow at all"])
def test_what_is_no_stream_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "observations.arrows"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"observations\.arrows is no Arrow stream"):
        Table.from_file(path)


def test_a_stream_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    data = pyarrow.table({"value": list(range(1000))})
    path = tmp_path / "observations.arrows"
    with pyarrow.ipc.new_stream(str(path), data.schema) as writer:
        writer.write_table(data)
    assert len(Table.from_file(path)) == 1000
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(ValueError, match="no Arrow stream"):
        Table.from_file(path)


def test_nothing_is_imported_before_it_is_needed() -> None:
    """Whoever uses one library need not have the others."""
    program = "import sys, bluebook; print({'polars', 'pandas', 'pyarrow'} & set(sys.modules))"
    package = Path(bluebook.__file__).parents[1]
    printed = subprocess.run([sys.executable, "-c", program], cwd=package, capture_output=True, text=True, check=True)
    assert printed.stdout == "set()\n"
