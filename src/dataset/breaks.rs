//! Breaks in series: days from which on figures count something else. What is compared across one is told apart from like with
//! like; the changes are computed all the same.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::dataset::{Definition, Key};
use crate::grammar::period::Period;
use crate::problem::{Problem, Rule};
use crate::text::parse_date;

/// A day from which on figures count something else.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeriesBreak {
    /// The figures: `scheme=GEP`. What is left out is any.
    #[schemars(with = "String")]
    pub key: Spanned<String>,
    /// The first day, as a date.
    #[schemars(with = "String")]
    pub from: Spanned<String>,
    /// What they count from then on.
    #[schemars(with = "String")]
    pub reason: Spanned<String>,
}

/// The breaks of a definition, to be looked up.
#[derive(Clone, Debug)]
pub struct Breaks(Vec<(Key, NaiveDate)>);

impl Breaks {
    /// Those of a definition.
    #[must_use]
    pub fn of(definition: &Definition) -> Breaks {
        let parse = |known: &SeriesBreak| {
            Some((Key::parse(known.key.get_ref(), definition).ok()?, parse_date(known.from.get_ref())?))
        };
        Breaks(definition.breaks.iter().filter_map(parse).collect())
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The break, by its place in the definition, that lies between a figure's period and the one before it that it is compared
    /// with: behind the beginning of that, and not behind the end of the figure's own.
    #[must_use]
    pub fn find(&self, codes: &[&str], measure: &str, [before, own]: [&Period; 2]) -> Option<usize> {
        let is_of = |key: &Key| {
            let same = |(wanted, code): (&Option<String>, &&str)| {
                wanted.as_deref().is_none_or(|wanted| wanted == *code)
            };
            key.codes.iter().zip(codes).all(same)
                && key.measure.as_deref().is_none_or(|wanted| wanted == measure)
        };
        self.0.iter().position(|(key, day)| before.start < *day && *day <= own.end() && is_of(key))
    }
}

impl Definition {
    /// Breaks name figures of the definition, a day and a reason.
    pub(super) fn validate_breaks(&self) -> Vec<Problem> {
        self.breaks.iter().flat_map(|known| self.validate_break(known)).collect()
    }

    fn validate_break(&self, known: &SeriesBreak) -> Vec<Problem> {
        let mut problems = self.validate_codes(Rule::Break, &known.key);
        if parse_date(known.from.get_ref()).is_none() {
            let problem = self.fault(Rule::Break, &known.from, "the break's first day is no date".into(), "");
            problems.push(problem.help("write it as 2026-02-28"));
        }
        problems.extend(self.validate_reason(Rule::Break, &known.reason));
        problems
    }

    /// The breaks that no comparison of a whole run crossed, given those that one did; breaks behind its newest release are none
    /// yet, and those of a built-in definition are not the user's to take out.
    #[must_use]
    pub fn unused_breaks(&self, met: &BTreeSet<usize>, newest: Option<NaiveDate>) -> Vec<Problem> {
        let is_past = |known: &SeriesBreak| {
            newest.is_some_and(|newest| parse_date(known.from.get_ref()) <= Some(newest))
        };
        let own = self.breaks.iter().filter(|_| !self.is_built_in());
        let unused = own.enumerate().filter(|(at, known)| !met.contains(at) && is_past(known));
        let warning = |(_, known): (usize, &SeriesBreak)| {
            let message = format!("no comparison crosses the break of {}", known.key.get_ref());
            let span = self.span(&known.from, "no figure is compared with one before this day");
            Problem::new(Rule::BreakUnused, message, span)
                .help("take it out where the day is wrong, or no document prints both sides of it any more")
        };
        unused.map(warning).collect()
    }
}
