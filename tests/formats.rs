//! `--format`: which files are published, and what follows from that.

use std::fs;

use crate::support::{Case, annex, says};

const TABLES: [&str; 5] = ["checks", "codes", "notes", "observations", "regions"];
const FOLDER: &str = "output/hk-talent-admissions";

/// The names of the published files, those of tables with these extensions.
fn expected(extensions: &[&str]) -> Vec<String> {
    let files = extensions.iter().flat_map(|extension| TABLES.map(|table| format!("{table}.{extension}")));
    let mut names: Vec<String> = files.chain(["datapackage.json".to_owned()]).collect();
    names.sort();
    names
}

fn names(case: &Case) -> Vec<String> {
    case.bytes().into_keys().collect()
}

/// The files that the data package lists, in order.
fn listed(case: &Case) -> Vec<String> {
    let package: serde_json::Value = serde_json::from_slice(&case.bytes()["datapackage.json"]).unwrap();
    let resources = package["resources"].as_array().unwrap();
    let mut listed: Vec<String> =
        resources.iter().map(|file| file["path"].as_str().unwrap().to_owned()).collect();
    listed.sort();
    listed
}

#[test]
fn the_chosen_formats_are_published_and_described() {
    let all = Case::with(&annex());
    assert_eq!(all.run(&["run"]).code, 0);
    assert_eq!(names(&all), expected(&["csv", "parquet"]));
    for (format, extensions) in
        [("csv", &["csv"][..]), ("parquet", &["parquet"]), ("parquet,csv,csv", &["csv", "parquet"])]
    {
        let case = Case::with(&annex());
        let ended = case.run(&["run", "--format", format]);
        assert_eq!((ended.code, ended.err.as_str()), (0, ""));
        assert_eq!(names(&case), expected(extensions));
        let mut listed = listed(&case);
        listed.push("datapackage.json".into());
        listed.sort();
        assert_eq!(listed, expected(extensions));
        let (published, of_all) = (case.bytes(), all.bytes());
        let tables = published.iter().filter(|(name, _)| *name != "datapackage.json");
        assert!(tables.into_iter().all(|(name, bytes)| *bytes == of_all[name]), "{format}");
    }
    let case = Case::with(&annex());
    assert_eq!(case.run_with(&["run"], &[("BLUEBOOK_FORMAT", "csv")]).code, 0);
    assert_eq!(names(&case), expected(&["csv"]));
}

#[test]
fn an_unknown_format_is_refused_with_those_there_are() {
    let case = Case::with(&annex());
    for arguments in [&["run", "--format", "xml"], &["run", "--format", ""], &["run", "--format", "csv,"]] {
        let ended = case.run(arguments);
        assert_eq!(ended.code, 2);
        says(&ended.err, &["--format", "csv", "parquet"]);
    }
    assert!(!case.path("output").exists());
}

#[test]
fn files_of_a_format_that_is_no_longer_chosen_leave_the_set() {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run"]).code, 0);
    let before = case.bytes();
    for (format, extensions) in
        [("csv", &["csv"][..]), ("parquet", &["parquet"]), ("csv,parquet", &["csv", "parquet"])]
    {
        let ended = case.run(&["run", "--format", format]);
        assert!(ended.code == 0 && ended.out.contains("published 228 observations"), "{}", ended.err);
        assert_eq!(names(&case), expected(extensions));
        let again = case.run(&["run", "--format", format]);
        assert_eq!((again.code, again.out.as_str(), again.err.as_str()), (0, "", ""));
    }
    assert!(case.bytes() == before);
}

#[test]
fn a_file_of_another_format_in_the_set_is_removed() {
    let stray = format!("{FOLDER}/notes.parquet");
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run", "--format", "csv"]).code, 0);
    let case = case.file(&stray, "stray");
    assert_eq!(case.run(&["run", "--format", "csv"]).code, 0);
    assert_eq!(names(&case), expected(&["csv"]));
}

#[test]
fn verify_follows_the_formats_of_the_published_set() {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run", "--format", "csv"]).code, 0);
    for arguments in [&["verify"][..], &["verify", "--published"]] {
        let ended = case.run(arguments);
        assert_eq!((ended.code, ended.err.as_str()), (0, ""));
        says(&ended.out, &["hk-talent-admissions: 6 files are as"]);
    }
    fs::write(case.path(&format!("{FOLDER}/notes.parquet")), "stray").unwrap();
    let ended = case.run(&["verify"]);
    assert_eq!(ended.code, 3);
    says(&ended.err, &[&format!("{FOLDER}/notes.parquet: it is no file of the set\n")]);
    // Without a data package nothing says what is published: all formats are expected.
    fs::remove_file(case.path(&format!("{FOLDER}/datapackage.json"))).unwrap();
    let ended = case.run(&["verify"]);
    assert_eq!(ended.code, 3);
    says(&ended.err, &[&format!("{FOLDER}/observations.parquet: it is missing\n")]);
}

#[test]
fn a_frozen_run_keeps_the_published_formats() {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run", "--lock"]).code, 0);
    let before = case.bytes();
    let ended = case.run(&["run", "--frozen", "--format", "parquet"]);
    assert_eq!(ended.code, 3);
    for table in TABLES {
        says(&ended.err, &[&format!("  {FOLDER}/{table}.csv would be removed\n")]);
    }
    assert!(case.bytes() == before);
}
