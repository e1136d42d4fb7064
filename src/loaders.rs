//! Published sets brought to where they are used: databases and folders.
//!
//! A loader is a file here that implements [`Loader`], and a line in [`KINDS`]. All of them keep one promise: what was
//! there before stands until `commit`, which puts the whole set in its place in one step.

mod adbc;
mod changes;
mod folder;
mod found_columns;
mod postgres;
mod sql;
#[cfg(feature = "object-stores")]
pub mod store;
mod tls;

use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;

pub use changes::LoadChange;

use crate::load::PublishedSet;
use crate::problem::exit::Exit;

/// Brings sets to a target.
pub trait Loader {
    /// Begins to load a set: takes the target for itself, and returns the hash of the set that is loaded.
    ///
    /// # Errors
    /// Where the target cannot be reached (exit 74), is held by another (75), or has something of the same name that
    /// bluebook did not make.
    fn begin(&mut self, set: &PublishedSet) -> Result<Option<String>>;

    /// Writes what differs, where nobody sees it yet, as far as it is to go; returns what that is.
    ///
    /// # Errors
    /// Where it cannot be written, or the target's tables have columns that the set cannot be written to.
    fn write(&mut self, set: &PublishedSet, extent: Extent) -> Result<Vec<LoadChange>>;

    /// Puts the set in place.
    ///
    /// # Errors
    /// Where that fails; what was there before stands.
    fn commit(&mut self) -> Result<()>;

    /// Leaves the target as it was.
    ///
    /// # Errors
    /// Where the target is gone.
    fn abort(&mut self) -> Result<()>;
}

/// How to load.
#[derive(Clone, Debug, Default)]
pub struct LoadOptions {
    /// Whether sets stand side by side in a folder.
    pub has_sets: bool,
    /// The schema of the tables, where it is not the dataset's name.
    pub schema: Option<String>,
    /// How long to wait for another load.
    pub wait: Duration,
    /// The library of an ADBC driver, where it is not found by its name.
    pub driver: Option<PathBuf>,
    /// Options of an ADBC driver.
    pub driver_options: Vec<(String, String)>,
}

/// A kind of target.
struct TargetKind {
    /// What its addresses begin with; nothing for the one that takes all others.
    prefixes: &'static [&'static str],
    connect: fn(&str, &LoadOptions) -> Result<Box<dyn Loader>>,
}

/// Every kind of target; the first one that knows an address takes it.
static KINDS: &[TargetKind] = &[
    TargetKind { prefixes: &["postgres://", "postgresql://"], connect: postgres::connect },
    TargetKind { prefixes: &["duckdb:"], connect: adbc::connect_duckdb },
    TargetKind { prefixes: &["adbc:"], connect: adbc::connect },
    #[cfg(feature = "object-stores")]
    TargetKind { prefixes: store::SCHEMES, connect: store::connect },
    TargetKind { prefixes: &[""], connect: connect_folder },
];

/// Connects to the target of an address.
///
/// # Errors
/// Where no kind of target has such addresses, or it cannot be reached.
pub fn connect(target: &str, options: &LoadOptions) -> Result<Box<dyn Loader>> {
    let is_folder = find_address(target.as_ref()).is_none();
    let kind = KINDS.iter().find(|kind| {
        kind.prefixes.iter().any(|prefix| target.starts_with(prefix) && (is_folder || !prefix.is_empty()))
    });
    let Some(kind) = kind else {
        let message = format!(
            "nothing is loaded to {}: a target is postgres://…, duckdb:FILE, adbc:DRIVER, s3://…, gs://…, az://… or a folder",
            hide_credentials(target)
        );
        return Err(Exit::Config.error(message));
    };
    (kind.connect)(target, options)
}

/// A place that is an address, and no folder of this machine.
#[must_use]
pub fn find_address(place: &OsStr) -> Option<&str> {
    place.to_str().filter(|place| place.contains("://"))
}

/// A folder, of one layout or the other.
fn connect_folder(address: &str, options: &LoadOptions) -> Result<Box<dyn Loader>> {
    #[cfg(feature = "object-stores")]
    if options.has_sets {
        return store::connect(address, options);
    }
    folder::connect(address, options)
}

/// An address without what nobody else may know: user and password, and what follows a question mark.
#[must_use]
pub fn hide_credentials(address: &str) -> String {
    let address = address.split_once('?').map_or(address, |(before, _)| before);
    let Some((scheme, rest)) = address.split_once("://") else { return address.to_owned() };
    // A password may hold a slash that should have been escaped, so the last @ counts.
    let rest = rest.rsplit_once('@').map_or(rest, |(_, after)| after);
    format!("{scheme}://{rest}")
}

/// What a load did.
#[derive(Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The set was loaded already.
    Same,
    /// What was written, or would be.
    Changed(Vec<LoadChange>),
}

/// How far to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// Until it is loaded, unless it is already.
    Load,
    /// As `Load`, and compares what is there even where the set was loaded already.
    Mend,
    /// Only until it is known what would be written.
    Try,
}

/// Brings a set to a target.
///
/// # Errors
/// As [`Loader`] says; what was there before stands.
pub fn load(loader: &mut dyn Loader, set: &PublishedSet, extent: Extent) -> Result<Outcome> {
    let is_loaded = loader.begin(set)?.as_ref() == Some(&set.hash);
    if is_loaded && extent != Extent::Mend {
        loader.abort()?;
        return Ok(Outcome::Same);
    }
    let changes = loader.write(set, extent)?;
    if changes.is_empty() && is_loaded {
        loader.abort()?;
        return Ok(Outcome::Same);
    }
    if extent == Extent::Try {
        loader.abort()?;
    } else {
        loader.commit()?;
    }
    Ok(Outcome::Changed(changes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_not_shown() {
        for (address, shown) in [
            ("postgres://me:secret@host:5432/db?sslmode=require", "postgres://host:5432/db"),
            ("postgres://me:se/cr@et@host/db", "postgres://host/db"),
            ("postgres://host/db", "postgres://host/db"),
            ("s3://bucket/prefix?X-Amz-Signature=secret", "s3://bucket/prefix"),
            ("duckdb:a.duckdb", "duckdb:a.duckdb"),
            ("out/put", "out/put"),
        ] {
            assert_eq!(hide_credentials(address), shown);
        }
    }
}
