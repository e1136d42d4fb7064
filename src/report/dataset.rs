//! What a run did with one dataset: what was read, which totals add up, and the files that were written.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use crate::columns::{self, Column, Table};
use crate::dataset::Definition;
use crate::extract::accounting::NumericCells;
use crate::load::{LateRelease, PublishedFile};
use crate::report::NewestRelease;
use crate::summary::{Counts, Summary};

/// A dataset, and what its documents contained.
#[derive(Clone, Debug, Serialize)]
pub struct DatasetReport {
    /// Its name.
    pub name: String,
    /// Its title.
    pub title: String,
    /// The path of its definition, or that it is built in.
    pub definition: String,
    /// The SHA-256 of the definition, in hexadecimal.
    pub definition_sha256: String,
    /// The releases, in order.
    pub releases: Vec<String>,
    /// What the newest of them changed, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest_release: Option<NewestRelease>,
    /// The columns of each published table, as OpenLineage describes them.
    #[serde(skip)]
    pub fields: BTreeMap<String, Value>,
    /// How many documents were read.
    pub documents: usize,
    /// How many tables were read.
    pub tables: usize,
    /// How many observations were made.
    pub observations: usize,
    /// How many notes were read.
    pub notes: usize,
    /// How many rows the definition leaves out.
    pub left_out: usize,
    /// The same by what leaves them out.
    pub left_out_by: Vec<LeftOutRows>,
    /// How many cells print a number, by what became of it.
    pub numbers: NumericCells,
    /// All this in one line.
    pub summary: String,
    /// The checks of each table.
    pub checks: Vec<CheckCounts>,
    /// The folder it is published in; none if nothing is published.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Whether the published files changed.
    pub changed: bool,
    /// Releases behind the newest published one that are not as they were.
    pub releases_changed: Vec<LateRelease>,
    /// The files in it.
    pub outputs: Vec<OutputFile>,
}

/// The rows that one rule leaves out.
#[derive(Clone, Debug, Serialize)]
pub struct LeftOutRows {
    /// Why, as the definition says.
    pub reason: String,
    /// How many there are.
    pub rows: usize,
}

/// How many figures and totals of a table were checked.
#[derive(Clone, Debug, Serialize)]
pub struct CheckCounts {
    /// Code of the table.
    pub table: String,
    /// Cells with a figure or a nil symbol.
    pub figures: usize,
    /// Nil symbols among them that are proven to be zero.
    pub nil: usize,
    /// Totals that were checked.
    pub totals: usize,
    /// Totals that add up.
    pub passed: usize,
    /// Totals that do not.
    pub failed: usize,
    /// Totals that were derived.
    pub derived: usize,
    /// Changes, percentages and totals over periods beside the figures that were checked.
    pub claims: usize,
}

/// A published file.
#[derive(Clone, Debug, Serialize)]
pub struct OutputFile {
    /// Its path.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// How many rows it has; none if it is not a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
}

impl DatasetReport {
    pub(super) fn from_summary(
        definition: &Definition,
        summary: &Summary,
        newest_release: Option<NewestRelease>,
    ) -> DatasetReport {
        DatasetReport {
            name: definition.name().into(),
            title: definition.title.clone(),
            definition: definition.path().into(),
            definition_sha256: definition.sha256(),
            releases: summary.releases().iter().map(ToString::to_string).collect(),
            newest_release,
            fields: describe_columns(definition),
            documents: summary.documents,
            tables: summary.tables,
            observations: summary.observations,
            notes: summary.notes,
            left_out: summary.left_out.values().sum(),
            left_out_by: summary
                .left_out
                .iter()
                .map(|(by, rows)| LeftOutRows { reason: definition.reason_of(*by).into(), rows: *rows })
                .collect(),
            numbers: summary.numbers,
            summary: summary.line(definition),
            checks: summary
                .tables_by_name
                .iter()
                .map(|(table, counts)| CheckCounts::from_counts(table, counts))
                .collect(),
            folder: None,
            changed: false,
            releases_changed: Vec::new(),
            outputs: Vec::new(),
        }
    }
}

/// The columns of each published table, in order.
fn describe_columns(definition: &Definition) -> BTreeMap<String, Value> {
    let field = |column: &Column| json!({ "name": column.name, "type": column.physical_type(definition).name(), "description": column.meaning });
    let fields = |table: &Table| table.columns.iter().map(field).collect::<Value>();
    columns::tables(definition).iter().map(|table| (table.name.clone(), fields(table))).collect()
}

impl CheckCounts {
    fn from_counts(table: &str, counts: &Counts) -> CheckCounts {
        CheckCounts {
            table: table.into(),
            figures: counts.printed,
            nil: counts.nil,
            totals: counts.checks,
            passed: counts.passed,
            failed: counts.checks - counts.passed,
            derived: counts.derived,
            claims: counts.claims,
        }
    }
}

impl OutputFile {
    pub(super) fn from_published(file: &PublishedFile, folder: &str) -> OutputFile {
        let fingerprint = &file.fingerprint;
        OutputFile {
            path: format!("{folder}/{}", file.name),
            bytes: fingerprint.bytes,
            sha256: fingerprint.sha256.clone(),
            rows: file.rows,
        }
    }
}
