//! The whole flow on one screen: sources → documents → raw observations → published observations → rows for a sink.
//!
//! Everything but the two ends is pure: documents in, frames and problems out. A batch of documents is the unit of
//! work and of memory; batches are worked on side by side and handed over in order.

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::NaiveDate;
use encoding_rs::Encoding;
use polars::prelude::{DataFrame, df};
use rayon::prelude::*;

use crate::columns;
use crate::dataset::{Category, Definition};
use crate::document::Document;
use crate::extract::observations::{Extracted, NoteOf, Raw, fit, layouts, newest_day, no_table, observations};
use crate::extract::tables::Layout;
use crate::extract::{self};
use crate::input::{Source, batches};
use crate::load::Batch;
use crate::problem::{Problem, did_you_mean, exit_of};
use crate::exit::Exit;
use crate::regions;
use crate::summary::{SourceOf, Summary};
use crate::transform::{Context, Ledger, TableOf, Transformed, transform, unused_corrections};

/// What a run is to read, and how.
#[derive(Clone, Debug)]
pub struct Job {
    /// The documents.
    pub sources: Vec<Source>,
    /// The definitions a document may belong to; a single one that the user chose takes every document.
    pub definitions: Vec<Definition>,
    /// Whether the user chose the definition.
    pub chosen: bool,
    /// What texts without a byte order mark are encoded in, where the user names it.
    pub encoding: Option<&'static Encoding>,
}

/// What a run found.
#[derive(Debug, Default)]
pub struct Outcome {
    /// For each definition of the job, what its documents gave.
    pub summaries: Vec<Summary>,
    /// All problems, in the order of the documents.
    pub problems: Vec<Problem>,
}

/// Rows to publish.
pub struct Portion {
    /// The definition's index in the job.
    pub dataset: usize,
    /// The rows.
    pub batch: Batch,
}

/// Runs a job. `sink` gets the rows to publish, in order, until there is a problem; `progress` hears how many
/// documents were done.
///
/// # Errors
/// Where a document cannot be read from disk, or the sink fails.
pub fn run(job: &Job, mut sink: impl FnMut(Portion) -> Result<()>, progress: impl Fn(usize)) -> Result<Outcome> {
    let mut outcome = Outcome { summaries: vec![Summary::default(); job.definitions.len()], problems: Vec::new() };
    let mut ledgers: Vec<Ledger> = job.definitions.iter().map(|_| Ledger::default()).collect();
    for wave in batches(&dated(job)?).chunks(rayon::current_num_threads()) {
        let worked: Vec<Result<Worked>> = wave.par_iter().map(|batch| work(batch, job)).collect();
        for (batch, worked) in wave.iter().zip(worked) {
            let Worked { parts, problems } = worked?;
            outcome.problems.extend(problems);
            let sound = exit_of(&outcome.problems) == Exit::Done;
            for part in parts {
                outcome.summaries[part.dataset].add(part.summary);
                ledgers[part.dataset].add(part.ledger);
                if let Some(batch) = part.batch.filter(|_| sound) {
                    sink(Portion { dataset: part.dataset, batch })?;
                }
            }
            progress(batch.len());
        }
    }
    for (dataset, definition) in job.definitions.iter().enumerate().filter(|(dataset, _)| outcome.summaries[*dataset].documents > 0) {
        outcome.problems.extend(unused_corrections(definition, &ledgers[dataset]));
        sink(Portion { dataset, batch: region_rows(definition, &outcome.summaries[dataset].regions)? })?;
    }
    Ok(outcome)
}

/// The sources with the release of each: a document whose name does not tell it tells it by its newest period.
fn dated(job: &Job) -> Result<Vec<Source>> {
    let date = |source: &Source| -> Result<Source> {
        let release = match source.release {
            Some(release) => Some(release),
            None => newest_day(&extract::read(&source.shown(), &source.read()?, job.encoding).map(|document| layouts(&document)).unwrap_or_default()),
        };
        Ok(Source { release, ..source.clone() })
    };
    job.sources.par_iter().map(date).collect()
}

