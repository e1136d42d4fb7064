//! The published rows of a release as values, read by the names of their columns.

use anyhow::{Context, Result};

use crate::dataset::{Definition, Dimension};
use crate::grammar::period::Period;
use crate::page::columns::{Columns, Row};
use crate::page::newest::Newest;
use crate::position::Position;

/// The rows of a release.
pub struct Rows {
    /// Its figures.
    pub observations: Vec<Observation>,
    /// What of it was checked.
    pub checks: Vec<Check>,
    /// Its notes, one for each table they hold for.
    pub notes: Vec<Note>,
}

/// Where something is printed: the file, and the position in it.
pub type Place = (String, Option<Position>);

/// A published figure.
pub struct Observation {
    pub codes: Vec<String>,
    /// The place of its measure in the definition.
    pub measure: usize,
    pub period: Period,
    pub period_label: String,
    pub is_partial: bool,
    pub value: Option<f64>,
    pub status: String,
    pub basis: String,
    pub share: Option<f64>,
    pub per_month: Option<f64>,
    pub change: Option<f64>,
    pub relative_change: Option<f64>,
    pub place: Place,
}

/// What was checked.
pub struct Check {
    pub codes: Vec<String>,
    pub measure: usize,
    pub kind: String,
    pub along: String,
    pub period: Period,
    pub published: f64,
    pub computed: f64,
    pub difference: f64,
    pub passed: bool,
    pub cells: usize,
    pub unit: String,
}

/// A note, for a table it holds for.
pub struct Note {
    pub number: i64,
    /// The codes that tell its table apart, of the dimensions that do; none where these are of no table.
    pub table: Vec<Option<String>>,
    /// The same of the table below which it stands.
    pub printed_with: Vec<Option<String>>,
    pub text: String,
    pub source: String,
    pub mark: Option<String>,
    /// The positions of cells that carry the mark.
    pub marked_at: Vec<String>,
}

impl Rows {
    /// Reads the rows of a release.
    ///
    /// # Errors
    /// Where they lack a column.
    pub fn read(newest: &Newest, definition: &Definition) -> Result<Rows> {
        Ok(Rows {
            observations: read(newest, "observations", |row| Observation::read(row, definition))?,
            checks: read(newest, "checks", |row| Check::read(row, definition))?,
            notes: read(newest, "notes", |row| Note::read(row, definition))?,
        })
    }
}

fn read<T>(newest: &Newest, table: &str, read: impl Fn(Row<'_>) -> Result<T>) -> Result<Vec<T>> {
    let mut rows = Vec::new();
    for batch in newest.rows(table) {
        let columns = Columns::read(batch)?;
        for row in columns.rows() {
            rows.push(read(row).with_context(|| format!("a row of {table}"))?);
        }
    }
    Ok(rows)
}

impl Observation {
    fn read(row: Row<'_>, definition: &Definition) -> Result<Observation> {
        Ok(Observation {
            codes: row.codes(definition)?,
            measure: row.measure(definition)?,
            period: row.period()?,
            period_label: row.text("period_label")?.to_owned(),
            is_partial: row.flag("is_partial")?,
            value: row.find_number("value"),
            status: row.text("status")?.to_owned(),
            basis: row.text("basis")?.to_owned(),
            share: row.find_number("share"),
            per_month: row.find_number("monthly_average"),
            change: row.find_number("change_absolute"),
            relative_change: row.find_number("change_relative"),
            place: (
                row.text("source")?.to_owned(),
                row.find_text("source_position").and_then(Position::parse),
            ),
        })
    }
}

impl Check {
    fn read(row: Row<'_>, definition: &Definition) -> Result<Check> {
        Ok(Check {
            codes: row.codes(definition)?,
            measure: row.measure(definition)?,
            kind: row.text("check")?.to_owned(),
            along: row.text("along")?.to_owned(),
            period: row.period()?,
            published: row.number("published")?,
            computed: row.number("computed")?,
            difference: row.number("difference")?,
            passed: row.flag("passed")?,
            cells: row.number("cells")? as usize,
            unit: row.text("unit")?.to_owned(),
        })
    }
}

impl Note {
    fn read(row: Row<'_>, definition: &Definition) -> Result<Note> {
        let dimensions = || definition.dimensions.iter().map(Dimension::name);
        let table = match row.find_text("table") {
            Some(name) => fixed_codes(name, definition),
            None => dimensions().map(|name| row.find_text(name).map(str::to_owned)).collect(),
        };
        let marked_at = row.find_text("marked_at").unwrap_or_default();
        Ok(Note {
            number: row.number("note")? as i64,
            table,
            printed_with: fixed_codes(row.text("printed_with")?, definition),
            text: row.text("text")?.to_owned(),
            source: row.text("source")?.to_owned(),
            mark: row.find_text("mark").map(str::to_owned),
            marked_at: marked_at.split_whitespace().map(str::to_owned).collect(),
        })
    }
}

/// The codes that a table of this name has as a whole.
fn fixed_codes(name: &str, definition: &Definition) -> Vec<Option<String>> {
    let table = definition.tables.iter().find(|table| table.name == name);
    table.map_or_else(|| vec![None; definition.dimensions.len()], |table| table.fixed.clone())
}
