//! Numbers as printed: a sign, digits, separators between thousands, and as many decimals as the measure has.
//!
//! Publishers differ in the characters they use, which a [`NumberConvention`] states. Separators may differ from cell to
//! cell (`8 490` beside `9708`), but not inside one. A text that the separators leave ambiguous is refused: with a decimal
//! point, `12,34` is neither 12.34 nor 1234. A table that two conventions read differently is an [`AmbiguousNumber`].

mod detect;
mod format;
#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use std::borrow::Cow;

pub use detect::AmbiguousNumber;
pub use format::format_number;

/// The characters that a publisher uses in numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberConvention {
    /// The decimal mark.
    pub decimal: char,
    /// The separators allowed between thousands.
    pub thousands: ThousandsSeparators,
    /// How negative numbers are printed besides a leading minus.
    pub negative: NegativeStyle,
}

/// How negative numbers are printed besides a leading minus, which always counts as one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NegativeStyle {
    /// Only with a leading minus.
    #[default]
    Minus,
    /// In brackets: `(5)`.
    Brackets,
    /// With a trailing minus: `5-`.
    TrailingMinus,
}

/// A set of separators between thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThousandsSeparators(u8);

/// Why a text is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParseNumberError {
    /// It has a character that no number has.
    Character(char),
    /// Its separators are not between groups of three digits.
    Grouping,
    /// It has more decimals than the measure.
    Decimals,
    /// It exceeds 64 bits.
    TooLarge,
    /// It has no digits.
    Empty,
}

impl std::fmt::Display for ParseNumberError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            ParseNumberError::Character(c) => write!(f, "`{c}` is not part of a number"),
            ParseNumberError::Grouping => {
                f.write_str("its separators are not between groups of three digits")
            }
            ParseNumberError::Decimals => f.write_str("it has more decimals than the measure"),
            ParseNumberError::TooLarge => f.write_str("it is too large for 64 bits"),
            ParseNumberError::Empty => f.write_str("a number was expected, the cell is empty"),
        }
    }
}

/// The most decimals that a number may have.
pub const MAX_DECIMALS: u32 = 9;

/// Parses a number with a decimal point, in units of the measure's last decimal: with two decimals `1.5` is 150.
///
/// # Errors
/// If the text is not a number by [`NumberConvention::POINT`].
pub fn parse(text: &str, decimals: u32) -> Result<i64, ParseNumberError> {
    NumberConvention::POINT.parse(text, decimals)
}

impl NumberConvention {
    /// A decimal point: `1,234.5`, `1 234.5`, `1'234.5`.
    pub const POINT: NumberConvention = NumberConvention {
        decimal: '.',
        thousands: ThousandsSeparators(SPACE | COMMA | APOSTROPHE),
        negative: NegativeStyle::Minus,
    };
    /// A decimal comma: `1.234,5`, `1 234,5`, `1'234,5`.
    pub const COMMA: NumberConvention = NumberConvention {
        decimal: ',',
        thousands: ThousandsSeparators(SPACE | POINT | APOSTROPHE),
        negative: NegativeStyle::Minus,
    };

    /// Parses a number, in units of the measure's last decimal.
    ///
    /// # Errors
    /// If the text is not a number by this convention.
    pub fn parse(self, text: &str, decimals: u32) -> Result<i64, ParseNumberError> {
        if let Some(number) = parse_short(text).filter(|_| decimals == 0) {
            return Ok(number);
        }
        let text = to_half_width(text);
        let (is_negative, digits) = self.split_sign(&text);
        let halves = if decimals > 0 { digits.split_once(self.decimal) } else { None };
        let (whole, fraction) = halves.unwrap_or((digits, ""));
        let whole = self.parse_whole(whole)?;
        let missing = decimals.checked_sub(fraction.len() as u32).ok_or(ParseNumberError::Decimals)?;
        let magnitude = fraction.chars().try_fold(whole, push_digit)?;
        let magnitude = (0..missing).try_fold(magnitude, |value, _| push_digit(value, '0'))?;
        Ok(if is_negative { -magnitude } else { magnitude })
    }

    /// Parses a number that may have more decimals than the measure, and rounds it half away from zero.
    ///
    /// # Errors
    /// If the text is not a number by this convention.
    pub fn parse_rounded(self, text: &str, decimals: u32) -> Result<i64, ParseNumberError> {
        let (whole, fraction) = text.split_once(self.decimal).unwrap_or((text, ""));
        if let Some(other) = fraction.chars().find(|c| !c.is_ascii_digit()) {
            return Err(ParseNumberError::Character(other));
        }
        // Only the first omitted digit decides how to round.
        let kept = fraction.get(..decimals as usize + 1).unwrap_or(fraction);
        let finer = self.parse(&format!("{whole}{}{kept}", self.decimal), decimals + 1)?;
        Ok((finer + 5 * finer.signum()) / 10)
    }