/// What a batch of documents gave.
#[derive(Default)]
struct Worked {
    parts: Vec<Part>,
    problems: Vec<Problem>,
}

/// What the documents of a batch that belong to one dataset gave.
struct Part {
    dataset: usize,
    /// None where there are problems.
    batch: Option<Batch>,
    summary: Summary,
    ledger: Ledger,
}

/// A document that was read, laid out, and given to a dataset.
struct Assigned {
    dataset: usize,
    document: Document,
    layouts: Vec<Layout>,
    release: Option<NaiveDate>,
}

/// Takes a batch from its files to rows.
fn work(batch: &[Source], job: &Job) -> Result<Worked> {
    let mut worked = Worked::default();
    let mut assigned = Vec::new();
    for source in batch {
        let bytes = source.read()?;
        match extract::read(&source.shown(), &bytes, job.encoding).map_err(|problem| *problem).and_then(|document| assign(document, source.release, job)) {
            Ok(document) => assigned.push(document),
            Err(problem) => worked.problems.push(problem),
        }
    }
    for (dataset, definition) in job.definitions.iter().enumerate() {
        let (own, others) = assigned.into_iter().partition(|document: &Assigned| document.dataset == dataset);
        assigned = others;
        let own: Vec<Assigned> = own;
        if !own.is_empty() {
            worked.parts.push(process(own, dataset, definition, &mut worked.problems)?);
        }
    }
    Ok(worked)
}

/// Gives a document to the dataset whose tables it has: the one with the most titles of its own in it.
fn assign(document: Document, release: Option<NaiveDate>, job: &Job) -> Result<Assigned, Problem> {
    let layouts = layouts(&document);
    let fits = |definition: &Definition| fit(&document, &layouts, definition);
    let best = job.definitions.iter().enumerate().max_by_key(|(at, definition)| (fits(definition), std::cmp::Reverse(*at)));
    match best {
        Some((dataset, definition)) if job.chosen || fits(definition) > 0 => Ok(Assigned { dataset, document, layouts, release }),
        _ => Err(homeless(&document, &layouts, &job.definitions)),
    }
}

/// The problem of a document that fits no dataset.
fn homeless(document: &Document, layouts: &[Layout], definitions: &[Definition]) -> Problem {
    let first = layouts.iter().enumerate().find_map(|(grid, layout)| layout.tables.first().map(|table| (grid, table)));
    let Some((grid, table)) = first else { return no_table(document) };
    let at = if table.title.is_empty() { table.header } else { table.title.start };
    let row = &document.grids[grid].rows[at];
    let column = row.cells.first().map_or(1, |cell| cell.column);
    let titles = definitions.iter().flat_map(|definition| definition.categories.iter().flat_map(Category::titles));
    let hint = did_you_mean(row.text(), titles).map(|hint| format!("{hint} ")).unwrap_or_default();
    let mark = document.mark(grid, row.number, column, "the first title of the document");
    let problem = Problem::data("no-dataset", "the document's tables belong to no built-in dataset", mark);
    problem.help(format!("{hint}name a definition of your own: `--dataset FILE`; `bluebook inspect` shows the tables"))
}

/// Takes documents of one dataset from tables to rows.
fn process(assigned: Vec<Assigned>, dataset: usize, definition: &Definition, problems: &mut Vec<Problem>) -> Result<Part> {
    let mut found = Vec::new();
    let extracted: Vec<_> = assigned.iter().enumerate().map(|(index, a)| observations(&a.document, index as u32, a.release, &a.layouts, definition)).collect::<Result<_>>()?;
    let mut frames: Vec<Extracted> = Vec::new();
    for (extracted, problems) in extracted {
        frames.push(extracted);
        found.extend(problems);
    }
    let (documents, releases): (Vec<Document>, Vec<Option<NaiveDate>>) = assigned.into_iter().map(|a| (a.document, a.release)).unzip();
    let damaged: BTreeSet<TableOf> = frames.iter().zip(0..).flat_map(|(e, index)| e.damaged.iter().map(move |category| (index, category.clone()))).collect();
    let context = Context { definition, documents: &documents, damaged: &damaged };
    let mut ledger = Ledger::default();
    let (transformed, faults) = transform(Raw::concat(frames.iter().map(|e| &e.raw))?, context, &mut ledger)?;
    found.extend(faults);
    let summary = Summary::of(&transformed, &frames, sources(&documents, &releases))?;
    let batch = if exit_of(&found) == Exit::Done { Some(rows(&transformed, &frames, &documents, &releases, definition)?) } else { None };
    problems.extend(found);
    Ok(Part { dataset, batch, summary, ledger })
}

