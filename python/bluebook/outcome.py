"""What a scheduler is told of a run: the few values that later tasks ask for, and which failures pass by themselves."""

from collections.abc import Iterable
from datetime import date
from pathlib import PurePosixPath
from typing import TypedDict

from bluebook.errors import Busy, InputOutput, Stopped
from bluebook.report import DatasetReport, Report

# Another run held the output, a disk failed for a moment, the machine was shut down: trying again may help.
PASSING = (Busy, InputOutput, Stopped)


class Published(TypedDict):
    """One dataset: where its set stands, what identifies it, what it holds. Of a check nothing stands anywhere."""

    folder: str | None
    sha256: str | None
    releases: list[str]
    documents: int
    tables: int
    observations: int
    notes: int


class Outcome(TypedDict):
    """What became of a run; dates as `2026-02-28`.

    - changed: whether what is published has changed
    - release, releases: the newest release, and all of them in order
    - revised: how many figures the newest releases revised
    - releases_changed: releases behind the newest published one that were added, changed or removed
    - datasets: by their names
    """

    changed: bool
    release: str | None
    releases: list[str]
    revised: int
    releases_changed: list[str]
    datasets: dict[str, Published]


def outcome(report: Report) -> Outcome:
    """A report in the words of an Outcome, which JSON holds as they are."""
    releases = _days(day for dataset in report.datasets for day in dataset.release_dates)
    late = _days(late.release_date for dataset in report.datasets for late in dataset.releases_changed)
    newest = [dataset.newest_release for dataset in report.datasets if dataset.newest_release]
    return Outcome(
        changed=report.changed,
        release=releases[-1] if releases else None,
        releases=releases,
        revised=sum(release.revised for release in newest),
        releases_changed=late,
        datasets={dataset.name: _published(dataset) for dataset in report.datasets},
    )


def identity(dataset: DatasetReport) -> str | None:
    """The SHA-256 of the data package, which identifies a published set."""
    packages = [output for output in dataset.outputs if PurePosixPath(output.path).name == "datapackage.json"]
    return packages[0].sha256 if packages else None


def _published(dataset: DatasetReport) -> Published:
    return Published(
        folder=dataset.folder,
        sha256=identity(dataset),
        releases=_days(dataset.release_dates),
        documents=dataset.documents,
        tables=dataset.tables,
        observations=dataset.observations,
        notes=dataset.notes,
    )


def _days(days: Iterable[date]) -> list[str]:
    return [f"{day:%Y-%m-%d}" for day in sorted(set(days))]
