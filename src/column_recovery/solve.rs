//! Finds the readings of a table's rows that add up: first row by row, if there is a column of totals, then column by
//! column for all rows at once, if there is a row of totals. A reading is taken only if it is the only one.
//!
//! Only the sole reading of a search that came to its end is taken; searches have a number of steps, for a table and for
//! a document. A row that has one reading by itself needs no sum, because its total is checked afterwards like any other.
//! Glued cells, and numbers that end a label, are tried only where a row cannot be read otherwise. Figures of one row on
//! two lines stay in doubt: a row has one line, and positions must be right.

use crate::column_recovery::choose::find_zero_sums;
use crate::column_recovery::lattice::{Lattice, RowReading, RowReadings};

/// A table of flattened rows.
#[derive(Clone, Debug)]
pub struct FlatTable {
    /// The readings of each row.
    pub rows: Vec<Lattice>,
    /// The weight of each column in the sum of a row, which must be 0: 1 for a part, -1 for the total, 0 for a column that
    /// another one contains. All 0 if there is no total.
    pub column_weights: Vec<i64>,
    /// The weight of each row in the sum of a column.
    pub row_weights: Vec<i64>,
}

/// The result of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowSolution {
    /// The only reading.
    Unique(RowReading),
    /// No reading, or several.
    Open {
        /// The first few readings.
        readings: Vec<RowReading>,
        /// The number of readings, as far as it is known.
        count: u64,
    },
}

/// The most steps for a table: about a tenth of a second. A table of 30 rows and 12 columns takes some ten thousand.
pub const MAX_TABLE_STEPS: usize = 4_000_000;
/// The most steps for all tables of a document: about two seconds.
pub const MAX_DOCUMENT_STEPS: usize = 16 * MAX_TABLE_STEPS;
/// The most readings of a row that meet its own total. More would need too much memory, so the row is left open.
const MAX_READINGS: usize = 4096;
/// The most ways to read a column that meet its total, for the same reason.
const MAX_WAYS: usize = 16_384;
/// The most readings of an open row that are shown.
pub const MAX_SHOWN: usize = 5;
/// The most rows of a table: sums of so many numbers of fifteen digits fit 64 bits.
const MAX_ROWS: usize = 1000;

/// Solves each row of a table. The steps are taken off `steps_left`, those that the document has left.
#[must_use]
pub fn solve(table: &FlatTable, steps_left: &mut usize) -> Vec<RowSolution> {
    let granted = MAX_TABLE_STEPS.min(*steps_left);
    let mut steps = granted;
    let solutions = solve_within(table, &mut steps);
    *steps_left -= granted.saturating_sub(steps);
    solutions
}

fn solve_within(table: &FlatTable, steps: &mut usize) -> Vec<RowSolution> {
    let rows: Vec<RowCandidates> =
        table.rows.iter().map(|lattice| RowCandidates::new(lattice, table, steps)).collect();
    let weighted: Vec<usize> = (0..rows.len()).filter(|&at| table.row_weights[at] != 0).collect();
    let mut solutions: Vec<RowSolution> = rows.iter().map(RowCandidates::solution).collect();
    if let Some(readings) = solve_jointly(&rows, &weighted, table, steps) {
        weighted.iter().zip(readings).for_each(|(&at, reading)| solutions[at] = RowSolution::Unique(reading));
    }
    solutions
}

/// The readings of a row that meet its own total.
struct RowCandidates {
    lattice: Lattice,
    /// The first few readings.
    first: Vec<RowReading>,
    /// The number of readings.
    count: u64,
    /// Whether the lattice has exactly the readings that meet the row's total.
    is_exact: bool,
}

impl RowCandidates {
    fn new(lattice: &Lattice, table: &FlatTable, steps: &mut usize) -> RowCandidates {
        let columns = table.column_weights.len();
        if table.column_weights.iter().all(|weight| *weight == 0) {
            return RowCandidates::without_total(lattice, columns);
        }
        let readings = lattice.find_readings(&table.column_weights, MAX_READINGS, steps);
        let RowReadings { list, is_complete } = readings;
        if !is_complete || list.is_empty() {
            return RowCandidates { is_exact: false, ..RowCandidates::without_total(lattice, columns) };
        }
        RowCandidates {
            lattice: lattice.restrict(&list),
            count: list.len() as u64,
            first: list.into_iter().take(MAX_SHOWN).collect(),
            is_exact: true,
        }
    }

    /// All readings of a row without a total of its own.
    fn without_total(lattice: &Lattice, columns: usize) -> RowCandidates {
        let first = lattice.find_readings(&vec![0; columns], MAX_SHOWN, &mut { MAX_TABLE_STEPS }).list;
        let count = lattice.count_readings(columns);
        RowCandidates { lattice: lattice.clone(), first, count, is_exact: true }
    }

