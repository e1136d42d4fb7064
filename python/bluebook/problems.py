"""What is wrong with the data: where, and what to do about it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """A span of a line of text, a cell of a workbook, or a file as a whole. Lines and columns count from 1."""

    path: str = field(metadata={"key": "file"})
    line: int | None = None
    column: int | None = None
    end_column: int | None = None
    cell: str | None = None
    label: str | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.path, self.line, self.column, self.cell) if part is not None)


@dataclass(frozen=True)
class Repair:
    """A single change that would make it true; `correction` is what to paste into a definition."""

    words: str
    correction: str | None = None


@dataclass(frozen=True)
class Problem:
    """A problem of the data. Its rule is a lasting name; the main place comes first, the likeliest repair, too."""

    rule: str
    severity: str
    message: str
    places: tuple[Place, ...]
    help: str | None = None
    repairs: tuple[Repair, ...] = ()

    def __str__(self) -> str:
        where = f" ({self.places[0]})" if self.places else ""
        return f"{self.severity}: {self.message}{where}"
