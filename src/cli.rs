//! The command line: arguments, then a command, then an exit code. Data goes to standard output, words for people to
//! standard error.

mod as_of;
mod check;
mod columns;
mod diff;
mod explain;
mod frozen;
mod history;
mod init;
mod inspect;
mod journal;
mod load;
mod log;
mod manual;
mod page_changes;
mod progress;
#[cfg(feature = "object-stores")]
mod prune;
mod read;
mod regions;
mod reporting;
mod rows;
mod run;
mod schema;
mod sql;
mod temporary;
mod verify;
mod worker;

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Result;
use chrono::NaiveDate;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use encoding_rs::Encoding;

use crate::dataset::{self, Definition};
use crate::input::limits::{LegacyReader, Limit, Limits};
use crate::problem::exit::{Exit, ExitError};
use crate::problem::{Problem, worst_exit};
use crate::run::{RunConfig, RunResult};
use crate::{input, signals, text};
use journal::Journal;

/// Turn published statistical tables into verified, analysis-ready Parquet and CSV.
#[derive(Debug, Parser)]
#[command(name = "bluebook", version, propagate_version = true, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Arguments {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    manner: Manner,
}

const EXIT_CODES: &str = "Exit codes: 0 done; 1 the data has problems; 2 wrong usage; \
3 the result would differ from what was locked or is published, or two sides differ (diff --exit-code); 65 a document cannot be read; 66 no input; \
70 a fault in bluebook; 74 reading or writing failed; 75 another run holds the output; 78 a definition or setting is wrong; \
130, 143 stopped by SIGINT, SIGTERM. \
Unless it is 0, what was published before stands untouched.";

/// The word before what is wrong, in colour; a stream that wants none takes it off.
const ERROR: &str = "\u{1b}[1;31merror\u{1b}[0m";

#[derive(Debug, Subcommand)]
enum Command {
    /// Read documents, check them against their own totals, and publish Parquet and CSV
    Run(run::RunArguments),
    /// Run all steps without writing output
    Check(check::CheckArguments),
    /// Read documents, check them, and write their tables as Arrow, for programs
    Read(read::ReadArguments),
    /// Derive the published files again and compare the bytes, without writing output
    Verify(verify::VerifyArguments),
    /// Draft a definition from documents
    Init(init::InitArguments),
    /// Show what is found in one document: a summary of each table, a drawing, or every cell
    Inspect(inspect::InspectArguments),
    /// Show where a figure comes from, and how its share and changes were computed
    Explain(explain::ExplainArguments),
    /// Show what stood for figures, from when to when, over all releases
    History(history::HistoryArguments),
    /// Show what one state of a dataset says other than another
    Diff(diff::DiffArguments),
    /// Show what labels of regions stand for, and why
    Regions(regions::RegionsArguments),
    /// Print the data dictionary
    Columns(columns::ColumnsArguments),
    /// Load a published set into a database or another folder: whole, once, and only what differs
    Load(load::LoadArguments),
    /// Remove sets that count no longer, where they stand side by side
    #[cfg(feature = "object-stores")]
    Prune(prune::PruneArguments),
    /// Print a script that loads a published set into a warehouse, and writes only what differs
    Sql(sql::SqlArguments),
    /// Print the JSON Schema of definitions, by which editors complete and check them
    Schema,
    /// Print shell completions
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
    /// Read documents from standard input as an Arrow IPC stream and write frames as such: reads .xls, .xlsb and .ods in a
    /// process of its own, and serves engines on other machines
    #[command(hide = true)]
    Worker(worker::WorkerArguments),
    /// Print the manual, with the definition language and all rules
    Man,
}

/// How the program speaks.
#[derive(Clone, Copy, Debug, Args)]
struct Manner {
    /// When to use colour
    #[arg(long, value_enum, default_value_t = Colour::Auto, global = true, value_name = "WHEN", env = "BLUEBOOK_COLOR")]
    color: Colour,
    /// Only print errors and warnings
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Also print what each document was read as, and every repair of a failed total
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    verbose: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Colour {
    Auto,
    Always,
    Never,
}

/// How the files of a set stand in an output folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum SetLayout {
    /// In a folder of the dataset's name, exchanged as a whole
    #[default]
    Plain,
    /// Sets side by side, and latest.json that points to the one that counts
    Sets,
}