    /// Parses a number with the decimals that are printed, and returns how many these are. A percent sign is ignored, and
    /// brackets mean a negative number: this is how changes and shares are printed beside figures.
    ///
    /// # Errors
    /// If the text is not a number by this convention, or has more than [`MAX_DECIMALS`].
    pub fn parse_printed(self, text: &str) -> Result<(i64, u32), ParseNumberError> {
        let text = to_half_width(text);
        let bracketed = text.trim().strip_suffix("%)").map(|rest| format!("{rest})"));
        let bare = bracketed.as_deref().unwrap_or_else(|| text.trim().trim_end_matches('%')).trim_end();
        let fraction = bare.rsplit_once(self.decimal).map_or("", |(_, fraction)| fraction);
        let decimals = fraction.chars().filter(char::is_ascii_digit).count() as u32;
        if decimals > MAX_DECIMALS {
            return Err(ParseNumberError::Decimals);
        }
        let negative = match self.negative {
            NegativeStyle::Minus => NegativeStyle::Brackets,
            other => other,
        };
        Ok((NumberConvention { negative, ..self }.parse(bare, decimals)?, decimals))
    }

    /// The first separator between thousands in a number.
    #[must_use]
    pub fn find_separator(self, text: &str) -> Option<char> {
        let mut triples = text.chars().zip(text.chars().skip(1)).zip(text.chars().skip(2));
        triples.find_map(|((before, c), after)| {
            let is_separator =
                before.is_ascii_digit() && self.thousands.contains(c) && after.is_ascii_digit();
            is_separator.then_some(c)
        })
    }

    /// Whether the number is negative, and its text without the sign.
    fn split_sign(self, text: &str) -> (bool, &str) {
        let text = text.trim();
        let inside = match self.negative {
            NegativeStyle::Minus => None,
            NegativeStyle::Brackets => text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')),
            NegativeStyle::TrailingMinus => text.strip_suffix(MINUS),
        };
        match (inside, text.strip_prefix(MINUS)) {
            (Some(inside), _) => (true, inside.trim()),
            (None, Some(rest)) => (true, rest.trim_start()),
            (None, None) => (false, text.strip_prefix('+').map_or(text, str::trim_start)),
        }
    }

    /// Parses a whole number. All its separators are the same character, each before a group of three digits.
    fn parse_whole(self, text: &str) -> Result<i64, ParseNumberError> {
        let (mut value, mut separator, mut group) = (0, None, 0);
        for c in text.chars() {
            if c.is_ascii_digit() || !self.thousands.contains(c) {
                value = push_digit(value, c)?;
                group += 1;
                continue;
            }
            // A number with thousands does not begin with a zero: the comma in `0,125` is a decimal mark.
            let is_first = separator.is_none() && (1..=3).contains(&group) && value > 0;
            if !is_first && (separator != Some(c) || group != 3) {
                return Err(ParseNumberError::Grouping);
            }
            (separator, group) = (Some(c), 0);
        }
        match (separator, group) {
            (None, 0) => Err(ParseNumberError::Empty),
            (None, _) | (Some(_), 3) => Ok(value),
            _ => Err(ParseNumberError::Grouping),
        }
    }
}

const MINUS: [char; 5] = ['-', '\u{2212}', '\u{2013}', '\u{2011}', '\u{2010}'];

const SPACE: u8 = 1;
const COMMA: u8 = 2;
const POINT: u8 = 4;
const APOSTROPHE: u8 = 8;

impl ThousandsSeparators {
    /// The separators that a definition lists. A character stands for all of its kind: a space for thin spaces, too.
    #[must_use]
    pub fn new(characters: &[char]) -> ThousandsSeparators {
        ThousandsSeparators(characters.iter().fold(0, |set, c| set | separator_kind(*c)))
    }

    /// Whether a character is one of them.
    #[must_use]
    pub fn contains(self, c: char) -> bool {
        self.0 & separator_kind(c) != 0
    }
}

/// The bit of the kind of separator that a character is; 0 for other characters.
fn separator_kind(c: char) -> u8 {
    match c {
        ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2007}' | '\u{2008}' => SPACE,
        ',' => COMMA,
        '.' => POINT,
        '\'' | '\u{2019}' => APOSTROPHE,
        _ => 0,
    }
}

/// Replaces full-width characters (U+FF01 to U+FF5E), which East Asian publishers use, by their ASCII counterparts.
fn to_half_width(text: &str) -> Cow<'_, str> {
    let is_wide = |c: char| matches!(c, '\u{ff01}'..='\u{ff5e}');
    if !text.contains(is_wide) {
        return Cow::Borrowed(text);
    }
    let convert = |c: char| if is_wide(c) { char::from_u32(c as u32 - 0xfee0).unwrap_or(c) } else { c };
    Cow::Owned(text.chars().map(convert).collect())
}

/// Parses a number of a few digits and nothing else, as most cells are.
fn parse_short(text: &str) -> Option<i64> {
    const MAX_DIGITS: usize = 9;
    let is_short =
        !text.is_empty() && text.len() <= MAX_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
    is_short.then(|| text.bytes().fold(0, |number, digit| number * 10 + i64::from(digit - b'0')))
}

/// The number with one more digit at its end.
fn push_digit(value: i64, digit: char) -> Result<i64, ParseNumberError> {
    let digit = digit.to_digit(10).ok_or(ParseNumberError::Character(digit))?;
    let value = value.checked_mul(10).and_then(|value| value.checked_add(i64::from(digit)));
    value.ok_or(ParseNumberError::TooLarge)
}
