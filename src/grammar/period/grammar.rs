//! The grammar of headings, from tokens to all possible meanings. Each form is a pattern of tokens.

use arrayvec::ArrayVec;
use chrono::{Datelike, NaiveDate};

use crate::grammar::period::heading::HeadingConvention::{
    self, DayFirst, FinancialYear, MonthFirst, NamedByEnd, NamedByStart, PointInTime, SeveralYears, TwoYears,
    Unambiguous, YearAndMonth, YearToDate,
};
use crate::grammar::period::heading::HeadingTime::{
    self, BrokenMonth, Exact, FinancialYearFrom, FinancialYearTo,
};
use crate::grammar::period::heading::{PeriodMeaning, PeriodMeanings};
use crate::grammar::period::tokens::TimeToken::{
    self, At, AtOrUpTo, Calendar, Dash, Day, Dot, End, Ending, Financial, Half, Month, Months, Nth, Number,
    Quarter, Slash, To, UpTo, Year, Years,
};
use crate::grammar::period::{Period, is_last_of_month};

/// The possible dates of a text, each with its convention.
type Dates = ArrayVec<(HeadingConvention, NaiveDate), 2>;

/// All meanings of the tokens of a heading.
pub(super) fn parse_meanings(tokens: &[TimeToken]) -> PeriodMeanings {
    match tokens {
        [Year(first), Dash | Slash, Number(second, 2)] => parse_year_and_number(*first, *second),
        [Year(first), Dash | To, Year(second)] => parse_years(*first, *second),
        [Year(first), Slash, Year(second)] if *second == first + 1 => parse_years(*first, *second),
        [Financial, Years, Ending, ..] => parse_meanings(&tokens[1..]),
        [Financial, Years, rest @ ..]
        | [Financial, rest @ ..]
        | [rest @ .., Financial, Years]
        | [rest @ .., Financial] => parse_financial_year(rest),
        [At, rest @ ..] => points(&parse_last_day(rest)),
        [UpTo, rest @ ..] => years_to_date(&parse_last_day(rest)),
        [AtOrUpTo, rest @ ..] => points_or_years_to_date(&parse_last_day(rest)),
        [Year(year), At | UpTo | AtOrUpTo | To, rest @ ..] => {
            years_to_date(&parse_last_day_in_year(*year, rest))
        }
        _ => parse_calendar_period(tokens)
            .or_else(|| parse_range(tokens))
            .map(|period| unambiguous(Some(period)))
            .or_else(|| parse_length_and_end(tokens))
            .unwrap_or_else(|| points(&parse_last_day(tokens))),
    }
}

/// The only meaning of an unambiguous heading.
pub(super) fn unambiguous(period: Option<Period>) -> PeriodMeanings {
    collect([(Unambiguous, period.map(Exact))])
}

/// The meanings that are possible.
fn collect<const N: usize>(times: [(HeadingConvention, Option<HeadingTime>); N]) -> PeriodMeanings {
    times.into_iter().filter_map(|(by, time)| Some(PeriodMeaning { by, time: time? })).collect()
}

/// `2023-24`, `2012-07`, `2010-15`: two years, a month, or several years.
fn parse_year_and_number(year: i32, number: u32) -> PeriodMeanings {
    let next_year = (year + 1).rem_euclid(100) as u32;
    let count = (number as i32 - year.rem_euclid(100)) + 1;
    let mut meanings = collect([(YearAndMonth, Period::new(year, number, 1).map(Exact))]);
    if number == next_year {
        meanings.extend(parse_years(year, year + 1));
    } else if count > 2 {
        meanings.extend(collect([(SeveralYears, Period::new(year, 1, 12 * count as u32).map(Exact))]));
    }
    meanings
}

/// `2023–2024`, `2001-2005`.
fn parse_years(first: i32, last: i32) -> PeriodMeanings {
    let count = u32::try_from(last - first + 1).unwrap_or_default();
    let years = Period::new(first, 1, 12 * count).map(Exact);
    match count {
        0 | 1 => PeriodMeanings::new(),
        2 => collect([(FinancialYear, Some(FinancialYearFrom(first))), (TwoYears, years)]),
        _ => collect([(SeveralYears, years)]),
    }
}

