//! The swap: sets that were flushed, read back and verified take the place of the published ones in one step, so that a reader
//! sees the whole old set or the whole new one, and a power cut leaves one of them.
//!
//! All sets are switched, or none: where one cannot be replaced, or the system does not write it down, those before it go
//! back. So an error always means the old sets.

use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::Path;
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result, anyhow};
use sha2::{Digest, Sha256};

use crate::load::folder::exchange::{exchange, is_mounted};
use crate::load::folder::lock::{Lock, sync_folder};
use crate::load::folder::staging::Staging;
use crate::load::{Fingerprint, Published};
use crate::problem::exit::Exit;
use crate::signals;
use crate::text::format_hex;

/// A set that was written.
pub struct Prepared {
    staging: Staging,
    /// What each of its files must hold.
    files: Vec<Published>,
}

impl Prepared {
    pub(in crate::load) fn new(staging: Staging, files: Vec<Published>) -> Prepared {
        Prepared { staging, files }
    }

    /// Its files.
    #[must_use]
    pub fn files(&self) -> &[Published] {
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
        self.staging.is_begun()
    }

    /// Adds the files that are published as they are, and sets the folder's permissions. A durable set is flushed to the disk,
    /// read back, and compared with what was written.
    ///
    /// # Errors
    /// Where that fails, or what is read differs from what was written.
    pub fn finish(&self) -> Result<()> {
        thread::scope(|scope| {
            let finish = |file| scope.spawn(move || self.finish_file(file));
            let files: Vec<_> = self.files.iter().map(finish).collect();
            files
                .into_iter()
                .try_for_each(|file| file.join().map_err(|_| anyhow!("a file was not verified"))?)
        })?;
        copy_parent_permissions(self.staging.folder())?;
        if self.staging.is_durable() { sync_folder(self.staging.folder()) } else { Ok(()) }
    }

    /// Copies a file that is published as it is; flushes and verifies it.
    fn finish_file(&self, Published { name, fingerprint: expected, .. }: &Published) -> Result<()> {
        let path = self.staging.folder().join(name);
        let file = match self.staging.written(name) {
            Some(file) => file,
            None => self.copy_published(name).with_context(|| format!("cannot write {}", path.display()))?,
        };
        let cannot_flush = || format!("cannot flush {}", path.display());
        if !self.staging.is_durable() {
            return Ok(());
        }
        file.sync_all().with_context(cannot_flush)?;
        if read_back(&file).with_context(cannot_flush)? == *expected {
            return Ok(());
        }
        let message = format!(
            "{} was read back from the disk otherwise than it was written; the disk is not to be trusted",
            path.display()
        );
        Err(Exit::Io.error(message))
    }

    /// Copies a file from the published set.
    fn copy_published(&self, name: &str) -> Result<Arc<File>> {
        let mut file = self.staging.create(name)?;
        let published = self.staging.published(name)?;
        let mut published = published.ok_or(io::ErrorKind::NotFound).map_err(io::Error::from)?;
        io::copy(&mut published, &mut file)?;
        Ok(file)
    }

    /// Puts the set in place of the published one.
    fn swap(&self) -> Result<Swapped<'_>> {
        let (new, old) = (self.staging.folder(), self.target());
        let replaced = old.try_exists().with_context(|| format!("cannot read {}", old.display()))?;
        match exchange(new, old) {
            Err(error) if is_mounted(&error) => Err(error).with_context(|| {
                format!(
                    "cannot replace {}: it is a file system of its own; mount the folder it stands in instead",
                    old.display()
                )
            }),
            swapped => swapped
                .map(|()| Swapped { set: self, replaced, kept: false })
                .with_context(|| format!("cannot replace {}", old.display())),
        }
    }
}

/// Puts all sets in place of the published ones, or none. A reader may come between two datasets, never between the files of
/// one.
///
/// # Errors
/// Where one cannot be replaced, or the system does not write it down.
pub fn publish(lock: &Lock, sets: &[&Prepared]) -> Result<()> {
    sets.iter().try_for_each(|set| set.staging.refuse_foreign_files())?;
    signals::run_uninterrupted(|| {
        lock.assert_held()?;
        let swapped = sets.iter().map(|set| set.swap()).collect::<Result<Vec<_>>>()?;
        if sets.iter().any(|set| set.staging.is_durable()) {
            lock.sync()?;
        }
        swapped.into_iter().for_each(Swapped::keep);
        Ok(())
    })
}

