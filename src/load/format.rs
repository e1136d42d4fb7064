//! What a published file format must do. `--format`, the data package, `verify` and the conformance tests follow from the list
//! of [`FORMATS`], and know no format by name.

use std::fmt;
use std::path::Path;

use anyhow::Result;
use arrow::array::RecordBatch;
use serde_json::Value;

use crate::columns::Table;
use crate::dataset::Definition;
use crate::load::FORMATS;
use crate::load::folder::{Fingerprint, Output};

/// A file format of published tables.
pub trait Format: Sync {
    /// Its name, which is the extension of its files, too.
    fn name(&self) -> &'static str;

    /// Its media type.
    fn media_type(&self) -> &'static str;

    /// Its dialect, as a Data Package describes it.
    fn dialect(&self) -> Option<Value> {
        None
    }

    /// Begins a file for the rows of a table.
    ///
    /// # Errors
    /// Where it cannot be written.
    fn begin(&self, output: Output, table: &Table, definition: &Definition) -> Result<Box<dyn TableWriter>>;

    /// Reads the rows of a file.
    ///
    /// # Errors
    /// Where it cannot be read, or is not of this format.
    fn read(&self, path: &Path) -> Result<FileRows>;
}

/// Some of the formats.
pub type Formats = Vec<&'static dyn Format>;

/// A file that gets the rows of a table batch by batch, so that memory is bounded by a batch.
pub trait TableWriter: Send {
    /// Adds rows.
    ///
    /// # Errors
    /// Where they cannot be encoded or written.
    fn write(&mut self, rows: &RecordBatch) -> Result<()>;

    /// Ends the file. `about` is a JSON text that says what it was made from.
    ///
    /// # Errors
    /// Where it cannot be written.
    fn finish(self: Box<Self>, about: &str) -> Result<Fingerprint>;
}

/// The rows of a published file, one at a time.
pub struct FileRows {
    /// What a person calls a row: line, row.
    pub unit: &'static str,
    /// The names of the columns.
    pub columns: Vec<String>,
    /// The rows, in order.
    pub rows: Box<dyn Iterator<Item = Result<FileRow>>>,
}

/// A row of a published file.
#[derive(Debug, PartialEq, Eq)]
pub struct FileRow {
    /// Its number, as a person counts.
    pub number: u64,
    /// Its cells as text; none where null.
    pub cells: Vec<Option<String>>,
}

impl fmt::Debug for dyn Format + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl dyn Format + '_ {
    /// The name of a table's file.
    #[must_use]
    pub fn file_name(&self, table: &Table) -> String {
        format!("{}.{}", table.name, self.name())
    }
}

/// The formats whose names are chosen; all of them where none is.
pub fn choose_formats(is_chosen: impl Fn(&str) -> bool) -> Formats {
    let chosen: Formats = FORMATS.iter().copied().filter(|format| is_chosen(format.name())).collect();
    if chosen.is_empty() { FORMATS.to_vec() } else { chosen }
}

/// The format of this name.
#[must_use]
pub fn find_format(name: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|format| format.name() == name)
}

#[cfg(test)]
pub(super) mod tests;
