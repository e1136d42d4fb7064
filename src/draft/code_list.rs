//! Codes for labels, by rule: `_T` for a total, `_O` for what is not listed, else the label's words in upper-case letters.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

use crate::draft::sums::FoundSums;
use crate::regions::{RegionKind, resolve_aggregate};

/// A code of a list that is drafted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftCode {
    /// The code.
    pub code: String,
    /// The label that it is for.
    pub label: String,
    /// The code that it is a part of.
    pub parent: Option<String>,
    /// Of a group of regions: the codes that it holds.
    pub members: Vec<String>,
}

impl DraftCode {
    /// A code for a label.
    #[must_use]
    pub fn new(code: &str, label: &str) -> DraftCode {
        DraftCode { code: code.into(), label: label.into(), parent: None, members: Vec::new() }
    }
}

/// The most characters of a code.
const LONGEST: usize = 16;

/// Words that no initial is taken of.
const SMALL_WORDS: [&str; 9] = ["A", "AND", "BY", "FOR", "IN", "OF", "ON", "THE", "TO"];

/// A code for each label, in order, and what it is a part of by sums that were found. A second total or residual gets a code
/// of its own.
#[must_use]
pub fn assign_codes(labels: &[String], sums: &FoundSums) -> Vec<DraftCode> {
    let mut taken = BTreeSet::new();
    let has_total = labels.iter().any(|label| special_code(label) == Some("_T"));
    let code = |(at, label): (usize, &String)| {
        let (label, acronym) = split_acronym(label);
        let by_sum = (!has_total && sums.total == Some(at)).then_some("_T");
        let wanted =
            special_code(label).or(by_sum).or(acronym).map_or_else(|| word_code(label), str::to_owned);
        let code = if taken.contains(&wanted) { number(&word_code(label), &taken) } else { wanted };
        taken.insert(code.clone());
        DraftCode::new(&code, label)
    };
    let mut codes: Vec<DraftCode> = labels.iter().enumerate().map(code).collect();
    for (at, parent) in sums.parents.iter().enumerate() {
        let parent = parent.map(|parent| codes[parent].code.clone());
        codes[at].parent = parent.filter(|parent| parent != "_T");
    }
    codes
}

/// A label without the acronym that stands behind it in brackets: `General Employment Policy (GEP)`.
fn split_acronym(label: &str) -> (&str, Option<&str>) {
    let found = label.strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("));
    let is_acronym = |text: &str| {
        (2..=8).contains(&text.len())
            && text.chars().filter(char::is_ascii_uppercase).count() > 1
            && text.chars().all(|c| c.is_ascii_alphanumeric())
    };
    match found {
        Some((name, acronym)) if is_acronym(acronym) => (name, Some(acronym)),
        _ => (label, None),
    }
}

/// The code of a label that means the whole, or what is not listed.
fn special_code(label: &str) -> Option<&'static str> {
    match resolve_aggregate(label)?.kind {
        RegionKind::Total => Some("_T"),
        RegionKind::Residual => Some("_O"),
        _ => None,
    }
}

/// The words of a label, in upper case; the initials of a long one.
fn word_code(label: &str) -> String {
    let plain: String = label.nfkd().filter(char::is_ascii).collect::<String>().to_uppercase();
    let words: Vec<&str> =
        plain.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let joined = words.join("_");
    let code = if joined.len() > LONGEST {
        let large = words.iter().filter(|word| !SMALL_WORDS.contains(word));
        large.filter_map(|word| word.chars().next()).collect()
    } else {
        joined
    };
    match code.chars().next() {
        None => "X".into(), // a label of another script
        Some(first) if first.is_ascii_digit() => format!("X{code}"),
        Some(_) => code,
    }
}

/// The code with the first number behind it that makes it another than those taken.
fn number(code: &str, taken: &BTreeSet<String>) -> String {
    if !taken.contains(code) {
        return code.to_owned();
    }
    (2..=taken.len() + 2)
        .map(|number| format!("{code}_{number}"))
        .find(|code| !taken.contains(code))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_follow_from_labels() {
        let labels = [
            "Total",
            "15 to 24",
            "Men & women",
            "Others",
            "General Employment Policy (GEP)",
            "Admission Scheme for the Second Generation",
            "men, women",
            "香港",
        ];
        let labels: Vec<String> = labels.iter().map(ToString::to_string).collect();
        let codes: Vec<String> =
            assign_codes(&labels, &FoundSums::none(labels.len())).into_iter().map(|code| code.code).collect();
        assert_eq!(codes, ["_T", "X15_TO_24", "MEN_WOMEN", "_O", "GEP", "ASSG", "MEN_WOMEN_2", "X"]);
    }
}
