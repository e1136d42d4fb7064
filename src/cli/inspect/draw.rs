//! A document drawn as text: its rows numbered, its columns lettered, its parts marked. Below the header of each table stands
//! what its columns were taken for. Where a text's cells are only in order its lines are drawn as they stand.

mod columns;
mod parts;

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::cli::inspect::found::{Found, PrintedTable};
use crate::cli::inspect::listing;
use crate::cli::inspect::width::{LINE, cut, cut_as_is, pad};
use crate::document::{Grid, Row};
use crate::problem::escape;
use crate::text::format_count;
use columns::{Columns, TakenFor, is_parted, letters};
use parts::{Line, Part, lines};

/// So many lines are drawn of a document.
const MOST_LINES: usize = 1000;

/// How wide the numbers of rows and the names of parts are.
const GUTTER: usize = 7 + 1 + 8 + 3;

/// What is behind a cell that was not understood.
const UNREAD: &str = " ?";

/// How much of such a cell is drawn, in the narrowest column.
const SHORTEST: usize = 10;

/// Draws a document.
pub(super) fn print(found: &Found<'_>, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "{}", escape(&listing::about(found).line()))?;
    let tables: Vec<PrintedTable<'_>> = found.tables().collect();
    let (mut room, mut is_any_unread) = (MOST_LINES, false);
    for (grid, tables) in by_grid(found, &tables) {
        let drawing = Drawing::new(found, grid, tables, room);
        let drawn = drawing.text();
        room = room.saturating_sub(drawn.len());
        is_any_unread |= drawing.is_any_unread();
        drawn.iter().try_for_each(|line| writeln!(out, "{line}"))?;
        if room == 0 {
            writeln!(out, "\nand more rows; `--cells` lists all")?;
            break;
        }
    }
    if is_any_unread {
        writeln!(out, "\n?  not understood")?;
    }
    Ok(())
}

/// The grids, each with its tables.
fn by_grid<'f>(
    found: &Found<'_>,
    tables: &'f [PrintedTable<'f>],
) -> impl Iterator<Item = (usize, &'f [PrintedTable<'f>])> + use<'f> {
    let of: BTreeMap<usize, &[PrintedTable<'_>]> = tables
        .chunk_by(|one, other| one.grid == other.grid)
        .filter_map(|tables| Some((tables.first()?.grid, tables)))
        .collect();
    (0..found.document.grids.len()).map(move |grid| (grid, of.get(&grid).copied().unwrap_or_default()))
}

/// A grid, its lines, and how they are drawn.
struct Drawing<'f> {
    grid: &'f Grid<'f>,
    lines: Vec<Line<'f>>,
    /// The rows among the lines.
    rows: Vec<&'f Row<'f>>,
    columns: Columns,
    /// What the columns of each table were taken for, by the table's place.
    taken_for: BTreeMap<usize, TakenFor<'f>>,
}