/// A set that was put in place; it goes back where another one cannot be put in its place.
struct Swapped<'a> {
    set: &'a Prepared,
    replaced: bool,
    kept: bool,
}

impl Swapped<'_> {
    fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Swapped<'_> {
    fn drop(&mut self) {
        let (new, old) = (self.set.staging.folder(), self.set.target());
        // Where this fails, too, the set in place is whole, and the error that led here is told.
        let _ = match (self.kept, self.replaced) {
            (true, _) => Ok(()),
            (false, true) => exchange(new, old),
            (false, false) => fs::rename(old, new),
        };
    }
}

/// What a file holds on the disk, whatever the system remembers of it.
fn read_back(mut file: &File) -> io::Result<Fingerprint> {
    drop_page_cache(file);
    file.rewind()?;
    fingerprint(file)
}

pub(in crate::load) fn fingerprint(mut from: impl Read) -> io::Result<Fingerprint> {
    let (mut hash, mut bytes, mut chunk) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let read = match from.read(&mut chunk) {
            Ok(0) => return Ok(Fingerprint { bytes, sha256: format_hex(&hash.finalize()) }),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        hash.update(&chunk[..read]);
        bytes += read as u64;
    }
}

/// Makes the next read of a file come from the disk; a hint, which the system may ignore.
#[cfg(target_os = "linux")]
fn drop_page_cache(file: &File) {
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
fn drop_page_cache(_: &File) {}

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
mod tests {
    use std::io::Write;
    use std::time::Duration;

    use super::*;

    /// A set of one file, written but not completed.
    fn prepared(output: &Path, dataset: &str, content: &str) -> Prepared {
        let staging = Staging::new(output, dataset, ["file".to_owned()].into(), true).unwrap();
        staging.create("file").unwrap().as_ref().write_all(content.as_bytes()).unwrap();
        let fingerprint = fingerprint(content.as_bytes()).unwrap();
        Prepared::new(staging, vec![Published { name: "file".into(), fingerprint, rows: None }])
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn all_sets_are_replaced_or_none_is() {
        let output = tempfile::tempdir().unwrap();
        let lock = Lock::acquire(output.path(), Duration::ZERO).unwrap();
        publish(&lock, &[&prepared(output.path(), "b", "old")]).unwrap();
        let sets = ["a", "b", "c"].map(|dataset| prepared(output.path(), dataset, "new"));
        fs::remove_dir_all(sets[2].staging.folder()).unwrap();
        let error = publish(&lock, &sets.each_ref()).unwrap_err();
        assert_eq!(Exit::from_error(&error), Exit::Io, "{error:#}");
        drop(sets);
        assert_eq!(names(output.path()), ["b"]);
        assert_eq!(fs::read_to_string(output.path().join("b/file")).unwrap(), "old");
    }

    #[test]
    fn what_is_read_back_otherwise_is_not_published() {
        let output = tempfile::tempdir().unwrap();
        let set = prepared(output.path(), "a", "written");
        assert!(set.finish().is_ok());
        for otherwise in ["Written", "writte", "written."] {
            fs::write(set.staging.folder().join("file"), otherwise).unwrap();
            let error = set.finish().unwrap_err();
            assert_eq!(Exit::from_error(&error), Exit::Io);
            assert!(error.to_string().contains("file was read back from the disk otherwise"), "{error:#}");
        }
    }

    #[test]
    fn a_folder_that_was_replaced_is_not_written_to() {
        let above = tempfile::tempdir().unwrap();
        let output = above.path().join("output");
        let lock = Lock::acquire(&output, Duration::ZERO).unwrap();
        let set = prepared(&output, "a", "new");
        fs::rename(&output, above.path().join("moved")).unwrap();
        fs::create_dir(&output).unwrap();
        let error = publish(&lock, &[&set]).unwrap_err();
        assert!(error.to_string().contains("was moved or replaced"), "{error:#}");
        assert_eq!(names(&output), [""; 0]);
    }
}
