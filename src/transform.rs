//! Raw observations to published ones: ordered steps, each a pure function from frame to frame in a file of its own.
//!
//! A batch of documents goes through at once, which costs little more than one; every step keeps them apart by the
//! column `document`, so that no document's result depends on its neighbours.

mod agreement;
mod changes;
mod corrections;
mod keys;
mod periods;
mod ranks;
mod regions;
mod shares;
mod star;
mod totals;

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::NaiveDate;
use polars::prelude::*;

pub use corrections::{Ledger, unused as unused_corrections};
pub use regions::unused as unused_labels;
pub use star::{Dimension, Star, Values};
pub use totals::BASES;

use crate::dataset::Definition;
use crate::document::Document;
use crate::extract::observations::Raw;
use crate::problem::{Mark, Problem};
use periods::Periods;
use regions::Regions;

/// The observations of a batch, sorted by key, with the columns of [`crate::columns`].
#[derive(Clone, Debug)]
pub struct Observations(pub Star);

/// The checks of a batch, sorted by key, with the columns of [`crate::columns`].
#[derive(Clone, Debug)]
pub struct Checks(pub Star);

/// A document's table: the document's index in the batch and the category's rank.
pub type TableOf = (u32, u32);

/// What the steps know beside the frame.
#[derive(Clone, Copy, Debug)]
pub struct Context<'c> {
    /// The dataset.
    pub definition: &'c Definition,
    /// The documents of the batch; the frame's `document` is an index into them.
    pub documents: &'c [Document<'c>],
    /// The release of each document, in the order of time.
    pub releases: &'c [Option<NaiveDate>],
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
    /// The codes of its regions.
    pub regions: BTreeSet<&'static str>,
}

/// Takes raw observations through all steps.
///
/// # Errors
/// Only where polars refuses an expression.
pub fn transform(raw: Raw, context: Context<'_>, ledger: &mut Ledger) -> Result<(Transformed, Vec<Problem>)> {
    let mut problems = Vec::new();
    let (periods, regions) = (Periods::of(&raw), Regions::of(&raw, context));
    ledger.labels.extend(regions.overridden());
    let frame = periods.indexed(raw.facts)?;
    let frame = regions.indexed(frame, &raw.labels, context, &mut problems)?;
    let frame = corrections::applied(frame, &periods, &regions, context, ledger)?;
    let frame = keys::keyed(frame)?;
    let (frame, sums) = totals::reconciled(frame, &regions, context, &mut problems)?;
    let frame = shares::computed(frame);
    let frame = changes::compared(frame, &periods, &context.definition.measure)?;
    let frame = ranks::ranked(frame)?;
    let (frame, sums, repeated) = agreement::merged(frame, sums, &periods, &regions, context, &mut problems)?;
    let used = regions.used(&frame)?;
    let dimensions = dimensions(&raw.labels, &raw.headings, &periods, &regions, context);
    let observations = Observations(Star { facts: placed(frame, context)?, dimensions: dimensions.clone() });
    let checks = Checks(Star { facts: placed(sums, context)?, dimensions });
    Ok((Transformed { observations, checks, repeated, regions: used }, problems))
}

/// What the indices of the frames stand for.
fn dimensions(
    labels: &[String],
    headings: &[String],
    periods: &Periods,
    regions: &Regions,
    context: Context<'_>,
) -> Vec<Dimension> {
    let ranked = context.definition.ranked();
    let mut dimensions = vec![
        Dimension {
            name: "release_date",
            index: "document",
            values: Values::Date(context.releases.to_vec()),
        },
        Dimension::text(
            "source",
            "document",
            context.documents.iter().map(|document| document.content.name.as_str()),
        ),
        Dimension::text(
            "category",
            "category",
            ranked.iter().map(|category| category.code.get_ref().as_str()),
        ),
        Dimension::text("category_name", "category", ranked.iter().map(|category| category.name.as_str())),
        Dimension::text("region_label", "label", labels),
        Dimension::text("period_label", "heading", headings),
        Dimension::text("status", "status", totals::STATUSES),
        Dimension::text("basis", "basis", totals::BASES),
        Dimension::text("check", "check", ["total"]),
    ];
    dimensions.extend(periods.dimensions(context.definition));
    dimensions.extend(regions.dimensions(context.definition));
    dimensions
}

