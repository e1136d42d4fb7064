//! Where a framed table stands on a sheet: its header, its label columns, its figures and its rows.

use std::ops::Range;

use crate::document::{Cell, Grid, Row};
use crate::layout::figures::is_figure;
use crate::layout::frame::level::can_be_time;
use crate::layout::frame::{Frame, Framed, HeaderPiece, Misfit, matches_name, spread};
use crate::layout::header::{Header, Heading};
use crate::layout::period_path;
use crate::layout::tables::Table;
use crate::regions;
use crate::text::fold_whitespace;

impl Frame {
    /// Whether it can stand on a grid: on a sheet of its name, and where cells have columns.
    pub(super) fn is_of(&self, grid: &Grid<'_>) -> bool {
        let is_named = || grid.sheet.as_deref().is_some_and(|name| self.is_on(name));
        (self.sheets.is_empty() || is_named()) && grid.is_aligned()
    }

    /// Whether it is said to stand on a sheet.
    #[must_use]
    pub fn is_on(&self, sheet: &str) -> bool {
        self.sheets.iter().any(|own| matches_name(own, sheet))
    }

    /// The rows of the header that begins at a row, where there is one, over figures.
    pub(super) fn fit(&self, grid: &Grid<'_>, at: usize) -> Option<Range<usize>> {
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
    pub(super) fn header_rows(&self, grid: &Grid<'_>, at: usize, end: usize) -> Option<Vec<usize>> {
        grid.rows.get(at).filter(|row| !row.is_blank())?;
        let printed = (at..end).filter(|row| !grid.rows[*row].is_blank());
        let rows: Vec<usize> = printed.take(self.header.len()).collect();
        (rows.len() == self.header.len()).then_some(rows)
    }

    /// The columns of labels, and the first of figures: behind the labels, or in a list the only one; none where a heading is
    /// missing.
    fn stub_columns(&self, grid: &Grid<'_>, header: &[usize]) -> Option<(Vec<usize>, usize)> {
        let taken: Vec<usize> = self.taken_columns(width(grid, header));
        let place = |(at, headings): (usize, &Vec<String>)| match headings.as_slice() {
            [] => taken.get(at).copied(),
            _ => taken.iter().copied().find(|column| is_headed(grid, header, *column, headings)),
        };
        let stub: Vec<usize> = self.stub.iter().enumerate().map(place).collect::<Option<_>>()?;
        if let Some(value) = &self.value {
            let is_value = |column: &usize| is_headed(grid, header, *column, std::slice::from_ref(value));
            return Some((stub, taken.into_iter().find(is_value)?));
        }
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
    pub(super) fn place_in_range(&self, grid: &Grid<'_>) -> Result<Table, Misfit> {
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
    pub(super) fn table(&self, grid: &Grid<'_>, rows: Range<usize>, end: usize) -> Table {
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
                    let text = self.header[piece.level].strip_beside_period(&piece.text).to_owned();
                    pieces.push(HeaderPiece { text, ..piece });
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

pub(super) fn beyond<'r, 'c>(row: &'r Row<'c>, first: usize) -> &'r [Cell<'c>] {
    row.cells.get(first..).unwrap_or_default()
}

pub(super) fn printed<'r, 'c>(row: &'r Row<'c>, column: usize) -> Option<&'r Cell<'c>> {
    row.cells.get(column).filter(|cell| !cell.text.is_empty())
}

pub(super) fn piece(level: usize, row: usize, cell: &Cell<'_>) -> HeaderPiece {
    HeaderPiece { level, row, column: cell.column, text: fold_whitespace(&cell.text).into_owned() }
}
