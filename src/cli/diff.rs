//! `bluebook diff`: what one state of a dataset says other than another. Differences are no failure: they have an exit code of
//! their own, where it is asked for.

mod side;
mod told;
pub mod words;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;

use crate::cli::{Manner, SourceFormat};
use crate::dataset::Definition;
use crate::history::History;
use crate::history::comparison::Comparison;
use crate::problem::exit::Exit;
use crate::run::{Coverage, RunConfig};
use told::Differences;

/// What `diff` takes.
#[derive(Debug, clap::Args)]
pub struct DiffArguments {
    /// A document, a folder of documents, a published folder, or a release date
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// What is held against it: the same
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// Where the documents of a release date are: documents, or folders of them
    #[arg(long = "input", value_name = "DIR", default_value = "input", env = "BLUEBOOK_INPUT")]
    inputs: Vec<PathBuf>,
    #[command(flatten)]
    source: SourceFormat,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: DiffFormat,
    /// Exit with 3 where they differ
    #[arg(long)]
    exit_code: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum DiffFormat {
    /// Lines for people
    #[default]
    Text,
    /// Tables in Markdown
    Markdown,
    /// An array with an object for each dataset
    Json,
}

/// Tells what the newer side says other than the older.
pub fn diff(arguments: &DiffArguments, manner: Manner) -> Result<Exit> {
    let config = config(arguments)?;
    let [old, new] =
        [&arguments.old, &arguments.new].map(|text| side::read(text, arguments, &config, manner));
    let (old, new) = match (old?, new?) {
        (Ok(old), Ok(new)) => (old, new),
        (old, new) => return Ok(old.err().max(new.err()).unwrap_or(Exit::Problems)),
    };
    refuse_other_datasets([&old, &new], &config.definitions)?;
    let names = [&arguments.old, &arguments.new].map(|name| name.display().to_string());
    let compare = |(old, new): (Option<History>, Option<History>)| {
        let (old, new) = (old?, new?);
        Some(Differences::new(&Comparison::new(&old, &new), &names))
    };
    let found: Vec<Differences> = old.into_iter().zip(new).filter_map(compare).collect();
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(print(&found, arguments.format)?.as_bytes())?;
    stdout.flush()?;
    let differs = found.iter().any(Differences::is_any);
    Ok(if differs && arguments.exit_code { Exit::Frozen } else { Exit::Done })
}

/// How a side is read. It may be a part of what the definition is made for.
fn config(arguments: &DiffArguments) -> Result<RunConfig> {
    Ok(RunConfig {
        definitions: arguments.source.definitions()?,
        is_chosen: arguments.source.dataset.is_some(),
        encoding: arguments.source.encoding,
        limits: arguments.source.limits(),
        threads: crate::parallel::thread_count(),
        keeps_history: true,
        coverage: Coverage::Part,
        ..RunConfig::default()
    })
}

/// Only what is of the same datasets can be held against each other.
fn refuse_other_datasets(sides: [&[Option<History>]; 2], definitions: &[Definition]) -> Result<()> {
    let names = sides.map(|side| -> BTreeSet<&str> {
        let read = side.iter().zip(definitions).filter(|(history, _)| history.is_some());
        read.map(|(_, definition)| definition.name()).collect()
    });
    if names[0] == names[1] {
        return Ok(());
    }
    let [old, new] = names.map(|names| names.into_iter().collect::<Vec<_>>().join(", "));
    let message = format!(
        "OLD is of {old}, NEW of {new}; only what is of the same dataset can be compared, and `--dataset` names it"
    );
    Err(Exit::Problems.error(message))
}

fn print(found: &[Differences], format: DiffFormat) -> Result<String> {
    Ok(match format {
        DiffFormat::Text => found.iter().map(words::text).collect::<Vec<_>>().join("\n"),
        DiffFormat::Markdown => found.iter().map(words::markdown).collect::<Vec<_>>().join("\n"),
        DiffFormat::Json => serde_json::to_string_pretty(found)? + "\n",
    })
}
