//! What was said of cells beside them: notes, and threads of comments, which stand in parts of their own.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use crate::document::workbook::Comment;
use crate::input::workbook::container::Parts;
use crate::input::workbook::xml::{attribute, resolve};
use crate::input::workbook::{Unreadable, package, reference};
use crate::text::fold_whitespace;

/// How many comments a sheet may have: more than anyone writes by hand.
const MOST: usize = 100_000;

/// Spreadsheets repeat a thread as a note of an author of such a name, for programs that know no threads.
const THREAD: &str = "tc=";

/// The comments of the sheet in a part, in the order of their cells.
pub(super) fn read(parts: &Parts, sheet: &str) -> Result<Vec<Comment>, Unreadable> {
    let mut reader = CommentReader::default();
    for name in package::comments(parts, sheet)? {
        reader.read(parts.get(&name).unwrap_or_default())?;
    }
    reader.comments.sort_by_key(|comment| (comment.row, comment.column));
    Ok(reader.comments)
}

/// The comments of a sheet, as far as they were read.
#[derive(Default)]
struct CommentReader {
    comments: Vec<Comment>,
    authors: Vec<String>,
    /// The author of what is being read, and its cell.
    by: Option<usize>,
    at: Option<(u32, u32)>,
    /// The text inside the element that is being read.
    text: String,
}

impl CommentReader {
    fn read(&mut self, xml: &[u8]) -> Result<(), Unreadable> {
        self.authors.clear();
        let mut reader = Reader::from_reader(xml);
        loop {
            match reader.read_event().map_err(|error| Unreadable::damaged(&error))? {
                Event::Start(tag) => self.start(&tag)?,
                Event::Text(text) => self.text.push_str(&text),
                Event::CData(text) => self.text.push_str(&text),
                Event::GeneralRef(entity) => self.text.push_str(&resolve(&entity)?),
                Event::End(tag) => self.end(tag.local_name().as_ref()),
                Event::Eof => return Ok(()),
                _ => {}
            }
            if self.comments.len() > MOST {
                return Err(Unreadable::hostile(format!("a sheet has more than {MOST} comments")));
            }
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), Unreadable> {
        match tag.local_name().as_ref() {
            "comment" | "threadedComment" => {
                self.at = attribute(tag, "ref")?.and_then(|place| reference::cell(place.as_bytes()));
                self.by = attribute(tag, "authorId")?.and_then(|at| at.parse().ok());
                self.text.clear();
            }
            "author" => self.text.clear(),
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, name: &str) {
        match name {
            "author" => self.authors.push(self.text.trim().to_owned()),
            "comment" | "threadedComment" => {
                let comment = self.comment();
                self.comments.extend(comment);
            }
            _ => {}
        }
    }

    /// The comment that was read, without its author's name; none where it says nothing.
    fn comment(&mut self) -> Option<Comment> {
        let (row, column) = self.at.take()?;
        let author = self.by.take().and_then(|at| self.authors.get(at)).map_or("", String::as_str);
        let own = self.text.trim();
        let named = own.strip_prefix(author).and_then(|rest| rest.strip_prefix(':'));
        let text = fold_whitespace(named.filter(|_| !author.is_empty()).unwrap_or(own).trim()).into_owned();
        (!text.is_empty() && !author.starts_with(THREAD)).then_some(Comment { row, column, text })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn said(xml: &str) -> Vec<(u32, u32, String)> {
        let mut reader = CommentReader::default();
        reader.read(xml.as_bytes()).unwrap();
        reader.comments.into_iter().map(|comment| (comment.row, comment.column, comment.text)).collect()
    }

    #[test]
    fn notes_lose_the_name_of_their_author() {
        let cases = [
            ("<r><t>Ann Lee:</t></r><r><t>\nrevised &amp; checked</t></r>", "revised & checked"),
            ("<t>see: page 3</t>", "see: page 3"),
            ("<t>Ann Lee was here</t>", "Ann Lee was here"),
            ("<t>Coverage:\nresidents</t>", "Coverage: residents"),
        ];
        for (text, expected) in cases {
            let xml = format!(
                "<comments><authors><author>Bo</author><author>Ann Lee</author></authors><commentList><comment ref=\"C7\" authorId=\"1\"><text>{text}</text></comment></commentList></comments>"
            );
            assert_eq!(said(&xml), [(7, 3, expected.to_owned())], "{text}");
        }
    }

    #[test]
    fn a_thread_is_read_once() {
        let note = "<comments><authors><author>tc={1}</author></authors><commentList><comment ref=\"B2\" authorId=\"0\"><text><t>[Threaded comment] …</t></text></comment></commentList></comments>";
        assert_eq!(said(note), []);
        let thread = "<ThreadedComments><threadedComment ref=\"B2\" personId=\"{2}\"><text>provisional</text></threadedComment></ThreadedComments>";
        assert_eq!(said(thread), [(2, 2, "provisional".to_owned())]);
    }

    #[test]
    fn a_comment_that_says_nothing_or_stands_nowhere_is_none() {
        for (place, text) in [("B2", " "), ("", "x"), ("ZZZZ1", "x")] {
            let xml = format!("<comment ref=\"{place}\"><t>{text}</t></comment>");
            assert_eq!(said(&xml), [], "{place} {text}");
        }
    }
}
