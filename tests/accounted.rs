//! Every number that a document prints is accounted for: read, part of a heading, label or note, left out by a rule with a
//! reason, or a problem.

use std::collections::BTreeMap;

use calamine::{Data, Reader, open_workbook_auto};
use proptest::prelude::*;
use rust_xlsxwriter::Workbook;
use serde_json::Value;

use crate::support::{Case, dimensions, real, says};

const FOLDER: &str = "workbooks/layouts";

/// Each workbook, how many numbers openpyxl finds in it, and how a run ends: with the number of figures that are published, or
/// the first problem.
const LAYOUTS: [(&str, usize, Result<usize, &str>); 18] = [
    ("blocks-by-sex", 16, Err("no table of own is titled `Country Male Female`")),
    ("first-cell-empty", 5, Ok(2)),
    ("ignored-newer-table", 16, Err("no table of own is titled `Other table`")),
    ("list-below-table", 10, Err("figures stand under no header of periods")),
    ("long-form", 11, Err("figures stand under no header of periods")),
    ("minguo-years", 9, Err("the heading `99年` is the year 2010 by the calendar `minguo`")),
    ("months-and-year-total", 23, Err("the heading `` is no period")),
    ("one-column-series", 3, Err("figures stand under no header of periods")),
    ("overlapping-groups", 12, Err("no total of STOCK can be derived: its rows may overlap")),
    ("rates", 6, Err("`3.4` is no figure")),
    ("staircase", 5, Err("a figure is missing")),
    ("value-split-by-cdata", 4, Ok(2)),
    ("value-split-by-charref", 4, Ok(2)),
    ("value-split-by-comment", 4, Ok(2)),
    ("value-split-by-nested", 0, Err("the document cannot be read")),
    ("value-split-by-pi", 4, Ok(2)),
    ("values-like-years", 6, Err("figures stand under no header of periods")),
    // Of these, two years are joined to the quarters beside them.
    ("year-and-quarter-columns", 23 - 2, Err("figures stand under no header of periods")),
];

fn definition(rest: &str) -> String {
    let titles = "STOCK = { name = \"Stock\", labels = [\"Arrivals\", \"Admission Scheme for Mainland Talents and Professionals (ASMTP)\"] }";
    format!(
        "name = \"own\"\ntitle = \"t\"\npublisher = \"p\"\ntotals = \"optional\"\n{rest}[measure]\nname = \"stock\"\nunit = \"people\"\n{}",
        dimensions(titles)
    )
}

/// What became of the numbers of a document, as `inspect` counts them.
fn numbers(case: &Case, file: &str, dataset: &[&str]) -> BTreeMap<String, usize> {
    let ended = case.run(&[&["inspect", "--format", "json", file], dataset].concat());
    let Some(first) = ended.out.lines().next() else { return BTreeMap::new() };
    let about: Value = serde_json::from_str(first).unwrap();
    serde_json::from_value(about["numbers"].clone()).unwrap()
}

#[test]
fn every_layout_is_read_whole_or_refused() {
    for (name, printed, expected) in LAYOUTS {
        let Some(path) = real(&format!("{FOLDER}/{name}.xlsx")) else { return };
        let path = path.to_str().unwrap();
        let case = Case::new().file("own.toml", definition(""));
        let found = numbers(&case, path, &["--dataset", "own.toml"]);
        assert_eq!(found.values().sum::<usize>(), printed, "{name}: {found:?}");
        let ended = case.run(&["run", path, "--dataset", "own.toml", "--release-date", "2026-01-01"]);
        match expected {
            Ok(figures) => {
                assert_eq!((ended.code, found["unread"]), (0, 0), "{name}: {}", ended.err);
                assert_eq!(found["figures"], figures, "{name}");
                assert_eq!(case.rows("observations").len(), figures, "{name}");
            }
            Err(problem) => {
                assert_ne!(ended.code, 0, "{name}");
                let first = ended.err.lines().find(|line| line.starts_with("error: ")).unwrap();
                assert!(first.contains(problem), "{name}: {}", ended.err);
            }
        }
    }
    let folder = real(FOLDER).unwrap();
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), LAYOUTS.len(), "each file has its line");
}

