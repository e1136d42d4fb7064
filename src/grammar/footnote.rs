//! Footnote markers: what follows a label, a heading or a figure and refers to a note (`(1)`, `*`, `¹`, `[note 1]`).
//! How a note itself begins is in [`opening`].
//!
//! A marker has one name however it is printed: `¹`, `(1)`, `Note 1` and `①` are all `1`. Some forms can only be markers.
//! A form that could be a part of the text (`exemptions1`, `Canada a`) counts as one only if a note begins with it.

mod opening;

pub use opening::{NoteCertainty, NoteOpening, parse_certain_opening, parse_opening};

/// A text without its footnote markers, and the markers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkedText<'t> {
    /// The text without them.
    pub text: &'t str,
    /// Their names, in printed order.
    pub markers: Vec<String>,
}

/// The most markers that are taken off one text.
pub const MAX_MARKERS: usize = 8;

/// Takes the markers off a text: those that are certain, and those for which `is_noted` knows a note.
pub fn split_markers(text: &str, is_noted: impl Fn(&str) -> bool) -> MarkedText<'_> {
    let (mut rest, mut markers) = (text, Vec::new());
    while markers.len() < MAX_MARKERS
        && let Some(last) = find_last_marker(rest).filter(|last| last.is_certain || is_noted(&last.marker))
    {
        rest = last.before;
        markers.push(last.marker);
    }
    markers.reverse();
    MarkedText { text: rest, markers }
}

/// The text without its certain markers.
#[must_use]
pub fn strip_markers(text: &str) -> &str {
    split_markers(text, |_| false).text
}

/// Takes the markers off the heading of a period. A lower-case letter after the year is one, too: `2025p`, `2025 (r)`.
#[must_use]
pub fn split_heading_markers(heading: &str) -> MarkedText<'_> {
    let is_letter = |marker: &str| marker.len() == 1 && marker.bytes().all(|byte| byte.is_ascii_lowercase());
    let MarkedText { text, mut markers } = split_markers(heading, is_letter);
    let is_year =
        |before: &&str| before.len() >= 4 && before.bytes().rev().take(4).all(|byte| byte.is_ascii_digit());
    let before = text.strip_suffix(|c: char| c.is_ascii_lowercase()).filter(is_year);
    let Some(before) = before else { return MarkedText { text, markers } };
    markers.insert(0, text[before.len()..].to_owned());
    MarkedText { text: before, markers }
}

/// The last marker of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastMarker<'t> {
    /// The text before it; never empty.
    pub before: &'t str,
    /// Its name.
    pub marker: String,
    /// Whether its form can only be a marker.
    pub is_certain: bool,
}

/// Finds what is, or may be, the last marker of a text.
#[must_use]
pub fn find_last_marker(text: &str) -> Option<LastMarker<'_>> {
    let end = text.chars().next_back()?;
    let (before, marker, is_certain) = match end {
        '0'..='9' => match_note_number(text).or_else(|| match_attached_digits(text))?,
        'a'..='z' => (text.strip_suffix(end)?.strip_suffix(' ')?, end.to_string(), false),
        ')' | ']' | '）' | '］' | '】' => match_brackets(text)?,
        _ if from_superscript(end).is_some() => match_superscripts(text),
        _ if from_circled(end).is_some() => (text.strip_suffix(end)?, from_circled(end)?.to_string(), true),
        _ if is_symbol(end) => match_symbols(text, end),
        _ => return None,
    };
    let before = if is_certain { before.trim_end_matches([' ', ',', '\u{a0}']) } else { before.trim_end() };
    (!before.is_empty()).then_some(LastMarker { before, marker, is_certain })
}

/// The text before a marker, its name, and whether it is certain.
type MarkerMatch<'t> = (&'t str, String, bool);

/// `Canada Note 1`, `備註1`.
fn match_note_number(text: &str) -> Option<MarkerMatch<'_>> {
    let stem = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &text[stem.len()..];
    let stem = stem.trim_end_matches([' ', '.']);
    let before = NOTE_WORDS.iter().find_map(|word| strip_suffix_caseless(stem, word))?;
    let is_word = before.ends_with(|c: char| !c.is_alphanumeric()) || !stem.is_ascii();
    (is_word && digits.len() <= 2).then(|| (before, digits.to_owned(), true))
}

/// `exemptions1`.
fn match_attached_digits(text: &str) -> Option<MarkerMatch<'_>> {
    let before = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &text[before.len()..];
    let follows_word = before.ends_with(|c: char| c.is_alphabetic() || matches!(c, ')' | '\'' | '’'));
    (follows_word && digits.len() <= 2).then(|| (before, digits.to_owned(), false))
}

