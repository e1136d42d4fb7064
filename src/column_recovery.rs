//! Text whose columns were lost: copied from a PDF or a web page, one blank parts the cells and groups the thousands, and
//! `2 144 5 565 516 726` has many readings. The one that fits the header and adds up to the table's totals is found, and
//! the row gets its cells back; where there is none, or more than one, the row is in doubt, and no figure of it is read.
//!
//! Documents whose rows have their cells are dismissed at a glance: a header of one cell has two years in it, or stands
//! above a row that begins with one.

mod choose;
mod entry;
mod head;
mod lattice;
mod solve;
mod token;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Cell, Doubt, Grid, Row};
use crate::extract::figure::shortened;
use crate::grammar::footnote;
use crate::grammar::number::NumberConvention;
use crate::layout::tables::is_total;
use crate::regions;
use entry::{Entry, entries};
use head::{Head, heads, slice};
use lattice::{Lattice, Reading};
use solve::{Flattened, MOST_STEPS_IN_ALL, Settled, settle};

/// Parts the cells of the flattened rows of a grid, as far as that can be proven, and notes the doubts.
pub fn part(grid: &mut Grid<'_>) {
    let mut parted = Parted { left: MOST_STEPS_IN_ALL, ..Parted::default() };
    let mut at = 0;
    while at < grid.rows.len() {
        at = parted.table(&grid.rows, at).unwrap_or(at + 1);
    }
    if parted.cells.is_empty() && parted.doubts.is_empty() {
        return;
    }
    for (at, cells) in parted.cells {
        let row = &mut grid.rows[at];
        (row.cells, row.is_aligned) = (cells, false);
    }
    let mut index = 0..;
    grid.rows.retain(|_| index.next().is_none_or(|at| !parted.merged.contains(&at)));
    grid.doubts = parted.doubts;
}

/// What becomes of the rows of a grid.
#[derive(Default)]
struct Parted<'c> {
    /// The cells of the rows that are parted.
    cells: BTreeMap<usize, Vec<Cell<'c>>>,
    /// The rows that went into the row below or above.
    merged: BTreeSet<usize>,
    doubts: Vec<Doubt>,
    /// The steps that are left for the search.
    left: usize,
}

/// A flattened table as its header can be read, and what became of its rows then.
struct Solved<'c> {
    head: Head<'c>,
    entries: Vec<Entry<'c>>,
    settled: Vec<Settled>,
}

