//! What the heading of a column says: a period, and in words what the column holds.

use crate::grammar::footnote;
use crate::grammar::indicator::Indicator;
use crate::grammar::period::heading::{self, HeadingReading};
use crate::layout::header::columns::Piece;
use crate::text::fold_whitespace;

/// The heading of a column of figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// What is printed, from top to bottom, white space folded.
    pub label: String,
    /// What it can mean; none where it names no period.
    pub reading: Option<HeadingReading>,
    /// The words that name the period, and those that say what the column holds; each may be empty.
    pub time: String,
    /// See `time`.
    pub words: String,
    /// What the column holds; none where nothing tells.
    pub indicator: Option<Indicator>,
    /// The words of the vocabulary in it, from top to bottom.
    pub codes: Vec<String>,
    /// The row of its lowest cell.
    pub row: usize,
    /// Where that cell begins.
    pub column: u32,
}

impl Heading {
    /// A heading of figures that names no period.
    pub(crate) fn without_period() -> Heading {
        Heading {
            label: String::new(),
            reading: None,
            time: String::new(),
            words: String::new(),
            indicator: Some(Indicator::Figures),
            codes: Vec::new(),
            row: 0,
            column: 1,
        }
    }

    pub(crate) fn of(pieces: &[Piece<'_, '_>]) -> Heading {
        let label = match pieces {
            [(_, cell)] => fold_whitespace(&cell.text).into_owned(),
            _ => fold_whitespace(&joined_texts(pieces)).into_owned(),
        };
        let (row, column) = pieces.last().map_or((0, 1), |(row, cell)| (*row, cell.column));
        let whole = read(&label).map(|reading| (reading, label.clone(), String::new()));
        let (reading, time, words) = match whole.or_else(|| split_heading(&label)) {
            Some((reading, time, words)) => (Some(reading), time, words),
            None => (None, String::new(), label.clone()),
        };
        let indicator = if words.is_empty() { Some(Indicator::Figures) } else { Indicator::parse(&words) };
        Heading { label, reading, time, words, indicator, codes: Vec::new(), row, column }
    }
}

fn joined_texts(pieces: &[Piece<'_, '_>]) -> String {
    pieces.iter().map(|(_, cell)| cell.text.as_ref()).collect::<Vec<_>>().join(" ")
}

/// No heading that names a period and what its column holds has more words.
pub(crate) const MOST_WORDS: usize = 16;

/// No longer heading does.
pub(crate) const LONGEST: usize = 120;

/// Nor are the words longer that say what a column holds.
const LONGEST_WORDS: usize = 48;

/// The period that a heading names before or behind words of what its column holds, these words, and those of the period.
pub(crate) fn split_heading(label: &str) -> Option<(HeadingReading, String, String)> {
    if label.len() > LONGEST || !label.contains(' ') || !heading::has_year(label) {
        return None;
    }
    let blanks = label.match_indices(' ').map(|(at, _)| at).take(MOST_WORDS);
    let parts = blanks.flat_map(|at| {
        let [head, tail] = [&label[..at], &label[at..]].map(|part| part.trim_matches([' ', ':', ',', ';']));
        [(head, tail), (tail, head)]
    });
    let known = |(time, words): (&str, &str)| {
        // Most parts are no period, which is soon seen: one begins with a figure or a capital, and names a year.
        let can_be = words.len() <= LONGEST_WORDS
            && !time.starts_with(|c: char| c.is_ascii_lowercase())
            && heading::has_year(time);
        let reading = can_be.then(|| heading::parse(time)).flatten()?;
        let indicator = Indicator::parse(words)?;
        (indicator != Indicator::Total).then(|| (reading, time.to_owned(), words.to_owned()))
    };
    parts.into_iter().find_map(known)
}

/// Reads a heading, whatever footnotes' marks hang on to it.
pub(crate) fn read(label: &str) -> Option<HeadingReading> {
    heading::parse(label).or_else(|| {
        let plain = footnote::strip_markers(label);
        if plain == label { None } else { heading::parse(plain) }
    })
}
