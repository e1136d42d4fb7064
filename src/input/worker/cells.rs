//! A workbook as frames, and back: each cell a row.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use arrow::array::{Array, BooleanArray, Float64Array, RecordBatch, StringArray, UInt8Array, UInt32Array};

use crate::document::workbook::{Area, CellValue, Sheet, SheetCell, Workbook};
use crate::input::worker::frames::{frame, give};

/// What a cell can store, by the number of its kind.
const NUMBER: u8 = 0;
const TEXT: u8 = 1;
const BOOL: u8 = 2;
const ERROR: u8 = 3;
const FORMULA: u8 = 4;

/// The errors of spreadsheets, by their number.
const ERRORS: [&str; 8] =
    ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"];

/// Gives a workbook away as frames.
pub(crate) fn give_all(to: &mut impl Write, document: usize, workbook: &Workbook) -> Result<()> {
    let hidden: Vec<bool> = workbook.sheets.iter().map(|sheet| sheet.hidden).collect();
    let from_1904 = vec![workbook.styles.from_1904; workbook.sheets.len()];
    let sheets = frame(vec![
        ("name", Arc::new(StringArray::from_iter_values(workbook.sheets.iter().map(|sheet| &sheet.name)))),
        ("hidden", Arc::new(BooleanArray::from(hidden))),
        ("from_1904", Arc::new(BooleanArray::from(from_1904))),
    ])?;
    give(to, document, "sheets", &sheets)?;
    give(to, document, "cells", &cells(workbook)?)?;
    let texts = Arc::new(StringArray::from_iter_values(&workbook.texts));
    give(to, document, "texts", &frame(vec![("text", texts)])?)?;
    give(to, document, "merges", &merges(workbook)?)
}

/// A workbook of its frames.
pub(crate) fn workbook(frames: &HashMap<String, Vec<RecordBatch>>) -> Result<Workbook> {
    let mut workbook = Workbook::default();
    for rows in of(frames, "sheets")? {
        let (names, hidden) = (column::<StringArray>(rows, "name")?, column::<BooleanArray>(rows, "hidden")?);
        let from_1904 = column::<BooleanArray>(rows, "from_1904")?;
        for at in 0..rows.num_rows() {
            let (name, hidden) = (names.value(at).to_owned(), hidden.value(at));
            workbook.styles.from_1904 |= from_1904.value(at);
            workbook.sheets.push(Sheet { name, hidden, ..Sheet::default() });
        }
    }
    for rows in of(frames, "texts")? {
        let texts = column::<StringArray>(rows, "text")?;
        workbook.texts.extend(texts.iter().flatten().map(str::to_owned));
    }
    of(frames, "cells")?.iter().try_for_each(|rows| add_cells(rows, &mut workbook))?;
    of(frames, "merges")?.iter().try_for_each(|rows| add_merges(rows, &mut workbook))?;
    Ok(workbook)
}

fn cells(workbook: &Workbook) -> Result<RecordBatch> {
    let all =
        || (0..).zip(&workbook.sheets).flat_map(|(at, sheet)| sheet.cells.iter().map(move |cell| (at, cell)));
    let numbers = |of: fn((u32, &SheetCell)) -> u32| Arc::new(UInt32Array::from_iter_values(all().map(of)));
    frame(vec![
        ("sheet", numbers(|(sheet, _)| sheet)),
        ("row", numbers(|(_, cell)| cell.row)),
        ("column", numbers(|(_, cell)| cell.column)),
        ("style", numbers(|(_, cell)| cell.style)),
        ("kind", Arc::new(UInt8Array::from_iter_values(all().map(|(_, cell)| encode(cell.value).0)))),
        ("value", Arc::new(Float64Array::from_iter_values(all().map(|(_, cell)| encode(cell.value).1)))),
    ])
}

/// The kind of a value, and its number or its place.
fn encode(value: CellValue) -> (u8, f64) {
    match value {
        CellValue::Number(number) => (NUMBER, number),
        CellValue::Text(at) => (TEXT, f64::from(at)),
        CellValue::Bool(is_true) => (BOOL, f64::from(u8::from(is_true))),
        CellValue::Error(name) => {
            (ERROR, ERRORS.iter().position(|own| *own == name).unwrap_or_default() as f64)
        }
        CellValue::Formula(at) => (FORMULA, f64::from(at)),
    }
}

fn decode(kind: u8, number: f64) -> Result<CellValue> {
    Ok(match kind {
        NUMBER => CellValue::Number(number),
        TEXT => CellValue::Text(number as u32),
        BOOL => CellValue::Bool(number != 0.0),
        ERROR => {
            CellValue::Error(ERRORS.get(number as usize).context("an error of a spreadsheet was expected")?)
        }
        FORMULA => CellValue::Formula(number as u32),
        _ => bail!("no cell is of the kind {kind}"),
    })
}

fn add_cells(rows: &RecordBatch, workbook: &mut Workbook) -> Result<()> {
    let number = |name| column::<UInt32Array>(rows, name);
    let (sheets, row, columns, styles) =
        (number("sheet")?, number("row")?, number("column")?, number("style")?);
    let (kinds, values) = (column::<UInt8Array>(rows, "kind")?, column::<Float64Array>(rows, "value")?);
    for at in 0..rows.num_rows() {
        let sheet = workbook.sheets.get_mut(sheets.value(at) as usize).context("a cell of no sheet")?;
        let value = decode(kinds.value(at), values.value(at))?;
        sheet.cells.push(SheetCell {
            row: row.value(at),
            column: columns.value(at),
            style: styles.value(at),
            value,
        });
    }
    Ok(())
}

fn merges(workbook: &Workbook) -> Result<RecordBatch> {
    let all = || {
        (0..).zip(&workbook.sheets).flat_map(|(at, sheet)| sheet.merged.iter().map(move |area| (at, area)))
    };
    let numbers = |of: fn((u32, &Area)) -> u32| Arc::new(UInt32Array::from_iter_values(all().map(of)));
    frame(vec![
        ("sheet", numbers(|(sheet, _)| sheet)),
        ("top", numbers(|(_, area)| area.top)),
        ("left", numbers(|(_, area)| area.left)),
        ("bottom", numbers(|(_, area)| area.bottom)),
        ("right", numbers(|(_, area)| area.right)),
    ])
}

fn add_merges(rows: &RecordBatch, workbook: &mut Workbook) -> Result<()> {
    let number = |name| column::<UInt32Array>(rows, name);
    let (sheets, top, left) = (number("sheet")?, number("top")?, number("left")?);
    let (bottom, right) = (number("bottom")?, number("right")?);
    for at in 0..rows.num_rows() {
        let sheet = workbook.sheets.get_mut(sheets.value(at) as usize).context("an area of no sheet")?;
        let (top, left, bottom, right) = (top.value(at), left.value(at), bottom.value(at), right.value(at));
        sheet.merged.push(Area { top, left, bottom, right });
    }
    Ok(())
}

fn of<'f>(frames: &'f HashMap<String, Vec<RecordBatch>>, name: &str) -> Result<&'f [RecordBatch]> {
    frames.get(name).map(Vec::as_slice).with_context(|| format!("the frame {name} is missing"))
}

/// A column of a type.
pub(crate) fn column<'r, A: Array + 'static>(rows: &'r RecordBatch, name: &str) -> Result<&'r A> {
    let column = rows.column_by_name(name).with_context(|| format!("the column {name} is missing"))?;
    column.as_any().downcast_ref().with_context(|| format!("the column {name} has another type"))
}
