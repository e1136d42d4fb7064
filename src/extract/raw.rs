//! The raw observations of a batch: a polars frame with a row for each printed figure and a column for the label of each
//! dimension, nothing resolved yet.

use anyhow::Result;
use indexmap::{Equivalent, IndexSet};
use polars::prelude::*;

use crate::dataset::Definition;
use crate::extract::figure::PrintedAmount;
use crate::grammar::indicator::Indicator;
use crate::grammar::period::Period;

/// The raw observations of a batch of documents.
///
/// Each row of `frame` is a printed figure or nil symbol: `document` (index in the batch), `table` (place in the
/// definition), for each dimension `d` `d_label` (index into `labels`, null where none is printed), `heading` (index into
/// `headings`), `measure`, `value` (null at a symbol), `is_nil`, `flag` (the status that a symbol or flag tells, null where
/// none does), `value_label`; its place: `grid`, `row`, `column`; `label_row` and `label_column`, where the row's label
/// stands; and `depth`, how far that is set in, by the rank of indents in its table. Labels and headings repeat in every
/// table and document; each is kept once.
#[derive(Clone, Debug)]
pub struct RawObservations {
    /// The figures.
    pub frame: DataFrame,
    /// What is printed beside figures and follows from them, in the order of the documents.
    pub indicators: Vec<PrintedIndicator>,
    /// The distinct things that these are of.
    pub indicators_of: Vec<IndicatorOf>,
    /// The distinct labels.
    pub labels: Vec<RowLabel>,
    /// The distinct headings of columns.
    pub headings: Vec<PeriodHeading>,
}

/// A change, a percentage or a total over periods that a document prints beside the figures it follows from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrintedIndicator {
    /// The document's index in the batch.
    pub document: u32,
    /// The table's place in the definition.
    pub table: u32,
    /// The label of each dimension, as of a figure.
    pub labels: Vec<Option<u32>>,
    /// The measure's place in the definition.
    pub measure: u32,
    /// What it is of, as an index into [`RawObservations::indicators_of`].
    pub of: u32,
    /// What is printed.
    pub printed: PrintedAmount,
    /// Its grid, row and column.
    pub cell: (u32, u32, u32),
}

/// What an indicator is, and of the figures of which periods.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct IndicatorOf {
    /// What follows from them.
    pub indicator: Indicator,
    /// The headings of their periods, as indices into [`RawObservations::headings`]; it is for the last of them.
    pub headings: Vec<u32>,
}

/// A label of a row or column.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RowLabel {
    /// As printed, white space folded.
    pub printed: String,
    /// Without its footnote markers; or the code that is printed beside it.
    pub text: String,
    /// Whether `text` is the code itself.
    pub is_code: bool,
}

impl Equivalent<RowLabel> for (&str, &str, bool) {
    fn equivalent(&self, label: &RowLabel) -> bool {
        *self == (label.printed.as_str(), label.text.as_str(), label.is_code)
    }
}

/// What a heading says of the period of the figures below it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PeriodHeading {
    /// As printed, white space folded.
    pub label: String,
    /// The period.
    pub period: Period,
}

/// Distinct values in the order in which they were seen.
type Distinct<T> = IndexSet<T, foldhash::fast::RandomState>;

/// A printed figure or nil symbol.
pub struct RawFigure<'t> {
    /// The document's index in the batch.
    pub document: u32,
    /// The table's place in the definition.
    pub table: u32,
    /// The label of its row.
    pub heading: u32,
    /// The measure's place in the definition.
    pub measure: u32,
    /// How far the row's label is set in.
    pub depth: u32,
    /// The row and column where the row's label stands.
    pub label_cell: (u32, u32),
    /// The figure; none at a symbol.
    pub value: Option<i64>,
    /// Whether a nil symbol stands in its place.
    pub is_nil: bool,
    /// The status that symbols and flags tell.
    pub flag: Option<u32>,
    /// As printed.
    pub printed: &'t str,
    /// The grid, row and column where it is printed.
    pub cell: (u32, u32, u32),
}

/// The raw observations of a batch, being collected.
#[derive(Default)]
pub struct RawBuilder<'t> {
    figures: Vec<RawFigure<'t>>,
    /// For each dimension, the label of each figure.
    coordinates: Vec<Vec<Option<u32>>>,
    indicators: Vec<PrintedIndicator>,
    indicators_of: Distinct<IndicatorOf>,
    labels: Distinct<RowLabel>,
    headings: Distinct<PeriodHeading>,
}

