"""What a reading is asked for, from options as Spark gives them: text, whatever the case of their names."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bluebook.spark.definition import DatasetChoice

PROBLEMS = "problems"
ERRORS = ("raise", "skip")


@dataclass(frozen=True)
class Options:
    """How documents are read.

    - paths: files or folders on a file system that driver and executors share
    - table: a published table, or `problems`
    - dataset: a built-in dataset, or a definition
    - errors: `raise`, or `skip`: the sound releases are given, and `problems` tells of the others
    - partitions: into how many parts the releases are split
    - context_years: how far back a part reads to compare with; None for all
    - binary: the program, on driver and executors
    """

    paths: tuple[str, ...] = ()
    table: str = "observations"
    dataset: DatasetChoice | None = None
    release_date: str | None = None
    encoding: str | None = None
    limits: Mapping[str, int] = field(default_factory=dict[str, int])
    errors: str = "raise"
    partitions: int = 1
    context_years: int | None = None
    binary: str | None = None

    def __post_init__(self) -> None:
        if self.errors not in ERRORS:
            raise ValueError(f"errors is {' or '.join(ERRORS)}, not {self.errors!r}")
        if self.partitions < 1:
            raise ValueError(f"partitions is at least 1, not {self.partitions}")
        if self.context_years is not None and self.context_years < 1:
            raise ValueError(f"contextYears is at least 1, not {self.context_years}")

    @property
    def keeps_sound(self) -> bool:
        """Whether problems are no failure."""
        return self.errors == "skip" or self.table == PROBLEMS


def parse(options: Mapping[str, str]) -> Options:
    """Options from text. Raises ValueError for one that is unknown or no value, FileNotFoundError for a definition's file."""
    given = {name.lower(): text for name, text in options.items()}
    unknown = given.keys() - _PARSERS.keys()
    if unknown:
        raise ValueError(f"no option is named {', '.join(sorted(unknown))}; there are {', '.join(_PARSERS)}")
    values: dict[str, Any] = {}
    for name, text in given.items():
        field_name, parser = _PARSERS[name]
        values[field_name] = _parse(name, text, parser)
    return Options(**values)


def _parse(name: str, text: str, parser: Callable[[str], Any]) -> Any:
    try:
        return parser(text)
    except ValueError as wrong:
        raise ValueError(f"the option {name}: {text!r} is not understood: {wrong}") from wrong


def parse_limits(text: str) -> dict[str, int]:
    """Limits as the program names them: `cells=3000000,memory=400`."""
    pairs = (part.partition("=") for part in text.split(",") if part)
    return {name.strip(): int(value) for name, _, value in pairs}


def _one_path(text: str) -> tuple[str, ...]:
    return (text,)


def _some_paths(text: str) -> tuple[str, ...]:
    """Spark's form of several paths."""
    return tuple(json.loads(text))


_PARSERS: dict[str, tuple[str, Callable[[str], Any]]] = {
    "path": ("paths", _one_path),
    "paths": ("paths", _some_paths),
    "table": ("table", str),
    "dataset": ("dataset", DatasetChoice.of),
    "releasedate": ("release_date", str),
    "encoding": ("encoding", str),
    "limits": ("limits", parse_limits),
    "errors": ("errors", str),
    "partitions": ("partitions", int),
    "contextyears": ("context_years", int),
    "binary": ("binary", str),
}
