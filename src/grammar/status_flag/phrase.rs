//! Phrases that state the meaning of a symbol: in a legend (`.. denotes not available`), or in a cell itself
//! (`Not applicable`).

use super::FlagMeaning;

/// The meaning of a cell whose whole text is a phrase: `Not applicable`.
#[must_use]
pub fn parse_phrase(text: &str) -> Option<FlagMeaning> {
    let text = text.trim_end_matches('.');
    let (_, code) = PHRASES.iter().find(|(phrase, _)| text.eq_ignore_ascii_case(phrase))?;
    FlagMeaning::from_code(code)
}

/// The meaning that a legend gives to a symbol. The text must begin with a phrase, perhaps after introductory words, and
/// no other phrase in it may have another meaning.
#[must_use]
pub fn parse_legend(text: &str) -> Option<FlagMeaning> {
    let mut text = text.to_lowercase();
    let start = introduction_length(&text);
    if !PHRASES.iter().any(|(phrase, _)| text[start..].starts_with(phrase)) {
        return None;
    }
    let mut first: Option<(usize, &str)> = None;
    for (phrase, code) in PHRASES {
        while let Some(at) = find_words(&text, phrase) {
            // A shorter phrase must not match inside this one.
            text.replace_range(at..at + phrase.len(), &"\0".repeat(phrase.len()));
            match first {
                Some((_, other)) if other != code => return None,
                _ => first = Some((first.map_or(at, |(earlier, _)| earlier.min(at)), code)),
            }
        }
    }
    first.filter(|(at, _)| *at == start).and_then(|(_, code)| FlagMeaning::from_code(code))
}

/// The length in bytes of the introductory words of a legend.
fn introduction_length(text: &str) -> usize {
    let rest = INTRODUCTIONS
        .iter()
        .fold(text.trim_start(), |rest, introduction| rest.strip_prefix(introduction).unwrap_or(rest));
    text.len() - rest.len()
}

/// The position of a phrase in a text, as whole words.
fn find_words(text: &str, phrase: &str) -> Option<usize> {
    let is_whole = |at: usize| {
        let before = text[..at].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
        let after = text[at + phrase.len()..].chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
        !before && !after
    };
    text.match_indices(phrase).map(|(at, _)| at).find(|&at| is_whole(at))
}

/// Words before the phrase of a legend, in the order in which they may occur.
const INTRODUCTIONS: [&str; 12] = [
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

/// Phrases, each with the code of its meaning. A phrase comes before phrases that it contains.
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
