//! CSV: RFC 4180 with line feeds; floats as short as they read back exactly; and no text that a spreadsheet would run.

use std::io::Write;

use anyhow::{Context, Result, bail};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int32Type, Int64Type};

use crate::columns::Table;
use crate::dataset::Definition;
use crate::load::{Encoder, Fingerprint, Output};

struct Csv {
    output: Output,
    lines: Vec<u8>,
}

/// How many bytes are gathered before they are written.
const CHUNK: usize = 1 << 18;

/// Begins a file with its header.
#[allow(clippy::unnecessary_wraps)] // as all formats begin
pub fn begin(output: Output, table: &Table, _: &Definition) -> Result<Box<dyn Encoder>> {
    let header: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    Ok(Box::new(Csv { output, lines: (header.join(",") + "\n").into_bytes() }))
}

impl Encoder for Csv {
    fn write(&mut self, rows: &RecordBatch) -> Result<()> {
        let printers = rows.columns().iter().map(printer).collect::<Result<Vec<_>>>()?;
        for row in 0..rows.num_rows() {
            print_line(&printers, row, &mut self.lines);
            if self.lines.len() >= CHUNK {
                self.output.write_all(&self.lines)?;
                self.lines.clear();
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>, _: &str) -> Result<Fingerprint> {
        self.output.write_all(&self.lines)?;
        self.output.finish()
    }
}

/// Prints the value of a column in a row; nothing for null.
type Printer<'a> = Box<dyn Fn(usize, &mut Vec<u8>) + 'a>;

fn print_line(printers: &[Printer<'_>], row: usize, out: &mut Vec<u8>) {
    for (column, print) in printers.iter().enumerate() {
        if column > 0 {
            out.push(b',');
        }
        print(row, out);
    }
    out.push(b'\n');
}

fn printer(array: &ArrayRef) -> Result<Printer<'_>> {
    Ok(match array.data_type() {
        DataType::Dictionary(_, _) => of_codes(array)?,
        DataType::Utf8 => {
            let texts = array.as_string::<i32>();
            valid(array, move |at, out| text(texts.value(at), out))
        }
        DataType::Int32 => {
            let numbers = array.as_primitive::<Int32Type>().values();
            valid(array, move |at, out| integer(i64::from(numbers[at]), out))
        }
        DataType::Int64 => {
            let numbers = array.as_primitive::<Int64Type>().values();
            valid(array, move |at, out| integer(numbers[at], out))
        }
        DataType::Float64 => {
            let numbers = array.as_primitive::<Float64Type>().values();
            valid(array, move |at, out| {
                out.extend_from_slice(zmij::Buffer::new().format(numbers[at]).as_bytes());
            })
        }
        DataType::Date32 => {
            let days = array.as_primitive::<Date32Type>().values();
            valid(array, move |at, out| day(days[at], out))
        }
        DataType::Boolean => {
            let truths = array.as_boolean();
            valid(array, move |at, out| {
                out.extend_from_slice(if truths.value(at) { b"true" } else { b"false" });
            })
        }
        other => bail!("no column of type {other} is published"),
    })
}

fn valid<'a>(array: &'a ArrayRef, print: impl Fn(usize, &mut Vec<u8>) + 'a) -> Printer<'a> {
    let Some(nulls) = array.nulls().filter(|nulls| nulls.null_count() > 0) else { return Box::new(print) };
    Box::new(move |at, out| {
        if nulls.is_valid(at) {
            print(at, out);
        }
    })
}

/// Each distinct text is printed once, and copied from there.
fn of_codes(array: &ArrayRef) -> Result<Printer<'_>> {
    let codes = array.as_dictionary::<Int32Type>();
    let texts = codes.values().as_string_opt::<i32>().context("a dictionary of texts was expected")?;
    let printed: Vec<Vec<u8>> = texts
        .iter()
        .map(|value| {
            let mut field = Vec::new();
            text(value.unwrap_or_default(), &mut field);
            field
        })
        .collect();
    let keys = codes.keys().values();
    Ok(valid(array, move |at, out| out.extend_from_slice(&printed[keys[at] as usize])))
}

fn integer(number: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// A day as ISO 8601 has it.
fn day(days: i32, out: &mut Vec<u8>) {
    use chrono::Datelike;
    let Some(day) = Date32Type::to_naive_date_opt(days) else { return };
    let two = |number: u32| [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
    integer(i64::from(day.year()), out);
    out.push(b'-');
    out.extend_from_slice(&two(day.month()));
    out.push(b'-');
    out.extend_from_slice(&two(day.day()));
}

/// A text, in quotation marks where RFC 4180 asks for them.
pub fn text(text: &str, out: &mut Vec<u8>) {
    let bytes = text.as_bytes();
    let quote = bytes.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'));
    if !quote {
        if would_run(text) {
            out.push(b'\'');
        }
        return out.extend_from_slice(bytes);
    }
    out.push(b'"');
    if would_run(text) {
        out.push(b'\'');
    }
    for &byte in bytes {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

/// Whether a spreadsheet would take a text for a formula (OWASP, "CSV Injection").
fn would_run(text: &str) -> bool {
    match text.as_bytes() {
        [b'=' | b'+' | b'@' | b'\t' | b'\r', _, ..] => true,
        [b'-', _, ..] => text.parse::<f64>().is_err(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow::array::Float64Array;

    use super::*;

    fn printed(value: &str) -> String {
        let mut out = Vec::new();
        text(value, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_spreadsheet_runs_nothing() {
        let cases = [
            ("=1+1", "'=1+1"),
            ("+5", "'+5"),
            ("@x", "'@x"),
            ("\tx", "'\tx"),
            ("-x", "'-x"),
            ("-5", "-5"),
            ("-1.5", "-1.5"),
            ("-", "-"),
            ("=", "="),
            ("- 5", "'- 5"),
            ("Canada", "Canada"),
        ];
        for (value, expected) in cases {
            assert_eq!(printed(value), expected);
        }
    }

    #[test]
    fn quotation_marks_stand_only_where_they_must() {
        for (value, expected) in [
            ("a b", "a b"),
            ("a,b", "\"a,b\""),
            ("a\"b", "\"a\"\"b\""),
            ("a\nb", "\"a\nb\""),
            ("=a,b", "\"'=a,b\""),
            ("", ""),
        ] {
            assert_eq!(printed(value), expected);
        }
    }

    #[test]
    fn a_float_is_as_short_as_reads_back() {
        let numbers = [
            0.1,
            -0.0,
            1.0,
            1.0 / 3.0,
            1e-7,
            5e-324,
            f64::MAX,
            f64::MIN_POSITIVE,
            -2.225_073_858_507_201_4e-308,
        ];
        let array: ArrayRef = Arc::new(Float64Array::from(numbers.to_vec()));
        let print = printer(&array).unwrap();
        for (at, number) in numbers.into_iter().enumerate() {
            let mut out = Vec::new();
            print(at, &mut out);
            let text = String::from_utf8(out).unwrap();
            assert_eq!(text.parse::<f64>().unwrap().to_bits(), number.to_bits());
            assert!(text.len() <= format!("{number:?}").len() + 1, "{text}");
        }
    }

    #[test]
    fn days_are_written_as_iso_8601_has_them() {
        let printed = |days| {
            let mut out = Vec::new();
            day(days, &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(
            (printed(0), printed(20512), printed(-1)),
            ("1970-01-01".into(), "2026-02-28".into(), "1969-12-31".into())
        );
    }
}
