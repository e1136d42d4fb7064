//! `bluebook read`: the tables of documents as Arrow, for programs; nothing is published. A folder takes all tables, standard
//! output one. Rows are only given once all documents are read, so that nobody takes those of a release with a problem.

mod streams;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use chrono::NaiveDate;

use crate::cli::journal::Journal;
use crate::cli::reporting::Reporting;
use crate::cli::{Manner, Reading, date};
use crate::columns::{self, OBSERVATIONS};
use crate::pipeline::{self, DatasetRows};
use crate::problem::exit::Exit;
use crate::run::{Coverage, RunConfig, RunResult};
use crate::sound_releases::read_sound_releases;
use streams::Streams;

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
    let mut config = arguments.reading.config()?;
    if arguments.from.is_some() {
        config.coverage = Coverage::Part; // whoever gives the other rows reads other documents, too
    }
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
