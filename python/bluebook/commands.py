"""The commands of the program as functions; docs/src/commands.md tells of each.

Keyword arguments are the flags of the same names. Flags without a keyword are set by their `BLUEBOOK_*` variables. Each
function takes `timeout`, in seconds, after which the program is ended and TimeoutError raised, and raises the BluebookError of
an exit code other than 0.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from bluebook.flags import AnyPath, Day, Inputs, flags, positional, reading_flags
from bluebook.process import said
from bluebook.report import Report
from bluebook.reported import reported

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from bluebook.flags import Documents, Reading


def run(
    inputs: Inputs,
    *,
    output: AnyPath | None = None,
    layout: str | None = None,
    formats: Iterable[str] | None = None,
    html: bool = False,
    wait: int | None = None,
    lock: bool = False,
    frozen: bool = False,
    lock_file: AnyPath | None = None,
    no_sync: bool = False,
    timeout: float | None = None,
    **reading: "Unpack[Reading]",
) -> Report:
    """Reads documents, checks them, and publishes Parquet and CSV in `output`, a folder or an object store.

    Raises Differs where `frozen` and the result would change, Busy where another run holds the output.
    """
    own = flags(output=output, layout=layout, format=formats, html=html, wait=wait, lock=lock, frozen=frozen)
    more = flags(lock_file=lock_file, no_sync=no_sync)
    return reported("run", [*own, *more, *reading_flags(**reading), *positional(inputs)], timeout=timeout)


def check(
    inputs: Inputs,
    *,
    html: AnyPath | None = None,
    frozen: bool = False,
    lock_file: AnyPath | None = None,
    timeout: float | None = None,
    **reading: "Unpack[Reading]",
) -> Report:
    """Runs all steps without publishing; `html` is a file for the page of what was read, problems included."""
    own = flags(html=html, frozen=frozen, lock_file=lock_file)
    return reported("check", [*own, *reading_flags(**reading), *positional(inputs)], timeout=timeout)


def verify(
    inputs: Inputs,
    *,
    output: AnyPath | None = None,
    published: bool = False,
    timeout: float | None = None,
    **reading: "Unpack[Reading]",
) -> str:
    """Derives the published files again and compares the bytes; says what was compared.

    Raises Differs where they differ. `published` only compares the files with the hashes in their datapackage.json.
    """
    own = flags(output=output, published=published)
    return said("verify", [*own, *reading_flags(**reading), *positional(inputs)], timeout)


def explain(
    key: str,
    inputs: Inputs,
    *,
    release: Day | None = None,
    timeout: float | None = None,
    **reading: "Unpack[Reading]",
) -> str:
    """Where a figure comes from, and how each value was computed, in words. A key is `TTPS/CAN/2024` or a part of it."""
    arguments = positional(inputs)
    arguments.insert(1, key)
    return said("explain", [*flags(release=release), *reading_flags(**reading), *arguments], timeout)


def init(
    files: Inputs,
    *,
    output: AnyPath | None = None,
    name: str | None = None,
    update: AnyPath | None = None,
    timeout: float | None = None,
    **reading: "Unpack[Documents]",
) -> str:
    """Drafts a definition from documents of one dataset, and returns its text.

    `output` is a file that it is written to, too. `update` is a definition to which the labels that it does not know are added
    in its file. `check` with the definition as its dataset says which problems it leaves.
    """
    own = flags(output=output, name=name, update=update)
    text = said("init", [*own, *reading_flags(**reading), *positional(files)], timeout)
    written = update or output
    return Path(written).read_text(encoding="utf-8") if written else text


def load(
    target: str,
    published: AnyPath = "output",
    *,
    dry_run: bool = False,
    frozen: bool = False,
    mend: bool = False,
    layout: str | None = None,
    schema: str | None = None,
    wait: int | None = None,
    driver: AnyPath | None = None,
    options: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> str:
    """Loads a published set into a database, a folder or an object store, and says what was written: only what differs.

    Raises Differs where `frozen` and anything would be written.
    """
    own = flags(dry_run=dry_run, frozen=frozen, mend=mend, layout=layout, schema=schema, wait=wait)
    more = flags(driver=driver, option=options)
    return said("load", [*own, *more, *positional([target, published])], timeout)
