//! Text documents: bytes to characters, and lines to cells.
//!
//! A line is split at tabs, or else at pipes, or else at runs of two or more spaces. A document whose header is only found
//! by splitting at commas or semicolons is CSV. Every cell keeps the column of its first character.

mod csv;
mod decode;
mod records;

use std::borrow::Cow;

use crate::document::{Body, Cell, Grid, Row};
use crate::input::format::{Fault, InputFormat, ReadBody, ReadOptions};
use crate::input::limits::{Bound, Limits};
use crate::input::workbook::{group_digits, raise};
use csv::{detect_by_count, detect_separator, parse_csv};
pub use decode::{DecodeError, decode};
use records::number_records;

/// Text: what is of no other format.
pub struct Text;

impl InputFormat for Text {
    fn name(&self) -> &'static str {
        "text"
    }

    fn sniff(&self, _: &[u8]) -> bool {
        true
    }

    fn read(&self, bytes: &[u8], options: &ReadOptions<'_>) -> Result<ReadBody, Fault> {
        let (text, encoding) = decode(bytes, options.encoding)?;
        check_cells(&text, options.limits)?;
        Ok(ReadBody { description: format!("text, {encoding}"), body: Body::Text(text) })
    }
}

/// Checks how many cells a text can have, before memory is taken for them: one for each separator, whichever it is split at.
pub(super) fn check_cells(text: &str, limits: &Limits) -> Result<(), Fault> {
    let limit = limits.get(Bound::Cells);
    if text.len() as u64 <= limit || count_separators(text.as_bytes()) <= limit {
        return Ok(());
    }
    let found = format!("the text has more than {} cells, which is the limit", group_digits(limit));
    Err(Fault { place: None, found, help: raise(Bound::Cells, limit) })
}

fn count_separators(text: &[u8]) -> u64 {
    let is_line_end = |byte: u8| matches!(byte, b'\n' | b'\r');
    let separates = |window: &&[u8]| match window[..] {
        [_, before, own] if is_line_end(own) => !is_line_end(before),
        [first, before, b' '] => before == b' ' && first != b' ',
        [_, _, own] => matches!(own, b'\t' | b'|' | b',' | b';'),
        _ => false,
    };
    text.windows(3).filter(separates).count() as u64
}

impl From<DecodeError> for Fault {
    fn from(error: DecodeError) -> Fault {
        Fault { place: Some((error.line, error.column)), found: error.found, help: error.help }
    }
}

/// Splits a text into rows of cells.
#[must_use]
pub fn parse_grid(text: &str) -> Grid<'_> {
    parse_by(text, detect_separator(text))
}

/// The same where a definition says how tables are laid out: no header of periods is needed to tell a separator.
#[must_use]
pub fn parse_framed_grid(text: &str) -> Grid<'_> {
    parse_by(text, detect_separator(text).or_else(|| detect_by_count(text)))
}

fn parse_by(text: &str, separator: Option<char>) -> Grid<'_> {
    let rows = separator.map_or_else(|| parse_lines(text), |separator| parse_csv(text, separator));
    Grid { rows, ..Grid::default() }
}

/// The rows of lines.
fn parse_lines(text: &str) -> Vec<Row<'_>> {
    let lines = number_records(text).filter(|(_, line)| !is_ruling(line));
    fold_blank_rows(lines.map(|(number, line)| parse_line(number, line)))
}

/// Rows in order. Of several blank ones in succession the first says as much.
pub(super) fn fold_blank_rows<'t>(all: impl IntoIterator<Item = Row<'t>>) -> Vec<Row<'t>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for row in all {
        if !row.is_blank() || rows.last().is_none_or(|last| !last.is_blank()) {
            rows.push(row);
        }
    }
    rows
}

