//! `latest.json`: which set of a dataset counts, and which did before.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::load::{Fingerprint, PublishedSet};
use crate::problem::exit::Exit;

/// The name of the pointer in the folder of a dataset.
pub const POINTER: &str = "latest.json";

/// What a dataset's pointer says.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Pointer {
    /// The dataset.
    pub dataset: String,
    /// The hash of the set that counts, by which its folder in `sets` is called.
    pub set: String,
    /// How often the pointer was switched.
    pub serial: u64,
    /// The releases of the set.
    pub releases: Vec<String>,
    /// The files of the set.
    pub files: Vec<PointedFile>,
    /// The sets that counted before, the last one first.
    pub before: Vec<String>,
}

/// A file of a set that a pointer points to.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct PointedFile {
    /// Where it stands, from the folder of the dataset.
    pub path: String,
    /// What identifies its content.
    #[serde(flatten)]
    pub fingerprint: Fingerprint,
}

/// Where the set of a dataset stands: in its folder, or where its pointer points.
///
/// # Errors
/// Where the pointer cannot be read, or is damaged.
pub fn resolve_set(dataset: &Path) -> Result<PathBuf> {
    let path = dataset.join(POINTER);
    if !path.is_file() {
        return Ok(dataset.into());
    }
    let text = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let pointer: Pointer = serde_json::from_slice(&text)
        .map_err(|error| Exit::Io.error(format!("{}: it is damaged: {error}", path.display())))?;
    Ok(dataset.join("sets").join(pointer.set))
}

impl Pointer {
    /// The pointer to a set, in place of another.
    #[must_use]
    pub fn new(set: &PublishedSet, files: Vec<PointedFile>, before: Option<&Pointer>) -> Pointer {
        let earlier = before.iter().flat_map(|pointer| [&pointer.set].into_iter().chain(&pointer.before));
        Pointer {
            dataset: set.package.name.clone(),
            set: set.hash.clone(),
            serial: before.map_or(0, |pointer| pointer.serial) + 1,
            releases: set.package.releases.clone(),
            files,
            before: earlier.filter(|hash| **hash != set.hash).cloned().collect(),
        }
    }
}
