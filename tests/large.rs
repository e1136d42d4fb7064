//! A large document goes table by table, and gives what its tables give one by one.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use bluebook::regions::{self, RegionKind};

use crate::support::{Case, says};

const DEFINITION: &str = r#"
name = "flows"
title = "Flows"
publisher = "p"
optional_tables = true
regular_period = "month"
[measure]
name = "flows"
unit = "people"
[[dimension]]
name = "flow"
meaning = "flow"
printed = "table"
codes = { B = "Flow B", A = "Flow A", C = "Flow C" }
[[dimension]]
name = "region"
meaning = "region"
codes = "regions"
"#;

const ECONOMIES: usize = 200;
const MONTHS: usize = 170;

/// The figure of an economy and a month in a table: of A and B any, of C what both make.
fn figure(table: char, economy: usize, month: usize) -> usize {
    match table {
        'C' => figure('A', economy, month) + figure('B', economy, month),
        _ => (economy * 7919 + month * 104_729 + table as usize * 31) % 9973,
    }
}

fn total(table: char, month: usize) -> usize {
    (0..ECONOMIES).map(|economy| figure(table, economy, month)).sum()
}

/// A table as text; `off` is added to its first total.
fn table(table: char, off: usize) -> String {
    let mut text = format!("Flow {table}\n\nRegion");
    (0..MONTHS).for_each(|month| write!(text, "\t{}-{:02}", 2000 + month / 12, month % 12 + 1).unwrap());
    let economies =
        regions::all_regions().filter(|region| region.kind == RegionKind::Economy).take(ECONOMIES);
    for (economy, region) in economies.enumerate() {
        write!(text, "\n{}", region.code).unwrap();
        (0..MONTHS).for_each(|month| write!(text, "\t{}", figure(table, economy, month)).unwrap());
    }
    text += "\nTotal";
    (0..MONTHS).for_each(|month| {
        write!(text, "\t{}", total(table, month) + if month == 0 { off } else { 0 }).unwrap();
    });
    text + "\n\n"
}

fn rows(case: &Case, name: &str) -> Vec<BTreeMap<String, String>> {
    let placeless = |mut row: BTreeMap<String, String>| {
        row.retain(|column, _| !column.starts_with("source"));
        row
    };
    case.rows(name).into_iter().map(placeless).collect()
}

#[test]
fn tables_of_a_large_document_give_what_they_give_one_by_one() {
    let whole =
        Case::new().file("own.toml", DEFINITION).file("in/2026-01-01.txt", table('B', 0) + &table('A', 0));
    // Documents of one release go through together.
    let parted = Case::new()
        .file("own.toml", DEFINITION)
        .file("in/2026-01-01-b.txt", table('B', 0))
        .file("in/2026-01-01-a.txt", table('A', 0));
    for case in [&whole, &parted] {
        let ended = case.run(&["run", "in", "--dataset", "own.toml"]);
        assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    }
    let (observations, checks) = (rows(&whole, "observations"), rows(&whole, "checks"));
    assert_eq!((observations.len(), checks.len()), (2 * (ECONOMIES + 1) * MONTHS, 2 * MONTHS));
    assert!(observations == rows(&parted, "observations") && checks == rows(&parted, "checks"));
    let key = |row: &BTreeMap<String, String>| ["flow", "region", "period"].map(|column| row[column].clone());
    assert!(observations.iter().map(key).is_sorted());
    let last = observations.iter().rfind(|row| row["flow"] == "A" && row["region"] == "_T").unwrap();
    assert_eq!(last["value"], total('A', MONTHS - 1).to_string());
}

#[test]
fn a_table_that_is_the_sum_of_others_is_held_against_them_however_large() {
    let document = table('B', 0) + &table('A', 0) + &table('C', 0);
    let case = Case::new().file("own.toml", DEFINITION).file("in/2026-01-01.txt", document);
    let ended = case.run(&["run", "in", "--dataset", "own.toml"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let checks = rows(&case, "checks");
    let across = checks.iter().filter(|row| row["check"] == "tables");
    assert_eq!(across.count(), (ECONOMIES + 1) * MONTHS);
}

#[test]
fn a_problem_of_the_last_table_publishes_nothing() {
    // A comes before B where they are published, so that its rows are on their way when B is read.
    let document = table('A', 0) + &table('B', 1);
    let case = Case::new().file("own.toml", DEFINITION).file("in/2026-01-01.txt", document);
    let ended = case.run(&["run", "in", "--dataset", "own.toml"]);
    assert_eq!(ended.code, 1);
    says(&ended.err, &["the total doesn't add up"]);
    assert!(!case.path("output/flows").exists());
}
