//! The grammar of a heading, from its words to all that they can mean: each form is a pattern of words.

use arrayvec::ArrayVec;
use chrono::{Datelike, NaiveDate};

use crate::grammar::period::heading::{Convention, Meaning, Meanings, Time};
use crate::grammar::period::words::Word;
use crate::grammar::period::words::Word::{
    At, AtOrUpTo, Calendar, Dash, Day, Dot, End, Ending, Financial, Half, Month, Months, Nth, Number,
    Quarter, Slash, To, UpTo, Year, Years,
};
use crate::grammar::period::{Period, is_last_of_month};

/// Days, each by the convention by which it is one.
type Days = ArrayVec<(Convention, NaiveDate), 2>;

/// All that words can mean.
pub(super) fn meanings(words: &[Word]) -> Meanings {
    match words {
        [Year(first), Dash | Slash, Number(second, 2)] => year_and_number(*first, *second),
        [Year(first), Dash | To, Year(second)] => two_years(*first, *second),
        [Year(first), Slash, Year(second)] if *second == first + 1 => two_years(*first, *second),
        [Financial, Years, Ending, ..] => meanings(&words[1..]),
        [Financial, Years, rest @ ..]
        | [Financial, rest @ ..]
        | [rest @ .., Financial, Years]
        | [rest @ .., Financial] => financial_year(rest),
        [At, rest @ ..] => points(&last_days(rest)),
        [UpTo, rest @ ..] => to_date(&last_days(rest)),
        [AtOrUpTo, rest @ ..] => stands_or_sums(&last_days(rest)),
        [Year(year), At | UpTo | AtOrUpTo | To, rest @ ..] => to_date(&last_days_of(*year, rest)),
        _ => {
            let whole = calendar(words).or_else(|| range(words)).map(|period| one(Some(period)));
            whole.or_else(|| length_ending(words)).unwrap_or_else(|| points(&last_days(words)))
        }
    }
}

/// A period that is certain, where there is one.
pub(super) fn one(period: Option<Period>) -> Meanings {
    period.map(|period| Meaning { by: Convention::Plain, time: Time::Period(period) }).into_iter().collect()
}

fn many<const N: usize>(times: [(Convention, Option<Time>); N]) -> Meanings {
    times.into_iter().filter_map(|(by, time)| Some(Meaning { by, time: time? })).collect()
}

/// `2023-24`, `2012-07`, `2010-15`: two years, a month, or several years.
fn year_and_number(year: i32, number: u32) -> Meanings {
    let next = (year + 1).rem_euclid(100) as u32;
    let later = (number as i32 - year.rem_euclid(100)) + 1;
    let mut meanings = many([(Convention::YearAndMonth, Period::new(year, number, 1).map(Time::Period))]);
    if number == next {
        meanings.extend(two_years(year, year + 1));
    } else if later > 2 {
        meanings
            .extend(many([(Convention::Years, Period::new(year, 1, 12 * later as u32).map(Time::Period))]));
    }
    meanings
}

/// `2023–2024`, `2001-2005`.
fn two_years(first: i32, second: i32) -> Meanings {
    let count = u32::try_from(second - first + 1).unwrap_or_default();
    let years = Period::new(first, 1, 12 * count).map(Time::Period);
    match count {
        0 | 1 => Meanings::new(),
        2 => many([
            (Convention::FinancialYear, Some(Time::FinancialYearFrom(first))),
            (Convention::TwoYears, years),
        ]),
        _ => many([(Convention::Years, years)]),
    }
}

