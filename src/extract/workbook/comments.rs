//! What was said of cells beside them, which a sheet shows on demand only.

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::events::Event;

use super::reference;
use crate::extract::folded;
use crate::workbook::Comment;

/// The comments of a part, in its order; those of a part that cannot be understood are none, as no figure hangs on them.
pub(super) fn of_part(xml: &[u8]) -> Vec<Comment> {
    let mut reader = Reader::from_reader(xml);
    let (mut comments, mut open, mut in_text) = (Vec::new(), None, false);
    let (mut authors, mut author) = (BTreeSet::new(), None::<String>);
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => match tag.local_name().as_ref() {
                "comment" => {
                    let of = tag.try_get_attribute("ref").ok().flatten();
                    open = of
                        .and_then(|of| reference::cell(of.value.as_bytes()))
                        .map(|place| (place, String::new()));
                }
                "t" => in_text = true,
                "author" => author = Some(String::new()),
                _ => {}
            },
            Ok(Event::End(tag)) => match tag.local_name().as_ref() {
                "comment" => comments.extend(open.take().and_then(|said| comment(said, &authors))),
                "t" => in_text = false,
                "author" => authors.extend(author.take()),
                _ => {}
            },
            Ok(Event::Text(text)) if in_text || author.is_some() => add(&mut author, &mut open, &text),
            Ok(Event::GeneralRef(entity)) if in_text || author.is_some() => {
                add(&mut author, &mut open, &resolved(&entity));
            }
            Ok(Event::Eof) | Err(_) => return comments,
            Ok(_) => {}
        }
    }
}

type Open = Option<((u32, u32), String)>;

/// Adds to the name of an author, or else to what a comment says.
fn add(author: &mut Option<String>, open: &mut Open, text: &str) {
    match (author, open) {
        (Some(name), _) => name.push_str(text),
        (None, Some((_, said))) => said.push_str(text),
        (None, None) => {}
    }
}

/// A character that is written by name or number.
fn resolved(entity: &str) -> String {
    let written = format!("&{entity};");
    quick_xml::escape::unescape(&written).map_or(String::new(), Into::into)
}

/// A comment without the name of its author, which stands on a line of its own; another first line is what is said.
fn comment(((row, column), said): ((u32, u32), String), authors: &BTreeSet<String>) -> Option<Comment> {
    let is_author = |line: &str| line.trim().strip_suffix(':').is_some_and(|name| authors.contains(name));
    let signed = said.split_once('\n').filter(|(first, _)| is_author(first));
    let said = signed.map_or(said.as_str(), |(_, rest)| rest);
    let text = folded(said.trim()).into_owned();
    (!text.is_empty()).then_some(Comment { row, column, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_are_read_with_their_cells() {
        let xml = "<comments><authors><author>A Person</author></authors><commentList>\
            <comment ref=\"C7\" authorId=\"0\"><text><r><t>A Person:</t></r><r><t xml:space=\"preserve\">\nRevised &amp; final</t></r></text></comment>\
            <comment ref=\"B2\"><text><t>  provisional\n figure </t></text></comment><comment ref=\"?\"><text><t>x</t></text></comment>\
            <comment ref=\"D1\"><text><t>Coverage:\nresidents</t></text></comment>\
            </commentList></comments>";
        let comment = |row, column, text: &str| Comment { row, column, text: text.into() };
        assert_eq!(
            of_part(xml.as_bytes()),
            [
                comment(7, 3, "Revised & final"),
                comment(2, 2, "provisional figure"),
                comment(1, 4, "Coverage: residents")
            ]
        );
        assert_eq!(of_part(b"<comments><comment ref=\"A1\"><text>"), []);
    }
}
