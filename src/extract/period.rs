//! The grammar of a period: what a column's heading says of the time its figures cover.

use std::fmt;

use chrono::{Datelike, Days, Months, NaiveDate};
use unicode_normalization::UnicodeNormalization;

/// Whole months from the first day of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    /// The first day.
    pub start: NaiveDate,
    /// How many months it covers, at least 1.
    pub months: u32,
}

impl Period {
    /// The period of `months` months from the first day of a month; none outside the years 1800 to 2199, in
    /// which all statistics lie and few figures look like a year.
    #[must_use]
    pub fn new(year: i32, month: u32, months: u32) -> Option<Period> {
        let start = NaiveDate::from_ymd_opt(year, month, 1)?;
        ((1800..2200).contains(&year) && (1..=1200).contains(&months)).then_some(Period { start, months })
    }

    /// The last day, inclusive.
    #[must_use]
    pub fn end(&self) -> NaiveDate {
        let next = self.start.checked_add_months(Months::new(self.months));
        next.and_then(|next| next.checked_sub_days(Days::new(1))).unwrap_or(NaiveDate::MAX)
    }

    /// The period of the same length one year earlier.
    #[must_use]
    pub fn year_before(&self) -> Period {
        let start = self.start.checked_sub_months(Months::new(12)).unwrap_or(self.start);
        Period { start, ..*self }
    }
}

impl fmt::Display for Period {
    /// The SDMX time period (SDMX 3.0, section 6, "Time and Time Format"): a calendar period by its name, any other
    /// as a start and a duration.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month) = (self.start.year(), self.start.month());
        match (self.months, month) {
            (12, 1) => write!(f, "{year}"),
            (6, 1 | 7) => write!(f, "{year}-S{}", month / 6 + 1),
            (3, 1 | 4 | 7 | 10) => write!(f, "{year}-Q{}", month / 3 + 1),
            (1, _) => write!(f, "{year}-{month:02}"),
            (months, _) => write!(f, "{year}-{month:02}-01/P{months}M"),
        }
    }
}

/// Reads a heading: a year, a part of a year (`2026 (as at end-February)`, `2023 (Jan - Sep)`), a half-year, a
/// quarter, a month, or a period as SDMX writes it. None where it is none of these.
#[must_use]
pub fn parse(label: &str) -> Option<Period> {
    if !has_year(label) {
        return None;
    }
    if let Some(year) = year(label) {
        return Period::new(year, 1, 12);
    }
    let text = plain(label);
    year(&text)
        .and_then(|year| Period::new(year, 1, 12))
        .or_else(|| part_year(&text))
        .or_else(|| calendar(&text))
        .or_else(|| named_month(&text))
}

/// Whether four digits follow each other, which is quickly seen and spares most cells the rest.
fn has_year(label: &str) -> bool {
    let mut digits = 0;
    label.chars().any(|c| {
        digits = if c.is_ascii_digit() || ('０'..='９').contains(&c) { digits + 1 } else { 0 };
        digits == 4
    })
}

/// One form for what is printed in many: lower case, single blanks, one kind of dash with no blanks around it.
fn plain(label: &str) -> String {
    let folded = if label.is_ascii() {
        label.to_ascii_lowercase()
    } else {
        label.nfkc().flat_map(char::to_lowercase).map(|c| if is_dash(c) { '-' } else { c }).collect()
    };
    let blanks = super::folded(&folded);
    blanks.replace(" -", "-").replace("- ", "-")
}

fn is_dash(c: char) -> bool {
    matches!(c, '\u{2010}'..='\u{2015}' | '\u{2212}')
}

