//! Headings that cannot all be right: a year that was misprinted or misread, or two headings exchanged, would move figures to
//! other periods without changing a sum. So what is known of the headings of statistical tables is expected of a
//! document's, unless the definition says otherwise for a table (`unusual_periods`): they run one way in time, none is far
//! from all others or ends after the release, and tables have the same periods where their times overlap.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use crate::dataset::{Definition, UnusualPeriods};
use crate::document::Document;
use crate::grammar::period::Period;
use crate::problem::{Problem, Rule, Span};
use crate::text::format_count;

/// A heading that was read as a period.
#[derive(Clone, Copy, Debug)]
pub struct HeadingPeriod {
    /// The period.
    pub period: Period,
    /// The headings that differ from it in their period only have the same number.
    pub series: u32,
    /// The number of its row.
    pub row: u32,
    /// Its column.
    pub column: u32,
}

/// The headings of a table that are periods, in printed order.
#[derive(Clone, Debug)]
pub struct TableHeadings {
    /// The table's place in the definition.
    pub table: usize,
    /// Its grid.
    pub grid: usize,
    /// The headings.
    pub headings: Vec<HeadingPeriod>,
}

/// What is wrong with the periods of a document's tables, given its release, where that is known.
#[must_use]
pub fn check_headings(
    document: &Document<'_>,
    tables: &[TableHeadings],
    definition: &Definition,
    release: Option<NaiveDate>,
) -> Vec<Problem> {
    let checked = |what: UnusualPeriods| -> Vec<&TableHeadings> {
        let is_usual = |of: &&TableHeadings| !definition.tables[of.table].unusual_periods.contains(&what);
        tables.iter().filter(is_usual).collect()
    };
    let names = |table: usize| definition.tables[table].name.as_str();
    let context = Context { document, names: &names };
    let mut problems: Vec<Problem> =
        checked(UnusualPeriods::Order).into_iter().filter_map(|of| context.check_order(of)).collect();
    // A heading that is out of order is told once.
    if problems.is_empty() {
        problems.extend(context.check_directions(&checked(UnusualPeriods::Order)));
    }
    if problems.is_empty() {
        problems.extend(context.check_gaps(&checked(UnusualPeriods::Gaps)));
    }
    if problems.is_empty() {
        problems.extend(context.check_shared(&checked(UnusualPeriods::Own)));
    }
    problems.extend(release.and_then(|day| context.check_release(&checked(UnusualPeriods::Future), day)));
    problems
}

struct Context<'c> {
    document: &'c Document<'c>,
    names: &'c dyn Fn(usize) -> &'c str,
}

/// A heading and the table that has it.
type Placed<'t> = (&'t TableHeadings, HeadingPeriod);

/// How many times the usual distance between periods is far.
const FAR: i32 = 10;

/// How many months lie between two periods at most, where no third shows what is usual.
const FAR_OF_TWO: i32 = 30 * 12;

