//! Parquet: zstd, statistics, the order of rows and what the file was made from declared in it.

mod bounds;
mod codes;
mod group;
mod hybrid;

use std::collections::HashMap;
use std::io;

use anyhow::Result;
use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use parquet::arrow::arrow_writer::{ArrowRowGroupWriterFactory, ArrowWriter, ArrowWriterOptions};
use parquet::arrow::{ARROW_SCHEMA_META_KEY, encode_arrow_schema};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::ColumnPath;

use crate::columns::{Column, Table, Type};
use crate::dataset::Definition;
use crate::load::{Encoder, Fingerprint, Output, coded_schema, schema};
use group::Group;

/// The footer key that tells what a file was made from.
const ABOUT: &str = "bluebook";

/// Rows of a row group: small enough that an archive needs no more memory than a document, large enough to scan fast.
const ROW_GROUP: usize = 1 << 17;

/// Values of a column that are encoded at once.
const WRITTEN_AT_ONCE: usize = 1 << 13;

/// How hard pages are compressed.
const ZSTD_LEVEL: i32 = 1;

struct Parquet {
    file: SerializedFileWriter<Output>,
    writers: ArrowRowGroupWriterFactory,
    /// The row group that is being filled.
    group: Group,
    schema: SchemaRef,
}

/// Begins a file.
pub fn begin(output: Output, table: &Table, definition: &Definition) -> Result<Box<dyn Encoder>> {
    // The writer would put the Arrow schema into the footer now; ours goes in at the end, when it can tell the sources.
    let options =
        ArrowWriterOptions::new().with_properties(properties(table)?).with_skip_arrow_metadata(true);
    let coded = coded_schema(table, definition);
    let writer = ArrowWriter::try_new_with_options(output, SchemaRef::clone(&coded), options)?;
    let (file, writers) = writer.into_serialized_writer()?;
    let group = Group::begin(&coded, file.schema_descr().columns(), writers.create_column_writers(0)?);
    Ok(Box::new(Parquet { file, writers, group, schema: schema(table, definition) }))
}

/// What the writer failed on, without its own words around it.
fn cause(error: ParquetError) -> anyhow::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(refused) => (*refused).into(),
            Err(cause) => anyhow::Error::from_boxed(cause),
        },
        error => error.into(),
    }
}

fn compression() -> Result<Compression> {
    Ok(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
}

fn properties(table: &Table) -> Result<WriterProperties> {
    let at = |name: &String| table.columns.iter().position(|column| column.name == *name);
    let sorted = table
        .key
        .iter()
        .filter_map(at)
        .map(|at| SortingColumn { column_idx: at as i32, descending: false, nulls_first: false })
        .collect();
    let properties = WriterProperties::builder()
        .set_created_by(format!("bluebook {}", env!("CARGO_PKG_VERSION")))
        .set_compression(compression()?)
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_write_batch_size(WRITTEN_AT_ONCE)
        .set_sorting_columns(Some(sorted));
    // What differs from row to row is larger with a dictionary than without, and slow to make one of.
    let repeats = |column: &&Column| matches!(column.kind, Type::Int32 | Type::Date | Type::Boolean);
    let others = table.columns.iter().filter(|column| !repeats(column));
    let paths = others.map(|column| ColumnPath::from(column.name.as_str()));
    Ok(paths.fold(properties, |all, path| all.set_column_dictionary_enabled(path, false)).build())
}

impl Parquet {
    fn end_group(&mut self) -> Result<()> {
        let next = self.writers.create_column_writers(self.file.flushed_row_groups().len() + 1)?;
        let mut to = self.file.next_row_group().map_err(cause)?;
        self.group.end(&mut to, next)?;
        to.close().map_err(cause)?;
        Ok(())
    }
}

impl Encoder for Parquet {
    fn write(&mut self, rows: &RecordBatch) -> Result<()> {
        let mut written = 0;
        while written < rows.num_rows() {
            let fitting = (ROW_GROUP - self.group.rows()).min(rows.num_rows() - written);
            self.group.write(&rows.slice(written, fitting))?;
            written += fitting;
            if self.group.rows() == ROW_GROUP {
                self.end_group()?;
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, about: &str) -> Result<Fingerprint> {
        if self.group.rows() > 0 {
            self.end_group()?;
        }
        let Parquet { mut file, schema, .. } = *self;
        let metadata = HashMap::from([(ABOUT.to_owned(), about.to_owned())]);
        let schema = Schema::new_with_metadata(schema.fields().clone(), metadata);
        let schema = encode_arrow_schema(&schema);
        file.append_key_value_metadata(KeyValue::new(ARROW_SCHEMA_META_KEY.into(), schema));
        file.append_key_value_metadata(KeyValue::new(ABOUT.into(), about.to_owned()));
        file.finish().map_err(cause)?; // to end it by `into_inner` would lose why it cannot be written
        file.inner_mut().finish()
    }
}