/// `(1)`, `[note 1]`, `（註1）`, `1)`. A single letter, as in `(a)`, may be a part of the text.
fn match_brackets(text: &str) -> Option<MarkerMatch<'_>> {
    let inside = text.trim_end_matches([')', ']', '）', '］', '】']);
    if let Some((before, inside)) = inside.rsplit_once(['(', '[', '（', '［', '【']) {
        let (marker, is_certain) = parse_bracket_content(inside)?;
        return Some((before, marker, is_certain));
    }
    let before = inside.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &inside[before.len()..];
    (1..=2).contains(&digits.len()).then(|| (before, digits.to_owned(), false))
}

/// The name of a marker in brackets, and whether it is certain: a number, perhaps after a word for note, or a letter.
fn parse_bracket_content(inside: &str) -> Option<(String, bool)> {
    let inside = inside.trim();
    let after_word = NOTE_WORDS.iter().find_map(|word| strip_prefix_caseless(inside, word));
    let name = after_word.unwrap_or(inside).trim_start_matches([' ', '.']);
    let is_number = (1..=2).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_digit());
    let is_letter = name.len() == 1 && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    (is_number || is_letter).then(|| (name.to_owned(), is_number || after_word.is_some()))
}

/// `¹`, `¹²`, `ᵃ`.
fn match_superscripts(text: &str) -> MarkerMatch<'_> {
    let before = text.trim_end_matches(|c| from_superscript(c).is_some());
    (before, text[before.len()..].chars().filter_map(from_superscript).collect(), true)
}

/// A symbol, perhaps repeated: `*`, `**`.
fn match_symbols(text: &str, symbol: char) -> MarkerMatch<'_> {
    let before = text.trim_end_matches(symbol);
    (before, text[before.len()..].to_owned(), true)
}

/// Words before the number of a note.
const NOTE_WORDS: [&str; 16] = [
    "footnotes",
    "footnote",
    "notes",
    "note",
    "remarks",
    "remark",
    "n.b",
    "備註",
    "备注",
    "附註",
    "附注",
    "註釋",
    "注释",
    "註",
    "注",
    "脚注",
];

fn is_symbol(c: char) -> bool {
    matches!(c, '*' | '＊' | '†' | '‡' | '§' | '#' | '¶' | '※' | '^')
}

/// Superscript characters, and the same characters on the line.
const SUPERSCRIPTS: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ";
const ON_THE_LINE: &str = "0123456789abcdefghijklmnoprstuvwxyz";

/// The character that a superscript stands for.
fn from_superscript(c: char) -> Option<char> {
    if c.is_ascii() {
        return None;
    }
    SUPERSCRIPTS.chars().zip(ON_THE_LINE.chars()).find(|(raised, _)| *raised == c).map(|(_, plain)| plain)
}

/// A superscript as characters, or in brackets where Unicode has none for one of them. `1st` is no note.
pub(crate) fn raise(text: &str) -> String {
    const ORDINALS: [&str; 4] = ["st", "nd", "rd", "th"];
    /// More characters than marks of notes have: what is longer is a text that is set small.
    const MOST: usize = 8;
    let bare = text.trim();
    if bare.is_empty() || ORDINALS.contains(&bare) || bare.chars().count() > MOST {
        return text.to_owned();
    }
    // Brackets only adorn a mark: `1)` is 1.
    let raised: Option<String> = bare.trim_matches(['(', ')']).chars().map(to_superscript).collect();
    raised.unwrap_or_else(|| format!(" ({bare})"))
}

/// The superscript of a character of a marker. Symbols and the separators between markers have none and stay.
fn to_superscript(c: char) -> Option<char> {
    match c {
        ',' | ' ' | '*' | '†' | '‡' | '§' => Some(c),
        _ => {
            let mut pairs = ON_THE_LINE.chars().zip(SUPERSCRIPTS.chars());
            pairs.find(|(plain, _)| *plain == c).map(|(_, raised)| raised)
        }
    }
}

/// The number in a circle, `①` to `⑳`.
fn from_circled(c: char) -> Option<u32> {
    ('①'..='⑳').contains(&c).then(|| c as u32 - '①' as u32 + 1)
}

fn strip_prefix_caseless<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let head = text.as_bytes().get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix.as_bytes()).then(|| &text[prefix.len()..])
}

