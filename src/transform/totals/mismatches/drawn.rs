//! A table of the facts, drawn as a picture that can be searched.

use std::ops::Range;

use super::{Source, Sum};
use crate::transform::Spot;
use crate::transform::diagnosis::{self, Cell, Picture};
use crate::transform::keys::Key;

/// A picture, and where its cells and sums stand among the facts.
pub struct Drawn<'t> {
    pub from: Source<'t>,
    pub picture: Picture<'t>,
    /// For each sum of the picture, the sum.
    pub sums: Vec<&'t Sum>,
    /// For each cell, its row of the facts.
    facts: Vec<usize>,
}

impl<'t> Drawn<'t> {
    /// Draws the table that has these rows of the facts and these columns of the sums.
    pub fn of(sums: &'t [Sum], from: Source<'t>, rows: Range<usize>, columns: Range<usize>) -> Drawn<'t> {
        let facts = from.facts;
        let place = |at: &usize| (facts.spots[*at].grid, facts.spots[*at].row, facts.columns[*at]);
        let mut rows: Vec<usize> =
            rows.filter(|at| facts.values[*at].is_some() || facts.is_nil[*at]).collect();
        rows.sort_by_key(place);
        let drawn = drawn_sums(&rows, columns.clone(), from).into_iter().zip(&sums[columns.clone()]);
        let drawn = drawn.filter_map(|(drawn, sum)| Some((drawn?, sum)).filter(|_| sum.proves()));
        let (drawn_sums, proving) = drawn.unzip();
        let (months, measure) = (from.periods.months(), &from.context.definition.measure);
        let month = |sum: &Sum| months.get(sum.period as usize).copied().unwrap_or_default() as u32;
        let picture = Picture {
            cells: cells(&rows, columns.start, from),
            sums: drawn_sums,
            months: sums[columns].iter().map(month).collect(),
            decimals: measure.decimals,
            negative: measure.negative,
        };
        Drawn { from, picture, sums: proving, facts: rows }
    }

    /// Where a cell stands.
    pub fn spot(&self, cell: usize) -> Spot {
        self.from.facts.spots[self.facts[cell]]
    }

    /// The key of a cell.
    pub fn key(&self, cell: usize) -> Key {
        self.from.facts.keys[self.facts[cell]]
    }

    /// The code of a cell's period.
    pub fn period(&self, cell: usize) -> &'t str {
        self.from.periods.code(self.key(cell).period() as usize)
    }

    /// The first cell of a row.
    pub fn name(&self, row: usize) -> &'t str {
        let cell = self.picture.cells.partition_point(|cell| cell.row < row);
        let first = self.from.context.row(self.spot(cell)).and_then(|row| row.cells.first());
        first.map_or("", |cell| cell.text.as_ref())
    }
}

/// The cells of a table's rows of the facts.
fn cells<'t>(rows: &[usize], first_column: usize, from: Source<'t>) -> Vec<Cell<'t>> {
    let facts = from.facts;
    let line = |at: usize| (facts.spots[at].grid, facts.spots[at].row);
    let (mut cells, mut row): (Vec<Cell<'_>>, usize) = (Vec::with_capacity(rows.len()), 0);
    for (place, at) in rows.iter().enumerate() {
        row += usize::from(place > 0 && line(rows[place - 1]) != line(*at));
        cells.push(Cell {
            row,
            column: facts.columns[*at] - first_column,
            printed: from.context.printed(facts.spots[*at]),
            value: facts.values[*at].unwrap_or_default(),
            is_nil: facts.is_nil[*at],
        });
    }
    cells
}

/// The sum of each column, by the places of its cells among the rows; none where it has no total.
fn drawn_sums(rows: &[usize], columns: Range<usize>, from: Source<'_>) -> Vec<Option<diagnosis::Sum>> {
    let (mut parts, mut totals) = (vec![Vec::new(); columns.len()], vec![None; columns.len()]);
    for (cell, at) in rows.iter().enumerate() {
        let column = from.facts.columns[*at] - columns.start;
        if from.facts.is_total[*at] {
            totals[column] = Some(cell);
        } else if from.facts.is_part[*at] {
            parts[column].push(cell);
        }
    }
    let tolerance = i64::from(from.context.definition.tolerance);
    let sum = |(parts, total): (Vec<usize>, Option<usize>)| {
        Some(diagnosis::Sum { parts, total: total?, tolerance })
    };
    parts.into_iter().zip(totals).map(sum).collect()
}
