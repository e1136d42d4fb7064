//! Documents of one release, compared table by table and period by period: what several have must agree, figure by figure, and
//! what only one has is taken from it. So a release may come in parts.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::NaiveDate;
use polars::prelude::*;

use crate::normalize::codes::enum_indices;
use crate::normalize::{BatchContext, NormalizedBatch, TableRef, cell_at, ids};
use crate::problem::{Problem, Rule, Span};
use crate::transform::merge::{FigureKey, describe_key};

/// What documents agree on, by release.
pub struct MergedDocuments {
    /// The observations, without those that an earlier document of the same release reports, too; with `release`, the index
    /// of their release.
    pub observations: DataFrame,
    /// The checks of the same columns.
    pub checks: DataFrame,
    /// The tables that are left out whole.
    pub repeated: BTreeSet<TableRef>,
}

/// A printed column: a table of the definition, the codes of all dimensions but that of shares, measure and period.
type ColumnKey = (u32, FigureKey);

/// The figures of a column by their code along the dimension of shares: their rows.
type ColumnFigures = BTreeMap<u32, usize>;

/// Merges the tables of documents of one release. Where they differ, both places are named.
pub fn merge_documents(
    observations: DataFrame,
    checks: DataFrame,
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
    problems: &mut Vec<Problem>,
) -> Result<MergedDocuments> {
    let mut columns = PrintedColumns::default();
    if !context.releases.is_sorted_by(|a, b| a < b) {
        columns = PrintedColumns::read(&observations, batch, context)?;
        for (key, documents) in &columns.by_key {
            compare(&observations, key, documents, batch, context, problems)?;
        }
    }
    let repeated = columns.repeated();
    Ok(MergedDocuments {
        observations: leave_out(observations, &repeated, batch, context)?,
        checks: leave_out(checks, &repeated, batch, context)?,
        repeated: columns.find_repeated_tables(&repeated),
    })
}

/// The rows that are no part of repeated columns, with the index of their release.
fn leave_out(
    mut frame: DataFrame,
    repeated: &BTreeSet<(u32, &ColumnKey)>,
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
) -> Result<DataFrame> {
    let indices = context.release_indices();
    let releases: UInt32Chunked =
        ids(&frame, "document")?.iter().map(|document| Some(indices[*document as usize])).collect();
    frame.with_column(releases.into_series().with_name("release".into()).into())?;
    if repeated.is_empty() {
        return Ok(frame);
    }
    let keys = ColumnKeys::read(&frame, batch, context)?;
    let is_kept = |(at, document): (usize, &u32)| Some(!repeated.contains(&(*document, &keys.get(at).0)));
    let kept: BooleanChunked = ids(&frame, "document")?.iter().enumerate().map(is_kept).collect();
    Ok(frame.filter(&kept)?)
}

/// What names the column of each row of a frame.
struct ColumnKeys<'f> {
    codes: Vec<Vec<u32>>,
    share: Option<usize>,
    tables: &'f [u32],
    measures: &'f [u32],
    periods: Vec<u32>,
}

impl<'f> ColumnKeys<'f> {
    fn read(
        frame: &'f DataFrame,
        batch: &NormalizedBatch<'_>,
        context: BatchContext<'_>,
    ) -> Result<ColumnKeys<'f>> {
        Ok(ColumnKeys {
            codes: batch.code_columns(frame)?,
            share: context.definition.share_dimension(),
            tables: ids(frame, "table")?,
            measures: ids(frame, "measure")?,
            periods: enum_indices(frame, "period")?,
        })
    }

    /// The column of a row, and the row's code along the dimension of shares.
    fn get(&self, at: usize) -> (ColumnKey, u32) {
        let mut codes: Vec<u32> = self.codes.iter().map(|codes| codes[at]).collect();
        let code = self.share.map_or(0, |share| std::mem::take(&mut codes[share]));
        ((self.tables[at], (codes, self.measures[at], self.periods[at])), code)
    }
}

