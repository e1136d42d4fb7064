//! What the rows of a header print above each column.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::document::Grid;
use crate::layout::frame::HeaderPiece;
use crate::layout::frame::place::{piece, printed};

/// What each row of a header prints above each column. A cell goes on to the right over what it is merged with; in a header
/// without merged cells until another cell of its row or of one above it begins, but for those of the last row and those
/// that are parts of a heading over several rows.
#[must_use]
pub fn spread(
    grid: &Grid<'_>,
    header: &[usize],
    within: Range<usize>,
    is_part: &[bool],
) -> Vec<Vec<Option<HeaderPiece>>> {
    let numbers: Vec<u32> = header.iter().map(|row| grid.rows[*row].number).collect();
    let merged = merged_cells(grid, &numbers);
    let mut levels = Vec::with_capacity(header.len());
    for (level, &row) in header.iter().enumerate() {
        let mut last: Option<HeaderPiece> = None;
        let mut pieces = Vec::with_capacity(within.len());
        for column in within.clone() {
            let is_parted =
                || header[..level].iter().any(|above| printed(&grid.rows[*above], column).is_some());
            let goes_on = |last: &HeaderPiece| {
                if !merged.is_empty() {
                    let right = merged.get(&(numbers[level], last.column));
                    return right.is_some_and(|right| column < *right as usize);
                }
                level + 1 < header.len() && !is_part[level] && !is_parted()
            };
            last = match printed(&grid.rows[row], column) {
                Some(cell) => Some(piece(level, row, cell)),
                None => last.filter(goes_on),
            };
            pieces.push(last.clone());
        }
        levels.push(pieces);
    }
    levels
}

/// The last column of each area that is merged over several, by the row and column of its first cell.
fn merged_cells(grid: &Grid<'_>, rows: &[u32]) -> BTreeMap<(u32, u32), u32> {
    let wide = grid.merged.iter().filter(|area| area.right > area.left && rows.contains(&area.top));
    wide.map(|area| ((area.top, area.left), area.right)).collect()
}
