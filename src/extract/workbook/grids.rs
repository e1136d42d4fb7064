//! A sheet as grids of rows, as a person sees them: what stands apart is a grid of its own.

use std::borrow::Cow;

use crate::document::{Cell, Grid, Row};
use crate::workbook::{Sheet, SheetCell, Stored, Workbook};

/// The grids of a sheet.
pub(super) fn grids<'w>(sheet: &'w Sheet, workbook: &'w Workbook) -> Vec<Grid<'w>> {
    let left = sheet.cells.iter().map(|cell| cell.column).min().unwrap_or(1);
    let mut rows: Vec<Row<'w>> = Vec::new();
    for of_row in sheet.cells.chunk_by(|one, other| one.row == other.row) {
        let Some(first) = of_row.first() else { continue };
        // A blank row parts, however many there are.
        let next = rows.last().map_or(first.row, |last| last.number + 1);
        rows.extend((next < first.row).then(|| Row { number: first.row - 1, ..Row::default() }));
        rows.push(row(first.row, left, of_row, workbook));
    }
    vec![Grid { sheet: Some(sheet.name.clone()), rows, doubts: Vec::new() }]
}

/// A row from the first column on, with what is empty between its cells.
fn row<'w>(number: u32, left: u32, of_row: &'w [SheetCell], workbook: &'w Workbook) -> Row<'w> {
    let mut cells: Vec<Cell<'w>> = Vec::with_capacity(of_row.len());
    for stored in of_row {
        let next = cells.last().map_or(left, |last| last.column + 1);
        cells.extend((next..stored.column).map(|column| Cell::printed(column, Cow::Borrowed(""))));
        cells.push(cell(stored, workbook));
    }
    Row { number, line: Cow::Borrowed(""), cells }
}

fn cell<'w>(of: &'w SheetCell, workbook: &'w Workbook) -> Cell<'w> {
    let (text, number) = match &of.stored {
        Stored::Number(number) => (Cow::Owned(workbook.looks.shown(*number, of.look)), Some(number)),
        Stored::Text(at) | Stored::Formula(at) => {
            (Cow::Borrowed(workbook.texts.get(*at as usize).map_or("", String::as_str)), None)
        }
        Stored::Truth(truth) => (Cow::Borrowed(if *truth { "TRUE" } else { "FALSE" }), None),
        Stored::Error(name) => (Cow::Borrowed(*name), None),
    };
    let blanks = text.chars().take_while(|c| c.is_whitespace()).count() as u32;
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    };
    // A step of a style is about as wide as two blanks, and one blank is no indent.
    let set_in = of.column + blanks + 2 * workbook.looks.indent(of.look);
    Cell { column: of.column, set_in, text, number }
}
