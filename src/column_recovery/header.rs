//! The header of a flattened table: one line, or up to three if it was wrapped. Its words are a label and then headings,
//! with nothing between them. Each heading is a period, or each is a region.

use std::borrow::Cow;

use crate::column_recovery::cut::{HeadingCut, cut_into_periods, cut_into_regions, heading_texts};
use crate::column_recovery::token::{FlatWord, parse_token, split_words};
use crate::document::{Cell, Row};
use crate::grammar::footnote;
use crate::layout::header;
use crate::regions;

/// One reading of a header.
#[derive(Clone, Debug)]
pub struct FlatHeader<'c> {
    /// The index of the row after it.
    pub end: usize,
    /// The new cells of its rows, by row index.
    pub rows: Vec<(usize, Vec<Cell<'c>>)>,
    /// The texts of its headings.
    pub headings: Vec<String>,
    /// The text before them; empty if there is no label.
    pub label: String,
    /// Whether its headings are regions, so that the rows are labelled by periods.
    pub is_transposed: bool,
}

/// The most lines of a header.
const MAX_LINES: usize = 3;
/// The most bytes of a header's first line.
const MAX_LINE_BYTES: usize = 1000;
/// The most columns of a table.
pub(super) const MAX_COLUMNS: usize = 64;

/// Finds the readings of a header that begins at a row. Most rows are dismissed quickly.
#[must_use]
pub fn find_headers<'c>(rows: &[Row<'c>], at: usize) -> Vec<FlatHeader<'c>> {
    match rows[at].cells.len() {
        0 => Vec::new(),
        1 => find_flat_headers(rows, at),
        _ => find_header_with_cells(rows, at).into_iter().collect(),
    }
}

/// A header with cells, above a flattened row.
fn find_header_with_cells<'c>(rows: &[Row<'c>], at: usize) -> Option<FlatHeader<'c>> {
    rows[at + 1..].iter().take(MAX_LINES).find(|row| ends_with_figures(row))?;
    let (first, cells) = rows[at].cells.split_first()?;
    let build = |end, label: &str, headings: Vec<String>, is_transposed| {
        let is_header = (2..=MAX_COLUMNS).contains(&headings.len());
        is_header.then(|| FlatHeader {
            end,
            rows: Vec::new(),
            headings,
            label: label.to_owned(),
            is_transposed,
        })
    };
    if let Some(found) = header::find_periods(rows, at) {
        let headings = found.headings.into_iter().map(|heading| heading.label).collect();
        return build(found.rows.end, if found.labelled { &first.text } else { "" }, headings, false);
    }
    if first.text.is_empty() || !cells.iter().all(|cell| is_region(&cell.text)) {
        return None;
    }
    build(at + 1, &first.text, cells.iter().map(|cell| cell.text.to_string()).collect(), true)
}

/// The readings of one, two or three flattened lines as a header.
fn find_flat_headers<'c>(rows: &[Row<'c>], at: usize) -> Vec<FlatHeader<'c>> {
    let text = rows[at].text();
    if text.len() > MAX_LINE_BYTES || text.ends_with(['.', ',', ';', ':']) {
        return Vec::new();
    }
    let has_periods = count_years(&text) > 1;
    let mut below = rows[at + 1..].iter().filter(|row| !row.is_blank()).take(MAX_LINES);
    if !has_periods && !below.any(begins_with_year) {
        return Vec::new();
    }
    let mut headers = Vec::new();
    let mut words: Vec<FlatWord<'c>> = Vec::new();
    for (index, row) in rows.iter().enumerate().skip(at).take(MAX_LINES) {
        let Some(line) = split_words(index, row) else { break };
        words.extend(line);
        let mut cuts = if has_periods { cut_into_periods(&words) } else { cut_into_regions(&words) };
        // The first heading must be on the first line: years below a line without one are figures.
        cuts.retain(|cut| words.get(cut[0]).is_some_and(|first| first.row == at));
        headers.extend(cuts.iter().map(|cut| FlatHeader::from_cut(rows, &words, cut, !has_periods)));
    }
    drop_unfinished(headers)
}

