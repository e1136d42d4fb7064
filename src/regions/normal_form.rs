//! The normal form of a label, which is the same for different spellings of a name.
//!
//! - Unicode NFKC, lower case, no accents; punctuation as spaces; no apostrophes, no dots in initials;
//! - no `the` and `of`; common abbreviations written out (`Rep.`, `St.`);
//! - `&`, `/` and `+` as `and`, which is kept, because `Hong Kong and China` is not `Hong Kong, China`;
//! - no spaces between Chinese characters.
//!
//! `scripts/regions.py` normalizes the names in the tables the same way.

use unicode_normalization::{UnicodeNormalization, is_nfkc};

/// The normal form of a label.
#[must_use]
pub fn normalize(label: &str) -> String {
    let mut key = String::with_capacity(label.len());
    normalize_into(label, &mut key);
    key
}

/// Replaces the content of `key` by the normal form of a label.
pub fn normalize_into(label: &str, key: &mut String) {
    key.clear();
    let mut words = KeyWriter { key, word: 0, segment: 0 };
    if label.chars().all(is_simple) {
        label.chars().for_each(|c| words.push(c.to_ascii_lowercase()));
    } else {
        fold_characters(label).for_each(|c| words.push(c));
    }
    words.end_word();
    let end = words.key.trim_end().len();
    key.truncate(end);
    // Dropping a character between two combining marks can change their order, or let them compose.
    if !key.is_ascii() && !is_nfkc(key) {
        *key = key.nfkc().collect();
    }
}

/// Whether a character only needs lower case to be normal.
fn is_simple(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{4e00}'..='\u{9fff}') && c != '臺'
}

/// NFKC, lower case, without accents.
fn fold_characters(label: &str) -> impl Iterator<Item = char> {
    let accent = |c: &char| ('\u{300}'..='\u{36f}').contains(c);
    label.nfkd().flat_map(char::to_lowercase).filter(move |c| !accent(c)).nfkc().map(unify_variant)
}

/// One form for characters with two.
fn unify_variant(c: char) -> char {
    match c {
        'ς' => 'σ',
        '臺' => '台',
        c => c,
    }
}

/// Writes a key word by word.
struct KeyWriter<'k> {
    key: &'k mut String,
    /// The start of the current word.
    word: usize,
    /// The start of its part since the last dot.
    segment: usize,
}

impl KeyWriter<'_> {
    fn push(&mut self, c: char) {
        match c {
            'a'..='z' => self.key.push(c),
            '.' => self.push_dot(),
            '&' | '/' | '+' | '、' => {
                self.end_word();
                self.key.push_str("and ");
                self.begin_word();
            }
            c if is_dropped(c) => {}
            c if is_space(c) => self.end_word(),
            c => {
                if is_han(c) {
                    self.join_han();
                }
                self.key.push(c);
            }
        }
    }

    /// A dot is in initials (`U.S.A.`) or ends a word (`St.Lucia`).
    fn push_dot(&mut self) {
        if self.key[self.segment..].chars().nth(1).is_some() {
            self.end_word();
        } else {
            self.segment = self.key.len();
        }
    }

    fn end_word(&mut self) {
        let word = &self.key[self.word..];
        if word.is_empty() {
            return;
        }
        match expand_word(word, self.word == 0) {
            Some("") => self.key.truncate(self.word),
            Some(whole) => {
                self.key.truncate(self.word);
                self.key.push_str(whole);
                self.key.push(' ');
            }
            None => self.key.push(' '),
        }
        self.begin_word();
    }

    fn begin_word(&mut self) {
        self.word = self.key.len();
        self.segment = self.word;
    }

    /// Removes the space between two Chinese characters.
    fn join_han(&mut self) {
        if self.word == self.key.len() && self.key.trim_end().ends_with(is_han) && self.key.ends_with(' ') {
            self.key.pop();
            self.begin_word();
        }
    }
}

