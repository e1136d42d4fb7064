//! Corrections: a definition's exceptions to what is printed. The printed text stays; a correction that no longer
//! matches is a problem.

use std::collections::BTreeMap;

use anyhow::Result;
use polars::prelude::*;

use super::{Context, text};
use crate::dataset::{Correction, Definition};
use crate::extract::folded;
use crate::problem::{Mark, Problem};

/// What became of each correction over all batches, by its place in the definition.
#[derive(Debug, Default)]
pub struct Ledger {
    used: BTreeMap<usize, u32>,
    differing: BTreeMap<usize, Mark>,
}

impl Ledger {
    /// Adds what became of them in a further batch.
    pub fn add(&mut self, other: Ledger) {
        for (at, times) in other.used {
            *self.used.entry(at).or_default() += times;
        }
        for (at, mark) in other.differing {
            self.differing.entry(at).or_insert(mark);
        }
    }
}

/// Puts the right values in.
pub fn applied(frame: LazyFrame, context: Context, ledger: &mut Ledger) -> Result<LazyFrame> {
    let mut frame = frame;
    for (at, correction) in context.definition.corrections.iter().enumerate() {
        frame = apply(frame, at, correction, context, ledger)?;
    }
    Ok(frame)
}

fn apply(frame: LazyFrame, number: usize, correction: &Correction, context: Context, ledger: &mut Ledger) -> Result<LazyFrame> {
    let frame = frame.collect()?;
    let rows = frame.clone().lazy().filter(key(correction)).collect()?;
    let mut printed = Vec::new();
    for at in 0..rows.height() {
        let label = text(&rows, "value_label", at)?;
        if folded(label) == folded(correction.expected.get_ref()) {
            *ledger.used.entry(number).or_default() += 1;
            printed.push(label.to_owned());
        } else if !ledger.differing.contains_key(&number) {
            ledger.differing.insert(number, context.mark(&rows, at, "is printed here")?);
        }
    }
    Ok(printed.into_iter().fold(frame.lazy(), |frame, label| {
        let hit = key(correction).and(col("value_label").eq(lit(label)));
        let value = when(hit.clone()).then(lit(correction.value)).otherwise(col("value")).alias("value");
        frame.with_columns([value, col("is_nil").and(hit.not()).alias("is_nil")])
    }))
}

/// The rows a correction is meant for.
fn key(correction: &Correction) -> Expr {
    let is = |column: &str, value: &str| col(column).eq(lit(value.to_owned()));
    let key = is("category", correction.category.get_ref()).and(is("region", correction.region.get_ref())).and(is("period", correction.period.get_ref()));
    match correction.release.as_ref().and_then(|release| release.get_ref().parse::<chrono::NaiveDate>().ok()) {
        Some(release) => key.and(col("release_date").eq(lit(release))),
        None => key,
    }
}

/// The corrections that matched nothing in the whole run.
#[must_use]
pub fn unused(definition: &Definition, ledger: &Ledger) -> Vec<Problem> {
    let unused = definition.corrections.iter().enumerate().filter(|(at, _)| !ledger.used.contains_key(at));
    unused.map(|(at, correction)| no_match(definition, correction, ledger.differing.get(&at))).collect()
}

fn no_match(definition: &Definition, correction: &Correction, differing: Option<&Mark>) -> Problem {
    let (category, region, period) = (correction.category.get_ref(), correction.region.get_ref(), correction.period.get_ref());
    let message = format!("the correction of {category}/{region}/{period} no longer matches");
    let label = if differing.is_some() { "was expected" } else { "was expected, but no document prints a figure there" };
    let problem = Problem::data("correction-unmatched", message, definition.mark(&correction.expected, label));
    let problem = differing.cloned().into_iter().fold(problem, Problem::also);
    problem.help("take the correction out, or make it match what is printed now")
}
