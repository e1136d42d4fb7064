//! Totals that no label names. A row whose label is unknown is the total of a table that prints no other, where its figures
//! are the sum of all others in every column, beyond chance.
//!
//! Beyond chance means four digits more agreement than chance would give. A row that is labelled as something else is
//! never taken for a total: it is reported, and nothing is published where a total is expected.

use anyhow::Result;

use crate::checks::figures::TableFigures;
use crate::checks::hierarchy::{evidence, is_sure};
use crate::checks::sums::{Missing, Sum, TableSums};
use crate::normalize::codes::{UNKNOWN, enum_column, enum_indices, printed_dimensions};
use crate::normalize::{BatchContext, NormalizedBatch};
use crate::problem::{Problem, Rule};

/// Gives such rows the code of the total, and says so where something else is printed beside them.
///
/// # Errors
/// Only where polars refuses a column.
pub fn name_totals(
    batch: &mut NormalizedBatch<'_>,
    context: BatchContext<'_>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let columns = batch.codes.iter().map(|codes| codes.dimension.name());
    let unknown = columns.map(|name| Ok(batch.frame.column(name)?.null_count())).sum::<Result<usize>>()?;
    if unknown == 0 {
        return Ok(());
    }
    let tables = TableFigures::from_frame(batch)?;
    for dimension in 0..batch.codes.len() {
        let Some(total) = batch.codes[dimension].total() else { continue };
        let mut named = Vec::new();
        for table in tables.iter().filter(|table| has_only(table, dimension, context)) {
            let Some(row) = find_candidate(table, dimension, total) else { continue };
            if is_total(table, &row, dimension, total, batch, context) {
                problems.extend(report_name(table, &row, dimension, context));
                named.extend(row.into_iter().map(|at| table.start + at));
            }
        }
        if !named.is_empty() {
            let codes = &batch.codes[dimension];
            let mut indices = enum_indices(&batch.frame, codes.dimension.name())?;
            for at in named {
                indices[at] = total;
            }
            let indices = indices.into_iter().map(|index| Some(index).filter(|index| *index != UNKNOWN));
            let column = enum_column(codes.dimension.name(), indices, &codes.dtype()?)?;
            batch.frame.with_column(column)?;
        }
    }
    Ok(())
}

/// Whether labels of a table name this dimension alone: a label that is unknown is one of it.
fn has_only(table: &TableFigures, dimension: usize, context: BatchContext<'_>) -> bool {
    printed_dimensions(context.definition, table.table) == [dimension]
}

/// The figures of the only row without a code of a table that has no total.
fn find_candidate(table: &TableFigures, dimension: usize, total: u32) -> Option<Vec<usize>> {
    let unknown: Vec<usize> = (0..table.len()).filter(|at| !table.is_known(*at, dimension)).collect();
    let rows = |figures: &mut dyn Iterator<Item = usize>| {
        figures.map(|at| table.cells[at].row).collect::<std::collections::BTreeSet<u32>>().len()
    };
    let is_only = rows(&mut unknown.iter().copied()) == 1 && rows(&mut (0..table.len())) > 2;
    let has_total = (0..table.len()).any(|at| table.code(at, dimension) == total);
    (is_only && !has_total).then_some(unknown)
}

/// Whether the row is the sum of all others in every column.
fn is_total(
    table: &TableFigures,
    row: &[usize],
    dimension: usize,
    total: u32,
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
) -> bool {
    let mut supposed = table.clone();
    supposed.set_code(row, dimension, total);
    let sums = TableSums::new(&supposed, &batch.codes, context.definition);
    let Some(view) = sums.views.iter().find(|view| view.dimension == dimension) else { return false };
    let agrees =
        |sum: &Sum| sum.published.is_some() && sum.missing != Missing::Parts && sum.difference() == 0;
    let is_proven = !view.totals.is_empty() && view.totals.iter().all(agrees);
    is_proven && is_sure(evidence(view.totals.iter().map(Sum::computed)), row.len())
}

fn report_name(
    table: &TableFigures,
    row: &[usize],
    dimension: usize,
    context: BatchContext<'_>,
) -> Option<Problem> {
    let first = *row.first().filter(|at| table.is_labelled[dimension][**at])?;
    let cell = table.cells[first];
    let label = context.row(cell)?.cells.first()?.text.trim().to_owned();
    let message = format!("`{label}` is taken for the total: it is the sum of all other rows");
    let problem = Problem::new(Rule::UnnamedTotal, message, context.span_of_label(cell, "in every column"));
    let key = if context.definition.dimensions[dimension].is_regions() {
        format!("under `[dimension.labels]`: `\"{label}\" = \"_T\"`")
    } else {
        format!("under `[dimension.codes]`: `_T = {{ name = \"Total\", labels = [\"{label}\"] }}`")
    };
    Some(problem.help(format!("say so in the definition, {key}")))
}
