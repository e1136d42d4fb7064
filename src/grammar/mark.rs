//! Marks that publishers print in place of a figure or behind it, and what they stand for.
//!
//! Only what has one meaning everywhere is known by itself: a dash for nil, and words that say it (`Not applicable`). What
//! differs between publishers is settled by a definition, which may name a publisher's style (`marks.tsv`), or by a
//! legend in the document (`legend.rs`).

use std::sync::LazyLock;

/// Printed for "nil" unless a definition says otherwise. Whether it stands for zero is for the table's total to prove.
pub const NIL: [&str; 5] = ["-", "–", "—", "−", "‑"];

/// What a mark stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Meaning {
    /// Nil.
    Nil,
    /// An observation status, as an index into [`STATUSES`].
    Status(u32),
}

/// SDMX observation statuses (code list `CL_OBS_STATUS`).
pub const STATUSES: [&str; 17] =
    ["A", "W", "M", "O", "L", "Q", "N", "H", "K", "E", "P", "B", "D", "F", "I", "U", "V"];

/// What each of them means.
const WORDS: [&str; 17] = [
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

/// The statuses that come with no figure, and only those: `M` to `K`.
const WITHOUT_FIGURE: std::ops::Range<u32> = 2..9;

impl Meaning {
    /// The meaning with a code: `nil`, or a status.
    #[must_use]
    pub fn by_code(code: &str) -> Option<Meaning> {
        if code == "nil" {
            return Some(Meaning::Nil);
        }
        STATUSES.iter().position(|status| *status == code).map(|at| Meaning::Status(at as u32))
    }

    /// Its code.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Meaning::Nil => "nil",
            Meaning::Status(at) => STATUSES[at as usize],
        }
    }

    /// What it means, in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Meaning::Nil => "nil",
            Meaning::Status(at) => WORDS[at as usize],
        }
    }

    /// Whether it stands in place of a figure; the others stand behind one.
    #[must_use]
    pub fn is_alone(self) -> bool {
        match self {
            Meaning::Nil => true,
            Meaning::Status(at) => WITHOUT_FIGURE.contains(&at),
        }
    }
}

/// The codes that a definition can name.
pub fn codes() -> impl Iterator<Item = &'static str> {
    STATUSES.into_iter().chain(["nil"])
}

/// A mark in a publisher's style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Styled {
    /// The style.
    pub style: &'static str,
    /// The mark as printed.
    pub mark: &'static str,
    /// What it stands for.
    pub meaning: Meaning,
    /// The publisher's words.
    pub words: &'static str,
}

/// All marks of all styles.
#[must_use]
pub fn styled() -> &'static [Styled] {
    static STYLED: LazyLock<Vec<Styled>> = LazyLock::new(|| {
        include_str!("marks.tsv").lines().filter(|line| !line.starts_with('#')).filter_map(read).collect()
    });
    &STYLED
}

fn read(line: &'static str) -> Option<Styled> {
    let mut fields = line.split('\t');
    let (style, mark, code) = (fields.next()?, fields.next()?, fields.next()?);
    Some(Styled { style, mark, meaning: Meaning::by_code(code)?, words: fields.next()? })
}

/// Whether some publisher prints this in place of a figure or behind it: enough to tell rows of figures from prose.
#[must_use]
pub fn is_printed(text: &str) -> bool {
    const SYMBOLS: &str = "*†‡§#¶~.…:/";
    let short = text.len() <= 32 && !text.is_empty();
    short
        && (NIL.contains(&text)
            || text.chars().all(|c| SYMBOLS.contains(c) || NIL.iter().any(|nil| nil.starts_with(c)))
            || text
                .strip_prefix(['<', '≤'])
                .is_some_and(|rest| crate::grammar::number::parse(rest, 9).is_ok())
            || styled().iter().any(|known| known.mark == text)
            || ["n.a.", "N.A.", "n/a", "N/A", "na", "c", "z"].contains(&text)
            || of_words(text).is_some())
}

/// What words stand for that are all a cell says: `Not applicable`.
#[must_use]
pub fn of_words(text: &str) -> Option<Meaning> {
    let text = text.trim_end_matches('.');
    PHRASES
        .iter()
        .find(|(phrase, _)| text.eq_ignore_ascii_case(phrase))
        .and_then(|(_, code)| Meaning::by_code(code))
}

/// What a legend says that a mark stands for: it begins with a phrase that tells, and no other says otherwise.
#[must_use]
pub fn of_legend(text: &str) -> Option<Meaning> {
    let mut rest = text.to_lowercase();
    let begins =
        LEAD.iter().fold(rest.trim_start(), |rest, lead| rest.strip_prefix(lead).unwrap_or(rest)).len();
    let begins = rest.len() - begins;
    if !PHRASES.iter().any(|(phrase, _)| rest[begins..].starts_with(phrase)) {
        return None;
    }
    let mut found: Option<(usize, &str)> = None;
    for (phrase, code) in PHRASES {
        while let Some(at) = whole(&rest, phrase) {
            rest.replace_range(at..at + phrase.len(), &"\0".repeat(phrase.len()));
            match found {
                Some((_, other)) if other != code => return None,
                _ => found = Some((found.map_or(at, |(first, _)| first.min(at)), code)),
            }
        }
    }
    found.filter(|(at, _)| *at == begins).and_then(|(_, code)| Meaning::by_code(code))
}

