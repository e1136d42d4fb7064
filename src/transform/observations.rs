//! The observations of a batch. What follows from a few figures is computed portion by portion, as they are published, so
//! that a large document takes little more room than its figures.

use anyhow::Result;
use polars::prelude::DataFrame;

use crate::transform::keys::Key;
use crate::transform::periods::Periods;
use crate::transform::star::{Dimension, Star};
use crate::transform::{Context, changes, placed, shares};

/// No portion has more rows, but where those of one region in a table are more.
const MOST_ROWS: usize = 1 << 14;

/// Observations, sorted by key.
#[derive(Debug)]
pub struct Observations {
    /// The figures with their totals and ranks, and indices into the dimensions.
    pub facts: DataFrame,
    pub(super) keys: Vec<Key>,
    pub(super) periods: Periods,
    pub(super) dimensions: Vec<Dimension>,
}

impl Observations {
    /// The observations in portions, with the columns of [`crate::columns`]; one that is empty where there are none.
    ///
    /// # Errors
    /// Only where polars refuses an expression.
    pub fn portions(&self, context: Context<'_>) -> impl Iterator<Item = Result<Star>> {
        let mut start = Some(0);
        std::iter::from_fn(move || {
            let from = start?;
            let to = self.end_of_portion(from);
            start = (to < self.keys.len()).then_some(to);
            Some(self.portion(from, to, context))
        })
    }

    /// All observations at once.
    ///
    /// # Errors
    /// As [`Observations::portions`].
    pub fn whole(&self, context: Context<'_>) -> Result<Star> {
        self.portion(0, self.keys.len(), context)
    }

    /// Where a portion ends: behind the last figure of a region, which is compared with the others of that region only.
    fn end_of_portion(&self, from: usize) -> usize {
        let parts = |at: &usize| !Key::same_region(&self.keys[*at - 1], &self.keys[*at]);
        let (most, all) = ((from + MOST_ROWS).min(self.keys.len()), self.keys.len());
        if most == all {
            return all;
        }
        (from + 1..=most).rev().find(parts).or_else(|| (most..all).find(parts)).unwrap_or(all)
    }

    fn portion(&self, from: usize, to: usize, context: Context<'_>) -> Result<Star> {
        let facts = self.facts.slice(from as i64, to - from);
        let facts = shares::computed(facts)?;
        let measure = &context.definition.measure;
        let facts = changes::compared(facts, &self.keys[from..to], &self.periods, measure)?;
        placed(facts, &self.dimensions, context)
    }
}
