//! The grammar of a figure: a sign, digits, marks between the thousands, and as many decimals as the measure has.
//!
//! Publishers differ in which marks they use, which a [`Convention`] says. The marks between thousands may differ from
//! cell to cell (`8 490` beside `9708`), never inside one. A reading that the marks do not settle is refused: `12,34` is
//! neither 12.34 nor 1234 where the point parts decimals, and a table that two conventions read differently is
//! [`Ambiguous`].

use std::borrow::Cow;

/// Which characters a publisher prints in its figures.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Convention {
    /// What parts the decimals.
    pub decimal: char,
    /// What may part the thousands.
    pub thousands: Separators,
    /// How a figure below zero is printed, beside a minus in front of it.
    pub negative: Negative,
}

/// How a figure below zero is printed, beside a minus in front of it, which always is one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Negative {
    /// In no other way.
    #[default]
    Minus,
    /// In brackets: `(5)`.
    Brackets,
    /// With the minus behind it: `5-`.
    TrailingMinus,
}

/// A set of marks between thousands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Separators(u8);

/// A cell that conventions read differently, where no other cell of the table tells which is right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ambiguous<'t> {
    /// What is printed.
    pub text: &'t str,
    /// What it says where the point parts decimals, and where the comma does.
    pub readings: [i64; 2],
}

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

/// Reads a figure that a point parts into its decimals, in units of the measure's last decimal: with two decimals `1.5`
/// is 150.
///
/// # Errors
/// Where the text is no figure, or more than one.
pub fn parse(text: &str, decimals: u32) -> Result<i64, Fault> {
    Convention::POINT.parse(text, decimals)
}

impl Convention {
    /// `1,234.5`, `1 234.5`, `1'234.5`.
    pub const POINT: Convention = Convention {
        decimal: '.',
        thousands: Separators(BLANK | COMMA | APOSTROPHE),
        negative: Negative::Minus,
    };
    /// `1.234,5`, `1 234,5`, `1'234,5`.
    pub const COMMA: Convention = Convention {
        decimal: ',',
        thousands: Separators(BLANK | POINT | APOSTROPHE),
        negative: Negative::Minus,
    };

    /// Reads a figure, in units of the measure's last decimal.
    ///
    /// # Errors
    /// Where the text is no figure of this convention.
    pub fn parse(self, text: &str, decimals: u32) -> Result<i64, Fault> {
        if let Some(figure) = plain(text).filter(|_| decimals == 0) {
            return Ok(figure);
        }
        let text = narrow(text);
        let (negative, digits) = self.sign(&text);
        let parted = if decimals > 0 { digits.split_once(self.decimal) } else { None };
        let (whole, fraction) = parted.unwrap_or((digits, ""));
        let whole = self.ungrouped(whole)?;
        let missing = decimals.checked_sub(fraction.len() as u32).ok_or(Fault::Decimals)?;
        let magnitude = fraction.chars().try_fold(whole, appended)?;
        let magnitude = (0..missing).try_fold(magnitude, |value, _| appended(value, '0'))?;
        Ok(if negative { -magnitude } else { magnitude })
    }

    /// Reads a figure that may have more decimals than the measure, rounded to these, to the farther side half-way.
    ///
    /// # Errors
    /// Where the text is no figure of this convention.
    pub fn rounded(self, text: &str, decimals: u32) -> Result<i64, Fault> {
        let (whole, fraction) = text.split_once(self.decimal).unwrap_or((text, ""));
        if let Some(other) = fraction.chars().find(|c| !c.is_ascii_digit()) {
            return Err(Fault::Character(other));
        }
        // The first digit that is left out decides.
        let kept = fraction.get(..decimals as usize + 1).unwrap_or(fraction);
        let finer = self.parse(&format!("{whole}{}{kept}", self.decimal), decimals + 1)?;
        Ok((finer + 5 * finer.signum()) / 10)
    }

    /// Reads what is printed beside figures, with the decimals that are printed, and tells how many these are. A percent sign is
    /// no part of it, and brackets are a sign.
    ///
    /// # Errors
    /// Where the text is no figure of this convention, or has more decimals than any office prints.
    pub fn printed(self, text: &str) -> Result<(i64, u32), Fault> {
        let text = narrow(text);
        let bracketed = text.trim().strip_suffix("%)").map(|rest| format!("{rest})"));
        let bare = bracketed.as_deref().unwrap_or_else(|| text.trim().trim_end_matches('%')).trim_end();
        let negative = if self.negative == Negative::Minus { Negative::Brackets } else { self.negative };
        let fraction = bare.rsplit_once(self.decimal).map_or("", |(_, fraction)| fraction);
        let decimals = fraction.chars().filter(char::is_ascii_digit).count() as u32;
        if decimals > MOST_DECIMALS {
            return Err(Fault::Decimals);
        }
        Ok((Convention { negative, ..self }.parse(bare, decimals)?, decimals))
    }

