//! Totals: the table's own proof that it was read right. Each printed sum is held against what it is the sum of; a nil
//! mark is zero where that proves it; a total that is not printed is derived. A sum with a mark that stands for a missing
//! figure proves nothing, unless its known figures make more than it.

mod across;
mod derivable;
mod discrepancies;
mod facts;
mod mismatches;
mod misnamed;
mod nil;
mod rounding;
mod structure;
mod sum;

use std::collections::BTreeMap;

use anyhow::Result;
use polars::prelude::*;

use crate::dataset::Totals;
use crate::extract::observations::Headed;
use crate::problem::{Problem, Rule};
use crate::regions::{Kind, TOTAL};
use crate::transform::periods::Periods;
use crate::transform::regions::Regions;
use crate::transform::{Context, Spot, TableOf, replaced};
use across::across;
pub use discrepancies::Known;
use facts::Facts;
use mismatches::Source;
use misnamed::misnamed;
use nil::Nil;
use rounding::tolerate;
use structure::Structure;
pub use structure::{evidence, is_sure};
pub use sum::{Lacks, Sum};

/// What `status` stands for: SDMX observation statuses. The first three are given here, the others by marks.
pub use crate::grammar::mark::STATUSES;
const NORMAL: u32 = 0;
const INCLUDES_OTHERS: u32 = 1;
const CANNOT_EXIST: u32 = 2;
const MISSING: u32 = 3;

/// What `basis` stands for.
pub const BASES: [&str; 3] = ["published", "nil", "derived"];
const PUBLISHED: u32 = 0;
const FROM_NIL: u32 = 1;
const DERIVED: u32 = 2;

/// The largest sum of magnitudes in a column: half of what 64 bits hold is left for differences.
const MOST: u128 = i64::MAX as u128 / 2;

/// Returns the frame with its derived totals, zero for nil marks, and the columns `total`, `basis` and `status`; and
/// the checks.
pub fn reconciled(
    frame: &DataFrame,
    headings: &[Headed],
    regions: &Regions,
    periods: &Periods,
    context: Context<'_>,
    problems: &mut Vec<Problem>,
) -> Result<(DataFrame, DataFrame)> {
    let Proof { facts, totals, nil, checks } = proven(frame, headings, regions, periods, context, problems)?;
    let frame = valued(frame, &facts, &totals, &nil, regions)?;
    Ok((with_derived(frame, &totals, total(regions))?, checks))
}

/// What the sums of a batch prove.
pub struct Proof<'f> {
    facts: Facts<'f>,
    totals: Vec<Sum>,
    nil: Nil,
    /// The checks.
    pub checks: DataFrame,
}

/// Holds every sum of a frame against what it is the sum of.
pub fn proven<'f>(
    frame: &'f DataFrame,
    headings: &[Headed],
    regions: &Regions,
    periods: &Periods,
    context: Context<'_>,
    problems: &mut Vec<Problem>,
) -> Result<Proof<'f>> {
    let mut facts = Facts::of(frame, total(regions))?;
    let is_additive = context.definition.measure.additive != Some(false);
    let mut structure = Structure::of(&facts, regions, context.definition);
    structure.groups.retain(|_| is_additive);
    let mut totals = sum::totals(&facts, &structure);
    totals.iter_mut().filter(|_| !is_additive).for_each(Sum::make_unknown);
    bound(&mut totals, &mut facts, context, problems);
    let mut subtotals = sum::subtotals(&facts, &structure);
    tolerate(&mut totals, &mut subtotals, &facts, context.definition);
    let nil = Nil::of(&facts, &structure, &mut totals, &mut subtotals, regions, context);
    let across = across(&totals, &facts, context.definition);
    let source = Source { facts: &facts, structure: &structure, regions, periods, context };
    mismatches::report(&source, [&totals, &subtotals, &across], problems);
    if is_additive {
        let misnamed = misnamed(&facts, &structure, &totals);
        missing(&totals, &misnamed, &facts, context, problems);
        derivable::report(&source, headings, &totals, &misnamed, problems);
    }
    nil.report(&facts, context, problems);
    let sums: Vec<&Sum> = totals.iter().chain(&subtotals).chain(&across).collect();
    let checks = checks(sums, total(regions), context)?;
    Ok(Proof { facts, totals, nil, checks })
}

