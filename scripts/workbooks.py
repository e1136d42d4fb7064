"""Make the annex's tables as workbooks of the formats that the tests cannot write: tests/data/workbooks/annex.{xls,ods,xlsb}.

    python scripts/workbooks.py

The tables stand one under another on a sheet, figures as numbers and nil marks as printed. .xls and .ods are converted by
LibreOffice (`soffice`) from an .xlsx that is not kept; .xlsb, which it cannot write, is written here, by [MS-XLSB].
"""

import shutil
import struct
import subprocess
import tempfile
import zipfile
from pathlib import Path

import xlsxwriter

ROOT = Path(__file__).resolve().parent.parent
ANNEX = ROOT / "input" / "hk-talent-admissions-2026-02.txt"
TARGET = ROOT / "tests" / "data" / "workbooks"
SHEET = "Tables"
# A stamp of the time would change the bytes each time.
EPOCH = (1980, 1, 1, 0, 0, 0)


def cells():
    """The cells of the annex as (row, column, value), rows and columns from 0; prose but the titles is left out."""
    blocks = [block.splitlines() for block in ANNEX.read_text().split("\n\n")]
    row = 0
    for title, block in zip(blocks, blocks[1:]):
        if "\t" not in block[0]:
            continue
        yield row, 0, " ".join(title)
        labelled = block[0].startswith("Region")
        for line, text in enumerate(block):
            for column, cell in enumerate(text.split("\t")):
                digits = cell.replace(" ", "")
                is_figure = line > 0 and digits.isdigit() and (column > 0 or not labelled)
                yield row + 2 + line, column, float(digits) if is_figure else cell
        row += len(block) + 4


def xlsx(path):
    """Write the workbook that is converted."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet(SHEET)
    for row, column, value in cells():
        sheet.write(row, column, value)
    book.close()


def converted(folder, extension):
    """Let LibreOffice convert it."""
    source = folder / "annex.xlsx"
    command = ["soffice", "--headless", "--convert-to", extension, "--outdir", folder, source]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    shutil.copy(folder / f"annex.{extension}", TARGET / f"annex.{extension}")


def record(kind, data=b""):
    """A record: its type and its length in seven bits a byte, the lowest first."""
    number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, size = b"", len(data)
    while True:
        size, low = divmod(size, 0x80)
        length += bytes([low | (0x80 if size else 0)])
        if not size:
            return number + length + data


def wide(text):
    """A text with the number of its UTF-16 units before it."""
    encoded = text.encode("utf-16-le")
    return struct.pack("<I", len(encoded) // 2) + encoded


def sheet_records():
    """The sheet: BrtBeginSheet, BrtWsDim, BrtBeginSheetData, BrtRowHdr and cells, and the ends."""
    of_rows = {}
    for row, column, value in cells():
        of_rows.setdefault(row, []).append((column, value))
    right = max(column for of_row in of_rows.values() for column, _ in of_row)
    out = record(129) + record(148, struct.pack("<IIII", 0, max(of_rows), 0, right)) + record(145)
    for row, of_row in sorted(of_rows.items()):
        span = struct.pack("<III", 1, 0, right)
        out += record(0, struct.pack("<IIH", row, 0, 300) + bytes(3) + span)
        for column, value in of_row:
            head = struct.pack("<II", column, 0)
            out += record(5, head + struct.pack("<d", value)) if isinstance(value, float) else record(6, head + wide(value))
    return out + record(146) + record(130)


def xlsb(path):
    """Write the workbook in Office's binary format."""
    book = record(131) + record(143)
    book += record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide(SHEET)) + record(144) + record(132)
    office = "http://schemas.openxmlformats.org"
    main = "application/vnd.ms-excel"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{office}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.bin" ContentType="{main}.sheet.binary.macroEnabled.main"/>'
        f'<Override PartName="/xl/worksheets/sheet1.bin" ContentType="{main}.worksheet"/></Types>',
        "_rels/.rels": relationships(f"{office}/officeDocument/2006/relationships/officeDocument", "xl/workbook.bin"),
        "xl/_rels/workbook.bin.rels": relationships(
            f"{office}/officeDocument/2006/relationships/worksheet", "worksheets/sheet1.bin"
        ),
        "xl/workbook.bin": book,
        "xl/worksheets/sheet1.bin": sheet_records(),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name, EPOCH), part, zipfile.ZIP_DEFLATED)


def relationships(kind, target):
    """A part that names the one other part."""
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{namespace}"><Relationship Id="rId1" Type="{kind}" Target="{target}"/></Relationships>'


def main():
    """Write all three."""
    TARGET.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        xlsx(folder / "annex.xlsx")
        for extension in ("xls", "ods"):
            converted(folder, extension)
    xlsb(TARGET / "annex.xlsb")


if __name__ == "__main__":
    main()
