"""The report of a run, field by field as schemas/report.json has it."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from bluebook.decode import decode
from bluebook.problems import Problem


@dataclass(frozen=True)
class Input:
    """A document. What is unknown of one that could not be read, or that no dataset took, is None."""

    path: str
    bytes: int
    sha256: str | None = None
    format: str | None = None
    release: date | None = None
    dataset: str | None = None


@dataclass(frozen=True)
class LeftOut:
    """Rows that the definition leaves out, by the reason that it gives."""

    reason: str
    rows: int


@dataclass(frozen=True)
class Numbers:
    """How many cells print a number, by what became of it."""

    figures: int
    headings: int
    labels: int
    indicators: int
    footnotes: int
    left_out: int
    unread: int


@dataclass(frozen=True)
class Revision:
    """A figure that the newest release revised: from `old` to `new`."""

    key: str
    old: float | None
    old_status: str | None
    new: float | None
    status: str
    difference: float | None
    source: str
    source_position: str | None


@dataclass(frozen=True)
class NewestRelease:
    """What the newest of several releases changed, counted as in the published table `releases`."""

    release_date: date
    previous_release: date | None
    tables: int
    figures: int
    new: int
    unchanged: int
    revised: int
    moved: int
    gone: int
    repeats: bool
    revisions: tuple[Revision, ...]


@dataclass(frozen=True)
class LateRelease:
    """A release behind the newest published one that was added, changed or removed."""

    release_date: date
    change: str
    newest_published: date


@dataclass(frozen=True)
class TableChecks:
    """What was proven of a table. What failed is among the problems, with its places."""

    table: str
    figures: int
    nil: int
    totals: int
    passed: int
    failed: int
    derived: int
    claims: int


@dataclass(frozen=True)
class Output:
    """A published file; `rows` is None for what is no table."""

    path: str
    bytes: int
    sha256: str
    rows: int | None = None


@dataclass(frozen=True)
class DatasetReport:
    """What the documents of a dataset gave. `release_dates` are in order."""

    name: str
    title: str
    definition: str
    definition_sha256: str
    release_dates: tuple[date, ...] = field(metadata={"key": "releases"})
    documents: int
    tables: int
    observations: int
    notes: int
    left_out: int
    left_out_by: tuple[LeftOut, ...]
    numbers: Numbers
    summary: str
    checks: tuple[TableChecks, ...]
    changed: bool
    releases_changed: tuple[LateRelease, ...]
    outputs: tuple[Output, ...]
    newest_release: NewestRelease | None = None
    folder: str | None = None


@dataclass(frozen=True)
class Report:
    """A run from its beginning to its end, however it ended. `changed` says whether what is published has changed."""

    form: int
    version: str
    command: str
    started: datetime
    ended: datetime
    seconds: float
    exit_code: int = field(metadata={"key": "exit"})
    error: str | None
    changed: bool
    inputs: tuple[Input, ...]
    datasets: tuple[DatasetReport, ...]
    problems: tuple[Problem, ...]

    @classmethod
    def from_file(cls, path: Path) -> "Report":
        """Raises ValueError where the file is no report."""
        return decode(cls, json.loads(path.read_text(encoding="utf-8")))
