//! What is printed beside figures and follows from them: changes, percentages, totals over periods. Each is held against
//! its figures and must be what they round to.
//!
//! A growth whose earlier figure is not printed still tells between which bounds that lies: those of a table's rows must be
//! able to make that of its total. What nothing can check is said so, and is no check.

use std::collections::BTreeMap;

use anyhow::Result;
use polars::prelude::*;

use super::keys::Key;
use super::periods::Periods;
use super::regions::Regions;
use super::{CHECKS, Context, Spot, TableOf, ids};
use crate::extract::figure::Printed;
use crate::extract::number::shown;
use crate::extract::observations::{Claim, Claimed, count};
use crate::extract::tables::indicator::Indicator;
use crate::problem::{Kind, Problem};
use crate::regions::TOTAL;

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

    /// How many of the units in which it is printed make the whole.
    fn scale(&self) -> i128 {
        100 * 10i128.pow(self.claim.printed.decimals)
    }
}

/// A fraction; the denominator is above zero.
#[derive(Clone, Copy)]
struct Ratio(i128, i128);

impl Ratio {
    fn of(numerator: i128, denominator: i128) -> Option<Ratio> {
        let sign = denominator.signum();
        (sign != 0).then_some(Ratio(numerator * sign, denominator * sign))
    }

    /// The least and the greatest integer to which it rounds: two where it lies half-way.
    fn rounded(self) -> (i128, i128) {
        let (twice, den) = (2 * self.0, self.1);
        (-(den - twice).div_euclid(2 * den), (twice + den).div_euclid(2 * den))
    }

    fn value(self) -> f64 {
        self.0 as f64 / self.1 as f64
    }
}

/// A claim that was held against figures.
struct Check {
    table: TableOf,
    kind: u32,
    period: u32,
    heading: u32,
    region: u32,
    /// The decimals of its percentage; none where it is in the measure's unit.
    percent: Option<u32>,
    published: i64,
    computed: i64,
    tolerance: i64,
    cells: i32,
    spot: Spot,
    /// What the figures make, in words.
    made: String,
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
        let wide = |value: i64| i128::from(value);
        let decimals = self.context.definition.measure.decimals;
        let shown = |value: i64| shown(value, decimals);
        let (made, said, cells) = match (stated.indicator, figures.as_slice()) {
            (Indicator::Change, [before, after]) => (
                Ratio::of(wide(*after) - wide(*before), 1)?,
                format!("{} → {} is", shown(*before), shown(*after)),
                2,
            ),
            (Indicator::RelativeChange | Indicator::Growth, [before, after]) => {
                let change = stated.scale() * (wide(*after) - wide(*before));
                (Ratio::of(change, wide(*before))?, format!("{} → {} is", shown(*before), shown(*after)), 2)
            }
            (Indicator::Share, [part]) => {
                let total = self.figure(stated.table, self.regions.index(TOTAL)?, stated.period)?;
                let share = Ratio::of(stated.scale() * wide(*part), wide(total))?;
                (share, format!("{} of {} is", shown(*part), shown(total)), 2)
            }
            (Indicator::Total, figures) => {
                let sum = figures.iter().map(|figure| wide(*figure)).sum();
                (Ratio::of(sum, 1)?, format!("its {} make", count(figures.len(), "period")), figures.len())
            }
            _ => return None,
        };
        Some(self.check(stated, (made, made), &said, cells))
    }

    /// Holds the growth of a column's total against that of its rows, whose earlier figures are not printed: what is printed of
    /// them bounds these. None where the rows that add up to the total do not all have one.
    fn growth(&self, column: &[&Stated<'_>]) -> Option<Check> {
        let total_region = self.regions.index(TOTAL)?;
        let total = column
            .iter()
            .find(|stated| stated.region == total_region && stated.indicator == Indicator::Growth)?;
        let figure = self.figure(total.table, total_region, total.period)?;
        let of_region: BTreeMap<u32, &Stated<'_>> =
            column.iter().map(|stated| (stated.region, *stated)).collect();
        let (mut sum, mut least, mut most) = (0i128, 0i128, 0i128);
        let parts = self.parts(total, total_region);
        for (region, value) in &parts {
            let (low, high) = earlier((*value)?, of_region.get(region)?)?;
            (sum, least, most) =
                (sum + i128::from((*value)?), least.checked_add(low)?, most.checked_add(high)?);
        }
        if sum != i128::from(figure) || least <= 0 {
            return None;
        }
        let grown = |before: i128| {
            let fine = i128::from(figure) * FINER;
            Ratio::of(total.scale().checked_mul(fine - before)?, before)
        };
        let range = (grown(most)?, grown(least)?);
        let said = format!("the growth of its {} makes", count(parts.len(), "row"));
        Some(self.check(total, range, &said, parts.len() + 1))
    }

    /// The rows of a total's column that it is the sum of, and their figures: not those that a group among them holds.
    fn parts(&self, total: &Stated<'_>, total_region: u32) -> Vec<(u32, Option<i64>)> {
        let first = self.keys.partition_point(|key| key.table() < total.table);
        let table = self.keys.iter().skip(first).take_while(|key| key.table() == total.table);
        let column = table.filter(|key| key.period() == total.period);
        let regions: Vec<u32> =
            column.filter_map(|key| key.region()).filter(|region| *region != total_region).collect();
        let held = |region: &u32| regions.iter().any(|group| self.regions.holds(*group, *region));
        regions
            .iter()
            .filter(|region| !held(region))
            .map(|region| (*region, self.figure(total.table, *region, total.period)))
            .collect()
    }

    /// What is printed against what figures make, which lies between two bounds.
    fn check(&self, stated: &Stated<'_>, range: (Ratio, Ratio), said: &str, cells: usize) -> Check {
        let printed = stated.claim.printed;
        let decimals = self.context.definition.measure.decimals;
        let percent = stated.indicator.is_percent().then_some(printed.decimals);
        let (published, computed, mut tolerance) = verdict(printed, range);
        if stated.indicator == Indicator::Total {
            tolerance += i128::from(self.context.definition.tolerance);
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
            cells: cells as i32,
            spot: stated.spot(),
            made: format!("{said} {}", words(range, percent, decimals)),
        }
    }
}

