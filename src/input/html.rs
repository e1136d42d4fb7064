//! HTML documents: a page is a sheet, row below row, as a browser shows it: a paragraph or caption a row of one cell, a row
//! of a table a row of cells, with those that span several.
//!
//! The tree is the one that browsers make, so that end tags may be left out. A page that ends early is refused: nobody
//! could tell which rows are missing.

mod nesting;
mod page;

use encoding_rs::Encoding;
use scraper::Html as Tree;

use crate::document::Body;
use crate::document::workbook::Workbook;
use crate::input::format::{Fault, InputFormat, ReadBody, ReadOptions};
use crate::input::text::decode;
use nesting::refuse_deep_nesting;
use page::read_page;

/// The format.
pub struct Html;

/// How much of a document is looked at to know what it is.
const HEAD: usize = 1 << 12;

impl InputFormat for Html {
    fn name(&self) -> &'static str {
        "HTML"
    }

    fn sniff(&self, bytes: &[u8]) -> bool {
        let head = lower_head(bytes);
        let begins = head.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
        let is_markup =
            ["<!doctype html", "<html", "<table", "<!--", "<?xml", "<head", "<body", "<div", "<section"];
        is_markup.iter().any(|start| begins.starts_with(start))
            && (head.contains("<html") || head.contains("<table") || begins.starts_with("<!doctype html"))
    }

    fn read(&self, bytes: &[u8], options: &ReadOptions<'_>) -> Result<ReadBody, Fault> {
        let (text, encoding) = decode(bytes, options.encoding.or_else(|| declared_encoding(bytes)))?;
        refuse_cut_off(&text)?;
        refuse_deep_nesting(&text)?;
        let workbook: Workbook = read_page(&Tree::parse_document(&text), options.limits)?;
        Ok(ReadBody { description: format!("HTML, {encoding}"), body: Body::Workbook(workbook) })
    }
}

fn lower_head(bytes: &[u8]) -> String {
    String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_lowercase()
}

/// The encoding that a page declares: `<meta charset="big5">`.
fn declared_encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = lower_head(bytes);
    let label = head.split_once("charset=")?.1.trim_start_matches(['"', '\'', ' ']);
    let end = label.find(|c: char| !c.is_ascii_alphanumeric() && !"-_".contains(c)).unwrap_or(label.len());
    Encoding::for_label(&label.as_bytes()[..end])
}

/// What a page begins it must end: else it is not all there.
fn refuse_cut_off(text: &str) -> Result<(), Fault> {
    let lower = text.to_lowercase();
    let ends = |tag: &str| {
        let begun = lower.rfind(&format!("<{tag}"));
        begun.is_none_or(|at| lower.rfind(&format!("</{tag}")).is_some_and(|end| end > at))
    };
    let is_whole = lower.contains("</")
        && ["html", "body", "table"].iter().all(|tag| ends(tag))
        && lower.trim_end().ends_with('>');
    if is_whole {
        return Ok(());
    }
    Err(Fault {
        place: None,
        found: "the page is cut off: it ends before what it began".into(),
        help: "fetch it again, and save all of it".into(),
    })
}
