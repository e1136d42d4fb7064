//! Texts in columns of a terminal: folded into one line, without what a terminal would act on, and cut to a width.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::problem::escape;
use crate::text::fold_whitespace;

/// No line for people is wider: it stands whole on most screens.
pub(super) const LINE: usize = 118;

/// Of a long text only so much is looked at, which is more than a line shows.
const MOST_CHARACTERS: usize = 4 * LINE;

/// A text in one line of at most so many columns, white space folded.
pub(super) fn cut(text: &str, width: usize) -> String {
    let begin = beginning(text);
    cut_line(&fold_whitespace(begin), width, begin.len() < text.len())
}

/// A line of a text as it stands, of at most so many columns.
pub(super) fn cut_as_is(line: &str, width: usize) -> String {
    let begin = beginning(line);
    cut_line(&begin.replace(['\t', '\n', '\r'], " "), width, begin.len() < line.len())
}

fn beginning(text: &str) -> &str {
    text.char_indices().nth(MOST_CHARACTERS).map_or(text, |(end, _)| &text[..end])
}

fn cut_line(line: &str, width: usize, goes_on: bool) -> String {
    let line = escape(line);
    if line.width() <= width && !goes_on {
        return line.into_owned();
    }
    let mut room = width.saturating_sub(1);
    let fits = |c: &char| {
        let rest = room.checked_sub(c.width().unwrap_or_default());
        room = rest.unwrap_or_default();
        rest.is_some()
    };
    let cut: String = line.chars().take_while(fits).collect();
    format!("{}…", cut.trim_end())
}

/// A text with blanks behind it up to a width.
pub(super) fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// So many texts are told in a line.
pub(super) const MOST: usize = 6;

/// Texts in a line, if there are any.
pub(super) fn joined(texts: &[String]) -> Option<String> {
    (!texts.is_empty()).then(|| list(texts, MOST))
}

/// The first of some texts, and how many more there are.
pub(super) fn list(texts: &[String], most: usize) -> String {
    let shown = texts.iter().take(most).cloned().collect::<Vec<_>>().join(", ");
    match texts.len().saturating_sub(most) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_to_columns_of_a_terminal() {
        let cases = [
            ("Canada", 6, "Canada"),
            ("Canada", 5, "Cana…"),
            ("two \n lines", 20, "two lines"),
            ("中國內地", 8, "中國內地"),
            ("中國內地", 6, "中國…"),
            ("a b", 3, "a b"),
            ("a bc", 3, "a…"),
            ("a\u{202e}b", 20, "a\\u{202e}b"),
        ];
        for (text, width, expected) in cases {
            assert_eq!(cut(text, width), expected, "{text}");
        }
    }

    #[test]
    fn a_list_says_how_many_more_there_are() {
        let texts = ["a", "b", "c"].map(str::to_owned);
        assert_eq!((list(&texts, 3), list(&texts, 2)), ("a, b, c".into(), "a, b and 1 more".into()));
    }
}
