//! Which table reports which category, told by its title; and what would be lost in silence: titles that are unknown,
//! known ones without a table, figures under no header.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::dataset::{Category, Definition};
use crate::document::{Cell, Document, Grid, Row};
use crate::extract::observations::all_tables;
use crate::extract::observations::reader::{Found, Reader};
use crate::layout::selection::Selection;
use crate::layout::tables::{Layout, Table};
use crate::problem::{Kind, Problem, did_you_mean};
use crate::text::{fold_whitespace, format_count};

/// For each table, in order, the category whose title it carries and how many lines stand before that.
#[derive(Clone, Debug, Default)]
pub struct Titles(Vec<Option<(usize, usize)>>);

impl Titles {
    /// Looks for the titles of a definition.
    #[must_use]
    pub fn of(document: &Document<'_>, layouts: &[Layout], definition: &Definition) -> Titles {
        let of_sheet = |grid: usize| {
            let sheet = document.grids[grid].sheet.as_deref()?;
            Some((definition.match_sheet(sheet)?, 0))
        };
        let titled = |(grid, table)| {
            definition.match_title(&title_lines(document, grid, table)).or_else(|| of_sheet(grid))
        };
        Titles(all_tables(layouts).map(titled).collect())
    }

    /// Each table of a document with its grid, and what is known of its title.
    pub(crate) fn of_tables<'l>(
        &self,
        layouts: &'l [Layout],
    ) -> impl Iterator<Item = ((usize, &'l Table), Option<(usize, usize)>)> {
        all_tables(layouts).zip(self.0.iter().copied())
    }

    /// How many of the tables carry a title of the definition.
    #[must_use]
    pub fn known(&self) -> usize {
        self.0.iter().flatten().count()
    }
}

