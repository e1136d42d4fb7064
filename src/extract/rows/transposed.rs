//! Tables whose periods run down: each column of figures has its label above.

use crate::document::Cell;
use crate::extract::headings::ReadColumn;
use crate::extract::raw::RawBuilder;
use crate::extract::rows::{FigureCell, NamedRow, read_cell, read_label};
use crate::extract::tables::TableContext;
use crate::layout::labels::{Label, Labelled};
use crate::problem::{Problem, Rule};

/// Reads a table whose regions run across, column by column.
pub(super) fn read_transposed<'t>(
    context: &mut TableContext<'t, '_>,
    columns: &[Option<ReadColumn>],
    raw: &mut RawBuilder<'t>,
) {
    let rows = context.rows();
    let mut series = Vec::with_capacity(context.table.body.len());
    for (row, column) in context.table.body.iter().map(|&at| &rows[at]).zip(columns) {
        let (first, figures) = context.table.parts(row);
        let label = first.map(|cell| Label::of(cell, row.number));
        let line = Labelled { row, label, figures, depth: 0 };
        match (context.check_shape(&line, columns), column) {
            (Some(problem), _) => context.problems.push(problem),
            (None, Some(column)) => series.push((row.number, figures, column)),
            (None, None) => {}
        }
    }
    let head = rows[context.table.header.rows.start].number;
    let definition = context.definition();
    let heads = context.table.regions(rows).iter().enumerate();
    for (at, head_cell) in heads.filter(|(_, cell)| !definition.ignores(&cell.text)) {
        let Some(named) = name_column(context, head_cell, head, raw) else { continue };
        for (row, figures, column) in &series {
            read_cell(
                context,
                &named,
                FigureCell { place: (*row, figures[at].column), cell: &figures[at], column },
                raw,
            );
        }
    }
}

/// The label above a column of figures; none where it is needed and missing, which is a problem.
fn name_column(
    context: &mut TableContext<'_, '_>,
    cell: &Cell<'_>,
    row: u32,
    raw: &mut RawBuilder<'_>,
) -> Option<NamedRow> {
    let mut named = NamedRow {
        labels: vec![None; context.definition().dimensions.len()],
        measure: None,
        label_cell: (row, cell.column),
        depth: 0,
        meaning: None,
        unit: None,
    };
    if !cell.text.is_empty() {
        let part = read_label(context, context.reading.roles, &Label::of(cell, row), raw);
        if let Some(part) = part {
            named.add(part);
        }
    } else if !context.reading.roles.is_empty() {
        let span = context.document().span(context.grid, row, cell.column, "no label is printed here");
        context.problems.push(Problem::new(Rule::NoLabel, "the column has no label", span));
        return None;
    }
    Some(named)
}
