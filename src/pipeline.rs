//! The whole flow: documents → raw observations → published rows. Plain loops over batches; every step returns its value and
//! the problems it found, and none stops at the first.
//!
//! Everything between the two ends is pure. A batch of documents is the unit of work and of memory; batches are worked on side
//! by side and handed over in order.
//!
//! What is in a batch depends on the input alone: at most 128 documents or 16 MB, never parting a release. So the
//! published bytes are the same on any machine.
//!
//! A problem that is found late makes earlier rows worthless: whoever takes rows must be able to drop them until the run
//! has ended.

mod dataset_rows;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::NaiveDate;

use crate::dataset::Definition;
use crate::document::{Content, Document};
use crate::extract::titles::TableTitles;
use crate::extract::{ambiguous_rows, find_layouts, guide, newest_day, no_table};
use crate::history::History;
use crate::input::{self, SourceFile, parse_leading_date, split_into_batches};
use crate::layout::tables::Layout;
use crate::layout_lock::DocumentLayout;
use crate::load::Batch;
use crate::normalize::{DefinitionUsage, unused_corrections, unused_labels};
use crate::parallel::{check_threads, map_ordered, thread_count};
use crate::problem::exit::Exit;
use crate::problem::{Problem, Rule, Span, condense, did_you_mean, worst_exit};
use crate::run::{Coverage, RunConfig, RunResult};
use crate::summary::{SourceOf, Summary};
use crate::transform::figures::ReleaseFigures;

/// Rows to publish of a dataset.
pub struct DatasetRows {
    /// The definition's index in the configuration.
    pub dataset: usize,
    /// The rows.
    pub batch: Batch,
}

/// Takes all documents from their files to rows. `publish` gets the rows, in order, until there is a problem; `progress`
/// hears how many documents were done.
///
/// # Errors
/// Where a document cannot be read from disk, or `publish` fails.
pub fn process_documents(
    config: &RunConfig,
    mut publish: impl FnMut(DatasetRows) -> Result<()>,
    progress: impl Fn(usize),
) -> Result<RunResult> {
    check_threads(config.threads + thread_count())?;
    let mut result = RunResult::new(config.definitions.len());
    let mut usages: Vec<DefinitionUsage> =
        config.definitions.iter().map(|_| DefinitionUsage::default()).collect();
    let sources = order_releases(config)?;
    let releases: BTreeSet<_> = sources.iter().map(|source| source.release).collect();
    let keeps = Kept { figures: releases.len() > 1 || config.keeps_history, ..Kept::of(config) };
    let batches = split_into_batches(sources);
    map_ordered(
        config.threads,
        &batches,
        |batch| process_batch(batch, config, keeps),
        |batch, done| {
            let BatchResult { datasets, problems } = done?;
            result.problems.extend(problems);
            for DatasetResult { dataset, summary, usage, layouts, mut rows, figures } in datasets {
                result.summaries[dataset].add(summary);
                usages[dataset].add(usage);
                result.layouts[dataset].extend(layouts);
                let is_sound = worst_exit(&result.problems) == Exit::Done;
                if let (Some(figures), Some(batch)) = (&figures, rows.first_mut())
                    && is_sound
                {
                    let new = || History::new(&config.definitions[dataset]);
                    result.histories[dataset].get_or_insert_with(new).add(figures, batch)?;
                }
                if config.shows_unsound || is_sound {
                    rows.into_iter().try_for_each(|batch| publish(DatasetRows { dataset, batch }))?;
                }
            }
            progress(batch.len());
            Ok(())
        },
    )?;
    for (dataset, usage) in usages.iter_mut().enumerate() {
        if result.summaries[dataset].documents > 0 {
            finish_dataset(config, dataset, usage, &mut result, &mut publish)?;
        }
    }
    result.problems = condense(result.problems);
    Ok(result)
}

/// What can only be said of a dataset once all of its documents are read: what was unused, its history, its codes.
fn finish_dataset(
    config: &RunConfig,
    dataset: usize,
    usage: &mut DefinitionUsage,
    result: &mut RunResult,
    publish: &mut impl FnMut(DatasetRows) -> Result<()>,
) -> Result<()> {
    let (definition, summary) = (&config.definitions[dataset], &result.summaries[dataset]);
    let (mut history, problems) = (result.histories[dataset].as_mut(), &mut result.problems);
    if let Some(history) = &mut history {
        usage.breaks.append(&mut history.breaks_met);
    }
    if config.coverage == Coverage::Whole {
        problems.extend(unused_exceptions(definition, usage, summary));
    }
    if config.coverage == Coverage::Whole && worst_exit(problems) == Exit::Done {
        let newest = summary.releases().last().copied();
        problems.extend(definition.unused_breaks(&usage.breaks, newest));
    }
    problems.extend(same_documents(summary));
    if let Some(history) = &mut history {
        problems.append(&mut history.problems);
    }
    if let Some(history) = history.filter(|_| worst_exit(problems) == Exit::Done) {
        history.publish(|batch| publish(DatasetRows { dataset, batch }))?;
    }
    publish(DatasetRows { dataset, batch: dataset_rows::code_tables(definition, summary)? })
}