/// The text beside `FY`: `2023-24`, `2023/24`, `2023`, `23`.
fn parse_financial_year(tokens: &[TimeToken]) -> PeriodMeanings {
    let starting_in = |year| collect([(FinancialYear, Some(FinancialYearFrom(year)))]);
    let named = |year| {
        collect([(NamedByStart, Some(FinancialYearFrom(year))), (NamedByEnd, Some(FinancialYearTo(year)))])
    };
    let is_next = |first: i32, second: u32| (first + 1).rem_euclid(100) as u32 == second;
    match tokens {
        [Year(first), Dash | Slash, Number(second, 2)] if is_next(*first, *second) => starting_in(*first),
        [Year(first), Dash | Slash | To, Year(second)] if *second == first + 1 => starting_in(*first),
        [Number(first, 2), Dash | Slash, Number(second, 2)] if is_next(*first as i32, *second) => {
            starting_in(expand_year(*first))
        }
        [Year(year)] => named(*year),
        [Number(year, 2)] => named(expand_year(*year)),
        _ => PeriodMeanings::new(),
    }
}

/// The year of two digits, as POSIX defines it for `strptime`: 69 to 99 are in the 20th century.
fn expand_year(year: u32) -> i32 {
    year as i32 + if year < 69 { 2000 } else { 1900 }
}

/// A calendar year, or a part of one: the part is printed before or after the year.
fn parse_calendar_period(tokens: &[TimeToken]) -> Option<Period> {
    let (year, (month, months)) = match tokens {
        [Year(year)] | [Years | Calendar, Year(year)] | [Calendar, Years, Year(year)] => (year, (1, 12)),
        [Number(month, 2), Dash | Slash | Dot, Year(year)] => (year, (*month, 1)),
        [Year(year), Number(first, _), Dash | To, Month(last)] => {
            (year, (*first, last.checked_sub(*first)? + 1))
        }
        [Year(year), Dash | Slash, rest @ ..]
        | [Year(year), rest @ ..]
        | [rest @ .., Dash | Slash, Year(year)]
        | [rest @ .., Year(year)] => (year, parse_part_of_year(rest).or_else(|| parse_parts_of_year(rest))?),
        _ => return None,
    };
    Period::new(*year, month, months)
}

/// A range within a year, as `Jan-Mar`: its first month and the number of months.
fn parse_parts_of_year(tokens: &[TimeToken]) -> Option<(u32, u32)> {
    let at = tokens.iter().position(|token| matches!(token, Dash | To))?;
    let (first, _) = parse_part_of_year(&tokens[..at])?;
    let (last, months) = parse_part_of_year(&tokens[at + 1..])?;
    (first < last).then(|| (first, last + months - first))
}

/// A month, a quarter or a half-year: its first month and the number of months.
fn parse_part_of_year(tokens: &[TimeToken]) -> Option<(u32, u32)> {
    let up_to = |most: u32, nth: u32| (1..=most).contains(&nth).then_some(nth);
    match tokens {
        [Month(month)] => Some((*month, 1)),
        [Months, Number(month, 2)] => Some((up_to(12, *month)?, 1)),
        [Month(last), Quarter] => Some((last.checked_sub(2).filter(|first| *first > 0)?, 3)),
        [Quarter, Number(nth, 1)] | [Number(nth, 1) | Nth(nth), Quarter] => {
            Some((3 * up_to(4, *nth)? - 2, 3))
        }
        [Half, Number(nth, 1)] | [Number(nth, 1) | Nth(nth), Half] => Some((6 * up_to(2, *nth)? - 5, 6)),
        _ => None,
    }
}

/// `Oct 2024 - Mar 2025`, `1 April 2023 to 31 March 2024`: from the first day of one to the last day of the other.
fn parse_range(tokens: &[TimeToken]) -> Option<Period> {
    let separators = (1..tokens.len()).filter(|at| matches!(tokens[*at], To | Dash));
    separators.into_iter().find_map(|at| {
        let (before, after) = (&tokens[..at], &tokens[at + 1..]);
        let first =
            parse_calendar_period(before).map_or_else(|| parse_date(before), |period| Some(period.start))?;
        let last =
            parse_calendar_period(after).map_or_else(|| parse_date(after), |period| Some(period.end()))?;
        let months = 12 * (last.year() - first.year()) + last.month() as i32 - first.month() as i32 + 1;
        let range = Period::from_end(last, u32::try_from(months).ok()?)?;
        (range.start == first).then_some(range)
    })
}

