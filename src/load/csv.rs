//! CSV: RFC 4180 with line feeds; floats as short as they read back exactly; and no text that a spreadsheet would run.

use std::borrow::Cow;

use anyhow::{Result, bail};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int32Type, Int64Type, SchemaRef};
use arrow::temporal_conversions::date32_to_datetime;
use csv::{ByteRecord, Terminator, Writer, WriterBuilder};
use serde_json::Value;

use super::{Encoder, Fingerprint, Output};
use crate::columns::Table;

struct Csv {
    writer: Writer<Output>,
}

/// Begins a file with its header.
pub fn begin(output: Output, table: &Table, _: SchemaRef) -> Result<Box<dyn Encoder>> {
    let mut writer = WriterBuilder::new().terminator(Terminator::Any(b'\n')).buffer_capacity(1 << 16).from_writer(output);
    writer.write_record(table.columns.iter().map(|column| &column.name))?;
    Ok(Box::new(Csv { writer }))
}

impl Encoder for Csv {
    fn write(&mut self, rows: &RecordBatch) -> Result<()> {
        let columns = rows.columns().iter().map(|array| printer(array)).collect::<Result<Vec<_>>>()?;
        let mut record = ByteRecord::new();
        let mut field = Vec::new();
        for at in 0..rows.num_rows() {
            record.clear();
            for print in &columns {
                field.clear();
                print(at, &mut field);
                record.push_field(&field);
            }
            self.writer.write_byte_record(&record)?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>, _: &Value) -> Result<Fingerprint> {
        self.writer.into_inner().map_err(|error| error.into_error())?.finish()
    }
}

/// Prints a value of a column; nothing for null.
type Printer<'a> = Box<dyn Fn(usize, &mut Vec<u8>) + 'a>;

fn printer(array: &dyn Array) -> Result<Printer<'_>> {
    let print: Printer = match array.data_type() {
        DataType::Utf8 => {
            let texts = array.as_string::<i32>();
            Box::new(move |at, out| out.extend_from_slice(inert(texts.value(at)).as_bytes()))
        }
        DataType::Int32 => {
            let numbers = array.as_primitive::<Int32Type>();
            Box::new(move |at, out| integer(i64::from(numbers.value(at)), out))
        }
        DataType::Int64 => {
            let numbers = array.as_primitive::<Int64Type>();
            Box::new(move |at, out| integer(numbers.value(at), out))
        }
        DataType::Float64 => {
            let numbers = array.as_primitive::<Float64Type>();
            Box::new(move |at, out| out.extend_from_slice(ryu::Buffer::new().format(numbers.value(at)).as_bytes()))
        }
        DataType::Date32 => {
            let days = array.as_primitive::<Date32Type>();
            Box::new(move |at, out| day(days.value(at), out))
        }
        DataType::Boolean => {
            let truths = array.as_boolean();
            Box::new(move |at, out| out.extend_from_slice(if truths.value(at) { b"true" } else { b"false" }))
        }
        other => bail!("no column of type {other} is published"),
    };
    Ok(Box::new(move |at, out| if array.is_valid(at) { print(at, out) }))
}

fn integer(number: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

fn day(days: i32, out: &mut Vec<u8>) {
    if let Some(day) = date32_to_datetime(days) {
        out.extend_from_slice(day.date().to_string().as_bytes());
    }
}

/// The text with a quotation mark before it where a spreadsheet would take it for a formula (OWASP, "CSV Injection").
fn inert(text: &str) -> Cow<'_, str> {
    let runs = match text.as_bytes() {
        [b'=' | b'+' | b'@' | b'\t' | b'\r', _, ..] => true,
        [b'-', _, ..] => text.parse::<f64>().is_err(),
        _ => false,
    };
    if runs { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spreadsheet_runs_nothing() {
        let cases = [("=1+1", "'=1+1"), ("+5", "'+5"), ("@x", "'@x"), ("\tx", "'\tx"), ("-x", "'-x"), ("-5", "-5"), ("-1.5", "-1.5"), ("-", "-"), ("=", "="), ("- 5", "'- 5"), ("Canada", "Canada")];
        for (text, expected) in cases {
            assert_eq!(inert(text), expected);
        }
    }
}