/// The total's index among the regions.
fn total(regions: &Regions) -> u32 {
    regions.index(TOTAL).unwrap_or_default()
}

/// The total of each column of a frame with regions and periods, and what is printed for it.
pub fn of(frame: &DataFrame, regions: &Regions, context: Context<'_>) -> Result<Vec<Sum>> {
    let facts = Facts::of(frame, total(regions))?;
    Ok(sum::totals(&facts, &Structure::of(&facts, regions, context.definition)))
}

/// Whether a table of a frame with regions and periods is the sum of others.
pub fn are_summed(frame: &DataFrame, regions: &Regions, context: Context<'_>) -> Result<bool> {
    let facts = Facts::of(frame, total(regions))?;
    let totals = sum::totals(&facts, &Structure::of(&facts, regions, context.definition));
    Ok(!across(&totals, &facts, context.definition).is_empty())
}

/// Reports columns that 64 bits cannot add up, and takes their figures out.
fn bound(sums: &mut [Sum], facts: &mut Facts<'_>, context: Context<'_>, problems: &mut Vec<Problem>) {
    for (column, sum) in sums.iter_mut().enumerate().filter(|(_, sum)| sum.magnitude > MOST) {
        let rows: Vec<usize> = (0..facts.columns.len()).filter(|at| facts.columns[*at] == column).collect();
        let magnitude = |at: &&usize| facts.values[**at].map(i64::unsigned_abs);
        if let Some(largest) = rows.iter().max_by_key(magnitude) {
            let span = context.span(facts.spot(*largest), "the largest of them");
            let message = "the figures of the column are too large for 64 bits to add up";
            problems.push(Problem::new(Rule::TooLarge, message, span));
        }
        for at in rows {
            facts.values[at] = None;
        }
        sum.emptied();
    }
}

/// The columns of tables whose cells were all understood.
fn sound<'s>(sums: impl Iterator<Item = &'s Sum>, context: Context<'_>) -> impl Iterator<Item = &'s Sum> {
    sums.filter(move |sum| !context.damaged.contains(&sum.table))
}

/// Tables of regions that print no total, once for each table; and rows that are one under another name.
fn missing(
    totals: &[Sum],
    misnamed: &BTreeMap<TableOf, usize>,
    facts: &Facts<'_>,
    context: Context<'_>,
    problems: &mut Vec<Problem>,
) {
    let optional = context.definition.totals == Totals::Optional;
    let mut without: Vec<&Sum> =
        sound(totals.iter(), context).filter(|sum| sum.published.is_none() && sum.is_labelled).collect();
    without.dedup_by_key(|sum| sum.table);
    for sum in without {
        match misnamed.get(&sum.table) {
            Some(at) => problems.push(hidden(facts.spot(*at), context)),
            None if optional => {}
            None => problems.push(no_total(sum, context)),
        }
    }
}

fn no_total(sum: &Sum, context: Context<'_>) -> Problem {
    let message = format!("the table of {} has no row for the total", context.category(sum.table.1));
    let span = context.span_of_label(sum.spot, "expected below this row");
    let help = "nothing proves the reading without it; where the publisher prints none, say `totals = \"optional\"` in the definition";
    Problem::new(Rule::NoTotal, message, span).help(help)
}

/// A row that may be the total under another name: what it is named after would be counted twice.
fn hidden(spot: Spot, context: Context<'_>) -> Problem {
    let span = context.span_of_label(spot, "in every column");
    let is_declared = context.definition.measure.additive == Some(true);
    let problem =
        Problem::new(Rule::HiddenTotal, "this row is the sum of all others, and no total is printed", span);
    let problem = if is_declared { problem.as_warning() } else { problem };
    problem.help("if it is the total, say so in the definition, under `[regions.labels]`: its label = \"_T\"; if it is to be added up, say `additive = true` under `[measure]`")
}

