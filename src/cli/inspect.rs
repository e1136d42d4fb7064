//! `bluebook inspect`: what is found in one document. By default a summary for people, a few lines a table; `--draw` draws
//! the document with its parts marked, `--cells` and `--format json` list each cell and line with its place.

mod cells;
mod draw;
mod found;
mod item;
mod listing;
mod sheets;
mod summary;
mod view;
mod width;

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use anyhow::Result;

use crate::cli::{Manner, SourceFormat, conclude};
use crate::document::Content;
use crate::input;
use crate::input::files::SourceFile;
use crate::pipeline::{self, ReadDocument};
use crate::problem::exit::Exit;
use crate::problem::{Problem, condense};
use crate::run::RunConfig;
use found::{Fitted, Found};

/// What `inspect` takes.
#[derive(Debug, clap::Args)]
pub struct InspectArguments {
    /// The document
    file: PathBuf,
    /// List every cell with its position and what it was taken for
    #[arg(long)]
    cells: bool,
    /// Draw the document as text, with its parts marked
    #[arg(long, conflicts_with_all = ["cells", "format"])]
    draw: bool,
    /// Output format; JSON lists every cell
    #[arg(long, value_enum, default_value_t = InspectFormat::Text)]
    format: InspectFormat,
    #[command(flatten)]
    source: SourceFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum InspectFormat {
    /// Text for people
    Text,
    /// One object a line
    Json,
}

/// Shows what is found in a document.
pub fn inspect(arguments: &InspectArguments, manner: Manner) -> Result<Exit> {
    let config = config(arguments)?;
    let sources = input::files::find_sources(std::slice::from_ref(&arguments.file), None)?;
    let [source] = sources.as_slice() else {
        return Err(
            Exit::NoInput.error(format!("{} is a folder; name one document", arguments.file.display()))
        );
    };
    match read(source, &config) {
        Ok(content) => show(&(content?, source.release), &config, arguments, manner),
        Err(problem) => Ok(conclude(&[*problem], manner)),
    }
}

/// As a run on the document alone has it.
fn config(arguments: &InspectArguments) -> Result<RunConfig> {
    let SourceFormat { dataset, encoding, .. } = &arguments.source;
    Ok(RunConfig {
        sources: Vec::new(),
        definitions: arguments.source.definitions()?,
        is_chosen: dataset.is_some(),
        encoding: *encoding,
        limits: arguments.source.limits(),
        threads: 1,
        keeps_layouts: false,
        shows_unsound: false,
    })
}

#[allow(clippy::type_complexity)] // the world's fault inside the data's
fn read(source: &SourceFile, config: &RunConfig) -> Result<Result<Content>, Box<Problem>> {
    match source.read() {
        Ok(bytes) => {
            input::read_within(&config.limits, &source.display_path(), &bytes, config.encoding).map(Ok)
        }
        Err(error) => Ok(Err(error)),
    }
}

fn show(
    read: &ReadDocument,
    config: &RunConfig,
    arguments: &InspectArguments,
    manner: Manner,
) -> Result<Exit> {
    let mut stdout = BufWriter::new(anstream::stdout().lock());
    let is_summary = !arguments.cells && !arguments.draw && arguments.format == InspectFormat::Text;
    // Before the document is parted into cells for this command: a large one is in memory once.
    let checked = if is_summary { pipeline::summarize(read, config)? } else { None };
    let fitted = Fitted::new(&read.0, config);
    let mut found = Found::new(&fitted);
    if is_summary {
        summary::print(&mut found, checked.as_ref(), &mut stdout)?;
    } else if arguments.draw {
        draw::print(&found, &mut stdout)?;
    } else {
        listing::print(&found, arguments.format, &mut stdout)?;
    }
    stdout.flush()?;
    Ok(conclude(&condense(found.extracted.problems), manner))
}
