//! What extractors of PDF give for the annex: read as the text is, or refused with the place; never another figure. The outputs in
//! tests/data/extractors are made by the tools themselves (`scripts/extractors.py --samples`).

use std::collections::BTreeMap;
use std::fs;

use crate::html::DEFINITION;
use crate::support::{Case, annex, placeless, root, says};

/// Outputs whose cells are parted.
const PARTED: [&str; 6] = [
    "docling.md",
    "pdfplumber-layout.txt",
    "pdfplumber.csv",
    "pdfplumber.tsv",
    "pdftotext-layout.txt",
    "pymupdf4llm.md",
];

/// One whose columns are lost, and found again by the totals.
const FLATTENED: &str = "pdftotext-raw.txt";

/// One in which a heading of two lines is torn: its first line stands above all others.
const TORN: &str = "pdfplumber-text.txt";

type Observations = Vec<BTreeMap<String, String>>;

fn sample(name: &str) -> String {
    fs::read_to_string(root().join("tests/data/extractors").join(name)).unwrap()
}

fn expected() -> Observations {
    let plain = Case::with(&annex());
    assert_eq!(plain.run(&["run"]).code, 0);
    placeless(plain.rows("observations"))
}

#[test]
fn what_tools_give_is_read_as_the_text_is() {
    let expected = expected();
    assert_eq!(expected.len(), 228);
    for name in PARTED.into_iter().chain([FLATTENED]) {
        let case = Case::new().file(&format!("input/{name}"), sample(name));
        let ended = case.run(&["run"]);
        assert_eq!(ended.code, 0, "{name}: {}", ended.err);
        let observations = case.rows("observations");
        each_figure_has_its_place(name, &observations);
        assert_eq!(placeless(observations), expected, "{name}");
    }
}

fn each_figure_has_its_place(name: &str, observations: &Observations) {
    let text = sample(name);
    let lines: Vec<&str> = text.split('\n').collect();
    for row in observations.iter().filter(|row| row["basis"] == "published") {
        let (line, column) = row["source_position"].split_once(':').unwrap();
        let (line, column): (usize, usize) = (line.parse().unwrap(), column.parse().unwrap());
        let at: String = lines[line - 1].chars().skip(column - 1).collect();
        assert!(at.starts_with(&row["value_label"]), "{name}: {row:?}");
    }
}

#[test]
fn a_torn_heading_is_refused() {
    let ended = Case::new().file(&format!("input/{TORN}"), sample(TORN)).run(&["run"]);
    assert_eq!(ended.code, 1, "{}", ended.err);
    says(&ended.err, &["no table was found", TORN, "nothing was published"]);
}

/// The row that is damaged and the one below it.
const CANADA: [&str; 5] = ["Canada", "549", "393", "346", "61"];
const STATES: [&str; 5] = ["The United States", "536", "331", "304", "50"];

/// A line with each cell replaced.
fn replace(line: &str, cells: [&str; 5]) -> String {
    let (mut replaced, mut rest) = (String::new(), line);
    for (old, new) in CANADA.iter().zip(cells) {
        let (before, behind) = rest.split_once(old).unwrap();
        replaced.extend([before, new]);
        rest = behind;
    }
    replaced + rest
}

