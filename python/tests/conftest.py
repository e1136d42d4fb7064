"""Documents to read, and programs that fail in ways in which bluebook does not."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import bluebook

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True, scope="session")
def environment() -> Iterator[None]:
    """No setting of whoever runs the tests but the program, and no job of GitHub."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in list(os.environ):
            if name.startswith("BLUEBOOK_") and name != "BLUEBOOK_BINARY" or name == "GITHUB_ACTIONS":
                monkeypatch.delenv(name)
        yield


@pytest.fixture(scope="session")
def annex() -> Path:
    return ROOT / "input" / "hk-talent-admissions-2026-02.txt"


@pytest.fixture(scope="session")
def result(annex: Path) -> bluebook.Result:
    """The annex, read once; nobody changes what was read."""
    return bluebook.read(annex)


@pytest.fixture
def misprint(annex: Path, tmp_path: Path) -> Path:
    """The annex with 594 for 549, in line 12."""
    path = tmp_path / "2026-03-31-misprint.txt"
    path.write_text(annex.read_text(encoding="utf-8").replace("\t549\t", "\t594\t"), encoding="utf-8")
    return path


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Puts a program in bluebook's place: lines of Python, in which `option(name)` is what a flag was given."""

    def install(body: str) -> Path:
        program = tmp_path / "fake-bluebook"
        program.write_text(f"#!{sys.executable}\n{PRELUDE}\n{body}\n", encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("BLUEBOOK_BINARY", str(program))
        return program

    return install


PRELUDE = """
import json, os, signal, sys, time
from pathlib import Path
def option(name):
    return next(value for flag, _, value in (part.partition("=") for part in sys.argv) if flag == "--" + name)
"""
