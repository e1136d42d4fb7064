"""Problems of documents as rows, and as the words of a failure."""

from collections.abc import Iterable, Sequence

import pyarrow as pa

from bluebook.problems import Place, Problem

MOST_TOLD = 5


def problem_rows(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """A row a problem, by the columns of the table `problems`."""
    return [_row(problem) for problem in problems]


def _row(problem: Problem) -> dict[str, str]:
    main = problem.places[0] if problem.places else None
    return {
        "document": main.path if main else "",
        "rule": problem.rule,
        "severity": problem.severity,
        "message": problem.message,
        "place": _within(main) if main else "",
        "help": problem.help or "",
    }


def _within(place: Place) -> str:
    return ":".join(str(part) for part in (place.line, place.column, place.cell) if part is not None)


def errors_in(rows: Sequence[dict[str, str]]) -> list[dict[str, str]]:
    """The rows of those that are no warnings."""
    return [row for row in rows if row["severity"] == "error"]


def tell(rows: Sequence[dict[str, str]]) -> str:
    """What is wrong, where, and what to do, in words."""
    told = [_words(row) for row in rows[:MOST_TOLD]]
    more = [f"and {len(rows) - MOST_TOLD} more"] if len(rows) > MOST_TOLD else []
    return "\n".join([*told, *more])


def _words(row: dict[str, str]) -> str:
    place = ":".join(part for part in (row["document"], row["place"]) if part)
    help_line = f"\n  help: {row['help']}" if row["help"] else ""
    return f"{row['severity']}[{row['rule']}]: {row['message']}\n  --> {place}{help_line}"


def to_batch(rows: Sequence[dict[str, str]], schema: pa.Schema) -> pa.RecordBatch:
    """The rows in Arrow."""
    return pa.RecordBatch.from_pylist(list(rows), schema=schema)