impl<'t> RawBuilder<'t> {
    /// For a definition, with room for so many figures.
    #[must_use]
    pub fn new(definition: &Definition, figures: usize) -> RawBuilder<'t> {
        RawBuilder {
            figures: Vec::with_capacity(figures),
            coordinates: definition.dimensions.iter().map(|_| Vec::with_capacity(figures)).collect(),
            ..RawBuilder::default()
        }
    }

    /// How many figures and indicators there are.
    #[must_use]
    pub(crate) fn len(&self) -> usize {
        self.figures.len()
    }

    /// The index of a label.
    pub(crate) fn add_label(&mut self, printed: &str, text: &str) -> u32 {
        self.add_row_label((printed, text, false))
    }

    /// The index of a label whose code is printed beside it.
    pub(crate) fn add_code_label(&mut self, printed: &str, code: &str) -> u32 {
        self.add_row_label((printed, code, true))
    }

    fn add_row_label(&mut self, label: (&str, &str, bool)) -> u32 {
        let known = self.labels.get_index_of(&label);
        let (printed, text, is_code) = label;
        let new = || RowLabel { printed: printed.to_owned(), text: text.to_owned(), is_code };
        known.unwrap_or_else(|| self.labels.insert_full(new()).0) as u32
    }

    /// The index of a heading.
    pub(crate) fn add_heading(&mut self, heading: PeriodHeading) -> u32 {
        self.headings.insert_full(heading).0 as u32
    }

    /// The index of what indicators are of.
    pub(crate) fn add_indicator_of(&mut self, of: IndicatorOf) -> u32 {
        self.indicators_of.insert_full(of).0 as u32
    }

    /// Adds a figure, with the label of each dimension.
    pub(crate) fn add_figure(&mut self, figure: RawFigure<'t>, labels: &[Option<u32>]) {
        for (column, label) in self.coordinates.iter_mut().zip(labels) {
            column.push(*label);
        }
        self.figures.push(figure);
    }

    /// Adds an indicator.
    pub(crate) fn add_indicator(&mut self, indicator: PrintedIndicator) {
        self.indicators.push(indicator);
    }

    /// The figures as a frame.
    ///
    /// # Errors
    /// Only where polars refuses it.
    pub fn finish(self, definition: &Definition) -> Result<RawObservations> {
        let figures = &self.figures;
        let ids = |id: fn(&RawFigure<'_>) -> u32| figures.iter().map(id).collect::<Vec<u32>>();
        let mut frame = df!(
            "document" => ids(|figure| figure.document),
            "table" => ids(|figure| figure.table),
            "heading" => ids(|figure| figure.heading),
            "measure" => ids(|figure| figure.measure),
            "value" => figures.iter().map(|figure| figure.value).collect::<Int64Chunked>(),
            "is_nil" => figures.iter().map(|figure| figure.is_nil).collect::<BooleanChunked>(),
            "flag" => figures.iter().map(|figure| figure.flag).collect::<UInt32Chunked>(),
            "value_label" => figures.iter().map(|figure| figure.printed).collect::<StringChunked>(),
            "grid" => ids(|figure| figure.cell.0),
            "row" => ids(|figure| figure.cell.1),
            "column" => ids(|figure| figure.cell.2),
            "depth" => ids(|figure| figure.depth),
            "label_row" => ids(|figure| figure.label_cell.0),
            "label_column" => ids(|figure| figure.label_cell.1),
        )?;
        for (dimension, labels) in definition.dimensions.iter().zip(self.coordinates) {
            let labels: UInt32Chunked = labels.into_iter().collect();
            frame.with_column(labels.into_series().with_name(label_column(dimension.name())).into())?;
        }
        Ok(RawObservations {
            frame,
            indicators: self.indicators,
            indicators_of: self.indicators_of.into_iter().collect(),
            labels: self.labels.into_iter().collect(),
            headings: self.headings.into_iter().collect(),
        })
    }
}

/// The name of the column of a dimension's labels.
#[must_use]
pub fn label_column(dimension: &str) -> PlSmallStr {
    format!("{dimension}_label").into()
}
