//! The whole flow on one screen: sources → documents → raw observations → published observations → rows for a sink.
//!
//! Everything but the two ends is pure: documents in, frames and problems out. A batch of documents is the unit of
//! work and of memory; batches are worked on side by side and handed over in order.

use std::cell::RefCell;
use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use chrono::NaiveDate;
use encoding_rs::Encoding;
use polars::prelude::{DataFrame, df};

use crate::columns;
use crate::dataset::{Category, Definition};
use crate::document::{Content, Document};
use crate::exit::Exit;
use crate::extract;
use crate::extract::observations::{
    Collector, Extracted, NoteOf, Titles, doubts, layouts, newest_day, no_table,
};
use crate::extract::tables::Layout;
use crate::input::{Source, batches, leading_date};
use crate::limits::Limits;
use crate::load::Batch;
use crate::problem::{Problem, did_you_mean, exit_of};
use crate::regions;
use crate::side_by_side::{Results, in_order};
use crate::summary::{SourceOf, Summary};
use crate::transform::{Context, Ledger, TableOf, Transformed, transform, unused_corrections, unused_labels};

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
    /// How much a workbook may ask for.
    pub limits: Limits,
    /// How many batches are worked on at once.
    pub threads: usize,
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
pub fn run(
    job: &Job,
    mut sink: impl FnMut(Portion) -> Result<()>,
    progress: impl Fn(usize),
) -> Result<Outcome> {
    let mut outcome =
        Outcome { summaries: vec![Summary::default(); job.definitions.len()], problems: Vec::new() };
    let mut ledgers: Vec<Ledger> = job.definitions.iter().map(|_| Ledger::default()).collect();
    let batches = batches(dated(job)?);
    in_order(
        job.threads,
        &batches,
        |batch, results| {
            work(batch, job, results).unwrap_or_else(|error| results.give(Err(error)));
        },
        |batch, given| {
            match given? {
                Given::Part(part) => {
                    outcome.summaries[part.dataset].add(part.summary);
                    ledgers[part.dataset].add(part.ledger);
                }
                Given::Problems(problems) => outcome.problems.extend(problems),
                Given::Rows(portion) if exit_of(&outcome.problems) == Exit::Done => sink(portion)?,
                Given::Rows(_) => {}
                Given::End => progress(batch.len()),
            }
            Ok(())
        },
    )?;
    for (dataset, definition) in
        job.definitions.iter().enumerate().filter(|(dataset, _)| outcome.summaries[*dataset].documents > 0)
    {
        let releases = outcome.summaries[dataset].releases();
        outcome.problems.extend(unused_corrections(definition, &ledgers[dataset], &releases));
        outcome.problems.extend(unused_labels(definition, &ledgers[dataset]));
        outcome.problems.extend(definition.unmatched_discrepancies(&ledgers[dataset].discrepancies));
        outcome.problems.extend(definition.unused_ignored(&ledgers[dataset].ignored));
        sink(Portion { dataset, batch: region_rows(definition, &outcome.summaries[dataset].regions)? })?;
    }
    Ok(outcome)
}

/// The sources with the release of each: a document whose name does not tell it tells it by its newest period.
fn dated(job: &Job) -> Result<Vec<Source>> {
    // Where there is nothing to order, a document tells its release when it is read.
    if job.sources.len() < 2 || job.sources.iter().all(|source| source.release.is_some()) {
        return Ok(job.sources.clone());
    }
    let date = |source: &Source| -> Result<Source> {
        let release = match source.release {
            Some(release) => Some(release),
            None => extract::read_within(&job.limits, &source.shown(), &source.read()?, job.encoding)
                .ok()
                .and_then(|content| release(&extract::document(&content), job)),
        };
        Ok(Source { release, ..source.clone() })
    };
    let mut dated = Vec::with_capacity(job.sources.len());
    in_order(
        job.threads,
        &job.sources,
        |source, results| results.give(date(source)),
        |_, source| {
            dated.push(source?);
            Ok(())
        },
    )?;
    Ok(dated)
}

/// The release of a document whose name does not tell it, as its dataset reckons time.
fn release(document: &Document<'_>, job: &Job) -> Option<NaiveDate> {
    let layouts = layouts(document);
    let (dataset, _) = dataset_of(document, &layouts, job)?;
    newest_day(&layouts, &job.definitions[dataset].calendar)
}

/// What a batch of documents gives, one after the other; problems before the rows that they concern.
enum Given {
    Part(Box<Part>),
    Problems(Vec<Problem>),
    Rows(Portion),
    End,
}

/// What the documents of a batch that belong to one dataset gave.
struct Part {
    dataset: usize,
    summary: Summary,
    ledger: Ledger,
}

/// A document that was laid out and given to a dataset.
struct Assigned<'c> {
    document: Document<'c>,
    layouts: Vec<Layout>,
    titles: Titles,
    release: Option<NaiveDate>,
}

