//! Which reading of its rows makes a table add up: first row by row, where there is a column of totals, then column by
//! column for all rows at once, where there is a row of them. A reading is taken only where it is the only one.
//!
//! Only the sole reading of a search that came to its end is taken; searches have a number of steps, for a table and for
//! a document. A row that has one reading by itself needs no sum, because its total is checked afterwards like any other.
//! Glued cells, and numbers that end a label, are tried only where a row cannot be read otherwise. Figures of one row on
//! two lines stay in doubt: a row has one line, and positions must be right.

use crate::column_recovery::choose::choices;
use crate::column_recovery::lattice::{Lattice, Reading, Readings};

/// A table of flattened rows.
#[derive(Clone, Debug)]
pub struct Flattened {
    /// The readings of each row.
    pub rows: Vec<Lattice>,
    /// How much each column counts in the sum of a row, which is 0: 1 for a part, -1 for the total, 0 for what another
    /// column holds; all 0 where there is no total.
    pub across: Vec<i64>,
    /// How much each row counts in the sum of a column.
    pub down: Vec<i64>,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It has this reading only.
    Read(Reading),
    /// It has several readings or none: the first few, and how many there are, as far as that is known.
    Open(Vec<Reading>, u64),
}

/// How many steps a table may take. One of 30 rows and 12 columns takes some ten thousand; so many take about a tenth of
/// a second, and what they did not settle is left open.
pub const MOST_STEPS: usize = 4_000_000;
/// A row with more readings that meet its own total is left open: they would fill the memory.
const MOST_READINGS: usize = 4096;
/// A table in which more ways to read a column meet its total is left open, for the same reason.
const MOST_WAYS: usize = 16_384;
/// Of a row that is left open, so many readings are shown.
pub const MOST_SHOWN: usize = 5;
/// The sums of so many figures of at most fifteen digits fit 64 bits.
const MOST_ROWS: usize = 1000;

/// The steps that all tables of a document may take together: about two seconds' worth.
pub const MOST_STEPS_IN_ALL: usize = 16 * MOST_STEPS;

/// What becomes of each row of a table; `left` are the steps that its document has left.
#[must_use]
pub fn settle(table: &Flattened, left: &mut usize) -> Vec<Settled> {
    let given = MOST_STEPS.min(*left);
    let mut steps = given;
    let settled = within(table, &mut steps);
    *left -= given.saturating_sub(steps);
    settled
}

fn within(table: &Flattened, steps: &mut usize) -> Vec<Settled> {
    let rows: Vec<Row> = table.rows.iter().map(|lattice| Row::of(lattice, table, steps)).collect();
    let counting: Vec<usize> = (0..rows.len()).filter(|&at| table.down[at] != 0).collect();
    let mut settled: Vec<Settled> = rows.iter().map(Row::settled).collect();
    if let Some(found) = jointly(&rows, &counting, table, steps) {
        counting.iter().zip(found).for_each(|(&at, reading)| settled[at] = Settled::Read(reading));
    }
    settled
}

/// A row, with its readings that meet its own total.
struct Row {
    lattice: Lattice,
    /// The first few readings, and how many there are.
    first: Vec<Reading>,
    count: u64,
    /// Whether the lattice holds what meets the row's total, and nothing else.
    proven: bool,
}

impl Row {
    fn of(lattice: &Lattice, table: &Flattened, steps: &mut usize) -> Row {
        if table.across.iter().any(|weight| *weight != 0) {
            let Readings { list, all } = lattice.readings(&table.across, MOST_READINGS, steps);
            if all && !list.is_empty() {
                let (lattice, count) = (lattice.only(&list), list.len() as u64);
                return Row {
                    lattice,
                    first: list.into_iter().take(MOST_SHOWN).collect(),
                    count,
                    proven: true,
                };
            }
            return Row { proven: false, ..Row::plain(lattice, table.across.len()) };
        }
        Row::plain(lattice, table.across.len())
    }

    /// A row that has no total of its own.
    fn plain(lattice: &Lattice, columns: usize) -> Row {
        let first = lattice.readings(&vec![0; columns], MOST_SHOWN, &mut { MOST_STEPS }).list;
        Row { lattice: lattice.clone(), first, count: lattice.count(columns), proven: true }
    }

