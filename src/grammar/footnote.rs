//! Footnote marks: what is hung on to a label, a heading or a figure to send the reader to a note (`(1)`, `*`, `¹`,
//! `[note 1]`), and what a note begins with.
//!
//! A mark is known by one name however it is printed: `¹`, `(1)`, `Note 1` and `①` are all `1`. What can only be a mark is
//! always one; what could be a part of the text (`exemptions1`, `Canada a`) is one only where a note begins with it.

/// A text, and the marks that hang on to it, the first one first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked<'t> {
    /// The text without them.
    pub text: &'t str,
    /// Their names.
    pub marks: Vec<String>,
}

/// More marks than a printer hangs on to anything.
pub const MOST: usize = 8;

/// Takes the marks off a text: those that can be nothing else, and those that a note begins with.
pub fn split(text: &str, noted: impl Fn(&str) -> bool) -> Marked<'_> {
    let (mut rest, mut marks) = (text, Vec::new());
    while marks.len() < MOST
        && let Some(last) = last(rest).filter(|last| last.sure || noted(&last.mark))
    {
        rest = last.before;
        marks.push(last.mark);
    }
    marks.reverse();
    Marked { text: rest, marks }
}

/// The text without the marks that can be nothing else.
#[must_use]
pub fn plain(text: &str) -> &str {
    split(text, |_| false).text
}

/// Takes the marks off a heading of a period; a letter behind its year (`2025p`, `2025 (r)`) is one, too.
#[must_use]
pub fn heading(text: &str) -> Marked<'_> {
    let letter = |mark: &str| mark.len() == 1 && mark.bytes().all(|byte| byte.is_ascii_lowercase());
    let Marked { text, mut marks } = split(text, letter);
    let glued = text.strip_suffix(|c: char| c.is_ascii_lowercase());
    let year =
        |before: &&str| before.len() >= 4 && before.bytes().rev().take(4).all(|byte| byte.is_ascii_digit());
    let Some(before) = glued.filter(year) else { return Marked { text, marks } };
    marks.insert(0, text[before.len()..].to_owned());
    Marked { text: before, marks }
}

/// The last mark of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Last<'t> {
    /// What stands before it; never nothing.
    pub before: &'t str,
    /// Its name.
    pub mark: String,
    /// Whether it can be nothing else.
    pub sure: bool,
}

/// The last mark of a text, where it may have one.
#[must_use]
pub fn last(text: &str) -> Option<Last<'_>> {
    let end = text.chars().next_back()?;
    let (before, mark, sure) = match end {
        '0'..='9' => worded(text).or_else(|| glued(text))?,
        'a'..='z' => (text.strip_suffix(end)?.strip_suffix(' ')?, end.to_string(), false),
        ')' | ']' | '）' | '］' | '】' => bracketed(text)?,
        _ if superscript(end).is_some() => raised(text),
        _ if circled(end).is_some() => (text.strip_suffix(end)?, circled(end)?.to_string(), true),
        _ if is_symbol(end) => (text.trim_end_matches(end), run(text, end), true),
        _ => return None,
    };
    let before = if sure { before.trim_end_matches([' ', ',', '\u{a0}']) } else { before.trim_end() };
    (!before.is_empty()).then_some(Last { before, mark, sure })
}

type Found<'t> = (&'t str, String, bool);

/// `Canada Note 1`, `備註1`.
fn worded(text: &str) -> Option<Found<'_>> {
    let stem = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &text[stem.len()..];
    let stem = stem.trim_end_matches([' ', '.']);
    let before = WORDS.iter().find_map(|word| strip_suffix_caseless(stem, word))?;
    let apart = before.ends_with(|c: char| !c.is_alphanumeric()) || !stem.is_ascii();
    (apart && digits.len() <= 2).then(|| (before, digits.to_owned(), true))
}

/// `exemptions1`.
fn glued(text: &str) -> Option<Found<'_>> {
    let before = text.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &text[before.len()..];
    let apart = before.ends_with(|c: char| c.is_alphabetic() || matches!(c, ')' | '\'' | '’'));
    (apart && digits.len() <= 2).then(|| (before, digits.to_owned(), false))
}

