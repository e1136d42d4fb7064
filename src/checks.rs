//! The table's own proof that it was read right: what a table prints that follows from its figures (totals, subtotals, changes,
//! percentages) is held against them. Sums run along any dimension; a nil symbol is zero where a sum proves it; a total that is
//! not printed is derived along the share dimension. A sum with a missing figure proves nothing, unless its known figures make
//! more than it.
//!
//! The figures leave the frame once, as one [`TableFigures`] a table, and come back once, as columns.
//!
//! A column whose magnitudes add up to more than half of the 64-bit range is refused: differences could not be held, and
//! no statistic comes near it. A total is expected of each dimension that has one unless the definition says otherwise. A
//! total that fails is diagnosed, never mended.

mod check_rows;
mod cross_table_sums;
mod derivable;
mod discrepancies;
mod figures;
mod hidden_totals;
mod hierarchy;
mod indicators;
mod mismatches;
mod nil;
mod partitions;
mod resolve;
mod rounding;
mod sums;
mod unnamed_totals;
mod view;

use std::collections::BTreeSet;

use anyhow::Result;
use polars::prelude::*;

use crate::dataset::Totals;
use crate::normalize::codes::CodeTable;
use crate::normalize::{BatchContext, CellRef, NormalizedBatch};
use crate::problem::{Problem, Rule};
use discrepancies::KnownDiscrepancies;
use figures::TableFigures;
use indicators::IndicatorCheck;
pub(crate) use resolve::{CANNOT_EXIST, DERIVED};
use sums::{Sum, TableSums};
pub use unnamed_totals::name_totals;

/// What `status` stands for: SDMX observation statuses. The first three are given here, the others by symbols and flags.
pub use crate::grammar::status_flag::STATUSES;

/// What `basis` stands for.
pub const BASES: [&str; 4] = ["published", "nil", "derived", "corrected"];

/// What is checked: the names that `check` stands for, in the order by which rows are sorted.
pub const CHECKS: [&str; 8] =
    ["change", "growth", "periods", "relative change", "share", "subtotal", "tables", "total"];

/// A check, as an index into [`CHECKS`].
pub type Check = u32;
/// A group's figure is the sum of what it holds.
pub(crate) const SUBTOTAL: Check = 5;
/// A figure of one table is the sum of the same figure of others.
pub(crate) const TABLES: Check = 6;
/// A total is the sum of its parts.
pub(crate) const TOTAL_CHECK: Check = 7;

/// Whether a check holds a sum against its parts; the others hold what is printed beside figures against these.
#[must_use]
pub fn is_sum(check: Check) -> bool {
    [SUBTOTAL, TABLES, TOTAL_CHECK].contains(&check)
}

/// The largest sum of magnitudes: half of what 64 bits hold is left for differences.
const MOST: u128 = i64::MAX as u128 / 2;

/// What the sums and indicators of a batch prove.
pub struct ProvenBatch {
    /// The observations: zero for nil symbols that are, with `basis` and `status`, and a row for each derived total.
    pub observations: DataFrame,
    /// The checks.
    pub checks: DataFrame,
    /// The discrepancies of the definition that documents had.
    pub discrepancies: BTreeSet<(usize, String)>,
}

/// Holds all that a batch prints of sums and indicators against its figures.
///
/// # Errors
/// Only where polars refuses a frame.
pub fn prove(
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
    problems: &mut Vec<Problem>,
) -> Result<ProvenBatch> {
    let mut tables = TableFigures::from_frame(batch)?;
    let mut sums: Vec<TableSums> =
        tables.iter().map(|table| TableSums::new(table, &batch.codes, context.definition)).collect();
    for (table, sums) in tables.iter_mut().zip(&mut sums) {
        bound_sums(table, sums, context, problems);
        rounding::set_tolerance(table, sums);
        rounding::report_unrounded(table, context, problems);
    }
    let mut nil: Vec<nil::NilSymbols> = tables
        .iter()
        .zip(&mut sums)
        .map(|(table, sums)| nil::NilSymbols::new(table, sums, &batch.codes, context.definition))
        .collect();
    let mut across = cross_table_sums::find_sums(&tables, &sums, context.definition);
    rounding::set_tolerance_across(&tables, &sums, &mut across);
    let known = KnownDiscrepancies::new(batch, context.definition);
    let mut of_indicators = Vec::new();
    let indicators = indicators::check(batch, &tables, &sums, &nil, context, &mut of_indicators);
    let confirmed = indicators.iter().flat_map(IndicatorCheck::confirmed).collect();
    mismatches::report((&tables, &sums, &across), &known, &confirmed, batch, context, problems);
    for (table, sums) in tables.iter().zip(&sums) {
        report_missing_totals(table, sums, batch, context, problems);
    }
    for (table, nil) in tables.iter().zip(&mut nil) {
        nil.report(table, context, problems);
    }
    let observations = resolve::resolve_figures(batch, &tables, &sums, &nil)?;
    problems.append(&mut of_indicators);
    let all = tables.iter().zip(&sums).flat_map(|(table, sums)| sums.all().map(move |sum| (table, sum)));
    let across = across.iter().map(|sum| (&tables[sum.table], &sum.sum));
    let published: Vec<(&TableFigures, &Sum)> =
        all.chain(across).filter(|(table, sum)| sum.is_check(table, context.definition)).collect();
    let discrepancies = known.find_met(&published);
    let checks = check_rows::to_frame(&published, &indicators, batch, context.definition)?;
    Ok(ProvenBatch { observations, checks, discrepancies })
}

