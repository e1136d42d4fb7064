//! Periods: an interval of whole months (flows), or a point in time (stocks), with its code in SDMX form.
//!
//! A heading of a column is split into `tokens`, the `grammar` turns them into the possible meanings of the [`heading`],
//! and a [`calendar`] resolves which one is meant.
//!
//! One interval has one code, so that equal periods can be joined: a year to date until end-March is `2026-Q1`, not
//! `2026-01-01/P3M`. A point in time is a period of no months. Codes of published data are read by a grammar of their own
//! (`FromStr`), because `2011-12` is one month there and may be a year in a heading.

pub mod calendar;
mod grammar;
pub mod heading;
pub mod named_calendar;
pub mod part_of_year;
#[cfg(test)]
mod tests;
mod tokens;
mod vocabulary;

use std::fmt::{self, Write};
use std::str::FromStr;

use arrayvec::ArrayString;
use chrono::{Datelike, Days, Months, NaiveDate};

/// An interval of whole months, or a point in time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// The first day.
    pub start: NaiveDate,
    /// The number of months; 0 for a point in time.
    pub months: u32,
}

impl Period {
    /// The interval of `months` months from the first day of a month. `None` if it begins outside the years 1800 to 2199:
    /// statistics are of these years, and few figures look like one of them.
    #[must_use]
    pub fn new(year: i32, month: u32, months: u32) -> Option<Period> {
        let start = NaiveDate::from_ymd_opt(year, month, 1)?;
        (is_statistical_year(year) && (1..=1200).contains(&months)).then_some(Period { start, months })
    }

    /// The point in time at a date. `None` outside the same years.
    #[must_use]
    pub fn from_date(date: NaiveDate) -> Option<Period> {
        is_statistical_year(date.year()).then_some(Period { start: date, months: 0 })
    }

    /// The interval of `months` months that ends with the last day of a month.
    #[must_use]
    pub fn from_end(last: NaiveDate, months: u32) -> Option<Period> {
        let start = last.succ_opt()?.checked_sub_months(Months::new(months))?;
        (start.day() == 1).then(|| Period::new(start.year(), start.month(), months)).flatten()
    }

    /// Whether this is the period's code.
    fn has_code(self, code: &str) -> bool {
        let mut own = ArrayString::<24>::new();
        write!(own, "{self}").is_ok() && own.as_str() == code
    }

    /// Whether it is a point in time.
    #[must_use]
    pub fn is_point(&self) -> bool {
        self.months == 0
    }

    /// The last day, inclusive.
    #[must_use]
    pub fn end(&self) -> NaiveDate {
        if self.is_point() {
            return self.start;
        }
        let next = self.start.checked_add_months(Months::new(self.months));
        next.and_then(|next| next.checked_sub_days(Days::new(1))).unwrap_or(NaiveDate::MAX)
    }

    /// The period for readers: its code, but an interval without a name by its first and its last month, `2026-01 to 2026-02`.
    #[must_use]
    pub fn words(&self) -> String {
        let code = self.to_string();
        if !code.contains("/P") {
            return code;
        }
        format!("{} to {}", self.start.format("%Y-%m"), self.end().format("%Y-%m"))
    }

    /// The period of the same length one year earlier. For a point in time, the last day of February stays the last day.
    #[must_use]
    pub fn year_before(&self) -> Period {
        let before = |day: NaiveDate| day.checked_sub_months(Months::new(12)).unwrap_or(day);
        let ends_february = self.is_point() && self.start.month() == 2 && is_last_of_month(self.start);
        let start = if ends_february {
            self.start.succ_opt().and_then(|march| before(march).pred_opt()).unwrap_or(self.start)
        } else {
            before(self.start)
        };
        Period { start, ..*self }
    }
}

/// Whether a number is a year that statistics can be of.
fn is_statistical_year(year: i32) -> bool {
    (1800..2200).contains(&year)
}

/// Whether a date is the last day of its month.
fn is_last_of_month(date: NaiveDate) -> bool {
    date.succ_opt().is_none_or(|next| next.day() == 1)
}

