//! Rounding: figures that were each rounded to thousands, or to 5, make sums that are a little off. Where every figure of
//! a table is a multiple of such a unit, beyond chance, a sum may be off by half a unit for each figure in it.
//!
//! Where a definition names no tolerance, sums must otherwise be exact. Beyond chance means that chance makes one such
//! table in a billion. The least tolerance that makes the sums true is published with each check.

use crate::checks::figures::TableFigures;
use crate::checks::sums::{Sum, TableSums};
use crate::dataset::Definition;

/// The units that offices round to, the largest first.
const UNITS: [i64; 4] = [1000, 100, 10, 5];

/// How many zeros must come together before figures count as rounded: one table in a billion of them looks so by chance.
const SURE: f64 = 12.0;

/// Says of each sum how far it may be off: as the definition says, else by the least that makes all sums of the table true,
/// where its figures show that they were rounded.
pub fn set_tolerance(figures: &TableFigures, sums: &mut TableSums, definition: &Definition) {
    let tolerance = match definition.tolerance {
        Some(tolerance) => i64::from(tolerance),
        None => least_tolerance(figures, sums),
    };
    sums.all_mut().for_each(|sum| sum.tolerance = tolerance);
}

fn least_tolerance(figures: &TableFigures, sums: &TableSums) -> i64 {
    let is_off = |sum: &&Sum| sum.published.is_some() && sum.difference() != 0;
    let mut off = sums.all().filter(is_off).peekable();
    if off.peek().is_none() {
        return 0;
    }
    let unit = rounding_unit(figures.values.iter().flatten().copied());
    let differences = off.map(|sum| (sum.difference().abs(), sum.cells));
    let allowed = differences.filter(|(difference, cells)| *difference <= most_difference(unit, *cells));
    allowed.map(|(difference, _)| difference).max().unwrap_or_default()
}

/// The unit that figures are rounded to; 1 where nothing shows that they are.
fn rounding_unit(figures: impl Iterator<Item = i64> + Clone) -> i64 {
    let figures = figures.filter(|figure| *figure != 0);
    let is_unit = |unit: &i64| {
        let all = figures.clone().all(|figure| figure % unit == 0);
        all && figures.clone().count() as f64 * (*unit as f64).log10() >= SURE
    };
    UNITS.into_iter().find(is_unit).unwrap_or(1)
}

/// How far the sum of so many figures may be from its total, each of them and the total rounded to a unit.
fn most_difference(unit: i64, cells: i32) -> i64 {
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
            assert_eq!(rounding_unit(figures.iter().copied()), expected, "{figures:?}");
        }
    }

    #[test]
    fn a_sum_is_off_by_half_a_unit_for_each_figure_at_most_difference() {
        assert_eq!((most_difference(1, 9), most_difference(5, 1), most_difference(1000, 3)), (0, 5, 2000));
    }
}
