//! `bluebook explain`: where a published figure stands, what it was read as, and how all that is computed from it was
//! computed, with the places of everything that takes part.

mod rows;
mod words;

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Result;
use chrono::NaiveDate;

use super::{Manner, Reading, conclude, date, progress};
use crate::dataset::Definition;
use crate::exit::{Exit, Fault};
use crate::extract;
use crate::pipeline::{self, Job};
use crate::place::Place;
use crate::problem::{Mark, did_you_mean};
use rows::{Key, Row, Rows};

/// What `explain` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// What to explain: TTPS/CAN/2024, or a whole TTPS/CAN, TTPS, CAN or CAN/2024
    key: String,
    #[command(flatten)]
    reading: Reading,
    /// Only the release of that date
    #[arg(long, value_name = "DATE", value_parser = date)]
    release: Option<NaiveDate>,
}

/// Explains figures.
pub fn explain(arguments: &Arguments, manner: Manner) -> Result<Exit> {
    let job = arguments.reading.job()?;
    let keys: Vec<Key> = job.definitions.iter().map(|of| Key::parse(&arguments.key, of)).collect();
    let mut found: Vec<Rows> = job.definitions.iter().map(|_| Rows::default()).collect();
    let bar = progress::bar(job.sources.len(), manner);
    let outcome = pipeline::run(
        &job,
        |portion| {
            found[portion.dataset].keep(
                &portion.batch,
                &keys[portion.dataset],
                &job.definitions[portion.dataset],
            )
        },
        |documents| bar.inc(documents as u64),
    )?;
    bar.finish_and_clear();
    let exit = conclude(&outcome.problems);
    if exit != Exit::Done {
        return Ok(exit);
    }
    let mut sources = Sources { job: &job, texts: BTreeMap::new() };
    let mut explained = 0;
    for ((rows, key), definition) in found.iter().zip(&keys).zip(&job.definitions) {
        explained += tell(rows, key, definition, arguments.release, &mut sources)?;
    }
    if explained > 0 { Ok(Exit::Done) } else { Err(nothing(arguments, &found)) }
}

/// Explains the rows of a dataset that a key names; returns how many.
fn tell(
    rows: &Rows,
    key: &Key,
    definition: &Definition,
    release: Option<NaiveDate>,
    sources: &mut Sources<'_>,
) -> Result<usize> {
    let release = release.map(|release| release.to_string());
    let wanted = |row: &&Row| {
        key.names(row) && release.as_ref().is_none_or(|release| row.text("release_date") == Some(release))
    };
    let mut stdout = anstream::stdout().lock();
    let mut told = 0;
    for row in rows.observations.iter().filter(wanted) {
        if told > 0 {
            writeln!(stdout)?;
        }
        writeln!(stdout, "{}", words::title(row))?;
        if let Some(mark) = sources.mark(row)? {
            write!(stdout, "{mark}")?;
        }
        for (name, said) in words::lines(row, rows, definition) {
            writeln!(stdout, "  {name:<16} {said}")?;
        }
        told += 1;
    }
    Ok(told)
}

/// The texts of the documents that are shown.
struct Sources<'j> {
    job: &'j Job,
    texts: BTreeMap<String, (String, String)>,
}

impl Sources<'_> {
    /// Marks the figure of a row in its document; none where it is derived.
    fn mark(&mut self, row: &Row) -> Result<Option<Mark>> {
        let (Some(source), Some(position)) = (row.text("source"), row.text("source_position")) else {
            return Ok(None);
        };
        let Some((line, column)) = position.split_once(':') else { return Ok(None) };
        let (line, column): (u32, u32) = (line.parse()?, column.parse()?);
        let (path, text) = self.text(source, row.text("release_date"))?;
        let printed = row.text("value_label").unwrap_or_default();
        Ok(Some(Mark {
            file: path.clone(),
            place: Some(Place { sheet: None, row: line, column }),
            line: extract::text::lines(text)
                .find(|(number, _)| *number == line)
                .map(|(_, line)| line.to_owned()),
            width: printed.chars().count(),
            label: words::reading(row),
        }))
    }

    /// The path and the text of a document, by its name and release.
    fn text(&mut self, name: &str, release: Option<&str>) -> Result<&(String, String)> {
        let key = format!("{name}\0{}", release.unwrap_or_default());
        if !self.texts.contains_key(&key) {
            let named =
                self.job.sources.iter().filter(|of| of.path.file_name().is_some_and(|own| own == name));
            let of_release = |own: &NaiveDate| release.is_some_and(|release| own.to_string() == release);
            let best = named.max_by_key(|source| source.release.as_ref().is_some_and(of_release));
            let read = match best {
                Some(source) => match extract::read(&source.shown(), &source.read()?, self.job.encoding) {
                    Ok(content) => (content.path, content.text),
                    Err(_) => (name.into(), String::new()),
                },
                None => (name.into(), String::new()),
            };
            self.texts.insert(key.clone(), read);
        }
        Ok(&self.texts[&key])
    }
}

/// Why there is nothing to explain.
fn nothing(arguments: &Arguments, found: &[Rows]) -> anyhow::Error {
    let known = found.iter().flat_map(|rows| rows.names.iter().map(String::as_str));
    let hint = did_you_mean(&arguments.key, known).unwrap_or_else(|| {
        "a key is a category, a region and a period as they are published: TTPS/CAN/2024".into()
    });
    Fault::error(Exit::Problems, format!("nothing is published under `{}`; {hint}", arguments.key))
}
