//! Headers in which each period stands over several columns that say what they hold: `August 2012` over `No. of Arrivals`
//! and `Yr/Yr % growth`, each of which may go over several rows.

use std::collections::BTreeSet;

use crate::document::{Cell, Row};
use crate::layout::figures::is_figure;
use crate::layout::header::{
    Columns, Header, MOST_ROWS, assemble, attach, by_index, end, is_fixed_width, is_period, read, spread,
};

/// The header of several levels that begins at a row: all of its columns must be understood.
pub(super) fn find(rows: &[Row<'_>], at: usize) -> Option<Header> {
    rows.get(at + 1).filter(|row| row.cells.len() > 1)?;
    let periods = periods(&rows[at])?;
    let words = rows[at + 1..].iter().take(MOST_ROWS - 1).take_while(|row| is_words(row)).count();
    (1..=words).rev().find_map(|count| {
        let range = at..at + count + 1;
        let block = &rows[range.clone()];
        let (labelled, columns) =
            if block.iter().all(is_fixed_width) { by_place(block)? } else { by_index(block)? };
        let header = assemble(range, labelled, &columns);
        let understood =
            header.headings.iter().all(|heading| heading.reading.is_some() && heading.indicator.is_some());
        (understood && header.headings.len() > periods && is_grouped(&header)).then_some(header)
    })
}

/// How many periods a row names, where that is all it does but for a label before them.
fn periods(row: &Row<'_>) -> Option<usize> {
    let is_time = |cell: &Cell<'_>| read(&cell.text).is_some();
    let printed = || row.cells.iter().filter(|cell| !cell.text.is_empty());
    let labelled = !is_time(printed().next()?);
    let times = printed().skip(usize::from(labelled));
    times.map(is_time).try_fold(0, |count, time| time.then_some(count + 1)).filter(|count| *count > 0)
}

/// Whether a row has words in several cells, and neither figures nor periods.
fn is_words(row: &Row<'_>) -> bool {
    row.cells.len() > 1 && !row.cells.iter().any(|cell| is_figure(cell) || is_period(cell))
}

/// Whether the columns of a period stand together, and no two of them hold the same: else a period was set over the wrong
/// columns.
fn is_grouped(header: &Header) -> bool {
    let mut times = BTreeSet::new();
    header.headings.chunk_by(|a, b| a.time == b.time).all(|group| {
        let mut held = BTreeSet::new();
        times.insert(&group[0].time) && group.iter().all(|heading| held.insert(heading.indicator))
    })
}

/// The columns of rows in fixed width: those of the row with the most cells, with the period that spans each, and the words
/// above and below. What stands left of all columns is a label.
fn by_place<'r, 'c>(block: &'r [Row<'c>]) -> Option<(bool, Columns<'r, 'c>)> {
    let base = block.iter().max_by_key(|row| row.cells.len())?;
    [false, true].into_iter().find_map(|labelled| {
        let columns: Vec<&Cell<'c>> = base.cells.iter().skip(usize::from(labelled)).collect();
        let left = columns.first()?.column;
        let mut placed: Columns<'r, 'c> = vec![Vec::new(); columns.len()];
        for (at, row) in block.iter().enumerate() {
            let cells: Vec<&'r Cell<'c>> = row.cells.iter().filter(|cell| end(cell) > left).collect();
            let over = if at == 0 { spread(&cells, &columns)? } else { attach(&cells, &columns)? };
            for (column, cell) in placed.iter_mut().zip(over) {
                column.extend(cell.map(|cell| (at, cells[cell])));
            }
        }
        let understood = assemble(0..block.len(), labelled, &placed).headings;
        understood.iter().all(|heading| heading.indicator.is_some()).then_some((labelled, placed))
    })
}
