//! The rows of the newest release, collected while batches pass: releases come in order, so memory is bounded by one of them.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use arrow::array::{AsArray, BooleanArray, RecordBatch};
use arrow::compute::{filter_record_batch, max};
use arrow::datatypes::Date32Type;

/// The tables that a page is made from.
const TABLES: [&str; 4] = ["observations", "checks", "notes", "bounds"];

/// The rows of the newest release that was seen.
#[derive(Debug, Default)]
pub struct Newest {
    /// Its day, counted from 1970-01-01; none where nothing was seen.
    release: Option<i32>,
    tables: BTreeMap<&'static str, Vec<RecordBatch>>,
}

impl Newest {
    /// Keeps the rows of a batch, given by the names of its tables, that are of its newest release, unless a newer one was
    /// seen.
    ///
    /// # Errors
    /// Where a table lacks its release.
    pub fn add<'b>(&mut self, batch: impl Fn(&str) -> Option<&'b RecordBatch>) -> Result<()> {
        for name in TABLES {
            if let Some(rows) = batch(name).filter(|rows| rows.num_rows() > 0) {
                self.keep(name, rows).with_context(|| format!("rows of {name}"))?;
            }
        }
        Ok(())
    }

    fn keep(&mut self, name: &'static str, rows: &RecordBatch) -> Result<()> {
        let column = rows.column_by_name("release_date").context("rows have a release")?;
        let days = column.as_primitive_opt::<Date32Type>().context("a release is a day")?;
        if max(days) > self.release {
            self.release = max(days);
            self.tables.clear();
        }
        let is_newest: BooleanArray = days.iter().map(|day| Some(day == self.release)).collect();
        if is_newest.true_count() > 0 {
            self.tables.entry(name).or_default().push(filter_record_batch(rows, &is_newest)?);
        }
        Ok(())
    }

    /// The rows of a table.
    pub(super) fn rows(&self, table: &str) -> &[RecordBatch] {
        self.tables.get(table).map_or(&[], Vec::as_slice)
    }

    /// The day of the release, as ISO 8601 writes it.
    #[must_use]
    pub fn release(&self) -> Option<String> {
        Date32Type::to_naive_date_opt(self.release?).map(|day| day.to_string())
    }
}
