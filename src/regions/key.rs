//! The normal form of a label, in which many ways to print a name are one.
//!
//! NFKC without accents and case; punctuation as blanks; no apostrophes, no dots in initials, no `the` and `of`;
//! `&`, `/` and `+` as `and`, which is kept, because `Hong Kong and China` is not `Hong Kong, China`; a publisher's
//! abbreviations written out; no blanks among Chinese characters. `scripts/regions.py` takes the same form of the
//! names it writes into the tables.

use unicode_normalization::{UnicodeNormalization, is_nfkc};

/// The normal form of a label.
#[must_use]
pub fn key(label: &str) -> String {
    let mut key = String::with_capacity(label.len());
    write(label, &mut key);
    key
}

/// Puts the normal form of a label in place of what `key` holds.
pub fn write(label: &str, key: &mut String) {
    key.clear();
    let mut words = Words { key, word: 0, segment: 0 };
    if label.chars().all(is_plain) {
        label.chars().for_each(|c| words.push(c.to_ascii_lowercase()));
    } else {
        plain(label).for_each(|c| words.push(c));
    }
    words.end_word();
    let end = words.key.trim_end().len();
    key.truncate(end);
    // Where what parted two marks of a letter was dropped, they may now stand in another order, or join.
    if !key.is_ascii() && !is_nfkc(key) {
        *key = key.nfkc().collect();
    }
}

/// A character that its normal form leaves as it is, but for case.
fn is_plain(c: char) -> bool {
    c.is_ascii() || matches!(c, '\u{4e00}'..='\u{9fff}') && c != '臺'
}

/// NFKC, without accents and case.
fn plain(label: &str) -> impl Iterator<Item = char> {
    let accent = |c: &char| ('\u{300}'..='\u{36f}').contains(c);
    label.nfkd().flat_map(char::to_lowercase).filter(move |c| !accent(c)).nfkc().map(alike)
}

/// Letters that are written in two ways.
fn alike(c: char) -> char {
    match c {
        'ς' => 'σ',
        '臺' => '台',
        c => c,
    }
}

/// A key that is written word by word.
struct Words<'k> {
    key: &'k mut String,
    /// Where the word begins.
    word: usize,
    /// Where the part of the word since the last dot begins.
    segment: usize,
}

impl Words<'_> {
    fn push(&mut self, c: char) {
        match c {
            'a'..='z' => self.key.push(c),
            '.' => self.dot(),
            '&' | '/' | '+' | '、' => {
                self.end_word();
                self.key.push_str("and ");
                self.begin_word();
            }
            c if is_dropped(c) => {}
            c if is_blank(c) => self.end_word(),
            c => {
                if is_han(c) {
                    self.join_han();
                }
                self.key.push(c);
            }
        }
    }

    /// A dot belongs to initials, as in `U.S.A.`, or it ends a word, as in `St.Lucia`.
    fn dot(&mut self) {
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
        match written_out(word, self.word == 0) {
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

    /// Takes the blank off that parts a Chinese character from the one before it.
    fn join_han(&mut self) {
        if self.word == self.key.len() && self.key.trim_end().ends_with(is_han) && self.key.ends_with(' ') {
            self.key.pop();
            self.begin_word();
        }
    }
}

/// What a word stands for, where it is not itself. `first` words are never islands: `Island` is Iceland in German.
fn written_out(word: &str, first: bool) -> Option<&'static str> {
    Some(match word {
        "the" | "of" => "",
        "rep" => "republic",
        "dem" => "democratic",
        "fed" | "federated" | "federation" => "federal",
        "st" => "saint",
        "ste" => "sainte",
        "utd" => "united",
        "is" | "isl" | "isls" | "island" if !first => "islands",
        "terr" | "terrs" | "territory" if !first => "territories",
        _ => return None,
    })
}

/// Apostrophes, and what is not seen: marks of direction and of where a line may break. Overrides of direction are
/// kept, so that no name has them.
fn is_dropped(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ' | 'ʻ' | 'ʹ' | 'ʿ' | 'ʾ' | '`' | '´' | '′' | '׳' | '״')
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{640}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202c}')
        || matches!(c, '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
}

/// White space, and punctuation that parts words. Other signs, as `%` and `*`, are no part of a name and are kept.
fn is_blank(c: char) -> bool {
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

/// A Chinese character.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_ways_to_print_a_name_are_one() {
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
            assert_eq!(key(label), expected, "{label}");
        }
    }

    #[test]
    fn taking_the_form_of_a_character_twice_changes_nothing() {
        for c in '\0'..=char::MAX {
            let once = key(&c.to_string());
            assert_eq!(key(&once), once, "{:?} {:x}", c, c as u32);
        }
    }

    proptest::proptest! {
        #[test]
        fn taking_the_form_twice_changes_nothing(label in "\\PC*") {
            proptest::prop_assert_eq!(key(&key(&label)), key(&label));
        }

        #[test]
        fn taking_the_form_of_words_twice_changes_nothing(label in "((the|of|The|Rep|St|is|and|中|國|A|é|ǰ|\u{345}|ﬁ|か|\u{3099}|\u{5b9}|\u{5a9}|\u{e38})[ .,&/']{0,2}){0,8}") {
            proptest::prop_assert_eq!(key(&key(&label)), key(&label));
        }
    }
}
