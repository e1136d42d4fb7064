"""Hold what is published of real workbooks against all of their cells, read by another program.

    python scripts/cells.py --binary target/debug/bluebook [--sources ../shared/sources/workbooks]

Each workbook is described here a second time, in coordinates: which cells are figures, and what is printed above and beside
each. python-calamine reads it; nothing is shared with bluebook or with the definition. Each figure that is published must
stand in one of these cells, with the same value, labels, measure and period, and each of these cells must be published.
"""

import argparse
import csv
import re
import subprocess
import sys
import tempfile
import tomllib
import unicodedata
from pathlib import Path

from python_calamine import CalamineWorkbook

ROOT = Path(__file__).resolve().parent.parent
MONTHS = {name: at for at, name in enumerate("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(), 1)}


def letters(column):
    """The letters of a column, from 0."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def fold(text):
    """A label without white space and case; superscripts as what they raise."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", str(text))).lower()


class Sheet:
    """The cells of a sheet, rows and columns from 1 and A; a mark for nil is read as 0."""

    def __init__(self, book, name, nil=None):
        self.name, self.nil = name, nil
        self.rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)

    def cell(self, row, column):
        cells = self.rows[row - 1] if row <= len(self.rows) else []
        value = cells[column] if column < len(cells) else ""
        value = value.strip() if isinstance(value, str) else value
        return 0.0 if value == self.nil else value

    def text(self, row, column):
        value = self.cell(row, column)
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)

    def left(self, row, column, first):
        """What is printed in a row at a column, or left of it."""
        while column > first and self.text(row, column) == "":
            column -= 1
        return self.text(row, column)


def months_of(text):
    return MONTHS.get(re.sub(r"[^A-Za-z]", "", text)[:3])


def path(*texts):
    """A label over several rows."""
    return " ".join(text for text in texts if text)


def ircc(book):
    sheet = Sheet(book, "PR - CITZ")
    for column in range(1, 174):
        year = sheet.left(3, column, 1)
        quarter, inner = sheet.left(4, column, 1), sheet.text(5, column)
        if "Total" in quarter:
            period = quarter.split()[0]
        elif "Total" in inner:
            period = f"{year}-{inner.split()[0]}"
        else:
            period = f"{year}-{MONTHS[inner]:02}" if inner else None
        for row in range(6, 225):
            if sheet.text(row, 0) and sheet.text(row, column) != "":
                yield sheet, row, column, {"country_of_citizenship": sheet.text(row, 0)}, None, period


def undesa(book):
    span = {f"{year}-{year + 5}": f"{year}-07-01/P60M" for year in range(1990, 2020, 5)}
    for number, dimension in [(1, "sex"), (2, "sex_2"), (3, "sex_3"), (4, None), (5, "sex_4"), (6, "category")]:
        sheet = Sheet(book, f"Table {number}")
        for column in range(5, max(map(len, sheet.rows))):
            head, time = sheet.left(8, column, 5), sheet.text(11, column)
            for row in range(12, 295):
                labels = {"region_development_group": sheet.text(row, 1)}
                labels.update({dimension: head} if dimension else {})
                if sheet.text(row, column) != "":
                    yield sheet, row, column, labels, None, span.get(time, time)


def house_prices(book):
    for name, first, years, figures in [("Table 11", 6, 1, range(4, 13)), ("Table 15", 10, 0, range(3, 22))]:
        sheet = Sheet(book, name)
        section = year = None
        for row in range(first, len(sheet.rows) + 1):
            heading = sheet.text(row, 0)
            quarter = sheet.text(row, years + 1)
            if quarter == "" and heading and not re.fullmatch(r"[A-Z]\d+", heading):
                section = heading
            year = sheet.text(row, years) or year
            for column in figures if re.fullmatch(r"Q[1-4]", quarter) else []:
                if sheet.text(row, column) == "":
                    continue
                if name == "Table 11":
                    category, measure = sheet.text(3, column), None
                else:
                    category = sheet.left(4, column, 3)
                    measure = path(*(sheet.text(at, column) for at in range(5, 9)))
                yield sheet, row, column, {"section": section, "category": category}, measure, f"{year}-{quarter}"


