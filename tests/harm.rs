//! What would publish a wrong figure: a total made of figures that must not be added up. Each is refused until the definition
//! says how it is meant.

use rust_xlsxwriter::{Format, Workbook, Worksheet};

use crate::support::{Case, Ended, dimensions, real, says};

const BEFORE: &str = "name = \"own\"\ntitle = \"t\"\npublisher = \"p\"\ntotals = \"optional\"\n";
const COUNTS: &str = "[measure]\nname = \"stock\"\nunit = \"people\"\n";
const GROUPS: &str = "[dimension.names]\nXMORE = \"More developed regions\"\nXLESS = \"Less developed regions\"\n\
    [dimension.labels]\n\"More developed regions\" = \"XMORE\"\n\"Less developed regions\" = \"XLESS\"\n";

fn definition(measure: &str, rest: &str) -> String {
    format!("{BEFORE}{measure}{}{rest}", dimensions("STOCK = \"Stock\""))
}

fn run(definition: &str, name: &str, document: impl AsRef<[u8]>) -> (Case, Ended) {
    let case = Case::new().file("own.toml", definition).file(name, document);
    let ended = case.run(&["run", name, "--dataset", "own.toml", "--release-date", "2025-01-01"]);
    (case, ended)
}

/// Refused at these places with these words, and nothing is published.
fn refused(definition: &str, name: &str, document: impl AsRef<[u8]>, words: &[&str]) {
    let (case, ended) = run(definition, name, document);
    assert_eq!(ended.code, 1, "{}", ended.err);
    assert!(!case.path("output").join("own").exists());
    says(&ended.err, words);
}

/// The observations as region, period, value, basis and share.
fn observations(case: &Case) -> Vec<String> {
    let columns = ["region", "period", "value", "basis", "share"];
    let line =
        |row: std::collections::BTreeMap<String, String>| columns.map(|column| row[column].clone()).join(" ");
    case.rows("observations").into_iter().map(line).collect()
}

fn checks(case: &Case) -> Vec<String> {
    let columns = ["check", "period", "region", "published", "computed", "passed", "cells"];
    let line =
        |row: std::collections::BTreeMap<String, String>| columns.map(|column| row[column].clone()).join(" ");
    case.rows("checks").into_iter().map(line).collect()
}

