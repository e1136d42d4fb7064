"""What was read: the tables of each dataset, and the problems."""

from abc import ABC, abstractmethod
from collections.abc import Mapping

from bluebook.problems import Problem
from bluebook.report import Report
from bluebook.table import Table


class Tables(ABC):
    """The published tables by their names."""

    @abstractmethod
    def table(self, name: str) -> Table:
        """A table by its name. Raises LookupError where it was not read, or the dataset has none of that name."""

    @property
    def observations(self) -> Table:
        """The figures, one a row: a code of each dimension, a period."""
        return self.table("observations")

    @property
    def checks(self) -> Table:
        """What the documents print that follows from their figures, each held against them."""
        return self.table("checks")

    @property
    def notes(self) -> Table:
        """Notes that the documents print, and to which tables they belong."""
        return self.table("notes")

    @property
    def regions(self) -> Table:
        """Every region that the observations use."""
        return self.table("regions")

    @property
    def codes(self) -> Table:
        """Every code of the dimensions that have lists of their own."""
        return self.table("codes")

    @property
    def history(self) -> Table:
        """What stood for each figure, from when to when; without rows where there is one release."""
        return self.table("history")

    @property
    def releases(self) -> Table:
        """The releases, and what each changed; without rows where there is one."""
        return self.table("releases")

    @property
    def bounds(self) -> Table:
        """How many all tables together have at least and at most, where some fold a code into the others."""
        return self.table("bounds")


class Dataset(Tables):
    """The tables of one dataset."""

    def __init__(self, name: str, tables: Mapping[str, Table]) -> None:
        self.name = name
        self.tables = tables

    def table(self, name: str) -> Table:
        if name not in self.tables:
            raise LookupError(f"of {self.name} no table `{name}` was read, but {_list(self.tables)}")
        return self.tables[name]

    def __repr__(self) -> str:
        return f"Dataset({self.name}: {_list(self.tables)})"


class Result(Tables):
    """What `bluebook.read` read.

    The tables are attributes of the result where one dataset was read; where there are several, `dataset(name)` has them.
    `report` tells of the documents and what was proven.
    """

    def __init__(self, report: Report, datasets: Mapping[str, Dataset]) -> None:
        self.report = report
        self.datasets = datasets

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that was found wrong, in the order of the documents."""
        return self.report.problems

    def dataset(self, name: str) -> Dataset:
        """The dataset of that name. Raises LookupError where none was read."""
        if name not in self.datasets:
            raise LookupError(f"no dataset `{name}` was read, but {_list(self.datasets)}")
        return self.datasets[name]

    def table(self, name: str) -> Table:
        if len(self.datasets) != 1:
            raise LookupError(f"a table of which dataset? {_list(self.datasets)} was read: take result.dataset(name)")
        return next(iter(self.datasets.values())).table(name)

    def __repr__(self) -> str:
        return f"Result({_list(self.datasets)}; {len(self.problems)} problems)"


def _list(names: Mapping[str, object]) -> str:
    return ", ".join(names) or "nothing"