    /// A figure as the convention prints it, with a mark between its thousands where there is one.
    #[must_use]
    pub fn print(self, figure: i64, decimals: u32, thousands: Option<char>) -> String {
        let mark = |c: char| match c {
            ' ' => thousands,
            '.' => Some(self.decimal),
            digit => Some(digit),
        };
        let text: String = shown(figure, decimals).chars().filter_map(mark).collect();
        match (self.negative, text.strip_prefix('-')) {
            (Negative::Brackets, Some(digits)) => format!("({digits})"),
            (Negative::TrailingMinus, Some(digits)) => format!("{digits}-"),
            _ => text,
        }
    }

    /// What parts the thousands of a figure.
    #[must_use]
    pub fn separator(self, text: &str) -> Option<char> {
        let between = |(before, c, after): &(char, char, char)| {
            before.is_ascii_digit() && self.thousands.has(*c) && after.is_ascii_digit()
        };
        let mut triples = text.chars().zip(text.chars().skip(1)).zip(text.chars().skip(2));
        triples.find_map(|((a, b), c)| between(&(a, b, c)).then_some(b))
    }

    /// The convention of the two with this sign that reads all figures of a table, as far as they can be read. Where
    /// both do, and nowhere differ, it is that of the point.
    ///
    /// # Errors
    /// Where both read all figures, and not as the same.
    pub fn of_table<'t>(
        cells: impl Iterator<Item = &'t str>,
        decimals: u32,
        negative: Negative,
    ) -> Result<Convention, Ambiguous<'t>> {
        let both = [Convention::POINT, Convention::COMMA].map(|of| Convention { negative, ..of });
        let (mut fits, mut differing) = ([0, 0], None);
        for text in cells.filter(|text| may_differ(text)) {
            match both.map(|convention| convention.parse(text, decimals)) {
                [Ok(point), Ok(comma)] if point != comma => {
                    differing.get_or_insert(Ambiguous { text, readings: [point, comma] });
                }
                [Ok(_), Err(_)] => fits[0] += 1,
                [Err(_), Ok(_)] => fits[1] += 1,
                _ => {}
            }
        }
        match (fits, differing) {
            ([0, 0], Some(ambiguous)) => Err(ambiguous),
            ([point, comma], _) => Ok(both[usize::from(comma > point)]),
        }
    }

    /// The sign, whichever of its characters is printed, and the rest.
    fn sign(self, text: &str) -> (bool, &str) {
        let text = text.trim();
        let inside = match self.negative {
            Negative::Minus => None,
            Negative::Brackets => text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')),
            Negative::TrailingMinus => text.strip_suffix(MINUS),
        };
        match (inside, text.strip_prefix(MINUS)) {
            (Some(inside), _) => (true, inside.trim()),
            (None, Some(rest)) => (true, rest.trim_start()),
            (None, None) => (false, text.strip_prefix('+').map_or(text, str::trim_start)),
        }
    }

    /// A whole number, whose separators are of one kind and stand before each group of three digits.
    fn ungrouped(self, text: &str) -> Result<i64, Fault> {
        let (mut value, mut separator, mut group) = (0, None, 0);
        for c in text.chars() {
            if c.is_ascii_digit() || !self.thousands.has(c) {
                value = appended(value, c)?;
                group += 1;
                continue;
            }
            // No thousand begins with a zero: `0,125` has decimals.
            let first = separator.is_none() && (1..=3).contains(&group) && value > 0;
            if !first && (separator != Some(c) || group != 3) {
                return Err(Fault::Grouping);
            }
            (separator, group) = (Some(c), 0);
        }
        match (separator, group) {
            (None, 0) => Err(Fault::Empty),
            (None, _) | (Some(_), 3) => Ok(value),
            _ => Err(Fault::Grouping),
        }
    }
}

/// More decimals than any office prints.
pub const MOST_DECIMALS: u32 = 9;

const MINUS: [char; 5] = ['-', '\u{2212}', '\u{2013}', '\u{2011}', '\u{2010}'];

const BLANK: u8 = 1;
const COMMA: u8 = 2;
const POINT: u8 = 4;
const APOSTROPHE: u8 = 8;

impl Separators {
    /// The characters that a definition names; one of a kind stands for all of it: a blank for a thin one, too.
    #[must_use]
    pub fn of(characters: &[char]) -> Separators {
        Separators(characters.iter().fold(0, |set, c| set | kind(*c)))
    }

    /// Whether a character is one of them.
    #[must_use]
    pub fn has(self, c: char) -> bool {
        self.0 & kind(c) != 0
    }
}

