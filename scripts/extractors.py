"""Has extractors of PDF read the annex as a PDF, and bluebook read what they give: the observations must be those of the
annex, but for their places. What an extractor damaged must be refused.

    python scripts/extractors.py target/debug/bluebook [--docling] [--samples]

The PDF is made from the annex's text: titles, ruled tables that go on over pages, notes. The tools are poppler's `pdftotext` and
those of scripts/requirements-extractors.txt. docling itself needs models that are no package, so it is not run: `--docling` has
its own exporter (`pip install docling-core==2.104.0`) write the document that docling describes. A line is printed for each
tool; `--samples` keeps their outputs in tests/data/extractors for the tests.
"""

import argparse
import csv
import io
import subprocess
import sys
import tempfile
from pathlib import Path

import pdfplumber
import pymupdf4llm
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "examples" / "pdf"))
import tables  # noqa: E402: the example that the book shows

ANNEX = ROOT / "input" / "hk-talent-admissions-2026-02.txt"
# What says where and how a figure is printed, which differs by format.
PLACES = {"source", "source_sha256", "source_position", "value_label", "period_label", "region_label"}
SAMPLES = ROOT / "tests" / "data" / "extractors"


def blocks():
    """The annex's paragraphs, each a list of lines; those of a table hold tabs."""
    return [block.strip().splitlines() for block in ANNEX.read_text().split("\n\n") if block.strip()]


def is_table(block):
    return "\t" in block[0]


def cells(block):
    return [line.split("\t") for line in block]


def is_title(at):
    return at + 1 < len(blocks()) and is_table(blocks()[at + 1])


def words(block):
    return " ".join(line.strip("*") for line in block)


def make_pdf(path):
    """The annex on several pages: what goes over a page has its header again."""
    styles = getSampleStyleSheet()
    story = []
    for at, block in enumerate(blocks()):
        if is_table(block):
            story += [ruled_table(block, styles["Normal"]), Spacer(1, 10)]
        else:
            style = "Heading2" if is_title(at) else "Title" if at == 0 else "Normal"
            story += [Paragraph(escaped(words(block)), styles[style]), Spacer(1, 6)]
    # The same bytes each time.
    document = SimpleDocTemplate(str(path), pagesize=A4, invariant=1, title="Annex")
    document.build(story, onFirstPage=number_page, onLaterPages=number_page)


def number_page(canvas, _):
    canvas.drawCentredString(A4[0] / 2, 40, f"- {canvas.getPageNumber()} -")


def escaped(text):
    return text.replace("&", "&amp;").replace("<", "&lt;")


def ruled_table(block, style):
    rows = cells(block)
    # The last heading goes over two lines, as it does in print.
    rows[0][-1] = Paragraph(escaped(rows[0][-1]), style)
    widths = [150] * (len(rows[0]) == 5) + [70] * 3 + [90]
    ruling = TableStyle([
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
        ("ALIGN", (-4, 0), (-1, -1), "RIGHT"),
        ("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold"),
    ])
    return LongTable(rows, colWidths=widths, repeatRows=1, style=ruling)


def pdftotext(pdf):
    return run("pdftotext", "-layout", pdf, "-")


def pdftotext_raw(pdf):
    return run("pdftotext", "-raw", pdf, "-")


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def pdfplumber_layout(pdf):
    with pdfplumber.open(pdf) as opened:
        return "\f".join(page.extract_text(layout=True) for page in opened.pages)


def pdfplumber_text(pdf):
    with pdfplumber.open(pdf) as opened:
        return "\f".join(page.extract_text() for page in opened.pages)


def pdfplumber_tables(pdf, **dialect):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n", **dialect).writerows(tables.rows(pdf))
    return out.getvalue()


def pdfplumber_csv(pdf):
    return pdfplumber_tables(pdf)


def pdfplumber_tsv(pdf):
    return pdfplumber_tables(pdf, delimiter="\t")


