//! How a document is laid out: its tables with their titles, headings and rows, as they are printed.

use chrono::NaiveDate;

use crate::dataset::{Category, Definition};
use crate::document::{Cell, Document, Row};
use crate::extract::figure::{Known, Reading};
use crate::extract::observations::Titles;
use crate::layout::labels::{Labelled, labelled};
use crate::layout::selection::{self, Selection};
use crate::layout::tables;
use crate::layout_lock::{Layout, Table};
use crate::text::fold_whitespace;

/// Lays out a document that belongs to a dataset. Tables that report none of its categories are no part of it.
pub(crate) fn of(
    document: &Document<'_>,
    layouts: &[tables::Layout],
    titles: &Titles,
    definition: &Definition,
    release: Option<NaiveDate>,
) -> Layout {
    let known = Known::of(document, layouts);
    let tables = titles.of_tables(layouts).enumerate().filter_map(|(at, ((grid, table), title))| {
        let (category, skip) = title?;
        let (reading, _) = Reading::of(document, grid, table, Some(definition), &known);
        let seen = Seen { table, rows: &document.grids[grid].rows, reading, definition };
        Some(seen.laid_out(at + 1, &definition.categories[category], skip))
    });
    Layout {
        name: document.content.name.clone(),
        path: document.content.path.clone(),
        release: release.map(|release| release.to_string()).unwrap_or_default(),
        sha256: document.content.sha256.clone(),
        tables: tables.collect(),
    }
}

/// A table, and what its labels are read by.
struct Seen<'s> {
    table: &'s tables::Table,
    rows: &'s [Row<'s>],
    reading: Reading<'s>,
    definition: &'s Definition,
}

impl Seen<'_> {
    fn laid_out(&self, number: usize, category: &Category, skip: usize) -> Table {
        let title = self.rows[self.table.title.clone()].iter().skip(skip).map(Row::text);
        let headings = &self.table.header.headings;
        Table {
            number,
            category: category.code.get_ref().clone(),
            title: fold_whitespace(&title.collect::<Vec<_>>().join(" ")).into_owned(),
            headings: headings.iter().map(|heading| heading.label.clone()).collect(),
            rows: if self.table.across.is_some() { self.across() } else { self.down(category) },
            notes: self.table.notes.len(),
        }
    }

    /// The regions of a table whose regions run across.
    fn across(&self) -> Vec<(String, String)> {
        let named = |cell: &Cell<'_>| (fold_whitespace(&cell.text).into_owned(), self.region(&cell.text));
        self.table.regions(self.rows).iter().map(named).collect()
    }

    fn down(&self, category: &Category) -> Vec<(String, String)> {
        let given = category.region.as_ref().map(|code| code.get_ref().clone()).unwrap_or_default();
        let naming = selection::headings(self.table, self.rows);
        let selection = Selection::all(&naming, self.definition);
        let known = |label: &str| !self.region(label).is_empty();
        let lines = labelled(self.table, self.rows, &selection, known);
        let region = |line: &Labelled<'_, '_>| match &line.label {
            Some(label) if !label.text.is_empty() => self.region(&label.text),
            _ => given.clone(),
        };
        lines.iter().map(|line| (self.label(line), region(line))).collect()
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

    /// The region that a label names; nothing where it names none.
    fn region(&self, label: &str) -> String {
        self.reading.region(self.reading.label(label).text).unwrap_or_default().to_owned()
    }
}
