//! A report as a file: written beside its place and renamed, so that whoever reads it finds the whole of one run.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::problem::exit::Exit;

/// Writes a report, in place of the one of an earlier run.
///
/// # Errors
/// Where it cannot be written, or something else than a file stands there.
pub fn write(path: &Path, content: &[u8]) -> Result<()> {
    let path = place(path)?;
    let failed = || format!("cannot write the report {}; what is published stands", path.display());
    let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let mut beside = prepared(folder).with_context(failed)?;
    beside.write_all(content).with_context(failed)?;
    beside.persist(&path).map_err(|error| error.error).with_context(failed)?;
    Ok(())
}

/// Where the file is to stand: what a link points at, and never in place of a device or a pipe.
fn place(path: &Path) -> Result<PathBuf> {
    match fs::metadata(path) {
        Ok(about) if about.is_file() => Ok(fs::canonicalize(path).unwrap_or_else(|_| path.into())),
        Ok(_) => {
            let message = format!("cannot write the report {}: it is no file; name one", path.display());
            Err(Exit::Io.error(message))
        }
        Err(_) => Ok(path.into()),
    }
}

/// A temporary file that whoever may read files of this user can read, as other files are made.
fn prepared(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.prefix(".bluebook-report-").tempfile_in(folder)
}
