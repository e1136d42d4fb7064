"""A dataset that is named on one machine and used on another: the text of its definition goes along."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory


@dataclass(frozen=True)
class DatasetChoice:
    """A built-in dataset by its name, or a definition by the name of its file and its text."""

    name: str
    text: str | None = None

    @classmethod
    def of(cls, name_or_file: str) -> "DatasetChoice":
        """What is there as a file is a definition."""
        path = Path(name_or_file)
        return cls(path.name, path.read_text(encoding="utf-8")) if path.is_file() else cls(name_or_file)

    @contextmanager
    def at_hand(self) -> Generator[str, None, None]:
        """What the program takes as its dataset, while within."""
        if self.text is None:
            yield self.name
            return
        with TemporaryDirectory(prefix="bluebook-") as folder:
            path = Path(folder) / self.name
            path.write_text(self.text, encoding="utf-8")
            yield str(path)


@contextmanager
def at_hand(choice: DatasetChoice | None) -> Generator[str | None, None, None]:
    """The same where none may be chosen."""
    if choice is None:
        yield None
        return
    with choice.at_hand() as name:
        yield name
