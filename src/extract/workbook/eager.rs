//! The formats that can only be read whole: .xls, .xlsb, .ods.

use std::fmt::Display;
use std::io::Cursor;

use calamine::{CellErrorType, Data, Ods, Reader, SheetType, SheetVisible, Xls, Xlsb};

use super::{Format, Unreadable};
use crate::workbook::{Sheet, SheetCell, Stored, Workbook};

/// Reads a workbook.
pub(super) fn read(format: Format, bytes: &[u8]) -> Result<Workbook, Unreadable> {
    let source = Cursor::new(bytes);
    match format {
        Format::Xls => whole(Xls::new(source)),
        Format::Xlsb => whole(Xlsb::new(source)),
        _ => whole(Ods::new(source)),
    }
}

fn whole<'b, R: Reader<Cursor<&'b [u8]>>>(opened: Result<R, R::Error>) -> Result<Workbook, Unreadable>
where
    R::Error: Display,
{
    let mut source = opened.map_err(|error| damaged(&error))?;
    let mut workbook = Workbook::default();
    for metadata in source.sheets_metadata().to_vec() {
        if metadata.typ != SheetType::WorkSheet {
            continue;
        }
        let range = source.worksheet_range(&metadata.name).map_err(|error| damaged(&error))?;
        let (top, left) = range.start().unwrap_or_default();
        let stored = range.used_cells().filter_map(|(row, column, value)| {
            let stored = stored(value, &mut workbook.texts)?;
            let (row, column) = (top + row as u32 + 1, left + column as u32 + 1);
            Some(SheetCell { row, column, look: 0, stored })
        });
        let cells = stored.collect();
        let hidden = metadata.visible != SheetVisible::Visible;
        workbook.sheets.push(Sheet { name: metadata.name, hidden, cells, ..Sheet::default() });
    }
    Ok(workbook)
}

fn stored(value: &Data, texts: &mut Vec<String>) -> Option<Stored> {
    match value {
        Data::Int(number) => Some(Stored::Number(*number as f64)),
        Data::Float(number) => Some(Stored::Number(*number)),
        Data::DateTime(time) => Some(Stored::Number(time.as_f64())),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => {
            texts.push(text.clone());
            (!text.trim().is_empty()).then_some(Stored::Text(texts.len() as u32 - 1))
        }
        Data::Bool(truth) => Some(Stored::Truth(*truth)),
        Data::Error(error) => Some(Stored::Error(error_name(error))),
        Data::Empty => None,
    }
}

/// How spreadsheets print an error.
pub(super) fn error_name(error: &CellErrorType) -> &'static str {
    match error {
        CellErrorType::Div0 => "#DIV/0!",
        CellErrorType::NA => "#N/A",
        CellErrorType::Name => "#NAME?",
        CellErrorType::Null => "#NULL!",
        CellErrorType::Num => "#NUM!",
        CellErrorType::Ref => "#REF!",
        CellErrorType::Value => "#VALUE!",
        CellErrorType::GettingData => "#GETTING_DATA",
    }
}

/// A workbook whose parts cannot be understood.
pub(super) fn damaged(error: &impl Display) -> Unreadable {
    Unreadable {
        found: format!("the workbook is damaged: {error}"),
        help: "open it in a spreadsheet program, and save it again".into(),
    }
}
