//! The switch: sets that were flushed, read back and verified take the place of the published ones in one step, so that a
//! reader sees the whole old set or the whole new one, and a power cut leaves one of them.

use std::fs::{self, File};
use std::io::{self, Read, Seek};
use std::path::Path;
use std::sync::Arc;
use std::thread;

use anyhow::{Context, Result, anyhow};
use sha2::{Digest, Sha256};

use crate::load::exchange::{exchange, is_mounted};
use crate::load::lock::{Lock, flush};
use crate::load::staging::Staging;
use crate::load::{Fingerprint, Published};
use crate::problem::exit::{Exit, Fault};
use crate::signals;
use crate::text::format_hex;

/// A set that was written.
pub struct Prepared {
    staging: Staging,
    /// What each of its files must hold.
    files: Vec<Published>,
}

impl Prepared {
    pub(super) fn of(staging: Staging, files: Vec<Published>) -> Prepared {
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

    /// Makes the folder whole, and as readable as it is to be. Where it is to be safe, all of it is flushed to the disk, read
    /// back from there, and held against what was written.
    ///
    /// # Errors
    /// Where that fails, or what is read differs from what was written.
    pub fn complete(&self) -> Result<()> {
        thread::scope(|scope| {
            let complete = |file| scope.spawn(move || self.complete_file(file));
            let files: Vec<_> = self.files.iter().map(complete).collect();
            files
                .into_iter()
                .try_for_each(|file| file.join().map_err(|_| anyhow!("a file was not verified"))?)
        })?;
        readable_as_its_parent(self.staging.folder())?;
        if self.staging.is_safe() { flush(self.staging.folder()) } else { Ok(()) }
    }

    /// Takes over a file that is published as it is; flushes and verifies it.
    fn complete_file(&self, Published { name, fingerprint: expected, .. }: &Published) -> Result<()> {
        let path = self.staging.folder().join(name);
        let file = match self.staging.written(name) {
            Some(file) => file,
            None => self.take_over(name).with_context(|| format!("cannot write {}", path.display()))?,
        };
        let cannot_flush = || format!("cannot flush {}", path.display());
        if !self.staging.is_safe() {
            return Ok(());
        }
        file.sync_all().with_context(cannot_flush)?;
        if self.staging.is_settled(name) || read_back(&file).with_context(cannot_flush)? == *expected {
            return Ok(());
        }
        let message = format!(
            "{} was read back from the disk otherwise than it was written; the disk is not to be trusted",
            path.display()
        );
        Err(Fault::error(Exit::Io, message))
    }

    /// A file that is published as it is.
    fn take_over(&self, name: &str) -> Result<Arc<File>> {
        let mut file = self.staging.create(name)?;
        let published = self.staging.published(name)?;
        let mut published = published.ok_or(io::ErrorKind::NotFound).map_err(io::Error::from)?;
        io::copy(&mut published, &mut file)?;
        Ok(file)
    }

    /// Puts the set in place of the published one.
    fn switch(&self) -> Result<Switched<'_>> {
        let (new, old) = (self.staging.folder(), self.target());
        let replaced = old.try_exists().with_context(|| format!("cannot read {}", old.display()))?;
        match exchange(new, old) {
            Err(error) if is_mounted(&error) => Err(error).with_context(|| {
                format!(
                    "cannot replace {}: it is a file system of its own; mount the folder it stands in instead",
                    old.display()
                )
            }),
            switched => switched
                .map(|()| Switched { set: self, replaced, kept: false })
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
    sets.iter().try_for_each(|set| set.staging.refuse_what_is_not_ours())?;
    signals::defer_signals(|| {
        lock.assert_held()?;
        let switched = sets.iter().map(|set| set.switch()).collect::<Result<Vec<_>>>()?;
        if sets.iter().any(|set| set.staging.is_safe()) {
            lock.flush()?;
        }
        switched.into_iter().for_each(Switched::keep);
        Ok(())
    })
}

/// A set that was put in place; it goes back where another one cannot be.
struct Switched<'a> {
    set: &'a Prepared,
    replaced: bool,
    kept: bool,
}

impl Switched<'_> {
    fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Switched<'_> {
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
    forget(file);
    file.rewind()?;
    fingerprint(file)
}

pub(super) fn fingerprint(mut from: impl Read) -> io::Result<Fingerprint> {
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

/// Has the system read a file from the disk when it is read next; a hint, which it may not take.
#[cfg(target_os = "linux")]
pub(super) fn forget(file: &File) {
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
}

#[cfg(not(target_os = "linux"))]
pub(super) fn forget(_: &File) {}

/// A folder in preparation is its owner's alone; a published one is for whoever may read the folder it stands in.
#[cfg(unix)]
fn readable_as_its_parent(folder: &Path) -> Result<()> {
    let parent = folder.parent().unwrap_or(folder);
    let permissions =
        fs::metadata(parent).with_context(|| format!("cannot read {}", parent.display()))?.permissions();
    fs::set_permissions(folder, permissions)
        .with_context(|| format!("cannot set permissions of {}", folder.display()))
}

#[cfg(not(unix))]
fn readable_as_its_parent(_: &Path) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::time::Duration;

    use super::*;

    /// A set of one file, written but not completed.
    fn prepared(output: &Path, dataset: &str, content: &str) -> Prepared {
        let staging = Staging::of(output, dataset, ["file".to_owned()].into(), true).unwrap();
        staging.create("file").unwrap().as_ref().write_all(content.as_bytes()).unwrap();
        let fingerprint = fingerprint(content.as_bytes()).unwrap();
        Prepared::of(staging, vec![Published { name: "file".into(), fingerprint, rows: None }])
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
        let lock = Lock::take(output.path(), Duration::ZERO).unwrap();
        publish(&lock, &[&prepared(output.path(), "b", "old")]).unwrap();
        let sets = ["a", "b", "c"].map(|dataset| prepared(output.path(), dataset, "new"));
        fs::remove_dir_all(sets[2].staging.folder()).unwrap();
        let error = publish(&lock, &sets.each_ref()).unwrap_err();
        assert_eq!(Fault::exit_of(&error), Exit::Io, "{error:#}");
        drop(sets);
        assert_eq!(names(output.path()), ["b"]);
        assert_eq!(fs::read_to_string(output.path().join("b/file")).unwrap(), "old");
    }

    #[test]
    fn what_is_read_back_otherwise_is_not_published() {
        let output = tempfile::tempdir().unwrap();
        let set = prepared(output.path(), "a", "written");
        assert!(set.complete().is_ok());
        for otherwise in ["Written", "writte", "written."] {
            fs::write(set.staging.folder().join("file"), otherwise).unwrap();
            let error = set.complete().unwrap_err();
            assert_eq!(Fault::exit_of(&error), Exit::Io);
            assert!(error.to_string().contains("file was read back from the disk otherwise"), "{error:#}");
        }
    }

    #[test]
    fn a_folder_that_was_replaced_is_not_written_to() {
        let above = tempfile::tempdir().unwrap();
        let output = above.path().join("output");
        let lock = Lock::take(&output, Duration::ZERO).unwrap();
        let set = prepared(&output, "a", "new");
        fs::rename(&output, above.path().join("moved")).unwrap();
        fs::create_dir(&output).unwrap();
        let error = publish(&lock, &[&set]).unwrap_err();
        assert!(error.to_string().contains("was moved or replaced"), "{error:#}");
        assert_eq!(names(&output), [""; 0]);
    }
}
