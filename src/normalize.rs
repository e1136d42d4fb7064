//! Raw observations to normalized ones: labels become codes, headings periods, and what is declared a misprint is put right.
//! Nothing is computed yet; checks and transform start here.

pub mod codes;
pub mod corrections;
mod labels;
pub mod periods;
mod repeated_rows;
mod unknown_labels;

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::NaiveDate;
use polars::prelude::*;

pub use corrections::{DefinitionUsage, apply_corrections, unused_corrections};
pub use labels::{report_labels, unused_labels};

use crate::dataset::Definition;
use crate::document::{Document, Row};
use crate::extract::{IndicatorOf, PeriodHeading, PrintedIndicator, RawObservations, RowLabel};
use crate::problem::Span;
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

impl NormalizedBatch<'_> {
    /// For each dimension, the code of each row of a frame, by its place in the list.
    ///
    /// # Errors
    /// Only where the frame lacks a column.
    pub(crate) fn code_columns(&self, frame: &DataFrame) -> Result<Vec<Vec<u32>>> {
        self.codes.iter().map(|codes| codes::enum_indices(frame, codes.dimension.name())).collect()
    }
}

/// Takes raw observations through the steps before anything is computed from them.
///
/// # Errors
/// Only where polars refuses an expression.
pub fn normalize<'d>(
    raw: RawObservations,
    context: BatchContext<'d>,
    usage: &mut DefinitionUsage,
) -> Result<NormalizedBatch<'d>> {
    let codes = CodeTable::from_batch(&raw, context.definition);
    let periods = PeriodTable::new(&raw);
    usage.labels.extend(codes.iter().flat_map(|table| table.own_labels.iter().copied()));
    let RawObservations { frame, indicators, indicators_of, labels, headings } = raw;
    let frame = add_periods(frame, &periods)?;
    let mut batch = NormalizedBatch { frame, codes, periods, labels, headings, indicators, indicators_of };
    labels::add_codes(&mut batch)?;
    repeated_rows::drop_repeated_rows(&mut batch, context.definition)?;
    Ok(batch)
}

/// Adds `period`.
fn add_periods(mut frame: DataFrame, periods: &PeriodTable) -> Result<DataFrame> {
    let headings = frame.column("heading")?.u32()?;
    let indices: Vec<Option<u32>> =
        headings.iter().map(|heading| heading.and_then(|heading| periods.find_by_heading(heading))).collect();
    frame.with_column(enum_column("period", indices, &periods.dtype()?)?)?;
    Ok(frame)
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
    pub(crate) fn text_at(&self, at: CellRef) -> &'c str {
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
