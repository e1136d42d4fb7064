//! Headings as offices print them, and how each is resolved.

use proptest::prelude::*;

use crate::grammar::period::Period;
use crate::grammar::period::calendar::{Calendar, DateOrder, MonthName, UnresolvedHeading, YearEnd};
use crate::grammar::period::heading::{PeriodStatus, parse};
use crate::grammar::period::named_calendar::NamedCalendar;

/// How each heading of a header is resolved: a code, `none`, or why it is ambiguous.
fn codes(headings: &[&str], calendar: &Calendar) -> Vec<Result<String, String>> {
    let readings: Vec<_> = headings.iter().map(|heading| parse(heading)).collect();
    let header: Vec<_> = headings.iter().copied().zip(readings.iter().map(Option::as_ref)).collect();
    let describe = |period: Result<Option<Period>, UnresolvedHeading>| match period {
        Ok(period) => Ok(period.map_or_else(|| "none".into(), |period| period.to_string())),
        Err(open) => Err(format!("{} | {}", open.message, open.help)),
    };
    calendar.resolve(&header).into_iter().map(describe).collect()
}

fn code(heading: &str, calendar: &Calendar) -> Result<String, String> {
    codes(&[heading], calendar).remove(0)
}

fn april() -> Calendar {
    Calendar { financial_year: Some(MonthName::April), ..Calendar::default() }
}

