//! What is printed beside figures and follows from them: changes, percentages, totals over periods. Each is held against
//! its figures and must be what they round to.
//!
//! A growth whose earlier figure is not printed still tells between which bounds that lies: those of a table's rows must be
//! able to make that of its total. What nothing can check is said so, and is no check.

mod bounds;
mod check;

use std::collections::BTreeMap;

use anyhow::Result;
use polars::prelude::*;

use crate::extract::observations::{Claim, Claimed};
use crate::grammar::indicator::Indicator;
use crate::grammar::number::format_number;
use crate::problem::{Kind, Problem};
use crate::regions::TOTAL;
use crate::text::format_count;
use crate::transform::check::CHECKS;
use crate::transform::keys::Key;
use crate::transform::periods::Periods;
use crate::transform::regions::Regions;
use crate::transform::{Context, Spot, TableOf};
use bounds::{Earlier, Ratio, scale, verdict};
use check::{Check, joined, words};

/// What claims are held against.
#[derive(Clone, Copy)]
pub struct Against<'f> {
    /// The observations' keys, in order, and their values.
    pub keys: &'f [Key],
    /// See `keys`.
    pub values: &'f Int64Chunked,
    /// The periods of the batch.
    pub periods: &'f Periods,
    /// Its regions.
    pub regions: &'f Regions,
    /// The batch.
    pub context: Context<'f>,
}

/// Adds a row for each claim that was checked to the checks of totals.
pub fn checked(
    sums: DataFrame,
    (claims, claimed): (&[Claim], &[Claimed]),
    against: Against<'_>,
    problems: &mut Vec<Problem>,
) -> Result<DataFrame> {
    let stated: Vec<Stated<'_>> = claims.iter().filter_map(|claim| against.stated(claim, claimed)).collect();
    if stated.is_empty() {
        return Ok(sums);
    }
    let mut checks = Vec::with_capacity(stated.len());
    let mut open: BTreeMap<(TableOf, u32), Vec<&Stated<'_>>> = BTreeMap::new();
    for stated in &stated {
        match against.direct(stated) {
            Some(check) => checks.push(check),
            None => open.entry((stated.table, stated.claim.claimed)).or_default().push(stated),
        }
    }
    for column in open.values() {
        match against.growth(column) {
            Some(check) => checks.push(check),
            None => problems.extend(unchecked(column, against.context)),
        }
    }
    problems
        .extend(checks.iter().filter(|check| !check.passed()).map(|check| check.problem(against.context)));
    joined(sums, &checks)
}

/// A claim, and what it is of.
struct Stated<'c> {
    claim: &'c Claim,
    indicator: Indicator,
    table: TableOf,
    region: u32,
    /// The periods whose figures it follows from; it is for the last.
    periods: Vec<u32>,
    period: u32,
    heading: u32,
}

impl Stated<'_> {
    fn spot(&self) -> Spot {
        let (grid, row, column) = self.claim.place;
        Spot { document: self.claim.document, grid, row, column }
    }
}

/// What figures make of a claim: between which bounds it lies, in words, and how many figures they are.
struct Made {
    range: (Ratio, Ratio),
    said: String,
    cells: usize,
}

