//! What the cells of a table hold, in words: figures, symbols and flags; and which of its totals add up.

use crate::cli::inspect::found::{Found, PrintedTable};
use crate::cli::inspect::summary::block::Block;
use crate::cli::inspect::summary::tally::Tally;
use crate::cli::inspect::width::{cut, joined};
use crate::dataset::Definition;
use crate::grammar::number::format_number;
use crate::grammar::status_flag::FlagMeaning;
use crate::summary::{Counts, Summary};
use crate::text::format_count;

/// Adds what is told of the cells of a table; `checked` is what a run makes of the document.
pub(super) fn add(
    block: &mut Block,
    found: &Found<'_>,
    of: PrintedTable<'_>,
    tally: &Tally,
    checked: Option<&Summary>,
) {
    block.add("figures", [describe_figures(tally)]);
    block.add("symbols", symbols(tally));
    block.add("flags", flags(tally));
    block.add("totals", checked.map(|checked| totals(&counts(found, of, checked), found)));
}

fn describe_figures(tally: &Tally) -> String {
    match tally.figures {
        0 => "none".into(),
        count => count.to_string(),
    }
}

/// What stands in place of figures: `3 "-" (nil)`.
fn symbols(tally: &Tally) -> Option<String> {
    let symbols: Vec<String> = tally
        .symbols
        .iter()
        .map(|((text, meaning), count)| {
            format!("{count} \"{}\" ({})", cut(text, 20), meaning.map_or("unknown".into(), describe_meaning))
        })
        .collect();
    joined(&symbols)
}

/// What is said of figures by what stands beside them.
fn flags(tally: &Tally) -> Option<String> {
    let flags: Vec<String> = tally
        .flags
        .iter()
        .map(|(meaning, count)| format!("{count} {} ({})", meaning.code(), meaning.name()))
        .collect();
    joined(&flags)
}

fn describe_meaning(meaning: FlagMeaning) -> String {
    match meaning {
        FlagMeaning::Nil => "nil".into(),
        FlagMeaning::Status(_) => format!("{}, {}", meaning.code(), meaning.name()),
    }
}

/// What was checked of all tables that a printed one is.
fn counts(found: &Found<'_>, of: PrintedTable<'_>, checked: &Summary) -> Counts {
    let mut counts = Counts::default();
    for table in found.sharing(of) {
        checked.tables_by_name.get(&table.name).into_iter().for_each(|of| counts.add(of));
    }
    counts
}

/// `24 of 24 add up, within 0.1; 3 nil symbols proven to be zero; 12 printed changes checked`
fn totals(counts: &Counts, found: &Found<'_>) -> String {
    let decimals = found.definition.map_or(0, Definition::decimals);
    let within = Some(counts.within).filter(|within| *within != 0);
    let within = within.map(|of| format!(", within {}", format_number(of, decimals))).unwrap_or_default();
    let sums = match counts.checks {
        0 => "none to check".into(),
        checks => format!("{} of {checks} add up{within}", counts.passed),
    };
    let nil =
        (counts.nil > 0).then(|| format!("{} proven to be zero", format_count(counts.nil, "nil symbol")));
    let claims =
        (counts.claims > 0).then(|| format!("{} checked", format_count(counts.claims, "printed change")));
    std::iter::once(sums).chain(nil).chain(claims).collect::<Vec<_>>().join("; ")
}