/// `(1)`, `[note 1]`, `（註1）`, `1)`; a single letter (`(a)`) may be a part of the text.
fn bracketed(text: &str) -> Option<Found<'_>> {
    let inside = text.trim_end_matches([')', ']', '）', '］', '】']);
    if let Some((before, inside)) = inside.rsplit_once(['(', '[', '（', '［', '【']) {
        let (mark, sure) = number(inside)?;
        return Some((before, mark, sure));
    }
    let before = inside.trim_end_matches(|c: char| c.is_ascii_digit());
    let digits = &inside[before.len()..];
    (1..=2).contains(&digits.len()).then(|| (before, digits.to_owned(), false))
}

/// `¹`, `¹²`, `ᵃ`.
fn raised(text: &str) -> Found<'_> {
    let before = text.trim_end_matches(|c| superscript(c).is_some());
    (before, text[before.len()..].chars().filter_map(superscript).collect(), true)
}

/// The same symbol again and again: `**`.
fn run(text: &str, symbol: char) -> String {
    text[text.trim_end_matches(symbol).len()..].to_owned()
}

/// What stands in brackets around a mark: a number, perhaps with a word before it, or a letter; and whether that can be
/// nothing else.
fn number(inside: &str) -> Option<(String, bool)> {
    let inside = inside.trim();
    let rest = WORDS.iter().find_map(|word| strip_prefix_caseless(inside, word));
    let name = rest.unwrap_or(inside).trim_start_matches([' ', '.']);
    let digits = (1..=2).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_digit());
    let letter = name.len() == 1 && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    (digits || letter).then(|| (name.to_owned(), digits || rest.is_some()))
}

/// Words before a note's number.
const WORDS: [&str; 16] = [
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

/// What stands high, and the same on the line.
const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ";
const PLAIN: &str = "0123456789abcdefghijklmnoprstuvwxyz";

fn superscript(c: char) -> Option<char> {
    if c.is_ascii() {
        return None;
    }
    RAISED.chars().zip(PLAIN.chars()).find(|(raised, _)| *raised == c).map(|(_, plain)| plain)
}

/// A character of a mark as it stands high; what parts marks stands on the line.
pub(crate) fn raise(c: char) -> Option<char> {
    match c {
        ',' | ' ' | '*' | '†' | '‡' | '§' => Some(c),
        _ => PLAIN.chars().zip(RAISED.chars()).find(|(plain, _)| *plain == c).map(|(_, raised)| raised),
    }
}

/// The number in a circle: `①` to `⑳`.
fn circled(c: char) -> Option<u32> {
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

/// How sure it is that a line begins a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Only where the table carries its mark: `a …`, `1 …`, `x …`.
    Loose,
    /// Among notes: `(1) …`, `2. …`.
    Listed,
    /// Anywhere: `Note: …`, `* …`, `¹ …`.
    Sure,
}

/// How a note begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening<'t> {
    /// Its mark, by name; none for a bare `Note:`.
    pub mark: Option<String>,
    /// What it says after that.
    pub said: &'t str,
    /// How sure it is that it is one.
    pub strength: Strength,
    /// Whether `=` or `:` stands between the two, as in a legend.
    pub explicit: bool,
}

impl<'t> Opening<'t> {
    fn new(mark: impl Into<Option<String>>, said: &'t str, strength: Strength) -> Opening<'t> {
        let said = said.trim();
        let told = said.trim_start_matches(['=', ':', '：']);
        Opening { mark: mark.into(), explicit: told.len() < said.len(), said: told.trim_start(), strength }
    }
}

/// How a line begins as a note, where it may be one.
#[must_use]
pub fn opening(text: &str) -> Option<Opening<'_>> {
    sure_opening(text).or_else(|| listed(text)).or_else(|| loose(text))
}

/// How a line begins that is a note wherever it stands.
#[must_use]
pub fn sure_opening(text: &str) -> Option<Opening<'_>> {
    let text = text.trim_start();
    symbolic(text).or_else(|| worded_opening(text))
}

/// `¹ …`, `① …`, `* …`.
fn symbolic(text: &str) -> Option<Opening<'_>> {
    let first = text.chars().next()?;
    let sure = |mark: String, said| Some(Opening::new(mark, said, Strength::Sure));
    if superscript(first).is_some() {
        let said = text.trim_start_matches(|c| superscript(c).is_some());
        return sure(text.chars().map_while(superscript).collect(), said);
    }
    if let Some(number) = circled(first) {
        return sure(number.to_string(), text.strip_prefix(first)?);
    }
    let said = text.trim_start_matches(first);
    let mark = &text[..text.len() - said.len()];
    // `# 1` and `§ 1` may head a title.
    let good =
        is_symbol(first) && !matches!(first, '#' | '§') && said.starts_with(' ') && mark.chars().count() <= 3;
    good.then(|| mark.to_owned()).and_then(|mark| sure(mark, said))
}