/// What to read, and how.
#[derive(Debug, Args)]
struct Reading {
    /// Documents, or folders of them
    #[arg(default_value = "input", value_name = "INPUT", env = "BLUEBOOK_INPUT")]
    inputs: Vec<PathBuf>,
    #[command(flatten)]
    source: SourceFormat,
    /// Release date of all documents
    #[arg(long, value_name = "DATE", env = "BLUEBOOK_RELEASE_DATE", value_parser = date)]
    release_date: Option<NaiveDate>,
    /// Only take the documents of releases up to this day
    #[arg(long, value_name = "DATE", env = "BLUEBOOK_AS_OF", value_parser = date)]
    as_of: Option<NaiveDate>,
    /// Number of threads; by default as many as keep the machine busy
    #[arg(long, value_name = "N", env = "BLUEBOOK_THREADS", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

/// How documents are understood.
#[derive(Debug, Default, Args)]
struct SourceFormat {
    /// A built-in dataset, or the file of a definition
    #[arg(long, value_name = "NAME|FILE", env = "BLUEBOOK_DATASET")]
    dataset: Option<String>,
    /// Encoding of texts without a byte order mark
    #[arg(long, value_name = "NAME", env = "BLUEBOOK_ENCODING", value_parser = encoding)]
    encoding: Option<&'static Encoding>,
    /// A limit for workbooks, as cells=3000000; the manual lists all limits
    #[arg(long = "limit", value_name = "NAME=VALUE", env = "BLUEBOOK_LIMITS", value_delimiter = ',')]
    limits: Vec<Limit>,
    /// Program that reads .xls, .xlsb and .ods in a process of its own; by default this one
    #[arg(long, value_name = "PROGRAM", env = "BLUEBOOK_WORKER", hide_short_help = true)]
    worker: Option<PathBuf>,
}

fn date(text: &str) -> Result<NaiveDate, String> {
    text::parse_date(text).ok_or_else(|| "a date was expected, as 2026-02-28".into())
}

fn encoding(text: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label(text.trim().as_bytes()).ok_or_else(|| {
        "no encoding has this name; try windows-1252, big5, gb18030, shift_jis, utf-16le".into()
    })
}

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> Exit {
    let arguments = parse();
    arguments.manner.color.apply();
    let journal = Arc::new(arguments.command.journal(arguments.manner));
    report_faults(Arc::clone(&journal));
    let listening = arguments.command.listen(Arc::clone(&journal));
    let ended = listening.and_then(|()| arguments.command.execute(arguments.manner, &journal));
    signals::disable_cleanup();
    journal.end(ended)
}

/// The arguments of the process; wrong ones end it.
fn parse() -> Arguments {
    let matches = Arguments::command().get_matches();
    let parsed = as_of::refuse_usual_output(&matches).and_then(|()| Arguments::from_arg_matches(&matches));
    parsed.unwrap_or_else(|wrong| wrong.format(&mut Arguments::command()).exit())
}

/// A panic is a fault in bluebook, in whichever thread; it ends the process with the code that says so.
fn report_faults(journal: Arc<Journal>) {
    std::panic::set_hook(Box::new(move |panic| {
        let message = format!(
            "a fault in bluebook: {panic}\nhelp: the output was left as it was; please report this with the document"
        );
        signals::clean_up_and_exit(journal.end(Err(Exit::Internal.error(message))))
    }));
}

impl Colour {
    fn apply(self) {
        match self {
            Colour::Auto => {}
            Colour::Always => anstream::ColorChoice::Always.write_global(),
            Colour::Never => anstream::ColorChoice::Never.write_global(),
        }
    }
}

impl Command {
    /// Ends cleanly where that is asked for; a worker has nothing to clean, and ends as it is.
    fn listen(&self, journal: Arc<Journal>) -> Result<()> {
        if matches!(self, Command::Worker(_)) {
            return Ok(());
        }
        signals::listen(move |exit, message| {
            journal.end(Err(exit.error(message)));
        })
    }

    /// The journal of the command: that of a run, if it is one.
    fn journal(&self, manner: Manner) -> Journal {
        match self {
            Command::Run(arguments) => Journal::begin("run", manner, Some(arguments.reporting.clone())),
            Command::Check(arguments) => Journal::begin("check", manner, Some(arguments.reporting.clone())),
            Command::Read(arguments) => Journal::begin("read", manner, Some(arguments.reporting.clone())),
            _ => Journal::begin("print", manner, None),
        }
    }

