//! How well a change fits the history of its row: the figures of the same row in other periods, as rates.
//!
//! A row is modelled as a random walk from period to period that seldom takes a long step. A change is the likelier, the
//! shorter it makes the steps.

use std::collections::BTreeSet;

use crate::diagnosis::SumCell;
use crate::diagnosis::search::RepairSearch;

/// The length of a typical step between periods, as a logarithm: about a third.
const TYPICAL_STEP: f64 = 0.3;

/// Figures up to about this size change by amounts, not by ratios.
const SMALL: f64 = 10.0;

impl RepairSearch<'_> {
    /// How much shorter the steps of the changed rows become, in typical steps.
    pub fn history_gain(&self, changes: &[(usize, i64)]) -> f64 {
        let printed = |cell: usize| self.value(cell);
        let meant = |cell: usize| {
            changes.iter().find(|(changed, _)| *changed == cell).map_or(self.value(cell), |(_, meant)| *meant)
        };
        let around = changes.iter().flat_map(|(cell, _)| [cell.checked_sub(1), Some(*cell)]);
        let steps: BTreeSet<usize> = around.flatten().filter(|from| self.has_next_period(*from)).collect();
        steps.into_iter().map(|from| self.step_length(from, printed) - self.step_length(from, meant)).sum()
    }

    /// The total length of the steps between the figures of a row, one for each column, in typical steps.
    pub fn path_length(&self, figures: &[i64]) -> f64 {
        let rates: Vec<f64> =
            figures.iter().enumerate().map(|(column, figure)| self.log_rate(column, *figure)).collect();
        let steps = rates.windows(2).enumerate().filter(|(column, _)| self.is_series(*column, column + 1));
        steps.map(|(_, pair)| (pair[0] - pair[1]).abs() / TYPICAL_STEP).sum()
    }

    /// For a change of one figure: the cell of the period before it, or else after it, and whether the change brings the
    /// figure closer to that.
    pub fn compare_with_history(&self, changes: &[(usize, i64)]) -> Option<(usize, bool)> {
        let [(cell, meant)] = changes[..] else { return None };
        let before = cell.checked_sub(1).filter(|before| self.has_next_period(*before));
        let other = before.or_else(|| self.has_next_period(cell).then_some(cell + 1))?;
        let column = |cell: usize| self.table.cells[cell].column;
        let expected = self.log_rate(column(other), self.value(other));
        let distance = |value: i64| (self.log_rate(column(cell), value) - expected).abs();
        Some((other, distance(meant) < distance(self.value(cell))))
    }

    /// How much smaller a row would be than the smallest row of the table, in typical steps; 0 if it would not be.
    pub fn relative_smallness(&self, figures: &[i64]) -> f64 {
        let size = |figures: &mut dyn Iterator<Item = i64>| {
            (figures.map(|figure| figure.unsigned_abs() as f64).sum::<f64>() / SMALL).asinh()
        };
        let rows = self.table.cells.chunk_by(|a, b| a.row == b.row);
        let smallest = rows.map(|row| size(&mut row.iter().map(|cell| cell.value))).min_by(f64::total_cmp);
        let own = size(&mut figures.iter().copied());
        (smallest.unwrap_or_default() - own).max(0.0) / TYPICAL_STEP
    }

    /// Whether the next cell is in the same row and series.
    fn has_next_period(&self, cell: usize) -> bool {
        let at = |cell: usize| self.table.cells.get(cell);
        let is_next =
            |(a, b): (&SumCell<'_>, &SumCell<'_>)| a.row == b.row && self.is_series(a.column, b.column);
        at(cell).zip(at(cell + 1)).is_some_and(is_next)
    }

    /// Whether two columns differ in nothing but their periods.
    fn is_series(&self, column: usize, other: usize) -> bool {
        self.table.series.get(column) == self.table.series.get(other)
    }

    /// The length of the step from a cell to the next, in typical steps.
    fn step_length(&self, from: usize, value: impl Fn(usize) -> i64) -> f64 {
        let rate = |cell: usize| self.log_rate(self.table.cells[cell].column, value(cell));
        (rate(from) - rate(from + 1)).abs() / TYPICAL_STEP
    }

    /// The rate per year of a figure, on a scale that is logarithmic for large figures and linear for small ones (inverse
    /// hyperbolic sine), so that zero and negative figures have a place on it.
    fn log_rate(&self, column: usize, value: i64) -> f64 {
        let months = self.table.months.get(column).copied().unwrap_or_default();
        let per_year = if months == 0 { 1.0 } else { 12.0 / f64::from(months) };
        (value as f64 * per_year / SMALL).asinh()
    }
}
