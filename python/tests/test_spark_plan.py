"""What is planned on the driver: options, documents, and who reads which. No Spark is started for it."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from bluebook.spark.definition import DatasetChoice
from bluebook.spark.documents import Document, find_documents, leading_date, local_path, with_releases
from bluebook.spark.options import Options, parse
from bluebook.spark.sharing import Share, shares

# Five releases of one document each, of the same size, by their years.
YEARS = [2020, 2021, 2022, 2023, 2024]


def documents(years: Sequence[int] = YEARS) -> list[Document]:
    return [Document(f"/{year}", 10, date(year, 2, 28)) for year in years]


def test_options_are_text_in_any_case() -> None:
    parsed = parse({"Path": "/a", "TABLE": "checks", "limits": "cells=3,memory=4", "contextyears": "2", "partitions": "3"})
    assert parsed == Options(
        paths=("/a",), table="checks", limits={"cells": 3, "memory": 4}, context_years=2, partitions=3
    )
    assert parse({"paths": '["/a", "/b c"]'}).paths == ("/a", "/b c")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"tabel": "checks"}, "no option is named tabel; there are path, paths, table"),
        ({"partitions": "two"}, "the option partitions: 'two' is not understood"),
        ({"partitions": "0"}, "at least 1"),
        ({"contextYears": "0"}, "at least 1"),
        ({"errors": "return"}, "raise or skip, not 'return'"),
        ({"limits": "cells"}, "the option limits"),
    ],
)
def test_options_that_are_refused(options: Mapping[str, str], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse(options)


def test_a_definition_travels_as_its_text(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text("name = 'own'", encoding="utf-8")
    choice = parse({"dataset": str(path)}).dataset
    path.unlink()
    assert choice is not None
    assert choice == DatasetChoice("own.toml", "name = 'own'")
    with choice.at_hand() as elsewhere:
        assert Path(elsewhere).name == "own.toml"
        assert Path(elsewhere).read_text(encoding="utf-8") == "name = 'own'"
    assert not Path(elsewhere).exists()
    with DatasetChoice.of("hk-talent-admissions").at_hand() as name:
        assert name == "hk-talent-admissions"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2026-03-31-annex.txt", date(2026, 3, 31)),
        ("2026-03-31", date(2026, 3, 31)),
        ("2026-13-31.txt", None),
        ("2026-03-311.txt", None),
        ("annex-2026-03-31.txt", None),
        ("0026-01-01.txt", None),
    ],
)
def test_leading_dates(name: str, expected: date | None) -> None:
    """The cases of src/input/files.rs."""
    assert leading_date(name) == expected


def test_documents_are_found_as_the_program_finds_them(tmp_path: Path) -> None:
    for name in ("b/2026-03-31.txt", "a.txt", ".hidden", ".folder/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("four", encoding="utf-8")
    found = find_documents([str(tmp_path), f"file://{tmp_path}/a.txt"])
    assert found == [
        Document(f"{tmp_path}/a.txt", 4),
        Document(f"{tmp_path}/b/2026-03-31.txt", 4, date(2026, 3, 31)),
    ]
    with pytest.raises(FileNotFoundError, match="is not there, or holds no documents"):
        find_documents([str(tmp_path / "nothing")])
    with pytest.raises(ValueError, match="is hidden"):
        find_documents([str(tmp_path / ".hidden")])


def test_other_file_systems_are_refused() -> None:
    assert local_path("file:/a%20b/c") == local_path("file:///a%20b/c") == local_path("/a b/c") == "/a b/c"
    with pytest.raises(ValueError, match="s3a://bucket/a is on no shared file system: .* from_contents"):
        local_path("s3a://bucket/a")


def test_the_program_is_asked_for_releases_that_no_name_tells(annex: Path, misprint: Path, tmp_path: Path) -> None:
    """The annex reports up to the end of February; one with a misprint, too; what is no table tells nothing."""
    given = tmp_path / "given"
    given.mkdir()
    for name, text in (("annex.txt", annex.read_text("utf-8")), ("b.txt", misprint.read_text("utf-8")), ("c.txt", "words")):
        (given / name).write_text(text, encoding="utf-8")
    (given / "2026-03-31.txt").write_text("words", encoding="utf-8")
    found = with_releases(find_documents([str(given)]), Options())
    assert {Path(document.path).name: document.release for document in found} == {
        "2026-03-31.txt": date(2026, 3, 31),
        "annex.txt": date(2026, 2, 28),
        "b.txt": date(2026, 2, 28),
        "c.txt": None,
    }


def test_one_share_has_all() -> None:
    assert shares(documents(), Options()) == [Share(tuple(f"/{year}" for year in YEARS))]


@pytest.mark.parametrize("table", ["history", "releases", "regions", "codes", "problems"])
def test_what_follows_from_all_releases_is_one_share(table: str) -> None:
    assert len(shares(documents(), Options(table=table, partitions=3))) == 1


def test_a_release_date_for_all_is_one_share() -> None:
    assert len(shares(documents(), Options(release_date="2026-03-31", partitions=3))) == 1


def test_observations_are_compared_with_all_that_is_earlier() -> None:
    given = shares(documents(), Options(partitions=2))
    assert given == [
        Share(("/2020", "/2021", "/2022"), date(2020, 2, 28), date(2022, 2, 28), False),
        Share(tuple(f"/{year}" for year in YEARS), date(2023, 2, 28), None, True),
    ]


def test_context_can_be_bounded() -> None:
    _, last = shares(documents(), Options(partitions=2, context_years=1))
    assert last == Share(("/2022", "/2023", "/2024"), date(2023, 2, 28), None, False)


def test_checks_have_no_context() -> None:
    _, last = shares(documents(), Options(table="checks", partitions=2))
    assert last == Share(("/2023", "/2024"), date(2023, 2, 28), None, False)


def test_a_leap_day_has_a_day_a_year_before() -> None:
    given = [Document("/1", 1, date(2023, 2, 28)), Document("/2", 1, date(2023, 3, 1)), Document("/3", 2, date(2024, 2, 29))]
    _, last = shares(given, Options(partitions=2, context_years=1))
    assert last.paths == ("/2", "/3")


def test_documents_of_a_release_stay_together() -> None:
    given = [Document(f"/{number}", 10, date(2024, 1, 1)) for number in range(9)]
    assert len(shares(given, Options(partitions=3))) == 1
    given.append(Document("/later", 10, date(2024, 1, 2)))
    assert [len(share.paths) for share in shares(given, Options(table="notes", partitions=3))] == [9, 1]


def test_what_has_no_release_is_in_each_share() -> None:
    given = shares([*documents(), Document("/undated", 10)], Options(table="checks", partitions=5))
    assert [share.paths for share in given] == [(f"/{year}", "/undated") for year in YEARS]


@pytest.mark.parametrize("count", range(1, 12))
def test_each_release_is_given_once(count: int) -> None:
    years = range(2000, 2010)
    given = shares(documents(years), Options(table="checks", partitions=count))
    assert [path for share in given for path in share.paths] == [f"/{year}" for year in years]
    assert len(given) == min(count, len(years))
