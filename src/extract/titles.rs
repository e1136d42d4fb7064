//! Which printed table is which of the definition's, told by its title or sheet.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::dataset::{Definition, LeftOutBy, Others};
use crate::document::{Cell, Document, Row};
use crate::extract::{ExtractedDocument, span_of_row};
use crate::layout::tables::{Layout, Table};
use crate::problem::{Problem, Rule, did_you_mean};
use crate::text::fold_whitespace;

/// For each printed table, in order, the table of the definition whose title it carries and how many lines stand before
/// that.
#[derive(Clone, Debug, Default)]
pub struct TableTitles(Vec<Option<(usize, usize)>>);

/// A printed table, and which of the definition's it is.
#[derive(Clone, Copy, Debug)]
pub struct FoundTable<'l> {
    /// Its grid.
    pub grid: usize,
    /// The printed table.
    pub table: &'l Table,
    /// The place of the table in the definition.
    pub table_index: usize,
}

impl FoundTable<'_> {
    /// Whether two are one printed table.
    #[must_use]
    pub fn is_same_printed(&self, other: &FoundTable<'_>) -> bool {
        std::ptr::eq(self.table, other.table)
    }
}

impl TableTitles {
    /// Looks for the titles of a definition.
    #[must_use]
    pub fn new(document: &Document<'_>, layouts: &[Layout], definition: &Definition) -> TableTitles {
        let by_sheet = |grid: usize| {
            let sheet = document.grids[grid].sheet.as_deref()?;
            Some((definition.match_sheet(sheet)?, 0))
        };
        let untitled = definition.untitled_table().map(|at| (at, 0));
        let title = |(grid, table): (usize, &Table)| {
            if let Some(frame) = table.frame.as_ref().filter(|frame| frame.is_placed) {
                return Some((frame.table, 0));
            }
            let titled = definition.match_title(&title_lines(document, grid, table));
            titled.or_else(|| by_sheet(grid)).or(untitled)
        };
        TableTitles(all_tables(layouts).map(title).collect())
    }

    /// Each printed table with its grid, and what is known of its title.
    pub(crate) fn of_tables<'l>(
        &self,
        layouts: &'l [Layout],
    ) -> impl Iterator<Item = ((usize, &'l Table), Option<(usize, usize)>)> {
        all_tables(layouts).zip(self.0.iter().copied())
    }

    /// The sheets that the definition leaves out because none of its tables stands on them, as grids.
    pub(super) fn find_other_sheets(
        &self,
        document: &Document<'_>,
        layouts: &[Layout],
        definition: &Definition,
    ) -> BTreeSet<usize> {
        if definition.others != Others::Ignored {
            return BTreeSet::new();
        }
        let known = self.of_tables(layouts).filter(|(_, title)| title.is_some());
        let known: BTreeSet<usize> = known.map(|((grid, _), _)| grid).collect();
        let is_other = |grid: &usize| document.grids[*grid].sheet.is_some() && !known.contains(grid);
        (0..document.grids.len()).filter(is_other).collect()
    }

    /// How many of the tables carry a title of the definition.
    #[must_use]
    pub fn count_known(&self) -> usize {
        self.0.iter().flatten().count()
    }
}

fn all_tables(layouts: &[Layout]) -> impl Iterator<Item = (usize, &Table)> {
    layouts.iter().enumerate().flat_map(|(grid, layout)| layout.tables.iter().map(move |table| (grid, table)))
}

/// The tables that are those of the definition. A title that is unknown, or comes twice, is a problem.
pub(super) fn find_tables<'l>(
    document: &Document<'_>,
    layouts: &'l [Layout],
    titles: &TableTitles,
    definition: &Definition,
    extracted: &mut ExtractedDocument,
) -> Vec<FoundTable<'l>> {
    let mut seen: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    let mut found = Vec::new();
    let others = titles.find_other_sheets(document, layouts, definition);
    for ((grid, table), title) in titles.of_tables(layouts) {
        if !has_figures(document, grid, table) {
            continue;
        }
        let Some((at, skip)) = title else {
            if others.contains(&grid) {
                extracted.leave_out(LeftOutBy::Others, grid, table.body.iter().copied());
            } else if !leaves_out(document, grid, table, definition, extracted) {
                extracted.problems.push(unknown_title(document, grid, table, definition));
            }
            continue;
        };
        let title = (grid, (table.title.start + skip).min(table.header.rows.start));
        for table_index in definition.sharing(at) {
            if let Some(first) = seen.insert(table_index, title) {
                let name = &definition.tables[table_index].name;
                extracted.problems.push(table_twice(document, name, title, first));
                break;
            }
            found.push(FoundTable { grid, table, table_index });
        }
    }
    found
}

