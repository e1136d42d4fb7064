//! A table of the facts, drawn as a picture that can be searched.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::diagnosis::{self, SumCell, SumTable};
use crate::transform::Spot;
use crate::transform::keys::Key;
use crate::transform::totals::mismatches::{Source, Sum};

/// A picture, and where its cells and sums stand among the facts.
pub struct Drawn<'t> {
    pub from: &'t Source<'t>,
    pub picture: SumTable<'t>,
    /// For each sum of the picture, the sum.
    pub sums: Vec<&'t Sum>,
    /// For each cell, its row of the facts.
    facts: Vec<usize>,
}

/// Sums, and which columns or groups they are of.
type Sums<'t> = (&'t [Sum], Range<usize>);

impl<'t> Drawn<'t> {
    /// Draws the table that has these rows of the facts.
    pub fn of(
        from: &'t Source<'t>,
        rows: Range<usize>,
        (totals, columns): Sums<'t>,
        (subtotals, groups): Sums<'t>,
    ) -> Drawn<'t> {
        let facts = from.facts;
        let place = |at: &usize| (facts.spot(*at).grid, facts.spot(*at).row, facts.columns[*at]);
        let mut rows: Vec<usize> = rows.filter(|at| !facts.is_missing(*at)).collect();
        rows.sort_by_key(place);
        let (months, measure) = (from.periods.months(), &from.context.definition.measure);
        let month = |sum: &Sum| months.get(sum.period as usize).copied().unwrap_or_default() as u32;
        let picture = SumTable {
            cells: cells(&rows, columns.start, from),
            sums: Vec::new(),
            months: totals.iter().map(month).collect(),
            decimals: measure.decimals,
            allows_negative: measure.negative,
        };
        let mut drawn = Drawn { from, picture, sums: Vec::new(), facts: rows };
        drawn.add(totals, of_columns(&drawn.facts, columns, from));
        drawn.add(subtotals, of_groups(&drawn.facts, groups, from));
        drawn
    }

    /// Adds sums that lack no figure, each with its total and its parts.
    fn add(&mut self, sums: &'t [Sum], cells: Vec<Option<(usize, Vec<usize>)>>) {
        for (sum, cells) in sums.iter().zip(cells) {
            let Some((total, parts)) = cells.filter(|_| sum.proves()) else { continue };
            self.picture.sums.push(diagnosis::SumEquation { parts, total, tolerance: sum.tolerance });
            self.sums.push(sum);
        }
    }

    /// Where a cell stands.
    pub fn spot(&self, cell: usize) -> Spot {
        self.from.facts.spot(self.facts[cell])
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
fn cells<'t>(rows: &[usize], first_column: usize, from: &Source<'t>) -> Vec<SumCell<'t>> {
    let facts = from.facts;
    let line = |at: usize| (facts.spot(at).grid, facts.spot(at).row);
    let (mut cells, mut row): (Vec<SumCell<'_>>, usize) = (Vec::with_capacity(rows.len()), 0);
    for (place, at) in rows.iter().enumerate() {
        row += usize::from(place > 0 && line(rows[place - 1]) != line(*at));
        cells.push(SumCell {
            row,
            column: facts.columns[*at] - first_column,
            printed: from.context.printed(facts.spot(*at)),
            value: facts.values[*at].unwrap_or_default(),
            is_nil: facts.is_nil[*at],
        });
    }
    cells
}

/// The total of each column and its parts, by their places among the rows; none where no total is printed.
fn of_columns(rows: &[usize], columns: Range<usize>, from: &Source<'_>) -> Vec<Option<(usize, Vec<usize>)>> {
    let (mut parts, mut totals) = (vec![Vec::new(); columns.len()], vec![None; columns.len()]);
    for (cell, at) in rows.iter().enumerate() {
        let column = from.facts.columns[*at] - columns.start;
        if from.facts.is_total[*at] {
            totals[column] = Some(cell);
        } else if from.structure.is_part[*at] {
            parts[column].push(cell);
        }
    }
    totals.into_iter().zip(parts).map(|(total, parts)| Some((total?, parts))).collect()
}

/// The same of groups.
fn of_groups(rows: &[usize], groups: Range<usize>, from: &Source<'_>) -> Vec<Option<(usize, Vec<usize>)>> {
    let groups = &from.structure.groups[groups];
    let cells: BTreeMap<usize, usize> =
        rows.iter().copied().zip(0..).filter(|_| !groups.is_empty()).collect();
    let cell = |at: &usize| cells.get(at).copied();
    groups
        .iter()
        .map(|(whole, parts)| Some((cell(whole)?, parts.iter().filter_map(cell).collect())))
        .collect()
}
