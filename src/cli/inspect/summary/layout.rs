//! What a table gives where no definition is known: what its layout alone tells.

use indexmap::IndexSet;

use crate::cli::inspect::found::{Found, PrintedTable};
use crate::cli::inspect::summary::names::describe_extent;
use crate::cli::inspect::summary::tally::Tally;
use crate::cli::inspect::width::cut;
use crate::document::{Cell, Row};
use crate::extract::columns::{ColumnContent, read_columns};
use crate::extract::figure::Reading;
use crate::grammar::status_flag::{FlagMeaning, NIL_SYMBOLS};
use crate::layout::figures::prints_number;
use crate::text::format_count;

/// How many label columns are told of.
const MOST_COLUMNS: usize = 6;

/// How much of a heading is told.
const WIDEST: usize = 24;

/// The figures, symbols and periods of a table.
pub(super) fn tally(found: &Found<'_>, of: PrintedTable<'_>) -> Tally {
    let rows = &found.grid(of).rows;
    let columns = read_columns(&of.table.header, None, None);
    let mut tally = Tally::default();
    for (at, &row) in of.table.body.iter().enumerate() {
        let across = of.table.across.and(columns.get(at));
        for (at, cell) in of.table.parts(&rows[row]).1.iter().enumerate() {
            if let Some(ColumnContent::Figures(period)) = across.or(columns.get(at)) {
                tally.periods.insert(*period);
                tally.add_cell(cell);
            }
        }
    }
    tally
}

/// What each of its label columns prints; where regions run across, what its header row does.
pub(super) fn labels(found: &Found<'_>, of: PrintedTable<'_>) -> Vec<String> {
    let rows = &found.grid(of).rows;
    if of.table.across.is_some() {
        return describe(found, of, of.table.regions(rows).iter()).into_iter().collect();
    }
    let columns = of.table.header.attributes + 1;
    let body = of.table.body.iter().map(|&at| &rows[at]);
    let labelled: Vec<&Row<'_>> = body.filter(|row| of.table.parts(row).0.is_some()).collect();
    let labels = (0..columns.min(MOST_COLUMNS)).filter_map(|column| {
        let labels = describe(found, of, labelled.iter().filter_map(|row| row.cells.get(column)))?;
        let name = heading(of, rows, column).map(|name| cut(name, WIDEST));
        let name = name.unwrap_or_else(|| format!("column {}", column + 1));
        Some(if columns > 1 { format!("{name}: {labels}") } else { labels })
    });
    let more = columns.saturating_sub(MOST_COLUMNS);
    labels.chain((more > 0).then(|| format!("and {}", format_count(more, "more column")))).collect()
}

/// What is printed above a column of labels.
fn heading<'r>(of: PrintedTable<'_>, rows: &'r [Row<'_>], column: usize) -> Option<&'r str> {
    let cells = of.table.header.rows.clone().rev().filter_map(|at| rows.get(at)?.cells.get(column));
    cells.map(|cell| cell.text.as_ref()).find(|text| !text.is_empty())
}

/// How many distinct labels some cells print, and how many regions are among them.
fn describe<'c>(
    found: &Found<'_>,
    of: PrintedTable<'_>,
    cells: impl Iterator<Item = &'c Cell<'c>>,
) -> Option<String> {
    let (reading, _) = Reading::of(found.document, of.grid, of.table, None, &[], &found.known);
    let texts: IndexSet<&str> =
        cells.map(|cell| cell.text.as_ref()).filter(|text| !text.is_empty()).collect();
    let code = |text: &&str| Some(reading.resolve(reading.label(text).text)?.code.to_owned());
    let regions: IndexSet<String> = texts.iter().filter_map(code).collect();
    let labels = describe_extent(&texts.iter().map(|text| (*text).to_owned()).collect(), "label")?;
    let only = if regions.len() == 1 { "1 region, " } else { "" };
    let regions = describe_extent(&regions, "region").map(|regions| format!("; {only}{regions}"));
    Some(labels + &regions.unwrap_or_default())
}

impl Tally {
    /// Counts what a cell prints below a period: a number, or a symbol.
    fn add_cell(&mut self, cell: &Cell<'_>) {
        let (text, is_number) = (cell.text.as_ref(), prints_number(cell));
        let nil = NIL_SYMBOLS.contains(&text).then_some(FlagMeaning::Nil);
        if is_number || !text.is_empty() {
            self.add(is_number, nil.filter(|_| !is_number), text);
        }
    }
}
