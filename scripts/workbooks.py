"""Writes the annex as .xls, .ods and .xlsb into tests/data/workbooks: formats that the tests cannot write themselves.

.xls and .ods are converted by LibreOffice from an .xlsx. It cannot write .xlsb, of which the records a reader needs are
written here ([MS-XLSB]). Each table has a sheet with its code for a name: its title in A1, its header in row 3, its rows
below. Figures are numbers; a nil mark is text.

    python scripts/workbooks.py
"""

import struct
import subprocess
import tempfile
import zipfile
from pathlib import Path

from xlsxwriter import Workbook

ROOT = Path(__file__).parent.parent
ANNEX = ROOT / "input/hk-talent-admissions-2026-02.txt"
TARGET = ROOT / "tests/data/workbooks"
CODES = ["TTPS", "GEP", "ASMTP", "IANG", "TechTAS", "QMAS", "ASSG"]


def cell(text, is_figure):
    digits = "".join(text.split())
    return int(digits) if is_figure and digits.isdigit() else text


def tables():
    """For each table the rows of its sheet, from the first on."""
    blocks = [block.splitlines() for block in ANNEX.read_text(encoding="utf-8").split("\n\n")]
    for title, block in zip(blocks, blocks[1:]):
        header, *rows = [line.split("\t") for line in block]
        if len(header) > 1:
            labels = int(header[0] == "Region")
            figures = [[cell(text, at >= labels) for at, text in enumerate(row)] for row in rows]
            yield [[" ".join(title)], [], header, *figures]


def write_xlsx(path):
    with Workbook(path) as book:
        thousands = book.add_format({"num_format": "#,##0"})
        for code, rows in zip(CODES, tables(), strict=True):
            sheet = book.add_worksheet(code)
            for y, row in enumerate(rows):
                for x, value in enumerate(row):
                    if isinstance(value, int):
                        sheet.write_number(y, x, value, thousands)
                    else:
                        sheet.write_string(y, x, value)


def convert(path, extension):
    command = ["soffice", "--headless", "--convert-to", extension, "--outdir", TARGET, path]
    subprocess.run(command, check=True, capture_output=True)


def record(kind, content=b""):
    """A record: its kind in one or two bytes, its length in seven bits a byte, its content."""
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, size = len(content), b""
    while length > 127:
        size += bytes([length & 0x7F | 0x80])
        length >>= 7
    return head + size + bytes([length]) + content


def wide(text):
    return struct.pack("<I", len(text.encode("utf-16-le")) // 2) + text.encode("utf-16-le")


def sheet_bin(rows, texts):
    body = b""
    for y, row in enumerate(rows):
        if row:
            span = struct.pack("<III", 1, 0, len(row) - 1)
            body += record(0, struct.pack("<IIHBBB", y, 0, 300, 0, 0, 0) + span)  # BrtRowHdr
        for x, value in enumerate(row):
            at = struct.pack("<II", x, 0)
            if isinstance(value, str):
                body += record(7, at + struct.pack("<I", texts.setdefault(value, len(texts))))  # BrtCellIsst
            elif value < 1 << 29:
                body += record(2, at + struct.pack("<I", value << 2 | 2))  # BrtCellRk, a whole number
            else:
                body += record(5, at + struct.pack("<d", value))  # BrtCellReal
    extent = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    return record(129) + record(148, extent) + record(145) + body + record(146) + record(130)


def workbook_bin():
    bundle = b"".join(
        record(156, struct.pack("<II", 0, at) + wide(f"rId{at}") + wide(code)) for at, code in enumerate(CODES, 1)
    )
    return record(131) + record(143) + bundle + record(144) + record(132)


def texts_bin(texts):
    items = b"".join(record(19, b"\0" + wide(text)) for text in texts)
    return record(159, struct.pack("<II", len(texts), len(texts))) + items + record(160)


def write_xlsb(path):
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    excel = "application/vnd.ms-excel"

    def relations(of):
        each = "".join(f'<Relationship Id="{i}" Type="{office}/{kind}" Target="{to}"/>' for i, kind, to in of)
        return f'{xml}<Relationships xmlns="{package}/relationships">{each}</Relationships>'

    texts = {}
    sheets = {f"worksheets/sheet{at}.bin": sheet_bin(rows, texts) for at, rows in enumerate(tables(), 1)}
    kinds = {"workbook": "sheet.binary.macroEnabled.main", "sharedStrings": "sharedStrings"}
    overrides = {f"xl/{name}.bin": kind for name, kind in kinds.items()} | {f"xl/{name}": "worksheet" for name in sheets}
    types = "".join(
        f'<Override PartName="/{name}" ContentType="{excel}.{kind}"/>' for name, kind in overrides.items()
    )
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    within = [(f"rId{at}", "worksheet", name) for at, name in enumerate(sheets, 1)]
    parts = {
        "[Content_Types].xml": f'{xml}<Types xmlns="{package}/content-types">{rels}{types}</Types>',
        "_rels/.rels": relations([("rId1", "officeDocument", "xl/workbook.bin")]),
        "xl/workbook.bin": workbook_bin(),
        "xl/_rels/workbook.bin.rels": relations([*within, ("rIdTexts", "sharedStrings", "sharedStrings.bin")]),
        "xl/sharedStrings.bin": texts_bin(texts),
    } | {f"xl/{name}": content for name, content in sheets.items()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "annex.xlsx"
        write_xlsx(source)
        for extension in ["xls", "ods"]:
            convert(source, extension)
    write_xlsb(TARGET / "annex.xlsb")
