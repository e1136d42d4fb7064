//! To which sum a row belongs, and to which of the columns that are added up.

use anyhow::Result;
use polars::prelude::*;

use crate::dataset::{CodeKind, Definition, Measure};
use crate::normalize::codes::{CodeTable, UNKNOWN, enum_indices};
use crate::normalize::{NormalizedBatch, ids};

/// What a row of `bounds` is for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SumKey {
    /// The release.
    pub release: u32,
    /// The codes of the dimensions that are kept apart; in that of shares the total, until a code takes its place.
    pub codes: Vec<u32>,
    /// The measure.
    pub measure: u32,
    /// The period.
    pub period: u32,
}

/// The key columns of a frame.
pub struct RowKeys<'f> {
    releases: &'f [u32],
    measures: &'f [u32],
    periods: Vec<u32>,
    codes: Vec<Vec<u32>>,
    tables: &'f [CodeTable<'f>],
    /// The dimensions that are kept apart, and those that are added up across.
    kept: Vec<usize>,
    summed: Vec<usize>,
    share: usize,
    /// For each measure, whether its figures have bounds.
    has_bounds: Vec<bool>,
}

impl<'f> RowKeys<'f> {
    pub fn new(
        frame: &'f DataFrame,
        share: usize,
        batch: &'f NormalizedBatch<'f>,
        definition: &Definition,
    ) -> Result<RowKeys<'f>> {
        let kept = definition.bounded_dimensions();
        Ok(RowKeys {
            releases: ids(frame, "release")?,
            measures: ids(frame, "measure")?,
            periods: enum_indices(frame, "period")?,
            codes: batch.code_columns(frame)?,
            tables: &batch.codes,
            summed: (0..batch.codes.len()).filter(|at| !kept.contains(at)).collect(),
            kept,
            share,
            has_bounds: definition.measures.iter().map(Measure::has_bounds).collect(),
        })
    }

    /// The sum, the codes that tell its columns apart, and the code of the dimension of shares. None where the row is not added
    /// up: its measure has no bounds, or it is a total or group across tables, which would count figures twice.
    pub fn get(&self, at: usize) -> Option<(SumKey, Vec<u32>, u32)> {
        let code = |dimension: usize| self.codes[dimension][at];
        let is_part = |dimension: &usize| {
            let (table, code) = (&self.tables[*dimension], code(*dimension));
            code != UNKNOWN && !table.is(code, CodeKind::Total) && !table.is(code, CodeKind::Group)
        };
        let is_counted = self.has_bounds[self.measures[at] as usize] && self.summed.iter().all(is_part);
        let total = self.tables[self.share].total().filter(|_| is_counted)?;
        let kept = |dimension: &usize| if *dimension == self.share { total } else { code(*dimension) };
        let key = SumKey {
            release: self.releases[at],
            codes: self.kept.iter().map(kept).collect(),
            measure: self.measures[at],
            period: self.periods[at],
        };
        Some((key, self.summed.iter().map(|at| code(*at)).collect(), code(self.share)))
    }
}
