//! Parses a heading into all periods that it can mean, each with the convention by which it does.
//! [`calendar`](crate::grammar::period::calendar) resolves what is ambiguous.
//!
//! This needs no definition, so that headers can be found before a dataset is known.

use arrayvec::ArrayVec;
use chrono::NaiveDate;

use crate::grammar::period::Period;
use crate::grammar::period::grammar::{parse_meanings, unambiguous};
use crate::grammar::period::named_calendar::NamedCalendar;
use crate::grammar::period::tokens::tokenize;

/// What a heading says about the figures below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeadingReading {
    /// The possible meanings; at least one.
    pub meanings: PeriodMeanings,
    /// The status that its flags give to the figures.
    pub status: PeriodStatus,
    /// The calendar by which it counts years, where that is not the usual one.
    pub calendar: Option<NamedCalendar>,
}

/// The possible meanings of a heading.
pub type PeriodMeanings = ArrayVec<PeriodMeaning, 4>;

/// The status that a flag beside a period gives to its figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PeriodStatus {
    /// Normal, or revised.
    #[default]
    Normal,
    /// Provisional: `(p)`.
    Provisional,
    /// Estimated: `(e)`.
    Estimated,
    /// Forecast: `(f)`.
    Forecast,
}

impl PeriodStatus {
    /// The SDMX code of the observation status (`CL_OBS_STATUS`).
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            PeriodStatus::Normal => "A",
            PeriodStatus::Provisional => "P",
            PeriodStatus::Estimated => "E",
            PeriodStatus::Forecast => "F",
        }
    }
}

/// One possible meaning of a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeriodMeaning {
    /// The convention that gives this meaning.
    pub by: HeadingConvention,
    /// The time in this meaning.
    pub time: HeadingTime,
}

/// A time that a heading names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadingTime {
    /// A known interval or point in time.
    Exact(Period),
    /// The financial year that begins in a year.
    FinancialYearFrom(i32),
    /// The financial year that ends in a year.
    FinancialYearTo(i32),
    /// Months up to a day that is not the last of its month.
    BrokenMonth(NaiveDate),
}

/// The convention by which an ambiguous heading has one of its meanings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadingConvention {
    /// The heading is not ambiguous.
    Unambiguous,
    /// `2011-12` is a month.
    YearAndMonth,
    /// `2011-12` is a financial year.
    FinancialYear,
    /// `2011-12` is two calendar years.
    TwoYears,
    /// `2001-05` is five calendar years.
    SeveralYears,
    /// `01/02/2023` is 1 February.
    DayFirst,
    /// `01/02/2023` is January 2.
    MonthFirst,
    /// `FY2023` begins in 2023.
    NamedByStart,
    /// `FY2023` ends in 2023.
    NamedByEnd,
    /// `截至2023年底` is a point in time.
    PointInTime,
    /// `截至2023年底` is the part of the year up to that day.
    YearToDate,
}

/// The question that an ambiguous heading leaves open. Each convention answers one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenQuestion {
    /// None.
    None,
    /// What does the number after a year mean?
    NumberAfterYear,
    /// Does the day or the month come first?
    DateOrder,
    /// Does a financial year have the name of its first or its last calendar year?
    FinancialYearName,
    /// Is it a point in time, or the part of the year before it?
    StockOrFlow,
}

impl HeadingConvention {
    /// All conventions.
    pub(super) const ALL: [HeadingConvention; 11] = [
        HeadingConvention::Unambiguous,
        HeadingConvention::YearAndMonth,
        HeadingConvention::FinancialYear,
        HeadingConvention::TwoYears,
        HeadingConvention::SeveralYears,
        HeadingConvention::DayFirst,
        HeadingConvention::MonthFirst,
        HeadingConvention::NamedByStart,
        HeadingConvention::NamedByEnd,
        HeadingConvention::PointInTime,
        HeadingConvention::YearToDate,
    ];

