//! Office Open XML workbooks, cell by cell: each part is scanned within limits, then calamine reads it.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError, open_workbook_from_rs};

use crate::document::workbook::{CellStyle, CellValue, Sheet, SheetCell, Styles, Workbook};
use crate::input::limits::{Bound, Limits};
use crate::input::workbook::container::Parts;
use crate::input::workbook::package::SheetPart;
use crate::input::workbook::part_limits::PartLimits;
use crate::input::workbook::scan::scan;
use crate::input::workbook::sheet_details::SheetDetails;
use crate::input::workbook::texts::Texts;
use crate::input::workbook::{Unreadable, comments, package};

type Archive<'p> = Xlsx<Cursor<&'p [u8]>>;

/// Reads a workbook.
pub(super) fn read(parts: &Parts, limits: &Limits) -> Result<Workbook, Unreadable> {
    let sheets = package::sheets(parts)?;
    let mut details = scan_parts(parts, &sheets, limits)?;
    let mut source: Archive<'_> =
        open_workbook_from_rs(Cursor::new(parts.stored_bytes())).map_err(describe_damage)?;
    let (mut workbook, mut texts) = (Workbook::default(), Texts::default());
    workbook.styles.from_1904 = source.has_1904_epoch();
    for (metadata, SheetPart { part, .. }) in source.sheets_metadata().to_vec().into_iter().zip(sheets) {
        if metadata.typ != SheetType::WorkSheet {
            continue;
        }
        let Some(details) = details.remove(part.as_str()) else {
            return Err(Unreadable::damaged(&format!("the sheet {} is no part of XML", metadata.name)));
        };
        let hidden = metadata.visible != SheetVisible::Visible;
        let comments = comments::read(parts, &part)?;
        let mut sheet = Sheet { name: metadata.name, hidden, comments, ..Sheet::default() };
        let values =
            read_cells(&mut source, &mut sheet, &mut texts, &mut workbook.styles).map_err(describe_damage)?;
        check_values(&sheet, values, details.values)?;
        details.add_to(&mut sheet, &mut texts);
        workbook.sheets.push(sheet);
    }
    workbook.texts = texts.all();
    check_shown(&workbook, limits)?;
    Ok(workbook)
}

#[allow(clippy::needless_pass_by_value)] // as `map_err` hands it over
fn describe_damage(error: XlsxError) -> Unreadable {
    Unreadable::damaged(&error)
}

/// Scans all parts. Messages call a sheet's part by the sheet's name.
fn scan_parts<'p>(
    parts: &'p Parts,
    sheets: &[SheetPart],
    limits: &Limits,
) -> Result<BTreeMap<&'p str, SheetDetails>, Unreadable> {
    let sheets: BTreeMap<&str, &str> =
        sheets.iter().map(|sheet| (sheet.part.as_str(), sheet.sheet.as_str())).collect();
    let mut limits = PartLimits::new(limits);
    let mut scan =
        |(part, xml)| Ok((part, scan(xml, sheets.get(part).copied().unwrap_or(part), &mut limits)?));
    parts.xml().map(&mut scan).collect()
}

/// Reads the cells of a sheet; tells how many have a value, which may show nothing.
fn read_cells(
    source: &mut Archive<'_>,
    sheet: &mut Sheet,
    texts: &mut Texts,
    styles: &mut Styles,
) -> Result<usize, XlsxError> {
    let mut reader = source.worksheet_cells_reader(&sheet.name)?;
    if styles.all.is_empty() {
        styles.all = reader.styles().iter().map(cell_style).collect();
    }
    let mut values = 0;
    while let Some((cell, style)) = reader.next_cell_with_style_id()? {
        let (row, column) = cell.get_position();
        values += usize::from(*cell.get_value() != DataRef::Empty);
        if let Some(value) = texts.value(cell.get_value()) {
            sheet.cells.push(SheetCell { row: row + 1, column: column + 1, style: style as u32, value });
        }
    }
    Ok(values)
}

/// Checks that every value of a sheet was read: calamine stops at the end of the first sheet data.
fn check_values(sheet: &Sheet, read: usize, scanned: usize) -> Result<(), Unreadable> {
    if read == scanned {
        return Ok(());
    }
    let found = format!("the sheet {} has {scanned} values, of which {read} can be read", sheet.name);
    Err(Unreadable::damaged(&found))
}

/// What cells show is bounded as what parts unfold to is: a single long text, or a format full of words, may be shown by each
/// of them.
fn check_shown(workbook: &Workbook, limits: &Limits) -> Result<(), Unreadable> {
    let length = |cell: &SheetCell| match cell.value {
        CellValue::Text(at) | CellValue::Formula(at) => {
            workbook.texts.get(at as usize).map_or(0, String::len)
        }
        _ => workbook.styles.all.get(cell.style as usize).map_or(0, |style| style.length),
    };
    let shown: u64 =
        workbook.sheets.iter().flat_map(|sheet| &sheet.cells).map(|cell| length(cell) as u64).sum();
    if shown > limits.bytes(Bound::Inflated) {
        return Err(Unreadable::beyond("megabytes of text in its cells", limits.limit(Bound::Inflated)));
    }
    Ok(())
}

fn cell_style(style: &calamine::Style) -> CellStyle {
    let code = style.number_format.as_ref().map_or("", |format| format.format_code.as_str());
    let indent = style.alignment.as_ref().and_then(|alignment| alignment.indent);
    CellStyle::new(code, indent.unwrap_or_default())
}
