//! What is published: frames to Arrow batches, batches to files, files to the output folder as one.
//!
//! A format is a file here with an [`Encoder`], and a line in [`FORMATS`].

mod batch;
pub mod compare;
mod csv;
mod data_package;
mod folder;
mod parquet;
mod set;

use std::io::Write;
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result, anyhow};
use arrow::array::RecordBatch;

pub use batch::{Batch, coded_schema, schema};
pub(crate) use csv::text as csv_field;
pub use folder::{Lock, Output, Prepared, publish};
pub use set::Set;

use crate::columns::Table;
use crate::dataset::Definition;
use crate::load::folder::Staging;
use crate::summary::About;

/// A table's rows in a format, batch by batch, so that memory is bounded by a batch.
pub trait Encoder: Send {
    /// Adds rows.
    ///
    /// # Errors
    /// Where they cannot be encoded or written.
    fn write(&mut self, rows: &RecordBatch) -> Result<()>;

    /// Ends the file. `about` is a JSON text that tells what it was made from.
    ///
    /// # Errors
    /// Where it cannot be written.
    fn finish(self: Box<Self>, about: &str) -> Result<Fingerprint>;
}

/// A published format.
pub struct Format {
    /// The extension of its files, and its name.
    pub extension: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    begin: fn(Output, &Table, &Definition) -> Result<Box<dyn Encoder>>,
}

/// Every published format.
pub const FORMATS: [Format; 2] = [
    Format { extension: "parquet", media_type: "application/vnd.apache.parquet", begin: parquet::begin },
    Format { extension: "csv", media_type: "text/csv", begin: csv::begin },
];

/// The file that describes all others.
const PACKAGE: &str = "datapackage.json";

impl Format {
    /// The name of a table's file.
    fn file(&self, table: &Table) -> String {
        format!("{}.{}", table.name, self.extension)
    }
}

/// What identifies a file's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// How many bytes it has.
    pub bytes: u64,
    /// Their SHA-256, in hexadecimal.
    pub sha256: String,
}

/// The files of one format, open for the tables of a dataset.
struct Files {
    staging: Arc<Staging>,
    format: &'static Format,
    open: Vec<Open>,
}

/// A file that rows are added to.
struct Open {
    table: Table,
    encoder: Box<dyn Encoder>,
    rows: u64,
}

impl Files {
    /// Begins a file for each table.
    ///
    /// # Errors
    /// Where one cannot be created.
    fn create(
        staging: &Arc<Staging>,
        format: &'static Format,
        definition: &Definition,
        tables: &[Table],
    ) -> Result<Files> {
        let begin = |table: &Table| -> Result<_> {
            let output = Output::create(staging, &format.file(table))?;
            let encoder = (format.begin)(output, table, definition)?;
            Ok(Open { table: table.clone(), encoder, rows: 0 })
        };
        let open = tables.iter().map(begin).collect::<Result<_>>()?;
        Ok(Files { staging: Arc::clone(staging), format, open })
    }

    /// Adds a batch's rows to the files of its tables.
    ///
    /// # Errors
    /// Where they cannot be written.
    fn write(&mut self, batch: &Batch) -> Result<()> {
        for Open { table, encoder, rows } in &mut self.open {
            if let Some(more) = batch.rows(table.name) {
                *rows += more.num_rows() as u64;
                encoder.write(more).with_context(|| self.staging.cannot_write(&self.format.file(table)))?;
            }
        }
        Ok(())
    }

    /// Ends all files, side by side, and tells what each of them is.
    ///
    /// # Errors
    /// Where one cannot be written.
    fn finish(self, about: &str) -> Result<Vec<Resource>> {
        let Files { staging, format, open } = self;
        let finish = |Open { table, encoder, rows }: Open| {
            let path = format.file(&table);
            let fingerprint = encoder.finish(about).with_context(|| staging.cannot_write(&path))?;
            Ok(Resource { table, format, path, fingerprint, rows })
        };
        thread::scope(|scope| {
            let finish = &finish;
            let ending: Vec<_> = open.into_iter().map(|file| scope.spawn(move || finish(file))).collect();
            ending.into_iter().map(|file| file.join().map_err(|_| anyhow!("a writer failed"))?).collect()
        })
    }
}

/// A published file.
#[derive(Clone)]
pub struct Resource {
    /// The table it holds.
    pub table: Table,
    /// Its format.
    pub format: &'static Format,
    /// Its name.
    pub path: String,
    /// Its content's fingerprint.
    pub fingerprint: Fingerprint,
    /// How many rows it has.
    pub rows: u64,
}

/// A file of a finished set, as a report tells of it.
#[derive(Clone, Debug)]
pub struct Published {
    /// Its name.
    pub name: String,
    /// Its content's fingerprint.
    pub fingerprint: Fingerprint,
    /// How many rows it has; none for what is no table.
    pub rows: Option<u64>,
}

impl Published {
    fn table(resource: Resource) -> Published {
        Published { name: resource.path, fingerprint: resource.fingerprint, rows: Some(resource.rows) }
    }
}

/// Writes the description of all files of a dataset beside them, and tells what it is.
fn describe(
    staging: &Arc<Staging>,
    definition: &Definition,
    resources: &[Resource],
    about: &About<'_>,
) -> Result<Published> {
    let package = data_package::describe(definition, resources, about);
    let text = serde_json::to_string_pretty(&package)? + "\n";
    let mut output = Output::create(staging, PACKAGE)?;
    output.write_all(text.as_bytes()).with_context(|| staging.cannot_write(PACKAGE))?;
    let fingerprint = output.finish().with_context(|| staging.cannot_write(PACKAGE))?;
    Ok(Published { name: PACKAGE.into(), fingerprint, rows: None })
}
