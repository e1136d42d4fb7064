//! Reads the tables of a document, one after the other. Tables of the definition that share a printed one take rows of it
//! each, and a row that none takes is a problem, unless the definition leaves it out.

mod report;

use crate::dataset::{Definition, LeftOutBy, TableDefinition};
use crate::document::{Document, Row};
use crate::extract::figure::{self, Known, NumberDoubt, Reading};
use crate::extract::heading_periods::{HeadingPeriod, TableHeadings};
use crate::extract::headings::{ReadColumn, ReadContent, read_headings};
use crate::extract::raw::RawBuilder;
use crate::extract::row_selection::{RowSelection, headings};
use crate::extract::rows::read_rows;
use crate::extract::titles::{FoundTable, title_lines};
use crate::extract::{ExtractedDocument, span_of_row};
use crate::grammar::number::{self, AmbiguousNumber};
use crate::grammar::status_flag::FlagMeaning;
use crate::layout::footnote_refs::Tie;
use crate::layout::tables::Table;
use crate::problem::{Problem, ProblemList, Rule, Span};
use crate::text::format_count;

/// A printed table that is read for a table of the definition.
pub(super) struct TableContext<'t, 'r> {
    document: &'t Document<'t>,
    definition: &'r Definition,
    pub known: &'r Known,
    /// The document's index in the batch.
    pub index: u32,
    /// Its number among the tables that were found in the document.
    pub number: usize,
    /// Its grid.
    pub grid: usize,
    pub table: &'r Table,
    /// The table of the definition, and its place there.
    pub table_definition: &'r TableDefinition,
    pub table_index: u32,
    /// What its cells are read by.
    pub reading: Reading<'r>,
    /// The cells that carry footnote markers.
    pub refs: Vec<Tie>,
    /// The headings that are periods, in printed order.
    pub headings: Vec<HeadingPeriod>,
    /// What was not understood.
    pub problems: ProblemList,
}

/// Reads all tables; returns the cells that carry footnote markers.
pub(super) fn read_tables<'t>(
    document: &'t Document<'t>,
    index: u32,
    definition: &Definition,
    known: &Known,
    found: &[FoundTable<'_>],
    raw: &mut RawBuilder<'t>,
    extracted: &mut ExtractedDocument,
) -> Vec<Tie> {
    let mut refs = Vec::new();
    let mut first = 0;
    for sharing in found.chunk_by(FoundTable::is_same_printed) {
        let contexts = sharing.iter().zip(first..).map(|(found, number)| {
            let table_definition = &definition.tables[found.table_index];
            let roles = table_definition.row_roles();
            let (reading, doubt) =
                Reading::of(document, found.grid, found.table, Some(definition), roles, known);
            let reading = Reading { measure: table_definition.measure.unwrap_or_default(), ..reading };
            let context = TableContext {
                document,
                definition,
                known,
                index,
                number,
                grid: found.grid,
                table: found.table,
                table_definition,
                table_index: found.table_index as u32,
                reading,
                refs: Vec::new(),
                headings: Vec::new(),
                problems: ProblemList::default(),
            };
            (context, doubt)
        });
        first += sharing.len();
        refs.extend(read_printed_table(contexts.collect(), raw, extracted));
    }
    refs
}

/// Reads a printed table for each table of the definition that takes rows of it, and remembers for which of them cells were
/// not understood.
fn read_printed_table<'t>(
    contexts: Vec<(TableContext<'t, '_>, Option<NumberDoubt<'t>>)>,
    raw: &mut RawBuilder<'t>,
    extracted: &mut ExtractedDocument,
) -> Vec<Tie> {
    let mut prepared = Vec::with_capacity(contexts.len());
    for (at, (mut context, doubt)) in contexts.into_iter().enumerate() {
        let columns = context.prepare_columns(doubt, raw);
        let selection = context.select_rows();
        // What is wrong with the header is told once.
        if at > 0 {
            context.problems.take();
        }
        prepared.push((context, columns, selection));
    }
    let selections: Vec<&RowSelection> = prepared.iter().map(|(_, _, selection)| selection).collect();
    let left = prepared.first().map(|(context, ..)| context.find_left_rows(&selections, extracted));
    let mut is_damaged = false;
    let mut refs = Vec::new();
    for (at, (mut context, columns, selection)) in prepared.into_iter().enumerate() {
        if at == 0 {
            context.problems.extend(left.clone().flatten());
            is_damaged = has_error(&context.problems);
        }
        read_rows(&mut context, &columns, &selection, raw);
        if is_damaged || has_error(&context.problems) {
            extracted.damaged.push(context.table_index);
        }
        if at == 0 {
            context.report_hidden();
            let headings = std::mem::take(&mut context.headings);
            extracted.headings.push(TableHeadings {
                table: context.table_index as usize,
                grid: context.grid,
                headings,
            });
        }
        extracted.problems.extend(context.problems.take());
        refs.append(&mut context.refs);
    }
    refs
}

fn has_error(problems: &ProblemList) -> bool {
    problems.iter().any(Problem::is_error)
}

impl<'t, 'r> TableContext<'t, 'r> {
    pub(super) fn document(&self) -> &'t Document<'t> {
        self.document
    }

