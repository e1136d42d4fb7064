//! A sheet as grids of rows, as a person sees them: tables that stand side by side are grids of their own, and columns
//! that only part others are left out.
//!
//! Where a blank column has labels and figures of their own behind it, tables stand side by side; other blank columns,
//! and what is blank around, are left out. What a merged cell says labels each row of figures it goes down over. A date
//! is what it shows: the year alone is a heading. From here on nothing knows that it was a sheet, except that its name is
//! a title where the lines above a table are none, and that a caption may stand below a title.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use crate::document::workbook::{CellValue, Comment, Sheet, SheetCell, Workbook};
use crate::document::{Cell, Grid, Hidden, Row};
use crate::input::workbook::series;
use crate::layout::figures::is_figure;
use crate::layout::header;

/// The grids of a sheet, from left to right within what stands one under another.
pub(super) fn grids<'w>(sheet: &'w Sheet, workbook: &'w Workbook) -> Vec<Grid<'w>> {
    let mut rows: Vec<Row<'w>> =
        sheet.cells.chunk_by(|one, other| one.row == other.row).map(|cells| row(cells, workbook)).collect();
    fill_merged(&mut rows, sheet);
    let hidden = hidden(sheet);
    let mut comments = sheet.comments.clone();
    let mut grids: Vec<Grid<'w>> = Vec::new();
    for part in cut(rows) {
        let within = |comment: &mut Comment| holds(&part, comment);
        grids.push(Grid {
            sheet: Some(sheet.name.clone()),
            comments: comments.extract_if(.., within).collect(),
            hidden: hidden.clone(),
            rows: series::join_rows(laid_out(part)),
            ..Grid::default()
        });
    }
    // Those on empty cells belong to no table.
    if let Some(grid) = grids.first_mut() {
        grid.comments.append(&mut comments);
    }
    grids
}

/// A sheet as one grid with all its columns.
pub(super) fn whole<'w>(sheet: &'w Sheet, workbook: &'w Workbook) -> Grid<'w> {
    let cells = sheet.cells.chunk_by(|one, other| one.row == other.row);
    let mut rows: Vec<Row<'w>> = cells.map(|cells| row(cells, workbook)).collect();
    fill_merged(&mut rows, sheet);
    let last = columns(&rows).last().copied().unwrap_or_default();
    let all: Vec<u32> = (1..=last).collect();
    Grid {
        sheet: Some(sheet.name.clone()),
        comments: sheet.comments.clone(),
        hidden: hidden(sheet),
        rows: lay_out(rows, &all),
        merged: sheet.merged.clone(),
        ..Grid::default()
    }
}

/// Whether a comment stands at a cell of some rows.
fn holds(rows: &[Row<'_>], comment: &Comment) -> bool {
    let row = rows.binary_search_by_key(&comment.row, |row| row.number).ok().and_then(|at| rows.get(at));
    row.is_some_and(|row| row.cells.iter().any(|cell| cell.column == comment.column))
}

fn hidden(sheet: &Sheet) -> Option<Hidden> {
    let hidden = Hidden {
        sheet: sheet.hidden,
        rows: sheet.hidden_rows.iter().copied().collect(),
        columns: sheet.hidden_columns.iter().copied().collect(),
    };
    (hidden != Hidden::default()).then_some(hidden)
}

/// The cells of a row that hold something.
fn row<'w>(of_row: &'w [SheetCell], workbook: &'w Workbook) -> Row<'w> {
    let number = of_row.first().map_or(1, |cell| cell.row);
    let mut cells = Vec::with_capacity(of_row.len());
    cells.extend(of_row.iter().map(|of| cell(of, workbook)).filter(|cell| !cell.text.is_empty()));
    Row { number, cells, is_aligned: true, ..Row::default() }
}

fn cell<'w>(of: &'w SheetCell, workbook: &'w Workbook) -> Cell<'w> {
    let (text, number) = match &of.value {
        CellValue::Number(number) => {
            let is_figure = !workbook.styles.is_date(of.style);
            (Cow::Owned(workbook.styles.format(*number, of.style)), is_figure.then_some(number))
        }
        CellValue::Text(at) | CellValue::Formula(at) => {
            (Cow::Borrowed(workbook.texts.get(*at as usize).map_or("", String::as_str)), None)
        }
        CellValue::Bool(is_true) => (Cow::Borrowed(if *is_true { "TRUE" } else { "FALSE" }), None),
        CellValue::Error(name) => (Cow::Borrowed(*name), None),
    };
    let blanks = text.chars().take_while(|c| c.is_whitespace()).count() as u32;
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) if text.trim().len() == text.len() => Cow::Owned(text),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    };
    // A step of a style is about as wide as two blanks, and one blank is no indent.
    let set_in = of.column + blanks + 2 * workbook.styles.indent(of.style);
    Cell { column: of.column, set_in, text, number }
}

