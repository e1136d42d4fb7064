//! Published rows as text, for commands that tell of figures: those that a key names, and those they were computed from.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use arrow::array::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};

use crate::dataset::{Definition, Dimension, Key};
use crate::load::Batch;
use crate::regions::TOTAL;

/// A published row: the text of each value that is not null, by its column.
#[derive(Clone, Debug, Default)]
pub struct KeyedRow(BTreeMap<String, String>);

/// Rows of the published tables.
#[derive(Debug, Default)]
pub struct KeyedRows {
    /// Observations.
    pub observations: Vec<KeyedRow>,
    /// Checks.
    pub checks: Vec<KeyedRow>,
    /// Notes.
    pub notes: Vec<KeyedRow>,
    /// The keys of all observations that were seen, for suggestions.
    pub names: BTreeSet<String>,
}

/// Whether a key names a row.
pub fn is_named(row: &KeyedRow, key: &Key, definition: &Definition) -> bool {
    let is =
        |wanted: Option<&str>, column: &str| wanted.is_none_or(|wanted| row.text(column) == Some(wanted));
    let codes = definition.dimensions.iter().zip(&key.codes);
    codes.into_iter().all(|(dimension, code)| is(code.as_deref(), dimension.name()))
        && is(key.measure.as_deref().filter(|_| definition.has_measures()), "measure")
        && is(key.period.as_deref(), "period")
}

/// Whether a row may be needed to explain those that a key names: in each dimension it has the code that is named, or the
/// total; or the total is named, which all may be parts of.
fn is_needed(row: &KeyedRow, key: &Key, definition: &Definition) -> bool {
    definition.dimensions.iter().zip(&key.codes).all(|(dimension, code)| {
        let own = row.text(dimension.name());
        let is_total = code.as_deref().is_none_or(|wanted| wanted == TOTAL);
        own.is_none() || is_total || own == Some(TOTAL) || own == code.as_deref()
    })
}

impl KeyedRow {
    /// The text of a column; none where it is null.
    pub fn text(&self, column: &str) -> Option<&str> {
        self.0.get(column).map(String::as_str)
    }

    /// The text of some columns, as a key joins them.
    pub fn join<'c>(&self, columns: impl IntoIterator<Item = &'c str>) -> String {
        columns.into_iter().map(|column| self.text(column).unwrap_or_default()).collect::<Vec<_>>().join("/")
    }

    /// The key of the row.
    pub fn key(&self, definition: &Definition) -> String {
        self.join(series_columns(definition).chain(["period"]))
    }

    /// Whether another row has the same values in columns.
    pub fn agrees<'c>(&self, other: &KeyedRow, columns: impl IntoIterator<Item = &'c str>) -> bool {
        columns.into_iter().all(|column| self.text(column) == other.text(column))
    }
}

impl KeyedRows {
    /// Keeps the rows of a batch that a key needs.
    pub fn keep(&mut self, batch: &Batch, key: &Key, definition: &Definition) -> Result<()> {
        let observations = rows(batch, "observations")?;
        self.names.extend(observations.iter().flat_map(|row| names(row, definition)));
        self.observations.extend(observations.into_iter().filter(|row| is_needed(row, key, definition)));
        self.checks.extend(rows(batch, "checks")?);
        self.notes.extend(rows(batch, "notes")?);
        Ok(())
    }
}

/// The columns that name a series: its dimensions, and the measure where there are several.
pub fn series_columns(definition: &Definition) -> impl Iterator<Item = &str> {
    let measure = definition.has_measures().then_some("measure");
    definition.dimensions.iter().map(Dimension::name).chain(measure)
}

/// The key of a row, and the beginnings of it.
pub fn names(row: &KeyedRow, definition: &Definition) -> Vec<String> {
    let parts: Vec<&str> = series_columns(definition).chain(["period"]).collect();
    (1..=parts.len()).map(|count| row.join(parts[..count].iter().copied())).collect()
}

/// The rows that a batch has of a table.
pub fn rows(batch: &Batch, table: &str) -> Result<Vec<KeyedRow>> {
    let Some(rows) = batch.rows(table) else { return Ok(Vec::new()) };
    read(rows).with_context(|| format!("rows of {table}"))
}

fn read(batch: &RecordBatch) -> Result<Vec<KeyedRow>> {
    let mut rows: Vec<KeyedRow> = (0..batch.num_rows()).map(|_| KeyedRow::default()).collect();
    let options = FormatOptions::default();
    for (field, array) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        let formatter = ArrayFormatter::try_new(array, &options)?;
        for (at, row) in rows.iter_mut().enumerate().filter(|(at, _)| array.is_valid(*at)) {
            row.0.insert(field.name().clone(), formatter.value(at).to_string());
        }
    }
    Ok(rows)
}
