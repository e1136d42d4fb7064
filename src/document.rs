//! A document as a person sees it: rows of cells, each with its place. Text and workbooks give the same grid,
//! so that nothing after reading knows a format.
//!
//! A cell's index is its column in a sheet, and where a character separates the cells (`Row::is_aligned`), so that an
//! empty cell moves no figure. Where runs of blanks separate them, cells are only in order, and a row must have one for
//! each column.

pub mod workbook;

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::document::workbook::{Area, Comment, Workbook};
use crate::position::Position;
use crate::problem::Span;

/// What a source file says, and what it is. A document borrows its cells from it.
#[derive(Clone, Debug)]
pub struct Content {
    /// Where it was read from, as messages name it.
    pub path: String,
    /// Its file name, as published data names it.
    pub name: String,
    /// SHA-256 of its bytes, in lower-case hexadecimal.
    pub sha256: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// What it was read as, in words: `text, UTF-8`.
    pub format: String,
    /// What it says.
    pub body: Body,
}

/// What a source file says, before it is parted into cells.
#[derive(Clone, Debug)]
pub enum Body {
    /// Its characters.
    Text(String),
    /// Its characters, some of which stand for others.
    Markdown(String),
    /// Its sheets.
    Workbook(Workbook),
}

/// One source file, parted into cells but not yet understood.
#[derive(Clone, Debug)]
pub struct Document<'c> {
    /// What it was read from.
    pub content: &'c Content,
    /// Its grids in order: one for a text, one for each sheet of a workbook.
    pub grids: Vec<Grid<'c>>,
}

/// Rows of cells.
#[derive(Clone, Debug, Default)]
pub struct Grid<'c> {
    /// The sheet's name; none in text.
    pub sheet: Option<String>,
    /// The rows in order. Ruling lines (`+----+`) hold nothing and are left out.
    pub rows: Vec<Row<'c>>,
    /// Rows whose cells cannot be told apart, in order: their figures stand in one cell, which is not to be read.
    pub ambiguous_rows: Vec<AmbiguousRow>,
    /// What was said of its cells beside them.
    pub comments: Vec<Comment>,
    /// What of it is hidden; none where nothing is.
    pub hidden: Option<Hidden>,
    /// The merged areas of a sheet that is kept whole.
    pub merged: Vec<Area>,
}

/// What of a sheet is hidden from whoever opens the workbook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// Whether all of it is.
    pub sheet: bool,
    /// The rows that are.
    pub rows: BTreeSet<u32>,
    /// The columns that are.
    pub columns: BTreeSet<u32>,
}

/// Why the cells of a row cannot be told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AmbiguousRow {
    /// The number of the row.
    pub row: u32,
    /// Where its figures begin.
    pub column: u32,
    /// How many characters they take.
    pub width: usize,
    /// What is in doubt, and how it can be read.
    pub message: String,
    /// What would settle it.
    pub help: String,
}

/// One line of text, or one row of a sheet.
#[derive(Clone, Debug, Default)]
pub struct Row<'c> {
    /// Its number, from 1.
    pub number: u32,
    /// The line as it stands in the document; empty in a workbook, which has none.
    pub line: Cow<'c, str>,
    /// Its cells, without empty ones at the end. A blank row has none.
    pub cells: Vec<Cell<'c>>,
    /// Whether the index of a cell is its column: in a sheet, and where a character separates the cells. Where runs of blanks do,
    /// an empty cell leaves no trace, and the cells are only in order.
    pub is_aligned: bool,
}

/// One cell.
#[derive(Clone, Debug)]
pub struct Cell<'c> {
    /// Where it begins: the character in the line, or the column of the sheet, from 1.
    pub column: u32,
    /// How far its text is set in, from 1: in a text, where it begins; in a workbook, by blanks and by the cell's style.
    pub set_in: u32,
    /// What is printed in it, without white space around it.
    pub text: Cow<'c, str>,
    /// The number that a workbook holds behind what it shows.
    pub number: Option<&'c f64>,
}

