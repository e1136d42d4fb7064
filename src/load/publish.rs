//! The output folder: a set of files is prepared beside the published one and takes its place in one step, so that a
//! reader sees the whole old set or the whole new one. A set that is the same stays untouched.

use std::fs::{self, File, TryLockError};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use tempfile::TempDir;

use crate::exit::{Exit, Fault};

/// What the name of a folder in preparation begins with.
const PREPARED: &str = ".bluebook-";

/// Holds the output folder for one run.
pub struct Lock {
    _folder: File,
}

impl Lock {
    /// Creates the output folder where there is none, and takes it for this run; sweeps what a killed run left.
    ///
    /// # Errors
    /// Where it cannot be created or read, or another run holds it (exit 75).
    pub fn take(output: &Path) -> Result<Lock> {
        fs::create_dir_all(output)
            .with_context(|| format!("cannot create the output folder {}", output.display()))?;
        let folder = File::open(output)
            .with_context(|| format!("cannot open the output folder {}", output.display()))?;
        match folder.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let message = format!("another run holds {}; try again when it has ended", output.display());
                return Err(Fault::error(Exit::Busy, message));
            }
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("cannot lock {}", output.display()));
            }
        }
        sweep(output)?;
        Ok(Lock { _folder: folder })
    }
}

fn sweep(output: &Path) -> Result<()> {
    let entries = fs::read_dir(output).with_context(|| format!("cannot read {}", output.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read {}", output.display()))?;
        if entry.file_name().to_string_lossy().starts_with(PREPARED) {
            fs::remove_dir_all(entry.path())
                .with_context(|| format!("cannot remove {}", entry.path().display()))?;
        }
    }
    Ok(())
}

/// A set in preparation; what is not published goes when it is dropped.
pub struct Staging {
    folder: TempDir,
    target: PathBuf,
}

impl Staging {
    /// An empty folder beside the published set of a dataset.
    ///
    /// # Errors
    /// Where it cannot be created.
    pub fn create(output: &Path, dataset: &str) -> Result<Staging> {
        let folder = tempfile::Builder::new().prefix(PREPARED).tempdir_in(output);
        let folder = folder.with_context(|| format!("cannot write in {}", output.display()))?;
        Ok(Staging { folder, target: output.join(dataset) })
    }

    /// The folder to write to.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Where the set will stand.
    #[must_use]
    pub fn target(&self) -> &Path {
        &self.target
    }

    /// Whether publishing the set would change anything.
    ///
    /// # Errors
    /// Where the published set cannot be read, or holds files that are not ours.
    pub fn would_change(&self) -> Result<bool> {
        self.refuse_foreign_files()?;
        Ok(!self.is_unchanged()?)
    }

    /// Puts the set in place of the published one.
    ///
    /// # Errors
    /// Where that cannot be replaced.
    pub fn publish(self) -> Result<()> {
        readable_as_its_parent(self.folder.path(), &self.target)?;
        exchange(self.folder.path(), &self.target)
            .with_context(|| format!("cannot replace {}", self.target.display()))
    }

    /// Replacing the folder would take away what is not ours in it.
    fn refuse_foreign_files(&self) -> Result<()> {
        let ours = names(self.folder.path())?;
        let Some(foreign) = names(&self.target)?.into_iter().find(|name| !ours.contains(name)) else {
            return Ok(());
        };
        let path = self.target.join(foreign);
        let message =
            format!("{} was not written by bluebook and would be lost; move it away", path.display());
        Err(Fault::error(Exit::Io, message))
    }

    /// Whether the published folder holds the same files with the same bytes, and no others.
    fn is_unchanged(&self) -> Result<bool> {
        let (new, old) = (names(self.folder.path())?, names(&self.target)?);
        if new != old {
            return Ok(false);
        }
        for name in new {
            let (new, old) = (self.folder.path().join(&name), self.target.join(&name));
            if !same_bytes(&new, &old).with_context(|| format!("cannot compare with {}", old.display()))? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The names in a folder, in order; none where there is no folder.
pub(super) fn names(folder: &Path) -> Result<Vec<std::ffi::OsString>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.with_context(|| format!("cannot read {}", folder.display()))?,
    };
    let mut names = entries.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

fn same_bytes(a: &Path, b: &Path) -> io::Result<bool> {
    let (mut a, mut b) = (File::open(a)?, File::open(b)?);
    if a.metadata()?.len() != b.metadata()?.len() {
        return Ok(false);
    }
    let (mut from_a, mut from_b) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let read = a.read(&mut from_a)?;
        if read == 0 {
            return Ok(true);
        }
        b.read_exact(&mut from_b[..read])?;
        if from_a[..read] != from_b[..read] {
            return Ok(false);
        }
    }
}

/// A temporary folder is its owner's alone; a published one is for whoever may read the folder it stands in.
#[cfg(unix)]
fn readable_as_its_parent(folder: &Path, target: &Path) -> Result<()> {
    let parent = target.parent().unwrap_or(target);
    let permissions =
        fs::metadata(parent).with_context(|| format!("cannot read {}", parent.display()))?.permissions();
    fs::set_permissions(folder, permissions)
        .with_context(|| format!("cannot set permissions of {}", folder.display()))
}

#[cfg(not(unix))]
fn readable_as_its_parent(_: &Path, _: &Path) -> Result<()> {
    Ok(())
}

/// Puts `new` where `old` stands, which is left where `new` was.
#[cfg(target_os = "linux")]
fn exchange(new: &Path, old: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE) {
        Err(rustix::io::Errno::NOENT) => fs::rename(new, old),
        // A file system that cannot exchange (some network ones) does it in two steps.
        Err(rustix::io::Errno::INVAL | rustix::io::Errno::NOSYS | rustix::io::Errno::OPNOTSUPP) => {
            replace(new, old)
        }
        other => Ok(other?),
    }
}

#[cfg(not(target_os = "linux"))]
fn exchange(new: &Path, old: &Path) -> io::Result<()> {
    replace(new, old)
}

/// As [`exchange`], in two steps: a reader that comes between them finds nothing.
fn replace(new: &Path, old: &Path) -> io::Result<()> {
    let aside = new.with_extension("old");
    match fs::rename(old, &aside) {
        Ok(()) => fs::rename(new, old).and_then(|()| fs::rename(&aside, new)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => fs::rename(new, old),
        Err(error) => Err(error),
    }
}
