//! `bluebook prune`: removes sets that count no longer.

use std::io::Write;
use std::num::NonZeroU32;
use std::time::{Duration, SystemTime};

use anyhow::Result;

use crate::cli::Manner;
use crate::loaders::store::{SetStore, prune as prune_store};
use crate::problem::exit::Exit;

/// What `prune` takes.
#[derive(Debug, clap::Args)]
pub struct PruneArguments {
    /// Folder or object store with sets side by side
    #[arg(short, long, value_name = "DIR|URL", default_value = "output", env = "BLUEBOOK_OUTPUT")]
    output: String,
    /// How many sets of each dataset to keep, the one that counts among them
    #[arg(long, value_name = "N")]
    keep: NonZeroU32,
    /// Seconds to wait for a run that holds the folder
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 0,
        env = "BLUEBOOK_WAIT",
        hide_default_value = true
    )]
    wait: u32,
}

/// Removes the sets, and says which.
pub fn prune(arguments: &PruneArguments, manner: Manner) -> Result<Exit> {
    let store = SetStore::open(&arguments.output, Duration::from_secs(arguments.wait.into()))?;
    let pruned = prune_store(&store, arguments.keep.get() as usize, SystemTime::now().into())?;
    let mut stdout = anstream::stdout().lock();
    for set in pruned.iter().filter(|_| !manner.quiet) {
        writeln!(stdout, "{}: removed set {}", set.dataset, set.set)?;
    }
    stdout.flush()?;
    Ok(Exit::Done)
}
