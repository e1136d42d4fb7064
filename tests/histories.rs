//! Many releases, through the whole program: what was known on a day, what stood, what two releases say differently.
//!
//! The history is made up on the annex's Top Talent Pass Scheme; each of its figures and all that is expected was worked out by
//! hand. Canada's 2024 is revised from 391 to 393 in silence; Australia is listed from the third release on; in the fourth,
//! Singapore gives way to France; half a year is completed by its year.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Case, Ended, annex, rows, says};

const DEFINITION: &str = "\
name = \"made-up\"
title = \"A made-up history\"
publisher = \"nobody\"
[measure]
name = \"approvals\"
unit = \"persons\"
[[dimension]]
name = \"scheme\"
meaning = \"scheme\"
codes = { TTPS = \"Top Talent Pass Scheme\" }
[[dimension]]
name = \"region\"
meaning = \"region\"
codes = \"regions\"
[[table]]
long = { scheme = \"Scheme\", region = \"Region\", period = \"Period\", value = \"Approvals\" }
";

/// The name of the definition in the folder of a case.
pub const DATASET: &str = "made-up.toml";

/// What each release prints: a period, and the figure of each region.
type Printed = &'static [(&'static str, &'static str)];

const RELEASES: [(&str, Printed); 4] = [
    (
        "2025-06-30",
        &[
            ("2024", "China 39010, United States 331, Canada 391, Singapore 143, Others 1180, Total 41055"),
            ("2025-S1", "China 14000, United States 150, Canada 170, Singapore 60, Others 540, Total 14920"),
        ],
    ),
    (
        "2025-12-31",
        &[
            ("2024", "China 39010, United States 331, Canada 393, Singapore 143, Others 1180, Total 41057"),
            ("2025", "China 29638, United States 304, Canada 346, Singapore 118, Others 1102, Total 31508"),
        ],
    ),
    (
        "2026-02-28",
        &[
            (
                "2024",
                "China 39010, United States 331, Canada 393, Australia 256, Singapore 143, Others 924, Total 41057",
            ),
            (
                "2025",
                "China 29638, United States 304, Canada 346, Australia 191, Singapore 118, Others 911, Total 31508",
            ),
            (
                "2026-01-01/P2M",
                "China 4340, United States 50, Canada 61, Australia 23, Singapore 20, Others 146, Total 4640",
            ),
        ],
    ),
    (
        "2026-06-30",
        &[
            (
                "2025",
                "China 29638, United States 304, Canada 346, Australia 191, France 110, Others 919, Total 31508",
            ),
            (
                "2026-S1",
                "China 15000, United States 160, Canada 180, Australia 90, France 50, Others 450, Total 15930",
            ),
        ],
    ),
];

/// A document of the made-up dataset.
fn document(printed: &[(&str, &str)]) -> String {
    let lines = printed.iter().flat_map(|(period, figures)| {
        figures.split(", ").map(move |figure| {
            let (region, value) = figure.rsplit_once(' ').unwrap();
            format!("Top Talent Pass Scheme\t{region}\t{period}\t{value}\n")
        })
    });
    format!("Scheme\tRegion\tPeriod\tApprovals\n{}", lines.collect::<String>())
}

/// The first releases of the history; `name` names the document of each.
pub fn releases(count: usize, name: impl Fn(&str) -> String) -> Case {
    let case = Case::new().file(DATASET, DEFINITION);
    let documents = RELEASES.iter().take(count);
    documents
        .fold(case, |case, (date, printed)| case.file(&format!("input/{}", name(date)), document(printed)))
}

/// All releases.
fn history() -> Case {
    releases(4, |date| format!("{date}.txt"))
}

/// Runs a command on the made-up dataset.
fn run(case: &Case, arguments: &[&str]) -> Ended {
    case.run(&[arguments, &["--dataset", DATASET]].concat())
}

/// What a command prints.
fn printed(case: &Case, arguments: &[&str]) -> String {
    let ended = run(case, arguments);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{arguments:?}");
    ended.out
}

#[test]
fn a_run_as_of_a_day_gives_what_a_run_on_the_documents_up_to_it_gives() {
    for undated in [false, true] {
        let name = |date: &str| if undated { format!("of-{date}.txt") } else { format!("{date}.txt") };
        let all = releases(4, name);
        let before = run(&all, &["run", "-q"]);
        assert_eq!(before.code, 0, "{}", before.err);
        let published = all.bytes();
        for (count, (day, _)) in (1..).zip(RELEASES) {
            let up_to = releases(count, name);
            assert_eq!(run(&up_to, &["run", "-q"]).code, 0);
            assert_eq!(run(&all, &["run", "-q", "--as-of", day, "--output", day]).code, 0);
            let as_of = fs::read_dir(all.path(day).join("made-up")).unwrap().map(|entry| entry.unwrap());
            let mut count = 0;
            for file in as_of {
                let own = fs::read(file.path()).unwrap();
                let name = file.file_name().into_string().unwrap();
                assert!(Some(&own) == up_to.bytes().get(&name), "{name} as of {day}");
                count += 1;
            }
            assert_eq!(count, up_to.bytes().len(), "{day}");
            assert_eq!(run(&all, &["verify", "-q", "--as-of", day, "--output", day]).code, 0);
        }
        assert!(all.bytes() == published, "an older state does not touch the published one");
    }
}

#[test]
fn as_of_a_day_without_a_place_or_beside_a_lock_is_wrong_usage() {
    let case = history();
    let wrong: [&[&str]; 7] = [
        &["run", "--as-of", "2025-12-31"],
        &["verify", "--as-of", "2025-12-31"],
        &["run", "--as-of", "2025-12-31", "-o", "old", "--lock"],
        &["run", "--as-of", "2025-12-31", "-o", "old", "--frozen"],
        &["check", "--as-of", "2025-12-31", "--frozen"],
        &["check", "--as-of", "2025-13-31"],
        &["explain", "CAN", "--as-of", "today"],
    ];
    for arguments in wrong {
        let ended = run(&case, arguments);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{arguments:?}: {}", ended.err);
    }
    says(&run(&case, wrong[0]).err, &["needs `--output DIR`"]);
    let variables = [("BLUEBOOK_AS_OF", "2025-12-31"), ("BLUEBOOK_OUTPUT", "output")];
    assert_eq!(
        case.run_with(&["run", "--dataset", DATASET], &variables).code,
        2,
        "a variable names no place"
    );
    assert!(!case.path("output").exists() && !case.path("old").exists());
    let ended = run(&case, &["check", "--as-of", "2025-06-29"]);
    assert_eq!(ended.code, 66, "{}", ended.err);
    says(&ended.err, &["no document is of a release up to 2025-06-29; the first release is 2025-06-30"]);
}

#[test]
fn what_only_later_releases_need_is_not_unused_before() {
    let case = history();
    let used_later = format!(
        "{DEFINITION}\n[[correction]]\nkey = \"TTPS/FRA/2025\"\nexpected = \"110\"\nvalue = 110\nreason = \"a test\"\n"
    )
    .replace("codes = \"regions\"", "codes = \"regions\"\nlabels = { \"La France\" = \"FRA\" }");
    let last = document(RELEASES[3].1).replace("France", "La France");
    let case = case.file(DATASET, used_later).file("input/2026-06-30.txt", last);
    for day in ["2025-06-30", "2026-02-28", "2026-06-30"] {
        assert_eq!(printed(&case, &["check", "--as-of", day, "-q"]), "", "{day}");
    }
    fs::remove_file(case.path("input/2026-06-30.txt")).unwrap();
    let ended = run(&case, &["check"]);
    says(&ended.err, &["`La France` is never used", "TTPS/FRA/2025 no longer matches"]);
}

#[test]
fn explain_tells_what_was_known_on_a_day() {
    let told = printed(&history(), &["explain", "TTPS/CAN/2024", "--as-of", "2025-06-30"]);
    says(&told, &["printed `391`, read as 391"]);
    assert_eq!(told.matches("(release ").count(), 1);
}

/// Lines of the worked example: region, period, from, until, value, status, kind, revision, value before, difference, releases.
const STOOD: [&str; 13] = [
    "AUS 2025 2026-02-28 9999-12-31 191 A listed 0   2",
    "CAN 2024 2025-06-30 2025-12-30 391 A first 0   1",
    "CAN 2024 2025-12-31 9999-12-31 393 A revised 1 391 2 2",
    "CAN 2025-S1 2025-06-30 9999-12-31 170 A first 0   1",
    "FRA 2025 2026-06-30 9999-12-31 110 A listed 0   1",
    "SGP 2025 2025-12-31 2026-06-29 118 A first 0   2",
    "SGP 2025 2026-06-30 9999-12-31  K folded 1 118  1",
    "_O 2024 2026-02-28 9999-12-31 924 W composition 1 1180 0 1",
    "_O 2025 2025-12-31 2026-02-27 1102 W first 0   1",
    "_O 2025 2026-02-28 2026-06-29 911 W composition 1 1102 0 1",
    "_O 2025 2026-06-30 9999-12-31 919 W composition 2 911 0 1",
    "_T 2024 2025-06-30 2025-12-30 41055 A first 0   1",
    "_T 2024 2025-12-31 9999-12-31 41057 A revised 1 41055 2 2",
];

/// What a history in CSV says, as the worked example does.
fn lines(case: &Case, csv: &str) -> Vec<String> {
    fs::write(case.path("history.csv"), csv).unwrap();
    let columns = "region period realtime_start realtime_end value status kind revision previous_value difference releases";
    let line = |row: std::collections::BTreeMap<String, String>| {
        columns.split(' ').map(|column| row[column].clone()).collect::<Vec<_>>().join(" ")
    };
    rows(&case.path("history.csv")).into_iter().map(line).collect()
}

#[test]
fn a_history_tells_what_stood_from_when_to_when() {
    let case = history();
    let csv = printed(&case, &["history", "--format", "csv"]);
    let told = lines(&case, &csv);
    for expected in STOOD {
        assert!(told.iter().any(|line| line == expected), "{expected}\n{told:#?}");
    }
    assert_eq!(run(&case, &["run", "-q"]).code, 0);
    assert_eq!(csv.as_bytes(), case.bytes()["history.csv"], "as it is published");
    let current = told.iter().filter(|line| line.contains(" 2025 ") && line.contains(" 9999-12-31 "));
    let values = current.map(|line| line.split(' ').nth(4).unwrap().parse().unwrap_or(0));
    assert_eq!(values.sum::<i64>(), 2 * 31508, "the figures of a year and their total");
    let revised = lines(&case, &printed(&case, &["history", "--revised", "--format", "csv"]));
    assert_eq!(revised, [STOOD[2], STOOD[12]]);
    let before = printed(&case, &["history", "CAN/2024", "--format", "csv", "--as-of", "2025-12-30"]);
    assert_eq!(lines(&case, &before), [STOOD[1].replace("2025-12-30", "9999-12-31")]);
    let one: Value =
        serde_json::from_str(&printed(&case, &["history", "CAN/2024", "--format", "json"])).unwrap();
    assert_eq!(one.as_array().unwrap().len(), 2);
    let expected = json!([{"from": "2025-12-31", "value": 393, "previous": 391, "kind": "revised", "partial": false, "place": "4:36"}]);
    let told = |row: &Value| {
        json!({"from": row["realtime_start"], "value": row["value"], "previous": row["previous_value"],
            "kind": row["kind"], "partial": row["is_partial"], "place": row["source_position"]})
    };
    assert_eq!(json!([told(&one[1])]), expected);
}

#[test]
fn a_history_is_a_table_for_people() {
    let expected = "\
┌───────────────────────────────────────────────────────────────────────────────────────────────────────────────┐
│ figure          from         until        value   status   kind     difference   releases   source         │
╞═══════════════════════════════════════════════════════════════════════════════════════════════════════════════╡
";
    let told = printed(&history(), &["history", "TTPS/SGP/2025"]);
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(words(told.lines().nth(1).unwrap()), words(expected.lines().nth(1).unwrap()));
    let rows: Vec<Vec<String>> = told.lines().skip(3).map(words).collect();
    assert_eq!(
        rows[0],
        words("│ TTPS/SGP/2025 2025-12-31 2026-06-29 118 A first 2 2025-12-31.txt │"),
        "{told}"
    );
    assert_eq!(rows[1], words("│ 2026-06-30 K folded 1 2026-06-30.txt │"), "{told}");
}

#[test]
fn a_triangle_has_a_row_a_period_and_a_column_a_release() {
    let case = history();
    let expected = "\
TTPS/CAN
┌────────────────────────────────────────────────────────────────────┐
│ period           2025-06-30   2025-12-31   2026-02-28   2026-06-30 │
╞════════════════════════════════════════════════════════════════════╡
│ 2024                    391          393          393              │
│ 2025                                 346          346          346 │
│ 2025-S1                 170                                        │
│ 2026-01-01/P2M                                     61              │
│ 2026-S1                                                        180 │
└────────────────────────────────────────────────────────────────────┘
";
    assert_eq!(printed(&case, &["history", "CAN", "--wide"]), expected);
    assert_eq!(printed(&case, &["history", "*", "--wide", "--revised"]).matches("│ 2024 ").count(), 2);
    let csv = printed(&case, &["history", "AUS/2025", "--wide", "--format", "csv"]);
    assert_eq!(csv, "scheme,region,period,2026-02-28,2026-06-30\nTTPS,AUS,2025,191,191\n");
    let told: Value =
        serde_json::from_str(&printed(&case, &["history", "SGP/2024", "--wide", "--format", "json"]))
            .unwrap();
    let expected = json!([{"scheme": "TTPS", "region": "SGP", "period": "2024", "2025-06-30": 143, "2025-12-31": 143, "2026-02-28": 143}]);
    assert_eq!(told, expected);
}

#[test]
fn a_code_that_is_withdrawn_by_a_mark_and_folded_then_is_folded() {
    let definition = DEFINITION.replace("[[table]]\n", "[symbols]\n\"..\" = \"O\"\n[[table]]\n");
    let figures = [
        ("2024-01-31", "China 5, Canada 7, Others 3, Total 15"),
        ("2024-02-29", "China .., Canada 7, Others 3, Total 15"),
        ("2024-03-31", "Canada 7, Others 8, Total 15"),
        ("2024-04-30", "China 5, Canada 8, Others 2, Total 15"),
    ];
    let case = figures.into_iter().fold(Case::new().file(DATASET, definition), |case, (date, printed)| {
        let lines = printed.split(", ").map(|figure| {
            let (region, value) = figure.rsplit_once(' ').unwrap();
            format!("Top Talent Pass Scheme\t{region}\t2023\t{value}\n")
        });
        let lines: String = lines.collect();
        case.file(&format!("input/{date}.txt"), format!("Scheme\tRegion\tPeriod\tApprovals\n{lines}"))
    });
    let told = printed(&case, &["history", "CHN/2023", "--format", "json"]);
    let told: Vec<Value> = serde_json::from_str(&told).unwrap();
    let kinds: Vec<_> = told.iter().map(|row| (row["kind"].clone(), row["status"].clone())).collect();
    let expected = [("first", "A"), ("withdrawn", "O"), ("folded", "K"), ("listed", "A")];
    assert_eq!(kinds, expected.map(|(kind, status)| (json!(kind), json!(status))));
    says(&printed(&case, &["history", "CHN/2023", "--wide"]), &["5      missing       folded            5"]);
    says(&printed(&case, &["diff", "2024-01-31", "2024-02-29"]), &["TTPS/CHN/2023  5  missing (O)"]);
}

#[test]
fn a_single_release_has_a_history_and_a_key_without_one_prints_nothing() {
    let case = releases(1, |date| format!("{date}.txt"));
    let told = lines(&case, &printed(&case, &["history", "--format", "csv"]));
    assert_eq!(told.len(), 12, "each figure a row");
    assert!(told.contains(&"CAN 2024 2025-06-30 9999-12-31 391 A first 0   1".to_owned()));
    for nothing in
        [&["history", "BRA"][..], &["history", "CAN/1999", "--format", "json"], &["history", "--revised"]]
    {
        assert_eq!(printed(&case, nothing), "", "{nothing:?}");
    }
    let ended = run(&case, &["history", "TTPS/CNA/2024"]);
    assert_eq!((ended.code, ended.out.as_str()), (1, ""));
    says(&ended.err, &["nothing is published under `TTPS/CNA/2024`", "TTPS/CAN/2024"]);
    let case = case.file("input/2025-06-30.txt", document(RELEASES[0].1).replace("391", "392"));
    let ended = run(&case, &["history"]);
    assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{}", ended.err);
}

#[test]
fn a_diff_tells_what_the_newer_side_says_other_than_the_older() {
    let case = history();
    let cases = [
        (
            ["2025-06-30", "2025-12-31"],
            "\
made-up: 2025-06-30 -> 2025-12-31
revised
  TTPS/CAN/2024  391     393     +2  2025-12-31.txt:4:36
  TTPS/_T/2024   41 055  41 057  +2  2025-12-31.txt:7:35
completed
  TTPS/2025  completes 2025-S1  total 14 920 -> 31 508
unchanged: 4 figures; not printed anew: 1 table
",
        ),
        (
            ["input/2026-02-28.txt", "2026-06-30"],
            "\
made-up: input/2026-02-28.txt -> 2026-06-30
folded and listed
  TTPS/2025  folded SGP 118  listed FRA 110  _O 919 = 911 + 118 - 110
new tables
  TTPS/2026-S1  7 figures  total 15 930
unchanged: 5 figures; not printed anew: 2 tables
",
        ),
    ];
    for (sides, expected) in cases {
        assert_eq!(printed(&case, &[&["diff"], &sides[..]].concat()), expected);
        let ended = run(&case, &[&["diff", "--exit-code"], &sides[..]].concat());
        assert_eq!((ended.code, ended.out.as_str()), (3, expected), "{}", ended.err);
    }
    let same = "made-up: input -> input\nunchanged: 34 figures\n";
    assert_eq!(printed(&case, &["diff", "input", "input", "--exit-code"]), same);
}

#[test]
fn a_year_completes_the_latest_of_its_quarters() {
    let quarters = [
        ("2025-Q1", "Canada 80, Total 80"),
        ("2025-Q2", "Canada 85, Total 85"),
        ("2025-Q3", "Canada 90, Total 90"),
    ];
    let case = Case::new()
        .file(DATASET, DEFINITION)
        .file("a/2025-09-30.txt", document(&quarters))
        .file("b/2025-12-31.txt", document(&[("2025", "Canada 346, Total 346")]));
    let expected = "\
made-up: a -> b
completed
  TTPS/2025  completes 2025-Q3  total 90 -> 346
unchanged: 0 figures; not printed anew: 3 tables
";
    assert_eq!(printed(&case, &["diff", "a", "b"]), expected);
}

#[test]
fn a_side_may_be_published_and_of_any_date() {
    let case = history();
    assert_eq!(run(&case, &["run", "-q", "-o", "old", "--as-of", "2025-12-31"]).code, 0);
    for format in ["csv", "parquet"] {
        assert_eq!(run(&case, &["run", "-q", "--format", format]).code, 0);
        for published in ["output", "output/made-up"] {
            let told = printed(&case, &["diff", "input", published, "--exit-code"]);
            assert_eq!(told, format!("made-up: input -> {published}\nunchanged: 34 figures\n"));
        }
    }
    let told = printed(&case, &["diff", "old", "output"]);
    says(
        &told,
        &[
            "listed AUS 256 ",
            "_O 924 = 1 180 - 256",
            "_O 919 = 1 102 + 118 - 191 - 110",
            "unchanged: 15 figures",
        ],
    );
    // The older state as the newer side: Australia is in the residual again.
    let told = printed(&case, &["diff", "2026-02-28", "2025-12-31"]);
    says(&told, &["TTPS/2025  folded AUS 191 ", "_O 1 102 = 911 + 191\n"]);
    // Two documents of one date, one of which revises in silence.
    let case = case
        .file("a/2026-06-30.txt", document(RELEASES[3].1))
        .file("b/2026-06-30.txt", document(RELEASES[3].1).replace("346", "350").replace("\t919", "\t915"));
    let told: Value = serde_json::from_str(&printed(&case, &["diff", "a", "b", "--format", "json"])).unwrap();
    let revised: Vec<Value> = told[0]["revised"]
        .as_array()
        .unwrap()
        .iter()
        .map(|of| json!([of["key"], of["old"], of["new"], of["difference"]]))
        .collect();
    assert_eq!(json!(revised), json!([["TTPS/CAN/2025", 346, 350, 4], ["TTPS/_O/2025", 919, 915, -4]]));
    assert_eq!(told[0]["unchanged"], 12);
    let markdown = printed(&case, &["diff", "a", "b", "--format", "markdown"]);
    says(
        &markdown,
        &[
            "## made-up: a -> b\n\n### revised\n\n| figure | was | is | difference | source |\n| --- |",
            "| TTPS/CAN/2025 | 346 | 350 | +4 |",
        ],
    );
}

#[test]
fn a_side_that_cannot_be_compared_is_told() {
    let case = history().file("annex/annex.txt", annex());
    assert_eq!(case.run(&["run", "-q", "annex", "-o", "other"]).code, 0);
    let ended = run(&case, &["diff", "input", "other"]);
    assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{}", ended.err);
    says(&ended.err, &["is of hk-talent-admissions", "--dataset"]);
    let ended = run(&case, &["diff", "2020-01-31", "input"]);
    assert_eq!(ended.code, 66, "{}", ended.err);
    says(&ended.err, &["no document is of the release 2020-01-31; there are 2025-06-30, 2025-12-31"]);
    assert_eq!(run(&case, &["diff", "nowhere", "input"]).code, 66);
    assert_eq!(run(&case, &["diff", "input"]).code, 2);
    let case = case.file("wrong/2026-06-30.txt", document(RELEASES[3].1).replace("346", "347"));
    let ended = run(&case, &["diff", "input", "wrong", "--exit-code"]);
    assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{}", ended.err);
}

#[test]
fn what_comes_back_is_supplied_and_what_is_missing_is_withdrawn() {
    let case = Case::new()
        .file(DATASET, DEFINITION)
        .file("a/2025-01-31.txt", "Scheme\tRegion\tPeriod\tApprovals\nTop Talent Pass Scheme\tCanada\t2024\t5\nTop Talent Pass Scheme\tJapan\t2024\tn.a.\nTop Talent Pass Scheme\tIndia\t2024\t7\n")
        .file("b/2025-02-28.txt", "Scheme\tRegion\tPeriod\tApprovals\nTop Talent Pass Scheme\tCanada\t2024\tn.a.\nTop Talent Pass Scheme\tJapan\t2024\t6\n");
    let definition = DEFINITION.replace("[measure]", "totals = \"optional\"\n[measure]");
    let case = case.file(DATASET, definition + "[symbols]\n\"n.a.\" = \"O\"\n");
    let told: Value = serde_json::from_str(&printed(&case, &["diff", "a", "b", "--format", "json"])).unwrap();
    let keys = |kind: &str| {
        told[0][kind]
            .as_array()
            .unwrap()
            .iter()
            .map(|of| of["key"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(keys("withdrawn"), ["TTPS/CAN/2024", "TTPS/IND/2024"], "{told}");
    assert_eq!(keys("supplied"), ["TTPS/JPN/2024"]);
}

#[test]
fn an_explanation_ends_with_the_history() {
    let case = history();
    let told = printed(&case, &["explain", "TTPS/CAN/2024"]);
    let history = printed(&case, &["history", "TTPS/CAN/2024"]);
    assert!(told.ends_with(&format!("\n\n{history}")), "{told}");
    let single = releases(1, |date| format!("{date}.txt"));
    assert!(!printed(&single, &["explain", "TTPS/CAN/2024"]).contains("│"));
    // The last release prints 2025 alone; the newest before it that prints 2024 is the third.
    let told = printed(&case, &["explain", "TTPS/CAN/2025", "--release", "2026-06-30"]);
    says(
        &told,
        &[
            "change_absolute  -47 = 346 - 393 (at 2026-02-28.txt:4:36) of 2024 in the release 2026-02-28",
            "= -47 / 41057 (at 2026-02-28.txt:8:35), the total of 2024",
        ],
    );
    let told = printed(&case, &["explain", "TTPS/CAN/2025", "--release", "2026-02-28"]);
    says(&told, &["change_absolute  -47 = 346 - 393 (at 4:36) of 2024\n"]);
}

#[test]
fn a_release_that_comes_late_is_told_and_stands_as_if_it_had_been_there() {
    for layout in ["plain", "sets"] {
        let case = releases(4, |date| format!("{date}.txt"));
        let late = fs::read(case.path("input/2025-12-31.txt")).unwrap();
        fs::remove_file(case.path("input/2025-12-31.txt")).unwrap();
        let output = case.path("outputs");
        let variables = [("GITHUB_ACTIONS", "true"), ("GITHUB_OUTPUT", output.to_str().unwrap())];
        let told = |arguments: &[&str]| {
            let common = ["run", "--dataset", DATASET, "--report", "report.json", "--layout", layout];
            let _ = fs::remove_file(&output);
            let ended = case.run_with(&[&common, arguments].concat(), &variables);
            assert_eq!(ended.code, 0, "{}", ended.err);
            let outputs = fs::read_to_string(&output).unwrap();
            let report: Value = serde_json::from_slice(&fs::read(case.path("report.json")).unwrap()).unwrap();
            let changed = report["datasets"][0]["releases_changed"].clone();
            (ended, outputs.lines().last().unwrap().to_owned(), changed)
        };
        let (first, outputs, changed) = told(&[]);
        assert!(!first.out.contains("behind"), "{}", first.out);
        assert_eq!((outputs.as_str(), changed), ("releases_changed=", json!([])));
        fs::write(case.path("input/2025-12-31.txt"), &late).unwrap();
        let (ended, outputs, changed) = told(&[]);
        says(&ended.out, &["release 2025-12-31 was added behind 2026-06-30\n"]);
        assert_eq!(outputs, "releases_changed=2025-12-31");
        let expected =
            json!([{"release_date": "2025-12-31", "change": "added", "newest_published": "2026-06-30"}]);
        assert_eq!(changed, expected);
        let (ended, outputs, _) = told(&[]);
        assert_eq!((ended.out.as_str(), outputs.as_str()), ("", "releases_changed="));
        fs::write(case.path("input/2025-12-31.txt"), [late.as_slice(), b"\n"].concat()).unwrap();
        let (ended, ..) = told(&["--log-format", "json"]);
        says(
            &ended.err,
            &[
                r#""event":"release_changed","dataset":"made-up","release_date":"2025-12-31","change":"changed""#,
            ],
        );
        fs::remove_file(case.path("input/2025-12-31.txt")).unwrap();
        let (ended, outputs, _) = told(&[]);
        says(&ended.out, &["release 2025-12-31 was removed behind 2026-06-30\n"]);
        assert_eq!(outputs, "releases_changed=2025-12-31");
    }
}

#[test]
fn the_version_of_the_data_follows_from_what_was_read() {
    let version = |case: &Case| {
        let package = fs::read(case.path("output/made-up/datapackage.json")).unwrap();
        let package: Value = serde_json::from_slice(&package).unwrap();
        package["version"].as_str().unwrap().to_owned()
    };
    let versions: Vec<String> = [1, 2, 4]
        .map(|count| {
            let case = releases(count, |date| format!("{date}.txt"));
            assert_eq!(run(&case, &["run", "-q"]).code, 0);
            version(&case)
        })
        .to_vec();
    let numbers: Vec<&str> = versions.iter().map(|version| version.split_once('+').unwrap().0).collect();
    assert_eq!(numbers, ["1.0.0", "1.1.0", "1.3.0"]);
    let correction = "[[correction]]\nkey = \"TTPS/CAN/2024\"\nrelease = \"2025-06-30\"\nexpected = \"391\"\nvalue = 391\nreason = \"made up\"\n";
    let corrected =
        releases(1, |date| format!("{date}.txt")).file(DATASET, format!("{DEFINITION}{correction}"));
    assert_eq!(run(&corrected, &["run", "-q"]).code, 0);
    let corrected = version(&corrected);
    assert!(corrected.starts_with("1.0.1+") && corrected.len() == versions[0].len(), "{corrected}");
    assert_ne!(corrected.split('+').next_back(), versions[0].split('+').next_back());
}

#[test]
fn a_year_earlier_that_another_document_of_the_release_prints_is_compared() {
    let case = Case::new()
        .file(DATASET, DEFINITION)
        .file(
            "input/2026-02-28-a.txt",
            document(&[("2024", "China 39010, Canada 393, Others 1654, Total 41057")]),
        )
        .file(
            "input/2026-02-28-b.txt",
            document(&[("2025", "China 29638, Canada 346, Others 1524, Total 31508")]),
        );
    assert_eq!(run(&case, &["run", "-q"]).code, 0);
    let rows = rows(&case.path("output/made-up/observations.csv"));
    let canada = rows.iter().find(|row| row["region"] == "CAN" && row["period"] == "2025").unwrap();
    let told = ["previous_period", "previous_release", "comparison", "change_absolute"];
    assert_eq!(told.map(|name| canada[name].as_str()), ["2024", "2026-02-28", "like", "-47"]);
    let explained = printed(&case, &["explain", "TTPS/CAN/2025"]);
    says(&explained, &["change_absolute  -47 = 346 - 393 (at 2026-02-28-a.txt:3:"]);
}

#[test]
fn a_code_is_folded_into_the_residual_of_the_group_that_its_list_names() {
    let definition = DEFINITION.replace(
        "codes = \"regions\"\n",
        "codes = { _T = \"Total\", E = { name = \"East\", parent = \"_T\" }, C = { name = \"Gamma\", parent = \"_T\" }, \
         A = { name = \"Alpha\", parent = \"E\" }, B = { name = \"Beta\", parent = \"E\" }, \
         _O = { name = \"Other East\", parent = \"E\" } }\n",
    );
    let case = Case::new()
        .file(DATASET, &definition)
        .file(
            "input/2025-01-31.txt",
            document(&[("2024", "Alpha 5, Beta 7, Other East 1, East 13, Gamma 20, Total 33")]),
        )
        .file(
            "input/2025-02-28.txt",
            document(&[("2024", "Alpha 5, Other East 8, East 13, Gamma 20, Total 33")]),
        );
    let ended = run(&case, &["run", "-q"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let history = rows(&case.path("output/made-up/history.csv"));
    let told = |region: &str| {
        let row = history.iter().rfind(|row| row["region"] == region).unwrap();
        ["kind", "value", "difference"].map(|name| row[name].clone())
    };
    assert_eq!(
        (told("B"), told("_O")),
        (["folded", "", ""].map(String::from), ["composition", "8", "0"].map(String::from))
    );
}

#[test]
fn a_run_tells_what_the_newest_release_revised() {
    let case = releases(2, |date| format!("{date}.txt"));
    let (summary, output) = (case.path("summary.md"), case.path("outputs"));
    let variables = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_STEP_SUMMARY", summary.to_str().unwrap()),
        ("GITHUB_OUTPUT", output.to_str().unwrap()),
    ];
    let ended = case.run_with(&["run", "--dataset", DATASET, "--report", "report.json"], &variables);
    assert_eq!(ended.code, 0, "{}", ended.err);
    says(&ended.out, &["0 notes, 2 figures revised by 2025-12-31)"]);
    assert!(fs::read_to_string(output).unwrap().contains("\nrevised=2\n"));
    says(&fs::read_to_string(summary).unwrap(), &["| TTPS/CAN/2024 | 391 | 393 | +2 |"]);
    let report: Value = serde_json::from_slice(&fs::read(case.path("report.json")).unwrap()).unwrap();
    let newest = &report["datasets"][0]["newest_release"];
    let counts = ["tables", "figures", "new", "unchanged", "revised", "moved", "gone"]
        .map(|name| newest[name].clone());
    assert_eq!(json!(counts), json!([2, 12, 6, 4, 2, 0, 0]));
    assert_eq!(newest["previous_release"], "2025-06-30");
    assert_eq!(newest["revisions"][0]["source_position"], "4:36");
    let single = releases(1, |date| format!("{date}.txt"));
    let ended = run(&single, &["run", "--report", "report.json"]);
    assert!(ended.out.ends_with("0 notes)\n"), "{}", ended.out);
    let report = fs::read_to_string(single.path("report.json")).unwrap();
    assert!(!report.contains("newest_release"));
}
