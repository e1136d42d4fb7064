//! What a heading says: each thing it can mean, and by which convention. What it leaves open is left open here;
//! [`calendar`](crate::grammar::period::calendar) settles it.

use arrayvec::ArrayVec;
use chrono::NaiveDate;

use crate::grammar::period::Period;
use crate::grammar::period::grammar::{meanings, one};
use crate::grammar::period::words::words;

/// What a heading says of the figures below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// What it can mean; at least one.
    pub meanings: Meanings,
    /// What its marks say of the figures.
    pub status: Status,
}

/// Things that a heading can mean.
pub type Meanings = ArrayVec<Meaning, 4>;

/// What a mark beside a period says of the figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Status {
    /// Nothing: they are as usual.
    #[default]
    Normal,
    /// They are provisional: `(p)`.
    Provisional,
    /// They are estimated: `(e)`.
    Estimated,
    /// They are forecast: `(f)`.
    Forecast,
}

impl Status {
    /// As SDMX codes the status of an observation.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Status::Normal => "A",
            Status::Provisional => "P",
            Status::Estimated => "E",
            Status::Forecast => "F",
        }
    }
}

/// One thing that a heading can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// The convention by which it does.
    pub by: Convention,
    /// The time it then names.
    pub time: Time,
}

/// A time that a heading names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Time {
    /// An interval, or a point in time.
    Period(Period),
    /// The financial year that begins in a year.
    FinancialYearFrom(i32),
    /// The financial year that ends in a year.
    FinancialYearTo(i32),
    /// Months up to a day that is not the last of one.
    BrokenMonth(NaiveDate),
}

/// How a heading that could be two things is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Convention {
    /// It can be one thing only.
    Plain,
    /// `2011-12` is a month.
    YearAndMonth,
    /// `2011-12` is a financial year.
    FinancialYear,
    /// `2011-12` is two calendar years.
    TwoYears,
    /// `2001-05` is five calendar years.
    Years,
    /// `01/02/2023` is 1 February.
    DayFirst,
    /// `01/02/2023` is January 2.
    MonthFirst,
    /// `FY2023` begins in 2023.
    NamedByStart,
    /// `FY2023` ends in 2023.
    NamedByEnd,
    /// `截至2023年底` is a point in time.
    Stands,
    /// `截至2023年底` is all that came before in the year.
    Sums,
}

/// What conventions answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    /// Nothing is open.
    None,
    /// What does the number after a year count?
    Number,
    /// Does the day or the month come first?
    Order,
    /// By which end is a financial year named?
    Name,
    /// Is it a point in time, or what came before?
    Stock,
}

impl Convention {
    /// All of them.
    pub(super) const ALL: [Convention; 11] = [
        Convention::Plain,
        Convention::YearAndMonth,
        Convention::FinancialYear,
        Convention::TwoYears,
        Convention::Years,
        Convention::DayFirst,
        Convention::MonthFirst,
        Convention::NamedByStart,
        Convention::NamedByEnd,
        Convention::Stands,
        Convention::Sums,
    ];

    /// The question it answers.
    #[must_use]
    pub fn question(self) -> Question {
        match self {
            Convention::Plain => Question::None,
            Convention::YearAndMonth
            | Convention::FinancialYear
            | Convention::TwoYears
            | Convention::Years => Question::Number,
            Convention::DayFirst | Convention::MonthFirst => Question::Order,
            Convention::NamedByStart | Convention::NamedByEnd => Question::Name,
            Convention::Stands | Convention::Sums => Question::Stock,
        }
    }
}

/// Reads a heading; none where it is no period.
#[must_use]
pub fn read(text: &str) -> Option<Reading> {
    if let Some(year) = plain_year(text) {
        return reading(one(Period::new(year, 1, 12)), Status::Normal);
    }
    // A full stop behind a number ends a sentence, not a heading.
    let sentence = text.strip_suffix('.').is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_digit()));
    if sentence || !has_year(text) {
        return None;
    }
    if text.contains("/P") {
        return reading(one(text.parse().ok()), Status::Normal);
    }
    let words = words(text).filter(|words| words.closed)?;
    reading(meanings(&words.list), words.status)
}

fn reading(meanings: Meanings, status: Status) -> Option<Reading> {
    (!meanings.is_empty()).then_some(Reading { meanings, status })
}

impl Reading {
    /// About when it is, to compare it with others of one header: its first day, and how long it takes.
    pub(crate) fn rough(&self) -> (NaiveDate, u32) {
        let in_year = |year| (NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default(), 12);
        match self.meanings.first().map(|meaning| meaning.time) {
            Some(Time::Period(period)) => (period.start, period.months),
            Some(Time::FinancialYearFrom(year)) => in_year(year),
            Some(Time::FinancialYearTo(year)) => in_year(year - 1),
            Some(Time::BrokenMonth(day)) => (day, 1),
            None => (NaiveDate::MIN, 0),
        }
    }

    /// Whether it can be meant by a convention, or leaves another question open, or none.
    pub(super) fn can_mean(&self, by: Convention) -> bool {
        let mut open =
            self.meanings.iter().filter(|meaning| meaning.by.question() == by.question()).peekable();
        open.peek().is_none() || open.any(|meaning| meaning.by == by)
    }
}

/// Whether a text may stand above or below another in one heading: it has words of time, and no others.
#[must_use]
pub fn is_part(text: &str) -> bool {
    words(text)
        .is_some_and(|words| !words.list.is_empty() || words.status != Status::Normal || text.contains('('))
}

/// Whether a text says something of time, and not only of the figures, as a mark does.
#[must_use]
pub fn says_when(text: &str) -> bool {
    words(text).is_some_and(|words| !words.list.is_empty())
}

/// Whether exactly four digits follow each other, or `FY` begins the text: quickly seen, it spares most cells the rest.
pub(crate) fn has_year(text: &str) -> bool {
    let mut digits = 0;
    let ends = text.chars().any(|c| {
        let before = digits;
        digits = if c.is_ascii_digit() || ('０'..='９').contains(&c) { digits + 1 } else { 0 };
        before == 4 && digits == 0
    });
    ends || digits == 4 || text.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("fy"))
}

fn plain_year(text: &str) -> Option<i32> {
    let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}