/// `Note: …`, `Notes`, `Note (1): …`, `**Remarks.** …`, `註1：…`, `[note 1] …`.
fn worded_opening(text: &str) -> Option<Opening<'_>> {
    let bare = text.trim_start_matches(['*', '_', '(', '[', '（', '【']);
    let bracketed = bare.len() < text.len() && !text.starts_with(['*', '_']);
    let rest = WORDS.iter().find_map(|word| strip_prefix_caseless(bare, word))?.trim_start();
    let rest = rest.trim_start_matches(['(', '[', '（']).trim_start();
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &rest[..rest.len() - after.len()];
    let behind = after.trim_start_matches([')', ']', '）', '】', '*', '_']);
    let said = behind.trim_start();
    let told = said.strip_prefix([':', '：', '.', '-', '–']);
    let in_brackets = bracketed && behind.len() < after.len() && !digits.is_empty();
    if digits.len() > 2 || told.is_none() && !said.is_empty() && !in_brackets {
        return None;
    }
    let said = told.unwrap_or(said).trim_start_matches(['*', '_']).trim();
    let mark = Some(digits.to_owned()).filter(|digits| !digits.is_empty());
    // `Notes: (1) …` is the first of a list.
    let inner = if mark.is_none() { listed(said).or_else(|| symbolic(said)) } else { None };
    let inner = inner.unwrap_or_else(|| Opening::new(mark, said, Strength::Sure));
    Some(Opening { strength: Strength::Sure, ..inner })
}

/// `(1) …`, `[2] …`, `3. …`.
fn listed(text: &str) -> Option<Opening<'_>> {
    let text = text.trim_start();
    let open = text.strip_prefix(['(', '[', '（']).unwrap_or(text);
    let rest = open.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &open[..open.len() - rest.len()];
    let said = rest.strip_prefix([')', ']', '）', '.'])?;
    (1..=2).contains(&digits.len()).then(|| Opening::new(digits.to_owned(), said, Strength::Listed))
}

