//! How many there are in all categories together, where some list a region and others hold it among their others: ranges, and
//! points where both ends meet. They are published as a table of their own.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;

use crate::dataset::{Definition, Dimension};
use crate::grammar::period::Period;
use crate::page::Newest;
use crate::page::chart::{self, Svg};
use crate::page::columns::{Columns, Row};
use crate::page::words;

/// What there is in all categories together.
pub struct Bounds {
    /// What is bounded, in words: `All tables together, by region`.
    pub title: String,
    /// The newest period first.
    pub periods: Vec<PeriodBounds>,
}

/// The bounds of a period.
pub struct PeriodBounds {
    /// Its words, behind the measure where there are several.
    pub label: String,
    /// The largest first.
    pub rows: Vec<Bound>,
}

/// A bound in words, and as a chart.
pub struct Bound {
    pub name: String,
    pub words: String,
    pub chart: Svg,
}

/// The least and the most that a figure can be.
struct Range {
    name: String,
    lower: f64,
    /// None where nothing bounds it.
    upper: Option<f64>,
}

/// What is bounded, by its period, the newest first, and the place of its measure.
type Ranges = BTreeMap<(Reverse<Period>, usize), Vec<Range>>;

/// The most periods that are shown: the newest ones.
const MOST_PERIODS: usize = 2;

impl Bounds {
    /// The published bounds of the newest release, of its newest periods; nothing where it has none.
    ///
    /// # Errors
    /// Where the rows lack a column, which only a mistake in bluebook can cause.
    pub fn read(newest: &Newest, definition: &Definition) -> Result<Option<Bounds>> {
        let ranges = read_ranges(newest, definition)?;
        let periods: BTreeSet<Reverse<Period>> = ranges.keys().map(|(period, _)| *period).collect();
        let Some(oldest) = periods.into_iter().take(MOST_PERIODS).next_back() else { return Ok(None) };
        let shown = ranges.into_iter().filter(|((period, _), _)| *period <= oldest);
        let periods = shown.map(|((Reverse(period), measure), ranges)| {
            PeriodBounds::new(&period.words(), measure, ranges, definition)
        });
        Ok(Some(Bounds { title: title(definition), periods: periods.collect() }))
    }
}

fn title(definition: &Definition) -> String {
    let meanings = dimensions(definition).map(|dimension| dimension.meaning.as_str());
    format!("All tables together, by {}", meanings.collect::<Vec<_>>().join(" and "))
}

/// The dimensions that figures are bounded along.
fn dimensions(definition: &Definition) -> impl Iterator<Item = &Dimension> {
    definition.bounded_dimensions().into_iter().map(|at| &definition.dimensions[at])
}

fn read_ranges(newest: &Newest, definition: &Definition) -> Result<Ranges> {
    let names: Vec<String> = dimensions(definition).map(|of| format!("{}_name", of.name())).collect();
    let mut ranges = Ranges::new();
    for rows in newest.rows("bounds") {
        for row in Columns::read(rows)?.rows() {
            let key = (Reverse(row.period()?), row.measure(definition)?);
            ranges.entry(key).or_default().push(Range::read(row, &names)?);
        }
    }
    Ok(ranges)
}

impl Range {
    fn read(row: Row<'_>, names: &[String]) -> Result<Range> {
        let names = names.iter().map(|name| row.text(name)).collect::<Result<Vec<_>>>()?;
        Ok(Range { name: names.join(", "), lower: row.number("lower")?, upper: row.find_number("upper") })
    }
}

impl PeriodBounds {
    fn new(period: &str, measure: usize, mut ranges: Vec<Range>, definition: &Definition) -> PeriodBounds {
        ranges.sort_by(|one, other| other.lower.total_cmp(&one.lower));
        let most = ranges.iter().map(|of| of.upper.unwrap_or(of.lower)).fold(0.0, f64::max);
        let measure = &definition.measures[measure];
        let name = definition.has_measures().then_some(measure.name.as_str());
        PeriodBounds {
            label: name.into_iter().chain([period]).collect::<Vec<_>>().join(", "),
            rows: ranges.into_iter().map(|range| Bound::new(range, most, measure.decimals)).collect(),
        }
    }
}

impl Bound {
    fn new(range: Range, most: f64, decimals: u32) -> Bound {
        let lower = words::figure(range.lower, decimals);
        let words = match range.upper {
            Some(upper) if upper <= range.lower => format!("exactly {lower}"),
            Some(upper) => format!("{lower} to {}", words::figure(upper, decimals)),
            None => format!("at least {lower}"),
        };
        let chart = chart::range(range.lower, range.upper, most, &words);
        Bound { name: range.name, words, chart }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_is_told_as_a_range_a_point_or_what_it_is_at_least() {
        let told = |lower, upper| Bound::new(Range { name: "Japan".into(), lower, upper }, 9000.0, 0).words;
        assert_eq!(told(1650.0, Some(2649.0)), "1 650 to 2 649");
        assert_eq!(told(3689.0, Some(3689.0)), "exactly 3 689");
        assert_eq!(told(3689.0, None), "at least 3 689");
    }
}
