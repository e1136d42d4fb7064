//! Parquet: zstd, statistics, the order of rows and what the file was made from declared in it.

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::path::Path;

use anyhow::{Context, Result};
use arrow::array::{Array, ArrayRef, RecordBatch, RecordBatchReader};
use arrow::datatypes::{Schema, SchemaRef};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::arrow::arrow_writer::{ArrowWriter, ArrowWriterOptions};
use parquet::arrow::{ARROW_SCHEMA_META_KEY, encode_arrow_schema};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use crate::columns::{Column, Table, Type};
use crate::dataset::Definition;
use crate::load::batch::{coded_schema, schema};
use crate::load::folder::{Fingerprint, Output};
use crate::load::format::{FileRow, FileRows, Format, TableWriter};

/// The footer key that tells what a file was made from.
const ABOUT: &str = "bluebook";

/// Rows of a row group: small enough that an archive needs no more memory than a document, large enough to scan fast.
const ROW_GROUP: usize = 1 << 17;

/// Values of a column that are encoded at once.
const WRITE_BATCH: usize = 1 << 13;

/// How hard pages are compressed.
const ZSTD_LEVEL: i32 = 1;

/// The format.
pub struct Parquet;

struct ParquetWriter {
    writer: ArrowWriter<Output>,
    /// The schema that readers see: plain texts where batches have dictionaries.
    published: SchemaRef,
}

impl Format for Parquet {
    fn name(&self) -> &'static str {
        "parquet"
    }

    fn media_type(&self) -> &'static str {
        "application/vnd.apache.parquet"
    }

    fn begin(&self, output: Output, table: &Table, definition: &Definition) -> Result<Box<dyn TableWriter>> {
        // The writer would put the Arrow schema into the footer now; ours goes in at the end, when the sources are known.
        let options =
            ArrowWriterOptions::new().with_properties(properties(table)?).with_skip_arrow_metadata(true);
        let writer = ArrowWriter::try_new_with_options(output, coded_schema(table, definition), options)?;
        Ok(Box::new(ParquetWriter { writer, published: schema(table, definition) }))
    }

    fn read(&self, path: &Path) -> Result<FileRows> {
        const DAMAGED: &str = "it cannot be read as Parquet";
        let reader = open(path).context(DAMAGED)?;
        let columns = reader.schema().fields().iter().map(|field| field.name().clone()).collect();
        let batches = reader.map(|batch| format_cells(&batch?).context(DAMAGED));
        let rows = batches.flat_map(|rows| match rows {
            Ok(rows) => rows.into_iter().map(Ok).collect(),
            Err(error) => vec![Err(error)],
        });
        let rows = (1..).zip(rows).map(|(number, cells)| Ok(FileRow { number, cells: cells? }));
        Ok(FileRows { unit: "row", columns, rows: Box::new(rows) })
    }
}

impl TableWriter for ParquetWriter {
    fn write(&mut self, rows: &RecordBatch) -> Result<()> {
        self.writer.write(rows).map_err(cause)
    }

    fn finish(mut self: Box<Self>, about: &str) -> Result<Fingerprint> {
        let metadata = HashMap::from([(ABOUT.to_owned(), about.to_owned())]);
        let schema = Schema::new_with_metadata(self.published.fields().clone(), metadata);
        let footer = [(ARROW_SCHEMA_META_KEY, encode_arrow_schema(&schema)), (ABOUT, about.to_owned())];
        for (key, value) in footer {
            self.writer.append_key_value_metadata(KeyValue::new(key.to_owned(), value));
        }
        self.writer.finish().map_err(cause)?; // `into_inner` would lose why it cannot be written
        self.writer.inner_mut().finish()
    }
}

fn properties(table: &Table) -> Result<WriterProperties> {
    let index = |name: &String| table.columns.iter().position(|column| column.name == *name);
    let sorting = |at| SortingColumn { column_idx: at as i32, descending: false, nulls_first: false };
    let order = table.is_sorted.then(|| table.key.iter().filter_map(index).map(sorting).collect());
    let properties = WriterProperties::builder()
        .set_created_by(format!("bluebook {}", env!("CARGO_PKG_VERSION")))
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .set_write_batch_size(WRITE_BATCH)
        .set_sorting_columns(order);
    // What differs from row to row is larger with a dictionary than without, and slow to make one of.
    let unique = table.columns.iter().filter(|column| !is_repetitive(column));
    let paths = unique.map(|column| ColumnPath::from(column.name.as_str()));
    Ok(paths.fold(properties, |all, path| all.set_column_dictionary_enabled(path, false)).build())
}

/// Whether a column has few distinct values.
fn is_repetitive(column: &Column) -> bool {
    matches!(column.kind, Type::Code | Type::Int32 | Type::Date | Type::Boolean)
}

