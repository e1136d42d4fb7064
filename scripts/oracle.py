"""Compute what a run over the annex of February 2026 must publish, without any of bluebook's code.

The annex's figures stand below as a person reads them off the page. Everything else follows from them by
exact fractions, which become floats only when they are written. Two programs that share no line and agree on
every figure are unlikely to share a mistake.

    python scripts/oracle.py [PATH]        PATH is tests/data/annex-expected.csv if left out
"""

import csv
import sys
from fractions import Fraction
from pathlib import Path

DEFAULT_PATH = Path("tests/data/annex-expected.csv")

# scheme: the rows as printed, each (label, region, figures of 2023, 2024, 2025 and 2026); None is a printed `-`.
ANNEX = {
    "TTPS": [
        ("Chinese Mainland", "CHN", [47021, 39010, 29638, 4340]),
        ("Canada", "CAN", [549, 393, 346, 61]),
        ("The United States", "USA", [536, 331, 304, 50]),
        ("Australia", "AUS", [370, 256, 191, 23]),
        ("Singapore", "SGP", [191, 143, 118, 20]),
        ("Others", "_O", [1070, 924, 911, 146]),
        ("Total", "_T", [49737, 41057, 31508, 4640]),
    ],
    "GEP": [
        ("South Korea", "KOR", [2144, 5565, 5516, 726]),
        ("Japan", "JPN", [2492, 3449, 3689, 496]),
        ("Taiwan, China", "TWN", [2632, 3439, 2554, 420]),
        ("The United States", "USA", [1891, 2076, 2121, 296]),
        ("The United Kingdom", "GBR", [2205, 2446, 2472, 283]),
        ("India", "IND", [1464, 2244, 1518, 185]),
        ("France", "FRA", [1027, 1329, 1187, 160]),
        ("The Philippines", "PHL", [1813, 1133, 934, 159]),
        ("Malaysia", "MYS", [933, 984, 820, 111]),
        ("Thailand", "THA", [1179, 2009, 759, 63]),
        ("Others", "_O", [8490, 10384, 9708, 1331]),
        ("Total", "_T", [26270, 35058, 31278, 4230]),
    ],
    # No region column is printed: every case is one of the Mainland, and the total is ours.
    "ASMTP": [
        (None, "CHN", [19757, 25344, 26714, 4011]),
    ],
    "IANG": [
        ("Chinese Mainland", "CHN", [24650, 24291, 26355, 2479]),
        ("South Korea", "KOR", [212, 169, 176, 23]),
        ("India", "IND", [197, 110, 130, 10]),
        ("Taiwan, China", "TWN", [107, 99, 86, 7]),
        ("Malaysia", "MYS", [99, 63, 73, 7]),
        ("Macao SAR", "MAC", [63, 54, 69, 5]),
        ("Pakistan", "PAK", [57, 56, 55, 6]),
        ("Canada", "CAN", [44, 24, 22, 4]),
        ("The United States", "USA", [36, 29, 25, 3]),
        ("France", "FRA", [7, 8, 18, 3]),
        ("Others", "_O", [617, 572, 621, 56]),
        ("Total", "_T", [26089, 25475, 27630, 2603]),
    ],
    "TechTAS": [
        ("Chinese Mainland", "CHN", [114, 106, 143, 18]),
        ("The United States", "USA", [2, 2, 5, 1]),
        ("Italy", "ITA", [None, None, None, 1]),
        ("Canada", "CAN", [None, None, 4, None]),
        ("Singapore", "SGP", [None, None, 2, None]),
        ("India", "IND", [1, None, 2, None]),
        ("South Korea", "KOR", [1, None, 1, None]),
        ("Others", "_O", [12, 10, 4, None]),
        ("Total", "_T", [130, 118, 161, 20]),
    ],
    "QMAS": [
        ("Chinese Mainland", "CHN", [12775, 11593, 6888, 673]),
        ("Canada", "CAN", [41, 51, 56, 5]),
        ("Australia", "AUS", [34, 61, 45, 3]),
        ("The United States", "USA", [34, 46, 28, 1]),
        ("Others", "_O", [85, 97, 84, 17]),
        ("Total", "_T", [12969, 11848, 7101, 699]),
    ],
    "ASSG": [
        ("The United Kingdom", "GBR", [18, 20, 18, 6]),
        ("The United States", "USA", [21, 17, 18, 4]),
        ("Canada", "CAN", [25, 23, 17, 3]),
        ("Australia", "AUS", [10, 4, 6, 2]),
        ("The Netherlands", "NLD", [4, 2, 2, None]),
        ("Singapore", "SGP", [3, 2, 2, None]),
        ("France", "FRA", [None, None, 1, None]),
        ("Others", "_O", [16, 12, 4, 1]),
        ("Total", "_T", [97, 80, 68, 16]),
    ],
}

NAMES = {
    "AUS": "Australia",
    "CAN": "Canada",
    "CHN": "Chinese Mainland",
    "FRA": "France",
    "GBR": "The United Kingdom",
    "IND": "India",
    "ITA": "Italy",
    "JPN": "Japan",
    "KOR": "South Korea",
    "MAC": "Macao SAR",
    "MYS": "Malaysia",
    "NLD": "The Netherlands",
    "PAK": "Pakistan",
    "PHL": "The Philippines",
    "SGP": "Singapore",
    "THA": "Thailand",
    "TWN": "Taiwan, China",
    "USA": "The United States",
    "_O": "Others",
    "_T": "Total",
}

KINDS = {"_O": "residual", "_T": "total"}

