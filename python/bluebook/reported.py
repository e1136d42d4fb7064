"""Commands that tell of themselves by `--report`."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bluebook.errors import InternalFault
from bluebook.flags import flags
from bluebook.process import call
from bluebook.report import Report


def reported(
    command: str, arguments: Sequence[str], *, accepted: Sequence[int] = (0,), timeout: float | None = None
) -> Report:
    """The report of a command that ended with an accepted exit code.

    Raises the BluebookError of any other, with the problems of the report.
    """
    with TemporaryDirectory(prefix="bluebook-") as folder:
        path = Path(folder) / "report.json"
        ended = call(command, [*flags(report=path), *arguments], timeout)
        report = _read(command, path)
    ended.insist(report.problems if report else (), accepted)
    if report is None:
        raise InternalFault(70, f"bluebook {command} ended with {ended.exit_code} and wrote no report")
    return report


def _read(command: str, path: Path) -> Report | None:
    """None where there is no report: wrong usage, for one, is no run."""
    try:
        return Report.from_file(path) if path.exists() else None
    except ValueError as wrong:
        raise InternalFault(70, f"the report of bluebook {command} cannot be read: {wrong}") from wrong