/// Another reader finds no number in a real workbook that is not counted.
#[test]
fn no_number_of_a_real_workbook_is_lost() {
    let Some(folder) = real("workbooks") else { return };
    let mut tried = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Ok(mut book) = open_workbook_auto(&path) else { continue };
        let printed: usize = book
            .worksheets()
            .iter()
            .flat_map(|(_, sheet)| sheet.cells())
            .filter(|(_, column, cell)| {
                matches!(cell, Data::Int(_) | Data::Float(_)) && !is_year(*column, cell)
            })
            .count();
        let found = numbers(&Case::new(), path.to_str().unwrap(), &[]);
        let counted: usize = found.values().sum();
        assert!(counted >= printed, "{}: {counted} of {printed}: {found:?}", path.display());
        tried += 1;
    }
    assert!(tried > 25, "{tried} workbooks");
}

/// A year in the first column may be joined to the months or quarters beside it.
fn is_year(column: usize, cell: &Data) -> bool {
    let year = cell.to_string().parse::<u32>();
    column == 0 && year.is_ok_and(|year| (1900..2100).contains(&year))
}

#[test]
fn sheets_that_no_table_names_are_left_out_where_the_definition_says_so() {
    let book = || {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name("Stock").unwrap();
        table(sheet);
        let other = book.add_worksheet().set_name("Contents").unwrap();
        other.write_row(1, 0, ["Sheet", "Rows"]).unwrap();
        other.write(2, 0, "Stock").unwrap();
        other.write(2, 1, 17).unwrap();
        book.save_to_buffer().unwrap()
    };
    let run = |rest: &str| {
        let case = Case::new().file("own.toml", definition(rest)).file("a.xlsx", book());
        let ended = case.run(&["run", "a.xlsx", "--dataset", "own.toml", "--report", "report.json"]);
        (case, ended)
    };
    let (_, ended) = run("");
    assert_eq!(ended.code, 1);
    says(&ended.err, &["figures stand under no header", "a.xlsx:Contents!A3"]);
    let (case, ended) = run("others = \"ignored\"\n");
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let report: Value =
        serde_json::from_str(&std::fs::read_to_string(case.path("report.json")).unwrap()).unwrap();
    let dataset = &report["datasets"][0];
    assert_eq!(dataset["numbers"]["left_out"], 1);
    assert_eq!(dataset["left_out_by"][0]["rows"], 1);
    assert_eq!(dataset["numbers"]["figures"], 6);
}

/// A table of `France`, `Germany` and a total, from the first cell on.
fn table(sheet: &mut rust_xlsxwriter::Worksheet) {
    sheet.write(0, 0, "Stock").unwrap();
    sheet.write_row(2, 0, ["Country", "2021", "2022"]).unwrap();
    for (row, (label, figures)) in
        (3u32..).zip([("France", [11, 12]), ("Germany", [21, 22]), ("Total", [32, 34])])
    {
        sheet.write(row, 0, label).unwrap();
        sheet.write_row(row, 1, figures).unwrap();
    }
}

/// A cell beside, above or below the table: a number or a word.
fn stray_cells() -> impl Strategy<Value = Vec<(u32, u16, Option<u32>)>> {
    let cell = (0u32..14, 0u16..7, prop::option::weighted(0.7, 0u32..3000));
    prop::collection::vec(cell, 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]
    /// Whatever stands around a table: all numbers are counted, and where a run succeeds each is published or in a heading.
    #[test]
    fn every_number_of_a_sheet_is_accounted_for(cells in stray_cells()) {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet().set_name("Stock").unwrap();
        table(sheet);
        let is_free = |row: u32, column: u16| !((2..6).contains(&row) && column < 3) && (row, column) != (0, 0);
        let mut added = BTreeMap::new();
        for (row, column, number) in cells.into_iter().filter(|(row, column, _)| is_free(*row, *column)) {
            match number {
                Some(number) => sheet.write(row, column, number).unwrap(),
                None => sheet.write(row, column, "Words").unwrap(),
            };
            added.insert((row, column), number);
        }
        // The two years of the header are printed as texts, and count, too.
        let printed = 6 + 2 + added.values().flatten().count();
        let case = Case::new().file("own.toml", definition("")).file("a.xlsx", book.save_to_buffer().unwrap());
        let found = numbers(&case, "a.xlsx", &["--dataset", "own.toml"]);
        prop_assert_eq!(found.values().sum::<usize>(), printed, "{:?} {:?}", found, added);
        let ended = case.run(&["run", "a.xlsx", "--dataset", "own.toml"]);
        if ended.code == 0 {
            prop_assert_eq!(found["unread"], 0);
            let published = case.rows("observations");
            prop_assert_eq!(published.iter().filter(|row| row["basis"] == "published").count(), found["figures"]);
            prop_assert_eq!(published.len(), 6, "a number was taken in: {:?}", added);
        }
    }
}
