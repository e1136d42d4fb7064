//! Raw observations to published ones: an ordered list of steps, each a named function over the dimension columns of a
//! frame, in a file of its own.
//!
//! A batch of documents goes through at once, which costs little more than one; the column `document` or `release` is among the
//! keys of every join and window, so that no release's result depends on its neighbours.

mod averages;
mod bounds;
mod changes;
pub mod comparisons;
pub mod figures;
mod merge;
mod published;
mod ranks;
mod shares;

use std::collections::BTreeSet;

use anyhow::Result;
use polars::prelude::*;

use figures::ReleaseFigures;
pub use published::{Lookup, LookupValues, PublishedRows};

use crate::checks;
use crate::dataset::Definition;
use crate::extract::RawObservations;

use crate::normalize::{
    BatchContext, DefinitionUsage, NormalizedBatch, TableRef, apply_corrections, normalize, report_labels,
};
use crate::problem::exit::Exit;
use crate::problem::{Problem, Rule, worst_exit};

/// What a batch gave.
#[derive(Debug)]
pub struct TransformResult {
    /// Its observations, sorted by key.
    pub observations: PublishedRows,
    /// Its checks, sorted by key.
    pub checks: PublishedRows,
    /// Bounds across tables, sorted by key, where the definition asks for them and nothing is wrong.
    pub bounds: Option<PublishedRows>,
    /// Tables left out, because an earlier document of the same release reports the same.
    pub repeated: BTreeSet<TableRef>,
    /// Its figures for a history, where they are sound and asked for.
    pub figures: Option<ReleaseFigures>,
    /// For each dimension, the codes that its observations use.
    pub codes: Vec<BTreeSet<String>>,
    /// All that is wrong.
    pub problems: Vec<Problem>,
}

/// What is wrong with figures that stand once each: the page of a check shows them with all that follows from them.
const MISMATCHES: [Rule; 9] = [
    Rule::Total,
    Rule::Subtotal,
    Rule::Tables,
    Rule::Rounding,
    Rule::Change,
    Rule::RelativeChange,
    Rule::Growth,
    Rule::Share,
    Rule::Periods,
];

/// Takes raw observations through all steps.
///
/// # Errors
/// Only where polars refuses an expression.
pub fn transform(
    raw: RawObservations,
    context: BatchContext<'_>,
    usage: &mut DefinitionUsage,
    keeps_figures: bool,
) -> Result<TransformResult> {
    let mut problems = Vec::new();
    let mut batch = normalize(raw, context, usage)?;
    checks::name_totals(&mut batch, context, &mut problems)?;
    report_labels(&batch, context, &mut problems)?;
    apply_corrections(&mut batch, context, usage)?;
    let proven = checks::prove(&batch, context, &mut problems)?;
    usage.discrepancies.extend(proven.discrepancies);
    let merged = merge::merge_documents(proven.observations, proven.checks, &batch, context, &mut problems)?;
    // What follows needs only the observations; of a large document a second copy would be the most of its memory.
    batch.frame = DataFrame::empty();
    let keys = KeyColumns::new(context.definition);
    let frame = sort_by_key(merged.observations, &keys)?;
    let frame = merge::merge_tables(frame, &keys, &batch, context, &mut problems)?;
    // Where a key stands twice, which is a problem, a join would multiply the rows; and nothing is published.
    let stands_once = |problem: &Problem| !problem.is_error() || MISMATCHES.contains(&problem.rule);
    let is_computable = context.damaged.is_empty() && problems.iter().all(stands_once);
    let is_sound = is_computable && worst_exit(&problems) == Exit::Done;
    let frame = if is_computable { compute(frame, &keys, &batch, context, usage)? } else { frame };
    let bounds =
        if is_sound { bounds::add_up(&frame, &merged.checks, &batch, context, &mut problems)? } else { None };
    let bounds = bounds.map(|frame| published::publish_computed(frame, &batch, context));
    let codes = published::used_codes(&frame, &batch)?;
    let observations = published::publish_rows(frame, &batch, context, "measure")?;
    let checks = published::publish_rows(merged.checks, &batch, context, "unit")?;
    let figures = (is_sound && keeps_figures).then(|| ReleaseFigures::read(&observations, &batch, context));
    let figures = figures.transpose()?;
    Ok(TransformResult { observations, checks, bounds, repeated: merged.repeated, figures, codes, problems })
}

/// Adds what is computed from sound figures.
fn compute(
    frame: DataFrame,
    keys: &KeyColumns,
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
    usage: &mut DefinitionUsage,
) -> Result<DataFrame> {
    let definition = context.definition;
    let frame = shares::add_totals(frame, keys, batch, definition)?;
    let frame = shares::add_shares(frame)?;
    let frame = averages::add_monthly_averages(frame, &batch.periods, definition)?;
    let frame = comparisons::add_comparisons(frame, keys, batch, definition, usage)?;
    let frame = changes::add_changes(frame, keys, &batch.periods, context.releases)?;
    ranks::add_ranks(frame, keys, batch, definition)
}

/// The columns that tell observations apart.
pub(crate) struct KeyColumns {
    /// The names of the dimensions.
    pub dimensions: Vec<PlSmallStr>,
    /// The dimension along which shares go.
    pub share: Option<PlSmallStr>,
}

impl KeyColumns {
    pub(crate) fn new(definition: &Definition) -> KeyColumns {
        let dimensions: Vec<PlSmallStr> =
            definition.dimensions.iter().map(|dimension| dimension.name().into()).collect();
        let share = definition.share_dimension().map(|at| dimensions[at].clone());
        KeyColumns { dimensions, share }
    }

    /// Release, dimensions, measure: what a figure of another period has in common with one.
    pub(crate) fn series(&self) -> Vec<Expr> {
        let dimensions = self.dimensions.iter().map(|name| col(name.clone()));
        [col("release")].into_iter().chain(dimensions).chain([col("measure")]).collect()
    }

    /// Document, the dimensions but that of shares, measure, period: what a figure has in common with its total.
    pub(crate) fn table_column(&self) -> Vec<Expr> {
        let others = self.dimensions.iter().filter(|name| Some(*name) != self.share.as_ref());
        let others = others.map(|name| col(name.clone()));
        [col("document")].into_iter().chain(others).chain([col("measure"), col("period")]).collect()
    }

    /// The order of published rows.
    pub(crate) fn sort(&self) -> Vec<PlSmallStr> {
        let dimensions = self.dimensions.iter().cloned();
        ["release".into()].into_iter().chain(dimensions).chain(["measure".into(), "period".into()]).collect()
    }
}

/// The frame in the order of its keys.
fn sort_by_key(frame: DataFrame, keys: &KeyColumns) -> Result<DataFrame> {
    let options = SortMultipleOptions::default().with_maintain_order(true).with_multithreaded(false);
    Ok(frame.lazy().sort(keys.sort(), options).collect()?)
}

/// `numerator / denominator`; null where the denominator is 0 or either is null. 0 / -2 is 0, not -0.
pub(crate) fn ratio(numerator: Expr, denominator: Expr) -> Expr {
    let quotient = numerator.cast(DataType::Float64) / denominator.clone().cast(DataType::Float64) + lit(0.0);
    when(denominator.neq(lit(0i64))).then(quotient).otherwise(lit(NULL))
}
