//! Headers whose cells name codes of a vocabulary (`Males` over `0 to 14`), over or below periods or without any. Cells are
//! counted, and a cell of an upper row goes on to the right until another one of it begins.

use std::collections::BTreeSet;

use crate::document::{Cell, Row};
use crate::grammar::indicator::Indicator;
use crate::grammar::period::heading;
use crate::layout::figures::is_figure;
use crate::layout::header::{Header, Heading, MOST_ROWS, Piece, columns, is_period, is_quantity, read};
use crate::layout::vocabulary::Vocabulary;
use crate::text::fold_whitespace;

/// The header that begins at a row: as many rows as there are, each of words of the vocabulary, periods and words for what
/// columns hold, over a row of figures.
pub(super) fn find(rows: &[Row<'_>], at: usize, vocabulary: &Vocabulary) -> Option<Header> {
    if vocabulary.is_empty() || !names_codes(rows.get(at)?, vocabulary) && !names_periods(&rows[at]) {
        return None;
    }
    (1..=MOST_ROWS).rev().find_map(|count| {
        let block = rows.get(at..at + count)?;
        let first = first_figure(rows.get(at + count)?)?;
        let is_headed = block.iter().any(|row| names_codes(row, vocabulary));
        is_headed.then(|| header(block, at, first, vocabulary)).flatten()
    })
}

/// Whether a row has several words of the vocabulary, or a single one that goes over all columns.
fn names_codes(row: &Row<'_>, vocabulary: &Vocabulary) -> bool {
    row.cells.iter().skip(1).any(|cell| vocabulary.contains(&cell.text)) && !has_figures(row)
}

fn names_periods(row: &Row<'_>) -> bool {
    row.cells.iter().skip(1).any(is_period) && !has_figures(row)
}

fn has_figures(row: &Row<'_>) -> bool {
    row.cells
        .iter()
        .any(|cell| is_quantity(cell) || is_figure(cell) && !is_period(cell) && !cell.text.is_empty())
}

/// The first column of figures of a row that has nothing but figures from there on.
fn first_figure(row: &Row<'_>) -> Option<usize> {
    let last_word = row.cells.iter().rposition(|cell| !cell.text.is_empty() && !is_figure(cell));
    let first = last_word.map_or(0, |last| last + 1);
    let rest = row.cells.get(first..).unwrap_or_default();
    rest.iter().any(|cell| !cell.text.is_empty()).then_some(first)
}

/// The header of a block over figures from a column on; none where a heading is not understood, or two are alike.
fn header(block: &[Row<'_>], at: usize, first: usize, vocabulary: &Vocabulary) -> Option<Header> {
    let width = block.iter().map(|row| row.cells.len()).max()?;
    let of_columns = columns(block, first..width.max(first), true);
    let headings: Vec<Heading> =
        of_columns.iter().map(|pieces| coded_heading(pieces, at, vocabulary)).collect::<Option<_>>()?;
    let mut seen = BTreeSet::new();
    let distinct = headings
        .iter()
        .all(|heading| seen.insert((heading.codes.clone(), heading.time.clone(), heading.indicator)));
    (distinct && !headings.is_empty()).then(|| Header {
        rows: at..at + block.len(),
        labelled: first > 0,
        attributes: first.saturating_sub(1),
        headings,
    })
}

/// A heading from its pieces: words of the vocabulary, and the others, which must name a period or what the column holds.
fn coded_heading(pieces: &[Piece<'_, '_>], at: usize, vocabulary: &Vocabulary) -> Option<Heading> {
    let placed: Vec<Piece<'_, '_>> = pieces.iter().map(|(row, cell)| (at + row, *cell)).collect();
    let (codes, others): (Vec<&Piece<'_, '_>>, Vec<&Piece<'_, '_>>) =
        placed.iter().partition(|(_, cell)| vocabulary.contains(&cell.text));
    let others: Vec<Piece<'_, '_>> = others.into_iter().copied().collect();
    let (row, column) = placed.last().map(|(row, cell)| (*row, cell.column))?;
    let heading = if others.is_empty() { Heading::without_period() } else { Heading::of(&others) };
    let is_understood = others.iter().all(|(_, cell)| is_time_or_indicator(cell))
        && (others.is_empty() || heading.reading.is_some() || heading.indicator.is_some());
    let codes = codes.into_iter().map(|(_, cell)| fold_whitespace(&cell.text).into_owned()).collect();
    let label = placed.iter().map(|(_, cell)| cell.text.as_ref()).collect::<Vec<_>>().join(" ");
    is_understood.then(|| Heading {
        codes,
        row,
        column,
        label: fold_whitespace(&label).into_owned(),
        ..heading
    })
}

fn is_time_or_indicator(cell: &Cell<'_>) -> bool {
    read(&cell.text).is_some()
        || heading::is_time_fragment(&cell.text)
        || Indicator::parse(&cell.text).is_some()
}
