//! Sums that do not add up, each with the single changes that would mend it.
//!
//! A row that is missing is described in words only: a correction names what is printed, and a figure without a position
//! would break the rule that every value has one.

mod input;
mod message;

use std::collections::BTreeSet;

use crate::checks::cross_table_sums::CrossTableSum;
use crate::checks::discrepancies::KnownDiscrepancies;
use crate::checks::figures::TableFigures;
use crate::checks::indicators::FigureKey;
use crate::checks::sums::{Sum, TableSums};
use crate::checks::{SUBTOTAL, TABLES};
use crate::diagnosis::{self, Diagnosis, MAX_CELLS};
use crate::normalize::{BatchContext, NormalizedBatch};
use crate::problem::{Problem, Rule};
use crate::text::format_count;
use input::DiagnosisInput;

/// How many cells of a batch are searched, in tables that fail: what is wrong throughout takes no hours, and no memory to
/// speak of.
const SEARCHED: usize = 100_000;

/// Reports totals, subtotals and sums over tables that do not add up. Those of a table that one change explains are one
/// problem. No change is offered of a figure that a printed change or total of periods confirms.
pub fn report(
    (tables, sums, across): (&[TableFigures], &[TableSums], &[CrossTableSum]),
    known: &KnownDiscrepancies,
    confirmed: &BTreeSet<FigureKey>,
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
    problems: &mut Vec<Problem>,
) {
    let fails = |table: &TableFigures, sum: &Sum| {
        !context.damaged.contains(&table.table_ref())
            && sum.is_check(table, context.definition)
            && !sum.passed()
            && !known.has(table, sum)
    };
    let mut searched = 0;
    for (table, sums) in tables.iter().zip(sums) {
        // Where figures are missing, there is no gap that a repair could close.
        let (mut whole, mut lacking): (Vec<&Sum>, Vec<&Sum>) =
            sums.all().filter(|sum| fails(table, sum)).partition(|sum| sum.proves());
        searched += if whole.is_empty() { 0 } else { table.len() };
        if table.len() > MAX_CELLS || searched > SEARCHED {
            lacking.append(&mut whole);
        }
        if !whole.is_empty() {
            let input = DiagnosisInput::new(table, sums, confirmed, batch, context);
            let found = diagnosis::diagnose(&input.sum_table);
            problems.extend(found.iter().map(|found| describe_diagnosis(found, &input)));
        }
        problems.extend(lacking.into_iter().map(|sum| plain(table, sum, context)));
    }
    let failing = across.iter().map(|sum| (&tables[sum.table], &sum.sum));
    problems.extend(
        failing.filter(|(table, sum)| fails(table, sum)).map(|(table, sum)| plain(table, sum, context)),
    );
}

/// A sum that no repair is looked for.
fn plain(table: &TableFigures, sum: &Sum, context: BatchContext<'_>) -> Problem {
    problem(table, &[sum], context).help(SEE_MANUAL)
}

const SEE_MANUAL: &str = "a correction can be declared in the definition; see `bluebook man`";
const NO_REPAIR: &str = "no single misprint or lost row explains it: two figures or more are wrong, or the publisher's sum is; see `bluebook man` for corrections";
const SINGLE: &str = "one of these is right if a single figure is wrong; where two are or more, none may be: compare with the original";

/// The problem of a diagnosis, with its repairs.
fn describe_diagnosis(found: &Diagnosis, input: &DiagnosisInput<'_>) -> Problem {
    let sums: Vec<&Sum> = found.sums.iter().map(|sum| input.sums[*sum]).collect();
    let problem = problem(input.table, &sums, input.context);
    if found.repairs.is_empty() {
        problem.help(NO_REPAIR)
    } else {
        problem.repairs(message::describe_repairs(found, input)).help(SINGLE)
    }
}

/// The problem of sums that one change explains.
fn problem(table: &TableFigures, sums: &[&Sum], context: BatchContext<'_>) -> Problem {
    let check = sums.first().map_or(TABLES, |sum| sum.check);
    let (rule, name) = match check {
        SUBTOTAL => (Rule::Subtotal, "subtotal"),
        TABLES => (Rule::Tables, "sum over tables"),
        _ => (Rule::Total, "total"),
    };
    let message = match sums {
        [_, _, ..] => {
            let name = if sums.iter().all(|sum| sum.check == check) { name } else { "sum" };
            format!("{} of {} don't add up", format_count(sums.len(), name), context.table_name(table.table))
        }
        _ => format!("the {name} doesn't add up"),
    };
    let mut spans =
        sums.iter().map(|sum| context.span(table.cells[sum.at], describe_difference(table, sum, context)));
    let first = spans.next().unwrap_or_else(|| context.span(table.cells[0], ""));
    spans.fold(Problem::new(rule, message, first), Problem::with_span)
}

/// `printed 49 737, but its 6 rows make 49 736 (1 too few)`
fn describe_difference(table: &TableFigures, sum: &Sum, context: BatchContext<'_>) -> String {
    let measure = &context.definition.measures[table.measures[sum.at] as usize];
    let kind = if sum.difference() > 0 { "few" } else { "many" };
    let along = describe_along(table, sum, context);
    let noun = match (sum.check, along.as_str()) {
        (TABLES, _) => "table",
        (_, "") => "row",
        _ => "code",
    };
    let made = if sum.cells == 1 {
        format!("its only {noun}{along} makes")
    } else {
        format!("its {}{along} make", format_count(sum.cells as usize, noun))
    };
    format!(
        "printed {}, but {made} {} ({} too {kind})",
        context.text_at(table.cells[sum.at]),
        measure.format_printed(sum.computed()),
        measure.format_printed(sum.difference().abs())
    )
}

/// Along which dimension a sum goes, where its table has figures that differ in several.
fn describe_along(table: &TableFigures, sum: &Sum, context: BatchContext<'_>) -> String {
    let varying = (0..table.dimensions()).filter(|at| table.varies(*at)).count();
    if sum.check == TABLES || varying < 2 {
        return String::new();
    }
    format!(" of `{}`", context.definition.dimensions[sum.along].name())
}
