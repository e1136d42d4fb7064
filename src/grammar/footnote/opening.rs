//! How a note begins: its marker, and what it says.

use super::{NOTE_WORDS, from_circled, from_superscript, is_symbol, strip_prefix_caseless};

/// How certain it is that a line begins a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteCertainty {
    /// Only if the table has its marker: `a …`, `1 …`, `x …`.
    IfMarked,
    /// Among other notes: `(1) …`, `2. …`.
    InList,
    /// Anywhere: `Note: …`, `* …`, `¹ …`.
    Certain,
}

/// The beginning of a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteOpening<'t> {
    /// The name of its marker; `None` for a bare `Note:`.
    pub marker: Option<String>,
    /// The text after the marker.
    pub text: &'t str,
    /// How certain it is that this is a note.
    pub certainty: NoteCertainty,
    /// Whether `=` or `:` follows the marker, as in a legend.
    pub is_definition: bool,
}

impl<'t> NoteOpening<'t> {
    fn new(marker: impl Into<Option<String>>, text: &'t str, certainty: NoteCertainty) -> NoteOpening<'t> {
        let text = text.trim();
        let defined = text.trim_start_matches(['=', ':', '：']);
        let is_definition = defined.len() < text.len();
        NoteOpening { marker: marker.into(), text: defined.trim_start(), certainty, is_definition }
    }
}

/// Parses the beginning of a line that is, or may be, a note.
#[must_use]
pub fn parse_opening(line: &str) -> Option<NoteOpening<'_>> {
    parse_certain_opening(line).or_else(|| parse_list_item(line)).or_else(|| parse_token(line))
}

/// Parses the beginning of a line that is a note wherever it is printed.
#[must_use]
pub fn parse_certain_opening(line: &str) -> Option<NoteOpening<'_>> {
    let line = line.trim_start();
    parse_symbol(line).or_else(|| parse_note_word(line))
}

/// `¹ …`, `① …`, `* …`.
fn parse_symbol(line: &str) -> Option<NoteOpening<'_>> {
    let first = line.chars().next()?;
    let certain = |marker: String, text| Some(NoteOpening::new(marker, text, NoteCertainty::Certain));
    if from_superscript(first).is_some() {
        let text = line.trim_start_matches(|c| from_superscript(c).is_some());
        return certain(line.chars().map_while(from_superscript).collect(), text);
    }
    if let Some(number) = from_circled(first) {
        return certain(number.to_string(), line.strip_prefix(first)?);
    }
    let text = line.trim_start_matches(first);
    let marker = &line[..line.len() - text.len()];
    // Titles may begin with `# 1` or `§ 1`.
    let is_marker = is_symbol(first)
        && !matches!(first, '#' | '§')
        && text.starts_with(char::is_whitespace)
        && marker.chars().count() <= 3;
    if is_marker { certain(marker.to_owned(), text) } else { None }
}

/// `Note: …`, `Notes`, `Note (1): …`, `**Remarks.** …`, `註1：…`, `[note 1] …`.
fn parse_note_word(line: &str) -> Option<NoteOpening<'_>> {
    let bare = line.trim_start_matches(['*', '_', '(', '[', '（', '【']);
    let has_bracket = bare.len() < line.len() && !line.starts_with(['*', '_']);
    let rest = NOTE_WORDS.iter().find_map(|word| strip_prefix_caseless(bare, word))?.trim_start();
    let rest = rest.trim_start_matches(['(', '[', '（']).trim_start();
    let after_digits = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &rest[..rest.len() - after_digits.len()];
    let after_bracket = after_digits.trim_start_matches([')', ']', '）', '】', '*', '_']);
    let is_bracketed = has_bracket && after_bracket.len() < after_digits.len() && !digits.is_empty();
    let text = after_bracket.trim_start();
    let after_sign = text.strip_prefix([':', '：', '.', '-', '–']);
    if digits.len() > 2 || after_sign.is_none() && !text.is_empty() && !is_bracketed {
        return None;
    }
    let text = after_sign.unwrap_or(text).trim_start_matches(['*', '_']).trim();
    let marker = Some(digits.to_owned()).filter(|digits| !digits.is_empty());
    // `Notes: (1) …` is the first item of a list.
    let item = if marker.is_none() { parse_list_item(text).or_else(|| parse_symbol(text)) } else { None };
    let opening = item.unwrap_or_else(|| NoteOpening::new(marker, text, NoteCertainty::Certain));
    Some(NoteOpening { certainty: NoteCertainty::Certain, ..opening })
}

/// `(1) …`, `[2] …`, `3. …`.
fn parse_list_item(line: &str) -> Option<NoteOpening<'_>> {
    let line = line.trim_start();
    let open = line.strip_prefix(['(', '[', '（']).unwrap_or(line);
    let rest = open.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = &open[..open.len() - rest.len()];
    let text = rest.strip_prefix([')', ']', '）', '.'])?;
    let is_number = (1..=2).contains(&digits.len());
    is_number.then(|| NoteOpening::new(digits.to_owned(), text, NoteCertainty::InList))
}

