//! What is published: frames to Arrow batches, batches to files, files to the output folder as one.
//!
//! A format is a file here with an [`Encoder`], and a line in [`FORMATS`].

mod batch;
mod csv;
mod data_package;
mod parquet;
mod phrases;
mod publish;
mod set;

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::thread;

use anyhow::{Context, Result, anyhow};
use arrow::array::RecordBatch;
use sha2::{Digest, Sha256};

pub use batch::{Batch, coded_schema, schema};
pub(crate) use csv::text as csv_field;
pub use publish::{Lock, Staging};
pub use set::Set;

use crate::columns::Table;
use crate::dataset::Definition;
use crate::extract::hex;
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

/// What identifies a file's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// How many bytes it has.
    pub bytes: u64,
    /// Their SHA-256, in hexadecimal.
    pub sha256: String,
}

/// A file that is fingerprinted while it is written.
pub struct Output {
    file: BufWriter<File>,
    hash: Sha256,
    bytes: u64,
}

impl Output {
    fn create(path: &Path) -> Result<Output> {
        let file = File::create_new(path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Output { file: BufWriter::with_capacity(1 << 16, file), hash: Sha256::new(), bytes: 0 })
    }

    fn finish(mut self) -> Result<Fingerprint> {
        self.file.flush()?;
        Ok(Fingerprint { bytes: self.bytes, sha256: hex(&self.hash.finalize()) })
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write_all(bytes)?;
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The files of one format, open for the tables of a dataset.
pub struct Files {
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
    /// Begins a file for each table in a folder.
    ///
    /// # Errors
    /// Where one cannot be created.
    pub fn create(
        folder: &Path,
        format: &'static Format,
        definition: &Definition,
        tables: &[Table],
    ) -> Result<Files> {
        let begin = |table: &Table| -> Result<_> {
            let output = Output::create(&folder.join(format!("{}.{}", table.name, format.extension)))?;
            let encoder = (format.begin)(output, table, definition)?;
            Ok(Open { table: table.clone(), encoder, rows: 0 })
        };
        Ok(Files { format, open: tables.iter().map(begin).collect::<Result<_>>()? })
    }

    /// Adds a batch's rows to the files of its tables.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub fn write(&mut self, batch: &Batch) -> Result<()> {
        for Open { table, encoder, rows } in &mut self.open {
            if let Some(more) = batch.rows(table.name) {
                *rows += more.num_rows() as u64;
                encoder
                    .write(more)
                    .with_context(|| format!("cannot write {}.{}", table.name, self.format.extension))?;
            }
        }
        Ok(())
    }

    /// Ends all files, side by side, and tells what each of them is.
    ///
    /// # Errors
    /// Where one cannot be written.
    pub fn finish(self, about: &str) -> Result<Vec<Resource>> {
        let format = self.format;
        let finish = |Open { table, encoder, rows }: Open| {
            let path = format!("{}.{}", table.name, format.extension);
            let fingerprint = encoder.finish(about).with_context(|| format!("cannot write {path}"))?;
            Ok(Resource { table, format, path, fingerprint, rows })
        };
        thread::scope(|scope| {
            let ending: Vec<_> =
                self.open.into_iter().map(|file| scope.spawn(move || finish(file))).collect();
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
///
/// # Errors
/// Where it cannot be written.
pub fn describe(
    folder: &Path,
    definition: &Definition,
    resources: &[Resource],
    about: &About<'_>,
) -> Result<Published> {
    let name = "datapackage.json";
    let path = folder.join(name);
    let package = data_package::describe(definition, resources, about);
    let text = serde_json::to_string_pretty(&package)? + "\n";
    std::fs::write(&path, &text).with_context(|| format!("cannot write {}", path.display()))?;
    let fingerprint = Fingerprint { bytes: text.len() as u64, sha256: hex(&Sha256::digest(&text)) };
    Ok(Published { name: name.into(), fingerprint, rows: None })
}
