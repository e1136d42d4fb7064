//! What would be lost in silence: figures under no header, known titles without a table, rows whose cells cannot be told
//! apart and that stand in no table.

use std::collections::BTreeSet;

use crate::dataset::{Definition, LeftOutBy};
use crate::document::{Document, Grid, Row};
use crate::extract::row_selection::RowSelection;
use crate::extract::titles::{FoundTable, TableTitles};
use crate::extract::{ExtractedDocument, ambiguous_row, span_of_row};
use crate::layout::figures::prints_number;
use crate::layout::frame::Framed;
use crate::layout::tables::{Layout, Table};
use crate::problem::{Problem, Rule};
use crate::text::format_count;

/// Reports all that was not read.
pub(super) fn report(
    document: &Document<'_>,
    layouts: &[Layout],
    titles: &TableTitles,
    definition: &Definition,
    found: &[FoundTable<'_>],
    extracted: &mut ExtractedDocument,
) {
    let others = titles.find_other_sheets(document, layouts, definition);
    report_strays(document, layouts, &others, definition, extracted);
    let mut known: BTreeSet<usize> = found.iter().map(|table| table.table_index).collect();
    report_misfits(document, layouts, definition, &mut known, extracted);
    report_uncovered(document, layouts, extracted);
    report_empty_tables(document, layouts, titles, definition, &mut known, extracted);
    report_lost_titles(document, layouts, definition, &mut known, extracted);
    extracted.known_tables = known;
    report_ambiguous_rows(document, found, extracted);
}

/// Numbers beside the ranges of tables, in their rows.
fn report_uncovered(document: &Document<'_>, layouts: &[Layout], extracted: &mut ExtractedDocument) {
    for (grid, layout) in layouts.iter().enumerate() {
        let framed: Vec<(&Table, &Framed)> =
            layout.tables.iter().filter_map(|table| Some((table, table.frame.as_ref()?))).collect();
        let is_covered = |at: usize, column: usize| {
            let mut here = framed.iter().filter(|(table, _)| table.body.binary_search(&at).is_ok());
            here.any(|(_, framed)| framed.takes(column))
        };
        if framed.iter().all(|(_, framed)| framed.columns.iter().all(Option::is_some)) {
            continue;
        }
        let rows: BTreeSet<usize> = framed.iter().flat_map(|(table, _)| table.body.iter().copied()).collect();
        let cells = rows.into_iter().flat_map(|at| {
            let cells = document.grids[grid].rows[at].cells.iter().enumerate();
            cells.filter(move |(_, cell)| prints_number(cell)).map(move |(column, cell)| (at, column, cell))
        });
        let uncovered: Vec<_> = cells.filter(|(at, column, _)| !is_covered(*at, *column)).collect();
        let Some((at, _, cell)) = uncovered.first() else { continue };
        let number = document.grids[grid].rows[*at].number;
        let label = format!("the first of {}", format_count(uncovered.len(), "cell"));
        let span = document.span(grid, number, cell.column, label);
        let problem = Problem::new(Rule::NoHeader, "numbers stand beside the ranges of the tables", span);
        let help = "take them by a `[[table]]` with a `range` of their own, or leave them out: `[[ignore]]` with the `range`";
        extracted.problems.push(problem.help(help));
    }
}

/// Tables that are not laid out as the definition says, each at the first cell that does not fit.
fn report_misfits(
    document: &Document<'_>,
    layouts: &[Layout],
    definition: &Definition,
    known: &mut BTreeSet<usize>,
    extracted: &mut ExtractedDocument,
) {
    for (grid, layout) in layouts.iter().enumerate() {
        for misfit in layout.misfits.iter().filter(|misfit| !known.contains(&misfit.table)) {
            let row = misfit.row.or((!document.grids[grid].rows.is_empty()).then_some(0));
            let number = row.map_or(1, |row| document.grids[grid].rows[row].number);
            let span = document.span(grid, number, misfit.column, &misfit.message);
            let name = &definition.tables[misfit.table].name;
            let message = format!("the table {name} is not laid out as the definition says");
            let help = "a label that is new belongs into a code list or the `labels` of a measure; where the layout changed, say so by `header`, `stub` or `range`";
            extracted.problems.push(Problem::new(Rule::LostTable, message, span).help(help));
        }
    }
    known.extend(layouts.iter().flat_map(|layout| &layout.misfits).map(|misfit| misfit.table));
}

/// Figures under no header: a run of such rows is one problem.
fn report_strays(
    document: &Document<'_>,
    layouts: &[Layout],
    others: &BTreeSet<usize>,
    definition: &Definition,
    extracted: &mut ExtractedDocument,
) {
    for (grid, layout) in layouts.iter().enumerate() {
        if others.contains(&grid) {
            extracted.leave_out(LeftOutBy::Others, grid, layout.stray.iter().copied());
            continue;
        }
        // Why no table was found is told by its misfit.
        if layout.tables.is_empty() && !layout.misfits.is_empty() {
            continue;
        }
        let mut stray = Vec::new();
        for &at in &layout.stray {
            match find_ignoring_rule(document, grid, at, definition) {
                Some(rule) => extracted.leave_out(LeftOutBy::Rule(rule), grid, [at]),
                None => stray.push(at),
            }
        }
        for run in stray.chunk_by(|a, b| a + 1 == *b) {
            let mark =
                span_of_row(document, grid, run[0], format!("{} of figures", format_count(run.len(), "row")));
            let problem = Problem::new(Rule::NoHeader, "figures stand under no header of periods", mark);
            let help = "a header names a period for each column: `Region  2023  2024`";
            extracted.problems.push(problem.help(help));
        }
    }
}

/// The rule by which the definition leaves out figures that stand under no header: by what they begin with, or their sheet.
fn find_ignoring_rule(
    document: &Document<'_>,
    grid: usize,
    at: usize,
    definition: &Definition,
) -> Option<usize> {
    let Grid { sheet, rows, .. } = &document.grids[grid];
    let rules = definition.left_out_of::<&str>(&[], sheet.as_deref());
    let mut rules = rules.filter(|(_, ignored)| ignored.rows.is_empty());
    let matches = |(rule, ignored): &(usize, &crate::dataset::Ignored)| {
        let by_label = RowSelection::default().without(&[], *rule, ignored);
        ignored.is_whole() || by_label.is_ok_and(|selection| selection.leaves(&rows[at]).is_some())
    };
    rules.find(matches).map(|(rule, _)| rule)
}

/// A known title whose table holds no figures.
fn report_empty_tables(
    document: &Document<'_>,
    layouts: &[Layout],
    titles: &TableTitles,
    definition: &Definition,
    known: &mut BTreeSet<usize>,
    extracted: &mut ExtractedDocument,
) {
    let is_any_found = !known.is_empty();
    for ((grid, table), title) in titles.of_tables(layouts) {
        let Some((at, _)) = title else { continue };
        if known.insert(at) && is_any_found {
            let message = format!("the table of {} holds no figures", definition.tables[at].name);
            let mark = span_of_row(document, grid, table.title.start, "nothing is published of it");
            let problem = Problem::new(Rule::EmptyTable, message, mark);
            let is_optional = definition.tables[at].optional;
            extracted.problems.push(if is_optional { problem.as_warning() } else { problem });
        }
    }
}

/// A known title that stands in prose, without a table.
fn report_lost_titles(
    document: &Document<'_>,
    layouts: &[Layout],
    definition: &Definition,
    known: &mut BTreeSet<usize>,
    extracted: &mut ExtractedDocument,
) {
    if known.len() == definition.tables.len() {
        return;
    }
    for (grid, layout) in layouts.iter().enumerate() {
        let skipped = layout
            .tables
            .iter()
            .flat_map(|table| table.title.clone().take(table.title.len().saturating_sub(1)));
        for at in layout.prose.iter().copied().chain(skipped) {
            let Some(table) = find_title(&document.grids[grid].rows[at..], definition) else { continue };
            if known.insert(table) {
                let message = format!("the table of {} was not understood", definition.tables[table].name);
                let mark = span_of_row(document, grid, at, "its title stands here");
                let help = "below it, a header of periods and rows of figures were expected, parted by tabs, pipes or two blanks";
                extracted.problems.push(Problem::new(Rule::LostTable, message, mark).help(help));
            }
        }
    }
}

/// The table that lines are the title of, which may be printed over up to three lines.
fn find_title(rows: &[Row<'_>], definition: &Definition) -> Option<usize> {
    let lines: Vec<_> = rows.iter().take(3).take_while(|row| !row.is_blank()).map(Row::text).collect();
    let title = (1..=lines.len())
        .find_map(|end| definition.match_title(&lines[..end]).filter(|(_, skip)| *skip == 0));
    title.map(|(table, _)| table)
}

/// Rows whose cells cannot be told apart, and that stand in no table.
fn report_ambiguous_rows(
    document: &Document<'_>,
    found: &[FoundTable<'_>],
    extracted: &mut ExtractedDocument,
) {
    for (grid, Grid { rows, ambiguous_rows, .. }) in document.grids.iter().enumerate() {
        let own = found.iter().filter(|table| table.grid == grid);
        let reported: BTreeSet<u32> =
            own.flat_map(|found| found.table.body.iter().map(|&at| rows[at].number)).collect();
        let left = ambiguous_rows.iter().filter(|doubt| !reported.contains(&doubt.row));
        extracted.problems.extend(left.map(|doubt| ambiguous_row(document, grid, doubt)));
    }
}
