//! The figures of a table, as the sums are made from them.

use std::collections::BTreeSet;

use anyhow::Result;
use polars::prelude::*;

use crate::dataset::Definition;
use crate::extract::raw_label_column;
use crate::normalize::codes::{UNKNOWN, enum_indices};
use crate::normalize::{CellRef, NormalizedBatch, TableRef, ids};

/// The figures of a table, in printed order; each vector has an entry for each of them.
#[derive(Clone, Debug, Default)]
pub struct TableFigures {
    /// The document's index in the batch.
    pub document: u32,
    /// The table's place in the definition.
    pub table: u32,
    /// The row of the frame that its first figure is.
    pub start: usize,
    /// The code of each dimension; see [`TableFigures::code`].
    codes: Vec<Vec<u32>>,
    /// The period.
    pub periods: Vec<u32>,
    /// The heading of the column.
    pub headings: Vec<u32>,
    /// The measure.
    pub measures: Vec<u32>,
    /// The figure; none at a symbol.
    pub values: Vec<Option<i64>>,
    /// Whether a nil symbol stands in a figure's place.
    pub is_nil: Vec<bool>,
    /// The status that symbols and flags tell.
    pub flags: Vec<Option<u32>>,
    /// How far the row is set in, in steps.
    pub depths: Vec<u32>,
    /// Where the figure stands.
    pub cells: Vec<CellRef>,
    /// For each dimension, whether a label is printed for it.
    pub is_labelled: Vec<Vec<bool>>,
}

impl TableFigures {
    /// The tables of a batch, in the order of the frame, in which the figures of a table follow one another.
    ///
    /// # Errors
    /// Where the frame lacks a column.
    pub fn from_frame(batch: &NormalizedBatch<'_>) -> Result<Vec<TableFigures>> {
        let frame = &batch.frame;
        let (documents, tables) = (ids(frame, "document")?, ids(frame, "table")?);
        let is_start =
            |at: &usize| *at == 0 || (documents[*at], tables[*at]) != (documents[*at - 1], tables[*at - 1]);
        let starts: Vec<usize> = (0..frame.height()).filter(is_start).chain([frame.height()]).collect();
        let ends = starts.windows(2).filter(|ends| ends[0] < ends[1]);
        ends.map(|ends| TableFigures::read_table(batch, ends[0], ends[1] - ends[0])).collect()
    }

    /// The table that is so many rows of the frame from a row on.
    fn read_table(batch: &NormalizedBatch<'_>, start: usize, rows: usize) -> Result<TableFigures> {
        // One table after the other: of all at once there would be two copies.
        let frame = batch.frame.slice(i64::try_from(start)?, rows);
        let numbers = |name: &str| anyhow::Ok(ids(&frame, name)?.to_vec());
        let names = || batch.codes.iter().map(|codes| codes.dimension.name());
        let labels = |name: &str| frame.column(&raw_label_column(name))?.u32();
        let is_labelled = names().map(|name| Ok(labels(name)?.iter().map(|label| label.is_some()).collect()));
        Ok(TableFigures {
            document: ids(&frame, "document")?[0],
            table: ids(&frame, "table")?[0],
            start,
            codes: names().map(|name| enum_indices(&frame, name)).collect::<Result<_>>()?,
            periods: enum_indices(&frame, "period")?,
            headings: numbers("heading")?,
            measures: numbers("measure")?,
            values: frame.column("value")?.i64()?.iter().collect(),
            is_nil: frame.column("is_nil")?.bool()?.iter().map(|is_nil| is_nil == Some(true)).collect(),
            flags: frame.column("flag")?.u32()?.iter().collect(),
            depths: numbers("depth")?,
            cells: cells(&frame)?,
            is_labelled: is_labelled.collect::<Result<_>>()?,
        })
    }

    /// How many figures there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether the definition says that the figures add up, but for those of measures of which it says that they do not.
    #[must_use]
    pub fn is_declared_additive(&self, definition: &Definition) -> bool {
        let measures: BTreeSet<u32> = self.measures.iter().copied().collect();
        let mut declared = measures.iter().map(|at| definition.measures[*at as usize].additive);
        declared.clone().any(|additive| additive == Some(true)) && declared.all(|additive| additive.is_some())
    }

    /// The table.
    #[must_use]
    pub fn table_ref(&self) -> TableRef {
        (self.document, self.table)
    }

    /// The number of dimensions.
    #[must_use]
    pub fn dimensions(&self) -> usize {
        self.codes.len()
    }

    /// The code of a figure in a dimension; [`UNKNOWN`] where it is not known.
    #[must_use]
    pub fn code(&self, at: usize, dimension: usize) -> u32 {
        self.codes[dimension][at]
    }

    /// The codes of a figure.
    #[must_use]
    pub fn codes_at(&self, at: usize) -> Vec<u32> {
        self.codes.iter().map(|codes| codes[at]).collect()
    }

    /// Whether figures of the table differ in a dimension.
    #[must_use]
    pub fn varies(&self, dimension: usize) -> bool {
        let codes = &self.codes[dimension];
        codes.iter().any(|code| *code != codes[0])
    }

    /// Gives figures a code.
    pub fn set_code(&mut self, figures: &[usize], dimension: usize, code: u32) {
        for at in figures {
            self.codes[dimension][*at] = code;
        }
    }

    /// Whether what stands at a place is missing, so that nothing is known of it.
    #[must_use]
    pub fn is_missing(&self, at: usize) -> bool {
        self.values[at].is_none() && !self.is_nil[at]
    }

    /// Whether a figure's code is known in a dimension.
    #[must_use]
    pub fn is_known(&self, at: usize, dimension: usize) -> bool {
        self.code(at, dimension) != UNKNOWN
    }
}

/// Where the figures of a frame stand.
fn cells(frame: &DataFrame) -> Result<Vec<CellRef>> {
    let [documents, grids, rows, columns] =
        ["document", "grid", "row", "column"].map(|name| ids(frame, name));
    let places = documents?.iter().zip(grids?).zip(rows?.iter().zip(columns?));
    let cell = |((document, grid), (row, column)): ((&u32, &u32), (&u32, &u32))| CellRef {
        document: *document,
        grid: *grid,
        row: *row,
        column: *column,
    };
    Ok(places.map(cell).collect())
}