/// What documents print, by release and column: the figures of each document, the first document first.
#[derive(Default)]
struct PrintedColumns {
    by_key: BTreeMap<(Option<NaiveDate>, ColumnKey), BTreeMap<u32, ColumnFigures>>,
}

impl PrintedColumns {
    fn read(
        frame: &DataFrame,
        batch: &NormalizedBatch<'_>,
        context: BatchContext<'_>,
    ) -> Result<PrintedColumns> {
        let keys = ColumnKeys::read(frame, batch, context)?;
        let documents = ids(frame, "document")?;
        let printed = frame.column("row")?.u32()?;
        let mut columns = PrintedColumns::default();
        for at in (0..frame.height()).filter(|at| printed.get(*at).is_some()) {
            let (document, (key, code)) = (documents[at], keys.get(at));
            let of_column = columns.by_key.entry((context.releases[document as usize], key)).or_default();
            of_column.entry(document).or_default().insert(code, at);
        }
        Ok(columns)
    }

    /// The columns that an earlier document of the same release prints, too.
    fn repeated(&self) -> BTreeSet<(u32, &ColumnKey)> {
        let columns = self.by_key.iter().map(|((_, key), documents)| (key, documents));
        let again = columns
            .flat_map(|(key, documents)| documents.keys().skip(1).map(move |document| (*document, key)));
        again.collect()
    }

    /// The tables of which each column is repeated.
    fn find_repeated_tables(&self, repeated: &BTreeSet<(u32, &ColumnKey)>) -> BTreeSet<TableRef> {
        let columns = self
            .by_key
            .iter()
            .flat_map(|((_, key), documents)| documents.keys().map(move |document| (*document, key)));
        let kept: BTreeSet<TableRef> =
            columns.filter(|of| !repeated.contains(of)).map(|(document, key)| (document, key.0)).collect();
        let tables = repeated.iter().map(|(document, key)| (*document, key.0));
        tables.filter(|table| !kept.contains(table)).collect()
    }
}

/// Reports each figure of a column that two documents print differently, or that one of them lacks.
fn compare(
    frame: &DataFrame,
    (_, (_, column)): &(Option<NaiveDate>, ColumnKey),
    documents: &BTreeMap<u32, ColumnFigures>,
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let values = frame.column("value")?.i64()?;
    let mut all = documents.iter();
    let Some((first_document, first)) = all.next() else { return Ok(()) };
    let lacks = |document: u32| context.documents[document as usize].span_of_file("has the table without it");
    let at = |row: usize, label: &str| -> Result<_> { Ok(context.span(cell_at(frame, row)?, label)) };
    for (later_document, later) in all {
        for code in first.keys().chain(later.keys()).collect::<BTreeSet<_>>() {
            let spans = match (first.get(code), later.get(code)) {
                (Some(one), Some(other)) if values.get(*one) != values.get(*other) => {
                    [at(*one, "here")?, at(*other, "but here")?]
                }
                (Some(only), None) => [at(*only, "only here")?, lacks(*later_document)],
                (None, Some(only)) => [at(*only, "only here")?, lacks(*first_document)],
                _ => continue,
            };
            problems.push(documents_differ(&figure_key(column, *code, context), spans, batch, context));
        }
    }
    Ok(())
}

/// The key of a figure of a column.
fn figure_key((codes, measure, period): &FigureKey, code: u32, context: BatchContext<'_>) -> FigureKey {
    let mut codes = codes.clone();
    if let Some(share) = context.definition.share_dimension() {
        codes[share] = code;
    }
    (codes, *measure, *period)
}

fn documents_differ(
    key: &FigureKey,
    [first, other]: [Span; 2],
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
) -> Problem {
    let message = format!("two documents of one release differ on {}", describe_key(key, batch, context));
    let help = "keep one of them, or tell the releases apart by a date in front of the files' names: a corrected document is a release of its own, dated by the day of its correction";
    Problem::new(Rule::DocumentsDiffer, message, first).with_span(other).help(help)
}