    /// The solution without the totals of the columns.
    fn solution(&self) -> RowSolution {
        match self.first.as_slice() {
            [reading] if self.count == 1 => RowSolution::Unique(reading.clone()),
            first => RowSolution::Open { readings: first.to_vec(), count: self.count },
        }
    }
}

/// The readings of the weighted rows for which each column meets its total, if they are the only ones. `None` if there is no
/// total, or the search takes too long.
fn solve_jointly(
    rows: &[RowCandidates],
    weighted: &[usize],
    table: &FlatTable,
    steps: &mut usize,
) -> Option<Vec<RowReading>> {
    let weights: Vec<i64> = weighted.iter().map(|&at| table.row_weights[at]).collect();
    let has_total = weights.iter().any(|weight| *weight > 0) && weights.iter().any(|weight| *weight < 0);
    let is_exact = weighted.iter().all(|&at| rows[at].is_exact && rows[at].count > 0);
    if !has_total || !is_exact || weighted.len() > MAX_ROWS {
        return None;
    }
    let lattices: Vec<&Lattice> = weighted.iter().map(|&at| &rows[at].lattice).collect();
    ColumnSearch::new(lattices, weights, table.column_weights.len()).find_unique(steps)
}

/// A search for the readings of all rows for which each column adds up to 0.
struct ColumnSearch<'l> {
    lattices: Vec<&'l Lattice>,
    weights: Vec<i64>,
    columns: usize,
    /// For each row and number of cells left, whether each node reaches the end with so many cells.
    reachable: Vec<Vec<Vec<bool>>>,
    found: Vec<Vec<RowReading>>,
}

/// A possible cell of a row in a column: the node at which it begins, the node after it, and its value.
#[derive(Clone, Copy)]
struct CellChoice {
    from: usize,
    to: usize,
    value: i64,
}

impl<'l> ColumnSearch<'l> {
    fn new(lattices: Vec<&'l Lattice>, weights: Vec<i64>, columns: usize) -> ColumnSearch<'l> {
        let reachable = lattices.iter().map(|lattice| lattice.reachable(columns)).collect();
        ColumnSearch { lattices, weights, columns, reachable, found: Vec::new() }
    }

    /// The readings of the rows, if there is only one of each.
    fn find_unique(mut self, steps: &mut usize) -> Option<Vec<RowReading>> {
        let starts: Vec<Vec<usize>> = self.lattices.iter().map(|lattice| lattice.starts().to_vec()).collect();
        self.search_column(0, &starts, &mut vec![Vec::new(); starts.len()], steps)?;
        self.found.pop()
    }

    /// Reads a column and those after it, where the cell of each row begins at one of its nodes. `None` if the search has to
    /// end, because it takes too long or found a second solution.
    fn search_column(
        &mut self,
        column: usize,
        nodes: &[Vec<usize>],
        path: &mut [RowReading],
        steps: &mut usize,
    ) -> Option<()> {
        if column == self.columns {
            self.found.push(path.to_vec());
            return (self.found.len() == 1).then_some(());
        }
        *steps = steps.checked_sub(nodes.len())?;
        let choices: Vec<Vec<CellChoice>> =
            nodes.iter().enumerate().map(|(row, nodes)| self.list_choices(row, nodes, column)).collect();
        let weigh = |(list, weight): (&Vec<CellChoice>, &i64)| {
            list.iter().map(|choice| choice.value * weight).collect()
        };
        let values: Vec<Vec<i64>> = choices.iter().zip(&self.weights).map(weigh).collect();
        for chosen in find_zero_sums(&values, MAX_WAYS, steps)? {
            let cells: Vec<CellChoice> = choices.iter().zip(&chosen).map(|(list, &at)| list[at]).collect();
            for ((path, cell), lattice) in path.iter_mut().zip(&cells).zip(&self.lattices) {
                path.push(lattice.place(cell.from));
            }
            let next: Vec<Vec<usize>> = cells.iter().map(|cell| vec![cell.to]).collect();
            self.search_column(column + 1, &next, path, steps)?;
            for row in path.iter_mut() {
                row.truncate(column);
            }
        }
        Some(())
    }

    /// The possible cells of a row in a column from which the row can still fill all columns.
    fn list_choices(&self, row: usize, nodes: &[usize], column: usize) -> Vec<CellChoice> {
        let reachable = &self.reachable[row][self.columns - column - 1];
        let lattice = self.lattices[row];
        let choices = |from: usize| {
            let edges = lattice.edges(from).iter();
            edges.map(move |edge| CellChoice { from, to: edge.to, value: edge.value })
        };
        nodes.iter().flat_map(|&from| choices(from)).filter(|choice| reachable[choice.to]).collect()
    }
}

#[cfg(test)]
mod tests;
