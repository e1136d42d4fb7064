"""Runs the queries of the README and the book in DuckDB on a history made up from the annex, and holds what they give against
what plain Python makes of the published `observations.csv`. Neither history nor bounds are looked at for it.

    python scripts/queries.py target/debug/bluebook

One line for each query; exit code 1 where one gives other rows, or where the README lacks one of the questions.
"""

import csv
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parent.parent
PAGES = ["README.md", "docs/src/histories.md", "docs/src/bounds.md"]
PUBLISHED = Path("output/hk-talent-admissions")
ANNEX = (ROOT / "input/hk-talent-admissions-2026-02.txt").read_text(encoding="utf-8")
LAST_DAY = "9999-12-31"


# --- a history of three releases: one revises, lists and folds regions, one revises what a residual holds ---


def number(cell):
    return int(cell.replace(" ", ""))


def changed(text, label, column, by):
    """The first table with another figure, and the total that follows from it."""
    lines = text.split("\n")
    for start in (label, "Total"):
        at = next(at for at, line in enumerate(lines) if line.startswith(f"{start}\t"))
        cells = lines[at].split("\t")
        cells[column] = str(number(cells[column]) + by)
        lines[at] = "\t".join(cells)
    return "\n".join(lines)


def folded(text, label):
    """The first table without the row of a region, whose figures are among the others."""
    lines = text.split("\n")
    own, others = (next(line for line in lines if line.startswith(f"{start}\t")) for start in (label, "Others"))
    sums = (number(one) + number(other) for one, other in zip(own.split("\t")[1:], others.split("\t")[1:]))
    at = lines.index(others)
    lines[at] = "\t".join(["Others", *map(str, sums)])
    lines.remove(own)
    return "\n".join(lines)


RELEASES = {
    "2026-03-05": changed(folded(ANNEX, "Australia"), "Canada", 2, -2),
    "2026-03-20": folded(ANNEX, "Singapore"),
    "2026-04-10": changed(folded(folded(ANNEX, "Singapore"), "Australia"), "Others", 3, 7),
}


# --- what the questions ask for, by the printed figures alone ---


class Figures:
    """What each release prints: tables by scheme and period, then releases, then figures by region."""

    def __init__(self, path):
        self.prints, self.names = defaultdict(lambda: defaultdict(dict)), {}
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                table = self.prints[row["scheme"], row["period"]][row["release_date"]]
                table[row["region"]] = int(row["value"]) if row["value"] else None
                self.names[row["region"]] = row["region_name"]

    def tables(self):
        """Scheme, period, and the prints of the table in order, each with its release."""
        for (scheme, period), prints in self.prints.items():
            yield scheme, period, sorted(prints.items())

    def regions(self, period):
        """The regions that some table of a period lists."""
        prints = (own for (_, of), releases in self.prints.items() if of == period for own in releases.values())
        return {region for figures in prints for region in figures if is_listed(region)}


def is_listed(region):
    return not region.startswith("_")


def as_of(figures, day):
    """For each figure that was printed up to a day what the newest print of its table says; nothing where that lacks it."""
    for scheme, period, prints in figures.tables():
        known = [of for release, of in prints if release <= day]
        for region in set().union(*known):
            yield {"scheme": scheme, "region": region, "period": period, "value": known[-1].get(region)}


def current(figures, _):
    return (row for row in as_of(figures, LAST_DAY) if row["value"] is not None)


def as_of_its_day(figures, query):
    return as_of(figures, re.search(r"DATE '([\d-]+)'", query)[1])


def first_prints(figures, _):
    for scheme, period, prints in figures.tables():
        for region in set().union(*(of for _, of in prints)):
            value = next(of[region] for _, of in prints if region in of)
            yield {"scheme": scheme, "region": region, "period": period, "value": value}


def revisions(figures, _):
    """What differs from the print before; a residual less the figures of regions that moved in and out of it."""
    for scheme, period, prints in figures.tables():
        for (_, before), (release, now) in zip(prints, prints[1:]):
            moved_in = sum(before[region] for region in before.keys() - now)
            moved = moved_in - sum(now[region] for region in now.keys() - before)
            for region in before.keys() & now:
                difference = now[region] - before[region] - (moved if region == "_O" else 0)
                if difference:
                    key = {"scheme": scheme, "region": region, "period": period, "realtime_start": release}
                    yield key | {"previous_value": before[region], "value": now[region], "difference": difference}


