//! The rows below a header: a label, perhaps over several lines, and figures.

use crate::column_recovery::head::{Head, heads, is_region, joined};
use crate::column_recovery::token::{Figures, Word, figures, token, words};
use crate::document::Row;
use crate::grammar::footnote;
use crate::grammar::period::heading;
use crate::layout::tables::is_total;
use crate::text::fold_whitespace;

/// A row of a flattened table.
#[derive(Clone, Debug)]
pub struct Entry<'c> {
    /// The row in which its figures stand, by its index.
    pub at: usize,
    /// The rows above that hold the beginning of its label.
    pub above: Vec<usize>,
    /// The row below in which its figures go on.
    pub below: Option<usize>,
    /// The words of its own line.
    pub words: Vec<Word<'c>>,
    /// Its label, as far as it is sure.
    pub label: String,
    /// Its figures; none where it has its cells.
    pub figures: Option<Figures>,
    /// How many readings it has.
    pub readings: u64,
}

/// No label is printed over more lines; more lines without figures are prose.
const MOST_LABELS: usize = 6;
/// Words that a number follows: `Note 1` is no figure.
const NUMBERED: [&str; 16] = [
    "note", "notes", "class", "group", "category", "type", "tier", "phase", "level", "stage", "band", "form",
    "grade", "table", "annex", "part",
];

/// The rows of the table below a header. The last of them is its total, or stands before a blank line, a note or a
/// further header.
#[must_use]
pub fn entries<'c>(rows: &[Row<'c>], head: &Head<'c>) -> Vec<Entry<'c>> {
    let mut gathered = Gathered { rows, head, entries: Vec::new(), labels: Vec::new() };
    let mut next = Some(head.end);
    while let Some(at) = next.filter(|at| *at < rows.len()) {
        next = gathered.take(at);
    }
    gathered.entries
}

/// The rows found so far, and the lines of a label that wait for their figures.
struct Gathered<'r, 'c> {
    rows: &'r [Row<'c>],
    head: &'r Head<'c>,
    entries: Vec<Entry<'c>>,
    labels: Vec<usize>,
}

