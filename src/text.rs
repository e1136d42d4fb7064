//! Helpers for texts that every room may use: white space, counts, hexadecimal digits, days.

use std::borrow::Cow;

use chrono::NaiveDate;

/// White space folded to single blanks.
pub(crate) fn folded(text: &str) -> Cow<'_, str> {
    let odd = |pair: &[u8]| pair[0] == b' ' && pair[1] == b' ' || pair[0].is_ascii_control();
    if text.is_ascii() && text.trim().len() == text.len() && !text.as_bytes().windows(2).any(odd) {
        return Cow::Borrowed(text);
    }
    let mut words = text.split_whitespace();
    let mut folded = words.next().unwrap_or_default().to_owned();
    for word in words {
        folded.push(' ');
        folded.push_str(word);
    }
    Cow::Owned(folded)
}

/// `1 row`, `2 rows`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        hex.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        hex.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
        hex
    })
}

/// A day as ISO 8601 writes it: four digits, two, and two.
#[must_use]
pub fn day(text: &str) -> Option<NaiveDate> {
    let day: NaiveDate = text.parse().ok()?;
    let plain = text.len() == "2026-03-31".len() && text.starts_with(|c: char| ('1'..='9').contains(&c));
    plain.then_some(day)
}
