//! Sums over tables: a table that prints what all others of its document make together, by the definition or by arithmetic.

use std::collections::BTreeMap;

use crate::dataset::Definition;
use crate::transform::check::CATEGORIES;
use crate::transform::totals::facts::Facts;
use crate::transform::totals::structure::{evidence, is_sure};
use crate::transform::totals::sum::{Lacks, Sum};

/// The sums over tables of all documents: of each column's total and, where all tables have the same regions, of each figure.
pub fn across(totals: &[Sum], facts: &Facts<'_>, definition: &Definition) -> Vec<Sum> {
    let declared: BTreeMap<u32, Vec<u32>> = definition.sums_of_tables().collect();
    let mut sums = Vec::new();
    for document in totals.chunk_by(|a, b| a.table.0 == b.table.0) {
        let tables: Vec<&[Sum]> = document.chunk_by(|a, b| a.table == b.table).collect();
        for whole in &tables {
            let parts: Vec<&[Sum]> = match declared.get(&whole[0].table.1) {
                Some(parts) => {
                    tables.iter().filter(|table| parts.contains(&table[0].table.1)).copied().collect()
                }
                None => tables.iter().filter(|table| table[0].table != whole[0].table).copied().collect(),
            };
            let found = whole.iter().filter_map(|total| of_totals(total, &parts)).collect::<Vec<_>>();
            if declared.contains_key(&whole[0].table.1) || is_whole(&found, whole, tables.len()) {
                sums.extend(of_figures(whole, &parts, facts));
                sums.extend(found);
            }
        }
    }
    sums
}

/// The sum of the totals of several tables for one period; none where one has none.
fn of_totals(whole: &Sum, parts: &[&[Sum]]) -> Option<Sum> {
    let total = |table: &&[Sum]| table.iter().find(|sum| sum.period == whole.period)?.total();
    let totals = parts.iter().map(total).collect::<Option<Vec<i64>>>()?;
    let computed: i128 = totals.iter().map(|total| i128::from(*total)).sum();
    let magnitude = totals.iter().map(|total| u128::from(total.unsigned_abs())).sum();
    let (published, cells) = (whole.total(), totals.len() as i32);
    Some(Sum {
        check: CATEGORIES,
        computed,
        magnitude,
        published,
        cells,
        lacks: Lacks::Nothing,
        region: None,
        ..whole.clone()
    })
}

/// Whether equal sums show that a table is the sum of all others.
fn is_whole(found: &[Sum], whole: &[Sum], tables: usize) -> bool {
    let agree = found.len() == whole.len()
        && found.iter().all(|sum| sum.published.is_some() && sum.difference() == 0);
    tables > 2 && agree && is_sure(evidence(found.iter().map(Sum::computed)), tables)
}

/// The sum of each figure that is no total, where all tables have the same regions.
fn of_figures(whole: &[Sum], parts: &[&[Sum]], facts: &Facts<'_>) -> Vec<Sum> {
    let figures = |table: &[Sum]| -> BTreeMap<(Option<u32>, u32), usize> {
        let own = (0..facts.keys.len())
            .filter(|at| facts.keys[*at].table() == table[0].table && !facts.is_total[*at]);
        own.map(|at| ((facts.keys[at].region(), facts.keys[at].period()), at)).collect()
    };
    let parts: Vec<_> = parts.iter().map(|table| figures(table)).collect();
    let whole = figures(whole);
    if !parts.iter().all(|part| part.keys().eq(whole.keys())) {
        return Vec::new();
    }
    whole
        .iter()
        .map(|(key, at)| Sum::of(facts, CATEGORIES, *at, parts.iter().map(|part| part[key])))
        .collect()
}
