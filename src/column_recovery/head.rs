//! The header of a flattened table: a line, or up to three where it was wrapped, whose words are a label and then headings
//! with nothing between them, each a period, or each a region.

use std::borrow::Cow;

use crate::column_recovery::token::{Word, token, words};
use crate::document::{Cell, Row};
use crate::grammar::footnote;
use crate::grammar::period::heading;
use crate::layout::header;
use crate::layout::tables::is_total;
use crate::regions;

/// A header, as it can be read.
#[derive(Clone, Debug)]
pub struct Head<'c> {
    /// The row behind it.
    pub end: usize,
    /// Its cells, for each of its rows that is to be parted.
    pub rows: Vec<(usize, Vec<Cell<'c>>)>,
    /// The headings.
    pub headings: Vec<String>,
    /// What is printed before them; nothing where there is no label.
    pub label: String,
    /// Whether regions run across, so that the rows are labelled by periods.
    pub transposed: bool,
}

/// A header is wrapped over no more lines.
const MOST_LINES: usize = 3;
/// A line of a header has no more bytes.
const LONGEST: usize = 1000;
/// A heading has no more words: `1 April 2022 to 31 March 2023 (p)`.
const MOST_HEADING: usize = 8;
/// Words that fall into headings in more ways are no header.
const MOST_WAYS: usize = 16;
/// No table has more columns.
const MOST_COLUMNS: usize = 64;

/// The headers that may begin at a row: most rows have none, which is seen at a glance.
#[must_use]
pub fn heads<'c>(rows: &[Row<'c>], at: usize) -> Vec<Head<'c>> {
    match rows[at].cells.len() {
        0 => Vec::new(),
        1 => flattened(rows, at),
        _ => parted(rows, at).into_iter().collect(),
    }
}

/// A header that has its cells, above a row that lost them.
fn parted<'c>(rows: &[Row<'c>], at: usize) -> Option<Head<'c>> {
    rows[at + 1..].iter().take(MOST_LINES).find(|row| ends_with_figures(row))?;
    let (first, cells) = rows[at].cells.split_first()?;
    let head = |end, label: &str, headings: Vec<String>, transposed| {
        let fits = (2..=MOST_COLUMNS).contains(&headings.len());
        fits.then(|| Head { end, rows: Vec::new(), headings, label: label.to_owned(), transposed })
    };
    if let Some(found) = header::find_periods(rows, at) {
        let headings = found.headings.into_iter().map(|heading| heading.label).collect();
        return head(found.rows.end, if found.labelled { &first.text } else { "" }, headings, false);
    }
    let regions = !first.text.is_empty() && cells.iter().all(|cell| is_region(&cell.text));
    let headings = || cells.iter().map(|cell| cell.text.to_string()).collect();
    regions.then(headings).and_then(|headings| head(at + 1, &first.text, headings, true))
}

/// The ways to read one, two or three lines as a header.
fn flattened<'c>(rows: &[Row<'c>], at: usize) -> Vec<Head<'c>> {
    let text = rows[at].text().into_owned();
    if text.len() > LONGEST || text.ends_with(['.', ',', ';', ':']) {
        return Vec::new();
    }
    let below = || rows[at + 1..].iter().filter(|row| !row.is_blank());
    let transposed = || below().take(MOST_LINES).any(begins_with_year);
    let times = years(&text) > 1;
    if !times && !transposed() {
        return Vec::new();
    }
    let mut heads = Vec::new();
    let mut line: Vec<Word<'c>> = Vec::new();
    for (row, of) in rows.iter().enumerate().skip(at).take(MOST_LINES) {
        let Some(words) = words(row, of) else { break };
        line.extend(words);
        let mut ways = if times { in_time(&line) } else { in_space(&line) };
        // Years below are a row's figures, where no heading stands beside the label.
        ways.retain(|way| line.get(way[0]).is_some_and(|first| first.row == at));
        heads.extend(ways.iter().map(|way| Head::of(rows, &line, way, !times)));
    }
    heads
}

/// How many runs of exactly four digits a text has: enough to dismiss most prose.
fn years(text: &str) -> usize {
    text.as_bytes().split(|byte| !byte.is_ascii_digit()).filter(|run| run.len() == 4).count()
}

/// Whether a row begins as one that is labelled by a period and flattened: `2019 219 073 170 828`.
fn begins_with_year(row: &Row<'_>) -> bool {
    let [cell] = row.cells.as_slice() else { return false };
    let first = cell.text.split(' ').next().unwrap_or_default();
    years(first) > 0 && ends_with_figures(row)
}

/// Whether a row is one cell that ends with two figures: enough to dismiss all rows that have their cells.
fn ends_with_figures(row: &Row<'_>) -> bool {
    let [cell] = row.cells.as_slice() else { return false };
    let mut words = cell.text.rsplit(' ').filter(|word| !word.is_empty());
    words.next().is_some_and(|last| token(last).is_some())
        && words.next().is_some_and(|last| token(last).is_some())
}

/// A way to cut words into headings: where each begins, by its index, and last the number of words.
type Way = Vec<usize>;

