//! A printed table as a draft needs it: its name, the labels of each of its label columns, and how its figures look.

use std::collections::BTreeSet;

use crate::document::{Cell, Document, Grid, Row};
use crate::draft::framed::DraftFrame;
use crate::grammar::footnote::strip_markers;
use crate::grammar::number::NumberConvention;
use crate::grammar::period::calendar::Calendar;
use crate::layout::figures::{behind_digits, is_figure, is_number};
use crate::layout::tables::{Layout, Table};
use crate::text::fold_whitespace;

/// The most bytes of what stands in place of a figure.
const LONGEST_SYMBOL: usize = 4;

/// More decimals come from a calculation, not from a publisher.
const MOST_DECIMALS: u32 = 6;

/// How many decimals such figures are rounded to.
const USUAL_DECIMALS: u32 = 2;

/// What is printed of a table.
#[derive(Clone, Debug, Default)]
pub struct PrintedTable {
    /// The lines of its title, without markers.
    pub title: Vec<String>,
    /// The sheet it stands on; none in text.
    pub sheet: Option<String>,
    /// Its label columns; none where its rows have no labels.
    pub columns: Vec<PrintedColumn>,
    /// What stands in place of figures.
    pub symbols: BTreeSet<String>,
    /// What stands behind figures.
    pub flags: BTreeSet<String>,
    /// How its figures look where a point parts their decimals, and where a comma does.
    point: FigureStyle,
    comma: FigureStyle,
    /// How many months the periods of its headings have.
    pub months: Vec<u32>,
    /// Its layout, where that is to be said.
    pub frame: Option<DraftFrame>,
}

/// A column of labels.
#[derive(Clone, Debug, Default)]
pub struct PrintedColumn {
    /// What stands above it.
    pub heading: Option<String>,
    /// Its cells, a row after the other; empty where nothing is printed.
    pub cells: Vec<String>,
}

/// How figures look by one convention.
#[derive(Clone, Copy, Debug, Default)]
pub struct FigureStyle {
    /// How many cannot be read so.
    unread: usize,
    /// The most decimals.
    pub decimals: u32,
    /// Whether a figure is below zero.
    pub is_negative: bool,
    /// Whether a workbook stores more decimals than it shows.
    pub is_rounded: bool,
}

impl PrintedTable {
    /// How its figures look, by the convention that reads more of them.
    #[must_use]
    pub fn style(&self) -> FigureStyle {
        if self.comma.unread < self.point.unread { self.comma } else { self.point }
    }

    /// Whether it is a list, each of whose columns of labels tells rows apart.
    #[must_use]
    pub fn is_list(&self) -> bool {
        self.frame.as_ref().is_some_and(|frame| frame.list.is_some())
    }

    /// Whether another document prints this table, too.
    #[must_use]
    pub fn is_same_place(&self, other: &PrintedTable) -> bool {
        let range = |table: &PrintedTable| table.frame.as_ref().map(|frame| frame.range.clone());
        self.title == other.title && self.sheet == other.sheet && range(self) == range(other)
    }
}

/// The tables of a document that have figures.
#[must_use]
pub fn find_printed_tables(document: &Document<'_>, layouts: &[Layout]) -> Vec<PrintedTable> {
    let grids = document.grids.iter().zip(layouts);
    let tables = grids.flat_map(|(grid, layout)| layout.tables.iter().map(move |table| (grid, table)));
    tables.filter(|(_, table)| !table.body.is_empty()).map(|(grid, table)| read_table(grid, table)).collect()
}

fn read_table(grid: &Grid<'_>, table: &Table) -> PrintedTable {
    let title = grid.rows[table.title.clone()].iter().filter(|row| !row.is_blank());
    let title = title.map(|row| strip_markers(fold_whitespace(&row.text()).trim()).to_owned());
    let mut read = PrintedTable {
        title: title.filter(|line| !line.is_empty()).collect(),
        sheet: grid.sheet.clone(),
        months: count_months(table),
        ..PrintedTable::default()
    };
    let header = table.header.rows.clone().next_back().map(|at| &grid.rows[at]);
    for row in table.body.iter().map(|at| &grid.rows[*at]) {
        let (label, figures) = table.parts(row);
        if let Some(label) = label {
            read.add_labels(row, label, figures, header);
        }
        for cell in figures {
            read.add_figure(cell);
        }
    }
    read
}