/// Heading, code, first day, last day, months.
const READ: &[(&str, &str, &str, &str, u32)] = &[
    // Years.
    ("2023", "2023", "2023-01-01", "2023-12-31", 12),
    ("２０２３", "2023", "2023-01-01", "2023-12-31", 12),
    ("1800", "1800", "1800-01-01", "1800-12-31", 12),
    ("2199", "2199", "2199-01-01", "2199-12-31", 12),
    ("2023年", "2023", "2023-01-01", "2023-12-31", 12),
    ("２０２３年", "2023", "2023-01-01", "2023-12-31", 12),
    ("CY2023", "2023", "2023-01-01", "2023-12-31", 12),
    ("CY 2023", "2023", "2023-01-01", "2023-12-31", 12),
    ("Calendar year 2023", "2023", "2023-01-01", "2023-12-31", 12),
    ("Year 2023", "2023", "2023-01-01", "2023-12-31", 12),
    // Marks.
    ("2025 (p)", "2025", "2025-01-01", "2025-12-31", 12),
    ("2025p", "2025", "2025-01-01", "2025-12-31", 12),
    ("2025 P", "2025", "2025-01-01", "2025-12-31", 12),
    ("2024 r", "2024", "2024-01-01", "2024-12-31", 12),
    ("2024 (revised)", "2024", "2024-01-01", "2024-12-31", 12),
    ("2025 (prov.)", "2025", "2025-01-01", "2025-12-31", 12),
    ("2025 (provisional figures)", "2025", "2025-01-01", "2025-12-31", 12),
    ("2025年（臨時數字）", "2025", "2025-01-01", "2025-12-31", 12),
    ("2026 (forecast)", "2026", "2026-01-01", "2026-12-31", 12),
    ("2023*", "2023", "2023-01-01", "2023-12-31", 12),
    ("**2023**", "2023", "2023-01-01", "2023-12-31", 12),
    ("2023 †", "2023", "2023-01-01", "2023-12-31", 12),
    ("2023¹", "2023", "2023-01-01", "2023-12-31", 12),
    ("2023¹⁾", "2023", "2023-01-01", "2023-12-31", 12),
    ("2023 (1)", "2023", "2023-01-01", "2023-12-31", 12),
    ("2023 1)", "2023", "2023-01-01", "2023-12-31", 12),
    ("2023 [12]", "2023", "2023-01-01", "2023-12-31", 12),
    ("2023 [note 1]", "2023", "2023-01-01", "2023-12-31", 12),
    ("2023 Note 2", "2023", "2023-01-01", "2023-12-31", 12),
    ("2023^2", "2023", "2023-01-01", "2023-12-31", 12),
    ("2023 #", "2023", "2023-01-01", "2023-12-31", 12),
    ("2023\u{200b}", "2023", "2023-01-01", "2023-12-31", 12),
    // Parts of a year up to now.
    ("2026 (as at end- February)", "2026-01-01/P2M", "2026-01-01", "2026-02-28", 2),
    ("2026 (as at end-February)", "2026-01-01/P2M", "2026-01-01", "2026-02-28", 2),
    ("2026 (as of end of February)", "2026-01-01/P2M", "2026-01-01", "2026-02-28", 2),
    ("2024 (as at end–Feb.)", "2024-01-01/P2M", "2024-01-01", "2024-02-29", 2),
    ("2026 (up to end of April)", "2026-01-01/P4M", "2026-01-01", "2026-04-30", 4),
    ("2026 (until end-March)", "2026-Q1", "2026-01-01", "2026-03-31", 3),
    ("2023 (Jan - Sep)", "2023-01-01/P9M", "2023-01-01", "2023-09-30", 9),
    ("2012 (Jan-Aug)", "2012-01-01/P8M", "2012-01-01", "2012-08-31", 8),
    ("2026 (as at end-December)", "2026", "2026-01-01", "2026-12-31", 12),
    ("2023 (up to 30 June)", "2023-S1", "2023-01-01", "2023-06-30", 6),
    ("2023 (as at 31 March)", "2023-Q1", "2023-01-01", "2023-03-31", 3),
    ("2023 (up to 31.3.2023)", "2023-Q1", "2023-01-01", "2023-03-31", 3),
    ("up to 31 March 2023", "2023-Q1", "2023-01-01", "2023-03-31", 3),
    ("(up to 31.3.2023)", "2023-Q1", "2023-01-01", "2023-03-31", 3),
    ("Up to end-August 2012", "2012-01-01/P8M", "2012-01-01", "2012-08-31", 8),
    ("2026年（截至2月底）", "2026-01-01/P2M", "2026-01-01", "2026-02-28", 2),
    ("2026年(截至2月28日)", "2026-01-01/P2M", "2026-01-01", "2026-02-28", 2),
    ("2026年1月至2月", "2026-01-01/P2M", "2026-01-01", "2026-02-28", 2),
    ("2026年1-2月", "2026-01-01/P2M", "2026-01-01", "2026-02-28", 2),
    // Quarters.
    ("Q1 2025", "2025-Q1", "2025-01-01", "2025-03-31", 3),
    ("Q4 2024", "2024-Q4", "2024-10-01", "2024-12-31", 3),
    ("2025Q1", "2025-Q1", "2025-01-01", "2025-03-31", 3),
    ("2024 Q1", "2024-Q1", "2024-01-01", "2024-03-31", 3),
    ("2024-Q3", "2024-Q3", "2024-07-01", "2024-09-30", 3),
    ("Q1/2024", "2024-Q1", "2024-01-01", "2024-03-31", 3),
    ("Q1-2024", "2024-Q1", "2024-01-01", "2024-03-31", 3),
    ("2Q 2024", "2024-Q2", "2024-04-01", "2024-06-30", 3),
    ("2Q2024", "2024-Q2", "2024-04-01", "2024-06-30", 3),
    ("1st quarter 2025", "2025-Q1", "2025-01-01", "2025-03-31", 3),
    ("First quarter of 2025", "2025-Q1", "2025-01-01", "2025-03-31", 3),
    ("2025 fourth quarter", "2025-Q4", "2025-10-01", "2025-12-31", 3),
    ("Quarter 1, 2024", "2024-Q1", "2024-01-01", "2024-03-31", 3),
    ("Qtr 3 2024", "2024-Q3", "2024-07-01", "2024-09-30", 3),
    ("Mar qtr 2024", "2024-Q1", "2024-01-01", "2024-03-31", 3),
    ("Jan-Mar 2025", "2025-Q1", "2025-01-01", "2025-03-31", 3),
    ("Jan to Mar 2025", "2025-Q1", "2025-01-01", "2025-03-31", 3),
    ("January–March 2025", "2025-Q1", "2025-01-01", "2025-03-31", 3),
    ("2025 Jan-Mar", "2025-Q1", "2025-01-01", "2025-03-31", 3),
    ("Jan. - Mar., 2025", "2025-Q1", "2025-01-01", "2025-03-31", 3),
    ("Q1-Q3 2024", "2024-01-01/P9M", "2024-01-01", "2024-09-30", 9),
    ("Quarter ended March 2024", "2024-Q1", "2024-01-01", "2024-03-31", 3),
    ("3 months to June 2024", "2024-Q2", "2024-04-01", "2024-06-30", 3),
    ("2025年第一季", "2025-Q1", "2025-01-01", "2025-03-31", 3),
    ("2025年第四季度", "2025-Q4", "2025-10-01", "2025-12-31", 3),
    ("2025年第1季", "2025-Q1", "2025-01-01", "2025-03-31", 3),
    ("２０２５年第２季", "2025-Q2", "2025-04-01", "2025-06-30", 3),
    // In other languages.
    ("1er trimestre 2024", "2024-Q1", "2024-01-01", "2024-03-31", 3),
    ("2e trimestre 2024", "2024-Q2", "2024-04-01", "2024-06-30", 3),
    ("3e trim. 2024", "2024-Q3", "2024-07-01", "2024-09-30", 3),
    ("T4 2024", "2024-Q4", "2024-10-01", "2024-12-31", 3),
    ("1T2024", "2024-Q1", "2024-01-01", "2024-03-31", 3),
    ("quatrième trimestre de 2024", "2024-Q4", "2024-10-01", "2024-12-31", 3),
    ("1. Quartal 2024", "2024-Q1", "2024-01-01", "2024-03-31", 3),
    ("2. Halbjahr 2024", "2024-S2", "2024-07-01", "2024-12-31", 6),
    ("1º semestre de 2024", "2024-S1", "2024-01-01", "2024-06-30", 6),
    ("segundo trimestre de 2024", "2024-Q2", "2024-04-01", "2024-06-30", 3),
    ("février 2024", "2024-02", "2024-02-01", "2024-02-29", 1),
    ("Févr. 2024", "2024-02", "2024-02-01", "2024-02-29", 1),
    ("AOÛT 2024", "2024-08", "2024-08-01", "2024-08-31", 1),
    ("mai 2024", "2024-05", "2024-05-01", "2024-05-31", 1),
    ("Juil. 2024", "2024-07", "2024-07-01", "2024-07-31", 1),
    ("juin 2024", "2024-06", "2024-06-01", "2024-06-30", 1),
    ("déc. 2024", "2024-12", "2024-12-01", "2024-12-31", 1),
    ("März 2024", "2024-03", "2024-03-01", "2024-03-31", 1),
    ("Mrz 2024", "2024-03", "2024-03-01", "2024-03-31", 1),
    ("Okt 2024", "2024-10", "2024-10-01", "2024-10-31", 1),
    ("Dezember 2024", "2024-12", "2024-12-01", "2024-12-31", 1),
    ("enero de 2024", "2024-01", "2024-01-01", "2024-01-31", 1),
    ("Ene-Mar 2024", "2024-Q1", "2024-01-01", "2024-03-31", 3),
    ("agosto 2024", "2024-08", "2024-08-01", "2024-08-31", 1),
    ("dic 2024", "2024-12", "2024-12-01", "2024-12-31", 1),
    ("março de 2024", "2024-03", "2024-03-01", "2024-03-31", 1),
    ("fev/2024", "2024-02", "2024-02-01", "2024-02-29", 1),
    ("setembro 2024", "2024-09", "2024-09-01", "2024-09-30", 1),
    ("outubro 2024", "2024-10", "2024-10-01", "2024-10-31", 1),
    // Half-years.
    ("First half of 2024", "2024-S1", "2024-01-01", "2024-06-30", 6),
    ("1st half-year 2024", "2024-S1", "2024-01-01", "2024-06-30", 6),
    ("H1 2024", "2024-S1", "2024-01-01", "2024-06-30", 6),
    ("2024H1", "2024-S1", "2024-01-01", "2024-06-30", 6),
    ("1H 2024", "2024-S1", "2024-01-01", "2024-06-30", 6),
    ("2024-S2", "2024-S2", "2024-07-01", "2024-12-31", 6),
    ("Second half 2024", "2024-S2", "2024-07-01", "2024-12-31", 6),
    ("Half year ended 30 June 2023", "2023-S1", "2023-01-01", "2023-06-30", 6),
    ("2025年上半年", "2025-S1", "2025-01-01", "2025-06-30", 6),
    ("2025年下半年", "2025-S2", "2025-07-01", "2025-12-31", 6),
    // Months.
    ("July 2012", "2012-07", "2012-07-01", "2012-07-31", 1),
    ("2012 Sept", "2012-09", "2012-09-01", "2012-09-30", 1),
    ("1978 Jan", "1978-01", "1978-01-01", "1978-01-31", 1),
    ("Aug. 2012", "2012-08", "2012-08-01", "2012-08-31", 1),
    ("FEBRUARY 2024", "2024-02", "2024-02-01", "2024-02-29", 1),
    ("Jan-2024", "2024-01", "2024-01-01", "2024-01-31", 1),
    ("2024-Jan", "2024-01", "2024-01-01", "2024-01-31", 1),
    ("May\n2024", "2024-05", "2024-05-01", "2024-05-31", 1),
    ("2024-07", "2024-07", "2024-07-01", "2024-07-31", 1),
    ("2023-07", "2023-07", "2023-07-01", "2023-07-31", 1),
    ("2024/07", "2024-07", "2024-07-01", "2024-07-31", 1),
    ("07/2024", "2024-07", "2024-07-01", "2024-07-31", 1),
    ("2024M07", "2024-07", "2024-07-01", "2024-07-31", 1),
    ("2024-M07", "2024-07", "2024-07-01", "2024-07-31", 1),
    ("2012年7月", "2012-07", "2012-07-01", "2012-07-31", 1),
    ("2012年十二月", "2012-12", "2012-12-01", "2012-12-31", 1),
    ("Month ended 31 July 2012", "2012-07", "2012-07-01", "2012-07-31", 1),
    // Years that end otherwise.
    ("Year ending June 2023", "2022-07-01/P12M", "2022-07-01", "2023-06-30", 12),
    ("Year ended 30 June 2023", "2022-07-01/P12M", "2022-07-01", "2023-06-30", 12),
    ("12 months to June 2023", "2022-07-01/P12M", "2022-07-01", "2023-06-30", 12),
    ("12 months ending June 2023", "2022-07-01/P12M", "2022-07-01", "2023-06-30", 12),
    ("YE June 2023", "2022-07-01/P12M", "2022-07-01", "2023-06-30", 12),
    ("Year to end-June 2023", "2022-07-01/P12M", "2022-07-01", "2023-06-30", 12),
    ("Financial year ended 31 March 2023", "2022-04-01/P12M", "2022-04-01", "2023-03-31", 12),
    ("Year ended 31/12/2023", "2023", "2023-01-01", "2023-12-31", 12),
    ("Year ending February 2024", "2023-03-01/P12M", "2023-03-01", "2024-02-29", 12),
    // From one to another.
    ("Oct 2024 - Mar 2025", "2024-10-01/P6M", "2024-10-01", "2025-03-31", 6),
    ("Apr 2023 to Mar 2024", "2023-04-01/P12M", "2023-04-01", "2024-03-31", 12),
    ("April 2023–March 2024", "2023-04-01/P12M", "2023-04-01", "2024-03-31", 12),
    ("1 April 2023 to 31 March 2024", "2023-04-01/P12M", "2023-04-01", "2024-03-31", 12),
    ("01.04.2023-31.03.2024", "2023-04-01/P12M", "2023-04-01", "2024-03-31", 12),
    ("Jan-2024 - Mar-2024", "2024-Q1", "2024-01-01", "2024-03-31", 3),
    ("2024年10月至2025年3月", "2024-10-01/P6M", "2024-10-01", "2025-03-31", 6),
    ("2001-2005", "2001-01-01/P60M", "2001-01-01", "2005-12-31", 60),
    ("2001–2005", "2001-01-01/P60M", "2001-01-01", "2005-12-31", 60),
    ("2001 to 2005", "2001-01-01/P60M", "2001-01-01", "2005-12-31", 60),
    ("2010-15", "2010-01-01/P72M", "2010-01-01", "2015-12-31", 72),
    ("2026-01-01/P2M", "2026-01-01/P2M", "2026-01-01", "2026-02-28", 2),
    // Points in time.
    ("As at end of 2021", "2021-12-31", "2021-12-31", "2021-12-31", 0),
    ("As at end-2021", "2021-12-31", "2021-12-31", "2021-12-31", 0),
    ("As at 31 December 2021", "2021-12-31", "2021-12-31", "2021-12-31", 0),
    ("As of December 31, 2021", "2021-12-31", "2021-12-31", "2021-12-31", 0),
    ("End-2021", "2021-12-31", "2021-12-31", "2021-12-31", 0),
    ("End of 2021", "2021-12-31", "2021-12-31", "2021-12-31", 0),
    ("Year-end 2021", "2021-12-31", "2021-12-31", "2021-12-31", 0),
    ("31.12.2021", "2021-12-31", "2021-12-31", "2021-12-31", 0),
    ("1.7.2021", "2021-07-01", "2021-07-01", "2021-07-01", 0),
    ("31/12/2021", "2021-12-31", "2021-12-31", "2021-12-31", 0),
    ("12/31/2021", "2021-12-31", "2021-12-31", "2021-12-31", 0),
    ("01/01/2021", "2021-01-01", "2021-01-01", "2021-01-01", 0),
    ("2021-12-31", "2021-12-31", "2021-12-31", "2021-12-31", 0),
    ("2021/12/31", "2021-12-31", "2021-12-31", "2021-12-31", 0),
    ("at 30 June 2023", "2023-06-30", "2023-06-30", "2023-06-30", 0),
    ("On 30th June 2023", "2023-06-30", "2023-06-30", "2023-06-30", 0),
    ("30 June 2023", "2023-06-30", "2023-06-30", "2023-06-30", 0),
    ("End of March 2023", "2023-03-31", "2023-03-31", "2023-03-31", 0),
    ("As at end-March 2023 (p)", "2023-03-31", "2023-03-31", "2023-03-31", 0),
    ("As at the end of Q1 2024", "2024-03-31", "2024-03-31", "2024-03-31", 0),
    ("於2021年底", "2021-12-31", "2021-12-31", "2021-12-31", 0),
    ("2021年底", "2021-12-31", "2021-12-31", "2021-12-31", 0),
    ("2023年6月底", "2023-06-30", "2023-06-30", "2023-06-30", 0),
    ("2023年6月30日", "2023-06-30", "2023-06-30", "2023-06-30", 0),
];