/// `1 …`, `a …`, `(a) …`, `[c] …`, `x: …`, `.. …`, `**…`, `“-” …`.
fn parse_token(line: &str) -> Option<NoteOpening<'_>> {
    const MAX_NAME: usize = 16;
    let line = line.trim_start();
    let (token, text) = line.split_at(token_length(line)?);
    let (name, text) = (token_name(token), text.strip_prefix(')').unwrap_or(text));
    let is_opening = (1..=MAX_NAME).contains(&name.len()) && !text.trim().is_empty() && !text.ends_with("**");
    is_opening.then(|| NoteOpening::new(name.to_owned(), text, NoteCertainty::IfMarked))
}

/// The length in bytes of the first token of a line: a bracket, a run of one symbol, or what a separator ends.
fn token_length(line: &str) -> Option<usize> {
    let ends = |c: char| c.is_whitespace() || matches!(c, '=' | ':' | '：' | ')');
    let first = line.chars().next()?;
    Some(match first {
        '(' => line.find(')')? + 1,
        '[' => line.find(']')? + 1,
        _ if is_symbol(first) => line.len() - line.trim_start_matches(first).len(),
        _ => first.len_utf8() + line[first.len_utf8()..].find(ends)?,
    })
}

/// The name of the marker in a token: without quotation marks, `a` for `(a)` and for `a.`.
fn token_name(token: &str) -> &str {
    const QUOTES: [char; 6] = ['“', '”', '"', '‘', '’', '\''];
    let name = token.trim_matches(QUOTES);
    let bracketed = name.strip_prefix('(').and_then(|name| name.strip_suffix(')'));
    let numbered = name.strip_suffix('.').filter(|name| !name.starts_with('.'));
    bracketed.filter(|name| name.len() == 1).or(numbered.filter(|name| name.len() == 1)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_begin_in_many_ways() {
        use NoteCertainty::{Certain, IfMarked, InList};
        let cases = [
            ("Note: it is", None, "it is", Certain),
            ("NOTES: it is", None, "it is", Certain),
            ("Note 1: it is", Some("1"), "it is", Certain),
            ("Note (1): it is", Some("1"), "it is", Certain),
            ("Note 12", Some("12"), "", Certain),
            ("Note. It is", None, "It is", Certain),
            ("N.B.: it is", None, "it is", Certain),
            ("Remarks: it is", None, "it is", Certain),
            ("Footnote 7. It is", Some("7"), "It is", Certain),
            ("* it is", Some("*"), "it is", Certain),
            ("** it is", Some("**"), "it is", Certain),
            ("  *\tit is", Some("*"), "it is", Certain),
            ("\u{a0}x\tit is", Some("x"), "it is", IfMarked),
            ("\t1\tit is", Some("1"), "it is", IfMarked),
            ("† it is", Some("†"), "it is", Certain),
            ("**Note:** it is", None, "it is", Certain),
            ("Note: * it is", Some("*"), "it is", Certain),
            ("Note: .. it is", None, ".. it is", Certain),
            ("**Notes:** (1) it is", Some("1"), "it is", Certain),
            ("註：是", None, "是", Certain),
            ("[備註1] 是", Some("1"), "是", Certain),
            ("[note 1] it is", Some("1"), "it is", Certain),
            ("¹ it is", Some("1"), "it is", Certain),
            ("②it is", Some("2"), "it is", Certain),
            ("Notes", None, "", Certain),
            ("(1) it is", Some("1"), "it is", InList),
            ("2. it is", Some("2"), "it is", InList),
            ("1 it is", Some("1"), "it is", IfMarked),
            ("a it is", Some("a"), "it is", IfMarked),
            ("a. it is", Some("a"), "it is", IfMarked),
            ("(a) it is", Some("a"), "it is", IfMarked),
            ("b) it is", Some("b"), "it is", IfMarked),
            ("[c] = confidential", Some("[c]"), "confidential", IfMarked),
            ("x: suppressed", Some("x"), "suppressed", IfMarked),
            (".. not available", Some(".."), "not available", IfMarked),
            ("“-” denotes nil", Some("-"), "denotes nil", IfMarked),
            ("**Less than 0.1 percent", Some("**"), "Less than 0.1 percent", IfMarked),
        ];
        for (line, marker, text, certainty) in cases {
            let found = parse_opening(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(
                (found.marker.as_deref(), found.text, found.certainty),
                (marker, text, certainty),
                "{line}"
            );
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
            assert_eq!(parse_certain_opening(text), None, "{text}");
        }
        assert_eq!(parse_opening("**Bold title**"), None);
    }
}