impl<'c> Parted<'c> {
    /// Parts the table that begins at a row, and returns where it ends; none where no flattened table begins there.
    fn table(&mut self, rows: &[Row<'c>], at: usize) -> Option<usize> {
        let mut solved: Vec<Solved<'c>> =
            heads(rows, at).into_iter().filter_map(|head| Solved::of(rows, head, &mut self.left)).collect();
        if solved.len() > 1 && solved.iter().filter(|solved| solved.is_whole()).count() == 1 {
            solved.retain(Solved::is_whole);
        }
        let end = solved.iter().map(Solved::end).max()?;
        match <[Solved<'c>; 1]>::try_from(solved) {
            Ok([solved]) => self.take(rows, solved),
            Err(several) => self.doubts.push(header_in_doubt(&rows[at], &several)),
        }
        Some(end)
    }

    fn take(&mut self, rows: &[Row<'c>], solved: Solved<'c>) {
        let Solved { head, entries, settled } = solved;
        for (entry, settled) in entries.iter().zip(&settled) {
            let Some(figures) = &entry.figures else { continue };
            self.merged.extend(entry.above.iter().copied().chain(entry.below));
            let row = &rows[entry.at];
            let cells = match settled {
                Settled::Read(reading) if entry.below.is_none() => {
                    reading_cells(row, &figures.offsets, reading)
                }
                _ => {
                    self.doubts.push(in_doubt(row, entry, settled, head.headings.len()));
                    whole(rows, entry, &figures.offsets)
                }
            };
            self.cells.insert(entry.at, labelled(rows, &head, entry, cells));
        }
        self.cells.extend(head.rows);
    }
}

impl<'c> Solved<'c> {
    /// The table below a header; none where no flattened rows stand there.
    fn of(rows: &[Row<'c>], head: Head<'c>, left: &mut usize) -> Option<Solved<'c>> {
        let entries = entries(rows, &head);
        entries.iter().any(|entry| entry.figures.is_some()).then(|| {
            let settled = settle(&flattened(rows, &head, &entries), left);
            Solved { head, entries, settled }
        })
    }

    fn is_whole(&self) -> bool {
        let read = |(entry, settled): (&Entry<'_>, &Settled)| {
            entry.below.is_none() && matches!(settled, Settled::Read(_))
        };
        self.entries.iter().zip(&self.settled).all(read)
    }

    fn end(&self) -> usize {
        self.entries.last().map_or(self.head.end, |last| last.below.unwrap_or(last.at) + 1)
    }
}

/// A table as the solver takes it. Sums are proven only where every figure is known to the last digit.
fn flattened(rows: &[Row<'_>], head: &Head<'_>, entries: &[Entry<'_>]) -> Flattened {
    let columns = head.headings.len();
    let known: Option<Vec<Lattice>> = entries.iter().map(|entry| exact(rows, entry, columns)).collect();
    let labels: Vec<&str> = entries.iter().map(|entry| entry.label.as_str()).collect();
    let headings: Vec<&str> = head.headings.iter().map(String::as_str).collect();
    if let Some(rows) = known {
        return Flattened { rows, across: weights(&headings), down: weights(&labels) };
    }
    let empty = || Lattice::new(&[], &[]);
    let lattice = |entry: &Entry<'_>| entry.figures.as_ref().map_or_else(empty, |of| of.lattice.clone());
    let rows = entries.iter().map(lattice).collect();
    Flattened { rows, across: vec![0; columns], down: vec![0; entries.len()] }
}

/// The readings of a row whose sums can be proven.
fn exact(rows: &[Row<'_>], entry: &Entry<'_>, columns: usize) -> Option<Lattice> {
    if let Some(figures) = &entry.figures {
        return (figures.exact && entry.below.is_none()).then(|| figures.lattice.clone());
    }
    let cells = &rows[entry.at].cells;
    let figures = cells.get(cells.len().checked_sub(columns)?..)?;
    let value = |cell: &Cell<'_>| match token::token(&cell.text) {
        Some(token) => token.value,
        None => NumberConvention::POINT.parse(&cell.text, 0).ok(),
    };
    let values: Option<Vec<i64>> = figures.iter().map(value).collect();
    let spans: Vec<Vec<(usize, i64)>> =
        values?.iter().zip(1..).map(|(&value, end)| vec![(end, value)]).collect();
    Some(Lattice::new(&spans, &[0]))
}

/// How much each label counts in a sum that is 0: the total against its parts, without those that another of them holds.
/// Nothing counts where there is no total, or more than one.
fn weights(labels: &[&str]) -> Vec<i64> {
    let totals = labels.iter().filter(|label| is_total(label)).count();
    if totals != 1 || labels.len() < 2 {
        return vec![0; labels.len()];
    }
    let code = |label: &&str| regions::resolve(footnote::strip_markers(label)).map(|known| known.region.code);
    let codes: Vec<Option<&str>> = labels.iter().map(code).collect();
    let held = |of: &str| codes.iter().flatten().any(|group| regions::holds(group, of));
    let weight = |(at, label): (usize, &&str)| match codes[at] {
        _ if is_total(label) => -1,
        Some(code) if held(code) => 0,
        _ => 1,
    };
    labels.iter().enumerate().map(weight).collect()
}

/// The cells of a reading.
fn reading_cells<'c>(row: &Row<'c>, offsets: &[usize], reading: &Reading) -> Vec<Cell<'c>> {
    let offset =
        |place: Option<&usize>| place.and_then(|&place| offsets.get(place)).or(offsets.last()).copied();
    let cell = |at: usize| Some(slice(row, offset(reading.get(at))?, offset(reading.get(at + 1))?));
    (0..reading.len()).filter_map(cell).collect()
}

/// All figures of a row as one cell, with those that stand on the line below.
fn whole<'c>(rows: &[Row<'c>], entry: &Entry<'c>, offsets: &[usize]) -> Vec<Cell<'c>> {
    let ends = offsets.first().zip(offsets.last());
    let own = ends.map(|(&from, &to)| slice(&rows[entry.at], from, to));
    let with_below = |own: Cell<'c>| match entry.below {
        None => own,
        Some(at) => Cell { text: format!("{} {}", own.text, rows[at].text()).into(), ..own },
    };
    own.map(with_below).into_iter().filter(|cell| !cell.text.is_empty()).collect()
}