#[test]
fn a_heading_gives_its_interval() {
    for (label, expected, start, end, months) in READ {
        let Ok(read) = code(label, &Calendar::default()) else { panic!("{label} is open") };
        assert_eq!(read, *expected, "{label}");
        let period: Period = read.parse().unwrap_or_else(|_| panic!("{label}"));
        assert_eq!(
            (period.start.to_string().as_str(), period.end().to_string().as_str(), period.months),
            (*start, *end, *months),
            "{label}"
        );
    }
    assert!(READ.len() >= 120, "{}", READ.len());
}

#[test]
fn the_definition_states_the_financial_year() {
    let cases = [
        ("2023-24", "2023-04-01/P12M"),
        ("2023/24", "2023-04-01/P12M"),
        ("2023–2024", "2023-04-01/P12M"),
        ("2023/2024", "2023-04-01/P12M"),
        ("2022 to 2023", "2022-04-01/P12M"),
        ("1999-00", "1999-04-01/P12M"),
        ("1999-2000", "1999-04-01/P12M"),
        ("FY2023/24", "2023-04-01/P12M"),
        ("FY 2023-24", "2023-04-01/P12M"),
        ("FY23/24", "2023-04-01/P12M"),
        ("Financial year 2023-24", "2023-04-01/P12M"),
        ("2023-24 financial year", "2023-04-01/P12M"),
        ("2023/24年度", "2023-04-01/P12M"),
        ("2023-24 (p)", "2023-04-01/P12M"),
        ("2023", "2023"),
        ("2023-07", "2023-07"),
        ("2001-2005", "2001-01-01/P60M"),
    ];
    for (label, expected) in cases {
        assert_eq!(code(label, &april()), Ok(expected.into()), "{label}");
    }
    let named = |by| Calendar { named_by: Some(by), ..april() };
    for label in ["FY2023", "FY23", "FY 2023", "Fiscal year 2023", "2023年度", "fy2023"] {
        assert_eq!(code(label, &named(YearEnd::Start)), Ok("2023-04-01/P12M".into()), "{label}");
        assert_eq!(code(label, &named(YearEnd::End)), Ok("2022-04-01/P12M".into()), "{label}");
    }
    let january = Calendar { financial_year: Some(MonthName::January), ..Calendar::default() };
    assert_eq!(code("2023-24", &january), Ok("2023-01-01/P24M".into()));
    assert_eq!(code("FY2023", &january), Ok("2023".into()));
}

