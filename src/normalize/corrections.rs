//! Corrections: a definition's exceptions to what is printed. The printed text stays; a correction that no longer
//! matches is a problem.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::NaiveDate;
use polars::prelude::*;

use crate::dataset::{Correction, Definition, Key};
use crate::normalize::{BatchContext, NormalizedBatch, cell_at};
use crate::problem::{Problem, Rule, Span};
use crate::text::{self, fold_whitespace};

/// What became of each correction, and which labels of its own were printed, over all batches, by their place in the
/// definition.
#[derive(Debug, Default)]
pub struct DefinitionUsage {
    pub(super) labels: BTreeSet<usize>,
    /// The discrepancies that documents had, by their place in the definition and the period.
    pub discrepancies: BTreeSet<(usize, String)>,
    /// The breaks that comparisons crossed, by their place in the definition.
    pub breaks: BTreeSet<usize>,
    corrections: BTreeMap<usize, u32>,
    differing: BTreeMap<usize, Span>,
}

impl DefinitionUsage {
    /// Adds what became of them in a further batch.
    pub fn add(&mut self, other: DefinitionUsage) {
        self.labels.extend(other.labels);
        self.discrepancies.extend(other.discrepancies);
        self.breaks.extend(other.breaks);
        for (at, times) in other.corrections {
            *self.corrections.entry(at).or_default() += times;
        }
        for (at, mark) in other.differing {
            self.differing.entry(at).or_insert(mark);
        }
    }
}

/// Puts the right values in. Adds `is_corrected`: whether a figure is one of them.
///
/// # Errors
/// Only where polars refuses an expression.
pub fn apply_corrections(
    batch: &mut NormalizedBatch<'_>,
    context: BatchContext<'_>,
    usage: &mut DefinitionUsage,
) -> Result<()> {
    // `full` would take eight megabytes once, to share zeros of them.
    let none: BooleanChunked = std::iter::repeat_n(false, batch.frame.height()).collect();
    batch.frame.with_column(none.with_name("is_corrected".into()).into_column())?;
    for (number, correction) in context.definition.corrections.iter().enumerate() {
        let Some(key) = context.definition.exception_key(&correction.key) else { continue };
        if let Some(is_meant) = filter_by_key(&key, batch, context.definition) {
            let value = context.definition.units_of(*correction.value.get_ref(), &key);
            let frame = std::mem::take(&mut batch.frame);
            batch.frame = apply_correction(frame, (number, correction), &is_meant, value, context, usage)?;
        }
    }
    Ok(())
}

fn apply_correction(
    frame: DataFrame,
    (number, correction): (usize, &Correction),
    is_meant: &Expr,
    value: i64,
    context: BatchContext<'_>,
    usage: &mut DefinitionUsage,
) -> Result<DataFrame> {
    let rows = frame.clone().lazy().filter(is_meant.clone()).collect()?;
    let mut printed = Vec::new();
    for at in (0..rows.height()).filter(|&at| is_of_release(correction, &rows, at, context)) {
        let label = rows.column("value_label")?.str()?.get(at).unwrap_or_default();
        if fold_whitespace(label) == fold_whitespace(correction.expected.get_ref()) {
            *usage.corrections.entry(number).or_default() += 1;
            printed.push((cell_at(&rows, at)?.document, label.to_owned()));
        } else if let Entry::Vacant(place) = usage.differing.entry(number) {
            place.insert(context.span(cell_at(&rows, at)?, "is printed here"));
        }
    }
    let corrected = printed.into_iter().fold(frame.lazy(), |frame, (document, label)| {
        let is_hit =
            is_meant.clone().and(col("document").eq(lit(document))).and(col("value_label").eq(lit(label)));
        let flag = when(is_hit.clone().and(col("value").is_null())).then(lit(NULL)).otherwise(col("flag"));
        let corrected = when(is_hit.clone()).then(lit(value)).otherwise(col("value"));
        frame.with_columns([
            corrected.alias("value"),
            flag.alias("flag"),
            col("is_nil").and(is_hit.clone().not()).alias("is_nil"),
            col("is_corrected").or(is_hit).alias("is_corrected"),
        ])
    });
    Ok(corrected.collect()?)
}

/// The rows that a key names; none where the batch lacks one of its codes or its period.
fn filter_by_key(key: &Key, batch: &NormalizedBatch<'_>, definition: &Definition) -> Option<Expr> {
    let mut is_meant = lit(true);
    for (codes, code) in batch.codes.iter().zip(&key.codes) {
        let Some(code) = code else { continue };
        codes.index(code)?;
        is_meant = is_meant.and(col(codes.dimension.name()).eq(lit(code.as_str())));
    }
    let period = key.period.as_ref()?;
    batch.periods.index(period)?;
    let measure = definition.measure_of(key) as u32;
    Some(is_meant.and(col("measure").eq(lit(measure))).and(col("period").eq(lit(period.as_str()))))
}

fn is_of_release(correction: &Correction, rows: &DataFrame, at: usize, context: BatchContext<'_>) -> bool {
    let release = cell_at(rows, at).ok().and_then(|cell| context.releases[cell.document as usize]);
    correction
        .release
        .as_ref()
        .is_none_or(|wanted| release.is_some_and(|release| release.to_string() == *wanted.get_ref()))
}

/// The corrections that matched nothing in the whole run, but for those of releases that it did not have.
#[must_use]
pub fn unused_corrections(
    definition: &Definition,
    usage: &DefinitionUsage,
    releases: &BTreeSet<NaiveDate>,
) -> Vec<Problem> {
    let meant = |correction: &Correction| {
        correction.release.as_ref().is_none_or(|wanted| {
            text::parse_date(wanted.get_ref()).is_some_and(|day| releases.contains(&day))
        })
    };
    let unused = definition.corrections.iter().enumerate();
    let unused = unused.filter(|(at, correction)| !usage.corrections.contains_key(at) && meant(correction));
    unused.map(|(at, correction)| no_match(definition, correction, usage.differing.get(&at))).collect()
}

fn no_match(definition: &Definition, correction: &Correction, differing: Option<&Span>) -> Problem {
    let message = format!("the correction of {} no longer matches", correction.key.get_ref());
    let label = if differing.is_some() {
        "was expected"
    } else {
        "was expected, but no document prints a figure there"
    };
    let problem =
        Problem::new(Rule::CorrectionUnmatched, message, definition.span(&correction.expected, label));
    let problem = differing.cloned().into_iter().fold(problem, Problem::with_span);
    problem.help("take the correction out, or make it match what is printed now")
}