    /// The question that the convention answers.
    #[must_use]
    pub fn question(self) -> OpenQuestion {
        match self {
            HeadingConvention::Unambiguous => OpenQuestion::None,
            HeadingConvention::YearAndMonth
            | HeadingConvention::FinancialYear
            | HeadingConvention::TwoYears
            | HeadingConvention::SeveralYears => OpenQuestion::NumberAfterYear,
            HeadingConvention::DayFirst | HeadingConvention::MonthFirst => OpenQuestion::DateOrder,
            HeadingConvention::NamedByStart | HeadingConvention::NamedByEnd => {
                OpenQuestion::FinancialYearName
            }
            HeadingConvention::PointInTime | HeadingConvention::YearToDate => OpenQuestion::StockOrFlow,
        }
    }
}

/// Parses a heading. `None` if it is not a period.
#[must_use]
pub fn parse(text: &str) -> Option<HeadingReading> {
    if let Some(year) = parse_year(text) {
        return build_reading(unambiguous(Period::new(year, 1, 12)));
    }
    // A full stop after a number ends a sentence, not a heading.
    let is_sentence = text.strip_suffix('.').is_some_and(|rest| rest.ends_with(|c: char| c.is_ascii_digit()));
    if is_sentence || !has_year(text) {
        return None;
    }
    if text.contains("/P") {
        return build_reading(unambiguous(text.parse().ok()));
    }
    let tokens = tokenize(text).filter(|tokens| tokens.is_complete)?;
    let reading = build_reading(parse_meanings(&tokens.list))?;
    Some(HeadingReading { status: tokens.status, calendar: tokens.calendar, ..reading })
}

fn build_reading(meanings: PeriodMeanings) -> Option<HeadingReading> {
    (!meanings.is_empty()).then(|| HeadingReading { meanings, ..HeadingReading::default() })
}

impl HeadingReading {
    /// The first day and the number of months, as far as they are known: enough to put the headings of a header in order.
    pub(crate) fn approximate_time(&self) -> (NaiveDate, u32) {
        let in_year = |year| (NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default(), 12);
        match self.meanings.first().map(|meaning| meaning.time) {
            Some(HeadingTime::Exact(period)) => (period.start, period.months),
            Some(HeadingTime::FinancialYearFrom(year)) => in_year(year),
            Some(HeadingTime::FinancialYearTo(year)) => in_year(year - 1),
            Some(HeadingTime::BrokenMonth(day)) => (day, 1),
            None => (NaiveDate::MIN, 0),
        }
    }

    /// Whether a convention is possible for the heading: it gives one of the meanings, or answers a question that the
    /// heading does not leave open.
    pub(super) fn can_mean(&self, by: HeadingConvention) -> bool {
        let mut open =
            self.meanings.iter().filter(|meaning| meaning.by.question() == by.question()).peekable();
        open.peek().is_none() || open.any(|meaning| meaning.by == by)
    }
}

/// Whether a text can be one line of a heading over several lines: it has words of time, and no others.
#[must_use]
pub fn is_time_fragment(text: &str) -> bool {
    tokenize(text).is_some_and(|tokens| {
        !tokens.list.is_empty() || tokens.status != PeriodStatus::Normal || text.contains('(')
    })
}

/// Whether a text is about time, and not only a status flag.
#[must_use]
pub fn mentions_time(text: &str) -> bool {
    tokenize(text).is_some_and(|tokens| !tokens.list.is_empty())
}

/// Whether a text has a run of exactly four digits, begins with `FY`, or may have the year of another calendar: a quick test that
/// dismisses most cells.
pub(crate) fn has_year(text: &str) -> bool {
    let mut digits = 0;
    let ends = text.chars().any(|c| {
        let before = digits;
        digits = if is_digit(c) { digits + 1 } else { 0 };
        before == 4 && digits == 0
    });
    ends || digits == 4
        || text.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("fy"))
        || !text.is_ascii() && may_have_other_year(text)
}

/// Whether a text has digits before `年`, or a letter of the name of another calendar.
fn may_have_other_year(text: &str) -> bool {
    let ends_number = |(at, _): (usize, &str)| text[..at].trim_end().ends_with(is_digit);
    text.contains('民') || text.match_indices('年').any(ends_number)
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

fn parse_year(text: &str) -> Option<i32> {
    let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}
