//! Folders for temporary files, which go however the program ends; and published sets, fetched into one where they stand in
//! an object store.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

#[cfg(feature = "object-stores")]
use crate::loaders::{find_address, store};
use crate::signals::{self, CleanupGuard};

/// A folder for temporary files.
pub struct TemporaryFolder {
    folder: TempDir,
    _swept: CleanupGuard,
}

impl TemporaryFolder {
    /// Makes one.
    pub fn create() -> Result<TemporaryFolder> {
        Ok(TemporaryFolder::new(
            tempfile::tempdir().context("cannot write in the folder for temporary files")?,
        ))
    }

    /// Makes one in a folder, which is made where it is not there: what is in it can be moved out of it in one step.
    pub fn create_in(parent: &Path) -> Result<TemporaryFolder> {
        let made =
            fs::create_dir_all(parent).and_then(|()| tempfile::Builder::new().prefix(".").tempdir_in(parent));
        Ok(TemporaryFolder::new(made.with_context(|| format!("cannot write in {}", parent.display()))?))
    }

    fn new(folder: TempDir) -> TemporaryFolder {
        let path = folder.path().to_path_buf();
        let swept = signals::register_cleanup(move || drop(fs::remove_dir_all(&path)));
        TemporaryFolder { folder, _swept: swept }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// A folder of this machine with published sets.
pub struct SetsFolder {
    pub folder: PathBuf,
    /// What they were fetched into, where they stand in an object store.
    _fetched: Option<TemporaryFolder>,
}

impl SetsFolder {
    /// The folder itself, or one into which the sets of an object store were fetched.
    pub fn find(place: &Path) -> Result<SetsFolder> {
        #[cfg(feature = "object-stores")]
        if let Some(address) = find_address(place.as_os_str()) {
            let fetched = TemporaryFolder::create()?;
            store::fetch_sets(address, fetched.path())?;
            return Ok(SetsFolder { folder: fetched.path().into(), _fetched: Some(fetched) });
        }
        Ok(SetsFolder { folder: place.into(), _fetched: None })
    }
}
