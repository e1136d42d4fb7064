//! Where figures stand on a sheet, and the rows above them that head their columns.

use crate::document::{Cell, Grid, Row};
use crate::layout::figures::is_figure;
use crate::layout::header::read;

/// Rows of figures under one header.
#[derive(Clone, Debug, Default)]
pub struct FigureRegion {
    /// The first row that belongs to no table above.
    pub above: usize,
    /// The header rows, blank ones left out.
    pub header: Vec<usize>,
    /// The rows of figures.
    pub data: Vec<usize>,
    /// The rows among them that have none.
    pub words: Vec<usize>,
    /// The columns in which most rows print figures.
    pub columns: Vec<usize>,
}

/// No label is longer.
const LONGEST_LABEL: usize = 80;

/// Fewer figures are numbers in prose.
const FEWEST_FIGURES: usize = 4;

/// The most rows of a header.
const MOST_ROWS: usize = 8;

/// The most rows without figures among those with some.
const MOST_WORDS: usize = 12;

/// The regions of figures of a sheet, one below another.
pub fn find_regions(grid: &Grid<'_>) -> Vec<FigureRegion> {
    let counts: Vec<usize> = grid.rows.iter().map(count_numbers).collect();
    let mut filled: Vec<usize> = counts.iter().copied().filter(|count| *count > 0).collect();
    filled.sort_unstable();
    let usual = filled.get(filled.len() / 2).copied().unwrap_or_default();
    let numeric = numeric_columns(grid);
    let is_data = |at: usize| {
        let symbols = count_symbols(&grid.rows[at]);
        let is_filled = counts[at] > 0 && counts[at] * 4 >= usual || symbols > 1 && symbols * 2 >= usual;
        is_filled && !is_heading(&grid.rows, at) && !heads_columns(&grid.rows[at], &numeric)
    };
    let mut regions: Vec<FigureRegion> = Vec::new();
    let (mut at, mut above) = (0, 0);
    while at < grid.rows.len() {
        if !is_data(at) {
            at += 1;
            continue;
        }
        let (data, words) = follow(grid, at, &is_data, &numeric);
        let end = data.last().map_or(at, |last| last + 1).max(at + 1);
        let figures: usize = data.iter().map(|row| counts[*row]).sum();
        let region =
            (figures >= FEWEST_FIGURES).then(|| find_region(grid, above..at, (data, words))).flatten();
        above = if region.is_some() { end } else { above };
        regions.extend(region);
        at = end;
    }
    regions
}

/// The region of rows of figures and of words among them, where a header stands above them.
fn find_region(
    grid: &Grid<'_>,
    above: std::ops::Range<usize>,
    (mut data, words): (Vec<usize>, Vec<usize>),
) -> Option<FigureRegion> {
    let columns = figure_columns(grid, &data);
    let figures: Vec<usize> =
        columns.iter().copied().filter(|column| !are_periods(grid, &data, *column)).collect();
    let (header, sections) = find_header(grid, above.clone(), &figures)?;
    let is_filled = |row: &usize| {
        let cells = grid.rows[*row].cells.iter().enumerate();
        let mut printed = cells.filter(|(_, cell)| !cell.text.is_empty() && !is_word(cell));
        printed.any(|(column, _)| figures.contains(&column))
    };
    let (filled, words): (Vec<usize>, Vec<usize>) = sections.into_iter().chain(words).partition(is_filled);
    data.extend(filled);
    data.sort_unstable();
    Some(FigureRegion { above: above.start, header, data, words, columns })
}

/// The rows of figures from one on, and the rows of words among them, up to a row that heads columns anew.
fn follow(
    grid: &Grid<'_>,
    from: usize,
    is_data: &impl Fn(usize) -> bool,
    numeric: &[bool],
) -> (Vec<usize>, Vec<usize>) {
    let (mut data, mut words, mut open) = (Vec::new(), Vec::new(), Vec::new());
    for at in from..grid.rows.len() {
        if is_data(at) {
            data.push(at);
            words.append(&mut open);
            continue;
        }
        let row = &grid.rows[at];
        if heads_columns(row, numeric) || open.len() > MOST_WORDS {
            break;
        }
        // A long line of words is a note: no table goes on below it.
        let is_prose = |cell: &Cell<'_>| cell.text.chars().count() > LONGEST_LABEL;
        if row.cells.iter().filter(|cell| !cell.text.is_empty()).all(is_prose) && !row.is_blank() {
            break;
        }
        if !row.is_blank() {
            open.push(at);
        }
    }
    (data, words)
}

/// Whether a row prints words in several columns of numbers.
fn heads_columns(row: &Row<'_>, numeric: &[bool]) -> bool {
    row.cells.iter().zip(numeric).filter(|(cell, is_numeric)| **is_numeric && is_word(cell)).count() > 1
}

