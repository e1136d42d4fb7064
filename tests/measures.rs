//! What a definition says of a measure, through the whole program: in which multiples its figures are printed, and in which
//! unit. All expected figures were worked out by hand.

use crate::support::{Case, Ended, dimensions, says, workbook};

/// Two measures with units that differ, of which no totals are made.
const COUNT_AND_RATE: &str = "totals = \"optional\"\n[[measure]]\ncode = \"N\"\nname = \"number\"\nunit = \"crimes\"\nadditive = false\nlabels = \"no.\"\n\
    [[measure]]\ncode = \"RATE\"\nname = \"Rate\"\nunit = \"percent\"\ndecimals = 1\nadditive = false\n";

/// A definition with a table `T` and a measure that further keys say more of.
fn define(keys: &str, rest: &str) -> String {
    format!(
        "name = \"own\"\ntitle = \"t\"\npublisher = \"p\"\n[measure]\nname = \"visits\"\nunit = \"persons\"\n{keys}\n{}{rest}",
        dimensions("T = \"T\"")
    )
}

fn run(definition: &str, name: &str, document: impl AsRef<[u8]>) -> (Case, Ended) {
    let name = format!("2026-01-01-{name}");
    let case = Case::new().file("own.toml", definition).file(&name, document);
    let ended = case.run(&["run", &name, "--dataset", "own.toml"]);
    (case, ended)
}

/// Figures as they are published and as they are printed, by region.
fn figures(case: &Case) -> Vec<String> {
    let rows = case.rows("observations");
    rows.iter()
        .map(|row| ["region", "value", "value_label"].map(|name| row[name].as_str()).join(" "))
        .collect()
}

fn visits(figures: [&str; 3]) -> String {
    let [canada, japan, total] = figures;
    format!("T\n\nRegion\t2023\nCanada\t{canada}\nJapan\t{japan}\nTotal\t{total}\n")
}

#[test]
fn what_is_printed_is_multiplied() {
    let cases = [
        ("multiplier = 1000", ["12.3", "0.4", "12.7"], ["CAN 12300 12.3", "JPN 400 0.4", "_T 12700 12.7"]),
        (
            "multiplier = 1000",
            ["1 234", "6", "1 240"],
            ["CAN 1234000 1 234", "JPN 6000 6", "_T 1240000 1 240"],
        ),
        (
            "multiplier = 10\ndecimals = 1",
            ["1.25", "3", "4.25"],
            ["CAN 12.5 1.25", "JPN 30.0 3", "_T 42.5 4.25"],
        ),
        ("multiplier = 1", ["12", "3", "15"], ["CAN 12 12", "JPN 3 3", "_T 15 15"]),
    ];
    for (keys, printed, expected) in cases {
        let (case, ended) = run(&define(keys, ""), "a.txt", visits(printed));
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{keys}");
        assert_eq!(figures(&case), expected, "{keys}");
    }
    let stored = workbook(&[("T", "Region\t2023\nCanada\t12.3\nJapan\t0.4\nTotal\t12.7\n")]);
    let (case, ended) = run(&define("multiplier = 1000", ""), "a.xlsx", stored);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(figures(&case), ["CAN 12300 12.3", "JPN 400 0.4", "_T 12700 12.7"]);
}

#[test]
fn a_figure_with_more_decimals_than_its_multiplier_makes_whole_is_a_problem() {
    let cases = [
        ("multiplier = 1000", "12.3456", "it has more decimals than the measure"),
        // 12.345 or 12345 thousands: nothing tells.
        ("multiplier = 1000", "12.345", "`12.345` has two readings"),
        ("multiplier = 1000", "99999999999999999", "it is too large for 64 bits"),
    ];
    for (keys, printed, words) in cases {
        let (_, ended) = run(&define(keys, ""), "a.txt", visits([printed, "1", "1"]));
        assert_eq!(ended.code, 1);
        says(&ended.err, &[words, "a.txt:4:8"]);
    }
    let rounded = define("multiplier = 1000", "[figures]\nrounded = true\ndecimal = \".\"\n");
    let (case, ended) = run(&rounded, "a.txt", visits(["12.3456", "1", "13.3456"]));
    assert_eq!((ended.code, figures(&case)[0].as_str()), (0, "CAN 12346 12.3456"));
    for multiplier in ["0", "500", "-10"] {
        let (_, ended) =
            run(&define(&format!("multiplier = {multiplier}"), ""), "a.txt", visits(["1", "1", "2"]));
        assert_eq!(ended.code, 78);
        says(&ended.err, &["own.toml:7:14"]);
    }
}

