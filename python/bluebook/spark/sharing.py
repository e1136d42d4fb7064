"""Who reads what: releases are split in order, and a part whose rows are compared with earlier releases reads those, too."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, groupby

from bluebook.spark.documents import Document
from bluebook.spark.options import Options

# The rows of a release depend on nothing else.
ALONE = ("checks", "bounds", "notes")
# They depend on earlier releases.
COMPARED = ("observations",)


@dataclass(frozen=True)
class Share:
    """What one task reads.

    - paths: its documents
    - since, until: the releases whose rows it gives; earlier ones are compared with
    - is_whole: whether there are no other documents
    """

    paths: tuple[str, ...]
    since: date | None = None
    until: date | None = None
    is_whole: bool = True


def can_be_split(options: Options) -> bool:
    """Whether several tasks read, each some releases: not where rows follow from all releases, or all are of one."""
    return options.partitions > 1 and options.release_date is None and options.table in (*ALONE, *COMPARED)


def shares(documents: Sequence[Document], options: Options) -> list[Share]:
    """The documents, whose releases are known as far as they can be, as at most so many shares as are asked for.

    A document without a release is in each share: the program finds where it belongs.
    """
    parts = _split(documents, options.partitions) if can_be_split(options) else []
    if len(parts) < 2:
        return [Share(tuple(document.path for document in documents))]
    ends = [*(part[-1] for part in parts[:-1]), None]
    return [_share(documents, part[0], end, options) for part, end in zip(parts, ends, strict=True)]


def _share(documents: Sequence[Document], first: date, last: date | None, options: Options) -> Share:
    begin = first if options.table in ALONE else _years_before(first, options.context_years)
    own = [document for document in documents if _is_within(document.release, begin, last)]
    return Share(tuple(document.path for document in own), first, last, len(own) == len(documents))


def _is_within(release: date | None, begin: date, last: date | None) -> bool:
    return release is None or (begin <= release and (last is None or release <= last))


def _years_before(day: date, years: int | None) -> date:
    """29 February is 1 March in other years, as SDMX and people have it; all of time where no years are said."""
    if years is None or years >= day.year:
        return date.min
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def _split(documents: Sequence[Document], count: int) -> list[list[date]]:
    """Releases in order, in parts of about as many bytes; none is empty."""
    sizes: dict[date, int] = {}
    for document in documents:
        if document.release is not None:
            sizes[document.release] = sizes.get(document.release, 0) + document.bytes
    releases = sorted(sizes)
    total = sum(sizes.values())
    before = [0, *accumulate(sizes[release] for release in releases)]
    bounds = [total * part / count for part in range(1, count)]
    numbered = zip((bisect_right(bounds, start) for start in before), releases, strict=False)
    return [[release for _, release in part] for _, part in groupby(numbered, key=lambda pair: pair[0])]
