//! A table's figures and sums in the form in which the diagnosis searches them.

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::figures::TableFigures;
use crate::checks::indicators::FigureKey;
use crate::checks::sums::{Sum, TableSums};
use crate::checks::view::View;
use crate::dataset::{Measure, Role};
use crate::diagnosis::{self, SumCell, SumTable};
use crate::normalize::{BatchContext, CellRef, NormalizedBatch};

/// A table for the diagnosis, and where its cells and sums stand.
pub struct DiagnosisInput<'t> {
    pub table: &'t TableFigures,
    pub batch: &'t NormalizedBatch<'t>,
    pub context: BatchContext<'t>,
    /// The measure of its figures; the first of several.
    pub measure: &'t Measure,
    /// What is searched.
    pub sum_table: SumTable<'t>,
    /// For each sum of the table, the sum.
    pub sums: Vec<&'t Sum>,
    /// For each cell, its figure in the table.
    figures: Vec<usize>,
}

impl<'t> DiagnosisInput<'t> {
    /// The input of a table.
    pub fn new(
        table: &'t TableFigures,
        sums: &'t TableSums,
        confirmed: &BTreeSet<FigureKey>,
        batch: &'t NormalizedBatch<'t>,
        context: BatchContext<'t>,
    ) -> DiagnosisInput<'t> {
        let columns = View::new(table, row_dimension(table, context), None, false);
        let place = |at: &usize| (table.cells[*at].grid, table.cells[*at].row, columns.columns[*at]);
        let mut figures: Vec<usize> = (0..table.len()).filter(|at| !table.is_missing(*at)).collect();
        figures.sort_by_key(place);
        let measure = &context.definition.measures[table.measures.first().map_or(0, |at| *at as usize)];
        let mut months = vec![0; columns.count];
        for at in 0..table.len() {
            months[columns.columns[at]] = batch.periods.months(table.periods[at]);
        }
        let series = find_series(&columns);
        let sum_table = SumTable {
            cells: cells(&figures, &columns, confirmed, context),
            sums: Vec::new(),
            months,
            series,
            decimals: measure.decimals,
            allows_negative: measure.negative,
        };
        let mut input =
            DiagnosisInput { table, batch, context, measure, sum_table, sums: Vec::new(), figures };
        input.add_sums(sums);
        input
    }

    /// Adds the sums that lack no figure, each with its total and its parts.
    fn add_sums(&mut self, sums: &'t TableSums) {
        let cells: BTreeMap<usize, usize> = self.figures.iter().copied().zip(0..).collect();
        for sum in sums.all().filter(|sum| sum.proves()) {
            let Some(total) = sum.whole.and_then(|whole| cells.get(&whole).copied()) else { continue };
            let parts = sum.parts.iter().filter_map(|part| cells.get(part).copied()).collect();
            self.sum_table.sums.push(diagnosis::SumEquation { parts, total, tolerance: sum.tolerance });
            self.sums.push(sum);
        }
    }

    /// The figure of a cell.
    pub fn figure(&self, cell: usize) -> usize {
        self.figures[cell]
    }

    /// Where a cell stands.
    pub fn cell(&self, cell: usize) -> CellRef {
        self.table.cells[self.figures[cell]]
    }

    /// The code of a cell's period.
    pub fn period(&self, cell: usize) -> &'t str {
        self.batch.periods.code(self.table.periods[self.figures[cell]])
    }

    /// The first cell of a row.
    pub fn name(&self, row: usize) -> &'t str {
        let cell = self.sum_table.cells.partition_point(|cell| cell.row < row);
        let first = self.context.row(self.cell(cell)).and_then(|row| row.cells.first());
        first.map_or("", |cell| cell.text.as_ref())
    }
}

/// The dimension that names rows.
fn row_dimension(table: &TableFigures, context: BatchContext<'_>) -> usize {
    let roles = context.definition.tables[table.table as usize].row_roles();
    let dimension = roles.iter().find_map(|role| match role {
        Role::Dimension(at) => Some(*at),
        _ => None,
    });
    dimension.or(context.definition.share_dimension()).unwrap_or_default()
}

/// For each column, the first that differs from it in nothing but its period.
fn find_series(columns: &View<'_>) -> Vec<usize> {
    let table = columns.figures;
    let others = (0..table.dimensions()).filter(|dimension| *dimension != columns.dimension);
    let others: Vec<usize> = others.collect();
    let mut first: BTreeMap<(Vec<u32>, u32), usize> = BTreeMap::new();
    let mut series = vec![0; columns.count];
    for (at, column) in columns.columns.iter().enumerate() {
        let codes = others.iter().map(|dimension| table.code(at, *dimension)).collect();
        series[*column] = *first.entry((codes, table.measures[at])).or_insert(*column);
    }
    series
}

/// The cells of figures, by row and column.
fn cells<'t>(
    figures: &[usize],
    columns: &View<'t>,
    confirmed: &BTreeSet<FigureKey>,
    context: BatchContext<'t>,
) -> Vec<SumCell<'t>> {
    let table = columns.figures;
    let key = |at: usize| (table.table_ref(), table.codes_at(at), table.measures[at], table.periods[at]);
    let line = |at: usize| (table.cells[at].grid, table.cells[at].row);
    let (mut cells, mut row): (Vec<SumCell<'t>>, usize) = (Vec::with_capacity(figures.len()), 0);
    for (place, at) in figures.iter().enumerate() {
        row += usize::from(place > 0 && line(figures[place - 1]) != line(*at));
        cells.push(SumCell {
            row,
            column: columns.columns[*at],
            printed: context.text_at(table.cells[*at]),
            value: table.values[*at].unwrap_or_default(),
            is_nil: table.is_nil[*at],
            is_confirmed: !confirmed.is_empty() && confirmed.contains(&key(*at)),
        });
    }
    cells
}
