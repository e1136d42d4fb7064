//! Layouts that once gave wrong figures: each publishes every figure below its own heading, or is refused with its place.
//!
//! Expected figures were read off the workbooks by openpyxl, xlrd and odfpy.

use proptest::prelude::*;
use rust_xlsxwriter::Workbook;

use crate::support::{Case, Ended, dimensions, real, root, says};

/// One table without regions, of this title.
const UNLABELLED: &str = "[[table]]\nfixed = { class = \"ALL\" }\nonly = { region = \"CHN\" }\n";

fn definition(table: &str) -> String {
    format!(
        "name = \"stock\"\ntitle = \"Stock\"\npublisher = \"Office\"\ntotals = \"optional\"\n\
         [measure]\nname = \"stock\"\nunit = \"persons\"\n{}{table}",
        dimensions("ALL = \"Stock\"")
    )
}

/// A sheet with a cell for each that tabs separate: digits as a number.
fn sheet(text: &str) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in (0u32..).zip(text.lines()) {
        for (column, cell) in (0u16..).zip(line.split('\t')).filter(|(_, cell)| !cell.is_empty()) {
            match cell.parse::<u32>() {
                Ok(number) => sheet.write(row, column, number).unwrap(),
                Err(_) => sheet.write(row, column, cell).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}

/// Runs the program on a document.
fn run(name: &str, content: impl AsRef<[u8]>, table: &str) -> (Case, Ended) {
    let case = Case::new().file("own.toml", definition(table)).file(name, content);
    let ended = case.run(&["run", name, "--dataset", "own.toml", "--release-date", "2026-01-01"]);
    (case, ended)
}

/// Period, value and place of each figure that a document prints and the program publishes.
fn published(name: &str, content: impl AsRef<[u8]>, table: &str) -> Vec<String> {
    let (case, ended) = run(name, content, table);
    assert_eq!(ended.code, 0, "{}", ended.err);
    printed(&case)
}

fn printed(case: &Case) -> Vec<String> {
    let rows = case.rows("observations").into_iter().filter(|row| row["basis"] == "published");
    rows.map(|row| ["period", "value", "source_position"].map(|field| row[field].clone()).join(" ")).collect()
}

/// The program refuses a document, and says why and where.
fn refused(name: &str, content: impl AsRef<[u8]>, table: &str, words: &[&str]) {
    let (case, ended) = run(name, content, table);
    assert_eq!(ended.code, 1, "{}", ended.err);
    assert!(!case.path("output").exists(), "something was published");
    says(&ended.err, words);
}

/// As a sheet and as a text.
fn both_refused(text: &str, table: &str, words: &[&str]) {
    refused("a.xlsx", sheet(text), table, words);
    refused("a.txt", text, table, words);
}

fn unlabelled(rows: &str) -> String {
    format!("Stock\n\n2023\t2024\t2025\n{rows}\n")
}

#[test]
fn empty_cells_of_a_table_without_labels_leave_figures_in_their_columns() {
    let cases: [(&str, &[&str]); 6] = [
        ("\t25344\t26714", &["2024 25344 Sheet1!B4", "2025 26714 Sheet1!C4"]),
        ("\t\t26714", &["2025 26714 Sheet1!C4"]),
        ("\t25344\t", &["2024 25344 Sheet1!B4"]),
        ("19757\t\t26714", &["2023 19757 Sheet1!A4", "2025 26714 Sheet1!C4"]),
        ("19757\t25344\t", &["2023 19757 Sheet1!A4", "2024 25344 Sheet1!B4"]),
        ("19757\t\t", &["2023 19757 Sheet1!A4"]),
    ];
    for (row, expected) in cases {
        assert_eq!(published("a.xlsx", sheet(&unlabelled(row)), UNLABELLED), expected, "{row:?}");
    }
    // A column of a sheet may be empty, which is told; a text prints a mark for nil.
    for (row, words) in [
        ("\t25344\t26714", ["a figure is missing", "a.txt:4:1"]),
        ("\t\t26714", ["a figure is missing", "a.txt:4:2"]),
        ("19757\t\t26714", ["a figure is missing", "a.txt:4:7"]),
        ("19757\t25344\t", ["1 cell too few", "a.txt:4:7"]),
        ("19757\t\t", ["2 cells too few", "a.txt:4:1"]),
    ] {
        refused("a.txt", unlabelled(row), UNLABELLED, &words);
    }
}

#[test]
fn a_staircase_is_refused() {
    both_refused(
        &unlabelled("\t\t26714\n19757\t\t"),
        UNLABELLED,
        &["a figure is missing", "2 cells too few"],
    );
    both_refused(&unlabelled("19757\t\t\n\t\t26714"), UNLABELLED, &["2 cells too few"]);
    both_refused(&unlabelled("\t25344\t26714\n19757\t\t"), UNLABELLED, &["2 cells too few"]);
}

#[test]
fn real_tables_without_labels_keep_their_columns() {
    let run = |name: &str| {
        let path = real(&format!("workbooks/layouts/{name}"))?;
        let case = Case::in_parts("");
        let ended = case.run(&["run", path.to_str().unwrap(), "--release-date", "2026-01-01"]);
        Some((case, ended))
    };
    if let Some((case, ended)) = run("first-cell-empty.xlsx") {
        assert_eq!(ended.code, 0, "{}", ended.err);
        assert_eq!(printed(&case), ["2024 25344 Sheet1!B4", "2025 26714 Sheet1!C4"]);
        says(&ended.err, &["warning: nothing stands below the heading `2023`"]);
    }
    if let Some((_, ended)) = run("staircase.xlsx") {
        assert_eq!(ended.code, 1, "{}", ended.err);
        says(&ended.err, &["a figure is missing", "Sheet1!A4", "2 cells too few", "Sheet1!A5"]);
    }
}

#[test]
fn every_format_keeps_the_columns() {
    for name in ["first-cell-empty.xls", "first-cell-empty.ods"] {
        let book = std::fs::read(root().join("tests/data/workbooks").join(name)).unwrap();
        let expected = ["2024 25344 Sheet1!B4", "2025 26714 Sheet1!C4"];
        assert_eq!(published(name, book, UNLABELLED), expected, "{name}");
    }
}

#[test]
fn a_row_that_does_not_stand_below_its_header_is_not_moved() {
    let cases = [
        // The total has no cell for a label: its figures stand one column too far left.
        ("Stock\n\nRegion\t2023\t2024\nCanada\t1\t2\nJapan\t3\t4\n4\t6", "1 cell too few"),
        // The label is a number, and the last figure is missing.
        ("Stock\n\nRegion\t2023\t2024\t2025\nCanada\t1\t2\t3\n15\t100\t200\t", "1 cell too few"),
        // The header has no cell above the labels.
        ("Stock\n\n2023\t2024\nCanada\t1\t2\nJapan\t3\t4", "1 cell too many"),
        // A figure has no heading.
        ("Stock\n\nYear\tCanada\tJapan\n2023\t1\t2\t3\n2024\t4\t5\t6", "figures stand under no header"),
    ];
    for (text, words) in cases {
        both_refused(text, "", &[words]);
    }
    // Cells that blanks separate are in order only; their place tells a number that is a label.
    let fixed = "Stock\n\nRegion   2023   2024   2025\nCanada      1      2      3\n15        100    200\n";
    refused("a.txt", fixed, "", &["1 cell too few"]);
}

#[test]
fn a_row_that_ends_early_is_refused_where_regions_run_across() {
    let text = "Stock\n\nYear\tCanada\tJapan\tKenya\n2019\t1\t2\t3\n2020\t4\t5\n";
    both_refused(text, "", &["1 cell too few"]);
}

#[test]
fn a_figure_below_no_heading_of_a_series_moves_none() {
    let text = "Stock\n\n\t\t\tJapan\tTotal\n1992\tQ1\t\t4\t6\n\tQ2\t9\t4\n";
    refused("a.xlsx", sheet(text), "", &["1 cell too many", "Sheet1!C5"]);
}

const LIKE_YEARS: &str =
    "Stock\n\nCountry\tPopulation\tMigrants\nFrance\t1998\t2001\nGermany\t2050\t2010\nSpain\t2070\t2011\n";

#[test]
fn figures_that_look_like_years_are_no_header() {
    let bodies = [
        "Country\tPopulation\tMigrants\nFrance\t1998\t2001\nGermany\t2050\t2010\nSpain\t2070\t2011",
        "Country\tPopulation\tMigrants\nFrance\t1998\t2001\nGermany\t205000\t400",
        "Country\tPopulation\tMigrants\n\nFrance\t1998\t2001\nGermany\t205000\t400",
        "Country\tPopulation\tMigrants\nEurope\nFrance\t1998\t2001\nGermany\t205000\t400",
        "\tPopulation\tMigrants\nFrance\t1998\t2001\nGermany\t205000\t400",
        "Industry\tJobs\tFirms\nSteel\t1998\t2001\nCoal\t205000\t400",
        "Industry\tJobs\tFirms\n\nSteel\t1998\t2001\nCoal\t2050\t2010",
        "Country\tPopulation\nFrance\t1998\nGermany\t2010",
        "Country\tCode\tPopulation\tMigrants\nFrance\tF\t1998\t2001\nGermany\tD\t205000\t400",
        "Year\tVisitors\n2013\t2010\n2014\t2012",
        "France\t1998\t2001\nGermany\t2050\t2010",
    ];
    for body in bodies {
        let text = format!("Stock\n\n{body}\n");
        both_refused(&text, "", &["figures stand under no header of periods"]);
        refused("a.csv", text.replace('\t', ","), "", &["figures stand under no header of periods"]);
    }
}

#[test]
fn figures_that_look_like_years_are_read_below_a_header() {
    let text = "Stock\n\nCountry\t2021\t2022\nFrance\t1998\t2001\nGermany\t2050\t2010\n";
    let expected =
        ["2021 2050 Sheet1!B5", "2022 2010 Sheet1!C5", "2021 1998 Sheet1!B4", "2022 2001 Sheet1!C4"];
    assert_eq!(published("a.xlsx", sheet(text), ""), expected);
    let expected = ["2021 2050 5:9", "2022 2010 5:14", "2021 1998 4:8", "2022 2001 4:13"];
    assert_eq!(published("a.txt", text, ""), expected);
}

#[test]
fn every_format_tells_figures_from_years() {
    for name in ["values-like-years.xls", "values-like-years.ods"] {
        let book = std::fs::read(root().join("tests/data/workbooks").join(name)).unwrap();
        refused(
            name,
            book,
            "",
            &["figures stand under no header of periods", "Sheet1!A4", "3 rows of figures"],
        );
    }
    refused("a.xlsx", sheet(LIKE_YEARS), "", &["Sheet1!A4", "3 rows of figures"]);
}

#[test]
fn real_figures_without_a_header_of_years_are_refused() {
    for (name, place) in [
        ("values-like-years.xlsx", "Stock!A4"),
        ("one-column-series.xlsx", "Stock!A4"),
        ("year-and-quarter-columns.xlsx", "Stock!B5"),
    ] {
        let Some(path) = real(&format!("workbooks/layouts/{name}")) else { return };
        refused(name, std::fs::read(path).unwrap(), "", &["figures stand under no header of periods", place]);
    }
}

/// Tables with empty cells anywhere, and labels that are numbers or missing: years in the first row, figures below.
fn tables() -> impl Strategy<Value = Vec<Vec<String>>> {
    let label = prop::sample::select(vec!["Canada", "Japan", "Kenya", "Egypt", "15", "Total", ""]);
    let row = |years: usize| prop::collection::vec(prop::bool::weighted(0.7), years);
    let rows = (any::<bool>(), 2usize..5).prop_flat_map(move |(labelled, years)| {
        let rows = prop::collection::vec((label.clone(), row(years)), 1..4);
        (Just(labelled), Just(years), rows, prop::sample::select(vec!["Region", "Year", ""]))
    });
    rows.prop_map(|(labelled, years, rows, head)| {
        let first = |text: &str| labelled.then(|| text.to_owned());
        let head = first(head).into_iter().chain((0..years).map(|year| (2020 + year).to_string())).collect();
        let body = rows.iter().enumerate().map(|(at, (label, filled))| {
            let figure = |(year, filled): (usize, &bool)| {
                if *filled { (7000 + 100 * at + year).to_string() } else { String::new() }
            };
            first(label).into_iter().chain(filled.iter().enumerate().map(figure)).collect()
        });
        std::iter::once(head).chain(body).collect()
    })
}

/// Whatever is published of a table stands below the heading of its period; `column` finds the column of a place.
fn hold(name: &str, content: impl AsRef<[u8]>, table: &[Vec<String>], column: impl Fn(&str) -> usize) {
    for regions in ["", UNLABELLED] {
        let (case, ended) = run(name, content.as_ref(), regions);
        assert!([0, 1].contains(&ended.code), "{table:?}: {}", ended.err);
        for row in if ended.code == 0 { case.rows("observations") } else { Vec::new() } {
            let place = &row["source_position"];
            if row["basis"] == "published" {
                assert_eq!(row["period"], table[0][column(place)], "{table:?}: {row:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_published_stands_below_its_period(table in tables()) {
        let lines: Vec<String> = table.iter().map(|row| row.join("\t")).collect();
        let text = format!("Stock\n\n{}\n", lines.join("\n"));
        hold("a.xlsx", sheet(&text), &table, |place| {
            usize::from(place.as_bytes()["Sheet1!".len()] - b'A')
        });
        hold("a.txt", &text, &table, |place| {
            let (line, at) = place.split_once(':').unwrap();
            let line = text.lines().nth(line.parse::<usize>().unwrap() - 1).unwrap();
            line[..at.parse::<usize>().unwrap() - 1].matches('\t').count()
        });
    }
}