/// What stands beside `FY`: `2023-24`, `2023/24`, `2023`, `23`.
fn financial_year(words: &[Word]) -> Meanings {
    let from = |year| many([(Convention::FinancialYear, Some(Time::FinancialYearFrom(year)))]);
    let named = |year| {
        many([
            (Convention::NamedByStart, Some(Time::FinancialYearFrom(year))),
            (Convention::NamedByEnd, Some(Time::FinancialYearTo(year))),
        ])
    };
    let follows = |first: i32, second: u32| (first + 1).rem_euclid(100) as u32 == second;
    match words {
        [Year(first), Dash | Slash, Number(second, 2)] if follows(*first, *second) => from(*first),
        [Year(first), Dash | Slash | To, Year(second)] if *second == first + 1 => from(*first),
        [Number(first, 2), Dash | Slash, Number(second, 2)] if follows(*first as i32, *second) => {
            from(in_full(*first))
        }
        [Year(year)] => named(*year),
        [Number(year, 2)] => named(in_full(*year)),
        _ => Meanings::new(),
    }
}

/// A year of two digits, as POSIX reads it.
fn in_full(year: u32) -> i32 {
    year as i32 + if year < 69 { 2000 } else { 1900 }
}

/// A period of the calendar: a year, or a year and a part of it on either side.
fn calendar(words: &[Word]) -> Option<Period> {
    let (year, part) = match words {
        [Year(year)] | [Years | Calendar, Year(year)] | [Calendar, Years, Year(year)] => {
            return Period::new(*year, 1, 12);
        }
        [Number(month, 2), Dash | Slash | Dot, Year(year)] => return Period::new(*year, *month, 1),
        [Year(year), Number(first, _), Dash | To, Month(last)] => {
            (year, (*first, last.checked_sub(*first)? + 1))
        }
        [Year(year), Dash | Slash, rest @ ..]
        | [Year(year), rest @ ..]
        | [rest @ .., Dash | Slash, Year(year)]
        | [rest @ .., Year(year)] => (year, part_or_range(rest)?),
        _ => return None,
    };
    Period::new(*year, part.0, part.1)
}

/// A part of a year, or from one to another: the first month, and how many.
fn part_or_range(words: &[Word]) -> Option<(u32, u32)> {
    part(words).or_else(|| {
        let (before, after) = parted(words, &[Dash, To])?;
        let ((first, _), (last, months)) = (part(before)?, part(after)?);
        (first < last).then(|| (first, last + months - first))
    })
}

/// A month, a quarter or a half-year: its first month, and how many it has.
fn part(words: &[Word]) -> Option<(u32, u32)> {
    let within = |nth: u32, most: u32| (1..=most).contains(&nth).then_some(nth);
    match words {
        [Month(month)] => Some((*month, 1)),
        [Months, Number(month, 2)] => Some((within(*month, 12)?, 1)),
        [Month(last), Quarter] => Some((last.checked_sub(2).filter(|first| *first > 0)?, 3)),
        [Quarter, Number(nth, 1)] | [Number(nth, 1) | Nth(nth), Quarter] => {
            Some((3 * within(*nth, 4)? - 2, 3))
        }
        [Half, Number(nth, 1)] | [Number(nth, 1) | Nth(nth), Half] => Some((6 * within(*nth, 2)? - 5, 6)),
        _ => None,
    }
}

/// What stands before and after the first joint.
fn parted<'w>(words: &'w [Word], joints: &[Word]) -> Option<(&'w [Word], &'w [Word])> {
    let at = words.iter().position(|word| joints.contains(word))?;
    Some((&words[..at], &words[at + 1..]))
}

/// `Oct 2024 - Mar 2025`, `1 April 2023 to 31 March 2024`: from the first day of one to the last of the other.
fn range(words: &[Word]) -> Option<Period> {
    let joints = (1..words.len()).filter(|at| matches!(words[*at], To | Dash));
    joints.into_iter().find_map(|at| {
        let (before, after) = (&words[..at], &words[at + 1..]);
        let first = calendar(before).map_or_else(|| day(before), |period| Some(period.start))?;
        let last = calendar(after).map_or_else(|| day(after), |period| Some(period.end()))?;
        let months = 12 * (last.year() - first.year()) + last.month() as i32 - first.month() as i32 + 1;
        let range = Period::ending(last, u32::try_from(months).ok()?)?;
        (range.start == first).then_some(range)
    })
}

