//! The tables of all real workbooks: those a person sees, by the range of their figures, and those `inspect` finds.
//!
//! `tests/data/workbooks.tsv` has a line for each: `right`, `wrong` or `missed`, and why; `none` where a workbook has no table.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::{Case, real, root};

/// What a line of the table says.
struct Line {
    file: String,
    sheet: String,
    seen: String,
    found: String,
    verdict: String,
    why: String,
}

fn lines() -> Vec<Line> {
    let text = std::fs::read_to_string(root().join("tests/data/workbooks.tsv")).unwrap();
    let line = |line: &str| {
        let mut fields = line.split('\t').map(str::to_owned);
        let mut field = || fields.next().unwrap();
        Line { file: field(), sheet: field(), seen: field(), found: field(), verdict: field(), why: field() }
    };
    text.lines().skip(1).map(line).collect()
}

/// The ranges of the figures of each table that is found.
fn found(file: &str) -> BTreeSet<String> {
    let path = real(&format!("workbooks/{file}")).unwrap();
    let ended = Case::new().run(&["inspect", "--format", "json", path.to_str().unwrap()]);
    assert!([0, 1].contains(&ended.code), "{file}: {}", ended.err);
    let mut cells: BTreeMap<u64, Vec<(String, u32, u32)>> = BTreeMap::new();
    for item in ended.out.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()) {
        let kind = item["kind"].as_str().unwrap();
        if let Some(table) = item["table"].as_u64()
            && ["figure", "nil", "claim", "mark", "unknown", "ignored"].contains(&kind)
        {
            cells.entry(table).or_default().push(cell(item["position"].as_str().unwrap()));
        }
    }
    cells.values().map(|cells| range(cells)).collect()
}

/// The sheet, column and row of a place.
fn cell(place: &str) -> (String, u32, u32) {
    let (sheet, cell) = place.rsplit_once('!').unwrap();
    let letters = cell.bytes().take_while(u8::is_ascii_uppercase);
    let column = letters.fold(0, |column, letter| column * 26 + u32::from(letter - b'A') + 1);
    let row = cell.trim_start_matches(|c: char| c.is_ascii_uppercase()).parse().unwrap();
    (sheet.to_owned(), column, row)
}

fn range(cells: &[(String, u32, u32)]) -> String {
    let columns = || cells.iter().map(|(_, column, _)| *column);
    let rows = || cells.iter().map(|(_, _, row)| *row);
    let corner =
        |column: Option<u32>, row: Option<u32>| format!("{}{}", letters(column.unwrap()), row.unwrap());
    let (first, last) = (corner(columns().min(), rows().min()), corner(columns().max(), rows().max()));
    format!("{}!{first}:{last}", cells[0].0)
}

fn letters(column: u32) -> String {
    let before = if column > 26 { letters((column - 1) / 26) } else { String::new() };
    format!("{before}{}", char::from(b'A' + ((column - 1) % 26) as u8))
}

#[test]
fn the_tables_of_real_workbooks_are_found_as_far_as_they_are() {
    if real("workbooks").is_none() {
        return;
    }
    let lines = lines();
    for file in lines.chunk_by(|one, other| one.file == other.file) {
        let told: BTreeSet<String> = file
            .iter()
            .filter(|line| !line.found.is_empty())
            .map(|line| format!("{}!{}", line.sheet, line.found))
            .collect();
        assert_eq!(found(&file[0].file), told, "{}", file[0].file);
    }
}

#[test]
fn the_table_of_workbooks_says_of_each_what_was_found_and_why_not() {
    for Line { file, seen, found, verdict, why, .. } in lines() {
        let sound = match verdict.as_str() {
            "right" => seen == found && !seen.is_empty() && why.is_empty(),
            "wrong" => !seen.is_empty() && !found.is_empty() && !why.is_empty(),
            "missed" => !seen.is_empty() && found.is_empty() && !why.is_empty(),
            "none" => seen.is_empty() && found.is_empty() && !why.is_empty(),
            _ => false,
        };
        assert!(sound, "{file}: {seen} {found} {verdict} {why}");
    }
}

#[test]
fn every_real_workbook_is_in_the_table() {
    let Some(folder) = real("workbooks") else { return };
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
    let here: BTreeSet<String> = files.map(|entry| entry.file_name().into_string().unwrap()).collect();
    assert_eq!(here, lines().into_iter().map(|line| line.file).collect());
}
