//! Office Open XML workbooks, cell by cell.

use std::io::Cursor;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError, open_workbook_from_rs};
use indexmap::IndexSet;

use super::Unreadable;
use super::container::Parts;
use crate::workbook::{Area, Look, Looks, Sheet, SheetCell, Stored, Workbook};

type Texts = IndexSet<String, foldhash::fast::RandomState>;

/// Reads a workbook.
pub(super) fn read(parts: &Parts) -> Result<Workbook, Unreadable> {
    let opened = open_workbook_from_rs(Cursor::new(parts.stored()?));
    let mut source: Xlsx<_> = opened.map_err(|error| damaged(&error))?;
    let mut texts = Texts::default();
    let mut workbook = Workbook::default();
    workbook.looks.from_1904 = source.has_1904_epoch();
    for metadata in source.sheets_metadata().to_vec() {
        if metadata.typ != SheetType::WorkSheet {
            continue;
        }
        let mut sheet = Sheet {
            name: metadata.name.clone(),
            hidden: metadata.visible != SheetVisible::Visible,
            ..Sheet::default()
        };
        cells(&mut source, &mut sheet, &mut texts, &mut workbook.looks).map_err(|error| damaged(&error))?;
        let merged = source.merge_cells_by_sheet_name(&sheet.name).map_err(|error| damaged(&error))?;
        sheet.merged = merged.iter().map(area).collect();
        workbook.sheets.push(sheet);
    }
    workbook.texts = texts.into_iter().collect();
    Ok(workbook)
}

fn cells(
    source: &mut Xlsx<Cursor<Vec<u8>>>,
    sheet: &mut Sheet,
    texts: &mut Texts,
    looks: &mut Looks,
) -> Result<(), XlsxError> {
    let mut reader = source.worksheet_cells_reader(&sheet.name)?;
    if looks.all.is_empty() {
        looks.all = reader.styles().iter().map(look).collect();
    }
    while let Some((cell, style)) = reader.next_cell_with_style_id()? {
        let (row, column) = cell.get_position();
        if let Some(stored) = stored(cell.get_value(), texts) {
            sheet.cells.push(SheetCell { row: row + 1, column: column + 1, look: style as u32, stored });
        }
    }
    sheet.cells.sort_by_key(|cell| (cell.row, cell.column));
    Ok(())
}

fn look(style: &calamine::Style) -> Look {
    let code = style.number_format.as_ref().map_or("", |format| format.format_code.as_str());
    let indent = style.alignment.as_ref().and_then(|alignment| alignment.indent);
    Look::new(code, indent.unwrap_or_default())
}

fn stored(value: &DataRef<'_>, texts: &mut Texts) -> Option<Stored> {
    let mut text = |text: &str| {
        let known = texts.get_index_of(text);
        let at = known.unwrap_or_else(|| texts.insert_full(text.to_owned()).0);
        (!text.trim().is_empty()).then_some(Stored::Text(at as u32))
    };
    match value {
        DataRef::Int(number) => Some(Stored::Number(*number as f64)),
        DataRef::Float(number) => Some(Stored::Number(*number)),
        DataRef::DateTime(time) => Some(Stored::Number(time.as_f64())),
        DataRef::String(own) | DataRef::DateTimeIso(own) | DataRef::DurationIso(own) => text(own),
        DataRef::SharedString(shared) => text(shared),
        DataRef::Bool(truth) => Some(Stored::Truth(*truth)),
        DataRef::Error(error) => Some(Stored::Error(super::eager::error_name(error))),
        DataRef::Empty => None,
    }
}

fn area(of: &calamine::Dimensions) -> Area {
    Area { top: of.start.0 + 1, left: of.start.1 + 1, bottom: of.end.0 + 1, right: of.end.1 + 1 }
}

fn damaged(error: &XlsxError) -> Unreadable {
    super::eager::damaged(error)
}