impl<'f> Drawing<'f> {
    fn new(found: &'f Found<'_>, at: usize, tables: &[PrintedTable<'f>], room: usize) -> Drawing<'f> {
        let grid = &found.document.grids[at];
        let mut lines = lines(found, at, tables);
        lines.truncate(room);
        let read = lines.iter().filter_map(|line| match line {
            Line::Columns(of) => Some((of.index, TakenFor::new(found, *of))),
            _ => None,
        });
        let taken_for: BTreeMap<usize, TakenFor<'f>> = read.collect();
        let rows: Vec<&Row<'_>> = lines
            .iter()
            .filter_map(|line| if let Line::Row(at, ..) = line { grid.rows.get(*at) } else { None })
            .collect();
        let columns = Columns::new(&rows, &taken_for, LINE - GUTTER);
        Drawing { grid, lines, rows, columns, taken_for }
    }

    /// The lines as text.
    fn text(&self) -> Vec<String> {
        if self.lines.is_empty() {
            return Vec::new();
        }
        self.heading().into_iter().chain(self.lines.iter().map(|line| self.line(line))).collect()
    }

    /// A blank line, the name of the sheet, and the letters of columns; characters are counted where there are no columns.
    fn heading(&self) -> Vec<String> {
        let letters = |at: usize| letters(self.grid, &self.rows, at);
        let sheet = self.grid.sheet.as_ref().map(|sheet| cut(&format!("sheet \"{sheet}\""), LINE));
        let elided = self.columns.elided.filter(|_| self.has_columns()).map(|(first, last)| {
            let count = format_count(last - first + 1, "column");
            format!("{count} elided: {} to {}", letters(first), letters(last))
        });
        let above: Vec<String> = sheet.into_iter().chain(elided).collect();
        let above = (!above.is_empty()).then(|| above.join(", "));
        let all = self.rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
        let letters = if self.has_columns() { self.columns.line(all, letters) } else { ruler() };
        std::iter::once(String::new()).chain(above).chain([gutter("", "", &letters)]).collect()
    }

    /// Whether cells are drawn in columns.
    fn has_columns(&self) -> bool {
        self.grid.sheet.is_some() || self.rows.iter().any(|row| row.is_aligned && is_parted(row))
    }

    fn line(&self, line: &Line<'_>) -> String {
        match line {
            Line::Row(at, part, table) => self.row(&self.grid.rows[*at], *part, *table),
            Line::Columns(of) => self.read_as(*of),
            Line::Elided(count, first, last) => {
                gutter("…", "", &format!("{} elided: {first} to {last}", format_count(*count, "row")))
            }
            Line::Gap => String::new(),
        }
    }

    fn row(&self, row: &Row<'_>, part: Part, table: Option<PrintedTable<'_>>) -> String {
        let unread = self.unread(row, part, table);
        let text = if self.has_columns() && (row.is_aligned || !is_parted(row)) {
            let cells = row.cells.iter().rposition(|cell| !cell.text.is_empty()).map_or(0, |last| last + 1);
            self.columns.line(cells, |at| cell_text(row, at, unread.contains(&at)))
        } else {
            let mark = if unread.is_empty() { "" } else { UNREAD };
            cut_as_is(&row.line, LINE - GUTTER - mark.len()) + mark
        };
        gutter(&row.number.to_string(), part.name(), &text)
    }

    /// The cells of a row that were not understood.
    fn unread(&self, row: &Row<'_>, part: Part, table: Option<PrintedTable<'_>>) -> Vec<usize> {
        let table = table.filter(|_| part == Part::Figures);
        let Some(taken_for) = table.and_then(|of| self.taken_for.get(&of.index)) else { return Vec::new() };
        let cells = row.cells.iter().enumerate();
        cells.filter(|(at, cell)| taken_for.is_unread(row, *at, cell)).map(|(at, _)| at).collect()
    }

    fn is_any_unread(&self) -> bool {
        let is_unread = |line: &Line<'_>| match line {
            Line::Row(at, part, table) => !self.unread(&self.grid.rows[*at], *part, *table).is_empty(),
            Line::Columns(_) | Line::Elided(..) | Line::Gap => false,
        };
        self.lines.iter().any(is_unread)
    }

    /// What the columns of a table were taken for.
    fn read_as(&self, of: PrintedTable<'_>) -> String {
        let Some(taken_for) = self.taken_for.get(&of.index) else { return String::new() };
        let words = taken_for.words();
        let text = if of.table.is_aligned {
            self.columns.line(words.len(), |at| words[at].1.clone())
        } else {
            cut_as_is(&taken_for.line(), LINE - GUTTER)
        };
        gutter("", "read as", &text)
    }
}

/// A cell, marked where it was not understood.
fn cell_text(row: &Row<'_>, at: usize, is_unread: bool) -> String {
    let text = row.cells.get(at).map_or("", |cell| cell.text.as_ref());
    if is_unread { format!("{}{UNREAD}", cut(text, SHORTEST)) } else { text.to_owned() }
}

/// A line behind the number of its row and what it is.
fn gutter(number: &str, part: &str, text: &str) -> String {
    format!("{number:>7} {} │ {text}", pad(part, 8)).trim_end().to_owned()
}

/// `1        10        20`: where the characters of a line stand.
fn ruler() -> String {
    let tens = (10..LINE - GUTTER).step_by(10);
    tens.fold("1".to_owned(), |line, at| pad(&line, at - 1) + &at.to_string())
}
