//! Bounds across tables: a table lists some codes of the dimension of shares and keeps the others in a residual, so that no
//! document says how many of a code there are in all tables together. What is listed is the lower bound; every residual that
//! may hold the code makes the upper one.
//!
//! Nothing is assumed of what is listed: real tables neither list the largest codes nor are in the order of their sums. Upper
//! bounds of two codes must not be added, because they share residuals.
//!
//! A release is never parted over batches, so a batch knows all tables of its releases.

mod holders;
mod printed;
mod row_keys;

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use polars::prelude::*;

use crate::checks::{SUBTOTAL, TOTAL_CHECK};
use crate::dataset::Definition;
use crate::normalize::codes::enum_column;
use crate::normalize::{BatchContext, NormalizedBatch, ids};
use crate::problem::{Problem, Rule};
use holders::Holders;
use printed::{Answer, Answers, BoundsColumn, How, PrintedFigure};
use row_keys::{RowKeys, SumKey};

/// The columns that are added up, by the codes that tell them apart.
type Columns = BTreeMap<Vec<u32>, BoundsColumn>;

/// The bounds of what documents report, in the order of their key; none where nothing is added up across a dimension.
pub fn add_up(
    observations: &DataFrame,
    checks: &DataFrame,
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
    problems: &mut Vec<Problem>,
) -> Result<Option<DataFrame>> {
    let definition = context.definition;
    let Some(share) = definition.share_dimension().filter(|_| !definition.sum_across.is_empty()) else {
        return Ok(None);
    };
    let mut sums = read_columns(observations, share, batch, definition)?;
    mark_proven(&mut sums, checks, share, batch, definition)?;
    let holders = Holders::new(&batch.codes[share], share, definition);
    let place = definition.bounded_dimensions().iter().position(|at| *at == share).unwrap_or_default();
    let mut rows: Vec<BoundsRow> =
        sums.iter().flat_map(|(key, columns)| bound_codes(key, columns, place, &holders)).collect();
    rows.sort_by(|one, other| one.key.cmp(&other.key));
    problems.extend(rows.iter().filter(|row| row.sum.is_too_large()).map(|row| too_large(row, context)));
    to_frame(&rows, batch, definition).map(Some)
}

/// The printed columns of tables, by what they are added up to.
fn read_columns(
    frame: &DataFrame,
    share: usize,
    batch: &NormalizedBatch<'_>,
    definition: &Definition,
) -> Result<BTreeMap<SumKey, Columns>> {
    let keys = RowKeys::new(frame, share, batch, definition)?;
    let (documents, tables) = (ids(frame, "document")?, ids(frame, "table")?);
    let (status, basis) = (ids(frame, "status")?, ids(frame, "basis")?);
    let values = frame.column("value")?.i64()?;
    let mut sums: BTreeMap<SumKey, Columns> = BTreeMap::new();
    for at in 0..frame.height() {
        let Some((key, column, code)) = keys.get(at) else { continue };
        let figure =
            PrintedFigure { value: values.get(at), status: status[at], basis: basis[at], table: tables[at] };
        sums.entry(key).or_default().entry(column).or_default().add(code, figure, documents[at]);
    }
    Ok(sums)
}

/// Marks the totals and groups that are proven to be the sum of what is printed.
fn mark_proven(
    sums: &mut BTreeMap<SumKey, Columns>,
    checks: &DataFrame,
    share: usize,
    batch: &NormalizedBatch<'_>,
    definition: &Definition,
) -> Result<()> {
    let keys = RowKeys::new(checks, share, batch, definition)?;
    let (check, along) = (ids(checks, "check")?, ids(checks, "along")?);
    let passed = checks.column("passed")?.bool()?;
    let is_sum = |at: usize| [TOTAL_CHECK, SUBTOTAL].contains(&check[at]) && along[at] as usize == share;
    for at in (0..checks.height()).filter(|at| is_sum(*at) && passed.get(*at) == Some(true)) {
        let Some((key, column, code)) = keys.get(at) else { continue };
        if let Some(column) = sums.get_mut(&key).and_then(|columns| columns.get_mut(&column)) {
            column.proven.insert(code);
        }
    }
    Ok(())
}

/// A row of the table.
struct BoundsRow {
    key: SumKey,
    document: u32,
    sum: Sum,
    /// The total of all columns.
    total: Option<i128>,
}

