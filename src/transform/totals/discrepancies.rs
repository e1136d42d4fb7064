//! Sums that a definition knows not to add up: they stay checks that failed, and are no problem.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use polars::prelude::*;

use crate::transform::periods::Periods;
use crate::transform::regions::Regions;
use crate::transform::totals::sum::Sum;
use crate::transform::{Context, ids};

/// The figure of a sum: its category's rank, its region, and its period.
type Figure = (u32, u32, u32);

/// How far sums are known to be off, and where the definition says so: the place of the discrepancy, and the period's code.
pub struct Known(BTreeMap<Figure, (i64, (usize, String))>);

impl Known {
    /// What the definition knows of the sums of a batch.
    pub fn of(regions: &Regions, periods: &Periods, context: Context<'_>) -> Known {
        let definition = context.definition;
        let mut known = BTreeMap::new();
        for (at, discrepancy) in definition.discrepancies.iter().enumerate() {
            let category = definition.category(discrepancy.category.get_ref());
            let region = regions.index(discrepancy.region.get_ref());
            let Some((category, region)) = category.zip(region) else { continue };
            for (code, difference) in &discrepancy.differences {
                let Some(period) = periods.index(code.get_ref()) else { continue };
                let told = (definition.difference(*difference), (at, code.get_ref().clone()));
                known.insert((category.rank, region, period), told);
            }
        }
        Known(known)
    }

    /// Whether a sum is known to be just so far off.
    pub fn has(&self, sum: &Sum, total: u32) -> bool {
        let figure = (sum.table.1, sum.region.unwrap_or(total), sum.period);
        self.0.get(&figure).is_some_and(|(difference, _)| *difference == sum.difference())
    }

    /// The discrepancies that the checks of a batch have.
    pub fn met(&self, checks: &DataFrame) -> Result<BTreeSet<(usize, String)>> {
        let mut met = BTreeSet::new();
        if self.0.is_empty() {
            return Ok(met);
        }
        let figures = ids(checks, "category")?.iter().zip(ids(checks, "region")?).zip(ids(checks, "period")?);
        for (((category, region), period), difference) in
            figures.zip(checks.column("difference")?.i64()?.iter())
        {
            let known = self.0.get(&(*category, *region, *period));
            met.extend(known.filter(|known| Some(known.0) == difference).map(|known| known.1.clone()));
        }
        Ok(met)
    }
}
