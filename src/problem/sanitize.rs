//! Makes text from a document safe to print: a control character could drive the terminal, and a long text fill it.

use std::borrow::Cow;
use std::fmt::Write;

/// Escapes characters that a terminal would act on or not show, such as `\u{202e}`, and cuts a long text.
#[must_use]
pub fn sanitize(text: &str) -> String {
    let shown: String = text.chars().take(MAX_LENGTH).collect();
    let shown = escape(&shown).replace('\n', "\\n");
    if text.chars().nth(MAX_LENGTH).is_some() { shown + "…" } else { shown }
}

/// Escapes characters that a terminal would act on or not show, but for tabs and line ends.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let escaped = |c: char| if is_hidden(c) { c.escape_unicode().to_string() } else { c.to_string() };
    Cow::Owned(text.chars().map(escaped).collect())
}

/// JSON in which characters that would not be shown are escaped; they can stand in its strings only.
pub(crate) fn escape_json(json: &str) -> Cow<'_, str> {
    if !json.contains(is_hidden) {
        return Cow::Borrowed(json);
    }
    let mut units = [0; 2];
    let mut escaped = String::with_capacity(json.len());
    for c in json.chars() {
        if is_hidden(c) {
            for unit in c.encode_utf16(&mut units) {
                let _ = write!(escaped, "\\u{unit:04x}"); // a text takes all
            }
        } else {
            escaped.push(c);
        }
    }
    Cow::Owned(escaped)
}

/// Whether a character drives a terminal, turns the direction of text, or is not seen.
fn is_hidden(c: char) -> bool {
    let is_unseen = matches!(c,
        '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
    is_unseen || c.is_control() && c != '\t' && c != '\n'
}

/// Quotes a text as a TOML string, escaping what is not safe to print.
pub(crate) fn quote_toml(text: &str) -> String {
    let escaped = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        _ if sanitize_char(c) == c => c.to_string(),
        _ => format!("\\U{:08X}", u32::from(c)),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}

/// How many characters of a text are printed.
const MAX_LENGTH: usize = 1000;

/// The same for one character of a line, which keeps its width.
pub(super) fn sanitize_char(c: char) -> char {
    if c == '\n' || is_hidden(c) { '\u{fffd}' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_seen_is_escaped() {
        assert_eq!(sanitize("a\u{202e}b\u{1b}[31m\nc\t"), "a\\u{202e}b\\u{1b}[31m\\nc\t");
        assert_eq!(escape("a\nb\u{2066}"), "a\nb\\u{2066}");
        let json = serde_json::to_string("a\u{202e}\u{7f}\u{e0041}\n").unwrap();
        let escaped = escape_json(&json);
        assert_eq!(escaped, "\"a\\u202e\\u007f\\udb40\\udc41\\n\"");
        assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), "a\u{202e}\u{7f}\u{e0041}\n");
    }

    #[test]
    fn a_text_is_quoted_as_toml_reads_it() {
        for text in ["8 490", "a\"b\\c", "\u{1b}[31m\u{202e}\t\u{a0}", ""] {
            let read: toml::Table = toml::from_str(&format!("a = {}", quote_toml(text))).unwrap();
            assert_eq!(read["a"].as_str(), Some(text));
            assert_eq!(sanitize(&quote_toml(text)), quote_toml(text));
        }
    }
}