impl fmt::Display for Period {
    /// The SDMX time period (SDMX 3.0, section 6, "Time and Time Format"): a calendar period by its name, any other
    /// interval by its start and duration, a point in time by its date.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = (self.start.year(), self.start.month());
        match (self.months, month) {
            (0, _) => write!(f, "{}", self.start),
            (12, 1) => write!(f, "{year}"),
            (6, 1 | 7) => write!(f, "{year}-S{}", month / 6 + 1),
            (3, 1 | 4 | 7 | 10) => write!(f, "{year}-Q{}", month / 3 + 1),
            (1, _) => write!(f, "{year}-{month:02}"),
            (months, _) => write!(f, "{year}-{month:02}-01/P{months}M"),
        }
    }
}

/// The text is neither an SDMX time period of whole months nor a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParsePeriodError;

impl FromStr for Period {
    type Err = ParsePeriodError;

    /// Parses what [`Display`](fmt::Display) writes, and nothing else.
    fn from_str(code: &str) -> Result<Period, ParsePeriodError> {
        let number = |from: usize, to: usize| -> Option<u32> {
            let digits = code.get(from..to).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
            digits.and_then(|digits| digits.parse().ok())
        };
        let read = || {
            let year = number(0, 4)? as i32;
            let months = || number(code.find("-01/P")? + 5, code.len().checked_sub(1)?);
            match code.get(4..)?.as_bytes() {
                [] => Period::new(year, 1, 12),
                [b'-', b'S', _] => Period::new(year, 6 * number(6, 7)?.checked_sub(1)? + 1, 6),
                [b'-', b'Q', _] => Period::new(year, 3 * number(6, 7)?.checked_sub(1)? + 1, 3),
                [b'-', _, _] => Period::new(year, number(5, 7)?, 1),
                [b'-', _, _, b'-', _, _] => {
                    Period::from_date(NaiveDate::from_ymd_opt(year, number(5, 7)?, number(8, 10)?)?)
                }
                _ => Period::new(year, number(5, 7)?, months()?),
            }
        };
        read().filter(|period| period.has_code(code)).ok_or(ParsePeriodError)
    }
}

#[cfg(test)]
mod code_tests {
    use super::*;
    use proptest::prelude::*;

    fn day(day: &str) -> NaiveDate {
        day.parse().unwrap()
    }

    #[test]
    fn a_date_one_year_earlier_keeps_its_position_in_the_year() {
        let cases = [
            ("2021-12-31", "2020-12-31"),
            ("2024-02-29", "2023-02-28"),
            ("2025-02-28", "2024-02-29"),
            ("2024-02-28", "2023-02-28"),
            ("2023-06-30", "2022-06-30"),
        ];
        for (of, before) in cases {
            assert_eq!(
                Period::from_date(day(of)).unwrap().year_before(),
                Period::from_date(day(before)).unwrap(),
                "{of}"
            );
        }
    }

    #[test]
    fn only_whole_months_end_with_their_last_day() {
        assert_eq!(Period::from_end(day("2024-02-29"), 2), Period::new(2024, 1, 2));
        assert_eq!(Period::from_end(day("2024-03-31"), 12), Period::new(2023, 4, 12));
        assert_eq!(Period::from_end(day("2024-02-28"), 2), None);
        assert_eq!(Period::from_end(day("1800-01-31"), 12), None);
    }

    #[test]
    fn what_is_no_code_is_refused() {
        for code in [
            "",
            "2024-",
            "1799",
            "2200",
            "2024-13",
            "2024-00",
            "2024-Q5",
            "2024-Q0",
            "2024-S3",
            "2024-02-30",
            "2024-01-01/P3M",
            "2024-01-01/P0M",
            "2024-01-01/P1201M",
            "2024-1",
            "2024-1-1",
            " 2024",
            "2024-+1",
            "２０２４",
            "2024-01-01/P2",
            "2024-年",
            "2024-01-01/P2M ",
        ] {
            assert_eq!(code.parse::<Period>(), Err(ParsePeriodError), "{code}");
        }
    }

    proptest! {
        #[test]
        fn a_code_reads_back(year in 1800i32..2200, month in 1u32..13, months in 1u32..1201, ordinal in 0i32..146_000) {
            let period = Period::new(year, month, months).unwrap();
            prop_assert_eq!(period.to_string().parse(), Ok(period));
            let point = Period::from_date(day("1800-01-01") + chrono::TimeDelta::days(i64::from(ordinal))).unwrap();
            prop_assert_eq!(point.to_string().parse(), Ok(point));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC*|2[0-9]{3}-.{0,9}") {
            let _ = text.parse::<Period>();
        }
    }
}