/// Adds `source_position`, where the figure is printed; null where it is derived.
fn placed(mut frame: DataFrame, context: Context<'_>) -> Result<DataFrame> {
    let number = |name| -> PolarsResult<UInt32Chunked> { Ok(frame.column(name)?.u32()?.clone()) };
    let (documents, grids, rows, columns) =
        (number("document")?, number("grid")?, number("row")?, number("column")?);
    let mut positions = StringChunkedBuilder::new("source_position".into(), frame.height());
    let mut position = String::new();
    for at in 0..frame.height() {
        let (Some(document), Some(grid), Some(row), Some(column)) =
            (documents.get(at), grids.get(at), rows.get(at), columns.get(at))
        else {
            positions.append_null();
            continue;
        };
        position.clear();
        context.documents[document as usize].grids[grid as usize].write_place(row, column, &mut position);
        positions.append_value(&position);
    }
    frame.with_column(positions.finish().into_column())?;
    Ok(frame)
}

impl<'c> Context<'c> {
    /// The document of a frame's row.
    fn document(&self, frame: &DataFrame, at: usize) -> Result<&'c Document<'c>> {
        Ok(&self.documents[index(frame, "document", at)?])
    }

    /// Marks the figure of a frame's row, which has `document`, `grid`, `row` and `column`.
    fn mark(&self, frame: &DataFrame, at: usize, label: impl Into<String>) -> Result<Mark> {
        let place =
            (index(frame, "grid", at)?, index(frame, "row", at)? as u32, index(frame, "column", at)? as u32);
        Ok(self.document(frame, at)?.mark(place.0, place.1, place.2, label))
    }

    /// What is printed at the place of a frame's row.
    fn printed(&self, frame: &DataFrame, at: usize) -> Result<&'c str> {
        let (grid, row, column) =
            (index(frame, "grid", at)?, index(frame, "row", at)? as u32, index(frame, "column", at)? as u32);
        let row = self.document(frame, at)?.grids[grid].row(row);
        let cell = row.and_then(|row| row.cells.iter().find(|cell| cell.column == column));
        Ok(cell.map_or("", |cell| cell.text.as_ref()))
    }

    /// Marks the first cell in the row of the figure of a frame's row.
    fn mark_label(&self, frame: &DataFrame, at: usize, label: impl Into<String>) -> Result<Mark> {
        let (grid, row) = (index(frame, "grid", at)?, index(frame, "row", at)? as u32);
        let document = self.document(frame, at)?;
        let column =
            document.grids[grid].row(row).and_then(|row| row.cells.first()).map_or(1, |cell| cell.column);
        Ok(document.mark(grid, row, column, label))
    }

    /// The category of a frame's row.
    fn category(&self, frame: &DataFrame, at: usize) -> Result<&'c str> {
        let rank = index(frame, "category", at)? as u32;
        let category = self.definition.categories.iter().find(|category| category.rank == rank);
        Ok(category.map_or("", |category| category.code.get_ref()))
    }
}

/// The index in a frame's cell.
fn index(frame: &DataFrame, name: &str, at: usize) -> PolarsResult<usize> {
    Ok(frame.column(name)?.u32()?.get(at).unwrap_or_default() as usize)
}

/// An index as a literal; polars would give it another type.
fn code(index: u32) -> Expr {
    lit(index).cast(DataType::UInt32)
}

/// `numerator / denominator`; null where the denominator is 0 or either is null.
fn ratio(numerator: Expr, denominator: Expr) -> Expr {
    let quotient = numerator.cast(DataType::Float64) / denominator.clone().cast(DataType::Float64);
    // 0 / -2 is -0.0, which nobody means.
    when(denominator.neq(lit(0))).then(quotient + lit(0.0)).otherwise(lit(NULL))
}

/// A column of indices that follows from another by a list.
fn mapped(frame: &DataFrame, from: &str, to: &str, list: &[Option<u32>]) -> PolarsResult<Column> {
    let found: UInt32Chunked = frame.column(from)?.u32()?.iter().map(|at| list[at? as usize]).collect();
    Ok(found.with_name(to.into()).into_column())
}
