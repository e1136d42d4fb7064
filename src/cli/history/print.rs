//! Rows of a history as a table for people, as CSV with the published columns, and as JSON.

use anyhow::{Context, Result};
use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{CellAlignment, Table};
use serde_json::{Map, Value};

use crate::cli::rows::KeyedRow;
use crate::columns::{self, Column, HISTORY, Type};
use crate::dataset::Definition;
use crate::load::{Batch, format_lines};

/// What is told of a row beside its key, with the column that has it.
const COLUMNS: [(&str, &str); 8] = [
    ("from", "realtime_start"),
    ("until", "realtime_end"),
    ("value", "value"),
    ("status", "status"),
    ("kind", "kind"),
    ("difference", "difference"),
    ("releases", "releases"),
    ("source", "source"),
];

/// The last day of what still stands.
const OPEN: &str = "9999-12-31";

/// A table, in which a key stands once.
pub fn table(rows: &[KeyedRow], definition: &Definition) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_BORDERS_ONLY);
    table.set_header(["figure"].into_iter().chain(COLUMNS.map(|(name, _)| name)));
    let mut above = String::new();
    for row in rows {
        let key = row.key(definition);
        let shown = if key == above { String::new() } else { key.clone() };
        let cells =
            COLUMNS.map(|(_, column)| row.text(column).filter(|text| *text != OPEN).unwrap_or_default());
        table.add_row([shown.as_str()].into_iter().chain(cells));
        above = key;
    }
    align(&mut table, &[3, 6, 7]);
    format!("{table}\n")
}

/// Sets numbers to the right.
pub fn align(table: &mut Table, columns: &[usize]) {
    for (_, column) in table.column_iter_mut().enumerate().filter(|(at, _)| columns.contains(at)) {
        column.set_cell_alignment(CellAlignment::Right);
    }
}

/// The published lines, under their header.
pub fn csv(batch: &Batch) -> Result<String> {
    let rows = batch.rows(HISTORY).context("a history has rows")?;
    let header: Vec<String> = rows.schema().fields().iter().map(|field| field.name().clone()).collect();
    Ok(header.join(",") + "\n" + &String::from_utf8(format_lines(rows)?)?)
}

/// An object for each row, with all published columns.
pub fn objects(rows: &[KeyedRow], definition: &Definition) -> Vec<Value> {
    let columns = columns::table(HISTORY, definition).map(|table| table.columns).unwrap_or_default();
    let member = |row: &KeyedRow, column: &Column| {
        let value =
            row.text(&column.name).map_or(Value::Null, |text| value(text, column.physical_type(definition)));
        (column.name.clone(), value)
    };
    let object = |row| Value::Object(columns.iter().map(|column| member(row, column)).collect::<Map<_, _>>());
    rows.iter().map(object).collect()
}

/// A value of a column as JSON has it.
pub fn value(text: &str, kind: Type) -> Value {
    let is_text = matches!(kind, Type::Text | Type::Code | Type::Date);
    let read = (!is_text).then(|| serde_json::from_str(text).ok()).flatten();
    read.unwrap_or_else(|| text.into())
}