/// The index of an indicator's check.
fn check_of(indicator: Indicator) -> u32 {
    let name = if indicator == Indicator::Total { "periods" } else { indicator.name() };
    CHECKS.iter().position(|check| *check == name).unwrap_or_default() as u32
}

/// What is published, what figures make that is nearest to it, and how far the two may be apart.
fn verdict(printed: Printed, (low, high): (Ratio, Ratio)) -> (i128, i128, i128) {
    let published = i128::from(printed.value);
    if printed.is_bound {
        let nearest = if low.0 > 0 { low.0 / low.1 } else { (high.0 / high.1).min(0) };
        return (0, nearest, published - 1);
    }
    let (least, most) = (low.rounded().0, high.rounded().1);
    let half = (most - least) / 2;
    (published, published.clamp(least + half, most - half), half)
}

/// How much finer than the measure's last decimal earlier figures are bounded.
const FINER: i128 = 1_000_000;

/// Between which bounds a figure's earlier one lies, rounded outward.
fn earlier(value: i64, stated: &Stated<'_>) -> Option<(i128, i128)> {
    let (printed, scale) = (i128::from(stated.claim.printed.value), stated.scale());
    let (low, high) = if stated.claim.printed.is_bound {
        (-2 * printed, 2 * printed)
    } else {
        (2 * printed - 1, 2 * printed + 1)
    };
    if value < 0 || 2 * scale + low <= 0 {
        return None;
    }
    let fine = (2 * scale * FINER).checked_mul(i128::from(value))?;
    Some((fine.div_euclid(2 * scale + high), -(-fine).div_euclid(2 * scale + low)))
}