def marriages(book):
    for name, last in [("Table 1", 16), ("Table 2", 183)]:
        sheet = Sheet(book, name)
        section = None
        for row in range(8, last + 1):
            label = sheet.text(row, 0)
            if sheet.text(row, 1) == "":
                section = label or section
                continue
            for column in [*range(1, 7), *range(8, 16)]:
                category = path(sheet.left(5, column, 1), sheet.left(6, column, 1))
                own = {"section": label} if name == "Table 1" else {"section": section, "category": label}
                own["category_2"] = category
                yield sheet, row, column, own, sheet.text(7, column), "2017"


def crime(book):
    sheet = Sheet(book, "16tbl02")
    area = None
    for row in range(6, 204):
        area = sheet.text(row, 0) or area
        if not re.fullmatch(r"\d{4}", sheet.text(row, 1)):
            continue
        for column in range(2, 23):
            if sheet.text(row, column) != "":
                labels = {"area": area, "category": sheet.left(4, column, 2)}
                yield sheet, row, column, labels, sheet.text(5, column) or None, sheet.text(row, 1)


def earnings(book):
    for name in book.sheet_names[1:]:
        sheet = Sheet(book, name)
        before = None
        for column in range(2, 17):
            head = path(*(sheet.text(row, column) for row in (3, 4, 5)))
            measure = path(before, head) if head.startswith("Annual") else head
            before = before if head.startswith("Annual") else head
            for row in range(6, 417):
                if sheet.text(row, column) != "":
                    yield sheet, row, column, {"description": sheet.text(row, 0)}, measure, "year in title"


def travel(book):
    for number in range(1, 6):
        sheet = Sheet(book, f"Table {number}")
        year = None
        for row in range(7, 70):
            month = months_of(sheet.text(row, 1))
            year = sheet.text(row, 0) if re.fullmatch(r"\d{4}", sheet.text(row, 0)) else year
            for column in range(2, 11) if month else []:
                if sheet.text(row, column) != "":
                    yield sheet, row, column, {}, None, f"{year}-{month:02}"


def debt(book):
    def period(text):
        months = re.match(r"(\w+) (\d{4}) to (\w+) (\d{4})", text, re.I)
        if not months:
            return None
        first, last = months_of(months[1]), months_of(months[3])
        length = (int(months[4]) - int(months[2])) * 12 + last - first + 1
        return f"{months[2]}-{first:02}-01/P{length}M"

    for name in book.sheet_names:
        if not re.fullmatch(r"Table \d+\s*", name):
            continue
        sheet = Sheet(book, name)
        is_wide = period(sheet.text(4, 1)) is not None
        head = 5 if is_wide else 4
        width = max(map(len, sheet.rows))
        heads = [sheet.text(head, column) for column in range(width)]
        last = max(row for row in range(head + 1, len(sheet.rows) + 1)
                   if sum(sheet.text(row, column) != "" for column in range(1, width)) > 1)
        section, owner = None, None
        for row in range(head + 1, last + 1):
            label = sheet.text(row, 0)
            if all(sheet.text(row, column) == "" for column in range(1, width)):
                section = label
                continue
            owner = owner if label.startswith("- ") else label
            before = None
            for column in range(1, width):
                if heads[column] == "" or sheet.text(row, column) == "":
                    continue
                measure = heads[column]
                if heads.count(measure) == 1:
                    before = measure
                elif not is_wide:
                    measure = path(before, measure)
                time = period(sheet.left(4, column, 1)) if is_wide else period(section or "") or "year in title"
                whole = path(owner, label) if label.startswith("- ") else label
                yield sheet, row, column, {"*": whole}, measure, time


