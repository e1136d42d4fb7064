"""Keyword arguments as flags of the command line."""

import os
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypedDict, cast

from bluebook.errors import NoInput

AnyPath = str | os.PathLike[str]
Inputs = AnyPath | Iterable[AnyPath]
Day = str | date
Value = AnyPath | Day | float | Iterable[str] | Mapping[str, object] | None


class Documents(TypedDict, total=False):
    """How documents are read.

    - dataset: a built-in dataset, or the file of a definition
    - release_date: the release date of all documents
    - encoding: of texts without a byte order mark
    - limits: for workbooks, as {"cells": 3_000_000}
    """

    dataset: AnyPath | None
    release_date: Day | None
    encoding: str | None
    limits: Mapping[str, int] | None


class Reading(Documents, total=False):
    """How documents are read and computed.

    - as_of: only take the documents of releases up to this day
    - threads: how many to use
    """

    as_of: Day | None
    threads: int | None


def reading_flags(
    *,
    dataset: AnyPath | None = None,
    release_date: Day | None = None,
    as_of: Day | None = None,
    encoding: str | None = None,
    limits: Mapping[str, int] | None = None,
    threads: int | None = None,
) -> list[str]:
    """The flags for a Reading, or for Documents."""
    return flags(
        dataset=dataset, release_date=release_date, as_of=as_of, encoding=encoding, limit=limits, threads=threads
    )


def flags(**values: Value) -> list[str]:
    """`as_of=…` is `--as-of=…`: left out for None and False, a bare flag for True, and once for each of many values."""
    return [flag for name, value in values.items() for flag in _flags("--" + name.replace("_", "-"), value)]


def _flags(flag: str, value: Value) -> list[str]:
    if value is None or isinstance(value, bool):
        return [flag] if value else []
    return [f"{flag}={text}" for text in _texts(value)]


def _texts(value: AnyPath | Day | float | Iterable[str] | Mapping[str, object]) -> list[str]:
    if isinstance(value, Mapping):
        pairs = cast("Mapping[str, object]", value)
        return [f"{name}={part}" for name, part in pairs.items()]
    if isinstance(value, date):
        return [f"{value:%Y-%m-%d}"]
    if isinstance(value, (str, os.PathLike)):
        return [os.fspath(value)]
    return [str(value)] if isinstance(value, (int, float)) else list(value)


def positional(inputs: Inputs) -> list[str]:
    """Paths behind `--`, so that none is taken for a flag.

    Raises NoInput where there are none: the program would read its default folder instead.
    """
    paths = [inputs] if isinstance(inputs, (str, os.PathLike)) else list(inputs)
    if not paths:
        raise NoInput(66, "no inputs were given")
    return ["--", *(os.fspath(path) for path in paths)]
