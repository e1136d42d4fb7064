//! Rows of figures that look like years: `France 1998 2001` below `Country Population Migrants` is no header of periods.
//!
//! Words right above each number head it already. Where that is less sure, because the words stand further up or above no
//! label, the label must be a region's, or the row next to it look the same.

use crate::document::{Cell, Row};
use crate::grammar::footnote;
use crate::layout::header::is_words;
use crate::regions;

/// How many rows above are looked at for words.
const NEAR: usize = 32;

/// Whether a row that looks like a header of years is one of a body.
pub(super) fn is_body_row(rows: &[Row<'_>], at: usize) -> bool {
    let Some(first) = first_year(&rows[at]) else { return false };
    let heading = heading(rows, at, first);
    if rows[at].is_aligned && heading == Some(HeadingPlace::Adjacent) {
        return true;
    }
    let is_region = first > 0 && names_region(&rows[at]);
    let is_alike = |at: usize| rows.get(at).and_then(first_year) == Some(first);
    let is_amid = is_alike(at + 1) || at > 0 && is_alike(at - 1);
    [heading.is_some(), is_region, is_amid].into_iter().filter(|is_so| *is_so).count() > 1
}

/// Where words stand above all numbers of a row.
#[derive(PartialEq, Eq)]
enum HeadingPlace {
    /// In the row above, and above the label, too; but for rows that look like years themselves, and for heads of sections.
    Adjacent,
    /// Further up, or not above the label.
    Apart,
}

/// The index of the first of a row's years, where it prints nothing but them and a label before them.
fn first_year(row: &Row<'_>) -> Option<usize> {
    let first = row.cells.iter().position(is_year)?;
    let is_labelled = first == 0 || !row.cells[0].text.is_empty();
    let mut behind = row.cells[first..].iter().filter(|cell| !cell.text.is_empty());
    (is_labelled && behind.all(is_year)).then_some(first)
}

fn is_year(cell: &Cell<'_>) -> bool {
    cell.text.len() == 4 && cell.text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Where words stand above all numbers of a row, the first of which has an index.
fn heading(rows: &[Row<'_>], at: usize, first: usize) -> Option<HeadingPlace> {
    let above = &rows[at.saturating_sub(NEAR)..at];
    let is_skipped = |row: &&Row<'_>| row.cells.len() < 2 || first_year(row) == Some(first);
    let skipped = above.iter().rev().take_while(is_skipped).count();
    let head = above.get(above.len().checked_sub(skipped + 1)?)?;
    let numbers = rows[at].cells.iter().enumerate().skip(first).filter(|(_, cell)| !cell.text.is_empty());
    let is_headed = |column: usize| head.cells.get(column).is_some_and(is_words);
    if !numbers.map(|(column, _)| column).all(is_headed) {
        return None;
    }
    let is_near = !above[above.len() - skipped..].iter().any(Row::is_blank);
    Some(if is_near && (first == 0 || is_headed(0)) { HeadingPlace::Adjacent } else { HeadingPlace::Apart })
}

/// Whether a row's label is a region's, or a total's.
fn names_region(row: &Row<'_>) -> bool {
    row.cells.first().is_some_and(|label| regions::resolve(footnote::strip_markers(&label.text)).is_some())
}