/// The lines of a text with their numbers, from 1. A line ends at a line feed, a carriage return, or both.
pub(super) fn number_lines(text: &str) -> impl Iterator<Item = (u32, &str)> + Clone {
    let text = text.strip_suffix('\n').unwrap_or(text);
    let mut rest = Some(text.strip_suffix('\r').unwrap_or(text));
    let next = move || {
        let text = rest.take()?;
        let Some(end) = memchr::memchr2(b'\n', b'\r', text.as_bytes()) else { return Some(text) };
        let (line, after) = text.split_at(end);
        rest = after.strip_prefix("\r\n").or_else(|| after.get(1..));
        Some(line)
    };
    (1..).zip(std::iter::from_fn(next))
}

/// Whether a line is a ruling: `+-----+`, `|---|---|`, `=====`.
pub(super) fn is_ruling(line: &str) -> bool {
    const CHARACTERS: &str = "-=+|: ─│┼├┤┌┐└┘┬┴";
    const LINES: [char; 3] = ['-', '=', '─'];
    line.chars().all(|c| CHARACTERS.contains(c)) && line.chars().filter(|c| LINES.contains(c)).count() >= 3
}

/// Splits a line into cells: at tabs, or else at pipes, or else at runs of spaces.
pub(super) fn parse_line(number: u32, line: &str) -> Row<'_> {
    let text = line.trim_end();
    if text.contains('\t') {
        build_row(number, line, split_at_char(text, '\t'))
    } else if has_pipes(text) {
        build_row(number, line, split_at_pipes(text).into_iter())
    } else {
        let row = build_row(number, line, split_at_blanks(text));
        // Tabs behind a single cell separate it from empty ones.
        Row { is_aligned: row.cells.len() == 1 && line.contains('\t'), ..row }
    }
}

/// Whether a line is split at pipes: it begins with one, or has at least two.
fn has_pipes(line: &str) -> bool {
    line.trim_start().starts_with('|') || line.matches('|').nth(1).is_some()
}

/// Splits a line at an ASCII separator, into (byte offset, text). The iterator's length is exact, so that a vector is
/// allocated once.
fn split_at_char(line: &str, separator: char) -> impl Iterator<Item = (usize, &str)> {
    let mut ends = memchr::memchr_iter(separator as u8, line.as_bytes());
    let count = ends.clone().count() + 1;
    let mut start = 0;
    (0..count).map(move |_| {
        let end = ends.next().unwrap_or(line.len());
        let part = (start, &line[start..end]);
        start = end + 1;
        part
    })
}

/// Splits a line at pipes.
fn split_at_pipes(line: &str) -> Vec<(usize, &str)> {
    strip_frame(line, split_at_char(line, '|').collect())
}

/// The cells between the pipes of a line, without the empty ones outside a frame.
pub(super) fn strip_frame<'t>(line: &str, mut cells: Vec<(usize, &'t str)>) -> Vec<(usize, &'t str)> {
    if cells.len() > 1 && cells.last().is_some_and(|(_, text)| text.trim().is_empty()) {
        cells.pop();
    }
    if line.trim_start().starts_with('|') {
        cells.remove(0);
    }
    cells
}

/// Splits a line at runs of two or more spaces.
fn split_at_blanks(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = line.trim_start();
    std::iter::from_fn(move || {
        let at = line.len() - rest.len();
        let cell = &rest[..rest.find("  ").unwrap_or(rest.len())];
        rest = rest[cell.len()..].trim_start();
        (!cell.is_empty()).then_some((at, cell))
    })
}

/// A row of cells, from (byte offset, text). Cells are trimmed, and quotation marks around a whole cell are removed.
pub(super) fn build_row<'t>(
    number: u32,
    line: &'t str,
    parts: impl Iterator<Item = (usize, &'t str)>,
) -> Row<'t> {
    let mut cells = Vec::with_capacity(parts.size_hint().0);
    let (mut bytes, mut characters) = (0, 0);
    for (at, part) in parts {
        let text = part.trim();
        let start = at + part.len() - part.trim_start().len();
        characters += line[bytes..start].chars().count();
        bytes = start;
        cells.push(Cell::printed(characters as u32 + 1, unquote(text)));
    }
    trim_trailing_cells(&mut cells);
    Row { number, line: Cow::Borrowed(line), cells, is_aligned: true }
}

