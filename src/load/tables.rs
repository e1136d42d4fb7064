//! The files of one format: one for each table of a dataset.

use std::sync::Arc;

use anyhow::{Context, Result};

use crate::columns::Table;
use crate::dataset::Definition;
use crate::load::Batch;
use crate::load::folder::{Fingerprint, Output, Staging};
use crate::load::format::{Format, TableWriter};

/// The files of one format, open for rows.
pub struct TableFiles {
    staging: Arc<Staging>,
    format: &'static dyn Format,
    files: Vec<TableFile>,
}

struct TableFile {
    table: Table,
    writer: Box<dyn TableWriter>,
    rows: u64,
}

/// A finished file of a table.
#[derive(Clone)]
pub struct Resource {
    /// The table it holds.
    pub table: Table,
    /// Its format.
    pub format: &'static dyn Format,
    /// What is published.
    pub file: PublishedFile,
}

/// A file of a finished set, as a report lists it.
#[derive(Clone, Debug)]
pub struct PublishedFile {
    /// Its name.
    pub name: String,
    /// Its content's fingerprint.
    pub fingerprint: Fingerprint,
    /// How many rows it has; none where it is no table.
    pub rows: Option<u64>,
}

impl TableFiles {
    /// Begins a file for each table.
    ///
    /// # Errors
    /// Where one cannot be created.
    pub fn create(
        staging: &Arc<Staging>,
        format: &'static dyn Format,
        definition: &Definition,
        tables: &[Table],
    ) -> Result<TableFiles> {
        let create = |table: &Table| -> Result<_> {
            let output = Output::create(staging, &format.file_name(table))?;
            let writer = format.begin(output, table, definition)?;
            Ok(TableFile { table: table.clone(), writer, rows: 0 })
        };
        let files = tables.iter().map(create).collect::<Result<_>>()?;
        Ok(TableFiles { staging: Arc::clone(staging), format, files })
    }

    /// Adds a batch's rows to the files of its tables.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub fn write(&mut self, batch: &Batch) -> Result<()> {
        for TableFile { table, writer, rows } in &mut self.files {
            if let Some(more) = batch.rows(&table.name) {
                *rows += more.num_rows() as u64;
                writer
                    .write(more)
                    .with_context(|| self.staging.cannot_write(&self.format.file_name(table)))?;
            }
        }
        Ok(())
    }

    /// Ends all files, one after the other: what they were made from, which each of them says, is in memory once.
    ///
    /// # Errors
    /// Where one cannot be written.
    pub fn finish(self, about: &str) -> Result<Vec<Resource>> {
        let TableFiles { staging, format, files } = self;
        let finish = |TableFile { table, writer, rows }: TableFile| {
            let name = format.file_name(&table);
            let fingerprint = writer.finish(about).with_context(|| staging.cannot_write(&name))?;
            Ok(Resource { table, format, file: PublishedFile { name, fingerprint, rows: Some(rows) } })
        };
        files.into_iter().map(finish).collect()
    }
}
