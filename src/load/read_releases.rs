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
    Ok(RecordBatchIterator::new(rows.map(move |batch| leave_out(batch?, &without)), schema))
}

/// The rows of a batch that are of no such release.
fn leave_out(batch: RecordBatch, releases: &BTreeSet<NaiveDate>) -> Result<RecordBatch, ArrowError> {
    let Some(dates) = batch.column_by_name("release_date").filter(|_| !releases.is_empty()) else {
        return Ok(batch);
    };
    let dates = dates.as_primitive::<Date32Type>();
    let is_kept = |row: usize| dates.value_as_date(row).is_none_or(|date| !releases.contains(&date));
    filter_record_batch(&batch, &(0..batch.num_rows()).map(|row| Some(is_kept(row))).collect())
}
