//! Recovers lost columns. In text copied from a PDF or a web page, a single space both separates cells and groups
//! thousands, so that `2 144 5 565 516 726` has many readings. The reading that fits the header and adds up to the table's
//! totals is proven, and its row gets its cells back. A row with no such reading, or several, is an [`AmbiguousRow`], and
//! none of its figures are read.
//!
//! Tables with cells are dismissed quickly: only a header of one cell with two years, or one above a row that begins with a
//! year, can be flattened.

mod ambiguous;
mod choose;
mod cut;
mod glued_headings;
mod header;
mod lattice;
mod row;
mod solve;
#[cfg(test)]
mod tests;
mod token;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::document::{AmbiguousRow, Cell, Grid, Row};
use crate::grammar::footnote;
use crate::grammar::number::NumberConvention;
use crate::layout::tables::is_total;
use crate::regions;
use ambiguous::{ambiguous_header, ambiguous_row};
use glued_headings::cut_glued_headings;
use header::{FlatHeader, find_headers, slice_cell};
use lattice::{Lattice, RowReading};
use row::{FlatRow, collect_rows};
use solve::{FlatTable, MAX_DOCUMENT_STEPS, RowSolution, solve};

/// Recovers the cells of the flattened rows of a grid, and sets [`Grid::ambiguous_rows`].
pub fn recover_columns(grid: &mut Grid<'_>) {
    cut_glued_headings(&mut grid.rows);
    let mut recovery = Recovery { steps_left: MAX_DOCUMENT_STEPS, ..Recovery::default() };
    let mut at = 0;
    while at < grid.rows.len() {
        at = recovery.recover_table(&grid.rows, at).unwrap_or(at + 1);
    }
    if recovery.cells.is_empty() && recovery.ambiguous_rows.is_empty() {
        return;
    }
    for (at, cells) in recovery.cells {
        let row = &mut grid.rows[at];
        (row.cells, row.is_aligned) = (cells, false);
    }
    let mut index = 0..;
    grid.rows.retain(|_| index.next().is_none_or(|at| !recovery.merged.contains(&at)));
    grid.ambiguous_rows = recovery.ambiguous_rows;
}

/// The changes to the rows of a grid, by row index.
#[derive(Default)]
struct Recovery<'c> {
    /// The recovered cells.
    cells: BTreeMap<usize, Vec<Cell<'c>>>,
    /// The rows that are merged into a neighbour.
    merged: BTreeSet<usize>,
    ambiguous_rows: Vec<AmbiguousRow>,
    /// The search steps that are left for the document.
    steps_left: usize,
}

/// A flattened table by one reading of its header.
struct SolvedTable<'c> {
    header: FlatHeader<'c>,
    /// The same header on further pages.
    repeated: Vec<FlatHeader<'c>>,
    rows: Vec<FlatRow<'c>>,
    solutions: Vec<RowSolution>,
}

