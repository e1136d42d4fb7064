//! Resolves ambiguous headings: first by the definition's conventions of time, then by the conventions that all headings of
//! the header have in common. A heading that is still ambiguous is a problem, which names its meanings.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::grammar::period::Period;
use crate::grammar::period::heading::{
    HeadingConvention, HeadingReading, HeadingTime, OpenQuestion, PeriodMeaning, PeriodMeanings,
};
use crate::grammar::period::named_calendar::NamedCalendar;

/// A definition's conventions of time.
#[derive(Clone, Debug, Default)]
pub struct Calendar {
    /// The month in which a financial year begins; January if its years are calendar years.
    pub financial_year: Option<MonthName>,
    /// Whether `FY2023` begins or ends in 2023.
    pub named_by: Option<YearEnd>,
    /// The order of day and month in `01/02/2023`.
    pub date_order: Option<DateOrder>,
    /// The calendar by which years are counted that are no usual ones.
    pub years: Option<NamedCalendar>,
    /// For figures that are stocks: whether they are of the first or the last day of a period.
    pub stock: Option<YearEnd>,
    /// The periods of single headings, by their text with white space folded.
    pub headings: BTreeMap<String, Period>,
}

/// A month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[allow(missing_docs)] // the names say all
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

/// An end of an interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum YearEnd {
    /// Its beginning.
    Start,
    /// Its end.
    End,
}

/// The order of day and month in a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DateOrder {
    /// `31/12/2021`.
    DayFirst,
    /// `12/31/2021`.
    MonthFirst,
}

/// Why the period of a heading is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnresolvedHeading {
    /// The reason, to follow "the heading `…`".
    pub message: String,
    /// What to do about it.
    pub help: String,
}

/// The period of a heading, with the convention that gives it.
type Resolution = (HeadingConvention, Period);

impl Calendar {
    /// Resolves the headings of one header, given as text and reading. `Ok(None)` for a text that is not a period.
    #[must_use]
    pub fn resolve(
        &self,
        headings: &[(&str, Option<&HeadingReading>)],
    ) -> Vec<Result<Option<Period>, UnresolvedHeading>> {
        let readings = || headings.iter().filter_map(|(_, reading)| *reading);
        let shared = LazyCell::new(|| {
            let is_shared = |by: &HeadingConvention| readings().all(|reading| reading.can_mean(*by));
            HeadingConvention::ALL.into_iter().filter(is_shared).collect()
        });
        let resolve =
            |(text, reading): &(&str, Option<&HeadingReading>)| match (self.headings.get(*text), reading) {
                (Some(period), _) => Ok(Some((HeadingConvention::Unambiguous, *period))),
                (None, None) => Ok(None),
                (None, Some(reading)) => self.resolve_reading(reading, &shared).map(Some),
            };
        let resolved: Vec<_> = headings.iter().map(resolve).collect();
        let spans = YearSpans::new(resolved.iter().flatten().flatten());
        let check = |resolved: Result<Option<Resolution>, UnresolvedHeading>| match resolved? {
            Some(resolution) if spans.overlap(resolution) => Err(overlap_error(resolution.1)),
            resolution => Ok(resolution.map(|(_, period)| self.to_stock_date(period))),
        };
        resolved.into_iter().map(check).collect()
    }

    /// Resolves one heading, given the conventions that are possible for all headings of the header.
    fn resolve_reading(
        &self,
        reading: &HeadingReading,
        shared: &LazyCell<Vec<HeadingConvention>, impl FnOnce() -> Vec<HeadingConvention>>,
    ) -> Result<Resolution, UnresolvedHeading> {
        if let Some(counted) = reading.calendar.filter(|own| self.years != Some(*own)) {
            return Err(calendar_error(counted, &reading.meanings));
        }
        if let [PeriodMeaning { by, time: HeadingTime::Exact(period) }] = reading.meanings.as_slice() {
            return Ok((*by, *period));
        }
        let allowed = filter_or_all(&reading.meanings, |by| self.allows(by));
        let left = filter_or_all(&allowed, |by| shared.contains(&by));
        let mut times: Vec<HeadingTime> =
            left.iter().map(|meaning| self.resolve_financial_year(meaning.time)).collect();
        times.dedup();
        match times.as_slice() {
            [HeadingTime::Exact(period)] => Ok((left[0].by, *period)),
            _ => Err(ambiguity_error(&times, &left)),
        }
    }

    /// Whether a convention does not contradict the definition.
    fn allows(&self, by: HeadingConvention) -> bool {
        let has_calendar_years = self.financial_year.map(|month| month == MonthName::January);
        let stated = match by {
            HeadingConvention::FinancialYear => has_calendar_years.map(|calendar| !calendar),
            HeadingConvention::TwoYears => has_calendar_years,
            HeadingConvention::DayFirst => self.date_order.map(|order| order == DateOrder::DayFirst),
            HeadingConvention::MonthFirst => self.date_order.map(|order| order == DateOrder::MonthFirst),
            HeadingConvention::NamedByStart => self.named_by.map(|end| end == YearEnd::Start),
            HeadingConvention::NamedByEnd => self.named_by.map(|end| end == YearEnd::End),
            _ => None,
        };
        stated.unwrap_or(true)
    }

    /// The interval of a financial year, if the definition states its first month.
    fn resolve_financial_year(&self, time: HeadingTime) -> HeadingTime {
        let Some(month) = self.financial_year.map(|month| month as u32) else { return time };
        let year = match time {
            HeadingTime::FinancialYearFrom(year) => year,
            HeadingTime::FinancialYearTo(year) if month == 1 => year,
            HeadingTime::FinancialYearTo(year) => year - 1,
            _ => return time,
        };
        Period::new(year, month, 12).map_or(time, HeadingTime::Exact)
    }

