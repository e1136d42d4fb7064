//! How many there are in all categories together, where some list a region and others hold it among their others: ranges, and
//! points where both ends meet. They are published as a table of their own.

use std::collections::BTreeMap;

use anyhow::{Context, Result};

use crate::dataset::Definition;
use crate::page::Newest;
use crate::page::chart::{self, Svg};
use crate::page::columns::Columns;
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

/// The most periods that are shown: the newest ones.
const MOST_PERIODS: usize = 2;

impl Bounds {
    /// The published bounds of the newest release, of the periods that end last; nothing where it has none.
    ///
    /// # Errors
    /// Where the rows lack a column, which only a mistake in bluebook can cause.
    pub fn read(newest: &Newest, definition: &Definition) -> Result<Option<Bounds>> {
        let Some(share) = definition.share_dimension().map(|at| &definition.dimensions[at]) else {
            return Ok(None);
        };
        let name = format!("{}_name", share.name());
        let mut periods: BTreeMap<String, PeriodBounds> = BTreeMap::new();
        for rows in newest.rows("bounds") {
            for row in Columns::read(rows)?.rows() {
                let label = row.find_text("period").context("bounds have a period")?.to_owned();
                let begin = || PeriodBounds { label: label.clone(), rows: Vec::new() };
                periods.entry(label.clone()).or_insert_with(begin).rows.push(Bound {
                    name: row.find_text(&name).unwrap_or_default().to_owned(),
                    lower: row.find_number("lower").context("bounds have a lower end")?,
                    upper: row.find_number("upper"),
                });
            }
        }
        let skipped = periods.len().saturating_sub(MOST_PERIODS);
        let periods: Vec<PeriodBounds> = periods.into_values().skip(skipped).map(largest_first).collect();
        let title = format!("All tables together, by {}", share.meaning);
        Ok((!periods.is_empty()).then_some(Bounds { title, decimals: definition.decimals(), periods }))
    }
}

fn largest_first(mut period: PeriodBounds) -> PeriodBounds {
    period.rows.sort_by(|one, other| other.lower.total_cmp(&one.lower));
    period
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
