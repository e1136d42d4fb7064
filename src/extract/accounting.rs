//! What became of every number that a document prints: a figure, part of a heading, label or note, what follows from figures,
//! left out by a rule with a reason, or not read, which is a problem. Nothing else can become of one.

use std::collections::BTreeMap;
use std::ops::{Add, AddAssign};

use serde::Serialize;

use crate::dataset::{Definition, LeftOutBy};
use crate::document::{Cell, Document, Row};
use crate::extract::columns::{ColumnContent, read_columns};
use crate::extract::titles::TableTitles;
use crate::layout::figures::prints_number;
use crate::layout::tables::{Layout, Table};

/// The rows that are left out, by their grid and index, and what leaves them out.
pub type LeftOut = BTreeMap<(usize, usize), LeftOutBy>;

/// How many cells of a document print a number, by what became of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct NumericCells {
    /// In columns of figures.
    pub figures: usize,
    /// In headings and titles.
    pub headings: usize,
    /// In labels, and before words as the numbers of a list.
    pub labels: usize,
    /// Changes, shares and totals beside figures, which are checked.
    pub indicators: usize,
    /// In notes.
    pub footnotes: usize,
    /// Left out by a rule of the definition.
    pub left_out: usize,
    /// Not read, which is a problem.
    pub unread: usize,
}

impl Add for NumericCells {
    type Output = NumericCells;

    fn add(self, other: NumericCells) -> NumericCells {
        NumericCells {
            figures: self.figures + other.figures,
            headings: self.headings + other.headings,
            labels: self.labels + other.labels,
            indicators: self.indicators + other.indicators,
            footnotes: self.footnotes + other.footnotes,
            left_out: self.left_out + other.left_out,
            unread: self.unread + other.unread,
        }
    }
}

impl AddAssign for NumericCells {
    fn add_assign(&mut self, other: NumericCells) {
        *self = *self + other;
    }
}

/// Counts the cells of a document that print a number. Without a definition, tables are taken for read.
#[must_use]
pub fn count_numeric_cells(
    document: &Document<'_>,
    layouts: &[Layout],
    titles: Option<(&TableTitles, &Definition)>,
    left_out: &LeftOut,
) -> NumericCells {
    let mut cells = NumericCells::default();
    let known: Vec<Option<usize>> = match titles {
        Some((titles, _)) => {
            titles.of_tables(layouts).map(|(_, title)| title.map(|(table, _)| table)).collect()
        }
        None => Vec::new(),
    };
    let definition = titles.map(|(_, definition)| definition);
    let mut number = 0;
    for (grid, layout) in layouts.iter().enumerate() {
        let counter = GridCounter { rows: &document.grids[grid].rows, grid, left_out };
        cells.labels += counter.count_rows(layout.prose.iter().copied());
        for at in &layout.stray {
            let count = counter.count_rows([*at]);
            *(if counter.is_left_out(*at) { &mut cells.left_out } else { &mut cells.unread }) += count;
        }
        for table in &layout.tables {
            let table_index = known.get(number).copied().flatten();
            cells += counter.count_table(table, definition, table_index);
            number += 1;
        }
    }
    cells
}

struct GridCounter<'c> {
    rows: &'c [Row<'c>],
    grid: usize,
    left_out: &'c LeftOut,
}

impl GridCounter<'_> {
    fn is_left_out(&self, at: usize) -> bool {
        self.left_out.contains_key(&(self.grid, at))
    }

    fn count_rows(&self, rows: impl IntoIterator<Item = usize>) -> usize {
        rows.into_iter().map(|at| count(&self.rows[at].cells)).sum()
    }

    fn count_table(
        &self,
        table: &Table,
        definition: Option<&Definition>,
        table_index: Option<usize>,
    ) -> NumericCells {
        let own = definition.zip(table_index).map(|(definition, at)| &definition.tables[at]);
        let columns = read_columns(&table.header, definition, own);
        let is_unread = definition.is_some() && own.is_none();
        let mut cells = NumericCells {
            headings: self.count_rows(
                table.title.clone().chain(table.own_header()).chain(table.repeated.iter().copied()),
            ),
            footnotes: table.notes.iter().map(|note| self.count_rows(note.rows.clone())).sum(),
            ..NumericCells::default()
        };
        for (line, &at) in table.body.iter().enumerate() {
            let row = &self.rows[at];
            let all = count(&row.cells);
            if self.is_left_out(at) {
                cells.left_out += all;
            } else if is_unread {
                cells.unread += all;
            } else {
                let (_, figures) = table.parts(row);
                cells.labels += all - count(figures);
                let across = table.across.and_then(|_| columns.get(line));
                let is_taken = |at: usize| {
                    let taken =
                        table.frame.as_ref().map(|frame| frame.columns.get(at).is_some_and(Option::is_some));
                    taken.unwrap_or(true)
                };
                let numbers = figures.iter().enumerate().filter(|(_, cell)| prints_number(cell));
                for (at, _) in numbers.filter(|(at, _)| is_taken(*at)) {
                    *cells.column_count(across.or(columns.get(at))) += 1;
                }
            }
        }
        cells
    }
}

impl NumericCells {
    /// What becomes of the numbers in a column.
    fn column_count(&mut self, column: Option<&ColumnContent>) -> &mut usize {
        match column {
            Some(ColumnContent::Figures(_) | ColumnContent::Undated) => &mut self.figures,
            Some(ColumnContent::Indicator(..)) => &mut self.indicators,
            Some(ColumnContent::Ignored) => &mut self.left_out,
            Some(ColumnContent::Baseless(_) | ColumnContent::Unresolved(_) | ColumnContent::Unknown)
            | None => &mut self.unread,
        }
    }
}

fn count(cells: &[Cell<'_>]) -> usize {
    cells.iter().filter(|cell| prints_number(cell)).count()
}
