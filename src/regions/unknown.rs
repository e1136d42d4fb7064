//! Explains why a label is unknown, if there is more to say than that no table has it.

use crate::regions::resolver::MAX_LABEL;
use crate::regions::{NATIONALITIES, UNSURE, find_by_code, normalize, resolve};
use unicode_script::{Script, UnicodeScript};
use unicode_security::skeleton;

/// What is known about a label that does not name a region, to follow the label in a message.
#[must_use]
pub fn explain_unknown(label: &str) -> Option<String> {
    if label.trim().len() > MAX_LABEL {
        return Some("it is longer than any name".into());
    }
    let key = normalize(label);
    explain_invisible(label)
        .or_else(|| explain_lookalike(label))
        .or_else(|| explain_of_which(label))
        .or_else(|| UNSURE.find(&key).map(str::to_owned))
        .or_else(|| explain_nationality(&key))
}

/// A control character, or one that overrides the direction of text: the label is not what it looks like.
fn explain_invisible(label: &str) -> Option<String> {
    let is_invisible =
        |c: &char| c.is_control() && !c.is_whitespace() || matches!(c, '\u{202d}' | '\u{202e}' | '\u{fffd}');
    let c = label.chars().find(is_invisible)?;
    let what = match c {
        '\u{202d}' | '\u{202e}' => "character that overrides the direction of text",
        '\u{fffd}' => "replacement character",
        _ => "control character",
    };
    Some(format!("it has a {what} (U+{:04X})", c as u32))
}

/// A word of Latin letters that has letters of another script, most of which look the same.
fn explain_lookalike(label: &str) -> Option<String> {
    let word = label.split_whitespace().find(|word| {
        word.chars().any(|c| c.script() == Script::Latin) && word.chars().any(is_lookalike_script)
    })?;
    let c = word.chars().find(|c| is_lookalike_script(*c))?;
    let place = format!("`{c}` (U+{:04X}, {})", c as u32, c.script().full_name());
    let looks = match to_latin(c) {
        Some(like) => format!("looks like the Latin `{like}`"),
        None => "is among Latin letters".into(),
    };
    let meant: String = label.chars().map(|c| to_latin(c).unwrap_or(c)).collect();
    let name = resolve(&meant).map(|known| format!("; written in Latin it would be {}", known.region.name));
    Some(format!("{place} {looks}{}", name.unwrap_or_default()))
}

/// The Latin letter that a letter of another script looks like (Unicode TR 39, confusables).
fn to_latin(c: char) -> Option<char> {
    let mut like = skeleton(c.encode_utf8(&mut [0; 4])).collect::<String>().into_bytes().into_iter();
    let letter = like
        .next()
        .filter(u8::is_ascii_alphabetic)
        .filter(|_| is_lookalike_script(c) && like.next().is_none());
    letter.map(char::from)
}

/// A letter of a script whose letters look like Latin ones.
fn is_lookalike_script(c: char) -> bool {
    matches!(
        c.script(),
        Script::Cyrillic
            | Script::Greek
            | Script::Armenian
            | Script::Cherokee
            | Script::Coptic
            | Script::Lisu
    )
}

/// A row that splits another: `of which: China`.
fn explain_of_which(label: &str) -> Option<String> {
    let lower = label.trim_start_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    let part = ["of which", "including", "includes", "thereof", "其中", "當中"]
        .iter()
        .any(|words| lower.starts_with(words));
    part.then(|| "it is a part of a row above it, not a row of its own".into())
}

/// A nationality, which a definition must allow, or one that two states share.
fn explain_nationality(key: &str) -> Option<String> {
    let code = NATIONALITIES.find(key)?;
    if let Some(readings) = code.strip_prefix('?') {
        return Some(readings.to_owned());
    }
    let name = find_by_code(code)?.name;
    let remedy =
        "`nationalities = true` under `[regions]`, or `--nationalities`, says that rows are nationalities";
    Some(format!("it is a nationality ({name}); {remedy}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_labels_are_explained() {
        let cases = [
            (
                "C\u{430}nada",
                "`\u{430}` (U+0430, Cyrillic) looks like the Latin `a`; written in Latin it would be Canada",
            ),
            (
                "\u{420}eru",
                "`\u{420}` (U+0420, Cyrillic) looks like the Latin `P`; written in Latin it would be Peru",
            ),
            ("Ja\u{3c0}an", "`\u{3c0}` (U+03C0, Greek) is among Latin letters"),
            ("Can\u{202e}ada", "it has a character that overrides the direction of text (U+202E)"),
            ("Can\0ada", "it has a control character (U+0000)"),
            ("of which: China", "it is a part of a row above it, not a row of its own"),
            ("其中：中國", "it is a part of a row above it, not a row of its own"),
            ("Korea", "it can be South Korea (KOR) or North Korea (PRK)"),
            ("Scotland", "it is a part of the United Kingdom (GBR)"),
            ("Dominican", "it can be of Dominica (DMA) or of the Dominican Republic (DOM)"),
        ];
        for (label, said) in cases {
            assert_eq!(explain_unknown(label).as_deref(), Some(said), "{label}");
        }
        assert!(explain_unknown("Filipino").is_some_and(|said| said.contains("`nationalities = true`")));
        assert!(explain_unknown(&"a".repeat(1 << 20)).is_some());
        assert_eq!(explain_unknown("Atlantis"), None);
    }
}
