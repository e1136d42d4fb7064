//! What a printed label stands for: an economy, the residual, or the total.
//!
//! A label is looked up exactly, after its normal form was taken ([`key`]). Aggregates come before economies, and
//! nothing that is merely alike ever decides: what is not in the tables is unknown. The tables are text beside the
//! code, sorted by their bytes and searched as they are, so that nothing is built when the program starts.

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a label can stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A country or territory with an ISO 3166-1 code.
    Economy,
    /// Several economies.
    Group,
    /// What is not listed on its own.
    Residual,
    /// All.
    Total,
}

impl Kind {
    /// Its name in published data.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Economy => "economy",
            Kind::Group => "group",
            Kind::Residual => "residual",
            Kind::Total => "total",
        }
    }
}

/// The code of the residual.
pub const RESIDUAL: &str = "_O";
/// The code of the total.
pub const TOTAL: &str = "_T";

/// What a code stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Region {
    /// ISO 3166-1 alpha-3, or `_O`, or `_T`.
    pub code: &'static str,
    /// What it is.
    pub kind: Kind,
    /// ISO 3166-1 alpha-2; none for aggregates.
    pub alpha2: Option<&'static str>,
    /// The code of UN M49, three digits; none where it has none.
    pub m49: Option<&'static str>,
    /// Its common English name.
    pub name: &'static str,
}

const RESIDUAL_REGION: Region =
    Region { code: RESIDUAL, kind: Kind::Residual, alpha2: None, m49: None, name: "Others" };
const TOTAL_REGION: Region =
    Region { code: TOTAL, kind: Kind::Total, alpha2: None, m49: None, name: "Total" };

/// The region that a label names.
#[must_use]
pub fn resolve(label: &str) -> Option<Region> {
    aggregate(label).or_else(|| NAMES.find(&key(label)).and_then(by_code))
}

/// The aggregate that a label names.
#[must_use]
pub fn aggregate(label: &str) -> Option<Region> {
    AGGREGATES.find(&key(label)).and_then(by_code)
}

/// The region with a code.
#[must_use]
pub fn by_code(code: &str) -> Option<Region> {
    match code {
        RESIDUAL => return Some(RESIDUAL_REGION),
        TOTAL => return Some(TOTAL_REGION),
        _ => {}
    }
    let (code, rest) = ECONOMIES.entry(code)?;
    let mut fields = rest.split('\t').map(|field| Some(field).filter(|field| !field.is_empty()));
    let (alpha2, m49, name) = (fields.next()?, fields.next()?, fields.next()??);
    Some(Region { code, kind: Kind::Economy, alpha2, m49, name })
}

/// The common English names of all economies, for suggestions.
pub fn names<'n>() -> impl Iterator<Item = &'n str> {
    ECONOMIES.0.lines().filter_map(|line| line.rsplit('\t').next())
}

/// The normal form of a label, in which many ways to print a name are one: without accents and case, punctuation
/// as blanks, no apostrophes, no dots, no leading "The".
#[must_use]
pub fn key(label: &str) -> String {
    let plain =
        if label.is_ascii() { Cow::Borrowed(label) } else { Cow::Owned(unaccented(label).to_lowercase()) };
    let mut key = String::with_capacity(plain.len());
    for c in plain.chars() {
        match c {
            '.' | '\'' | '’' | '‘' | 'ʼ' | 'ʻ' | '`' | '´' => {}
            '&' => push_word(&mut key, "and"),
            c if c.is_alphanumeric() => key.push(c.to_ascii_lowercase()),
            _ => push_blank(&mut key),
        }
    }
    key.truncate(key.trim_end().len());
    while key.starts_with("the ") {
        key.drain(.."the ".len());
    }
    key
}

/// Ends a word; blanks are never doubled, and none stands first.
fn push_blank(key: &mut String) {
    if !key.is_empty() && !key.ends_with(' ') {
        key.push(' ');
    }
}

fn push_word(key: &mut String, word: &str) {
    push_blank(key);
    key.push_str(word);
    key.push(' ');
}

