//! Finds the documents of a run and splits them into batches. Batches depend on the input alone, so that the same input
//! gives the same bytes on any machine.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use chrono::NaiveDate;

use crate::folder;
use crate::problem::exit::Exit;
use crate::text::parse_date;

/// The most documents of a batch, unless they are of one release.
const MAX_BATCH_DOCUMENTS: usize = 128;
/// The most bytes of a batch, unless one document or release has more.
const MAX_BATCH_BYTES: u64 = 16 << 20;
/// The most bytes of a document.
const MAX_DOCUMENT_BYTES: u64 = 1 << 30;

/// A document on disk, or in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its path, or its name.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its release date, if it is known before the document is read.
    pub release: Option<NaiveDate>,
    /// Its bytes, where they are in memory.
    pub content: Option<Arc<[u8]>>,
}

impl SourceFile {
    /// A document on disk, of this size.
    #[must_use]
    pub fn on_disk(path: &Path, bytes: u64, release: Option<NaiveDate>) -> SourceFile {
        let release = release.or_else(|| parse_leading_date(path));
        SourceFile { path: path.into(), bytes, release, content: None }
    }

    /// A document in memory.
    #[must_use]
    pub fn in_memory(name: &str, content: &[u8]) -> SourceFile {
        let on_disk = SourceFile::on_disk(name.as_ref(), content.len() as u64, None);
        SourceFile { content: Some(content.into()), ..on_disk }
    }

    /// The path for messages; invalid Unicode is replaced.
    #[must_use]
    pub fn display_path(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }

    /// Reads the document.
    ///
    /// # Errors
    /// If it is too large (exit 65), or cannot be read.
    pub fn read(&self) -> Result<Cow<'_, [u8]>> {
        if self.bytes > MAX_DOCUMENT_BYTES {
            let message = format!(
                "{} has {} bytes; a document of more than {MAX_DOCUMENT_BYTES} is not read",
                self.display_path(),
                self.bytes
            );
            return Err(Exit::Unreadable.error(message));
        }
        match &self.content {
            Some(content) => Ok(Cow::Borrowed(content)),
            None => Ok(fs::read(&self.path)
                .with_context(|| format!("cannot read {}", self.display_path()))?
                .into()),
        }
    }
}

/// Finds all documents of the inputs: files, and the files in folders and their subfolders, except hidden ones.
///
/// # Errors
/// If an input has no documents (exit 66), or a folder cannot be read.
pub fn find_sources(inputs: &[PathBuf], release: Option<NaiveDate>) -> Result<Vec<SourceFile>> {
    let mut found = Vec::new();
    for input in inputs {
        let before = found.len();
        collect_files(input, release, &mut found)?;
        if found.len() == before {
            let message = format!(
                "{} holds no documents; put the published tables there, or name them",
                input.display()
            );
            return Err(Exit::NoInput.error(message));
        }
    }
    found.sort_by_cached_key(|source| (source.path.file_name().map(OsStr::to_owned), source.path.clone()));
    found.dedup_by(|a, b| a.path == b.path);
    Ok(found)
}

fn collect_files(path: &Path, release: Option<NaiveDate>, found: &mut Vec<SourceFile>) -> Result<()> {
    let metadata = match fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Exit::NoInput.error(format!("{} does not exist", path.display())));
        }
        metadata => metadata.with_context(|| format!("cannot read {}", path.display()))?,
    };
    if metadata.is_file() {
        found.push(SourceFile::on_disk(path, metadata.len(), release));
        return Ok(());
    }
    if !metadata.is_dir() {
        let message = format!("{} is neither a file nor a folder", path.display());
        return Err(Exit::Io.error(message));
    }
    let names =
        folder::list_names(path).with_context(|| format!("cannot read the folder {}", path.display()))?;
    for name in names.iter().filter(|name| !name.to_string_lossy().starts_with('.')) {
        collect_files(&path.join(name), release, found)?;
    }
    Ok(())
}

/// The release date at the beginning of a file's name: `2026-03-31-annex.txt`.
#[must_use]
pub fn parse_leading_date(path: &Path) -> Option<NaiveDate> {
    let name = path.file_name()?.to_string_lossy();
    let (date, rest) = name.split_at_checked("2026-03-31".len())?;
    let is_whole = !rest.starts_with(|c: char| c.is_ascii_digit());
    parse_date(date).filter(|_| is_whole)
}

/// Sorts documents by release date and splits them into batches. The documents of a release stay together.
#[must_use]
pub fn split_into_batches(mut sources: Vec<SourceFile>) -> Vec<Vec<SourceFile>> {
    sources.sort_by_key(|source| source.release);
    let mut batches: Vec<Vec<SourceFile>> = Vec::new();
    let mut bytes = 0;
    for source in sources {
        bytes += source.bytes;
        match batches.last_mut() {
            Some(batch) if fits_batch(batch, bytes, &source) => batch.push(source),
            _ => {
                bytes = source.bytes;
                batches.push(vec![source]);
            }
        }
    }
    batches
}

fn fits_batch(batch: &[SourceFile], bytes: u64, next: &SourceFile) -> bool {
    let same_release = batch.last().is_some_and(|last| last.release == next.release);
    same_release || batch.len() < MAX_BATCH_DOCUMENTS && bytes <= MAX_BATCH_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_at_the_start_of_a_name_is_the_release() {
        let cases = [
            ("2026-03-31.txt", Some("2026-03-31")),
            ("d/2026-03-31-annex.txt", Some("2026-03-31")),
            ("2026-13-31.txt", None),
            ("2026-03-311.txt", None),
            ("annex-2026-03-31.txt", None),
            ("+2026-1-01.txt", None),
            ("26-1-1.txt", None),
            ("0026-01-01.txt", None),
            ("é", None),
        ];
        for (name, expected) in cases {
            assert_eq!(
                parse_leading_date(Path::new(name)).map(|date| date.to_string()).as_deref(),
                expected,
                "{name}"
            );
        }
    }

    #[test]
    fn batches_are_cut_by_number_and_size_but_never_within_a_release() {
        let source = |day: u32, bytes| SourceFile {
            path: format!("{day}").into(),
            bytes,
            release: NaiveDate::from_yo_opt(2020, day),
            content: None,
        };
        let sizes =
            |sources: Vec<SourceFile>| split_into_batches(sources).iter().map(Vec::len).collect::<Vec<_>>();
        let days: Vec<SourceFile> = (1..=300).rev().map(|day| source(day, 1)).collect();
        assert_eq!(sizes(days.clone()), [128, 128, 44]);
        assert_eq!(split_into_batches(days)[0][0].path, Path::new("1"));
        assert_eq!(sizes(vec![source(1, 1); 300]), [300]);
        assert_eq!(sizes(vec![source(1, MAX_BATCH_BYTES), source(2, 1), source(3, 1)]), [1, 2]);
    }
}
