"""Make small workbooks of two layouts in formats that the tests cannot write: tests/data/workbooks/NAME.{xls,ods}.

    python scripts/layouts.py        (needs xlwt)
"""

import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import xlwt

TARGET = Path(__file__).resolve().parent.parent / "tests" / "data" / "workbooks"
LAYOUTS = {
    "first-cell-empty": [["Stock"], [], [2023, 2024, 2025], [None, 25344, 26714]],
    "values-like-years": [
        ["Stock"],
        [],
        ["Country", "Population", "Migrants"],
        ["France", 1998, 2001],
        ["Germany", 2050, 2010],
        ["Spain", 2070, 2011],
    ],
}
# A stamp of the time would change the bytes each time.
EPOCH = (1980, 1, 1, 0, 0, 0)
KIND = "application/vnd.oasis.opendocument.spreadsheet"
NAMES = "".join(
    f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "manifest")
)


def write_xls(path, rows):
    """Write a workbook of Excel 97."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    for at, row in enumerate(rows):
        for column, value in enumerate(row):
            if value is not None:
                sheet.write(at, column, value)
    book.save(str(path))


def ods_cell(value):
    """A cell of an OpenDocument table."""
    if value is None:
        return "<table:table-cell/>"
    number = f' office:value="{value}"' if isinstance(value, int) else ""
    kind = "float" if number else "string"
    text = f"<text:p>{escape(str(value))}</text:p>"
    return f'<table:table-cell office:value-type="{kind}"{number}>{text}</table:table-cell>'


def write_ods(path, rows):
    """Write an OpenDocument spreadsheet."""
    body = "".join(f"<table:table-row>{''.join(map(ods_cell, row)) or ods_cell(None)}</table:table-row>" for row in rows)
    table = f'<table:table table:name="Sheet1">{body}</table:table>'
    parts = {
        "mimetype": KIND,
        "content.xml": f'<office:document-content{NAMES} office:version="1.2"><office:body><office:spreadsheet>'
        f"{table}</office:spreadsheet></office:body></office:document-content>",
        "META-INF/manifest.xml": f'<manifest:manifest{NAMES} manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{KIND}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
    }
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            packed = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name, EPOCH), part, packed)


def main():
    """Write each layout in both formats."""
    for name, rows in LAYOUTS.items():
        write_xls(TARGET / f"{name}.xls", rows)
        write_ods(TARGET / f"{name}.ods", rows)


if __name__ == "__main__":
    main()