    /// The date of a stock, if the definition's figures are stocks.
    fn to_stock_date(&self, period: Period) -> Period {
        let date = match self.stock {
            None => return period,
            Some(YearEnd::Start) => period.start,
            Some(YearEnd::End) => period.end(),
        };
        Period { start: date, months: 0 }
    }
}

/// The meanings by wanted conventions, or all if there are none.
fn filter_or_all(meanings: &PeriodMeanings, is_wanted: impl Fn(HeadingConvention) -> bool) -> PeriodMeanings {
    let wanted: PeriodMeanings = meanings.iter().filter(|meaning| is_wanted(meaning.by)).copied().collect();
    if wanted.is_empty() { meanings.clone() } else { wanted }
}

/// The first and last years of a header's spans of calendar years.
struct YearSpans {
    firsts: BTreeSet<i32>,
    lasts: BTreeSet<i32>,
}

impl YearSpans {
    fn new<'r>(resolutions: impl Iterator<Item = &'r Resolution>) -> YearSpans {
        let spans = resolutions.filter(|resolution| is_span(resolution));
        let (firsts, lasts) = spans.map(|(_, period)| (period.start.year(), period.end().year())).unzip();
        YearSpans { firsts, lasts }
    }

    /// Whether a span begins or ends in a year in which another ends or begins, as in `1990-1995` beside `1995-2000`. Such
    /// spans are not of whole calendar years.
    fn overlap(&self, resolution: Resolution) -> bool {
        let (_, period) = resolution;
        let shares_a_year =
            self.firsts.contains(&period.end().year()) || self.lasts.contains(&period.start.year());
        is_span(&resolution) && shares_a_year
    }
}

fn is_span((by, _): &Resolution) -> bool {
    matches!(by, HeadingConvention::SeveralYears | HeadingConvention::TwoYears)
}

fn calendar_error(counted: NamedCalendar, meanings: &[PeriodMeaning]) -> UnresolvedHeading {
    let key = counted.key();
    let times: Vec<String> = meanings.iter().map(|meaning| describe_time(&meaning.time)).collect();
    let message =
        format!("is {} by the calendar `{key}`, which the definition doesn't name", times.join(" or "));
    UnresolvedHeading {
        message,
        help: format!("say in the definition by which calendar years count: `calendar = \"{key}\"`"),
    }
}

fn overlap_error(period: Period) -> UnresolvedHeading {
    let time = describe_time(&HeadingTime::Exact(period));
    let message = format!("could be {time}, but shares a year with the heading beside it");
    let help = "say in the definition what it means: `[periods]`, `\"1990-1995\" = \"1990-07-01/P60M\"` from one midsummer to the other";
    UnresolvedHeading { message, help: help.into() }
}

fn ambiguity_error(times: &[HeadingTime], meanings: &[PeriodMeaning]) -> UnresolvedHeading {
    let described: Vec<String> = times.iter().map(describe_time).collect();
    let message = match times {
        [HeadingTime::BrokenMonth(day)] => {
            format!("ends on {day}, within a month, and periods are whole months")
        }
        [_] => format!("is {}, and the definition doesn't say when one begins", described.join("")),
        _ => format!("could be {}", described.join(" or ")),
    };
    UnresolvedHeading { message, help: suggest_remedy(meanings).into() }
}

fn describe_time(time: &HeadingTime) -> String {
    match time {
        HeadingTime::FinancialYearFrom(year) => format!("the financial year that begins in {year}"),
        HeadingTime::FinancialYearTo(year) => format!("the financial year that ends in {year}"),
        HeadingTime::BrokenMonth(day) => format!("the months up to {day}"),
        HeadingTime::Exact(period) => match period.months {
            0 => format!("the day {period}"),
            1 => format!("the month {period}"),
            12 if period.start.month() == 1 => format!("the year {period}"),
            months => format!("the {months} months from {}", period.start),
        },
    }
}

/// What to write into the definition so that a heading is no longer ambiguous.
fn suggest_remedy(meanings: &[PeriodMeaning]) -> &'static str {
    let has = |convention| meanings.iter().any(|meaning| meaning.by == convention);
    match meanings.first().map_or(OpenQuestion::None, |meaning| meaning.by.question()) {
        OpenQuestion::NumberAfterYear if has(HeadingConvention::YearAndMonth) => {
            "another heading of the table that is not ambiguous would resolve it; or say in the definition what this one means: `[periods]`, `\"2011-12\" = \"2011-04-01/P12M\"`"
        }
        OpenQuestion::NumberAfterYear => {
            "say in the definition in which month a financial year begins: `financial_year = \"April\"`; `\"January\"` where its years are calendar years"
        }
        OpenQuestion::DateOrder => {
            "say it in the definition: `date_order = \"day-first\"` or `\"month-first\"`"
        }
        OpenQuestion::FinancialYearName => {
            "say in the definition in which month a financial year begins, `financial_year = \"April\"`, and which of its years names it, `financial_year_named_by = \"end\"` or `\"start\"`"
        }
        OpenQuestion::StockOrFlow | OpenQuestion::None => {
            "say in the definition what it means: `[periods]`, `\"2023…\" = \"2023-12-31\"`, or `2023-01-01/P3M` for three months"
        }
    }
}