fn unaccented(label: &str) -> String {
    let accent = |c: &char| is_combining_mark(*c) && ('\u{300}'..='\u{36f}').contains(c);
    label.nfkd().filter(|c| !accent(c)).nfkc().collect()
}

/// Lines of `key`, tab, `value`, sorted by their bytes.
struct Lines(&'static str);

static NAMES: Lines = Lines(include_str!("regions/names.tsv"));
static AGGREGATES: Lines = Lines(include_str!("regions/aggregates.tsv"));
static ECONOMIES: Lines = Lines(include_str!("regions/economies.tsv"));

impl Lines {
    fn find(&self, key: &str) -> Option<&'static str> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The line that begins with a key: a binary search over the bytes, from line start to line start.
    fn entry(&self, key: &str) -> Option<(&'static str, &'static str)> {
        let (mut low, mut high) = (0, self.0.len());
        while low < high {
            let middle = low + (high - low) / 2;
            let start = self.0.as_bytes()[low..middle]
                .iter()
                .rposition(|&byte| byte == b'\n')
                .map_or(low, |at| low + at + 1);
            let rest = &self.0[start..];
            let line = &rest[..rest.find('\n').unwrap_or(rest.len())];
            let (found, value) = line.split_once('\t').unwrap_or((line, ""));
            match found.cmp(key) {
                std::cmp::Ordering::Equal => return Some((found, value)),
                std::cmp::Ordering::Less => low = (start + line.len() + 1).min(high),
                std::cmp::Ordering::Greater => high = start,
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(label: &str) -> Option<&'static str> {
        resolve(label).map(|region| region.code)
    }

    #[test]
    fn the_tables_are_sorted_and_their_keys_are_normal() {
        for (table, normal) in [(&NAMES, true), (&AGGREGATES, true), (&ECONOMIES, false)] {
            let keys: Vec<&str> = table.0.lines().map(|line| line.split('\t').next().unwrap()).collect();
            assert!(keys.is_sorted_by(|a, b| a < b));
            for found in keys {
                assert!(table.find(found).is_some(), "{found}");
                assert!(!normal || key(found) == found, "{found}");
            }
        }
        assert_eq!(NAMES.find(""), None);
        assert_eq!(NAMES.find("zzzz"), None);
    }

    #[test]
    fn every_name_leads_to_an_economy() {
        for line in NAMES.0.lines() {
            let (name, code) = line.split_once('\t').unwrap();
            assert_eq!(by_code(code).map(|region| region.kind), Some(Kind::Economy), "{name}");
        }
    }

    #[test]
    fn the_labels_of_real_tables_resolve() {
        let cases = [
            ("Chinese Mainland", "CHN"),
            ("The United States", "USA"),
            ("Taiwan, China", "TWN"),
            ("Macao SAR", "MAC"),
            ("South Korea", "KOR"),
            ("Korea, Republic of", "KOR"),
            ("Korea (Republic of)", "KOR"),
            ("The Netherlands", "NLD"),
            ("the  Philippines", "PHL"),
            ("Côte d’Ivoire", "CIV"),
            ("COTE D'IVOIRE", "CIV"),
            ("U.S.A.", "USA"),
            ("Viet Nam", "VNM"),
            ("中國內地", "CHN"),
            ("Others", "_O"),
            ("其他", "_O"),
            ("TOTAL", "_T"),
            ("總計", "_T"),
        ];
        for (label, expected) in cases {
            assert_eq!(code(label), Some(expected), "{label}");
        }
    }

    #[test]
    fn what_only_looks_like_an_economy_is_unknown() {
        for label in
            ["", "Atlantis", "Sinapore", "Others in Asia", "Asia", "Chinese", "Korea", "Stateless", "Region"]
        {
            assert_eq!(code(label), None, "{label}");
        }
    }

    proptest::proptest! {
        #[test]
        fn taking_the_normal_form_twice_changes_nothing(label in "\\PC*") {
            proptest::prop_assert_eq!(key(&key(&label)), key(&label));
        }
    }
}