/// The published table of checks, with `document`, `grid`, `row` and `column`.
fn checks(sums: Vec<&Sum>, total: u32, context: Context<'_>) -> Result<DataFrame> {
    let mut checked: Vec<&Sum> = sums.into_iter().filter(|sum| sum.is_check(context)).collect();
    let region = |sum: &Sum| sum.region.unwrap_or(total);
    let key = |sum: &&Sum| (sum.table, sum.check, sum.period, region(sum));
    checked.sort_by_key(key);
    // A total that is made again and again is published as made twice.
    checked.dedup_by_key(|sum| key(sum));
    let ids = |id: fn(&Sum) -> u32| checked.iter().map(|sum| id(sum)).collect::<Vec<_>>();
    Ok(df!(
        "document" => ids(|sum| sum.table.0),
        "category" => ids(|sum| sum.table.1),
        "check" => ids(|sum| sum.check),
        "unit" => ids(|_| 0),
        "period" => ids(|sum| sum.period),
        "region" => checked.iter().map(|sum| region(sum)).collect::<Vec<_>>(),
        "heading" => ids(|sum| sum.heading),
        "published" => checked.iter().map(|sum| sum.published).collect::<Vec<_>>(),
        "computed" => checked.iter().map(|sum| sum.computed()).collect::<Vec<_>>(),
        "difference" => checked.iter().map(|sum| sum.difference()).collect::<Vec<_>>(),
        "tolerance" => checked.iter().map(|sum| sum.tolerance).collect::<Vec<_>>(),
        "passed" => checked.iter().map(|sum| sum.passed()).collect::<Vec<_>>(),
        "cells" => checked.iter().map(|sum| sum.cells).collect::<Vec<_>>(),
        "grid" => ids(|sum| sum.spot.grid),
        "row" => ids(|sum| sum.spot.row),
        "column" => ids(|sum| sum.spot.column),
    )?)
}

/// Zero for nil marks that are; how each figure came about; and its column's total.
fn valued(
    frame: &DataFrame,
    facts: &Facts<'_>,
    totals: &[Sum],
    nil: &Nil,
    regions: &Regions,
) -> Result<DataFrame> {
    let residual = regions.are(Kind::Residual);
    let status = |(at, mark): (usize, Option<u32>)| match (mark, facts.keys[at].region()) {
        _ if nil.is_excluded[at] => CANNOT_EXIST,
        _ if nil.is_unproven[at] => MISSING,
        (Some(mark), _) => mark,
        (None, Some(region)) if residual[region as usize] => INCLUDES_OTHERS,
        (None, _) => NORMAL,
    };
    let rows = 0..facts.keys.len();
    let status = rows.clone().zip(facts.marks.iter()).map(status);
    let basis = rows.clone().map(|at| if nil.is_zero(facts, at) { FROM_NIL } else { PUBLISHED });
    let values = rows.map(|at| if nil.is_zero(facts, at) { Some(0) } else { facts.values[at] });
    let totals = facts.columns.iter().map(|column| totals[*column].total());
    replaced(
        frame.drop_many(["is_nil", "mark", "depth"]),
        [
            ("value", values.collect()),
            ("status", status.collect()),
            ("basis", basis.collect()),
            ("total", totals.collect()),
        ],
    )
}

/// The frame with a row for each total that is not printed.
fn with_derived(frame: DataFrame, sums: &[Sum], total: u32) -> Result<DataFrame> {
    let derived: Vec<&Sum> = sums.iter().filter(|sum| sum.is_derived()).collect();
    if derived.is_empty() {
        return Ok(frame);
    }
    let ids = |id: fn(&Sum) -> u32| derived.iter().map(|sum| id(sum)).collect::<Vec<_>>();
    let totals: Vec<Option<i64>> = derived.iter().map(|sum| sum.total()).collect();
    let nothing = vec![None::<u32>; derived.len()];
    let rows = df!(
        "document" => ids(|sum| sum.table.0),
        "category" => ids(|sum| sum.table.1),
        "period" => ids(|sum| sum.period),
        "heading" => ids(|sum| sum.heading),
        "region" => vec![total; derived.len()],
        "basis" => ids(|_| DERIVED),
        "status" => ids(|_| NORMAL),
        "value" => &totals,
        "total" => &totals,
        "label" => &nothing,
        "grid" => &nothing,
        "row" => &nothing,
        "column" => &nothing,
        "value_label" => vec![None::<&str>; derived.len()],
    )?;
    let mut frame = frame;
    frame.vstack_mut(&rows.select(frame.get_column_names_owned())?)?;
    frame.rechunk_mut();
    Ok(frame)
}
