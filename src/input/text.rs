//! Text to a grid: which bytes are which characters, and where a line falls into cells.
//!
//! A line is parted by tabs, else by pipes, else by runs of two or more blanks; a document whose header row only
//! falls apart at commas (or semicolons) is read as CSV. Every cell keeps the character it begins at.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use crate::document::{Cell, Grid, Row};
use crate::layout::header::{self, is_header};
use crate::layout::tables::is_figures;

/// Why bytes are not text.
#[derive(Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The line of the first byte that is wrong, from 1.
    pub line: u32,
    /// The character it follows, plus 1.
    pub column: u32,
    /// What was found there.
    pub found: String,
    /// What to do.
    pub help: String,
}

/// Decodes bytes: by their byte order mark, else as `encoding`, else as UTF-8; returns the text and the encoding's
/// name.
///
/// # Errors
/// Where a byte is no character of the encoding. Nothing is ever replaced.
pub fn decode(
    bytes: &[u8],
    encoding: Option<&'static Encoding>,
) -> Result<(String, &'static str), DecodeError> {
    let marked = Encoding::for_bom(bytes);
    let (used, mark) = marked.unwrap_or((encoding.unwrap_or(UTF_8), 0));
    let rest = &bytes[mark..];
    let text = used.decode_without_bom_handling_and_without_replacement(rest);
    let text = text.ok_or_else(|| invalid_byte_error(rest, used))?.into_owned();
    match text.find('\0') {
        None => Ok((text, used.name())),
        Some(at) => Err(nul_byte_error(&text, at, rest)),
    }
}

/// Where the first byte stands that is no character of the encoding.
fn invalid_byte_error(bytes: &[u8], encoding: &'static Encoding) -> DecodeError {
    let good = if encoding == UTF_8 {
        std::str::from_utf8(bytes).map_or_else(|e| e.valid_up_to(), str::len)
    } else {
        valid_up_to(bytes, encoding)
    };
    let (before, _) = encoding.decode_without_bom_handling(&bytes[..good]);
    let found = bytes.get(good).map_or("the end of the file".into(), |byte| format!("the byte 0x{byte:02X}"));
    let found = format!("{found}, which is no {} text", encoding.name());
    let help = "save the document as UTF-8, or name its encoding: `--encoding windows-1252` (or big5, gb18030, utf-16le …)";
    DecodeError { found, help: help.into(), ..error_at(&before, before.len()) }
}

/// How many bytes from the start are text of an encoding: the longest prefix that decodes.
fn valid_up_to(bytes: &[u8], encoding: &'static Encoding) -> usize {
    let decodes =
        |end: usize| encoding.decode_without_bom_handling_and_without_replacement(&bytes[..end]).is_some();
    let (mut good, mut bad) = (0, bytes.len());
    while bad - good > 4 {
        let middle = good + (bad - good) / 2;
        // A prefix can end inside a character: the nearest whole one counts.
        match (middle.saturating_sub(3)..=middle).rev().find(|&end| end > good && decodes(end)) {
            Some(end) => good = end,
            None => bad = middle,
        }
    }
    (good..=bad).rev().find(|&end| decodes(end)).unwrap_or(good)
}

/// A text never holds a NUL; UTF-16 without its mark does, and so does nearly every binary file.
fn nul_byte_error(text: &str, at: usize, bytes: &[u8]) -> DecodeError {
    let even = bytes.iter().step_by(2).take(64).filter(|&&byte| byte == 0).count();
    let odd = bytes.iter().skip(1).step_by(2).take(64).filter(|&&byte| byte == 0).count();
    let half = bytes.len().min(128) / 2;
    let guess = [(odd, UTF_16LE), (even, UTF_16BE)].into_iter().find(|(zeros, _)| *zeros * 4 > half * 3);
    let help = match guess {
        Some((_, utf16)) => format!(
            "it looks like UTF-16 without a byte order mark: try `--encoding {}`",
            utf16.name().to_lowercase()
        ),
        None => "bluebook reads text and workbooks; take this file out of the input".into(),
    };
    DecodeError { found: "a NUL byte: this is a binary file, not text".into(), help, ..error_at(text, at) }
}

/// The line and character of the byte at `at`.
fn error_at(text: &str, at: usize) -> DecodeError {
    let before = &text[..at];
    let line = before.matches('\n').count() as u32 + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() as u32 + 1;
    DecodeError { line, column, found: String::new(), help: String::new() }
}

