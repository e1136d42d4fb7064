//! The same tables printed in another way give the same observations but for the place.

use crate::support::{Case, annex, placeless};

/// A line of the annex, as cells.
fn cells(line: &str) -> Vec<&str> {
    if line.contains('\t') { line.split('\t').collect() } else { vec![line] }
}

fn is_row(line: &str) -> bool {
    line.contains('\t')
}

/// Prints each line of the annex anew.
pub fn printed(print: impl Fn(&str) -> String) -> String {
    annex().lines().map(print).collect::<Vec<_>>().join("\n") + "\n"
}

/// Prints the figures of the annex anew.
fn figures(print: impl Fn(&str) -> String) -> String {
    let is_figure = |cell: &str| {
        cell.chars().all(|c| c.is_ascii_digit() || c == ' ') && cell.len() != 4 || cell.len() < 4
    };
    printed(|line| {
        let cells: Vec<String> = cells(line)
            .into_iter()
            .map(|cell| if is_row(line) && is_figure(cell) { print(cell) } else { cell.into() })
            .collect();
        cells.join("\t")
    })
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', ';']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell.into() }
}

fn fixed_width(line: &str) -> String {
    let row = cells(line);
    let first = if row[0].chars().next().is_some_and(char::is_alphabetic) {
        format!("{:<24}", row[0])
    } else {
        format!("{:>24}", row[0])
    };
    let rest: String = row[1..].iter().map(|cell| format!("{cell:>30}")).collect();
    if is_row(line) { first + &rest } else { line.into() }
}

/// A row of cells as Markdown has it, with a delimiter row below a header.
pub fn piped(line: &str) -> String {
    if !is_row(line) {
        return line.into();
    }
    let row = format!("| {} |", cells(line).join(" | "));
    let heads = line.starts_with("Region") || line.starts_with("2023");
    if heads { format!("{row}\n|{}", " --- |".repeat(cells(line).len())) } else { row }
}

/// The tables in the opposite order, each with what belongs to it. The first note's reach would change with its place,
/// so it stays where it is: notes are no observations.
fn reversed() -> String {
    let annex = annex();
    let blocks: Vec<&str> = annex.split("\n\n").collect();
    let heads: Vec<usize> = (0..blocks.len()).filter(|&at| is_row(blocks[at])).map(|at| at - 1).collect();
    let ends = heads[1..].iter().copied().chain([blocks.len()]);
    let tables: Vec<String> =
        heads.iter().zip(ends).map(|(&start, end)| blocks[start..end].join("\n\n")).collect();
    tables.into_iter().rev().collect::<Vec<_>>().join("\n\n")
}

fn utf16(text: &str, big: bool) -> Vec<u8> {
    let bytes = |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
    std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(bytes).collect()
}

/// The annex in each layout, by its name.
pub fn layouts() -> Vec<(&'static str, Vec<u8>)> {
    let crlf = annex().replace('\n', "\r\n");
    vec![
        ("pipes", printed(piped).into()),
        ("pipes without a frame", printed(|line| cells(line).join(" | ")).into()),
        ("fixed width", printed(fixed_width).into()),
        ("fixed width, indented", printed(|line| format!("   {}", fixed_width(line))).into()),
        ("csv", printed(|line| cells(line).into_iter().map(quoted).collect::<Vec<_>>().join(",")).into()),
        (
            "csv with semicolons",
            printed(|line| cells(line).into_iter().map(quoted).collect::<Vec<_>>().join(";")).into(),
        ),
        (
            "csv with all cells quoted",
            printed(|line| {
                cells(line)
                    .into_iter()
                    .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")))
                    .collect::<Vec<_>>()
                    .join(",")
            })
            .into(),
        ),
        (
            "tabs with all cells quoted",
            printed(|line| {
                cells(line).into_iter().map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join("\t")
            })
            .into(),
        ),
        ("carriage returns", crlf.clone().into()),
        ("a byte order mark", [b"\xEF\xBB\xBF".as_slice(), crlf.as_bytes()].concat()),
        ("UTF-16, little end first", utf16(&annex(), false)),
        ("UTF-16, big end first", utf16(&crlf, true)),
        ("no-break blanks", figures(|cell| cell.replace(' ', "\u{a0}")).into()),
        ("thin blanks", figures(|cell| cell.replace(' ', "\u{2009}")).into()),
        ("figure spaces", figures(|cell| cell.replace(' ', "\u{2007}")).into()),
        ("commas", figures(|cell| cell.replace(' ', ",")).into()),
        ("apostrophes", figures(|cell| cell.replace(' ', "'")).into()),
        ("no marks", figures(|cell| cell.replace(' ', "")).into()),
        (
            "full-width digits",
            figures(|cell| {
                cell.chars()
                    .map(|c| if c.is_ascii_digit() { char::from_u32(c as u32 + 0xFEE0).unwrap() } else { c })
                    .collect()
            })
            .into(),
        ),
        ("dashes for nil", annex().replace("\t-", "\t–").replace("–\t-", "–\t—").into()),
        ("tables in another order", reversed().into()),
        (
            "titles in bold over two lines",
            annex()
                .replace("General Employment Policy (GEP)", "**General Employment\nPolicy (GEP)**")
                .replace(
                    "Technology Talent Admission Scheme",
                    "### Technology Talent Admission Scheme (TechTAS)",
                )
                .into(),
        ),
        ("no blank lines around titles", annex().replace("\n\nRegion", "\nRegion").into()),
        (
            "upper case",
            printed(
                |line| {
                    if is_row(line) || line.starts_with("Note") { line.into() } else { line.to_uppercase() }
                },
            )
            .into(),
        ),
    ]
}

#[test]
fn every_layout_gives_the_same_observations() {
    let plain = Case::with(&annex());
    assert_eq!(plain.run(&["run"]).code, 0);
    let expected = placeless(plain.rows("observations"));
    assert_eq!(expected.len(), 228);
    for (name, bytes) in layouts() {
        let case = Case::new().file("input/annex.txt", bytes);
        let ended = case.run(&["run"]);
        assert_eq!(ended.code, 0, "{name}: {}", ended.err);
        assert_eq!(placeless(case.rows("observations")), expected, "{name}");
    }
}

#[test]
fn an_encoding_that_is_named_is_followed() {
    let (bytes, _, lossy) = encoding_rs::WINDOWS_1252.encode("é");
    assert!(!lossy);
    let annex = annex().replace(['“', '”'], "\"").replace("Words", "W");
    let latin: Vec<u8> = annex.replace("In place", "in place").bytes().chain(bytes.iter().copied()).collect();
    let case = Case::new().file("input/annex.txt", latin);
    let refused = case.run(&["run"]);
    assert_eq!(refused.code, 65);
    assert!(refused.err.contains("0xE9") && refused.err.contains("--encoding"), "{}", refused.err);
    assert_eq!(case.run(&["run", "--encoding", "windows-1252"]).code, 0);
}

#[test]
fn an_empty_template_gives_no_data() {
    let template = "T\n\nRegion\t2022\t2023\t2024\nCanada\n……\nOthers\nTotal\n\n";
    let case = Case::with(&(template.to_owned() + &annex()));
    let ended = case.run(&["run"]);
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(case.rows("observations").len(), 228);
}
