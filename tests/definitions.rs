//! Definitions of a user's own: another dataset, corrections, and what is wrong with them.

use crate::support::{Case, annex, root, says};

/// A file of the tutorial. Its example is another dataset: other tables, other columns, decimals, no total printed for one of
/// its tables.
fn tutorial(file: &str) -> String {
    let page = std::fs::read_to_string(root().join("docs/src/tutorial.md")).unwrap();
    let (_, after) = page.split_once(&format!("file={file}\n")).unwrap();
    after.split_once("```").unwrap().0.to_owned()
}

fn built_in() -> String {
    std::fs::read_to_string(root().join("src/dataset/built_in/hk-talent-admissions.toml")).unwrap()
}

fn corrected(document: &str, correction: &str) -> (Case, crate::support::Ended) {
    let case = Case::with(document).file("own.toml", built_in() + correction);
    let ended = case.run(&["run", "--dataset", "own.toml"]);
    (case, ended)
}

#[test]
fn another_dataset_needs_a_definition_only() {
    let definition = tutorial("nights.toml");
    let document = tutorial("nights.txt");
    let case = Case::new().file("nights.toml", definition).file("nights.txt", document);
    let ended = case.run(&["run", "nights.txt", "--dataset", "nights.toml"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let rows = case.rows("observations");
    let columns: Vec<&String> = rows[0].keys().collect();
    assert!(
        columns.contains(&&"purpose".to_owned())
            && columns.contains(&&"purpose_name".to_owned())
            && !columns.contains(&&"scheme".to_owned())
    );
    let of = |purpose: &str, region: &str, period: &str| {
        rows.iter()
            .find(|row| row["purpose"] == purpose && row["region"] == region && row["period"] == period)
            .unwrap()
    };
    let france = of("HOL", "FRA", "2025-Q3");
    assert_eq!(
        (
            france["value"].as_str(),
            france["previous_period"].as_str(),
            france["change_absolute"].as_str(),
            france["is_partial"].as_str()
        ),
        ("12.5", "2024-Q3", "-0.5", "false")
    );
    assert_eq!(france["monthly_average"].parse::<f64>().unwrap(), 12.5 / 3.0);
    assert_eq!(france["share"].parse::<f64>().unwrap(), 125.0 / 1303.0);
    assert_eq!(
        (of("BUS", "_T", "2025-Q3")["value"].as_str(), of("BUS", "_T", "2025-Q3")["basis"].as_str()),
        ("6.1", "derived")
    );
    assert_eq!(
        (of("BUS", "KOR", "2025-Q3")["value"].as_str(), of("BUS", "KOR", "2025-Q3")["basis"].as_str()),
        ("0.0", "nil")
    );
    assert_eq!(of("HOL", "_O", "2024-Q3")["value"], "-2.0");
    let package = std::fs::read_to_string(case.published().join("datapackage.json")).unwrap();
    assert!(package.contains("\"purpose\"") && !package.contains("scheme"));
}

#[test]
fn a_correction_puts_the_right_value_in_and_keeps_what_is_printed() {
    let misprinted = annex().replacen("\t549\t", "\t594\t", 1);
    let correction = "\n[[correction]]\nkey = \"TTPS/CAN/2023\"\nexpected = \"594\"\nvalue = 549\nreason = \"two digits swapped\"\n";
    let (case, ended) = corrected(&misprinted, correction);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let rows = case.rows("observations");
    let canada = rows
        .iter()
        .find(|row| row["scheme"] == "TTPS" && row["region"] == "CAN" && row["period"] == "2023")
        .unwrap();
    assert_eq!(
        (canada["value"].as_str(), canada["value_label"].as_str(), canada["basis"].as_str()),
        ("549", "594", "corrected")
    );
}

#[test]
fn a_correction_is_in_the_unit_of_the_measure_and_for_its_release() {
    let with = |correction: &str| {
        let definition = tutorial("nights.toml")
            + "\n[[correction]]\nkey = \"BUS/JPN/2024-Q3\"\nexpected = \"4.5\"\nreason = \"r\"\n"
            + correction;
        let case = Case::new().file("nights.toml", definition).file("nights.txt", tutorial("nights.txt"));
        let ended = case.run(&["run", "nights.txt", "--dataset", "nights.toml"]);
        (case, ended)
    };
    for (correction, expected) in
        [("value = 5", "5.0"), ("value = 5.5", "5.5"), ("value = 5\nrelease = \"2020-01-01\"", "4.5")]
    {
        let (case, ended) = with(correction);
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{correction}");
        let rows = case.rows("observations");
        let japan = rows.iter().find(|row| row["region"] == "JPN" && row["period"] == "2024-Q3").unwrap();
        assert_eq!(japan["value"], expected, "{correction}");
    }
    assert!(with("value = 5.55").1.err.contains("more decimals than the measure"));
}

#[test]
fn a_table_with_decimals_is_read_like_any_other() {
    let document = tutorial("nights.txt") + "\nItaly        7.5       8.5\n";
    let case = Case::new().file("nights.toml", tutorial("nights.toml")).file("nights.txt", document);
    assert_eq!(case.run(&["run", "nights.txt", "--dataset", "nights.toml"]).code, 0);
    assert!(case.rows("observations").iter().any(|row| row["region"] == "ITA" && row["value"] == "8.5"));
}

#[test]
fn a_correction_that_no_longer_matches_is_a_problem() {
    let correction = "\n[[correction]]\nkey = \"TTPS/CAN/2023\"\nexpected = \"594\"\nvalue = 549\nreason = \"two digits swapped\"\n";
    let (_, ended) = corrected(&annex(), correction);
    assert_eq!(ended.code, 1);
    says(
        &ended.err,
        &["the correction of TTPS/CAN/2023 no longer matches", "own.toml:", "input/annex.txt:12:8"],
    );
    let (_, ended) = corrected(&annex(), &correction.replace("2023", "2019"));
    assert!(ended.code == 1 && ended.err.contains("no document prints a figure there"), "{}", ended.err);
}

#[test]
fn a_wrong_definition_is_shown_with_line_and_column() {
    let twice = "\n[[correction]]\nkey = \"TTPS/CAN/2023\"\nexpected = \"1\"\nvalue = 2\nreason = \"r\"\n";
    let cases = [
        (
            built_in().replace("regular_period", "regular_perod"),
            "own.toml:8:1",
            "did you mean `regular_period`?",
        ),
        (
            built_in().replace("regular_period", "nil_marks = [\"-\"]\nregular_period"),
            "own.toml:8:1",
            "name nil symbols under `[symbols]`",
        ),
        (
            built_in().replace("regular_period = \"year\"", "regular_period = \"yaer\""),
            "own.toml:8:18",
            "did you mean `year`?",
        ),
        (
            built_in().replace("\"CHN\" } # the table", "\"CHIN\" } # the table"),
            "own.toml:",
            "unknown region code `CHIN`",
        ),
        (
            built_in()
                + "\n[[correction]]\nkey = \"TPTS/CAN/2023\"\nexpected = \"1\"\nvalue = 2\nreason = \"r\"\n",
            "own.toml:",
            "did you mean `TTPS`?",
        ),
        (built_in() + "[", "own.toml:", "the definition is wrong"),
        (built_in().replace("[measure]", "[measure]\ndecimals = 30"), "own.toml:12:12", "at most 9 decimals"),
        (built_in().replace("\"-\" =", "\"0\" ="), "own.toml:16:1", "`0` cannot be a mark"),
        (built_in() + &twice.repeat(2), "own.toml:", "the figure is corrected twice"),
        (built_in() + &twice.replace("2\nreason", "-2\nreason"), "own.toml:", "it cannot be below zero"),
    ];
    for (definition, place, words) in cases {
        let ended = Case::with(&annex()).file("own.toml", definition).run(&["run", "--dataset", "own.toml"]);
        assert_eq!(ended.code, 78, "{}", ended.err);
        says(&ended.err, &[place, words]);
    }
    let ended = Case::with(&annex()).run(&["run", "--dataset", "hk-talent-admision"]);
    assert!(ended.code == 78 && ended.err.contains("did you mean `hk-talent-admissions`?"), "{}", ended.err);
}