# In the order of the figures: period, first day, last day, months, whether partial, period compared with.
PERIODS = [
    ("2023", "2023-01-01", "2023-12-31", 12, False, None),
    ("2024", "2024-01-01", "2024-12-31", 12, False, "2023"),
    ("2025", "2025-01-01", "2025-12-31", 12, False, "2024"),
    ("2026-01-01/P2M", "2026-01-01", "2026-02-28", 2, True, None),
]

# Three tables print a blank within the heading of the part-year.
SPACED_HEADINGS = {"TTPS", "IANG", "ASSG"}

COLUMNS = [
    "scheme", "region", "region_name", "region_label", "region_kind",
    "period", "period_label", "period_start", "period_end", "period_months", "is_partial",
    "value", "value_label", "status", "basis", "share", "monthly_average",
    "previous_period", "change_absolute", "change_relative", "share_change", "contribution", "region_rank",
]  # fmt: skip


def period_label(scheme, period):
    """The heading as printed: only that of the part-year says more than the year."""
    if "/" not in period:
        return period
    blank = " " if scheme in SPACED_HEADINGS else ""
    return f"2026 (as at end-{blank}February)"


def with_total(rows):
    """The rows with a total: the printed one, or one of ours where a table prints none."""
    if any(code == "_T" for _, code, _ in rows):
        return rows
    return [*rows, (None, "_T", [sum(column) for column in zip(*(figures for _, _, figures in rows))])]


def ratio(part, whole):
    """An exact quotient, or nothing where there is nothing to divide or to divide by."""
    return None if part is None or not whole else Fraction(part, whole)


def difference(now, before):
    """How much more, or nothing where one side is missing."""
    return None if now is None or before is None else now - before


def rank(figures, code, at):
    """1 for the largest economy; ties share the lower number. Residual and total are not ranked."""
    if code in KINDS:
        return None
    rivals = [values[at] for other, values in figures.items() if other not in KINDS]
    return 1 + sum(rival > figures[code][at] for rival in rivals)


def basis(printed, derived):
    """What a figure rests on: our sum, a nil mark, or the page."""
    if derived:
        return "derived"
    return "nil" if printed is None else "published"


def value_label(printed, derived):
    """The cell as printed: blanks part the thousands, except in two cells of GEP's Others (see UNPARTED)."""
    if derived:
        return None
    return "-" if printed is None else f"{printed:,}".replace(",", " ")


# These two cells are printed without the blank.
UNPARTED = {("GEP", "_O", "2025"): "9708", ("GEP", "_O", "2026-01-01/P2M"): "1331"}


def comparison(figures, code, at, previous):
    """The changes against the period of the same length a year earlier."""
    if previous is None:
        return dict.fromkeys(["change_absolute", "change_relative", "share_change", "contribution"])
    before = [period[0] for period in PERIODS].index(previous)
    values, totals = figures[code], figures["_T"]
    change = values[at] - values[before]
    return {
        "change_absolute": change,
        "change_relative": ratio(change, values[before]),
        "share_change": difference(ratio(values[at], totals[at]), ratio(values[before], totals[before])),
        "contribution": ratio(change, totals[before]),
    }


def observation(scheme, row, figures, at):
    """One published row: the figure of one region in one period."""
    label, code, printed = row
    period, start, end, months, partial, previous = PERIODS[at]
    derived = code == "_T" and label is None
    value = figures[code][at]
    return {
        "scheme": scheme,
        "region": code,
        "region_name": NAMES[code],
        "region_label": label,
        "region_kind": KINDS.get(code, "economy"),
        "period": period,
        "period_label": period_label(scheme, period),
        "period_start": start,
        "period_end": end,
        "period_months": months,
        "is_partial": partial,
        "value": value,
        "value_label": UNPARTED.get((scheme, code, period)) or value_label(printed[at], derived),
        "status": "W" if code == "_O" else "A",
        "basis": basis(printed[at], derived),
        "share": ratio(value, figures["_T"][at]),
        "monthly_average": Fraction(value, months),
        "previous_period": previous,
        **comparison(figures, code, at, previous),
        "region_rank": rank(figures, code, at),
    }


def observations():
    """Every row of the annex, sorted by its key as bytes."""
    found = []
    for scheme, printed in ANNEX.items():
        rows = with_total(printed)
        figures = {code: [value or 0 for value in values] for _, code, values in rows}
        found += [observation(scheme, row, figures, at) for row in rows for at in range(len(PERIODS))]
    return sorted(found, key=lambda row: [row[key].encode() for key in ("scheme", "region", "period")])


def prove_the_table():
    """A slip of the typing hand would break a printed total or one of these counts."""
    reconciled = 0
    for scheme, rows in ANNEX.items():
        parts = [values for _, code, values in rows if code != "_T"]
        totals = [values for _, code, values in rows if code == "_T"]
        for at, total in enumerate(totals[0] if totals else []):
            assert sum(values[at] or 0 for values in parts) == total, f"{scheme}, {PERIODS[at][0]}"
            reconciled += 1
    assert reconciled == 24, reconciled
    nils = sum(value is None for rows in ANNEX.values() for _, _, values in rows for value in values)
    assert nils == 19, nils


def field(value):
    """A value as it stands in the CSV: a fraction becomes the nearest float, written so that it reads back exactly."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return repr(float(value)) if isinstance(value, Fraction) else value


def write(rows, path):
    """Write the rows as CSV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows([field(row[column]) for column in COLUMNS] for row in rows)


def main():
    """Prove the table, compute the observations, write them."""
    prove_the_table()
    rows = observations()
    assert len(rows) == 228, len(rows)
    assert sum(row["basis"] == "nil" for row in rows) == 19
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_PATH
    write(rows, path)
    print(f"{len(rows)} observations, 24 totals reconciled, 19 nil marks: {path}")


if __name__ == "__main__":
    main()
