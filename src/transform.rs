//! Raw observations to published ones: an ordered list of steps, each a named function over the dimension columns of a
//! frame, in a file of its own.
//!
//! A batch of documents goes through at once, which costs little more than one; the column `document` is among the keys of
//! every join and window, so that no document's result depends on its neighbours.

mod averages;
mod changes;
pub mod codes;
pub mod corrections;
mod labels;
mod merge;
pub mod periods;
mod published;
mod ranks;
mod shares;

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::NaiveDate;
use polars::prelude::*;

pub use corrections::{DefinitionUsage, unused_corrections};
pub use labels::unused_labels;
pub use published::{Lookup, LookupValues, PublishedRows};

use crate::checks;
use crate::dataset::Definition;
use crate::document::{Document, Row};
use crate::extract::{IndicatorOf, PeriodHeading, PrintedIndicator, RawObservations, RowLabel};
use crate::problem::{Problem, Span};
use codes::{CodeTable, enum_column};
use periods::PeriodTable;

/// A document's table: the document's index in the batch and the table's place in the definition.
pub type TableRef = (u32, u32);

/// What the steps know beside the frame.
#[derive(Clone, Copy, Debug)]
pub struct BatchContext<'c> {
    /// The dataset.
    pub definition: &'c Definition,
    /// The documents of the batch; the frame's `document` is an index into them.
    pub documents: &'c [Document<'c>],
    /// The release of each document, in the order of time.
    pub releases: &'c [Option<NaiveDate>],
    /// Tables with cells that were not understood: what does not add up there was reported already.
    pub damaged: &'c BTreeSet<TableRef>,
}

/// Observations with codes and periods, and what was misprinted put right.
///
/// The columns of `frame`: those of [`RawObservations`], and for each dimension its codes, an `Enum` (null where a label is
/// unknown), and `period`, an `Enum`.
pub struct NormalizedBatch<'d> {
    /// The figures, in the order of the documents.
    pub frame: DataFrame,
    /// The code list of each dimension.
    pub codes: Vec<CodeTable<'d>>,
    /// The periods.
    pub periods: PeriodTable,
    /// The distinct labels.
    pub labels: Vec<RowLabel>,
    /// The distinct headings.
    pub headings: Vec<PeriodHeading>,
    /// What is printed beside figures.
    pub indicators: Vec<PrintedIndicator>,
    /// What that is of.
    pub indicators_of: Vec<IndicatorOf>,
}

/// What a batch gave.
#[derive(Debug)]
pub struct TransformResult {
    /// Its observations, sorted by key.
    pub observations: PublishedRows,
    /// Its checks, sorted by key.
    pub checks: PublishedRows,
    /// Tables left out, because an earlier document of the same release reports the same.
    pub repeated: BTreeSet<TableRef>,
    /// For each dimension, the codes that its observations use.
    pub codes: Vec<BTreeSet<String>>,
    /// All that is wrong.
    pub problems: Vec<Problem>,
}

/// Takes raw observations through all steps.
///
/// # Errors
/// Only where polars refuses an expression.
pub fn transform(
    raw: RawObservations,
    context: BatchContext<'_>,
    usage: &mut DefinitionUsage,
) -> Result<TransformResult> {
    let mut problems = Vec::new();
    let batch = normalize(raw, context, usage, &mut problems)?;
    let proven = checks::prove(&batch, context, &mut problems)?;
    usage.discrepancies.extend(proven.discrepancies);
    let merged = merge::merge_documents(proven.observations, proven.checks, &batch, context, &mut problems)?;
    let keys = KeyColumns::new(context.definition);
    let frame = sort_by_key(merged.observations, &keys)?;
    let frame = merge::merge_tables(frame, &keys, &batch, context, &mut problems)?;
    let frame = shares::add_totals(frame, &keys, &batch, context.definition)?;
    let frame = shares::add_shares(frame)?;
    let frame = averages::add_monthly_averages(frame, &batch.periods, context.definition)?;
    let frame = changes::add_changes(frame, &keys, &batch.periods)?;
    let frame = ranks::add_ranks(frame, &keys, &batch, context.definition)?;
    let codes = published::used_codes(&frame, &batch)?;
    let observations = published::publish_rows(frame, &batch, context, "measure")?;
    let checks = published::publish_rows(merged.checks, &batch, context, "unit")?;
    Ok(TransformResult { observations, checks, repeated: merged.repeated, codes, problems })
}

/// Takes raw observations through the steps before anything is computed from them.
///
/// # Errors
/// As [`transform`].
pub fn normalize<'d>(
    raw: RawObservations,
    context: BatchContext<'d>,
    usage: &mut DefinitionUsage,
    problems: &mut Vec<Problem>,
) -> Result<NormalizedBatch<'d>> {
    let codes = CodeTable::of_batch(&raw, context.definition);
    let periods = PeriodTable::new(&raw);
    usage.labels.extend(codes.iter().flat_map(|table| table.own_labels.iter().copied()));
    let RawObservations { frame, indicators, indicators_of, labels, headings } = raw;
    let frame = add_periods(frame, &periods)?;
    let mut batch = NormalizedBatch { frame, codes, periods, labels, headings, indicators, indicators_of };
    labels::add_codes(&mut batch, context, problems)?;
    corrections::apply_corrections(&mut batch, context, usage)?;
    Ok(batch)
}

/// Adds `period`.
fn add_periods(mut frame: DataFrame, periods: &PeriodTable) -> Result<DataFrame> {
    let headings = frame.column("heading")?.u32()?;
    let indices: Vec<Option<u32>> =
        headings.iter().map(|heading| heading.and_then(|heading| periods.of_heading(heading))).collect();
    frame.with_column(enum_column("period", indices, &periods.dtype()?)?)?;
    Ok(frame)
}

