//! The output folder: held by one run at a time; a set is prepared beside the published one, flushed, and put in its place in
//! one step.

mod exchange;
mod fingerprint;
mod lock;
mod output;
mod publish;
mod staged_set;
mod staging;

use std::ffi::OsString;
use std::io;
use std::path::Path;

use anyhow::{Context, Result};

pub use fingerprint::Fingerprint;
pub use lock::{Lock, lock_for_reading};
pub use output::Output;
pub use publish::publish;
pub use staged_set::StagedSet;
pub use staging::Staging;

use crate::folder;

/// The names in a published set, in order; none where nothing is published.
pub(super) fn list_files(set: &Path) -> Result<Vec<OsString>> {
    match folder::list_names(set) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        names => names.with_context(|| format!("cannot read {}", set.display())),
    }
}
