//! Makes text from a document safe to print: a control character could drive the terminal, and a long text fill it.

/// Replaces characters that a terminal would act on or not show, and cuts a long text.
pub fn sanitize(text: &str) -> String {
    let shown: String = text.chars().take(MAX_LENGTH).map(sanitize_char).collect();
    if shown.len() < text.len() && text.chars().nth(MAX_LENGTH).is_some() { shown + "…" } else { shown }
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

pub(super) fn sanitize_char(c: char) -> char {
    let hidden =
        matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    if c != '\t' && c.is_control() || hidden { '\u{fffd}' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_quoted_as_toml_reads_it() {
        for text in ["8 490", "a\"b\\c", "\u{1b}[31m\u{202e}\t\u{a0}", ""] {
            let read: toml::Table = toml::from_str(&format!("a = {}", quote_toml(text))).unwrap();
            assert_eq!(read["a"].as_str(), Some(text));
            assert_eq!(sanitize(&quote_toml(text)), quote_toml(text));
        }
    }
}
