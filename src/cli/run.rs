//! `bluebook run`: the whole flow, from documents to the published set.

mod revisions;
#[cfg(feature = "object-stores")]
mod sets;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::builder::{FalseyValueParser, PossibleValuesParser};
use indicatif::ProgressBar;

use crate::cli::frozen::{self, Draft, Frozen};
use crate::cli::journal::Journal;
use crate::cli::reporting::Reporting;
use crate::cli::{Manner, Reading, SetLayout, page_changes, progress};
use crate::dataset::Definition;
use crate::layout_lock::Lockfile;
use crate::load::compare::{self, Difference};
use crate::load::{
    self, FORMATS, LateRelease, Lock, PublishedPackage, SetOptions, SetWriter, StagedSet, find_late_releases,
    find_package,
};
use crate::loaders::find_address;
use crate::pipeline;
use crate::problem::exit::Exit;
use crate::run::{RunConfig, RunResult};
use crate::summary::Summary;

/// What `run` takes.
#[derive(Debug, clap::Args)]
pub struct RunArguments {
    #[command(flatten)]
    reading: Reading,
    /// Folder to publish in, or an object store, as `s3://bucket/prefix`, `gs://…`, `az://…`
    #[arg(short, long, value_name = "DIR|URL", default_value = "output", env = "BLUEBOOK_OUTPUT")]
    output: PathBuf,
    /// How sets stand in the folder; in an object store always side by side
    #[arg(long, value_enum, default_value_t, value_name = "LAYOUT", env = "BLUEBOOK_LAYOUT")]
    layout: SetLayout,
    /// Formats to publish, separated by commas; by default all of them
    #[arg(long = "format", value_name = "NAME", env = "BLUEBOOK_FORMAT", value_delimiter = ',', value_parser = format_names())]
    formats: Vec<String>,
    /// Also publish a page, `index.html`, for people
    #[arg(long, env = "BLUEBOOK_HTML", value_parser = FalseyValueParser::new())]
    html: bool,
    /// Seconds to wait for another run that holds the output
    #[arg(
        long,
        value_name = "SECONDS",
        default_value_t = 0,
        env = "BLUEBOOK_WAIT",
        hide_default_value = true
    )]
    wait: u32,
    /// Do not flush files to the disk: for folders that may be lost
    #[arg(long, env = "BLUEBOOK_NO_SYNC", value_parser = FalseyValueParser::new(), hide_short_help = true)]
    no_sync: bool,
    /// Write a lock file of what the result was made from, for `--frozen`
    #[arg(long, conflicts_with_all = ["frozen", "as_of"])]
    lock: bool,
    #[command(flatten)]
    frozen: Frozen,
    #[command(flatten, next_help_heading = "Machine-readable output")]
    pub reporting: Reporting,
}

fn format_names() -> PossibleValuesParser {
    PossibleValuesParser::new(FORMATS.iter().map(|format| format.name()))
}

/// The sets in preparation, by the index of their definition.
type Sets = BTreeMap<usize, SetWriter>;

/// Publishes what the documents say, or nothing where there is a problem, or a difference that is not wanted.
pub fn run(arguments: &RunArguments, manner: Manner, journal: &Journal) -> Result<Exit> {
    let locked = arguments.frozen.read_lock()?;
    let config =
        RunConfig { keeps_layouts: arguments.lock || locked.is_some(), ..arguments.reading.config()? };
    journal.reads(&config);
    let manner = journal.to_people(manner);
    let job = Job { arguments, config, locked, manner, journal };
    if find_address(arguments.output.as_os_str()).is_some() || arguments.layout == SetLayout::Sets {
        publish_side_by_side(&job)
    } else {
        publish_in_place(&job)
    }
}

#[cfg(feature = "object-stores")]
use sets::publish_side_by_side;

#[cfg(not(feature = "object-stores"))]
fn publish_side_by_side(_: &Job<'_>) -> Result<Exit> {
    Err(Exit::Config.error("this bluebook was built without object stores and `--layout sets`"))
}

/// What a run is to do, and how.
struct Job<'a> {
    arguments: &'a RunArguments,
    config: RunConfig,
    locked: Option<Lockfile>,
    manner: Manner,
    journal: &'a Journal,
}

impl Job<'_> {
    /// What a set has; a durable one is flushed to the disk.
    fn options(&self, durable: bool) -> SetOptions {
        let chosen = |name: &str| self.arguments.formats.iter().any(|chosen| chosen == name);
        SetOptions { formats: load::choose_formats(chosen), has_page: self.arguments.html, durable }
    }

    fn wait(&self) -> Duration {
        Duration::from_secs(self.arguments.wait.into())
    }
}

