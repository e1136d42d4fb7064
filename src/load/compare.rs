//! A published set against a derived one, or against its own description: which files differ, and where.

mod rows;

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::load::FORMATS;
use crate::load::data_package::FILE_NAME;
use crate::load::folder::{Fingerprint, list_files};
use crate::load::published_package::PublishedPackage;
use rows::find_difference;

/// A published file that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its path.
    pub file: PathBuf,
    /// What is not as it should be, in a few words.
    pub what: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file.display(), self.what)
    }
}

const MISSING: &str = "it is missing";
const NO_FILE: &str = "it is no file";

/// The files of a published set that differ from those that were derived again, and those that were not; none where all bytes
/// are the same.
///
/// # Errors
/// Where a file cannot be read.
pub fn compare_sets(published: &Path, derived: &Path) -> Result<Vec<Difference>> {
    let derived_names = list_files(derived)?;
    let mut differences = compare_files(published, derived)?;
    for name in list_files(published)?.iter().filter(|name| !derived_names.contains(name)) {
        differences.push(Difference { file: published.join(name), what: "it is no file of the set".into() });
    }
    Ok(differences)
}

/// As [`compare_sets`], of those files alone that were derived.
///
/// # Errors
/// As [`compare_sets`].
pub fn compare_files(published: &Path, derived: &Path) -> Result<Vec<Difference>> {
    let mut differences = Vec::new();
    for name in list_files(derived)? {
        let file = published.join(&name);
        let what = match missing_file(&file) {
            Some(what) => Some(what.to_owned()),
            None => find_difference(&file, &derived.join(&name))
                .with_context(|| format!("cannot compare {}", file.display()))?,
        };
        differences.extend(what.map(|what| Difference { file, what }));
    }
    differences.sort_by_key(|difference| rank(&difference.file));
    Ok(differences)
}

/// The files of a published set that are not as its own data package says.
///
/// # Errors
/// Where a file cannot be read.
pub fn compare_with_package(published: &Path) -> Result<Vec<Difference>> {
    let difference = |name: &Path, what: String| Difference { file: published.join(name), what };
    let mut hashes = match read_hashes(&published.join(FILE_NAME))? {
        Ok(hashes) => hashes,
        Err(what) => return Ok(vec![difference(FILE_NAME.as_ref(), what)]),
    };
    let mut differences = Vec::new();
    for name in list_files(published)? {
        let expected = hashes.remove(name.to_string_lossy().as_ref());
        let what = match expected {
            None if name == FILE_NAME => None,
            None => Some(format!("{FILE_NAME} does not name it")),
            Some(hash) => check_hash(&published.join(&name), &hash)?,
        };
        differences.extend(what.map(|what| difference(name.as_ref(), what)));
    }
    differences.extend(hashes.keys().map(|name| difference(name.as_ref(), MISSING.into())));
    Ok(differences)
}

/// How many files a set has.
///
/// # Errors
/// Where its folder cannot be read.
pub fn count_files(set: &Path) -> Result<usize> {
    Ok(list_files(set)?.len())
}

/// What a person can read comes first, and what describes the others last.
fn rank(file: &Path) -> usize {
    let extension = file.extension().unwrap_or_default();
    FORMATS.iter().position(|format| extension == format.name()).unwrap_or(FORMATS.len())
}

/// What to say of a path where no file is.
fn missing_file(path: &Path) -> Option<&'static str> {
    (!path.is_file()).then(|| if path.exists() { NO_FILE } else { MISSING })
}

/// The hash of each file by its name, as a data package says; or why it does not.
fn read_hashes(package: &Path) -> Result<Result<BTreeMap<String, String>, String>> {
    if let Some(what) = missing_file(package) {
        return Ok(Err(what.into()));
    }
    let text = fs::read(package).with_context(|| format!("cannot read {}", package.display()))?;
    let package = PublishedPackage::parse(&text).map_err(|error| format!("it is damaged: {error}"));
    Ok(package.map(|package| package.resources.into_iter().map(|file| (file.path, file.hash)).collect()))
}

/// What is wrong with a file that should have this hash.
fn check_hash(path: &Path, expected: &str) -> Result<Option<String>> {
    if !path.is_file() {
        return Ok(Some(NO_FILE.into()));
    }
    let found = Fingerprint::from_disk(path).with_context(|| format!("cannot read {}", path.display()))?;
    let is_same = expected == format!("sha256:{}", found.sha256);
    Ok((!is_same).then(|| format!("its SHA-256 is not the one in {FILE_NAME}")))
}
