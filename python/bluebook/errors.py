"""Exit codes of the program as exceptions; docs/src/commands.md lists the codes."""

import signal
from typing import ClassVar

from bluebook.problems import Problem

# Enough for the first problems with their places and repairs. The last line counts all.
LINES_SHOWN = 60


class BluebookError(Exception):
    """A command that did not succeed.

    `message` says which, why, and all that the program said about it; `str(error)` leaves out the middle of a long one.
    `problems` are those of the data, with their places.
    """

    meaning: ClassVar[str] = "it ended in a way it never should"
    codes: ClassVar[tuple[int, ...]] = ()

    def __init__(self, exit_code: int, message: str, problems: tuple[Problem, ...] = ()) -> None:
        super().__init__(exit_code, message, problems)
        self.exit_code = exit_code
        self.message = message
        self.problems = problems

    def __str__(self) -> str:
        lines = self.message.splitlines()
        left_out = len(lines) - LINES_SHOWN
        if left_out <= 0:
            return self.message
        return "\n".join([*lines[: LINES_SHOWN - 1], f"… {left_out} lines more: error.message", lines[-1]])


class ProblemsFound(BluebookError):
    """The data has problems; nothing was published."""

    meaning = "the data has problems"
    codes = (1,)


class UsageWrong(BluebookError):
    """An argument is wrong."""

    meaning = "an argument is wrong"
    codes = (2,)


class Differs(BluebookError):
    """The result differs from what was locked, is published, or is loaded."""

    meaning = "the result differs"
    codes = (3,)


class UnreadableDocument(BluebookError):
    """A document cannot be read at all."""

    meaning = "a document cannot be read"
    codes = (65,)


class NoInput(BluebookError):
    """There is no document."""

    meaning = "there is no input"
    codes = (66,)


class InternalFault(BluebookError):
    """A fault in bluebook itself."""

    meaning = "this is a fault in bluebook"
    codes = (70,)


class InputOutput(BluebookError):
    """Reading or writing failed."""

    meaning = "reading or writing failed"
    codes = (74,)


class Busy(BluebookError):
    """Another run or load holds the output, or was faster; try again."""

    meaning = "another run holds the output; try again"
    codes = (75,)


class ConfigWrong(BluebookError):
    """A definition or setting is wrong."""

    meaning = "a definition or setting is wrong"
    codes = (78,)


class Stopped(BluebookError):
    """A signal ended the program; `exit_code` is 128 and the number of the signal."""

    meaning = "it was stopped by a signal"
    codes = (130, 143)


_KINDS = {code: kind for kind in BluebookError.__subclasses__() for code in kind.codes}


def error_of(command: str, exit_code: int, stderr: str, problems: tuple[Problem, ...] = ()) -> BluebookError:
    """The exception for the way in which a command ended; a negative code is the signal that killed it."""
    if exit_code < 0:
        return Stopped(128 - exit_code, _message(command, _killed(-exit_code), stderr), problems)
    kind = _KINDS.get(exit_code, BluebookError)
    return kind(exit_code, _message(command, f"{kind.meaning} (exit code {exit_code})", stderr), problems)


def _message(command: str, why: str, stderr: str) -> str:
    return f"bluebook {command}: {why}\n{stderr}".strip()


def _killed(number: int) -> str:
    """SIGKILL is mostly the system's, which ran out of memory."""
    name = next((known.name for known in signal.Signals if known == number), f"signal {number}")
    hint = "; was there enough memory?" if name == "SIGKILL" else ""
    return f"it was killed by {name}{hint}"
