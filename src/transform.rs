//! Raw observations to published ones: ordered steps, each a pure function from frame to frame in a file of its own.
//!
//! A batch of documents goes through at once, which costs little more than one; every step keeps them apart by the
//! column `document`, so that no document's result depends on its neighbours.

mod agreement;
mod changes;
pub mod check;
mod claims;
mod corrections;
mod keys;
mod observations;
mod periods;
mod ranks;
mod regions;
mod shares;
mod star;
mod totals;
mod unnamed;

use std::collections::BTreeSet;

use anyhow::Result;
use arrow::array::{StringArray, StringBuilder};
use chrono::NaiveDate;
use polars::prelude::*;

pub use corrections::{Ledger, unused as unused_corrections};
pub use regions::unused as unused_labels;
pub use star::{Dimension, Star, Values};
pub use totals::BASES;

use crate::dataset::Definition;
use crate::document::{Document, Row};
use crate::extract::observations::{Claim, Claimed, Headed, Label, Raw};
use crate::grammar::number::MOST_DECIMALS;
use crate::problem::{Problem, Span};
use agreement::Agreed;
use claims::Against;
use periods::Periods;
use regions::Regions;

pub use observations::Observations;

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
    let Normal { frame, periods, regions, labels, headings, claims, claimed } =
        normalised(raw, context, ledger, &mut problems)?;
    let reconciled = totals::reconciled(&frame, &headings, &regions, &periods, context, &mut problems)?;
    // What both have in common can then be let go column by column, as it is sorted.
    drop(frame);
    let (frame, sums) = reconciled;
    ledger.discrepancies.extend(totals::Known::of(&regions, &periods, context).met(&sums)?);
    let (frame, keys) = keys::sorted(frame)?;
    let values = frame.column("value")?.i64()?;
    let against = Against { keys: &keys, values, periods: &periods, regions: &regions, context };
    let sums = claims::checked(sums, (&claims, &claimed), against, &mut problems)?;
    let frame = ranks::ranked(frame, &keys, &regions)?;
    let Agreed { frame, keys, sums, repeated } =
        agreement::merged((frame, keys), sums, &periods, &regions, context, &mut problems)?;
    let used = regions.used(&frame)?;
    let dimensions = dimensions(&labels, &headings, &periods, &regions, context);
    let checks = Checks(placed(sums, &dimensions, context)?);
    let observations = Observations { facts: frame, keys, periods, dimensions };
    Ok((Transformed { observations, checks, repeated, regions: used }, problems))
}

/// Whether a table of raw observations is the sum of others.
///
/// # Errors
/// As [`transform`].
pub fn are_summed(raw: Raw, context: Context<'_>) -> Result<bool> {
    let normal = normalised(raw, context, &mut Ledger::default(), &mut Vec::new())?;
    totals::are_summed(&normal.frame, &normal.regions, context)
}

/// Facts with what their indices stand for, and where they are printed.
fn placed(facts: DataFrame, dimensions: &[Dimension], context: Context<'_>) -> Result<Star> {
    let texts = vec![("source_position", positions(&facts, context)?)];
    Ok(Star { facts, dimensions: dimensions.to_vec(), texts })
}

/// Observations with the codes of their regions and periods, and what was misprinted put right.
pub struct Normal {
    frame: DataFrame,
    periods: Periods,
    regions: Regions,
    labels: Vec<Label>,
    headings: Vec<Headed>,
    claims: Vec<Claim>,
    claimed: Vec<Claimed>,
}

/// Takes raw observations through the steps before anything is computed from them.
///
/// # Errors
/// As [`transform`].
pub fn normalised(
    raw: Raw,
    context: Context<'_>,
    ledger: &mut Ledger,
    problems: &mut Vec<Problem>,
) -> Result<Normal> {
    let (periods, regions) = (Periods::of(&raw), Regions::of_batch(&raw, context));
    ledger.labels.extend(regions.overridden());
    let frame = periods.indexed(raw.facts)?;
    let frame = regions.indexed(&frame, &raw.labels, context, problems)?;
    let frame = corrections::applied(frame, &periods, &regions, context, ledger)?;
    let Raw { labels, headings, claims, claimed, .. } = raw;
    Ok(Normal { frame, periods, regions, labels, headings, claims, claimed })
}

impl Normal {
    /// The checks: every sum, held against what it is the sum of.
    ///
    /// # Errors
    /// As [`transform`].
    pub fn checks(&self, context: Context<'_>, problems: &mut Vec<Problem>) -> Result<DataFrame> {
        Ok(totals::proven(&self.frame, &self.headings, &self.regions, &self.periods, context, problems)?
            .checks)
    }
}

/// What the indices of the frames stand for.
fn dimensions(
    labels: &[Label],
    headings: &[Headed],
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
        Dimension::text("region_label", "label", labels.iter().map(|label| label.printed.as_str())),
        Dimension::text("period_label", "heading", headings.iter().map(|headed| headed.label.as_str())),
        Dimension::text("status", "status", totals::STATUSES),
        Dimension::text("basis", "basis", totals::BASES),
        Dimension::text("check", "check", check::CHECKS),
        Dimension::text("unit", "unit", units(context.definition)),
    ];
    dimensions.extend(periods.dimensions(context.definition));
    dimensions.extend(regions.dimensions(context.definition));
    dimensions
}

