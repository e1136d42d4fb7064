//! Heads of sections in a table, and what a table says of its unit.

use rust_xlsxwriter::{Format, Workbook};

use crate::support::{Case, Ended, says};

const DEFINITION: &str = r#"
name = "arrivals"
title = "Arrivals by residence"
publisher = "Office of Statistics"
[measure]
name = "arrivals"
unit = "persons"
[[dimension]]
name = "class"
meaning = "kind of arrival"
printed = "table"
codes = { ALL = "Arrivals by residence" }
[[dimension]]
name = "region"
meaning = "residence"
codes = "regions"
"#;

/// A label, how far its cell is set in, and its figures.
type Line<'l> = (&'l str, u8, &'l [f64]);

/// The rows of a sheet below a title and a header of two years.
fn run(title: &[&str], lines: &[Line<'_>]) -> (Case, Ended) {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, text) in (0u32..).zip(title) {
        sheet.write(row, 0, *text).unwrap();
    }
    let head = title.len() as u32 + 1;
    for (column, text) in (0u16..).zip(["Region", "2023", "2024"]) {
        sheet.write(head, column, text).unwrap();
    }
    for (row, (label, indent, figures)) in (head + 1..).zip(lines) {
        sheet.write_with_format(row, 0, *label, &Format::new().set_indent(*indent)).unwrap();
        for (column, figure) in (1u16..).zip(*figures) {
            sheet.write(row, column, *figure).unwrap();
        }
    }
    let case = Case::new().file("own.toml", DEFINITION).file("doc.xlsx", book.save_to_buffer().unwrap());
    let ended = case.run(&["run", "doc.xlsx", "--dataset", "own.toml"]);
    (case, ended)
}

/// Region, period, value and place of what is published.
fn published(case: &Case) -> Vec<String> {
    let fields = ["region", "period", "value", "source_position"];
    case.rows("observations").iter().map(|row| fields.map(|field| row[field].as_str()).join(" ")).collect()
}

const EXPECTED: [&str; 10] = [
    "EGY 2023 2 Sheet1!A5",
    "EGY 2024 3 Sheet1!A5",
    "JPN 2023 7 Sheet1!A8",
    "JPN 2024 8 Sheet1!A8",
    "KEN 2023 3 Sheet1!A6",
    "KEN 2024 4 Sheet1!A6",
    "_O 2023 4 Sheet1!A9",
    "_O 2024 5 Sheet1!A9",
    "_T 2023 16 Sheet1!A10",
    "_T 2024 20 Sheet1!A10",
];

/// What is published where the figures stand in the columns B and C, whose rows are as expected above.
fn expected() -> Vec<String> {
    let column = |line: &str| if line.contains(" 2023 ") { "!B" } else { "!C" };
    EXPECTED.iter().map(|line| line.replace("!A", column(line))).collect()
}

#[test]
fn a_group_without_figures_heads_what_is_set_in_below_it() {
    for [head, below] in [[0, 1], [0, 0], [1, 3]] {
        let lines: [Line<'_>; 7] = [
            ("Africa", head, &[]),
            ("Egypt", below, &[2.0, 3.0]),
            ("Kenya", below, &[3.0, 4.0]),
            ("Asia", head, &[]),
            ("Japan", below, &[7.0, 8.0]),
            ("Others", head, &[4.0, 5.0]),
            ("Total", head, &[16.0, 20.0]),
        ];
        let (case, ended) = run(&["Arrivals by residence"], &lines);
        assert_eq!((ended.code, ended.err.contains("warning")), (0, false), "{}", ended.err);
        assert_eq!(published(&case), expected());
    }
}

#[test]
fn what_is_set_in_below_a_head_is_no_part_of_the_group_before() {
    let lines: [Line<'_>; 5] = [
        ("Others", 0, &[4.0, 5.0]),
        ("Africa", 0, &[]),
        ("Egypt", 1, &[2.0, 3.0]),
        ("Kenya", 1, &[3.0, 4.0]),
        ("Total", 0, &[9.0, 12.0]),
    ];
    let (case, ended) = run(&["Arrivals by residence"], &lines);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(case.rows("checks").len(), 2, "a total for each year, and no subtotal");
}

#[test]
fn a_row_that_lacks_its_figures_is_no_head() {
    let of_economy: [Line<'_>; 3] = [("Japan", 0, &[]), ("Kenya", 0, &[3.0, 4.0]), ("Total", 0, &[3.0, 4.0])];
    let beside_another: [Line<'_>; 5] = [
        ("Africa", 0, &[]),
        ("Kenya", 1, &[3.0, 4.0]),
        ("Asia", 0, &[7.0, 8.0]),
        ("Japan", 1, &[7.0, 8.0]),
        ("Total", 0, &[10.0, 12.0]),
    ];
    for lines in [&of_economy[..], &beside_another[..]] {
        let (_, ended) = run(&["Arrivals by residence"], lines);
        assert_eq!(ended.code, 1, "{}", ended.err);
        says(&ended.err, &["the row has 2 cells too few", "doc.xlsx:Sheet1!A4"]);
    }
}

#[test]
fn sections_may_stand_apart() {
    let lines: [Line<'_>; 8] = [
        ("Africa", 0, &[]),
        ("Egypt", 0, &[2.0, 3.0]),
        ("Kenya", 0, &[3.0, 4.0]),
        ("", 0, &[]),
        ("Asia", 0, &[]),
        ("Japan", 0, &[7.0, 8.0]),
        ("", 0, &[]),
        ("Total", 0, &[12.0, 15.0]),
    ];
    let (case, ended) = run(&["Arrivals by residence"], &lines);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let places: Vec<String> =
        case.rows("observations").iter().map(|row| row["source_position"].clone()).collect();
    let rows = ["5", "9", "6", "11"];
    let expected: Vec<String> =
        rows.iter().flat_map(|row| ["B", "C"].map(|column| format!("Sheet1!{column}{row}"))).collect();
    assert_eq!(places, expected);
}

#[test]
fn figures_that_are_thousands_are_told() {
    let lines: [Line<'_>; 2] = [("Japan", 0, &[7.0, 8.0]), ("Total", 0, &[7.0, 8.0])];
    let (_, ended) = run(&["Arrivals by residence", "('000)"], &lines);
    says(&ended.err, &["warning: the table's figures are thousands", "doc.xlsx:Sheet1!A2"]);
}