/// The columns that tell observations apart.
pub(crate) struct KeyColumns {
    /// The names of the dimensions.
    pub dimensions: Vec<PlSmallStr>,
    /// The dimension along which shares go.
    pub share: Option<PlSmallStr>,
}

impl KeyColumns {
    pub(crate) fn new(definition: &Definition) -> KeyColumns {
        let dimensions: Vec<PlSmallStr> =
            definition.dimensions.iter().map(|dimension| dimension.name().into()).collect();
        let share = definition.share_dimension().map(|at| dimensions[at].clone());
        KeyColumns { dimensions, share }
    }

    /// Document, dimensions, measure: what a figure of another period has in common with one.
    pub(crate) fn series(&self) -> Vec<Expr> {
        let dimensions = self.dimensions.iter().map(|name| col(name.clone()));
        [col("document")].into_iter().chain(dimensions).chain([col("measure")]).collect()
    }

    /// Document, the dimensions but that of shares, measure, period: what a figure has in common with its total.
    pub(crate) fn table_column(&self) -> Vec<Expr> {
        let others = self.dimensions.iter().filter(|name| Some(*name) != self.share.as_ref());
        let others = others.map(|name| col(name.clone()));
        [col("document")].into_iter().chain(others).chain([col("measure"), col("period")]).collect()
    }

    /// The order of published rows.
    pub(crate) fn sort(&self) -> Vec<PlSmallStr> {
        let dimensions = self.dimensions.iter().cloned();
        ["release".into()].into_iter().chain(dimensions).chain(["measure".into(), "period".into()]).collect()
    }
}

/// The frame in the order of its keys.
fn sort_by_key(frame: DataFrame, keys: &KeyColumns) -> Result<DataFrame> {
    let options = SortMultipleOptions::default().with_maintain_order(true).with_multithreaded(false);
    Ok(frame.sort(keys.sort(), options)?)
}

/// The cell of a figure: its document in the batch, its grid, row and column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct CellRef {
    /// The document's index in the batch.
    pub document: u32,
    /// The grid's index in the document.
    pub grid: u32,
    /// The row's number.
    pub row: u32,
    /// The column's number.
    pub column: u32,
}

impl<'c> BatchContext<'c> {
    /// Marks a figure.
    pub(crate) fn span(&self, cell: CellRef, label: impl Into<String>) -> Span {
        self.documents[cell.document as usize].span(cell.grid as usize, cell.row, cell.column, label)
    }

    /// Marks the first cell in the row of a figure.
    pub(crate) fn span_of_label(&self, cell: CellRef, label: impl Into<String>) -> Span {
        let first = self.row(cell).and_then(|row| row.cells.first());
        self.span(CellRef { column: first.map_or(1, |cell| cell.column), ..cell }, label)
    }

    /// What is printed at a figure's place.
    pub(crate) fn printed(&self, at: CellRef) -> &'c str {
        let cell = self.row(at).and_then(|row| row.cells.iter().find(|cell| cell.column == at.column));
        cell.map_or("", |cell| cell.text.as_ref())
    }

    pub(crate) fn row(&self, cell: CellRef) -> Option<&'c Row<'c>> {
        self.documents[cell.document as usize].grids[cell.grid as usize].row(cell.row)
    }

    /// The lines above a figure, from below, that stand alone: the title of its table, what its unit is.
    pub(crate) fn lines_above(&self, cell: CellRef) -> impl Iterator<Item = &'c str> {
        const MOST_ROWS: usize = 8;
        const LONGEST: usize = 120;
        let rows = &self.documents[cell.document as usize].grids[cell.grid as usize].rows;
        let above = rows.iter().rev().skip_while(move |row| row.number >= cell.row).take(MOST_ROWS);
        let lines = above.skip_while(|row| row.cells.len() != 1).take_while(|row| row.cells.len() == 1);
        lines.map(|row| row.cells[0].text.as_ref()).filter(|text| text.len() <= LONGEST)
    }

    /// The name of a table.
    pub(crate) fn table_name(&self, table: u32) -> &'c str {
        &self.definition.tables[table as usize].name
    }

    /// The index of each document's release among the distinct ones, in the order of time.
    pub(crate) fn release_indices(&self) -> Vec<u32> {
        let distinct: BTreeSet<Option<NaiveDate>> = self.releases.iter().copied().collect();
        self.releases.iter().map(|release| distinct.range(..*release).count() as u32).collect()
    }
}

/// The cell of a frame's row.
pub(crate) fn cell_at(frame: &DataFrame, at: usize) -> Result<CellRef> {
    let id = |name| -> Result<u32> { Ok(frame.column(name)?.u32()?.get(at).unwrap_or_default()) };
    Ok(CellRef { document: id("document")?, grid: id("grid")?, row: id("row")?, column: id("column")? })
}

/// A column of integers, none of which is null.
pub(crate) fn ids<'f>(frame: &'f DataFrame, name: &str) -> PolarsResult<&'f [u32]> {
    frame.column(name)?.u32()?.cont_slice()
}

/// `numerator / denominator`; null where the denominator is 0 or either is null. 0 / -2 is 0, not -0.
pub(crate) fn ratio(numerator: Expr, denominator: Expr) -> Expr {
    let quotient = numerator.cast(DataType::Float64) / denominator.clone().cast(DataType::Float64) + lit(0.0);
    when(denominator.neq(lit(0i64))).then(quotient).otherwise(lit(NULL))
}