impl Context<'_> {
    fn span(&self, (of, heading): Placed<'_>, label: impl Into<String>) -> Span {
        self.document.span(of.grid, heading.row, heading.column, label)
    }

    /// Periods run up or down.
    fn check_order(&self, of: &TableHeadings) -> Option<Problem> {
        let [before, out] = runs(of).iter().find_map(|run| find_turn(run))?;
        let message = format!("the headings of {} do not run one way in time", (self.names)(of.table));
        let label = format!("{} behind {}", out.period, before.period);
        let problem = Problem::new(Rule::HeadingOrder, message, self.span((of, out), label));
        let problem = problem.with_span(self.span((of, before), ""));
        Some(problem.help(expected("order", "one of them is misprinted, or two were exchanged")))
    }

    /// The periods of all tables run the same way.
    fn check_directions(&self, tables: &[&TableHeadings]) -> Vec<Problem> {
        let mut ways: [Vec<Placed<'_>>; 2] = Default::default();
        for of in tables {
            for run in runs(of).iter().filter(|run| run.len() > 1) {
                ways[usize::from(goes_up(run[0], run[1]))].push((of, run[0]));
            }
        }
        ways.sort_by_key(Vec::len);
        let [few, most] = ways;
        let problem = |out: Placed<'_>| {
            let message = format!("the headings of {} run the other way in time", (self.names)(out.0.table));
            let problem = Problem::new(Rule::HeadingOrder, message, self.span(out, ""));
            let problem = problem.with_span(self.span(*most.first()?, "other tables run so"));
            Some(problem.help(expected("order", "two of them may have been exchanged")))
        };
        few.into_iter().filter_map(problem).collect()
    }

    /// No period lies far from all others.
    fn check_gaps(&self, tables: &[&TableHeadings]) -> Option<Problem> {
        let mut periods: BTreeMap<Period, Placed<'_>> = BTreeMap::new();
        for (of, heading) in headings(tables) {
            periods.entry(heading.period).or_insert((of, heading));
        }
        let all: Vec<Period> = periods.keys().copied().collect();
        let (far, near) = find_far(&all)?;
        let (far, near) = (periods[&far], periods[&near]);
        let message = format!("the period {} is far from all others of the document", far.1.period);
        let problem = Problem::new(Rule::HeadingFar, message, self.span(far, ""));
        let label = format!("the nearest is {}", near.1.period);
        Some(problem.with_span(self.span(near, label)).help(expected("gaps", "it may be misprinted")))
    }

    /// Tables have the same periods where their times overlap: each is held against the one that most others agree with.
    fn check_shared(&self, tables: &[&TableHeadings]) -> Vec<Problem> {
        let differing =
            |one: &TableHeadings| tables.iter().filter(|other| find_difference(one, other).is_some()).count();
        let Some(usual) = tables.iter().min_by_key(|of| differing(of)) else { return Vec::new() };
        let problem = |of: &&TableHeadings| {
            let (first, second) = find_difference(of, usual)?;
            let ([own, its], is_own) =
                ([(self.names)(of.table), (self.names)(usual.table)], first.0.table == of.table);
            let (has, lacks) = if is_own { (own, its) } else { (its, own) };
            let period = first.1.period;
            let message = format!("{has} has the period {period}, and {lacks} has not");
            let problem = Problem::new(Rule::HeadingsDiffer, message, self.span(first, "has it"));
            let problem = problem.with_span(self.span(second, "and here it is not"));
            Some(problem.help(expected("own", "a heading of one of them may be misprinted")))
        };
        tables.iter().filter_map(problem).collect()
    }

    /// Nothing is reported of days after the release.
    fn check_release(&self, tables: &[&TableHeadings], release: NaiveDate) -> Option<Problem> {
        let late: Vec<Placed<'_>> =
            headings(tables).filter(|(_, heading)| heading.period.end() > release).collect();
        let first = *late.first()?;
        let message = format!("the period {} ends after the release of {release}", first.1.period);
        let more = format_count(late.len(), "such heading");
        let label = if late.len() > 1 { format!("the first of {more}") } else { String::new() };
        let problem = Problem::new(Rule::AfterRelease, message, self.span(first, label));
        Some(problem.help(expected("future", "the heading is misprinted, or the release date is wrong")))
    }
}

fn headings<'t>(tables: &[&'t TableHeadings]) -> impl Iterator<Item = Placed<'t>> {
    tables.iter().flat_map(|of| of.headings.iter().map(|heading| (*of, *heading)))
}

/// What periods have in common that can be held against each other: their length, and of years the month they begin with.
type PeriodKind = (u32, u32);

fn kind(period: Period) -> PeriodKind {
    (period.months, if period.months == 12 { period.start.month() } else { 0 })
}

/// How it is said that something is in order.
fn expected(unusual: &str, why: &str) -> String {
    format!("{why}; if it is right, say so under its `[[table]]`: `unusual_periods = [\"{unusual}\"]`")
}

/// Where a run of periods turns: the two of which the second goes against the way of most.
fn find_turn(run: &[HeadingPeriod]) -> Option<[HeadingPeriod; 2]> {
    let pairs = || run.windows(2).map(|pair| [pair[0], pair[1]]);
    let up = pairs().filter(|[one, other]| goes_up(*one, *other)).count();
    let is_up = up * 2 >= pairs().count();
    pairs().find(|[one, other]| goes_up(*one, *other) != is_up)
}

fn goes_up(one: HeadingPeriod, other: HeadingPeriod) -> bool {
    one.period.start < other.period.start
}

/// The headings of a table that should run one way: those of a series and length, and with them the only one of another length,
/// such as the part of a year that has passed, unless it is a part of theirs.
fn runs(of: &TableHeadings) -> Vec<Vec<HeadingPeriod>> {
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
fn find_far(periods: &[Period]) -> Option<(Period, Period)> {
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
fn find_difference<'t>(one: &'t TableHeadings, other: &'t TableHeadings) -> Option<(Placed<'t>, Placed<'t>)> {
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