impl<'c> Recovery<'c> {
    /// Recovers the table that begins at a row, and returns the index of the row after it. `None` if no flattened table
    /// begins there.
    fn recover_table(&mut self, rows: &[Row<'c>], at: usize) -> Option<usize> {
        let headers = find_headers(rows, at).into_iter();
        let mut tables: Vec<SolvedTable<'c>> =
            headers.filter_map(|header| SolvedTable::solve(rows, header, &mut self.steps_left)).collect();
        if tables.len() > 1 && tables.iter().filter(|table| table.is_solved()).count() == 1 {
            tables.retain(SolvedTable::is_solved);
        }
        let end = tables.iter().map(SolvedTable::end).max()?;
        match <[SolvedTable<'c>; 1]>::try_from(tables) {
            Ok([table]) => self.apply(rows, table),
            Err(several) => {
                let headers: Vec<&FlatHeader<'_>> = several.iter().map(|table| &table.header).collect();
                self.ambiguous_rows.push(ambiguous_header(&rows[at], &headers));
            }
        }
        Some(end)
    }

    /// Records the cells and the ambiguous rows of a table.
    fn apply(&mut self, rows: &[Row<'c>], table: SolvedTable<'c>) {
        let SolvedTable { header, repeated, rows: flat_rows, solutions } = table;
        for (flat_row, solution) in flat_rows.iter().zip(&solutions) {
            let Some(figures) = &flat_row.figures else { continue };
            self.merged.extend(flat_row.above.iter().copied().chain(flat_row.below));
            let row = &rows[flat_row.at];
            let cells = match solution {
                RowSolution::Unique(reading) if flat_row.below.is_none() => {
                    slice_reading(row, &figures.offsets, reading)
                }
                _ => {
                    let columns = header.headings.len();
                    self.ambiguous_rows.push(ambiguous_row(row, flat_row, solution, columns));
                    slice_unread(rows, flat_row, &figures.offsets)
                }
            };
            self.cells.insert(flat_row.at, prepend_label(rows, &header, flat_row, cells));
        }
        self.cells.extend(header.rows.into_iter().chain(repeated.into_iter().flat_map(|again| again.rows)));
    }
}

impl<'c> SolvedTable<'c> {
    /// Solves the table below a header. `None` if no flattened rows follow it.
    fn solve(rows: &[Row<'c>], header: FlatHeader<'c>, steps_left: &mut usize) -> Option<SolvedTable<'c>> {
        let (flat_rows, repeated) = collect_rows(rows, &header);
        flat_rows.iter().any(|row| row.figures.is_some()).then(|| {
            let solutions = solve(&flat_table(rows, &header, &flat_rows), steps_left);
            SolvedTable { header, repeated, rows: flat_rows, solutions }
        })
    }

    fn is_solved(&self) -> bool {
        let is_solved = |(row, solution): (&FlatRow<'_>, &RowSolution)| {
            row.below.is_none() && matches!(solution, RowSolution::Unique(_))
        };
        self.rows.iter().zip(&self.solutions).all(is_solved)
    }

    fn end(&self) -> usize {
        self.rows.last().map_or(self.header.end, |last| last.below.unwrap_or(last.at) + 1)
    }
}

/// The input of the solver. Sums are used only if every figure is known to the last digit.
fn flat_table(rows: &[Row<'_>], header: &FlatHeader<'_>, flat_rows: &[FlatRow<'_>]) -> FlatTable {
    let columns = header.headings.len();
    let exact: Option<Vec<Lattice>> = flat_rows.iter().map(|row| exact_lattice(rows, row, columns)).collect();
    if let Some(rows) = exact {
        let labels: Vec<&str> = flat_rows.iter().map(|row| row.label.as_str()).collect();
        let headings: Vec<&str> = header.headings.iter().map(String::as_str).collect();
        return FlatTable { rows, column_weights: sum_weights(&headings), row_weights: sum_weights(&labels) };
    }
    let empty = || Lattice::new(&[], &[]);
    let lattice =
        |row: &FlatRow<'_>| row.figures.as_ref().map_or_else(empty, |figures| figures.lattice.clone());
    FlatTable {
        rows: flat_rows.iter().map(lattice).collect(),
        column_weights: vec![0; columns],
        row_weights: vec![0; flat_rows.len()],
    }
}

/// The readings of a row, if all its figures are exact.
fn exact_lattice(rows: &[Row<'_>], row: &FlatRow<'_>, columns: usize) -> Option<Lattice> {
    if let Some(figures) = &row.figures {
        return (figures.is_exact && row.below.is_none()).then(|| figures.lattice.clone());
    }
    let cells = &rows[row.at].cells;
    let figures = cells.get(cells.len().checked_sub(columns)?..)?;
    let value = |cell: &Cell<'_>| match token::parse_token(&cell.text) {
        Some(token) => token.value,
        None => NumberConvention::POINT.parse(&cell.text, 0).ok(),
    };
    let values: Option<Vec<i64>> = figures.iter().map(value).collect();
    let cells: Vec<Vec<(usize, i64)>> =
        values?.iter().zip(1..).map(|(&value, end)| vec![(end, value)]).collect();
    Some(Lattice::new(&cells, &[0]))
}

/// The weight of each label in a sum that must be 0: -1 for the total, 1 for its parts, 0 for regions that another label
/// contains. All weights are 0 if there is not exactly one total.
fn sum_weights(labels: &[&str]) -> Vec<i64> {
    let totals = labels.iter().filter(|label| is_total(label)).count();
    if totals != 1 || labels.len() < 2 {
        return vec![0; labels.len()];
    }
    let code = |label: &&str| regions::resolve(footnote::strip_markers(label)).map(|known| known.region.code);
    let codes: Vec<Option<&str>> = labels.iter().map(code).collect();
    let is_contained =
        |region: &str| codes.iter().flatten().any(|group| regions::group_contains(group, region));
    let weight = |(at, label): (usize, &&str)| match codes[at] {
        _ if is_total(label) => -1,
        Some(code) if is_contained(code) => 0,
        _ => 1,
    };
    labels.iter().enumerate().map(weight).collect()
}

/// The cells of a reading.
fn slice_reading<'c>(row: &Row<'c>, offsets: &[usize], reading: &RowReading) -> Vec<Cell<'c>> {
    let offset =
        |place: Option<&usize>| place.and_then(|&place| offsets.get(place)).or(offsets.last()).copied();
    let cell = |at: usize| Some(slice_cell(row, offset(reading.get(at))?, offset(reading.get(at + 1))?));
    (0..reading.len()).filter_map(cell).collect()
}

/// All figures of an ambiguous row as one cell, with those on the line below.
fn slice_unread<'c>(rows: &[Row<'c>], flat_row: &FlatRow<'c>, offsets: &[usize]) -> Vec<Cell<'c>> {
    let Some((&from, &to)) = offsets.first().zip(offsets.last()) else { return Vec::new() };
    let own = slice_cell(&rows[flat_row.at], from, to);
    let cell = match flat_row.below {
        None => own,
        Some(at) => Cell { text: format!("{} {}", own.text, rows[at].text()).into(), ..own },
    };
    if cell.text.is_empty() { Vec::new() } else { vec![cell] }
}

/// The cells of a row with its label in front; an empty label if only the other rows have one.
fn prepend_label<'c>(
    rows: &[Row<'c>],
    header: &FlatHeader<'c>,
    flat_row: &FlatRow<'c>,
    cells: Vec<Cell<'c>>,
) -> Vec<Cell<'c>> {
    let first_column = cells.first().map_or(u32::MAX, |cell| cell.column);
    let own = slice_label(&rows[flat_row.at], flat_row, first_column);
    let label = if flat_row.above.is_empty() {
        own
    } else {
        let lines = flat_row.above.iter().map(|&at| rows[at].text()).chain([Cow::Borrowed(&*own.text)]);
        let text = crate::text::fold_whitespace(lines.collect::<Vec<_>>().join(" ").trim()).into_owned();
        Cell::printed(own.column, Cow::Owned(text))
    };
    let has_label = !label.text.is_empty() || !header.label.is_empty();
    has_label.then_some(label).into_iter().chain(cells).collect()
}

/// The part of a row's own line before the column of its first figure.
fn slice_label<'c>(row: &Row<'c>, flat_row: &FlatRow<'c>, first_column: u32) -> Cell<'c> {
    let start = flat_row.words.first().map_or(0, |word| word.at);
    let is_before = |word: &&token::FlatWord<'c>| slice_cell(row, word.at, word.at).column < first_column;
    let last = flat_row.words.iter().rev().find(is_before);
    slice_cell(row, start, last.map_or(start, |word| word.at + word.text.len()))
}
