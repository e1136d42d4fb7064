//! Slips that are of a row or of a total: lost, counted twice, swapped, shifted, left out, taken from the column beside.

use std::ops::Range;

use crate::diagnosis::{Repair, Slip, Table};

impl Table<'_> {
    /// All that would explain failing sums.
    pub(super) fn slips_of_rows(&self, repairs: &mut Vec<Repair>) {
        self.swapped(repairs);
        self.shifted(repairs);
        self.extra(repairs);
        let together = Some(self.failing.clone()).filter(|all| all.len() > 1);
        for sums in self.failing.iter().map(|sum| vec![*sum]).chain(together) {
            self.beside(&sums, repairs);
            self.left_out(&sums, repairs);
            self.missing(&sums, repairs);
        }
    }

    /// The cells of each row, as ranges.
    fn rows(&self) -> impl Iterator<Item = Range<usize>> {
        let mut end = 0;
        self.picture.cells.chunk_by(|a, b| a.row == b.row).map(move |row| {
            let start = end;
            end += row.len();
            start..end
        })
    }

    /// Whether a sum goes down a column.
    fn is_column(&self, sum: usize) -> bool {
        let parts = &self.picture.sums[sum].parts;
        parts.iter().all(|part| self.picture.cells[*part].column == self.column(sum))
    }

    /// Two columns of a row, of which one makes its sum too large by what the other's is too small.
    fn swapped(&self, repairs: &mut Vec<Repair>) {
        let pairs = self.failing.iter().enumerate();
        let pairs = pairs.flat_map(|(at, a)| self.failing[at + 1..].iter().map(move |b| (*a, *b)));
        let off = |sum: usize| self.picture.sums[sum].tolerance;
        let opposite = |(a, b): &(usize, usize)| (self.gaps[*a] + self.gaps[*b]).abs() <= off(*a) + off(*b);
        for (a, b) in pairs.filter(opposite) {
            let (a, b) = (self.column(a), self.column(b));
            for row in self.rows() {
                let row = self.picture.cells[row.start].row;
                let (Some(a), Some(b)) = (self.at(row, a), self.at(row, b)) else { continue };
                let changes = vec![(a, self.value(b)), (b, self.value(a))];
                repairs.extend(self.repair(Slip::Columns, changes, SELDOM));
            }
        }
    }

    /// The figures of a row from some column on stand one too far to the right or left. What had no room is what closes the
    /// gap.
    fn shifted(&self, repairs: &mut Vec<Repair>) {
        for row in self.rows().filter(|_| self.failing.len() > 1) {
            let cells: Vec<usize> = row.collect();
            let back: Vec<usize> = cells.iter().rev().copied().collect();
            for length in 3..=cells.len() {
                let ends = [&cells[cells.len() - length..], &back[..length]];
                repairs.extend(ends.into_iter().filter_map(|cells| self.shift(cells)));
            }
        }
    }

    /// Each cell but the last would be what is printed in the next; the last is what its sum wants.
    fn shift(&self, cells: &[usize]) -> Option<Repair> {
        let mut changes = Vec::new();
        for pair in cells.windows(2) {
            let (cell, meant) = (pair[0], self.value(pair[1]));
            let wanted = self.wanted(cell).unwrap_or(self.value(cell));
            if (meant - wanted).abs() > 2 * self.tolerance(cell) {
                return None;
            }
            changes.push((cell, meant));
        }
        let last = *cells.last()?;
        changes.push((last, self.wanted(last).unwrap_or(self.value(last))));
        changes.retain(|(cell, meant)| *meant != self.value(*cell));
        changes.sort_unstable();
        if changes.len() < 3 { None } else { self.repair(Slip::Shifted, changes, SELDOM) }
    }

    /// Rows without which the sums are true: one that repeats another, or has more than one figure.
    fn extra(&self, repairs: &mut Vec<Repair>) {
        let found: Vec<Repair> = self.rows().filter_map(|row| self.without(&row)).collect();
        let figures = |repair: &Repair| -> Vec<(usize, i64)> {
            let figure = |(cell, _): &(usize, i64)| (self.picture.cells[*cell].column, self.value(*cell));
            repair.changes.iter().map(figure).collect()
        };
        for repair in &found {
            let Slip::Extra(row, _) = repair.slip else { continue };
            let twin = found.iter().filter(|other| other.slip != repair.slip);
            let twin =
                twin.filter(|other| figures(other) == figures(repair)).find_map(|other| match other.slip {
                    Slip::Extra(other, _) => Some(other),
                    _ => None,
                });
            if twin.is_some() || repair.changes.len() > 1 {
                let score = if twin.is_some() { 0.0 } else { -SELDOM };
                repairs.push(Repair { slip: Slip::Extra(row, twin), score, ..repair.clone() });
            }
        }
    }

    /// A row taken out, where that makes sums true.
    fn without(&self, row: &Range<usize>) -> Option<Repair> {
        let figures = row.clone().filter(|cell| self.value(*cell) != 0);
        let changes: Vec<(usize, i64)> = figures.map(|cell| (cell, 0)).collect();
        let closes = self.closed(&changes)?;
        let slip = Slip::Extra(self.picture.cells[row.start].row, None);
        let is_part = row.clone().all(|cell| !self.is_total(cell));
        is_part.then_some(Repair { slip, changes, history: None, closes, score: 0.0 })
    }

    /// Totals that are what their sums would be in the column before or after.
    fn beside(&self, sums: &[usize], repairs: &mut Vec<Repair>) {
        for after in [false, true] {
            let beside = |sum: &usize| {
                let total = self.picture.sums[*sum].total;
                let other = if after { Some(total + 1) } else { total.checked_sub(1) };
                let other = other.filter(|other| self.is_beside(total, *other))?;
                let (of_other, _) = self.sums_of[other].iter().find(|(_, is_total)| *is_total)?;
                (self.value(total) == self.computed(*of_other)).then_some((total, self.computed(*sum)))
            };
            let changes: Option<Vec<(usize, i64)>> = sums.iter().map(beside).collect();
            repairs.extend(changes.and_then(|changes| self.repair(Slip::Beside, changes, SELDOM)));
        }
    }

    fn is_beside(&self, cell: usize, other: usize) -> bool {
        self.picture.cells.get(other).is_some_and(|other| other.row == self.picture.cells[cell].row)
    }

    fn computed(&self, sum: usize) -> i64 {
        self.value(self.picture.sums[sum].total) - self.gaps[sum]
    }

    /// Totals that are true but for one row, the same in each.
    fn left_out(&self, sums: &[usize], repairs: &mut Vec<Repair>) {
        let Some(first) = sums.first() else { return };
        let lacks = |cell: usize, sum: usize| {
            self.sums_of[cell].contains(&(sum, false)) && self.value(cell) == -self.gaps[sum]
        };
        let parts = &self.picture.sums[*first].parts;
        for part in parts.iter().filter(|part| lacks(**part, *first)) {
            let row = self.picture.cells[*part].row;
            let of_row = |sum: &usize| self.at(row, self.column(*sum)).is_some_and(|cell| lacks(cell, *sum));
            if sums.iter().all(of_row) {
                let total = |sum: &usize| (self.picture.sums[*sum].total, self.computed(*sum));
                let surprise = SELDOM + (parts.len() as f64).ln();
                let changes = sums.iter().map(total).collect();
                repairs.extend(self.repair(Slip::LeftOut(row), changes, surprise));
            }
        }
    }

    /// A row that is missing, whose figures would be the gaps. It fits any gaps, and so says little by itself.
    fn missing(&self, sums: &[usize], repairs: &mut Vec<Repair>) {
        let mut figures = vec![None; self.picture.months.len()];
        for sum in sums {
            let Some(figure) = figures.get_mut(self.column(*sum)).filter(|_| self.is_column(*sum)) else {
                return;
            };
            if figure.replace(self.gaps[*sum]).is_some_and(|other| other != self.gaps[*sum]) {
                return;
            }
        }
        let figures: Vec<i64> = figures.into_iter().map(Option::unwrap_or_default).collect();
        if self.picture.negative || figures.iter().all(|figure| *figure >= 0) {
            let guesses: f64 = figures.iter().map(|figure| (figure.unsigned_abs() as f64).ln_1p()).sum();
            let score = -guesses - self.walk(&figures) - self.smallness(&figures);
            let (slip, changes, closes) = (Slip::Missing(figures), Vec::new(), sums.to_vec());
            repairs.push(Repair { slip, changes, history: None, closes, score });
        }
    }
}

/// The surprise of a slip that is rarer than a misprint.
const SELDOM: f64 = 2.0;
