//! What parts of a workbook need of XML beside quick-xml's events.

use std::borrow::Cow;

use quick_xml::escape::unescape;
use quick_xml::events::{BytesDecl, BytesStart, Event};
use quick_xml::{Reader, Writer};

use crate::input::workbook::Unreadable;

/// The value of an attribute; without one of that name, of one with a prefix before it: `r:id`.
pub(super) fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, Unreadable> {
    let mut found = None;
    for attribute in tag.attributes() {
        let attribute = attribute.map_err(|error| Unreadable::damaged(&error))?;
        let is_exact = attribute.key.as_ref() == name;
        if is_exact || found.is_none() && attribute.key.local_name().as_ref() == name {
            let value = unescape(&attribute.value).map_err(|error| Unreadable::damaged(&error))?;
            found = Some(value.into_owned());
        }
        if is_exact {
            break;
        }
    }
    Ok(found)
}

/// The next event of a part.
pub(super) fn next<'x>(reader: &mut Reader<&'x [u8]>) -> Result<Event<'x>, Unreadable> {
    reader.read_event().map_err(|error| Unreadable::damaged(&error))
}

/// Writes an event of a part.
pub(super) fn write(writer: &mut Writer<Vec<u8>>, event: Event<'_>) -> Result<(), Unreadable> {
    writer.write_event(event).map_err(|error| Unreadable::damaged(&error))
}

/// The character of a reference: `7` of `#55`, `<` of `lt`.
pub(super) fn resolve(entity: &str) -> Result<String, Unreadable> {
    let reference = format!("&{entity};");
    unescape(&reference).map(Cow::into_owned).map_err(|error| Unreadable::damaged(&error))
}

/// quick-xml reads UTF-8, whatever a part says of itself.
pub(super) fn check_encoding(declaration: &BytesDecl<'_>) -> Result<(), Unreadable> {
    let Some(encoding) = declaration.encoding() else { return Ok(()) };
    let encoding = encoding.map_err(|error| Unreadable::damaged(&error))?;
    if ["utf-8", "us-ascii"].iter().any(|known| encoding.eq_ignore_ascii_case(known)) {
        return Ok(());
    }
    Err(Unreadable::hostile("a part of it is not in UTF-8"))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_attribute_is_found_by_its_whole_name_before_one_with_a_prefix() {
        let tag =
            BytesStart::from_content("c xr=\"no\" x:r=\"other\" r = 'A1' s=\"=\" t=\"&lt;\" r:id=\"1\"", 1);
        for (name, value) in
            [("r", Some("A1")), ("s", Some("=")), ("t", Some("<")), ("id", Some("1")), ("x", None)]
        {
            assert_eq!(attribute(&tag, name).unwrap().as_deref(), value, "{name}");
        }
        for content in ["c r=A1", "c s=\"1\" s=\"1\" r=\"A1\""] {
            assert!(attribute(&BytesStart::from_content(content, 1), "r").is_err(), "{content}");
        }
    }
}