/// `+7.01 %`, `between +23.10 % and +23.20 %`: with two decimals more than are printed.
fn words((low, high): (Ratio, Ratio), percent: Option<u32>, decimals: u32) -> String {
    let Some(printed) = percent else {
        return shown(i64::try_from(low.0 / low.1).unwrap_or(i64::MAX), decimals);
    };
    let unit = 10f64.powi(printed as i32);
    let word = |ratio: Ratio| format!("{:+.*} %", printed as usize + 2, ratio.value() / unit);
    let (low, high) = (word(low), word(high));
    if low == high { low } else { format!("between {low} and {high}") }
}

impl Check {
    fn difference(&self) -> i64 {
        self.published.saturating_sub(self.computed)
    }

    fn passed(&self) -> bool {
        self.difference().unsigned_abs() <= self.tolerance.unsigned_abs()
    }

    fn problem(&self, context: Context<'_>) -> Problem {
        let name = CHECKS[self.kind as usize];
        let printed = context.printed(self.spot);
        let sign = if self.percent.is_some() && !printed.contains(['%', '％']) { " %" } else { "" };
        let label = format!("printed {printed}{sign}, but {}", self.made);
        let what = if name == "periods" { "total of the periods" } else { name };
        let message = format!("the {what} doesn't follow from the figures");
        let help = "one of them is misprinted: a correction of a figure can be declared in the definition; a column that means something else, or is not to be read, is named under `[columns]`";
        Problem::data(name, message, context.mark(self.spot, label)).help(help)
    }

    /// Its unit, as an index into the units of checks.
    fn unit(&self) -> u32 {
        self.percent.map_or(0, |decimals| decimals + 1)
    }
}

/// A column of claims that nothing can check.
fn unchecked(column: &[&Stated<'_>], context: Context<'_>) -> Option<Problem> {
    let first = column.first()?;
    let message =
        format!("nothing checks {} of a {}", count(column.len(), "printed figure"), first.indicator.name());
    let mark = context.mark(first.spot(), "the first of them");
    let help = "a figure that it follows from is missing, or zero, or the rows don't make the total; where that is so by nature, say `\"…\" = \"ignored\"` of the heading, under `[columns]` in the definition";
    Some(Problem::data("unchecked", message, mark).of_kind(Kind::Warning).help(help))
}

/// The rows of both, in the order of their key.
fn joined(sums: DataFrame, checks: &[Check]) -> Result<DataFrame> {
    let ids_of = |id: fn(&Check) -> u32| checks.iter().map(id).collect::<Vec<u32>>();
    let values = |value: fn(&Check) -> i64| checks.iter().map(value).collect::<Vec<i64>>();
    let rows = df!(
        "document" => ids_of(|check| check.table.0),
        "category" => ids_of(|check| check.table.1),
        "check" => ids_of(|check| check.kind),
        "region" => ids_of(|check| check.region),
        "unit" => ids_of(Check::unit),
        "period" => ids_of(|check| check.period),
        "heading" => ids_of(|check| check.heading),
        "published" => values(|check| check.published),
        "computed" => values(|check| check.computed),
        "difference" => values(Check::difference),
        "tolerance" => values(|check| check.tolerance),
        "passed" => checks.iter().map(Check::passed).collect::<Vec<_>>(),
        "cells" => checks.iter().map(|check| check.cells).collect::<Vec<_>>(),
        "grid" => ids_of(|check| check.spot.grid),
        "row" => ids_of(|check| check.spot.row),
        "column" => ids_of(|check| check.spot.column),
    )?;
    let mut all = sums;
    all.vstack_mut(&rows.select(all.get_column_names_owned())?)?;
    all.rechunk_mut_par();
    let key = ["document", "category", "check", "period", "region"];
    let key: Vec<&[u32]> = key.into_iter().map(|name| ids(&all, name)).collect::<PolarsResult<_>>()?;
    let mut order: Vec<usize> = (0..all.height()).collect();
    order.sort_by_key(|at| key.iter().map(|column| column[*at]).collect::<Vec<u32>>());
    let order: IdxCa = order.into_iter().map(|at| Some(at as IdxSize)).collect();
    Ok(all.take(&order)?)
}
