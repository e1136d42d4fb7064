//! Calendars whose years have other numbers than the usual ones and begin with them: `99年` is 2010 in Taiwan, `พ.ศ. 2566` is 2023 in
//! Thailand. A definition names the calendar of its documents, because a number alone does not say by which it counts.
//!
//! Calendars whose years begin on other days, or that begin anew with an emperor, are none of these.

use std::ops::RangeInclusive;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::grammar::period::is_statistical_year;

/// A calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NamedCalendar {
    /// The calendar of the Republic of China: year 1 is 1912.
    Minguo,
    /// The Buddhist calendar as Thailand has it: year 2566 is 2023.
    Thai,
}

/// What is known of a calendar.
struct Rules {
    calendar: NamedCalendar,
    /// What definitions call it.
    key: &'static str,
    /// The usual year before its first.
    offset: i32,
    /// The words that name it before a year.
    words: &'static [&'static str],
    /// The years that need no such word before `年`: fewer years can be a length of time.
    bare: Option<RangeInclusive<i32>>,
}

/// The calendars that are known.
const CALENDARS: [Rules; 2] = [
    Rules {
        calendar: NamedCalendar::Minguo,
        key: "minguo",
        offset: 1911,
        words: &["中華民國", "中华民国", "民國", "民国"],
        bare: Some(38..=199),
    },
    Rules { calendar: NamedCalendar::Thai, key: "thai", offset: -543, words: &["พ.ศ."], bare: None },
];

impl NamedCalendar {
    fn rules(self) -> &'static Rules {
        let own = CALENDARS.iter().find(|rules| rules.calendar == self);
        own.unwrap_or(&CALENDARS[0])
    }

    /// What definitions call it.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.rules().key
    }

    /// The calendar that a text begins by naming, and the length of its name.
    pub(super) fn find_word(text: &str) -> Option<(NamedCalendar, usize)> {
        let named = |rules: &Rules| {
            let word = rules.words.iter().find(|word| text.starts_with(**word))?;
            Some((rules.calendar, word.len()))
        };
        CALENDARS.iter().find_map(named)
    }

    /// The calendar in which a number before `年` is a year though no word says so.
    pub(super) fn of_bare_year(year: i32) -> Option<NamedCalendar> {
        let has = |rules: &&Rules| rules.bare.as_ref().is_some_and(|bare| bare.contains(&year));
        CALENDARS.iter().find(has).map(|rules| rules.calendar)
    }

    /// The usual number of a year.
    pub(super) fn usual_year(self, year: i32) -> Option<i32> {
        Some(year + self.rules().offset).filter(|usual| is_statistical_year(*usual))
    }
}