#[test]
fn an_ambiguous_heading_is_described_with_its_remedy() {
    let cases = [
        (
            "2023-24",
            "the financial year that begins in 2023 or the 24 months from 2023-01-01",
            "`financial_year = \"April\"`",
        ),
        (
            "2023/24",
            "the financial year that begins in 2023 or the 24 months from 2023-01-01",
            "`financial_year",
        ),
        (
            "2023–2024",
            "the financial year that begins in 2023 or the 24 months from 2023-01-01",
            "`financial_year",
        ),
        (
            "2023/2024",
            "the financial year that begins in 2023 or the 24 months from 2023-01-01",
            "`financial_year",
        ),
        (
            "2023 to 2024",
            "the financial year that begins in 2023 or the 24 months from 2023-01-01",
            "`financial_year",
        ),
        (
            "2011-12",
            "the month 2011-12 or the financial year that begins in 2011 or the 24 months",
            "`[periods]`",
        ),
        (
            "2011/12",
            "the month 2011-12 or the financial year that begins in 2011 or the 24 months",
            "`[periods]`",
        ),
        ("2003-07", "the month 2003-07 or the 60 months from 2003-01-01", "`[periods]`"),
        ("01/02/2023", "the day 2023-02-01 or the day 2023-01-02", "`date_order = \"day-first\"`"),
        ("1-2-2023", "the day 2023-02-01 or the day 2023-01-02", "`date_order = \"day-first\"`"),
        ("As at 01/02/2023", "the day 2023-02-01 or the day 2023-01-02", "`date_order = \"day-first\"`"),
        (
            "FY2023",
            "the financial year that begins in 2023 or the financial year that ends in 2023",
            "`financial_year_named_by",
        ),
        (
            "FY23",
            "the financial year that begins in 2023 or the financial year that ends in 2023",
            "`financial_year_named_by",
        ),
        ("FY99", "the financial year that begins in 1999 or", "`financial_year_named_by"),
        (
            "FY2023/24",
            "is the financial year that begins in 2023, and the definition doesn't say when one begins",
            "`financial_year",
        ),
        ("截至2021年底", "the day 2021-12-31 or the year 2021", "`[periods]`"),
        ("截至2023年6月30日", "the day 2023-06-30 or the 6 months from 2023-01-01", "`[periods]`"),
        (
            "up to 15 March 2023",
            "ends on 2023-03-15, within a month, and periods are whole months",
            "[periods]",
        ),
        ("Year ending 5 April 2023", "ends on 2023-04-05, within a month", "[periods]"),
        ("2023 (up to 15 March)", "ends on 2023-03-15, within a month", "[periods]"),
    ];
    for (label, message, help) in cases {
        let open = code(label, &Calendar::default()).expect_err(label);
        assert!(open.contains(message) && open.contains(help), "{label}: {open}");
    }
    let open = code("2011-12", &april()).unwrap_err();
    assert!(open.contains("could be the month 2011-12 or the 12 months from 2011-04-01"), "{open}");
    let open = code("FY2023", &april()).unwrap_err();
    assert!(
        open.contains("could be the 12 months from 2023-04-01 or the 12 months from 2022-04-01"),
        "{open}"
    );
}

