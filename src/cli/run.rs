//! `bluebook run`: the whole flow, from documents to the published set.

use std::collections::BTreeMap;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use anyhow::{Context, Result};

use super::journal::Journal;
use super::reporting::Reporting;
use super::{Manner, Reading, progress};
use crate::exit::Exit;
use crate::load::{Lock, Set};
use crate::pipeline::{self, Job, Outcome};

/// What `run` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    reading: Reading,
    /// Where to publish
    #[arg(short, long, value_name = "DIR", default_value = "output", env = "BLUEBOOK_OUTPUT")]
    output: PathBuf,
    #[command(flatten, next_help_heading = "Told to machines")]
    pub reporting: Reporting,
}

/// Publishes what the documents say, or nothing where there is a problem.
pub fn run(arguments: &Arguments, manner: Manner, journal: &Journal) -> Result<Exit> {
    let job = arguments.reading.job()?;
    journal.reads(&job);
    let manner = journal.to_people(manner);
    let _lock = Lock::take(&arguments.output)?;
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
    let exit = journal.found(&job, &outcome);
    if exit == Exit::Done { publish(sets, &job, &outcome, manner, journal) } else { Ok(exit) }
}

/// Ends all sets, and says what is published, before the first is: a full disk, or an output that is closed, leaves
/// everything as it was.
fn publish(
    sets: BTreeMap<usize, Set>,
    job: &Job,
    outcome: &Outcome,
    manner: Manner,
    journal: &Journal,
) -> Result<Exit> {
    let mut finished = Vec::new();
    for (dataset, set) in sets {
        let (definition, summary) = (&job.definitions[dataset], &outcome.summaries[dataset]);
        let (staging, files) = set.finish(definition, &summary.about(definition))?;
        let changed = staging.would_change()?;
        if !manner.quiet {
            let target = staging.target().display().to_string();
            report(job, outcome, dataset, &target, changed).context("cannot say what is published")?;
        }
        finished.push((definition.name(), staging, files, changed));
    }
    for (name, staging, files, changed) in finished {
        let target = staging.target().to_owned();
        if changed {
            staging.publish()?;
        }
        journal.published(name, &target, changed, &files);
    }
    Ok(Exit::Done)
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
