"""Where the program is looked for, and that `python -m bluebook` is the program."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

from bluebook.binary import find_binary


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No variable, no scripts, nothing on the PATH."""
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.delenv("BLUEBOOK_BINARY", raising=False)
    monkeypatch.setenv("PATH", str(empty))

    def get_path(_name: str, scheme: str = "") -> str:
        return str(empty)

    monkeypatch.setattr("sysconfig.get_path", get_path)
    return empty


def program(folder: Path) -> Path:
    path = folder / "bluebook"
    path.write_text("#!/bin/sh\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_the_variable_comes_first(nowhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(nowhere)
    named = program(tmp_path)
    monkeypatch.setenv("BLUEBOOK_BINARY", str(named))
    assert find_binary() == str(named)


def test_the_variable_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BLUEBOOK_BINARY", "/nowhere/bluebook")
    with pytest.raises(FileNotFoundError, match="BLUEBOOK_BINARY names /nowhere/bluebook, which is no file"):
        find_binary()


def test_scripts_come_before_the_path(nowhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on_path = program(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_binary() == str(on_path)
    script = program(nowhere)
    assert find_binary() == str(script)


def test_nowhere(nowhere: Path) -> None:
    with pytest.raises(FileNotFoundError, match=f"neither in {nowhere}.* nor on the PATH.*BLUEBOOK_BINARY"):
        find_binary()


def test_the_module_becomes_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[list[str]] = []

    def execv(_program: str, arguments: list[str]) -> None:
        called.append(arguments)

    monkeypatch.setattr(os, "execv", execv)
    monkeypatch.setattr(sys, "argv", ["bluebook", "check", "-x"])
    runpy.run_module("bluebook", run_name="__main__")
    assert called == [[find_binary(), "check", "-x"]]


def test_the_module_has_the_exit_codes_of_the_program() -> None:
    package = Path(__file__).parents[1]
    ended = subprocess.run([sys.executable, "-m", "bluebook", "no-command"], cwd=package, capture_output=True, check=False)
    assert ended.returncode == 2
    assert b"no-command" in ended.stderr
