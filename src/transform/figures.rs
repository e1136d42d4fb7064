//! The figures of a batch as a history takes them in: all that tells them apart and what they say, without the frame.

use std::ops::Range;

use anyhow::Result;
use arrow::array::StringArray;
use chrono::NaiveDate;

use crate::dataset::CodeKind;
use crate::grammar::period::Period;
use crate::normalize::codes::enum_indices;
use crate::normalize::{BatchContext, NormalizedBatch, ids};
use crate::transform::PublishedRows;

/// The figures of the releases of a batch, in the order in which they are published: release by release.
#[derive(Clone, Debug, Default)]
pub struct ReleaseFigures {
    /// The codes of each dimension that the batch uses.
    pub codes: Vec<Vec<BatchCode>>,
    /// The periods, and what they are called.
    pub periods: Vec<(Period, String)>,
    /// The name and the release of each document.
    pub documents: Vec<(String, Option<NaiveDate>)>,
    /// For each dimension, the code of each row.
    pub row_codes: Vec<Vec<u32>>,
    /// The place of each row's measure in the definition.
    pub measures: Vec<u32>,
    /// The period of each row.
    pub row_periods: Vec<u32>,
    /// The document of each row.
    pub row_documents: Vec<u32>,
    /// The figures, in units of the measure's last decimal.
    pub values: Vec<Option<i64>>,
    /// Their statuses, as places in `checks::STATUSES`.
    pub statuses: Vec<u32>,
    /// The totals that they are shares of.
    pub totals: Vec<Option<i64>>,
    /// How they compare within their release.
    pub comparisons: Vec<u32>,
    /// Where they are printed.
    pub positions: Option<StringArray>,
}

/// A code of a batch.
#[derive(Clone, Debug)]
pub struct BatchCode {
    /// The code.
    pub code: String,
    /// Its display name.
    pub name: String,
    /// What kind it is.
    pub kind: CodeKind,
}

impl ReleaseFigures {
    /// The figures of published observations.
    ///
    /// # Errors
    /// Where a column is missing.
    pub fn read(
        rows: &PublishedRows,
        batch: &NormalizedBatch<'_>,
        context: BatchContext<'_>,
    ) -> Result<ReleaseFigures> {
        let frame = &rows.frame;
        let figures =
            |name: &str| -> Result<Vec<Option<i64>>> { Ok(frame.column(name)?.i64()?.iter().collect()) };
        let codes = batch.codes.iter().map(|table| {
            let code = |info: &crate::dataset::CodeInfo<'_>| BatchCode {
                code: info.code.to_owned(),
                name: info.name.to_owned(),
                kind: info.kind,
            };
            table.infos().iter().map(code).collect()
        });
        let periods = batch.periods.periods().iter().copied().zip(batch.periods.codes().iter().cloned());
        let names = context.documents.iter().map(|document| document.content.name.clone());
        Ok(ReleaseFigures {
            codes: codes.collect(),
            periods: periods.collect(),
            documents: names.zip(context.releases.iter().copied()).collect(),
            row_codes: batch.code_columns(frame)?,
            measures: ids(frame, "measure")?.to_vec(),
            row_periods: enum_indices(frame, "period")?,
            row_documents: ids(frame, "document")?.to_vec(),
            values: figures("value")?,
            statuses: ids(frame, "status")?.to_vec(),
            totals: figures("total")?,
            comparisons: ids(frame, "comparison")?.to_vec(),
            positions: rows.positions.clone(),
        })
    }

    /// How many rows there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The release of a row.
    #[must_use]
    pub fn release(&self, row: usize) -> Option<NaiveDate> {
        self.documents[self.row_documents[row] as usize].1
    }

    /// The rows of each release.
    #[must_use]
    pub fn releases(&self) -> Vec<(NaiveDate, Range<usize>)> {
        let mut runs: Vec<(NaiveDate, Range<usize>)> = Vec::new();
        for row in 0..self.len() {
            let Some(release) = self.release(row) else { continue };
            match runs.last_mut().filter(|(last, _)| *last == release) {
                Some((_, rows)) => rows.end = row + 1,
                None => runs.push((release, row..row + 1)),
            }
        }
        runs
    }
}
