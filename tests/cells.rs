//! What the cells of a workbook say, through the whole program: formats, dates, superscripts, comments, errors, what is hidden.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Color, Format, FormatScript, Formula, Note, Workbook, Worksheet};

use crate::support::{Case, Ended, root, says};

const DEFINITION: &str = r#"
name = "d"
title = "D"
publisher = "P"
[measure]
name = "arrivals"
unit = "persons"
[[dimension]]
name = "class"
meaning = "kind"
printed = "table"
codes = { T = "Arrivals" }
[[dimension]]
name = "region"
meaning = "region"
codes = "regions"
"#;

/// A sheet with the title, a header of years and three rows; figures as numbers. What a test wants is written over it.
fn sheet(change: impl Fn(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("T").unwrap();
    sheet.write(0, 0, "Arrivals").unwrap();
    sheet.write_row(2, 0, ["Region"]).unwrap();
    sheet.write_row(2, 1, [2023, 2024]).unwrap();
    for (row, (label, figures)) in
        [("Canada", [10, 20]), ("Japan", [1, 0]), ("Total", [11, 20])].into_iter().enumerate()
    {
        sheet.write(row as u32 + 3, 0, label).unwrap();
        sheet.write_row(row as u32 + 3, 1, figures).unwrap();
    }
    change(sheet);
    book.save_to_buffer().unwrap()
}

fn run(book: Vec<u8>) -> (Case, Ended) {
    let case = Case::new().file("d.toml", DEFINITION).file("input/a.xlsx", book);
    let ended = case.run(&["run", "--dataset", "d.toml"]);
    (case, ended)
}

/// The observations by region and period: value, as shown, and basis.
fn values(case: &Case) -> BTreeMap<(String, String), (String, String, String)> {
    let key = |row: &BTreeMap<String, String>| (row["region"].clone(), row["period"].clone());
    let told = |row: &BTreeMap<String, String>| {
        (row["value"].clone(), row["value_label"].clone(), row["basis"].clone())
    };
    case.rows("observations").iter().map(|row| (key(row), told(row))).collect()
}

fn value(case: &Case, region: &str, period: &str) -> (String, String, String) {
    values(case)[&(region.to_owned(), period.to_owned())].clone()
}

fn triple(value: &str, label: &str, basis: &str) -> (String, String, String) {
    (value.into(), label.into(), basis.into())
}

#[test]
fn what_is_stored_counts_and_what_is_shown_is_the_label() {
    let dash = Format::new().set_num_format("#,##0;-#,##0;\"—\"");
    let thousands = Format::new().set_num_format("#,##0,");
    let book = sheet(|sheet| {
        sheet.write_with_format(4, 2, 0, &dash).unwrap();
        sheet.write_with_format(3, 1, 1_234_567, &thousands).unwrap();
        sheet.write(5, 1, 1_234_568).unwrap();
        sheet.write(3, 2, "20").unwrap();
    });
    let (case, ended) = run(book.clone());
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(value(&case, "JPN", "2024"), triple("0", "—", "published"));
    assert_eq!(value(&case, "CAN", "2023"), triple("1234567", "1,235", "published"));
    assert_eq!(value(&case, "CAN", "2024"), triple("20", "20", "published"));
    let inspected = case.run(&["inspect", "--cells", "input/a.xlsx", "--dataset", "d.toml"]).out;
    says(
        &inspected,
        &[
            "T!A1:C6  sheet    T  (13 cells)",
            "T!A1:C6  table    1",
            "T!B4  figure   1,235 → 1234567  in 2023  (the cell stores 1234567)",
        ],
    );
}

#[test]
fn a_number_with_more_decimals_than_the_measure_is_a_problem() {
    let whole = Format::new().set_num_format("0");
    let (_, ended) = run(sheet(|sheet| {
        sheet.write_with_format(3, 1, 10.4, &whole).unwrap();
    }));
    assert_eq!(ended.code, 1);
    says(
        &ended.err,
        &["input/a.xlsx:T!B4", "the cell stores 10.4 and shows `10`", "Canada | 10 | 20", "    4 |"],
    );
}

#[test]
fn noise_of_sums_is_taken_off() {
    let (case, ended) = run(sheet(|sheet| {
        sheet.write(5, 1, 11.000_000_000_002).unwrap();
    }));
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(value(&case, "_T", "2023").0, "11");
}

#[test]
fn dates_head_columns_as_far_as_they_are_shown() {
    for from_1904 in [false, true] {
        let shift = if from_1904 { 1462.0 } else { 0.0 };
        let cases = [("mmm-yy", ["2024-01", "2024-02"]), ("yyyy", ["2024", "2025"])];
        for (format, expected) in cases {
            // 45292 is 1 January 2024; a month later, and a year.
            let later = if format == "yyyy" { 45_658.0 } else { 45_323.0 };
            let format = Format::new().set_num_format(format);
            let book = sheet(|sheet| {
                sheet.write_with_format(2, 1, 45_292.0 - shift, &format).unwrap();
                sheet.write_with_format(2, 2, later - shift, &format).unwrap();
            });
            let (case, ended) = run(if from_1904 { dated_1904(&book) } else { book });
            assert_eq!(ended.code, 0, "{}", ended.err);
            let periods: Vec<String> =
                case.rows("observations").iter().map(|row| row["period"].clone()).take(2).collect();
            assert_eq!(periods, expected, "{from_1904}");
        }
    }
}

/// The same workbook with the other system of dates.
fn dated_1904(book: &[u8]) -> Vec<u8> {
    edited(book, |name, part| {
        if name == "xl/workbook.xml" {
            part.replace("<workbookPr ", "<workbookPr date1904=\"1\" ")
        } else {
            part
        }
    })
}

/// The workbook with its parts changed.
fn edited(book: &[u8], change: impl Fn(&str, String) -> String) -> Vec<u8> {
    use std::io::{Cursor, Read, Write};
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut text = String::new();
        part.read_to_string(&mut text).unwrap();
        out.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(change(&name, text).as_bytes()).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn a_superscript_is_a_mark_and_no_digit() {
    let raised = Format::new().set_font_script(FormatScript::Superscript);
    let plain = Format::new();
    let book = sheet(|sheet| {
        sheet.write_rich_string(2, 2, &[(&plain, "2024"), (&raised, "2")]).unwrap();
        sheet.write_rich_string(3, 0, &[(&plain, "Canada"), (&raised, "1)")]).unwrap();
        sheet.write(7, 0, "1) Without visitors by land.").unwrap();
        sheet.write(8, 0, "² Provisional.").unwrap();
    });
    let (case, ended) = run(book);
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(value(&case, "CAN", "2024").0, "20");
    let notes: Vec<(String, String, String)> = case
        .rows("notes")
        .iter()
        .map(|row| (row["mark"].clone(), row["text"].clone(), row["marked_at"].clone()))
        .collect();
    let expected = [("1", "Without visitors by land.", "T!A4"), ("2", "Provisional.", "T!C3")];
    assert_eq!(notes, expected.map(|(mark, text, at)| (mark.into(), text.into(), at.into())));
}

#[test]
fn comments_become_notes() {
    let book = sheet(|sheet| {
        sheet
            .insert_note(3, 2, &Note::new("Revised in March").set_author("An office").add_author_prefix(true))
            .unwrap();
        sheet.insert_note(20, 5, &Note::new("Beside all tables").add_author_prefix(false)).unwrap();
    });
    let (case, ended) = run(book);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let notes = case.rows("notes");
    assert_eq!(notes.len(), 1);
    assert_eq!(
        [&notes[0]["text"], &notes[0]["source_position"], &notes[0]["marked_at"], &notes[0]["class"]],
        ["Revised in March", "T!C4", "T!C4", "T"]
    );
    says(
        &case.run(&["inspect", "--cells", "input/a.xlsx"]).out,
        &["T!C4  comment  Revised in March", "T!F21  comment  Beside all tables"],
    );
}

#[test]
fn an_error_and_a_formula_without_result_are_problems_at_their_place() {
    let (_, ended) = run(sheet(|sheet| {
        sheet.write_formula(3, 1, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
    }));
    assert_eq!(ended.code, 1);
    says(&ended.err, &["input/a.xlsx:T!B4", "spreadsheet error"]);
    let book = sheet(|sheet| {
        sheet.write_formula(5, 1, Formula::new("=SUM(B4:B5)").set_result("11")).unwrap();
    });
    let (case, ended) = run(book.clone());
    assert_eq!(ended.code, 0, "{}", ended.err);
    assert_eq!(value(&case, "_T", "2023").0, "11");
    // Programs that don't compute formulas write no result, or an empty one.
    for result in ["", "<v></v>", "<v/>", "<v />"] {
        let bare = edited(&book, |_, part| part.replace("</f><v>11</v>", &format!("</f>{result}")));
        let (_, ended) = run(bare);
        assert_eq!(ended.code, 1, "{result}");
        says(&ended.err, &["input/a.xlsx:T!B6", "`=SUM(B4:B5)`", "a formula whose result is not stored"]);
    }
}

#[test]
fn what_is_hidden_is_read_and_told_once() {
    let hidden: [(fn(&mut Worksheet), &str); 3] = [
        (
            |sheet| {
                sheet.set_row_hidden(4).unwrap();
            },
            "1 row of it hidden",
        ),
        (
            |sheet| {
                sheet.set_column_hidden(2).unwrap();
            },
            "1 column of it hidden",
        ),
        (
            |sheet| {
                sheet.set_hidden(true);
            },
            "its sheet is hidden",
        ),
    ];
    for (hide, words) in hidden {
        let mut book = Workbook::new();
        let cover = book.add_worksheet();
        cover.write(0, 0, "A cover").unwrap();
        cover.set_active(true);
        let sheet = book.add_worksheet().set_name("T").unwrap();
        sheet.write(0, 0, "Arrivals").unwrap();
        sheet.write(2, 0, "Region").unwrap();
        sheet.write_row(2, 1, [2023, 2024]).unwrap();
        for (row, (label, figures)) in
            [("Canada", [10, 20]), ("Japan", [1, 0]), ("Total", [11, 20])].into_iter().enumerate()
        {
            sheet.write(row as u32 + 3, 0, label).unwrap();
            sheet.write_row(row as u32 + 3, 1, figures).unwrap();
        }
        hide(sheet);
        let (case, ended) = run(book.save_to_buffer().unwrap());
        assert_eq!(ended.code, 0, "{}", ended.err);
        assert_eq!(case.rows("observations").len(), 6);
        assert_eq!(ended.err.matches("figures of a table are hidden").count(), 1, "{}", ended.err);
        says(&ended.err, &["warning", words]);
    }
}

#[test]
fn headers_go_over_merged_cells() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("T").unwrap();
    let format = Format::new().set_background_color(Color::Silver);
    sheet.merge_range(0, 0, 0, 4, "Arrivals", &format).unwrap();
    sheet.merge_range(2, 0, 3, 0, "Region", &format).unwrap();
    for (at, year) in [(1, 2023), (3, 2024)] {
        sheet.merge_range(2, at, 2, at + 1, "", &format).unwrap();
        sheet.write_with_format(2, at, year, &format).unwrap();
        sheet.write_row(3, at, ["Q3", "Q4"]).unwrap();
    }
    for (row, (label, figures)) in
        [("Canada", [10, 20, 30, 40]), ("Total", [10, 20, 30, 40])].into_iter().enumerate()
    {
        sheet.write(row as u32 + 4, 0, label).unwrap();
        sheet.write_row(row as u32 + 4, 1, figures).unwrap();
    }
    let (case, ended) = run(book.save_to_buffer().unwrap());
    assert_eq!(ended.code, 0, "{}", ended.err);
    let found: Vec<(String, String)> = case
        .rows("observations")
        .iter()
        .take(4)
        .map(|row| (row["period"].clone(), row["value"].clone()))
        .collect();
    let expected = [("2023-Q3", "10"), ("2023-Q4", "20"), ("2024-Q3", "30"), ("2024-Q4", "40")];
    assert_eq!(found, expected.map(|(period, value)| (period.into(), value.into())));
}

#[test]
fn errors_in_headings_and_labels_are_told_as_such() {
    let error = |row, column| {
        let (_, ended) = run(sheet(|sheet| {
            sheet.write_formula(row, column, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
        }));
        assert_eq!(ended.code, 1, "{}", ended.err);
        ended.err
    };
    says(&error(4, 0), &["it is a spreadsheet error", "correct its formula"]);
    says(&error(2, 1), &["it is a spreadsheet error", "correct its formula"]);
}

#[test]
fn figures_that_are_formulas_without_result_are_found_and_told() {
    let book = sheet(|sheet| {
        sheet.clear_cell(2, 2);
        for row in 3..6 {
            sheet.write_formula(row, 1, Formula::new("=A1+1").set_result("7")).unwrap();
            sheet.clear_cell(row, 2);
        }
    });
    let (_, ended) = run(edited(&book, |_, part| part.replace("<v>7</v>", "<v></v>")));
    assert_eq!(ended.code, 1);
    assert_eq!(ended.err.matches("a formula whose result is not stored").count(), 3, "{}", ended.err);
}

#[test]
fn what_is_beside_figures_is_held_by_what_is_stored() {
    let definition = format!("{DEFINITION}[headings]\n\"Change\" = \"change\"\n\"Share\" = \"share\"\n");
    let thousands = Format::new().set_num_format("#,##0,");
    let percent = Format::new().set_num_format("0.0%");
    // Canada has 20 000 of 30 000: two thirds.
    let book = |change: i32, share: f64, share_format: &Format| {
        sheet(|sheet| {
            sheet.write_row(2, 3, ["Change", "Share"]).unwrap();
            let rows = [(10_000, 20_000, change, share), (5_000, 10_000, 5_000, 1.0 / 3.0)];
            let total = (15_000, 30_000, 15_000, 1.0);
            for (row, (one, two, change, share)) in (3..).zip(rows.into_iter().chain([total])) {
                sheet.write_row(row, 1, [one, two]).unwrap();
                sheet.write_with_format(row, 3, change, &thousands).unwrap();
                sheet.write_with_format(row, 4, share, share_format).unwrap();
            }
        })
    };
    let run = |book| {
        let case = Case::new().file("d.toml", &definition).file("input/a.xlsx", book);
        case.run(&["run", "--dataset", "d.toml"])
    };
    let ended = run(book(10_000, 2.0 / 3.0, &percent));
    assert_eq!(ended.code, 0, "{}", ended.err);
    let longer = Format::new().set_num_format("0.000000000000%");
    let ended = run(book(10_000, 2.0 / 3.0, &longer));
    assert_eq!(ended.code, 0, "{}", ended.err);
    // It shows the right `10`, but stores another change.
    let ended = run(book(10_001, 2.0 / 3.0, &percent));
    assert_eq!(ended.code, 1);
    says(&ended.err, &["input/a.xlsx:T!D4"]);
    let ended = run(book(10_000, 0.6, &percent));
    assert_eq!(ended.code, 1);
    says(&ended.err, &["input/a.xlsx:T!E4"]);
}

#[test]
fn a_date_whose_format_is_not_told_heads_no_period() {
    for name in ["dates.xls", "dates.ods"] {
        let book = std::fs::read(root().join("tests/data/workbooks").join(name)).unwrap();
        let case = Case::new().file("d.toml", DEFINITION).file(&format!("input/{name}"), book);
        let ended = case.run(&["run", "--dataset", "d.toml"]);
        assert_eq!(ended.code, 1, "{name}");
        let told = format!(
            "error: the heading `2024-01-01` is a date, which may stand for its month or year\n  --> input/{name}:T!B3"
        );
        says(&ended.err, &[&told, "save the workbook as .xlsx"]);
    }
}
