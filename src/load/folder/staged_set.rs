//! A set that was written: what differs from the published one stands in its folder. It is completed and flushed to the disk
//! before it is published.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result, anyhow};

use crate::load::PublishedFile;
use crate::load::folder;
use crate::load::folder::lock::sync_folder;
use crate::load::folder::staging::Staging;
use crate::parallel::describe_refusal;

/// A set that was written.
pub struct StagedSet {
    staging: Staging,
    /// All of its files.
    files: Vec<PublishedFile>,
    /// The published files that it does not have.
    removed: Vec<OsString>,
}

impl StagedSet {
    /// A set whose files were written.
    ///
    /// # Errors
    /// Where the published set cannot be read.
    pub fn new(staging: Staging, files: Vec<PublishedFile>) -> Result<StagedSet> {
        let mut removed = folder::list_files(staging.target())?;
        removed.retain(|name| files.iter().all(|file| *name != *file.name));
        Ok(StagedSet { staging, files, removed })
    }

    /// Its files.
    #[must_use]
    pub fn files(&self) -> &[PublishedFile] {
        &self.files
    }

    /// Where the set will stand.
    #[must_use]
    pub fn target(&self) -> &Path {
        self.staging.target()
    }

    /// Where its files stand that differ from the published ones.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.staging.folder()
    }

    /// Whether publishing the set would change anything.
    #[must_use]
    pub fn would_change(&self) -> bool {
        self.staging.is_begun() || !self.removed.is_empty()
    }

    /// The files that differ from the published ones.
    #[must_use]
    pub fn changed_names(&self) -> Vec<String> {
        let files = self.files.iter().filter(|file| self.staging.find_file(&file.name).is_some());
        files.map(|file| file.name.clone()).collect()
    }

    /// The published files that are no longer part of the set.
    #[must_use]
    pub fn removals(&self) -> &[OsString] {
        &self.removed
    }

    /// Whether it is flushed to the disk.
    pub(super) fn is_durable(&self) -> bool {
        self.staging.is_durable()
    }

    /// Refuses to replace a folder with files that bluebook did not write.
    pub(super) fn refuse_foreign_files(&self) -> Result<()> {
        self.staging.refuse_foreign_files()
    }

    /// Adds the files that are published as they are, and sets the folder's permissions; flushes a durable set to the disk.
    ///
    /// # Errors
    /// Where that fails.
    pub fn finish(&self) -> Result<()> {
        thread::scope(|scope| {
            let finish = |file| {
                let thread = thread::Builder::new();
                thread.spawn_scoped(scope, move || self.finish_file(file)).map_err(describe_refusal)
            };
            let files: Vec<_> = self.files.iter().map(finish).collect::<Result<_>>()?;
            files
                .into_iter()
                .try_for_each(|file| file.join().map_err(|_| anyhow!("a file was not flushed"))?)
        })?;
        copy_parent_permissions(self.staging.folder())?;
        if self.staging.is_durable() { sync_folder(self.staging.folder()) } else { Ok(()) }
    }

    /// Copies a file that is published as it is; flushes it.
    fn finish_file(&self, PublishedFile { name, .. }: &PublishedFile) -> Result<()> {
        let path = self.staging.folder().join(name);
        let file = match self.staging.find_file(name) {
            Some(file) => file,
            None => self.copy_file(name).with_context(|| format!("cannot write {}", path.display()))?,
        };
        let flushed = if self.staging.is_durable() { file.sync_all() } else { Ok(()) };
        flushed.with_context(|| format!("cannot flush {}", path.display()))
    }

    /// Copies a file from the published set.
    fn copy_file(&self, name: &str) -> Result<Arc<File>> {
        let mut file = self.staging.create(name)?;
        let published = self.staging.open_published(name)?;
        let mut published = published.ok_or(io::ErrorKind::NotFound).map_err(io::Error::from)?;
        io::copy(&mut published, &mut file)?;
        Ok(file)
    }
}

/// A folder in preparation is its owner's alone; a published one is for whoever may read the folder it stands in.
#[cfg(unix)]
fn copy_parent_permissions(folder: &Path) -> Result<()> {
    let parent = folder.parent().unwrap_or(folder);
    let permissions =
        fs::metadata(parent).with_context(|| format!("cannot read {}", parent.display()))?.permissions();
    fs::set_permissions(folder, permissions)
        .with_context(|| format!("cannot set permissions of {}", folder.display()))
}

#[cfg(not(unix))]
fn copy_parent_permissions(_: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
pub(super) mod tests {
    use std::io::Write;

    use super::*;
    use crate::load::folder::fingerprint::Fingerprint;

    /// A set of one file, written but not finished.
    pub(in crate::load::folder) fn stage(output: &Path, dataset: &str, content: &str) -> StagedSet {
        let staging = Staging::new(output, dataset, ["file".to_owned()].into(), true).unwrap();
        staging.create("file").unwrap().as_ref().write_all(content.as_bytes()).unwrap();
        let fingerprint = Fingerprint::from_reader(content.as_bytes()).unwrap();
        StagedSet::new(staging, vec![PublishedFile { name: "file".into(), fingerprint, rows: None }]).unwrap()
    }
}
