//! Which single misprint turns one figure into another. Figures are compared digit by digit, with the zeros that are
//! printed in front.

/// What went wrong in the printing of one figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misprint {
    /// One digit stands for another; its place, from the right and from 0.
    Digit(usize),
    /// Two neighbouring digits are swapped.
    Swapped,
    /// Two digits that are no neighbours are swapped.
    SwappedApart,
    /// A digit is lost.
    Lost,
    /// A digit is printed twice.
    Doubled,
    /// A digit too many.
    Extra,
    /// The sign.
    Sign,
    /// The digits between two marks of thousands are lost.
    GroupLost,
    /// The digits between two marks of thousands are printed twice.
    GroupDoubled,
    /// A nil mark stands for a figure.
    NotNil,
    /// A figure stands for nil.
    Nil,
}

use Misprint::{
    Digit, Doubled, Extra, GroupDoubled, GroupLost, Lost, Nil, NotNil, Sign, Swapped, SwappedApart,
};

/// A figure as it is printed.
#[derive(Clone, Debug)]
pub struct Printed {
    digits: Vec<u8>,
    value: i64,
    is_nil: bool,
}

impl Printed {
    /// A figure, or a nil mark, whose value is 0.
    pub fn new(text: &str, value: i64, is_nil: bool) -> Printed {
        let printed: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).collect();
        let plain = plain(value);
        let zeros = printed.len().saturating_sub(plain.len());
        let agrees = printed.ends_with(&plain) && printed.iter().take(zeros).all(|digit| *digit == b'0');
        Printed { digits: if agrees { printed } else { plain }, value, is_nil }
    }

    /// The misprint by which `meant` came to be printed like this; none where it takes more than one.
    /// Marks of thousands stand in front of the last `decimals` digits.
    pub fn misprint_of(&self, meant: i64, decimals: u32) -> Option<Misprint> {
        let printed = self.value;
        match () {
            () if meant == printed => None,
            () if self.is_nil => Some(NotNil),
            () if meant == 0 => Some(Nil),
            () if Some(meant) == printed.checked_neg() => Some(Sign),
            () if meant.signum() * printed.signum() < 0 => None,
            () => of_digits(&self.digits, &plain(meant), decimals as usize),
        }
    }
}

impl Misprint {
    /// How unlikely it is beside others: the logarithm of how many ways it could have taken, digit by digit.
    pub fn surprise(self, printed: i64) -> f64 {
        let ways: f64 = match self {
            Swapped | Lost | Doubled | GroupLost | GroupDoubled | Sign | NotNil => 1.0,
            Digit(_) | SwappedApart => 9.0,
            Extra => 10.0,
            // Any figure of as many digits could stand there.
            Nil => 10f64.powf(plain(printed).len() as f64),
        };
        ways.ln()
    }

    /// In a few words.
    pub fn words(self, decimals: u32) -> String {
        let words = match self {
            Digit(at) => return format!("one digit{}", place(at, decimals as usize)),
            Swapped => "two digits swapped",
            SwappedApart => "two digits swapped that are no neighbours",
            Lost => "a digit lost",
            Doubled => "a digit doubled",
            Extra => "a digit too many",
            Sign => "the sign",
            GroupLost => "the digits of a thousand lost",
            GroupDoubled => "the digits of a thousand doubled",
            NotNil => "a nil mark that is not nil",
            Nil => "a figure where nil is meant",
        };
        words.into()
    }
}

/// ` (the hundreds)`: which digit of a figure, counted from the right.
fn place(at: usize, decimals: usize) -> String {
    const PLACES: [&str; 7] =
        ["ones", "tens", "hundreds", "thousands", "ten thousands", "hundred thousands", "millions"];
    let name = at.checked_sub(decimals).map_or(Some("decimals"), |at| PLACES.get(at).copied());
    name.map(|name| format!(" (the {name})")).unwrap_or_default()
}