/// Headers without those that another one goes on from: below `2024 2025`, the lines `2026 (as at` and `end-February)` are no label.
/// A number alone may be a row.
fn drop_unfinished(headers: Vec<FlatHeader<'_>>) -> Vec<FlatHeader<'_>> {
    let goes_on = |header: &FlatHeader<'_>, longer: &FlatHeader<'_>| {
        let further = longer.headings.strip_prefix(header.headings.as_slice());
        longer.end > header.end
            && further.and_then(<[String]>::first).is_some_and(|next| next.contains(char::is_alphabetic))
    };
    let is_unfinished: Vec<bool> =
        headers.iter().map(|header| headers.iter().any(|longer| goes_on(header, longer))).collect();
    headers.into_iter().zip(is_unfinished).filter_map(|(header, is)| (!is).then_some(header)).collect()
}

/// The number of runs of exactly four digits: enough to dismiss most prose.
fn count_years(text: &str) -> usize {
    text.as_bytes().split(|byte| !byte.is_ascii_digit()).filter(|run| run.len() == 4).count()
}

/// Whether a row is flattened and begins with a year: `2019 219 073 170 828`.
fn begins_with_year(row: &Row<'_>) -> bool {
    let [cell] = row.cells.as_slice() else { return false };
    let first = cell.text.split(' ').next().unwrap_or_default();
    count_years(first) > 0 && ends_with_figures(row)
}

/// Whether a row is one cell that ends with two tokens: enough to dismiss all rows with cells.
fn ends_with_figures(row: &Row<'_>) -> bool {
    let [cell] = row.cells.as_slice() else { return false };
    let mut words = cell.text.rsplit(' ').filter(|word| !word.is_empty());
    let mut is_token = || words.next().is_some_and(|word| parse_token(word).is_some());
    is_token() && is_token()
}

/// Whether a label names a region.
#[must_use]
pub fn is_region(label: &str) -> bool {
    regions::resolve(footnote::strip_markers(label)).is_some_and(|known| known.is_whole())
}

/// Joins words by spaces.
#[must_use]
pub fn join_words(words: &[FlatWord<'_>]) -> String {
    words.iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
}

impl<'c> FlatHeader<'c> {
    /// The header of a cut. Each line becomes a row; the wrapped part of a heading is below its beginning.
    fn from_cut(
        rows: &[Row<'c>],
        words: &[FlatWord<'c>],
        cut: &HeadingCut,
        is_transposed: bool,
    ) -> FlatHeader<'c> {
        let columns: Vec<usize> = (cut[0] > 0).then_some(0).into_iter().chain(cut.iter().copied()).collect();
        let lines = words[0].row..words.last().map_or(0, |word| word.row) + 1;
        let cells = |row: usize| {
            let column = |pair: &[usize]| {
                let line = words[pair[0]..pair[1]].iter().filter(|word| word.row == row);
                words_cell(&rows[row], &line.copied().collect::<Vec<_>>())
            };
            let mut cells: Vec<Cell<'c>> = columns.windows(2).map(column).collect();
            while cells.last().is_some_and(|cell| cell.text.is_empty()) {
                cells.pop();
            }
            (row, cells)
        };
        FlatHeader {
            end: lines.end,
            rows: lines.map(cells).collect(),
            headings: heading_texts(words, cut),
            label: join_words(&words[..cut[0]]),
            is_transposed,
        }
    }
}

/// The cell of some words of a row; an empty cell for none.
fn words_cell<'c>(row: &Row<'c>, words: &[FlatWord<'c>]) -> Cell<'c> {
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return Cell::printed(1, Cow::Borrowed(""));
    };
    slice_cell(row, first.at, last.at + last.text.len())
}

/// The cell between two byte offsets of a row's line.
#[must_use]
pub fn slice_cell<'c>(row: &Row<'c>, from: usize, to: usize) -> Cell<'c> {
    let column = row.line.get(..from).map_or(0, |before| before.chars().count()) as u32 + 1;
    let text = match &row.line {
        Cow::Borrowed(line) => Cow::Borrowed(line.get(from..to).unwrap_or_default().trim()),
        Cow::Owned(line) => Cow::Owned(line.get(from..to).unwrap_or_default().trim().to_owned()),
    };
    Cell::printed(column, text)
}
