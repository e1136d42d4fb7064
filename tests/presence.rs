//! What a definition names must be there, and headings must agree: tables lost, files cut off, years misprinted.

use crate::support::{Case, Ended, annex, dimensions, says};

/// Two tables, of which a document may be made.
fn definition(rest: &str) -> String {
    format!(
        "name = \"own\"\ntitle = \"t\"\npublisher = \"p\"\n[measure]\nname = \"m\"\nunit = \"u\"\n{}{rest}",
        dimensions("A = \"First\", B = \"Second\"")
    )
}

/// A table of one row and its total.
fn table(title: &str, headings: &str) -> String {
    let figures = "\t5".repeat(headings.split('\t').count());
    format!("{title}\n\nRegion\t{headings}\nCanada{figures}\nTotal{figures}\n\n")
}

fn run(document: &str, rest: &str) -> Ended {
    run_as(document, rest, "a.txt")
}

fn run_as(document: &str, rest: &str, name: &str) -> Ended {
    let case = Case::new().file("own.toml", definition(rest)).file(name, document);
    case.run(&["run", name, "--dataset", "own.toml"])
}

fn accepted(document: &str, rest: &str) {
    let ended = run(document, rest);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{document}");
}

fn refused(document: &str, rest: &str, words: &[&str]) {
    let ended = run(document, rest);
    assert_eq!(ended.code, 1, "{document}{}", ended.err);
    assert!(ended.err.contains("\n1 problem;"), "one cause, one problem: {}", ended.err);
    says(&ended.err, words);
}

/// Two tables with these headings.
fn pair(first: &str, second: &str) -> String {
    table("First", first) + &table("Second", second)
}

#[test]
fn a_table_that_is_gone_is_a_problem() {
    let first = table("First", "2023\t2024");
    refused(
        &first,
        "",
        &["error: 1 table of the definition is missing: B\n  --> a.txt\n", "`optional = true`"],
    );
    accepted(&first, "[[table]]\nfixed = { class = \"B\" }\noptional = true\n");
    let second = |when: &str| format!("[[table]]\nfixed = {{ class = \"B\" }}\n{when}\n");
    for (when, code) in [
        ("from = \"2025-01-01\"", 0),
        ("from = \"2024-12-31\"", 1),
        ("until = \"2024-12-30\"", 0),
        ("until = \"2024-12-31\"", 1),
        ("from = \"2025-13-01\"", 78),
    ] {
        assert_eq!(run(&first, &second(when)).code, code, "{when}");
    }
}