#[test]
fn sums_of_multiplied_figures_may_be_off_by_the_last_digit_that_is_printed() {
    // Two figures and their total, each rounded by up to 50: 150 together.
    let definition = define("multiplier = 1000", "");
    let (case, ended) = run(&definition, "a.txt", visits(["12.3", "0.4", "12.8"]));
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let check = &case.rows("checks")[0];
    let found = ["published", "computed", "tolerance", "passed"].map(|name| check[name].as_str());
    assert_eq!(found, ["12800", "12700", "150", "true"]);
    let (_, ended) = run(&definition, "a.txt", visits(["12.3", "0.4", "12.9"]));
    assert_eq!(ended.code, 1);
    says(&ended.err, &["printed 12.9, but its 2 rows make 12.7 (0.2 too few)"]);
    let exact = format!("tolerance = 0\n{definition}");
    assert_eq!(run(&exact, "a.txt", visits(["12.3", "0.4", "12.8"])).1.code, 1);
}

#[test]
fn repairs_and_corrections_of_multiplied_figures() {
    let definition = define("multiplier = 1000", "");
    let (_, ended) = run(&definition, "a.txt", visits(["12.3", "45.6", "97.9"]));
    assert_eq!(ended.code, 1);
    says(&ended.err, &["12.3 → 52.3", "one digit (the ten thousands)"]);
    let correction =
        "[[correction]]\nkey = \"T/CAN/2023\"\nexpected = \"12.3\"\nvalue = 52300\nreason = \"r\"\n";
    let (case, ended) =
        run(&define("multiplier = 1000", correction), "a.txt", visits(["12.3", "45.6", "97.9"]));
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(figures(&case)[0], "CAN 52300 12.3");
}

#[test]
fn changes_beside_multiplied_figures_are_multiplied_too() {
    let table = |change: &str| {
        format!(
            "T\n\nRegion\t2023\t2024\tChange\t% change\nCanada\t12.3\t14.0\t{change}\t13.8\nTotal\t12.3\t14.0\t1.7\t13.8\n"
        )
    };
    // 14.0 - 12.3 = 1.7, and each of the three is rounded by up to 0.05.
    for (change, expected) in [("1.7", 0), ("1.8", 0), ("1.9", 1), ("1700", 1)] {
        let (_, ended) = run(&define("multiplier = 1000", ""), "a.txt", table(change));
        assert_eq!(ended.code, expected, "{change}: {}", ended.err);
    }
}

#[test]
fn a_table_that_says_it_counts_thousands_is_multiplied_by_them() {
    let thousands = visits(["12", "4", "16"]).replace("Region", "Region ('000)");
    let (_, ended) = run(&define("", ""), "a.txt", &thousands);
    says(&ended.err, &["the table's figures are thousands", "`multiplier = 1000`"]);
    let (_, ended) = run(&define("multiplier = 1000", ""), "a.txt", &thousands);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let (_, ended) = run(&define("multiplier = 1000000", ""), "a.txt", &thousands);
    says(&ended.err, &["the table's figures are thousands"]);
}

#[test]
fn a_cell_that_shows_thousands_and_stores_the_figure_is_not_multiplied_again() {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = crate::support::fill_sheet(&mut book, "T", "Region\t2023\n");
    let shown = rust_xlsxwriter::Format::new().set_num_format("#,##0,");
    for (row, label, number) in [(1, "Canada", 12_000), (2, "Japan", 4000), (3, "Total", 16_000)] {
        sheet.write(row, 0, label).unwrap();
        sheet.write_with_format(row, 1, number, &shown).unwrap();
    }
    let document = book.save_to_buffer().unwrap();
    let (_, ended) = run(&define("multiplier = 1000", ""), "a.xlsx", &document);
    assert_eq!(ended.code, 1);
    says(&ended.err, &["the cell stores 12000 and shows `12`", "take `multiplier` out"]);
    let (case, ended) = run(&define("", ""), "a.xlsx", &document);
    assert_eq!((ended.code, figures(&case)[0].as_str()), (0, "CAN 12000 12"));
}

/// Runs a workbook of one sheet `T` by a table that is said.
fn run_sheet(definition: &str, text: &str) -> (Case, Ended) {
    run(definition, "a.xlsx", workbook(&[("T", text)]))
}

fn counted(table: &str) -> String {
    let region = "[[dimension]]\nname = \"region\"\nmeaning = \"country\"\ncodes = \"regions\"\n";
    format!(
        "name = \"own\"\ntitle = \"t\"\npublisher = \"p\"\n{COUNT_AND_RATE}{region}[[table]]\nsheet = \"T\"\n{table}"
    )
}

/// What is published, as `region measure period value`.
fn values(case: &Case) -> Vec<String> {
    let columns = ["region", "measure", "period", "value"];
    case.rows("observations").iter().map(|row| columns.map(|name| row[name].as_str()).join(" ")).collect()
}