/// The kind of mark that a character is, by which publishers part thousands.
fn kind(c: char) -> u8 {
    match c {
        ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | '\u{2007}' | '\u{2008}' => BLANK,
        ',' => COMMA,
        '.' => POINT,
        '\'' | '\u{2019}' => APOSTROPHE,
        _ => 0,
    }
}

/// Whether conventions can differ on a text: most cells have no mark that one of them takes for its decimals'.
fn may_differ(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'.' | b',') || byte >= 0x80)
}

/// `49 736`, `1 214.5`: a figure as a person reads it.
#[must_use]
pub fn shown(figure: i64, decimals: u32) -> String {
    let scale = 10u64.pow(decimals);
    let (whole, fraction) = (figure.unsigned_abs() / scale, figure.unsigned_abs() % scale);
    let digits = whole.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    let sign = if figure < 0 { "-" } else { "" };
    let fraction =
        if decimals > 0 { format!(".{fraction:0width$}", width = decimals as usize) } else { String::new() };
    format!("{sign}{}{fraction}", groups.join(" "))
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

/// A figure of a few digits and nothing else, as most are.
fn plain(text: &str) -> Option<i64> {
    const FEW: usize = 9;
    let few = !text.is_empty() && text.len() <= FEW && text.bytes().all(|byte| byte.is_ascii_digit());
    few.then(|| text.bytes().fold(0, |figure, digit| figure * 10 + i64::from(digit - b'0')))
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
    fn what_stands_beside_figures_is_read_with_its_own_decimals() {
        let cases = [
            ("+27.9", Ok((279, 1))),
            ("-5", Ok((-5, 0))),
            ("−0.50", Ok((-50, 2))),
            ("+78%", Ok((78, 0))),
            ("+ 78 %", Ok((78, 0))),
            ("７８．１％", Ok((781, 1))),
            ("(5)", Ok((-5, 0))),
            ("(5.1%)", Ok((-51, 1))),
            ("(5.1)%", Ok((-51, 1))),
            ("+93,371", Ok((93371, 0))),
            ("%", Err(Fault::Empty)),
            ("5%%p", Err(Fault::Character('%'))),
            ("1.0000000000", Err(Fault::Decimals)),
            ("**", Err(Fault::Character('*'))),
        ];
        for (text, expected) in cases {
            assert_eq!(Convention::POINT.printed(text), expected, "{text}");
        }
        assert_eq!(Convention::COMMA.printed("-2,5 %"), Ok((-25, 1)));
    }

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
            ("0 125", Fault::Grouping),
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

    #[test]
    fn figures_are_grouped_as_a_person_reads_them() {
        let cases = [
            (49_736, 0, "49 736"),
            (-1_000, 0, "-1 000"),
            (12_145, 1, "1 214.5"),
            (-5, 2, "-0.05"),
            (7, 0, "7"),
        ];
        for (figure, decimals, expected) in cases {
            assert_eq!(shown(figure, decimals), expected);
        }
    }

    #[test]
    fn a_convention_reads_what_it_names_and_nothing_else() {
        let brackets = Convention { negative: Negative::Brackets, ..Convention::POINT };
        let trailing = Convention { negative: Negative::TrailingMinus, ..Convention::COMMA };
        let narrow = Convention { thousands: Separators::of(&[' ']), ..Convention::COMMA };
        let cases = [
            (Convention::COMMA, "1.234.567", 0, Ok(1_234_567)),
            (Convention::COMMA, "1 234,5", 1, Ok(12345)),
            (Convention::COMMA, "１．２３４", 0, Ok(1234)),
            (Convention::COMMA, "1,234", 0, Err(Fault::Character(','))),
            (Convention::POINT, "1.234", 0, Err(Fault::Character('.'))),
            (Convention::POINT, "(5)", 0, Err(Fault::Character('('))),
            (brackets, "(1,234)", 0, Ok(-1234)),
            (brackets, "（5）", 0, Ok(-5)),
            (brackets, "(-5)", 0, Err(Fault::Character('-'))),
            (brackets, "()", 0, Err(Fault::Empty)),
            (brackets, "-5", 0, Ok(-5)),
            (trailing, "1.234,5-", 1, Ok(-12345)),
            (trailing, "-5-", 1, Err(Fault::Character('-'))),
            (narrow, "1 234,5", 1, Ok(12345)),
            (narrow, "1\u{202f}234,5", 1, Ok(12345)),
            (narrow, "1.234,5", 1, Err(Fault::Character('.'))),
        ];
        for (convention, text, decimals, expected) in cases {
            assert_eq!(convention.parse(text, decimals), expected, "{text} by {convention:?}");
        }
    }

    #[test]
    fn a_table_is_read_by_the_one_convention_that_fits_it() {
        let decimal = |cells: &[&'static str], decimals| {
            Convention::of_table(cells.iter().copied(), decimals, Negative::Minus)
                .map(|convention| convention.decimal)
        };
        let ambiguous = |text, readings| Err(Ambiguous { text, readings });
        assert_eq!(decimal(&["1", "8 490", "-"], 0), Ok('.'));
        assert_eq!(decimal(&["1,331", "8 490", "9708"], 0), Ok('.'));
        assert_eq!(decimal(&["1.331", "8 490"], 0), Ok(','));
        assert_eq!(decimal(&["1.5", "3"], 0), Ok('.'), "no convention reads it; the point's says why");
        assert_eq!(decimal(&["1.234", "7"], 3), ambiguous("1.234", [1234, 1_234_000]));
        assert_eq!(decimal(&["1,234", "7"], 3), ambiguous("1,234", [1_234_000, 1234]));
        assert_eq!(decimal(&["1.234", "1.5"], 3), Ok('.'));
        assert_eq!(decimal(&["1.234", "0,125"], 3), Ok(','), "no thousand begins with a zero");
        assert_eq!(decimal(&["1.234", "0,12"], 3), Ok(','));
        assert_eq!(decimal(&["1.234", "1.234.567,5"], 3), Ok(','));
        assert_eq!(decimal(&["1,234", "7"], 1), Ok('.'));
        assert_eq!(decimal(&["12,5", "x"], 1), Ok(','));
        assert_eq!(
            decimal(&["1.5", "2,5", "3.5"], 1),
            Ok('.'),
            "the one that fits most; the others are reported"
        );
    }

    /// A figure as a convention prints it.
    fn printed(value: i64, decimals: u32, decimal: char, thousands: &str) -> String {
        let scale = 10u64.pow(decimals);
        let (whole, fraction) = (value.unsigned_abs() / scale, value.unsigned_abs() % scale);
        let digits = whole.to_string();
        let groups: Vec<&str> =
            digits.as_bytes().rchunks(3).rev().map(|g| std::str::from_utf8(g).unwrap()).collect();
        let whole = groups.join(thousands);
        if decimals == 0 {
            whole
        } else {
            format!("{whole}{decimal}{fraction:0width$}", width = decimals as usize)
        }
    }

    proptest! {
        #[test]
        fn a_figure_printed_in_any_convention_reads_back(
            value in -(10i64.pow(17))..10i64.pow(17), decimals in 0u32..6, comma: bool, at in 0usize..9, sign in 0usize..7,
        ) {
            let convention = if comma { Convention::COMMA } else { Convention::POINT };
            let grouping = if comma { "." } else { "," };
            let thousands = ["", " ", "\u{a0}", "\u{2009}", "\u{202f}", "\u{2007}", "'", "’", grouping][at];
            let digits = printed(value, decimals, convention.decimal, thousands);
            let (negative, before, after) = [
                (Negative::Minus, "-", ""), (Negative::Minus, "−", ""), (Negative::Minus, "– ", ""), (Negative::Brackets, "(", ")"),
                (Negative::Brackets, "-", ""), (Negative::TrailingMinus, "", "-"), (Negative::TrailingMinus, "", " −"),
            ][sign];
            let text = if value < 0 { format!("{before}{digits}{after}") } else { digits };
            prop_assert_eq!(Convention { negative, ..convention }.parse(&text, decimals), Ok(value), "{}", text);
        }

        #[test]
        fn what_a_convention_prints_it_reads(value: i32, decimals in 0u32..6, comma: bool, parted: bool, sign in 0usize..3) {
            let negative = [Negative::Minus, Negative::Brackets, Negative::TrailingMinus][sign];
            let convention = Convention { negative, ..if comma { Convention::COMMA } else { Convention::POINT } };
            let mark = parted.then_some(if comma { '.' } else { '\u{a0}' });
            let text = convention.print(i64::from(value), decimals, mark);
            prop_assert_eq!(convention.parse(&text, decimals), Ok(i64::from(value)), "{}", text);
            let has_thousands = u64::from(value.unsigned_abs()) / 10u64.pow(decimals) >= 1000;
            prop_assert_eq!(convention.separator(&text), mark.filter(|_| has_thousands), "{}", text);
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC*", decimals in 0u32..9, brackets: bool) {
            let negative = if brackets { Negative::Brackets } else { Negative::TrailingMinus };
            for convention in [Convention::POINT, Convention::COMMA] {
                let _ = Convention { negative, ..convention }.parse(&text, decimals);
            }
            let _ = Convention::of_table([text.as_str()].into_iter(), decimals, negative);
        }
    }
}
