//! The published rows that an explanation needs: those that a key names, and those they were computed from.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use arrow::array::RecordBatch;
use arrow::util::display::{ArrayFormatter, FormatOptions};

use crate::dataset::Definition;
use crate::load::Batch;
use crate::regions::TOTAL;

/// What to explain; what is left out is any.
#[derive(Debug, Default)]
pub struct Key {
    category: Option<String>,
    region: Option<String>,
    period: Option<String>,
}

/// A published row: the text of each value that is not null, by its column. The category stands under `category`, its name under
/// `category_name`.
#[derive(Debug, Default)]
pub struct Row(BTreeMap<String, String>);

/// Rows of the published tables.
#[derive(Debug, Default)]
pub struct Rows {
    /// Observations.
    pub observations: Vec<Row>,
    /// Checks.
    pub checks: Vec<Row>,
    /// Notes.
    pub notes: Vec<Row>,
    /// The keys of all observations that were seen, for suggestions.
    pub names: BTreeSet<String>,
}

impl Key {
    /// Reads a key: `TTPS/CAN/2024`, or parts of it; a part that is `*` or empty is any.
    pub fn parse(text: &str, definition: &Definition) -> Key {
        let mut parts = text.splitn(3, '/').map(|part| Some(part).filter(|part| !matches!(*part, "" | "*")));
        let first = parts.next().flatten();
        let names_category = first.is_none_or(|first| definition.category(first).is_some());
        let (category, region) = if names_category || text.matches('/').count() > 1 {
            (first, parts.next().flatten())
        } else {
            (None, first)
        };
        // A period may hold a slash itself: 2026-01-01/P2M.
        let period =
            parts.collect::<Option<Vec<_>>>().map(|rest| rest.join("/")).filter(|rest| !rest.is_empty());
        Key { category: category.map(Into::into), region: region.map(Into::into), period }
    }

    /// Whether it names a row.
    pub fn names(&self, row: &Row) -> bool {
        let is = |wanted: &Option<String>, column| {
            wanted.as_deref().is_none_or(|wanted| row.text(column) == Some(wanted))
        };
        is(&self.category, "category") && is(&self.region, "region") && is(&self.period, "period")
    }

    /// Whether a row may be needed to explain those that it names.
    fn needs(&self, row: &Row) -> bool {
        let region = row.text("region");
        let of_category = self.category.is_none() || row.text("category") == self.category.as_deref();
        let is_total = self.region.as_deref().is_none_or(|wanted| wanted == TOTAL);
        of_category && (is_total || region == Some(TOTAL) || region == self.region.as_deref())
    }
}

impl Row {
    /// The text of a column; none where it is null.
    pub fn text(&self, column: &str) -> Option<&str> {
        self.0.get(column).map(String::as_str)
    }

    /// Whether another row has the same values in columns.
    pub fn agrees(&self, other: &Row, columns: &[&str]) -> bool {
        columns.iter().all(|column| self.text(column) == other.text(column))
    }
}

impl Rows {
    /// Keeps the rows of a batch that a key needs.
    pub fn keep(&mut self, batch: &Batch, key: &Key, definition: &Definition) -> Result<()> {
        let observations = rows(batch, "observations", definition)?;
        self.names.extend(observations.iter().flat_map(names));
        self.observations.extend(observations.into_iter().filter(|row| key.needs(row)));
        let of_category =
            |row: &Row| key.category.is_none() || row.text("category") == key.category.as_deref();
        self.checks.extend(rows(batch, "checks", definition)?.into_iter().filter(of_category));
        self.notes.extend(rows(batch, "notes", definition)?.into_iter().filter(of_category));
        Ok(())
    }
}

/// The key of a row, and the beginnings of it.
fn names(row: &Row) -> [String; 3] {
    let [category, region, period] =
        ["category", "region", "period"].map(|column| row.text(column).unwrap_or_default());
    [category.into(), format!("{category}/{region}"), format!("{category}/{region}/{period}")]
}

fn rows(batch: &Batch, table: &str, definition: &Definition) -> Result<Vec<Row>> {
    let Some(rows) = batch.rows(table) else { return Ok(Vec::new()) };
    read(rows, definition.category.column.get_ref()).with_context(|| format!("rows of {table}"))
}

fn read(batch: &RecordBatch, category: &str) -> Result<Vec<Row>> {
    let mut rows: Vec<Row> = (0..batch.num_rows()).map(|_| Row::default()).collect();
    let options = FormatOptions::default();
    for (field, array) in batch.schema_ref().fields().iter().zip(batch.columns()) {
        let name = match field.name().strip_prefix(category) {
            Some("") => "category",
            Some("_name") => "category_name",
            _ => field.name(),
        };
        let formatter = ArrayFormatter::try_new(array, &options)?;
        for (at, row) in rows.iter_mut().enumerate().filter(|(at, _)| array.is_valid(*at)) {
            row.0.insert(name.to_owned(), formatter.value(at).to_string());
        }
    }
    Ok(rows)
}