#[test]
fn the_headings_of_a_header_resolve_each_other() {
    let cases: [(&[&str], &[&str]); 6] = [
        (&["2010-11", "2011-12", "2012-13"], &["2010-04-01/P12M", "2011-04-01/P12M", "2012-04-01/P12M"]),
        (&["2011-10", "2011-11", "2011-12"], &["2011-10", "2011-11", "2011-12"]),
        (&["2009-10", "2009-11", "2009-12"], &["2009-10", "2009-11", "2009-12"]),
        (&["2001-05", "2006-10", "2011-15"], &["2001-01-01/P60M", "2006-01-01/P60M", "2011-01-01/P60M"]),
        (&["Region", "FY2010/11", "2011-12"], &["none", "2010-04-01/P12M", "2011-04-01/P12M"]),
        (&["01/02/2023", "01/13/2023", "02/03/2023"], &["2023-01-02", "2023-01-13", "2023-02-03"]),
    ];
    for (headings, expected) in cases {
        let expected: Vec<_> = expected.iter().map(|code| Ok((*code).to_owned())).collect();
        assert_eq!(codes(headings, &april()), expected, "{headings:?}");
    }
    let torn = codes(&["2011-12", "2011-07", "2012-13"], &april());
    assert!(
        torn[0].is_err() && torn[1..] == [Ok("2011-07".into()), Ok("2012-04-01/P12M".into())],
        "{torn:?}"
    );
    assert!(codes(&["2011", "2011-12"], &april())[1].is_err());
    let spans = codes(&["1990-1995", "1995-2000"], &april());
    assert!(
        spans.iter().all(|span| span.as_ref().is_err_and(|open| open.contains("shares a year"))),
        "{spans:?}"
    );
    assert!(codes(&["01/02/2023", "02/03/2023"], &april()).iter().all(Result::is_err));
}