/// What columns say of a code, added up.
struct Sum {
    lower: i128,
    upper: Option<i128>,
    /// How many columns say so, by how.
    counts: [i32; How::COUNT],
}

impl Sum {
    fn new(answers: impl Iterator<Item = Answer>) -> Sum {
        answers.fold(Sum { lower: 0, upper: Some(0), counts: [0; How::COUNT] }, |mut sum, answer| {
            sum.lower += answer.lower;
            sum.upper = sum.upper.zip(answer.upper).map(|(sum, upper)| sum + upper);
            sum.counts[answer.how as usize] += 1;
            sum
        })
    }

    fn is_too_large(&self) -> bool {
        i64::try_from(self.upper.unwrap_or_default().max(self.lower)).is_err()
    }
}

/// The rows of a sum: its leaves that a column lists, and the total where all have one.
fn bound_codes(key: &SumKey, columns: &Columns, place: usize, holders: &Holders<'_>) -> Vec<BoundsRow> {
    let answers: Vec<Answers<'_>> = columns.values().map(|column| Answers::new(column, holders)).collect();
    let document = columns.values().map(|column| column.document).min().unwrap_or_default();
    let totals: Option<Vec<i128>> = answers.iter().map(Answers::total).collect();
    let total = totals.as_ref().map(|totals| totals.iter().sum());
    let row = |code: Option<u32>, sum: Sum| {
        let mut key = key.clone();
        key.codes[place] = code.unwrap_or(key.codes[place]);
        BoundsRow { key, document, sum, total }
    };
    let listed: BTreeSet<u32> = answers.iter().flat_map(Answers::leaves).collect();
    let of_code = |code: u32| row(Some(code), Sum::new(answers.iter().map(|answers| answers.answer(code))));
    let of_total = totals.map(|totals| row(None, Sum::new(totals.into_iter().map(Answer::listed))));
    listed.into_iter().map(of_code).chain(of_total).collect()
}

fn too_large(row: &BoundsRow, context: BatchContext<'_>) -> Problem {
    let span = context.documents[row.document as usize].span_of_file("in the release of this document");
    let message = "figures of several tables are too large for 64 bits to add up";
    Problem::new(Rule::TooLarge, message, span)
}

fn to_frame(rows: &[BoundsRow], batch: &NormalizedBatch<'_>, definition: &Definition) -> Result<DataFrame> {
    let counts = |how: How| rows.iter().map(|row| row.sum.counts[how as usize]).collect::<Vec<i32>>();
    let figures = |figure: &dyn Fn(&BoundsRow) -> Option<i128>| {
        rows.iter().map(|row| i64::try_from(figure(row)?).ok()).collect::<Vec<_>>()
    };
    let shares = |figure: &dyn Fn(&BoundsRow) -> Option<i128>| {
        rows.iter().map(|row| share(figure(row)?, row.total?)).collect::<Vec<_>>()
    };
    let (lower, upper) = (|row: &BoundsRow| Some(row.sum.lower), |row: &BoundsRow| row.sum.upper);
    let mut frame = df!(
        "document" => rows.iter().map(|row| row.document).collect::<Vec<_>>(),
        "measure" => rows.iter().map(|row| row.key.measure).collect::<Vec<_>>(),
        "lower" => figures(&lower),
        "upper" => figures(&upper),
        "exact" => rows.iter().map(|row| row.sum.upper == Some(row.sum.lower)).collect::<Vec<_>>(),
        "categories" => rows.iter().map(|row| row.sum.counts.iter().sum()).collect::<Vec<i32>>(),
        "listed" => counts(How::Listed),
        "folded" => counts(How::Folded),
        "closed" => counts(How::Closed),
        "missing" => counts(How::Missing),
        "share_lower" => shares(&lower),
        "share_upper" => shares(&upper),
    )?;
    let periods = rows.iter().map(|row| Some(row.key.period));
    frame.with_column(enum_column("period", periods, &batch.periods.dtype()?)?)?;
    for (place, at) in definition.bounded_dimensions().into_iter().enumerate() {
        let codes = &batch.codes[at];
        let of_rows = rows.iter().map(|row| Some(row.key.codes[place]));
        frame.with_column(enum_column(codes.dimension.name(), of_rows, &codes.dtype()?)?)?;
    }
    Ok(frame)
}

/// A figure as a fraction of its total; none where that is 0.
fn share(figure: i128, total: i128) -> Option<f64> {
    (total != 0).then(|| figure as f64 / total as f64)
}
