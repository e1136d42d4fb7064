//! The single misprint that turns one number into another. Numbers are compared digit by digit, with leading zeros as
//! printed.

/// An error in the printing of one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misprint {
    /// One digit is wrong; its position from the right, from 0.
    Digit(usize),
    /// Two neighbouring digits are swapped.
    Swapped,
    /// Two digits that are not neighbours are swapped.
    SwappedApart,
    /// A digit is missing.
    Lost,
    /// The first digits are missing, with the zeros behind them: 7 for 107.
    LeadLost,
    /// A digit is printed twice.
    Doubled,
    /// There is an extra digit.
    Extra,
    /// The sign is wrong.
    Sign,
    /// A group of three digits is missing.
    GroupLost,
    /// A group of three digits is printed twice.
    GroupDoubled,
    /// A nil symbol is printed instead of a number.
    NotNil,
    /// A number is printed instead of nil.
    Nil,
}

use Misprint::{
    Digit, Doubled, Extra, GroupDoubled, GroupLost, LeadLost, Lost, Nil, NotNil, Sign, Swapped, SwappedApart,
};

/// A number as printed.
#[derive(Clone, Debug)]
pub struct PrintedNumber {
    digits: Vec<u8>,
    value: i64,
    is_nil: bool,
}

impl PrintedNumber {
    /// A number, or a nil symbol, whose value is 0.
    pub fn new(text: &str, value: i64, is_nil: bool) -> PrintedNumber {
        let printed: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
        let plain = digits_of(value);
        let zeros = printed.len().saturating_sub(plain.len());
        let agrees = printed.ends_with(&plain) && printed.iter().take(zeros).all(|digit| *digit == b'0');
        PrintedNumber { digits: if agrees { printed } else { plain }, value, is_nil }
    }

    /// The misprint that turned `meant` into this number. `None` if it takes more than one. Groups of three digits end before
    /// the last `decimals` digits.
    pub fn find_misprint(&self, meant: i64, decimals: u32) -> Option<Misprint> {
        let printed = self.value;
        if meant == printed {
            None
        } else if self.is_nil {
            Some(NotNil)
        } else if meant == 0 {
            Some(Nil)
        } else if Some(meant) == printed.checked_neg() {
            Some(Sign)
        } else if meant.signum() * printed.signum() < 0 {
            None
        } else {
            compare_digits(&self.digits, &digits_of(meant), decimals as usize)
        }
    }
}

impl Misprint {
    /// The logarithm of the number of misprints of this kind that were possible: the more, the less likely is each.
    pub fn log_alternatives(self, printed: i64) -> f64 {
        let ways: f64 = match self {
            Swapped | Lost | LeadLost | Doubled | GroupLost | GroupDoubled | Sign | NotNil => 1.0,
            Digit(_) | SwappedApart => 9.0,
            Extra => 10.0,
            // Any number with as many digits could have been printed.
            Nil => 10f64.powf(digits_of(printed).len() as f64),
        };
        ways.ln()
    }

    /// The misprint in a few words.
    pub fn describe(self, decimals: u32) -> String {
        let words = match self {
            Digit(at) => return format!("one digit{}", position_name(at, decimals as usize)),
            Swapped => "two digits swapped",
            SwappedApart => "two digits swapped that are not neighbours",
            Lost => "a digit lost",
            LeadLost => "its first digits lost, with the zeros behind them",
            Doubled => "a digit doubled",
            Extra => "a digit too many",
            Sign => "the sign",
            GroupLost => "a group of three digits lost",
            GroupDoubled => "a group of three digits doubled",
            NotNil => "a nil symbol that is not nil",
            Nil => "a figure instead of nil",
        };
        words.into()
    }
}

/// The name of a digit's position, counted from the right: ` (the hundreds)`.
fn position_name(at: usize, decimals: usize) -> String {
    const PLACES: [&str; 7] =
        ["ones", "tens", "hundreds", "thousands", "ten thousands", "hundred thousands", "millions"];
    let name = at.checked_sub(decimals).map_or(Some("decimals"), |at| PLACES.get(at).copied());
    name.map(|name| format!(" (the {name})")).unwrap_or_default()
}

/// The digits of a number.
fn digits_of(value: i64) -> Vec<u8> {
    value.unsigned_abs().to_string().into_bytes()
}

fn compare_digits(printed: &[u8], meant: &[u8], decimals: usize) -> Option<Misprint> {
    if printed.len() == meant.len() {
        return compare_same_length(printed, meant);
    }
    if (0..meant.len()).any(|at| is_without(meant, printed, at, 1)) {
        return Some(Lost);
    }
    if lacks_lead(printed, meant) {
        return Some(LeadLost);
    }
    if let Some(at) = (0..printed.len()).find(|at| is_without(printed, meant, *at, 1)) {
        return Some(if printed.get(at) == printed.get(at + 1) { Doubled } else { Extra });
    }
    let is_twice =
        |at: usize, size: usize| printed.get(at..at + size) == printed.get(at + size..at + 2 * size);
    let is_doubled = |at, size| is_without(printed, meant, at, size) && is_twice(at, size);
    digit_groups(meant.len(), decimals).find_map(|(at, size)| {
        let is_lost = is_without(meant, printed, at, size);
        if is_lost { Some(GroupLost) } else { is_doubled(at, size).then_some(GroupDoubled) }
    })
}

/// Whether a number lacks up to three first digits of another, with the zeros behind them.
fn lacks_lead(printed: &[u8], meant: &[u8]) -> bool {
    let Some(lead) = meant.strip_suffix(printed) else { return false };
    let digits = lead.iter().rposition(|digit| *digit != b'0').map_or(0, |last| last + 1);
    (1..=3).contains(&digits) && digits < lead.len()
}

