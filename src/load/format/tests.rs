//! What every format must do, tried on all of [`FORMATS`]. Cells are given as text, and cast to the type of their column.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow::array::{ArrayRef, StringArray};
use arrow::compute::cast;
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::columns::{Column, Type};
use crate::dataset;
use crate::load::coded_schema;
use crate::load::folder::Staging;

type Cells = Vec<Option<String>>;

const TYPES: [Type; 8] =
    [Type::Text, Type::Code, Type::Int32, Type::Int64, Type::Figure, Type::Double, Type::Date, Type::Boolean];

/// A definition whose figures are whole numbers.
pub(in crate::load) fn definition() -> Definition {
    dataset::built_in().unwrap().remove(0)
}

pub(in crate::load) fn column(name: &str, kind: Type, nullable: bool) -> Column {
    let (unit, meaning) = (format!("unit of {name}"), format!("meaning of {name}"));
    Column { name: name.into(), kind, nullable, unit: Some(unit), meaning }
}

/// A table that is sorted by its last column.
pub(in crate::load) fn table(columns: Vec<Column>) -> Table {
    let key = columns.iter().map(|column| column.name.clone()).next_back().into_iter().collect();
    Table { name: "table".into(), meaning: "a table".into(), key, is_sorted: true, columns }
}

/// Rows of a table; each batch has dictionaries of its own.
pub(in crate::load) fn batch(table: &Table, rows: &[Cells]) -> RecordBatch {
    let schema = coded_schema(table, &definition());
    let array = |(at, field): (usize, &arrow::datatypes::FieldRef)| -> ArrayRef {
        let texts: StringArray = rows.iter().map(|cells| cells[at].as_deref()).collect();
        cast(&texts, field.data_type()).unwrap()
    };
    let arrays = schema.fields().iter().enumerate().map(array).collect();
    RecordBatch::try_new(Arc::clone(&schema), arrays).unwrap()
}

/// A file of these batches, and the folder it stands in.
pub(in crate::load) fn write(
    format: &dyn Format,
    table: &Table,
    batches: &[RecordBatch],
) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let name = format.file_name(table);
    let staging = Arc::new(Staging::new(folder.path(), "set", [name.clone()].into(), false).unwrap());
    let output = Output::create(&staging, &name).unwrap();
    let mut writer = format.begin(output, table, &definition()).unwrap();
    for rows in batches {
        writer.write(rows).unwrap();
    }
    let fingerprint = writer.finish("{}").unwrap();
    let path = folder.path().join(&name);
    fs::rename(staging.folder().join(&name), &path).unwrap();
    assert_eq!(Fingerprint::from_reader(fs::File::open(&path).unwrap()).unwrap(), fingerprint);
    (folder, path)
}

/// The columns and rows of a file.
fn read(format: &dyn Format, path: &Path) -> (Vec<String>, Vec<Cells>) {
    let FileRows { columns, rows, .. } = format.read(path).unwrap();
    (columns, rows.map(|row| row.unwrap().cells).collect())
}

/// Whether a cell reads back as it was written: null may be an empty text, a double may have another notation, and what a
/// spreadsheet would run may have a `'` before it.
fn is_same(kind: Type, written: Option<&str>, read: Option<&str>) -> bool {
    let (written, read) = (written.unwrap_or_default(), read.unwrap_or_default());
    match kind {
        Type::Double if !written.is_empty() => {
            let bits = |text: &str| text.parse::<f64>().unwrap().to_bits();
            bits(written) == bits(read)
        }
        Type::Text | Type::Code => read == written || read.strip_prefix('\'') == Some(written),
        _ => read == written,
    }
}

/// All formats give the rows of these batches back.
fn assert_reads_back(table: &Table, batches: &[Vec<Cells>]) {
    let written: Vec<&Cells> = batches.iter().flatten().collect();
    let encoded: Vec<RecordBatch> = batches.iter().map(|rows| batch(table, rows)).collect();
    for &format in FORMATS {
        let (_folder, path) = write(format, table, &encoded);
        let (columns, rows) = read(format, &path);
        assert!(
            columns.iter().eq(table.columns.iter().map(|column| &column.name)),
            "{format:?}: {columns:?}"
        );
        assert_eq!(rows.len(), written.len(), "{format:?}");
        for (written, read) in written.iter().zip(&rows) {
            for (at, column) in table.columns.iter().enumerate() {
                let (written, read) = (written[at].as_deref(), read[at].as_deref());
                assert!(
                    is_same(column.kind, written, read),
                    "{format:?}, {}: {written:?}, {read:?}",
                    column.name
                );
            }
        }
    }
}

/// A table with a column of each type.
fn every_type(nullable: bool) -> Table {
    table(TYPES.iter().map(|kind| column(&format!("{kind:?}").to_lowercase(), *kind, nullable)).collect())
}

fn cells(texts: [&str; 8]) -> Cells {
    texts.iter().map(|text| Some((*text).to_owned())).collect()
}