    fn execute(self, manner: Manner, journal: &Journal) -> Result<Exit> {
        match self {
            Command::Run(arguments) => run::run(&arguments, manner, journal),
            Command::Check(arguments) => check::check(&arguments, manner, journal),
            Command::Read(arguments) => read::read(&arguments, manner, journal),
            Command::Verify(arguments) => verify::verify(&arguments, manner),
            Command::Init(arguments) => init::init(&arguments, manner),
            Command::Inspect(arguments) => inspect::inspect(&arguments, manner),
            Command::Explain(arguments) => explain::explain(&arguments, manner),
            Command::History(arguments) => history::history(&arguments, manner),
            Command::Diff(arguments) => diff::diff(&arguments, manner),
            Command::Regions(arguments) => regions::regions(&arguments, manner),
            Command::Columns(arguments) => columns::columns(&arguments),
            Command::Load(arguments) => load::load(&arguments, manner),
            #[cfg(feature = "object-stores")]
            Command::Prune(arguments) => prune::prune(&arguments, manner),
            Command::Sql(arguments) => sql::sql(&arguments),
            Command::Schema => schema::schema(),
            Command::Completions { shell } => {
                let mut script = Vec::new(); // what writes it panics where it cannot
                clap_complete::generate(shell, &mut Arguments::command(), "bluebook", &mut script);
                io::stdout().write_all(&script).and_then(|()| io::stdout().flush())?;
                Ok(Exit::Done)
            }
            Command::Worker(arguments) => worker::serve(&arguments),
            Command::Man => manual::print(),
        }
    }
}

impl SourceFormat {
    /// The limits of a run: the usual ones but for those that were set.
    fn limits(&self) -> Limits {
        let mut limits = self.limits.iter().copied().fold(Limits::default(), Limits::with);
        // This program, whatever it is called.
        let program = self.worker.clone().or_else(|| std::env::current_exe().ok());
        limits.legacy_reader = program.map_or(LegacyReader::Own, LegacyReader::Program);
        limits
    }

    /// The definitions a document may belong to.
    fn definitions(&self) -> Result<Vec<Definition>> {
        let found = match &self.dataset {
            None => dataset::built_in(),
            Some(name) => dataset::find(name)?.map(|definition| vec![definition]),
        };
        found.map_err(|problems| {
            ExitError::with_problems(problems, Exit::Config, "the definition cannot be used")
        })
    }
}

impl Reading {
    /// The config that the arguments ask for.
    fn config(&self) -> Result<RunConfig> {
        let definitions = self.source.definitions()?;
        let sources = input::find_sources(&self.inputs, self.release_date)?;
        let threads = self.threads.map_or_else(crate::parallel::thread_count, usize::from);
        let config = RunConfig {
            sources,
            definitions,
            is_chosen: self.source.dataset.is_some(),
            encoding: self.source.encoding,
            limits: self.source.limits(),
            threads,
            ..RunConfig::default()
        };
        match self.as_of {
            Some(day) => as_of::keep_documents(config, day),
            None => Ok(config),
        }
    }
}

/// Where it is asked for, says what each document was read as.
fn tell_sources(result: &RunResult, manner: Manner) {
    let mut stderr = anstream::stderr().lock();
    for source in result.summaries.iter().flat_map(|summary| &summary.sources).filter(|_| manner.verbose) {
        let release = source.release.map_or("no release".into(), |release| format!("release {release}"));
        let _ = writeln!(
            stderr,
            "{}: {}, {} bytes, {release}, sha256 {}",
            source.name, source.format, source.bytes, source.sha256
        );
    }
}

/// Shows problems, all of them; where it is asked for, with all that would repair each.
fn show(problems: &[Problem], verbose: bool) {
    let mut stderr = anstream::stderr().lock();
    for problem in problems {
        let _ = if verbose { writeln!(stderr, "{problem:#}") } else { writeln!(stderr, "{problem}") };
    }
}

/// Shows problems, and counts them at the end; returns how the run ends.
fn conclude(problems: &[Problem], manner: Manner) -> Exit {
    show(problems, manner.verbose);
    let exit = worst_exit(problems);
    let errors = problems.iter().filter(|problem| problem.exit() != Exit::Done).count();
    if errors > 0 {
        let _ = writeln!(
            anstream::stderr(),
            "{}; nothing was published, what was published before stands",
            crate::text::format_count(errors, "problem")
        );
    }
    exit
}