def pymupdf_markdown(pdf):
    return pymupdf4llm.to_markdown(str(pdf), show_progress=False)


def docling_markdown(_):
    """What docling's exporter writes of the document that docling makes of the PDF."""
    from docling_core.types.doc import DocItemLabel, DoclingDocument

    document = DoclingDocument(name="annex")
    for at, block in enumerate(blocks()):
        if is_table(block):
            document.add_table(data=table_data(cells(block)))
        elif is_title(at) or at == 0:
            document.add_heading(text=words(block))
        else:
            document.add_text(label=DocItemLabel.TEXT, text=words(block))
    return document.export_to_markdown()


def table_data(rows):
    from docling_core.types.doc import TableCell, TableData

    def cell(row, column, text):
        return TableCell(text=text, start_row_offset_idx=row, end_row_offset_idx=row + 1,
                         start_col_offset_idx=column, end_col_offset_idx=column + 1, column_header=row == 0)

    found = [cell(row, column, text) for row, line in enumerate(rows) for column, text in enumerate(line)]
    return TableData(num_rows=len(rows), num_cols=len(rows[0]), table_cells=found)


# What each tool gives, and whether its output has all that the PDF says: pdfplumber without layout tears headings of two lines.
TOOLS = {
    "pdftotext-layout.txt": (pdftotext, True),
    "pdftotext-raw.txt": (pdftotext_raw, True),
    "pdfplumber-layout.txt": (pdfplumber_layout, True),
    "pdfplumber-text.txt": (pdfplumber_text, False),
    "pdfplumber.csv": (pdfplumber_csv, True),
    "pdfplumber.tsv": (pdfplumber_tsv, True),
    "pymupdf4llm.md": (pymupdf_markdown, True),
}
DOCLING = {"docling.md": (docling_markdown, True)}


def published(binary, document, folder):
    """The exit code, what was said, and the observations without their places, if they were published."""
    command = [binary, "run", document, "--output", folder / "output", "--format", "csv"]
    ended = subprocess.run(command, capture_output=True, text=True)
    path = folder / "output" / "hk-talent-admissions" / "observations.csv"
    if not path.exists():
        return ended.returncode, ended.stderr, None
    with open(path, newline="") as opened:
        rows = [{key: row[key] for key in row.keys() - PLACES} for row in csv.DictReader(opened)]
    return ended.returncode, ended.stderr, rows


def try_tool(name, tool, is_whole, pdf, arguments, expected):
    """Whether all is as it must be, and the line that says it."""
    with tempfile.TemporaryDirectory() as folder:
        document = Path(folder) / name
        document.write_text(tool(pdf))
        if arguments.samples:
            (SAMPLES / name).write_text(document.read_text())
        code, said, rows = published(arguments.binary, document, Path(folder))
    equal = sum(row in expected for row in rows or [])
    is_right = (code, rows) == (0, expected) if is_whole else code == 1 and rows is None and " --> " in said
    problems = sum(line.startswith("error: ") for line in said.splitlines())
    line = f"{name:24} exit {code}, {equal} of {len(expected)} observations equal, {problems} problems"
    return is_right, line if is_right else f"{line}, WRONG\n{said}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("binary", type=Path)
    parser.add_argument("--docling", action="store_true")
    parser.add_argument("--samples", action="store_true")
    arguments = parser.parse_args()
    arguments.binary = arguments.binary.resolve()
    with tempfile.TemporaryDirectory() as folder:
        pdf = Path(folder) / "annex.pdf"
        make_pdf(pdf)
        _, _, expected = published(arguments.binary, ANNEX, Path(folder))
        tools = TOOLS | (DOCLING if arguments.docling else {})
        ended = [try_tool(name, *tool, pdf, arguments, expected) for name, tool in tools.items()]
    print("\n".join(line for _, line in ended))
    sys.exit(not all(is_right for is_right, _ in ended))


if __name__ == "__main__":
    main()
