//! Raw observations to published ones: ordered steps, each a pure function from frame to frame in a file of its own.
//!
//! A batch of documents goes through at once, which costs little more than one; every step keeps them apart by the
//! column `document`, so that no document's result depends on its neighbours.

mod agreement;
mod changes;
mod corrections;
mod periods;
mod ranks;
mod regions;
mod shares;
mod totals;

use std::collections::BTreeSet;

use anyhow::Result;
use polars::prelude::*;

pub use corrections::{Ledger, unused as unused_corrections};

use crate::dataset::Definition;
use crate::document::Document;
use crate::extract::observations::Raw;
use crate::problem::{Mark, Problem};

/// The observations of a batch, sorted by key, in the columns of [`crate::columns`] and `document`.
#[derive(Clone, Debug)]
pub struct Observations(pub DataFrame);

/// The checks of a batch, sorted by key, in the columns of [`crate::columns`] and `document`.
#[derive(Clone, Debug)]
pub struct Checks(pub DataFrame);

/// A document's table, by the document's index in the batch and the category's code.
pub type TableOf = (u32, String);

/// What the steps know beside the frame.
#[derive(Clone, Copy, Debug)]
pub struct Context<'c> {
    /// The dataset.
    pub definition: &'c Definition,
    /// The documents of the batch; the frame's `document` is an index into them.
    pub documents: &'c [Document],
    /// Tables with cells that were not understood: what does not add up there was reported already.
    pub damaged: &'c BTreeSet<TableOf>,
}

/// What a batch gave.
#[derive(Debug)]
pub struct Transformed {
    /// Its observations.
    pub observations: Observations,
    /// Its checks.
    pub checks: Checks,
    /// Tables left out, because an earlier document of the same release reports the same.
    pub repeated: BTreeSet<TableOf>,
}

/// Columns that tell a table's columns of figures apart.
const COLUMN_OF_TABLE: [&str; 3] = ["document", "category", "period"];

/// Takes raw observations through all steps.
///
/// # Errors
/// Only where polars refuses an expression.
pub fn transform(raw: Raw, context: Context, ledger: &mut Ledger) -> Result<(Transformed, Vec<Problem>)> {
    let mut problems = Vec::new();
    let frame = periods::intervals(raw.0, context)?;
    let frame = regions::named(frame, context, &mut problems)?;
    let frame = corrections::applied(frame, context, ledger)?;
    let (frame, checks) = totals::reconciled(frame, context, &mut problems)?;
    let frame = shares::computed(frame);
    let frame = changes::compared(frame);
    let frame = ranks::ranked(frame)?;
    let frame = joined_by_text(frame, "category", category_names(context.definition)?);
    let key = ["release_date", "category", "region", "period", "document"];
    let frame = frame.sort(key, SortMultipleOptions::default()).collect()?;
    let (observations, repeated) = agreement::merged(frame, context, &mut problems)?;
    let checks = agreement::without(checks, &repeated)?.lazy();
    let checks = checks.sort(["release_date", "category", "check", "period"], SortMultipleOptions::default()).collect()?;
    Ok((Transformed { observations: Observations(observations), checks: Checks(checks), repeated }, problems))
}

impl Context<'_> {
    /// Marks the figure of a frame's row, which has `document`, `grid`, `row` and `column`.
    fn mark(&self, frame: &DataFrame, at: usize, label: impl Into<String>) -> Result<Mark> {
        let number = |name| -> Result<u32> { Ok(frame.column(name)?.u32()?.get(at).unwrap_or_default()) };
        let document = &self.documents[number("document")? as usize];
        Ok(document.mark(number("grid")? as usize, number("row")?, number("column")?, label))
    }

    /// Marks the label before the figure of a frame's row.
    fn mark_label(&self, frame: &DataFrame, at: usize, label: impl Into<String>) -> Result<Mark> {
        let number = |name| -> Result<u32> { Ok(frame.column(name)?.u32()?.get(at).unwrap_or_default()) };
        let document = &self.documents[number("document")? as usize];
        let (grid, row) = (number("grid")? as usize, number("row")?);
        let column = document.grids[grid].row(row).and_then(|row| row.cells.first()).map_or(1, |cell| cell.column);
        Ok(document.mark(grid, row, column, label))
    }
}

/// The text in a frame's cell; empty where it is null.
fn text<'f>(frame: &'f DataFrame, name: &str, at: usize) -> PolarsResult<&'f str> {
    Ok(frame.column(name)?.str()?.get(at).unwrap_or_default())
}

/// `numerator / denominator`; null where the denominator is 0 or either is null.
fn ratio(numerator: Expr, denominator: Expr) -> Expr {
    let quotient = numerator.cast(DataType::Float64) / denominator.clone().cast(DataType::Float64);
    when(denominator.neq(lit(0))).then(quotient).otherwise(lit(NULL))
}

/// Adds columns that depend on one text column only: each distinct text is looked up once, and joined.
fn joined_by_text(frame: LazyFrame, column: &str, dictionary: DataFrame) -> LazyFrame {
    frame.join(dictionary.lazy(), [col(column)], [col(column)], JoinArgs::new(JoinType::Left))
}

fn category_names(definition: &Definition) -> PolarsResult<DataFrame> {
    let codes: Vec<&str> = definition.categories.iter().map(|category| category.code.get_ref().as_str()).collect();
    let names: Vec<&str> = definition.categories.iter().map(|category| category.name.as_str()).collect();
    df!("category" => codes, "category_name" => names)
}

/// The distinct texts of a column, in the order of their bytes, without null.
fn distinct(frame: &DataFrame, column: &str) -> PolarsResult<Vec<String>> {
    let texts = frame.column(column)?.unique()?;
    let mut texts: Vec<String> = texts.str()?.iter().flatten().map(str::to_owned).collect();
    texts.sort_unstable();
    Ok(texts)
}

#[cfg(test)]
mod tests;
