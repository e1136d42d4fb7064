//! The annex, from text to published files, held against figures computed by a calculation that shares no code with
//! the program (`scripts/oracle.py`).

use std::collections::BTreeMap;

use crate::support::{Case, annex, real, root, rows};

/// Both annexes: the project's own, and the one it was written after.
fn annexes() -> Vec<String> {
    let published =
        real("text/talent-admission-schemes-2026-02.txt").map(|path| std::fs::read_to_string(path).unwrap());
    std::iter::once(annex()).chain(published).collect()
}

fn published(text: &str) -> Case {
    let case = Case::with(text);
    let ended = case.run(&["run"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    case
}

/// Whether two cells agree: floats to a part in 10¹², all else to the letter.
fn agree(column: &str, found: &str, expected: &str) -> bool {
    const FLOATS: [&str; 5] = ["share", "monthly_average", "change_relative", "share_change", "contribution"];
    if !FLOATS.contains(&column) || found.is_empty() || expected.is_empty() {
        return found == expected;
    }
    let (found, expected): (f64, f64) = (found.parse().unwrap(), expected.parse().unwrap());
    (found - expected).abs() <= 1e-12 * expected.abs()
}

#[test]
fn every_observation_is_the_one_computed_by_other_means() {
    let expected = rows(&root().join("tests/data/annex-expected.csv"));
    for text in annexes() {
        let found = published(&text).rows("observations");
        assert_eq!((found.len(), expected.len()), (228, 228));
        for (found, expected) in found.iter().zip(&expected) {
            for (column, value) in expected {
                assert!(
                    agree(column, &found[column], value),
                    "{column}: {} is not {value} in {found:?}",
                    found[column]
                );
            }
        }
    }
}

#[test]
fn the_count_of_what_was_read_and_proven() {
    for text in annexes() {
        let ended = Case::with(&text).run(&["check"]);
        let line = "hk-talent-admissions: 1 document, 7 tables, 224 printed figures, 19 nil marks proven, 24 of 24 totals reconciled, 5 notes\n";
        assert_eq!((ended.code, ended.out.as_str(), ended.err.as_str()), (0, line, ""));
    }
}

#[test]
fn each_observation_stands_where_it_says() {
    for text in annexes() {
        let lines: Vec<&str> = text.lines().collect();
        let observations = published(&text).rows("observations");
        let printed: Vec<_> = observations.iter().filter(|row| row["basis"] != "derived").collect();
        assert_eq!(printed.len(), 224);
        for row in printed {
            let (line, column) = row["source_position"].split_once(':').unwrap();
            let rest: String = lines[line.parse::<usize>().unwrap() - 1]
                .chars()
                .skip(column.parse::<usize>().unwrap() - 1)
                .collect();
            let label = &row["value_label"];
            assert!(rest.starts_with(label.as_str()), "{label} does not stand at {}", row["source_position"]);
        }
    }
}

#[test]
fn all_totals_are_reconciled_and_say_how() {
    for text in annexes() {
        let checks = published(&text).rows("checks");
        assert_eq!(checks.len(), 24);
        let of = |scheme: &str, period: &str| {
            checks.iter().find(|row| row["scheme"] == scheme && row["period"] == period).unwrap().clone()
        };
        let ttps = of("TTPS", "2023");
        let expected = [
            ("check", "total"),
            ("published", "49737"),
            ("computed", "49737"),
            ("difference", "0"),
            ("tolerance", "0"),
            ("passed", "true"),
            ("cells", "6"),
            ("source_position", "17:7"),
            ("region", "_T"),
            ("unit", "applications"),
        ];
        for (column, value) in expected {
            assert_eq!(ttps[column], value, "{column}");
        }
        let cells: i32 = checks.iter().map(|row| row["cells"].parse::<i32>().unwrap()).sum();
        assert_eq!(cells, 196, "200 components, less the 4 of the table without a total");
        assert!(checks.iter().all(|row| row["passed"] == "true" && row["scheme"] != "ASMTP"));
    }
}

#[test]
fn notes_hold_for_the_tables_they_say() {
    for text in annexes() {
        let notes = published(&text).rows("notes");
        let found: Vec<(&str, &str, &str)> = notes
            .iter()
            .map(|row| (row["note"].as_str(), row["scheme"].as_str(), row["printed_with"].as_str()))
            .collect();
        let first =
            ["ASMTP", "ASSG", "GEP", "IANG", "QMAS", "TTPS", "TechTAS"].map(|scheme| ("1", scheme, "TTPS"));
        let others =
            [("2", "GEP", "GEP"), ("3", "ASMTP", "ASMTP"), ("4", "QMAS", "QMAS"), ("5", "ASSG", "ASSG")];
        assert_eq!(found, [first.as_slice(), others.as_slice()].concat());
        assert!(notes.iter().all(|row| !row["text"].starts_with("Note") && row["text"].ends_with('.')));
    }
}

#[test]
fn regions_are_those_that_are_used() {
    let case = published(&annex());
    let regions: BTreeMap<String, BTreeMap<String, String>> =
        case.rows("regions").into_iter().map(|row| (row["region"].clone(), row)).collect();
    let used: std::collections::BTreeSet<String> =
        case.rows("observations").into_iter().map(|row| row["region"].clone()).collect();
    assert_eq!(used, regions.keys().cloned().collect());
    let of = |code: &str| {
        ["alpha2", "m49", "region_name", "region_kind"].map(|column| regions[code][column].clone())
    };
    assert_eq!(of("TWN"), ["TW", "158", "Taiwan, China", "economy"]);
    assert_eq!(of("AUS"), ["AU", "036", "Australia", "economy"]);
    assert_eq!(of("_O"), ["", "", "Others", "residual"]);
    assert_eq!(of("_T"), ["", "", "Total", "total"]);
}

#[test]
fn the_examples_a_reader_would_check_by_hand() {
    let observations = published(&annex()).rows("observations");
    let of = |scheme: &str, region: &str, period: &str| {
        observations
            .iter()
            .find(|row| row["scheme"] == scheme && row["region"] == region && row["period"] == period)
            .unwrap()
    };
    let canada = of("TTPS", "CAN", "2024");
    let float = |row: &BTreeMap<String, String>, column: &str| row[column].parse::<f64>().unwrap();
    assert_eq!(
        (canada["value"].as_str(), canada["change_absolute"].as_str(), canada["previous_period"].as_str()),
        ("393", "-156", "2023")
    );
    assert_eq!((float(canada, "share"), float(canada, "change_relative")), (393.0 / 41057.0, -156.0 / 549.0));
    let mainland = of("ASMTP", "CHN", "2024");
    assert_eq!((mainland["share"].as_str(), mainland["region_label"].as_str()), ("1.0", ""));
    assert_eq!(
        (of("ASMTP", "_T", "2024")["basis"].as_str(), of("ASMTP", "_T", "2024")["source_position"].as_str()),
        ("derived", "")
    );
    let part = observations.iter().filter(|row| row["is_partial"] == "true");
    assert!(part.map(|row| row["previous_period"].as_str()).all(str::is_empty));
    let italy = of("TechTAS", "ITA", "2024");
    assert_eq!(
        (italy["value"].as_str(), italy["change_relative"].as_str(), italy["change_absolute"].as_str()),
        ("0", "", "0")
    );
}

#[test]
fn what_cannot_occur_has_no_value() {
    let case = published(&annex().replace("\nJapan\t2 492", "\nChinese Mainland\t-\t-\t-\t-\nJapan\t2 492"));
    let rows = case.rows("observations");
    let excluded: Vec<_> =
        rows.iter().filter(|row| row["scheme"] == "GEP" && row["region"] == "CHN").collect();
    assert_eq!(excluded.len(), 4);
    for row in excluded {
        let columns = ["value", "value_label", "status", "basis", "share", "change_absolute", "region_rank"];
        assert_eq!(columns.map(|column| row[column].as_str()), ["", "-", "M", "published", "", "", ""]);
    }
}