impl PrintedTable {
    /// The labels of a row: its first, and the words between that and the figures.
    fn add_labels(
        &mut self,
        row: &Row<'_>,
        label: &Cell<'_>,
        figures: &[Cell<'_>],
        header: Option<&Row<'_>>,
    ) {
        let between = row.cells.len().saturating_sub(1 + figures.len());
        let cells: Vec<&Cell<'_>> =
            [label].into_iter().chain(row.cells.iter().skip(1).take(between)).collect();
        let rows = self.columns.first().map_or(0, |column| column.cells.len());
        for at in self.columns.len()..cells.len() {
            let heading = header.and_then(|header| header.cells.get(at));
            let heading = heading.map(|cell| fold_whitespace(cell.text.trim()).into_owned());
            let heading = heading.filter(|text| text.contains(char::is_alphabetic));
            self.columns.push(PrintedColumn { heading, cells: vec![String::new(); rows] });
        }
        for (at, column) in self.columns.iter_mut().enumerate() {
            let text = cells.get(at).map(|cell| strip_markers(fold_whitespace(&cell.text).trim()).to_owned());
            column.cells.push(text.unwrap_or_default());
        }
    }

    pub(in crate::draft) fn add_figure(&mut self, cell: &Cell<'_>) {
        let text = strip_markers(cell.text.trim());
        if text.is_empty() && cell.number.is_none() {
            return;
        }
        if let Some(number) = cell.number {
            self.point.add_stored(*number, text);
            return;
        }
        let (figure, flag) = behind_digits(text);
        let is_flagged = !flag.is_empty() && flag.chars().all(char::is_alphabetic) && is_number(figure);
        let text = if is_flagged { figure } else { text };
        if is_flagged {
            self.flags.insert(flag.to_owned());
        }
        let is_read =
            [self.point.add(NumberConvention::POINT, text), self.comma.add(NumberConvention::COMMA, text)];
        if is_read == [false, false] && (is_figure(cell) || text.len() <= LONGEST_SYMBOL) {
            self.symbols.insert(text.to_owned());
        }
    }
}

impl FigureStyle {
    /// How cells look by the convention that reads more of them.
    pub fn of_cells<'r, 'c: 'r>(cells: impl Iterator<Item = &'r Cell<'c>>) -> FigureStyle {
        let mut table = PrintedTable::default();
        cells.for_each(|cell| table.add_figure(cell));
        table.style()
    }

    /// How figures of both look.
    #[must_use]
    pub fn with(self, other: FigureStyle) -> FigureStyle {
        FigureStyle {
            unread: self.unread + other.unread,
            decimals: self.decimals.max(other.decimals),
            is_negative: self.is_negative || other.is_negative,
            is_rounded: self.is_rounded || other.is_rounded,
        }
    }

    /// Takes in a figure that a workbook stores, and shows as this.
    fn add_stored(&mut self, number: f64, text: &str) {
        let decimals = |text: &str| {
            text.split_once('.')
                .map_or(0, |(_, behind)| behind.bytes().take_while(u8::is_ascii_digit).count() as u32)
        };
        let (stored, shown) = (decimals(&number.to_string()), decimals(text));
        // A workbook without number formats shows all that it stores.
        let usual = if shown > MOST_DECIMALS { USUAL_DECIMALS } else { shown };
        self.decimals = self.decimals.max(usual);
        self.is_rounded |= stored > usual;
        self.is_negative |= number < 0.0;
    }

    /// Takes in a figure; returns whether it can be read.
    fn add(&mut self, convention: NumberConvention, text: &str) -> bool {
        let Ok((value, decimals)) = convention.parse_printed(text) else {
            self.unread += 1;
            return false;
        };
        self.decimals = self.decimals.max(decimals);
        self.is_negative |= value < 0;
        true
    }
}

/// The months of the periods that the headings of a table surely name.
fn count_months(table: &Table) -> Vec<u32> {
    let headings = table.header.headings.iter();
    let headings: Vec<_> =
        headings.map(|heading| (heading.label.as_str(), heading.reading.as_ref())).collect();
    let resolved = Calendar::default().resolve(&headings);
    resolved.into_iter().filter_map(|period| Some(period.ok()??.months)).collect()
}