def poverty(book):
    sheet = Sheet(book, "Table 3")
    heads = {3: [(11, 3), (13, 3)], 5: [(11, 3), (13, 5)], 7: [(9, 7)], 9: [(10, 9)], 11: [(10, 11)],
             13: [(9, 13), (10, 13)], 15: [(9, 15), (10, 15), (12, 15)], 17: [(10, 15), (12, 17)],
             19: [(10, 15), (12, 19)], 21: [(10, 21)]}
    level = None
    for row in range(16, 145):
        if sheet.text(row, 1) == "":
            level = sheet.text(row, 0)
            continue
        for column, cells in heads.items():
            measure = path(*(sheet.text(*cell) for cell in cells))
            yield sheet, row, column, {"region": sheet.text(row, 1), "level": level}, measure, "2005"


def arrivals(book):
    total = Sheet(book, "T1").text(7, 0)
    # T2's row 7 is T1's total once more. T3's row 22, an average in days, is left out.
    tables = [("T1", range(7, 69), "ARRIVED", "market"), ("T2", range(7, 8), "ARRIVED", "market"),
              ("T2", range(8, 10), "ARRIVED", "sex"), ("T2", range(10, 19), "ARRIVED", "age"), ("T3", range(7, 22), "LEFT", "stay")]
    for name, rows, visitors, dimension in tables:
        sheet = Sheet(book, name, nil="-")
        for column in range(1, len(sheet.rows[5])):
            year, month = sheet.text(6, column).split()
            for row in rows:
                labels = {"visitors": visitors, "market": "", "sex": "", "age": "", "stay": ""}
                labels[dimension] = total if row == 7 and dimension == "market" else sheet.text(row, 0)
                yield sheet, row, column, labels, None, f"{year}-{MONTHS[month]:02}"


def immigration(book):
    # Coverage: both in the table of countries, what each row says in the table of regions, whose column of 2013 is empty.
    for name, head, first, last in [("Canada by Citizenship", 2, 9, 199), ("Regions by Citizenship", 21, 4, 50)]:
        sheet = Sheet(book, name)
        for row in range(head + 1, last + 1):
            if name == "Canada by Citizenship":
                coverage, region = "_T", sheet.text(row, 2)
            else:
                coverage = {"Citizens": "C", "Foreigners": "F"}[sheet.text(row, 1)]
                region = sheet.text(row, 3) or sheet.text(row, 2)
            for column in range(first, first + 34):
                if sheet.text(row, column) != "":
                    yield sheet, row, column, {"coverage": coverage, "region": region}, None, sheet.text(head, column)


def visits(book):
    # Left out: Tables 2, 4, and 5 (purposes, pounds), column E (seasonally adjusted), and rows 50 to 57 (sums and changes).
    for name, direction in [("Table 1", "IN"), ("Table 3", "OUT")]:
        sheet = Sheet(book, name)
        year = None
        for row in range(7, 49):
            year = sheet.text(row, 0) or year
            for column in [2, *range(6, 17, 2)]:
                heads = [sheet.left(3, column, 2), sheet.left(4, column, 2), sheet.text(5, column), sheet.text(6, column)]
                labels = {"direction": direction, "region": path(*heads)}
                yield sheet, row, column, labels, None, f"{year}-{months_of(sheet.text(row, 1)):02}"


WORKBOOKS = {
    "un-human-poverty": ("undp-human-development-2008.xlsx", poverty),
    "uk-household-debt": ("ons-household-debt.xls", debt),
    "ca-permanent-residents": ("ircc-permanent-residents-2025.xlsx", ircc),
    "un-migrant-stock": ("undesa-migrant-stock-2020.xlsx", undesa),
    "uk-house-prices": ("ons-house-prices.xls", house_prices),
    "au-marriage-survey": ("abs-marriages.xlsx", marriages),
    "us-crime": ("fbi-crime.xlsx", crime),
    "uk-earnings": ("ons-earnings-ashe.xls", earnings),
    "uk-overseas-travel-2022": ("ons-overseas-travel-2.xlsx", travel),
    "uk-overseas-travel": ("ons-overseas-travel.xls", visits),
    "sg-visitor-arrivals": ("singstat-visitor-arrivals.xlsx", arrivals),
    "un-immigration-canada": ("undesa-immigration-flows-canada.xlsx", immigration),
}


