//! `bluebook explain`: where a published figure stands, what it was read as, and how all that is computed from it was
//! computed, with the places of everything that takes part.

mod words;

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::Write;

use anyhow::{Context, Result};
use chrono::NaiveDate;

use crate::cli::history::print;
use crate::cli::rows::{self, KeyedRow, KeyedRows, is_named};
use crate::cli::{Manner, Reading, conclude, date, progress};
use crate::columns::HISTORY;
use crate::dataset::{Definition, Key};
use crate::document::{Content, Document, Grid};
use crate::history::History;
use crate::input;
use crate::pipeline::{self, DatasetRows};
use crate::position::Position;
use crate::problem::exit::Exit;
use crate::problem::{Span, did_you_mean};
use crate::run::{RunConfig, RunResult};

/// What `explain` takes.
#[derive(Debug, clap::Args)]
pub struct ExplainArguments {
    /// What to explain: a code of each dimension and a period, or some of them: TTPS/CAN/2024, CAN, "region=CAN period=2024"
    key: String,
    #[command(flatten)]
    reading: Reading,
    /// Only the release of that date
    #[arg(long, value_name = "DATE", value_parser = date)]
    release: Option<NaiveDate>,
}

/// Explains figures.
pub fn explain(arguments: &ExplainArguments, manner: Manner) -> Result<Exit> {
    let config = arguments.reading.config()?;
    let keys = parse_keys(&arguments.key, &config)?;
    let (result, found) = read_rows(&config, &keys, manner)?;
    let exit = conclude(&result.problems, manner);
    if exit != Exit::Done {
        return Ok(exit);
    }
    let mut told = 0;
    for ((rows, key), definition) in found.iter().zip(&keys).zip(&config.definitions) {
        let wanted = select_rows(rows, key, definition, arguments.release);
        told += tell(rows, &wanted, definition, &config, told == 0)?;
    }
    if told > 0 {
        for (history, key) in result.histories.iter().zip(&keys) {
            history.as_ref().map_or(Ok(()), |history| tell_history(history, key))?;
        }
        return Ok(Exit::Done);
    }
    Err(unknown(&arguments.key, found.iter().flat_map(|rows| rows.names.iter().map(String::as_str))))
}

/// Reads the documents; with the rows that the keys need.
fn read_rows(config: &RunConfig, keys: &[Key], manner: Manner) -> Result<(RunResult, Vec<KeyedRows>)> {
    let mut found: Vec<KeyedRows> = config.definitions.iter().map(|_| KeyedRows::default()).collect();
    let bar = progress::bar(config.sources.len(), manner);
    let keep = |DatasetRows { dataset, batch }: DatasetRows| {
        found[dataset].keep(&batch, &keys[dataset], &config.definitions[dataset])
    };
    let result = pipeline::process_documents(config, keep, |documents| bar.inc(documents as u64))?;
    bar.finish_and_clear();
    Ok((result, found))
}

/// What a key names in each dataset.
pub(super) fn parse_keys(key: &str, config: &RunConfig) -> Result<Vec<Key>> {
    let keys = config.definitions.iter().map(|of| Key::parse(key, of));
    keys.collect::<Result<_, _>>().map_err(|why| Exit::Problems.error(why))
}

/// The observations that a key names.
fn select_rows<'r>(
    rows: &'r KeyedRows,
    key: &Key,
    definition: &Definition,
    release: Option<NaiveDate>,
) -> Vec<&'r KeyedRow> {
    let release = release.map(|release| release.to_string());
    let of_release =
        |row: &KeyedRow| release.as_deref().is_none_or(|release| row.text("release_date") == Some(release));
    rows.observations.iter().filter(|row| is_named(row, key, definition) && of_release(row)).collect()
}

/// Explains rows of a dataset; returns how many.
fn tell(
    rows: &KeyedRows,
    wanted: &[&KeyedRow],
    definition: &Definition,
    config: &RunConfig,
    mut first: bool,
) -> Result<usize> {
    let mut contents: BTreeMap<FileOfRelease<'_>, Content> = BTreeMap::new();
    for row in wanted {
        if let Entry::Vacant(place) = contents.entry(printed_in(row)) {
            place.insert(read(printed_in(row), config)?);
        }
    }
    let documents: BTreeMap<FileOfRelease<'_>, Document<'_>> =
        contents.iter().map(|(printed, content)| (*printed, input::document(content))).collect();
    let mut stdout = anstream::stdout().lock();
    for row in wanted {
        if !std::mem::take(&mut first) {
            writeln!(stdout)?;
        }
        writeln!(stdout, "{}", words::title(row, definition))?;
        if let Some(mark) = mark(row, &documents[&printed_in(row)]) {
            write!(stdout, "{mark}")?;
        }
        for (name, said) in words::lines(row, rows, definition) {
            writeln!(stdout, "  {name:<16} {said}")?;
        }
    }
    Ok(wanted.len())
}

/// What stood for the figures over all releases, where there are several.
fn tell_history(history: &History, key: &Key) -> Result<()> {
    let found = history.find_rows(key);
    if history.newest_release().is_none() || found.is_empty() {
        return Ok(());
    }
    let rows = rows::rows(&history.publish_rows(&found)?, HISTORY)?;
    let mut stdout = anstream::stdout().lock();
    write!(stdout, "\n{}", print::table(&rows, history.definition()))?;
    Ok(())
}

/// A document, by its name and release.
type FileOfRelease<'r> = (&'r str, &'r str);

/// The document that a row comes from.
fn printed_in(row: &KeyedRow) -> FileOfRelease<'_> {
    (row.text("source").unwrap_or_default(), row.text("release_date").unwrap_or_default())
}

/// Reads a document once more, to show its lines.
fn read((name, release): FileOfRelease<'_>, config: &RunConfig) -> Result<Content> {
    let named = config.sources.iter().filter(|of| of.path.file_name().is_some_and(|own| own == name));
    let of_release = |own: &NaiveDate| own.to_string() == release;
    let source = named.max_by_key(|source| source.release.as_ref().is_some_and(of_release));
    let source = source.with_context(|| format!("{name} is no longer among the documents"))?;
    input::read_within(&config.limits, &source.display_path(), &source.read()?, config.encoding)
        .map_err(|problem| Exit::Unreadable.error(format!("{}: {}", source.display_path(), problem.message)))
}

/// Marks the figure of a row in its document; none where it is derived.
fn mark(row: &KeyedRow, document: &Document<'_>) -> Option<Span> {
    let place = Position::parse(row.text("source_position")?)?;
    let holds = |grid: &Grid<'_>| {
        let row = grid.row(place.row).filter(|_| grid.sheet == place.sheet);
        row.is_some_and(|row| row.cells.iter().any(|cell| cell.column == place.column))
    };
    let grid = document.grids.iter().position(holds)?;
    Some(document.span(grid, place.row, place.column, words::reading(row)))
}

/// Why nothing is told of a key, and which may be meant.
pub(super) fn unknown<'n>(key: &str, known: impl Iterator<Item = &'n str>) -> anyhow::Error {
    let hint = did_you_mean(key, known).unwrap_or_else(|| {
        "a key is a code of each dimension and a period as they are published, in order or by name: TTPS/CAN/2024, scheme=TTPS region=CAN".into()
    });
    Exit::Problems.error(format!("nothing is published under `{key}`; {hint}"))
}
