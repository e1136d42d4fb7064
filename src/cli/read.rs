//! `bluebook read`: the tables of documents as Arrow, for programs; nothing is published. A folder takes all tables, standard
//! output one. Rows are only given once all documents are read, so that nobody takes those of a release with a problem.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::NaiveDate;

use crate::cli::journal::Journal;
use crate::cli::reporting::Reporting;
use crate::cli::temporary::TemporaryFolder;
use crate::cli::{Manner, Reading, date};
use crate::columns::{self, OBSERVATIONS};
use crate::dataset::Definition;
use crate::folder;
use crate::load::ArrowStreams;
use crate::pipeline::{self, DatasetRows};
use crate::problem::exit::Exit;
use crate::run::{RunConfig, RunResult};
use crate::sound_releases::read_sound_releases;

/// What `read` takes.
#[derive(Debug, clap::Args)]
pub struct ReadArguments {
    #[command(flatten)]
    reading: Reading,
    /// Folder to write NAME/TABLE.arrows in; else one table goes to standard output
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Table to write; by default all to a folder, and observations to standard output
    #[arg(long = "table", value_name = "NAME")]
    tables: Vec<String>,
    /// Only write rows of releases from this day on; earlier ones are read to compare with
    #[arg(long, value_name = "DATE", value_parser = date)]
    from: Option<NaiveDate>,
    /// Where releases have problems, write the rows of all others
    #[arg(long)]
    keep_sound: bool,
    #[command(flatten, next_help_heading = "Machine-readable output")]
    pub reporting: Reporting,
}

/// Writes the tables of the documents, unless there is a problem.
pub fn read(arguments: &ReadArguments, manner: Manner, journal: &Journal) -> Result<Exit> {
    let config = arguments.reading.config()?;
    arguments.refuse_unknown_tables(&config)?;
    journal.reads(&config);
    let (rows, result) = arguments.read_rows(&config)?;
    let exit = journal.found(&config, &result);
    if exit == Exit::Done || arguments.keep_sound {
        arguments.give(rows, &config)?;
    }
    if !journal.to_people(manner).quiet {
        tell(arguments.output.as_deref(), &config, &result, exit)?;
    }
    Ok(exit)
}

impl ReadArguments {
    fn refuse_unknown_tables(&self, config: &RunConfig) -> Result<()> {
        let is_known = |name: &str| config.definitions.iter().any(|of| columns::table(name, of).is_some());
        let Some(unknown) = self.tables.iter().find(|name| !is_known(name)) else { return Ok(()) };
        let message = format!("no table has the name {unknown}; `bluebook columns` lists all tables");
        Err(Exit::Config.error(message))
    }

    /// Reads the documents into streams that nobody sees yet.
    fn read_rows(&self, config: &RunConfig) -> Result<(Streams, RunResult)> {
        let begin = || Streams::begin(self.output.as_deref(), self.wanted(), self.from);
        let take = |streams: &mut Streams, rows: DatasetRows| streams.write(&rows, config);
        if self.keep_sound {
            return read_sound_releases(config, begin, take);
        }
        let mut streams = begin()?;
        let result = pipeline::process_documents(config, |rows| take(&mut streams, rows), |_| ())?;
        Ok((streams, result))
    }

    /// The tables to write; all where none is named.
    fn wanted(&self) -> Vec<String> {
        let is_one = self.output.is_none() && self.tables.is_empty();
        if is_one { vec![OBSERVATIONS.into()] } else { self.tables.clone() }
    }

    /// Puts the streams where they were asked for.
    fn give(&self, mut streams: Streams, config: &RunConfig) -> Result<()> {
        if let ([only], true) = (&config.definitions[..], streams.datasets.is_empty()) {
            streams.begin_dataset(0, only)?; // tables without rows
        }
        match &self.output {
            Some(output) => streams.finish(config)?.move_to(output),
            None => streams.finish(config)?.print(),
        }
    }
}

/// The streams of all datasets, in a folder for temporary files.
struct Streams {
    folder: TemporaryFolder,
    wanted: Vec<String>,
    from: Option<NaiveDate>,
    datasets: BTreeMap<usize, ArrowStreams>,
}

impl Streams {
    fn begin(output: Option<&Path>, wanted: Vec<String>, from: Option<NaiveDate>) -> Result<Streams> {
        let folder = output.map_or_else(TemporaryFolder::create, TemporaryFolder::create_in)?;
        Ok(Streams { folder, wanted, from, datasets: BTreeMap::new() })
    }

    fn write(&mut self, rows: &DatasetRows, config: &RunConfig) -> Result<()> {
        if !self.datasets.contains_key(&rows.dataset) {
            self.begin_dataset(rows.dataset, &config.definitions[rows.dataset])?;
        }
        let streams = self.datasets.get_mut(&rows.dataset);
        streams.map_or(Ok(()), |streams| streams.write(&rows.batch, self.from))
    }

    fn begin_dataset(&mut self, dataset: usize, definition: &Definition) -> Result<()> {
        let mut tables = columns::tables(definition);
        tables.retain(|table| self.wanted.is_empty() || self.wanted.contains(&table.name));
        let folder = self.folder.path().join(definition.name());
        fs::create_dir(&folder).with_context(|| format!("cannot write {}", folder.display()))?;
        self.datasets.insert(dataset, ArrowStreams::create(&folder, definition, &tables)?);
        Ok(())
    }

    /// Ends all streams.
    fn finish(self, config: &RunConfig) -> Result<FinishedStreams> {
        let names = self.datasets.keys().map(|dataset| config.definitions[*dataset].name().to_owned());
        let finished = FinishedStreams { names: names.collect(), folder: self.folder };
        self.datasets.into_values().try_for_each(ArrowStreams::finish)?;
        Ok(finished)
    }
}

/// Streams that were ended.
struct FinishedStreams {
    folder: TemporaryFolder,
    /// The datasets' names.
    names: Vec<String>,
}

impl FinishedStreams {
    /// Puts the streams of each dataset in place of what stands there.
    fn move_to(&self, output: &Path) -> Result<()> {
        for name in &self.names {
            let to = output.join(name);
            let moved = remove(&to).and_then(|()| fs::rename(self.folder.path().join(name), &to));
            moved.with_context(|| format!("cannot write {}", to.display()))?;
        }
        Ok(())
    }

    /// Prints the only stream.
    fn print(&self) -> Result<()> {
        let mut files: Vec<PathBuf> = Vec::new();
        for name in &self.names {
            let folder = self.folder.path().join(name);
            files.extend(folder::list_names(&folder)?.into_iter().map(|file| folder.join(file)));
        }
        let [file] = &files[..] else {
            let message = "standard output takes one table of one dataset; name them by `--table` and `--dataset`, or a folder by `--output`";
            return Err(Exit::Config.error(message));
        };
        let mut file = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
        let mut stdout = io::stdout().lock();
        io::copy(&mut file, &mut stdout)?;
        Ok(stdout.flush()?)
    }
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// One line for each dataset that was written to a folder.
fn tell(output: Option<&Path>, config: &RunConfig, result: &RunResult, exit: Exit) -> Result<()> {
    let Some(output) = output.filter(|_| exit == Exit::Done) else { return Ok(()) };
    let mut stdout = anstream::stdout().lock();
    for (definition, summary) in config.definitions.iter().zip(&result.summaries) {
        if summary.documents > 0 {
            let (name, line) = (definition.name(), summary.line(definition));
            writeln!(stdout, "{name}: read into {} ({line})", output.join(name).display())?;
        }
    }
    Ok(stdout.flush()?)
}