fn year(text: &str) -> Option<i32> {
    let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

/// `2026 (as at end-february)`, `2026 (up to end of march)`, `2023 (jan-sep)`.
fn part_year(text: &str) -> Option<Period> {
    let (before, inside) = text.strip_suffix(')')?.split_once('(')?;
    let year = year(before.trim())?;
    let inside = inside.trim();
    if let Some((first, last)) = inside.split_once('-').and_then(|(a, b)| Some((month(a)?, month(b)?))) {
        return Period::new(year, first, (last + 1).checked_sub(first)?);
    }
    let end =
        ["as at ", "as of ", "up to ", "until ", "to "].iter().find_map(|lead| inside.strip_prefix(lead))?;
    let end = end
        .strip_prefix("end-")
        .or_else(|| end.strip_prefix("end of "))
        .or_else(|| end.strip_prefix("end "))?;
    Period::new(year, 1, month(end)?)
}

/// `2024-q3`, `q3 2024`, `2024-s1`, `2024-07`, `2026-01-01/p2m`.
fn calendar(text: &str) -> Option<Period> {
    let (first, second) = text.split_once(['-', ' '])?;
    let (year_text, part) = if year(first).is_some() { (first, second) } else { (second, first) };
    let year = year(year_text)?;
    if let Some(quarter) = part.strip_prefix('q') {
        return Period::new(year, 3 * digit(quarter, 4)? - 2, 3);
    }
    if let Some(half) = part.strip_prefix(['s', 'h']) {
        return Period::new(year, 6 * digit(half, 2)? - 5, 6);
    }
    if let Some((month, months)) = part.split_once("-01/p") {
        return Period::new(year, two_digits(month)?, months.strip_suffix('m')?.parse().ok()?);
    }
    Period::new(year, two_digits(part).filter(|_| text.starts_with(first) && first == year_text)?, 1)
}

fn digit(text: &str, most: u32) -> Option<u32> {
    let digit = if text.len() == 1 { text.parse().ok() } else { None };
    digit.filter(|digit| (1..=most).contains(digit))
}

fn two_digits(text: &str) -> Option<u32> {
    if text.len() == 2 { text.parse().ok() } else { None }
}

/// `july 2012`, `2012 july`.
fn named_month(text: &str) -> Option<Period> {
    let (first, second) = text.split_once(' ')?;
    let (month_text, year_text) = if year(first).is_some() { (second, first) } else { (first, second) };
    Period::new(year(year_text)?, month(month_text)?, 1)
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// A month by its name or the first three letters or more of it.
fn month(text: &str) -> Option<u32> {
    let name = text.trim().trim_end_matches('.');
    let at = MONTHS.iter().position(|month| name.len() >= 3 && month.starts_with(name))?;
    Some(at as u32 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_heading_gives_its_interval() {
        let cases = [
            ("2023", "2023", "2023-01-01", "2023-12-31"),
            ("２０２３", "2023", "2023-01-01", "2023-12-31"),
            ("2026 (as at end- February)", "2026-01-01/P2M", "2026-01-01", "2026-02-28"),
            ("2026 (as at end-February)", "2026-01-01/P2M", "2026-01-01", "2026-02-28"),
            ("2024 (as at end–Feb.)", "2024-01-01/P2M", "2024-01-01", "2024-02-29"),
            ("2026 (up to end of April)", "2026-01-01/P4M", "2026-01-01", "2026-04-30"),
            ("2023 (Jan - Sep)", "2023-01-01/P9M", "2023-01-01", "2023-09-30"),
            ("2026 (as at end-December)", "2026", "2026-01-01", "2026-12-31"),
            ("2024-Q3", "2024-Q3", "2024-07-01", "2024-09-30"),
            ("Q4 2024", "2024-Q4", "2024-10-01", "2024-12-31"),
            ("2024-S2", "2024-S2", "2024-07-01", "2024-12-31"),
            ("2024-07", "2024-07", "2024-07-01", "2024-07-31"),
            ("July 2012", "2012-07", "2012-07-01", "2012-07-31"),
            ("2012 Sept", "2012-09", "2012-09-01", "2012-09-30"),
            ("2026-01-01/P2M", "2026-01-01/P2M", "2026-01-01", "2026-02-28"),
        ];
        for (label, code, start, end) in cases {
            let period = parse(label).unwrap_or_else(|| panic!("{label}"));
            assert_eq!(
                (period.to_string(), period.start.to_string(), period.end().to_string()),
                (code.into(), start.into(), end.into())
            );
        }
    }

    #[test]
    fn what_is_no_period_is_none() {
        for label in [
            "",
            "Region",
            "2O24",
            "9708",
            "0999",
            "2500",
            "202",
            "2026 (as at February)",
            "2023 (Sep - Jan)",
            "2024-13",
            "Q5 2024",
            "2024-S3",
            "07-2024",
            "2023-24",
        ] {
            assert_eq!(parse(label), None, "{label}");
        }
    }

    proptest! {
        #[test]
        fn a_period_printed_reads_back(year in 1800i32..2200, month in 1u32..13, months in 1u32..61) {
            let period = Period::new(year, month, months).unwrap();
            prop_assert_eq!(parse(&period.to_string()), Some(period));
        }

        #[test]
        fn no_heading_makes_it_panic(label in "\\PC*") {
            let _ = parse(&label);
        }
    }
}