#[test]
fn a_definition_resolves_ambiguous_headings() {
    let order = |order| Calendar { date_order: Some(order), ..Calendar::default() };
    assert_eq!(code("01/02/2023", &order(DateOrder::DayFirst)), Ok("2023-02-01".into()));
    assert_eq!(code("01/02/2023", &order(DateOrder::MonthFirst)), Ok("2023-01-02".into()));
    let stock = |end| Calendar { stock: Some(end), ..april() };
    assert_eq!(code("2021", &stock(YearEnd::End)), Ok("2021-12-31".into()));
    assert_eq!(code("2021-22", &stock(YearEnd::End)), Ok("2022-03-31".into()));
    assert_eq!(code("July 2012", &stock(YearEnd::Start)), Ok("2012-07-01".into()));
    assert_eq!(code("31.12.2021", &stock(YearEnd::Start)), Ok("2021-12-31".into()));
    let named = [
        ("2011-12".to_owned(), Period::new(2011, 12, 1).unwrap()),
        ("Latest".into(), Period::new(2024, 1, 12).unwrap()),
    ];
    let calendar = Calendar { headings: named.into(), ..april() };
    assert_eq!(codes(&["2011-12", "Latest"], &calendar), [Ok("2011-12".into()), Ok("2024".into())]);
}

