//! A summary of a document for people: what it is, a few lines for each table, and what stands beside the tables. Where no
//! definition is known it tells what layout alone tells.

mod beside;
mod block;
mod figures;
mod layout;
mod left_out;
mod names;
mod table;
mod tally;

use std::io::Write;

use anyhow::Result;

use crate::cli::inspect::found::Found;
use crate::cli::inspect::listing;
use crate::problem::escape;
use crate::summary::Summary;
use crate::text::format_count;
use tally::Tally;

/// So many tables are told of; what is behind them is counted.
const MOST_TABLES: usize = 100;

/// Prints the summary; `checked` is what a run makes of the document.
pub(super) fn print(found: &mut Found<'_>, checked: Option<&Summary>, out: &mut dyn Write) -> Result<()> {
    let tallies = tallies(found)?;
    write!(out, "{}", escape(&listing::about(found).line()))?;
    for (of, tally) in found.tables().zip(&tallies).take(MOST_TABLES) {
        write!(out, "{}", table::describe(found, of, tally, checked).text())?;
    }
    let more = tallies.len().saturating_sub(MOST_TABLES);
    if more > 0 {
        writeln!(out, "\nand {}; `--cells` lists all", format_count(more, "more table"))?;
    }
    write!(out, "{}", beside::describe(found).text())?;
    Ok(())
}

/// What each table gave.
fn tallies(found: &mut Found<'_>) -> Result<Vec<Tally>> {
    let Some(definition) = found.definition else {
        return Ok(found.tables().map(|of| layout::tally(found, of)).collect());
    };
    let raw = std::mem::take(&mut found.raw).finish(definition)?;
    tally::by_definition(found, &raw)
}
