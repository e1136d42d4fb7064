//! The messages of rows and headers with no reading, or several.

use crate::column_recovery::header::{FlatHeader, slice_cell};
use crate::column_recovery::lattice::RowReading;
use crate::column_recovery::row::FlatRow;
use crate::column_recovery::slice_reading;
use crate::column_recovery::solve::{MAX_SHOWN, RowSolution};
use crate::document::{AmbiguousRow, Row};
use crate::extract::figure::shorten;

/// Describes a row that was not solved.
pub(super) fn ambiguous_row(
    row: &Row<'_>,
    flat_row: &FlatRow<'_>,
    solution: &RowSolution,
    columns: usize,
) -> AmbiguousRow {
    let offsets = flat_row.figures.as_ref().map_or(&[][..], |figures| &figures.offsets);
    let line_start = flat_row.words.first().map_or(0, |word| word.at);
    let end = offsets.last().copied().unwrap_or_default();
    // A line without figures at its end is marked as a whole.
    let start = offsets.first().copied().filter(|first| *first < end).unwrap_or(line_start);
    let figures = slice_cell(row, start, end);
    let (message, help) = match solution {
        _ if flat_row.below.is_some() => (
            "the figures of a row are on two lines, and their columns are lost".to_owned(),
            "put the row on one line, or copy the table from the original, with tabs between its cells",
        ),
        RowSolution::Open { count: 0, .. } => (
            format!("the columns of this row are lost, and it cannot be read as {columns} cells"),
            "each column needs a number or a nil symbol; copy the row from the original, with tabs between its cells",
        ),
        RowSolution::Open { readings, count } => (
            list_readings(row, offsets, readings, *count),
            "a total that only one of them meets would resolve it; or copy the table from the original, with tabs between its cells",
        ),
        RowSolution::Unique(_) => Default::default(),
    };
    let width = figures.text.chars().count().max(1);
    AmbiguousRow { row: row.number, column: figures.column, width, message, help: help.to_owned() }
}

fn list_readings(row: &Row<'_>, offsets: &[usize], readings: &[RowReading], count: u64) -> String {
    let format_reading = |reading: &RowReading| {
        let cells = slice_reading(row, offsets, reading);
        format!("`{}`", cells.iter().map(|cell| cell.text.as_ref()).collect::<Vec<_>>().join(" | "))
    };
    let shown: Vec<String> = readings.iter().map(format_reading).collect();
    let others = if count > shown.len() as u64 { " …" } else { "" };
    let readings = if count == 1 { "1 reading".to_owned() } else { format!("{count} readings") };
    format!("the columns of this row are lost, and it has {readings}: {}{others}", shown.join(", "))
}

/// Describes a header with several readings; nothing below it is read.
pub(super) fn ambiguous_header(row: &Row<'_>, headers: &[&FlatHeader<'_>]) -> AmbiguousRow {
    let format_header = |header: &&FlatHeader<'_>| format!("`{}`", shorten(&header.headings.join(" | ")));
    let shown: Vec<String> = headers.iter().take(MAX_SHOWN).map(format_header).collect();
    AmbiguousRow {
        row: row.number,
        column: row.cells.first().map_or(1, |cell| cell.column),
        width: row.text().chars().count().max(1),
        message: format!(
            "the columns of this header are lost, and it has {} readings: {}",
            headers.len(),
            shown.join(", ")
        ),
        help: "copy the table from the original, with tabs between its cells".to_owned(),
    }
}
