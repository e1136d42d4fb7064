"""The classes of a report have the fields of its schema, neither more nor less."""

import json
from dataclasses import MISSING, fields
from typing import Any

import pytest
from conftest import ROOT

from bluebook import Place, Problem, Repair, Report
from bluebook.decode import decode, key
from bluebook.report import (
    DatasetReport,
    Input,
    LateRelease,
    LeftOut,
    NewestRelease,
    Numbers,
    Output,
    Revision,
    TableChecks,
)

SCHEMA: dict[str, Any] = json.loads((ROOT / "schemas" / "report.json").read_text(encoding="utf-8"))
KINDS: dict[str, Any] = {
    "input": Input,
    "dataset": DatasetReport,
    "late_release": LateRelease,
    "newest_release": NewestRelease,
    "revision": Revision,
    "checks": TableChecks,
    "output": Output,
    "problem": Problem,
    "repair": Repair,
    "place": Place,
}


def insist(kind: Any, schema: dict[str, Any]) -> None:
    assert {key(own) for own in fields(kind)} == set(schema["properties"])
    assert {key(own) for own in fields(kind) if own.default is MISSING} == set(schema["required"])


def test_a_report() -> None:
    insist(Report, SCHEMA)


@pytest.mark.parametrize("name", KINDS)
def test_parts(name: str) -> None:
    insist(KINDS[name], SCHEMA["$defs"][name])


def test_parts_of_a_dataset() -> None:
    properties = SCHEMA["$defs"]["dataset"]["properties"]
    insist(Numbers, properties["numbers"])
    insist(LeftOut, properties["left_out_by"]["items"])


@pytest.mark.parametrize("wrong", [{}, [], None, 7, {"file": "x", "places": 1}])
def test_what_is_no_problem(wrong: object) -> None:
    with pytest.raises(ValueError, match="not as expected of a Problem"):
        decode(Problem, wrong)


def test_places() -> None:
    assert str(Place("a.txt", 12, 8, 11)) == "a.txt:12:8"
    assert str(Place("a.xlsx", cell="TTPS!C7")) == "a.xlsx:TTPS!C7"
    assert str(Problem("rule", "warning", "something", ())) == "warning: something"
