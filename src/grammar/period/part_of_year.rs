//! Parts of a year that are printed as numbers under a word that says what they count: `3` below `Month` is March, `II` below
//! `Trimestre` the second quarter, `200504` below `Month` April 2005.

/// The words for parts of a year, with how many of them a year has.
const UNITS: [(&str, u32); 15] = [
    ("month", 12),
    ("months", 12),
    ("mes", 12),
    ("meses", 12),
    ("mês", 12),
    ("mois", 12),
    ("monat", 12),
    ("quarter", 4),
    ("qtr", 4),
    ("trimestre", 4),
    ("quartal", 4),
    ("half", 2),
    ("half-year", 2),
    ("semestre", 2),
    ("halbjahr", 2),
];

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const ROMAN: [&str; 12] = ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];

/// The usual words for a part of a year that a number names under a word that says what it counts; none where the word is none,
/// or the number is none of them.
#[must_use]
pub fn name_part(unit: &str, number: &str) -> Option<String> {
    let unit = unit.trim().to_lowercase();
    let (_, parts) = UNITS.iter().find(|(word, _)| *word == unit)?;
    let number = number.trim();
    if *parts == 12 && number.len() == 6 {
        let (year, month) = number.split_at_checked(4)?;
        return Some(format!("{} {}", name(12, parse_number(month)?)?, year.parse::<u16>().ok()?));
    }
    name(*parts, parse_number(number)?)
}

fn name(parts: u32, number: usize) -> Option<String> {
    let is_part = (1..=parts as usize).contains(&number);
    is_part.then(|| match parts {
        12 => MONTHS[number - 1].to_owned(),
        4 => format!("Q{number}"),
        _ => format!("H{number}"),
    })
}

/// Whether a text can be the number of a part of a year and nothing else: a Roman one.
#[must_use]
pub fn is_roman_part(text: &str) -> bool {
    ROMAN.contains(&text.trim())
}

/// A number of at most two digits, or a Roman one.
fn parse_number(text: &str) -> Option<usize> {
    let roman = || ROMAN.iter().position(|roman| *roman == text).map(|at| at + 1);
    let is_digits = text.len() <= 2 && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_digits { text.parse().ok() } else { roman() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_under_a_word_for_parts_of_a_year_name_them() {
        let cases = [
            ("Month", "3", Some("Mar")),
            ("MES", "012", None),
            ("mês", "12", Some("Dec")),
            ("Month", "13", None),
            ("Month", "0", None),
            ("month", "200504", Some("Apr 2005")),
            ("month", "200513", None),
            ("Trimestre", "II", Some("Q2")),
            ("Quarter", "5", None),
            ("Half", "2", Some("H2")),
            ("Semestre", "i", None),
            ("Index", "3", None),
            ("Month", "March", None),
            ("Month", "", None),
        ];
        for (unit, number, expected) in cases {
            assert_eq!(name_part(unit, number).as_deref(), expected, "{unit} {number}");
        }
    }
}
