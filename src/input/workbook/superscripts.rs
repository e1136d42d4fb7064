//! Superscripts of rich text, which a reader of workbooks joins to what they follow, so that `2025²` would be the year 20252:
//! their characters become those that Unicode has for them, as in any other text.

use quick_xml::events::{BytesText, Event};
use quick_xml::{Reader, Writer};

use crate::grammar::footnote;
use crate::input::workbook::Unreadable;
use crate::input::workbook::xml::{attribute, next, resolve, write};

/// The part with its superscripts written as characters; none where it has none.
pub(super) fn rewrite(xml: &[u8]) -> Result<Option<Vec<u8>>, Unreadable> {
    match memchr::memmem::find(xml, b"vertAlign") {
        Some(_) => rewrite_part(xml).map(Some),
        None => Ok(None),
    }
}

fn rewrite_part(xml: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let mut reader = Reader::from_reader(xml);
    let mut writer = Writer::new(Vec::with_capacity(xml.len()));
    let mut is_raised = false;
    loop {
        let event = next(&mut reader)?;
        match &event {
            Event::Start(tag) if is_raised && tag.local_name().as_ref() == "t" => {
                let text = footnote::raise(&read_text(&mut reader)?);
                write(&mut writer, event.borrow())?;
                write(&mut writer, Event::Text(BytesText::new(&text)))?;
                write(&mut writer, Event::End(tag.to_end()))?;
                continue;
            }
            Event::Start(tag) | Event::Empty(tag) if tag.local_name().as_ref() == "vertAlign" => {
                is_raised = attribute(tag, "val")?.as_deref() == Some("superscript");
            }
            Event::End(tag) if tag.local_name().as_ref() == "r" => is_raised = false,
            Event::Eof => return Ok(writer.into_inner()),
            _ => {}
        }
        write(&mut writer, event)?;
    }
}

/// The text of the element that was begun: references, CDATA and comments part it, and a mark is understood as a whole.
fn read_text(reader: &mut Reader<&[u8]>) -> Result<String, Unreadable> {
    let mut text = String::new();
    loop {
        match next(reader)? {
            Event::Text(own) => text.push_str(&own.xml10_content()),
            Event::CData(own) => text.push_str(&own.xml10_content()),
            Event::GeneralRef(entity) => text.push_str(&resolve(&entity)?),
            Event::End(_) => return Ok(text),
            Event::Start(_) | Event::Eof => return Err(Unreadable::hostile("it has a text with tags in it")),
            _ => {}
        }
    }
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
                let written = String::from_utf8(rewrite(xml.as_bytes()).unwrap().unwrap()).unwrap();
                assert!(written.contains(&format!("<t>{expected}</t></r><r><t> x</t>")), "{written}");
            }
        }
    }

    #[test]
    fn what_has_none_is_left_alone() {
        assert_eq!(rewrite(b"<sst><si><t>2025</t></si></sst>").unwrap(), None);
        let subscript = part("2").replace("superscript\"/>", "subscript\" of=\"superscript\"/>");
        let written = rewrite(subscript.as_bytes()).unwrap();
        assert_eq!(written.map(|xml| String::from_utf8(xml).unwrap()), Some(subscript));
    }

    #[test]
    fn what_cannot_be_understood_is_refused() {
        for run in ["&nothing;", "</t><vertAlign val=>", "1</t"] {
            assert!(rewrite(part(run).as_bytes()).is_err(), "{run}");
        }
    }
}
