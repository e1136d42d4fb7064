//! The folder in which a set is prepared, beside the published one; it is made when the first file differs from what is
//! published, and goes when the run ends.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, FileType};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result};

use crate::load::folder::lock::PREPARED;
use crate::load::pointer::POINTER;
use crate::problem::exit::Exit;
use crate::{folder, signals};

/// A set in preparation.
pub struct Staging {
    folder: PathBuf,
    target: PathBuf,
    /// The names that a file of the set may have.
    own_names: BTreeSet<String>,
    /// The files in the folder; none where it was not made.
    files: Mutex<Option<BTreeMap<String, Arc<File>>>>,
    /// Whether files are flushed to the disk.
    durable: bool,
}

impl Staging {
    /// Prepares a set, whose files have some of these names, to stand in the folder of the dataset; a durable one is flushed to the
    /// disk.
    ///
    /// # Errors
    /// Where what stands there cannot be replaced.
    pub fn new(output: &Path, dataset: &str, own_names: BTreeSet<String>, durable: bool) -> Result<Staging> {
        let folder = output.join(format!("{PREPARED}{dataset}"));
        let staging =
            Staging { folder, target: output.join(dataset), own_names, files: Mutex::new(None), durable };
        staging.refuse_foreign_files()?;
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
        self.files().is_some()
    }

    /// The file of this name in the folder, where there is one.
    pub fn find_file(&self, name: &str) -> Option<Arc<File>> {
        self.files().as_ref().and_then(|files| files.get(name).cloned())
    }

    /// The published file of this name, where there is one.
    ///
    /// # Errors
    /// Where it cannot be opened.
    pub fn open_published(&self, name: &str) -> Result<Option<File>> {
        let path = self.target.join(name);
        match File::open(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            file => Ok(Some(file.with_context(|| format!("cannot read {}", path.display()))?)),
        }
    }

    /// A new file of this name in the folder, which is made for the first one. It stays open until the set is published, and
    /// can be read, too.
    ///
    /// # Errors
    /// Where it cannot be created.
    pub fn create(&self, name: &str) -> Result<Arc<File>> {
        let mut files = self.files();
        if files.is_none() {
            signals::defer_signals(|| fs::create_dir(&self.folder))
                .with_context(|| format!("cannot write {}", self.folder.display()))?;
        }
        let files = files.get_or_insert_default();
        let path = self.folder.join(name);
        let file = File::options().read(true).write(true).create_new(true).open(&path);
        let file = Arc::new(file.with_context(|| format!("cannot write {}", path.display()))?);
        files.insert(name.to_owned(), Arc::clone(&file));
        Ok(file)
    }

    /// Whether files are flushed to the disk.
    pub fn is_durable(&self) -> bool {
        self.durable
    }

    /// What to say where a file cannot be written.
    pub fn cannot_write(&self, name: &str) -> String {
        format!("cannot write {}", self.target.join(name).display())
    }

    /// Refuses to replace a folder with files that bluebook did not write: they would be lost.
    ///
    /// # Errors
    /// Where there is one, or the folder cannot be read.
    pub fn refuse_foreign_files(&self) -> Result<()> {
        let kind = match fs::symlink_metadata(&self.target) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            about => about.with_context(|| self.cannot_read())?.file_type(),
        };
        if !kind.is_dir() {
            let what = describe_file_type(kind);
            let message = format!(
                "{} is {what}, and a folder is to stand there; move it away, or publish elsewhere by --output",
                self.target.display()
            );
            return Err(Exit::Io.error(message));
        }
        for name in folder::list_names(&self.target).with_context(|| self.cannot_read())? {
            let path = self.target.join(&name);
            let is_file = fs::symlink_metadata(&path).with_context(|| self.cannot_read())?.is_file();
            let is_own = name.to_str().is_some_and(|name| self.own_names.contains(name));
            if name == POINTER {
                let folder = self.target.display();
                let message = format!(
                    "{folder} was published with `--layout sets`; publish it so again, or elsewhere by --output"
                );
                return Err(Exit::Io.error(message));
            }
            if !(is_own && is_file) {
                let message =
                    format!("{} was not written by bluebook and would be lost; move it away", path.display());
                return Err(Exit::Io.error(message));
            }
        }
        Ok(())
    }

    fn cannot_read(&self) -> String {
        format!("cannot read {}", self.target.display())
    }

    fn files(&self) -> MutexGuard<'_, Option<BTreeMap<String, Arc<File>>>> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if self.is_begun() {
            // What is left where this fails is swept by the next run.
            for name in &self.own_names {
                let _ = fs::remove_file(self.folder.join(name));
            }
            let _ = fs::remove_dir(&self.folder);
        }
    }
}

/// What stands where a folder should, in words.
pub(super) fn describe_file_type(kind: FileType) -> &'static str {
    match kind {
        _ if kind.is_symlink() => "a symbolic link",
        _ if kind.is_file() => "a file",
        _ => "neither a file nor a folder",
    }
}