    pub(super) fn definition(&self) -> &'r Definition {
        self.definition
    }

    /// The rows of its grid.
    pub(super) fn rows(&self) -> &'t [Row<'t>] {
        &self.document.grids[self.grid].rows
    }

    /// What each column holds; none where nothing, or what was not understood.
    fn prepare_columns(
        &mut self,
        doubt: Option<NumberDoubt<'_>>,
        raw: &mut RawBuilder<'_>,
    ) -> Vec<Option<ReadColumn>> {
        if let Some(NumberDoubt { ambiguous, row, column }) = doubt {
            let mark =
                self.document.span(self.grid, row, column, "and no other figure of the table tells which");
            self.problems.push(two_readings(&ambiguous, self.definition.printed_decimals(), mark));
        }
        if self.table.frame.is_some() {
            self.check_unit();
            self.report_number_columns();
            return Vec::new();
        }
        let mut columns = read_headings(self, &self.table.header, raw);
        self.report_dates();
        self.drop_empty_columns(&mut columns);
        self.check_unit();
        self.report_number_columns();
        columns
    }

    /// Ties marks to their notes, and returns what they say of figures. A mark that nothing explains is worth knowing.
    pub(super) fn explain_marks(
        &mut self,
        place: (u32, u32),
        text: &str,
        marks: &[String],
        is_read: impl Fn(&str) -> bool,
    ) -> Option<FlagMeaning> {
        let mut said = None;
        for mark in marks {
            let meaning = self.reading.behind_figures(mark);
            let is_unexplained = meaning.is_none() && !self.known.noted.contains(mark) && !is_read(mark);
            if is_unexplained && !self.problems.counts_only(Rule::NoNote) {
                let at = self.document.span(self.grid, place.0, place.1, "");
                let message = format!("no note explains the mark `{mark}` of `{}`", figure::shorten(text));
                self.problems.push(Problem::new(Rule::NoNote, message, at));
            }
            said = said.or(meaning);
            self.add_ref(place, mark);
        }
        said
    }

    /// Remembers that a cell carries a mark, where a note begins with it.
    pub(super) fn add_ref(&mut self, (row, column): (u32, u32), mark: &str) {
        if self.known.noted.contains(mark) {
            let place = self.document.grids[self.grid].place(row, column);
            self.refs.push(Tie { table: self.number, mark: mark.to_owned(), place });
        }
    }

    /// Which rows the table of the definition takes.
    fn select_rows(&mut self) -> RowSelection {
        let (definition, table) = (self.definition, self.table_definition);
        let headings = headings(self.table, self.rows());
        let all = self.leave_out_rows(&headings, RowSelection::new(&headings, &table.label_columns));
        match all.clone().only(&headings, &table.rows) {
            Ok(own) => own,
            Err(missing) => {
                self.report_no_column(missing, definition);
                all
            }
        }
    }

    /// The selection without the rows that the definition leaves out of a table.
    fn leave_out_rows(&mut self, headings: &[String], mut selection: RowSelection) -> RowSelection {
        let definition = self.definition;
        let lines = title_lines(self.document, self.grid, self.table);
        let sheet = self.document.grids[self.grid].sheet.as_deref();
        let rules = definition.left_out_of(&lines, sheet);
        for (at, ignored) in rules.filter(|(_, ignored)| !ignored.is_whole()) {
            match selection.clone().without(headings, at, ignored) {
                Ok(without) => selection = without,
                Err(missing) if ignored.title.is_some() => self.report_no_column(missing, definition),
                Err(_) => {}
            }
        }
        selection
    }

    /// The problem of rows that no table takes, and no reason leaves out.
    fn find_left_rows(
        &self,
        selections: &[&RowSelection],
        extracted: &mut ExtractedDocument,
    ) -> Option<Problem> {
        let rows = self.rows();
        let mut left = Vec::new();
        for &at in
            self.table.body.iter().filter(|&&at| !selections.iter().any(|taken| taken.takes(&rows[at])))
        {
            match selections.iter().find_map(|selection| selection.leaves(&rows[at])) {
                Some(ignored) => extracted.leave_out(LeftOutBy::Rule(ignored), self.grid, [at]),
                None => left.push(at),
            }
        }
        let first = left.first()?;
        let message =
            format!("{} of the table belong to no table of the definition", format_count(left.len(), "row"));
        let mark = span_of_row(self.document, self.grid, *first, "the first of them");
        let help = "take them by `rows` under a `[[table]]`, or leave them out: `[[ignore]]` with `rows` and a `reason`";
        Some(Problem::new(Rule::RowsLeft, message, mark).help(help))
    }

    /// Headings of a sheet with nothing below them head no figures, which is worth knowing.
    fn drop_empty_columns(&mut self, columns: &mut [Option<ReadColumn>]) {
        let grid = &self.document.grids[self.grid];
        if grid.sheet.is_none() || self.table.across.is_some() {
            return;
        }
        let mut is_empty = vec![true; columns.len()];
        for &at in &self.table.body {
            for (is_empty, cell) in is_empty.iter_mut().zip(self.table.parts(&grid.rows[at]).1) {
                *is_empty &= cell.text.is_empty();
            }
        }
        let is_figures = |column: &mut ReadColumn| matches!(column.content, ReadContent::Figures(..));
        let empty = is_empty.iter().zip(columns).zip(&self.table.header.headings);
        for ((_, column), heading) in empty.filter(|((is_empty, _), _)| **is_empty) {
            if column.take_if(is_figures).is_some() {
                let message =
                    format!("nothing stands below the heading `{}`", figure::shorten(&heading.label));
                let problem = Problem::new(Rule::EmptyColumn, message, self.span_of_heading(heading, ""));
                self.problems.push(problem);
            }
        }
    }
}

fn two_readings(ambiguous: &AmbiguousNumber<'_>, decimals: u32, span: Span) -> Problem {
    let [point, comma] = ambiguous.readings.map(|reading| number::format_number(reading, decimals));
    let message = format!(
        "`{}` has two readings: {point} where a point parts the decimals, {comma} where a comma does",
        ambiguous.text
    );
    let help = "say which in the definition: `decimal = \".\"` or `decimal = \",\"`, under `[figures]`";
    Problem::new(Rule::TwoReadings, message, span).help(help)
}
