//! A published set, found in a folder: what `sql` and `load` take to a warehouse.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::columns::Table;
use crate::folder;
use crate::load::compare::{Difference, compare_with_package};
use crate::load::data_package::FILE_NAME;
use crate::load::folder::{Fingerprint, lock_for_reading};
use crate::load::pointer::{POINTER, resolve_set};
use crate::load::published_package::PublishedPackage;
use crate::problem::exit::Exit;

/// A published set.
pub struct PublishedSet {
    /// Where it stands.
    pub folder: PathBuf,
    /// What identifies it: the SHA-256 of its data package, which has the hash of every other file.
    pub hash: String,
    /// What it says of itself.
    pub package: PublishedPackage,
    /// Keeps runs out while it is read.
    _held: Option<File>,
}

impl PublishedSet {
    /// Opens the set in a folder, and keeps runs out of the output folder as long as it is open.
    ///
    /// # Errors
    /// Where it cannot be read, its data package is damaged, or a run holds the output folder.
    pub fn open(folder: &Path) -> Result<PublishedSet> {
        Ok(PublishedSet { _held: lock_for_reading(&above(folder))?, ..PublishedSet::open_held(folder)? })
    }

    /// As [`PublishedSet::open`], where the output folder is held already.
    ///
    /// # Errors
    /// As [`PublishedSet::open`].
    pub fn open_held(folder: &Path) -> Result<PublishedSet> {
        let path = folder.join(FILE_NAME);
        if !path.is_file() {
            // To read what is no file, as a pipe, might never end.
            return Err(Exit::Frozen.error(format!("{}: it is no file", path.display())));
        }
        let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let package = PublishedPackage::parse(&text)
            .map_err(|error| Exit::Frozen.error(format!("{}: it is damaged: {error}", path.display())))?;
        let hash = Fingerprint::from_reader(text.as_slice())?.sha256;
        Ok(PublishedSet { folder: folder.into(), hash, package, _held: None })
    }

    /// The files that are not as the data package says.
    ///
    /// # Errors
    /// Where one cannot be read.
    pub fn find_differences(&self) -> Result<Vec<Difference>> {
        compare_with_package(&self.folder)
    }

    /// The names of its files, what describes the others last.
    #[must_use]
    pub fn file_names(&self) -> Vec<String> {
        let files = self.package.resources.iter().map(|file| file.path.clone());
        files.chain([FILE_NAME.to_owned()]).collect()
    }

    /// Its tables and the names of their files in a format.
    ///
    /// # Errors
    /// Where it has none, or was written by a version that did not say how columns are stored.
    pub fn tables(&self, format: &str) -> Result<Vec<(Table, String)>> {
        let folder = self.folder.display();
        let tables = self.package.tables(format).ok_or_else(|| {
            let version = &self.package.bluebook;
            let message = format!(
                "{folder} was written by an older bluebook ({version}), which did not say how columns are stored; \
                 publish it again: `bluebook run`"
            );
            Exit::Config.error(message)
        })?;
        if tables.is_empty() {
            let message = format!(
                "{folder} has no {format} files; publish them, too: `bluebook run --format {format}` or without `--format`"
            );
            return Err(Exit::Config.error(message));
        }
        Ok(tables.into_iter().map(|(table, file)| (table, file.path.clone())).collect())
    }
}

/// The sets that stand in a folder: it is one itself, the folder of a dataset, or an output folder of some.
///
/// # Errors
/// Where there is none (exit 66), or the folder cannot be read.
pub fn find_sets(path: &Path) -> Result<Vec<PathBuf>> {
    if path.join(FILE_NAME).is_file() || path.join(POINTER).is_file() {
        return Ok(vec![resolve_set(path)?]);
    }
    let cannot_read = || format!("cannot read {}", path.display());
    let names = if path.is_dir() { folder::list_names(path).with_context(cannot_read)? } else { Vec::new() };
    let mut sets: Vec<PathBuf> = names
        .iter()
        .filter(|name| !name.to_string_lossy().starts_with('.'))
        .map(|name| resolve_set(&path.join(name)))
        .collect::<Result<_>>()?;
    sets.retain(|folder| folder.join(FILE_NAME).exists());
    sets.sort();
    if sets.is_empty() {
        let message = format!("no set is published in {}; `bluebook run` publishes one", path.display());
        return Err(Exit::NoInput.error(message));
    }
    Ok(sets)
}

/// The output folder that a set stands in: the one above it, or above the folder of its dataset where sets stand side by
/// side.
fn above(set: &Path) -> PathBuf {
    let set = fs::canonicalize(set).unwrap_or_else(|_| set.into());
    let in_sets = set.parent().is_some_and(|folder| folder.ends_with("sets"));
    set.ancestors().nth(if in_sets { 3 } else { 1 }).unwrap_or(&set).to_path_buf()
}