/// `Year ending June 2023`, `12 months to 30 June 2023`, `Quarter ended March 2024`.
fn length_ending(words: &[Word]) -> Option<Meanings> {
    let (months, rest) = match words {
        [Years, Ending | To | UpTo, rest @ ..] => (12, rest),
        [Half, Ending | To | UpTo, rest @ ..] => (6, rest),
        [Quarter, Ending | To | UpTo, rest @ ..] => (3, rest),
        [Months, Ending, rest @ ..] => (1, rest),
        [Number(months, _), Months, Ending | To | UpTo, rest @ ..] if *months > 0 => (*months, rest),
        _ => return None,
    };
    let month =
        calendar(rest).filter(|period| period.months == 1).map(|month| (Convention::Plain, month.end()));
    let days = month.map_or_else(|| last_days(rest), |day| Days::from_iter([day]));
    Some(intervals(&days, |_| months))
}

fn points(days: &Days) -> Meanings {
    let point = |(by, day): &(Convention, NaiveDate)| {
        Some(Meaning { by: *by, time: Time::Period(Period::day(*day)?) })
    };
    days.iter().filter_map(point).collect()
}

/// The months of each day's year up to it.
fn to_date(days: &Days) -> Meanings {
    intervals(days, |day| day.month())
}

fn stands_or_sums(days: &Days) -> Meanings {
    let all = points(days).into_iter().map(|meaning| Meaning { by: Convention::Stands, ..meaning });
    let sums = to_date(days).into_iter().map(|meaning| Meaning { by: Convention::Sums, ..meaning });
    all.chain(sums).collect()
}

/// So many months up to each day.
fn intervals(days: &Days, months: impl Fn(NaiveDate) -> u32) -> Meanings {
    let interval = |(by, day): &(Convention, NaiveDate)| {
        let time = if is_last_of_month(*day) {
            Time::Period(Period::ending(*day, months(*day))?)
        } else {
            Time::BrokenMonth(*day)
        };
        Some(Meaning { by: *by, time })
    };
    days.iter().filter_map(interval).collect()
}

/// A day, or the last one of what is said to end: `end-March 2023`, `31.12.2021`.
fn last_days(words: &[Word]) -> Days {
    let end = match words {
        [End, rest @ ..] | [Years, Dash, End, rest @ ..] | [rest @ .., End] => {
            calendar(rest).map(|period| (Convention::Plain, period.end()))
        }
        _ => None,
    };
    end.map_or_else(|| days(words), |day| Days::from_iter([day]))
}

/// The last day of what is said to end within a year: `end-February`, `31 March`, or a day of that year in full.
fn last_days_of(year: i32, words: &[Word]) -> Days {
    let day = match words {
        [End, Month(month)] | [Month(month), End] => Period::new(year, *month, 1).map(|month| month.end()),
        [Number(day, _) | Nth(day), Month(month)] | [Month(month), Number(day, _) | Nth(day) | Day(day)] => {
            NaiveDate::from_ymd_opt(year, *month, *day)
        }
        _ => None,
    };
    let within = |(_, day): &(Convention, NaiveDate)| day.year() == year;
    match day {
        Some(day) => Days::from_iter([(Convention::Plain, day)]),
        None => last_days(words).into_iter().filter(within).collect(),
    }
}

/// A day in full, or the two that it can be.
fn days(words: &[Word]) -> Days {
    let [Number(a, _), joint @ (Slash | Dash), Number(b, _), again, Year(year)] = words else {
        return day(words).map(|day| (Convention::Plain, day)).into_iter().collect();
    };
    let day = |month: u32, day: u32| NaiveDate::from_ymd_opt(*year, month, day).filter(|_| joint == again);
    let both = [(Convention::DayFirst, day(*b, *a)), (Convention::MonthFirst, day(*a, *b))];
    let both = both.into_iter().filter_map(|(by, day)| Some((by, day?)));
    if a == b { both.take(1).map(|(_, day)| (Convention::Plain, day)).collect() } else { both.collect() }
}

/// A day in full that can be one only.
fn day(words: &[Word]) -> Option<NaiveDate> {
    match words {
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
