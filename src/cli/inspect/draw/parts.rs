//! Which part of a document each row is, and which rows are drawn: long runs of one part are elided in the middle.

use std::collections::BTreeSet;

use crate::cli::inspect::found::{Found, PrintedTable};
use crate::document::Row;

/// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Title,
    Header,
    Figures,
    Note,
    Prose,
    LeftOut,
    NotRead,
}

impl Part {
    pub(super) fn name(self) -> &'static str {
        match self {
            Part::Title => "title",
            Part::Header => "header",
            Part::Figures => "figures",
            Part::Note => "note",
            Part::Prose => "prose",
            Part::LeftOut => "left out",
            Part::NotRead => "not read",
        }
    }
}

/// A line of a drawing.
pub(super) enum Line<'f> {
    /// A row of the grid, with the table that it is of.
    Row(usize, Part, Option<PrintedTable<'f>>),
    /// What each column of a table was taken for.
    Columns(PrintedTable<'f>),
    /// Rows that are not drawn: how many, and the numbers of the first and the last.
    Elided(usize, u32, u32),
    /// A blank between two parts.
    Gap,
}

/// The rows at the beginning and at the end of a run that are drawn.
const FIRST: usize = 8;
const LAST: usize = 3;

/// What a row of a grid is: its part, and the place of its table in the document.
type Mark = (Part, Option<usize>);

/// The lines that draw a grid.
pub(super) fn lines<'f>(found: &'f Found<'_>, grid: usize, tables: &[PrintedTable<'f>]) -> Vec<Line<'f>> {
    let rows = &found.document.grids[grid].rows;
    let marks = marks(found, grid, tables).into_iter().enumerate();
    let printed: Vec<(usize, Mark)> = marks.filter(|(at, _)| !rows[*at].is_blank()).collect();
    let begins = tables.first().map_or(0, |table| table.index);
    let mut lines = Vec::new();
    let (mut next, mut told) = (0, BTreeSet::new());
    for run in printed.chunk_by(|(_, one), (_, other)| one == other) {
        let [(first, (part, table)), ..] = run else { continue };
        let table = table.and_then(|index| tables.get(index.checked_sub(begins)?)).copied();
        lines.extend((next > 0 && *first > next).then_some(Line::Gap));
        let is_read = table.filter(|table| *part == Part::Figures && told.insert(table.index));
        lines.extend(is_read.map(Line::Columns));
        let own: Vec<usize> = run.iter().map(|(at, _)| *at).collect();
        lines.extend(elide(rows, &own, |at| Line::Row(at, *part, table)));
        next = own.last().map_or(next, |at| at + 1);
    }
    lines
}

/// The rows of a run; where it is long, the middle is elided.
fn elide<'f>(rows: &[Row<'_>], run: &[usize], line: impl Fn(usize) -> Line<'f>) -> Vec<Line<'f>> {
    let middle = run.get(FIRST..run.len().saturating_sub(LAST)).unwrap_or_default();
    let [first, .., last] = middle else { return run.iter().copied().map(line).collect() };
    let elided = Line::Elided(middle.len(), rows[*first].number, rows[*last].number);
    let end: Vec<Line<'_>> = run[run.len() - LAST..].iter().copied().map(&line).collect();
    run[..FIRST].iter().copied().map(&line).chain([elided]).chain(end).collect()
}

/// What each row of a grid is.
fn marks(found: &Found<'_>, grid: usize, tables: &[PrintedTable<'_>]) -> Vec<Mark> {
    let mut marks = vec![(Part::Prose, None); found.document.grids[grid].rows.len()];
    let mut mark = |rows: &mut dyn Iterator<Item = usize>, part: Part, table: Option<usize>| {
        for at in rows {
            marks[at] = (part, table);
        }
    };
    for of in tables {
        let (table, index) = (of.table, Some(of.index));
        mark(&mut table.title.clone().skip(of.skip), Part::Title, index);
        mark(&mut table.own_header(), Part::Header, index);
        let is_known = found.definition.is_none() || of.table_index.is_some();
        let part = if is_known { Part::Figures } else { Part::NotRead };
        mark(&mut table.body.iter().copied(), part, index);
        mark(&mut table.notes.iter().flat_map(|note| note.rows.clone()), Part::Note, index);
    }
    let stray = found.layouts.get(grid).map_or(&[][..], |layout| &layout.stray);
    mark(&mut stray.iter().copied(), Part::NotRead, None);
    for (at, mark) in marks.iter_mut().enumerate() {
        if found.extracted.left_out.contains_key(&(grid, at)) {
            mark.0 = Part::LeftOut;
        }
    }
    marks
}