#[test]
fn a_unit_beside_labels_must_be_that_of_the_measure() {
    let table = "stub = [\"region\", \"unit\", \"measure\"]\nheader = [\"period\"]\n";
    let text = "Country\tUnit\tWhat\t2023\nCanada\tCrimes\tno.\t200\n\t%\tRate\t1.5\nJapan\tno.\tno.\t30\n\t Per  Cent\tRate\t0.5\n";
    let (case, ended) = run_sheet(&counted(table), text);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let expected = ["CAN N 2023 200.0", "CAN RATE 2023 1.5", "JPN N 2023 30.0", "JPN RATE 2023 0.5"];
    assert_eq!(values(&case), expected);
    let (_, ended) = run_sheet(&counted(table), &text.replace("Crimes", "per 100,000"));
    assert_eq!(ended.code, 1);
    let words = ["`per 100,000` is not the unit of number", "`crimes` was expected", "T!B2", "`labels`"];
    says(&ended.err, &words);
    // The unit of one measure is none of the other.
    let (_, ended) = run_sheet(&counted(table), &text.replace('%', "crimes"));
    says(&ended.err, &["`crimes` is not the unit of Rate", "T!B3"]);
    // What a list says, and what no unit is printed for.
    let list = "long = { region = \"Country\", unit = \"Unit\", measure = \"What\", period = \"Year\", value = \"Value\" }\n";
    let text = "Country\tUnit\tWhat\tYear\tValue\nCanada\tcrimes\tno.\tJan 2023\t200\nJapan\t\tRate\tJan 2023\t0.5\n";
    let (case, ended) = run_sheet(&counted(list), text);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(values(&case), ["CAN N 2023-01 200.0", "JPN RATE 2023-01 0.5"]);
    let (_, ended) = run_sheet(&counted(list), &text.replace("crimes", "deeds"));
    says(&ended.err, &["`deeds` is not the unit of number", "T!B2"]);
}

#[test]
fn a_unit_in_a_header_row_or_between_rows_must_be_that_of_the_measure() {
    let table = "stub = [\"region\"]\nheader = [\"period\", \"measure\", \"unit\"]\n";
    let text = "Country\t2023\t\t2024\t\n\tno.\tRate\tno.\tRate\n\tcrimes\t%\tcrimes\t%\nCanada\t200\t1.5\t210\t1.6\n";
    let (case, ended) = run_sheet(&counted(table), text);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let expected = ["CAN N 2023 200.0", "CAN N 2024 210.0", "CAN RATE 2023 1.5", "CAN RATE 2024 1.6"];
    assert_eq!(values(&case), expected);
    let (_, ended) = run_sheet(&counted(table), &text.replace("\tcrimes\t%\n", "\tpersons\t%\n"));
    assert_eq!(ended.code, 1);
    says(&ended.err, &["`persons` is not the unit of number", "T!D3"]);
    // A column with nothing but a unit above it names nothing.
    let (_, ended) = run_sheet(&counted(table), "Country\t2023\t\n\tno.\t\n\tcrimes\t\nCanada\t200\t\n");
    assert_eq!(ended.code, 0, "{}", ended.err);
    let sections =
        "stub = [\"region\"]\nheader = [\"period\"]\nsections = \"unit\"\nfixed = { measure = \"N\" }\n";
    let text = "Country\t2023\t2024\nCrimes\nCanada\t200\t210\nJapan\t30\t31\n";
    let (case, ended) = run_sheet(&counted(sections), text);
    assert_eq!((ended.code, values(&case).len()), (0, 4), "{}", ended.err);
    let (_, ended) = run_sheet(&counted(sections), &text.replace("Crimes", "Percent"));
    says(&ended.err, &["`Percent` is not the unit of number", "T!A2"]);
}

#[test]
fn a_unit_in_a_text_must_be_that_of_the_only_measure() {
    let text = "T\n\nRegion\tUnit\t2023\t2024\nCanada\tPersons\t12\t13\nJapan\tpersons\t3\t4\nTotal\tpersons\t15\t17\n";
    let define =
        |labels: &str| define(labels, "").replace("publisher", "stub = [\"region\", \"unit\"]\npublisher");
    let (case, ended) = run(&define(""), "a.txt", text);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(figures(&case)[0], "CAN 12 12");
    let other = text.replace("Persons", "Heads");
    let (_, ended) = run(&define(""), "a.txt", &other);
    assert_eq!(ended.code, 1);
    says(&ended.err, &["`Heads` is not the unit of visits", "`persons` was expected", "a.txt:4:8"]);
    assert_eq!(ended.err.matches("is not the unit of").count(), 1, "{}", ended.err);
    let (_, ended) = run(&define("labels = \"heads\""), "a.txt", &other);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
}
