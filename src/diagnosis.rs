//! Which single change would make the sums of a table true, the likeliest first. Nothing is changed here.
//!
//! The search goes backward from the gap: what a cell would have to be, and whether one misprint explains that it is
//! not. A change that makes a failing sum true counts only if it breaks no sum that holds. Of all that is left, the
//! likeliest is what few other misprints of its kind could have been, and what brings a row nearer to its own history.

mod history;
mod misprint;
mod rows;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

pub use misprint::Misprint;
use misprint::Printed;

/// A table as far as its sums go.
#[derive(Clone, Debug, Default)]
pub struct Picture<'p> {
    /// Its figures and nil marks, by row and column.
    pub cells: Vec<Cell<'p>>,
    /// Its sums, those that hold and those that don't.
    pub sums: Vec<Sum>,
    /// How many months each column covers.
    pub months: Vec<u32>,
    /// What each column is of beside its period: a row's figures of different series are no history.
    pub series: Vec<usize>,
    /// How many decimals the figures have.
    pub decimals: u32,
    /// Whether a figure can be below zero.
    pub negative: bool,
}

/// A figure or a nil mark.
#[derive(Clone, Copy, Debug)]
pub struct Cell<'p> {
    /// Its row.
    pub row: usize,
    /// Its column, in the order of time.
    pub column: usize,
    /// As printed.
    pub printed: &'p str,
    /// In units of the last decimal; 0 for a nil mark.
    pub value: i64,
    /// Whether it is a nil mark.
    pub is_nil: bool,
}

/// What must add up: the places of cells in the picture. A cell may be in several.
#[derive(Clone, Debug)]
pub struct Sum {
    /// What is added up.
    pub parts: Vec<usize>,
    /// What it should make.
    pub total: usize,
    /// How far the total may be off.
    pub tolerance: i64,
}

/// Failing sums, and the changes that would each make all of them true, the likeliest first.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// The places of the sums in the picture.
    pub sums: Vec<usize>,
    /// The changes; none where no single one would do.
    pub repairs: Vec<Repair>,
}

/// One change.
#[derive(Clone, Debug)]
pub struct Repair {
    /// What went wrong.
    pub slip: Slip,
    /// The cells that would change, and what they would be.
    pub changes: Vec<(usize, i64)>,
    /// For a change of one figure: what the row's history compares it with, and whether it comes nearer to that.
    pub history: Option<(usize, bool)>,
    /// The sums it makes true.
    pub closes: Vec<usize>,
    /// How likely it is, as a logarithm.
    score: f64,
}

/// What went wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Slip {
    /// The printing of one figure.
    Misprint(Misprint),
    /// Two columns of a row are swapped.
    Columns,
    /// The figures of a row stand one column too far.
    Shifted,
    /// A total is that of the column beside.
    Beside,
    /// A row is not in its totals; the row.
    LeftOut(usize),
    /// A row is counted that should not be; the row, and another with the same figures.
    Extra(usize, Option<usize>),
    /// A row is missing; its figures.
    Missing(Vec<i64>),
}

/// A table with more cells than this is not searched: it would be no list for a person to read.
pub const MOST_CELLS: usize = 20_000;

/// Where more sums of a table fail than this, it was read wrong, and no single change mends it.
const MOST_FAILING: usize = 100;

/// How far from closing the gap exactly a repair is looked for, where totals may be off.
const MOST_OFF: i64 = 9;

/// A longer text is no figure that a person could have misprinted once.
const LONGEST: usize = 40;

/// The failing sums of a table and what would make them true. Sums that one change explains stand together.
pub fn diagnosed(picture: &Picture<'_>) -> Vec<Diagnosis> {
    let table = Table::of(picture);
    let mut repairs = Vec::new();
    if picture.cells.len() <= MOST_CELLS && table.failing.len() <= MOST_FAILING {
        (0..picture.cells.len()).for_each(|cell| table.misprints(cell, &mut repairs));
        table.slips_of_rows(&mut repairs);
    }
    table.grouped(repairs)
}

/// A picture, and what follows from it.
struct Table<'p> {
    picture: &'p Picture<'p>,
    /// For each sum, how much its total is larger than what its parts make.
    gaps: Vec<i64>,
    failing: Vec<usize>,
    /// For each cell, the sums it is in, and whether as their total.
    sums_of: Vec<Vec<(usize, bool)>>,
}