/// Whether the definition says that a table is left out as a whole.
fn leaves_out(
    document: &Document<'_>,
    grid: usize,
    table: &Table,
    definition: &Definition,
    extracted: &mut ExtractedDocument,
) -> bool {
    let lines = title_lines(document, grid, table);
    let sheet = document.grids[grid].sheet.as_deref();
    let whole = definition.left_out_of(&lines, sheet).find(|(_, ignored)| ignored.is_whole());
    let Some((at, _)) = whole else { return false };
    extracted.leave_out(LeftOutBy::Rule(at), grid, table.body.iter().copied());
    true
}

fn table_twice(document: &Document<'_>, name: &str, title: (usize, usize), first: (usize, usize)) -> Problem {
    let message = format!("table {name} appears twice in the document");
    let problem = Problem::new(Rule::TableTwice, message, span_of_row(document, title.0, title.1, "again"));
    problem.with_span(span_of_row(document, first.0, first.1, "first"))
}

/// Whether a table holds anything but labels. An empty template does not.
fn has_figures(document: &Document<'_>, grid: usize, table: &Table) -> bool {
    let rows = &document.grids[grid].rows;
    let blank =
        |cell: &Cell<'_>| cell.text.chars().all(|c| c.is_whitespace() || matches!(c, '.' | '…' | '_'));
    table.body.iter().any(|&at| !table.parts(&rows[at]).1.iter().all(blank))
}

fn unknown_title(document: &Document<'_>, grid: usize, table: &Table, definition: &Definition) -> Problem {
    let titles: Vec<&str> = definition.titles().collect();
    let lines = title_lines(document, grid, table);
    let Some(last) = lines.last() else {
        let mark = span_of_row(document, grid, table.header.rows.start, "");
        let problem = Problem::new(Rule::NoTitle, "the table has no title", mark);
        let is_sheet = document.grids[grid].sheet.is_some();
        return if is_sheet { problem.help(describe_remedy(document, grid)) } else { problem };
    };
    let printed = fold_whitespace(&lines.join(" ")).into_owned();
    let message = format!("no table of {} is titled `{printed}`", definition.name());
    let hint =
        did_you_mean(&printed, titles.iter().copied()).or_else(|| did_you_mean(last, titles.iter().copied()));
    let problem =
        Problem::new(Rule::UnknownTitle, message, span_of_row(document, grid, table.title.start, ""));
    problem.help(hint.unwrap_or_else(|| describe_remedy(document, grid)))
}

/// How a definition takes a table in, or leaves it out.
fn describe_remedy(document: &Document<'_>, grid: usize) -> String {
    let named = document.grids[grid].sheet.as_ref();
    let named = named.map(|name| format!(", or `sheet = \"{name}\"`,")).unwrap_or_default();
    format!("add its `title`{named} to a `[[table]]` of the definition, or leave it out by `[[ignore]]`")
}

/// The lines that may be a table's title.
pub(crate) fn title_lines<'d>(document: &'d Document<'_>, grid: usize, table: &Table) -> Vec<Cow<'d, str>> {
    document.grids[grid].rows[table.title.clone()].iter().map(Row::text).collect()
}

impl ExtractedDocument {
    /// Takes notice of rows that a rule of the definition leaves out.
    pub(super) fn leave_out(&mut self, by: LeftOutBy, grid: usize, rows: impl IntoIterator<Item = usize>) {
        self.left_out.extend(rows.into_iter().map(|row| ((grid, row), by)));
    }
}
