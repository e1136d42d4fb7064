//! The grammar of a figure: a sign, digits, marks between the thousands, and as many decimals as the measure has.
//!
//! Conventions may differ from cell to cell (`8 490` beside `9708`), never inside one. A reading that the marks do
//! not settle is refused: `12,34` is neither 12.34 nor 1234.

use std::borrow::Cow;

/// Why a text is no figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It holds a character that no figure has.
    Character(char),
    /// The marks between the digits do not part thousands.
    Grouping,
    /// It has more decimals than the measure.
    Decimals,
    /// It does not fit 64 bits.
    TooLarge,
    /// It has no digits.
    Empty,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::Character(c) => write!(f, "`{c}` is no part of a figure"),
            Fault::Grouping => f.write_str("the marks between its digits don't part thousands"),
            Fault::Decimals => f.write_str("it has more decimals than the measure"),
            Fault::TooLarge => f.write_str("it is too large for 64 bits"),
            Fault::Empty => f.write_str("a figure was expected, the cell is empty"),
        }
    }
}

/// Reads a figure, in units of the measure's last decimal: with two decimals `1.5` is 150.
///
/// # Errors
/// Where the text is no figure, or more than one.
pub fn parse(text: &str, decimals: u32) -> Result<i64, Fault> {
    let text = narrow(text);
    let (negative, digits) = sign(&text);
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) if decimals > 0 => (whole, fraction),
        _ => (digits, ""),
    };
    let missing = decimals.checked_sub(fraction.len() as u32).ok_or(Fault::Decimals)?;
    let magnitude = fraction.chars().try_fold(ungrouped(whole)?, appended)?;
    let magnitude = (0..missing).try_fold(magnitude, |value, _| appended(value, '0'))?;
    Ok(if negative { -magnitude } else { magnitude })
}

/// The text with full-width characters narrowed, which East Asian publishers use.
fn narrow(text: &str) -> Cow<'_, str> {
    let wide = |c: char| matches!(c, '\u{ff01}'..='\u{ff5e}');
    if !text.contains(wide) {
        return Cow::Borrowed(text);
    }
    let narrowed = |c: char| if wide(c) { char::from_u32(c as u32 - 0xfee0).unwrap_or(c) } else { c };
    Cow::Owned(text.chars().map(narrowed).collect())
}

/// The sign, whichever of its characters is printed, and the rest.
fn sign(text: &str) -> (bool, &str) {
    const MINUS: [char; 5] = ['-', '\u{2212}', '\u{2013}', '\u{2011}', '\u{2010}'];
    let text = text.trim();
    match text.strip_prefix(MINUS) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Whether publishers part thousands by this character.
fn is_separator(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2007}' | '\u{2008}' | ',' | '\'' | '\u{2019}')
}

/// A whole number, whose separators are of one kind and stand before each group of three digits.
fn ungrouped(text: &str) -> Result<i64, Fault> {
    let (mut value, mut separator, mut group) = (0, None, 0);
    for c in text.chars() {
        if is_separator(c) {
            let first = separator.is_none() && (1..=3).contains(&group);
            if !first && (separator != Some(c) || group != 3) {
                return Err(Fault::Grouping);
            }
            (separator, group) = (Some(c), 0);
        } else {
            value = appended(value, c)?;
            group += 1;
        }
    }
    match (separator, group) {
        (None, 0) => Err(Fault::Empty),
        (None, _) | (Some(_), 3) => Ok(value),
        _ => Err(Fault::Grouping),
    }
}

/// The number with a further digit.
fn appended(value: i64, digit: char) -> Result<i64, Fault> {
    let digit = digit.to_digit(10).ok_or(Fault::Character(digit))?;
    value.checked_mul(10).and_then(|value| value.checked_add(i64::from(digit))).ok_or(Fault::TooLarge)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_way_to_print_a_figure_gives_its_value() {
        let cases = [
            ("0", 0),
            ("9708", 9708),
            ("8 490", 8490),
            ("8\u{a0}490", 8490),
            ("8\u{2009}490", 8490),
            ("8\u{202f}490", 8490),
            ("8\u{2007}490", 8490),
            ("1,331", 1331),
            ("1'331", 1331),
            ("1’331’000", 1_331_000),
            ("８４９０", 8490),
            ("８，４９０", 8490),
            ("-5", -5),
            ("−5", -5),
            ("–5", -5),
            ("‑5", -5),
            ("- 5", -5),
            ("+1 605", 1605),
            ("9 223 372 036 854 775 807", i64::MAX),
        ];
        for (text, value) in cases {
            assert_eq!(parse(text, 0), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_figure_is_refused_with_the_reason() {
        let cases = [
            ("12a4", Fault::Character('a')),
            ("12²", Fault::Character('²')),
            ("1.5", Fault::Character('.')),
            ("(5)", Fault::Character('(')),
            ("12,34", Fault::Grouping),
            ("1234 567", Fault::Grouping),
            ("1,234 567", Fault::Grouping),
            ("1  234", Fault::Grouping),
            (",234", Fault::Grouping),
            ("", Fault::Empty),
            ("-", Fault::Empty),
            ("9 223 372 036 854 775 808", Fault::TooLarge),
        ];
        for (text, fault) in cases {
            assert_eq!(parse(text, 0), Err(fault), "{text}");
        }
    }

    #[test]
    fn decimals_are_kept_exactly() {
        assert_eq!(parse("1 234.5", 1), Ok(12345));
        assert_eq!(parse("-0.25", 2), Ok(-25));
        assert_eq!(parse("7", 2), Ok(700));
        assert_eq!(parse("1.25", 1), Err(Fault::Decimals));
    }

    proptest! {
        #[test]
        fn a_figure_printed_with_any_separator_reads_back(value in -(10i64.pow(17))..10i64.pow(17), at in 0usize..8) {
            let separator = ["", " ", "\u{a0}", "\u{2009}", "\u{202f}", ",", "'", "’"][at];
            let digits = value.unsigned_abs().to_string();
            let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().map(|g| std::str::from_utf8(g).unwrap()).collect();
            let printed = format!("{}{}", if value < 0 { "−" } else { "" }, groups.join(separator));
            prop_assert_eq!(parse(&printed, 0), Ok(value));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC*", decimals in 0u32..9) {
            let _ = parse(&text, decimals);
        }
    }
}