#[test]
fn a_release_may_come_in_parts() {
    let parts = |names: [&str; 2]| {
        let case = Case::new()
            .file("own.toml", definition(""))
            .file(&format!("in/{}", names[0]), table("First", "2023\t2024"))
            .file(&format!("in/{}", names[1]), table("Second", "2023\t2024"));
        case.run(&["run", "in", "--dataset", "own.toml"])
    };
    let ended = parts(["2025-01-01-a.txt", "2025-01-01-b.txt"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    let ended = parts(["2025-01-01-a.txt", "2025-02-01-b.txt"]);
    assert_eq!(ended.code, 1);
    says(&ended.err, &["missing: B\n  --> in/2025-01-01-a.txt", "missing: A\n  --> in/2025-02-01-b.txt"]);
}

/// Wherever the annex is cut off between two tables, or loses one, the run fails.
#[test]
fn an_annex_without_one_of_its_tables_is_refused() {
    let annex = annex();
    let lines: Vec<&str> = annex.lines().collect();
    let is_header = |at: &usize| lines[*at].contains("\t2024") || lines[*at].starts_with("2023\t");
    let headers: Vec<usize> = (0..lines.len()).filter(is_header).collect();
    assert_eq!(headers.len(), 7);
    for (at, header) in headers.iter().enumerate() {
        let end = headers.get(at + 1).map_or(lines.len(), |next| next - 2);
        let without = [&lines[..header - 2], &lines[end..]].concat().join("\n");
        let ended = Case::with(&without).run(&["check"]);
        assert_eq!(ended.code, 1, "{}", ended.err);
        let cut = lines[..header - 2].join("\n");
        assert_ne!(Case::with(&cut).run(&["check"]).code, 0, "cut off in front of line {header}");
    }
}

#[test]
fn headings_that_cannot_all_be_right_are_refused() {
    let years = "2021\t2022\t2023";
    let cases: [(&str, &[&str]); 9] = [
        (
            "2021\t2032\t2023",
            &["the headings of B do not run one way in time", "a.txt:9:18", "2023 behind 2032"],
        ),
        ("2022\t2021\t2023", &["do not run one way"]),
        ("2003\t2022\t2023", &["the period 2003 is far from all others", "a.txt:9:8", "the nearest is 2021"]),
        ("2021\t2022\t2052", &["the period 2052 is far from all others"]),
        ("2021\t2023", &["A has the period 2022, and B has not", "a.txt:3:13", "has it", "a.txt:9:8"]),
        ("2021\t2022\t2024", &["A has the period 2023, and B has not"]),
        ("2019\t2022\t2023", &["A has the period 2021, and B has not"]),
        ("2021\t2022\t2023\t2024 (Jan - Mar)", &[]),
        ("2019\t2020\t2021\t2022", &[]),
    ];
    for (headings, words) in cases {
        if words.is_empty() {
            accepted(&pair(years, headings), "");
        } else {
            refused(&pair(years, headings), "", words);
        }
    }
    // The part of a year that has passed.
    let parts = ["2022\t2023\t2024 (Jan - Feb)", "2022\t2023\t2024 (Jan - Mar)"];
    refused(&pair(parts[0], parts[1]), "", &["the period 2024"]);
    accepted(&pair(parts[0], parts[0]), "");
    // Down is a way, too; and tables of other lengths of period say nothing of each other.
    accepted(&pair("2023\t2022\t2021", "2023\t2022\t2021"), "");
    refused(&pair("2023\t2022\t2021", years), "", &["run the other way in time", "other tables run so"]);
    refused(&pair("2023\t2022\t2021\t2024 (Jan - Mar)", years), "", &["do not run one way"]);
    // A year may stand behind its quarters, and a part of one below it.
    let quarters = "2022 Q1\t2022 Q2\t2022 Q3\t2022 Q4\t2022\t2023 Q1";
    accepted(&pair(quarters, quarters), "");
    refused(
        &pair("2022\t2023\t2024 (Jan - Feb)", "2022\t2023\t2025 (Jan - Feb)"),
        "",
        &["has the period 202"],
    );
    refused(&pair("2022\t2023\t2044 (Jan - Feb)", "2022\t2023"), "", &["is far from all others"]);
    accepted(&pair("2021\t2022", "2021 Q1\t2021 Q3"), "");
}

#[test]
fn what_is_right_all_the_same_is_said_for_the_table() {
    let unusual =
        |what: &str| format!("[[table]]\nfixed = {{ class = \"B\" }}\nunusual_periods = [\"{what}\"]\n");
    for (headings, what) in
        [("2022\t2021\t2023", "order"), ("1921\t2021\t2022\t2023", "gaps"), ("2021\t2023", "own")]
    {
        let document = pair("2021\t2022\t2023", headings);
        assert_eq!(run(&document, "").code, 1, "{what}");
        accepted(&document, &unusual(what));
    }
    let document = pair("2021\t2022", "2021\t2022\t2023");
    let ended = run_as(&document, "", "2023-06-30-a.txt");
    assert_eq!(ended.code, 1);
    says(&ended.err, &["the period 2023 ends after the release of 2023-06-30", "2023-06-30-a.txt:9:18"]);
    assert_eq!(run_as(&document, &unusual("future"), "2023-06-30-a.txt").code, 0);
}

#[test]
fn a_table_that_is_left_out_does_not_tell_the_release() {
    let document = pair("2021\t2022", "2021\t2022") + &table("Projections", "2030\t2040");
    let rule = "[[ignore]]\ntitle = \"Projections\"\nreason = \"no figures of what was\"\n";
    let case = Case::new().file("own.toml", definition(rule)).file("a.txt", document);
    let ended = case.run(&["run", "a.txt", "--dataset", "own.toml"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert!(case.rows("observations").iter().all(|row| row["release_date"] == "2022-12-31"));
}
