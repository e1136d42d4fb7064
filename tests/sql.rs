//! Load scripts: what they say of a set, in each dialect. That databases take them is shown by `scripts/warehouses.py`.

use bluebook::sql::DIALECTS;

use crate::support::{Case, annex, says};

fn published() -> Case {
    let case = Case::with(&annex());
    assert_eq!(case.run(&["run"]).code, 0);
    case
}

#[test]
fn every_dialect_names_all_tables_columns_and_the_set() {
    let case = published();
    let columns = case.run(&["columns", "--format", "json"]).out;
    let columns: Vec<serde_json::Value> =
        columns.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let package = std::fs::read(case.published().join("datapackage.json")).unwrap();
    let hash = bluebook::load::Fingerprint::from_reader(package.as_slice()).unwrap().sha256;
    for dialect in &DIALECTS {
        let ended = case.run(&["sql", "--for", dialect.name]);
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", dialect.name);
        for column in &columns {
            let (table, name) = (column["table"].as_str().unwrap(), column["column"].as_str().unwrap());
            // A set of one release has no history.
            if ["history", "releases"].contains(&table) {
                continue;
            }
            let created = created(&ended.out, dialect, table);
            let line = created.lines().find(|line| line.trim().starts_with(&dialect.quote_name(name)));
            let line = line.unwrap_or_else(|| panic!("{}: no {table}.{name}", dialect.name));
            let is_null =
                line.contains("Nullable(") || dialect.name != "clickhouse" && !line.contains("NOT NULL");
            assert_eq!(is_null, column["null"].as_bool().unwrap(), "{}: {line}", dialect.name);
        }
        says(&ended.out, &[&hash, "_loads", "2026-02-28"]);
        // What is the same is printed the same.
        assert_eq!(case.run(&["sql", "--for", dialect.name]).out, ended.out);
    }
}

/// The statement that creates a table.
fn created<'a>(script: &'a str, dialect: &bluebook::sql::Dialect, table: &str) -> &'a str {
    let name = format!("{}.{} (", dialect.quote_name("hk_talent_admissions"), dialect.quote_name(table));
    let found = script.match_indices("CREATE ").map(|(at, _)| &script[at..]);
    let found = found.filter(|text| text.lines().next().unwrap().ends_with(&name));
    found.map(|text| text.split(";\n").next().unwrap()).next().unwrap()
}

#[test]
fn names_of_schemas_and_paths_cannot_break_out() {
    let case = published();
    let schema = "a\"b`c'd";
    for (dialect, expected) in [("postgres", "\"a\"\"b`c'd\""), ("bigquery", "`a\"b\\`c'd`")] {
        let script = case.run(&["sql", "--for", dialect, "--schema", schema, "--files", "it's"]).out;
        says(&script, &[expected]);
    }
    let script = case.run(&["sql", "--for", "duckdb", "--files", "it's"]).out;
    says(&script, &["read_parquet('it''s/observations.parquet')"]);
}

#[test]
fn a_set_without_the_files_that_a_dialect_reads_is_refused() {
    let case = Case::with(&annex());
    let ended = case.run(&["sql", "--for", "duckdb"]);
    assert_eq!(ended.code, 66);
    says(&ended.err, &["no set is published in output"]);
    assert_eq!(case.run(&["run", "--format", "csv"]).code, 0);
    assert_eq!(case.run(&["sql", "--for", "postgres"]).code, 0);
    let ended = case.run(&["sql", "--for", "duckdb"]);
    assert_eq!(ended.code, 78);
    says(&ended.err, &["has no parquet files; publish them, too"]);
    assert_eq!(case.run(&["sql", "--for", "oracle"]).code, 2);
}