/// Reports sums that 64 bits cannot hold, and takes their figures out.
fn bound_sums(
    table: &mut TableFigures,
    sums: &mut TableSums,
    context: BatchContext<'_>,
    problems: &mut Vec<Problem>,
) {
    let mut too_large = BTreeSet::new();
    for sum in sums.all_mut().filter(|sum| sum.magnitude > MOST) {
        let members: Vec<usize> = sum.members().collect();
        let is_new = members.iter().any(|at| too_large.insert(*at));
        let magnitude = |at: &&usize| table.values[**at].map(i64::unsigned_abs);
        if let Some(largest) = members.iter().max_by_key(magnitude).filter(|_| is_new) {
            let span = context.span(table.cells[*largest], "the largest of them");
            let message = "the figures of the column are too large for 64 bits to add up";
            problems.push(Problem::new(Rule::TooLarge, message, span));
        }
        sum.clear();
    }
    for at in too_large {
        table.values[at] = None;
    }
}

/// Tables that print no total along a dimension, once for each; rows that are one under another name; and totals that cannot
/// be derived.
fn report_missing_totals(
    table: &TableFigures,
    sums: &TableSums,
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
    problems: &mut Vec<Problem>,
) {
    if context.damaged.contains(&table.table_ref()) {
        return;
    }
    let is_optional = context.definition.totals == Totals::Optional;
    for view in &sums.views {
        let missing = view.totals.iter().find(|sum| sum.published.is_none() && sum.is_labelled);
        let Some(missing) = missing else { continue };
        // Where some columns have a total, those without have lost theirs.
        if view.totals.iter().any(|sum| sum.published.is_some()) {
            if !is_optional {
                problems.push(no_total(table, missing, &batch.codes[view.dimension], context));
            }
            continue;
        }
        if let Some(at) = hidden_totals::find_hidden_total(table, view, &batch.codes[view.dimension]) {
            let is_meant = is_optional && table.is_declared_additive(context.definition);
            let problem = hidden_total(table.cells[at], context);
            problems.push(if is_meant { problem.as_warning() } else { problem });
        } else if !is_optional {
            problems.push(no_total(table, missing, &batch.codes[view.dimension], context));
        } else if view.is_derived {
            problems.extend(derivable::find_doubt(table, view, batch, context));
        }
    }
}

fn no_total(table: &TableFigures, sum: &Sum, codes: &CodeTable<'_>, context: BatchContext<'_>) -> Problem {
    let name = context.table_name(table.table);
    let message = format!("table {name} has no total of `{}`", codes.dimension.name());
    let span = context.span_of_label(table.cells[sum.at], "expected below this row");
    let help = "nothing proves the reading without it; where the publisher prints none, say `totals = \"optional\"` in the definition";
    Problem::new(Rule::NoTotal, message, span).help(help)
}

/// A row that may be the total under another name: what it is named after would be counted twice. Where the definition says
/// that figures add up and that totals need not be printed, it is a warning.
fn hidden_total(cell: CellRef, context: BatchContext<'_>) -> Problem {
    let span = context.span_of_label(cell, "in every column");
    let message = "this row is the sum of all others, and no total is printed";
    let help = "if it is the total, say so in the definition: its label is one of the code `_T`; if it is to be added up, say `totals = \"optional\"`, and `additive = true` under `[measure]`";
    Problem::new(Rule::HiddenTotal, message, span).help(help)
}
