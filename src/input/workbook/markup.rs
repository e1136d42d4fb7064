//! Texts and values that markup parts, as XML allows: `197<!-- -->57` and `197&#53;7` are 19757. calamine takes the characters
//! up to the first markup for all of them, so a part is written anew without comments, instructions and CDATA, and with
//! characters in place of the references to them: what then is checked and read is one text.

use memchr::memmem;
use quick_xml::events::{BytesText, Event};
use quick_xml::{Reader, Writer};

use crate::input::workbook::Unreadable;
use crate::input::workbook::xml::{next, resolve, write};

/// The part as plain texts and elements; none where it is so already.
pub(super) fn rewrite(xml: &[u8]) -> Result<Option<Vec<u8>>, Unreadable> {
    const PARTING: [&str; 3] = ["<!", "<?", "&#"];
    // Most parts begin with a declaration, and have no other instruction.
    let after = usize::from(xml.starts_with(b"<?xml"));
    let parted = PARTING.iter().any(|start| memmem::find(&xml[after..], start.as_bytes()).is_some());
    if parted { rewrite_part(xml).map(Some) } else { Ok(None) }
}

fn rewrite_part(xml: &[u8]) -> Result<Vec<u8>, Unreadable> {
    let mut reader = Reader::from_reader(xml);
    let mut writer = Writer::new(Vec::with_capacity(xml.len()));
    loop {
        match next(&mut reader)? {
            Event::Comment(_) | Event::PI(_) => {}
            Event::CData(text) => write(&mut writer, Event::Text(BytesText::new(&text)))?,
            Event::GeneralRef(entity) => match character(&entity)? {
                Some(character) => write(&mut writer, Event::Text(BytesText::new(&character)))?,
                None => write(&mut writer, Event::GeneralRef(entity))?,
            },
            Event::Eof => return Ok(writer.into_inner()),
            event => write(&mut writer, event)?,
        }
    }
}

/// The character that a reference by number stands for. A line end stays a reference: as a character it would be another.
fn character(entity: &str) -> Result<Option<String>, Unreadable> {
    if !entity.starts_with('#') {
        return Ok(None);
    }
    let character = resolve(entity)?;
    Ok((character != "\r").then_some(character))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_parts_a_text_is_taken_out() {
        let cases = [
            ("<v>197<!-- x -->57</v>", "<v>19757</v>"),
            ("<v>197&#53;&#x37;</v>", "<v>19757</v>"),
            ("<v>197<![CDATA[57]]></v>", "<v>19757</v>"),
            ("<?xml version=\"1.0\"?><v>197<?x y?>57</v>", "<?xml version=\"1.0\"?><v>19757</v>"),
            ("<t>a<![CDATA[<b>&amp;]]>&#38;&amp;&#13;</t>", "<t>a&lt;b&gt;&amp;amp;&amp;&amp;&#13;</t>"),
            ("<c r=\"A&#49;\"/>", "<c r=\"A&#49;\"/>"),
        ];
        for (xml, expected) in cases {
            let rewritten = rewrite(xml.as_bytes()).unwrap().unwrap();
            assert_eq!(String::from_utf8(rewritten).unwrap(), expected);
        }
        for plain in ["<?xml version=\"1.0\"?><v>19757</v>", "<t>a &amp; b</t>", ""] {
            assert_eq!(rewrite(plain.as_bytes()).unwrap(), None, "{plain}");
        }
        assert!(rewrite(b"<v>1<!-- ").is_err() && rewrite(b"<v>&#x110000;</v>").is_err());
    }
}
