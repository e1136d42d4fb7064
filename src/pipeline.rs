//! The whole flow on one screen: sources → documents → raw observations → published observations → rows for a sink.
//!
//! Everything but the two ends is pure: documents in, frames and problems out. A batch of documents is the unit of
//! work and of memory; batches are worked on side by side and handed over in order.

mod parts;

use std::cell::RefCell;
use std::collections::BTreeSet;

use anyhow::Result;
use chrono::NaiveDate;
use encoding_rs::Encoding;
use polars::prelude::df;

use crate::dataset::{Category, Definition};
use crate::document::{Content, Document};
use crate::extract::observations::{Titles, doubts, layouts, newest_day, no_table};
use crate::input::files::{SourceFile, parse_leading_date, split_into_batches};
use crate::input::limits::Limits;
use crate::layout::tables::Layout;
use crate::load::Batch;
use crate::parallel::{ResultSender, map_ordered};
use crate::problem::exit::Exit;
use crate::problem::{Problem, did_you_mean, exit_of};
use crate::summary::Summary;
use crate::transform::{Ledger, unused_corrections, unused_labels};
use crate::{columns, input, layout_lock, regions};

/// What a run is to read, and how.
#[derive(Clone, Debug)]
pub struct Job {
    /// The documents.
    pub sources: Vec<SourceFile>,
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
    /// Whether it is kept how each document is laid out.
    pub layouts: bool,
}

/// What a run found.
#[derive(Debug, Default)]
pub struct Outcome {
    /// For each definition of the job, what its documents gave.
    pub summaries: Vec<Summary>,
    /// For each definition of the job, how its documents are laid out, where that was to be kept.
    pub layouts: Vec<Vec<layout_lock::Layout>>,
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
    let datasets = job.definitions.len();
    let (summaries, layouts) = (vec![Summary::default(); datasets], vec![Vec::new(); datasets]);
    let mut outcome = Outcome { summaries, layouts, problems: Vec::new() };
    let mut ledgers: Vec<Ledger> = job.definitions.iter().map(|_| Ledger::default()).collect();
    let batches = split_into_batches(dated(job)?);
    map_ordered(
        job.threads,
        &batches,
        |batch, results| {
            work(batch, job, results).unwrap_or_else(|error| results.send(Err(error)));
        },
        |batch, given| {
            match given? {
                Given::Part(part) => {
                    outcome.summaries[part.dataset].add(part.summary);
                    ledgers[part.dataset].add(part.ledger);
                }
                Given::Layout(dataset, layout) => outcome.layouts[dataset].push(*layout),
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
fn dated(job: &Job) -> Result<Vec<SourceFile>> {
    // Where there is nothing to order, a document tells its release when it is read.
    if job.sources.len() < 2 || job.sources.iter().all(|source| source.release.is_some()) {
        return Ok(job.sources.clone());
    }
    let date = |source: &SourceFile| -> Result<SourceFile> {
        let release = match source.release {
            Some(release) => Some(release),
            None => input::read_within(&job.limits, &source.display_path(), &source.read()?, job.encoding)
                .ok()
                .and_then(|content| release(&input::document(&content), job)),
        };
        Ok(SourceFile { release, ..source.clone() })
    };
    let mut dated = Vec::with_capacity(job.sources.len());
    map_ordered(
        job.threads,
        &job.sources,
        |source, results| results.send(date(source)),
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

/// What a batch of documents gives, one after the other. Rows are worth nothing where a problem follows.
enum Given {
    Part(Box<Part>),
    Layout(usize, Box<layout_lock::Layout>),
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
fn work(batch: &[SourceFile], job: &Job, results: &ResultSender<Result<Given>>) -> Result<()> {
    let mut problems = Vec::new();
    let mut contents: Vec<Dated> = Vec::with_capacity(batch.len());
    for source in batch {
        match input::read_within(&job.limits, &source.display_path(), &source.read()?, job.encoding) {
            Ok(content) => contents.push((content, source.release)),
            Err(problem) => problems.push(*problem),
        }
    }
    flow(&contents, problems, job, &|given| results.send(Ok(given)))?;
    results.send(Ok(Given::End));
    Ok(())
}

/// A document that was read, and its release, as far as its name tells it.
type Dated = (Content, Option<NaiveDate>);

/// Takes one document from its bytes to rows, as far as that needs no other; with the problems found on the way.
///
/// # Errors
/// Where its frames cannot be made, which only a mistake in bluebook can cause.
pub fn of_document(name: &str, bytes: &[u8], job: &Job) -> Result<(Vec<Batch>, Vec<Problem>)> {
    let content = match input::read_within(&job.limits, name, bytes, job.encoding) {
        Ok(content) => content,
        Err(problem) => return Ok((Vec::new(), vec![*problem])),
    };
    let (batches, problems) = (RefCell::new(Vec::new()), RefCell::new(Vec::new()));
    let release = parse_leading_date(name.as_ref());
    flow(&[(content, release)], Vec::new(), job, &|given| match given {
        Given::Rows(portion) => batches.borrow_mut().push(portion.batch),
        Given::Problems(found) => problems.borrow_mut().extend(found),
        Given::Part(_) | Given::Layout(..) | Given::End => {}
    })?;
    let (mut batches, problems) = (batches.into_inner(), problems.into_inner());
    if exit_of(&problems) != Exit::Done {
        batches.clear();
    }
    Ok((batches, problems))
}

/// Takes documents from what was read to rows.
fn flow(contents: &[Dated], mut problems: Vec<Problem>, job: &Job, give: &impl Fn(Given)) -> Result<()> {
    let mut assigned: Vec<Vec<Assigned<'_>>> = job.definitions.iter().map(|_| Vec::new()).collect();
    for (content, release) in contents {
        let document = input::document(content);
        let layouts = layouts(&document);
        match dataset_of(&document, &layouts, job) {
            Some((dataset, titles)) => {
                let newest = || newest_day(&layouts, &job.definitions[dataset].calendar);
                let release = release.or_else(newest);
                if job.layouts {
                    let definition = &job.definitions[dataset];
                    let layout = layout_lock::laid_out(&document, &layouts, &titles, definition, release);
                    give(Given::Layout(dataset, Box::new(layout)));
                }
                assigned[dataset].push(Assigned { document, layouts, titles, release });
            }
            None => problems.extend(homeless(&document, &layouts, &job.definitions)),
        }
    }
    give(Given::Problems(problems));
    for (dataset, documents) in
        assigned.into_iter().enumerate().filter(|(_, documents)| !documents.is_empty())
    {
        parts::process(documents, (dataset, &job.definitions[dataset]), give)?;
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