/// The replacement of a word, if it has one. The first word is never islands: `Island` is Iceland in German.
fn expand_word(word: &str, is_first: bool) -> Option<&'static str> {
    Some(match word {
        "the" | "of" => "",
        "rep" => "republic",
        "dem" => "democratic",
        "fed" | "federated" | "federation" => "federal",
        "st" => "saint",
        "ste" => "sainte",
        "utd" => "united",
        "is" | "isl" | "isls" | "island" if !is_first => "islands",
        "terr" | "terrs" | "territory" if !is_first => "territories",
        _ => return None,
    })
}

/// Apostrophes and invisible characters: direction marks, soft hyphens. Direction overrides are kept, so that a label with
/// one is unknown.
fn is_dropped(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | 'ʻ' | 'ʹ' | 'ʿ' | 'ʾ' | '`' | '´' | '′' | '׳' | '״')
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{640}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202c}')
        || matches!(c, '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// White space, and punctuation between words. Other signs, as `%` and `*`, are kept, so that labels with them are unknown.
fn is_space(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '!' | '"' | '(' | ')' | ',' | '-' | ':' | ';' | '?' | '[' | '\\' | ']' | '_' | '{' | '|' | '}'
        )
        || matches!(
            c,
            '«' | '»' | '·' | '•' | '־' | '،' | '。' | '・' | '−' | '\u{2010}'..='\u{2015}' | '“' | '”' | '„'
        )
        || matches!(c, '\u{3008}'..='\u{3011}' | '\u{3014}'..='\u{301f}')
}

/// Whether a character is Chinese.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_name_have_one_form() {
        let cases = [
            ("", ""),
            ("The", ""),
            ("  the  Philippines ", "philippines"),
            ("Bahamas, The", "bahamas"),
            ("U.S.A.", "usa"),
            ("U. S. A.", "u s a"),
            ("St.Lucia", "saint lucia"),
            ("COTE D'IVOIRE", "cote divoire"),
            ("Côte d’Ivoire", "cote divoire"),
            ("Trinidad & Tobago", "trinidad and tobago"),
            ("Trinidad/Tobago", "trinidad and tobago"),
            ("Tanzania, Utd. Rep. of", "tanzania united republic"),
            ("Micronesia (Fed. States of)", "micronesia federal states"),
            ("Cook Is.", "cook islands"),
            ("Norfolk Island", "norfolk islands"),
            ("Island", "island"),
            ("Palestinian Territory", "palestinian territories"),
            ("Ｃａｎａｄａ", "canada"),
            ("中 國 內 地", "中國內地"),
            ("臺灣", "台灣"),
            ("國家／地區", "國家 and 地區"),
            ("中國、香港", "中國 and 香港"),
            ("Ελλάς", "ελλασ"),
            ("Ca\u{200b}na\u{ad}da\u{feff}", "canada"),
            ("Canada*", "canada*"),
            ("Canada %", "canada %"),
            ("\u{202e}Canada", "\u{202e}canada"),
            ("か'\u{3099}", "が"),
            ("\u{5a9}'\u{5b9}", "\u{5b9}\u{5a9}"),
        ];
        for (label, expected) in cases {
            assert_eq!(normalize(label), expected, "{label}");
        }
    }

    #[test]
    fn normalizing_a_character_is_idempotent() {
        for c in '\0'..=char::MAX {
            let once = normalize(&c.to_string());
            assert_eq!(normalize(&once), once, "{:?} {:x}", c, c as u32);
        }
    }

    proptest::proptest! {
        #[test]
        fn normalizing_is_idempotent(label in "\\PC*") {
            proptest::prop_assert_eq!(normalize(&normalize(&label)), normalize(&label));
        }

        #[test]
        fn normalizing_words_is_idempotent(label in "((the|of|The|Rep|St|is|and|中|國|A|é|ǰ|\u{345}|ﬁ|か|\u{3099}|\u{5b9}|\u{5a9}|\u{e38})[ .,&/']{0,2}){0,8}") {
            proptest::prop_assert_eq!(normalize(&normalize(&label)), normalize(&label));
        }
    }
}
