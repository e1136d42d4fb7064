//! How a page was made: the documents with their hashes, the files beside it, the program and the definition.

use crate::page::{Page, words};
use crate::summary::SourceOf;

/// A file beside the page.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub meaning: String,
    /// How many rows it has.
    pub rows: Option<u64>,
    /// Its size.
    pub bytes: u64,
}

/// How a page was made.
pub struct Making<'a> {
    pub version: &'static str,
    pub definition_sha256: String,
    /// The documents of the release.
    pub documents: Vec<ReadDocument<'a>>,
    /// Those of the releases before, the newest first.
    pub earlier: Vec<ReadDocument<'a>>,
    pub files: &'a [DataFile],
}

/// A document that was read.
pub struct ReadDocument<'a> {
    pub name: &'a str,
    pub release: String,
    pub size: String,
    pub sha256: &'a str,
}

impl DataFile {
    /// Its size in words.
    #[must_use]
    pub fn size(&self) -> String {
        let rows = self.rows.map(|rows| format!("{}, ", words::count(rows as usize, "row")));
        rows.unwrap_or_default() + &words::bytes(self.bytes)
    }
}

impl<'a> Making<'a> {
    pub fn new(page: &'a Page<'_>, release: Option<&str>) -> Making<'a> {
        let documents = page.about.sources.iter().map(ReadDocument::new);
        let is_newest = |of: &ReadDocument<'_>| release.is_none_or(|release| of.release == release);
        let (documents, mut earlier): (Vec<_>, Vec<_>) = documents.partition(is_newest);
        earlier.sort_by(|a, b| b.release.cmp(&a.release));
        let definition_sha256 = page.definition.sha256();
        Making { version: page.about.version, definition_sha256, documents, earlier, files: page.files }
    }
}

impl<'a> ReadDocument<'a> {
    fn new(of: &'a SourceOf) -> ReadDocument<'a> {
        let release = of.release.map(|day| day.to_string()).unwrap_or_default();
        ReadDocument { name: &of.name, release, size: words::bytes(of.bytes), sha256: &of.sha256 }
    }
}
