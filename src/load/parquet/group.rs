//! A row group that is being filled: columns of codes keep the dictionaries they have, all others are the library's.

use std::io::Write;
use std::mem;

use anyhow::Result;
use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, Field, FieldRef, Schema};
use parquet::arrow::arrow_writer::{ArrowColumnWriter, compute_leaves};
use parquet::file::writer::SerializedRowGroupWriter;
use parquet::schema::types::ColumnDescPtr;

use crate::load::parquet::cause;
use crate::load::parquet::codes::Codes;

/// The columns of a row group.
pub struct Group {
    chunks: Vec<Chunk>,
    rows: usize,
}

enum Chunk {
    Codes(Codes),
    Values(Box<ArrowColumnWriter>),
}

impl Group {
    /// Begins the first row group of a file with these columns, and the library's writer for each.
    pub fn begin(schema: &Schema, columns: &[ColumnDescPtr], writers: Vec<ArrowColumnWriter>) -> Group {
        let columns = schema.fields.iter().zip(columns).zip(writers);
        let chunk = |((field, column), writer): ((&FieldRef, _), _)| match field.data_type() {
            DataType::Dictionary(..) => Chunk::Codes(Codes::of(column)),
            _ => Chunk::Values(Box::new(writer)),
        };
        Group { chunks: columns.map(chunk).collect(), rows: 0 }
    }

    /// How many rows it has.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Adds rows.
    ///
    /// # Errors
    /// Where they are not of its schema.
    pub fn write(&mut self, rows: &RecordBatch) -> Result<()> {
        let schema = rows.schema_ref();
        for ((chunk, field), values) in self.chunks.iter_mut().zip(&schema.fields).zip(rows.columns()) {
            chunk.write(field, values)?;
        }
        self.rows += rows.num_rows();
        Ok(())
    }

    /// Writes it to its file, and begins the next, with the library's writers for that.
    ///
    /// # Errors
    /// Where that fails.
    pub fn end<W: Write + Send>(
        &mut self,
        to: &mut SerializedRowGroupWriter<'_, W>,
        next: Vec<ArrowColumnWriter>,
    ) -> Result<()> {
        self.rows = 0;
        self.chunks.iter_mut().zip(next).try_for_each(|(chunk, next)| chunk.end(to, next))
    }
}

impl Chunk {
    fn write(&mut self, field: &Field, values: &ArrayRef) -> Result<()> {
        match self {
            Chunk::Codes(codes) => codes.push(values),
            Chunk::Values(column) => {
                Ok(compute_leaves(field, values)?.iter().try_for_each(|leaf| column.write(leaf))?)
            }
        }
    }

