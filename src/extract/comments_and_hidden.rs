//! What a workbook has beside its tables: comments on their cells, which become notes, and what it hides, which is read like
//! all else, and told.
//!
//! Comments stand apart from the notes below tables, because no rule of paragraphs holds for them.

use std::ops::RangeInclusive;

use chrono::NaiveDate;

use crate::document::{Body, Document, Grid};
use crate::extract::notes::NoteRecord;
use crate::extract::span_of_row;
use crate::extract::tables::TableContext;
use crate::extract::titles::FoundTable;
use crate::layout::tables::Table;
use crate::problem::{Problem, Rule, Span};
use crate::text::format_count;

/// Adds comments on the cells of tables, numbered behind the notes.
pub(super) fn add_comments(document: &Document<'_>, found: &[FoundTable<'_>], notes: &mut Vec<NoteRecord>) {
    let mut number = notes.iter().map(|note| note.note).max().unwrap_or_default();
    for (grid_at, grid) in document.grids.iter().enumerate() {
        for comment in &grid.comments {
            let holds = |table: &&FoundTable<'_>| {
                table.grid == grid_at
                    && sheet_rows(grid, table.table).is_some_and(|rows| rows.contains(&comment.row))
            };
            let place = grid.place(comment.row, comment.column).to_string();
            let held: Vec<u32> = found.iter().filter(holds).map(|table| table.table_index as u32).collect();
            number += i32::from(!held.is_empty());
            notes.extend(held.into_iter().map(|table| NoteRecord {
                note: number,
                table,
                printed_with: table,
                text: comment.text.clone(),
                position: place.clone(),
                mark: None,
                marked_at: Some(place.clone()),
            }));
        }
    }
}

impl TableContext<'_, '_> {
    /// Dates in a header of a format whose reader does not tell how they are shown: each may stand for its month or year.
    pub(super) fn report_dates(&mut self) {
        let Body::Workbook(workbook) = &self.document().content.body else { return };
        let dated = self.table.header.headings.iter().find(|heading| is_day(&heading.label));
        let Some(heading) = dated.filter(|_| workbook.styles.all.is_empty()) else { return };
        let message =
            format!("the heading `{}` is a date, which may stand for its month or year", heading.label);
        let span = self.span_of_heading(heading, "this format does not tell how it is shown");
        let help = "save the workbook as .xlsx, which tells how dates are shown";
        self.problems.push(Problem::new(Rule::AmbiguousPeriod, message, span).help(help));
    }

    /// Says where the figures of a table are hidden from whoever opens the workbook.
    pub(super) fn report_hidden(&mut self) {
        let Some((what, mark)) = self.find_hidden() else { return };
        let message = format!("figures of a table are hidden, and are published: {what}");
        let help = "where they are no part of what is published, take them out of the workbook";
        self.problems.push(Problem::new(Rule::Hidden, message, mark).help(help));
    }

    /// What is hidden, in words, and the first cell of it.
    fn find_hidden(&self) -> Option<(String, Span)> {
        let grid = &self.document().grids[self.grid];
        let hidden = grid.hidden.as_ref()?;
        if hidden.sheet {
            let mark = span_of_row(self.document(), self.grid, self.table.header.rows.start, "");
            return Some(("its sheet is hidden".to_owned(), mark));
        }
        let rows = self.table.body.iter().map(|&row| grid.rows[row].number);
        let rows: Vec<u32> = rows.filter(|row| hidden.rows.contains(row)).collect();
        let columns = self.table.header.headings.iter().map(|heading| heading.column);
        let columns: Vec<u32> = columns.filter(|column| hidden.columns.contains(column)).collect();
        let mark = self.mark_first_hidden(&rows, &columns)?;
        let counts = [(rows.len(), "row"), (columns.len(), "column")];
        let counts =
            counts.iter().filter(|(many, _)| *many > 0).map(|(many, noun)| format_count(*many, noun));
        Some((format!("{} of it hidden", counts.collect::<Vec<_>>().join(" and ")), mark))
    }

    /// The first cell that is hidden.
    fn mark_first_hidden(&self, rows: &[u32], columns: &[u32]) -> Option<Span> {
        let grid = &self.document().grids[self.grid];
        let head = grid.rows.get(self.table.header.rows.start)?.number;
        let first = rows.first().map(|row| (*row, 1)).or(columns.first().map(|column| (head, *column)))?;
        let row = grid.row(first.0)?;
        let column = row.cells.iter().map(|cell| cell.column).find(|column| *column >= first.1)?;
        Some(self.document().span(self.grid, first.0, column, ""))
    }
}

/// Whether a text is a day as a date without a format is written: `2024-01-31`.
fn is_day(text: &str) -> bool {
    text.len() == "2024-01-31".len() && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
}

/// The rows that a table takes on its sheet.
fn sheet_rows(grid: &Grid<'_>, table: &Table) -> Option<RangeInclusive<u32>> {
    let first = table.header.rows.start.min(table.body.first().copied().unwrap_or(usize::MAX));
    let last = table.body.last().copied().unwrap_or(table.header.rows.end.saturating_sub(1));
    Some(grid.rows.get(first)?.number..=grid.rows.get(last)?.number)
}
