//! Documents to raw observations: bytes → [`Content`] → [`Document`] → tables → frame, with every problem found on
//! the way.

pub mod figure;
mod flat;
pub mod footnote;
pub mod labels;
pub mod legend;
pub mod mark;
pub mod number;
pub mod observations;
pub mod period;
pub mod tables;
pub mod text;
mod ties;

use encoding_rs::Encoding;
use sha2::{Digest, Sha256};

use crate::document::{Content, Document};
use crate::place::Place;
use crate::problem::{Kind, Mark, Problem};
pub(crate) use tables::folded;

/// Reads bytes as text. `path` names it in messages, its last part in published data.
///
/// # Errors
/// Where the bytes are no text of the encoding, or a format that bluebook does not read.
pub fn read(path: &str, bytes: &[u8], encoding: Option<&'static Encoding>) -> Result<Content, Box<Problem>> {
    let (text, encoding) = text::decode(bytes, encoding).map_err(|fault| Box::new(not_text(path, &fault)))?;
    Ok(Content {
        path: path.into(),
        name: path.rsplit(['/', '\\']).next().unwrap_or(path).into(),
        sha256: hex(&Sha256::digest(bytes)),
        bytes: bytes.len() as u64,
        format: format!("text, {encoding}"),
        text,
    })
}

/// Parts a content into cells.
#[must_use]
pub fn document(content: &Content) -> Document<'_> {
    let mut grid = text::grid(&content.text);
    flat::part(&mut grid);
    Document { content, grids: vec![grid] }
}

fn not_text(path: &str, fault: &text::NotText) -> Problem {
    let place = Some(Place { sheet: None, row: fault.line, column: fault.column });
    let mark = Mark { file: path.into(), place, line: None, width: 1, label: String::new() };
    let message = format!("the document cannot be read: {}", fault.found);
    Problem::data("unreadable", message, mark).of_kind(Kind::Unreadable).help(fault.help.clone())
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut hex, byte| {
        hex.push(char::from_digit(u32::from(byte >> 4), 16).unwrap_or('0'));
        hex.push(char::from_digit(u32::from(byte & 15), 16).unwrap_or('0'));
        hex
    })
}
