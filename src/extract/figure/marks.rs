//! Marks behind a figure or in its place, and what they stand for.

use crate::extract::figure::{Figure, NORMAL, Reading};
use crate::grammar::footnote;
use crate::grammar::status_flag::{self, FlagMeaning};

impl Reading<'_> {
    /// A cell with marks: each is taken off the end, until a figure or a mark in place of one is left.
    pub(super) fn read_marked(&self, text: &str) -> Option<Figure> {
        let (mut rest, mut found) = (text, Figure::default());
        for _ in 0..footnote::MAX_MARKERS {
            if let Some(meaning) = self.find_flag_in_place(rest) {
                found.marks.push(rest.to_owned());
                return Some(Figure { meaning: Some(meaning), ..found });
            }
            let (before, mark, meaning) = self.split_trailing_flag(rest)?;
            found.marks.push(mark);
            found.meaning = match (found.meaning, meaning) {
                // A revised figure may be provisional, too; no other two fit.
                (None | Some(NORMAL), other) => other.or(found.meaning),
                (one, None | Some(NORMAL)) => one,
                (one, other) => Some(one.filter(|_| one == other)?),
            };
            rest = before;
            if let Ok(value) = self.number(rest) {
                return Some(Figure { value: Some(value), ..found });
            }
        }
        None
    }

    /// What a mark stands for, by whatever tells it.
    pub(super) fn meaning(&self, mark: &str) -> Option<FlagMeaning> {
        let legend =
            self.known.legends.iter().filter(|legend| legend.mark == mark).find_map(|legend| legend.meaning);
        let defined = || match self.definition {
            Some(definition) => definition.meaning(mark),
            None => status_flag::NIL_SYMBOLS.contains(&mark).then_some(FlagMeaning::Nil),
        };
        legend.or_else(defined)
    }

    /// What a mark says of the figures that it stands behind, or whose label or heading it hangs on to.
    #[must_use]
    pub fn behind_figures(&self, mark: &str) -> Option<FlagMeaning> {
        self.meaning(mark).filter(|meaning| !meaning.is_standalone())
    }

    /// What stands in place of a figure.
    pub(super) fn find_flag_in_place(&self, text: &str) -> Option<FlagMeaning> {
        self.meaning(text)
            .or_else(|| status_flag::parse_phrase(text))
            .filter(|meaning| meaning.is_standalone())
    }

    /// The last mark behind something: what stands before it, its name, and what it says of the figure, if it does.
    pub(super) fn split_trailing_flag<'t>(
        &self,
        text: &'t str,
    ) -> Option<(&'t str, String, Option<FlagMeaning>)> {
        let told = self.known.legends.iter().map(|legend| legend.mark.as_str());
        let named =
            self.definition.into_iter().flat_map(|definition| definition.marks().keys().map(String::as_str));
        let printed = told.chain(named).filter_map(|mark| Some((text.strip_suffix(mark)?, mark)));
        let longest = printed
            .filter_map(|(before, mark)| Some((before, mark, self.behind_figures(mark)?)))
            .max_by_key(|(_, mark, _)| mark.len());
        if let Some((before, mark, meaning)) = longest {
            return Some((before.trim_end(), mark.to_owned(), Some(meaning)));
        }
        let last = footnote::find_last_marker(text)?;
        let meaning = self.behind_figures(&last.marker);
        (meaning.is_some() || self.known.noted.contains(&last.marker)).then_some((
            last.before,
            last.marker,
            meaning,
        ))
    }
}
