//! The columns of a drawing: how wide each is, which are drawn, and what a definition takes them for.

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthStr;

use crate::cli::inspect::found::{Found, PrintedTable};
use crate::cli::inspect::width::{cut, pad};
use crate::document::{Cell, Grid, Row};
use crate::extract::columns::{ColumnContent, HeadingCodes, read_codes, read_columns};
use crate::extract::figure::Reading;
use crate::extract::row_selection::{RowSelection, headings};
use crate::grammar::indicator::Indicator;
use crate::position::column_letters;

/// How wide a label and another cell may be: the first pair with which all columns find room, else the last.
const WIDEST: [(usize, usize); 4] = [(48, 24), (28, 16), (28, 12), (18, 12)];

/// What stands between two cells.
const BETWEEN: &str = " │ ";

/// The columns of a grid that are drawn.
pub(super) struct Columns {
    /// The index and width of each.
    drawn: Vec<(usize, usize)>,
    /// The first and the last that is not drawn.
    pub elided: Option<(usize, usize)>,
    room: usize,
}

impl Columns {
    /// As wide as what some rows print and is said of the columns, and as many as find room.
    pub(super) fn new(rows: &[&Row<'_>], taken_for: &BTreeMap<usize, TakenFor<'_>>, room: usize) -> Columns {
        let widths = WIDEST.map(|widest| Columns::fit(&widths(rows, taken_for, widest), room));
        let [.., least] = &widths;
        let least = Columns { drawn: least.drawn.clone(), ..*least };
        widths.into_iter().find(|columns| columns.elided.is_none()).unwrap_or(least)
    }

    /// The first columns, and where not all have room the last one.
    fn fit(widths: &[usize], room: usize) -> Columns {
        let all: Vec<(usize, usize)> = widths.iter().copied().enumerate().collect();
        let taken = |columns: &[(usize, usize)]| columns.iter().map(|(_, width)| width + 3).sum::<usize>();
        let Some(last) = all.last().copied().filter(|_| taken(&all) > room + 3) else {
            return Columns { drawn: all, elided: None, room };
        };
        let rest = room.saturating_sub(last.1 + 4);
        let first = (1..all.len()).rev().find(|count| taken(&all[..*count]) <= rest).unwrap_or(1);
        let elided = (first < last.0).then(|| (first, last.0 - 1));
        let drawn = all.into_iter().take(first).chain([last]).collect();
        Columns { drawn, elided, room }
    }

    /// A line of so many cells. The last of them goes on over the columns behind it, where these are empty.
    pub(super) fn line(&self, cells: usize, cell: impl Fn(usize) -> String) -> String {
        let mut line = String::new();
        for &(at, width) in self.drawn.iter().take_while(|(at, _)| *at < cells) {
            let is_behind = self.elided.is_some_and(|(_, last)| at == last + 1);
            line += if is_behind { " │ …" } else { "" };
            line += if at > 0 { BETWEEN } else { "" };
            let width = if at + 1 == cells { self.room.saturating_sub(line.width()) } else { width };
            line += &if at + 1 == cells { cut(&cell(at), width) } else { pad(&cut(&cell(at), width), width) };
        }
        let is_elided = |at: usize| self.elided.is_some_and(|(first, last)| (first..=last).contains(&at));
        let goes_on = cells.checked_sub(1).is_some_and(is_elided);
        line + if goes_on { " │ …" } else { "" }
    }
}

/// How wide each column is.
fn widths(
    rows: &[&Row<'_>],
    taken_for: &BTreeMap<usize, TakenFor<'_>>,
    (label, other): (usize, usize),
) -> Vec<usize> {
    let count = rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
    let labels = taken_for.values().map(|of| of.labels).max().unwrap_or_default().max(1);
    let parted = rows.iter().filter(|row| is_parted(row));
    let cells = parted.flat_map(|row| row.cells.iter().map(|cell| cell.text.as_ref()).enumerate());
    let words = taken_for.values().flat_map(|of| of.words.iter().map(|(_, word)| word.as_str()).enumerate());
    let mut widths = vec![column_letters(count as u32).len(); count];
    for (at, text) in cells.chain(words) {
        let most = if at < labels { label } else { other };
        if let Some(width) = widths.get_mut(at) {
            *width = (*width).max(cut(text, most).width());
        }
    }
    widths
}

/// The letters of a column: those of the sheet, or its order in a text.
pub(super) fn letters(grid: &Grid<'_>, rows: &[&Row<'_>], at: usize) -> String {
    let cell = rows.iter().find_map(|row| row.cells.get(at)).filter(|_| grid.sheet.is_some());
    column_letters(cell.map_or(at as u32 + 1, |cell| cell.column))
}

/// Whether a row has more than one cell that prints something.
pub(super) fn is_parted(row: &Row<'_>) -> bool {
    row.cells.iter().filter(|cell| !cell.text.is_empty()).nth(1).is_some()
}

/// What a table's columns were taken for.
pub(super) struct TakenFor<'f> {
    /// What each says, with where it begins in a text whose cells are only in order.
    words: Vec<(u32, String)>,
    /// What is below each heading.
    contents: Vec<ColumnContent>,
    /// How many columns of labels there are.
    pub labels: usize,
    of: PrintedTable<'f>,
    reading: Option<Reading<'f>>,
}