fn strip_suffix_caseless<'t>(text: &'t str, suffix: &str) -> Option<&'t str> {
    let at = text.len().checked_sub(suffix.len())?;
    text.as_bytes()[at..].eq_ignore_ascii_case(suffix.as_bytes()).then(|| &text[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_are_taken_off_and_named() {
        let cases: [(&str, &str, &[&str]); 26] = [
            ("Canada", "Canada", &[]),
            ("Canada*", "Canada", &["*"]),
            ("Canada **", "Canada", &["**"]),
            ("Canada†", "Canada", &["†"]),
            ("Canada (1)", "Canada", &["1"]),
            ("Canada(1)(2)", "Canada", &["1", "2"]),
            ("Canada [note 1]", "Canada", &["1"]),
            ("Canada [Note 1] [note 2]", "Canada", &["1", "2"]),
            ("Employment visas Note 1", "Employment visas", &["1"]),
            ("Canada Footnote 7", "Canada", &["7"]),
            ("Canada¹", "Canada", &["1"]),
            ("Canada¹²", "Canada", &["12"]),
            ("Canada¹,²", "Canada", &["1", "2"]),
            ("Canadaᵃ", "Canada", &["a"]),
            ("2025²", "2025", &["2"]),
            ("Canada①", "Canada", &["1"]),
            ("加拿大[備註1]", "加拿大", &["1"]),
            ("加拿大（註2）", "加拿大", &["2"]),
            ("加拿大 備註1", "加拿大", &["1"]),
            ("Canada* (1)", "Canada", &["*", "1"]),
            ("2026 (as at end-February)", "2026 (as at end-February)", &[]),
            ("Korea (South)", "Korea (South)", &[]),
            ("Others (of which 3)", "Others (of which 3)", &[]),
            ("Banknote 1", "Banknote 1", &[]),
            ("*", "*", &[]),
            ("(1)", "(1)", &[]),
        ];
        for (text, plain, marks) in cases {
            let found = split_markers(text, |_| false);
            assert_eq!(
                (found.text, found.markers.as_slice()),
                (plain, marks.map_to_owned().as_slice()),
                "{text}"
            );
        }
    }

    trait MapToOwned {
        fn map_to_owned(&self) -> Vec<String>;
    }

    impl MapToOwned for &[&str] {
        fn map_to_owned(&self) -> Vec<String> {
            self.iter().map(|text| (*text).to_owned()).collect()
        }
    }

    #[test]
    fn an_uncertain_marker_needs_a_note() {
        let cases = [
            ("exemptions1", "exemptions", "1"),
            ("Canada a", "Canada", "a"),
            ("Canada (a)", "Canada", "a"),
            ("Canada 1)", "Canada", "1"),
            ("Others (S)", "Others", "S"),
        ];
        for (text, plain, mark) in cases {
            assert_eq!(split_markers(text, |_| false).text, text);
            let found = split_markers(text, |noted| noted == mark);
            assert_eq!((found.text, found.markers), (plain, vec![mark.to_owned()]), "{text}");
        }
        assert_eq!(split_markers("2025", |_| true).text, "2025", "a digit of a figure is no mark");
        assert_eq!(split_markers("1 234", |_| true).text, "1 234");
    }

    #[test]
    fn markers_are_taken_off_headings() {
        let cases: [(&str, &str, &[&str]); 8] = [
            ("2025²", "2025", &["2"]),
            ("2025p", "2025", &["p"]),
            ("2025 (r)¹", "2025", &["r", "1"]),
            ("2025 (1)", "2025", &["1"]),
            ("2026 (as at end-February)*", "2026 (as at end-February)", &["*"]),
            ("2024-Q3", "2024-Q3", &[]),
            ("2026-01-01/p2m", "2026-01-01/p2m", &[]),
            ("July", "July", &[]),
        ];
        for (text, plain, marks) in cases {
            let found = split_heading_markers(text);
            assert_eq!(
                (found.text, found.markers.as_slice()),
                (plain, marks.map_to_owned().as_slice()),
                "{text}"
            );
        }
    }

    proptest::proptest! {
        #[test]
        fn any_marker_is_taken_off(name in "[A-Z][a-z]{2,9}( [A-Z][a-z]{2,9})?", number in 1u32..20, at in 0usize..8) {
            let circled = char::from_u32('①' as u32 + number - 1).unwrap();
            let raised: String = number.to_string().bytes().map(|b| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(usize::from(b - b'0')).unwrap()).collect();
            let mark = [
                format!("({number})"), format!(" ({number})"), format!(" [note {number}]"), format!(" Note {number}"),
                format!("[備註{number}]"), circled.to_string(), raised, format!(" Footnote {number}"),
            ][at].clone();
            let text = format!("{name}{mark}");
            let found = split_markers(&text, |_| false);
            proptest::prop_assert_eq!((found.text, found.markers), (name.as_str(), vec![number.to_string()]));
        }

        #[test]
        fn no_text_makes_it_panic(text in "([(\\[（)\\]）*¹①註]|note|1|a| |\\PC){0,12}") {
            let found = split_markers(&text, |_| true);
            proptest::prop_assert!(text.starts_with(found.text));
            let _ = parse_opening(&text);
        }
    }
}
