//! The tags of a part, in one quick pass over its bytes: enough XML to count and to refuse, before a reader is let near it.
//! A part that declares types or entities is refused: no workbook needs them, and they are how a few bytes unfold to
//! gigabytes or reach for files.

use crate::input::workbook::Unreadable;

/// A tag.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag<'x> {
    /// `<row r="1">`: its name without a prefix, what stands after it, and whether it ends at once.
    Start { name: &'x [u8], attributes: &'x [u8], ends: bool },
    /// `</row>`: its name without a prefix.
    End(&'x [u8]),
}

/// The tags of a part.
pub(super) struct Tags<'x> {
    xml: &'x [u8],
    at: usize,
}

impl<'x> Tags<'x> {
    pub(super) fn of(xml: &'x [u8]) -> Tags<'x> {
        Tags { xml, at: 0 }
    }

    /// Where the tag that was read last ends.
    pub(super) fn at(&self) -> usize {
        self.at
    }

    /// The next tag; none at the end.
    pub(super) fn next(&mut self) -> Result<Option<Tag<'x>>, Unreadable> {
        loop {
            let xml = self.xml;
            let rest = &xml[self.at..];
            // Most tags follow each other.
            let open = if rest.first() == Some(&b'<') { Some(0) } else { memchr::memchr(b'<', rest) };
            let Some(open) = open else { return Ok(None) };
            let start = self.at + open + 1;
            match xml.get(start) {
                Some(b'!') => self.skip_declared(start)?,
                Some(b'?') => self.at = start + past(&xml[start..], b"?>")?,
                _ => return self.tag(start).map(Some),
            }
        }
    }

    /// Skips a comment, or text in brackets.
    fn skip_declared(&mut self, start: usize) -> Result<(), Unreadable> {
        let rest = &self.xml[start..];
        self.at = start
            + if rest.starts_with(b"!--") {
                3 + past(&rest[3..], b"-->")?
            } else if rest.starts_with(b"![CDATA[") {
                past(rest, b"]]>")?
            } else {
                return Err(Unreadable::hostile(
                    "it declares a document type or entities (`<!DOCTYPE`), which can unfold to any size",
                ));
            };
        Ok(())
    }

    fn tag(&mut self, start: usize) -> Result<Tag<'x>, Unreadable> {
        let rest = &self.xml[start..];
        let length = end_of_tag(rest).ok_or_else(cut_off)?;
        self.at = start + length + 1;
        let inner = &rest[..length];
        let close = usize::from(inner.starts_with(b"/"));
        let ends = length > close && inner[length - 1] == b'/';
        let inner = &inner[close..length - usize::from(ends)];
        let (mut from, mut to) = (0, inner.len());
        for (at, byte) in inner.iter().enumerate() {
            match byte {
                b':' => from = at + 1,
                b' ' | b'\t' | b'\n' | b'\r' => {
                    to = at;
                    break;
                }
                _ => {}
            }
        }
        let (name, attributes) = (&inner[from..to], &inner[to..]);
        Ok(if close == 1 { Tag::End(name) } else { Tag::Start { name, attributes, ends } })
    }
}

/// The value of an attribute.
pub(super) fn attribute<'x>(attributes: &'x [u8], name: &[u8]) -> Option<&'x [u8]> {
    let mut rest = attributes.trim_ascii_start();
    while let Some(equal) = rest.iter().position(|byte| *byte == b'=') {
        let key = rest[..equal].trim_ascii();
        let value = rest[equal + 1..].trim_ascii_start();
        let quote = value.first()?;
        let end = value[1..].iter().position(|byte| byte == quote)? + 1;
        if key == name {
            return Some(&value[1..end]);
        }
        rest = value[end + 1..].trim_ascii_start();
    }
    None
}

/// A whole number as an attribute writes it.
pub(super) fn number(value: &[u8]) -> Option<u64> {
    std::str::from_utf8(value).ok()?.trim().parse().ok()
}

