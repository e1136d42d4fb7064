//! Tables of Markdown, by the rules of GitHub (GFM 4.10): which lines are one, and how a row falls into cells.

use std::borrow::Cow;

use memchr::memchr;

use super::render_cells;
use crate::document::Row;
use crate::input::text::{build_row, strip_frame};

/// Whether a document has a table: a row of pipes above a delimiter row of as many cells.
pub fn has_table(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut at = 0;
    while let Some(found) = memchr(b'|', &bytes[at..]) {
        let (line, next) = line_at(bytes, at + found);
        if next < bytes.len() && line.is_some_and(|line| is_header_above(line, line_at(bytes, next).0)) {
            return true;
        }
        at = next;
    }
    false
}

/// The line that has a byte, if it is text, and where the next one begins.
fn line_at(bytes: &[u8], at: usize) -> (Option<&str>, usize) {
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let start = bytes[..at].iter().rposition(is_end).map_or(0, |end| end + 1);
    let end = bytes[at..].iter().position(is_end).map_or(bytes.len(), |length| at + length);
    let feed = if bytes[end..].starts_with(b"\r\n") { 2 } else { 1 };
    (std::str::from_utf8(&bytes[start..end]).ok(), (end + feed).min(bytes.len()))
}

fn is_header_above(line: &str, below: Option<&str>) -> bool {
    below.and_then(count_delimiters).is_some_and(|cells| is_row(line) && split(line).len() == cells)
}

/// Whether a table begins with the first of some lines.
pub fn begins_table(lines: &[(u32, &str)]) -> bool {
    matches!(lines, [(_, line), (_, below), ..] if is_header_above(line, Some(below)))
}

/// How many cells a delimiter row has; none where a line is no such row.
fn count_delimiters(line: &str) -> Option<usize> {
    let is_delimiter = |(_, cell): &(usize, &str)| {
        let cell = cell.trim();
        let dashes = cell.strip_prefix(':').unwrap_or(cell);
        let dashes = dashes.strip_suffix(':').unwrap_or(dashes);
        !dashes.is_empty() && dashes.bytes().all(|byte| byte == b'-')
    };
    let cells = split(line);
    (line.contains('|') && cells.iter().all(is_delimiter)).then_some(cells.len())
}

/// Whether a line has cells: a pipe that is not escaped.
pub fn is_row(line: &str) -> bool {
    find_pipe(line).is_some()
}

/// The cells of a line, as (byte offset, text), without those outside of a frame.
fn split(line: &str) -> Vec<(usize, &str)> {
    let (mut cells, mut start) = (Vec::new(), 0);
    while let Some(length) = find_pipe(&line[start..]) {
        cells.push((start, &line[start..start + length]));
        start += length + 1;
    }
    cells.push((start, &line[start..]));
    strip_frame(line, cells)
}

/// Where the first pipe stands that no backslash escapes.
fn find_pipe(line: &str) -> Option<usize> {
    let mut is_escaped = false;
    line.bytes().position(|byte| {
        let is_pipe = byte == b'|' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        is_pipe
    })
}

/// The first row of a table. Extractors call a heading that is empty `Col1`, by its place.
pub fn parse_header(number: u32, line: &str) -> Row<'_> {
    let mut row = parse_cells(number, line);
    for (cell, place) in row.cells.iter_mut().zip(1..) {
        if cell.text.strip_prefix("Col").is_some_and(|own| own == format!("{place}")) {
            cell.text = Cow::Borrowed("");
        }
    }
    render_cells(row)
}

/// A row below the first; none for a ruling, which some repeat.
pub fn parse_row(number: u32, line: &str) -> Option<Row<'_>> {
    let row = parse_cells(number, line);
    let is_ruled = |text: &str| text.len() > 2 && text.bytes().all(|byte| matches!(byte, b'-' | b':'));
    let is_ruling = !row.is_blank() && row.cells.iter().all(|cell| is_ruled(&cell.text));
    (!is_ruling).then_some(row)
}

fn parse_cells(number: u32, line: &str) -> Row<'_> {
    render_cells(build_row(number, line, split(line.trim_end()).into_iter()))
}
