//! Breaks in series: what is compared across one is told apart, and what is wrong with one is said at its place.

use crate::support::{Case, annex, says};

#[test]
fn what_is_compared_across_a_break_is_told() {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run"]).code, 0);
    let rows = case.rows("observations");
    let comparison = |scheme: &str, period: &str| {
        let row = rows
            .iter()
            .find(|row| row["scheme"] == scheme && row["region"] == "_T" && row["period"] == period);
        row.map(|row| (row["comparison"].clone(), row["change_absolute"].clone())).unwrap()
    };
    // 31 278 - 35 058 and 35 058 - 26 270; the stream is counted in from 30 June 2025 on.
    assert_eq!(comparison("GEP", "2025"), ("break".into(), "-3780".into()));
    assert_eq!(comparison("GEP", "2024"), ("like".into(), "8788".into()));
    assert_eq!(comparison("TTPS", "2025"), ("like".into(), "-9549".into()));
}

const LIST: &str = "Region,Year,Persons\nCanada,2020,4\nCanada,2021,5\n";

fn check(words: &str) -> crate::support::Ended {
    let definition = format!(
        "name = \"own\"\ntitle = \"t\"\npublisher = \"p\"\ntotals = \"optional\"\n[measure]\nname = \"persons\"\nunit = \"persons\"\nadditive = false\n\
         [[dimension]]\nname = \"region\"\nmeaning = \"country\"\ncodes = \"regions\"\n\
         [[table]]\nlong = {{ region = \"Region\", period = \"Year\", value = \"Persons\" }}\n[[break]]\n{words}"
    );
    let case = Case::new().file("own.toml", definition).file("a.csv", LIST);
    case.run(&["check", "a.csv", "--dataset", "own.toml", "--release-date", "2022-01-01"])
}

#[test]
fn a_break_names_figures_a_day_and_a_reason_and_is_crossed() {
    let cases = [
        ("key = \"CAN\"\nfrom = \"2020-06-30\"\nreason = \"x\"\n", 0, ""),
        (
            "key = \"CAN\"\nfrom = \"2020-01-01\"\nreason = \"x\"\n",
            0,
            "no comparison crosses the break of CAN",
        ),
        (
            "key = \"JPN\"\nfrom = \"2020-06-30\"\nreason = \"x\"\n",
            0,
            "no comparison crosses the break of JPN",
        ),
        // Behind the newest release it is none yet.
        ("key = \"CAN\"\nfrom = \"2023-06-30\"\nreason = \"x\"\n", 0, ""),
        ("key = \"region=XYZ\"\nfrom = \"2020-06-30\"\nreason = \"x\"\n", 78, "XYZ"),
        ("key = \"CAN\"\nfrom = \"June\"\nreason = \"x\"\n", 78, "the break's first day is no date"),
        ("key = \"CAN\"\nfrom = \"2020-06-30\"\nreason = \" \"\n", 78, "the break has no reason"),
    ];
    for (words, code, told) in cases {
        let ended = check(words);
        assert_eq!(ended.code, code, "{words}{}", ended.err);
        says(&ended.err, &[told]);
        assert!(code > 0 || !told.is_empty() || ended.err.is_empty(), "{words}{}", ended.err);
    }
}
