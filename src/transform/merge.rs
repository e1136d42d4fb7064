//! What is reported twice counts once: a table that two documents of one release print, and a figure that two tables of a
//! document print. Where the two differ, that is a problem.
//!
//! Documents of one release are compared table by table: a table that both have must agree, figure by figure, and tables
//! that only one has are taken from it. So a release may come in parts.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use polars::prelude::*;

use crate::normalize::codes::enum_indices;
use crate::normalize::{BatchContext, NormalizedBatch, TableRef, cell_at, ids};
use crate::problem::{Problem, Rule};
use crate::transform::KeyColumns;

/// What documents agree on, by release.
pub struct MergedDocuments {
    /// The observations, without the tables that an earlier document of the same release reports, too; with `release`, the
    /// index of their release.
    pub observations: DataFrame,
    /// The checks of the same tables.
    pub checks: DataFrame,
    /// The tables left out.
    pub repeated: BTreeSet<TableRef>,
}

/// Merges the tables of documents of one release. Where they differ, both places are named.
pub fn merge_documents(
    observations: DataFrame,
    checks: DataFrame,
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
    problems: &mut Vec<Problem>,
) -> Result<MergedDocuments> {
    let mut repeated = BTreeSet::new();
    if !context.releases.is_sorted_by(|a, b| a < b) {
        let figures = FigureKeys::new(&observations, batch)?;
        let mut first: BTreeMap<_, u32> = BTreeMap::new();
        for table in figures.tables.keys() {
            let earlier = *first.entry((context.releases[table.0 as usize], table.1)).or_insert(table.0);
            if earlier != table.0 {
                repeated.insert(*table);
                compare(&observations, &figures, [(earlier, table.1), *table], batch, context, problems)?;
            }
        }
    }
    Ok(MergedDocuments {
        observations: without_tables(observations, &repeated, context)?,
        checks: without_tables(checks, &repeated, context)?,
        repeated,
    })
}

/// The rows of other tables, with the index of their release.
fn without_tables(
    mut frame: DataFrame,
    repeated: &BTreeSet<TableRef>,
    context: BatchContext<'_>,
) -> Result<DataFrame> {
    let indices = context.release_indices();
    let releases: UInt32Chunked =
        ids(&frame, "document")?.iter().map(|document| Some(indices[*document as usize])).collect();
    frame.with_column(releases.into_series().with_name("release".into()).into())?;
    if repeated.is_empty() {
        return Ok(frame);
    }
    let tables = ids(&frame, "document")?.iter().zip(ids(&frame, "table")?);
    let kept: BooleanChunked =
        tables.map(|(document, table)| Some(!repeated.contains(&(*document, *table)))).collect();
    Ok(frame.filter(&kept)?)
}

/// A figure's codes, measure and period.
type FigureKey = (Vec<u32>, u32, u32);

/// The printed figures of each table, by their key.
struct FigureKeys {
    tables: BTreeMap<TableRef, BTreeMap<FigureKey, usize>>,
}

impl FigureKeys {
    fn new(frame: &DataFrame, batch: &NormalizedBatch<'_>) -> Result<FigureKeys> {
        let codes: Vec<Vec<u32>> = batch
            .codes
            .iter()
            .map(|codes| enum_indices(frame, codes.dimension.name()))
            .collect::<Result<_>>()?;
        let (periods, measures) = (enum_indices(frame, "period")?, ids(frame, "measure")?);
        let (documents, tables) = (ids(frame, "document")?, ids(frame, "table")?);
        let mut found: BTreeMap<TableRef, BTreeMap<FigureKey, usize>> = BTreeMap::new();
        let printed = frame.column("row")?.u32()?;
        for at in (0..frame.height()).filter(|at| printed.get(*at).is_some()) {
            let key = (codes.iter().map(|codes| codes[at]).collect(), measures[at], periods[at]);
            found.entry((documents[at], tables[at])).or_default().insert(key, at);
        }
        Ok(FigureKeys { tables: found })
    }
}

