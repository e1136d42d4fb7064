//! How well a change fits the history of its row: the same row's figures of the other periods, by the month.
//!
//! A row is taken for a walk from period to period that seldom takes a long step. A change is the likelier the shorter it
//! makes the steps.

use std::collections::BTreeSet;

use crate::diagnosis::{Cell, Table};

/// The length of a usual step from one period to the next, as a logarithm: by a third or so.
const USUAL_STEP: f64 = 0.3;

/// Figures of about this size change by some more or less, not by some part of them.
const SMALL: f64 = 10.0;

impl Table<'_> {
    /// How much shorter the steps of the rows get, in usual steps.
    pub(super) fn gain(&self, changes: &[(usize, i64)]) -> f64 {
        let printed = |cell: usize| self.value(cell);
        let meant = |cell: usize| {
            changes.iter().find(|(changed, _)| *changed == cell).map_or(self.value(cell), |(_, meant)| *meant)
        };
        let around = changes.iter().flat_map(|(cell, _)| [cell.checked_sub(1), Some(*cell)]);
        let steps: BTreeSet<usize> = around.flatten().filter(|from| self.is_step(*from)).collect();
        steps.into_iter().map(|from| self.step(from, printed) - self.step(from, meant)).sum()
    }

    /// How long the steps are between figures, one for each column, in usual steps.
    pub(super) fn walk(&self, figures: &[i64]) -> f64 {
        let rates: Vec<f64> =
            figures.iter().enumerate().map(|(column, figure)| self.rate(column, *figure)).collect();
        let steps = rates.windows(2).enumerate().filter(|(column, _)| self.is_series(*column, column + 1));
        steps.map(|(_, pair)| (pair[0] - pair[1]).abs() / USUAL_STEP).sum()
    }

    /// The cell that a changed figure is best compared with, of the period before, else of the one after; and whether the
    /// change brings it nearer.
    pub(super) fn history(&self, changes: &[(usize, i64)]) -> Option<(usize, bool)> {
        let [(cell, meant)] = changes[..] else { return None };
        let before = cell.checked_sub(1).filter(|before| self.is_step(*before));
        let other = before.or_else(|| self.is_step(cell).then_some(cell + 1))?;
        let column = |cell: usize| self.picture.cells[cell].column;
        let expected = self.rate(column(other), self.value(other));
        let far = |value: i64| (self.rate(column(cell), value) - expected).abs();
        Some((other, far(meant) < far(self.value(cell))))
    }

    /// How much smaller a row would be than the smallest of the table, in usual steps.
    pub(super) fn smallness(&self, figures: &[i64]) -> f64 {
        let size = |figures: &mut dyn Iterator<Item = i64>| {
            (figures.map(|figure| figure.unsigned_abs() as f64).sum::<f64>() / SMALL).asinh()
        };
        let rows = self.picture.cells.chunk_by(|a, b| a.row == b.row);
        let smallest = rows.map(|row| size(&mut row.iter().map(|cell| cell.value))).min_by(f64::total_cmp);
        let missing = size(&mut figures.iter().copied());
        (smallest.unwrap_or_default() - missing).max(0.0) / USUAL_STEP
    }

    /// Whether the next cell is of the same row and series.
    fn is_step(&self, from: usize) -> bool {
        let cell = |cell: usize| self.picture.cells.get(cell);
        let is_next = |(a, b): (&Cell<'_>, &Cell<'_>)| a.row == b.row && self.is_series(a.column, b.column);
        cell(from).zip(cell(from + 1)).is_some_and(is_next)
    }

    /// Whether two columns differ in nothing but their periods.
    fn is_series(&self, column: usize, other: usize) -> bool {
        self.picture.series.get(column) == self.picture.series.get(other)
    }

    fn step(&self, from: usize, value: impl Fn(usize) -> i64) -> f64 {
        let rate = |cell: usize| self.rate(self.picture.cells[cell].column, value(cell));
        (rate(from) - rate(from + 1)).abs() / USUAL_STEP
    }

    /// A figure by the year, on a scale that is logarithmic but for small figures, zero and what is below it.
    fn rate(&self, column: usize, value: i64) -> f64 {
        let months = self.picture.months.get(column).copied().unwrap_or_default();
        let by_year = if months == 0 { 1.0 } else { 12.0 / f64::from(months) };
        (value as f64 * by_year / SMALL).asinh()
    }
}
