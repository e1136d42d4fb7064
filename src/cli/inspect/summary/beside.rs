//! What of a document stands in none of its tables, and what of it is hidden.

use std::collections::BTreeMap;

use crate::cli::inspect::found::Found;
use crate::cli::inspect::summary::block::Block;
use crate::cli::inspect::summary::left_out;
use crate::cli::inspect::width::{MOST, joined, list};
use crate::document::Grid;
use crate::position::column_letters;
use crate::text::format_count;

/// What is told of it.
pub(super) fn describe(found: &Found<'_>) -> Block {
    let mut block = Block::new("beside the tables".into());
    block.add("sheets", sheets_without_table(found));
    block.add("left out", left_out_rows(found));
    block.add("unread", unread_rows(found));
    block.add("prose", prose(found));
    block.add("comments", comments(found));
    block.add("hidden", hidden(found));
    block
}

/// The sheets without a table.
fn sheets_without_table(found: &Found<'_>) -> Option<String> {
    let mut has_table: BTreeMap<&str, bool> = BTreeMap::new();
    let mut names: Vec<&str> = Vec::new();
    for (grid, layout) in found.document.grids.iter().zip(&found.layouts) {
        let Some(sheet) = grid.sheet.as_deref() else { continue };
        *has_table.entry(sheet).or_insert_with(|| {
            names.push(sheet);
            false
        }) |= !layout.tables.is_empty();
    }
    let without = names.into_iter().filter(|name| has_table.get(name) == Some(&false));
    let without: Vec<String> = without.map(|name| format!("\"{name}\"")).collect();
    let count = format_count(without.len(), "sheet");
    Some(format!("{count} without a table: {}", joined(&without)?))
}

/// Rows of figures under no header that rules leave out.
fn left_out_rows(found: &Found<'_>) -> Vec<String> {
    let mut all = BTreeMap::new();
    for (grid, layout) in found.layouts.iter().enumerate() {
        for (by, rows) in left_out::count_rows(found, grid, &layout.stray) {
            *all.entry(by).or_default() += rows;
        }
    }
    left_out::rules(found, &all)
}

/// Rows of figures under no header that nothing leaves out.
fn unread_rows(found: &Found<'_>) -> Option<String> {
    let stray = found
        .layouts
        .iter()
        .enumerate()
        .flat_map(|(grid, layout)| layout.stray.iter().map(move |at| (grid, *at)));
    let unread: Vec<(usize, usize)> =
        stray.filter(|place| !found.extracted.left_out.contains_key(place)).collect();
    let first = unread.first().map(|(grid, at)| {
        let (grid, row) = (&found.document.grids[*grid], &found.document.grids[*grid].rows[*at]);
        grid.place(row.number, row.cells.first().map_or(1, |cell| cell.column)).to_string()
    });
    let rows = format_count(unread.len(), "row");
    first.map(|first| format!("{rows} of figures under no header, the first at {first}"))
}

fn prose(found: &Found<'_>) -> Option<String> {
    let rows: usize = found.layouts.iter().map(|layout| layout.prose.len()).sum();
    (rows > 0).then(|| format_count(rows, "row"))
}

fn comments(found: &Found<'_>) -> Option<String> {
    let count: usize = found.document.grids.iter().map(|grid| grid.comments.len()).sum();
    (count > 0).then(|| count.to_string())
}

/// What whoever opens the workbook does not see, though it is read: a line for each sheet.
fn hidden(found: &Found<'_>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in found.document.grids.iter().filter_map(hidden_of) {
        if lines.last() != Some(&line) {
            lines.push(line);
        }
    }
    let more = lines.len().saturating_sub(MOST);
    lines.truncate(MOST);
    lines.extend((more > 0).then(|| format!("and of {}", format_count(more, "more sheet"))));
    lines
}

fn hidden_of(grid: &Grid<'_>) -> Option<String> {
    let (hidden, sheet) = (grid.hidden.as_ref()?, grid.sheet.as_deref()?);
    if hidden.sheet {
        return Some(format!("sheet \"{sheet}\""));
    }
    let rows: Vec<String> = hidden.rows.iter().map(ToString::to_string).collect();
    let columns: Vec<String> = hidden.columns.iter().map(|column| column_letters(*column)).collect();
    let parts = [("row", rows), ("column", columns)].into_iter().filter(|(_, all)| !all.is_empty());
    let parts: Vec<String> = parts
        .map(|(noun, all)| format!("{noun}{} {}", if all.len() == 1 { "" } else { "s" }, list(&all, MOST)))
        .collect();
    (!parts.is_empty()).then(|| format!("{} of sheet \"{sheet}\"", parts.join(", ")))
}
