"""The other commands: what they are given reaches the program, and what it says comes back."""

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest

import bluebook

Fake = Callable[[str], Path]


def test_run_publishes_and_then_has_nothing_to_do(annex: Path, tmp_path: Path) -> None:
    first = bluebook.run(annex, output=tmp_path, formats=["csv"], html=True, limits={"cells": 1000}, threads=1)
    (dataset,) = first.datasets
    assert (dataset.name, dataset.observations, dataset.release_dates) == (
        "hk-talent-admissions",
        228,
        (date(2026, 2, 28),),
    )
    assert first.changed
    published = {Path(output.path).name for output in dataset.outputs}
    assert {"observations.csv", "index.html"} <= published
    assert "observations.parquet" not in published
    assert not bluebook.run(annex, output=tmp_path, formats=["csv"], html=True).changed


def test_run_says_when_it_ran(annex: Path, tmp_path: Path) -> None:
    report = bluebook.run(annex, output=tmp_path)
    assert report.started <= report.ended
    assert report.started.utcoffset() is not None
    assert (report.exit_code, report.command) == (0, "run")


def test_verify(annex: Path, tmp_path: Path) -> None:
    bluebook.run(annex, output=tmp_path)
    assert "as derived" in bluebook.verify(annex, output=tmp_path)
    observations = tmp_path / "hk-talent-admissions" / "observations.csv"
    observations.write_bytes(observations.read_bytes() + b"\n")
    with pytest.raises(bluebook.Differs, match=r"observations\.csv"):
        bluebook.verify(annex, output=tmp_path)
    with pytest.raises(bluebook.Differs):
        bluebook.verify(annex, output=tmp_path, published=True)


def test_a_frozen_run_that_would_change(annex: Path, tmp_path: Path) -> None:
    lock = tmp_path / "own.lock"
    bluebook.run(annex, output=tmp_path / "out", lock=True, lock_file=lock)
    assert not bluebook.run(annex, output=tmp_path / "out", frozen=True, lock_file=lock).changed
    later = tmp_path / "2026-03-31.txt"
    later.write_bytes(annex.read_bytes())
    with pytest.raises(bluebook.Differs):
        bluebook.run(later, output=tmp_path / "out", frozen=True, lock_file=lock)


def test_check_writes_the_page(annex: Path, tmp_path: Path) -> None:
    report = bluebook.check(annex, html=tmp_path / "page.html")
    assert report.problems == ()
    assert (tmp_path / "page.html").exists()


def test_explain(annex: Path) -> None:
    """A change of 393 - 549 = -156."""
    text = bluebook.explain("TTPS/CAN/2024", annex, release=date(2026, 2, 28))
    assert "12:12" in text
    assert "change_absolute  -156" in text
    with pytest.raises(bluebook.ProblemsFound, match="nothing is published under `nix`"):
        bluebook.explain("nix", annex)


def test_init(annex: Path, tmp_path: Path) -> None:
    definition = tmp_path / "own.toml"
    text = bluebook.init(annex, name="own")
    assert 'name = "own"' in text
    assert bluebook.init(annex, name="own", output=definition) == definition.read_text(encoding="utf-8") == text
    assert bluebook.check(annex, dataset=definition).datasets[0].observations == 224  # what is printed


def test_init_updates_a_definition(annex: Path, tmp_path: Path) -> None:
    definition = tmp_path / "own.toml"
    before = bluebook.init(annex, name="own", output=definition)
    edition = tmp_path / "edition.txt"
    edition.write_text(annex.read_text(encoding="utf-8").replace("Pakistan\t", "Atlantis\t"), encoding="utf-8")
    after = bluebook.init(edition, update=definition)
    assert "Atlantis" in after
    assert "Atlantis" not in before
    assert definition.read_text(encoding="utf-8") == after


def test_load(annex: Path, tmp_path: Path) -> None:
    bluebook.run(annex, output=tmp_path / "out")
    target = str(tmp_path / "loaded")
    assert "observations" in bluebook.load(target, tmp_path / "out", dry_run=True)
    assert list(Path(target).glob("**/*.*")) == []
    assert "loaded" in bluebook.load(target, tmp_path / "out")
    assert (Path(target) / "hk-talent-admissions" / "observations.parquet").exists()
    assert bluebook.load(target, tmp_path / "out", frozen=True) == ""


def test_flags(fake: Fake) -> None:
    fake("print(json.dumps(sys.argv[1:]))")
    given = json.loads(
        bluebook.verify(
            ["-a.txt", Path("b")],
            dataset=Path("d.toml"),
            release_date=datetime(2026, 1, 2, 3),
            as_of="2026-02-03",
            encoding="big5",
            limits={"cells": 9, "rows": 8},
            threads=0,
            published=True,
        )
    )
    assert given == [
        "--color=never", "verify", "--published", "--dataset=d.toml", "--release-date=2026-01-02", "--as-of=2026-02-03",
        "--encoding=big5", "--limit=cells=9", "--limit=rows=8", "--threads=0", "--", "-a.txt", "b",
    ]  # fmt: skip
    given = json.loads(bluebook.load("adbc:x", options={"uri": "y"}, wait=3))
    assert given == ["--color=never", "load", "--wait=3", "--option=uri=y", "--", "adbc:x", "output"]