def published(binary, definition, workbook):
    """The rows of observations.csv that are printed, by their cell."""
    with tempfile.TemporaryDirectory() as folder:
        command = [binary, "run", workbook, "--dataset", definition, "--output", folder, "--release-date", "2030-01-01"]
        subprocess.run(command, check=True, capture_output=True)
        text = (Path(folder) / Path(definition).stem / "observations.csv").read_text()
    rows = [row for row in csv.DictReader(text.splitlines()) if row["source_position"]]
    return {row["source_position"]: row for row in rows if row["status"] != "O" or row["value_label"]}


def is_right(row, cell, labels, measure, period, names, decimals):
    """Whether a published row says what stands in its cell and beside it."""
    code = row.get("measure")
    value = cell if isinstance(cell, (int, float)) else None
    if value is None and re.fullmatch(r"-?[\d ,]*\d(\.\d+)?", str(cell)):
        value = float(re.sub(r"[ ,]", "", cell))
    if value is None:
        figures = row["value"] == ""
    else:
        figures = row["value"] != "" and abs(float(row["value"]) - value) <= 0.5 * 10 ** -decimals.get(code, 0) + 1e-6
    printed = {fold(text) for column, text in row.items() if column.endswith("_label")}
    # A dimension that no label is printed of is held by its code.
    words = all(
        fold(label) in printed if dimension == "*" else fold(row.get(f"{dimension}_label", row[dimension])) == fold(label)
        for dimension, label in labels.items()
    )
    named = measure is None or fold(re.sub(r"(\D)\d(,\d)?$", r"\1", names[code])) == fold(re.sub(r"(\D)\d(,\d)?$", r"\1", measure))
    timed = row["period"] == period or period == "year in title"
    return figures and words and named and timed


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary", default=ROOT / "target/debug/bluebook")
    parser.add_argument("--sources", default=ROOT.parent / "shared/sources/workbooks", type=Path)
    parser.add_argument("only", nargs="*")
    arguments = parser.parse_args()
    failed = False
    for name, (workbook, read) in WORKBOOKS.items():
        if arguments.only and name not in arguments.only:
            continue
        definition = ROOT / "tests/definitions" / f"{name}.toml"
        said = tomllib.loads(definition.read_text())
        measures = said["measure"] if isinstance(said["measure"], list) else [said["measure"]]
        names = {measure.get("code"): measure["name"] for measure in measures}
        decimals = {measure.get("code"): measure.get("decimals", 0) for measure in measures}
        rows = published(arguments.binary, definition, arguments.sources / workbook)
        book = CalamineWorkbook.from_path(arguments.sources / workbook)
        expected = {}
        for sheet, row, column, labels, measure, period in read(book):
            expected[f"{sheet.name}!{letters(column)}{row}"] = (sheet.cell(row, column), labels, measure, period)
        wrong = [at for at in expected.keys() & rows.keys() if not is_right(rows[at], *expected[at], names, decimals)]
        missing, extra = expected.keys() - rows.keys(), rows.keys() - expected.keys()
        # A row that is printed twice with the same figures is published once.
        same = {(str(cell), str(sorted((key, fold(label)) for key, label in labels.items())), measure, period)
                for at, (cell, labels, measure, period) in expected.items() if at in rows}
        twice = {at for at in missing
                 if (str(expected[at][0]), str(sorted((key, fold(label)) for key, label in expected[at][1].items())), *expected[at][2:]) in same}
        missing -= twice
        right = len(expected.keys() & rows.keys()) - len(wrong)
        print(f"{name}: {len(rows)} published, {right} right, {len(wrong)} wrong, {len(twice)} printed twice, {len(missing)} missing, {len(extra)} unexpected")
        for what, cells in [("wrong", wrong), ("missing", missing), ("unexpected", extra)]:
            for at in sorted(cells)[:3]:
                print(f"  {what} {at}: {expected.get(at)} {({k: v for k, v in rows[at].items() if v} if at in rows else '')}")
        failed |= bool(wrong or missing or extra)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
