//! The commands beside `run`, and how the program speaks.

use crate::support::{Case, annex, says};

#[test]
fn check_writes_nothing() {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["check"]).code, 0);
    assert!(!case.path("output").exists());
    let broken = Case::with(&annex().replace("47 021", "47 020"));
    assert_eq!(broken.run(&["check"]).code, 1);
}

#[test]
fn inspect_accounts_for_every_cell() {
    let case = Case::with(&annex());
    let ended = case.run(&["inspect", "input/annex.txt", "--format", "json"]);
    assert_eq!(ended.code, 0);
    let items: Vec<serde_json::Value> =
        ended.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let count = |kind: &str| items.iter().filter(|item| item["kind"] == kind).count();
    assert_eq!(
        (
            count("title"),
            count("period"),
            count("figure"),
            count("nil"),
            count("label"),
            count("note"),
            count("prose")
        ),
        (7, 28, 205, 19, 55, 5, 3)
    );
    let cells: usize =
        annex().lines().map(|line| line.split('\t').filter(|cell| !cell.trim().is_empty()).count()).sum();
    assert_eq!(items.len() - 1, cells, "every cell, and the document itself");
    let canada = items.iter().find(|item| item["position"] == "12:12").unwrap();
    assert_eq!(
        canada.to_string(),
        r#"{"kind":"figure","table":1,"position":"12:12","text":"393","region":"CAN","period":"2024","value":393}"#
    );
}

#[test]
fn inspect_shows_what_is_found_and_what_is_wrong() {
    let case = Case::with(&annex().replacen("\t549\t", "\t12a4\t", 1));
    let ended = case.run(&["inspect", "--cells", "input/annex.txt"]);
    assert_eq!(ended.code, 1);
    says(
        &ended.out,
        &[
            "7 tables, dataset: hk-talent-admissions",
            "     8:1  title    Top Talent Pass Scheme → TTPS",
            "    12:8  unknown  12a4  (`a` is not part of a number)",
            "   12:13  figure   393 → 393  in 2024",
        ],
    );
    assert!(ended.err.contains("`12a4` is no figure"));
    let foreign = Case::new().file("other.txt", "A title\n\nRegion  2023  2024\nCanada  1  2\n").run(&[
        "inspect",
        "--cells",
        "other.txt",
    ]);
    assert!(
        foreign.code == 0
            && foreign.out.contains("dataset: none that is known")
            && foreign.out.contains("Canada → CAN"),
        "{}",
        foreign.out
    );
}

#[test]
fn columns_are_told_in_two_ways() {
    let case = Case::new();
    let markdown = case.run(&["columns"]).out;
    assert!(
        markdown.contains("| scheme | utf8 | no |  | Code of the admission scheme |")
            && markdown.contains("Key: release_date, scheme, region, period.")
    );
    let json = case.run(&["columns", "--format", "json"]).out;
    let columns: Vec<serde_json::Value> =
        json.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let of = |table: &str| columns.iter().filter(|column| column["table"] == table).count();
    assert_eq!(["observations", "checks", "notes", "regions", "codes"].map(of), [30, 17, 10, 5, 5]);
}

#[test]
fn the_schema_of_definitions_is_the_one_that_editors_are_given() {
    let kept = std::fs::read_to_string(crate::support::root().join("schemas/definition.json")).unwrap();
    let printed = Case::new().run(&["schema"]).out;
    assert_eq!(printed, kept, "write it anew: cargo run -- schema > schemas/definition.json");
}

#[test]
fn the_manual_and_completions_are_printed() {
    let case = Case::new();
    let manual = case.run(&["man"]).out;
    assert!(
        manual.contains(".TH bluebook")
            && manual.contains("[[correction]]")
            && manual.contains("\\-\\-release\\-date"),
        "{manual}"
    );
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        assert!(case.run(&["completions", shell]).out.contains("bluebook"), "{shell}");
    }
}

#[test]
fn what_a_document_was_read_as_is_told_where_it_is_asked_for() {
    let ended = Case::with(&annex()).run(&["check", "--verbose"]);
    assert!(
        ended.err.starts_with("annex.txt: text, UTF-8, 3")
            && ended.err.contains("release 2026-02-28, sha256 "),
        "{}",
        ended.err
    );
}

#[test]
fn usage_faults_end_with_2() {
    let case = Case::with(&annex());
    for arguments in [
        &["rnu"][..],
        &["run", "--release-date", "yesterday"],
        &["run", "--release-date", "26-1-1"],
        &["run", "--encoding", "klingon"],
        &["run", "--outptu", "x"],
        &[],
    ] {
        let ended = case.run(arguments);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{arguments:?}");
    }
    assert_eq!(case.run(&["--version"]).out, concat!("bluebook ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn flags_win_over_variables_which_win_over_defaults() {
    let case = Case::with(&annex());
    let variables = [("BLUEBOOK_OUTPUT", "elsewhere"), ("BLUEBOOK_RELEASE_DATE", "2026-03-01")];
    let ended = case.run_with(&["run", "--release-date", "2026-03-02"], &variables);
    assert!(
        ended.code == 0 && ended.out.contains("in elsewhere/hk-talent-admissions"),
        "{}{}",
        ended.out,
        ended.err
    );
    let rows = crate::support::rows(&case.path("elsewhere/hk-talent-admissions/observations.csv"));
    assert!(rows.iter().all(|row| row["release_date"] == "2026-03-02"));
}

#[test]
fn colour_only_where_it_is_asked_for() {
    let case = Case::with("words");
    assert!(!case.run(&["run"]).err.contains('\u{1b}'));
    assert!(case.run(&["run", "--color", "always"]).err.contains('\u{1b}'));
    assert_eq!(case.run(&["run", "--quiet"]).out, "");
}