/// A sheet `T` of a title, a header and rows.
fn book(rows: &[(&str, &[f64])], change: impl Fn(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("T").unwrap();
    sheet.write(0, 0, "Stock").unwrap();
    sheet.write(2, 0, "Region").unwrap();
    for year in 0..rows[0].1.len() {
        sheet.write(2, year as u16 + 1, 2020 + year as u32).unwrap();
    }
    for (row, (label, figures)) in (3..).zip(rows) {
        sheet.write(row, 0, *label).unwrap();
        sheet.write_row(row, 1, figures.iter().copied()).unwrap();
    }
    change(sheet);
    book.save_to_buffer().unwrap()
}

/// The World's 100 are 30 and 70 by development, and 60 and 40 by continent.
const OVERLAPPING: [(&str, &[f64]); 5] = [
    ("World", &[100.0, 110.0]),
    ("More developed regions", &[30.0, 35.0]),
    ("Less developed regions", &[70.0, 75.0]),
    ("Africa", &[60.0, 65.0]),
    ("Asia", &[40.0, 45.0]),
];

#[test]
fn a_world_beside_its_parts_is_not_added_to_them() {
    let words = [
        "no total of STOCK can be derived: its rows may overlap",
        "T!A4",
        "it holds what another row holds",
        "its label is one of the code `_T`",
    ];
    refused(&definition(COUNTS, GROUPS), "a.xlsx", book(&OVERLAPPING, |_| {}), &words);
    // What is known to overlap adds up by no declaration.
    let additive = definition(&format!("{COUNTS}additive = true\n"), GROUPS);
    refused(&additive, "a.xlsx", book(&OVERLAPPING, |_| {}), &words);
    if let Some(path) = real("workbooks/layouts/overlapping-groups.xlsx") {
        refused(&definition(COUNTS, GROUPS), "a.xlsx", std::fs::read(path).unwrap(), &words);
    }
}

#[test]
fn a_total_that_is_made_twice_is_checked_twice() {
    let declared = definition(COUNTS, &format!("{GROUPS}World = \"_T\"\n"));
    let accepted = |document: Vec<u8>, years: [&str; 2]| {
        let (case, ended) = run(&declared, "a.xlsx", document);
        assert_eq!((ended.code, ended.err.as_str()), (0, ""));
        let [first, last] = years;
        let expected = [
            format!("subtotal {first} _T 100 100 true 2"),
            format!("subtotal {last} _T 110 110 true 2"),
            format!("total {first} _T 100 100 true 2"),
            format!("total {last} _T 110 110 true 2"),
        ];
        assert_eq!(checks(&case), expected);
        let expected = [
            format!("X002 {first} 60 published 0.6"),
            format!("X142 {first} 40 published 0.4"),
            format!("XLESS {first} 70 published 0.7"),
            format!("XMORE {first} 30 published 0.3"),
            format!("_T {first} 100 published 1.0"),
        ];
        let of_first = observations(&case).into_iter().filter(|row| row.contains(&format!(" {first} ")));
        assert_eq!(of_first.collect::<Vec<_>>(), expected);
    };
    accepted(book(&OVERLAPPING, |_| {}), ["2020", "2021"]);
    if let Some(path) = real("workbooks/layouts/overlapping-groups.xlsx") {
        accepted(std::fs::read(path).unwrap(), ["2020", "2024"]);
    }
    // One figure that is wrong in one of them is found.
    let mut wrong = OVERLAPPING;
    wrong[4] = ("Asia", &[41.0, 45.0]);
    refused(&declared, "a.xlsx", book(&wrong, |_| {}), &["the total doesn't add up", "T!B4"]);
}

#[test]
fn ways_to_cut_the_whole_that_are_declared_are_each_checked() {
    let partitions = "partitions = [[\"X002\", \"X142\"], [\"XMORE\", \"XLESS\"]]\n";
    let declared = |rest: &str| definition(COUNTS, &format!("{partitions}{GROUPS}{rest}"));
    // A total that is printed is checked by each, one that is not is made by the first.
    let (case, ended) = run(&declared("World = \"_T\"\n"), "a.xlsx", book(&OVERLAPPING, |_| {}));
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(checks(&case).len(), 4);
    let parts = &OVERLAPPING[1..];
    let (case, ended) = run(&declared(""), "a.xlsx", book(parts, |_| {}));
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(observations(&case).contains(&"_T 2021 110 derived 1.0".to_owned()), "{:?}", observations(&case));
    // A row that is lost, or wrong, is found in the way that has it.
    for lost in 1..5 {
        let rows: Vec<(&str, &[f64])> =
            OVERLAPPING.iter().enumerate().filter(|(at, _)| *at != lost).map(|(_, row)| *row).collect();
        refused(&declared("World = \"_T\"\n"), "a.xlsx", book(&rows, |_| {}), &["add up"]);
    }
    let ended = run(&definition(COUNTS, "partitions = [[\"X002\", \"ATL\"], [\"_T\"]]\n"), "a.xlsx", "").1;
    assert_eq!(ended.code, 78);
    says(&ended.err, &["`ATL`", "`_T` cannot be a part of the whole"]);
}

#[test]
fn rows_that_make_another_row_are_not_added_to_it() {
    let text = |rows: &str| format!("Stock\n\nRegion\t2020\t2021\n{rows}");
    let counts = definition(COUNTS, "");
    // The first row, the last, and one in between is the sum of those beside it, whatever their labels say.
    for (rows, place) in [
        ("Canada\t1204\t880\nJapan\t1000\t800\nIndia\t204\t80\nFrance\t7\t9\n", "a.txt:4:1"),
        ("France\t7\t9\nJapan\t1000\t800\nIndia\t204\t80\nCanada\t1204\t880\n", "a.txt:7:1"),
        ("Japan\t7\t9\nCanada\t1204\t880\nIndia\t1000\t800\nFrance\t204\t80\nPeru\t5\t5\n", "a.txt:5:1"),
    ] {
        let words =
            ["its rows may overlap", "the sum of rows beside it in every column", place, "additive = true"];
        refused(&counts, "a.txt", text(rows), &words);
        let additive = definition(&format!("{COUNTS}additive = true\n"), "");
        let (_, ended) = run(&additive, "a.txt", text(rows));
        assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    }
    // Two ways to part the same people, and no row for all of them.
    let twice = "Japan\t1000\t800\nIndia\t204\t80\nFrance\t700\t500\nPeru\t504\t380\n";
    refused(&counts, "a.txt", text(twice), &["make the same as those below", "a.txt:4:1", "a.txt:6:1"]);
    // Figures that are no sums of others add up, and small ones may be by chance.
    let (case, ended) = run(&counts, "a.txt", text("Japan\t1000\t800\nIndia\t204\t80\nFrance\t700\t500\n"));
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(observations(&case).contains(&"_T 2021 1380 derived 1.0".to_owned()));
    let (_, ended) = run(&counts, "a.txt", text("Japan\t1\t2\nIndia\t2\t0\nFrance\t3\t2\n"));
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
}

#[test]
fn a_group_of_which_nothing_is_known_is_not_added_to_others() {
    let rows = [OVERLAPPING[1], OVERLAPPING[2], ("Africa", &[50.0, 55.0][..]), ("Asia", &[41.0, 45.0][..])];
    let words = ["its rows may overlap", "nothing says what it holds", "T!A4", "or what a group holds"];
    refused(&definition(COUNTS, GROUPS), "a.xlsx", book(&rows, |_| {}), &words);
    // Groups of which it is known have no member in common.
    let text = "Stock\n\nRegion\t2020\nAfrica\t50\nAsia\t41\nCanada\t7\n";
    let (case, ended) = run(&definition(COUNTS, ""), "a.txt", text);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(observations(&case).contains(&"_T 2020 98 derived 1.0".to_owned()));
    let text = "Stock\n\nRegion\t2020\nAsia\t50\nASEAN\t20\nOECD\t41\n";
    refused(
        &definition(COUNTS, ""),
        "a.txt",
        text,
        &["its rows may overlap", "it holds what another row holds"],
    );
}

const RATES: [(&str, &[f64]); 2] = [("France", &[3.4, 3.6]), ("Germany", &[5.1, 5.0])];

#[test]
fn rates_are_not_added_up() {
    let decimal = |name: &str, unit: &str, rest: &str| {
        definition(&format!("[measure]\nname = \"{name}\"\nunit = \"{unit}\"\ndecimals = 1\n{rest}"), "")
    };
    for (name, unit, says) in [
        ("unemployment", "percent", "they are of `percent`"),
        ("unemployment rate", "people", "they are of `unemployment rate`"),
    ] {
        let words = [
            "no total of STOCK can be derived: its figures may be rates",
            says,
            "T!B4",
            "`additive = false`",
        ];
        refused(&decimal(name, unit, ""), "a.xlsx", book(&RATES, |_| {}), &words);
        if let Some(path) = real("workbooks/layouts/rates.xlsx") {
            refused(&decimal(name, unit, ""), "a.xlsx", std::fs::read(path).unwrap(), &words);
        }
    }
    // A rate has no total, and no share of one.
    let rates = decimal("unemployment", "percent", "additive = false\n");
    let expected = [
        "DEU 2020 5.1 published ",
        "DEU 2021 5.0 published ",
        "FRA 2020 3.4 published ",
        "FRA 2021 3.6 published ",
    ];
    let (case, ended) = run(&rates, "a.xlsx", book(&RATES, |_| {}));
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(observations(&case), expected);
    // One that is printed is no sum.
    let (case, ended) = run(&rates, "a.xlsx", book(&[RATES[0], RATES[1], ("Total", &[4.4, 4.5])], |_| {}));
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(observations(&case)[..4], expected);
    assert_eq!(observations(&case)[4..], ["_T 2020 4.4 published ", "_T 2021 4.5 published "]);
    assert_eq!(checks(&case), [] as [String; 0]);
    // What the definition says adds up does.
    let (case, ended) =
        run(&decimal("weight", "tonnes", "additive = true\n"), "a.xlsx", book(&RATES, |_| {}));
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(observations(&case)[4], "_T 2020 8.5 derived 1.0");
}

#[test]
fn whatever_says_percent_is_heard() {
    let counts = definition(COUNTS, "");
    let text = |before: &str| format!("Stock\n{before}\nRegion\t2020\t2021\nCanada\t12\t13\nJapan\t40\t50\n");
    for (document, says) in [
        (text("(per cent)\n"), "they are of `(per cent)`"),
        (text("(index, 2015 = 100)\n"), "they are of `(index, 2015 = 100)`"),
    ] {
        refused(&counts, "a.txt", document, &["its figures may be rates", says]);
    }
    let (_, ended) = run(&counts, "a.txt", text("(persons)\n"));
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    // A number that a workbook shows in percent.
    let percent = Format::new().set_num_format("0%");
    let shown = book(&[("Canada", &[0.0]), ("Japan", &[1.0])], |sheet| {
        sheet.write_with_format(3, 1, 0, &percent).unwrap();
        sheet.write_with_format(4, 1, 1, &percent).unwrap();
    });
    refused(&counts, "a.xlsx", shown, &["its figures may be rates", "it is printed in percent", "T!B4"]);
}