    /// What becomes of a row that no total of the columns settles.
    fn settled(&self) -> Settled {
        match self.first.as_slice() {
            [reading] if self.count == 1 => Settled::Read(reading.clone()),
            first => Settled::Open(first.to_vec(), self.count),
        }
    }
}

/// The readings of the rows that count in which each column meets its total, where those are the only ones. None, too,
/// where there is no total, or where it would take too long to tell.
fn jointly(rows: &[Row], counting: &[usize], table: &Flattened, steps: &mut usize) -> Option<Vec<Reading>> {
    let weights: Vec<i64> = counting.iter().map(|&at| table.down[at]).collect();
    let totalled = weights.iter().any(|weight| *weight > 0) && weights.iter().any(|weight| *weight < 0);
    let sound = counting.iter().all(|&at| rows[at].proven && rows[at].count > 0);
    if !totalled || !sound || counting.len() > MOST_ROWS {
        return None;
    }
    let lattices: Vec<&Lattice> = counting.iter().map(|&at| &rows[at].lattice).collect();
    Search::new(lattices, weights, table.across.len()).only(steps)
}

/// A search for the readings of all rows in which each column adds up to 0.
struct Search<'l> {
    lattices: Vec<&'l Lattice>,
    weights: Vec<i64>,
    columns: usize,
    /// For each row and number of cells left, the nodes from which so many lead to the end.
    reach: Vec<Vec<Vec<bool>>>,
    found: Vec<Vec<Reading>>,
}

/// A cell that a row may have in a column: the node at which it begins, the one behind it, its figure.
#[derive(Clone, Copy)]
struct Choice {
    from: usize,
    to: usize,
    value: i64,
}

impl<'l> Search<'l> {
    fn new(lattices: Vec<&'l Lattice>, weights: Vec<i64>, columns: usize) -> Search<'l> {
        let reach = lattices.iter().map(|lattice| lattice.reach(columns)).collect();
        Search { lattices, weights, columns, reach, found: Vec::new() }
    }

    /// The reading of each row, where there is only one.
    fn only(mut self, steps: &mut usize) -> Option<Vec<Reading>> {
        let starts: Vec<Vec<usize>> = self.lattices.iter().map(|lattice| lattice.starts().to_vec()).collect();
        self.column(0, &starts, &mut vec![Vec::new(); starts.len()], steps)?;
        self.found.pop()
    }

    /// Reads a column and those behind it, each row from one of its nodes on. None where the search has to end, because
    /// it takes too long or there is more than one reading.
    fn column(
        &mut self,
        column: usize,
        nodes: &[Vec<usize>],
        path: &mut [Reading],
        steps: &mut usize,
    ) -> Option<()> {
        if column == self.columns {
            self.found.push(path.to_vec());
            return (self.found.len() == 1).then_some(());
        }
        *steps = steps.checked_sub(nodes.len())?;
        let options: Vec<Vec<Choice>> =
            nodes.iter().enumerate().map(|(row, nodes)| self.options(row, nodes, column)).collect();
        let weighted =
            |(list, weight): (&Vec<Choice>, &i64)| list.iter().map(|choice| choice.value * weight).collect();
        let values: Vec<Vec<i64>> = options.iter().zip(&self.weights).map(weighted).collect();
        for chosen in choices(&values, MOST_WAYS, steps)? {
            let taken: Vec<Choice> = options.iter().zip(&chosen).map(|(list, &at)| list[at]).collect();
            for ((path, choice), lattice) in path.iter_mut().zip(&taken).zip(&self.lattices) {
                path.push(lattice.place(choice.from));
            }
            let next: Vec<Vec<usize>> = taken.iter().map(|choice| vec![choice.to]).collect();
            self.column(column + 1, &next, path, steps)?;
            for row in path.iter_mut() {
                row.truncate(column);
            }
        }
        Some(())
    }

    /// The cells that a row may have in a column, where what is left of it can fill the columns left.
    fn options(&self, row: usize, nodes: &[usize], column: usize) -> Vec<Choice> {
        let left = &self.reach[row][self.columns - column - 1];
        let lattice = self.lattices[row];
        let choice = |from: usize| {
            lattice.spans(from).iter().map(move |span| Choice { from, to: span.to, value: span.value })
        };
        nodes.iter().flat_map(|&from| choice(from)).filter(|choice| left[choice.to]).collect()
    }
}

#[cfg(test)]
mod tests;
