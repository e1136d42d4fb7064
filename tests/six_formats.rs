//! One table in six formats: the annex as a workbook (.xlsx, .ods), a text, a page in HTML, Markdown and the text of a PDF. The
//! observations are the same but for where they stand and what the document is.

use std::collections::BTreeMap;
use std::fs;

use rust_xlsxwriter::Workbook;

use crate::html::annex_page;
use crate::layouts::{piped, printed};
use crate::support::{Case, annex, root};

/// Columns that say where a figure stands and in what it is printed.
const PLACE: [&str; 3] = ["source", "source_position", "value_label"];

/// The annex in each format; the last is made by `pdftotext -layout` (`scripts/extractors.py`), .ods by `soffice`
/// (`scripts/workbooks.py`).
fn formats() -> [(&'static str, Vec<u8>); 6] {
    let kept = |name: &str| fs::read(root().join("tests/data").join(name)).unwrap();
    [
        ("annex.xlsx", workbook()),
        ("annex.ods", kept("workbooks/annex.ods")),
        ("annex.txt", annex().into_bytes()),
        ("annex.html", annex_page().into_bytes()),
        ("annex.md", printed(piped).into_bytes()),
        ("annex-pdf.txt", kept("extractors/pdftotext-layout.txt")),
    ]
}

/// A cell for each of the annex, figures as numbers.
fn workbook() -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let mut is_header = true;
    for (row, line) in (0u32..).zip(annex().lines()) {
        for (column, cell) in (0u16..).zip(line.split('\t')) {
            match cell.replace(' ', "").parse::<u32>() {
                Ok(number) if !is_header => sheet.write(row, column, number).unwrap(),
                _ => sheet.write(row, column, cell.trim_matches('*')).unwrap(),
            };
        }
        is_header = !line.contains('\t');
    }
    book.save_to_buffer().unwrap()
}

type Observations = Vec<BTreeMap<String, String>>;

/// The observations without their places. A heading that is wrapped in the PDF may have one blank less.
fn comparable(rows: Observations) -> Observations {
    let strip = |mut row: BTreeMap<String, String>| {
        for column in PLACE {
            row.remove(column);
        }
        let label = row["period_label"].replace("- ", "-");
        row.insert("period_label".into(), label);
        row
    };
    rows.into_iter().map(strip).collect()
}

#[test]
fn six_formats_of_one_table_give_the_same_observations() {
    let mut all = formats().into_iter().map(|(name, bytes)| {
        let case = Case::new().file(&format!("input/{name}"), bytes);
        let ended = case.run(&["run"]);
        assert_eq!(ended.code, 0, "{name}: {}", ended.err);
        let rows = case.rows("observations");
        assert!(rows.iter().all(|row| row["source"].is_empty() || row["source"] == name), "{name}");
        (name, comparable(rows))
    });
    let (first, expected) = all.next().unwrap();
    assert_eq!(expected.len(), 228);
    for (name, found) in all {
        for (found, expected) in found.iter().zip(&expected) {
            assert_eq!(found, expected, "{name} and {first}");
        }
        assert_eq!(found.len(), expected.len(), "{name}");
    }
}
