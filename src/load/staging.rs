//! The folder in which a set is prepared, beside the published one; it is made when the first file differs from what is
//! published, and goes when the run ends.

use std::collections::BTreeSet;
use std::fs::{self, File, FileType};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result};

use super::lock::PREPARED;
use crate::exit::{Exit, Fault};
use crate::signals;

/// A set in preparation.
pub struct Staging {
    folder: PathBuf,
    target: PathBuf,
    names: BTreeSet<String>,
    begun: Mutex<bool>,
}

impl Staging {
    /// Prepares a set of files with these names, to stand in the folder of the dataset.
    ///
    /// # Errors
    /// Where what stands there cannot be replaced.
    pub fn of(output: &Path, dataset: &str, names: BTreeSet<String>) -> Result<Staging> {
        let folder = output.join(format!("{PREPARED}{dataset}"));
        let staging = Staging { folder, target: output.join(dataset), names, begun: Mutex::new(false) };
        staging.refuse_what_is_not_ours()?;
        Ok(staging)
    }

    /// Where the set is prepared.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where it will stand.
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Whether a file differs from what is published.
    pub fn is_begun(&self) -> bool {
        *self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The published file of this name.
    pub fn published(&self, name: &str) -> Result<Option<File>> {
        let path = self.target.join(name);
        match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            file => Ok(Some(file.with_context(|| format!("cannot read {}", path.display()))?)),
        }
    }

    /// A file of this name in the folder.
    pub fn create(&self, name: &str) -> Result<File> {
        self.begin()?;
        let path = self.folder.join(name);
        File::create_new(&path).with_context(|| format!("cannot write {}", path.display()))
    }

    /// What to say where a file cannot be written.
    pub fn cannot_write(&self, name: &str) -> String {
        format!("cannot write {}", self.target.join(name).display())
    }

    /// Replacing the folder would take away what is not ours in it.
    pub fn refuse_what_is_not_ours(&self) -> Result<()> {
        let kind = match fs::symlink_metadata(&self.target) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            about => about.with_context(|| self.cannot_read())?.file_type(),
        };
        if !kind.is_dir() {
            let what = what(kind);
            let message = format!(
                "{} is {what}, and a folder is to stand there; move it away, or publish elsewhere by --output",
                self.target.display()
            );
            return Err(Fault::error(Exit::Io, message));
        }
        for entry in fs::read_dir(&self.target).with_context(|| self.cannot_read())? {
            let entry = entry.with_context(|| self.cannot_read())?;
            let is_file = entry.file_type().with_context(|| self.cannot_read())?.is_file();
            let is_ours = entry.file_name().to_str().is_some_and(|name| self.names.contains(name));
            if !(is_ours && is_file) {
                let path = entry.path();
                let message =
                    format!("{} was not written by bluebook and would be lost; move it away", path.display());
                return Err(Fault::error(Exit::Io, message));
            }
        }
        Ok(())
    }

    fn cannot_read(&self) -> String {
        format!("cannot read {}", self.target.display())
    }

    /// Makes the folder, where it was not made before.
    fn begin(&self) -> Result<()> {
        let mut begun = self.begun.lock().unwrap_or_else(PoisonError::into_inner);
        if !*begun {
            signals::undisturbed(|| fs::create_dir(&self.folder))
                .with_context(|| format!("cannot write {}", self.folder.display()))?;
            *begun = true;
        }
        Ok(())
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if self.is_begun() {
            // What is left where this fails is swept by the next run.
            for name in &self.names {
                let _ = fs::remove_file(self.folder.join(name));
            }
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

/// What is no folder, in words.
pub(super) fn what(kind: FileType) -> &'static str {
    match kind {
        _ if kind.is_symlink() => "a symbolic link",
        _ if kind.is_file() => "a file",
        _ => "neither a file nor a folder",
    }
}
