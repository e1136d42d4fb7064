//! Tables to raw observations: each printed figure with its labels and its place, nothing interpreted but the figure itself;
//! and every problem found on the way.

pub mod accounting;
pub mod columns;
mod comments_and_hidden;
pub mod figure;
mod framed;
mod guide;
pub mod heading_periods;
mod headings;
mod leftovers;
pub mod missing_tables;
mod notes;
mod raw;
pub mod row_selection;
mod rows;
mod tables;
pub mod titles;
mod units;

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::dataset::Definition;
use crate::document::{AmbiguousRow, Document};
use crate::grammar::period::Period;
use crate::grammar::period::calendar::{Calendar, UnresolvedHeading};
use crate::layout::guide::Guide;
use crate::layout::header::Header;
use crate::layout::tables::{Layout, guided_tables};
use crate::problem::{Problem, Rule, Span};
use accounting::{LeftOut, NumericCells, count_numeric_cells};
use figure::Known;
use framed::periods_of;
pub use guide::guide;
use heading_periods::TableHeadings;
pub use notes::NoteRecord;
pub use raw::{
    IndicatorOf, PeriodHeading, PrintedIndicator, RawBuilder, RawObservations, RowLabel,
    label_column as raw_label_column,
};
use titles::{TableTitles, find_tables};

/// What one document gave beside its figures.
#[derive(Debug, Default)]
pub struct ExtractedDocument {
    /// Its notes.
    pub notes: Vec<NoteRecord>,
    /// How many tables with figures it has.
    pub tables: usize,
    /// The headings of its tables that are periods.
    pub headings: Vec<TableHeadings>,
    /// The tables that it has, by their place in the definition; those that were not understood, too, which is a problem.
    pub known_tables: BTreeSet<usize>,
    /// The tables that have cells that were not understood, by their place in the definition.
    pub damaged: Vec<u32>,
    /// The rows that the definition leaves out.
    pub left_out: LeftOut,
    /// What became of its numbers.
    pub numbers: NumericCells,
    /// All that was not understood.
    pub problems: Vec<Problem>,
}

/// Reads the figures of a document's tables into `raw`; `index` is the document's in the batch.
pub fn extract_document<'t>(
    document: &'t Document<'t>,
    index: u32,
    layouts: &[Layout],
    titles: &TableTitles,
    definition: &'t Definition,
    raw: &mut RawBuilder<'t>,
) -> ExtractedDocument {
    let known = Known::of(document, layouts);
    let mut extracted = ExtractedDocument::default();
    let found = find_tables(document, layouts, titles, definition, &mut extracted);
    let before = raw.len();
    // What the grammar of cells borrows must not outlive the document's reading.
    let refs = tables::read_tables(document, index, definition, &known, &found, raw, &mut extracted);
    extracted.notes = notes::collect_notes(document, &found, &refs);
    comments_and_hidden::add_comments(document, &found, &mut extracted.notes);
    extracted.tables = found.len();
    leftovers::report(document, layouts, titles, definition, &found, &mut extracted);
    extracted.numbers =
        count_numeric_cells(document, layouts, Some((titles, definition)), &extracted.left_out);
    if raw.len() == before && extracted.problems.is_empty() {
        extracted.problems.push(no_figures(document, layouts));
    }
    extracted
}

/// The tables of each grid of a document, as far as is known beforehand with the help of what a definition says.
#[must_use]
pub fn find_layouts(document: &Document<'_>, guide: &Guide) -> Vec<Layout> {
    document.grids.iter().map(|grid| guided_tables(grid, guide)).collect()
}

/// The last day of the newest period that the tables report, by their headings or because the definition fixes it.
#[must_use]
pub fn newest_day(
    document: &Document<'_>,
    layouts: &[Layout],
    titles: &TableTitles,
    definition: &Definition,
) -> Option<NaiveDate> {
    // A table that the definition leaves out, or does not know, says nothing of the release.
    let known = || titles.of_tables(layouts).filter_map(|((_, table), title)| Some((table, title?.0)));
    let printed = known()
        .flat_map(|(table, _)| settle_periods(&table.header, &definition.calendar))
        .filter_map(|period| period.ok().flatten());
    let framed = titles.of_tables(layouts).filter_map(|((grid, table), title)| {
        Some(periods_of(table, &document.grids[grid].rows, &definition.tables[title?.0], definition))
    });
    let printed = printed.chain(framed.flatten());
    let known = known().flat_map(|(_, at)| definition.sharing(at));
    let fixed = known.filter_map(|at| definition.tables[at].period);
    printed.chain(fixed).map(|period| period.end()).max()
}

/// The period of each column of a header: none where the heading is no period, or why it is open.
#[must_use]
pub fn settle_periods(
    header: &Header,
    calendar: &Calendar,
) -> Vec<Result<Option<Period>, UnresolvedHeading>> {
    let headings: Vec<_> =
        header.headings.iter().map(|heading| (heading.label.as_str(), heading.reading.as_ref())).collect();
    calendar.resolve(&headings)
}

/// The problem of a document without figures.
fn no_figures(document: &Document<'_>, layouts: &[Layout]) -> Problem {
    if layouts.iter().all(|layout| layout.tables.is_empty()) {
        return no_table(document);
    }
    Problem::new(Rule::NoFigures, "the document's tables hold no figures", document.span_of_file(""))
}

/// The problem of a document without a table.
#[must_use]
pub fn no_table(document: &Document<'_>) -> Problem {
    let message = "no table was found in the document";
    let help = "a table begins with a header row of periods (`Region  2023  2024`) and is parted by tabs, pipes, commas or two blanks";
    Problem::new(Rule::NoTable, message, document.span_of_file("")).help(help)
}

/// The problems of a document's rows whose cells cannot be told apart.
#[must_use]
pub fn ambiguous_rows(document: &Document<'_>) -> Vec<Problem> {
    let grids = document.grids.iter().enumerate();
    let all = grids.flat_map(|(at, grid)| grid.ambiguous_rows.iter().map(move |doubt| (at, doubt)));
    all.map(|(grid, doubt)| ambiguous_row(document, grid, doubt)).collect()
}

pub(crate) fn ambiguous_row(document: &Document<'_>, grid: usize, doubt: &AmbiguousRow) -> Problem {
    let span = document.span(grid, doubt.row, doubt.column, "");
    Problem::new(Rule::Flattened, &doubt.message, Span { width: doubt.width, ..span }).help(&doubt.help)
}

/// Marks all that a row prints.
pub(crate) fn span_of_row(document: &Document<'_>, grid: usize, at: usize, label: impl Into<String>) -> Span {
    let row = &document.grids[grid].rows[at];
    let column = row.cells.first().map_or(1, |cell| cell.column);
    let span = document.span(grid, row.number, column, label);
    let line = span.line.as_deref().unwrap_or_default();
    let width = line.chars().skip(span.start as usize - 1).collect::<String>().trim_end().chars().count();
    Span { width: width.max(1), ..span }
}
