//! Two folders exchanged in one step, where the file system can.
//!
//! Elsewhere it takes renames, between which the old folder stands aside under a name by which the next run puts it back.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::load::folder::lock::ASIDE;

/// Puts `new` where `old` stands, which is left where `new` was.
#[cfg(target_os = "linux")]
pub fn exchange(new: &Path, old: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, new, CWD, old, RenameFlags::EXCHANGE) {
        Err(Errno::NOENT) => fs::rename(new, old),
        // A file system that cannot exchange (some network ones) does it in two steps.
        Err(Errno::INVAL | Errno::NOSYS | Errno::OPNOTSUPP) => replace(new, old),
        other => Ok(other?),
    }
}

#[cfg(not(target_os = "linux"))]
pub fn exchange(new: &Path, old: &Path) -> io::Result<()> {
    replace(new, old)
}

/// Whether a folder could not be exchanged because it is a file system of its own.
pub fn is_mounted(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::CrossesDevices | io::ErrorKind::ResourceBusy)
}

/// As [`exchange`], in steps: a reader that comes between them finds nothing. Where a run is killed between them, the next
/// one puts the old set back.
fn replace(new: &Path, old: &Path) -> io::Result<()> {
    let aside = aside(old);
    match fs::rename(old, &aside) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return fs::rename(new, old),
        moved => moved?,
    }
    fs::rename(new, old).or_else(|error| fs::rename(&aside, old).and(Err(error)))?;
    fs::rename(&aside, new)
        .or_else(|error| fs::rename(old, new).and_then(|()| fs::rename(&aside, old)).and(Err(error)))
}

/// Where a set is put while another takes its place.
fn aside(old: &Path) -> PathBuf {
    let dataset = old.file_name().unwrap_or_default().to_string_lossy();
    old.with_file_name(format!("{ASIDE}{dataset}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_one_step_or_in_three_the_folders_change_places() {
        for by in [exchange, replace] {
            let above = tempfile::tempdir().unwrap();
            let (new, old) = (above.path().join("new"), above.path().join("old"));
            let content = |folder: &Path| fs::read_to_string(folder.join("file")).ok();
            fs::create_dir(&new).unwrap();
            fs::write(new.join("file"), "new").unwrap();
            by(&new, &old).unwrap();
            assert_eq!((content(&new), content(&old)), (None, Some("new".into())));
            fs::create_dir(&new).unwrap();
            fs::write(new.join("file"), "newer").unwrap();
            by(&new, &old).unwrap();
            assert_eq!((content(&new), content(&old)), (Some("new".into()), Some("newer".into())));
            assert_eq!(fs::read_dir(above.path()).unwrap().count(), 2);
        }
    }
}
