//! What a definition says of time, and how it settles what headings leave open: with what the definition says, then with
//! what the other headings of the header can only mean. What is still open is a problem that names the readings.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use serde::Deserialize;

use crate::grammar::period::Period;
use crate::grammar::period::heading::{Convention, Meaning, Meanings, Question, Reading, Time};

/// What a definition says of time.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    /// The month in which a financial year begins; January where its years are calendar years.
    pub financial_year: Option<MonthName>,
    /// Which of its two calendar years `FY2023` names.
    pub named_by: Option<YearEnd>,
    /// How `01/02/2023` is read.
    pub date_order: Option<DateOrder>,
    /// The day that figures are for, where they count what stood rather than what happened.
    pub stock: Option<YearEnd>,
    /// What single headings mean, as printed with white space folded.
    pub headings: BTreeMap<String, Period>,
}

/// A month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[allow(missing_docs)] // they are what they are called
pub enum MonthName {
    January = 1,
    February,
    March,
    April,
    May,
    June,
    July,
    August,
    September,
    October,
    November,
    December,
}

/// One end of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum YearEnd {
    /// Where it begins.
    Start,
    /// Where it ends.
    End,
}

/// The order of the numbers of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// `31/12/2021`.
    DayFirst,
    /// `12/31/2021`.
    MonthFirst,
}

/// Why a heading names no period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Open {
    /// What is wrong with it, to go on from "the heading `…`".
    pub message: String,
    /// What to do about it.
    pub help: String,
}

impl Calendar {
    /// The periods that the headings of one header name: none where a text is no period, or why it is open.
    #[must_use]
    pub fn settle(&self, headings: &[(&str, Option<&Reading>)]) -> Vec<Result<Option<Period>, Open>> {
        let readings = || headings.iter().filter_map(|(_, reading)| *reading);
        let agreed = LazyCell::new(|| {
            Convention::ALL.into_iter().filter(|by| readings().all(|reading| reading.can_mean(*by))).collect()
        });
        let settle = |(label, reading): &(&str, Option<&Reading>)| match (self.headings.get(*label), reading)
        {
            (Some(period), _) => Ok(Some((Convention::Plain, *period))),
            (None, None) => Ok(None),
            (None, Some(reading)) => self.settle_one(reading, &agreed).map(Some),
        };
        let settled: Vec<_> = headings.iter().map(settle).collect();
        let spans = Spans::of(settled.iter().flatten().flatten());
        let checked = |settled: Result<Option<Settled>, Open>| match settled? {
            Some(one) if spans.share_a_year(one) => Err(overlapping(one.1)),
            one => Ok(one.map(|(_, period)| self.counted(period))),
        };
        settled.into_iter().map(checked).collect()
    }

    /// The period that a heading names, where all headings of the header agree on some conventions.
    fn settle_one(
        &self,
        reading: &Reading,
        agreed: &LazyCell<Vec<Convention>, impl FnOnce() -> Vec<Convention>>,
    ) -> Result<Settled, Open> {
        if let [Meaning { by, time: Time::Period(period) }] = reading.meanings.as_slice() {
            return Ok((*by, *period));
        }
        let said = kept(&reading.meanings, |by| self.allows(by));
        let left = kept(&said, |by| agreed.contains(&by));
        let mut times: Vec<Time> = left.iter().map(|meaning| self.dated(meaning.time)).collect();
        times.dedup();
        match times.as_slice() {
            [Time::Period(period)] => Ok((left[0].by, *period)),
            _ => Err(open(&times, &left)),
        }
    }

    /// Whether a convention is not against what the definition says.
    fn allows(&self, by: Convention) -> bool {
        let calendar_years = self.financial_year.map(|month| month == MonthName::January);
        let says = |said: Option<bool>| said.unwrap_or(true);
        match by {
            Convention::FinancialYear => says(calendar_years.map(|calendar| !calendar)),
            Convention::TwoYears => says(calendar_years),
            Convention::DayFirst => says(self.date_order.map(|order| order == DateOrder::DayFirst)),
            Convention::MonthFirst => says(self.date_order.map(|order| order == DateOrder::MonthFirst)),
            Convention::NamedByStart => says(self.named_by.map(|end| end == YearEnd::Start)),
            Convention::NamedByEnd => says(self.named_by.map(|end| end == YearEnd::End)),
            _ => true,
        }
    }

