//! Sums that a definition knows not to add up: they stay checks that failed, and are no problem.
//!
//! A discrepancy is no correction, because nothing says which figure is wrong. Once the sum is off by another amount,
//! that is a problem.

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::figures::TableFigures;
use crate::checks::sums::Sum;
use crate::dataset::Definition;
use crate::normalize::NormalizedBatch;

/// The figure of a sum: its codes, its measure and its period.
type FigureKey = (Vec<u32>, u32, u32);

/// How far sums are known to be off, and where the definition says so: the place of the discrepancy, and the period's code.
pub struct KnownDiscrepancies(BTreeMap<FigureKey, (i64, (usize, String))>);

impl KnownDiscrepancies {
    /// What the definition knows of the sums of a batch.
    #[must_use]
    pub fn new(batch: &NormalizedBatch<'_>, definition: &Definition) -> KnownDiscrepancies {
        let mut known = BTreeMap::new();
        for (at, discrepancy) in definition.discrepancies.iter().enumerate() {
            let Some(key) = definition.exception_key(&discrepancy.key) else { continue };
            let codes = batch.codes.iter().zip(&key.codes);
            let codes: Option<Vec<u32>> = codes.map(|(table, code)| table.index(code.as_ref()?)).collect();
            let Some(codes) = codes else { continue };
            for (code, difference) in &discrepancy.differences {
                let Some(period) = batch.periods.index(code.get_ref()) else { continue };
                let difference = definition.units_of(*difference, &key);
                let measure = definition.measure_of(&key) as u32;
                known.insert((codes.clone(), measure, period), (difference, (at, code.get_ref().clone())));
            }
        }
        KnownDiscrepancies(known)
    }

    fn find(&self, table: &TableFigures, sum: &Sum) -> Option<&(usize, String)> {
        if self.0.is_empty() {
            return None;
        }
        let key = (table.codes_at(sum.at), table.measures[sum.at], table.periods[sum.at]);
        self.0.get(&key).filter(|(difference, _)| *difference == sum.difference()).map(|(_, found)| found)
    }

    /// Whether a sum is known to be just so far off.
    #[must_use]
    pub fn has(&self, table: &TableFigures, sum: &Sum) -> bool {
        self.find(table, sum).is_some()
    }

    /// The discrepancies that sums have.
    #[must_use]
    pub fn find_met(&self, sums: &[(&TableFigures, &Sum)]) -> BTreeSet<(usize, String)> {
        sums.iter().filter_map(|(table, sum)| self.find(table, sum)).cloned().collect()
    }
}