impl<'p> Table<'p> {
    fn of(picture: &'p Picture<'p>) -> Table<'p> {
        let value = |cell: &usize| picture.cells[*cell].value;
        let gap = |sum: &Sum| value(&sum.total) - sum.parts.iter().map(value).sum::<i64>();
        let gaps: Vec<i64> = picture.sums.iter().map(gap).collect();
        let mut sums_of = vec![Vec::new(); picture.cells.len()];
        for (at, sum) in picture.sums.iter().enumerate() {
            sum.parts.iter().for_each(|part| sums_of[*part].push((at, false)));
            sums_of[sum.total].push((at, true));
        }
        let holds = |at: usize| gaps[at].abs() <= picture.sums[at].tolerance;
        let failing = (0..gaps.len()).filter(|at| !holds(*at)).collect();
        Table { picture, gaps, failing, sums_of }
    }

    fn value(&self, cell: usize) -> i64 {
        self.picture.cells[cell].value
    }

    /// The cell of a row and column.
    fn at(&self, row: usize, column: usize) -> Option<usize> {
        self.picture.cells.binary_search_by_key(&(row, column), |cell| (cell.row, cell.column)).ok()
    }

    /// The column that a sum stands in.
    fn column(&self, sum: usize) -> usize {
        self.picture.cells[self.picture.sums[sum].total].column
    }

    /// Whether sums stand in all columns that have one.
    fn are_in_all_columns(&self, sums: &[usize]) -> bool {
        let columns: BTreeSet<usize> = sums.iter().map(|sum| self.column(*sum)).collect();
        (0..self.gaps.len()).all(|sum| columns.contains(&self.column(sum)))
    }

    fn is_total(&self, cell: usize) -> bool {
        self.sums_of[cell].iter().any(|(_, is_total)| *is_total)
    }

    /// What a cell would have to be, for the first failing sum it is in; none where all of them hold.
    fn wanted(&self, cell: usize) -> Option<i64> {
        let mut failing =
            self.sums_of[cell].iter().filter(|(sum, _)| self.failing.binary_search(sum).is_ok());
        let (sum, is_total) = failing.next()?;
        Some(self.value(cell) + if *is_total { -self.gaps[*sum] } else { self.gaps[*sum] })
    }

    /// How far a repair of a cell may be off.
    fn tolerance(&self, cell: usize) -> i64 {
        let tolerances = self.sums_of[cell].iter().map(|(sum, _)| self.picture.sums[*sum].tolerance);
        tolerances.min().unwrap_or_default().min(MOST_OFF)
    }

    /// What one misprint of a cell would explain.
    fn misprints(&self, cell: usize, repairs: &mut Vec<Repair>) {
        let Some(wanted) = self.wanted(cell) else { return };
        let Cell { printed, value, is_nil, .. } = self.picture.cells[cell];
        if printed.len() > LONGEST {
            return;
        }
        let figure = Printed::new(printed, value, is_nil);
        let off = self.tolerance(cell);
        for meant in wanted.saturating_sub(off)..=wanted.saturating_add(off) {
            let Some(misprint) = figure.misprint_of(meant, self.picture.decimals) else { continue };
            let surprise = misprint.surprise(value);
            repairs.extend(self.repair(Slip::Misprint(misprint), vec![(cell, meant)], surprise));
        }
    }

    /// A change, if it makes failing sums true, all that it touches, and breaks none. The surprise is the logarithm of
    /// how many other slips it could as well have been.
    fn repair(&self, slip: Slip, changes: Vec<(usize, i64)>, surprise: f64) -> Option<Repair> {
        let closes = self.closed(&changes)?;
        let score = self.gain(&changes) - surprise;
        let history = self.history(&changes);
        Some(Repair { slip, changes, history, closes, score })
    }

    /// The failing sums that a change makes true.
    fn closed(&self, changes: &[(usize, i64)]) -> Option<Vec<usize>> {
        let mut gaps: BTreeMap<usize, i64> = BTreeMap::new();
        for (cell, meant) in changes {
            let more = meant.checked_sub(self.value(*cell))?;
            for (sum, is_total) in &self.sums_of[*cell] {
                let gap = gaps.entry(*sum).or_insert(self.gaps[*sum]);
                *gap = if *is_total { gap.checked_add(more)? } else { gap.checked_sub(more)? };
            }
        }
        let possible = self.picture.negative || changes.iter().all(|(_, meant)| *meant >= 0);
        let true_now = gaps.iter().all(|(sum, gap)| gap.abs() <= self.picture.sums[*sum].tolerance);
        let closed: Vec<usize> =
            gaps.into_keys().filter(|sum| self.failing.binary_search(sum).is_ok()).collect();
        (possible && true_now && !closed.is_empty()).then_some(closed)
    }

    /// The repairs by the sums they make true: what explains more sums is taken first, and alone.
    fn grouped(&self, repairs: Vec<Repair>) -> Vec<Diagnosis> {
        let mut by_sums: BTreeMap<(Reverse<usize>, Vec<usize>), Vec<Repair>> = BTreeMap::new();
        for repair in repairs {
            by_sums.entry((Reverse(repair.closes.len()), repair.closes.clone())).or_default().push(repair);
        }
        let mut open: BTreeSet<usize> = self.failing.iter().copied().collect();
        let mut diagnoses = Vec::new();
        for (_, sums) in by_sums.keys().cloned().collect::<Vec<_>>() {
            if sums.iter().all(|sum| open.contains(sum)) {
                open.retain(|sum| !sums.contains(sum));
                diagnoses.push(self.diagnosis(sums, &mut by_sums));
            }
        }
        diagnoses.extend(open.into_iter().map(|sum| Diagnosis { sums: vec![sum], repairs: Vec::new() }));
        diagnoses.sort_by(|a, b| a.sums.cmp(&b.sums));
        diagnoses
    }

    /// All that explains these sums. A missing row would explain any that are too large: where nothing else does, and sums
    /// of other columns hold, what explains each by itself is told, too.
    fn diagnosis(
        &self,
        sums: Vec<usize>,
        by_sums: &mut BTreeMap<(Reverse<usize>, Vec<usize>), Vec<Repair>>,
    ) -> Diagnosis {
        let mut take = |sums: Vec<usize>| by_sums.remove(&(Reverse(sums.len()), sums)).unwrap_or_default();
        let mut repairs = take(sums.clone());
        let is_missing = |repair: &Repair| matches!(repair.slip, Slip::Missing(_));
        let only_missing = repairs.iter().all(is_missing);
        likeliest_first(&mut repairs);
        if sums.len() > 1 && only_missing && !self.are_in_all_columns(&sums) {
            for sum in &sums {
                let mut alone = take(vec![*sum]);
                alone.retain(|repair| !is_missing(repair));
                likeliest_first(&mut alone);
                repairs.extend(alone);
            }
        }
        Diagnosis { sums, repairs }
    }
}

fn likeliest_first(repairs: &mut [Repair]) {
    repairs.sort_by(|a, b| b.score.total_cmp(&a.score));
}