fn plain(value: i64) -> Vec<u8> {
    value.unsigned_abs().to_string().into_bytes()
}

fn of_digits(printed: &[u8], meant: &[u8], decimals: usize) -> Option<Misprint> {
    let one_too_many = || (0..printed.len()).find(|at| lacks(printed, meant, *at, 1));
    let one_too_few = || (0..meant.len()).any(|at| lacks(meant, printed, at, 1));
    if printed.len() == meant.len() {
        return of_places(printed, meant);
    }
    if one_too_few() {
        return Some(Lost);
    }
    if let Some(at) = one_too_many() {
        return Some(if printed.get(at) == printed.get(at + 1) { Doubled } else { Extra });
    }
    let twice = |at: usize, size: usize| printed.get(at..at + size) == printed.get(at + size..at + 2 * size);
    groups(meant.len(), decimals).find_map(|(at, size)| match () {
        () if lacks(meant, printed, at, size) => Some(GroupLost),
        () if lacks(printed, meant, at, size) && twice(at, size) => Some(GroupDoubled),
        () => None,
    })
}

/// Figures of as many digits: which of these differ.
fn of_places(printed: &[u8], meant: &[u8]) -> Option<Misprint> {
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

/// Whether `short` is `long` without the `size` digits at a place.
fn lacks(long: &[u8], short: &[u8], at: usize, size: usize) -> bool {
    long.len() == short.len() + size
        && long.get(..at) == short.get(..at)
        && long.get(at + size..) == short.get(at..)
}

/// Where the groups of thousands begin, and how many digits each has.
fn groups(digits: usize, decimals: usize) -> impl Iterator<Item = (usize, usize)> {
    let whole = digits.saturating_sub(decimals);
    let first = if whole.is_multiple_of(3) { 3 } else { whole % 3 };
    let starts = std::iter::once(0).chain((first..whole).step_by(3));
    starts.map(move |at| if at == 0 { (0, first.min(whole)) } else { (at, 3) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str, meant: i64) -> Option<Misprint> {
        let value = text.replace([' ', ','], "").parse().unwrap_or(0);
        Printed::new(text, value, text == "-").misprint_of(meant, 0)
    }

    #[test]
    fn each_misprint_is_known_by_its_name() {
        let cases = [
            ("393", 693, Some(Digit(2))),
            ("549", 594, Some(Swapped)),
            ("549", 945, Some(SwappedApart)),
            ("9 737", 49_737, Some(Lost)),
            ("49", 549, Some(Lost)),
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
            assert_eq!(of(text, meant), expected, "{text} for {meant}");
        }
    }

    #[test]
    fn what_a_mark_adds_to_a_figure_is_none_of_its_digits() {
        assert_eq!(Printed::new("393 (1)", 393, false).misprint_of(693, 0), Some(Digit(2)));
        assert_eq!(Printed::new("1.5", 150, false).misprint_of(250, 2), Some(Digit(2)));
    }

    #[test]
    fn thousands_end_where_decimals_begin() {
        assert_eq!(groups(7, 0).collect::<Vec<_>>(), [(0, 1), (1, 3), (4, 3)]);
        assert_eq!(groups(7, 1).collect::<Vec<_>>(), [(0, 3), (3, 3)]);
        assert_eq!(groups(2, 2).collect::<Vec<_>>(), [(0, 0)]);
        assert_eq!(Digit(0).words(1), "one digit (the decimals)");
        assert_eq!(Digit(1).words(1), "one digit (the ones)");
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
            prop_assert!(Printed::new(&text, value, false).misprint_of(meant, 0).is_some(), "{} for {}", text, meant);
        }

        #[test]
        fn no_pair_of_figures_makes_it_panic(text in "\\PC{0,30}", value: i64, meant: i64, decimals in 0u32..10) {
            let _ = Printed::new(&text, value, false).misprint_of(meant, decimals);
        }
    }
}
