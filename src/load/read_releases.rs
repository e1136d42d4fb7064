//! The rows of a Parquet file without those of some releases: a warehouse that has them needs no more of them.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use arrow::array::{AsArray, RecordBatch, RecordBatchIterator, RecordBatchReader};
use arrow::compute::filter_record_batch;
use arrow::datatypes::Date32Type;
use arrow::error::ArrowError;
use chrono::NaiveDate;

use crate::load::read_batches;

/// The rows of a file, a batch after the other, without those of some releases.
///
/// # Errors
/// Where it cannot be read as Parquet.
pub fn read_releases(
    path: &Path,
    without: &BTreeSet<NaiveDate>,
) -> Result<impl RecordBatchReader + Send + use<>> {
    let rows = read_batches(path)?;
    let (schema, without) = (rows.schema(), without.clone());
    let keep = move |batch| keep_releases(&batch?, |release| !without.contains(&release));
    Ok(RecordBatchIterator::new(rows.map(keep), schema))
}

/// The rows of a table that are of a release that is wanted; all where the table has no releases.
///
/// # Errors
/// Only where Arrow refuses a column.
pub fn keep_releases(
    rows: &RecordBatch,
    is_wanted: impl Fn(NaiveDate) -> bool,
) -> Result<RecordBatch, ArrowError> {
    let Some(dates) = rows.column_by_name("release_date") else { return Ok(rows.clone()) };
    let dates = dates.as_primitive::<Date32Type>();
    let is_kept = |row: usize| dates.value_as_date(row).is_none_or(&is_wanted);
    filter_record_batch(rows, &(0..rows.num_rows()).map(|row| Some(is_kept(row))).collect())
}