fn sources(documents: &[Document], releases: &[Option<NaiveDate>]) -> Vec<SourceOf> {
    let source = |(document, release): (&Document, &Option<NaiveDate>)| SourceOf { name: document.name.clone(), sha256: document.sha256.clone(), bytes: document.bytes, release: *release };
    documents.iter().zip(releases).map(source).collect()
}

/// The rows of all tables but `regions`, which is complete only at the end.
fn rows(transformed: &Transformed, extracted: &[Extracted], documents: &[Document], releases: &[Option<NaiveDate>], definition: &Definition) -> Result<Batch> {
    let mut batch = Batch::default();
    let notes = notes(transformed, extracted, documents, releases)?;
    for table in columns::tables(definition) {
        match table.name {
            "observations" => batch.add(&transformed.observations.0, &table, definition)?,
            "checks" => batch.add(&transformed.checks.0, &table, definition)?,
            "notes" => batch.add(&notes, &table, definition)?,
            _ => {}
        }
    }
    Ok(batch)
}

/// The notes of documents, without those of tables that an earlier document of the release has, too.
fn notes(transformed: &Transformed, extracted: &[Extracted], documents: &[Document], releases: &[Option<NaiveDate>]) -> Result<DataFrame> {
    let all = extracted.iter().enumerate().flat_map(|(index, extracted)| extracted.notes.iter().map(move |note| (index, note)));
    let mut notes: Vec<(usize, &NoteOf)> = all.filter(|(index, note)| !transformed.repeated.contains(&(*index as u32, note.category.clone()))).collect();
    notes.sort_by_key(|(index, note)| (releases[*index], note.note, note.category.clone(), *index));
    let field = |value: fn(&NoteOf) -> &str| notes.iter().map(|(_, note)| value(note)).collect::<Vec<_>>();
    Ok(df!(
        "release_date" => notes.iter().map(|(index, _)| releases[*index]).collect::<Vec<_>>(),
        "note" => notes.iter().map(|(_, note)| note.note).collect::<Vec<_>>(),
        "category" => field(|note| &note.category),
        "printed_with" => field(|note| &note.printed_with),
        "text" => field(|note| &note.text),
        "source" => notes.iter().map(|(index, _)| documents[*index].name.as_str()).collect::<Vec<_>>(),
        "source_position" => field(|note| &note.position),
    )?)
}

/// The rows of `regions`: every code that was used.
fn region_rows(definition: &Definition, codes: &BTreeSet<String>) -> Result<Batch> {
    let used: Vec<regions::Region> = codes.iter().filter_map(|code| regions::by_code(code)).collect();
    let frame = df!(
        "region" => used.iter().map(|region| region.code).collect::<Vec<_>>(),
        "alpha2" => used.iter().map(|region| region.alpha2).collect::<Vec<_>>(),
        "m49" => used.iter().map(|region| region.m49).collect::<Vec<_>>(),
        "region_name" => used.iter().map(|region| definition.region_name(region)).collect::<Vec<_>>(),
        "region_kind" => used.iter().map(|region| region.kind.name()).collect::<Vec<_>>(),
    )?;
    let mut batch = Batch::default();
    for table in columns::tables(definition).iter().filter(|table| table.name == "regions") {
        batch.add(&frame, table, definition)?;
    }
    Ok(batch)
}
