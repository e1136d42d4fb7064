//! Rounding: figures that were each rounded to thousands, or to 5, make sums that are a little off. Where every figure of
//! a table is a multiple of such a unit, beyond chance, a sum may be off by half a unit for each figure in it.

use std::collections::BTreeMap;

use crate::dataset::Definition;
use crate::transform::TableOf;
use crate::transform::keys::Key;
use crate::transform::totals::facts::Facts;
use crate::transform::totals::sum::Sum;

/// The units that offices round to, the largest first.
const UNITS: [i64; 4] = [1000, 100, 10, 5];

/// How many zeros must come together before figures count as rounded: one table in a billion of them looks so by chance.
const SURE: f64 = 12.0;

/// Says of each sum how far it may be off: as the definition says, else by the least that makes all sums of a table true,
/// where its figures show that they were rounded.
pub fn tolerate(totals: &mut [Sum], subtotals: &mut [Sum], facts: &Facts<'_>, definition: &Definition) {
    let sums = || totals.iter().chain(&*subtotals);
    if let Some(tolerance) = definition.tolerance {
        totals.iter_mut().chain(subtotals).for_each(|sum| sum.tolerance = i64::from(tolerance));
        return;
    }
    let off = |sum: &&Sum| sum.published.is_some() && sum.difference() != 0;
    if !sums().any(|sum| off(&sum)) {
        return;
    }
    let units = units(facts);
    let mut least: BTreeMap<TableOf, i64> = BTreeMap::new();
    for sum in sums().filter(off) {
        let difference = sum.difference().abs();
        if difference <= most(units.get(&sum.table).copied().unwrap_or(1), sum.cells) {
            let known = least.entry(sum.table).or_default();
            *known = difference.max(*known);
        }
    }
    for sum in totals.iter_mut().chain(subtotals) {
        sum.tolerance = least.get(&sum.table).copied().unwrap_or_default();
    }
}

/// The unit that the figures of each table are rounded to.
fn units(facts: &Facts<'_>) -> BTreeMap<TableOf, i64> {
    let mut units = BTreeMap::new();
    let mut start = 0;
    for table in facts.keys.chunk_by(Key::same_table) {
        let figures = &facts.values[start..start + table.len()];
        units.insert(table[0].table(), unit(figures.iter().flatten().copied()));
        start += table.len();
    }
    units
}

/// The unit that figures are rounded to; 1 where nothing shows that they are.
fn unit(figures: impl Iterator<Item = i64> + Clone) -> i64 {
    let figures = figures.filter(|figure| *figure != 0);
    let is_unit = |unit: &i64| {
        let all = figures.clone().all(|figure| figure % unit == 0);
        all && figures.clone().count() as f64 * (*unit as f64).log10() >= SURE
    };
    UNITS.into_iter().find(is_unit).unwrap_or(1)
}

/// How far the sum of so many figures may be from its total, each of them and the total rounded to a unit.
fn most(unit: i64, cells: i32) -> i64 {
    if unit > 1 { (i64::from(cells) + 1) * unit / 2 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_found_only_where_chance_would_not_make_it() {
        let cases: [(&[i64], i64); 7] = [
            (&[1000, 23_000, 0, 4000, 7000], 1000),
            (&[1000, 23_000, 0, 4000], 1),
            (&[1200, 23_000, 4100, 700, 800, 9900], 100),
            (&[5, 10, 15], 1),
            (&[10, 20, 30, 40, 50, 70], 1),
            (&[], 1),
            (&[0, 0, 0, 0, 0, 0, 0, 0, 0], 1),
        ];
        for (figures, expected) in cases {
            assert_eq!(unit(figures.iter().copied()), expected, "{figures:?}");
        }
    }

    #[test]
    fn a_sum_is_off_by_half_a_unit_for_each_figure_at_most() {
        assert_eq!((most(1, 9), most(5, 1), most(1000, 3)), (0, 5, 2000));
    }
}
