"""Documents from anywhere as one folder: a command line has no room for thousands of paths, and names must stay their own."""

import os
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory


@dataclass(frozen=True)
class Links:
    """A folder with a subfolder for each folder of documents, in their order, so that names stay apart."""

    root: str
    folders: dict[str, str]

    def original(self, path: str) -> str:
        """The document behind a link."""
        link = Path(path)
        return str(Path(self.folders[link.parent.name]) / link.name) if link.parent.name in self.folders else path

    def in_words(self, text: str) -> str:
        """A message, with the documents in place of links."""
        for name, folder in self.folders.items():
            text = text.replace(f"{self.root}{os.sep}{name}{os.sep}", folder.rstrip(os.sep) + os.sep)
        return text


@contextmanager
def linked(paths: Iterable[str]) -> Generator[Links, None, None]:
    """Links to documents by their paths, while within."""
    originals = [Path(path) for path in paths]
    parents = sorted({path.parent for path in originals}, key=lambda parent: parent.parts)
    names = {parent: f"{number:06}" for number, parent in enumerate(parents)}
    with TemporaryDirectory(prefix="bluebook-") as root:
        for name in names.values():
            os.mkdir(os.path.join(root, name))
        for path in originals:
            os.symlink(path, os.path.join(root, names[path.parent], path.name))
        yield Links(root, {name: str(parent) for parent, name in names.items()})
