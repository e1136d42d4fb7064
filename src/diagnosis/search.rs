//! The search for changes that resolve failing sums.

use std::collections::BTreeMap;

use crate::diagnosis::misprint::PrintedNumber;
use crate::diagnosis::{ErrorKind, RepairCandidate, SumCell, SumEquation, SumTable};

/// A table with the gaps of its sums.
pub(super) struct RepairSearch<'p> {
    pub table: &'p SumTable<'p>,
    /// For each sum, the printed total minus the sum of the parts.
    pub gaps: Vec<i64>,
    /// The failing sums, in order.
    pub failing: Vec<usize>,
    /// For each cell, the sums that it is in, and whether it is their total.
    pub sums_of: Vec<Vec<(usize, bool)>>,
}

/// The most by which a misprint may miss the expected value where totals have a tolerance.
const MAX_TOLERANCE: i64 = 9;

/// A cell with a longer text has more than a misprint.
const MAX_CELL_TEXT: usize = 40;

impl<'p> RepairSearch<'p> {
    pub fn new(table: &'p SumTable<'p>) -> RepairSearch<'p> {
        let value = |cell: &usize| table.cells[*cell].value;
        let gap = |sum: &SumEquation| value(&sum.total) - sum.parts.iter().map(value).sum::<i64>();
        let gaps: Vec<i64> = table.sums.iter().map(gap).collect();
        let mut sums_of = vec![Vec::new(); table.cells.len()];
        for (at, sum) in table.sums.iter().enumerate() {
            sum.parts.iter().for_each(|part| sums_of[*part].push((at, false)));
            sums_of[sum.total].push((at, true));
        }
        let failing = (0..gaps.len()).filter(|at| gaps[*at].abs() > table.sums[*at].tolerance).collect();
        RepairSearch { table, gaps, failing, sums_of }
    }

    pub fn value(&self, cell: usize) -> i64 {
        self.table.cells[cell].value
    }

    /// The cell in a row and column.
    pub fn find_cell(&self, row: usize, column: usize) -> Option<usize> {
        self.table.cells.binary_search_by_key(&(row, column), |cell| (cell.row, cell.column)).ok()
    }

    /// The column of a sum's total.
    pub fn total_column(&self, sum: usize) -> usize {
        self.table.cells[self.table.sums[sum].total].column
    }

    pub fn is_total(&self, cell: usize) -> bool {
        self.sums_of[cell].iter().any(|(_, is_total)| *is_total)
    }

    fn is_failing(&self, sum: usize) -> bool {
        self.failing.binary_search(&sum).is_ok()
    }

    /// The value that a cell would need for its first failing sum to hold. `None` if all its sums hold.
    pub fn expected_value(&self, cell: usize) -> Option<i64> {
        let (sum, is_total) = self.sums_of[cell].iter().find(|(sum, _)| self.is_failing(*sum))?;
        Some(self.value(cell) + if *is_total { -self.gaps[*sum] } else { self.gaps[*sum] })
    }

    /// The most by which the new value of a cell may miss the expected one.
    pub fn tolerance(&self, cell: usize) -> i64 {
        let tolerances = self.sums_of[cell].iter().map(|(sum, _)| self.table.sums[*sum].tolerance);
        tolerances.min().unwrap_or_default().min(MAX_TOLERANCE)
    }

    /// Finds the single misprints of a cell that would explain its failing sums.
    pub fn find_misprints(&self, cell: usize, candidates: &mut Vec<RepairCandidate>) {
        let Some(expected) = self.expected_value(cell) else { return };
        let SumCell { printed, value, is_nil, .. } = self.table.cells[cell];
        if printed.len() > MAX_CELL_TEXT {
            return;
        }
        let number = PrintedNumber::new(printed, value, is_nil);
        let tolerance = self.tolerance(cell);
        for meant in expected.saturating_sub(tolerance)..=expected.saturating_add(tolerance) {
            let Some(misprint) = number.find_misprint(meant, self.table.decimals) else { continue };
            let alternatives = misprint.log_alternatives(value);
            candidates.extend(self.candidate(
                ErrorKind::Misprint(misprint),
                vec![(cell, meant)],
                alternatives,
            ));
        }
    }

    /// A change as a candidate, if it resolves failing sums and breaks none. `log_alternatives` is the logarithm of the
    /// number of errors that could have been made instead.
    pub fn candidate(
        &self,
        error: ErrorKind,
        changes: Vec<(usize, i64)>,
        log_alternatives: f64,
    ) -> Option<RepairCandidate> {
        if changes.iter().any(|(cell, _)| self.table.cells[*cell].is_confirmed) {
            return None;
        }
        let resolves = self.resolved_sums(&changes)?;
        let gain = self.history_gain(&changes);
        let score = gain - log_alternatives;
        let history = self.compare_with_history(&changes);
        Some(RepairCandidate { error, changes, history, resolves, gain, score })
    }

    /// The failing sums that a change resolves. `None` if it resolves none, leaves one that it touches unresolved, breaks one
    /// that holds, or makes a figure negative that cannot be.
    pub fn resolved_sums(&self, changes: &[(usize, i64)]) -> Option<Vec<usize>> {
        let mut gaps: BTreeMap<usize, i64> = BTreeMap::new();
        for (cell, meant) in changes {
            let increase = meant.checked_sub(self.value(*cell))?;
            for (sum, is_total) in &self.sums_of[*cell] {
                let gap = gaps.entry(*sum).or_insert(self.gaps[*sum]);
                *gap = if *is_total { gap.checked_add(increase)? } else { gap.checked_sub(increase)? };
            }
        }
        let is_possible = self.table.allows_negative || changes.iter().all(|(_, meant)| *meant >= 0);
        let all_hold = gaps.iter().all(|(sum, gap)| gap.abs() <= self.table.sums[*sum].tolerance);
        let resolved: Vec<usize> = gaps.into_keys().filter(|sum| self.is_failing(*sum)).collect();
        (is_possible && all_hold && !resolved.is_empty()).then_some(resolved)
    }
}
