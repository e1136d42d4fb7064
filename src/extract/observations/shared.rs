//! Tables that several categories share: the header is read once, each category takes its own rows, and a row that none
//! takes is a problem, unless the definition leaves it out.

use std::ops::RangeInclusive;

use crate::document::Cell;
use crate::extract::figure;
use crate::extract::observations::reader::{Behind, Found, Held, Reader, Reads};
use crate::extract::observations::titles::title_lines;
use crate::layout::selection::{NoColumn, Selection, headings};
use crate::layout::tables::{Table, is_figure};
use crate::problem::{Kind, Problem};
use crate::regions;
use crate::text::format_count;

impl<'d, 't, 'r> Reader<'d, 't, 'r>
where
    'd: 'r,
{
    /// Reads all tables: in the order of the document, or where something is to be done behind tables, as they are published.
    pub(super) fn tables(&mut self, tables: &[Found<'_, 'd>], mut behind: Option<Behind<'_, 't>>) {
        let mut at = 0;
        let shared = tables.chunk_by(|one, other| std::ptr::eq(one.0.1, other.0.1)).map(|sharing| {
            at += sharing.len();
            (at - sharing.len(), sharing)
        });
        let mut shared: Vec<(usize, &[Found<'_, 'd>])> = shared.collect();
        if behind.is_some() {
            shared.sort_by_key(|(_, sharing)| *ranks(sharing).start());
        }
        let mut last = 0;
        for (number, (at, sharing)) in shared.iter().enumerate() {
            self.shared(*at, sharing);
            last = last.max(*ranks(sharing).end());
            let is_behind = shared[number + 1..].iter().take(1).all(|(_, next)| last < *ranks(next).start());
            if let Some(behind) = behind.as_mut().filter(|_| is_behind) {
                behind(self.collector, &self.extracted);
            }
        }
    }

    /// Reads a table, and remembers for which categories it has cells that were not understood.
    fn shared(&mut self, at: usize, sharing: &[Found<'_, 'd>]) {
        let Some(&((grid, table), _)) = sharing.first() else { return };
        let before = self.extracted.problems.len();
        let reading = self.reading(grid, table);
        let mut reads = Reads { table: at, grid, reading, columns: Vec::new() };
        reads.columns = self.header(&reads, &table.header);
        self.dates(grid, &table.header);
        self.empty_columns(&mut reads, table);
        self.unit(grid, table);
        let selections = self.selections(grid, table, sharing);
        let is_damaged = self.has_fault_since(before);
        for (at, ((_, category), selection)) in sharing.iter().zip(&selections).enumerate() {
            let before = self.extracted.problems.len();
            reads.table += usize::from(at > 0);
            self.table(&reads, table, (category, selection));
            if is_damaged || self.has_fault_since(before) {
                self.extracted.damaged.push(category.rank);
            }
        }
        self.hidden(grid, table);
    }

    fn has_fault_since(&self, before: usize) -> bool {
        self.extracted.problems[before..].iter().any(|problem| problem.kind != Kind::Warning)
    }

    /// Which rows each category takes of a table.
    fn selections(&mut self, grid: usize, table: &Table, sharing: &[Found<'_, 'd>]) -> Vec<Selection> {
        let definition = self.definition;
        self.columns_of_numbers(grid, table);
        let takes_all = sharing.iter().all(|(_, category)| category.rows.is_empty());
        if takes_all && definition.ignored.is_empty() && definition.labels.region.is_empty() {
            return vec![Selection::default(); sharing.len()];
        }
        let headings = headings(table, &self.document.grids[grid].rows);
        let all = self.without_ignored(grid, table, &headings, Selection::all(&headings, definition));
        let mut selections = Vec::with_capacity(sharing.len());
        for (_, category) in sharing {
            let own = all.clone().only(&headings, &category.rows);
            selections.push(own.unwrap_or_else(|missing| {
                self.no_column(grid, table, missing);
                all.clone()
            }));
        }
        self.left_over(grid, table, &selections);
        selections
    }

    /// Numbers before the first period may be figures whose heading was not understood, unless the definition says that they
    /// are codes.
    fn columns_of_numbers(&mut self, grid: usize, table: &Table) {
        if table.header.attributes == 0 {
            return;
        }
        let rows = &self.document.grids[grid].rows;
        let codes: Vec<String> =
            self.definition.labels.codes.iter().map(|code| regions::normalize(code)).collect();
        let is_number = |cell: &Cell<'_>| cell.text.contains(|c: char| c.is_ascii_digit()) && is_figure(cell);
        for (column, heading) in headings(table, rows).iter().enumerate().skip(1) {
            let cells =
                table.body.iter().filter_map(|&at| Some((rows[at].number, rows[at].cells.get(column)?)));
            let Some((row, cell)) = cells.into_iter().find(|(_, cell)| is_number(cell)) else { continue };
            if !codes.contains(heading) {
                let mark = self.document.mark(grid, row, cell.column, "the first of them");
                let message = "a column before the first period holds numbers";
                let help = "name its heading in the definition, where they are no figures: `codes = [\"…\"]` under `[labels]`";
                self.extracted.problems.push(Problem::data("numbers-before", message, mark).help(help));
            }
        }
    }

    /// The selection without the rows that the definition leaves out of a table.
    fn without_ignored(
        &mut self,
        grid: usize,
        table: &Table,
        headings: &[String],
        mut selection: Selection,
    ) -> Selection {
        let (definition, document) = (self.definition, self.document);
        let lines = title_lines(document, grid, table);
        let sheet = document.grids[grid].sheet.as_deref();
        for (at, ignored) in definition.left_out_of(&lines, sheet).filter(|(_, ignored)| !ignored.is_whole())
        {
            match selection.clone().without(headings, at, ignored) {
                Ok(without) => selection = without,
                Err(missing) if ignored.title.is_some() => self.no_column(grid, table, missing),
                Err(_) => {}
            }
        }
        selection
    }

    /// Rows that no category takes, and no reason leaves out.
    fn left_over(&mut self, grid: usize, table: &Table, selections: &[Selection]) {
        let rows = &self.document.grids[grid].rows;
        let mut left = Vec::new();
        for &at in table.body.iter().filter(|&&at| !selections.iter().any(|taken| taken.takes(&rows[at]))) {
            match selections.iter().find_map(|selection| selection.leaves(&rows[at])) {
                Some(ignored) => self.leave_out(ignored, 1),
                None => left.push(at),
            }
        }
        let Some(first) = left.first() else { return };
        let message = format!("{} of the table belong to no category", format_count(left.len(), "row"));
        let problem = Problem::data("rows-left", message, self.mark_row(grid, *first, "the first of them"));
        let help = "take them by `rows` under a `[[table]]`, or leave them out: `[[ignore]]` with `rows` and a `reason`";
        self.extracted.problems.push(problem.help(help));
    }

    fn no_column(&mut self, grid: usize, table: &Table, NoColumn(heading): NoColumn<'_>) {
        let message = format!("no column of labels is headed `{}`", figure::shortened(heading.get_ref()));
        let last = table.header.rows.end.saturating_sub(1);
        let problem = Problem::data("no-column", message, self.mark_row(grid, last, "the table's header"));
        self.extracted.problems.push(problem.also(self.definition.mark(heading, "named here")));
    }

    /// Headings of a sheet with nothing below them head no figures, which is worth knowing.
    fn empty_columns(&mut self, reads: &mut Reads<'_>, table: &Table) {
        let grid = &self.document.grids[reads.grid];
        if grid.sheet.is_none() || table.across.is_some() {
            return;
        }
        let mut is_empty = vec![true; reads.columns.len()];
        for &at in &table.body {
            for (is_empty, cell) in is_empty.iter_mut().zip(table.parts(&grid.rows[at]).1) {
                *is_empty &= cell.text.is_empty();
            }
        }
        let empty = is_empty.iter().zip(&mut reads.columns).zip(&table.header.headings);
        for ((_, held), heading) in empty.filter(|((is_empty, _), _)| **is_empty) {
            if held.take_if(|held| matches!(held, Held::Figures(..))).is_some() {
                let message =
                    format!("nothing stands below the heading `{}`", figure::shortened(&heading.label));
                let mark = self.mark_heading(reads.grid, heading, "");
                let problem = Problem::data("empty-column", message, mark).of_kind(Kind::Warning);
                self.extracted.problems.push(problem);
            }
        }
    }
}

/// The first and the last of the categories that share a table, as they are published.
fn ranks(sharing: &[Found<'_, '_>]) -> RangeInclusive<u32> {
    let ranks = || sharing.iter().map(|(_, category)| category.rank);
    ranks().min().unwrap_or_default()..=ranks().max().unwrap_or_default()
}
