//! What `inspect` says of a workbook beside its cells: its sheets, where on them tables stand, and comments.

use std::ops::Range;

use serde_json::{Value, json};

use crate::cli::inspect::item::{Item, extend};
use crate::document::workbook::Sheet;
use crate::document::{Body, Document, Grid};
use crate::layout::tables::Table;
use crate::position::Position;
use crate::text::format_count;

/// The sheets of a workbook, with their size and what of them is hidden.
pub(super) fn sheets(document: &Document<'_>) -> Vec<Item> {
    match &document.content.body {
        Body::Text(_) | Body::Markdown(_) => Vec::new(),
        Body::Workbook(workbook) => workbook.sheets.iter().map(sheet).collect(),
    }
}

fn sheet(of: &Sheet) -> Item {
    let rows = || of.cells.iter().map(|cell| cell.row);
    let columns = || of.cells.iter().map(|cell| cell.column);
    let corners = rows().min().zip(columns().min()).zip(rows().max().zip(columns().max()));
    let position = corners.map_or(of.name.clone(), |(first, last)| range(&of.name, first, last));
    let mut meaning = json!({ "cells": of.cells.len() });
    if of.hidden {
        extend(&mut meaning, json!({ "hidden": true }));
    }
    for (name, hidden) in [("hidden_rows", &of.hidden_rows), ("hidden_columns", &of.hidden_columns)] {
        if !hidden.is_empty() {
            extend(&mut meaning, json!({ name: hidden }));
        }
    }
    Item { kind: "sheet", table: None, position, text: of.name.clone(), meaning }
}

/// What is told of a sheet behind its name.
pub(super) fn describe_meaning(meaning: &Value) -> String {
    let many = |name: &str| meaning[name].as_array().map_or(0, Vec::len);
    let cells = meaning["cells"].as_u64().unwrap_or_default() as usize;
    let hidden = if meaning["hidden"] == true { ", hidden" } else { "" };
    let parts = [("hidden_rows", "hidden row"), ("hidden_columns", "hidden column")];
    let parts = parts.map(|(name, noun)| (many(name), noun));
    let parts: String = parts
        .iter()
        .filter(|(many, _)| *many > 0)
        .map(|(many, noun)| format!(", {}", format_count(*many, noun)))
        .collect();
    format!("  ({}{hidden}{parts})", format_count(cells, "cell"))
}

/// Where a table stands on its sheet; none in text.
pub(super) fn table(grid: &Grid<'_>, of: &Table, number: usize) -> Option<Item> {
    let sheet = grid.sheet.as_deref()?;
    let (first, last) = corners(grid, rows(of, of.header.rows.clone()))?;
    let (position, text) = (range(sheet, first, last), number.to_string());
    Some(Item { kind: "table", table: Some(number), position, text, meaning: Value::Null })
}

/// Where a table stands, as people write it: `T1!A3:Q40`, or the lines of a text.
pub(super) fn place(grid: &Grid<'_>, of: &Table) -> Option<String> {
    let (first, last) = corners(grid, rows(of, of.own_header()))?;
    Some(match &grid.sheet {
        Some(sheet) => range(sheet, first, last),
        None => format!("lines {} to {}", first.0, last.0),
    })
}

/// The rows of a table, from its title to its last.
fn rows(of: &Table, header: Range<usize>) -> impl Iterator<Item = usize> {
    of.title.clone().chain(header).chain(of.body.iter().chain(&of.repeated).copied())
}

/// The first and the last row and column of some rows.
fn corners(grid: &Grid<'_>, own: impl Iterator<Item = usize>) -> Option<((u32, u32), (u32, u32))> {
    let rows: Vec<_> = own.filter_map(|at| grid.rows.get(at)).filter(|row| !row.is_blank()).collect();
    let columns = || rows.iter().flat_map(|row| row.cells.iter().map(|cell| cell.column));
    let numbers = || rows.iter().map(|row| row.number);
    Some((numbers().min().zip(columns().min())?, numbers().max().zip(columns().max())?))
}

/// What was said of cells beside them.
pub(super) fn comments(grid: &Grid<'_>) -> impl Iterator<Item = Item> {
    grid.comments.iter().map(|comment| Item {
        kind: "comment",
        table: None,
        position: grid.place(comment.row, comment.column).to_string(),
        text: comment.text.clone(),
        meaning: Value::Null,
    })
}

/// `Sheet!A1:F30`
pub(super) fn range(sheet: &str, first: (u32, u32), last: (u32, u32)) -> String {
    let place = |(row, column), sheet| Position { sheet: Some(sheet), row, column };
    let last = place(last, String::new()).to_string();
    format!("{}:{}", place(first, sheet.to_owned()), last.trim_start_matches('!'))
}