impl<'c> Cell<'c> {
    /// A cell of a text.
    #[must_use]
    pub fn printed(column: u32, text: impl Into<Cow<'c, str>>) -> Cell<'c> {
        Cell { column, set_in: column, text: text.into(), number: None }
    }
}

impl Row<'_> {
    /// Whether nothing is printed in it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.cells.is_empty()
    }

    /// All it says: its only cell, or the whole line where it fell into several.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        match self.cells.as_slice() {
            [cell] => Cow::Borrowed(&cell.text),
            _ if !self.line.is_empty() => Cow::Borrowed(self.line.trim()),
            cells => Cow::Owned(join_cells(cells, " ")),
        }
    }

    /// The line as messages show it, and the character in it, from 1, at which the cell of a column begins.
    #[must_use]
    pub fn display_row(&self, column: u32) -> (String, u32) {
        const BETWEEN: &str = " | ";
        if !self.line.is_empty() || self.cells.is_empty() {
            return (self.line.clone().into_owned(), column);
        }
        let before = self.cells.iter().filter(|cell| cell.column < column && !cell.text.is_empty());
        let at: usize = before.map(|cell| cell.text.chars().count() + BETWEEN.len()).sum();
        (join_cells(&self.cells, BETWEEN), at as u32 + 1)
    }
}

/// The texts of cells that print something.
fn join_cells(cells: &[Cell<'_>], between: &str) -> String {
    let printed = cells.iter().map(|cell| cell.text.as_ref()).filter(|text| !text.is_empty());
    printed.collect::<Vec<_>>().join(between)
}

impl<'c> Grid<'c> {
    /// Whether cells have columns: on a sheet, and where a character separates them.
    #[must_use]
    pub fn is_aligned(&self) -> bool {
        self.sheet.is_some() || self.rows.iter().all(|row| row.cells.len() < 2 || row.is_aligned)
    }

    /// Writes the place of a cell of this grid, as published data name it.
    pub fn write_place(&self, row: u32, column: u32, out: &mut String) {
        match &self.sheet {
            None => {
                let mut digits = itoa::Buffer::new();
                out.push_str(digits.format(row));
                out.push(':');
                out.push_str(digits.format(column));
            }
            Some(_) => out.push_str(&self.place(row, column).to_string()),
        }
    }

    /// The place of a cell of this grid.
    #[must_use]
    pub fn place(&self, row: u32, column: u32) -> Position {
        Position { sheet: self.sheet.clone(), row, column }
    }

    /// Why the cells of a row cannot be told apart, where that is so.
    #[must_use]
    pub fn doubt(&self, number: u32) -> Option<&AmbiguousRow> {
        let at = self.ambiguous_rows.binary_search_by_key(&number, |doubt| doubt.row).ok()?;
        self.ambiguous_rows.get(at)
    }

    /// The row that carries `number`.
    #[must_use]
    pub fn row(&self, number: u32) -> Option<&Row<'c>> {
        let at = self.rows.binary_search_by_key(&number, |row| row.number).ok()?;
        self.rows.get(at)
    }
}

impl Document<'_> {
    /// Marks the cell that begins at `row` and `column` of a grid, with a few words on it.
    #[must_use]
    pub fn span(&self, grid: usize, row: u32, column: u32, label: impl Into<String>) -> Span {
        let grid = &self.grids[grid];
        let found = grid.row(row);
        // A label that stands above its figures shares their column; it is the figure that is meant then.
        let cell = found.and_then(|row| row.cells.iter().rfind(|cell| cell.column == column));
        let (line, at) = found.map(|row| row.display_row(column)).unzip();
        Span {
            file: self.content.path.clone(),
            place: Some(grid.place(row, column)),
            line,
            start: at.unwrap_or(column),
            width: cell.map_or(1, |cell| cell.text.chars().count()),
            label: label.into(),
        }
    }

    /// Marks the document as a whole.
    #[must_use]
    pub fn span_of_file(&self, label: impl Into<String>) -> Span {
        Span::file(self.content.path.clone(), label)
    }
}