/// Where a phrase stands, not as a part of other words.
fn whole(text: &str, phrase: &str) -> Option<usize> {
    let apart = |at: usize| {
        let before = text[..at].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
        let after = text[at + phrase.len()..].chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
        !before && !after
    };
    text.match_indices(phrase).map(|(at, _)| at).find(|&at| apart(at))
}

/// Words before the phrase that tells, in the order in which they may come.
const LEAD: [&str; 12] = [
    "denotes ",
    "indicates ",
    "represents ",
    "stands for ",
    "means ",
    "the ",
    "data ",
    "figures ",
    "figure ",
    "values ",
    "are ",
    "is ",
];

/// Phrases of legends, longer ones before those they hold, each with what it tells.
const PHRASES: [(&str, &str); 62] = [
    ("rounds to zero", "N"),
    ("rounded to zero", "N"),
    ("less than half", "N"),
    ("less than 0", "N"),
    ("less than 1%", "N"),
    ("less than 1 per", "N"),
    ("negligible", "N"),
    ("not significant", "N"),
    ("insignificant", "N"),
    ("too unreliable", "Q"),
    ("not sufficiently reliable", "Q"),
    ("not disclosed", "Q"),
    ("not published", "Q"),
    ("not released", "Q"),
    ("not shown", "Q"),
    ("confidential", "Q"),
    ("confidentiality", "Q"),
    ("suppressed", "Q"),
    ("suppression", "Q"),
    ("withheld", "Q"),
    ("fewer than", "Q"),
    ("less than", "Q"),
    ("between 1 and", "Q"),
    ("not applicable", "M"),
    ("not relevant", "M"),
    ("does not apply", "M"),
    ("cannot exist", "M"),
    ("not collected", "L"),
    ("not available", "O"),
    ("unavailable", "O"),
    ("not known", "O"),
    ("unknown", "O"),
    ("missing", "O"),
    ("no data", "O"),
    ("provisional", "P"),
    ("preliminary", "P"),
    ("revised", "A"),
    ("revision", "A"),
    ("estimated", "E"),
    ("estimates", "E"),
    ("estimate", "E"),
    ("forecast", "F"),
    ("projected", "F"),
    ("projection", "F"),
    ("imputed", "I"),
    ("low reliability", "U"),
    ("less reliable", "U"),
    ("unreliable", "U"),
    ("with caution", "U"),
    ("definition differs", "D"),
    ("break in series", "B"),
    ("break in time series", "B"),
    ("unvalidated", "V"),
    ("nil", "nil"),
    ("zero", "nil"),
    ("不適用", "M"),
    ("不适用", "M"),
    ("沒有數字", "O"),
    ("没有数字", "O"),
    ("臨時數字", "P"),
    ("修訂數字", "A"),
    ("零", "nil"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_of_every_style_is_whole_and_told_once() {
        let lines = include_str!("marks.tsv").lines().filter(|line| !line.starts_with('#')).count();
        let known = styled();
        assert_eq!(known.len(), lines);
        let distinct: std::collections::BTreeSet<_> = known.iter().map(|of| (of.style, of.mark)).collect();
        assert_eq!(distinct.len(), lines);
        assert!(
            known.iter().all(|of| is_printed(of.mark) && crate::grammar::number::parse(of.mark, 9).is_err())
        );
    }

    #[test]
    fn the_words_of_a_legend_tell_one_status_or_none() {
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
            assert_eq!(of_legend(text).map(Meaning::code), code, "{text}");
        }
    }

    #[test]
    fn a_cell_of_words_is_its_own_legend() {
        let cases = [
            ("Not applicable", Some("M")),
            ("NIL", Some("nil")),
            ("not available.", Some("O")),
            ("Canada", None),
        ];
        for (text, code) in cases {
            assert_eq!(of_words(text).map(Meaning::code), code, "{text}");
        }
    }

    #[test]
    fn what_some_publisher_prints_is_told_from_words() {
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
            assert!(is_printed(mark), "{mark}");
        }
        for words in ["", "Canada", "of them", "see", "a", "2023", "+78%", "(i)"] {
            assert!(!is_printed(words), "{words}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_legend_makes_it_panic(text in "(less than|0|not available|İ|零|nil|\\PC| ){0,12}") {
            let _ = (of_legend(&text), of_words(&text), is_printed(&text));
        }
    }
}
