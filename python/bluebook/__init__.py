"""Published statistical tables as verified Arrow tables.

The program `bluebook` reads, checks and computes; this package calls it and hands over what it says. Nothing here computes
a figure.
"""

from bluebook.commands import check, explain, init, load, run, verify
from bluebook.errors import (
    BluebookError,
    Busy,
    ConfigWrong,
    Differs,
    InputOutput,
    InternalFault,
    NoInput,
    ProblemsFound,
    Stopped,
    UnreadableDocument,
    UsageWrong,
)
from bluebook.problems import Place, Problem, Repair
from bluebook.reading import read
from bluebook.regions import Region, resolve
from bluebook.report import Report
from bluebook.result import Dataset, Result
from bluebook.table import Table

__all__ = [
    "BluebookError",
    "Busy",
    "ConfigWrong",
    "Dataset",
    "Differs",
    "InputOutput",
    "InternalFault",
    "NoInput",
    "Place",
    "Problem",
    "ProblemsFound",
    "Region",
    "Repair",
    "Report",
    "Result",
    "Stopped",
    "Table",
    "UnreadableDocument",
    "UsageWrong",
    "check",
    "explain",
    "init",
    "load",
    "read",
    "resolve",
    "run",
    "verify",
]