/// Rows with the least and greatest value of each type, and those around zero.
fn extremes() -> Vec<Cells> {
    let (double, least) = (f64::MAX.to_string(), f64::MIN.to_string());
    let (int32, int64) = (i32::MAX.to_string(), i64::MAX.to_string());
    let (int32_least, int64_least) = (i32::MIN.to_string(), i64::MIN.to_string());
    vec![
        cells(["text", "code", "0", "0", "0", "0", "1970-01-01", "true"]),
        cells(["", "", &int32, &int64, &int64, &double, "9999-12-31", "false"]),
        cells(["text", "", &int32_least, &int64_least, &int64_least, &least, "0001-01-01", "false"]),
        cells(["é中🇨🇦", "code", "-1", "-1", "-1", "-0.0", "1969-12-31", "true"]),
        cells(["a", "b", "1", "1", "1", "5e-324", "2024-02-29", "true"]),
        cells(["a", "b", "1", "1", "1", "0.1", "1900-02-28", "true"]),
    ]
}

#[test]
fn formats_have_names_of_their_own() {
    let mut names: Vec<&str> = FORMATS.iter().map(|format| format.name()).collect();
    assert!(
        names
            .iter()
            .all(|name| name.chars().all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit()))
    );
    for &format in FORMATS {
        assert_eq!(find_format(format.name()).map(Format::name), Some(format.name()));
        assert!(
            format
                .media_type()
                .split_once('/')
                .is_some_and(|(kind, name)| !kind.is_empty() && !name.is_empty())
        );
    }
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), FORMATS.len());
}

#[test]
fn every_type_reads_back_to_its_extremes() {
    for nullable in [false, true] {
        assert_reads_back(&every_type(nullable), &[extremes()]);
    }
}

#[test]
fn nulls_read_back_in_any_column() {
    let nulls: Cells = vec![None; TYPES.len()];
    let one_null = |at: usize| {
        let mut row = extremes().remove(0);
        row[at] = None;
        row
    };
    let rows: Vec<Cells> = (0..TYPES.len()).map(one_null).chain([nulls.clone()]).collect();
    assert_reads_back(&every_type(true), &[rows, vec![nulls; 3]]);
}

#[test]
fn a_table_without_rows_has_its_columns() {
    for nullable in [false, true] {
        assert_reads_back(&every_type(nullable), &[]);
        assert_reads_back(&every_type(nullable), &[Vec::new()]);
    }
}

#[test]
fn hostile_texts_read_back() {
    let long = "long,\" ".repeat(50_000);
    let texts = [
        "=1+1",
        "+1",
        "-x",
        "-5",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "=\"a\",b",
        "a,b",
        "a;b",
        "a\tb",
        "a\"b",
        "\"",
        "\"\"",
        "'",
        "'=1",
        "a\nb",
        "a\r\nb",
        "\n",
        " a ",
        "\u{feff}a",
        "\0",
        "\\",
        "\\N",
        "NULL",
        "null",
        "NaN",
        "#N/A",
        "true",
        "1e5",
        "٣",
        "e\u{301}",
        "\u{202e}a",
        "🇨🇦",
        "\u{10ffff}",
        &long,
    ];
    let table = table(vec![column("text", Type::Text, false), column("code", Type::Code, false)]);
    let rows = texts.iter().map(|text| vec![Some((*text).to_owned()); 2]).collect();
    assert_reads_back(&table, &[rows]);
}

#[test]
fn the_same_rows_give_the_same_bytes() {
    let table = every_type(false);
    for &format in FORMATS {
        let bytes = || {
            let (_folder, path) =
                write(format, &table, &[batch(&table, &extremes()), batch(&table, &extremes())]);
            fs::read(path).unwrap()
        };
        assert!(bytes() == bytes(), "{format:?}");
    }
}

#[test]
fn a_file_of_another_format_or_none_is_refused_or_read_as_text() {
    let folder = tempfile::tempdir().unwrap();
    for &format in FORMATS {
        assert!(format.read(&folder.path().join("missing")).is_err());
        let path = folder.path().join("damaged");
        fs::write(&path, b"PAR1\0\xff\"a,\n").unwrap();
        if let Ok(rows) = format.read(&path) {
            rows.rows.for_each(drop);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn rows_read_back_from_batches_of_any_size(
        batches in proptest::collection::vec(
            proptest::collection::vec(
                (any::<Option<String>>(), proptest::option::of("[ab]{0,2}"), any::<Option<i64>>(), any::<i32>()), 0..9),
            0..4,
        ),
    ) {
        let columns = [("text", Type::Text), ("code", Type::Code), ("int64", Type::Int64), ("int32", Type::Int32)];
        let table = table(columns.iter().map(|(name, kind)| column(name, *kind, *kind != Type::Int32)).collect());
        let cells = |(text, code, long, short): (Option<String>, Option<String>, Option<i64>, i32)| {
            vec![text, code, long.map(|number| number.to_string()), Some(short.to_string())]
        };
        let batches: Vec<Vec<Cells>> =
            batches.into_iter().map(|rows| rows.into_iter().map(cells).collect()).collect();
        assert_reads_back(&table, &batches);
    }
}