    /// A financial year as an interval, where the definition says when it begins.
    fn dated(&self, time: Time) -> Time {
        let Some(month) = self.financial_year.map(|month| month as u32) else { return time };
        let year = match time {
            Time::FinancialYearFrom(year) => year,
            Time::FinancialYearTo(year) if month == 1 => year,
            Time::FinancialYearTo(year) => year - 1,
            _ => return time,
        };
        Period::new(year, month, 12).map_or(time, Time::Period)
    }

    /// An interval as the day on which figures that count what stood were taken.
    fn counted(&self, period: Period) -> Period {
        let day = match self.stock {
            None => return period,
            Some(YearEnd::Start) => period.start,
            Some(YearEnd::End) => period.end(),
        };
        Period { start: day, months: 0 }
    }
}

/// The meanings by conventions that are wanted, or all where none is.
fn kept(meanings: &Meanings, wanted: impl Fn(Convention) -> bool) -> Meanings {
    let kept: Meanings = meanings.iter().filter(|meaning| wanted(meaning.by)).copied().collect();
    if kept.is_empty() { meanings.clone() } else { kept }
}

/// A period, and the convention by which a heading names it.
type Settled = (Convention, Period);

/// The first and last years of a header's spans of calendar years.
struct Spans {
    firsts: BTreeSet<i32>,
    lasts: BTreeSet<i32>,
}

impl Spans {
    fn of<'s>(settled: impl Iterator<Item = &'s Settled>) -> Spans {
        let (firsts, lasts) = settled
            .filter(|one| is_span(one))
            .map(|(_, period)| (period.start.year(), period.end().year()))
            .unzip();
        Spans { firsts, lasts }
    }

    /// Whether a span ends with the year with which another begins, as in `1990-1995` beside `1995-2000`: then they are
    /// no whole calendar years.
    fn share_a_year(&self, one: Settled) -> bool {
        is_span(&one)
            && (self.firsts.contains(&one.1.end().year()) || self.lasts.contains(&one.1.start.year()))
    }
}

fn is_span((by, _): &Settled) -> bool {
    matches!(by, Convention::Years | Convention::TwoYears)
}

fn overlapping(period: Period) -> Open {
    let message =
        format!("could be {}, but shares a year with the heading beside it", told(&Time::Period(period)));
    let help = "say in the definition what it means: `[periods]`, `\"1990-1995\" = \"1990-07-01/P60M\"` from one midsummer to the other";
    Open { message, help: help.into() }
}

fn open(times: &[Time], meanings: &[Meaning]) -> Open {
    let told: Vec<String> = times.iter().map(told).collect();
    let message = match times {
        [Time::BrokenMonth(day)] => format!("ends on {day}, within a month, and periods are whole months"),
        [_] => format!("is {}, and the definition doesn't say when one begins", told.join("")),
        _ => format!("could be {}", told.join(" or ")),
    };
    Open { message, help: help(meanings).into() }
}

/// A time in words.
fn told(time: &Time) -> String {
    match time {
        Time::FinancialYearFrom(year) => format!("the financial year that begins in {year}"),
        Time::FinancialYearTo(year) => format!("the financial year that ends in {year}"),
        Time::BrokenMonth(day) => format!("the months up to {day}"),
        Time::Period(period) => match period.months {
            0 => format!("the day {period}"),
            1 => format!("the month {period}"),
            12 if period.start.month() == 1 => format!("the year {period}"),
            months => format!("the {months} months from {}", period.start),
        },
    }
}

/// What would settle the question that is open.
fn help(meanings: &[Meaning]) -> &'static str {
    let by = |convention| meanings.iter().any(|meaning| meaning.by == convention);
    match meanings.first().map_or(Question::None, |meaning| meaning.by.question()) {
        Question::Number if by(Convention::YearAndMonth) => {
            "another heading of the table that can be read in one way only would settle it; or say in the definition what this one means: `[periods]`, `\"2011-12\" = \"2011-04-01/P12M\"`"
        }
        Question::Number => {
            "say in the definition in which month a financial year begins: `financial_year = \"April\"`; `\"January\"` where its years are calendar years"
        }
        Question::Order => "say it in the definition: `date_order = \"day-first\"` or `\"month-first\"`",
        Question::Name => {
            "say in the definition in which month a financial year begins, `financial_year = \"April\"`, and which of its years names it, `financial_year_named_by = \"end\"` or `\"start\"`"
        }
        Question::Stock | Question::None => {
            "say in the definition what it means: `[periods]`, `\"2023…\" = \"2023-12-31\"`, or `2023-01-01/P3M` for three months"
        }
    }
}