/// Takes a batch from its files to rows.
fn work(batch: &[Source], job: &Job, results: &Results<Result<Given>>) -> Result<()> {
    let mut problems = Vec::new();
    let mut contents: Vec<Dated> = Vec::with_capacity(batch.len());
    for source in batch {
        match extract::read_within(&job.limits, &source.shown(), &source.read()?, job.encoding) {
            Ok(content) => contents.push((content, source.release)),
            Err(problem) => problems.push(*problem),
        }
    }
    flow(&contents, problems, job, &|given| results.give(Ok(given)))?;
    results.give(Ok(Given::End));
    Ok(())
}

/// A document that was read, and its release, as far as its name tells it.
type Dated = (Content, Option<NaiveDate>);

/// Takes one document from its bytes to rows, as far as that needs no other; with the problems found on the way.
///
/// # Errors
/// Where its frames cannot be made, which only a mistake in bluebook can cause.
pub fn of_document(name: &str, bytes: &[u8], job: &Job) -> Result<(Vec<Batch>, Vec<Problem>)> {
    let content = match extract::read_within(&job.limits, name, bytes, job.encoding) {
        Ok(content) => content,
        Err(problem) => return Ok((Vec::new(), vec![*problem])),
    };
    let (batches, problems) = (RefCell::new(Vec::new()), RefCell::new(Vec::new()));
    let release = leading_date(name.as_ref());
    flow(&[(content, release)], Vec::new(), job, &|given| match given {
        Given::Rows(portion) => batches.borrow_mut().push(portion.batch),
        Given::Problems(found) => problems.borrow_mut().extend(found),
        Given::Part(_) | Given::End => {}
    })?;
    Ok((batches.into_inner(), problems.into_inner()))
}

/// Takes documents from what was read to rows.
fn flow(contents: &[Dated], mut problems: Vec<Problem>, job: &Job, give: &impl Fn(Given)) -> Result<()> {
    let mut assigned: Vec<Vec<Assigned<'_>>> = job.definitions.iter().map(|_| Vec::new()).collect();
    for (content, release) in contents {
        let document = extract::document(content);
        let layouts = layouts(&document);
        match dataset_of(&document, &layouts, job) {
            Some((dataset, titles)) => {
                let newest = || newest_day(&layouts, &job.definitions[dataset].calendar);
                let release = release.or_else(newest);
                assigned[dataset].push(Assigned { document, layouts, titles, release });
            }
            None => problems.extend(homeless(&document, &layouts, &job.definitions)),
        }
    }
    give(Given::Problems(problems));
    for (dataset, documents) in
        assigned.into_iter().enumerate().filter(|(_, documents)| !documents.is_empty())
    {
        process(documents, dataset, &job.definitions[dataset], give)?;
    }
    Ok(())
}

/// The dataset whose tables a document has: the one with the most titles of its own in it, or the one the user chose.
fn dataset_of(document: &Document<'_>, layouts: &[Layout], job: &Job) -> Option<(usize, Titles)> {
    let titles = job.definitions.iter().map(|definition| Titles::of(document, layouts, definition));
    let best = titles.enumerate().max_by_key(|(at, titles)| (titles.known(), std::cmp::Reverse(*at)));
    best.filter(|(_, titles)| job.chosen || titles.known() > 0)
}

/// The problems of a document that fits no dataset.
fn homeless(document: &Document<'_>, layouts: &[Layout], definitions: &[Definition]) -> Vec<Problem> {
    [vec![no_dataset(document, layouts, definitions)], doubts(document)].concat()
}

fn no_dataset(document: &Document<'_>, layouts: &[Layout], definitions: &[Definition]) -> Problem {
    let first = layouts
        .iter()
        .enumerate()
        .find_map(|(grid, layout)| layout.tables.first().map(|table| (grid, table)));
    let Some((grid, table)) = first else { return no_table(document) };
    let at = if table.title.is_empty() { table.header.rows.start } else { table.title.start };
    let row = &document.grids[grid].rows[at];
    let column = row.cells.first().map_or(1, |cell| cell.column);
    let titles =
        definitions.iter().flat_map(|definition| definition.categories.iter().flat_map(Category::titles));
    let hint = did_you_mean(&row.text(), titles).map(|hint| format!("{hint} ")).unwrap_or_default();
    let mark = document.mark(grid, row.number, column, "the first title of the document");
    let problem = Problem::data("no-dataset", "the document's tables belong to no built-in dataset", mark);
    problem.help(format!(
        "{hint}name a definition of your own: `--dataset FILE`; `bluebook inspect` shows the tables"
    ))
}