/// Parts a text into rows of cells.
#[must_use]
pub fn parse_grid(text: &str) -> Grid<'_> {
    let rows = match detect_separator(text) {
        Some(separator) => parse_csv(text, separator),
        None => number_lines(text)
            .filter(|(_, line)| !is_ruling(line))
            .map(|(n, line)| parse_line(n, line))
            .collect(),
    };
    Grid { rows, ..Grid::default() }
}

/// The lines with their numbers; a line ends at a line feed, a carriage return, or both.
fn number_lines(text: &str) -> impl Iterator<Item = (u32, &str)> {
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

/// Whether a line only draws: `+-----+`, `|---|---|`, `=====`.
fn is_ruling(line: &str) -> bool {
    let drawn = |c: char| {
        matches!(
            c,
            '-' | '='
                | '+'
                | '|'
                | ':'
                | ' '
                | '\t'
                | '─'
                | '│'
                | '┼'
                | '├'
                | '┤'
                | '┌'
                | '┐'
                | '└'
                | '┘'
                | '┬'
                | '┴'
        )
    };
    line.chars().all(drawn)
        && !line.contains('\t')
        && line.chars().filter(|c| matches!(c, '-' | '=' | '─')).count() >= 3
}

/// The row of a line of text: its cells are parted by tabs, else by pipes, else by runs of blanks.
fn parse_line(number: u32, line: &str) -> Row<'_> {
    let text = line.trim_end();
    if text.contains('\t') {
        build_row(number, line, split_at_char(text, '\t'))
    } else if is_piped(text) {
        build_row(number, line, split_at_pipes(text).into_iter())
    } else {
        let row = build_row(number, line, split_at_blanks(text));
        // Tabs behind a single cell part it from empty ones.
        Row { is_aligned: row.cells.len() == 1 && line.contains('\t'), ..row }
    }
}

/// Whether pipes part a line: a framed one, or one with at least two of them.
fn is_piped(line: &str) -> bool {
    line.trim_start().starts_with('|') || line.matches('|').nth(1).is_some()
}

/// The parts between separators, which are ASCII; it is known how many, so that there is room for all of them at once.
fn split_at_char(line: &str, separator: char) -> impl Iterator<Item = (usize, &str)> {
    let mut ends = memchr::memchr_iter(separator as u8, line.as_bytes());
    let many = ends.clone().count() + 1;
    let mut start = 0;
    (0..many).map(move |_| {
        let end = ends.next().unwrap_or(line.len());
        let part = (start, &line[start..end]);
        start = end + 1;
        part
    })
}

/// The cells between pipes, without the ones outside a frame.
fn split_at_pipes(line: &str) -> Vec<(usize, &str)> {
    let mut cells: Vec<_> = split_at_char(line, '|').collect();
    if cells.len() > 1 && cells.last().is_some_and(|(_, text)| text.trim().is_empty()) {
        cells.pop();
    }
    if line.trim_start().starts_with('|') {
        cells.remove(0);
    }
    cells
}

/// The cells between runs of two or more blanks.
fn split_at_blanks(line: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut rest = line.trim_start();
    std::iter::from_fn(move || {
        let at = line.len() - rest.len();
        let cell = &rest[..rest.find("  ").unwrap_or(rest.len())];
        rest = rest[cell.len()..].trim_start();
        (!cell.is_empty()).then_some((at, cell))
    })
}

