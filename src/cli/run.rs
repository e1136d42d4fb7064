//! `bluebook run`: the whole flow, from documents to the published set.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use clap::builder::FalseyValueParser;
use indicatif::ProgressBar;

use crate::cli::frozen::{self, Draft, Frozen};
use crate::cli::journal::Journal;
use crate::cli::reporting::Reporting;
use crate::cli::{Manner, Reading, progress};
use crate::load::compare::{self, Difference};
use crate::load::{self, Lock, Prepared, Set};
use crate::pipeline;
use crate::problem::exit::Exit;
use crate::run::{RunConfig, RunResult};

/// What `run` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    reading: Reading,
    /// Folder to publish in
    #[arg(short, long, value_name = "DIR", default_value = "output", env = "BLUEBOOK_OUTPUT")]
    output: PathBuf,
    /// Seconds to wait for another run that holds the output
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 0,
        env = "BLUEBOOK_WAIT",
        hide_default_value = true
    )]
    wait: u32,
    /// Neither flush written files to disk nor read them back: for folders that may be lost
    #[arg(long, env = "BLUEBOOK_NO_SYNC", value_parser = FalseyValueParser::new(), hide_short_help = true)]
    no_sync: bool,
    /// Write a lock file of what the result was made from, for `--frozen`
    #[arg(long, conflicts_with = "frozen")]
    lock: bool,
    #[command(flatten)]
    frozen: Frozen,
    #[command(flatten, next_help_heading = "Machine-readable output")]
    pub reporting: Reporting,
}

/// The sets in preparation, by the index of their definition.
type Sets = BTreeMap<usize, Set>;

/// Publishes what the documents say, or nothing where there is a problem, or a difference that is not wanted.
pub fn run(arguments: &Arguments, manner: Manner, journal: &Journal) -> Result<Exit> {
    let locked = arguments.frozen.locked()?;
    let config =
        RunConfig { keeps_layouts: arguments.lock || locked.is_some(), ..arguments.reading.config()? };
    journal.reads(&config);
    let manner = journal.to_people(manner);
    let lock = Lock::acquire(&arguments.output, Duration::from_secs(arguments.wait.into()))?;
    let bar = progress::bar(config.sources.len(), manner);
    let (sets, result) = derived(&config, (&arguments.output, !arguments.no_sync), &bar)?;
    let exit = journal.found(&config, &result);
    if exit != Exit::Done {
        return Ok(exit);
    }
    let finished = ended(sets, &config, &result)?;
    if let Some(locked) = locked {
        let mut differences = frozen::differences(&locked, &config, &result);
        for (_, prepared) in &finished {
            differences.extend(would_change(prepared)?);
        }
        arguments.frozen.refuse(&differences)?;
    }
    prepare(&finished, &config, &result, manner)?;
    let draft = if arguments.lock { arguments.frozen.draft(&config, &result, manner)? } else { None };
    let changing: Vec<&Prepared> =
        finished.iter().map(|(_, prepared)| prepared).filter(|prepared| prepared.would_change()).collect();
    load::publish(&lock, &changing)?;
    draft.map_or(Ok(()), Draft::keep)?;
    for (dataset, prepared) in &finished {
        let name = config.definitions[*dataset].name();
        journal.published(name, prepared.target(), prepared.would_change(), prepared.files());
    }
    Ok(Exit::Done)
}

/// The sets of a config with all of their rows, prepared in a folder.
pub(super) fn derived(
    config: &RunConfig,
    (folder, durable): (&Path, bool),
    bar: &ProgressBar,
) -> Result<(Sets, RunResult)> {
    let mut sets = Sets::new();
    let result = pipeline::process_documents(
        config,
        |portion| {
            let set = match sets.entry(portion.dataset) {
                Entry::Occupied(set) => set.into_mut(),
                Entry::Vacant(place) => {
                    place.insert(Set::begin(folder, &config.definitions[portion.dataset], durable)?)
                }
            };
            set.write(&portion.batch)
        },
        |documents| bar.inc(documents as u64),
    )?;
    bar.finish_and_clear();
    Ok((sets, result))
}

/// Ends all files of all sets.
pub(super) fn ended(sets: Sets, config: &RunConfig, result: &RunResult) -> Result<Vec<(usize, Prepared)>> {
    let ended = |(dataset, set): (usize, Set)| {
        let (definition, summary) = (&config.definitions[dataset], &result.summaries[dataset]);
        Ok((dataset, set.finish(definition, &summary.about(definition))?))
    };
    sets.into_iter().map(ended).collect()
}

/// What of a published set would change; nothing where none is published.
fn would_change(prepared: &Prepared) -> Result<Vec<String>> {
    if prepared.target().is_dir() && prepared.would_change() {
        let differences = compare::changes(prepared.target(), prepared.folder())?;
        let told = |of: &Difference| format!("{} would change: {}", of.file.display(), of.what);
        return Ok(differences.iter().map(told).collect());
    }
    Ok(Vec::new())
}

/// Verifies all sets that change, and says what is published, before the first is: a full disk, or an output that is closed,
/// leaves everything as it was.
fn prepare(
    finished: &[(usize, Prepared)],
    config: &RunConfig,
    result: &RunResult,
    manner: Manner,
) -> Result<()> {
    for (dataset, prepared) in finished {
        let changed = prepared.would_change();
        if changed {
            prepared.finish()?;
        }
        if !manner.quiet {
            let target = prepared.target().display().to_string();
            report(config, result, *dataset, &target, changed).context("cannot say what is published")?;
        }
    }
    Ok(())
}

/// A table for a person at a terminal; elsewhere one line, and nothing where nothing changed.
fn report(
    config: &RunConfig,
    result: &RunResult,
    dataset: usize,
    target: &str,
    changed: bool,
) -> io::Result<()> {
    let (definition, summary) = (&config.definitions[dataset], &result.summaries[dataset]);
    let mut stdout = anstream::stdout().lock();
    if io::stdout().is_terminal() {
        write!(stdout, "{}", crate::cli::check::table(definition, summary))?;
        let done = if changed { "published in" } else { "nothing changed in" };
        writeln!(stdout, "{done} {target}")?;
        return stdout.flush();
    }
    if changed {
        writeln!(
            stdout,
            "{}: published {} in {target} ({})",
            definition.name(),
            crate::text::format_count(summary.observations, "observation"),
            summary.line(definition)
        )?;
    }
    stdout.flush()
}