#[test]
fn other_texts_are_not_periods() {
    let long = "2023 ".repeat(200_000);
    let none: &[&str] = &[
        "",
        " ",
        "Region",
        "2O24",
        "9708",
        "0999",
        "2500",
        "1799",
        "2200",
        "202",
        "20231",
        "12345",
        "47 021",
        "1,234",
        "2026 (as at February)",
        "Out 2023",
        "Set 2023",
        "ju 2024",
        "2e 3 2024",
        "2026 (up to June)",
        "As at March 2023",
        "As at 2021",
        "2023 (Sep - Jan)",
        "Oct-Mar 2025",
        "2024-13",
        "2024-00",
        "Q5 2024",
        "Q0 2024",
        "2024-S3",
        "3H 2024",
        "5th quarter 2024",
        "2005-2001",
        "2001/2005",
        "2023-2023",
        "32.1.2023",
        "31.2.2023",
        "2023-02-30",
        "31/31/2023",
        "1/2-2023",
        "2024 07",
        "2023 24",
        "2023 2024",
        "2023 (24)",
        "2023-24 Q1",
        "Q1 FY2024",
        "July 2012 1",
        "2012 July 1",
        "2023 (Jan",
        "2023)",
        "2023 ((p))",
        "Jan 24",
        "2023 and 2024",
        "2023:",
        "mid-2023",
        "2023 total",
        "In 2024",
        "March",
        "Q1",
        "Quarter ended 2024",
        "0 months to June 2023",
        "13月2023年",
        "民國",
        "10年",
        "民國2010年",
        "民國300年",
        "2566",
        "2023年第五季",
        "😀 2023",
        "2023\u{1b}[31m",
        "2023\u{0}",
        "\u{202e}2023",
        "Year ending June",
        "FY",
        "FY2023-25",
        "FY x",
        "2023-01-01/P0M",
        "2023-13-01/P2M",
        "Year ending June 1800",
        &long,
    ];
    for label in none {
        let read = code(label, &april());
        assert_eq!(read, Ok("none".into()), "{:?}", label.chars().take(40).collect::<String>());
    }
    assert!(none.len() >= 40);
}

#[test]
fn years_of_another_calendar_are_those_of_the_one_that_is_named() {
    let minguo = Calendar { years: Some(NamedCalendar::Minguo), ..Calendar::default() };
    let thai = Calendar { years: Some(NamedCalendar::Thai), ..Calendar::default() };
    let cases = [
        (&minguo, "99年", "2010"),
        (&minguo, "９９年", "2010"),
        (&minguo, "100 年", "2011"),
        (&minguo, "民國99年", "2010"),
        (&minguo, "中華民國 112 年", "2023"),
        (&minguo, "民國1年", "1912"),
        (&minguo, "民國112", "2023"),
        (&minguo, "99年1月", "2010-01"),
        (&minguo, "99年12月", "2010-12"),
        (&minguo, "112年第1季", "2023-Q1"),
        (&minguo, "112年第四季", "2023-Q4"),
        (&minguo, "112年上半年", "2023-S1"),
        (&minguo, "112年下半年", "2023-S2"),
        (&minguo, "112年1月至6月", "2023-S1"),
        (&minguo, "112年7月至113年6月", "2023-07-01/P12M"),
        (&minguo, "112年底", "2023-12-31"),
        (&minguo, "112年(p)", "2023"),
        (&minguo, "2010年", "2010"),
        (&minguo, "2010", "2010"),
        (&minguo, "10年", "none"),
        (&thai, "พ.ศ. 2566", "2023"),
        (&thai, "พ.ศ.2566", "2023"),
        (&thai, "2023", "2023"),
        (&thai, "2566", "none"),
    ];
    for (calendar, label, expected) in cases {
        assert_eq!(code(label, calendar), Ok(expected.into()), "{label}");
    }
    for (calendar, label, key) in [
        (&Calendar::default(), "99年", "minguo"),
        (&Calendar::default(), "民國99年1月", "minguo"),
        (&thai, "99年", "minguo"),
        (&minguo, "พ.ศ. 2566", "thai"),
    ] {
        let said = code(label, calendar).unwrap_err();
        assert!(said.contains(&format!("`calendar = \"{key}\"`")), "{label}: {said}");
    }
}