/// What a batch of documents gave.
struct BatchResult {
    datasets: Vec<DatasetResult>,
    problems: Vec<Problem>,
}

impl Kept {
    /// Of one document by itself.
    fn of(config: &RunConfig) -> Kept {
        Kept { layouts: config.keeps_layouts, figures: false, unsound_rows: config.shows_unsound }
    }
}

/// What the documents of a batch that belong to one dataset gave.
struct DatasetResult {
    dataset: usize,
    summary: Summary,
    usage: DefinitionUsage,
    layouts: Vec<DocumentLayout>,
    /// The rows to publish; none where there is a problem.
    rows: Vec<Batch>,
    /// Their figures for a history, where that is kept.
    figures: Option<ReleaseFigures>,
}

/// What is kept of documents beside their rows.
#[derive(Clone, Copy)]
struct Kept {
    /// How they are laid out.
    layouts: bool,
    /// Their figures, for the history of several releases.
    figures: bool,
    /// Their rows though there are problems.
    unsound_rows: bool,
}

/// A document that was laid out and given to a dataset.
struct ClassifiedDocument<'c> {
    document: Document<'c>,
    layouts: Vec<Layout>,
    titles: TableTitles,
    release: Option<NaiveDate>,
}

/// A document that was read, and its release, as far as its name tells it.
pub type ReadDocument = (Content, Option<NaiveDate>);

/// Takes a batch from its files to rows.
fn process_batch(batch: &[SourceFile], config: &RunConfig, keeps: Kept) -> Result<BatchResult> {
    let mut problems = Vec::new();
    let mut contents: Vec<ReadDocument> = Vec::with_capacity(batch.len());
    for source in batch {
        match input::read_within(&config.limits, &source.display_path(), &source.read()?, config.encoding) {
            Ok(content) => contents.push((content, source.release)),
            Err(problem) => problems.push(*problem),
        }
    }
    process_contents(&contents, problems, config, keeps)
}

/// Takes one document from its bytes to rows, as far as that needs no other; with the problems found on the way.
///
/// # Errors
/// Where its frames cannot be made, which only a mistake in bluebook can cause.
pub fn process_document(name: &str, bytes: &[u8], config: &RunConfig) -> Result<(Vec<Batch>, Vec<Problem>)> {
    let content = match input::read_within(&config.limits, name, bytes, config.encoding) {
        Ok(content) => content,
        Err(problem) => return Ok((Vec::new(), vec![*problem])),
    };
    let release = parse_leading_date(name.as_ref());
    let BatchResult { datasets, problems } =
        process_contents(&[(content, release)], Vec::new(), config, Kept::of(config))?;
    Ok((datasets.into_iter().flat_map(|dataset| dataset.rows).collect(), condense(problems)))
}

/// What one document that was read gives, its sums and printed indicators checked; none where it fits no dataset.
///
/// # Errors
/// Where its frames cannot be made, which only a mistake in bluebook can cause.
pub fn summarize(read: &ReadDocument, config: &RunConfig) -> Result<Option<Summary>> {
    let result = process_contents(std::slice::from_ref(read), Vec::new(), config, Kept::of(config))?;
    Ok(result.datasets.into_iter().next().map(|dataset| dataset.summary))
}

/// Takes documents from what was read to rows.
fn process_contents(
    contents: &[ReadDocument],
    mut problems: Vec<Problem>,
    config: &RunConfig,
    keeps: Kept,
) -> Result<BatchResult> {
    let mut classified: Vec<Vec<ClassifiedDocument<'_>>> =
        config.definitions.iter().map(|_| Vec::new()).collect();
    for (content, release) in contents {
        match classify(content, config) {
            Ok(Classified { dataset, document, layouts, titles }) => {
                let definition = &config.definitions[dataset];
                let release = release.or_else(|| newest_day(&document, &layouts, &titles, definition));
                classified[dataset].push(ClassifiedDocument { document, layouts, titles, release });
            }
            Err((document, layouts)) => {
                problems.extend(unmatched_document_problems(&document, &layouts, &config.definitions));
            }
        }
    }
    let mut datasets = Vec::new();
    for (dataset, documents) in
        classified.into_iter().enumerate().filter(|(_, documents)| !documents.is_empty())
    {
        let definition = &config.definitions[dataset];
        datasets.push(dataset_rows::process_dataset(documents, (dataset, definition), keeps, &mut problems)?);
    }
    Ok(BatchResult { datasets, problems })
}

/// A document, and the dataset whose tables it has.
struct Classified<'c> {
    dataset: usize,
    document: Document<'c>,
    layouts: Vec<Layout>,
    titles: TableTitles,
}

