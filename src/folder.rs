//! Lists and removes directories.
//!
//! On Linux, `std::fs::read_dir` panics if `closedir` fails. A failing disk must not crash the program after the names
//! have been read, so directories are read through rustix there.

use std::ffi::OsString;
use std::path::Path;
use std::{fs, io};

/// The names of a directory's entries, sorted.
///
/// # Errors
/// If `folder` is not a directory, or cannot be read.
#[cfg(target_os = "linux")]
pub fn list_names(folder: &Path) -> io::Result<Vec<OsString>> {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::OpenOptionsExt;

    let as_folder = rustix::fs::OFlags::DIRECTORY.bits() as i32;
    let opened = fs::File::options().read(true).custom_flags(as_folder).open(folder)?;
    let mut names = Vec::new();
    for entry in rustix::fs::Dir::new(opened)? {
        names.push(OsStr::from_bytes(entry?.file_name().to_bytes()).to_owned());
    }
    names.retain(|name| name != "." && name != "..");
    names.sort();
    Ok(names)
}

/// The names of a directory's entries, sorted.
///
/// # Errors
/// If `folder` is not a directory, or cannot be read.
#[cfg(not(target_os = "linux"))]
pub fn list_names(folder: &Path) -> io::Result<Vec<OsString>> {
    let names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name()));
    let mut names = names.collect::<io::Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

/// Removes a directory recursively. Symlinks are removed, their targets are not.
///
/// # Errors
/// If `folder` is not a directory, or an entry cannot be removed.
pub fn remove(folder: &Path) -> io::Result<()> {
    for name in list_names(folder)? {
        match remove_entry(&folder.join(name)) {
            // Another process may be removing the same directory.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            removed => removed?,
        }
    }
    fs::remove_dir(folder)
}

fn remove_entry(path: &Path) -> io::Result<()> {
    if fs::symlink_metadata(path)?.is_dir() { remove(path) } else { fs::remove_file(path) }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order_and_a_folder_goes_with_them() {
        let above = tempfile::tempdir().unwrap();
        let (folder, kept) = (above.path().join("folder"), above.path().join("kept"));
        fs::create_dir_all(folder.join("b/c")).unwrap();
        fs::create_dir(&kept).unwrap();
        fs::write(kept.join("file"), "").unwrap();
        for name in ["c", "a", ".hidden"] {
            fs::write(folder.join(name), "").unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(&kept, folder.join("b/link")).unwrap();
        assert_eq!(list_names(&folder).unwrap(), [".hidden", "a", "b", "c"]);
        assert!(list_names(&folder.join("a")).is_err() && list_names(&folder.join("no")).is_err());
        remove(&folder).unwrap();
        assert_eq!(list_names(above.path()).unwrap(), ["kept"]);
        assert_eq!(list_names(&kept).unwrap(), ["file"]);
    }
}
