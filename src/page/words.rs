//! Numbers in words: as the program prints them on a terminal, the same in any language.

use crate::dataset::{Definition, Dimension};
use crate::grammar::number::format_number;
use crate::regions::TOTAL;

/// A figure with so many decimals: `49 737`, `1 214.5`.
pub fn figure(value: f64, decimals: u32) -> String {
    format_number((value * 10f64.powi(decimals as i32)).round() as i64, decimals)
}

/// A difference, with its sign: `+5 587`, `-156`, `0`.
pub fn signed(value: f64, decimals: u32) -> String {
    let sign = if value > 0.0 { "+" } else { "" };
    format!("{sign}{}", figure(value, decimals))
}

/// A fraction in percent, with one decimal: `1.2 %`.
pub fn percent(fraction: f64) -> String {
    let printed = format!("{} %", figure(fraction * 100.0, 1));
    if fraction > 0.0 && printed == "0.0 %" { "under 0.1 %".into() } else { printed }
}

/// A relative change, with its sign: `-28.4 %`.
pub fn signed_percent(fraction: f64) -> String {
    format!("{} %", signed(fraction * 100.0, 1))
}

/// A number with its noun: `1 row`, `31 094 rows`.
pub fn count(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", whole(number), if number == 1 { "" } else { "s" })
}

/// A whole number.
pub fn whole(number: usize) -> String {
    format_number(i64::try_from(number).unwrap_or(i64::MAX), 0)
}

/// A size in words.
pub fn bytes(bytes: u64) -> String {
    count(usize::try_from(bytes).unwrap_or(usize::MAX), "byte")
}

/// What codes stand for, one after the other, but for totals: `Canada, Males`; `Total` where all are.
pub fn name_codes<'c>(codes: impl Iterator<Item = (&'c Dimension, &'c str)>) -> String {
    let mut total = "Total";
    let mut names = Vec::new();
    for (dimension, code) in codes {
        let name = dimension.code(code).map_or(code, |info| info.name);
        if code == TOTAL { total = name } else { names.push(name) }
    }
    if names.is_empty() { total.to_owned() } else { names.join(", ") }
}

/// The key of figures: codes, the measure where there are several, and what else is given, as an anchor can hold it.
pub fn key(codes: &[String], measure: usize, period: &str, definition: &Definition) -> String {
    let measure = definition.has_measures().then(|| definition.measures[measure].code());
    let parts = codes.iter().map(String::as_str).chain(measure).chain([period]);
    anchor(&parts.collect::<Vec<_>>().join("/"))
}

/// A key as an anchor: it has no white space, which a link to it has neither.
pub fn anchor(key: &str) -> String {
    key.split_whitespace().collect::<Vec<_>>().join("%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_on_a_terminal() {
        assert_eq!(figure(49_737.0, 0), "49 737");
        assert_eq!(figure(-1214.5, 1), "-1 214.5");
        assert_eq!([signed(5587.0, 0), signed(-156.0, 0), signed(0.0, 0)], ["+5 587", "-156", "0"]);
        assert_eq!([percent(0.25), percent(0.0004), percent(0.0)], ["25.0 %", "under 0.1 %", "0.0 %"]);
        assert_eq!([signed_percent(-0.2842), signed_percent(1.5)], ["-28.4 %", "+150.0 %"]);
        assert_eq!(bytes(1234), "1 234 bytes");
    }

    #[test]
    fn an_anchor_has_no_white_space() {
        assert_eq!(anchor("CAN/Mean  hours/2024"), "CAN/Mean%20hours/2024");
    }
}