/// Takes documents of one dataset from tables to rows.
fn process(
    assigned: Vec<Assigned<'_>>,
    dataset: usize,
    definition: &Definition,
    give: &impl Fn(Given),
) -> Result<()> {
    let (mut documents, mut tables, mut releases) = (Vec::new(), Vec::new(), Vec::new());
    for document in assigned {
        documents.push(document.document);
        tables.push((document.layouts, document.titles));
        releases.push(document.release);
    }
    let mut collector = Collector::default();
    let extracted: Vec<Extracted> = documents
        .iter()
        .zip(&tables)
        .zip(0..)
        .map(|((document, (layouts, titles)), index)| {
            collector.read(document, index, layouts, titles, definition)
        })
        .collect();
    let damaged: BTreeSet<TableOf> = extracted
        .iter()
        .zip(0..)
        .flat_map(|(of, index)| of.damaged.iter().map(move |rank| (index, *rank)))
        .collect();
    let context = Context { definition, documents: &documents, releases: &releases, damaged: &damaged };
    let mut ledger = Ledger::default();
    ledger.ignored.extend(extracted.iter().flat_map(|of| &of.ignored));
    let (transformed, faults) = transform(collector.finish()?, context, &mut ledger)?;
    let summary = Summary::of(&transformed, &extracted, sources(&context), definition)?;
    let found: Vec<Problem> =
        extracted.iter().flat_map(|of| of.problems.iter().cloned()).chain(faults).collect();
    let sound = exit_of(&found) == Exit::Done;
    give(Given::Problems(found));
    give(Given::Part(Box::new(Part { dataset, summary, ledger })));
    if sound {
        let portion = |batch| give(Given::Rows(Portion { dataset, batch }));
        rows(&transformed, &extracted, &context, portion)?;
    }
    Ok(())
}

fn sources(context: &Context<'_>) -> Vec<SourceOf> {
    let source = |(document, release): (&Document<'_>, &Option<NaiveDate>)| {
        let read = document.content;
        SourceOf {
            name: read.name.clone(),
            path: read.path.clone(),
            sha256: read.sha256.clone(),
            format: read.format.clone(),
            bytes: read.bytes,
            release: *release,
        }
    };
    context.documents.iter().zip(context.releases).map(source).collect()
}

/// Gives the rows of all tables but `regions`, which is complete only at the end; those of observations in portions.
fn rows(
    transformed: &Transformed,
    extracted: &[Extracted],
    context: &Context<'_>,
    give: impl Fn(Batch),
) -> Result<()> {
    let tables = columns::tables(context.definition);
    let table = |name| tables.iter().find(|table| table.name == name).context("a table is declared");
    let mut batch = Batch::default();
    batch.add(&transformed.checks.0, table("checks")?, context.definition)?;
    batch.add_frame(notes(transformed, extracted, context)?, table("notes")?, context.definition)?;
    for portion in transformed.observations.portions(*context) {
        batch.add(&portion?, table("observations")?, context.definition)?;
        give(std::mem::take(&mut batch));
    }
    Ok(())
}

/// The notes of documents, without those of tables that an earlier document of the release has, too.
fn notes(transformed: &Transformed, extracted: &[Extracted], context: &Context<'_>) -> Result<DataFrame> {
    let all = extracted
        .iter()
        .enumerate()
        .flat_map(|(index, extracted)| extracted.notes.iter().map(move |note| (index, note)));
    let mut notes: Vec<(usize, &NoteOf)> =
        all.filter(|(index, note)| !transformed.repeated.contains(&(*index as u32, note.rank))).collect();
    notes.sort_by_key(|(index, note)| (context.releases[*index], note.note, note.rank, *index));
    let field = |value: fn(&NoteOf) -> &str| notes.iter().map(|(_, note)| value(note)).collect::<Vec<_>>();
    Ok(df!(
        "release_date" => notes.iter().map(|(index, _)| context.releases[*index]).collect::<Vec<_>>(),
        "note" => notes.iter().map(|(_, note)| note.note).collect::<Vec<_>>(),
        "category" => field(|note| &note.category),
        "printed_with" => field(|note| &note.printed_with),
        "text" => field(|note| &note.text),
        "source" => notes.iter().map(|(index, _)| context.documents[*index].content.name.as_str()).collect::<Vec<_>>(),
        "source_position" => field(|note| &note.position),
        "mark" => notes.iter().map(|(_, note)| note.mark.as_deref()).collect::<Vec<_>>(),
        "marked_at" => notes.iter().map(|(_, note)| note.marked_at.as_deref()).collect::<Vec<_>>(),
    )?)
}

/// The rows of `regions`: every code that was used.
fn region_rows(definition: &Definition, codes: &BTreeSet<String>) -> Result<Batch> {
    let used: Vec<regions::Region> = codes.iter().filter_map(|code| definition.region(code)).collect();
    let frame = df!(
        "region" => used.iter().map(|region| region.code).collect::<Vec<_>>(),
        "alpha2" => used.iter().map(|region| region.alpha2).collect::<Vec<_>>(),
        "m49" => used.iter().map(|region| region.m49).collect::<Vec<_>>(),
        "region_name" => used.iter().map(|region| definition.region_name(region)).collect::<Vec<_>>(),
        "region_kind" => used.iter().map(|region| region.kind.name()).collect::<Vec<_>>(),
    )?;
    let mut batch = Batch::default();
    for table in columns::tables(definition).iter().filter(|table| table.name == "regions") {
        batch.add_frame(frame.clone(), table, definition)?;
    }
    Ok(batch)
}
