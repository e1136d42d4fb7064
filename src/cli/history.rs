//! `bluebook history`: what stood for figures, from when to when; or what each release printed, as a triangle of revisions.

pub mod print;
mod wide;

use std::collections::BTreeSet;
use std::io::Write;

use anyhow::Result;

use crate::cli::explain::{parse_keys, unknown};
use crate::cli::rows::{self, KeyedRow, is_named};
use crate::cli::{Manner, Reading, conclude, progress};
use crate::columns::{HISTORY, OBSERVATIONS};
use crate::dataset::{Definition, Key};
use crate::grammar::period::Period;
use crate::history::{ChangeKind, History};
use crate::load::Batch;
use crate::pipeline::{self, DatasetRows};
use crate::problem::exit::Exit;
use crate::run::{RunConfig, RunResult};

/// What `history` takes.
#[derive(Debug, clap::Args)]
pub struct HistoryArguments {
    /// What to tell of, as for `explain`: TTPS/CAN/2024, CAN, "region=CAN period=2024"; all figures if left out
    #[arg(default_value = "*", hide_default_value = true)]
    key: String,
    #[command(flatten)]
    reading: Reading,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    format: HistoryFormat,
    /// Print what each release says: a row for each period, a column for each release
    #[arg(long)]
    wide: bool,
    /// Only what was revised
    #[arg(long)]
    revised: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
enum HistoryFormat {
    /// A table for people
    #[default]
    Table,
    /// The published columns of `history`
    Csv,
    /// An array of objects
    Json,
}

/// Tells what stood for the figures that a key names.
pub fn history(arguments: &HistoryArguments, manner: Manner) -> Result<Exit> {
    let config = RunConfig { keeps_history: true, ..arguments.reading.config()? };
    let keys = parse_keys(&arguments.key, &config)?;
    let (result, observations) = read(arguments, &config, &keys, manner)?;
    let exit = conclude(&result.problems, manner);
    if exit != Exit::Done {
        return Ok(exit);
    }
    refuse_unknown(&arguments.key, &keys, &result)?;
    let mut told = Told::default();
    for ((history, key), printed) in result.histories.iter().zip(&keys).zip(&observations) {
        history.as_ref().map_or(Ok(()), |history| told.add(arguments, history, key, printed))?;
    }
    let mut stdout = anstream::stdout().lock();
    stdout.write_all(told.finish(arguments.format)?.as_bytes())?;
    stdout.flush()?;
    Ok(Exit::Done)
}

/// Reads the documents; with the observations that the keys name, where the triangle is asked for.
fn read(
    arguments: &HistoryArguments,
    config: &RunConfig,
    keys: &[Key],
    manner: Manner,
) -> Result<(RunResult, Vec<Vec<KeyedRow>>)> {
    let mut observations: Vec<Vec<KeyedRow>> = vec![Vec::new(); config.definitions.len()];
    let bar = progress::bar(config.sources.len(), manner);
    let keep = |DatasetRows { dataset, batch }: DatasetRows| {
        let printed = if arguments.wide { rows::rows(&batch, OBSERVATIONS)? } else { Vec::new() };
        let is_asked = |row: &KeyedRow| is_named(row, &keys[dataset], &config.definitions[dataset]);
        observations[dataset].extend(printed.into_iter().filter(is_asked));
        Ok(())
    };
    let result = pipeline::process_documents(config, keep, |documents| bar.inc(documents as u64))?;
    bar.finish_and_clear();
    Ok((result, observations))
}

/// A key that names nothing is refused where a part of it is no code, measure or period; else it has no history.
fn refuse_unknown(text: &str, keys: &[Key], result: &RunResult) -> Result<()> {
    let read =
        || result.histories.iter().zip(keys).filter_map(|(history, key)| Some((history.as_ref()?, key)));
    if read().next().is_none() || read().any(|(history, key)| knows(history, key)) {
        return Ok(());
    }
    let names = |history: &History| -> Result<BTreeSet<String>> {
        let rows = rows::rows(&history.publish_rows(&history.sorted_rows())?, HISTORY)?;
        Ok(rows.iter().flat_map(|row| rows::names(row, history.definition())).collect())
    };
    let known = read().map(|(history, _)| names(history)).collect::<Result<Vec<_>>>()?;
    Err(unknown(text, known.iter().flatten().map(String::as_str)))
}

/// Whether a key names a figure of a history, or could.
fn knows(history: &History, key: &Key) -> bool {
    let definition = history.definition();
    let is_code = |(code, at): (&Option<String>, usize)| {
        code.as_ref().is_none_or(|code| definition.dimensions[at].code(code).is_some())
    };
    let is_measure = |measure: &String| definition.measure_by_code(measure).is_some();
    key.codes.iter().zip(0..).all(is_code)
        && key.measure.as_ref().is_none_or(is_measure)
        && key.period.as_ref().is_none_or(|period| period.parse::<Period>().is_ok())
}

/// What is printed, dataset by dataset.
#[derive(Default)]
struct Told {
    text: String,
    objects: Vec<serde_json::Value>,
}

impl Told {
    fn add(
        &mut self,
        arguments: &HistoryArguments,
        history: &History,
        key: &Key,
        printed: &[KeyedRow],
    ) -> Result<()> {
        let mut found = history.find_rows(key);
        found.retain(|row| !arguments.revised || row.kind == ChangeKind::Revised);
        if found.is_empty() {
            return Ok(());
        }
        let batch = history.publish_rows(&found)?;
        if arguments.wide {
            let rows = rows::rows(&batch, HISTORY)?;
            self.add_triangle(arguments.format, &wide::Triangle::new(&rows, printed, history.definition()));
            return Ok(());
        }
        self.add_rows(arguments.format, &batch, history.definition())
    }

    fn add_rows(&mut self, format: HistoryFormat, batch: &Batch, definition: &Definition) -> Result<()> {
        let rows = rows::rows(batch, HISTORY)?;
        match format {
            HistoryFormat::Table => self.text += &print::table(&rows, definition),
            HistoryFormat::Csv => self.text += &print::csv(batch)?,
            HistoryFormat::Json => self.objects.extend(print::objects(&rows, definition)),
        }
        Ok(())
    }

    fn add_triangle(&mut self, format: HistoryFormat, triangle: &wide::Triangle<'_>) {
        match format {
            HistoryFormat::Table => self.text += &triangle.tables(),
            HistoryFormat::Csv => self.text += &triangle.csv(),
            HistoryFormat::Json => self.objects.extend(triangle.objects()),
        }
    }

    fn finish(self, format: HistoryFormat) -> Result<String> {
        match format {
            HistoryFormat::Json if !self.objects.is_empty() => {
                Ok(serde_json::to_string_pretty(&self.objects)? + "\n")
            }
            _ => Ok(self.text),
        }
    }
}
