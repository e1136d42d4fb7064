//! A table in a few lines: where it stands, which of the definition's it is, what its labels name, and what it gave.

use std::collections::BTreeSet;

use crate::cli::inspect::found::{Found, PrintedTable};
use crate::cli::inspect::sheets;
use crate::cli::inspect::summary::block::Block;
use crate::cli::inspect::summary::names::{Names, describe_periods};
use crate::cli::inspect::summary::tally::Tally;
use crate::cli::inspect::summary::{figures, layout, left_out};
use crate::cli::inspect::width::{MOST, joined, list};
use crate::dataset::{OneOf, TableDefinition};
use crate::problem::Problem;
use crate::summary::Summary;

/// What is told of a table; `checked` is what a run makes of the document.
pub(super) fn describe(
    found: &Found<'_>,
    of: PrintedTable<'_>,
    tally: &Tally,
    checked: Option<&Summary>,
) -> Block {
    let mut block = Block::new(heading(found, of));
    block.add("title", title(found, of));
    if of.table_index.is_some() || found.definition.is_none() {
        add_names(&mut block, found, of, tally);
        figures::add(&mut block, found, of, tally, checked);
        block.add("indicators", joined(&left_out::indicators(found, of)));
        block.add("unknown", left_out::unknown_columns(found, of));
    }
    block.add("left out", left_out::describe(found, of));
    block.add("notes", notes(of));
    block.add("problems", problems(found, of));
    block
}

/// What holds for all of a table, and what its headings and labels name.
fn add_names(block: &mut Block, found: &Found<'_>, of: PrintedTable<'_>, tally: &Tally) {
    let Some(names) = Names::new(found, of, tally) else {
        add_layout(block, found, of, tally);
        return;
    };
    block.add("fixed", fixed(found, of, &names));
    block.add("header", names.header());
    block.add("stub", names.stub());
}

/// `table 1: TTPS, lines 8 to 17`
fn heading(found: &Found<'_>, of: PrintedTable<'_>) -> String {
    let names: Vec<String> = found.sharing(of).iter().map(|table| table.name.clone()).collect();
    let name = match found.definition {
        Some(_) if left_out::is_whole(found, of) => ": left out".into(),
        Some(_) if names.is_empty() => ": no table of the definition".into(),
        Some(_) => format!(": {}", list(&names, MOST)),
        None => String::new(),
    };
    let place = sheets::place(found.grid(of), of.table);
    let place = place.map(|place| format!(", {place}")).unwrap_or_default();
    format!("table {}{name}{place}", of.index + 1)
}

fn title(found: &Found<'_>, of: PrintedTable<'_>) -> Option<String> {
    let lines = of.table.title.start + of.skip..of.table.title.end;
    let rows = found.grid(of).rows.get(lines).unwrap_or_default();
    let title = rows.iter().map(|row| row.text()).collect::<Vec<_>>().join(" / ");
    (!title.is_empty()).then_some(title)
}

/// What holds for all of it: where several tables of the definition share it, for the rows that each of them takes.
fn fixed(found: &Found<'_>, of: PrintedTable<'_>, names: &Names<'_>) -> Vec<String> {
    let sharing = found.sharing(of);
    if sharing.len() < 2 {
        return joined(&names.fixed(names.own)).into_iter().collect();
    }
    let own = sharing.iter().map(|own| (own, [names.fixed(own), rows(own)].concat()));
    own.filter_map(|(own, told)| Some(format!("{}: {}", own.name, joined(&told)?))).collect()
}

/// The rows that a table of the definition takes: `Coverage "Citizens"`.
fn rows(of: &TableDefinition) -> Vec<String> {
    let printed = |one: &OneOf| one.printed().iter().map(|text| format!("\"{text}\"")).collect::<Vec<_>>();
    let rules = of.rows.iter();
    rules.map(|(heading, one)| format!("{} {}", heading.get_ref(), list(&printed(one), MOST))).collect()
}

/// What layout alone tells of headings and labels.
fn add_layout(block: &mut Block, found: &Found<'_>, of: PrintedTable<'_>, tally: &Tally) {
    let (labels, periods) = (layout::labels(found, of), describe_periods(&tally.periods));
    let periods = periods.into_iter().collect();
    let (header, stub) = if of.table.across.is_some() { (labels, periods) } else { (periods, labels) };
    block.add("header", header);
    block.add("stub", stub);
}

/// How many notes it has, and the marks that they begin with.
fn notes(of: PrintedTable<'_>) -> Option<String> {
    let marks: Vec<String> = of.table.notes.iter().filter_map(|note| note.mark.clone()).collect();
    let noun = if marks.len() == 1 { "mark" } else { "marks" };
    let marks = joined(&marks).map(|marks| format!(" ({noun} {marks})")).unwrap_or_default();
    (!of.table.notes.is_empty()).then(|| format!("{}{marks}", of.table.notes.len()))
}

/// How many problems stand in it.
fn problems(found: &Found<'_>, of: PrintedTable<'_>) -> Option<String> {
    let grid = found.grid(of);
    let rows = of.table.title.clone().chain(of.table.own_header()).chain(of.table.body.iter().copied());
    let rows: BTreeSet<u32> = rows.filter_map(|at| Some(grid.rows.get(at)?.number)).collect();
    let is_here = |problem: &&Problem| {
        let place = problem.spans.first().and_then(|span| span.place.as_ref());
        place.is_some_and(|place| place.sheet == grid.sheet && rows.contains(&place.row))
    };
    let count = found.extracted.problems.iter().filter(is_here).count();
    (count > 0).then(|| format!("{count}, listed below"))
}