/// The units of checks: the measure's, then percent with more and more decimals.
fn units(definition: &Definition) -> Vec<String> {
    let percent = (1..=MOST_DECIMALS as usize).map(|decimals| format!("0.{:0>decimals$} percent", 1));
    [definition.measure.unit.clone(), "percent".into()].into_iter().chain(percent).collect()
}

/// Where each figure is printed; null where it is derived.
fn positions(frame: &DataFrame, context: Context<'_>) -> Result<StringArray> {
    let number = |name| -> PolarsResult<&UInt32Chunked> { frame.column(name)?.u32() };
    // All three are null where one is; what stands there then is not looked at.
    let grids = number("grid")?.downcast_iter().flat_map(|chunk| chunk.values_iter());
    let columns = number("column")?.downcast_iter().flat_map(|chunk| chunk.values_iter());
    let spots = ids(frame, "document")?.iter().zip(grids).zip(number("row")?.iter()).zip(columns);
    let mut places = StringBuilder::with_capacity(frame.height(), frame.height() * "123:45".len());
    let mut place = String::new();
    for (((document, grid), row), column) in spots {
        let Some(row) = row else {
            places.append_null();
            continue;
        };
        place.clear();
        context.documents[*document as usize].grids[*grid as usize].write_place(row, *column, &mut place);
        places.append_value(&place);
    }
    Ok(places.finish())
}

/// The cell of a figure: its document in the batch, its grid, row and column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Spot {
    document: u32,
    grid: u32,
    row: u32,
    column: u32,
}

impl Spot {
    /// The cell of a row, given the columns that tell it.
    fn at(places: &[&[u32]; 4], at: usize) -> Spot {
        let [document, grid, row, column] = places.map(|column| column[at]);
        Spot { document, grid, row, column }
    }
}

/// The columns that tell the cell of each row of a frame, in which all figures are printed.
fn places(frame: &DataFrame) -> PolarsResult<[&[u32]; 4]> {
    Ok([ids(frame, "document")?, ids(frame, "grid")?, ids(frame, "row")?, ids(frame, "column")?])
}

/// The cell of a frame's row.
fn spot(frame: &DataFrame, at: usize) -> Result<Spot> {
    let id = |name| -> Result<u32> { Ok(frame.column(name)?.u32()?.get(at).unwrap_or_default()) };
    Ok(Spot { document: id("document")?, grid: id("grid")?, row: id("row")?, column: id("column")? })
}

impl<'c> Context<'c> {
    /// Marks a figure.
    fn span(&self, spot: Spot, label: impl Into<String>) -> Span {
        self.documents[spot.document as usize].span(spot.grid as usize, spot.row, spot.column, label)
    }

    /// Marks the first cell in the row of a figure.
    fn span_of_label(&self, spot: Spot, label: impl Into<String>) -> Span {
        let first = self.row(spot).and_then(|row| row.cells.first());
        self.span(Spot { column: first.map_or(1, |cell| cell.column), ..spot }, label)
    }

    /// What is printed at a figure's place.
    fn printed(&self, spot: Spot) -> &'c str {
        let cell = self.row(spot).and_then(|row| row.cells.iter().find(|cell| cell.column == spot.column));
        cell.map_or("", |cell| cell.text.as_ref())
    }

    /// The lines above a figure, from below, that stand alone: the title of its table, what its unit is.
    fn lines_above(&self, spot: Spot) -> impl Iterator<Item = &'c str> {
        const MOST_ROWS: usize = 8;
        const LONGEST: usize = 120;
        let rows = &self.documents[spot.document as usize].grids[spot.grid as usize].rows;
        let above = rows.iter().rev().skip_while(move |row| row.number >= spot.row).take(MOST_ROWS);
        let lines = above.skip_while(|row| row.cells.len() != 1).take_while(|row| row.cells.len() == 1);
        lines.map(|row| row.cells[0].text.as_ref()).filter(|text| text.len() <= LONGEST)
    }

    fn row(&self, spot: Spot) -> Option<&'c Row<'c>> {
        self.documents[spot.document as usize].grids[spot.grid as usize].row(spot.row)
    }

    /// The category of a rank.
    fn category(&self, rank: u32) -> &'c str {
        let category = self.definition.categories.iter().find(|category| category.rank == rank);
        category.map_or("", |category| category.code.get_ref())
    }
}

/// A column of indices, none of which is null.
pub(crate) fn ids<'f>(frame: &'f DataFrame, name: &str) -> PolarsResult<&'f [u32]> {
    frame.column(name)?.u32()?.cont_slice()
}

/// The frame with further columns, in the place of those of the same names.
fn replaced<const N: usize>(mut frame: DataFrame, columns: [(&str, Series); N]) -> Result<DataFrame> {
    for (name, column) in columns {
        frame.with_column(column.with_name(name.into()).into())?;
    }
    Ok(frame)
}

/// `numerator / denominator`; null where the denominator is 0 or either is null.
fn ratio(numerator: &Int64Chunked, denominator: &Int64Chunked) -> Float64Chunked {
    arity::binary_elementwise(numerator, denominator, |numerator: Option<i64>, denominator: Option<i64>| {
        let denominator = denominator.filter(|denominator| *denominator != 0)?;
        // 0 / -2 is -0.0, which nobody means.
        Some(numerator? as f64 / denominator as f64 + 0.0)
    })
}
