//! `read`: the tables of documents as Arrow, for programs.

use std::collections::BTreeSet;
use std::fs::File;

use arrow::array::{RecordBatch, StringArray};
use arrow::datatypes::DataType;
use arrow::ipc::reader::StreamReader;

use crate::support::{Case, annex, says};

/// The rows of a table that was read into a folder.
fn table(case: &Case, name: &str) -> Vec<RecordBatch> {
    let file = File::open(case.path(&format!("read/hk-talent-admissions/{name}.arrows"))).unwrap();
    StreamReader::try_new(file, None).unwrap().map(Result::unwrap).collect()
}

fn count(case: &Case, name: &str) -> usize {
    table(case, name).iter().map(RecordBatch::num_rows).sum()
}

#[test]
fn all_tables_of_a_dataset_are_written_and_those_without_rows_are_empty() {
    let case = Case::with(&annex());
    let ended = case.run(&["read", "--output", "read", "--report", "report.json"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    says(&ended.out, &["hk-talent-admissions: read into read/hk-talent-admissions (1 document, 7 tables"]);
    let counts = ["observations", "checks", "notes", "history", "releases"].map(|name| count(&case, name));
    assert_eq!(counts, [228, 24, 11, 0, 0]);
    let columns = table(&case, "observations")[0].schema();
    let is_coded = |kind: &DataType| matches!(kind, DataType::Dictionary(..));
    assert!(!columns.fields().iter().any(|field| is_coded(field.data_type())));
    let report = std::fs::read_to_string(case.path("report.json")).unwrap();
    says(&report, &["\"command\": \"read\""]);
    assert!(!case.path("output/hk-talent-admissions").exists(), "nothing is published");
    // What was read before is replaced as a whole.
    assert_eq!(case.run(&["read", "-q", "--output", "read", "--table", "notes"]).code, 0);
    let names = std::fs::read_dir(case.path("read/hk-talent-admissions")).unwrap().count();
    assert_eq!((names, count(&case, "notes")), (1, 11));
}

#[test]
fn standard_output_takes_one_table() {
    let case = Case::with(&annex());
    for (arguments, rows) in [(&["read"][..], 228), (&["read", "--table", "checks"], 24)] {
        let bytes = case.pipe_bytes(arguments, b"");
        let read = StreamReader::try_new(bytes.as_slice(), None).unwrap();
        assert_eq!(read.map(|rows| rows.unwrap().num_rows()).sum::<usize>(), rows);
    }
    let ended = case.run(&["read", "--table", "checks", "--table", "notes"]);
    assert_eq!((ended.code, ended.out.as_str()), (78, ""));
    says(&ended.err, &["standard output takes one table of one dataset"]);
    let ended = case.run(&["read", "--table", "chekcs"]);
    assert_eq!(ended.code, 78);
    says(&ended.err, &["no table has the name chekcs; `bluebook columns` lists all tables"]);
}

#[test]
fn rows_of_earlier_releases_are_only_compared_with() {
    // Two months of 2026, and of the year before in an earlier release: the earlier one is compared with.
    let before = annex().replace("2023\t2024\t2025\t2026 (", "2022\t2023\t2024\t2025 (");
    let case = Case::new().file("input/2025-02-28.txt", before).file("input/2026-02-28.txt", annex());
    let ended = case.run(&["read", "-q", "--output", "read", "--from", "2026-01-01"]);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let rows = table(&case, "observations");
    assert_eq!(rows.iter().map(RecordBatch::num_rows).sum::<usize>(), 228);
    let texts = |name: &str| {
        let column = rows.iter().flat_map(|rows| {
            let column = rows.column_by_name(name).unwrap();
            column.as_any().downcast_ref::<StringArray>().unwrap().iter().map(|text| text.map(str::to_owned))
        });
        column.collect::<Vec<_>>()
    };
    let compared = texts("period").into_iter().zip(texts("comparison"));
    let part = compared.filter(|(period, _)| period.as_deref() == Some("2026-01-01/P2M"));
    let found: BTreeSet<String> = part.filter_map(|(_, comparison)| comparison).collect();
    assert_eq!(found, ["break", "like"].map(String::from).into(), "two schemes have a break in between");
}

#[test]
fn a_release_with_a_problem_is_left_out_where_sound_ones_are_wanted() {
    let broken = annex().replacen("\t549\t", "\t594\t", 1);
    let case = Case::new()
        .file("input/2026-02-28.txt", annex())
        .file("input/2026-03-31.txt", broken)
        .file("input/2026-04-30.xlsx", b"PK\x03\x04 no workbook")
        .file("input/2026-05-31.txt", annex());
    let ended = case.run(&["read", "--output", "read"]);
    assert_eq!(ended.code, 65);
    assert!(!case.path("read/hk-talent-admissions").exists(), "{}", ended.err);
    let ended = case.run(&["read", "--output", "read", "--keep-sound", "--report", "report.json"]);
    assert_eq!(ended.code, 65, "{}", ended.err);
    // The two that are left have a history.
    assert_eq!((count(&case, "observations"), count(&case, "releases")), (456, 2));
    let report: serde_json::Value =
        serde_json::from_slice(&std::fs::read(case.path("report.json")).unwrap()).unwrap();
    let problems = report["problems"].as_array().unwrap();
    let errors = problems.iter().filter(|problem| problem["severity"] == "error");
    let mut rules: Vec<&str> = errors.map(|problem| problem["rule"].as_str().unwrap()).collect();
    rules.sort_unstable();
    assert_eq!(rules, ["total", "unreadable"]);
    let none = Case::new().file("input/2026-04-30.xlsx", b"PK\x03\x04 no workbook");
    assert_eq!(none.run(&["read", "--output", "read", "--keep-sound"]).code, 65);
    assert_eq!(count(&none, "observations"), 0);
}
