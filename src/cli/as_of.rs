//! `--as-of DATE`: what was known on a day. Documents of later releases are not read for it, and what only they need is not
//! unused. Where an older state could take the place of the published one, the place must be named on the command line.

use anyhow::Result;
use chrono::NaiveDate;
use clap::error::ErrorKind;
use clap::parser::ValueSource;
use clap::{ArgMatches, CommandFactory};

use crate::cli::Arguments;
use crate::pipeline;
use crate::problem::exit::Exit;
use crate::run::{Coverage, RunConfig};

/// The same for the documents of releases up to a day. One that tells no release stays: what is wrong with it is to be told.
///
/// # Errors
/// Where no document is left, or one cannot be read from disk.
pub fn keep_documents(config: RunConfig, day: NaiveDate) -> Result<RunConfig> {
    let all = pipeline::resolve_release_dates(&config)?;
    let (sources, later): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|source| source.release.is_none_or(|release| release <= day));
    let first = later.iter().filter_map(|source| source.release).min();
    if let Some(first) = first.filter(|_| sources.is_empty()) {
        let message = format!("no document is of a release up to {day}; the first release is {first}");
        return Err(Exit::NoInput.error(message));
    }
    let coverage = if later.is_empty() { config.coverage } else { Coverage::Part };
    Ok(RunConfig { sources, coverage, ..config })
}

/// Refuses `--as-of` where a command would write to, or compare with, what it does not name.
///
/// # Errors
/// Where that is so.
pub fn refuse_usual_output(matches: &ArgMatches) -> Result<(), clap::Error> {
    let Some((command @ ("run" | "verify"), matches)) = matches.subcommand() else { return Ok(()) };
    let is_named = matches.value_source("output") == Some(ValueSource::CommandLine);
    if matches.value_source("as_of").is_none() || is_named {
        return Ok(());
    }
    let message = format!(
        "`bluebook {command} --as-of DATE` needs `--output DIR`: what is published in the usual place is the newest state"
    );
    Err(Arguments::command().error(ErrorKind::MissingRequiredArgument, message))
}