    fn end<W: Write + Send>(
        &mut self,
        to: &mut SerializedRowGroupWriter<'_, W>,
        next: ArrowColumnWriter,
    ) -> Result<()> {
        match self {
            Chunk::Codes(codes) => {
                let (bytes, described) = codes.end()?;
                to.append_column(&bytes, described).map_err(cause)
            }
            Chunk::Values(column) => {
                let ended = mem::replace(column.as_mut(), next);
                ended.close()?.append_to_row_group(to).map_err(cause)
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::Arc;

    use arrow::array::{AsArray, DictionaryArray, Int64Array, StringArray};
    use arrow::compute::{cast, concat_batches};
    use arrow::datatypes::{Int32Type, SchemaRef};
    use bytes::Bytes;
    use parquet::arrow::arrow_reader::{ArrowReaderOptions, ParquetRecordBatchReaderBuilder};
    use parquet::arrow::arrow_writer::{ArrowWriter, ArrowWriterOptions};
    use parquet::file::metadata::{PageIndexPolicy, ParquetMetaData};
    use parquet::file::page_index::column_index::ColumnIndexMetaData;
    use parquet::file::properties::WriterProperties;
    use proptest::prelude::*;

    use super::*;

    fn schema(nullable: bool) -> SchemaRef {
        let codes = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        let fields = [Field::new("code", codes, nullable), Field::new("value", DataType::Int64, false)];
        Arc::new(Schema::new(fields.to_vec()))
    }

    /// Rows of codes, numbered; each batch has a dictionary of its own.
    fn batch(codes: &[Option<String>], nullable: bool) -> RecordBatch {
        let values = Int64Array::from_iter_values(0..codes.len() as i64);
        let codes: DictionaryArray<Int32Type> = codes.iter().map(Option::as_deref).collect();
        RecordBatch::try_new(schema(nullable), vec![Arc::new(codes), Arc::new(values)]).unwrap()
    }

    fn writer(nullable: bool) -> ArrowWriter<Vec<u8>> {
        let properties = WriterProperties::builder()
            .set_compression(crate::load::parquet::compression().unwrap())
            .set_statistics_truncate_length(None)
            .set_column_index_truncate_length(None)
            .set_write_batch_size(1000) // so that the library's pages end where ours do
            .build();
        let options = ArrowWriterOptions::new().with_properties(properties).with_skip_arrow_metadata(true);
        ArrowWriter::try_new_with_options(Vec::new(), schema(nullable), options).unwrap()
    }

    /// The file of one row group.
    fn ours(batches: &[RecordBatch], nullable: bool) -> Bytes {
        let (mut file, columns) = writer(nullable).into_serialized_writer().unwrap();
        let writers = |group| columns.create_column_writers(group).unwrap();
        let mut group = Group::begin(&schema(nullable), file.schema_descr().columns(), writers(0));
        batches.iter().try_for_each(|batch| group.write(batch)).unwrap();
        assert_eq!(group.rows(), batches.iter().map(RecordBatch::num_rows).sum::<usize>());
        let mut to = file.next_row_group().unwrap();
        group.end(&mut to, writers(1)).unwrap();
        to.close().unwrap();
        file.into_inner().unwrap().into()
    }

    fn of_the_library(batches: &[RecordBatch], nullable: bool) -> Bytes {
        let mut writer = writer(nullable);
        batches.iter().try_for_each(|batch| writer.write(batch)).unwrap();
        writer.into_inner().unwrap().into()
    }

    fn read(file: Bytes) -> (RecordBatch, Arc<ParquetMetaData>) {
        let options = ArrowReaderOptions::new().with_page_index_policy(PageIndexPolicy::Required);
        let reader = ParquetRecordBatchReaderBuilder::try_new_with_options(file, options).unwrap();
        let (schema, metadata) = (reader.schema().clone(), reader.metadata().clone());
        let batches: Vec<_> = reader.build().unwrap().map(Result::unwrap).collect();
        (concat_batches(&schema, &batches).unwrap(), metadata)
    }

    /// What a reader skips by, but for the order of pages, which need not be told.
    fn bounds(metadata: &ParquetMetaData) -> String {
        let (chunk, index) = (metadata.row_group(0).column(0), metadata.page_index_for_row_group(0));
        let Some(ColumnIndexMetaData::BYTE_ARRAY(pages)) = index.column_index(0) else {
            panic!("no index of pages")
        };
        let pages: Vec<_> = (0..pages.num_pages() as usize)
            .map(|page| (pages.min_value(page), pages.max_value(page), pages.null_count(page)))
            .collect();
        let rows: Vec<i64> =
            index.offset_index(0).unwrap().page_locations().iter().map(|page| page.first_row_index).collect();
        let statistics = chunk.statistics().unwrap();
        format!(
            "{:?} {:?} {:?} {} {pages:?} {rows:?}",
            statistics.min_bytes_opt(),
            statistics.max_bytes_opt(),
            statistics.null_count_opt(),
            chunk.num_values(),
        )
    }

    /// Both files hold the rows, and what a reader skips by is the same.
    fn agree(parts: &[Vec<Option<String>>], nullable: bool) {
        let batches: Vec<_> = parts.iter().map(|codes| batch(codes, nullable)).collect();
        let (own, library) = (ours(&batches, nullable), of_the_library(&batches, nullable));
        let ((own, own_metadata), (library, metadata)) = (read(own), read(library));
        assert_eq!(own, library);
        let codes = cast(own.column(0), &DataType::Utf8).unwrap();
        let expected: StringArray = parts.iter().flatten().map(Option::as_deref).collect();
        assert_eq!(codes.as_string(), &expected);
        assert_eq!(bounds(&own_metadata), bounds(&metadata));
    }

    #[test]
    fn pages_of_codes_are_what_the_library_would_write() {
        let text = |at: usize| format!("text {}", at * at % 700);
        let rows: Vec<_> = (0..45_000).map(|at| (at % 7 > 0).then(|| text(at / 3))).collect();
        agree(&[rows[..12_000].to_vec(), rows[12_000..].to_vec()], true);
        let rows: Vec<_> = rows.into_iter().map(|text| Some(text.unwrap_or_default())).collect();
        agree(&[rows], false);
        let rows = (0..50_000).map(|at| (at < 15_000).then(|| "once".to_owned())).collect();
        agree(&[rows], true);
        agree(&[vec![None; 30_000]], true);
        agree(&[(0..30_000).map(|at| Some(at.to_string())).collect()], true);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn codes_are_read_back(
            parts in proptest::collection::vec(
                proptest::collection::vec((proptest::option::weighted(0.8, "[abé]{0,2}"), 1..20usize), 1..9), 1..4,
            ),
        ) {
            let run = |(text, times): &(Option<String>, usize)| vec![text.clone(); *times];
            let parts: Vec<Vec<_>> = parts.iter().map(|part| part.iter().flat_map(run).collect()).collect();
            agree(&parts, true);
        }
    }
}
