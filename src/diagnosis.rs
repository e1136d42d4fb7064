//! Finds the single errors that explain why sums of a table fail, the likeliest first. Nothing is changed here.
//!
//! The search starts from the gap of a failing sum: which value a cell would need, and whether one error turns that value
//! into the printed one. A change counts if it resolves all failing sums that it touches and breaks none that hold.
//! Candidates are ranked by how many other errors of their kind were possible, and by how much closer they bring a row to
//! its other periods.
//!
//! It knows cells and sums, not documents. A cell may be in any number of sums, and further kinds of sums need no change
//! here. Sums that one change explains are one problem. Going backward from the gap, each cell is looked at once, not
//! once for each figure it could have been. How much a usual step from period to period is matters little to the ranks.

mod group;
mod history;
mod misprint;
mod row_errors;
mod search;
#[cfg(test)]
mod tests;

pub use misprint::Misprint;
use search::RepairSearch;

/// The figures of a table and its sums.
#[derive(Clone, Debug, Default)]
pub struct SumTable<'p> {
    /// The figures and nil symbols, sorted by row and column.
    pub cells: Vec<SumCell<'p>>,
    /// The sums, those that hold and those that fail.
    pub sums: Vec<SumEquation>,
    /// The number of months of each column.
    pub months: Vec<u32>,
    /// What distinguishes each column beside its period. Figures of a row in different series are no history.
    pub series: Vec<usize>,
    /// The number of decimals of the figures.
    pub decimals: u32,
    /// Whether figures can be negative.
    pub allows_negative: bool,
}

/// A figure or a nil symbol.
#[derive(Clone, Copy, Debug)]
pub struct SumCell<'p> {
    /// The index of its row.
    pub row: usize,
    /// The index of its column, in the order of time.
    pub column: usize,
    /// Its text.
    pub printed: &'p str,
    /// Its value in units of the last decimal; 0 for a nil symbol.
    pub value: i64,
    /// Whether it is a nil symbol.
    pub is_nil: bool,
    /// Whether what is printed beside it confirms it, so that it cannot be what is wrong.
    pub is_confirmed: bool,
}

/// Cells whose sum must be a total, by their indices in the table. A cell can be in several equations.
#[derive(Clone, Debug)]
pub struct SumEquation {
    /// The cells that are added.
    pub parts: Vec<usize>,
    /// The cell that must be their sum.
    pub total: usize,
    /// The allowed difference.
    pub tolerance: i64,
}

/// Failing sums, and the single errors that would explain all of them.
#[derive(Clone, Debug)]
pub struct Diagnosis {
    /// The indices of the failing sums in the table.
    pub sums: Vec<usize>,
    /// The possible repairs, the likeliest first; empty if no single error explains the sums.
    pub repairs: Vec<RepairCandidate>,
}

/// An error that explains failing sums, and the change that repairs it.
#[derive(Clone, Debug)]
pub struct RepairCandidate {
    /// The error.
    pub error: ErrorKind,
    /// The cells that would change, with their new values.
    pub changes: Vec<(usize, i64)>,
    /// For a change of one figure: the cell of the neighbouring period, and whether the change brings the figure closer to
    /// it.
    pub history: Option<(usize, bool)>,
    /// The indices of the sums that the change resolves.
    pub resolves: Vec<usize>,
    /// How much shorter the change makes the steps of its rows from period to period, in typical steps.
    gain: f64,
    /// The likelihood, as a logarithm.
    score: f64,
}

impl RepairCandidate {
    /// Whether much more speaks for it than for another.
    #[must_use]
    pub fn leads(&self, other: &RepairCandidate) -> bool {
        self.score - other.score > CLEARLY
    }

    /// Whether it changes a single figure, and the history of its row speaks against it.
    fn is_contradicted(&self) -> bool {
        self.changes.len() == 1 && self.gain < -CONTRADICTED
    }
}

/// By how much, as a logarithm, one candidate is clearly likelier than another: seven times.
const CLEARLY: f64 = 2.0;

/// How many typical steps a change may take its row away from its other periods.
const CONTRADICTED: f64 = 3.0;

/// The kind of an error. Rows are given by index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// One figure is misprinted.
    Misprint(Misprint),
    /// Two figures of a row are in each other's column.
    SwappedColumns,
    /// The figures of a row are one column off.
    ShiftedRow,
    /// A total is that of the neighbouring column.
    NeighbourTotal,
    /// A row is not included in its totals.
    OmittedRow(usize),
    /// A row should not be there; with the row that it repeats, if any.
    ExtraRow(usize, Option<usize>),
    /// A row is missing; with its figures.
    MissingRow(Vec<i64>),
}

/// A table with more cells is not searched: the list of candidates would be too long for a person to read.
pub const MAX_CELLS: usize = 20_000;

/// A table with more failing sums is not searched: it was extracted wrong, and no single error explains that.
const MAX_FAILING_SUMS: usize = 100;

/// Diagnoses the failing sums of a table. Sums that one error explains are in one diagnosis.
pub fn diagnose(table: &SumTable<'_>) -> Vec<Diagnosis> {
    let search = RepairSearch::new(table);
    let mut candidates = Vec::new();
    if table.cells.len() <= MAX_CELLS && search.failing.len() <= MAX_FAILING_SUMS {
        (0..table.cells.len()).for_each(|cell| search.find_misprints(cell, &mut candidates));
        search.find_row_errors(&mut candidates);
    }
    search.group_by_sums(candidates)
}
