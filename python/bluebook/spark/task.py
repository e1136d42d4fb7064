"""What a task does on an executor: it has the program read its share, and gives the rows of one table."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from bluebook.binary import using
from bluebook.errors import BluebookError
from bluebook.flags import flags, positional, reading_flags
from bluebook.problems import Problem
from bluebook.reading import SOUND_BESIDE
from bluebook.report import Report
from bluebook.reported import reported
from bluebook.spark.definition import at_hand
from bluebook.spark.linked import Links, linked
from bluebook.spark.options import PROBLEMS, Options
from bluebook.spark.problem_rows import problem_rows, to_batch
from bluebook.spark.sharing import Share

# Before all releases.
FIRST_DAY = date(1000, 1, 1)


def read_share(share: Share, options: Options, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The rows of the share's releases, of the table that is asked for.

    Raises BluebookError, with the documents' own paths, where there is a problem that is not to be skipped.
    """
    with linked(share.paths) as links, TemporaryDirectory(prefix="bluebook-") as output:
        report = _read(share, options, links, output)
        if options.table == PROBLEMS:
            yield to_batch(problem_rows(_own_places(problem, links) for problem in report.problems), schema)
        else:
            for path in sorted(Path(output).glob(f"*/{options.table}.arrows")):
                yield from _batches(path, schema)


def _read(share: Share, options: Options, links: Links, output: str) -> Report:
    own = flags(output=output, table=_wanted(options), keep_sound=options.keeps_sound)
    accepted = SOUND_BESIDE if options.keeps_sound else (0,)
    with using(options.binary), at_hand(options.dataset) as dataset:
        reading = [*_reading(options, dataset), *_bounds(share)]
        try:
            return reported("read", [*own, *reading, *positional(links.root)], accepted=accepted)
        except BluebookError as error:
            problems = tuple(_own_places(problem, links) for problem in error.problems)
            raise type(error)(error.exit_code, links.in_words(error.message), problems) from None


def _wanted(options: Options) -> str:
    """Problems need no table; notes are the least."""
    return "notes" if options.table == PROBLEMS else options.table


def _reading(options: Options, dataset: str | None) -> list[str]:
    return reading_flags(
        dataset=dataset, release_date=options.release_date, encoding=options.encoding, limits=options.limits
    )


def _bounds(share: Share) -> list[str]:
    """Which releases have their rows given; `--from` also says that exceptions may be for documents that are not here."""
    if share.is_whole:
        return flags(**{"from": share.since})
    return flags(**{"from": share.since or FIRST_DAY, "as_of": share.until})


def _own_places(problem: Problem, links: Links) -> Problem:
    places = tuple(replace(place, path=links.original(place.path)) for place in problem.places)
    return replace(problem, places=places)


def _batches(path: Path, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The rows of an Arrow stream, some at a time, with the schema that was declared."""
    with path.open("rb") as file, pa.ipc.open_stream(file) as stream:
        for batch in stream:
            yield from pa.Table.from_batches([batch]).cast(schema).to_batches()