impl<'c> Gathered<'_, 'c> {
    /// Takes a row in, and returns the row to take next; none where the table ends.
    fn take(&mut self, at: usize) -> Option<usize> {
        let row = &self.rows[at];
        if row.is_blank() {
            return self.behind_blanks(at).filter(|_| self.labels.is_empty());
        }
        if self.is_closed()
            || footnote::parse_certain_opening(&row.text()).is_some()
            || self.is_header_again(at)
        {
            return None;
        }
        match words(at, row) {
            None => self.take_parted(at),
            Some(words) => self.take_words(at, words),
        }
        (self.labels.len() <= MOST_LABELS).then_some(at + 1)
    }

    /// Where the table goes on behind blank lines: right below its header, and where a row follows that can only be one.
    fn behind_blanks(&self, at: usize) -> Option<usize> {
        let next = self.rows[at..].iter().position(|row| !row.is_blank())? + at;
        let is_known = || {
            let entry = words(next, &self.rows[next]).map(|words| self.entry(next, words));
            entry.is_some_and(|entry| entry.readings > 0 && self.is_label(&entry.label))
        };
        (self.entries.is_empty() || !self.is_closed() && is_known()).then_some(next)
    }

    /// Whether a further table's header stands here: years behind a known label are figures.
    fn is_header_again(&self, at: usize) -> bool {
        let label = |head: &Head<'_>| !head.label.is_empty() && !self.is_label(&head.label);
        heads(self.rows, at).iter().any(label)
    }

    /// Whether nothing more is expected: a total stands last.
    fn is_closed(&self) -> bool {
        self.entries.len() > 1 && self.entries.last().is_some_and(|last| is_total(&last.label))
    }

    /// Whether a label is one that such a table has.
    fn is_label(&self, label: &str) -> bool {
        if self.head.transposed {
            heading::parse(label).is_some() || is_total(label)
        } else {
            is_region(label)
        }
    }

    /// A row that has its cells.
    fn take_parted(&mut self, at: usize) {
        let label = self.rows[at].cells.first().map(|cell| fold_whitespace(&cell.text).into_owned());
        let (label, above, words) = (label.unwrap_or_default(), Vec::new(), Vec::new());
        self.labels.clear();
        self.entries.push(Entry { at, above, below: None, words, label, figures: None, readings: 1 });
    }

    /// A line: a row with its figures, the rest of the figures above, or a part of a label.
    fn take_words(&mut self, at: usize, words: Vec<Word<'c>>) {
        let entry = self.entry(at, words);
        let rest = entry.label.is_empty() && self.labels.is_empty() && self.is_open(&entry);
        if let Some(last) = self.entries.last_mut().filter(|_| rest) {
            last.goes_on_in(&entry, self.head);
        } else if self.is_row(&entry) {
            let above = self.above(&entry);
            let label = self.label(&above, &entry.label);
            self.entries.push(Entry { above, label, ..entry });
            self.labels.clear();
        } else {
            self.labels.push(at);
        }
    }

    /// Whether the figures of the last row go on in a line of figures: one of the two is no row by itself.
    fn is_open(&self, next: &Entry<'_>) -> bool {
        let open = |last: &Entry<'_>| last.figures.is_some() && last.below.is_none();
        self.entries.last().is_some_and(|last| open(last) && (last.readings == 0 || next.readings == 0))
    }

    /// Whether a line holds figures: it can be read, or has several figures side by side, or a known label before one.
    fn is_row(&self, entry: &Entry<'_>) -> bool {
        let is_token = |word: &Word<'_>| token(word.text).is_some();
        let several = entry.words.windows(2).any(|pair| pair.iter().all(is_token));
        let last = entry.words.last().is_some_and(is_token);
        entry.readings > 0 || several || last && self.is_label(&entry.label)
    }

    /// What a line by itself is as a row.
    fn entry(&self, at: usize, words: Vec<Word<'c>>) -> Entry<'c> {
        let tail = words.len() - words.iter().rev().take_while(|word| token(word.text).is_some()).count();
        let columns = self.head.headings.len();
        let start =
            if self.head.transposed { self.periods(&words, tail) } else { plain(&words, tail, columns) };
        let label = joined(&words[..tail + start.first().copied().unwrap_or_default()]);
        let read = |glued| figures(&words, tail, &start, glued);
        let whole = |figures: Figures| (figures.lattice.count(columns), figures);
        let (readings, figures) = match whole(read(false)) {
            // A number alone on its line may be all that is printed of a row: `2022` below an empty table.
            (0, _) if !label.is_empty() => whole(read(true)),
            several => several,
        };
        Entry { at, above: Vec::new(), below: None, words, label, figures: Some(figures), readings }
    }

    /// Where the figures may begin behind the period that labels a row, counted from the first word of the tail.
    fn periods(&self, words: &[Word<'_>], tail: usize) -> Vec<usize> {
        let above: String = self.labels.iter().map(|&at| format!("{} ", self.rows[at].text())).collect();
        let is_label = |end: &usize| {
            let own = joined(&words[..*end]);
            self.is_label(&own)
                || !above.is_empty() && self.is_label(&fold_whitespace(&format!("{above}{own}")))
        };
        (tail..words.len()).filter(is_label).map(|end| end - tail).collect()
    }

    /// Which of the lines above are the beginning of a row's label: as many as make a known name of it, unless the line
    /// above is a name by itself and so is the label; where none do, all or none, as the row has no label or has one.
    fn above(&self, entry: &Entry<'_>) -> Vec<usize> {
        let bare = entry.label.is_empty();
        let single = |at: &usize| is_region(&self.rows[*at].text());
        if self.labels.last().is_some_and(single) && self.is_label(&entry.label) {
            return Vec::new();
        }
        let from = (0..self.labels.len())
            .find(|&from| self.is_label(&self.label(&self.labels[from..], &entry.label)));
        let none = if bare { 0 } else { self.labels.len() };
        self.labels[from.unwrap_or(none)..].to_vec()
    }

    fn label(&self, above: &[usize], own: &str) -> String {
        let lines: Vec<_> = above.iter().map(|&at| self.rows[at].text()).chain([own.into()]).collect();
        fold_whitespace(lines.join(" ").trim()).into_owned()
    }
}

/// Where the figures may begin, counted from the first word of the tail: there, or behind a number that belongs to the
/// label. It does where the word before it says so, or where the row cannot be read otherwise.
fn plain(words: &[Word<'_>], tail: usize, columns: usize) -> Vec<usize> {
    let fits = |start: usize| figures(words, tail, &[start], false).lattice.count(columns) > 0;
    let numbered = |word: &Word<'_>| NUMBERED.contains(&word.text.to_lowercase().as_str());
    match tail.checked_sub(1).and_then(|before| words.get(before)) {
        Some(before) if numbered(before) && fits(1) => vec![0, 1],
        Some(_) if !fits(0) => vec![(1..=MOST_NUMBERS).find(|&start| fits(start)).unwrap_or(0)],
        _ => vec![0],
    }
}

/// A label ends with no more numbers: `aged 15 - 24`.
const MOST_NUMBERS: usize = 3;

impl<'c> Entry<'c> {
    /// Takes in a line that holds nothing but figures: where this row has none that can be read, its label may end with a
    /// number, and all its figures stand below; else they go on there.
    fn goes_on_in(&mut self, rest: &Entry<'c>, head: &Head<'c>) {
        let tail = self.words.iter().rev().take_while(|word| token(word.text).is_some()).count();
        let start = self.words.len() - tail;
        let all = [&self.words[start..], rest.words.as_slice()].concat();
        let together = figures(&all, 0, &[0], false).lattice.count(head.headings.len());
        if rest.readings > 0 && together == 0 && start > 0 {
            self.above.push(self.at);
            let label = fold_whitespace(&joined(&self.words)).into_owned();
            *self = Entry { above: std::mem::take(&mut self.above), label, ..rest.clone() };
        } else {
            self.below = Some(rest.at);
        }
    }
}
