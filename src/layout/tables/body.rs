//! The rows below a header: how far a table goes.

use crate::document::Row;
use crate::grammar::footnote;
use crate::layout::figures::is_figures;
use crate::layout::header::{self, is_header};
use crate::layout::tables::{Table, is_total, next, page_break};
use crate::layout::vocabulary::Vocabulary;
use crate::regions::{self, RegionKind};

/// A table with the rows that hang on to its header, and after a blank line or the end of a page those that go on with figures
/// until there is a total. Each row is looked at a fixed number of times, however the document is made: `unproven` is the row
/// up to which it is known that no total stands on the pages that follow.
pub(super) fn with_body(
    rows: &[Row<'_>],
    mut table: Table,
    from: usize,
    vocabulary: &Vocabulary,
    unproven: &mut usize,
) -> Table {
    let mut repeated = Vec::new();
    let body = body(rows, &table, from, vocabulary, (*unproven, &mut repeated));
    (table.body, table.repeated) = (body, repeated);
    if let Some(&first) = table.repeated.first()
        && !has_total(rows, &table)
    {
        // What stands below further headers could be another table, whose title was lost.
        *unproven = table.last_row().map_or(from, |last| last + 1);
        table.body.retain(|at| *at < first);
        table.repeated.clear();
    }
    table
}

fn has_total(rows: &[Row<'_>], table: &Table) -> bool {
    let label = |at: &usize| table.parts(&rows[*at]).0;
    table.body.iter().filter_map(label).any(|label| is_total(&label.text))
}

fn body(
    rows: &[Row<'_>],
    table: &Table,
    from: usize,
    vocabulary: &Vocabulary,
    (unproven, repeated): (usize, &mut Vec<usize>),
) -> Vec<usize> {
    let mut body: Vec<usize> = Vec::new();
    let mut figures_before = false;
    let mut at = from;
    let mut next_figures = at - 1;
    while at < rows.len() {
        let row = &rows[at];
        let goes_on_behind = || (at >= unproven).then(|| page_break::find(rows, at, table, vocabulary))?;
        if let Some(next) = goes_on_behind().filter(|_| !is_closed(rows, table, &body)) {
            repeated.extend((at..next).filter(|row| !rows[*row].is_blank()));
            at = next;
            continue;
        }
        if row.is_blank() {
            let next = next(rows, at, |row| !row.is_blank());
            if is_closed(rows, table, &body) || !goes_on(&rows[next..]) {
                break;
            }
            at = next;
            continue;
        }
        if next_figures < at {
            next_figures = next_in_paragraph(rows, at);
        }
        let ends = || {
            is_closed(rows, table, &body) || figures_before && !figures_follow(rows, next_figures, vocabulary)
        };
        if footnote::parse_certain_opening(&row.text()).is_some()
            || is_header_again(rows, at, table, vocabulary)
            || row.cells.len() == 1 && !table.is_first_figure(row) && ends()
        {
            break;
        }
        figures_before |= row.cells.len() > 1;
        body.push(at);
        at += 1;
    }
    body
}

/// The first row from one on that has several cells, or the end of the paragraph.
fn next_in_paragraph(rows: &[Row<'_>], from: usize) -> usize {
    next(rows, from, |row| row.is_blank() || row.cells.len() > 1)
}

/// Whether nothing more is expected: after a total, or a row without a label.
pub(super) fn is_closed(rows: &[Row<'_>], table: &Table, body: &[usize]) -> bool {
    body.last().is_some_and(|&last| table.parts(&rows[last]).0.is_none_or(|label| is_total(&label.text)))
}

/// Whether figures come first, with no header of their own; or below a group that heads them.
pub(super) fn goes_on(rows: &[Row<'_>]) -> bool {
    let figures = |at: usize| rows.get(at).is_some_and(|row| is_figures(row) && !is_header(&row.cells));
    let heads =
        || matches!(rows.first().map(|row| row.cells.as_slice()), Some([head]) if is_group(&head.text));
    figures(0) || figures(1) && heads()
}

/// Whether a label names a group of regions.
pub(super) fn is_group(label: &str) -> bool {
    regions::resolve(footnote::strip_markers(label))
        .is_some_and(|known| known.region.kind == RegionKind::Group)
}

/// Whether a row has several cells, and is no header.
fn figures_follow(rows: &[Row<'_>], at: usize, vocabulary: &Vocabulary) -> bool {
    rows.get(at).is_some_and(|row| row.cells.len() > 1) && header::find(rows, at, vocabulary).is_none()
}

/// Whether a row is a further table's header, named as this table's is.
fn is_header_again(rows: &[Row<'_>], at: usize, table: &Table, vocabulary: &Vocabulary) -> bool {
    let label = |at: usize| rows[at].cells.first().map(|cell| &cell.text);
    table.header.labelled
        && label(at) == label(table.header.rows.start)
        && header::find(rows, at, vocabulary).is_some()
}
