//! Errors of a row or a total: rows that are missing, repeated, swapped, shifted or omitted, and totals of the wrong column.

use std::ops::Range;

use crate::diagnosis::search::RepairSearch;
use crate::diagnosis::{ErrorKind, RepairCandidate};

/// The penalty of an error that is rarer than a misprint, as a logarithm.
const RARE: f64 = 2.0;

impl RepairSearch<'_> {
    /// Finds all errors of rows and totals that would explain failing sums: each by itself, and all together.
    pub fn find_row_errors(&self, candidates: &mut Vec<RepairCandidate>) {
        self.find_swapped_columns(candidates);
        self.find_shifted_rows(candidates);
        self.find_extra_rows(candidates);
        let together = Some(self.failing.clone()).filter(|all| all.len() > 1);
        for sums in self.failing.iter().map(|sum| vec![*sum]).chain(together) {
            self.find_neighbour_totals(&sums, candidates);
            self.find_omitted_rows(&sums, candidates);
            self.find_missing_row(&sums, candidates);
        }
    }

    /// The cells of each row, as ranges.
    fn row_ranges(&self) -> impl Iterator<Item = Range<usize>> {
        let mut end = 0;
        self.table.cells.chunk_by(|a, b| a.row == b.row).map(move |row| {
            let start = end;
            end += row.len();
            start..end
        })
    }

    /// Two columns of a row, where the gap of one is the opposite of the other's.
    fn find_swapped_columns(&self, candidates: &mut Vec<RepairCandidate>) {
        let pairs = self.failing.iter().enumerate();
        let pairs = pairs.flat_map(|(at, a)| self.failing[at + 1..].iter().map(move |b| (*a, *b)));
        let tolerance = |sum: usize| self.table.sums[sum].tolerance;
        let is_opposite =
            |(a, b): &(usize, usize)| (self.gaps[*a] + self.gaps[*b]).abs() <= tolerance(*a) + tolerance(*b);
        for (a, b) in pairs.filter(is_opposite) {
            let (a, b) = (self.total_column(a), self.total_column(b));
            for range in self.row_ranges() {
                let row = self.table.cells[range.start].row;
                let (Some(a), Some(b)) = (self.find_cell(row, a), self.find_cell(row, b)) else { continue };
                let changes = vec![(a, self.value(b)), (b, self.value(a))];
                candidates.extend(self.candidate(ErrorKind::SwappedColumns, changes, RARE));
            }
        }
    }

    /// Rows whose figures, from some column on, are one column too far to the right or to the left. The gap gives the figure
    /// that had no space.
    fn find_shifted_rows(&self, candidates: &mut Vec<RepairCandidate>) {
        for range in self.row_ranges().filter(|_| self.failing.len() > 1) {
            let cells: Vec<usize> = range.collect();
            let reversed: Vec<usize> = cells.iter().rev().copied().collect();
            for length in 3..=cells.len() {
                let ends = [&cells[cells.len() - length..], &reversed[..length]];
                candidates.extend(ends.into_iter().filter_map(|cells| self.shift(cells)));
            }
        }
    }

    /// The candidate in which each cell gets the figure of the next one, and the last cell the value that its sum needs.
    fn shift(&self, cells: &[usize]) -> Option<RepairCandidate> {
        let expected = |cell: usize| self.expected_value(cell).unwrap_or(self.value(cell));
        let mut changes = Vec::new();
        for pair in cells.windows(2) {
            let (cell, meant) = (pair[0], self.value(pair[1]));
            if (meant - expected(cell)).abs() > 2 * self.tolerance(cell) {
                return None;
            }
            changes.push((cell, meant));
        }
        let last = *cells.last()?;
        changes.push((last, expected(last)));
        changes.retain(|(cell, meant)| *meant != self.value(*cell));
        changes.sort_unstable();
        if changes.len() < 3 { None } else { self.candidate(ErrorKind::ShiftedRow, changes, RARE) }
    }

    /// Rows without which the sums hold: a row that repeats another, or that has more than one figure.
    fn find_extra_rows(&self, candidates: &mut Vec<RepairCandidate>) {
        let extra: Vec<(usize, RepairCandidate)> =
            self.row_ranges().filter_map(|range| self.remove_row(&range)).collect();
        let figures = |candidate: &RepairCandidate| -> Vec<(usize, i64)> {
            let figure = |(cell, _): &(usize, i64)| (self.table.cells[*cell].column, self.value(*cell));
            candidate.changes.iter().map(figure).collect()
        };
        for (row, candidate) in &extra {
            let is_twin = |(other, twin): &&(usize, RepairCandidate)| {
                other != row && figures(twin) == figures(candidate)
            };
            let twin = extra.iter().find(is_twin).map(|(twin, _)| *twin);
            if twin.is_some() || candidate.changes.len() > 1 {
                let score = if twin.is_some() { 0.0 } else { -RARE };
                let error = ErrorKind::ExtraRow(*row, twin);
                candidates.push(RepairCandidate { error, score, ..candidate.clone() });
            }
        }
    }

    /// A row, and the candidate without it, if that resolves failing sums.
    fn remove_row(&self, range: &Range<usize>) -> Option<(usize, RepairCandidate)> {
        if range.clone().any(|cell| self.is_total(cell)) {
            return None;
        }
        let figures = range.clone().filter(|cell| self.value(*cell) != 0);
        let changes: Vec<(usize, i64)> = figures.map(|cell| (cell, 0)).collect();
        let resolves = self.resolved_sums(&changes)?;
        let row = self.table.cells[range.start].row;
        let error = ErrorKind::ExtraRow(row, None);
        Some((row, RepairCandidate { error, changes, history: None, resolves, gain: 0.0, score: 0.0 }))
    }

    /// Totals that are the sums of the column before or after.
    fn find_neighbour_totals(&self, sums: &[usize], candidates: &mut Vec<RepairCandidate>) {
        for after in [false, true] {
            let change = |sum: &usize| {
                let total = self.table.sums[*sum].total;
                let neighbour = if after { Some(total + 1) } else { total.checked_sub(1) };
                let neighbour = neighbour.filter(|cell| self.is_same_row(total, *cell))?;
                let (its_sum, _) = self.sums_of[neighbour].iter().find(|(_, is_total)| *is_total)?;
                (self.value(total) == self.sum_of_parts(*its_sum)).then_some((total, self.sum_of_parts(*sum)))
            };
            let changes: Option<Vec<(usize, i64)>> = sums.iter().map(change).collect();
            candidates
                .extend(changes.and_then(|changes| self.candidate(ErrorKind::NeighbourTotal, changes, RARE)));
        }
    }

    fn is_same_row(&self, cell: usize, other: usize) -> bool {
        self.table.cells.get(other).is_some_and(|other| other.row == self.table.cells[cell].row)
    }

    fn sum_of_parts(&self, sum: usize) -> i64 {
        self.value(self.table.sums[sum].total) - self.gaps[sum]
    }

    /// Totals that hold without one row, the same row for each.
    fn find_omitted_rows(&self, sums: &[usize], candidates: &mut Vec<RepairCandidate>) {
        let Some(first) = sums.first() else { return };
        let is_omitted = |cell: usize, sum: usize| {
            self.sums_of[cell].contains(&(sum, false)) && self.value(cell) == -self.gaps[sum]
        };
        let parts = &self.table.sums[*first].parts;
        for part in parts.iter().filter(|part| is_omitted(**part, *first)) {
            let row = self.table.cells[*part].row;
            let is_omitted_row = |sum: &usize| {
                self.find_cell(row, self.total_column(*sum)).is_some_and(|cell| is_omitted(cell, *sum))
            };
            if sums.iter().all(is_omitted_row) {
                let change = |sum: &usize| (self.table.sums[*sum].total, self.sum_of_parts(*sum));
                let changes = sums.iter().map(change).collect();
                let log_alternatives = RARE + (parts.len() as f64).ln();
                candidates.extend(self.candidate(ErrorKind::OmittedRow(row), changes, log_alternatives));
            }
        }
    }

    /// A missing row whose figures are the gaps. It explains any gaps, so by itself it is unlikely.
    fn find_missing_row(&self, sums: &[usize], candidates: &mut Vec<RepairCandidate>) {
        let Some(figures) = self.missing_figures(sums) else { return };
        if self.table.allows_negative || figures.iter().all(|figure| *figure >= 0) {
            let log_alternatives: f64 =
                figures.iter().map(|figure| (figure.unsigned_abs() as f64).ln_1p()).sum();
            let score = -log_alternatives - self.path_length(&figures) - self.relative_smallness(&figures);
            let (error, resolves) = (ErrorKind::MissingRow(figures), sums.to_vec());
            candidates.push(RepairCandidate {
                error,
                changes: Vec::new(),
                history: None,
                resolves,
                gain: 0.0,
                score,
            });
        }
    }

    /// The gap of each column; 0 where no sum fails. `None` if a sum is not of one column, or two of a column differ.
    fn missing_figures(&self, sums: &[usize]) -> Option<Vec<i64>> {
        let mut figures = vec![None; self.table.months.len()];
        for sum in sums {
            let figure = figures.get_mut(self.total_column(*sum)).filter(|_| self.is_column_sum(*sum))?;
            if figure.replace(self.gaps[*sum]).is_some_and(|other| other != self.gaps[*sum]) {
                return None;
            }
        }
        Some(figures.into_iter().map(Option::unwrap_or_default).collect())
    }

    /// Whether all parts of a sum are in the column of its total.
    fn is_column_sum(&self, sum: usize) -> bool {
        let parts = &self.table.sums[sum].parts;
        parts.iter().all(|part| self.table.cells[*part].column == self.total_column(sum))
    }
}
