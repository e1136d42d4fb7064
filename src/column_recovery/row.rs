//! The rows below a flattened header: a label, perhaps over several lines, and figures.

use crate::column_recovery::header::{FlatHeader, find_headers, is_region, join_words};
use crate::column_recovery::token::{FlatWord, LineFigures, parse_token, read_figures, split_words};
use crate::document::Row;
use crate::grammar::footnote;
use crate::grammar::period::heading;
use crate::layout::tables::{is_page_number, is_total};
use crate::text::fold_whitespace;

/// A row of a flattened table.
#[derive(Clone, Debug)]
pub struct FlatRow<'c> {
    /// The index of the row with its figures.
    pub at: usize,
    /// The indices of the rows above that have the beginning of its label.
    pub above: Vec<usize>,
    /// The index of the row below that has the rest of its figures.
    pub below: Option<usize>,
    /// The words of its own line.
    pub words: Vec<FlatWord<'c>>,
    /// Its label, as far as it is certain.
    pub label: String,
    /// Its figures; `None` if the row has cells.
    pub figures: Option<LineFigures>,
    /// The number of its readings.
    pub readings: u64,
}

/// The most lines of a label. More lines without figures are prose.
const MAX_LABEL_LINES: usize = 6;
/// The most numbers at the end of a label: `aged 15 - 24`.
const MAX_LABEL_NUMBERS: usize = 3;
/// Words whose number belongs to the label: the 1 of `Note 1` is not a figure.
const NUMBERED_WORDS: [&str; 16] = [
    "note", "notes", "class", "group", "category", "type", "tier", "phase", "level", "stage", "band", "form",
    "grade", "table", "annex", "part",
];

/// The most lines between two pages.
const MAX_LINES_BETWEEN_PAGES: usize = 4;

/// Collects the rows of the table below a header, and the headers that are its own on further pages. The table ends with its
/// total, or before a blank line, a note or another header.
#[must_use]
pub fn collect_rows<'c>(
    rows: &[Row<'c>],
    header: &FlatHeader<'c>,
) -> (Vec<FlatRow<'c>>, Vec<FlatHeader<'c>>) {
    let mut collector =
        RowCollector { rows, header, collected: Vec::new(), label_lines: Vec::new(), repeated: Vec::new() };
    let mut next = Some(header.end);
    while let Some(at) = next.filter(|at| *at < rows.len()) {
        next = collector.take_row(at);
    }
    (collector.collected, collector.repeated)
}

struct RowCollector<'r, 'c> {
    rows: &'r [Row<'c>],
    header: &'r FlatHeader<'c>,
    collected: Vec<FlatRow<'c>>,
    /// The lines of a label that has no figures yet.
    label_lines: Vec<usize>,
    /// Its own header on further pages.
    repeated: Vec<FlatHeader<'c>>,
}