fn open(path: &Path) -> Result<ParquetRecordBatchReader> {
    Ok(ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?.build()?)
}

/// The rows of a file, a batch after the other.
///
/// # Errors
/// Where it cannot be read as Parquet.
pub fn read_batches(path: &Path) -> Result<ParquetRecordBatchReader> {
    open(path).with_context(|| format!("cannot read {}", path.display()))
}

/// The cells of each row as text; none where null.
///
/// # Errors
/// Where a column has a type that has no text.
pub fn format_cells(batch: &RecordBatch) -> Result<Vec<Vec<Option<String>>>> {
    let options = FormatOptions::default();
    let formatters = batch.columns().iter().map(|column| ArrayFormatter::try_new(column, &options));
    let formatters = formatters.collect::<Result<Vec<_>, _>>()?;
    let columns = || batch.columns().iter().zip(&formatters);
    let cell = |row, (column, formatter): (&ArrayRef, &ArrayFormatter<'_>)| {
        column.is_valid(row).then(|| formatter.value(row).to_string())
    };
    Ok((0..batch.num_rows()).map(|row| columns().map(|column| cell(row, column)).collect()).collect())
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{AsArray, StringArray};
    use arrow::compute::concat_batches;
    use arrow::datatypes::DataType;
    use parquet::basic::Repetition;
    use parquet::file::metadata::RowGroupMetaData;

    use super::*;
    use crate::load::format::tests::{batch, column, table, write};

    fn codes() -> Table {
        table(vec![column("code", Type::Code, true), column("number", Type::Int64, false)])
    }

    /// Rows with these codes, numbered from `first`.
    fn rows(codes: &[Option<&str>], first: usize) -> RecordBatch {
        let row = |at: usize| vec![codes[at].map(str::to_owned), Some((first + at).to_string())];
        batch(&self::codes(), &(0..codes.len()).map(row).collect::<Vec<_>>())
    }

    /// A file of these batches, opened for reading.
    fn open_written(batches: &[RecordBatch]) -> ParquetRecordBatchReaderBuilder<File> {
        let (_folder, path) = write(&Parquet, &codes(), batches);
        ParquetRecordBatchReaderBuilder::try_new(File::open(path).unwrap()).unwrap()
    }

    #[test]
    fn readers_see_plain_texts_and_what_the_file_was_made_from() {
        let file = open_written(&[rows(&[Some("b"), None], 0)]);
        let field = file.schema().field(0);
        assert_eq!((field.data_type(), field.is_nullable()), (&DataType::Utf8, true));
        assert_eq!(field.metadata()["description"], "meaning of code");
        assert_eq!(file.schema().metadata()[ABOUT], "{}");
        let keys = file.metadata().file_metadata().key_value_metadata().unwrap();
        assert!(keys.iter().any(|pair| pair.key == ABOUT && pair.value.as_deref() == Some("{}")));
        let repetitions = file
            .parquet_schema()
            .columns()
            .iter()
            .map(|column| column.self_type().get_basic_info().repetition());
        assert_eq!(repetitions.collect::<Vec<_>>(), [Repetition::OPTIONAL, Repetition::REQUIRED]);
    }

    #[test]
    fn rows_of_a_large_file_stand_in_groups_that_a_reader_can_skip() {
        let codes: Vec<_> = (0..=ROW_GROUP).map(|at| [Some("a"), None, Some("é")][at % 3]).collect();
        let (before, after) = codes.split_at(ROW_GROUP / 2);
        let file = open_written(&[rows(before, 0), rows(after, before.len())]);
        let metadata = Arc::clone(file.metadata());
        let sizes: Vec<_> = metadata.row_groups().iter().map(RowGroupMetaData::num_rows).collect();
        assert_eq!(sizes, [ROW_GROUP as i64, 1]);
        for group in metadata.row_groups() {
            let sorted: Vec<_> = group.sorting_columns().unwrap().iter().map(|by| by.column_idx).collect();
            assert_eq!(sorted, [1]);
            assert!(group.columns().iter().all(|chunk| matches!(chunk.compression(), Compression::ZSTD(_))));
        }
        let bounds = metadata.row_group(0).column(0).statistics().unwrap();
        assert_eq!((bounds.min_bytes_opt(), bounds.max_bytes_opt()), (Some(&b"a"[..]), Some("é".as_bytes())));
        let schema = Arc::clone(file.schema());
        let read: Vec<_> = file.build().unwrap().map(Result::unwrap).collect();
        let read = concat_batches(&schema, &read).unwrap();
        assert_eq!(read.column(0).as_string::<i32>(), &StringArray::from(codes));
    }
}
