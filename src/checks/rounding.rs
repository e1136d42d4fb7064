//! Rounding: figures that were each rounded to thousands, or to 5, make sums that are a little off, by half a unit for each
//! figure. The definition says the unit of a measure (`rounding`, `multiplier`), or every figure of a table is a multiple of it,
//! beyond chance.
//!
//! Where a definition says neither that nor a tolerance, sums must otherwise be exact. Beyond chance means that chance makes
//! one such table in a billion. The least tolerance that makes the sums true is then published with each check.

use crate::checks::cross_table_sums::CrossTableSum;
use crate::checks::figures::TableFigures;
use crate::checks::sums::{Sum, TableSums};
use crate::dataset::{Definition, Measure};
use crate::grammar::number::format_number;
use crate::normalize::BatchContext;
use crate::problem::{Problem, ProblemList, Rule};

/// The units that offices round to, the largest first.
const UNITS: [i64; 4] = [1000, 100, 10, 5];

/// How many zeros must come together before figures count as rounded: one table in a billion of them looks so by chance.
const SURE: f64 = 12.0;

/// How far the definition says that sums of a table may be off.
#[derive(Clone, Debug, Default)]
pub struct Allowance {
    /// The same for all, where that is said.
    tolerance: Option<i64>,
    /// What the figures of each measure are rounded to, where that is said.
    units: Vec<Option<i64>>,
}

impl Allowance {
    /// What the definition says, and figures that are multiplied show of it: where thousands are printed with a decimal, figures are
    /// rounded to hundreds.
    #[must_use]
    pub fn new(figures: &TableFigures, definition: &Definition) -> Allowance {
        let unit = |(at, measure): (u32, &Measure)| {
            let printed = (measure.multiplier > 1).then(|| printed_unit(figures, at, measure.multiplier));
            measure.rounding_unit().max(printed)
        };
        let units = (0..).zip(&definition.measures).map(unit).collect();
        Allowance { tolerance: definition.tolerance.map(i64::from), units }
    }

    /// What the figures of a measure are rounded to.
    #[must_use]
    pub fn unit(&self, measure: u32) -> Option<i64> {
        self.units.get(measure as usize).copied().flatten()
    }

    /// How far the sum of so many figures of a measure may be off; none where nothing is said.
    #[must_use]
    pub fn of_sum(&self, measure: u32, cells: usize) -> Option<i64> {
        self.tolerance.or_else(|| self.unit(measure).map(|unit| most_difference(unit, cells)))
    }
}

/// The last digit to which figures of a measure are printed: the largest power of ten, up to what they are multiplied by, of which
/// all are multiples.
fn printed_unit(figures: &TableFigures, measure: u32, multiplier: u32) -> i64 {
    let own = figures.values.iter().zip(&figures.measures).filter(|(_, of)| **of == measure);
    own.filter_map(|(value, _)| *value).fold(i64::from(multiplier), |mut unit, value| {
        while value % unit != 0 {
            unit /= 10;
        }
        unit
    })
}

/// Says of each sum how far it may be off: as the definition says, else by the least that makes all sums of the table true,
/// where its figures show that they were rounded.
pub fn set_tolerance(figures: &TableFigures, sums: &mut TableSums) {
    let declared = |sum: &Sum, allowance: &Allowance| {
        allowance.of_sum(figures.measures[sum.at], sum.cells.unsigned_abs() as usize)
    };
    let allowance = sums.allowance.clone();
    let least = least_tolerance(figures, sums.all().filter(|sum| declared(sum, &allowance).is_none()));
    for sum in sums.all_mut() {
        sum.tolerance = declared(sum, &allowance).unwrap_or(least);
    }
}

/// The same for sums over tables, where the definition says it.
pub fn set_tolerance_across(tables: &[TableFigures], sums: &[TableSums], across: &mut [CrossTableSum]) {
    for CrossTableSum { table, sum } in across {
        let measure = tables[*table].measures[sum.at];
        let declared = sums[*table].allowance.of_sum(measure, sum.cells.unsigned_abs() as usize);
        sum.tolerance = declared.unwrap_or(sum.tolerance);
    }
}

/// Reports figures that are no multiples of what the definition says they are rounded to.
pub fn report_unrounded(figures: &TableFigures, context: BatchContext<'_>, problems: &mut Vec<Problem>) {
    let mut found = ProblemList::default();
    for (at, value) in figures.values.iter().enumerate() {
        let measure = &context.definition.measures[figures.measures[at] as usize];
        let Some(unit) = measure.rounding_unit() else { continue };
        if value.is_none_or(|value| value % unit == 0) || found.counts_only(Rule::Rounding) {
            continue;
        }
        let unit = format_number(unit, measure.decimals);
        let message = format!("`{}` is no multiple of {unit}", context.text_at(figures.cells[at]));
        let label = format!("{} are rounded to {unit}", measure.name);
        let problem = Problem::new(Rule::Rounding, message, context.span(figures.cells[at], label));
        found.push(problem.help(UNROUNDED));
    }
    problems.extend(found.take());
}

const UNROUNDED: &str = "a figure known to be misprinted can be corrected in the definition; where figures are not rounded, take `rounding` out of `[measure]`";

/// The least tolerance that makes sums of a table true, where its figures show that they were rounded.
fn least_tolerance<'s>(figures: &TableFigures, sums: impl Iterator<Item = &'s Sum>) -> i64 {
    let mut off = sums.filter(|sum| sum.published.is_some() && sum.difference() != 0).peekable();
    if off.peek().is_none() {
        return 0;
    }
    let unit = rounding_unit(figures.values.iter().flatten().copied());
    let differences = off.map(|sum| (sum.difference().abs(), sum.cells.unsigned_abs() as usize));
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
fn most_difference(unit: i64, cells: usize) -> i64 {
    if unit > 1 { (cells as i64 + 1) * unit / 2 } else { 0 }
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
