//! Formats numbers for messages, and as a publisher would print them.

use super::{NegativeStyle, NumberConvention};

/// Formats a number, given in units of its last decimal, with spaces between thousands: `49 736`, `1 214.5`.
#[must_use]
pub fn format_number(number: i64, decimals: u32) -> String {
    let scale = 10u64.pow(decimals);
    let (whole, fraction) = (number.unsigned_abs() / scale, number.unsigned_abs() % scale);
    let digits = whole.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    let sign = if number < 0 { "-" } else { "" };
    let fraction =
        if decimals > 0 { format!(".{fraction:0width$}", width = decimals as usize) } else { String::new() };
    format!("{sign}{}{fraction}", groups.join(" "))
}

impl NumberConvention {
    /// Formats a number by this convention, with a separator between thousands if one is given.
    #[must_use]
    pub fn format(self, number: i64, decimals: u32, thousands: Option<char>) -> String {
        let convert = |c: char| match c {
            ' ' => thousands,
            '.' => Some(self.decimal),
            other => Some(other),
        };
        let text: String = format_number(number, decimals).chars().filter_map(convert).collect();
        match (self.negative, text.strip_prefix('-')) {
            (NegativeStyle::Brackets, Some(digits)) => format!("({digits})"),
            (NegativeStyle::TrailingMinus, Some(digits)) => format!("{digits}-"),
            _ => text,
        }
    }
}
