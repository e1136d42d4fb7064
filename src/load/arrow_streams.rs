//! Tables as Arrow IPC streams, a file each: what programs in other languages read without a copy. Codes are plain text, which
//! every reader of Arrow knows.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result};
use arrow::array::RecordBatch;
use arrow::compute::cast;
use arrow::datatypes::{DataType, Field, FieldRef, Schema};
use arrow::ipc::writer::StreamWriter;
use chrono::NaiveDate;

use crate::columns::Table;
use crate::dataset::Definition;
use crate::load::{Batch, keep_releases, schema};

/// What the name of such a file ends with.
const EXTENSION: &str = "arrows";

/// The streams of a dataset, open for rows.
pub struct ArrowStreams {
    streams: Vec<TableStream>,
}

struct TableStream {
    table: String,
    writer: StreamWriter<BufWriter<File>>,
}

impl ArrowStreams {
    /// Begins the streams of tables in a folder; those without rows will have none.
    ///
    /// # Errors
    /// Where a file cannot be created.
    pub fn create(folder: &Path, definition: &Definition, tables: &[Table]) -> Result<ArrowStreams> {
        let create = |table: &Table| {
            let path = folder.join(format!("{}.{EXTENSION}", table.name));
            let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
            let schema = schema(table, definition);
            let writer = StreamWriter::try_new_buffered(file, &schema)?;
            Ok(TableStream { table: table.name.clone(), writer })
        };
        Ok(ArrowStreams { streams: tables.iter().map(create).collect::<Result<_>>()? })
    }

    /// Adds a batch's rows to the streams of its tables; where a day is given, those of releases from it on.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub fn write(&mut self, batch: &Batch, from: Option<NaiveDate>) -> Result<()> {
        for TableStream { table, writer } in &mut self.streams {
            if let Some(rows) = batch.rows(table) {
                let rows = keep_releases(rows, |release| from.is_none_or(|from| release >= from))?;
                writer.write(&to_plain(&rows)?)?;
            }
        }
        Ok(())
    }

    /// Ends all streams.
    ///
    /// # Errors
    /// Where the end cannot be written.
    pub fn finish(self) -> Result<()> {
        self.streams.into_iter().try_for_each(|mut stream| Ok(stream.writer.finish()?))
    }
}

/// Rows with codes as plain text.
///
/// # Errors
/// Only where Arrow refuses a column.
pub fn to_plain(rows: &RecordBatch) -> Result<RecordBatch> {
    let schema = Arc::new(Schema::new(rows.schema().fields().iter().map(plain_field).collect::<Vec<_>>()));
    let columns = rows.columns().iter().zip(schema.fields());
    let columns = columns.map(|(array, field)| cast(array, field.data_type())).collect::<Result<_, _>>()?;
    Ok(RecordBatch::try_new(schema, columns)?)
}

fn plain_field(field: &FieldRef) -> FieldRef {
    match field.data_type() {
        DataType::Dictionary(_, values) => {
            Arc::new(Field::clone(field).with_data_type(values.as_ref().clone()))
        }
        _ => field.clone(),
    }
}
