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
    definition: Definition,
    files: Vec<TableFile>,
    /// Tables that have a file from their first row on.
    later: Vec<Table>,
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
    /// Begins a file for each table; for those of which not all sets have rows once there are some.
    ///
    /// # Errors
    /// Where one cannot be created.
    pub fn create(
        staging: &Arc<Staging>,
        format: &'static dyn Format,
        definition: &Definition,
        tables: &[Table],
    ) -> Result<TableFiles> {
        let (later, first): (Vec<Table>, Vec<Table>) =
            tables.iter().cloned().partition(|table| !table.is_always_published());
        let (staging, definition) = (Arc::clone(staging), definition.clone());
        let mut files = TableFiles { staging, format, definition, files: Vec::new(), later };
        first.into_iter().try_for_each(|table| files.begin(table))?;
        Ok(files)
    }

    fn begin(&mut self, table: Table) -> Result<()> {
        let output = Output::create(&self.staging, &self.format.file_name(&table))?;
        let writer = self.format.begin(output, &table, &self.definition)?;
        self.files.push(TableFile { table, writer, rows: 0 });
        Ok(())
    }

    /// Begins the files of tables that have their first rows.
    fn begin_later(&mut self, batch: &Batch) -> Result<()> {
        let has_rows = |table: &Table| batch.rows(&table.name).is_some();
        let (begun, later) = std::mem::take(&mut self.later).into_iter().partition(has_rows);
        self.later = later;
        let begun: Vec<Table> = begun;
        begun.into_iter().try_for_each(|table| self.begin(table))
    }

    /// Adds a batch's rows to the files of its tables.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub fn write(&mut self, batch: &Batch) -> Result<()> {
        self.begin_later(batch)?;
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
        let TableFiles { staging, format, files, .. } = self;
        let finish = |TableFile { table, writer, rows }: TableFile| {
            let name = format.file_name(&table);
            let fingerprint = writer.finish(about).with_context(|| staging.cannot_write(&name))?;
            Ok(Resource { table, format, file: PublishedFile { name, fingerprint, rows: Some(rows) } })
        };
        files.into_iter().map(finish).collect()
    }
}
