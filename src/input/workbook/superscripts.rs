//! Superscripts of rich text, which a reader of workbooks joins to what they follow, so that `2025²` would be the year 20252:
//! their characters become those that Unicode has for them, as in any other text.

use quick_xml::errors::IllFormedError;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, BytesText, Event};
use quick_xml::{Error, Reader, Writer};

use crate::grammar::footnote;
use crate::input::workbook::Unreadable;

/// The part with its superscripts written as characters; none where it has none.
pub(super) fn written(xml: &[u8]) -> Result<Option<Vec<u8>>, Unreadable> {
    match memchr::memmem::find(xml, b"vertAlign") {
        Some(_) => rewritten(xml).map(Some).map_err(|error| Unreadable::damaged(&error)),
        None => Ok(None),
    }
}

fn rewritten(xml: &[u8]) -> Result<Vec<u8>, Error> {
    let mut reader = Reader::from_reader(xml);
    reader.config_mut().check_end_names = false;
    let mut writer = Writer::new(Vec::with_capacity(xml.len()));
    let mut raised = false;
    // What stands in a text that is set high: references and comments part it, and a mark is understood as a whole.
    let mut text: Option<String> = None;
    loop {
        let event = reader.read_event()?;
        match (&event, &mut text) {
            (Event::Start(tag) | Event::Empty(tag), None) if tag.local_name().as_ref() == "vertAlign" => {
                raised = is_superscript(tag)?;
            }
            (Event::Start(tag), None) if raised && tag.local_name().as_ref() == "t" => {
                writer.write_event(event.borrow())?;
                text = Some(String::new());
            }
            (Event::End(tag), Some(own)) if tag.local_name().as_ref() == "t" => {
                writer.write_event(Event::Text(BytesText::new(&raise(own))))?;
                text = None;
            }
            (Event::End(tag), None) if tag.local_name().as_ref() == "r" => raised = false,
            (Event::Text(own), Some(text)) => text.push_str(&own.xml10_content()),
            (Event::CData(own), Some(text)) => text.push_str(&own.xml10_content()),
            (Event::GeneralRef(name), Some(text)) => text.push_str(&unescape(&format!("&{};", &**name))?),
            (Event::Eof, None) => return Ok(writer.into_inner()),
            (Event::Start(_) | Event::Eof, Some(_)) => {
                return Err(IllFormedError::MissingEndTag("t".into()).into());
            }
            _ => {}
        }
        if text.is_none() {
            writer.write_event(event)?;
        }
    }
}

fn is_superscript(tag: &BytesStart<'_>) -> Result<bool, Error> {
    Ok(tag.try_get_attribute("val")?.is_some_and(|value| value.value.as_ref() == "superscript"))
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
    let raised: Option<String> = bare.trim_matches(['(', ')']).chars().map(footnote::raise).collect();
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
            ("(&#49;)", "¹"),
            ("1<!-- , -->,<![CDATA[2]]>", "¹,²"),
            ("<![CDATA[q&]]>", " (q&amp;)"),
            ("p", "ᵖ"),
            ("q", " (q)"),
            ("th", "th"),
            ("without visits", "without visits"),
        ] {
            for xml in [part(run), part(run).replace("\"superscript\"", "'superscript'")] {
                let written = String::from_utf8(written(xml.as_bytes()).unwrap().unwrap()).unwrap();
                assert!(written.contains(&format!("<t>{expected}</t></r><r><t> x</t>")), "{written}");
            }
        }
    }

    #[test]
    fn what_has_none_is_left_alone() {
        assert_eq!(written(b"<sst><si><t>2025</t></si></sst>").unwrap(), None);
        let subscript = part("2").replace("superscript\"/>", "subscript\" of=\"superscript\"/>");
        let written = written(subscript.as_bytes()).unwrap();
        assert_eq!(written.map(|xml| String::from_utf8(xml).unwrap()), Some(subscript));
    }

    #[test]
    fn what_cannot_be_understood_is_refused() {
        for run in ["&nothing;", "</t><vertAlign val=>", "1</t"] {
            assert!(written(part(run).as_bytes()).is_err(), "{run}");
        }
    }
}