impl<'d> Reader<'d, '_, '_> {
    /// The tables that report a category. A title that is unknown, or comes twice, is a problem.
    pub(super) fn document_tables<'l>(
        &mut self,
        layouts: &'l [Layout],
        titles: &Titles,
    ) -> Vec<Found<'l, 'd>> {
        let mut seen: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
        let mut found = Vec::new();
        for ((grid, table), title) in titles.of_tables(layouts) {
            if !self.has_figures(grid, table) {
                continue;
            }
            let Some((at, skip)) = title else {
                if !self.leaves_out(grid, table) {
                    self.unknown_title(grid, table);
                }
                continue;
            };
            let title = (grid, table.title.start + skip);
            for category in self.definition.sharing(at).into_iter().map(|at| &self.definition.categories[at])
            {
                if let Some(first) = seen.insert(category.rank, title) {
                    self.table_twice(category, title, first);
                    break;
                }
                found.push(((grid, table), category));
            }
        }
        found
    }

    /// Whether the definition says that a table is left out as a whole.
    fn leaves_out(&mut self, grid: usize, table: &Table) -> bool {
        let lines = title_lines(self.document, grid, table);
        let sheet = self.document.grids[grid].sheet.as_deref();
        let whole = self.definition.left_out_of(&lines, sheet).find(|(_, ignored)| ignored.is_whole());
        let Some((at, _)) = whole else { return false };
        self.leave_out(at, table.body.len());
        true
    }

    /// Takes notice of rows that something in the definition leaves out.
    pub(super) fn leave_out(&mut self, ignored: usize, rows: usize) {
        self.extracted.ignored.insert(ignored);
        self.extracted.left_out += rows;
    }

    fn table_twice(&mut self, category: &Category, title: (usize, usize), first: (usize, usize)) {
        let message = format!("the table of {} stands in the document twice", category.code.get_ref());
        let problem = Problem::data("table-twice", message, self.mark_row(title.0, title.1, "again"));
        self.extracted.problems.push(problem.also(self.mark_row(first.0, first.1, "first")));
    }

    /// Whether a table holds anything but labels. An empty template does not.
    fn has_figures(&self, grid: usize, table: &Table) -> bool {
        let rows = &self.document.grids[grid].rows;
        let blank =
            |cell: &Cell<'_>| cell.text.chars().all(|c| c.is_whitespace() || matches!(c, '.' | '…' | '_'));
        table.body.iter().any(|&at| !table.parts(&rows[at]).1.iter().all(blank))
    }

    fn unknown_title(&mut self, grid: usize, table: &Table) {
        let titles: Vec<&str> = self.definition.categories.iter().flat_map(Category::titles).collect();
        let meaning = &self.definition.category.meaning;
        let lines = title_lines(self.document, grid, table);
        let problem = if let Some(last) = lines.last() {
            let message = format!(
                "no {meaning} of {} is titled `{}`",
                self.definition.name(),
                fold_whitespace(&lines.join(" "))
            );
            let hint = did_you_mean(&fold_whitespace(&lines.join(" ")), titles.iter().copied())
                .or_else(|| did_you_mean(last, titles.iter().copied()));
            let problem = Problem::data("unknown-title", message, self.mark_row(grid, table.title.start, ""));
            problem.help(hint.unwrap_or_else(|| self.name_it(grid)))
        } else {
            let mark = self.mark_row(grid, table.header.rows.start, "");
            let message = format!("the table has no title that would tell its {meaning}");
            let problem = Problem::data("no-title", message, mark);
            if self.document.grids[grid].sheet.is_some() { problem.help(self.name_it(grid)) } else { problem }
        };
        self.extracted.problems.push(problem);
    }

    /// How a definition takes a table in, or leaves it out.
    fn name_it(&self, grid: usize) -> String {
        let sheet = self.document.grids[grid].sheet.as_ref();
        let named = sheet.map(|name| format!(" or its sheet's name, `{name}`,")).unwrap_or_default();
        format!(
            "add it{named} to the definition's `[[table]]` list, or to the `titles` of one; or leave it out by `[[ignore]]`"
        )
    }

    /// Figures under no header: a run of such rows is one problem.
    pub(super) fn strays(&mut self, layouts: &[Layout]) {
        for (grid, layout) in layouts.iter().enumerate() {
            let stray: Vec<usize> =
                layout.stray.iter().copied().filter(|&at| !self.leaves_stray(grid, at)).collect();
            for run in stray.chunk_by(|a, b| a + 1 == *b) {
                let mark =
                    self.mark_row(grid, run[0], format!("{} of figures", format_count(run.len(), "row")));
                let problem = Problem::data("no-header", "figures stand under no header of periods", mark);
                self.extracted
                    .problems
                    .push(problem.help("a header names a period for each column: `Region  2023  2024`"));
            }
        }
    }

    /// Whether the definition leaves out figures that stand under no header: by what they begin with, or their sheet.
    fn leaves_stray(&mut self, grid: usize, at: usize) -> bool {
        let Grid { sheet, rows, .. } = &self.document.grids[grid];
        let left_out = self.definition.left_out_of::<&str>(&[], sheet.as_deref());
        let found = left_out.filter(|(_, ignored)| ignored.rows.is_empty()).find(|(at_in, ignored)| {
            let by_label = Selection::default().without(&[], *at_in, ignored);
            ignored.is_whole() || by_label.is_ok_and(|selection| selection.leaves(&rows[at]).is_some())
        });
        let Some((at, _)) = found else { return false };
        self.leave_out(at, 1);
        true
    }

    /// A known title whose table was not found, or holds no figures: what is published would lack it in silence.
    pub(super) fn lost(&mut self, layouts: &[Layout], titles: &Titles, tables: &[Found<'_, '_>]) {
        let mut known: BTreeSet<u32> = tables.iter().map(|(_, category)| category.rank).collect();
        for ((grid, table), title) in titles.of_tables(layouts) {
            let Some(category) = title.map(|(at, _)| &self.definition.categories[at]) else { continue };
            if known.insert(category.rank) && !tables.is_empty() {
                let message = format!("the table of {} holds no figures", category.code.get_ref());
                let mark = self.mark_row(grid, table.title.start, "nothing is published of it");
                self.extracted
                    .problems
                    .push(Problem::data("empty-table", message, mark).of_kind(Kind::Warning));
            }
        }
        if known.len() == self.definition.categories.len() {
            return;
        }
        for (grid, layout) in layouts.iter().enumerate() {
            let skipped = layout
                .tables
                .iter()
                .flat_map(|table| table.title.clone().take(table.title.len().saturating_sub(1)));
            for at in layout.prose.iter().copied().chain(skipped) {
                self.lost_title(grid, at, &mut known);
            }
        }
    }

    /// A title that stands in prose: it may be printed over up to three lines.
    fn lost_title(&mut self, grid: usize, at: usize, known: &mut BTreeSet<u32>) {
        let rows = &self.document.grids[grid].rows;
        let lines: Vec<_> =
            rows[at..].iter().take(3).take_while(|row| !row.is_blank()).map(Row::text).collect();
        let found = (1..=lines.len())
            .find_map(|end| self.definition.match_title(&lines[..end]).filter(|(_, skip)| *skip == 0));
        let Some(category) = found.map(|(at, _)| &self.definition.categories[at]) else { return };
        if known.insert(category.rank) {
            let message = format!("the table of {} was not understood", category.code.get_ref());
            let problem =
                Problem::data("lost-table", message, self.mark_row(grid, at, "its title stands here"));
            self.extracted.problems.push(problem.help("below it, a header of periods and rows of figures were expected, parted by tabs, pipes or two blanks"));
        }
    }
}

pub(super) fn title_lines<'d>(document: &'d Document<'_>, grid: usize, table: &Table) -> Vec<Cow<'d, str>> {
    document.grids[grid].rows[table.title.clone()].iter().map(Row::text).collect()
}
