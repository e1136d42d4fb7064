//! `bluebook run`: the whole flow, from documents to the published set.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::builder::FalseyValueParser;

use super::{Manner, Reading, conclude, progress, tell_sources};
use crate::exit::Exit;
use crate::load::{self, Lock, Prepared, Set};
use crate::pipeline::{self, Job, Outcome};

/// What `run` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    reading: Reading,
    /// Where to publish
    #[arg(short, long, value_name = "DIR", default_value = "output", env = "BLUEBOOK_OUTPUT")]
    output: PathBuf,
    /// How many seconds to wait for another run that holds the output
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 0,
        env = "BLUEBOOK_WAIT",
        hide_default_value = true
    )]
    wait: u32,
    /// Neither flush to the disk what is written nor read it back: for folders that may be lost
    #[arg(long, env = "BLUEBOOK_NO_SYNC", value_parser = FalseyValueParser::new(), hide_short_help = true)]
    no_sync: bool,
}

/// Publishes what the documents say, or nothing where there is a problem.
pub fn run(arguments: &Arguments, manner: Manner) -> Result<Exit> {
    let job = arguments.reading.job()?;
    let lock = Lock::take(&arguments.output, Duration::from_secs(arguments.wait.into()))?;
    let mut sets: BTreeMap<usize, Set> = BTreeMap::new();
    let bar = progress::bar(job.sources.len(), manner);
    let outcome = pipeline::run(
        &job,
        |portion| {
            let set = match sets.entry(portion.dataset) {
                std::collections::btree_map::Entry::Occupied(set) => set.into_mut(),
                std::collections::btree_map::Entry::Vacant(place) => {
                    place.insert(Set::begin(&arguments.output, &job.definitions[portion.dataset])?)
                }
            };
            set.write(&portion.batch)
        },
        |documents| bar.inc(documents as u64),
    )?;
    bar.finish_and_clear();
    tell_sources(&outcome, manner);
    let exit = conclude(&outcome.problems, manner);
    if exit != Exit::Done {
        return Ok(exit);
    }
    let prepared = prepare(sets, &job, &outcome, !arguments.no_sync, manner)?;
    load::publish(&lock, &prepared, !arguments.no_sync)?;
    Ok(Exit::Done)
}

/// Ends and verifies all sets that change, and says what is published, before the first is: a full disk, or an output that is
/// closed, leaves everything as it was.
fn prepare(
    sets: BTreeMap<usize, Set>,
    job: &Job,
    outcome: &Outcome,
    safe: bool,
    manner: Manner,
) -> Result<Vec<Prepared>> {
    let mut changing = Vec::new();
    for (dataset, set) in sets {
        let (definition, summary) = (&job.definitions[dataset], &outcome.summaries[dataset]);
        let prepared = set.finish(definition, &summary.about(definition))?;
        let changed = prepared.would_change();
        if changed {
            prepared.complete(safe)?;
        }
        if !manner.quiet {
            let target = prepared.target().display().to_string();
            report(job, outcome, dataset, &target, changed).context("cannot say what is published")?;
        }
        changing.extend(Some(prepared).filter(|_| changed));
    }
    Ok(changing)
}

/// A table for a person at a terminal; elsewhere one line, and nothing where nothing changed.
fn report(job: &Job, outcome: &Outcome, dataset: usize, target: &str, changed: bool) -> io::Result<()> {
    let (definition, summary) = (&job.definitions[dataset], &outcome.summaries[dataset]);
    let mut stdout = anstream::stdout().lock();
    if io::stdout().is_terminal() {
        write!(stdout, "{}", super::check::table(definition, summary))?;
        let done = if changed { "published in" } else { "nothing changed in" };
        writeln!(stdout, "{done} {target}")?;
        return stdout.flush();
    }
    if changed {
        writeln!(
            stdout,
            "{}: published {} in {target} ({})",
            definition.name(),
            crate::extract::observations::count(summary.observations, "observation"),
            summary.line(definition)
        )?;
    }
    stdout.flush()
}
