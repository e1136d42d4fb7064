//! The cells of header rows, each given to its columns: by their index, or in fixed width by where they stand.

use std::ops::Range;

use crate::document::{Cell, Row};
use crate::layout::header::{Heading, is_time};

/// A cell and its row.
pub(crate) type Piece<'r, 'c> = (usize, &'r Cell<'c>);

/// Whether runs of blanks alone part the cells, so that what belongs together stands in the same place.
pub(crate) fn is_fixed_width(row: &Row<'_>) -> bool {
    let line: Vec<char> = row.line.chars().collect();
    let before = |cell: &Cell<'_>| line.get(..(cell.column as usize).saturating_sub(1));
    row.cells.iter().skip(1).all(|cell| before(cell).is_some_and(|before| before.ends_with(&[' ', ' '])))
}

/// The cells of each column, from top to bottom.
pub(crate) type Columns<'r, 'c> = Vec<Vec<Piece<'r, 'c>>>;

/// The columns of rows whose cells are counted: with cells shared where every heading is a period then, else where only
/// that makes one of a heading. Lines of one cell above the others are captions, for all columns.
pub(crate) fn by_index<'r, 'c>(block: &'r [Row<'c>]) -> Option<(bool, Columns<'r, 'c>)> {
    let captions = block.iter().take_while(|row| row.cells.len() == 1).count();
    let rows = &block[captions..];
    if rows.iter().any(|row| row.cells.len() == 1) {
        return None;
    }
    let reads = |column: &Vec<Piece<'_, '_>>| Heading::of(column).reading.is_some();
    let labelled = !reads(columns(rows, 0..1, false).first()?);
    let within = usize::from(labelled)..rows.iter().map(|row| row.cells.len()).max()?;
    let shared = columns(block, within.clone(), true);
    let all = shared.iter().all(reads);
    let chosen = |(own, shared)| if all || !reads(&own) { shared } else { own };
    Some((labelled, columns(block, within, false).into_iter().zip(shared).map(chosen).collect()))
}

/// The columns of rows. Where cells are shared, an empty one that is not in the last row stands for the nearest to its
/// left, but not beyond what a row above parts; and a caption stands for all.
pub(crate) fn columns<'r, 'c>(block: &'r [Row<'c>], within: Range<usize>, shared: bool) -> Columns<'r, 'c> {
    let mut columns: Columns<'r, 'c> = vec![Vec::new(); within.len()];
    for (at, row) in block.iter().enumerate() {
        let last_row = at + 1 == block.len();
        let caption = row.cells.first().filter(|_| row.cells.len() == 1);
        let mut last: Option<&'r Cell<'c>> = caption;
        for (column, pieces) in within.clone().zip(&mut columns) {
            let above = block[..at].iter().filter(|above| above.cells.len() > 1);
            let parted = above.into_iter().any(|above| find_printed(above, column).is_some());
            let own = find_printed(row, column).filter(|_| caption.is_none());
            last = own.or(last.filter(|_| shared && !last_row && !parted));
            pieces.extend(last.map(|cell| (at, cell)));
        }
    }
    columns
}

fn find_printed<'r, 'c>(row: &'r Row<'c>, at: usize) -> Option<&'r Cell<'c>> {
    row.cells.get(at).filter(|cell| !cell.text.is_empty())
}

/// The columns of rows in fixed width: those of the row with the most, with what stands above and below each.
pub(crate) fn by_place<'r, 'c>(block: &'r [Row<'c>]) -> Option<(bool, Columns<'r, 'c>)> {
    let times: Vec<Vec<&Cell<'c>>> =
        block.iter().map(|row| row.cells.iter().filter(|cell| is_time(cell)).collect()).collect();
    let most = times.iter().map(Vec::len).max()?;
    let base = times.iter().position(|cells| cells.len() == most)?;
    let mut columns: Columns<'r, 'c> = vec![Vec::new(); most];
    for (row, cells) in times.iter().enumerate() {
        let over = || if row <= base { spread(cells, &times[base]) } else { None };
        let below = over().or_else(|| attach(cells, &times[base]))?;
        for (column, cell) in columns.iter_mut().zip(below) {
            column.extend(cell.map(|at| (row, cells[at])));
        }
    }
    Some((block[base].cells.len() > most, columns))
}

/// For each column, the one of fewer cells below that stands under it. Each must stand under one.
pub(crate) fn attach(cells: &[&Cell<'_>], columns: &[&Cell<'_>]) -> Option<Vec<Option<usize>>> {
    let mut below = vec![None; columns.len()];
    for (at, cell) in cells.iter().enumerate() {
        let over = find_span(cell, columns);
        if over.len() != 1 || below[over.start].replace(at).is_some() {
            return None;
        }
    }
    Some(below)
}

/// The columns that have characters above or below a cell's.
fn find_span(cell: &Cell<'_>, columns: &[&Cell<'_>]) -> Range<usize> {
    let first = columns.partition_point(|column| end(column) <= cell.column);
    first..first.max(columns.partition_point(|column| column.column < end(cell)))
}

/// For each column, the one of as many or fewer cells above that spans it: each begins or ends with the first column it
/// spans, or stands in the middle of equally many; a single one before them all is a caption.
pub(crate) fn spread(cells: &[&Cell<'_>], columns: &[&Cell<'_>]) -> Option<Vec<Option<usize>>> {
    if let [caption] = cells
        && caption.column < columns.first()?.column
    {
        return Some(vec![Some(0); columns.len()]);
    }
    let group = columns.len() / cells.len().max(1);
    if cells.len() * group != columns.len()
        || !cells.iter().zip(columns.chunks(group)).all(|(cell, group)| is_amid(cell, group))
    {
        return align(cells, columns);
    }
    Some((0..columns.len()).map(|column| Some(column / group)).collect())
}

fn align(cells: &[&Cell<'_>], columns: &[&Cell<'_>]) -> Option<Vec<Option<usize>>> {
    let meets = |cell: &Cell<'_>, column: &Cell<'_>| cell.column == column.column || end(cell) == end(column);
    let first = |cell: &&Cell<'_>| find_span(cell, columns).find(|&column| meets(cell, columns[column]));
    let firsts: Vec<usize> = cells.iter().map(first).collect::<Option<_>>()?;
    let sound = firsts.first() == Some(&0) && firsts.windows(2).all(|pair| pair[0] < pair[1]);
    let over = |column: usize| firsts.partition_point(|first| *first <= column).checked_sub(1);
    sound.then(|| (0..columns.len()).map(over).collect())
}

/// Whether a cell stands over a single column, or in the middle of several.
pub(crate) fn is_amid(cell: &Cell<'_>, columns: &[&Cell<'_>]) -> bool {
    match columns {
        [_] => find_span(cell, columns) == (0..1),
        [first, .., last] => (cell.column + end(cell)).abs_diff(first.column + end(last)) <= 2,
        [] => false,
    }
}

/// The character after a cell's last.
pub(crate) fn end(cell: &Cell<'_>) -> u32 {
    cell.column + cell.text.chars().count() as u32
}
