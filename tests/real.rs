//! What `inspect` finds in each of the real texts, and why, against a summary of it: places and kinds, headings, marks and
//! reasons. Sentences stand there as their lengths, figures as their numbers.
//!
//! `BLUEBOOK_SNAPSHOTS=write` makes the summary anew.

use std::fmt::Write;

use serde_json::Value;

use crate::support::{Case, real, root};

const TEXTS: [&str; 7] = [
    "blank-template.txt",
    "claims-by-sex-grid.txt",
    "helpers-by-nationality-flattened.txt",
    "permits-flattened-ambiguous.txt",
    "talent-admission-schemes-2026-02.txt",
    "visitors-fixed-width.txt",
    "work-visas-indented.txt",
];

#[test]
fn real_texts_are_understood_as_far_as_they_are() {
    if real("text").is_none() {
        return;
    }
    let found: String = TEXTS.into_iter().map(summary).collect();
    let path = root().join("tests/data/inspect.txt");
    if std::env::var("BLUEBOOK_SNAPSHOTS").is_ok_and(|wanted| wanted == "write") {
        std::fs::write(&path, &found).unwrap();
    }
    let expected = std::fs::read_to_string(&path).unwrap();
    for (line, (found, expected)) in (1..).zip(found.lines().zip(expected.lines())) {
        assert_eq!(found, expected, "line {line} of {}", path.display());
    }
    assert_eq!(found.lines().count(), expected.lines().count());
}

/// What is found in a document, a line for each kind of thing in a row.
fn summary(name: &str) -> String {
    let path = real(&format!("text/{name}")).unwrap();
    let ended = Case::new().run(&["inspect", "--format", "json", path.to_str().unwrap()]);
    let items: Vec<Value> = ended.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let about = &items[0];
    let mut summary = format!(
        "{name}: ends with {}, {} tables, dataset {}\n",
        ended.code, about["tables"], about["dataset"]
    );
    for run in items[1..].chunk_by(|a, b| row(a) == row(b) && a["kind"] == b["kind"] && told(a) == told(b)) {
        let times = if run.len() > 1 { format!(" ×{}", run.len()) } else { String::new() };
        writeln!(
            summary,
            "{:>6} {}{times}{}",
            word(&run[0]["position"]),
            word(&run[0]["kind"]),
            told(&run[0])
        )
        .unwrap();
    }
    for line in ended.err.lines().filter(|line| line.starts_with("error") || line.starts_with("warning")) {
        writeln!(summary, "       {line}").unwrap();
    }
    summary + "\n"
}

fn word(value: &Value) -> &str {
    value.as_str().unwrap_or("?")
}

fn row(item: &Value) -> &str {
    word(&item["position"]).split(':').next().unwrap()
}

/// What is worth telling of an item, without what it prints where that is more than a heading.
fn told(item: &Value) -> String {
    let text = word(&item["text"]);
    let short =
        if text.chars().count() > 40 { format!("{} characters", text.chars().count()) } else { text.into() };
    match word(&item["kind"]) {
        "figure" | "nil" | "claim" => String::new(),
        "label" => format!(" → {}", word(&item["region"])),
        "period" => format!(" {text} → {}", word(&item["period"])),
        "column" => format!(" {text} → {} of {}", word(&item["indicator"]), word(&item["of"])),
        "title" => format!(" {short} → {}", word(&item["table_name"])),
        "mark" => format!(" {text}, {}", word(&item["meaning"])),
        "unknown" | "stray" => format!(": {}", word(&item["problem"])),
        "note" => format!(" {}: {} characters, {}", item["mark"], text.chars().count(), item["legends"]),
        "prose" => format!(" of {} characters", text.chars().count()),
        _ => format!(" {short}"),
    }
}
