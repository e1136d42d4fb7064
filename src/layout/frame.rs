//! Tables that a definition frames: it says what their header rows and label columns name, so that nothing about their
//! layout is inferred. What is said is held against the sheet: a header stands where its rows fit, and a sheet on which
//! none does is a misfit, told at the cell that fits least.

use std::ops::Range;

use crate::document::{Cell, Grid, Row};
use crate::grammar::footnote;
use crate::grammar::indicator::Indicator;
use crate::grammar::period::heading as time;
use crate::layout::figures::{is_figure, is_number};
use crate::layout::header::{Header, Heading, read};
use crate::layout::period_path;
use crate::layout::tables::{Table, is_total};
use crate::layout::vocabulary::Vocabulary;
use crate::position::CellRange;
use crate::regions;
use crate::text::fold_whitespace;

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
    /// The first column behind its labels.
    pub first: usize,
    /// What the header prints above each column from `first` on; none where the table does not take the column.
    pub columns: Vec<Option<Vec<HeaderPiece>>>,
}

impl Framed {
    /// Whether a column is one of its label columns, or holds its figures.
    #[must_use]
    pub fn takes(&self, column: usize) -> bool {
        match column.checked_sub(self.first) {
            Some(at) => self.columns.get(at).is_some_and(Option::is_some),
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

impl Frame {
    /// Whether it can stand on a grid: on a sheet of its name, and where cells have columns.
    fn is_of(&self, grid: &Grid<'_>) -> bool {
        let sheet = grid.sheet.as_deref();
        let is_named = || sheet.is_some_and(|name| self.is_on(name));
        let is_aligned =
            || sheet.is_some() || grid.rows.iter().all(|row| row.cells.len() < 2 || row.is_aligned);
        (self.sheets.is_empty() || is_named()) && is_aligned()
    }

    /// Whether it is said to stand on a sheet.
    #[must_use]
    pub fn is_on(&self, sheet: &str) -> bool {
        self.sheets.iter().any(|own| matches_name(own, sheet))
    }

    /// The rows of the header that begins at a row, where there is one, over figures.
    fn fit(&self, grid: &Grid<'_>, at: usize) -> Option<Range<usize>> {
        let rows = self.header_rows(grid, at, grid.rows.len())?;
        let last = *rows.last()?;
        let first = self.stub_columns(grid, &rows)?.1;
        let mut levels = rows.iter().zip(&self.header);
        let fits = levels.all(|(row, level)| level.fits(beyond(&grid.rows[*row], first)));
        let names = self.names_something(grid, &rows, first);
        (fits && names && heads_figures(grid, last + 1, first)).then_some(at..last + 1)
    }

    /// Whether a header row that is read prints something.
    fn names_something(&self, grid: &Grid<'_>, rows: &[usize], first: usize) -> bool {
        let stub_is_headed = self.stub.iter().any(|headings| !headings.is_empty());
        let prints_words = |row: &usize| {
            let cells = beyond(&grid.rows[*row], first);
            let mut printed = cells.iter().filter(|cell| !cell.text.is_empty()).peekable();
            printed.peek().is_some() && !printed.any(is_figure)
        };
        stub_is_headed
            || self.header.iter().all(|level| level.is_any) && rows.iter().all(prints_words)
            || rows.iter().zip(&self.header).any(|(row, level)| {
                !level.is_any && beyond(&grid.rows[*row], first).iter().any(|cell| !cell.text.is_empty())
            })
    }

    /// The rows of a header from one on, blank ones left out.
    fn header_rows(&self, grid: &Grid<'_>, at: usize, end: usize) -> Option<Vec<usize>> {
        grid.rows.get(at).filter(|row| !row.is_blank())?;
        let printed = (at..end).filter(|row| !grid.rows[*row].is_blank());
        let rows: Vec<usize> = printed.take(self.header.len()).collect();
        (rows.len() == self.header.len()).then_some(rows)
    }

    /// The columns of labels, and the first behind them; none where a heading is missing.
    fn stub_columns(&self, grid: &Grid<'_>, header: &[usize]) -> Option<(Vec<usize>, usize)> {
        let taken: Vec<usize> = self.taken_columns(width(grid, header));
        let place = |(at, headings): (usize, &Vec<String>)| match headings.as_slice() {
            [] => taken.get(at).copied(),
            _ => taken.iter().copied().find(|column| is_headed(grid, header, *column, headings)),
        };
        let stub: Vec<usize> = self.stub.iter().enumerate().map(place).collect::<Option<_>>()?;
        let first = stub.iter().max().map_or(taken.first().copied().unwrap_or(0), |last| last + 1);
        Some((stub, first))
    }

    /// The columns that it takes, as indices of cells.
    fn taken_columns(&self, width: usize) -> Vec<usize> {
        (0..width).filter(|column| self.takes(*column)).collect()
    }

    fn takes(&self, column: usize) -> bool {
        self.ranges.is_empty() || self.ranges.iter().any(|range| range.has_column(column as u32 + 1))
    }

    /// The table in its range.
    fn place_in_range(&self, grid: &Grid<'_>) -> Result<Table, Misfit> {
        let from = self.ranges.iter().map(|range| range.rows.0).min().unwrap_or(1);
        let to = self.ranges.iter().map(|range| range.rows.1).max().unwrap_or(u32::MAX);
        let first = grid.rows.partition_point(|row| row.number < from);
        let end = grid.rows.partition_point(|row| row.number <= to);
        let first = (first..end).find(|row| !grid.rows[*row].is_blank());
        let rows = first.and_then(|first| self.header_rows(grid, first, end));
        let misfit =
            |message: &str| Misfit { table: self.table, row: first, column: 1, message: message.into() };
        let rows = rows.ok_or_else(|| misfit("the range holds fewer rows than the header has"))?;
        if self.stub_columns(grid, &rows).is_none() {
            return Err(misfit("the header lacks a heading that `stub` names"));
        }
        Ok(self.table(grid, rows[0]..rows[rows.len() - 1] + 1, end))
    }

    /// The table below a header, whose rows end before one.
    fn table(&self, grid: &Grid<'_>, rows: Range<usize>, end: usize) -> Table {
        let header: Vec<usize> = rows.clone().filter(|row| !grid.rows[*row].is_blank()).collect();
        let (stub, first) = self.stub_columns(grid, &header).unwrap_or_default();
        let last = (rows.end..end).rfind(|row| self.has_figure(&grid.rows[*row], first));
        let body: Vec<usize> = (rows.end..last.map_or(rows.end, |last| last + 1))
            .filter(|row| !grid.rows[*row].is_blank())
            .collect();
        let width = header.iter().chain(&body).map(|row| grid.rows[*row].cells.len()).max().unwrap_or(first);
        let columns = self.columns(grid, &header, first..width.max(first));
        let headings = columns
            .iter()
            .enumerate()
            .map(|(at, pieces)| self.heading(pieces.as_deref(), first + at, &header));
        Table {
            title: rows.start..rows.start,
            header: Header {
                headings: headings.collect(),
                rows,
                labelled: first > 0,
                attributes: first.saturating_sub(1),
            },
            is_aligned: true,
            body,
            frame: Some(Framed {
                table: self.table,
                is_placed: !self.sheets.is_empty() || !self.ranges.is_empty(),
                stub,
                first,
                columns,
            }),
            ..Table::default()
        }
    }

    fn has_figure(&self, row: &Row<'_>, first: usize) -> bool {
        let mut cells = row.cells.iter().enumerate().skip(first).filter(|(at, _)| self.takes(*at));
        cells.any(|(_, cell)| !cell.text.is_empty() && is_figure(cell))
    }

    /// What the header prints above each column.
    fn columns(
        &self,
        grid: &Grid<'_>,
        header: &[usize],
        within: Range<usize>,
    ) -> Vec<Option<Vec<HeaderPiece>>> {
        let is_value = |column: usize| {
            self.value
                .as_ref()
                .is_none_or(|value| is_headed(grid, header, column, std::slice::from_ref(value)))
        };
        let mut columns: Vec<Option<Vec<HeaderPiece>>> =
            within.clone().map(|column| (self.takes(column) && is_value(column)).then(Vec::new)).collect();
        let parts: Vec<bool> = self.header.iter().map(|level| level.is_part).collect();
        for level in spread(grid, header, within, &parts) {
            for (pieces, piece) in columns.iter_mut().zip(level) {
                if let (Some(pieces), Some(piece)) = (pieces, piece) {
                    pieces.push(piece);
                }
            }
        }
        columns
    }

    /// The heading of a column, with the period that it names.
    fn heading(&self, pieces: Option<&[HeaderPiece]>, column: usize, header: &[usize]) -> Heading {
        let pieces = pieces.unwrap_or_default();
        let times: Vec<&str> = pieces
            .iter()
            .filter(|piece| self.header[piece.level].is_period)
            .map(|piece| piece.text.as_str())
            .filter(|text| can_be_time(text))
            .collect();
        let texts: Vec<&str> = pieces.iter().map(|piece| piece.text.as_str()).collect();
        let place = pieces.last().map(|piece| (piece.row, piece.column));
        let (row, column) = place.unwrap_or((header.last().copied().unwrap_or_default(), column as u32 + 1));
        let path = period_path::join(&times);
        Heading {
            label: texts.join(" "),
            reading: path.as_ref().map(|path| path.reading.clone()),
            time: path.map(|path| path.text).unwrap_or_default(),
            row,
            column,
            ..Heading::without_period()
        }
    }

    /// Why no header of it stands on a grid: the first cell that does not fit in the rows that fit best.
    fn explain(&self, grid: &Grid<'_>) -> Misfit {
        let first = self.stub.len();
        let fitting = |at: usize| {
            let rows = self.header_rows(grid, at, grid.rows.len())?;
            let cells = rows.iter().zip(&self.header).map(|(row, level)| {
                beyond(&grid.rows[*row], first).iter().filter(|cell| level.knows(cell)).count()
            });
            Some((cells.sum::<usize>(), rows)).filter(|(count, _)| *count > 0)
        };
        let best = (0..grid.rows.len())
            .filter_map(fitting)
            .max_by_key(|(count, rows)| (*count, std::cmp::Reverse(rows[0])));
        let place = best.and_then(|(_, rows)| {
            rows.iter().zip(&self.header).find_map(|(row, level)| {
                let cells = beyond(&grid.rows[*row], first);
                let cell = cells.iter().find(|cell| !cell.text.is_empty() && !level.knows(cell))?;
                Some((*row, cell))
            })
        });
        match place {
            Some((row, cell)) => Misfit {
                table: self.table,
                row: Some(row),
                column: cell.column,
                message: format!(
                    "`{}` does not fit what `header` says of this row",
                    fold_whitespace(&cell.text)
                ),
            },
            None => Misfit {
                table: self.table,
                row: None,
                column: 1,
                message: "no rows of the sheet fit what `header` and `stub` say".into(),
            },
        }
    }
}

/// What each row of a header prints above each column. A cell goes on to the right over what it is merged with; in a header
/// without merged cells until another cell of its row or of one above it begins, but for those of the last row and those
/// that are parts of a heading over several rows.
#[must_use]
pub fn spread(
    grid: &Grid<'_>,
    header: &[usize],
    within: Range<usize>,
    is_part: &[bool],
) -> Vec<Vec<Option<HeaderPiece>>> {
    let numbers: Vec<u32> = header.iter().map(|row| grid.rows[*row].number).collect();
    let has_merged = grid.merged.iter().any(|area| area.right > area.left && numbers.contains(&area.top));
    let mut levels = Vec::with_capacity(header.len());
    for (level, &row) in header.iter().enumerate() {
        let mut last: Option<HeaderPiece> = None;
        let mut pieces = Vec::with_capacity(within.len());
        for column in within.clone() {
            let is_parted =
                || header[..level].iter().any(|above| printed(&grid.rows[*above], column).is_some());
            let goes_on = |last: &HeaderPiece| {
                if has_merged {
                    return is_merged(grid, numbers[level], last.column, column as u32 + 1);
                }
                level + 1 < header.len() && !is_part[level] && !is_parted()
            };
            last = match printed(&grid.rows[row], column) {
                Some(cell) => Some(piece(level, row, cell)),
                None => last.filter(goes_on),
            };
            pieces.push(last.clone());
        }
        levels.push(pieces);
    }
    levels
}

/// Whether a merged area goes from one column over another.
fn is_merged(grid: &Grid<'_>, row: u32, from: u32, column: u32) -> bool {
    grid.merged
        .iter()
        .any(|area| area.top == row && area.left == from && (from..=area.right).contains(&column))
}

impl Level {
    /// Whether most cells that are printed are what it says.
    fn fits(&self, cells: &[Cell<'_>]) -> bool {
        let printed = cells.iter().filter(|cell| !cell.text.is_empty()).count();
        self.is_any || printed > 0 && cells.iter().filter(|cell| self.knows(cell)).count() * 2 > printed
    }

    fn knows(&self, cell: &Cell<'_>) -> bool {
        let text = cell.text.as_ref();
        !text.is_empty()
            && (self.is_any
                || self.words.contains(text)
                || self.is_period && can_be_time(text)
                || self.is_region && regions::resolve(footnote::strip_markers(text)).is_some()
                || Indicator::parse(text).is_some())
    }
}

/// Whether a text can be a part of a period: words of time, or `Total`.
fn can_be_time(text: &str) -> bool {
    let plain = period_path::without_total(footnote::strip_markers(text));
    let is_figure = is_number(plain) && read(plain).is_none();
    !is_figure && !text.is_empty() && names_time(plain, text)
}

fn names_time(plain: &str, text: &str) -> bool {
    plain.is_empty() || read(plain).is_some() || time::mentions_time(plain) || is_total(text)
}

/// Whether figures stand below a header, soon.
fn heads_figures(grid: &Grid<'_>, from: usize, first: usize) -> bool {
    /// Heads of sections may stand above the first figures.
    const NEAR: usize = 12;
    let rows = grid.rows.get(from..).unwrap_or_default().iter().filter(|row| !row.is_blank());
    rows.take(NEAR).any(|row| beyond(row, first).iter().any(|cell| !cell.text.is_empty() && is_figure(cell)))
}

fn width(grid: &Grid<'_>, header: &[usize]) -> usize {
    let from = header.last().copied().unwrap_or_default();
    let below = grid.rows[from..].iter().take(64).map(|row| row.cells.len());
    header.iter().map(|row| grid.rows[*row].cells.len()).chain(below).max().unwrap_or_default()
}

fn is_headed(grid: &Grid<'_>, header: &[usize], column: usize, headings: &[String]) -> bool {
    let cells = header.iter().filter_map(|row| printed(&grid.rows[*row], column));
    cells.into_iter().any(|cell| headings.contains(&regions::normalize(&cell.text)))
}

fn beyond<'r, 'c>(row: &'r Row<'c>, first: usize) -> &'r [Cell<'c>] {
    row.cells.get(first..).unwrap_or_default()
}

fn printed<'r, 'c>(row: &'r Row<'c>, column: usize) -> Option<&'r Cell<'c>> {
    row.cells.get(column).filter(|cell| !cell.text.is_empty())
}

fn piece(level: usize, row: usize, cell: &Cell<'_>) -> HeaderPiece {
    HeaderPiece { level, row, column: cell.column, text: fold_whitespace(&cell.text).into_owned() }
}
