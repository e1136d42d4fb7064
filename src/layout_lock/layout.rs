//! How a document is laid out: its tables with their titles, headings and rows, as they are printed.

use chrono::NaiveDate;

use crate::dataset::{Definition, TableDefinition};
use crate::document::{Cell, Document, Row};
use crate::extract::figure::{Known, Reading};
use crate::extract::row_selection::{RowSelection, headings};
use crate::extract::titles::TableTitles;
use crate::layout::labels::{Labelled, join_lines};
use crate::layout::tables::{Layout, Table};
use crate::layout_lock::{DocumentLayout, TableLayout};
use crate::text::fold_whitespace;

impl DocumentLayout {
    /// The layout of a document that belongs to a dataset. Tables that are none of the definition's are no part of it.
    pub(crate) fn from_document(
        document: &Document<'_>,
        layouts: &[Layout],
        titles: &TableTitles,
        definition: &Definition,
        release: Option<NaiveDate>,
    ) -> DocumentLayout {
        let known = Known::of(document, layouts);
        let tables = titles.of_tables(layouts).enumerate().filter_map(|(at, ((grid, table), title))| {
            let (table_index, skip) = title?;
            let own = &definition.tables[table_index];
            let (reading, _) = Reading::of(document, grid, table, Some(definition), own.row_roles(), &known);
            let printed = PrintedTable { table, rows: &document.grids[grid].rows, reading, own, definition };
            Some(printed.to_layout(at + 1, skip))
        });
        DocumentLayout {
            name: document.content.name.clone(),
            path: document.content.path.clone(),
            release: release.map(|release| release.to_string()).unwrap_or_default(),
            sha256: document.content.sha256.clone(),
            tables: tables.collect(),
        }
    }
}

/// A printed table, and what its labels are read by.
struct PrintedTable<'s> {
    table: &'s Table,
    rows: &'s [Row<'s>],
    reading: Reading<'s>,
    own: &'s TableDefinition,
    definition: &'s Definition,
}

impl PrintedTable<'_> {
    fn to_layout(&self, number: usize, skip: usize) -> TableLayout {
        let title = self.rows[self.table.title.clone()].iter().skip(skip).map(Row::text);
        let headings = &self.table.header.headings;
        TableLayout {
            number,
            name: self.own.name.clone(),
            title: fold_whitespace(&title.collect::<Vec<_>>().join(" ")).into_owned(),
            headings: headings.iter().map(|heading| heading.label.clone()).collect(),
            rows: if self.table.across.is_some() { self.column_labels() } else { self.row_labels() },
            notes: self.table.notes.len(),
        }
    }

    /// The labels of a table whose regions run across, each with its code.
    fn column_labels(&self) -> Vec<(String, String)> {
        let label = |cell: &Cell<'_>| (fold_whitespace(&cell.text).into_owned(), self.code(&cell.text));
        self.table.regions(self.rows).iter().map(label).collect()
    }

    fn row_labels(&self) -> Vec<(String, String)> {
        let share = self.definition.share_dimension();
        let fixed = share.and_then(|at| self.own.fixed[at].clone()).unwrap_or_default();
        let headings = headings(self.table, self.rows);
        let selection = RowSelection::new(&headings, &self.own.label_columns);
        let lines = join_lines(selection.select(self.table, self.rows), |label| !self.code(label).is_empty());
        let code = |line: &Labelled<'_, '_>| match &line.label {
            Some(label) if !label.text.is_empty() => self.code(&label.text),
            _ => fixed.clone(),
        };
        lines.iter().map(|line| (self.label(line), code(line))).collect()
    }

    /// All that a row prints before its figures.
    fn label(&self, line: &Labelled<'_, '_>) -> String {
        let labels = self.table.header.attributes + 1;
        match &line.label {
            Some(_) if labels > 1 => {
                let cells = line.row.cells.iter().take(labels).map(|cell| fold_whitespace(&cell.text));
                cells.collect::<Vec<_>>().join(" | ")
            }
            Some(label) => fold_whitespace(&label.text).into_owned(),
            None => String::new(),
        }
    }

    /// The code that a label names; nothing where it names none.
    fn code(&self, label: &str) -> String {
        let named = self.reading.resolve(self.reading.label(label).text);
        named.map(|named| named.code.to_owned()).unwrap_or_default()
    }
}