/// Cells with the label before them; an empty one where the other rows have one.
fn labelled<'c>(rows: &[Row<'c>], head: &Head<'c>, entry: &Entry<'c>, cells: Vec<Cell<'c>>) -> Vec<Cell<'c>> {
    let row = &rows[entry.at];
    let start = entry.words.first().map_or(0, |word| word.at);
    let behind = cells.first().map_or(u32::MAX, |cell| cell.column);
    let end = entry.words.iter().rev().find(|word| slice(row, word.at, word.at).column < behind);
    let own = slice(row, start, end.map_or(start, |word| word.at + word.text.len()));
    let label = if entry.above.is_empty() {
        own
    } else {
        let lines = entry.above.iter().map(|&at| rows[at].text()).chain([Cow::Borrowed(&*own.text)]);
        let text = crate::text::fold_whitespace(lines.collect::<Vec<_>>().join(" ").trim()).into_owned();
        Cell::printed(own.column, Cow::Owned(text))
    };
    let printed = !label.text.is_empty() || !head.label.is_empty();
    printed.then_some(label).into_iter().chain(cells).collect()
}

/// Why a row is in doubt.
fn in_doubt(row: &Row<'_>, entry: &Entry<'_>, settled: &Settled, columns: usize) -> Doubt {
    let offsets = entry.figures.as_ref().map_or(&[][..], |figures| &figures.offsets);
    let line = entry.words.first().map_or(0, |word| word.at);
    let end = offsets.last().copied().unwrap_or_default();
    // Where no figures end the line, all of it is in doubt.
    let figures = slice(row, offsets.first().copied().filter(|first| *first < end).unwrap_or(line), end);
    let (message, help) = match settled {
        _ if entry.below.is_some() => (
            "the figures of a row stand on two lines, and their columns are lost".to_owned(),
            "put the row on one line, or take the table from the original, with tabs between its cells",
        ),
        Settled::Open(_, 0) => (
            format!("the columns of this row are lost, and it cannot be read as {columns} cells"),
            "each column needs a figure or a nil mark; take the row from the original, with tabs between its cells",
        ),
        Settled::Open(readings, count) => (
            readings_of(row, offsets, readings, *count),
            "a total that only one of them meets would settle it; so would the original, with tabs between its cells",
        ),
        Settled::Read(_) => Default::default(),
    };
    let width = figures.text.chars().count().max(1);
    Doubt { row: row.number, column: figures.column, width, message, help: help.to_owned() }
}

fn readings_of(row: &Row<'_>, offsets: &[usize], readings: &[Reading], count: u64) -> String {
    let shown = |reading: &Reading| {
        let cells = reading_cells(row, offsets, reading);
        format!("`{}`", cells.iter().map(|cell| cell.text.as_ref()).collect::<Vec<_>>().join(" | "))
    };
    let shown: Vec<String> = readings.iter().map(shown).collect();
    let others = if count > shown.len() as u64 { " …" } else { "" };
    let readings = if count == 1 { "1 reading".to_owned() } else { format!("{count} readings") };
    format!("the columns of this row are lost, and it has {readings}: {}{others}", shown.join(", "))
}

/// Why nothing below a header is read.
fn header_in_doubt(row: &Row<'_>, solved: &[Solved<'_>]) -> Doubt {
    let shown = |solved: &Solved<'_>| format!("`{}`", shortened(&solved.head.headings.join(" | ")));
    let shown: Vec<String> = solved.iter().take(solve::MOST_SHOWN).map(shown).collect();
    Doubt {
        row: row.number,
        column: row.cells.first().map_or(1, |cell| cell.column),
        width: row.text().chars().count().max(1),
        message: format!(
            "the columns of this header are lost, and it has {} readings: {}",
            solved.len(),
            shown.join(", ")
        ),
        help: "take the table from the original, with tabs between its cells".to_owned(),
    }
}

#[cfg(test)]
mod tests;
