"""Labels to codes."""

from collections.abc import Callable
from pathlib import Path

import pytest

import bluebook
from bluebook import Region


def test_labels() -> None:
    """ISO 3166-1: Canada is CAN, CA, 124. `Korea` may be two, and nobody knows `Foo`."""
    canada, korea, foo, dash = bluebook.resolve(["Canada", "Korea", "Foo", "-q"])
    assert canada == Region("Canada", "CAN", "CA", "124", "Canada", "economy", "name")
    assert [unknown.region for unknown in (korea, foo, dash)] == [None, None, None]
    assert dash.label == "-q"


def test_each_label_has_its_answer() -> None:
    labels = ["South\nKorea", "", "Canada"] * 500
    assert [region.label for region in bluebook.resolve(labels)] == labels


def test_nationalities() -> None:
    assert [region.region for region in bluebook.resolve("Filipino", nationalities=True)] == ["PHL"]


def test_nothing_is_asked_of_nothing(fake: Callable[[str], Path]) -> None:
    fake("sys.exit(70)")
    assert bluebook.resolve([]) == []


def test_a_dataset_that_is_not_there() -> None:
    with pytest.raises(bluebook.ConfigWrong):
        bluebook.resolve(["Canada"], dataset="nowhere.toml")
