"""A call of the program, which ends with this one: whatever interrupts the wait for it ends it, too."""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

from bluebook.binary import find_binary
from bluebook.errors import error_of
from bluebook.problems import Problem

# The program ends within two seconds of SIGTERM.
GRACE_SECONDS = 5


@dataclass(frozen=True)
class Ended:
    """What a call left: its exit code (negative: the signal that killed it), and what it said."""

    command: str
    exit_code: int
    stdout: str
    stderr: str

    def insist(self, problems: tuple[Problem, ...] = (), accepted: Sequence[int] = (0,)) -> None:
        """Raises the BluebookError of the exit code, unless that is accepted."""
        if self.exit_code not in accepted:
            raise error_of(self.command, self.exit_code, self.stderr, problems)


def call(command: str, arguments: Sequence[str], timeout: float | None = None) -> Ended:
    """Runs a command to its end.

    Raises TimeoutError where that takes more than `timeout` seconds.
    """
    with _start([command, *arguments]) as child:
        try:
            stdout, stderr = child.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            _end(child)
            raise TimeoutError(f"bluebook {command} took more than {timeout} seconds and was ended") from None
        except BaseException:
            _end(child)
            raise
    return Ended(command, child.returncode, stdout, stderr)


def said(command: str, arguments: Sequence[str], timeout: float | None = None) -> str:
    """What a command prints where it succeeds."""
    ended = call(command, arguments, timeout)
    ended.insist()
    return ended.stdout


def _start(arguments: Sequence[str]) -> "subprocess.Popen[str]":
    """What it says is for people: in text, without colour."""
    environment = {name: value for name, value in os.environ.items() if name != "BLUEBOOK_LOG_FORMAT"}
    return subprocess.Popen(
        [find_binary(), "--color=never", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        encoding="utf-8",
        errors="backslashreplace",
    )


def _end(child: "subprocess.Popen[str]") -> None:
    child.terminate()
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