/// Whether a part is UTF-8, as it must be for the tags to be where they seem to be.
pub(super) fn is_utf8(part: &[u8]) -> Result<(), Unreadable> {
    let head = part.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(part).trim_ascii_start();
    let head = &head[..head.len().min(200)];
    let declared = head
        .starts_with(b"<?xml")
        .then(|| attribute(head.get(5..).unwrap_or_default(), b"encoding"))
        .flatten();
    let other = declared
        .is_some_and(|name| !name.eq_ignore_ascii_case(b"utf-8") && !name.eq_ignore_ascii_case(b"us-ascii"));
    let wide = matches!(head, [0xFE, 0xFF, ..] | [0xFF, 0xFE, ..] | [b'<', 0, ..] | [0, b'<', ..]);
    if other || wide { Err(Unreadable::hostile("a part of it is not in UTF-8")) } else { Ok(()) }
}

/// The place of the `>` that ends a tag: one between quotes ends nothing, and where quotes are even before the first it
/// stands between none.
fn end_of_tag(rest: &[u8]) -> Option<usize> {
    let first = memchr::memchr(b'>', rest)?;
    let (mut quotes, mut others) = (0, 0);
    for byte in &rest[..first] {
        quotes += usize::from(*byte == b'"');
        others += usize::from(*byte == b'\'');
    }
    if quotes % 2 == 0 && others == 0 { Some(first) } else { end_after_quotes(rest) }
}

fn end_after_quotes(rest: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        match *rest.get(at)? {
            b'>' => return Some(at),
            quote @ (b'"' | b'\'') => at += 1 + rest[at + 1..].iter().position(|byte| *byte == quote)?,
            _ => {}
        }
        at += 1;
    }
}

fn past(rest: &[u8], end: &[u8]) -> Result<usize, Unreadable> {
    memchr::memmem::find(rest, end).map(|at| at + end.len()).ok_or_else(cut_off)
}

fn cut_off() -> Unreadable {
    Unreadable::damaged(&"a part of it is cut off")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn names(xml: &str) -> Result<Vec<String>, Unreadable> {
        let (mut tags, mut names) = (Tags::of(xml.as_bytes()), Vec::new());
        while let Some(tag) = tags.next()? {
            let (sign, name) = match tag {
                Tag::Start { name, ends, .. } => (if ends { "." } else { "" }, name),
                Tag::End(name) => ("/", name),
            };
            names.push(format!("{sign}{}", String::from_utf8(name.to_vec()).unwrap()));
        }
        Ok(names)
    }

    #[test]
    fn tags_are_found_and_what_only_looks_like_one_is_not() {
        let cases: [(&str, &[&str]); 5] = [
            ("<?xml version=\"1.0\"?><a><b x=\"1\"/>text</a>", &["a", ".b", "/a"]),
            ("<x:a><x:b y='>'>1</x:b ></x:a>", &["a", "b", "/b", "/a"]),
            ("<a><!-- <b> --><![CDATA[<c>]]></a>", &["a", "/a"]),
            ("<a\n b=\"1\"\n>", &["a"]),
            ("no tag", &[]),
        ];
        for (xml, expected) in cases {
            assert_eq!(names(xml).unwrap(), expected, "{xml}");
        }
    }

    #[test]
    fn what_is_cut_off_or_declares_entities_is_refused() {
        for xml in ["<a", "<a b=\"", "<!-- ", "<![CDATA[ ]]", "<", "<?xml"] {
            assert!(names(xml).unwrap_err().found.contains("cut off"), "{xml}");
        }
        for xml in ["<!DOCTYPE a []><a/>", "<a><!ENTITY b \"c\"></a>"] {
            assert!(names(xml).unwrap_err().found.contains("document type"), "{xml}");
        }
    }

    #[test]
    fn attributes_are_found_by_their_whole_name() {
        let attributes = b" xr=\"no\" r = 'A1' s=\"=\" t=\"\"";
        assert_eq!(attribute(attributes, b"r"), Some(b"A1".as_slice()));
        assert_eq!(attribute(attributes, b"s"), Some(b"=".as_slice()));
        assert_eq!(attribute(attributes, b"t"), Some(b"".as_slice()));
        assert_eq!(attribute(attributes, b"x"), None);
        assert_eq!(attribute(b" r=A1", b"r"), None);
    }

    #[test]
    fn other_encodings_are_refused() {
        for part in [b"\xFF\xFE<\0".as_slice(), b"<\0a\0", b"<?xml version=\"1.0\" encoding=\"utf-16\"?>"] {
            assert!(is_utf8(part).is_err());
        }
        for part in ["\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?><a/>", "<a/>", ""] {
            assert!(is_utf8(part.as_bytes()).is_ok());
        }
    }
}
