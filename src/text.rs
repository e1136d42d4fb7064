//! Text helpers without dependencies on other modules: white space, counts, hexadecimal digits, dates.

use std::borrow::Cow;
use std::hash::{BuildHasher, RandomState};

use chrono::NaiveDate;

/// Trims a text and replaces each run of white space by one space. Allocates only if something changes.
pub(crate) fn fold_whitespace(text: &str) -> Cow<'_, str> {
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

/// A number with its noun, in the plural unless it is 1: `1 row`, `2 rows`.
pub(crate) fn format_count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn format_hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        hex.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        hex.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
        hex
    })
}

/// A random UUID of version 4. `RandomState` is the only source of random bits in the standard library.
pub(crate) fn random_uuid() -> String {
    let half = || RandomState::new().hash_one("run");
    let (high, low) = (half() & !0xf000 | 0x4000, half() & !(3 << 62) | 2 << 62);
    let (a, b, c) = (high >> 32, high >> 16 & 0xffff, high & 0xffff);
    format!("{a:08x}-{b:04x}-{c:04x}-{:04x}-{:012x}", low >> 48, low & 0xffff_ffff_ffff)
}

/// Parses an ISO 8601 calendar date in its extended form, `2026-03-31`. Years have four digits and no leading zero.
#[must_use]
pub fn parse_date(text: &str) -> Option<NaiveDate> {
    let date: NaiveDate = text.parse().ok()?;
    let is_extended_form =
        text.len() == "2026-03-31".len() && text.starts_with(|c: char| ('1'..='9').contains(&c));
    is_extended_form.then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_random_uuid_is_one_of_version_4() {
        let uuid = random_uuid();
        let lengths: Vec<usize> = uuid.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12], "{uuid}");
        assert!(uuid.as_bytes()[14] == b'4' && b"89ab".contains(&uuid.as_bytes()[19]), "{uuid}");
        assert_ne!(uuid, random_uuid());
    }
}