def cannot_hold(scheme, region):
    """By the annex's notes: one scheme is for the Mainland only, two are not for it."""
    return region != "CHN" if scheme == "ASMTP" else scheme in ("GEP", "ASSG") and region == "CHN"


def bounds(figures):
    """At least what is listed, at most what may be among the others beside it."""
    columns = defaultdict(dict)
    for scheme, period, prints in figures.tables():
        for release, of in prints:
            columns[release, period][scheme] = of
    for (release, period), tables in columns.items():
        for region in figures.regions(period):
            lower = sum(of.get(region, 0) for of in tables.values())
            holding = [of for scheme, of in tables.items() if region not in of and not cannot_hold(scheme, region)]
            key = {"release_date": release, "region": region, "region_name": figures.names[region], "period": period}
            yield key | {"lower": lower, "upper": lower + sum(of["_O"] for of in holding)}


def exact(figures, _):
    return (row for row in bounds(figures) if row["lower"] == row["upper"])


def more_than_india(figures, _):
    rows = [row for row in bounds(figures) if row["period"] == "2025"]
    india = {row["release_date"]: row["upper"] for row in rows if row["region"] == "IND"}
    return (row for row in rows if row["lower"] > india[row["release_date"]])


# Each question by the words of a query that tell it.
QUESTIONS = {
    f"realtime_end = DATE '{LAST_DAY}'": current,
    "BETWEEN realtime_start AND realtime_end": as_of_its_day,
    "revision = 0": first_prints,
    "kind = 'revised'": revisions,
    "WHERE exact": exact,
    "> india.upper": more_than_india,
}


# --- queries and what they give ---


def queries(page):
    """The statements of a page's blocks of SQL."""
    blocks = re.findall(r"^```sql\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [query.strip() for block in blocks for query in re.split(r";$", block, flags=re.MULTILINE) if query.strip()]


def question(query):
    """The words that tell what a query asks; a query that nothing is known of is none that a reader may be shown."""
    told = [words for words in QUESTIONS if words in query]
    if len(told) != 1:
        raise SystemExit(f"no one question of scripts/queries.py is this:\n{query}")
    return told[0]


def plain(value):
    return value.isoformat() if isinstance(value, date) else value


def problems(connection, query, figures):
    """Where the rows of a query are not those of plain Python."""
    found = connection.execute(query)
    names = [column[0] for column in found.description]
    rows = [dict(zip(names, map(plain, row))) for row in found.fetchall()]
    expected = list(QUESTIONS[question(query)](figures, query))
    if not expected:
        yield "no row is expected, so that nothing is tried"
        return
    columns = [name for name in names if name in expected[0]]
    if "*" not in query and columns != names:
        yield f"of {names} only {columns} are known"
    found, expected = (Counter(tuple(row[name] for name in columns) for row in of) for of in (rows, expected))
    yield from (f"not found: {row}" for row in expected - found)
    yield from (f"found, but not so: {row}" for row in found - expected)
    order = re.search(r"ORDER BY (?:\w+\.)?(\w+) DESC", query)
    if order and [row[order[1]] for row in rows] != sorted((row[order[1]] for row in rows), reverse=True):
        yield f"the rows are not in the order of {order[1]}"


def publish(binary):
    Path("input").mkdir()
    for release, text in RELEASES.items():
        Path(f"input/{release}.txt").write_text(text, encoding="utf-8")
    subprocess.run([binary, "run", "--quiet"], check=True)


def connect():
    """DuckDB, which knows the published tables by their names, too."""
    connection = duckdb.connect()
    for path in PUBLISHED.glob("*.parquet"):
        connection.execute(f"CREATE VIEW {path.stem} AS SELECT * FROM '{path}'")
    return connection


def main():
    binary, failed = Path(sys.argv[1]).resolve(), False
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        publish(binary)
        connection, figures = connect(), Figures(PUBLISHED / "observations.csv")
        for page in PAGES:
            for query in queries(page):
                found = list(problems(connection, query, figures))
                failed |= bool(found)
                print(f"{'FAIL' if found else 'ok  '} {page}: {question(query)}", *found[:5], sep="\n     ")
        os.chdir(ROOT)
    unasked = QUESTIONS.keys() - map(question, queries("README.md"))
    print(*(f"FAIL README.md: nothing asks for {words}" for words in unasked), sep="\n", end="")
    sys.exit(failed or bool(unasked))


if __name__ == "__main__":
    main()
