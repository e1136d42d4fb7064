//! Labels to codes, and what is wrong with labels: unknown, missing, twice in a table, or one that the table excludes. A
//! label of the definition's own that is never printed is a warning.

use std::collections::BTreeMap;

use anyhow::Result;
use polars::prelude::*;

use crate::dataset::Definition;
use crate::extract::{RowLabel, raw_label_column};
use crate::normalize::codes::{UNKNOWN, enum_column, enum_indices, printed_dimensions};
use crate::normalize::corrections::DefinitionUsage;
use crate::normalize::unknown_labels::report_unknown;
use crate::normalize::{BatchContext, CellRef, NormalizedBatch, TableRef, ids};
use crate::problem::{Problem, Rule};

/// Adds a column of codes for each dimension, null where a label is unknown or missing.
pub fn add_codes(batch: &mut NormalizedBatch<'_>) -> Result<()> {
    let tables: Vec<u32> = ids(&batch.frame, "table")?.to_vec();
    for codes in &batch.codes {
        let name = codes.dimension.name();
        let labels = batch.frame.column(&raw_label_column(name))?.u32()?;
        let indices: Vec<Option<u32>> =
            labels.iter().zip(&tables).map(|(label, table)| codes.resolve(label, *table)).collect();
        let printed = drop_empty(labels, &batch.labels).with_name(raw_label_column(name));
        batch.frame.with_column(enum_column(name, indices, &codes.dtype()?)?)?;
        batch.frame.with_column(printed.into_column())?;
    }
    Ok(())
}

/// Reports labels that name no code, or the same twice, or a code that the table excludes.
///
/// # Errors
/// Only where the frame lacks a column.
pub fn report_labels(
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let rows = label_rows(batch)?;
    report_unknown(&rows, batch, context, problems);
    report_twice(batch, context, problems)?;
    report_exclusions(&rows, batch, context, problems)?;
    Ok(())
}

/// A column of labels without those that only say that none is printed.
fn drop_empty(labels: &UInt32Chunked, known: &[RowLabel]) -> UInt32Chunked {
    let empty = known.iter().position(|label| label.printed.is_empty()).map(|at| at as u32);
    match empty {
        Some(_) => labels.iter().map(|label| label.filter(|_| label != empty)).collect(),
        None => labels.clone(),
    }
}

/// A row of a table as printed, or where regions run across a column: the label of each dimension, and its code.
pub(crate) struct LabelRow {
    /// The table.
    pub table: TableRef,
    /// The label of each dimension.
    pub labels: Vec<Option<u32>>,
    /// The code of each dimension; [`UNKNOWN`] where it is not known.
    pub codes: Vec<u32>,
    /// Where the label stands.
    pub cell: CellRef,
    /// Its figures, as rows of the frame.
    pub figures: std::ops::Range<usize>,
}

impl LabelRow {
    /// The dimensions whose code is not known.
    pub(crate) fn unknown_dimensions(&self) -> impl Iterator<Item = usize> {
        (0..self.codes.len()).filter(|at| self.codes[*at] == UNKNOWN)
    }

    pub(crate) fn is_unknown(&self) -> bool {
        self.unknown_dimensions().next().is_some()
    }
}

/// The rows of a frame, in document order.
pub(crate) fn label_rows(batch: &NormalizedBatch<'_>) -> Result<Vec<LabelRow>> {
    let frame = &batch.frame;
    let (documents, tables, grids) = (ids(frame, "document")?, ids(frame, "table")?, ids(frame, "grid")?);
    let (numbers, columns) = (ids(frame, "label_row")?, ids(frame, "label_column")?);
    let names: Vec<&str> = batch.codes.iter().map(|codes| codes.dimension.name()).collect();
    let codes: Vec<Vec<u32>> = names.iter().map(|name| enum_indices(frame, name)).collect::<Result<_>>()?;
    let label_columns: Vec<&UInt32Chunked> =
        names.iter().map(|name| Ok(frame.column(&raw_label_column(name))?.u32()?)).collect::<Result<_>>()?;
    let labels_at = |at: usize| label_columns.iter().map(|labels| labels.get(at)).collect::<Vec<_>>();
    let same = |a: usize, b: usize| {
        (numbers[a], columns[a], grids[a], documents[a], tables[a])
            == (numbers[b], columns[b], grids[b], documents[b], tables[b])
    };
    let starts: Vec<usize> =
        (0..frame.height()).filter(|&at| at == 0 || !same(at - 1, at)).chain([frame.height()]).collect();
    let row = |ends: &[usize]| {
        let at = ends[0];
        LabelRow {
            table: (documents[at], tables[at]),
            labels: labels_at(at),
            codes: codes.iter().map(|codes| codes[at]).collect(),
            cell: CellRef { document: documents[at], grid: grids[at], row: numbers[at], column: columns[at] },
            figures: at..ends[1],
        }
    };
    Ok(starts.windows(2).filter(|ends| ends[0] < ends[1]).map(row).collect())
}

