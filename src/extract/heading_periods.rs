//! Headings that cannot all be right: a year that was misprinted or misread, or two headings exchanged, would move figures to
//! other periods without changing a sum. So what is known of the headings of statistical tables is expected of a
//! document's, unless the definition says otherwise for a table (`unusual_periods`): they run one way in time, none is far
//! from all others or ends after the release, and tables have the same periods where their times overlap.

mod compare;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::dataset::{Definition, UnusualPeriods};
use crate::document::Document;
use crate::grammar::period::Period;
use crate::problem::{Problem, Rule, Span};
use crate::text::format_count;
use compare::{Placed, find_difference, find_far, find_turn, goes_up, runs};

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
    let context = Context { document, definition };
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
    definition: &'c Definition,
}

impl Context<'_> {
    fn span(&self, (of, heading): Placed<'_>, label: impl Into<String>) -> Span {
        self.document.span(of.grid, heading.row, heading.column, label)
    }

    fn name(&self, of: &TableHeadings) -> &str {
        &self.definition.tables[of.table].name
    }

    /// Periods run up or down.
    fn check_order(&self, of: &TableHeadings) -> Option<Problem> {
        let [before, out] = runs(of).iter().find_map(|run| find_turn(run))?;
        let message = format!("the headings of {} do not run one way in time", self.name(of));
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
            let message = format!("the headings of {} run the other way in time", self.name(out.0));
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
            let ([own, its], is_own) = ([self.name(of), self.name(usual)], first.0.table == of.table);
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

/// How it is said that something is in order.
fn expected(unusual: &str, why: &str) -> String {
    format!("{why}; if it is right, say so under its `[[table]]`: `unusual_periods = [\"{unusual}\"]`")
}
