//! What a folder holds. The language's own reader ends the program where a folder cannot be closed, as if that were a mistake in
//! it; it is the disk's, and of no consequence once the names are known.

use std::ffi::OsString;
use std::path::Path;
use std::{fs, io};

/// The names in a folder, in order.
///
/// # Errors
/// Where it is none, or cannot be read.
#[cfg(target_os = "linux")]
pub fn names(folder: &Path) -> io::Result<Vec<OsString>> {
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

/// The names in a folder, in order.
///
/// # Errors
/// Where it is none, or cannot be read.
#[cfg(not(target_os = "linux"))]
pub fn names(folder: &Path) -> io::Result<Vec<OsString>> {
    let names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name()));
    let mut names = names.collect::<io::Result<Vec<_>>>()?;
    names.sort();
    Ok(names)
}

/// Removes a folder with all that is in it; what links in it lead to stays.
///
/// # Errors
/// Where it is none, or something in it cannot be removed.
pub fn remove(folder: &Path) -> io::Result<()> {
    for name in names(folder)? {
        match remove_any(&folder.join(name)) {
            // Another one may be at it, too.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            removed => removed?,
        }
    }
    fs::remove_dir(folder)
}

fn remove_any(path: &Path) -> io::Result<()> {
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
        assert_eq!(names(&folder).unwrap(), [".hidden", "a", "b", "c"]);
        assert!(names(&folder.join("a")).is_err() && names(&folder.join("no")).is_err());
        remove(&folder).unwrap();
        assert_eq!(names(above.path()).unwrap(), ["kept"]);
        assert_eq!(names(&kept).unwrap(), ["file"]);
    }
}