/// `1 …`, `a …`, `(a) …`, `[c] …`, `x: …`, `.. …`, `**…`, `“-” …`.
fn loose(text: &str) -> Option<Opening<'_>> {
    const LONGEST: usize = 16;
    const QUOTES: [char; 6] = ['“', '”', '"', '‘', '’', '\''];
    let text = text.trim_start();
    let first = text.chars().next()?;
    let end = match first {
        '(' => text.find(')')? + 1,
        '[' => text.find(']')? + 1,
        _ if is_symbol(first) => text.len() - text.trim_start_matches(first).len(),
        _ => first.len_utf8() + text[first.len_utf8()..].find([' ', '=', ':', '：', '\u{a0}', ')'])?,
    };
    let (token, said) = text.split_at(end);
    let name = token.trim_matches(QUOTES);
    let letter =
        name.strip_prefix('(').and_then(|name| name.strip_suffix(')')).filter(|name| name.len() == 1);
    let numbered = name.strip_suffix('.').filter(|name| name.len() == 1 && !name.starts_with('.'));
    let name = letter.or(numbered).unwrap_or(name);
    let said = said.strip_prefix(')').unwrap_or(said);
    let good = !name.is_empty() && name.len() <= LONGEST && !said.trim().is_empty() && !said.ends_with("**");
    good.then(|| Opening::new(name.to_owned(), said, Strength::Loose))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_off_and_named() {
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
            let found = split(text, |_| false);
            assert_eq!(
                (found.text, found.marks.as_slice()),
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
    fn what_may_be_a_part_of_the_text_needs_a_note() {
        let cases = [
            ("exemptions1", "exemptions", "1"),
            ("Canada a", "Canada", "a"),
            ("Canada (a)", "Canada", "a"),
            ("Canada 1)", "Canada", "1"),
            ("Others (S)", "Others", "S"),
        ];
        for (text, plain, mark) in cases {
            assert_eq!(split(text, |_| false).text, text);
            let found = split(text, |noted| noted == mark);
            assert_eq!((found.text, found.marks), (plain, vec![mark.to_owned()]), "{text}");
        }
        assert_eq!(split("2025", |_| true).text, "2025", "a digit of a figure is no mark");
        assert_eq!(split("1 234", |_| true).text, "1 234");
    }

    #[test]
    fn a_heading_gives_its_marks_before_it_is_read() {
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
            let found = heading(text);
            assert_eq!(
                (found.text, found.marks.as_slice()),
                (plain, marks.map_to_owned().as_slice()),
                "{text}"
            );
        }
    }

    #[test]
    fn notes_begin_in_many_ways() {
        use Strength::{Listed, Loose, Sure};
        let cases = [
            ("Note: it is", None, "it is", Sure),
            ("NOTES: it is", None, "it is", Sure),
            ("Note 1: it is", Some("1"), "it is", Sure),
            ("Note (1): it is", Some("1"), "it is", Sure),
            ("Note 12", Some("12"), "", Sure),
            ("Note. It is", None, "It is", Sure),
            ("N.B.: it is", None, "it is", Sure),
            ("Remarks: it is", None, "it is", Sure),
            ("Footnote 7. It is", Some("7"), "It is", Sure),
            ("* it is", Some("*"), "it is", Sure),
            ("** it is", Some("**"), "it is", Sure),
            ("† it is", Some("†"), "it is", Sure),
            ("**Note:** it is", None, "it is", Sure),
            ("Note: * it is", Some("*"), "it is", Sure),
            ("Note: .. it is", None, ".. it is", Sure),
            ("**Notes:** (1) it is", Some("1"), "it is", Sure),
            ("註：是", None, "是", Sure),
            ("[備註1] 是", Some("1"), "是", Sure),
            ("[note 1] it is", Some("1"), "it is", Sure),
            ("¹ it is", Some("1"), "it is", Sure),
            ("②it is", Some("2"), "it is", Sure),
            ("Notes", None, "", Sure),
            ("(1) it is", Some("1"), "it is", Listed),
            ("2. it is", Some("2"), "it is", Listed),
            ("1 it is", Some("1"), "it is", Loose),
            ("a it is", Some("a"), "it is", Loose),
            ("a. it is", Some("a"), "it is", Loose),
            ("(a) it is", Some("a"), "it is", Loose),
            ("b) it is", Some("b"), "it is", Loose),
            ("[c] = confidential", Some("[c]"), "confidential", Loose),
            ("x: suppressed", Some("x"), "suppressed", Loose),
            (".. not available", Some(".."), "not available", Loose),
            ("“-” denotes nil", Some("-"), "denotes nil", Loose),
            ("**Less than 0.1 percent", Some("**"), "Less than 0.1 percent", Loose),
        ];
        for (text, mark, said, strength) in cases {
            let found = opening(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((found.mark.as_deref(), found.said, found.strength), (mark, said, strength), "{text}");
        }
    }

    #[test]
    fn other_lines_begin_no_note() {
        for text in [
            "Note that it is",
            "Notebooks: it is",
            "**Bold title**",
            "1 Note",
            "",
            "Canada\t1\t2",
            "# Title",
            "§ 5 Title",
            "2023",
        ] {
            assert_eq!(sure_opening(text), None, "{text}");
        }
        assert_eq!(opening("**Bold title**"), None);
    }

    proptest::proptest! {
        #[test]
        fn a_mark_of_any_kind_comes_off_again(name in "[A-Z][a-z]{2,9}( [A-Z][a-z]{2,9})?", number in 1u32..20, at in 0usize..8) {
            let circled = char::from_u32('①' as u32 + number - 1).unwrap();
            let raised: String = number.to_string().bytes().map(|b| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(usize::from(b - b'0')).unwrap()).collect();
            let mark = [
                format!("({number})"), format!(" ({number})"), format!(" [note {number}]"), format!(" Note {number}"),
                format!("[備註{number}]"), circled.to_string(), raised, format!(" Footnote {number}"),
            ][at].clone();
            let text = format!("{name}{mark}");
            let found = split(&text, |_| false);
            proptest::prop_assert_eq!((found.text, found.marks), (name.as_str(), vec![number.to_string()]));
        }

        #[test]
        fn no_text_makes_it_panic(text in "([(\\[（)\\]）*¹①註]|note|1|a| |\\PC){0,12}") {
            let found = split(&text, |_| true);
            proptest::prop_assert!(text.starts_with(found.text));
            let _ = opening(&text);
        }
    }
}
