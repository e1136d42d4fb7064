//! Headings of two lines that only one blank parts from those before them, as extractors print narrow columns: below
//! `2026 (as at end-`, `2025 February)` are two cells. The bracket that is open above, right where the second begins, says so.

use crate::column_recovery::header::slice_cell;
use crate::document::{Cell, Row};
use crate::layout::header;

/// Cuts such cells in two.
pub(super) fn cut_glued_headings(rows: &mut [Row<'_>]) {
    for at in 1..rows.len() {
        let (above, below) = rows.split_at_mut(at);
        let (Some(above), Some(row)) = (above.last(), below.first_mut()) else { continue };
        if let Some((place, cells)) = find_cut(above, row) {
            row.cells.splice(place..=place, cells);
        }
    }
}

/// The cell of a row that is to be cut, and its parts. Most rows have no bracket above.
fn find_cut<'c>(above: &Row<'_>, row: &Row<'c>) -> Option<(usize, [Cell<'c>; 2])> {
    memchr::memchr(b'(', above.line.as_bytes())?;
    let open = above.cells.iter().find(|cell| is_open(&cell.text)).filter(|_| header::is_fixed_width(row))?;
    let is_across = |cell: &Cell<'_>| cell.column < open.column && open.column < header::end(cell);
    let place = row.cells.iter().position(is_across)?;
    let cell = &row.cells[place];
    let [start, middle] = [cell.column, open.column].map(|column| byte_offset(&row.line, column));
    let (start, middle) = (start?, middle?);
    let end = start + cell.text.len();
    let (before, behind) = (row.line.get(start..middle)?, row.line.get(middle..end)?);
    let is_cut = before.ends_with(' ') && !behind.starts_with(' ') && closes(behind);
    is_cut.then(|| (place, [slice_cell(row, start, middle), slice_cell(row, middle, end)]))
}

/// Whether a bracket of a text goes on below.
fn is_open(text: &str) -> bool {
    text.rfind('(') > text.rfind(')')
}

/// Whether a text begins within a bracket.
fn closes(text: &str) -> bool {
    text.find(')').is_some_and(|end| !text[..end].contains('('))
}

fn byte_offset(line: &str, column: u32) -> Option<usize> {
    line.char_indices().nth(column as usize - 1).map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::text;

    fn cells(text: &str) -> Vec<String> {
        let mut rows = text::parse_grid(text).rows;
        cut_glued_headings(&mut rows);
        rows[1].cells.iter().map(|cell| format!("{} {}", cell.column, cell.text)).collect()
    }

    #[test]
    fn an_open_bracket_above_parts_what_stands_below() {
        let glued = "              2026 (as at end-\nRegion   2025 February)\n";
        assert_eq!(cells(glued), ["1 Region", "10 2025", "15 February)"]);
        for other in [
            // No bracket is open, or none is closed; the text above begins elsewhere.
            "              2026 as at end-\nRegion   2025 February)\n",
            "              2026 (as at end-\nRegion   2025 February\n",
            "               2026 (as at end-\nRegion   2025 February)\n",
        ] {
            assert_eq!(cells(other).len(), 2, "{other}");
        }
        assert_eq!(cells("In words (as\nthey are) here\n"), ["1 they are) here"]);
    }
}
