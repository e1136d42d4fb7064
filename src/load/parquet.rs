//! Parquet: zstd, statistics, the order of rows and what the file was made from declared in it.

use std::collections::HashMap;
use std::io;

use anyhow::Result;
use arrow::array::RecordBatch;
use arrow::datatypes::{Schema, SchemaRef};
use parquet::arrow::arrow_writer::{ArrowWriter, ArrowWriterOptions};
use parquet::arrow::{ARROW_SCHEMA_META_KEY, encode_arrow_schema};
use parquet::basic::{Compression, ZstdLevel};
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, SortingColumn};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

use crate::columns::{Column, Table, Type};
use crate::dataset::Definition;
use crate::load::{Encoder, Fingerprint, Output, coded_schema, schema};

/// The footer key that tells what a file was made from.
const ABOUT: &str = "bluebook";

/// Rows of a row group: small enough that an archive needs no more memory than a document, large enough to scan fast.
const ROW_GROUP: usize = 1 << 17;

/// Values of a column that are encoded at once.
const WRITE_BATCH: usize = 1 << 13;

/// How hard pages are compressed.
const ZSTD_LEVEL: i32 = 1;

struct Parquet {
    writer: ArrowWriter<Output>,
    /// The schema that readers see: plain texts where batches have dictionaries.
    published: SchemaRef,
}

/// Begins a file.
pub fn begin(output: Output, table: &Table, definition: &Definition) -> Result<Box<dyn Encoder>> {
    // The writer would put the Arrow schema into the footer now; ours goes in at the end, when it can tell the sources.
    let options =
        ArrowWriterOptions::new().with_properties(properties(table)?).with_skip_arrow_metadata(true);
    let writer = ArrowWriter::try_new_with_options(output, coded_schema(table, definition), options)?;
    Ok(Box::new(Parquet { writer, published: schema(table, definition) }))
}

impl Encoder for Parquet {
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
    let properties = WriterProperties::builder()
        .set_created_by(format!("bluebook {}", env!("CARGO_PKG_VERSION")))
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(ZSTD_LEVEL)?))
        .set_statistics_enabled(EnabledStatistics::Page)
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .set_write_batch_size(WRITE_BATCH)
        .set_sorting_columns(Some(table.key.iter().filter_map(index).map(sorting).collect()));
    // What differs from row to row is larger with a dictionary than without, and slow to make one of.
    let unique = table.columns.iter().filter(|column| !is_repetitive(column));
    let paths = unique.map(|column| ColumnPath::from(column.name.as_str()));
    Ok(paths.fold(properties, |all, path| all.set_column_dictionary_enabled(path, false)).build())
}

/// Whether a column has few distinct values.
fn is_repetitive(column: &Column) -> bool {
    matches!(column.kind, Type::Code | Type::Int32 | Type::Date | Type::Boolean)
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
    use std::fs::File;
    use std::sync::Arc;

    use arrow::array::{AsArray, DictionaryArray, Int64Array, StringArray};
    use arrow::compute::concat_batches;
    use arrow::datatypes::{DataType, Int32Type};
    use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
    use parquet::basic::Repetition;
    use parquet::file::metadata::RowGroupMetaData;

    use super::*;
    use crate::dataset;
    use crate::load::folder::Staging;

    fn column(name: &str, kind: Type, nullable: bool) -> Column {
        let (unit, meaning) = (Some(format!("unit of {name}")), format!("meaning of {name}"));
        Column { name: name.into(), kind, nullable, unit, meaning }
    }

    fn table() -> Table {
        let columns = vec![column("code", Type::Code, true), column("number", Type::Int64, false)];
        Table { name: "table", meaning: "a table", key: vec!["number".into()], columns }
    }

    /// Rows with these codes, numbered from `first`; each batch has a dictionary of its own.
    fn rows(codes: &[Option<&str>], first: i64, definition: &Definition) -> RecordBatch {
        let numbers = Int64Array::from_iter_values(first..first + codes.len() as i64);
        let codes: DictionaryArray<Int32Type> = codes.iter().copied().collect();
        let schema = coded_schema(&table(), definition);
        RecordBatch::try_new(schema, vec![Arc::new(codes), Arc::new(numbers)]).unwrap()
    }

    /// A file of these batches, opened for reading.
    fn write(batches: &[RecordBatch], definition: &Definition) -> ParquetRecordBatchReaderBuilder<File> {
        let folder = tempfile::tempdir().unwrap();
        let staging = Arc::new(Staging::new(folder.path(), "set", ["file".into()].into(), false).unwrap());
        let output = Output::create(&staging, "file").unwrap();
        let mut encoder = begin(output, &table(), definition).unwrap();
        for rows in batches {
            encoder.write(rows).unwrap();
        }
        encoder.finish("{}").unwrap();
        let file = File::open(staging.folder().join("file")).unwrap();
        ParquetRecordBatchReaderBuilder::try_new(file).unwrap()
    }

    #[test]
    fn readers_see_plain_texts_and_what_the_file_was_made_from() {
        let definition = &dataset::built_in().unwrap()[0];
        let file = write(&[rows(&[Some("b"), None], 0, definition)], definition);
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
        let definition = &dataset::built_in().unwrap()[0];
        let codes: Vec<_> = (0..=ROW_GROUP).map(|at| [Some("a"), None, Some("é")][at % 3]).collect();
        let (before, after) = codes.split_at(ROW_GROUP / 2);
        let batches = [rows(before, 0, definition), rows(after, before.len() as i64, definition)];
        let file = write(&batches, definition);
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
