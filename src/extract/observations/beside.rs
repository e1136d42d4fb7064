//! What a workbook has beside its tables: comments on their cells, which become notes, and what it hides, which is read like
//! all else, and told.

use chrono::NaiveDate;

use crate::document::{Body, Grid};
use crate::extract::observations::NoteOf;
use crate::extract::observations::reader::{Found, Reader};
use crate::layout::header::Header;
use crate::layout::tables::Table;
use crate::problem::{Problem, Rule, Span};
use crate::text::count;

impl Reader<'_, '_, '_> {
    /// Comments on the cells of tables, numbered behind the notes.
    pub(super) fn comments(&mut self, tables: &[Found<'_, '_>]) {
        let mut number = self.extracted.notes.iter().map(|note| note.note).max().unwrap_or_default();
        for (grid_at, grid) in self.document.grids.iter().enumerate() {
            for comment in &grid.comments {
                let holds = |((at, table), _): &&Found<'_, '_>| {
                    *at == grid_at && rows(grid, table).is_some_and(|rows| rows.contains(&comment.row))
                };
                let place = grid.place(comment.row, comment.column).to_string();
                let held: Vec<_> = tables.iter().filter(holds).map(|(_, category)| category).collect();
                number += i32::from(!held.is_empty());
                self.extracted.notes.extend(held.iter().map(|category| NoteOf {
                    note: number,
                    category: category.code.get_ref().clone(),
                    rank: category.rank,
                    printed_with: category.code.get_ref().clone(),
                    text: comment.text.clone(),
                    position: place.clone(),
                    mark: None,
                    marked_at: Some(place.clone()),
                }));
            }
        }
    }

    /// Dates in a header of a format whose reader does not tell how they are shown: each may stand for its month or year.
    pub(super) fn dates(&mut self, at: usize, header: &Header) {
        let Body::Workbook(workbook) = &self.document.content.body else { return };
        let dated = header.headings.iter().find(|heading| is_day(&heading.label));
        let Some(heading) = dated.filter(|_| workbook.styles.all.is_empty()) else { return };
        let message =
            format!("the heading `{}` is a date, which may stand for its month or year", heading.label);
        let span = self.span_of_heading(at, heading, "this format does not tell how it is shown");
        let help = "save the workbook as .xlsx, which tells how dates are shown";
        self.extracted.problems.push(Problem::new(Rule::AmbiguousPeriod, message, span).help(help));
    }

    /// Says where the figures of a table are hidden from whoever opens the workbook.
    pub(super) fn hidden(&mut self, at: usize, table: &Table) {
        let grid = &self.document.grids[at];
        let Some(hidden) = &grid.hidden else { return };
        let (what, span) = if hidden.sheet {
            ("its sheet is hidden".to_owned(), self.span_of_row(at, table.header.rows.start, ""))
        } else {
            let rows: Vec<u32> = table
                .body
                .iter()
                .map(|&row| grid.rows[row].number)
                .filter(|row| hidden.rows.contains(row))
                .collect();
            let headings = table.header.headings.iter().map(|heading| heading.column);
            let columns: Vec<u32> = headings.filter(|column| hidden.columns.contains(column)).collect();
            let Some(span) = self.first_hidden(at, table, &rows, &columns) else { return };
            let told = [(rows.len(), "row"), (columns.len(), "column")];
            let told: Vec<String> =
                told.iter().filter(|(many, _)| *many > 0).map(|(many, noun)| count(*many, noun)).collect();
            (format!("{} of it hidden", told.join(" and ")), span)
        };
        let problem = Problem::new(
            Rule::Hidden,
            format!("figures of a table are hidden, and are published: {what}"),
            span,
        );
        let help = "where they are no part of what is published, take them out of the workbook";
        self.extracted.problems.push(problem.help(help));
    }

    /// The first cell that is hidden.
    fn first_hidden(&self, at: usize, table: &Table, rows: &[u32], columns: &[u32]) -> Option<Span> {
        let head = self.document.grids[at].rows.get(table.header.rows.start)?.number;
        let first = rows.first().map(|row| (*row, 1)).or(columns.first().map(|column| (head, *column)))?;
        let row = self.document.grids[at].row(first.0)?;
        let column = row.cells.iter().map(|cell| cell.column).find(|column| *column >= first.1)?;
        Some(self.document.span(at, first.0, column, ""))
    }
}

/// Whether a text is a day as a date without a format is written: `2024-01-31`.
fn is_day(text: &str) -> bool {
    text.len() == "2024-01-31".len() && NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok()
}

/// The rows that a table takes on its sheet.
fn rows(grid: &Grid<'_>, table: &Table) -> Option<std::ops::RangeInclusive<u32>> {
    let first =
        grid.rows.get(table.header.rows.start.min(table.body.first().copied().unwrap_or(usize::MAX)))?;
    let last =
        grid.rows.get(table.body.last().copied().unwrap_or(table.header.rows.end.saturating_sub(1)))?;
    Some(first.number..=last.number)
}
