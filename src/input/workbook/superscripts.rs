//! Superscripts of rich text, which a reader of workbooks joins to what they follow, so that `2025²` would be the year 20252:
//! their characters become those that Unicode has for them, as in any other text.

use quick_xml::events::{BytesText, Event};
use quick_xml::{Reader, Writer};

use crate::grammar::footnote;

/// The part with its superscripts written as characters; none where it has none, or cannot be understood.
pub(super) fn written(xml: &[u8]) -> Option<Vec<u8>> {
    memchr::memmem::find(xml, b"\"superscript\"")?;
    let mut reader = Reader::from_reader(xml);
    let mut writer = Writer::new(Vec::with_capacity(xml.len()));
    let (mut raised, mut in_text) = (false, false);
    loop {
        let event = reader.read_event().ok()?;
        match &event {
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "vertAlign" => {
                let value = tag.try_get_attribute("val").ok()??;
                raised = value.value.as_ref() == "superscript";
            }
            Event::Start(tag) if tag.local_name().as_ref() == "t" => in_text = true,
            Event::End(tag) if tag.local_name().as_ref() == "t" => in_text = false,
            Event::End(tag) if tag.local_name().as_ref() == "r" => raised = false,
            Event::Eof => return Some(writer.into_inner()),
            _ => {}
        }
        match event {
            Event::Text(text) if raised && in_text => {
                writer.write_event(Event::Text(BytesText::from_escaped(raise(&text)))).ok()?;
            }
            event => writer.write_event(event).ok()?,
        }
    }
}

/// A superscript as characters, or in brackets where Unicode has none for one of them. `1st` is no note.
fn raise(text: &str) -> String {
    const ORDINALS: [&str; 4] = ["st", "nd", "rd", "th"];
    /// More characters than marks of notes have: what is longer is a text that is set small.
    const MOST: usize = 8;
    let bare = text.trim();
    if bare.is_empty() || ORDINALS.contains(&bare) || bare.chars().count() > MOST {
        return text.to_owned();
    }
    // Brackets only adorn a mark: `1)` is 1.
    let raised: Option<String> =
        bare.trim_matches(['(', ')']).chars().map(footnote::to_superscript).collect();
    raised.unwrap_or_else(|| format!(" ({bare})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(run: &str) -> String {
        format!(
            "<sst><si><r><t>2025</t></r><r><rPr><vertAlign val=\"superscript\"/></rPr><t>{run}</t></r><r><t> x</t></r></si></sst>"
        )
    }

    #[test]
    fn superscripts_become_characters() {
        for (run, expected) in [
            ("2", "²"),
            ("1,2", "¹,²"),
            ("(1)", "¹"),
            ("p", "ᵖ"),
            ("q", " (q)"),
            ("th", "th"),
            ("without visits", "without visits"),
        ] {
            let xml = part(run);
            let written = String::from_utf8(written(xml.as_bytes()).unwrap()).unwrap();
            assert!(written.contains(&format!("<t>{expected}</t></r><r><t> x</t>")), "{written}");
        }
    }

    #[test]
    fn what_has_none_is_left_alone() {
        assert_eq!(written(b"<sst><si><t>2025</t></si></sst>"), None);
        assert_eq!(written(b"<sst><r><vertAlign val=\"superscript\"></sst>"), None);
        let subscript = part("2").replace("superscript\"/>", "subscript\" of=\"superscript\"/>");
        assert_eq!(written(subscript.as_bytes()).map(|xml| String::from_utf8(xml).unwrap()), Some(subscript));
    }
}