/// Reports each figure that two documents print differently, or that one of them lacks.
fn compare(
    frame: &DataFrame,
    figures: &FigureKeys,
    tables: [TableRef; 2],
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let values = frame.column("value")?.i64()?;
    let empty = BTreeMap::new();
    let [first, later] = tables.map(|table| figures.tables.get(&table).unwrap_or(&empty));
    let lacks = |document: u32| context.documents[document as usize].span_of_file("has the table without it");
    for key in first.keys().chain(later.keys()).collect::<BTreeSet<_>>() {
        let at = |row: usize, label: &str| -> Result<_> { Ok(context.span(cell_at(frame, row)?, label)) };
        let message = format!("two documents of one release differ on {}", describe_key(key, batch, context));
        let problem = match (first.get(key), later.get(key)) {
            (Some(one), Some(other)) if values.get(*one) != values.get(*other) => {
                Problem::new(Rule::DocumentsDiffer, message, at(*one, "here")?)
                    .with_span(at(*other, "but here")?)
            }
            (Some(only), None) => Problem::new(Rule::DocumentsDiffer, message, at(*only, "only here")?)
                .with_span(lacks(tables[1].0)),
            (None, Some(only)) => Problem::new(Rule::DocumentsDiffer, message, at(*only, "only here")?)
                .with_span(lacks(tables[0].0)),
            _ => continue,
        };
        let help = "keep one of them, or tell the releases apart by a date in front of the files' names: a corrected document is a release of its own, dated by the day of its correction";
        problems.push(problem.help(help));
    }
    Ok(())
}

/// `TTPS/CAN/2024`
fn describe_key(
    (codes, measure, period): &FigureKey,
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
) -> String {
    let codes = batch.codes.iter().zip(codes).map(|(table, code)| table.code(*code));
    let measure =
        context.definition.has_measures().then(|| context.definition.measures[*measure as usize].code());
    codes.chain(measure).chain([batch.periods.code(*period)]).collect::<Vec<_>>().join("/")
}

/// Keeps one of several rows of a key, which different tables of a document print: they must be the same figure. The frame
/// is sorted by key.
pub fn merge_tables(
    frame: DataFrame,
    keys: &KeyColumns,
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
    problems: &mut Vec<Problem>,
) -> Result<DataFrame> {
    if !context.definition.tables_overlap() {
        return Ok(frame);
    }
    let columns: Vec<Vec<u32>> = keys
        .dimensions
        .iter()
        .map(PlSmallStr::as_str)
        .chain(["period"])
        .map(|name| enum_indices(&frame, name))
        .collect::<Result<_>>()?;
    let (releases, measures) = (ids(&frame, "release")?, ids(&frame, "measure")?);
    let values = frame.column("value")?.i64()?;
    let same = |a: usize, b: usize| {
        releases[a] == releases[b]
            && measures[a] == measures[b]
            && columns.iter().all(|column| column[a] == column[b])
    };
    let mut kept = Vec::with_capacity(frame.height());
    let mut last_kept = None;
    for at in 0..frame.height() {
        let first = last_kept.filter(|first| same(*first, at));
        kept.push(first.is_none());
        last_kept = first.or(Some(at));
        if let Some(first) = first.filter(|first| values.get(*first) != values.get(at)) {
            let codes = columns[..keys.dimensions.len()].iter().map(|column| column[at]).collect();
            let key = (codes, measures[at], columns[keys.dimensions.len()][at]);
            problems.push(tables_differ(&frame, [first, at], &key, batch, context)?);
        }
    }
    Ok(frame.filter(&kept.into_iter().map(Some).collect())?)
}

/// The problem of two tables that print a figure differently.
fn tables_differ(
    frame: &DataFrame,
    [first, other]: [usize; 2],
    key: &FigureKey,
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
) -> Result<Problem> {
    let message = format!("two tables of the document differ on {}", describe_key(key, batch, context));
    let problem = Problem::new(Rule::TablesDiffer, message, context.span(cell_at(frame, first)?, "here"));
    let problem = problem.with_span(context.span(cell_at(frame, other)?, "but here"));
    let help = "give the tables different codes of a dimension with `fixed`, or leave one of the rows out by `[[ignore]]` with a reason";
    Ok(problem.help(help))
}
