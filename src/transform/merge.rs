//! What is reported twice counts once: a table that two documents of one release print, and a figure that two tables of a
//! document print. Where the two differ, that is a problem.

mod documents;

use anyhow::Result;
use polars::prelude::*;

use crate::normalize::codes::enum_indices;
pub use documents::merge_documents;

use crate::normalize::{BatchContext, NormalizedBatch, cell_at, ids};
use crate::problem::{Problem, Rule};
use crate::transform::KeyColumns;

/// A figure's codes, measure and period.
type FigureKey = (Vec<u32>, u32, u32);

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
