//! Totals that do not add up, each with the single changes that would mend it.

mod drawn;
mod told;

use crate::diagnosis::{self, Diagnosis, MAX_CELLS};
use crate::grammar::number::format_number;
use crate::problem::Problem;
use crate::text::format_count;
use crate::transform::check::{CATEGORIES, CHECKS, SUBTOTAL};
use crate::transform::keys::Key;
use crate::transform::periods::Periods;
use crate::transform::regions::Regions;
use crate::transform::totals::{Facts, Known, Structure, Sum, total};
use crate::transform::{Context, Spot};
use drawn::Drawn;

/// How many cells of a batch are searched, in tables that fail: what is wrong throughout takes no hours, and no memory to
/// speak of.
const SEARCHED: usize = 100_000;

/// What the sums were made from.
pub struct Source<'t> {
    pub facts: &'t Facts<'t>,
    pub structure: &'t Structure,
    pub regions: &'t Regions,
    pub periods: &'t Periods,
    pub context: Context<'t>,
}

/// Reports totals, subtotals and sums over tables that do not add up. Those of a table that one change explains are one
/// problem.
pub fn report(from: &Source<'_>, [totals, subtotals, across]: [&[Sum]; 3], problems: &mut Vec<Problem>) {
    let context = from.context;
    let sound = |sum: &Sum| !context.damaged.contains(&sum.table);
    let known = Known::of(from.regions, from.periods, context);
    let total = total(from.regions);
    let fails = |sum: &&Sum| sound(sum) && sum.is_check(context) && !sum.passed() && !known.has(sum, total);
    if !totals.iter().chain(subtotals).chain(across).any(|sum| fails(&sum)) {
        return;
    }
    let (mut row, mut column, mut group, mut searched) = (0, 0, 0, 0);
    for keys in from.facts.keys.chunk_by(Key::same_table) {
        let rows = row..row + keys.len();
        let last = from.facts.columns[rows.clone()].iter().max().copied().unwrap_or(column);
        let columns = column..last + 1;
        let within =
            from.structure.groups[group..].iter().take_while(|(whole, _)| rows.contains(whole)).count();
        let groups = group..group + within;
        (row, column, group) = (rows.end, columns.end, groups.end);
        let own = totals[columns.clone()].iter().chain(&subtotals[groups.clone()]);
        // Where figures are missing, there is no gap that a repair could close.
        let (mut whole, mut lacking): (Vec<&Sum>, Vec<&Sum>) =
            own.filter(fails).partition(|sum| sum.proves());
        searched += if whole.is_empty() { 0 } else { rows.len() };
        if rows.len() > MAX_CELLS || searched > SEARCHED {
            lacking.append(&mut whole);
        }
        if !whole.is_empty() {
            let sums = (&totals[columns.clone()], columns);
            let drawn = Drawn::of(from, rows, sums, (&subtotals[groups.clone()], groups));
            let found = diagnosis::diagnose(&drawn.picture);
            problems.extend(found.iter().map(|found| diagnosed(found, &drawn)));
        }
        problems.extend(lacking.into_iter().map(|sum| plain(sum, context)));
    }
    problems.extend(across.iter().filter(fails).map(|sum| plain(sum, context)));
}

/// A sum that no repair is looked for.
fn plain(sum: &Sum, context: Context<'_>) -> Problem {
    problem(&[sum], context).help(SEE_MANUAL)
}

const SEE_MANUAL: &str = "a correction can be declared in the definition; see `bluebook man`";
const NO_REPAIR: &str = "no single misprint or lost row explains it; see `bluebook man` for corrections";

/// The problem of a diagnosis, with its repairs.
fn diagnosed(found: &Diagnosis, drawn: &Drawn<'_>) -> Problem {
    let sums: Vec<&Sum> = found.sums.iter().map(|sum| drawn.sums[*sum]).collect();
    let problem = problem(&sums, drawn.from.context);
    if found.repairs.is_empty() {
        problem.help(NO_REPAIR)
    } else {
        problem.repairs(told::repairs(found, drawn))
    }
}

/// The problem of sums that one change explains.
fn problem(sums: &[&Sum], context: Context<'_>) -> Problem {
    let check = sums.first().map_or(CATEGORIES, |sum| sum.check);
    let name = match check {
        SUBTOTAL => "subtotal",
        CATEGORIES => "sum over tables",
        _ => "total",
    };
    let message = match sums {
        [first, _, ..] => {
            let name = if sums.iter().all(|sum| sum.check == check) { name } else { "sum" };
            format!("{} of {} don't add up", format_count(sums.len(), name), context.category(first.table.1))
        }
        _ => format!("the {name} doesn't add up"),
    };
    let mut marks = sums.iter().map(|sum| context.mark(sum.spot, difference(sum, context)));
    let first = marks.next().unwrap_or_else(|| context.mark(Spot::default(), ""));
    marks.fold(Problem::data(CHECKS[check as usize], message, first), Problem::also)
}

/// `printed 49 737, but its 6 rows make 49 736 (1 too few)`
fn difference(sum: &Sum, context: Context<'_>) -> String {
    let decimals = context.definition.measure.decimals;
    let kind = if sum.difference() > 0 { "few" } else { "many" };
    let noun = if sum.check == CATEGORIES { "table" } else { "row" };
    let made = if sum.cells == 1 {
        format!("its only {noun} makes")
    } else {
        format!("its {} make", format_count(sum.cells as usize, noun))
    };
    format!(
        "printed {}, but {made} {} ({} too {kind})",
        context.printed(sum.spot),
        format_number(sum.computed(), decimals),
        format_number(sum.difference().abs(), decimals)
    )
}