/// The ways to read words as a label and periods. Where the label could be a part of the first period, it is told by
/// headings that are all alike.
fn in_time(words: &[Word<'_>]) -> Vec<Way> {
    let mut ways = ways(words, |text| header::read(text).is_some() || is_total(text));
    let periods = |way: &Way| headings(words, way).iter().filter(|text| header::read(text).is_some()).count();
    ways.retain(|way| periods(way) > 1);
    let distinct = distinct(ways, |way| headings(words, way).iter().map(|text| header::read(text)).collect());
    let sure: Vec<Way> = distinct.iter().filter(|way| is_alike(words, way)).cloned().collect();
    if sure.len() == 1 { sure } else { distinct }
}

/// The ways to read words as a label and regions. A name is not cut: `Papua New Guinea` leaves no `Papua New` as a label.
fn in_space(words: &[Word<'_>]) -> Vec<Way> {
    let code = |text: &String| regions::resolve(footnote::strip_markers(text)).map(|known| known.region.code);
    let mut ways = distinct(ways(words, is_region), |way| headings(words, way).iter().map(code).collect());
    let first = ways.iter().map(|way| way[0]).min();
    ways.retain(|way| Some(way[0]) == first && way[0] > 0);
    ways
}

/// The ways whose headings say different things. Of those that say the same, the one with the longest label stays:
/// `Year 2022` says what `2022` says, so `Year` may be the label.
fn distinct<T: PartialEq>(ways: Vec<Way>, said: impl Fn(&Way) -> Vec<T>) -> Vec<Way> {
    let again = |way: &Way| ways.iter().any(|other| other[0] > way[0] && said(other) == said(way));
    let again: Vec<bool> = ways.iter().map(again).collect();
    ways.into_iter().zip(again).filter_map(|(way, again)| (!again).then_some(way)).collect()
}

/// Whether headings differ in their digits only, and the label before them says nothing of time.
fn is_alike(words: &[Word<'_>], way: &Way) -> bool {
    let shape = |text: &String| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    let shapes: Vec<String> = headings(words, way).iter().map(shape).collect();
    shapes.windows(2).all(|pair| pair[0] == pair[1]) && !heading::mentions_time(&joined(&words[..way[0]]))
}

/// The ways to cut the last words into two or more headings, so that no heading is left before them; none where there
/// are too many.
fn ways(words: &[Word<'_>], is_heading: impl Fn(&str) -> bool) -> Vec<Way> {
    let mut from: Vec<Vec<Way>> = vec![Vec::new(); words.len() + 1];
    from[words.len()] = vec![vec![words.len()]];
    let mut whole = Vec::new();
    for end in (1..=words.len()).rev() {
        let behind = std::mem::take(&mut from[end]);
        if behind.is_empty() {
            continue;
        }
        let begins =
            (end.saturating_sub(MOST_HEADING)..end).filter(|&at| is_heading(&joined(&words[at..end])));
        let begins: Vec<usize> = begins.collect();
        for &at in &begins {
            from[at].extend(behind.iter().map(|way| [&[at], way.as_slice()].concat()));
        }
        if from.iter().map(Vec::len).sum::<usize>() > MOST_WAYS {
            return Vec::new();
        }
        whole.extend(behind.into_iter().filter(|_| begins.is_empty()));
    }
    whole.append(&mut from[0]);
    whole.retain(|way| (3..=MOST_COLUMNS + 1).contains(&way.len()));
    whole.sort();
    whole
}

/// The headings of a way.
fn headings(words: &[Word<'_>], way: &Way) -> Vec<String> {
    way.windows(2).map(|pair| joined(&words[pair[0]..pair[1]])).collect()
}

/// Words as one text.
#[must_use]
pub fn joined(words: &[Word<'_>]) -> String {
    words.iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
}

/// Whether a label names a region.
#[must_use]
pub fn is_region(label: &str) -> bool {
    regions::resolve(footnote::strip_markers(label)).is_some_and(|known| known.is_whole())
}

impl<'c> Head<'c> {
    /// The header of a way, each of its lines a row: what is wrapped stands below its beginning.
    fn of(rows: &[Row<'c>], words: &[Word<'c>], way: &Way, transposed: bool) -> Head<'c> {
        let label = joined(&words[..way[0]]);
        let cuts: Vec<usize> = (way[0] > 0).then_some(0).into_iter().chain(way.iter().copied()).collect();
        let lines = words[0].row..words.last().map_or(0, |word| word.row) + 1;
        let cells = |row: usize| {
            let column = |pair: &[usize]| {
                let own: Vec<Word<'c>> =
                    words[pair[0]..pair[1]].iter().filter(|word| word.row == row).copied().collect();
                cell(&rows[row], &own)
            };
            let mut cells: Vec<Cell<'c>> = cuts.windows(2).map(column).collect();
            while cells.last().is_some_and(|cell| cell.text.is_empty()) {
                cells.pop();
            }
            (row, cells)
        };
        let end = lines.end;
        let headings = headings(words, way);
        Head { end, rows: lines.map(cells).collect(), headings, label, transposed }
    }
}

/// The cell of words of one row; an empty one of none.
fn cell<'c>(row: &Row<'c>, words: &[Word<'c>]) -> Cell<'c> {
    let (Some(first), Some(last)) = (words.first(), words.last()) else {
        return Cell::printed(1, Cow::Borrowed(""));
    };
    slice(row, first.at, last.at + last.text.len())
}

/// The cell between two bytes of a row's line.
#[must_use]
pub fn slice<'c>(row: &Row<'c>, from: usize, to: usize) -> Cell<'c> {
    let column = row.line.get(..from).map_or(0, |before| before.chars().count()) as u32 + 1;
    let text = match &row.line {
        Cow::Borrowed(line) => Cow::Borrowed(line.get(from..to).unwrap_or_default().trim()),
        Cow::Owned(line) => Cow::Owned(line.get(from..to).unwrap_or_default().trim().to_owned()),
    };
    Cell::printed(column, text)
}
