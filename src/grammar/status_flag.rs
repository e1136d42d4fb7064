//! Status flags and nil symbols: what publishers print in place of a number or behind it (`-`, `..`, `n.a.`, `p`), and
//! what these mean.
//!
//! Only symbols with one meaning everywhere are built in: a dash for nil, and phrases such as `Not applicable`. Other
//! symbols get their meaning from a definition, which may name a publisher's list (`status_flags.tsv`), or from a legend
//! in the document (`layout::legend`).

mod phrase;

use std::sync::LazyLock;

pub use phrase::{parse_legend, parse_phrase};

/// Nil symbols unless a definition says otherwise. Whether nil means zero is for the table's total to prove.
pub const NIL_SYMBOLS: [&str; 5] = ["-", "–", "—", "−", "‑"];

/// The meaning of a symbol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FlagMeaning {
    /// Nil.
    Nil,
    /// An observation status, as an index into [`STATUSES`].
    Status(u32),
}

/// SDMX observation statuses (code list `CL_OBS_STATUS`).
pub const STATUSES: [&str; 17] =
    ["A", "W", "M", "O", "L", "Q", "N", "H", "K", "E", "P", "B", "D", "F", "I", "U", "V"];

/// The names of [`STATUSES`].
const STATUS_NAMES: [&str; 17] = [
    "normal",
    "includes data of another category",
    "cannot exist",
    "missing",
    "not collected",
    "suppressed",
    "not significant",
    "holiday or weekend",
    "included in another category",
    "estimated",
    "provisional",
    "break in time series",
    "definition differs",
    "forecast",
    "imputed",
    "low reliability",
    "unvalidated",
];

/// The statuses that replace a number, `M` to `K`. All others follow one.
const STATUSES_WITHOUT_NUMBER: std::ops::Range<u32> = 2..9;

impl FlagMeaning {
    /// The meaning with a code: `nil`, or an SDMX status.
    #[must_use]
    pub fn from_code(code: &str) -> Option<FlagMeaning> {
        if code == "nil" {
            return Some(FlagMeaning::Nil);
        }
        STATUSES.iter().position(|status| *status == code).map(|at| FlagMeaning::Status(at as u32))
    }

    /// The code: `nil`, or an SDMX status.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            FlagMeaning::Nil => "nil",
            FlagMeaning::Status(at) => STATUSES[at as usize],
        }
    }

    /// The name in words, as `estimated`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            FlagMeaning::Nil => "nil",
            FlagMeaning::Status(at) => STATUS_NAMES[at as usize],
        }
    }

    /// Whether the symbol replaces a number. Otherwise it follows one.
    #[must_use]
    pub fn is_standalone(self) -> bool {
        match self {
            FlagMeaning::Nil => true,
            FlagMeaning::Status(at) => STATUSES_WITHOUT_NUMBER.contains(&at),
        }
    }
}

/// The codes that a definition may use: all statuses, and `nil`.
pub fn all_codes() -> impl Iterator<Item = &'static str> {
    STATUSES.into_iter().chain(["nil"])
}

/// A symbol in a publisher's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PublisherFlag {
    /// The name of the list, which a definition gives as its style.
    pub style: &'static str,
    /// The symbol as printed.
    pub symbol: &'static str,
    /// Its meaning.
    pub meaning: FlagMeaning,
    /// The publisher's own words for it.
    pub words: &'static str,
}

/// The symbols of all publishers' lists.
#[must_use]
pub fn publisher_flags() -> &'static [PublisherFlag] {
    static FLAGS: LazyLock<Vec<PublisherFlag>> = LazyLock::new(|| {
        include_str!("status_flags.tsv")
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(parse_line)
            .collect()
    });
    &FLAGS
}

fn parse_line(line: &'static str) -> Option<PublisherFlag> {
    let mut fields = line.split('\t');
    let (style, symbol, code) = (fields.next()?, fields.next()?, fields.next()?);
    Some(PublisherFlag { style, symbol, meaning: FlagMeaning::from_code(code)?, words: fields.next()? })
}

/// Whether some publisher uses a text as a symbol: enough to tell rows of figures from prose.
#[must_use]
pub fn is_symbol(text: &str) -> bool {
    const SYMBOLS: &str = "*†‡§#¶~.…:/";
    const COMMON: [&str; 7] = ["n.a.", "N.A.", "n/a", "N/A", "na", "c", "z"];
    let is_nil = |c: char| NIL_SYMBOLS.iter().any(|nil| nil.starts_with(c));
    let is_upper_bound = || {
        let bound = text.strip_prefix(['<', '≤']);
        bound.is_some_and(|bound| crate::grammar::number::parse(bound, 9).is_ok())
    };
    let is_short = text.len() <= 32 && !text.is_empty();
    is_short
        && (text.chars().all(|c| SYMBOLS.contains(c) || is_nil(c))
            || is_upper_bound()
            || publisher_flags().iter().any(|flag| flag.symbol == text)
            || COMMON.contains(&text)
            || parse_phrase(text).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_publisher_flag_is_complete_and_unique() {
        let lines = include_str!("status_flags.tsv").lines().filter(|line| !line.starts_with('#')).count();
        let known = publisher_flags();
        assert_eq!(known.len(), lines);
        let distinct: std::collections::BTreeSet<_> =
            known.iter().map(|flag| (flag.style, flag.symbol)).collect();
        assert_eq!(distinct.len(), lines);
        assert!(
            known
                .iter()
                .all(|flag| is_symbol(flag.symbol) && crate::grammar::number::parse(flag.symbol, 9).is_err())
        );
    }

    #[test]
    fn a_legend_gives_one_meaning_or_none() {
        let cases = [
            ("Less than 0.1 percent", Some("N")),
            ("less than half the unit shown", Some("N")),
            ("not available", Some("O")),
            ("Data not available.", Some("O")),
            ("confidential", Some("Q")),
            ("suppressed: fewer than 5", Some("Q")),
            ("represents zero", Some("nil")),
            ("Nil", Some("nil")),
            ("denotes not applicable", Some("M")),
            ("figures are provisional", Some("P")),
            ("revised figures", Some("A")),
            ("使用", None),
            ("不適用", Some("M")),
            ("not available or not applicable", None),
            ("nil or rounded to zero", None),
            ("too unreliable to be published", Some("Q")),
            ("Includes Alaska, for which data are not available", None),
            ("unknowns", None),
            ("", None),
        ];
        for (text, code) in cases {
            assert_eq!(parse_legend(text).map(FlagMeaning::code), code, "{text}");
        }
    }

    #[test]
    fn a_cell_parse_phrase_is_its_own_legend() {
        let cases = [
            ("Not applicable", Some("M")),
            ("NIL", Some("nil")),
            ("not available.", Some("O")),
            ("Canada", None),
        ];
        for (text, code) in cases {
            assert_eq!(parse_phrase(text).map(FlagMeaning::code), code, "{text}");
        }
    }

    #[test]
    fn symbols_differ_from_words() {
        for mark in [
            "-",
            "–",
            "..",
            "…",
            "n.a.",
            "N/A",
            "*",
            "x",
            "[c]",
            "D",
            "--",
            "~",
            "<5",
            "Not applicable",
            "**",
            ":",
        ] {
            assert!(is_symbol(mark), "{mark}");
        }
        for words in ["", "Canada", "of them", "see", "a", "2023", "+78%", "(i)"] {
            assert!(!is_symbol(words), "{words}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_legend_makes_it_panic(text in "(less than|0|not available|İ|零|nil|\\PC| ){0,12}") {
            let _ = (parse_legend(&text), parse_phrase(&text), is_symbol(&text));
        }
    }
}