impl Against<'_> {
    /// What a claim is of; none where its table was not understood, or its region is unknown, which was reported.
    fn stated<'c>(&self, claim: &'c Claim, claimed: &[Claimed]) -> Option<Stated<'c>> {
        let table = (claim.document, claim.category);
        let of = claimed.get(claim.claimed as usize)?;
        let heading = *of.headings.last()?;
        let periods: Vec<u32> =
            of.headings.iter().map(|heading| self.periods.of_heading(*heading)).collect::<Option<_>>()?;
        let region = self.regions.of(claim.label, claim.category)?;
        let period = *periods.last()?;
        let stated = Stated { claim, indicator: of.indicator, table, region, periods, period, heading };
        (!self.context.damaged.contains(&table)).then_some(stated)
    }

    fn figure(&self, table: TableOf, region: u32, period: u32) -> Option<i64> {
        let at = self.keys.binary_search(&Key::new(table, Some(region), period)).ok()?;
        self.values.get(at)
    }

    /// Holds a claim against printed figures; none where one of them is not there.
    fn direct(&self, stated: &Stated<'_>) -> Option<Check> {
        let figure = |period: &u32| self.figure(stated.table, stated.region, *period);
        let figures: Vec<i64> = stated.periods.iter().map(figure).collect::<Option<_>>()?;
        let made = match (stated.indicator, figures.as_slice()) {
            (Indicator::Change | Indicator::RelativeChange | Indicator::Growth, [before, after]) => {
                self.change(stated, *before, *after)
            }
            (Indicator::Share, [part]) => {
                let total = self.figure(stated.table, self.regions.index(TOTAL)?, stated.period)?;
                self.share(stated, *part, total)
            }
            (Indicator::Total, figures) => {
                let sum = Ratio::of(figures.iter().map(|figure| i128::from(*figure)).sum(), 1)?;
                let said = format!("its {} make", format_count(figures.len(), "period"));
                Some(Made { range: (sum, sum), said, cells: figures.len() })
            }
            _ => None,
        };
        Some(self.check(stated, &made?))
    }

    fn change(&self, stated: &Stated<'_>, before: i64, after: i64) -> Option<Made> {
        let change = i128::from(after) - i128::from(before);
        let made = if stated.indicator.is_percent() {
            Ratio::of(scale(stated.claim.printed.decimals) * change, i128::from(before))?
        } else {
            Ratio::of(change, 1)?
        };
        let said = format!("{} → {} is", self.shown(before), self.shown(after));
        Some(Made { range: (made, made), said, cells: 2 })
    }

    fn share(&self, stated: &Stated<'_>, part: i64, total: i64) -> Option<Made> {
        let whole = scale(stated.claim.printed.decimals);
        let made = Ratio::of(whole * i128::from(part), i128::from(total))?;
        let said = format!("{} of {} is", self.shown(part), self.shown(total));
        Some(Made { range: (made, made), said, cells: 2 })
    }

    fn shown(&self, figure: i64) -> String {
        format_number(figure, self.context.definition.measure.decimals)
    }

    /// Holds the growth of a column's total against that of its rows, whose earlier figures are not printed: what is printed of
    /// them bounds these. None where the rows that add up to the total do not all have one.
    fn growth(&self, column: &[&Stated<'_>]) -> Option<Check> {
        let region = self.regions.index(TOTAL)?;
        let is_growth =
            |stated: &&&Stated<'_>| stated.region == region && stated.indicator == Indicator::Growth;
        let total = column.iter().find(is_growth)?;
        let of_region: BTreeMap<u32, &Stated<'_>> =
            column.iter().map(|stated| (stated.region, *stated)).collect();
        let parts = self.parts(total);
        let earlier = parts.iter().try_fold(Earlier::default(), |earlier, part| {
            let figure = self.figure(total.table, *part, total.period)?;
            earlier.with(figure, of_region.get(part)?.claim.printed)
        })?;
        if earlier.later != i128::from(self.figure(total.table, region, total.period)?) {
            return None;
        }
        let range = earlier.growth(total.claim.printed.decimals)?;
        let said = format!("the growth of its {} makes", format_count(parts.len(), "row"));
        Some(self.check(total, &Made { range, said, cells: parts.len() + 1 }))
    }

    /// The regions whose rows make the total of a column: not those that a group among them holds.
    fn parts(&self, total: &Stated<'_>) -> Vec<u32> {
        let first = self.keys.partition_point(|key| key.table() < total.table);
        let table = self.keys.iter().skip(first).take_while(|key| key.table() == total.table);
        let column = table.filter(|key| key.period() == total.period);
        let regions: Vec<u32> =
            column.filter_map(|key| key.region()).filter(|region| *region != total.region).collect();
        let held = |region: &u32| regions.iter().any(|group| self.regions.holds(*group, *region));
        regions.iter().copied().filter(|region| !held(region)).collect()
    }

    /// What is printed against what figures make, which lies between two bounds.
    fn check(&self, stated: &Stated<'_>, made: &Made) -> Check {
        let printed = stated.claim.printed;
        let decimals = self.context.definition.measure.decimals;
        let percent = stated.indicator.is_percent().then_some(printed.decimals);
        let (published, computed, mut tolerance) = verdict(printed, made.range);
        if stated.indicator == Indicator::Total {
            tolerance += i128::from(self.context.definition.tolerance.unwrap_or_default());
        }
        // Published figures are divided by the unit of the measure's last decimal; percentages are not of the measure.
        let scale = if percent.is_some() { 10i128.pow(decimals) } else { 1 };
        let kept = |value: i128| i64::try_from(value.saturating_mul(scale)).unwrap_or(i64::MAX / 2);
        Check {
            table: stated.table,
            kind: check_of(stated.indicator),
            period: stated.period,
            heading: stated.heading,
            region: stated.region,
            percent,
            published: kept(published),
            computed: kept(computed),
            tolerance: kept(tolerance),
            cells: made.cells as i32,
            spot: stated.spot(),
            made: format!("{} {}", made.said, words(made.range, percent, decimals)),
        }
    }
}

/// The index of an indicator's check.
fn check_of(indicator: Indicator) -> u32 {
    let name = if indicator == Indicator::Total { "periods" } else { indicator.name() };
    CHECKS.iter().position(|check| *check == name).unwrap_or_default() as u32
}

/// A column of claims that nothing can check.
fn unchecked(column: &[&Stated<'_>], context: Context<'_>) -> Option<Problem> {
    let first = column.first()?;
    let message = format!(
        "nothing checks {} of a {}",
        format_count(column.len(), "printed figure"),
        first.indicator.name()
    );
    let mark = context.mark(first.spot(), "the first of them");
    let help = "a figure that it follows from is missing, or zero, or the rows don't make the total; where that is so by nature, say `\"…\" = \"ignored\"` of the heading, under `[columns]` in the definition";
    Some(Problem::data("unchecked", message, mark).of_kind(Kind::Warning).help(help))
}