impl<'c> RowCollector<'_, 'c> {
    /// Takes a row, and returns the index of the next. `None` if the table ends.
    fn take_row(&mut self, at: usize) -> Option<usize> {
        let row = &self.rows[at];
        if let Some(header) = self.find_repeated_header(at) {
            let end = header.end;
            self.repeated.push(header);
            return Some(end);
        }
        if row.is_blank() {
            return self.skip_blank_rows(at).filter(|_| self.label_lines.is_empty());
        }
        let is_note = footnote::parse_certain_opening(&row.text()).is_some();
        if self.has_total() || is_note || self.is_next_header(at) {
            return None;
        }
        match split_words(at, row) {
            None => self.take_cells(at),
            Some(words) => self.take_line(at, words),
        }
        (self.label_lines.len() <= MAX_LABEL_LINES).then_some(at + 1)
    }

    /// The row after blank ones, if the table continues there: directly below its header, or with a line that can be read
    /// and has a known label.
    fn skip_blank_rows(&self, at: usize) -> Option<usize> {
        let next = self.rows[at..].iter().position(|row| !row.is_blank())? + at;
        let is_known = || {
            let row = split_words(next, &self.rows[next]).map(|words| self.parse_line(next, words));
            row.is_some_and(|row| row.readings > 0 && self.is_label(&row.label))
        };
        (self.collected.is_empty() || !self.has_total() && is_known()).then_some(next)
    }

    /// The header of the table on the next page, perhaps below the number of the page before.
    fn find_repeated_header(&self, at: usize) -> Option<FlatHeader<'c>> {
        let is_between = |row: &&Row<'_>| row.is_blank() || is_page_number(row);
        let next = at + self.rows[at..].iter().take(MAX_LINES_BETWEEN_PAGES).take_while(is_between).count();
        let first =
            if self.header.label.is_empty() { self.header.headings.first()? } else { &self.header.label };
        let again = self.repeated.last().map_or(0, |header| header.end);
        let has_rows = self.collected.last().is_some_and(|last| last.figures.is_some() && last.at >= again);
        let is_open = has_rows && self.label_lines.is_empty() && !self.has_total();
        let text = self.rows.get(next).filter(|_| is_open)?.text();
        let headers = text.starts_with(first.as_str()).then(|| find_headers(self.rows, next))?;
        let is_own = |header: &FlatHeader<'_>| {
            header.headings == self.header.headings && header.label == self.header.label
        };
        headers.into_iter().find(is_own)
    }

    /// Whether the header of another table begins here. Years after a known label are figures.
    fn is_next_header(&self, at: usize) -> bool {
        let has_own_label =
            |header: &FlatHeader<'_>| !header.label.is_empty() && !self.is_label(&header.label);
        find_headers(self.rows, at).iter().any(has_own_label)
    }

    /// Whether the last row is the table's total.
    fn has_total(&self) -> bool {
        self.collected.len() > 1 && self.collected.last().is_some_and(|last| is_total(&last.label))
    }

    /// Whether a text is a label of such a table: a period or a region.
    fn is_label(&self, label: &str) -> bool {
        if self.header.is_transposed {
            heading::parse(label).is_some() || is_total(label)
        } else {
            is_region(label)
        }
    }

    /// Takes a row with cells.
    fn take_cells(&mut self, at: usize) {
        let label = self.rows[at].cells.first().map(|cell| fold_whitespace(&cell.text).into_owned());
        self.label_lines.clear();
        self.collected.push(FlatRow {
            at,
            above: Vec::new(),
            below: None,
            words: Vec::new(),
            label: label.unwrap_or_default(),
            figures: None,
            readings: 1,
        });
    }

    /// Takes a flattened line: a row, the rest of the figures of the row above, or a part of a label.
    fn take_line(&mut self, at: usize, words: Vec<FlatWord<'c>>) {
        let row = self.parse_line(at, words);
        let is_rest = row.label.is_empty() && self.label_lines.is_empty() && self.continues_last(&row);
        if let Some(last) = self.collected.last_mut().filter(|_| is_rest) {
            last.append_line(&row, self.header);
        } else if self.has_figures(&row) {
            let above = self.find_label_lines(&row);
            let label = self.join_label(&above, &row.label);
            self.collected.push(FlatRow { above, label, ..row });
            self.label_lines.clear();
        } else {
            self.label_lines.push(at);
        }
    }

    /// Whether a line of figures continues the last row: one of the two cannot be read as a row of its own.
    fn continues_last(&self, line: &FlatRow<'_>) -> bool {
        let last = self.collected.last().filter(|last| last.figures.is_some() && last.below.is_none());
        last.is_some_and(|last| last.readings == 0 || line.readings == 0)
    }

    /// Whether a line has figures: it can be read, has several figures side by side, or one after a known label.
    fn has_figures(&self, row: &FlatRow<'_>) -> bool {
        let is_token = |word: &FlatWord<'_>| parse_token(word.text).is_some();
        let has_pair = row.words.windows(2).any(|pair| pair.iter().all(is_token));
        let ends_with_token = row.words.last().is_some_and(is_token);
        row.readings > 0 || has_pair || ends_with_token && self.is_label(&row.label)
    }

    /// Parses a line as a row of its own.
    fn parse_line(&self, at: usize, words: Vec<FlatWord<'c>>) -> FlatRow<'c> {
        let tail = words.len() - count_trailing_tokens(&words);
        let columns = self.header.headings.len();
        let starts = if self.header.is_transposed {
            self.starts_after_period(&words, tail)
        } else {
            starts_after_label(&words, tail, columns)
        };
        let label = join_words(&words[..tail + starts.first().copied().unwrap_or_default()]);
        let read = |glued| {
            let figures = read_figures(&words, tail, &starts, glued);
            (figures.lattice.count_readings(columns), figures)
        };
        let (readings, figures) = match read(false) {
            // A number alone on its line may be all that is printed of a row: `2022` below an empty table.
            (0, _) if !label.is_empty() => read(true),
            separate => separate,
        };
        FlatRow { at, above: Vec::new(), below: None, words, label, figures: Some(figures), readings }
    }

    /// The possible starts of the figures after the period that labels a row, counted from the first trailing token.
    fn starts_after_period(&self, words: &[FlatWord<'_>], tail: usize) -> Vec<usize> {
        let above: String = self.label_lines.iter().map(|&at| format!("{} ", self.rows[at].text())).collect();
        let ends_label = |end: &usize| {
            let own = join_words(&words[..*end]);
            self.is_label(&own)
                || !above.is_empty() && self.is_label(&fold_whitespace(&format!("{above}{own}")))
        };
        (tail..words.len()).filter(ends_label).map(|end| end - tail).collect()
    }

    /// Finds the lines above that are the beginning of a row's label: as many as make it a known name. If both the line above
    /// and the row's own label are names, there are none. If no number of lines makes a name, all lines belong to a row
    /// without a label, and none to a row with one.
    fn find_label_lines(&self, row: &FlatRow<'_>) -> Vec<usize> {
        let is_name = |at: &usize| is_region(&self.rows[*at].text());
        if self.label_lines.last().is_some_and(is_name) && self.is_label(&row.label) {
            return Vec::new();
        }
        let makes_name =
            |from: &usize| self.is_label(&self.join_label(&self.label_lines[*from..], &row.label));
        let default = if row.label.is_empty() { 0 } else { self.label_lines.len() };
        let from = (0..self.label_lines.len()).find(makes_name).unwrap_or(default);
        self.label_lines[from..].to_vec()
    }

    fn join_label(&self, above: &[usize], own: &str) -> String {
        let lines: Vec<_> = above.iter().map(|&at| self.rows[at].text()).chain([own.into()]).collect();
        fold_whitespace(lines.join(" ").trim()).into_owned()
    }
}

/// The number of tokens at the end of a line.
fn count_trailing_tokens(words: &[FlatWord<'_>]) -> usize {
    words.iter().rev().take_while(|word| parse_token(word.text).is_some()).count()
}

/// The possible starts of the figures after a label, counted from the first trailing token: 0, or after numbers that belong
/// to the label, because the word before them says so or the row cannot be read otherwise.
fn starts_after_label(words: &[FlatWord<'_>], tail: usize, columns: usize) -> Vec<usize> {
    let can_be_read =
        |start: usize| read_figures(words, tail, &[start], false).lattice.count_readings(columns) > 0;
    let is_numbered = |word: &FlatWord<'_>| NUMBERED_WORDS.contains(&word.text.to_lowercase().as_str());
    match tail.checked_sub(1).and_then(|before| words.get(before)) {
        Some(before) if is_numbered(before) && can_be_read(1) => vec![0, 1],
        Some(_) if !can_be_read(0) => {
            vec![(1..=MAX_LABEL_NUMBERS).find(|&start| can_be_read(start)).unwrap_or(0)]
        }
        _ => vec![0],
    }
}

impl<'c> FlatRow<'c> {
    /// Appends a line that has nothing but figures. If this row has no readable figures, its line is the label, perhaps with
    /// a number at its end, and all figures are on the appended line. Otherwise the figures continue there.
    fn append_line(&mut self, line: &FlatRow<'c>, header: &FlatHeader<'c>) {
        let tail = count_trailing_tokens(&self.words);
        let start = self.words.len() - tail;
        let both = [&self.words[start..], line.words.as_slice()].concat();
        let joint_readings =
            read_figures(&both, 0, &[0], false).lattice.count_readings(header.headings.len());
        if line.readings > 0 && joint_readings == 0 && start > 0 {
            self.above.push(self.at);
            let label = fold_whitespace(&join_words(&self.words)).into_owned();
            *self = FlatRow { above: std::mem::take(&mut self.above), label, ..line.clone() };
        } else {
            self.below = Some(line.at);
        }
    }
}