/// Prints what a merged cell says in each row of figures that it goes down over: it labels all of them.
fn fill_merged(rows: &mut [Row<'_>], sheet: &Sheet) {
    for area in sheet.merged.iter().filter(|area| area.bottom > area.top) {
        let first = rows.partition_point(|row| row.number < area.top);
        let held = rows.get(first).filter(|row| row.number == area.top);
        let Some(label) =
            held.and_then(|row| row.cells.iter().find(|cell| cell.column == area.left)).cloned()
        else {
            continue;
        };
        for row in rows[first + 1..].iter_mut().take_while(|row| row.number <= area.bottom) {
            let at = row.cells.partition_point(|cell| cell.column < area.left);
            let is_free = row.cells.get(at).is_none_or(|cell| cell.column != area.left);
            if is_free && has_figures(row) {
                row.cells.insert(at, label.clone());
            }
        }
    }
}

/// Whether a row has figures that are no periods.
fn has_figures(row: &Row<'_>) -> bool {
    row.cells.iter().any(|cell| is_figure(cell) && header::read(&cell.text).is_none())
}

/// Parts rows where tables stand side by side; where they do so only in some of the rows between blank ones, these alone.
fn cut(rows: Vec<Row<'_>>) -> Vec<Vec<Row<'_>>> {
    let parts = side_by_side(&rows);
    if parts.len() > 1 {
        return parts.into_iter().map(|columns| select_columns(&rows, &columns)).collect();
    }
    let bands: Vec<&[Row<'_>]> = rows.chunk_by(|one, other| other.number == one.number + 1).collect();
    let mut parts: Vec<Vec<RangeInclusive<u32>>> = bands.iter().map(|band| side_by_side(band)).collect();
    for at in (1..bands.len()).rev() {
        if parts[at].len() > 1 && are_titles(bands[at - 1], &parts[at]) {
            let below = parts[at].clone();
            parts[at - 1] = below;
        }
    }
    if parts.iter().all(|parts| parts.len() < 2) {
        return vec![rows];
    }
    let groups = (0..bands.len()).collect::<Vec<_>>();
    let groups = groups.chunk_by(|&one, &other| {
        parts[one] == parts[other] || parts[one].len() < 2 && parts[other].len() < 2
    });
    let cut = |group: &[usize]| {
        let rows: Vec<Row<'_>> = group.iter().flat_map(|&at| bands[at].iter().cloned()).collect();
        let parts = &parts[group[0]];
        if parts.len() > 1 {
            parts.iter().map(|columns| select_columns(&rows, columns)).collect()
        } else {
            vec![rows]
        }
    };
    groups.flat_map(cut).collect()
}

/// Whether rows of words and periods stand above more than one of the tables below them, and nowhere else.
fn are_titles(rows: &[Row<'_>], parts: &[RangeInclusive<u32>]) -> bool {
    let cells = || rows.iter().flat_map(|row| &row.cells);
    let above = |columns: &&RangeInclusive<u32>| cells().any(|cell| columns.contains(&cell.column));
    cells().all(|cell| !is_figure(cell) || header::read(&cell.text).is_some())
        && cells().all(|cell| parts.iter().any(|columns| columns.contains(&cell.column)))
        && parts.iter().filter(above).count() > 1
}

/// The columns of each of the tables that stand side by side: behind a blank column, one begins where there are labels
/// before figures.
fn side_by_side(rows: &[Row<'_>]) -> Vec<RangeInclusive<u32>> {
    let mut parts: Vec<RangeInclusive<u32>> = Vec::new();
    for run in runs(rows) {
        match parts.last_mut() {
            Some(last) if !is_table(rows, &run) => *last = *last.start()..=*run.end(),
            _ => parts.push(run),
        }
    }
    parts
}

/// The columns that aren't blank, in order.
fn columns(rows: &[Row<'_>]) -> Vec<u32> {
    let last = rows.iter().filter_map(|row| row.cells.last()).map(|cell| cell.column).max().unwrap_or(0);
    let mut used = vec![false; last as usize + 1];
    for cell in rows.iter().flat_map(|row| &row.cells) {
        used[cell.column as usize] = true;
    }
    (0..=last).filter(|&column| used[column as usize]).collect()
}

/// Runs of columns that aren't blank.
fn runs(rows: &[Row<'_>]) -> Vec<RangeInclusive<u32>> {
    let mut runs: Vec<RangeInclusive<u32>> = Vec::new();
    for column in columns(rows) {
        match runs.last_mut() {
            Some(run) if *run.end() + 1 == column => *run = *run.start()..=column,
            _ => runs.push(column..=column),
        }
    }
    runs
}

/// How many rows with a label and figures make a table.
const FEWEST_ROWS: usize = 2;

/// Whether columns have rows of a label, in the first of them, and figures.
fn is_table(rows: &[Row<'_>], columns: &RangeInclusive<u32>) -> bool {
    let labelled = |row: &&Row<'_>| {
        let mut cells = between(row, columns).iter();
        let label = cells.next().filter(|cell| cell.column == *columns.start() && !is_figure(cell));
        label.is_some() && cells.any(|cell| is_figure(cell) && header::read(&cell.text).is_none())
    };
    rows.iter().filter(labelled).nth(FEWEST_ROWS - 1).is_some()
}

/// The part of rows in some columns.
fn select_columns<'w>(rows: &[Row<'w>], columns: &RangeInclusive<u32>) -> Vec<Row<'w>> {
    let part = |row: &Row<'w>| Row {
        cells: between(row, columns).to_vec(),
        number: row.number,
        is_aligned: true,
        ..Row::default()
    };
    rows.iter().map(part).filter(|row| !row.is_blank()).collect()
}

/// The cells of a row in some columns.
fn between<'r, 'w>(row: &'r Row<'w>, columns: &RangeInclusive<u32>) -> &'r [Cell<'w>] {
    let from = row.cells.partition_point(|cell| cell.column < *columns.start());
    let to = row.cells.partition_point(|cell| cell.column <= *columns.end());
    row.cells.get(from..to).unwrap_or_default()
}

/// Rows from the first column on, with an empty cell for each that is not blank in all of them, and a blank row where one
/// or more are.
fn laid_out(rows: Vec<Row<'_>>) -> Vec<Row<'_>> {
    let columns = columns(&rows);
    lay_out(rows, &columns)
}

fn lay_out<'w>(rows: Vec<Row<'w>>, columns: &[u32]) -> Vec<Row<'w>> {
    let mut found: Vec<Row<'_>> = Vec::with_capacity(rows.len());
    for row in rows {
        let next = found.last().map_or(row.number, |last: &Row<'_>| last.number + 1);
        found.extend((next < row.number).then(|| Row { number: row.number - 1, ..Row::default() }));
        found.push(with_empty(row, columns));
    }
    found
}

fn with_empty<'w>(row: Row<'w>, columns: &[u32]) -> Row<'w> {
    let last = row.cells.last().map_or(0, |cell| cell.column);
    let columns = &columns[..columns.partition_point(|column| *column <= last)];
    if row.cells.len() == columns.len() {
        return row;
    }
    let mut own = row.cells.into_iter().peekable();
    let cells = columns.iter().map(|&column| {
        own.next_if(|cell| cell.column == column).unwrap_or_else(|| Cell::printed(column, ""))
    });
    Row { cells: cells.collect(), line: row.line, ..row }
}
