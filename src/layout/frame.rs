//! Tables that a definition frames: it says what their header rows and label columns name, so that nothing about their
//! layout is inferred. What is said is held against the sheet: a header stands where its rows fit, and a sheet on which
//! none does is a misfit, told at the cell that fits least.

mod level;
mod misfit;
mod place;
mod spread;

use std::ops::Range;

use crate::document::Grid;
use crate::layout::tables::Table;
use crate::layout::vocabulary::Vocabulary;
use crate::position::CellRange;
use crate::regions;
pub use spread::spread;

/// How a table is laid out.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// The table of the definition, by its place there.
    pub table: usize,
    /// The names of the sheets it stands on, with `*` for any beginning or end; any sheet where there are none.
    pub sheets: Vec<String>,
    /// The columns and rows it takes; all where there are none.
    pub ranges: Vec<CellRange>,
    /// What its header rows print, from top to bottom.
    pub header: Vec<Level>,
    /// The headings of its label columns, in normal form; a column without is known by its place, from left to right.
    pub stub: Vec<Vec<String>>,
    /// The heading of the column of figures, in normal form, where only one is.
    pub value: Option<String>,
}

/// What a header row prints.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // a set of kinds
pub struct Level {
    /// Whether that can be a period, or a part of one.
    pub is_period: bool,
    /// Whether it can be a region.
    pub is_region: bool,
    /// Whether it can be anything.
    pub is_any: bool,
    /// Other words that it can be.
    pub words: Vocabulary,
    /// Whether a cell of it is one of several parts of a heading that goes over rows, and heads no column but its own.
    pub is_part: bool,
    /// What can stand beside a period in one cell: the words of the only measure, as in `Population 2021`.
    pub beside_period: Vec<String>,
}

/// Where a framed table stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Framed {
    /// The table of the definition, by its place there.
    pub table: usize,
    /// Whether its place alone tells that: its sheet, or its range.
    pub is_placed: bool,
    /// The column of each of its label columns, as an index of cells.
    pub stub: Vec<usize>,
    /// The first column of figures: behind its labels, but in a list labels can stand behind it, too.
    pub first: usize,
    /// What the header prints above each column from `first` on; none where the table does not take the column.
    pub columns: Vec<Option<Vec<HeaderPiece>>>,
}

impl Framed {
    /// Whether a column is one of its label columns, or holds its figures.
    #[must_use]
    pub fn takes(&self, column: usize) -> bool {
        match column.checked_sub(self.first) {
            Some(at) => self.columns.get(at).is_some_and(Option::is_some) || self.stub.contains(&column),
            None => true,
        }
    }
}

/// A cell of the header above a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderPiece {
    /// Which of the header rows it is in.
    pub level: usize,
    /// The index of its row.
    pub row: usize,
    /// Its column in the sheet.
    pub column: u32,
    /// What it prints, white space folded.
    pub text: String,
}

/// A sheet that a framed table should stand on, and does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// The table of the definition, by its place there.
    pub table: usize,
    /// The index of the row that fits best; none where nothing does.
    pub row: Option<usize>,
    /// The column in the sheet, from 1.
    pub column: u32,
    /// What does not fit.
    pub message: String,
}

/// The framed tables of a grid, in the order in which they begin, and the frames that do not fit.
#[must_use]
pub fn find_framed(grid: &Grid<'_>, frames: &[Frame]) -> (Vec<Table>, Vec<Misfit>) {
    let (mut tables, mut misfits) = (Vec::new(), Vec::new());
    let own: Vec<&Frame> = frames.iter().filter(|frame| frame.is_of(grid)).collect();
    for frame in own.iter().filter(|frame| !frame.ranges.is_empty()) {
        match frame.place_in_range(grid) {
            Ok(table) => tables.push(table),
            Err(misfit) => misfits.push(misfit),
        }
    }
    let searched: Vec<&Frame> = own.into_iter().filter(|frame| frame.ranges.is_empty()).collect();
    let starts = find_starts(grid, &searched);
    for (at, (start, frame)) in starts.iter().enumerate() {
        let end = starts.get(at + 1).map_or(grid.rows.len(), |(next, _)| next.start);
        tables.push(frame.table(grid, start.clone(), end));
    }
    let is_found = |frame: &Frame| starts.iter().any(|(_, other)| std::ptr::eq(*other, frame));
    let missing = searched.iter().filter(|frame| !frame.sheets.is_empty() && !is_found(frame));
    misfits.extend(missing.map(|frame| frame.explain(grid)));
    tables.sort_by_key(|table| table.header.rows.start);
    (tables, misfits)
}

/// Where headers of frames stand, one below another.
fn find_starts<'f>(grid: &Grid<'_>, frames: &[&'f Frame]) -> Vec<(Range<usize>, &'f Frame)> {
    let mut starts = Vec::new();
    let mut at = 0;
    while at < grid.rows.len() {
        let fitting = frames.iter().find_map(|frame| Some((frame.fit(grid, at)?, *frame)));
        at = fitting.as_ref().map_or(at + 1, |(rows, _)| rows.end);
        starts.extend(fitting);
    }
    starts
}

/// Whether a name is one of a pattern, which may begin or end with `*`.
#[must_use]
pub fn matches_name(pattern: &str, name: &str) -> bool {
    let (name, own) = (regions::normalize(name), regions::normalize(&pattern.replace('*', " ")));
    match (pattern.starts_with('*'), pattern.ends_with('*')) {
        (false, false) => name == own,
        (false, true) => name.starts_with(&own),
        (true, false) => name.ends_with(&own),
        (true, true) => name.contains(&own),
    }
}