/// Whether a cell prints words.
fn is_word(cell: &Cell<'_>) -> bool {
    cell.text.contains(char::is_alphabetic) && !is_figure(cell)
}

/// Which columns of a sheet print numbers more often than words.
fn numeric_columns(grid: &Grid<'_>) -> Vec<bool> {
    let width = grid.rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    let mut balance = vec![0_i64; width];
    for row in &grid.rows {
        for (balance, cell) in balance.iter_mut().zip(&row.cells).filter(|(_, cell)| !cell.text.is_empty()) {
            *balance += if is_number(cell) { 1 } else { -i64::from(cell.text.contains(char::is_alphabetic)) };
        }
    }
    balance.into_iter().map(|balance| balance > 0).collect()
}

/// Whether all numbers of a row are periods, and figures stand below: a header of years.
fn is_heading(rows: &[Row<'_>], at: usize) -> bool {
    let numbers: Vec<usize> = rows[at]
        .cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| is_number(cell))
        .map(|(column, _)| column)
        .collect();
    let is_period = |column: &usize| read(&rows[at].cells[*column].text).is_some();
    let below = rows[at + 1..].iter().find(|row| !row.is_blank());
    let goes_on = |row: &Row<'_>| {
        let number = |column: &usize| {
            row.cells.get(*column).is_some_and(|cell| is_number(cell) && read(&cell.text).is_none())
        };
        numbers.iter().any(number)
    };
    !numbers.is_empty() && numbers.iter().all(is_period) && (below.is_some_and(goes_on) || numbers.len() > 2)
}

fn count_numbers(row: &Row<'_>) -> usize {
    row.cells.iter().filter(|cell| is_number(cell)).count()
}

/// How many cells behind the first print something that is neither a number nor a word.
fn count_symbols(row: &Row<'_>) -> usize {
    const UNITS: [&str; 6] = ["%", "％", "£", "$", "€", "¥"];
    let is_unit = |text: &str| UNITS.contains(&text) || text.contains(char::is_alphanumeric);
    let is_symbol = |cell: &&Cell<'_>| !cell.text.is_empty() && !is_unit(&cell.text) && !is_number(cell);
    row.cells.iter().skip(1).filter(is_symbol).count()
}

/// Whether a cell prints a number.
pub fn is_number(cell: &Cell<'_>) -> bool {
    !cell.text.is_empty() && cell.text.contains(|c: char| c.is_ascii_digit()) && is_figure(cell)
}

/// The columns in which at least a few rows print numbers, and most of what is printed are numbers.
fn figure_columns(grid: &Grid<'_>, data: &[usize]) -> Vec<usize> {
    let width = data.iter().map(|at| grid.rows[*at].cells.len()).max().unwrap_or_default();
    let is_figures = |column: &usize| {
        let cells = || {
            data.iter()
                .filter_map(|at| grid.rows[*at].cells.get(*column))
                .filter(|cell| !cell.text.is_empty())
        };
        let numbers = cells().filter(|cell| is_number(cell)).count();
        let figures = cells().filter(|cell| is_figure(cell)).count();
        numbers > 0 && figures * 2 > cells().count()
    };
    (0..width).filter(is_figures).collect()
}

/// The rows above figures that head their columns, up to one that prints nothing above them, or only a single cell; and the
/// headings of sections between.
fn find_header(
    grid: &Grid<'_>,
    within: std::ops::Range<usize>,
    columns: &[usize],
) -> Option<(Vec<usize>, Vec<usize>)> {
    let (mut header, mut sections) = (Vec::new(), Vec::new());
    let mut blanks = 0;
    for at in within.rev() {
        let printed = printed_columns(&grid.rows[at]);
        let heads = printed.iter().any(|column| columns.contains(column));
        match printed.as_slice() {
            [] => blanks += 1,
            [_] | [_, _] if header.is_empty() && !heads => sections.push(at),
            // A single cell above a header is its caption, or says the unit.
            [_] if !header.is_empty() || !heads => break,
            _ if heads => header.push(at),
            _ => break,
        }
        if blanks > 2 || blanks > 0 && header.len() > 1 && printed.is_empty() || header.len() == MOST_ROWS {
            break;
        }
    }
    header.reverse();
    sections.reverse();
    (!header.is_empty()).then_some((header, sections))
}

/// Whether most of what a column prints are periods.
fn are_periods(grid: &Grid<'_>, data: &[usize], column: usize) -> bool {
    let cells = || {
        data.iter().filter_map(|row| grid.rows[*row].cells.get(column)).filter(|cell| !cell.text.is_empty())
    };
    cells().filter(|cell| read(&cell.text).is_some()).count() * 2 > cells().count()
}

fn printed_columns(row: &Row<'_>) -> Vec<usize> {
    let cells = row.cells.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty());
    cells.map(|(column, _)| column).collect()
}