/// Two rows of a table that stand for the same, in the same measure: the table cannot be added up. Where headings name
/// codes, a row has figures of several; headings that stand for the same were reported with the header.
fn report_twice(
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let (measures, headings) = (ids(&batch.frame, "measure")?, ids(&batch.frame, "heading")?);
    let rows = label_rows(batch)?;
    for table in rows.chunk_by(|a, b| a.table == b.table) {
        let mut seen: BTreeMap<(&[u32], u32), Vec<&LabelRow>> = BTreeMap::new();
        for row in table.iter().filter(|row| !row.is_unknown()) {
            let alike = seen.entry((row.codes.as_slice(), measures[row.figures.start])).or_default();
            if let Some(first) = alike.iter().find(|other| share_periods(row, other, headings)) {
                problems.push(label_twice(row, first.cell, batch, context));
            }
            alike.push(row);
        }
    }
    Ok(())
}

/// Whether two rows have figures of one period: where periods run down, rows of one code have a period each.
fn share_periods(one: &LabelRow, other: &LabelRow, headings: &[u32]) -> bool {
    let of_other = &headings[other.figures.clone()];
    headings[one.figures.clone()].iter().any(|heading| of_other.contains(heading))
}

fn label_twice(
    row: &LabelRow,
    first: CellRef,
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
) -> Problem {
    let printed = printed_dimensions(context.definition, row.table.1);
    let codes = printed.into_iter().map(|at| batch.codes[at].code(row.codes[at]));
    let name = codes.collect::<Vec<_>>().join("/");
    let message = format!("{name} appears twice in table {}", context.table_name(row.table.1));
    let problem = Problem::new(Rule::LabelTwice, message, context.span(row.cell, "again"));
    problem.with_span(context.span(first, "first"))
}

/// A figure for a code that the definition says the table excludes.
fn report_exclusions(
    rows: &[LabelRow],
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let values = batch.frame.column("value")?.i64()?;
    for (table, definition) in (0..).zip(&context.definition.tables) {
        for (dimension, code, range) in &definition.excludes {
            let Some(index) = batch.codes[*dimension].index(code) else { continue };
            let has_figures = |row: &&LabelRow| row.figures.clone().any(|at| values.get(at).is_some());
            let here = rows.iter().filter(|row| row.table.1 == table && row.codes[*dimension] == index);
            for row in here.filter(has_figures) {
                let message = format!(
                    "the definition says that {} excludes {code}, but the table has figures for it",
                    definition.name
                );
                let problem = Problem::new(Rule::ExcludedCode, message, context.span(row.cell, ""));
                let span = context.definition.span_of_range(range.clone(), "excluded here");
                problems.push(problem.with_span(span));
            }
        }
    }
    Ok(())
}

/// How many of several unused labels are shown.
const SHOWN: usize = 5;

/// The labels of the definition's own that no document of a whole run prints.
#[must_use]
pub fn unused_labels(definition: &Definition, usage: &DefinitionUsage) -> Vec<Problem> {
    let labels = definition.dimensions.iter().flat_map(|dimension| dimension.labels.iter().enumerate());
    let mut unused = labels.filter(|(at, _)| !usage.labels.contains(at)).map(|(_, of)| of);
    let Some((label, code)) = unused.next() else { return Vec::new() };
    let mut others = unused.clone();
    let span = definition.span(code, "no document prints it");
    let message = match others.by_ref().count() {
        0 => format!("the label `{label}` is never used"),
        more => format!("the label `{label}` and {more} more are never used"),
    };
    let problem = Problem::new(Rule::LabelUnused, message, span);
    let spans = unused.take(SHOWN - 1).map(|(_, code)| definition.span(code, ""));
    let problem = spans.fold(problem, Problem::with_span);
    vec![problem.help("take it out, or write it as it is printed")]
}
