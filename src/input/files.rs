//! The documents of a run: found, ordered by release, and put into batches whose make-up depends on the input alone,
//! so that the same input gives the same bytes on any machine.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::NaiveDate;

use crate::folder;
use crate::problem::exit::Exit;
use crate::text::parse_date;

/// How many documents a batch holds at most, unless they are of one release.
const BATCH_DOCUMENTS: usize = 128;
/// How many bytes a batch holds at most, unless one document has more.
const BATCH_BYTES: u64 = 16 << 20;
/// The largest document that is read.
const LARGEST_DOCUMENT: u64 = 1 << 30;

/// A document that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its release, as far as it is known before the document is read.
    pub release: Option<NaiveDate>,
}

impl SourceFile {
    /// The path, as messages name it.
    #[must_use]
    pub fn display_path(&self) -> String {
        self.path.to_string_lossy().into_owned()
    }

    /// Reads it.
    ///
    /// # Errors
    /// Where that fails, or it is too large.
    pub fn read(&self) -> Result<Vec<u8>> {
        if self.bytes > LARGEST_DOCUMENT {
            let message = format!(
                "{} has {} bytes; a document of more than {LARGEST_DOCUMENT} is not read",
                self.display_path(),
                self.bytes
            );
            return Err(Exit::Unreadable.error(message));
        }
        fs::read(&self.path).with_context(|| format!("cannot read {}", self.display_path()))
    }
}

/// All documents that the inputs name: files, and the files below folders but for hidden ones.
///
/// # Errors
/// Where there is none (exit 66), or a folder cannot be read.
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
    let about = match fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(Exit::NoInput.error(format!("{} does not exist", path.display())));
        }
        about => about.with_context(|| format!("cannot read {}", path.display()))?,
    };
    if !about.is_dir() && !about.is_file() {
        let message = format!("{} is neither a file nor a folder", path.display());
        return Err(Exit::Io.error(message));
    }
    if about.is_file() {
        found.push(SourceFile {
            path: path.into(),
            bytes: about.len(),
            release: release.or_else(|| parse_leading_date(path)),
        });
        return Ok(());
    }
    let names =
        folder::list_names(path).with_context(|| format!("cannot read the folder {}", path.display()))?;
    for name in names.iter().filter(|name| !name.to_string_lossy().starts_with('.')) {
        collect_files(&path.join(name), release, found)?;
    }
    Ok(())
}

/// The date in front of a file's name, which is its release: `2026-03-31-annex.txt`.
#[must_use]
pub fn parse_leading_date(path: &Path) -> Option<NaiveDate> {
    let name = path.file_name()?.to_string_lossy();
    let (date, rest) = name.split_at_checked("2026-03-31".len())?;
    let whole = !rest.starts_with(|c: char| c.is_ascii_digit());
    parse_date(date).filter(|_| whole)
}

/// Sources in the order of their releases, parted into batches; a release is never parted.
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
    same_release || batch.len() < BATCH_DOCUMENTS && bytes <= BATCH_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_in_front_of_a_name_is_the_release() {
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
        };
        let sizes =
            |sources: Vec<SourceFile>| split_into_batches(sources).iter().map(Vec::len).collect::<Vec<_>>();
        let days: Vec<SourceFile> = (1..=300).rev().map(|day| source(day, 1)).collect();
        assert_eq!(sizes(days.clone()), [128, 128, 44]);
        assert_eq!(split_into_batches(days)[0][0].path, Path::new("1"));
        assert_eq!(sizes(vec![source(1, 1); 300]), [300]);
        assert_eq!(sizes(vec![source(1, BATCH_BYTES), source(2, 1), source(3, 1)]), [1, 2]);
    }
}
