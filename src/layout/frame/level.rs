//! Whether the cells of a header row are what a definition says of it.

use crate::document::Cell;
use crate::grammar::footnote;
use crate::grammar::indicator::Indicator;
use crate::grammar::period::heading as time;
use crate::grammar::period::part_of_year::is_roman_part;
use crate::layout::figures::is_number;
use crate::layout::frame::Level;
use crate::layout::header::read;
use crate::layout::period_path::{self, SEPARATORS};
use crate::layout::tables::is_total;
use crate::regions;

impl Level {
    /// Whether most cells that are printed are what it says.
    pub(super) fn fits(&self, cells: &[Cell<'_>]) -> bool {
        let printed = cells.iter().filter(|cell| !cell.text.is_empty()).count();
        self.is_any || printed > 0 && cells.iter().filter(|cell| self.knows(cell)).count() * 2 > printed
    }

    pub(super) fn knows(&self, cell: &Cell<'_>) -> bool {
        let text = self.strip_beside_period(&cell.text);
        !text.is_empty()
            && (self.is_any
                || self.words.contains(text)
                || self.is_period && can_be_time(text)
                || self.is_region && regions::resolve(footnote::strip_markers(text)).is_some()
                || Indicator::parse(text).is_some())
    }
}

impl Level {
    /// A text without the words that stand beside the period, where these can.
    pub(super) fn strip_beside_period<'t>(&self, text: &'t str) -> &'t str {
        let stripped = self.beside_period.iter().filter_map(|words| strip_words(text, words));
        stripped.min_by_key(|rest| rest.len()).unwrap_or(text)
    }
}

/// A text without words at its beginning or end; none where they do not stand there, or all of it is these.
fn strip_words<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let text = text.trim_matches(SEPARATORS);
    let is_same = |part: &str| part.to_lowercase() == words.to_lowercase();
    let (ahead, behind) = (text.get(words.len()..), text.len().checked_sub(words.len()));
    let begins = ahead.filter(|_| text.get(..words.len()).is_some_and(is_same));
    let ends = || behind.and_then(|at| text.get(..at).filter(|_| text.get(at..).is_some_and(is_same)));
    let rest = begins.or_else(ends)?;
    let plain = rest.trim_matches(SEPARATORS);
    (plain.len() < rest.len() && !plain.is_empty()).then_some(plain)
}

/// Whether a text can be a part of a period: words of time, or `Total`.
pub(super) fn can_be_time(text: &str) -> bool {
    let plain = period_path::without_total(footnote::strip_markers(text));
    let is_figure = is_number(plain) && read(plain).is_none();
    !is_figure && !text.is_empty() && names_time(plain, text)
}

fn names_time(plain: &str, text: &str) -> bool {
    plain.is_empty()
        || read(plain).is_some()
        || time::mentions_time(plain)
        || is_roman_part(plain)
        || is_total(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_beside_a_period_are_taken_away_whole() {
        let cases = [
            ("Population 2021", Some("2021")),
            ("2021 (population)", Some("2021")),
            ("POPULATION, Q1 2021", Some("Q1 2021")),
            ("Populations 2021", None),
            ("Population2021", None),
            ("Population", None),
            ("2021", None),
        ];
        for (text, expected) in cases {
            assert_eq!(strip_words(text, "Population"), expected, "{text}");
        }
    }
}
