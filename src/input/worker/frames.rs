//! Frames as Arrow IPC streams, one after the other in one flow of bytes.

use std::collections::HashMap;
use std::io::{Cursor, Read, Write};
use std::sync::Arc;

use anyhow::{Context, Result};
use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{Field, Schema};
use arrow::ipc::reader::StreamReader;
use arrow::ipc::writer::StreamWriter;

/// What is said of a frame beside its rows.
pub(crate) type Settings = HashMap<String, String>;

/// A frame of named columns without nulls.
pub(crate) fn frame(columns: Vec<(&str, ArrayRef)>) -> Result<RecordBatch> {
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), false)).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    Ok(RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays)?)
}

/// Writes a frame, and what is said of it.
pub(crate) fn write(to: &mut impl Write, rows: &RecordBatch, settings: Settings) -> Result<()> {
    let schema = rows.schema().as_ref().clone();
    let metadata: Settings = schema.metadata().clone().into_iter().chain(settings).collect();
    let schema = schema.with_metadata(metadata);
    let rows = RecordBatch::try_new(Arc::new(schema.clone()), rows.columns().to_vec())?;
    let mut stream = StreamWriter::try_new(to, &schema)?;
    stream.write(&rows)?;
    stream.finish()?;
    Ok(())
}

/// Writes a frame of a document.
pub(crate) fn give(to: &mut impl Write, document: usize, name: &str, rows: &RecordBatch) -> Result<()> {
    let settings = [("document".to_owned(), document.to_string()), ("frame".to_owned(), name.to_owned())];
    write(to, rows, settings.into())
}

/// Reads the next frame, and what is said of it.
pub(crate) fn next(from: impl Read) -> Result<(Vec<RecordBatch>, Settings)> {
    let mut stream = StreamReader::try_new(from, None).context("a stream of Arrow was expected")?;
    let settings = stream.schema().metadata().clone().into();
    let rows = stream.by_ref().collect::<Result<Vec<_>, _>>()?;
    Ok((rows, settings))
}

/// All frames of a document, by their names.
pub(crate) fn all(bytes: &[u8]) -> Result<HashMap<String, Vec<RecordBatch>>> {
    let mut frames = HashMap::new();
    let mut from = Cursor::new(bytes);
    while (from.position() as usize) < bytes.len() {
        let (rows, settings) = next(&mut from)?;
        frames.insert(settings.get("frame").cloned().unwrap_or_default(), rows);
    }
    Ok(frames)
}