fn unquote(text: &str) -> Cow<'_, str> {
    if text.as_bytes().first() != Some(&b'"') {
        return Cow::Borrowed(text);
    }
    match text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
        Some(inside) if !inside.contains('"') => Cow::Borrowed(inside.trim()),
        Some(inside) if !inside.replace("\"\"", "").contains('"') => {
            Cow::Owned(inside.replace("\"\"", "\"").trim().into())
        }
        _ => Cow::Borrowed(text),
    }
}

/// Removes empty cells at the end.
fn trim_trailing_cells(cells: &mut Vec<Cell<'_>>) {
    while cells.last().is_some_and(|cell| cell.text.is_empty()) {
        cells.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(text: &str) -> Vec<Vec<(u32, String)>> {
        parse_grid(text)
            .rows
            .into_iter()
            .map(|row| row.cells.into_iter().map(|c| (c.column, c.text.to_string())).collect())
            .collect()
    }

    fn of(parts: &[(u32, &str)]) -> Vec<(u32, String)> {
        parts.iter().map(|(column, text)| (*column, (*text).to_owned())).collect()
    }

    #[test]
    fn a_line_falls_into_cells_at_tabs_pipes_or_two_blanks() {
        let cases: [(&str, &[(u32, &str)]); 9] = [
            ("Canada\t5 549\t393", &[(1, "Canada"), (8, "5 549"), (14, "393")]),
            ("| Canada | 549 |", &[(3, "Canada"), (12, "549")]),
            ("Canada | 549 | 393", &[(1, "Canada"), (10, "549"), (16, "393")]),
            ("  Canada    5 549  -", &[(3, "Canada"), (13, "5 549"), (20, "-")]),
            ("One sentence, in words.", &[(1, "One sentence, in words.")]),
            ("Canada\t\t393\t", &[(1, "Canada"), (8, ""), (9, "393")]),
            ("\t2023\t2024", &[(1, ""), (2, "2023"), (7, "2024")]),
            ("中國\t1", &[(1, "中國"), (4, "1")]),
            ("\"Taiwan, China\"\t\"2 632\"", &[(1, "Taiwan, China"), (17, "2 632")]),
        ];
        for (line, expected) in cases {
            assert_eq!(cells(line), [of(expected)], "{line:?}");
        }
    }

    #[test]
    fn ruling_lines_hold_nothing() {
        let rows = parse_grid("+---+---+\n| a | 2023 |\n|:--|--:|\n| b | 1 |\n=====").rows;
        assert_eq!(rows.iter().map(|row| row.number).collect::<Vec<_>>(), [2, 4]);
    }

    #[test]
    fn a_document_whose_header_falls_apart_at_commas_is_csv() {
        let text = "A title, with a comma\nRegion,2023,2024\n\"Taiwan, China\",\"2,632\",1\n\"a note\nin two lines\",,\n";
        let expected = [
            of(&[(1, "A title"), (10, "with a comma")]),
            of(&[(1, "Region"), (8, "2023"), (13, "2024")]),
            of(&[(1, "Taiwan, China"), (17, "2,632"), (25, "1")]),
            of(&[(1, "a note\nin two lines")]),
        ];
        assert_eq!(cells(text), expected);
    }

    #[test]
    fn every_line_ending_ends_a_line() {
        let expected = vec![of(&[(1, "a")]), vec![], of(&[(1, "b")])];
        for text in ["a\n\nb\n", "a\r\n\r\nb\r\n", "a\r\rb\r", "a\n\nb"] {
            assert_eq!(cells(text), expected, "{text:?}");
        }
    }
}
