//! Which part of a document each row is, and which rows are drawn: long runs of one part are elided in the middle.

use std::collections::BTreeSet;

use crate::cli::inspect::found::{Found, PrintedTable};

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
    let marks = marks(found, grid, tables);
    let printed: Vec<(usize, Mark)> =
        marks.into_iter().enumerate().filter(|(at, _)| !rows[*at].is_blank()).collect();
    let mut lines = Vec::new();
    let (mut next, mut told) = (0, BTreeSet::new());
    for run in printed.chunk_by(|(_, one), (_, other)| one == other) {
        let Some((first, (part, table))) = run.first().copied() else { continue };
        let begins = tables.first().map_or(0, |table| table.index);
        let table = table.and_then(|index: usize| tables.get(index.checked_sub(begins)?)).copied();
        lines.extend((next > 0 && first > next).then_some(Line::Gap));
        let is_read = table.filter(|table| part == Part::Figures && told.insert(table.index));
        lines.extend(is_read.map(Line::Columns));
        let row = |(at, _): &(usize, Mark)| Line::Row(*at, part, table);
        let elided = run.get(FIRST..run.len().saturating_sub(LAST)).filter(|elided| elided.len() > 1);
        let (begin, end) = elided.map_or((run, &[][..]), |_| (&run[..FIRST], &run[run.len() - LAST..]));
        lines.extend(begin.iter().map(row));
        lines.extend(elided.and_then(|elided| {
            let (first, last) = elided.first().zip(elided.last())?;
            Some(Line::Elided(elided.len(), rows[first.0].number, rows[last.0].number))
        }));
        lines.extend(end.iter().map(row));
        next = run.last().map_or(next, |(at, _)| at + 1);
    }
    lines
}

/// What each row of a grid is.
fn marks(found: &Found<'_>, grid: usize, tables: &[PrintedTable<'_>]) -> Vec<Mark> {
    let mut marks = vec![(Part::Prose, None); found.document.grids[grid].rows.len()];
    let mut mark = |rows: &mut dyn Iterator<Item = usize>, part: Part, table: Option<usize>| {
        rows.for_each(|at| marks.get_mut(at).into_iter().for_each(|mark| *mark = (part, table)));
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