/// The dataset whose tables a document has: the one with the most titles of its own in it, or the one the user chose; its
/// layouts only where there is none.
fn classify<'c>(
    content: &'c Content,
    config: &RunConfig,
) -> Result<Classified<'c>, (Document<'c>, Vec<Layout>)> {
    let of_dataset = |(dataset, definition): (usize, &Definition)| {
        let guide = guide(definition);
        let document = input::guided_document(content, &guide);
        let layouts = find_layouts(&document, &guide);
        let titles = TableTitles::new(&document, &layouts, definition);
        Classified { dataset, document, layouts, titles }
    };
    let found = config.definitions.iter().enumerate().map(of_dataset);
    let best = found.max_by_key(|found| (found.titles.count_known(), std::cmp::Reverse(found.dataset)));
    match best {
        Some(best) if config.is_chosen || best.titles.count_known() > 0 => Ok(best),
        Some(best) => Err((best.document, best.layouts)),
        None => Err((input::document(content), Vec::new())),
    }
}

/// The sources with the release of each, where there is anything to order: else a document tells its release when it is read.
fn order_releases(config: &RunConfig) -> Result<Vec<SourceFile>> {
    if config.sources.len() < 2 { Ok(config.sources.clone()) } else { resolve_release_dates(config) }
}

/// The sources with the release of each: a document whose name does not tell it tells it by its newest period. One that tells
/// none, or cannot be read, keeps none.
///
/// # Errors
/// Where a document cannot be read from disk.
pub fn resolve_release_dates(config: &RunConfig) -> Result<Vec<SourceFile>> {
    if config.sources.iter().all(|source| source.release.is_some()) {
        return Ok(config.sources.clone());
    }
    let mut dated = Vec::with_capacity(config.sources.len());
    map_ordered(
        config.threads,
        &config.sources,
        |source| resolve_release_date(source, config),
        |_, source| {
            dated.push(source?);
            Ok(())
        },
    )?;
    Ok(dated)
}

fn resolve_release_date(source: &SourceFile, config: &RunConfig) -> Result<SourceFile> {
    if source.release.is_some() {
        return Ok(source.clone());
    }
    let content =
        input::read_within(&config.limits, &source.display_path(), &source.read()?, config.encoding).ok();
    let release = content.and_then(|content| {
        let Classified { dataset, document, layouts, titles } = classify(&content, config).ok()?;
        newest_day(&document, &layouts, &titles, &config.definitions[dataset])
    });
    Ok(SourceFile { release, ..source.clone() })
}

/// Exceptions and rules of a definition that a whole run had no use for.
fn unused_exceptions(definition: &Definition, usage: &DefinitionUsage, summary: &Summary) -> Vec<Problem> {
    let mut problems = unused_corrections(definition, usage, &summary.releases());
    problems.extend(unused_labels(definition, usage));
    problems.extend(definition.unmatched_discrepancies(&usage.discrepancies));
    problems.extend(definition.find_unused(&summary.left_out));
    problems
}

/// Documents with the same bytes and different dates.
fn same_documents(summary: &Summary) -> Vec<Problem> {
    let mut alike: BTreeMap<&str, Vec<&SourceOf>> = BTreeMap::new();
    for source in &summary.sources {
        let known = alike.entry(&source.sha256).or_default();
        if known.iter().all(|other| other.release != source.release) {
            known.push(source);
        }
    }
    alike.into_values().filter(|sources| sources.len() > 1).map(|sources| same_document(&sources)).collect()
}

fn same_document(sources: &[&SourceOf]) -> Problem {
    const MOST: usize = 3;
    let message = format!("{} releases have the same document", sources.len());
    let mark = |source: &&SourceOf| Span::file(source.path.clone(), "the same bytes");
    let problem = Problem::new(Rule::SameDocument, message, mark(&sources[0]));
    let problem = sources[1..].iter().take(MOST - 1).fold(problem, |problem, of| problem.with_span(mark(of)));
    problem.help("is one of the dates wrong? take the file out that has it")
}

/// The problems of a document that fits no dataset.
fn unmatched_document_problems(
    document: &Document<'_>,
    layouts: &[Layout],
    definitions: &[Definition],
) -> Vec<Problem> {
    [vec![no_dataset(document, layouts, definitions)], ambiguous_rows(document)].concat()
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
    let titles = definitions.iter().flat_map(Definition::titles);
    let hint = did_you_mean(&row.text(), titles).map(|hint| format!("{hint} ")).unwrap_or_default();
    let span = document.span(grid, row.number, column, "the first title of the document");
    let problem = Problem::new(Rule::NoDataset, "the document's tables belong to no built-in dataset", span);
    problem.help(format!(
        "{hint}name a definition of your own: `--dataset FILE`; `bluebook inspect` shows the tables"
    ))
}