/// `Year ending June 2023`, `12 months to 30 June 2023`, `Quarter ended March 2024`.
fn parse_length_and_end(tokens: &[TimeToken]) -> Option<PeriodMeanings> {
    let (months, rest) = match tokens {
        [Years, Ending | To | UpTo, rest @ ..] => (12, rest),
        [Half, Ending | To | UpTo, rest @ ..] => (6, rest),
        [Quarter, Ending | To | UpTo, rest @ ..] => (3, rest),
        [Months, Ending, rest @ ..] => (1, rest),
        [Number(months, _), Months, Ending | To | UpTo, rest @ ..] if *months > 0 => (*months, rest),
        _ => return None,
    };
    let month = parse_calendar_period(rest).filter(|period| period.months == 1);
    let ends = month.map_or_else(|| parse_last_day(rest), |month| only(month.end()));
    Some(intervals(&ends, |_| months))
}

/// The points in time at some dates.
fn points(dates: &Dates) -> PeriodMeanings {
    dates.iter().flat_map(|(by, date)| collect([(*by, Period::from_date(*date).map(Exact))])).collect()
}

/// The months of a year up to and including each date.
fn years_to_date(dates: &Dates) -> PeriodMeanings {
    intervals(dates, |date| date.month())
}

fn points_or_years_to_date(dates: &Dates) -> PeriodMeanings {
    let points = points(dates).into_iter().map(|meaning| PeriodMeaning { by: PointInTime, ..meaning });
    let years = years_to_date(dates).into_iter().map(|meaning| PeriodMeaning { by: YearToDate, ..meaning });
    points.chain(years).collect()
}

/// The intervals of some months that end with each date.
fn intervals(dates: &Dates, months: impl Fn(NaiveDate) -> u32) -> PeriodMeanings {
    let interval = |date: NaiveDate| {
        if is_last_of_month(date) {
            Period::from_end(date, months(date)).map(Exact)
        } else {
            Some(BrokenMonth(date))
        }
    };
    dates.iter().flat_map(|(by, date)| collect([(*by, interval(*date))])).collect()
}

/// A date, or the last day of a period: `31.12.2021`, `end-March 2023`.
fn parse_last_day(tokens: &[TimeToken]) -> Dates {
    let ending = match tokens {
        [End, rest @ ..] | [Years, Dash, End, rest @ ..] | [rest @ .., End] => parse_calendar_period(rest),
        _ => None,
    };
    ending.map_or_else(|| parse_dates(tokens), |period| only(period.end()))
}

/// A date in a year, or the last day of a month of it: `end-February`, `31 March`, or a whole date.
fn parse_last_day_in_year(year: i32, tokens: &[TimeToken]) -> Dates {
    let date = match tokens {
        [End, Month(month)] | [Month(month), End] => Period::new(year, *month, 1).map(|month| month.end()),
        [Number(day, _) | Nth(day), Month(month)] | [Month(month), Number(day, _) | Nth(day) | Day(day)] => {
            NaiveDate::from_ymd_opt(year, *month, *day)
        }
        _ => None,
    };
    let is_in_year = |(_, date): &(HeadingConvention, NaiveDate)| date.year() == year;
    date.map_or_else(|| parse_last_day(tokens).into_iter().filter(is_in_year).collect(), only)
}

fn only(date: NaiveDate) -> Dates {
    Dates::from_iter([(Unambiguous, date)])
}

/// A whole date. `01/02/2023` can be two.
fn parse_dates(tokens: &[TimeToken]) -> Dates {
    let [Number(a, _), separator @ (Slash | Dash), Number(b, _), second, Year(year)] = tokens else {
        return parse_date(tokens).map(only).unwrap_or_default();
    };
    let date =
        |month: u32, day: u32| NaiveDate::from_ymd_opt(*year, month, day).filter(|_| separator == second);
    if a == b {
        return date(*a, *b).map(only).unwrap_or_default();
    }
    let both = [(DayFirst, date(*b, *a)), (MonthFirst, date(*a, *b))];
    both.into_iter().filter_map(|(by, date)| Some((by, date?))).collect()
}

/// A whole date that can be only one.
fn parse_date(tokens: &[TimeToken]) -> Option<NaiveDate> {
    match tokens {
        [Number(day, _) | Nth(day), Month(month), Year(year)]
        | [Month(month), Number(day, _) | Nth(day), Year(year)]
        | [Year(year), Month(month), Day(day)]
        | [Year(year), Dash, Number(month, 2), Dash, Number(day, 2)]
        | [Year(year), Slash, Number(month, 2), Slash, Number(day, 2)]
        | [Number(day, _), Dot, Number(month, _), Dot, Year(year)] => {
            NaiveDate::from_ymd_opt(*year, *month, *day)
        }
        _ => None,
    }
}