#[test]
fn a_flag_gives_the_status_of_the_figures() {
    let cases = [
        ("2025", PeriodStatus::Normal),
        ("2025 (p)", PeriodStatus::Provisional),
        ("2025年（臨時數字）", PeriodStatus::Provisional),
        ("Q1 2025 prov.", PeriodStatus::Provisional),
        ("2025 preliminary", PeriodStatus::Provisional),
        ("2025e", PeriodStatus::Estimated),
        ("2025 (estimated)", PeriodStatus::Estimated),
        ("2027 f", PeriodStatus::Forecast),
        ("2027 (projection)", PeriodStatus::Forecast),
        ("2024 r", PeriodStatus::Normal),
        ("2024*", PeriodStatus::Normal),
    ];
    for (label, status) in cases {
        assert_eq!(parse(label).map(|reading| reading.status), Some(status), "{label}");
    }
    assert_eq!(
        [PeriodStatus::Normal, PeriodStatus::Provisional, PeriodStatus::Estimated, PeriodStatus::Forecast]
            .map(PeriodStatus::code),
        ["A", "P", "E", "F"]
    );
}

#[test]
fn parsing_a_heading_does_not_allocate() {
    for (label, ..) in READ {
        let asked = allocation_counter::measure(|| drop(parse(label)));
        assert_eq!(asked.count_total, 0, "{label}");
    }
}

/// Words of time in any order, and other words.
fn heading() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => "[0-9]{1,4}",
        4 => prop::sample::select(vec![
            "2023", "2024", "Jan", "March", "Q1", "H2", "-", "–", "/", ".", "(", ")", "to", "as at", "end", "up to", "Year",
            "ending", "months", "FY", "p", "*", "¹", "年", "月", "日", "第一", "季", "上半年", "底", "截至", "至", "（", "）", "２０２３", "note",
        ]).prop_map(String::from),
        1 => "\\PC{0,3}",
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec((word, prop::sample::select(vec!["", " "])), 0..9)
        .prop_map(|words| words.into_iter().map(|(word, blank)| word + blank).collect())
}

fn holds(label: &str) -> Result<(), TestCaseError> {
    let calendars = [Calendar::default(), april()];
    for calendar in calendars {
        if let Ok(code) = code(label, &calendar).map(|code| code.parse::<Period>()) {
            prop_assert!(code.is_err() || code.is_ok_and(|period| period.start <= period.end()), "{}", label);
        }
    }
    let _ = crate::grammar::period::heading::is_time_fragment(label);
    Ok(())
}

proptest! {
    #[test]
    fn a_period_printed_reads_back(year in 1800i32..2200, month in 1u32..13, months in 1u32..1201) {
        let period = Period::new(year, month, months).unwrap();
        let printed = period.to_string();
        match code(&printed, &Calendar::default()) {
            Ok(read) => prop_assert_eq!(read, printed),
            Err(open) => prop_assert!(months == 1 && open.contains(&format!("the month {printed}")), "{}", open),
        }
    }

    #[test]
    fn a_day_printed_reads_back(days in 0i64..146_000) {
        let day = chrono::NaiveDate::from_ymd_opt(1800, 1, 1).unwrap() + chrono::TimeDelta::days(days);
        for printed in ["%Y-%m-%d", "%d.%m.%Y", "%-d %B %Y", "%B %-d, %Y", "%Y年%-m月%-d日", "As at %d %b %Y"] {
            prop_assert_eq!(code(&day.format(printed).to_string(), &Calendar::default()), Ok(day.to_string()), "{}", printed);
        }
    }

    #[test]
    fn no_heading_makes_it_panic(label in "\\PC*", time in heading(), any in any::<String>()) {
        for label in [label, time, any] {
            holds(&label)?;
        }
    }
}

/// A million headings, which takes a minute: `cargo test a_million -- --ignored`.
#[test]
#[ignore = "it takes long"]
fn a_million_headings_make_it_panic_nowhere() {
    let config = ProptestConfig { cases: 500_000, failure_persistence: None, ..ProptestConfig::default() };
    proptest!(config, |(time in heading(), any in "\\PC{0,40}")| {
        holds(&time)?;
        holds(&any)?;
    });
}

#[test]
fn an_interval_without_a_name_is_told_by_its_first_and_last_month() {
    let words = |year, month, months| Period::new(year, month, months).unwrap().words();
    assert_eq!(words(2026, 1, 2), "2026-01 to 2026-02");
    assert_eq!(words(2025, 4, 12), "2025-04 to 2026-03");
    assert_eq!([words(2025, 1, 12), words(2025, 7, 6), words(2025, 2, 1)], ["2025", "2025-S2", "2025-02"]);
}
