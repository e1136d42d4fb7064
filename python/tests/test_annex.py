"""What is read of the annex. The figures are worked out by hand from input/hk-talent-admissions-2026-02.txt."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars
import pytest

import bluebook

# The lines `Total`, 2023 to 2026; of the ASMTP, which prints no total, its only line.
TOTALS = {
    "TTPS": [49737, 41057, 31508, 4640],
    "GEP": [26270, 35058, 31278, 4230],
    "ASMTP": [19757, 25344, 26714, 4011],
    "IANG": [26089, 25475, 27630, 2603],
    "TechTAS": [130, 118, 161, 20],
    "QMAS": [12969, 11848, 7101, 699],
    "ASSG": [97, 80, 68, 16],
}
# 7, 12, 12, 9, 6 and 9 rows of 4 columns are printed; the ASMTP's 4 figures are their own totals, too.
OBSERVATIONS = (7 + 12 + 12 + 9 + 6 + 9) * 4 + 4 + 4
REGIONS = "AUS CAN CHN FRA GBR IND ITA JPN KOR MAC MYS NLD PAK PHL SGP THA TWN USA _O _T".split()


def values(result: bluebook.Result, **codes: str) -> Sequence[int | None]:
    """The values with these codes, in the order of time."""
    frame = result.observations.to_polars().filter(**codes).sort("period_start")
    return frame["value"].to_list()


def test_rows(result: bluebook.Result) -> None:
    assert OBSERVATIONS == 228
    assert len(result.observations) == 228
    assert list(result.datasets) == ["hk-talent-admissions"]
    assert result.problems == ()


@pytest.mark.parametrize("scheme", TOTALS)
def test_totals(result: bluebook.Result, scheme: str) -> None:
    assert values(result, scheme=scheme, region="_T") == TOTALS[scheme]


def test_figures(result: bluebook.Result) -> None:
    assert values(result, scheme="TTPS", region="CAN") == [549, 393, 346, 61]
    assert values(result, scheme="GEP", region="_O") == [8490, 10384, 9708, 1331]
    assert values(result, scheme="TechTAS", region="ITA") == [0, 0, 0, 1]  # `-` is zero, by the totals


def test_types(result: bluebook.Result) -> None:
    frame = result.observations.to_polars()
    expected = {
        "scheme": polars.String,
        "value": polars.Int64,
        "period_start": polars.Date,
        "period_months": polars.Int32,
        "is_partial": polars.Boolean,
        "share": polars.Float64,
    }
    assert {name: frame.schema[name] for name in expected} == expected
    assert result.observations.columns == tuple(frame.columns)


def test_a_figure_knows_where_it_stands(result: bluebook.Result, annex: Path) -> None:
    """393 is in line 12, behind `Canada`, a tab, `549` and a tab: at character 12."""
    row = result.observations.to_polars().row(
        by_predicate=(polars.col("scheme") == "TTPS") & (polars.col("region") == "CAN") & (polars.col("period") == "2024"),
        named=True,
    )
    assert row["value"] == 393
    assert row["value_label"] == "393"
    assert (row["source"], row["source_position"]) == (annex.name, "12:12")
    assert row["share"] == 393 / 41057
    assert row["release_date"] == date(2026, 2, 28)


def test_the_other_tables(result: bluebook.Result) -> None:
    checks = result.checks.to_polars()
    assert len(checks) == 6 * 4  # six tables print totals of four columns
    assert checks["passed"].all()
    assert sorted(result.regions.to_polars()["region"]) == REGIONS
    assert sorted(result.codes.to_polars()["code"]) == sorted(TOTALS)
    assert len(result.notes) == 7 + 4  # five notes, the first for all seven tables


def test_a_bound(result: bluebook.Result) -> None:
    """Six schemes list the United States, and the seventh is for Mainland residents only: the sum is exact."""
    bounds = result.bounds.to_polars()
    usa = bounds.filter(region="USA", period="2023").row(0, named=True)
    assert (usa["lower"], usa["upper"]) == (536 + 1891 + 36 + 2 + 34 + 21, 2520)
    total = bounds.filter(region="_T", period="2023").row(0, named=True)
    assert total["lower"] == sum(years[0] for years in TOTALS.values()) == 135049


def test_a_single_release_has_a_history_without_rows(result: bluebook.Result) -> None:
    assert len(result.history) == len(result.releases) == 0
    assert "realtime_start" in result.history.columns
    assert result.releases.to_polars().schema["release_date"] == polars.Date


def test_two_releases_have_a_history(annex: Path, tmp_path: Path) -> None:
    """A second release that only revises Canada's 61 to 62, and the total with it: two rows more than were printed first."""
    text = annex.read_text(encoding="utf-8")
    later = text.replace("\t346\t61", "\t346\t62").replace("\t31 508\t4 640", "\t31 508\t4 641")
    (tmp_path / "2026-02-28-annex.txt").write_text(text, encoding="utf-8")
    (tmp_path / "2026-03-31-annex.txt").write_text(later, encoding="utf-8")

    result = bluebook.read(tmp_path)
    assert result.releases.to_polars()["revised"].to_list() == [0, 2]
    revised = result.history.to_polars().filter(kind="revised").sort("region")
    assert revised.select("region", "previous_value", "value").rows() == [("CAN", 61, 62), ("_T", 4640, 4641)]

    before = bluebook.read(tmp_path, as_of=date(2026, 3, 30))
    assert len(before.observations) == 228
    assert len(before.history) == 0


def test_only_the_tables_that_are_asked_for(annex: Path) -> None:
    result = bluebook.read([annex], tables=["notes", "regions"], release_date="2026-04-01")
    assert set(result.dataset("hk-talent-admissions").tables) == {"notes", "regions"}
    assert result.notes.to_polars()["release_date"].unique().to_list() == [date(2026, 4, 1)]
    with pytest.raises(LookupError, match="no table `observations` was read, but notes, regions"):
        _ = result.observations


def test_a_definition_of_ones_own(annex: Path, tmp_path: Path) -> None:
    definition = tmp_path / "own.toml"
    bluebook.init(annex, output=definition, name="own")
    result = bluebook.read(annex, dataset=definition)
    assert list(result.datasets) == ["own"]
    assert len(result.observations) == 224  # what is printed
