//! Files to documents: what a run reads, and each file's bytes → [`Content`] → [`Document`], a grid of cells for a text and
//! for each sheet of a workbook.

pub mod files;
pub mod format;
pub mod html;
pub mod limits;
pub mod markdown;
pub mod text;
pub mod workbook;
pub(crate) mod worker;

use encoding_rs::Encoding;
use sha2::{Digest, Sha256};

use crate::column_recovery;
use crate::document::{Body, Content, Document, Grid};
use crate::layout::guide::Guide;
use crate::position::Position;
use crate::problem::{Problem, Rule, Span};
use crate::text::format_hex;
pub use files::{SourceFile, find_sources, parse_leading_date, split_into_batches};
use format::{Fault, InputFormat, ReadBody, ReadOptions};
use limits::Limits;
use workbook::WorkbookFormat;

/// The formats of documents. The first that knows the bytes reads them; what is nothing else is text.
pub const INPUT_FORMATS: [&dyn InputFormat; 9] = [
    &WorkbookFormat::Xlsx,
    &WorkbookFormat::Xlsb,
    &WorkbookFormat::Xls,
    &WorkbookFormat::Ods,
    &WorkbookFormat::Encrypted,
    &WorkbookFormat::Archive,
    &html::Html,
    &markdown::Markdown,
    &text::Text,
];

/// Reads bytes as what they are, a workbook or text. `path` names it in messages, its last part in published data.
///
/// # Errors
/// Where the bytes are no text of the encoding, or a workbook that cannot be read.
pub fn read(path: &str, bytes: &[u8], encoding: Option<&'static Encoding>) -> Result<Content, Box<Problem>> {
    read_within(&Limits::default(), path, bytes, encoding)
}

/// Reads bytes as [`read`] does, within limits of one's own.
///
/// # Errors
/// Where the bytes are no text of the encoding, or a workbook that cannot be read within the limits.
pub fn read_within(
    limits: &Limits,
    path: &str,
    bytes: &[u8],
    encoding: Option<&'static Encoding>,
) -> Result<Content, Box<Problem>> {
    let known = INPUT_FORMATS.into_iter().find(|format| format.sniff(bytes)).unwrap_or(&text::Text);
    let read = known.read(bytes, &ReadOptions { limits, encoding });
    let ReadBody { description: format, body } = read.map_err(|fault| Box::new(unreadable(path, fault)))?;
    Ok(Content {
        path: path.into(),
        name: path.rsplit(['/', '\\']).next().unwrap_or(path).into(),
        sha256: format_hex(&Sha256::digest(bytes)),
        bytes: bytes.len() as u64,
        format,
        body,
    })
}

/// Parts a content into cells.
#[must_use]
pub fn document(content: &Content) -> Document<'_> {
    guided_document(content, &Guide::default())
}

/// The same, where a definition says how tables are laid out: sheets that they stand on keep all their columns.
#[must_use]
pub fn guided_document<'c>(content: &'c Content, guide: &Guide) -> Document<'c> {
    let grids = match &content.body {
        Body::Text(text) if guide.frames.is_empty() => vec![recover_columns(text::parse_grid(text))],
        Body::Text(text) => vec![recover_columns(text::parse_framed_grid(text))],
        Body::Markdown(text) => vec![recover_columns(markdown::parse_grid(text))],
        Body::Workbook(workbook) => workbook::grids(workbook, |sheet| guide.frames_sheet(sheet)),
    };
    Document { content, grids }
}

fn recover_columns(mut grid: Grid<'_>) -> Grid<'_> {
    column_recovery::recover_columns(&mut grid);
    grid
}

fn unreadable(path: &str, fault: Fault) -> Problem {
    let place = fault.place.map(|(row, column)| Position { sheet: None, row, column });
    let span = Span { place, ..Span::file(path.into(), "") };
    let message = format!("the document cannot be read: {}", fault.found);
    Problem::new(Rule::Unreadable, message, span).help(fault.help)
}
