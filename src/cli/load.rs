//! `bluebook load`: brings published sets to a database or another folder.

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;

use crate::cli::temporary::SetsFolder;
use crate::cli::{Manner, SetLayout, frozen};
use crate::load::{PublishedSet, find_sets};
use crate::loaders::{self, Extent, LoadChange, LoadOptions, Outcome, hide_credentials};
use crate::problem::exit::Exit;

/// What `load` takes.
#[derive(Debug, clap::Args)]
pub struct LoadArguments {
    /// Where to load: postgres://…, duckdb:FILE, adbc:DRIVER, or a folder
    #[arg(value_name = "TARGET", env = "BLUEBOOK_TARGET", hide_env_values = true)]
    target: String,
    /// Folder of a published set, or an output folder or object store with sets
    #[arg(value_name = "SET", default_value = "output")]
    set: PathBuf,
    /// Say what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Exit with 3 if anything would be written, and write nothing
    #[arg(long)]
    frozen: bool,
    /// Compare all rows even where this set was loaded already, and mend those that differ
    #[arg(long, conflicts_with_all = ["dry_run", "frozen"])]
    mend: bool,
    /// How sets stand in a folder
    #[arg(long, value_enum, default_value_t, value_name = "LAYOUT", env = "BLUEBOOK_LAYOUT")]
    layout: SetLayout,
    /// Schema of the tables; by default the name of the dataset, with _ for -
    #[arg(long, value_name = "NAME", env = "BLUEBOOK_SCHEMA")]
    schema: Option<String>,
    /// Seconds to wait for another load
    #[arg(long, value_name = "SECONDS", default_value_t = 60, env = "BLUEBOOK_LOAD_WAIT")]
    wait: u32,
    /// Library of the ADBC driver, where it is not found by its name
    #[arg(long, value_name = "FILE", env = "BLUEBOOK_ADBC_DRIVER")]
    driver: Option<PathBuf>,
    /// Option of the ADBC driver, as uri=…
    #[arg(long = "option", value_name = "KEY=VALUE", value_parser = key_value)]
    driver_options: Vec<(String, String)>,
}

fn key_value(text: &str) -> Result<(String, String), String> {
    let pair = text.split_once('=').ok_or("KEY=VALUE was expected")?;
    Ok((pair.0.into(), pair.1.into()))
}

/// Loads every set that was found, one after the other.
pub fn load(arguments: &LoadArguments, manner: Manner) -> Result<Exit> {
    let options = LoadOptions {
        has_sets: arguments.layout == SetLayout::Sets,
        schema: arguments.schema.clone(),
        wait: Duration::from_secs(arguments.wait.into()),
        driver: arguments.driver.clone(),
        driver_options: arguments.driver_options.clone(),
    };
    let extent = match arguments {
        LoadArguments { dry_run: true, .. } | LoadArguments { frozen: true, .. } => Extent::Try,
        LoadArguments { mend: true, .. } => Extent::Mend,
        _ => Extent::Load,
    };
    let published = SetsFolder::find(&arguments.set)?;
    for folder in find_sets(&published.folder)? {
        let set = PublishedSet::open(&folder)?;
        refuse_changed(&set)?;
        let mut loader = loaders::connect(&arguments.target, &options)?;
        let outcome = loaders::load(loader.as_mut(), &set, extent)?;
        if arguments.frozen {
            refuse_differences(&outcome, &arguments.target)?;
        }
        report(&outcome, &set, arguments, manner)?;
    }
    Ok(Exit::Done)
}

/// Only a set that is as its data package says is loaded.
fn refuse_changed(set: &PublishedSet) -> Result<()> {
    let differences: Vec<String> = set.find_differences()?.iter().map(ToString::to_string).collect();
    if differences.is_empty() {
        return Ok(());
    }
    let message = format!(
        "what is published is not as datapackage.json says\n{}nothing was loaded; publish it again: `bluebook run`",
        frozen::list_differences(&differences)
    );
    Err(Exit::Frozen.error(message))
}

fn refuse_differences(outcome: &Outcome, target: &str) -> Result<()> {
    let Outcome::Changed(changes) = outcome else { return Ok(()) };
    let changes: Vec<String> = changes.iter().map(ToString::to_string).collect();
    let message = format!(
        "another set is loaded in {}; these would be written\n{}nothing was loaded",
        hide_credentials(target),
        frozen::list_differences(&changes)
    );
    Err(Exit::Frozen.error(message))
}

/// One line for each set that was written; nothing where nothing was, but on a terminal.
fn report(outcome: &Outcome, set: &PublishedSet, arguments: &LoadArguments, manner: Manner) -> Result<()> {
    let (name, target) = (&set.package.name, hide_credentials(&arguments.target));
    let (did, changes): (_, &[LoadChange]) = match outcome {
        _ if manner.quiet => return Ok(()),
        Outcome::Same if !arguments.dry_run => return Ok(()),
        Outcome::Same => ("would load nothing of", &[]),
        Outcome::Changed(changes) if arguments.dry_run => ("would load", changes),
        Outcome::Changed(changes) => ("loaded", changes),
    };
    let mut stdout = anstream::stdout().lock();
    writeln!(stdout, "{name}: {did} set {} in {target}", &set.hash[..12])?;
    for change in changes {
        writeln!(stdout, "  {change}")?;
    }
    stdout.flush()?;
    Ok(())
}
