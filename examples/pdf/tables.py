"""Print the tables of a PDF as CSV, each below the lines that stand above it on its page: titles and notes go with them.

    python tables.py annex.pdf > input/annex.csv
"""

import csv
import sys

import pdfplumber


def rows(pdf):
    """The rows of a PDF in the order of its pages, those of tables by their ruling."""
    with pdfplumber.open(pdf) as opened:
        for page in opened.pages:
            above = 0
            for table in page.find_tables():
                yield from lines(page, above, table.bbox[1])
                yield from [[], *table.extract(), []]
                above = table.bbox[3]
            yield from [*lines(page, above, page.height), []]


def lines(page, top, bottom):
    """The lines of text between two heights of a page, each a row of one cell."""
    return [[line] for line in page.crop((0, top, page.width, bottom)).extract_text().splitlines()]


if __name__ == "__main__":
    csv.writer(sys.stdout, lineterminator="\n").writerows(rows(sys.argv[1]))
