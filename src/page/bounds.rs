//! How many there are in all categories together, where some list a region and others hold it among their others: ranges, and
//! points where both ends meet. The two ends come from whoever knows all categories.

use crate::page::chart::{self, Svg};
use crate::page::words;

/// What there is in all categories together.
#[derive(Clone, Debug, Default)]
pub struct Bounds {
    /// What is bounded, in words: `applications approved under all schemes, by region`.
    pub title: String,
    /// The decimals of the figures.
    pub decimals: u32,
    /// The periods, in order.
    pub periods: Vec<PeriodBounds>,
}

/// The bounds of a period.
#[derive(Clone, Debug, Default)]
pub struct PeriodBounds {
    /// The period as it is printed.
    pub label: String,
    /// What is bounded, in the order in which it is to stand.
    pub rows: Vec<Bound>,
}

/// The least and the most that a figure can be.
#[derive(Clone, Debug, Default)]
pub struct Bound {
    /// What it is of: `Canada`.
    pub name: String,
    /// The least.
    pub lower: f64,
    /// The most; none where nothing bounds it.
    pub upper: Option<f64>,
}

/// Bounds as the template shows them.
pub struct Shown<'a> {
    pub title: &'a str,
    /// The newest period first.
    pub periods: Vec<ShownPeriod<'a>>,
}

/// A period of it.
pub struct ShownPeriod<'a> {
    pub label: &'a str,
    pub rows: Vec<ShownBound<'a>>,
}

/// A bound in words, and as a chart.
pub struct ShownBound<'a> {
    pub name: &'a str,
    pub words: String,
    pub chart: Svg,
}

impl<'a> Shown<'a> {
    pub fn new(bounds: &'a Bounds) -> Shown<'a> {
        let period = |of: &'a PeriodBounds| {
            let most = of.rows.iter().map(|row| row.upper.unwrap_or(row.lower)).fold(0.0, f64::max);
            let rows = of.rows.iter().map(|row| ShownBound::new(row, most, bounds.decimals));
            ShownPeriod { label: &of.label, rows: rows.collect() }
        };
        Shown { title: &bounds.title, periods: bounds.periods.iter().rev().map(period).collect() }
    }
}

impl<'a> ShownBound<'a> {
    fn new(bound: &'a Bound, most: f64, decimals: u32) -> ShownBound<'a> {
        let lower = words::figure(bound.lower, decimals);
        let said = match bound.upper {
            Some(upper) if upper <= bound.lower => format!("exactly {lower}"),
            Some(upper) => format!("{lower} to {}", words::figure(upper, decimals)),
            None => format!("at least {lower}"),
        };
        let chart = chart::range(bound.lower, bound.upper, most, &said);
        ShownBound { name: &bound.name, words: said, chart }
    }
}
