"""The documents of a reading, and the release of each: the leading date of its file's name, else what the program finds."""

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bluebook.flags import positional, reading_flags
from bluebook.reading import SOUND_BESIDE
from bluebook.reported import reported
from bluebook.spark.definition import at_hand
from bluebook.spark.linked import linked
from bluebook.spark.options import Options

# For the engines' dialects of regular expressions, too.
LEADING_DATE = r"^([1-9][0-9]{3}-[0-9]{2}-[0-9]{2})([^0-9]|$)"


@dataclass(frozen=True)
class Document:
    """A file, its size, and its release; None where nobody knows it yet."""

    path: str
    bytes: int
    release: date | None = None


def leading_date(name: str) -> date | None:
    """The date at the beginning of a file's name: `2026-03-31-annex.txt`."""
    found = re.match(LEADING_DATE, name)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def find_documents(paths: Iterable[str]) -> list[Document]:
    """The files at the paths, and in folders and their subfolders, except hidden ones: as the program finds them.

    Raises FileNotFoundError for a path that is not there or has no document, ValueError for one of another file system, or
    a file that is hidden.
    """
    found = {path for given in paths for path in _insist(given, _find(local_path(given)))}
    return [Document(path, os.stat(path).st_size, leading_date(Path(path).name)) for path in sorted(found)]


def local_path(path: str) -> str:
    """A path as the system takes it, from one or from a `file:` URI. Raises ValueError for other URIs."""
    scheme, _, _ = path.partition(":/")
    if scheme == "file":
        return unquote(urlsplit(path).path)
    if re.fullmatch("[A-Za-z][A-Za-z0-9+.-]+", scheme) and scheme != path:
        raise ValueError(f"{path} is on no shared file system: read it as binaryFile, and give that to from_contents")
    return os.path.abspath(path)


def _insist(given: str, found: Iterator[str]) -> list[str]:
    paths = list(found)
    if not paths:
        raise FileNotFoundError(f"{given} is not there, or holds no documents")
    return paths


def _find(path: str) -> Iterator[str]:
    if os.path.isfile(path):
        yield _insist_on_name(path)
    elif os.path.isdir(path):
        for name in sorted(os.listdir(path)):
            if not name.startswith("."):
                yield from _find(os.path.join(path, name))


def _insist_on_name(path: str) -> str:
    if Path(path).name.startswith("."):
        raise ValueError(f"{path} is hidden, and the program reads no hidden files of folders: give it another name")
    return path


def with_releases(documents: list[Document], options: Options) -> list[Document]:
    """The same documents, those without a date in their names with the release that the program finds.

    One that cannot be read keeps None: what is wrong with it is told by whoever reads it.
    """
    undated = [document.path for document in documents if document.release is None]
    if not undated:
        return documents
    known = _ask(undated, options)
    return [replace(document, release=document.release or known.get(document.path)) for document in documents]


def _ask(paths: list[str], options: Options) -> dict[str, date | None]:
    with at_hand(options.dataset) as dataset, linked(paths) as links:
        reading = reading_flags(dataset=dataset, encoding=options.encoding, limits=options.limits)
        report = reported("check", [*reading, *positional(links.root)], accepted=SOUND_BESIDE)
        return {links.original(own.path): own.release for own in report.inputs}
