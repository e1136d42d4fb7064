//! CSV: which separator a document uses, and its fields.

use std::collections::BTreeMap;

use super::{build_row, has_pipes, number_lines, parse_line, split_at_char, unquote};
use crate::document::Row;
use crate::layout::figures::is_figures;
use crate::layout::header::{self, Header, is_header};

/// Detects the separator of a CSV document: the one by which a line is a header, if no line is one otherwise. If there is
/// none, the one by which several lines are a header together. A title that ends with `, 2021` is like a header, too: it is
/// none over figures that are split otherwise.
pub(super) fn detect_separator(text: &str) -> Option<char> {
    const SEPARATORS: [char; 2] = [',', ';'];
    if number_lines(text).any(|(n, line)| is_header(&parse_line(n, line).cells)) {
        return None;
    }
    let makes_header = |separator: &char| {
        let mut lines = number_lines(text).filter(|(_, line)| line.contains(*separator));
        lines.any(|(n, line)| is_header(&build_row(n, line, split_at_char(line, *separator)).cells))
    };
    // A copyright line with a year behind a comma is like a header, too: the separator of more lines counts.
    let lines_with =
        |separator: &char| number_lines(text).filter(|(_, line)| line.contains(*separator)).count();
    let found = SEPARATORS
        .into_iter()
        .rev()
        .filter(makes_header)
        .max_by_key(lines_with)
        .or_else(|| SEPARATORS.into_iter().find(|separator| has_joint_header(text, *separator)));
    found.filter(|separator| !number_lines(text).any(|line| is_split_otherwise(line, *separator)))
}

/// The separator by which most lines have equally many fields, where the definition says how tables are laid out.
pub(super) fn detect_by_count(text: &str) -> Option<char> {
    const FEWEST: usize = 3;
    let lines = || number_lines(text).map(|(_, line)| line).filter(|line| !line.trim().is_empty());
    let most_alike = |separator: char| {
        let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
        for line in lines() {
            *counts.entry(split_fields(line, separator).len()).or_default() += 1;
        }
        counts.into_iter().filter(|(fields, _)| *fields > 1).map(|(_, lines)| lines).max().unwrap_or_default()
    };
    let best = [',', ';'].into_iter().map(|separator| (most_alike(separator), separator)).max()?;
    let is_parted_otherwise = lines().any(|line| line.contains('\t') || has_pipes(line));
    (best.0 >= FEWEST && best.0 * 2 > lines().count() && !is_parted_otherwise).then_some(best.1)
}

/// Whether a line is a label and figures by tabs or pipes, or by spaces if it does not hold the separator.
fn is_split_otherwise((number, line): (u32, &str), separator: char) -> bool {
    let by_spaces = !line.contains('\t') && !has_pipes(line);
    !(by_spaces && line.contains(separator)) && is_figures(&parse_line(number, line))
}

/// Whether several lines are a header together that the separator parts. A line that cannot end a header is none of them.
fn has_joint_header(text: &str, separator: char) -> bool {
    let may_end_header =
        |line: &str| line.rsplit(separator).next().is_some_and(|last| header::may_end(&unquote(last.trim())));
    let cells = |(n, line)| {
        if may_end_header(line) { build_row(n, line, split_at_char(line, separator)) } else { Row::default() }
    };
    let rows: Vec<Row<'_>> = number_lines(text).map(cells).collect();
    let is_parted = |header: Header| rows[header.rows].iter().any(|row| row.cells.len() > 1);
    (0..rows.len()).any(|at| header::find_periods(&rows, at).is_some_and(is_parted))
}

/// Parses a CSV document (RFC 4180). A quoted field may have separators, doubled quotes and line ends. The `csv` crate gives
/// neither the position of a field in its line nor borrowed text.
pub(super) fn parse_csv(text: &str, separator: char) -> Vec<Row<'_>> {
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
    // A quotation mark that is never closed is a plain character, so its lines are parsed one by one.
    if let Some((start, record)) = open {
        rows.extend(
            number_lines(record)
                .map(|(n, line)| build_row(start + n - 1, line, split_at_char(line, separator))),
        );
    }
    rows
}

/// The slice of a text from one of its parts through another.
pub(super) fn slice_through<'t>(text: &'t str, first: &str, last: &str) -> &'t str {
    let at = |part: &str| part.as_ptr() as usize - text.as_ptr() as usize;
    &text[at(first)..at(last) + last.len()]
}

/// Splits a record at the separators outside quotation marks, into (byte offset, field).
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