/// What extractors do to a row, and to the one below it; none where that is left out.
type Fault = (&'static str, fn(&str, &str) -> (String, Option<String>));

fn kept(line: String, next: &str) -> (String, Option<String>) {
    (line, Some(next.to_owned()))
}

const FAULTS: [Fault; 9] = [
    ("figures one column to the left", |line, next| {
        kept(replace(line, ["Canada", "393", "346", "61", ""]), next)
    }),
    ("figures one column to the right", |line, next| {
        kept(replace(line, ["Canada", "", "549", "393", "346"]), next)
    }),
    ("two columns exchanged", |line, next| kept(replace(line, ["Canada", "393", "549", "346", "61"]), next)),
    ("a digit lost", |line, next| kept(replace(line, ["Canada", "54", "393", "346", "61"]), next)),
    ("two cells in one", |line, next| {
        let (before, behind) = (line.split_once("549").unwrap().0, line.split_once("393").unwrap().1);
        kept(format!("{before}549 393{behind}"), next)
    }),
    ("two figures glued", |line, next| {
        let (before, behind) = (line.split_once("549").unwrap().0, line.split_once("393").unwrap().1);
        kept(format!("{before}549393{behind}"), next)
    }),
    ("a row merged into the next", |line, _| {
        let joined: Vec<String> =
            CANADA.iter().zip(STATES).map(|(one, other)| format!("{one} {other}")).collect();
        let joined: Vec<&str> = joined.iter().map(String::as_str).collect();
        (replace(line, joined.try_into().unwrap()), None)
    }),
    ("a row lost", |_, next| (next.to_owned(), None)),
    ("a label lost", |line, next| kept(replace(line, ["", "549", "393", "346", "61"]), next)),
];

#[test]
fn typical_faults_of_extractors_are_refused() {
    for name in PARTED {
        let text = sample(name);
        let lines: Vec<&str> = text.split('\n').collect();
        let at = lines.iter().position(|line| line.contains("549")).unwrap();
        // Some lay out rows with lines between.
        let below = (at + 1..lines.len()).find(|at| lines[*at].contains("536")).unwrap();
        for (fault, damage) in FAULTS {
            let (line, next) = damage(lines[at], lines[below]);
            let rows = [&lines[..at], &[line.as_str()], &lines[at + 1..below]].concat();
            let damaged = [&rows[..], next.as_deref().as_slice(), &lines[below + 1..]].concat().join("\n");
            let ended = Case::new().file(&format!("input/{name}"), &damaged).run(&["check"]);
            assert_eq!(ended.code, 1, "{name}, {fault}: {}", ended.out);
            says(&ended.err, &[&format!("--> input/{name}:")]);
        }
    }
}

#[test]
fn a_minus_that_is_lost_is_found_by_the_total() {
    let definition = DEFINITION.replace("unit = \"jobs\"\n", "unit = \"jobs\"\nnegative = true\n");
    for (men, code) in [("-1", 0), ("−1", 0), ("\\-1", 0), ("&minus;1", 0), ("1", 1)] {
        let page = format!("## Jobs by sex\n\n|Sex|2023|\n|---|--:|\n|Men|{men}|\n|Women|3|\n|Total|2|\n");
        let case = Case::new().file("jobs.md", page).file("jobs.toml", &definition);
        let ended = case.run(&["check", "jobs.md", "--dataset", "jobs.toml"]);
        assert_eq!(ended.code, code, "{men}: {}", ended.err);
        if code == 1 {
            says(&ended.err, &["the total doesn't add up", "jobs.md:7:8"]);
        }
    }
}

/// The figures that are read of a page in Markdown, in order.
fn figures(page: &str) -> Vec<String> {
    let case = Case::new().file("jobs.md", page).file("jobs.toml", DEFINITION);
    let ended = case.run(&["run", "jobs.md", "--dataset", "jobs.toml", "--release-date", "2026-01-01"]);
    assert_eq!(ended.code, 0, "{page}\n{}", ended.err);
    let rows = case.rows("observations").into_iter();
    let mut figures: Vec<String> =
        rows.map(|row| format!("{} {} {}", row["sex"], row["period"], row["value"])).collect();
    figures.sort();
    figures
}

#[test]
fn markdown_is_read_as_it_is_shown() {
    let expected = ["F 2023 2", "F 2024 4", "M 2023 1", "M 2024 3", "_T 2023 3", "_T 2024 7"];
    let rows = "|Men|1|3|\n|Women|2|4|\n|Total|3|7|\n";
    for (name, page) in [
        ("a heading", format!("## Jobs by sex\n\n|Sex|2023|2024|\n|---|:-:|--:|\n{rows}")),
        ("bold", format!("# **Jobs** **by sex**\n\n|**Sex**|**2023**|__2024__|\n|---|---|---|\n{rows}")),
        ("lines in cells", format!("**Jobs by sex**\n\n|Sex<br>of person|2023|2024<br/>|\n|---|---|---|\n{rows}")),
        ("references", format!("Jobs&nbsp;by sex\n\n|Sex &amp; gender|&nbsp;2023|2024|\n|---|---|---|\n{rows}")),
        ("escapes", format!("Jobs by sex\n\n|Sex \\| gender|2023|2024|\n|---|---|---|\n{rows}")),
        (
            "no frame",
            "Jobs by sex\n\nSex | 2023 | 2024\n--- | --- | ---\nMen | 1 | 3\nWomen | 2 | 4\nTotal | 3 | 7\n".into(),
        ),
        ("names for empty headings", format!("Jobs by sex\n\n|Col1|Col2|Col3|\n|---|---|---|\n|Sex|2023|2024|\n{rows}")),
        ("empty headings", format!("Jobs by sex\n\n|||2024|\n|---|---|---|\n|Sex|2023|(p)|\n{rows}")),
        (
            "marks",
            format!("Jobs by sex\n\n|Sex|2023<sup>1</sup>|2024|\n|---|---|---|\n{rows}\n- <sup>1</sup> Revised.\n"),
        ),
        ("comments", format!("<!-- image -->\n\nJobs by sex\n\n|Sex|2023|2024|\n|---|---|---|\n{rows}\n<!-- 5 -->\n")),
        ("a table as it stood", "Jobs by sex\n\n```\nSex    2023  2024\nMen       1     3\nWomen     2     4\nTotal     3     7\n```\n\n|Term|Meaning|\n|---|---|\n|Men|Boys and men|\n".into()),
        ("the next page", "Jobs by sex\n\n|Sex|2023|2024|\n|---|---|---|\n|Men|1|3|\n\nPage 1 of 2\n\n|Sex|2023|2024|\n|---|---|---|\n|Women|2|4|\n|Total|3|7|\n".into()),
    ] {
        assert_eq!(figures(&page), expected, "{name}");
    }
}

#[test]
fn what_markdown_leaves_open_is_refused() {
    let page = |men: &str| {
        format!("Jobs by sex\n\n|Sex|2023|2024|\n|---|---|---|\n{men}\n|Women|2|4|\n|Total|3|7|\n")
    };
    for (men, place) in [
        ("|Men|1|3|9|", "jobs.md:5:10"),
        ("|Men|~~1~~|3|", "jobs.md:5:6"),
        ("|Men|1<sub>2</sub>|3|", "jobs.md:5:6"),
        ("|Men|[1](#a)|3|", "jobs.md:5:6"),
        ("|Men|1*0*0|3|", "jobs.md:5:6"),
        ("Men|13|", "jobs.md:5:"),
    ] {
        let case = Case::new().file("jobs.md", page(men)).file("jobs.toml", DEFINITION);
        let ended = case.run(&["check", "jobs.md", "--dataset", "jobs.toml"]);
        assert_eq!(ended.code, 1, "{men}: {}", ended.out);
        says(&ended.err, &[place]);
    }
    assert_eq!(figures(&page("|Men|1|3|")).len(), 6);
}
