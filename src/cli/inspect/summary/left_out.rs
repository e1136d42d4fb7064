//! What of a table is left out, and by which rule; and what is printed beside its figures.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use crate::cli::inspect::found::{Found, PrintedTable};
use crate::cli::inspect::width::{cut, list};
use crate::dataset::LeftOutBy;
use crate::extract::columns::{ColumnContent, read_columns};
use crate::layout::header::Heading;
use crate::text::format_count;

/// How many headings are named.
const MOST_HEADINGS: usize = 4;

/// How much of a heading is told.
const WIDEST: usize = 32;

/// The rows that rules of the definition leave out, each with its reason, and the columns.
pub(super) fn describe(found: &Found<'_>, of: PrintedTable<'_>) -> Vec<String> {
    let all = count_rows(found, of.grid, &of.table.body);
    rules(found, &all).into_iter().chain(ignored_columns(found, of)).collect()
}

/// Whether all rows of a table are left out.
pub(super) fn is_whole(found: &Found<'_>, of: PrintedTable<'_>) -> bool {
    let is_left_out = |row: &usize| found.extracted.left_out.contains_key(&(of.grid, *row));
    !of.table.body.is_empty() && of.table.body.iter().all(is_left_out)
}

/// How many of some rows are left out, by what leaves them out.
pub(super) fn count_rows(found: &Found<'_>, grid: usize, rows: &[usize]) -> BTreeMap<LeftOutBy, usize> {
    let mut counts = BTreeMap::new();
    for by in rows.iter().filter_map(|row| found.extracted.left_out.get(&(grid, *row))) {
        *counts.entry(*by).or_default() += 1;
    }
    counts
}

/// `4 rows: an average in days, in a table of persons`
pub(super) fn rules(found: &Found<'_>, counts: &BTreeMap<LeftOutBy, usize>) -> Vec<String> {
    let mut reasons: IndexMap<&str, usize> = IndexMap::new();
    for (definition, (by, rows)) in found.definition.into_iter().cycle().zip(counts) {
        *reasons.entry(definition.reason_of(*by)).or_default() += rows;
    }
    reasons.iter().map(|(reason, rows)| format!("{}: {reason}", format_count(*rows, "row"))).collect()
}

/// The columns whose headings the definition says are ignored.
fn ignored_columns(found: &Found<'_>, of: PrintedTable<'_>) -> Option<String> {
    let definition = found.definition.filter(|_| of.table_index.is_some())?;
    let across = of.table.regions(&found.grid(of).rows).iter().map(|cell| cell.text.as_ref());
    let across = across.filter(|heading| definition.ignores(heading)).map(str::to_owned);
    let ignored = across.chain(headings(found, of, |content| *content == ColumnContent::Ignored));
    describe_columns(&ignored.collect::<Vec<_>>(), "\"ignored\" by heading")
}

/// The columns whose headings name no period.
pub(super) fn unknown_columns(found: &Found<'_>, of: PrintedTable<'_>) -> Option<String> {
    let is_unknown =
        |content: &ColumnContent| matches!(content, ColumnContent::Unknown | ColumnContent::Unresolved(_));
    describe_columns(&headings(found, of, is_unknown), "without a period")
}

/// `2 columns without a period: "Rank", "Code"`
fn describe_columns(headings: &[String], what: &str) -> Option<String> {
    let printed = headings.iter().filter(|heading| !heading.is_empty());
    let printed: Vec<String> = printed.map(|heading| format!("\"{}\"", cut(heading, WIDEST))).collect();
    let named =
        if printed.is_empty() { String::new() } else { format!(": {}", list(&printed, MOST_HEADINGS)) };
    let count = format_count(headings.len(), "column");
    (!headings.is_empty()).then(|| format!("{count} {what}{named}"))
}

/// How many columns hold what follows from figures: `2 columns of relative change`.
pub(super) fn indicators(found: &Found<'_>, of: PrintedTable<'_>) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, content) in contents(found, of) {
        if let ColumnContent::Indicator(indicator, _) | ColumnContent::Baseless(indicator) = content {
            *counts.entry(indicator.name()).or_default() += 1;
        }
    }
    let noun = if of.table.across.is_some() { "row" } else { "column" };
    counts.iter().map(|(name, count)| format!("{} of {name}", format_count(*count, noun))).collect()
}

/// The headings of columns that hold what is wanted.
fn headings(
    found: &Found<'_>,
    of: PrintedTable<'_>,
    is_wanted: impl Fn(&ColumnContent) -> bool,
) -> Vec<String> {
    let headings = contents(found, of).into_iter().filter(|(_, content)| is_wanted(content));
    headings.map(|(heading, _)| heading.label.clone()).collect()
}

fn contents<'f>(found: &Found<'_>, of: PrintedTable<'f>) -> Vec<(&'f Heading, ColumnContent)> {
    let header = &of.table.header;
    let contents = read_columns(header, found.definition, found.table_definition(of));
    header.headings.iter().zip(contents).collect()
}
