//! A workbook as stored: sheets of cells. What a cell stores and what it shows are kept apart, and empty cells take no
//! room.
//!
//! What is stored counts, what is shown is the label. Headings and labels are texts; a figure is the stored number, exact
//! as far as the measure goes. So a zero shown as a dash needs no proof, and thousands scaled by a format are whole. A
//! date has no number, because a serial number is no figure.

mod styles;

pub use styles::{CellStyle, Styles};

/// A workbook as stored.
#[derive(Clone, Debug, Default)]
pub struct Workbook {
    /// Its sheets in order.
    pub sheets: Vec<Sheet>,
    /// The texts of its cells, which name them by their place here.
    pub texts: Vec<String>,
    /// The styles of its cells, which name them by their place here.
    pub styles: Styles,
}

/// A sheet: cells on a plane without end.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Its name.
    pub name: String,
    /// Whether a person has to unhide it to see it.
    pub hidden: bool,
    /// The cells that hold something, row by row, and from left to right.
    pub cells: Vec<SheetCell>,
    /// The areas of merged cells, whose first cell holds what all of them show.
    pub merged: Vec<Area>,
    /// The rows that are hidden, in order.
    pub hidden_rows: Vec<u32>,
    /// The columns that are hidden, in order.
    pub hidden_columns: Vec<u32>,
    /// What was said of cells beside them.
    pub comments: Vec<Comment>,
}

/// A cell that holds something.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SheetCell {
    /// Its row, from 1.
    pub row: u32,
    /// Its column, from 1.
    pub column: u32,
    /// Its style: the place among those of the workbook.
    pub style: u32,
    /// Its value.
    pub value: CellValue,
}

/// The value that a cell stores.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CellValue {
    /// A number, or a date as its serial number.
    Number(f64),
    /// A text: its place in the workbook's texts.
    Text(u32),
    /// A truth value.
    Bool(bool),
    /// A formula whose result was not stored: the place of its text, `=A1+B1`, in the workbook's texts.
    Formula(u32),
    /// An error, as spreadsheets print it: `#REF!`.
    Error(&'static str),
}

/// Cells from one corner to the other, both inclusive, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Area {
    /// Its first row.
    pub top: u32,
    /// Its first column.
    pub left: u32,
    /// Its last row.
    pub bottom: u32,
    /// Its last column.
    pub right: u32,
}

/// What was said of a cell beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The cell's row.
    pub row: u32,
    /// The cell's column.
    pub column: u32,
    /// What it says.
    pub text: String,
}
