//! What calamine does not tell of a sheet: merged areas, what is hidden, formulas without a result.

use crate::document::workbook::{Area, CellValue, Sheet, SheetCell};
use crate::input::workbook::texts::Texts;

/// What calamine does not tell of a sheet.
#[derive(Debug, Default)]
pub(super) struct SheetDetails {
    /// How many cells have a value.
    pub(super) values: usize,
    /// The areas of merged cells.
    pub(super) merged: Vec<Area>,
    /// The rows that are hidden.
    pub(super) hidden_rows: Vec<u32>,
    /// The columns that are hidden, from one to another.
    pub(super) hidden_columns: Vec<(u32, u32)>,
    /// The formulas without a result: row, column, and what a person sees who looks at the formula.
    pub(super) formulas: Vec<(u32, u32, String)>,
}

impl SheetDetails {
    /// Adds them to the sheet, given its cells.
    pub(super) fn add_to(self, sheet: &mut Sheet, texts: &mut Texts) {
        let last_row = sheet.cells.iter().map(|cell| cell.row).max().unwrap_or(0);
        let last_column = sheet.cells.iter().map(|cell| cell.column).max().unwrap_or(0);
        let formula = |(row, column, text): (u32, u32, String)| {
            let value = CellValue::Formula(texts.place(&text));
            SheetCell { row, column, style: 0, value }
        };
        sheet.cells.extend(self.formulas.into_iter().map(formula));
        sheet.merged = self.merged;
        sheet.hidden_rows = self.hidden_rows;
        sheet.hidden_rows.retain(|row| *row <= last_row);
        sheet.hidden_columns = hidden_columns(&self.hidden_columns, last_column);
    }
}

/// The columns of ranges, up to the last.
fn hidden_columns(ranges: &[(u32, u32)], last: u32) -> Vec<u32> {
    // How many more ranges hold a column than the one before it.
    let mut more = vec![0i64; last as usize + 2];
    for (first, end) in ranges.iter().filter(|(first, end)| first <= end && (1..=last).contains(first)) {
        more[*first as usize] += 1;
        more[(*end).min(last) as usize + 1] -= 1;
    }
    let mut held = 0;
    let is_held = |column: &u32| {
        held += more[*column as usize];
        held > 0
    };
    (1..=last).filter(is_held).collect()
}
