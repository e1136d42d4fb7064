"""A workbook of a million figures, and the definition that reads it: what reading workbooks is timed on.

    python scripts/flows.py FOLDER

Ten tables on one sheet, one under another, each of 249 economies and a total in 400 months; figures are random, the same
each time. The total of each month is the sum of its column.
"""

import random
import sys
from pathlib import Path

import pycountry
import xlsxwriter

TABLES = 10
FIRST_YEAR = 1990
MONTHS = 400
NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
MOST = 100_000

DEFINITION = """\
name = "flows"
title = "Flows by country"
publisher = "Chance"
regular_period = "month"

[measure]
name = "flows"
unit = "persons"

[[dimension]]
name = "flow"
meaning = "flow"
printed = "table"

[dimension.codes]
"""
CODE = 'F{number} = "Flow {number} by country"\n'
REGIONS = """
[[dimension]]
name = "region"
meaning = "country"
codes = "regions"
"""


def table(sheet, row, number, countries, chance):
    """One table from a row on; returns the row behind it."""
    sheet.write(row, 0, f"Flow {number} by country")
    months = [f"{NAMES[at % 12]} {FIRST_YEAR + at // 12}" for at in range(MONTHS)]
    sheet.write_row(row + 2, 0, ["Country", *months])
    totals = [0] * MONTHS
    for at, country in enumerate(countries, row + 3):
        figures = [chance.randrange(MOST) for _ in range(MONTHS)]
        totals = [total + figure for total, figure in zip(totals, figures)]
        sheet.write_row(at, 0, [country, *figures])
    end = row + 3 + len(countries)
    sheet.write_row(end, 0, ["Total", *totals])
    return end + 2


def main():
    """Write both files."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    countries = [country.name for country in pycountry.countries][:249]
    book = xlsxwriter.Workbook(folder / "flows.xlsx", {"constant_memory": True})
    sheet, row, chance = book.add_worksheet("Flows"), 0, random.Random(1)
    for number in range(1, TABLES + 1):
        row = table(sheet, row, number, countries, chance)
    book.close()
    codes = "".join(CODE.format(number=number) for number in range(1, TABLES + 1))
    (folder / "flows.toml").write_text(DEFINITION + codes + REGIONS)


if __name__ == "__main__":
    main()