impl<'f> TakenFor<'f> {
    pub(super) fn new(found: &'f Found<'_>, of: PrintedTable<'f>) -> TakenFor<'f> {
        let own = found.table_definition(of);
        let contents = read_columns(&of.table.header, found.definition, own);
        let labels = if of.table.header.labelled { of.table.header.attributes + 1 } else { 0 };
        let roles = own.map_or(&[][..], |own| own.row_roles());
        let (reading, _) =
            Reading::of(found.document, of.grid, of.table, found.definition, roles, &found.known);
        let measure = own.and_then(|own| own.measure).unwrap_or_default();
        let words = if of.table.across.is_some() {
            across(found, of, &reading)
        } else {
            let rows = &found.grid(of).rows;
            let first = of.table.body.iter().map(|&at| &rows[at]).find(|row| of.table.parts(row).0.is_some());
            let begins = |at: usize| first.and_then(|row| row.cells.get(at)).map_or(1, |cell| cell.column);
            let stub = (0..labels).map(|at| (begins(at), label_words(found, of, at)));
            stub.chain(headings_words(found, of, &contents)).collect()
        };
        let reading = own.map(|_| Reading { measure, ..reading });
        TakenFor { words, contents, labels, of, reading }
    }

    /// What each column was taken for.
    pub(super) fn words(&self) -> &[(u32, String)] {
        &self.words
    }

    /// The words, each where its heading begins in the line.
    pub(super) fn line(&self) -> String {
        let mut line = String::new();
        for (column, word) in &self.words {
            let gap = usize::from(!line.is_empty());
            line = pad(&line, (*column as usize - 1).max(line.width() + gap)) + word;
        }
        line
    }

    /// Whether a cell of a row stands in a column of figures and is none.
    pub(super) fn is_unread(&self, row: &Row<'_>, place: usize, cell: &Cell<'_>) -> bool {
        let Some(reading) = self.reading.filter(|_| !cell.text.is_empty()) else { return false };
        let figures = self.of.table.parts(row).1;
        let Some(at) = place.checked_sub(row.cells.len() - figures.len()) else { return false };
        let is_figures = |at: usize| matches!(self.contents.get(at), Some(ColumnContent::Figures(_)));
        self.of.table.across.is_none() && is_figures(at) && reading.read(cell).is_err()
    }
}

/// What a label column names.
fn label_words(found: &Found<'_>, of: PrintedTable<'_>, at: usize) -> String {
    let Some((definition, own)) = found.definition.zip(found.table_definition(of)) else {
        return if at == 0 { "labels".into() } else { String::new() };
    };
    if let Some((frame, framed)) = own.frame.as_ref().zip(of.table.frame.as_ref()) {
        let columns = framed.stub.iter().zip(&frame.stub);
        let roles = columns.filter(|(column, _)| **column == at).flat_map(|(_, column)| &column.roles);
        return roles.map(|role| definition.role_name(*role)).collect::<Vec<_>>().join("/");
    }
    let headings = headings(of.table, &found.grid(of).rows);
    let selection = RowSelection::new(&headings, &own.label_columns);
    selection.roles(at).iter().map(|role| definition.role_name(*role)).collect::<Vec<_>>().join("/")
}

/// What each column below a heading holds.
fn headings_words(found: &Found<'_>, of: PrintedTable<'_>, contents: &[ColumnContent]) -> Vec<(u32, String)> {
    let own = found.definition.zip(found.table_definition(of));
    let words = of.table.header.headings.iter().zip(contents).map(|(heading, content)| {
        let codes = own.map(|(definition, own)| read_codes(heading, definition, own)).unwrap_or_default();
        let word = [content_word(content), codes_word(found, &codes)];
        let word = word.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        (heading.column, word)
    });
    words.collect()
}

fn content_word(content: &ColumnContent) -> String {
    match content {
        ColumnContent::Figures(period) => period.to_string(),
        ColumnContent::Indicator(indicator, _) | ColumnContent::Baseless(indicator) => {
            indicator.name().to_owned()
        }
        ColumnContent::Undated => Indicator::Figures.name().to_owned(),
        ColumnContent::Ignored => Indicator::Ignored.name().to_owned(),
        ColumnContent::Unresolved(_) | ColumnContent::Unknown => "?".into(),
    }
}

fn codes_word(found: &Found<'_>, codes: &HeadingCodes) -> String {
    let Some(definition) = found.definition else { return String::new() };
    let code = |(at, label): &(usize, String)| Some(definition.dimensions[*at].resolve(label)?.code);
    let measure = codes.measure.map(|at| definition.measures[at].code());
    codes.labels.iter().filter_map(code).chain(measure).collect::<Vec<_>>().join(" ")
}

/// Where regions run across: the period, then the code of each.
fn across(found: &Found<'_>, of: PrintedTable<'_>, reading: &Reading<'_>) -> Vec<(u32, String)> {
    let rows = &found.grid(of).rows;
    let period = "period";
    let is_ignored = |cell: &Cell<'_>| found.definition.is_some_and(|of| of.ignores(&cell.text));
    let unnamed = |cell: &Cell<'_>| if is_ignored(cell) { Indicator::Ignored.name() } else { "?" };
    let named = |cell: &Cell<'_>| reading.resolve(reading.label(&cell.text).text);
    let code = |cell: &Cell<'_>| named(cell).map_or(unnamed(cell), |of| of.code);
    let codes = of.table.regions(rows).iter().map(|cell| (cell.column, code(cell).to_owned()));
    std::iter::once((1, period.to_owned())).chain(codes).collect()
}
