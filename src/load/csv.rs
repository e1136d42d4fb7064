//! CSV: RFC 4180 with line feeds; floats as short as they read back exactly; and no text that a spreadsheet would run.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int32Type, Int64Type};
use chrono::Datelike;
use csv::{ByteRecord, Position};
use serde_json::{Value, json};

use crate::columns::Table;
use crate::dataset::Definition;
use crate::load::folder::{Fingerprint, Output};
use crate::load::format::{FileRow, FileRows, Format, TableWriter};

/// The format.
pub struct Csv;

struct CsvWriter {
    output: Output,
    lines: Vec<u8>,
}

/// How many bytes are gathered before they are written.
const CHUNK: usize = 1 << 18;

impl Format for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn media_type(&self) -> &'static str {
        "text/csv"
    }

    fn dialect(&self) -> Option<Value> {
        Some(json!({ "delimiter": ",", "lineTerminator": "\n", "header": true }))
    }

    fn begin(&self, output: Output, table: &Table, _: &Definition) -> Result<Box<dyn TableWriter>> {
        let header: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        Ok(Box::new(CsvWriter { output, lines: (header.join(",") + "\n").into_bytes() }))
    }

    fn read(&self, path: &Path) -> Result<FileRows> {
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(path)?;
        let text = |field: &[u8]| String::from_utf8_lossy(field).into_owned();
        let columns = reader.byte_headers()?.iter().map(text).collect();
        let cells = move |record: &ByteRecord| {
            record.iter().map(|field| (!field.is_empty()).then(|| text(field))).collect()
        };
        let row = move |record: csv::Result<ByteRecord>| {
            let record = record?;
            Ok(FileRow { number: record.position().map_or(0, Position::line), cells: cells(&record) })
        };
        Ok(FileRows { unit: "line", columns, rows: Box::new(reader.into_byte_records().map(row)) })
    }
}

impl TableWriter for CsvWriter {
    fn write(&mut self, rows: &RecordBatch) -> Result<()> {
        let printers = rows.columns().iter().map(choose_printer).collect::<Result<Vec<_>>>()?;
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

/// Rows as lines, without a header.
///
/// # Errors
/// Where a column is of a type that is not published.
pub fn format_lines(rows: &RecordBatch) -> Result<Vec<u8>> {
    let printers = rows.columns().iter().map(choose_printer).collect::<Result<Vec<_>>>()?;
    let mut lines = Vec::new();
    (0..rows.num_rows()).for_each(|row| print_line(&printers, row, &mut lines));
    Ok(lines)
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

fn choose_printer(array: &ArrayRef) -> Result<Printer<'_>> {
    Ok(match array.data_type() {
        DataType::Dictionary(_, _) => prepare_codes(array)?,
        DataType::Utf8 => {
            let texts = array.as_string::<i32>();
            skip_nulls(array, |row, out| print_text(texts.value(row), out))
        }
        DataType::Int32 => {
            let numbers = array.as_primitive::<Int32Type>().values();
            skip_nulls(array, |row, out| print_integer(numbers[row].into(), out))
        }
        DataType::Int64 => {
            let numbers = array.as_primitive::<Int64Type>().values();
            skip_nulls(array, |row, out| print_integer(numbers[row], out))
        }
        DataType::Float64 => {
            let numbers = array.as_primitive::<Float64Type>().values();
            skip_nulls(array, |row, out| print_float(numbers[row], out))
        }
        DataType::Date32 => {
            let days = array.as_primitive::<Date32Type>().values();
            skip_nulls(array, |row, out| print_date(days[row], out))
        }
        DataType::Boolean => {
            let values = array.as_boolean();
            skip_nulls(array, |row, out| print_boolean(values.value(row), out))
        }
        other => bail!("no column of type {other} is published"),
    })
}

fn skip_nulls<'a>(array: &'a ArrayRef, print: impl Fn(usize, &mut Vec<u8>) + 'a) -> Printer<'a> {
    let Some(nulls) = array.nulls().filter(|nulls| nulls.null_count() > 0) else { return Box::new(print) };
    Box::new(move |row, out| {
        if nulls.is_valid(row) {
            print(row, out);
        }
    })
}

/// Prints each distinct text once, to be copied from there.
fn prepare_codes(array: &ArrayRef) -> Result<Printer<'_>> {
    let codes = array.as_dictionary::<Int32Type>();
    let texts = codes.values().as_string_opt::<i32>().context("a dictionary of texts was expected")?;
    let mut fields = vec![Vec::new(); texts.len()];
    for (text, field) in texts.iter().zip(&mut fields) {
        print_text(text.unwrap_or_default(), field);
    }
    let keys = codes.keys().values();
    Ok(skip_nulls(array, move |row, out| out.extend_from_slice(&fields[keys[row] as usize])))
}

fn print_integer(number: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// As short as it reads back exactly.
fn print_float(number: f64, out: &mut Vec<u8>) {
    out.extend_from_slice(zmij::Buffer::new().format(number).as_bytes());
}

fn print_boolean(value: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(if value { b"true" } else { b"false" });
}

/// A date in ISO 8601. chrono's own formatting takes several times as long, and each row has dates.
fn print_date(days: i32, out: &mut Vec<u8>) {
    let Some(date) = Date32Type::to_naive_date_opt(days) else { return };
    if !(0..10_000).contains(&date.year()) {
        return out.extend_from_slice(date.to_string().as_bytes());
    }
    let pair = |number: u32| [b'0' + (number / 10) as u8, b'0' + (number % 10) as u8];
    let year = date.year().unsigned_abs();
    let [y, z] = [year / 100, year % 100].map(pair);
    let [m, d] = [date.month(), date.day()].map(pair);
    out.extend_from_slice(&[y[0], y[1], z[0], z[1], b'-', m[0], m[1], b'-', d[0], d[1]]);
}

/// A text, in quotation marks where RFC 4180 asks for them, guarded by `'` where a spreadsheet would run it.
pub fn print_text(text: &str, out: &mut Vec<u8>) {
    let guard = if is_formula(text) { "'" } else { "" };
    let is_quoted = text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'));
    if is_quoted {
        let text = text.replace('"', "\"\"");
        out.extend([r#"""#, guard, &text, r#"""#].concat().bytes());
    } else {
        out.extend_from_slice(guard.as_bytes());
        out.extend_from_slice(text.as_bytes());
    }
}

/// Whether a spreadsheet would take a text for a formula (OWASP, "CSV Injection"). A text that looks like a guarded one is
/// guarded, too: so the guard can be taken off again.
fn is_formula(text: &str) -> bool {
    let bare = text.trim_start_matches('\'');
    match bare.as_bytes() {
        [b'=' | b'+' | b'@' | b'\t' | b'\r', _, ..] => true,
        [b'-', _, ..] => bare.len() < text.len() || text.parse::<f64>().is_err(),
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
        print_text(value, &mut out);
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
            ("'-5", "''-5"),
            ("'=1", "''=1"),
            ("'t", "'t"),
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
        let print = choose_printer(&array).unwrap();
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
            print_date(days, &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(
            [printed(0), printed(20512), printed(-1), printed(-715_875), printed(2_932_897)],
            ["1970-01-01", "2026-02-28", "1969-12-31", "0010-01-01", "+10000-01-01"]
        );
    }
}
