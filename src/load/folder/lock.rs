//! The output folder, held by one run at a time. What a killed run left in it is swept.
//!
//! The folder itself is locked while a run writes, so that no file of ours is left in it. The lock counts only while the
//! folder that is locked is the one that stands at the path.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::folder;
use crate::load::folder::staging::describe_file_type;
use crate::problem::exit::Exit;
use crate::signals::{self, CleanupGuard};

/// What the names of bluebook's own folders begin with.
const PREFIX: &str = ".bluebook-";
/// Of a set in preparation; the name of the dataset follows.
pub(super) const PREPARED: &str = ".bluebook-new.";
/// Of a set put aside while it is replaced.
pub(super) const ASIDE: &str = ".bluebook-old.";

/// Of the set before the published one, which stays until the next is published: who has it open reads it to the end.
pub(super) const BEFORE: &str = ".bluebook-before.";

/// How long to wait before a lock is tried again.
const RETRY_INTERVAL: Duration = Duration::from_millis(50);

/// Holds the output folder for one run.
pub struct Lock {
    path: PathBuf,
    folder: File,
    /// The folders in which folders had to be created for it.
    created_in: Vec<PathBuf>,
    _swept: CleanupGuard,
}

impl Drop for Lock {
    /// A folder that was created for a run that wrote nothing goes again.
    fn drop(&mut self) {
        if !self.created_in.is_empty() {
            let _ = fs::remove_dir(&self.path); // where something is in it, it stays
        }
    }
}

impl Lock {
    /// Creates the output folder where there is none, and locks it for this run, after `wait` at the latest; removes what a
    /// killed run left.
    ///
    /// # Errors
    /// Where it cannot be created or read, or another run holds it (exit 75).
    pub fn acquire(output: &Path, wait: Duration) -> Result<Lock> {
        let begun = Instant::now();
        let mut created_in = Vec::new();
        let folder = loop {
            created_in.extend(create(output)?);
            let folder = File::open(output)
                .with_context(|| format!("cannot open the output folder {}", output.display()))?;
            match folder.try_lock() {
                Ok(()) if is_at(&folder, output) => break folder,
                Ok(()) => {} // another folder was put in its place meanwhile
                Err(TryLockError::WouldBlock) if begun.elapsed() < wait => thread::sleep(RETRY_INTERVAL),
                Err(TryLockError::WouldBlock) => {
                    let message =
                        format!("another run holds {}; try again when it has ended", output.display());
                    return Err(Exit::Busy.error(message));
                }
                Err(TryLockError::Error(error)) => {
                    return Err(error).with_context(|| format!("cannot lock {}", output.display()));
                }
            }
        };
        sweep(output)?;
        let path = output.to_path_buf();
        let swept = signals::register_cleanup(move || drop(sweep(&path)));
        Ok(Lock { path: output.into(), folder, created_in, _swept: swept })
    }

    /// The output folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Makes sure that the folder that was locked is the one that would be written to.
    pub(super) fn assert_held(&self) -> Result<()> {
        if is_at(&self.folder, &self.path) {
            return Ok(());
        }
        let message =
            format!("{} was moved or replaced while it was written to; run again", self.path.display());
        Err(Exit::Io.error(message))
    }

    /// Flushes the names of the folders in it, and its own if that is new.
    pub(super) fn sync(&self) -> Result<()> {
        sync_folder(&self.path)?;
        self.created_in.iter().try_for_each(|folder| sync_folder(folder))
    }
}

/// Keeps runs out of an output folder while what is published there is read; nothing where there is none.
///
/// # Errors
/// Where it cannot be opened, or a run holds it (exit 75).
pub fn lock_for_reading(output: &Path) -> Result<Option<File>> {
    let folder = match File::open(output) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        folder => folder.with_context(|| format!("cannot open the output folder {}", output.display()))?,
    };
    match folder.try_lock_shared() {
        Ok(()) => Ok(Some(folder)),
        Err(TryLockError::WouldBlock) => {
            let message = format!("a run holds {}; try again when it has ended", output.display());
            Err(Exit::Busy.error(message))
        }
        Err(TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("cannot lock {}", output.display()))
        }
    }
}

/// Flushes the names of the files in a folder.
pub(super) fn sync_folder(folder: &Path) -> Result<()> {
    match File::open(folder).and_then(|folder| folder.sync_all()) {
        Err(error) if error.kind() == io::ErrorKind::InvalidInput => Ok(()), // this file system has nothing to flush
        flushed => flushed.with_context(|| format!("cannot flush {}", folder.display())),
    }
}

/// Creates the folder where there is none; returns the folders in which one was created.
fn create(output: &Path) -> Result<Vec<PathBuf>> {
    let about = match fs::metadata(output) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => fs::symlink_metadata(output).ok(),
        about => Some(about.with_context(|| format!("cannot read the output folder {}", output.display()))?),
    };
    match about.map(|about| about.file_type()) {
        Some(kind) if kind.is_dir() => Ok(Vec::new()),
        Some(kind) => {
            let what = if kind.is_symlink() {
                "a symbolic link that leads nowhere"
            } else {
                describe_file_type(kind)
            };
            let message = format!("{} is {what}, and no folder; name another by --output", output.display());
            Err(Exit::Io.error(message))
        }
        None => {
            let missing = output.ancestors().take_while(|folder| !folder.exists());
            let created_in = missing.filter_map(Path::parent).map(non_empty).collect();
            fs::create_dir_all(output)
                .with_context(|| format!("cannot create the output folder {}", output.display()))?;
            Ok(created_in)
        }
    }
}

/// A folder by a name that can be opened.
fn non_empty(folder: &Path) -> PathBuf {
    if folder.as_os_str().is_empty() { ".".into() } else { folder.into() }
}

#[cfg(unix)]
fn is_at(folder: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let inode = |about: fs::Metadata| (about.dev(), about.ino());
    let (held, found) = (folder.metadata().map(inode), fs::metadata(path).map(inode));
    held.is_ok_and(|held| found.is_ok_and(|found| held == found))
}

#[cfg(not(unix))]
fn is_at(_: &File, _: &Path) -> bool {
    true
}

/// Removes the folders that a run left, and only those: whatever else is called like them is not ours. A set that was put
/// aside and not replaced is put back.
fn sweep(output: &Path) -> Result<()> {
    let cannot_read = || format!("cannot read {}", output.display());
    for name in folder::list_names(output).with_context(cannot_read)? {
        let path = output.join(&name);
        let Some(name) = name.to_str().filter(|name| is_left_over(name)) else { continue };
        if !fs::symlink_metadata(&path).with_context(cannot_read)?.is_dir() {
            continue;
        }
        let target = name.strip_prefix(ASIDE).map(|dataset| output.join(dataset));
        match target {
            Some(target) if !target.try_exists().with_context(cannot_read)? => fs::rename(&path, &target)
                .with_context(|| format!("cannot put {} back in its place", target.display()))?,
            _ => remove(&path).with_context(|| format!("cannot remove {}", path.display()))?,
        }
    }
    Ok(())
}

/// Whether a name is that of a folder that only a run that was stopped leaves.
fn is_left_over(name: &str) -> bool {
    name.starts_with(PREFIX) && !name.starts_with(BEFORE)
}

/// How often a folder is removed anew, into which another thread still puts files.
const ATTEMPTS: usize = 100;

/// Removes a folder with all that is in it, if it is there.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    let mut removed = Ok(());
    for _ in 0..ATTEMPTS {
        removed = folder::remove(path);
        match &removed {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {}
            _ => break,
        }
    }
    removed
}
