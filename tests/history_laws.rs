//! Laws of histories, on made-up releases drawn by a seeded generator: what stands is the newest print, intervals meet, what was
//! revised adds up, and nothing depends on a later release.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::support::Case;

const DEFINITION: &str = "name = \"own\"\ntitle = \"t\"\npublisher = \"p\"\nnil = \"zero\"\nshare_of = \"region\"\n\
    [measure]\nname = \"persons\"\nunit = \"persons\"\n\
    [[dimension]]\nname = \"scheme\"\nmeaning = \"scheme\"\n[dimension.codes]\nX = \"X\"\nY = \"Y\"\n\
    [[dimension]]\nname = \"region\"\nmeaning = \"region\"\ncodes = \"regions\"\n\
    [[table]]\nlong = { scheme = \"Scheme\", region = \"Region\", period = \"Year\", value = \"Value\" }\n\
    unusual_periods = [\"order\", \"own\", \"gaps\", \"future\"]\n";

const REGIONS: [(&str, &str); 5] =
    [("AUT", "Austria"), ("BEL", "Belgium"), ("CHL", "Chile"), ("DNK", "Denmark"), ("EST", "Estonia")];

/// The figures of a table: of listed regions, and of all others.
type Table = (BTreeMap<&'static str, i64>, i64);

/// The tables of a release, by scheme and year.
type Release = BTreeMap<(&'static str, i32), Table>;

fn release() -> impl Strategy<Value = Release> {
    let table = (prop::collection::btree_map(0..REGIONS.len(), 0..4_i64, 1..5), 0..4_i64);
    let table = table.prop_map(|(listed, others)| {
        (listed.into_iter().map(|(at, value)| (REGIONS[at].0, value)).collect(), others)
    });
    let key = (prop::sample::select(vec!["X", "Y"]), 2022..2025);
    prop::collection::btree_map(key, table, 1..5)
}

/// A release as a list.
fn print(release: &Release) -> String {
    let mut lines = vec!["Scheme,Region,Year,Value".to_owned()];
    for ((scheme, year), (listed, others)) in release {
        let name = |code: &str| REGIONS.iter().find(|(known, _)| *known == code).unwrap().1;
        lines.extend(listed.iter().map(|(code, value)| format!("{scheme},{},{year},{value}", name(code))));
        lines.push(format!("{scheme},Others,{year},{others}"));
        lines.push(format!("{scheme},Total,{year},{}", listed.values().sum::<i64>() + others));
    }
    lines.join("\n") + "\n"
}

fn day(at: usize) -> String {
    format!("2026-0{}-15", at + 1)
}

fn publish(releases: &[Release]) -> Case {
    let file = |case: Case, (at, release)| case.file(&format!("input/{}-list.csv", day(at)), print(release));
    let case = releases.iter().enumerate().fold(Case::new().file("own.toml", DEFINITION), file);
    let ended = case.run(&["run", "--dataset", "own.toml", "input", "--no-sync"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    case
}

fn text(case: &Case, table: &str) -> String {
    std::fs::read_to_string(case.published().join(format!("{table}.csv"))).unwrap()
}

/// What stands on a day, by scheme, region and period; what is folded or withdrawn is left out.
fn view(rows: &[BTreeMap<String, String>], day: &str) -> BTreeMap<[String; 3], String> {
    let stands = |row: &&BTreeMap<String, String>| {
        row["realtime_start"].as_str() <= day && day <= row["realtime_end"].as_str()
    };
    let entry = |row: &BTreeMap<String, String>| {
        (["scheme", "region", "period"].map(|column| row[column].clone()), row["value"].clone())
    };
    rows.iter().filter(stands).map(entry).filter(|(_, value)| !value.is_empty()).collect()
}

/// The newest print of each table.
fn newest(releases: &[Release]) -> BTreeMap<[String; 3], String> {
    let mut tables: Release = BTreeMap::new();
    for release in releases {
        tables.extend(release.clone());
    }
    let mut figures = BTreeMap::new();
    for ((scheme, year), (listed, others)) in &tables {
        let mut put = |region: &str, value: i64| {
            figures.insert([(*scheme).into(), region.into(), year.to_string()], value.to_string());
        };
        for (region, value) in listed {
            put(region, *value);
        }
        put("_O", *others);
        put("_T", listed.values().sum::<i64>() + others);
    }
    figures
}

fn number(row: &BTreeMap<String, String>, column: &str) -> i64 {
    row[column].parse().unwrap_or_default()
}

/// The rows of each figure follow one another without a gap, and the last is open.
fn intervals_meet(rows: &[BTreeMap<String, String>]) {
    for pair in rows.windows(2) {
        let same = ["scheme", "region", "period"].iter().all(|column| pair[0][*column] == pair[1][*column]);
        let ends = &pair[0]["realtime_end"];
        let next: chrono::NaiveDate = pair[1]["realtime_start"].parse().unwrap();
        assert!(if same { *ends == next.pred_opt().unwrap().to_string() } else { ends == "9999-12-31" });
        assert_eq!(number(&pair[1], "revision"), if same { number(&pair[0], "revision") + 1 } else { 0 });
    }
}

/// What was revised of the parts of a table makes what was revised of its total.
fn differences_add_up(rows: &[BTreeMap<String, String>]) {
    let mut sums: BTreeMap<[&str; 3], [i64; 2]> = BTreeMap::new();
    for row in rows.iter().filter(|row| !row["difference"].is_empty()) {
        let key = ["scheme", "period", "realtime_start"].map(|column| row[column].as_str());
        sums.entry(key).or_default()[usize::from(row["region"] == "_T")] += number(row, "difference");
    }
    for (table, [parts, total]) in sums {
        assert_eq!(parts, total, "{table:?}");
    }
}

fn counts_add_up(releases: &[BTreeMap<String, String>]) {
    for row in releases {
        let parts = ["new", "unchanged", "revised", "moved"].map(|column| number(row, column));
        assert_eq!(number(row, "figures"), parts.iter().sum::<i64>());
    }
}

#[test]
fn histories_keep_their_laws() {
    let mut runner = TestRunner::new_with_rng(
        Config { cases: 24, ..Config::default() },
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let law = |releases: Vec<Release>| {
        let case = publish(&releases);
        let (rows, lines) = (case.rows("history"), text(&case, "observations"));
        intervals_meet(&rows);
        differences_add_up(&rows);
        counts_add_up(&case.rows("releases"));
        let tables: BTreeSet<_> = rows.iter().map(|row| (&row["scheme"], &row["period"])).collect();
        assert!(!tables.is_empty());
        for known in 1..=releases.len() {
            assert_eq!(view(&rows, &day(known - 1)), newest(&releases[..known]));
            let before = publish(&releases[..known]);
            assert!(lines.starts_with(&text(&before, "observations")), "{known}");
        }
        Ok(())
    };
    runner.run(&prop::collection::vec(release(), 2..6), law).unwrap();
}
