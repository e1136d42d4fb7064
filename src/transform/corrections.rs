//! Corrections: a definition's exceptions to what is printed. The printed text stays; a correction that no longer
//! matches is a problem.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::NaiveDate;
use polars::prelude::*;

use crate::dataset::{Correction, Definition};
use crate::problem::{Mark, Problem};
use crate::text::{self, fold_whitespace};
use crate::transform::periods::Periods;
use crate::transform::regions::Regions;
use crate::transform::{Context, spot};

/// What became of each correction, and which labels of its own were printed, over all batches, by their place in the
/// definition.
#[derive(Debug, Default)]
pub struct Ledger {
    pub(super) labels: BTreeSet<usize>,
    /// What was left out, by its place in the definition.
    pub ignored: BTreeSet<usize>,
    /// The discrepancies that documents had, by their place in the definition and the period.
    pub discrepancies: BTreeSet<(usize, String)>,
    used: BTreeMap<usize, u32>,
    differing: BTreeMap<usize, Mark>,
}

impl Ledger {
    /// Adds what became of them in a further batch.
    pub fn add(&mut self, other: Ledger) {
        self.labels.extend(other.labels);
        self.ignored.extend(other.ignored);
        self.discrepancies.extend(other.discrepancies);
        for (at, times) in other.used {
            *self.used.entry(at).or_default() += times;
        }
        for (at, mark) in other.differing {
            self.differing.entry(at).or_insert(mark);
        }
    }
}

/// Puts the right values in.
pub fn applied(
    frame: DataFrame,
    periods: &Periods,
    regions: &Regions,
    context: Context<'_>,
    ledger: &mut Ledger,
) -> Result<DataFrame> {
    let mut frame = frame;
    for (number, correction) in context.definition.corrections.iter().enumerate() {
        if let Some(key) = key(correction, periods, regions, context) {
            frame = apply(frame, number, correction, &key, context, ledger)?;
        }
    }
    Ok(frame)
}

fn apply(
    frame: DataFrame,
    number: usize,
    correction: &Correction,
    key: &Expr,
    context: Context<'_>,
    ledger: &mut Ledger,
) -> Result<DataFrame> {
    let rows = frame.clone().lazy().filter(key.clone()).collect()?;
    let mut printed = Vec::new();
    for at in (0..rows.height()).filter(|&at| holds_for(correction, &rows, at, context)) {
        let label = rows.column("value_label")?.str()?.get(at).unwrap_or_default();
        if fold_whitespace(label) == fold_whitespace(correction.expected.get_ref()) {
            *ledger.used.entry(number).or_default() += 1;
            printed.push((spot(&rows, at)?.document, label.to_owned()));
        } else if let Entry::Vacant(place) = ledger.differing.entry(number) {
            place.insert(context.mark(spot(&rows, at)?, "is printed here"));
        }
    }
    let corrected = printed.into_iter().fold(frame.lazy(), |frame, (document, label)| {
        let hit = key.clone().and(col("document").eq(lit(document))).and(col("value_label").eq(lit(label)));
        let value = when(hit.clone())
            .then(lit(context.definition.corrected(correction)))
            .otherwise(col("value"))
            .alias("value");
        let mark = when(hit.clone().and(col("value").is_null()))
            .then(lit(NULL))
            .otherwise(col("mark"))
            .alias("mark");
        frame.with_columns([value, mark, col("is_nil").and(hit.not()).alias("is_nil")])
    });
    Ok(corrected.collect()?)
}

/// The rows a correction is meant for; none where the batch lacks its region or period.
fn key(correction: &Correction, periods: &Periods, regions: &Regions, context: Context<'_>) -> Option<Expr> {
    let category = context.definition.category(correction.category.get_ref())?.rank;
    let (region, period) =
        (regions.index(correction.region.get_ref())?, periods.index(correction.period.get_ref())?);
    Some(
        col("category")
            .eq(lit(category))
            .and(col("region").eq(lit(region)))
            .and(col("period").eq(lit(period))),
    )
}

fn holds_for(correction: &Correction, rows: &DataFrame, at: usize, context: Context<'_>) -> bool {
    let release = spot(rows, at).ok().and_then(|spot| context.releases[spot.document as usize]);
    correction
        .release
        .as_ref()
        .is_none_or(|wanted| release.is_some_and(|release| release.to_string() == *wanted.get_ref()))
}

/// The corrections that matched nothing in the whole run, but for those of releases that it did not have.
#[must_use]
pub fn unused(definition: &Definition, ledger: &Ledger, releases: &BTreeSet<NaiveDate>) -> Vec<Problem> {
    let meant = |correction: &Correction| {
        correction.release.as_ref().is_none_or(|wanted| {
            text::parse_date(wanted.get_ref()).is_some_and(|day| releases.contains(&day))
        })
    };
    let unused = definition.corrections.iter().enumerate();
    let unused = unused.filter(|(at, correction)| !ledger.used.contains_key(at) && meant(correction));
    unused.map(|(at, correction)| no_match(definition, correction, ledger.differing.get(&at))).collect()
}

fn no_match(definition: &Definition, correction: &Correction, differing: Option<&Mark>) -> Problem {
    let (category, region, period) =
        (correction.category.get_ref(), correction.region.get_ref(), correction.period.get_ref());
    let message = format!("the correction of {category}/{region}/{period} no longer matches");
    let label = if differing.is_some() {
        "was expected"
    } else {
        "was expected, but no document prints a figure there"
    };
    let problem =
        Problem::data("correction-unmatched", message, definition.mark(&correction.expected, label));
    let problem = differing.cloned().into_iter().fold(problem, Problem::also);
    problem.help("take the correction out, or make it match what is printed now")
}
