//! A report as a file: written to a temporary file and renamed, so that a reader always finds a complete one.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::problem::exit::Exit;

/// Writes a report, replacing that of an earlier run.
///
/// # Errors
/// If it cannot be written, or the path is not a file.
pub fn write(path: &Path, content: &[u8]) -> Result<()> {
    let path = resolve_target(path)?;
    let failed = || format!("cannot write the report {}; what is published stands", path.display());
    let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
    let mut temporary = create_temporary(folder).with_context(failed)?;
    temporary.write_all(content).with_context(failed)?;
    temporary.persist(&path).map_err(|error| error.error).with_context(failed)?;
    Ok(())
}

/// Resolves symlinks, and refuses devices and pipes.
fn resolve_target(path: &Path) -> Result<PathBuf> {
    match fs::metadata(path) {
        Ok(about) if about.is_file() => Ok(fs::canonicalize(path).unwrap_or_else(|_| path.into())),
        Ok(_) => {
            let message = format!("cannot write the report {}: it is not a file; name one", path.display());
            Err(Exit::Io.error(message))
        }
        Err(_) => Ok(path.into()),
    }
}

/// Creates a temporary file with the permissions that the umask gives to new files.
fn create_temporary(folder: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.prefix(".bluebook-report-").tempfile_in(folder)
}