/// A row of trimmed cells; quotation marks around a whole cell are taken off.
fn build_row<'t>(number: u32, line: &'t str, parts: impl Iterator<Item = (usize, &'t str)>) -> Row<'t> {
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

/// Takes empty cells off the end.
fn trim_trailing_cells(cells: &mut Vec<Cell<'_>>) {
    while cells.last().is_some_and(|cell| cell.text.is_empty()) {
        cells.pop();
    }
}

/// The separator of a CSV document: the one at which a line falls into a header row, where no other way does; else the
/// one at which several do that only together are a header. A title that ends with `, 2021` looks like one, too, over
/// figures that are parted otherwise.
fn detect_separator(text: &str) -> Option<char> {
    const SEPARATORS: [char; 2] = [',', ';'];
    if number_lines(text).any(|(n, line)| is_header(&parse_line(n, line).cells)) {
        return None;
    }
    let heads = |separator: &char| {
        let mut lines = number_lines(text).filter(|(_, line)| line.contains(*separator));
        lines.any(|(n, line)| is_header(&build_row(n, line, split_at_char(line, *separator)).cells))
    };
    let found = SEPARATORS
        .into_iter()
        .find(heads)
        .or_else(|| SEPARATORS.into_iter().find(|separator| has_joint_header(text, *separator)));
    found.filter(|separator| !number_lines(text).any(|line| is_parted_otherwise(line, *separator)))
}

/// Whether a line falls into a label and figures by tabs or pipes, or by blanks where it does not hold the separator.
fn is_parted_otherwise((number, line): (u32, &str), separator: char) -> bool {
    let is_blank_parted = !line.contains('\t') && !is_piped(line);
    !(is_blank_parted && line.contains(separator)) && is_figures(&parse_line(number, line))
}

/// Whether lines make a header together. One that ends with no word of time is none of them.
fn has_joint_header(text: &str, separator: char) -> bool {
    let ends =
        |line: &str| line.rsplit(separator).next().is_some_and(|last| header::may_end(&unquote(last.trim())));
    let cells = |(n, line)| {
        if ends(line) { build_row(n, line, split_at_char(line, separator)) } else { Row::default() }
    };
    let rows: Vec<Row<'_>> = number_lines(text).map(cells).collect();
    (0..rows.len()).any(|at| header::find_periods(&rows, at).is_some())
}

/// The rows of a CSV document (RFC 4180): a quoted field may hold separators, doubled quotes and line ends.
fn parse_csv(text: &str, separator: char) -> Vec<Row<'_>> {
    let mut rows = Vec::new();
    let mut open: Option<(u32, &str)> = None;
    for (number, line) in number_lines(text) {
        let odd = line.matches('"').count() % 2 == 1;
        let was_open = open.is_some();
        let (start, record) =
            open.take().map_or((number, line), |(start, before)| (start, slice_through(text, before, line)));
        if odd == was_open {
            rows.push(build_row(start, record, split_fields(record, separator).into_iter()));
        } else {
            open = Some((start, record));
        }
    }
    // A quote that is never closed quotes nothing: its lines stand as they are.
    if let Some((start, record)) = open {
        rows.extend(
            number_lines(record)
                .map(|(n, line)| build_row(start + n - 1, line, split_at_char(line, separator))),
        );
    }
    rows
}

/// The part of a text from one part of it through another.
fn slice_through<'t>(text: &'t str, first: &str, last: &str) -> &'t str {
    let at = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
    &text[at(first)..at(last) + last.len()]
}

/// The fields of a record: parted at the separators that stand outside quotation marks.
fn split_fields(record: &str, separator: char) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let (mut start, mut quoted) = (0, false);
    for (at, c) in record.char_indices() {
        if c == '"' {
            quoted = !quoted;
        } else if c == separator && !quoted {
            parts.push((start, &record[start..at]));
            start = at + c.len_utf8();
        }
    }
    parts.push((start, &record[start..]));
    parts
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

    #[test]
    fn byte_order_marks_and_named_encodings_are_followed() {
        let utf16: Vec<u8> =
            [0xFF, 0xFE].into_iter().chain("é1".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(decode(&utf16, None), Ok(("é1".into(), "UTF-16LE")));
        assert_eq!(decode(b"\xEF\xBB\xBFa", None), Ok(("a".into(), "UTF-8")));
        assert_eq!(decode(b"\xE9", Some(encoding_rs::WINDOWS_1252)), Ok(("é".into(), "windows-1252")));
    }

    #[test]
    fn what_is_no_text_is_located_and_never_replaced() {
        let fault = decode(b"abc\nd\xE9f", None).unwrap_err();
        assert_eq!((fault.line, fault.column), (2, 2));
        assert!(fault.found.contains("0xE9") && fault.help.contains("--encoding"));
        let fault = decode("ab\ncde\u{20ac}".as_bytes(), Some(encoding_rs::EUC_JP)).unwrap_err();
        assert_eq!(fault.line, 2);
        assert!(decode(b"PNG\0\0\x01", None).unwrap_err().found.contains("binary"));
        assert!(decode(b"a\0b\0c\0d\0", None).unwrap_err().help.contains("utf-16le"));
    }
}
