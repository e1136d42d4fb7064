//! How cells show what they store: number formats and indents. A date is told as far as its format shows it, in one form:
//! `Jan 2024` however a month is set, so that nobody has to guess whether `01/02` is a day or a month.

use ssfmt::ast::{DatePart, FormatPart};
use ssfmt::date_serial::serial_to_date;
use ssfmt::{DateSystem, FormatOptions, NumberFormat};

/// The styles of a workbook's cells.
#[derive(Clone, Debug, Default)]
pub struct Styles {
    /// The styles; a cell names its own by its place here.
    pub all: Vec<CellStyle>,
    /// Whether day 0 is 1 January 1904, not 31 December 1899.
    pub from_1904: bool,
}

/// How a cell shows its value.
#[derive(Clone, Debug, Default)]
pub struct CellStyle {
    /// The format of numbers; none where a number is shown as it is.
    pub format: Option<NumberFormat>,
    /// Whether that format shows thousands, or millions, of the number.
    pub is_scaled: bool,
    /// How many bytes that format has.
    pub length: usize,
    /// How many steps a text is set in.
    pub indent: u8,
}

impl CellStyle {
    /// A style by the code of its number format, as spreadsheets write it: `#,##0`.
    #[must_use]
    pub fn new(code: &str, indent: u8) -> CellStyle {
        let general = code.eq_ignore_ascii_case("general") || code.is_empty();
        CellStyle {
            format: NumberFormat::parse(code).ok().filter(|_| !general),
            is_scaled: is_scaled(code),
            length: code.len(),
            indent,
        }
    }
}

/// Whether a comma stands behind the last digit of a format, which divides by a thousand.
fn is_scaled(code: &str) -> bool {
    let digits = ['0', '#', '?'];
    code.split(';').any(|section| section.rfind(digits).is_some_and(|at| section[at..].contains(',')))
}

impl Styles {
    /// A number as a person sees it in a cell of a style.
    #[must_use]
    pub fn format(&self, number: f64, style: u32) -> String {
        let style = self.all.get(style as usize);
        let format = style.and_then(|style| style.format.as_ref());
        // A whole number would be cut off where it is scaled, not rounded; the next double is.
        let number = if style.is_some_and(|style| style.is_scaled) { number.next_up() } else { number };
        let date_system = if self.from_1904 { DateSystem::Date1904 } else { DateSystem::Date1900 };
        let options = FormatOptions { date_system, ..FormatOptions::default() };
        match format {
            Some(format) => {
                date(number, format, date_system).unwrap_or_else(|| format.format(number, &options))
            }
            None => plain(number),
        }
    }

    /// Whether a cell of a style shows a number as a date.
    #[must_use]
    pub fn is_date(&self, style: u32) -> bool {
        let format = self.all.get(style as usize).and_then(|style| style.format.as_ref());
        format.is_some_and(NumberFormat::is_date_format)
    }

    /// How many steps the text of a cell of a style is set in.
    #[must_use]
    pub fn indent(&self, style: u32) -> u32 {
        self.all.get(style as usize).map_or(0, |style| u32::from(style.indent))
    }
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A date as far as its format shows it: `2024`, `Jan 2024`, `2024-01-31`; none where it shows no year, or is none.
fn date(number: f64, format: &NumberFormat, system: DateSystem) -> Option<String> {
    let parts = || format.sections().iter().flat_map(|section| &section.parts);
    let shows = |wanted: fn(DatePart) -> bool| {
        parts().any(|part| matches!(part, FormatPart::DatePart(part) if wanted(*part)))
    };
    if !shows(is_year) {
        return None;
    }
    let (year, month, day) = serial_to_date(number, system)?;
    let name = MONTHS.get(month.checked_sub(1)? as usize)?;
    Some(if shows(is_day) {
        format!("{year:04}-{month:02}-{day:02}")
    } else if shows(is_month) {
        format!("{name} {year:04}")
    } else {
        format!("{year:04}")
    })
}

fn is_year(part: DatePart) -> bool {
    matches!(part, DatePart::Year2 | DatePart::Year3 | DatePart::Year4)
}

fn is_month(part: DatePart) -> bool {
    use DatePart::{Month, Month2, MonthAbbr, MonthFull, MonthLetter};
    matches!(part, Month | Month2 | MonthAbbr | MonthFull | MonthLetter)
}

fn is_day(part: DatePart) -> bool {
    matches!(part, DatePart::Day | DatePart::Day2)
}

/// A number in as few digits as say it.
fn plain(number: f64) -> String {
    let mut buffer = zmij::Buffer::new();
    let printed = buffer.format(number);
    printed.strip_suffix(".0").unwrap_or(printed).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(number: f64, code: &str, from_1904: bool) -> String {
        Styles { all: vec![CellStyle::new(code, 0)], from_1904 }.format(number, 0)
    }

    #[test]
    fn a_number_is_shown_as_its_format_says() {
        let cases = [
            (8490.0, "General", "8490"),
            (8490.0, "#,##0", "8,490"),
            (0.0, "#,##0;-#,##0;\"-\"", "-"),
            (0.0, "#,##0_);(#,##0);\u{2014}", "\u{2014}"),
            (1_234_567.0, "#,##0,", "1,235"),
            (0.123, "0.0%", "12.3%"),
            (0.5, "", "0.5"),
            (-3.0, "0", "-3"),
        ];
        for (number, code, expected) in cases {
            assert_eq!(shown(number, code, false), expected, "{number} {code}");
        }
    }

    /// Serial numbers by the tables of other spreadsheet programs: 45292 is 1 January 2024, in the other system 43830.
    #[test]
    fn a_date_is_told_as_far_as_its_format_shows_it() {
        let cases = [
            (45_292.0, "mmm-yy", false, "Jan 2024"),
            (45_292.0, "mmmm yyyy", false, "Jan 2024"),
            (43_830.0, "mm/yyyy", true, "Jan 2024"),
            (45_292.0, "yyyy", false, "2024"),
            (45_322.0, "dd/mm/yyyy", false, "2024-01-31"),
            (45_322.75, "yyyy-mm-dd hh:mm", false, "2024-01-31"),
            (60.0, "yyyy-mm-dd", false, "1900-02-29"),
            (61.0, "yyyy-mm-dd", false, "1900-03-01"),
            (0.5, "hh:mm", false, "12:00"),
        ];
        for (number, code, from_1904, expected) in cases {
            assert_eq!(shown(number, code, from_1904), expected, "{number} {code}");
        }
    }
}
