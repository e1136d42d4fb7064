//! The rows of two Parquet files that differ: the first row that does.

use std::fs::File;
use std::path::Path;

use anyhow::Result;
use arrow::array::RecordBatch;
use arrow::util::display::array_value_to_string;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};

use crate::problem::sanitize;

/// Where the rows of a published file first differ from those of the derived one.
pub(super) fn difference(published: &Path, derived: &Path) -> Result<String> {
    let mut new = reader(derived)?;
    let told = reader(published).and_then(|mut old| compared(&mut old, &mut new));
    Ok(told.unwrap_or_else(|error| format!("it cannot be read as Parquet: {error:#}")))
}

fn reader(path: &Path) -> Result<ParquetRecordBatchReader> {
    Ok(ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?.build()?)
}

fn compared(old: &mut ParquetRecordBatchReader, new: &mut ParquetRecordBatchReader) -> Result<String> {
    let mut before = 0;
    loop {
        let (published, derived) = match (old.next().transpose()?, new.next().transpose()?) {
            (Some(published), Some(derived)) => (published, derived),
            (None, None) => return Ok("its rows are the same, but not what it was made from".into()),
            (None, Some(_)) => return Ok(format!("it ends before row {}, which was derived", before + 1)),
            (Some(_), None) => return Ok(format!("row {} and what follows was not derived", before + 1)),
        };
        if published.schema().fields() != derived.schema().fields() {
            return Ok("its columns are not those that were derived".into());
        }
        let both = published.num_rows().min(derived.num_rows());
        if let Some(told) = (0..both).find_map(|row| cell(&published, &derived, row, before)) {
            return Ok(told);
        }
        before += both;
        if published.num_rows() != derived.num_rows() {
            let more = if published.num_rows() > both { "was not derived" } else { "is missing" };
            return Ok(format!("row {} {more}", before + 1));
        }
    }
}

/// The first cell of a row that differs.
fn cell(published: &RecordBatch, derived: &RecordBatch, row: usize, before: usize) -> Option<String> {
    let columns = published.columns().iter().zip(derived.columns()).zip(published.schema_ref().fields());
    let ((published, derived), field) =
        columns.into_iter().find(|((old, new), _)| old.slice(row, 1) != new.slice(row, 1))?;
    let shown = |of| sanitize(&array_value_to_string(of, row).unwrap_or_default());
    let (row, column) = (before + row + 1, field.name());
    Some(format!(
        "row {row}, column {column}: published `{}`, derived `{}`",
        shown(published),
        shown(derived)
    ))
}