/// Publishes in a folder, each set in place of the one before.
fn publish_in_place(job: &Job<'_>) -> Result<Exit> {
    let Job { arguments, config, locked, manner, journal } = job;
    let output = arguments.output.as_path();
    let lock = Lock::acquire(output, job.wait())?;
    let bar = progress::bar(config.sources.len(), *manner);
    let options = job.options(!arguments.no_sync);
    let begin = |definition: &Definition| SetWriter::begin(output, definition, &options);
    let (sets, result) = derive_sets(config, begin, &bar)?;
    let exit = journal.found(config, &result);
    if exit != Exit::Done {
        return Ok(exit);
    }
    let finished = finish_sets(sets, config, &result)?;
    if let Some(locked) = locked {
        let mut differences = frozen::differences(locked, config, &result);
        for (_, set) in &finished {
            differences.extend(describe_changes(set)?);
        }
        arguments.frozen.refuse(&differences)?;
    }
    let late = finished.iter().map(|(dataset, set)| {
        let published = find_package(set.target()).filter(|_| set.would_change());
        late_releases(published.as_ref(), &result.summaries[*dataset])
    });
    let late: Vec<Vec<LateRelease>> = late.collect();
    prepare(&finished, &late, config, &result, *manner)?;
    let draft = if arguments.lock { arguments.frozen.draft(config, &result, *manner)? } else { None };
    let changing: Vec<&StagedSet> =
        finished.iter().map(|(_, set)| set).filter(|set| set.would_change()).collect();
    load::publish(&lock, &changing)?;
    draft.map_or(Ok(()), Draft::keep)?;
    for ((dataset, set), late) in finished.iter().zip(&late) {
        let name = config.definitions[*dataset].name();
        journal.releases_changed(name, late);
        let place = set.target().display().to_string();
        journal.published(name, &place, set.would_change(), set.files());
    }
    Ok(Exit::Done)
}

/// The sets of a config with all of their rows; `begin` begins the set of a dataset.
pub(super) fn derive_sets(
    config: &RunConfig,
    begin: impl Fn(&Definition) -> Result<SetWriter>,
    bar: &ProgressBar,
) -> Result<(Sets, RunResult)> {
    let mut sets = Sets::new();
    let result = pipeline::process_documents(
        config,
        |portion| {
            let set = match sets.entry(portion.dataset) {
                Entry::Occupied(set) => set.into_mut(),
                Entry::Vacant(place) => place.insert(begin(&config.definitions[portion.dataset])?),
            };
            set.write(&portion.batch)
        },
        |documents| bar.inc(documents as u64),
    )?;
    bar.finish_and_clear();
    Ok((sets, result))
}

/// Ends all files of all sets.
pub(super) fn finish_sets(
    sets: Sets,
    config: &RunConfig,
    result: &RunResult,
) -> Result<Vec<(usize, StagedSet)>> {
    let finish = |(dataset, mut set): (usize, SetWriter)| {
        let (definition, summary) = (&config.definitions[dataset], &result.summaries[dataset]);
        set.set_changes(result.histories[dataset].as_ref().and_then(page_changes::tell));
        Ok((dataset, set.finish(definition, &summary.about(definition))?))
    };
    sets.into_iter().map(finish).collect()
}

/// What of a published set would change; nothing where none is published.
fn describe_changes(set: &StagedSet) -> Result<Vec<String>> {
    if !set.target().is_dir() {
        return Ok(Vec::new());
    }
    let change = |of: Difference| format!("{} would change: {}", of.file.display(), of.what);
    let changes = compare::compare_files(set.target(), set.folder())?.into_iter().map(change);
    let removal = |name| format!("{} would be removed", set.target().join(name).display());
    Ok(changes.chain(set.removals().iter().map(removal)).collect())
}

/// Verifies all sets that change, and says what is published, before the first is: a full disk, or an output that is closed,
/// leaves everything as it was.
fn prepare(
    finished: &[(usize, StagedSet)],
    late: &[Vec<LateRelease>],
    config: &RunConfig,
    result: &RunResult,
    manner: Manner,
) -> Result<()> {
    for ((dataset, set), late) in finished.iter().zip(late) {
        let changed = set.would_change();
        if changed {
            set.finish()?;
        }
        if !manner.quiet {
            let target = set.target().display().to_string();
            let told = ReportedDataset { config, result, dataset: *dataset, late };
            report(told, &target, changed).context("cannot say what is published")?;
        }
    }
    Ok(())
}

/// The releases behind the newest published one that are not as they were; none where nothing is published.
fn late_releases(published: Option<&PublishedPackage>, summary: &Summary) -> Vec<LateRelease> {
    published.map(|published| find_late_releases(published, &summary.sources)).unwrap_or_default()
}

/// What is told of a dataset.
#[derive(Clone, Copy)]
struct ReportedDataset<'r> {
    config: &'r RunConfig,
    result: &'r RunResult,
    dataset: usize,
    late: &'r [LateRelease],
}

/// A table for a person at a terminal; elsewhere one line, and nothing where nothing changed.
fn report(told: ReportedDataset<'_>, target: &str, changed: bool) -> io::Result<()> {
    let ReportedDataset { config, result, dataset, late } = told;
    let (definition, summary) = (&config.definitions[dataset], &result.summaries[dataset]);
    let history = result.histories[dataset].as_ref();
    let mut stdout = anstream::stdout().lock();
    if io::stdout().is_terminal() {
        let revisions = history.map(revisions::list).unwrap_or_default();
        write!(stdout, "{}{revisions}", crate::cli::check::table(definition, summary))?;
        let done = if changed { "published in" } else { "nothing changed in" };
        writeln!(stdout, "{done} {target}")?;
    } else if changed {
        writeln!(
            stdout,
            "{}: published {} in {target} ({}{})",
            definition.name(),
            crate::text::format_count(summary.observations, "observation"),
            summary.line(definition),
            history.and_then(revisions::count).map(|count| format!(", {count}")).unwrap_or_default()
        )?;
    }
    late.iter().try_for_each(|late| writeln!(stdout, "{late}"))?;
    stdout.flush()
}
