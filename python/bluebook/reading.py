"""Documents to tables in memory."""

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Literal

from bluebook.errors import InternalFault
from bluebook.flags import Inputs, flags, positional, reading_flags
from bluebook.reported import reported
from bluebook.result import Dataset, Result
from bluebook.table import Table

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from bluebook.flags import Reading

# Done, problems, a document that cannot be read: the sound releases beside them are there all the same.
SOUND_BESIDE = (0, 1, 65)


def read(
    inputs: Inputs,
    *,
    errors: Literal["raise", "return"] = "raise",
    tables: Iterable[str] | None = None,
    timeout: float | None = None,
    **reading: "Unpack[Reading]",
) -> Result:
    """Reads documents, or folders of them, and checks them against their own totals.

    - errors: "raise" raises where anything is wrong; "return" gives the rows of the releases that have no problem, and the
      problems of all others in `result.problems`
    - tables: the names of the tables to read; by default all
    - timeout: seconds after which the program is ended, and TimeoutError raised
    - dataset: a built-in dataset, or the file of a definition; by default that whose tables a document has
    - release_date: the release date of all documents
    - as_of: only take the documents of releases up to this day
    - encoding: of texts without a byte order mark
    - limits: for workbooks, as {"cells": 3_000_000}
    - threads: how many to use

    Raises BluebookError: ProblemsFound and UnreadableDocument for the data, others for all else that can go wrong.
    """
    if errors not in ("raise", "return"):
        raise ValueError(f'errors is "raise" or "return", not {errors!r}')
    keep_sound = errors == "return"
    with TemporaryDirectory(prefix="bluebook-") as folder:
        own = flags(output=folder, keep_sound=keep_sound, table=tables)
        accepted = SOUND_BESIDE if keep_sound else (0,)
        arguments = [*own, *reading_flags(**reading), *positional(inputs)]
        report = reported("read", arguments, accepted=accepted, timeout=timeout)
        return Result(report, _datasets(Path(folder)))


def _datasets(folder: Path) -> dict[str, Dataset]:
    """A folder a dataset."""
    return {path.name: Dataset(path.name, _tables(path)) for path in sorted(folder.iterdir())}


def _tables(folder: Path) -> dict[str, Table]:
    """A file a table, read into memory: the folder goes."""
    try:
        return {path.stem: Table.from_file(path) for path in sorted(folder.glob("*.arrows"))}
    except ValueError as wrong:
        raise InternalFault(70, f"bluebook read: {wrong}") from wrong