/// Compares numbers with as many digits.
fn compare_same_length(printed: &[u8], meant: &[u8]) -> Option<Misprint> {
    let pairs = printed.iter().zip(meant).enumerate();
    let differing: Vec<(usize, (&u8, &u8))> = pairs.filter(|(_, (a, b))| a != b).collect();
    match differing[..] {
        [(at, _)] => Some(Digit(printed.len() - 1 - at)),
        [(at, one), (other, (x, y))] if one == (y, x) => {
            Some(if other == at + 1 { Swapped } else { SwappedApart })
        }
        _ => None,
    }
}

/// Whether `short` is `long` without the `size` digits at a position.
fn is_without(long: &[u8], short: &[u8], at: usize, size: usize) -> bool {
    long.len() == short.len() + size
        && long.get(..at) == short.get(..at)
        && long.get(at + size..) == short.get(at..)
}

/// The groups of three digits, as their start and length.
fn digit_groups(digits: usize, decimals: usize) -> impl Iterator<Item = (usize, usize)> {
    let whole = digits.saturating_sub(decimals);
    let first = if whole.is_multiple_of(3) { 3 } else { whole % 3 };
    let starts = std::iter::once(0).chain((first..whole).step_by(3));
    starts.map(move |at| if at == 0 { (0, first.min(whole)) } else { (at, 3) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn find(text: &str, meant: i64) -> Option<Misprint> {
        let value = text.replace([' ', ','], "").parse().unwrap_or(0);
        PrintedNumber::new(text, value, text == "-").find_misprint(meant, 0)
    }

    #[test]
    fn each_misprint_is_found() {
        let cases = [
            ("393", 693, Some(Digit(2))),
            ("549", 594, Some(Swapped)),
            ("549", 945, Some(SwappedApart)),
            ("9 737", 49_737, Some(Lost)),
            ("49", 549, Some(Lost)),
            ("7", 107, Some(LeadLost)),
            ("7", 12_007, Some(LeadLost)),
            ("7", 1007, Some(LeadLost)),
            ("7", 1_207, Some(LeadLost)),
            ("207", 1_207, Some(Lost)),
            ("7", 12_345_007, None),
            ("5499", 549, Some(Doubled)),
            ("5549", 549, Some(Doubled)),
            ("5 149", 549, Some(Extra)),
            ("-393", 393, Some(Sign)),
            ("737", 49_737, Some(GroupLost)),
            ("49", 49_737, Some(GroupLost)),
            ("1 234", 1_999_234, Some(GroupLost)),
            ("49 737 737", 49_737, Some(GroupDoubled)),
            ("4 949 737", 49_737, Some(GroupDoubled)),
            ("-", 12, Some(NotNil)),
            ("12", 0, Some(Nil)),
            ("049", 549, Some(Digit(2))),
            ("015", 105, Some(Swapped)),
            ("0", 5, Some(Digit(0))),
            ("549", 549, None),
            ("549", 458, None),
            ("549", -548, None),
            ("549", 12_345, None),
            ("1234", 1324, Some(Swapped)),
        ];
        for (text, meant, expected) in cases {
            assert_eq!(find(text, meant), expected, "{text} for {meant}");
        }
    }

    #[test]
    fn symbols_after_a_number_are_ignored() {
        assert_eq!(PrintedNumber::new("393 (1)", 393, false).find_misprint(693, 0), Some(Digit(2)));
        assert_eq!(PrintedNumber::new("1.5", 150, false).find_misprint(250, 2), Some(Digit(2)));
    }

    #[test]
    fn groups_end_before_the_decimals() {
        assert_eq!(digit_groups(7, 0).collect::<Vec<_>>(), [(0, 1), (1, 3), (4, 3)]);
        assert_eq!(digit_groups(7, 1).collect::<Vec<_>>(), [(0, 3), (3, 3)]);
        assert_eq!(digit_groups(2, 2).collect::<Vec<_>>(), [(0, 0)]);
        assert_eq!(Digit(0).describe(1), "one digit (the decimals)");
        assert_eq!(Digit(1).describe(1), "one digit (the ones)");
    }

    proptest! {
        /// Whatever single misprint befalls a figure, it is found.
        #[test]
        fn no_misprint_is_missed(meant in 1i64..1_000_000_000_000, kind in 0usize..6, i in 0usize..12, j in 0usize..12, digit in 0u8..10) {
            let right = meant.to_string().into_bytes();
            let (i, j) = (i % right.len(), j % right.len());
            let mut wrong = right.clone();
            match kind {
                0 => wrong[i] = b'0' + digit,
                1 => wrong.swap(i, j),
                2 => { wrong.remove(i); }
                3 => wrong.insert(i, right[i]),
                4 => wrong.insert(i, b'0' + digit),
                _ => { let at = right.len() % 3 + 3 * (i / 3); wrong = [&right[..at.min(right.len())], &right[(at + 3).min(right.len())..]].concat(); }
            }
            let text = String::from_utf8(wrong).unwrap();
            prop_assume!(!text.is_empty());
            let value: i64 = text.parse().unwrap();
            prop_assume!(value != meant);
            prop_assert!(PrintedNumber::new(&text, value, false).find_misprint(meant, 0).is_some(), "{} for {}", text, meant);
        }

        #[test]
        fn no_pair_of_figures_makes_it_panic(text in "\\PC{0,30}", value: i64, meant: i64, decimals in 0u32..10) {
            let _ = PrintedNumber::new(&text, value, false).find_misprint(meant, decimals);
        }
    }
}
