//! How the periods of headings lie to each other: where they turn, which is far from the others, and in what those of two tables
//! differ.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;

use crate::extract::heading_periods::{HeadingPeriod, TableHeadings};
use crate::grammar::period::Period;

/// A heading and the table that has it.
pub type Placed<'t> = (&'t TableHeadings, HeadingPeriod);

/// How many times the usual distance between periods is far.
const FAR: i32 = 10;

/// How many months lie between two periods at most, where no third shows what is usual.
const FAR_OF_TWO: i32 = 30 * 12;

/// What periods have in common that can be held against each other: their length, and of years the month they begin with.
type PeriodKind = (u32, u32);

fn kind(period: Period) -> PeriodKind {
    (period.months, if period.months == 12 { period.start.month() } else { 0 })
}

/// Where a run of periods turns: the two of which the second goes against the way of most.
pub fn find_turn(run: &[HeadingPeriod]) -> Option<[HeadingPeriod; 2]> {
    let pairs = || run.windows(2).map(|pair| [pair[0], pair[1]]);
    let up = pairs().filter(|[one, other]| goes_up(*one, *other)).count();
    let is_up = up * 2 >= pairs().count();
    pairs().find(|[one, other]| goes_up(*one, *other) != is_up)
}

pub fn goes_up(one: HeadingPeriod, other: HeadingPeriod) -> bool {
    one.period.start < other.period.start
}

/// The headings of a table that should run one way: those of a series and length, and with them the only one of another length,
/// such as the part of a year that has passed, unless it is a part of theirs.
pub fn runs(of: &TableHeadings) -> Vec<Vec<HeadingPeriod>> {
    let mut series: BTreeMap<u32, Vec<HeadingPeriod>> = BTreeMap::new();
    for heading in &of.headings {
        series.entry(heading.series).or_default().push(*heading);
    }
    series
        .into_values()
        .flat_map(|run| if is_one_run(&run) { vec![run] } else { split_by_kind(run) })
        .collect()
}

/// Whether all periods but at most one are of one kind, and none has days of another.
fn is_one_run(run: &[HeadingPeriod]) -> bool {
    let mut kinds: BTreeMap<PeriodKind, usize> = BTreeMap::new();
    for heading in run {
        *kinds.entry(kind(heading.period)).or_default() += 1;
    }
    let most = kinds.into_values().max().unwrap_or_default();
    run.len() - most <= 1 && !overlap(run)
}

/// Whether periods have days in common.
fn overlap(run: &[HeadingPeriod]) -> bool {
    let mut periods: Vec<Period> = run.iter().map(|heading| heading.period).collect();
    periods.sort_unstable();
    periods.windows(2).any(|pair| pair[1].start <= pair[0].end())
}

fn split_by_kind(run: Vec<HeadingPeriod>) -> Vec<Vec<HeadingPeriod>> {
    let mut kinds: BTreeMap<PeriodKind, Vec<HeadingPeriod>> = BTreeMap::new();
    for heading in run {
        kinds.entry(kind(heading.period)).or_default().push(heading);
    }
    kinds.into_values().collect()
}

/// The period at either end of sorted ones that is far from the others, and the one that is nearest to it.
pub fn find_far(periods: &[Period]) -> Option<(Period, Period)> {
    let gap = |pair: &[Period]| month(pair[1]) - month(pair[0]);
    let gaps: Vec<i32> = periods.windows(2).map(gap).collect();
    let is_far = |at: usize| {
        let others = gaps.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, gap)| *gap);
        let most = others.max().map_or(FAR_OF_TWO, |gap| gap.saturating_mul(FAR));
        gaps[at] > most
    };
    let last = gaps.len().checked_sub(1)?;
    let ends = [(0, periods[0], periods[1]), (last, periods[last + 1], periods[last])];
    let (_, far, near) = ends.into_iter().rev().find(|(at, ..)| is_far(*at))?;
    Some((far, near))
}

/// The month in which a period begins, counted from the first of our era.
fn month(period: Period) -> i32 {
    period.start.year() * 12 + period.start.month0() as i32
}

/// A period that one of two tables has and the other should have, too; and where it would be there.
pub fn find_difference<'t>(
    one: &'t TableHeadings,
    other: &'t TableHeadings,
) -> Option<(Placed<'t>, Placed<'t>)> {
    if std::ptr::eq(one, other) {
        return None;
    }
    let kinds: BTreeSet<PeriodKind> = one.headings.iter().map(|heading| kind(heading.period)).collect();
    let in_span = |kind: &PeriodKind| {
        let [own, others] = [periods(one, *kind), periods(other, *kind)];
        let first = *own.first()?.max(others.first()?);
        let last = *own.last()?.min(others.last()?);
        let differs = own.symmetric_difference(&others).find(|period| (first..=last).contains(period));
        differs.copied()
    };
    let missing = kinds
        .iter()
        .find_map(in_span)
        .or_else(|| find_other_length(one, other))
        .or_else(|| find_other_lone(one, other, &kinds));
    let period = missing?;
    let of = |table: &'t TableHeadings| {
        let heading = table.headings.iter().find(|heading| heading.period == period);
        heading.map(|heading| (table, *heading))
    };
    // Where it would be: at the heading that begins nearest to it.
    let nearest = |table: &'t TableHeadings| {
        let distance = |heading: &&HeadingPeriod| (heading.period.start - period.start).num_days().abs();
        table.headings.iter().min_by_key(distance).map(|heading| (table, *heading))
    };
    match of(one) {
        Some(has) => Some((has, nearest(other)?)),
        None => Some((of(other)?, nearest(one)?)),
    }
}

/// The periods of a kind.
fn periods(of: &TableHeadings, of_kind: PeriodKind) -> BTreeSet<Period> {
    of.headings.iter().map(|heading| heading.period).filter(|period| kind(*period) == of_kind).collect()
}

/// A period that is the only one of its length in a table, such as the part of a year that has passed, where another table
/// of the same periods has one of another length from the same day on.
fn find_other_length(one: &TableHeadings, other: &TableHeadings) -> Option<Period> {
    let all = |of: &TableHeadings| of.headings.iter().map(|heading| heading.period).collect::<BTreeSet<_>>();
    let [own, others] = [all(one), all(other)];
    let is_other = |a: &Period, b: &Period| a.start == b.start && a.months != b.months;
    let lone = |period: &&Period, from: &BTreeSet<Period>, to: &BTreeSet<Period>| {
        from.iter().filter(|of| of.months == period.months).count() == 1
            && to.iter().all(|of| of.months != period.months)
            && to.iter().any(|of| is_other(of, period) && !from.contains(of))
    };
    if own.is_disjoint(&others) {
        return None;
    }
    let first = own.iter().find(|period| lone(period, &own, &others));
    first.or_else(|| others.iter().find(|period| lone(period, &others, &own))).copied()
}

/// The only period of a kind, such as the part of a year that has passed, where the other table has one other of that kind.
fn find_other_lone(
    one: &TableHeadings,
    other: &TableHeadings,
    kinds: &BTreeSet<PeriodKind>,
) -> Option<Period> {
    let shares = |kind: &PeriodKind| !periods(one, *kind).is_disjoint(&periods(other, *kind));
    if !kinds.iter().any(shares) {
        return None;
    }
    let lone = |of: &TableHeadings, kind: PeriodKind| {
        let all = periods(of, kind);
        all.first().copied().filter(|_| all.len() == 1)
    };
    kinds.iter().find_map(|kind| {
        let (own, its) = (lone(one, *kind)?, lone(other, *kind)?);
        (own != its).then_some(own)
    })
}
