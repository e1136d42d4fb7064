"""The tables that `read` gives are those that `run` publishes: every row of every column.

BLUEBOOK_ANNEXES says of how many documents, made up from the annex, 40 where it is not set.
"""

import os
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

import bluebook

ROOT = Path(__file__).resolve().parents[2]
ANNEX = (ROOT / "input" / "hk-talent-admissions-2026-02.txt").read_text(encoding="utf-8")
# Another figure, and the total that follows from it.
OTHER = ANNEX.replace("\t549\t", "\t550\t").replace("\t49 737\t", "\t49 738\t")
ANNEXES = int(os.environ.get("BLUEBOOK_ANNEXES", "40"))
TABLES = ["observations", "checks", "bounds", "notes", "history", "releases", "regions", "codes"]


def documents(folder: Path, texts: dict[str, str]) -> Path:
    """A folder of documents."""
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def annexes(count: int) -> dict[str, str]:
    """So many releases, every third of which says something other than the one before."""
    days = [date(2026, 3, 1) + timedelta(days=number) for number in range(count)]
    return {f"{day}-annex.txt": OTHER if number % 3 == 1 else ANNEX for number, day in enumerate(days)}


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(annexes(1), id="one"),
        pytest.param(annexes(ANNEXES), id="many"),
        pytest.param({"2026-03-01-a.txt": ANNEX, "2026-03-01-b.txt": ANNEX}, id="two that agree"),
    ],
)
def test_every_column_is_what_a_run_publishes(tmp_path: Path, texts: dict[str, str]) -> None:
    inputs, output = tmp_path / "input", tmp_path / "output"
    inputs.mkdir()
    documents(inputs, texts)
    bluebook.run(inputs, output=output)
    result = bluebook.read(inputs)
    for name in TABLES:
        path = output / "hk-talent-admissions" / f"{name}.parquet"
        given: bluebook.Table = getattr(result, name)
        if not path.exists():  # a set of one release has no history
            assert (given.columns[0], len(given)) == ("dataset", 0), name
            continue
        published = pl.read_parquet(path)
        assert given.columns == tuple(published.columns), name
        assert given.to_polars().equals(published), name


def test_two_that_differ_are_a_problem_and_nowhere_rows(tmp_path: Path) -> None:
    inputs = documents(tmp_path, {"2026-03-01-a.txt": ANNEX, "2026-03-01-b.txt": OTHER, "2026-04-01.txt": ANNEX})
    result = bluebook.read(inputs, errors="return")
    assert {problem.rule for problem in result.problems if problem.severity == "error"} == {"documents-differ"}
    releases = set(result.observations.to_polars()["release_date"])
    assert (len(result.observations), releases) == (228, {date(2026, 4, 1)})


def test_a_hostile_workbook_among_good_ones_is_one_problem(tmp_path: Path) -> None:
    count = max(ANNEXES // 4, 10)
    documents(tmp_path, annexes(count))
    workbook = (ROOT / "tests" / "data" / "workbooks" / "annex.xls").read_bytes()
    (tmp_path / "2026-02-01-cut.xls").write_bytes(workbook[:2000])
    result = bluebook.read(tmp_path, errors="return")
    errors = [problem for problem in result.problems if problem.severity == "error"]
    assert [problem.rule for problem in errors] == ["unreadable"]
    assert len(result.observations) == 228 * count
