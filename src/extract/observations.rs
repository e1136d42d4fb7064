//! Tables to a frame of raw observations: each printed figure with its labels and its place, nothing interpreted but
//! the figure itself.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::NaiveDate;
use indexmap::{Equivalent, IndexSet};
use polars::prelude::*;

use super::figure::{self, Doubt, Figure, Known, Reading, Unread};
use super::folded;
use super::footnote;
use super::mark::Meaning;
use super::number::{self, Ambiguous};
use super::tables::{Layout, Note, Table, tables};
use super::ties::{self, Tie};
use crate::dataset::{Category, Definition};
use crate::document::{Cell, Document, Row};
use crate::extract::period::Period;
use crate::extract::period::calendar::{Calendar, Open};
use crate::extract::tables::header::{Header, Heading};
use crate::place::Place;
use crate::problem::{Kind, Mark, Problem, did_you_mean};

/// The raw observations of a batch of documents.
///
/// Each row of `facts` is a printed figure or nil mark: `document` (index in the batch), `category` (rank in the
/// definition), `label` (index into `labels`, null where no region is printed), `heading` (index into `headings`),
/// `value` (null at a mark), `is_nil`, `mark` (the status that a mark tells, null where none does), `value_label`, and its
/// place: `grid`, `row`, `column`. Labels and headings repeat in every table and document; each is kept once, and only
/// its index goes through the transform.
#[derive(Clone, Debug)]
pub struct Raw {
    /// The figures.
    pub facts: DataFrame,
    /// The distinct labels of regions.
    pub labels: Vec<Label>,
    /// The distinct headings of columns.
    pub headings: Vec<Headed>,
}

/// A label of a region.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Label {
    /// As printed, white space folded.
    pub printed: String,
    /// Without its footnotes' marks.
    pub text: String,
}

impl Equivalent<Label> for (&str, &str) {
    fn equivalent(&self, label: &Label) -> bool {
        *self == (label.printed.as_str(), label.text.as_str())
    }
}

/// What a heading says of the figures below it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Headed {
    /// As printed, white space folded.
    pub label: String,
    /// The time they are for.
    pub period: Period,
}

/// A note of a document, for one category it holds for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteOf {
    /// Its number in the document, from 1.
    pub note: i32,
    /// The category it holds for.
    pub category: String,
    /// The category's rank.
    pub rank: u32,
    /// The category below whose table it stands.
    pub printed_with: String,
    /// What it says.
    pub text: String,
    /// Where it begins.
    pub position: String,
    /// The mark it begins with.
    pub mark: Option<String>,
    /// The places in the category's table that carry the mark, parted by blanks.
    pub marked_at: Option<String>,
}

/// What one document gave beside its figures.
#[derive(Debug, Default)]
pub struct Extracted {
    /// Its notes.
    pub notes: Vec<NoteOf>,
    /// How many tables with figures it has.
    pub tables: usize,
    /// The ranks of the categories whose tables have cells that were not understood.
    pub damaged: Vec<u32>,
    /// All that was not understood.
    pub problems: Vec<Problem>,
}

/// The tables of each grid of a document.
#[must_use]
pub fn layouts(document: &Document<'_>) -> Vec<Layout> {
    document.grids.iter().map(tables).collect()
}

/// The last day of the newest period that the tables report.
#[must_use]
pub fn newest_day(layouts: &[Layout], calendar: &Calendar) -> Option<NaiveDate> {
    let tables = layouts.iter().flat_map(|layout| &layout.tables);
    let periods =
        tables.flat_map(|table| periods(&table.header, calendar)).filter_map(|period| period.ok().flatten());
    periods.map(|period| period.end()).max()
}

/// The period of each column of a header: none where the heading is no period, or why it is open.
#[must_use]
pub fn periods(header: &Header, calendar: &Calendar) -> Vec<Result<Option<Period>, Open>> {
    let headings: Vec<_> =
        header.headings.iter().map(|heading| (heading.label.as_str(), heading.reading.as_ref())).collect();
    calendar.settle(&headings)
}

/// For each table, in order, the category whose title it carries and how many lines stand before that.
#[derive(Clone, Debug, Default)]
pub struct Titles(Vec<Option<(usize, usize)>>);

impl Titles {
    /// Looks for the titles of a definition.
    #[must_use]
    pub fn of(document: &Document<'_>, layouts: &[Layout], definition: &Definition) -> Titles {
        let titled = |(grid, table)| definition.match_title(&title_lines(document, grid, table));
        Titles(all_tables(layouts).map(titled).collect())
    }

    /// How many of the tables carry a title of the definition.
    #[must_use]
    pub fn known(&self) -> usize {
        self.0.iter().flatten().count()
    }
}

/// The figures of documents, being collected.
#[derive(Default)]
pub struct Collector<'t> {
    document: Vec<u32>,
    category: Vec<u32>,
    label: Vec<Option<u32>>,
    heading: Vec<u32>,
    value: Vec<Option<i64>>,
    is_nil: Vec<bool>,
    mark: Vec<Option<u32>>,
    value_label: Vec<&'t str>,
    grid: Vec<u32>,
    row: Vec<u32>,
    column: Vec<u32>,
    labels: IndexSet<Label>,
    headings: IndexSet<Headed>,
}

impl<'t> Collector<'t> {
    /// Reads the figures of a document's tables; `index` is the document's in the batch.
    pub fn read(
        &mut self,
        document: &'t Document<'t>,
        index: u32,
        layouts: &[Layout],
        titles: &Titles,
        definition: &Definition,
    ) -> Extracted {
        let before = self.value.len();
        let known = Known::of(document, layouts);
        let extracted = Extracted::default();
        let mut reader = Reader {
            document,
            index,
            definition,
            known: &known,
            ties: Vec::new(),
            collector: self,
            extracted,
        };
        let tables = reader.document_tables(layouts, titles);
        for (at, ((grid, table), category)) in tables.iter().enumerate() {
            let problems = reader.extracted.problems.len();
            reader.table(at, *grid, table, category);
            if reader.extracted.problems[problems..].iter().any(|problem| problem.kind != Kind::Warning) {
                reader.extracted.damaged.push(category.rank);
            }
        }
        reader.notes(&tables);
        reader.strays(layouts);
        reader.lost(layouts, titles, &tables);
        let mut extracted = Extracted { tables: tables.len(), ..reader.extracted };
        if self.value.len() == before && extracted.problems.is_empty() {
            let none = layouts.iter().all(|layout| layout.tables.is_empty());
            let empty = || {
                Problem::data("no-figures", "the document's tables hold no figures", document.mark_file(""))
            };
            extracted.problems.push(if none { no_table(document) } else { empty() });
        }
        extracted
    }

    /// The figures as a frame.
    ///
    /// # Errors
    /// Only where polars refuses it.
    pub fn finish(self) -> Result<Raw> {
        let facts = df!(
            "document" => self.document,
            "category" => self.category,
            "label" => self.label,
            "heading" => self.heading,
            "value" => self.value,
            "is_nil" => self.is_nil,
            "mark" => self.mark,
            "value_label" => self.value_label,
            "grid" => self.grid,
            "row" => self.row,
            "column" => self.column,
        )?;
        let (labels, headings) = (self.labels.into_iter().collect(), self.headings.into_iter().collect());
        Ok(Raw { facts, labels, headings })
    }
}

/// The problem of a document without a table.
#[must_use]
pub fn no_table(document: &Document<'_>) -> Problem {
    let message = "no table was found in the document";
    let help = "a table begins with a header row of periods (`Region  2023  2024`) and is parted by tabs, pipes, commas or two blanks";
    Problem::data("no-table", message, document.mark_file("")).help(help)
}

fn all_tables(layouts: &[Layout]) -> impl Iterator<Item = (usize, &Table)> {
    layouts.iter().enumerate().flat_map(|(grid, layout)| layout.tables.iter().map(move |table| (grid, table)))
}

fn title_lines<'d>(document: &'d Document<'_>, grid: usize, table: &Table) -> Vec<&'d str> {
    document.grids[grid].rows[table.title.clone()].iter().map(Row::text).collect()
}

type Found<'t, 'd> = ((usize, &'t Table), &'d Category);

struct Reader<'d, 't, 'r> {
    document: &'t Document<'t>,
    index: u32,
    definition: &'d Definition,
    known: &'r Known,
    ties: Vec<Tie>,
    collector: &'r mut Collector<'t>,
    extracted: Extracted,
}

/// What the figures of a table are read by, and what its headings are.
struct Reads<'r> {
    table: usize,
    grid: usize,
    reading: Reading<'r>,
    /// The index of each heading, and what its marks say; none where the heading was not understood.
    headings: Vec<Option<(u32, Option<Meaning>)>>,
}

impl<'d, 't, 'r> Reader<'d, 't, 'r>
where
    'd: 'r,
{
    /// The tables that report a category. A title that is unknown, or comes twice, is a problem.
    fn document_tables<'l>(&mut self, layouts: &'l [Layout], titles: &Titles) -> Vec<Found<'l, 'd>> {
        let mut seen: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
        let mut found = Vec::new();
        for ((grid, table), title) in all_tables(layouts).zip(&titles.0) {
            if !self.has_figures(grid, table) {
                continue;
            }
            let Some((at, skip)) = *title else {
                self.unknown_title(grid, table);
                continue;
            };
            let category = &self.definition.categories[at];
            let title = (grid, table.title.start + skip);
            if let Some(first) = seen.insert(category.rank, title) {
                self.table_twice(category, title, first);
                continue;
            }
            found.push(((grid, table), category));
        }
        found
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
                folded(&lines.join(" "))
            );
            let hint = did_you_mean(&folded(&lines.join(" ")), titles.iter().copied())
                .or_else(|| did_you_mean(last, titles.iter().copied()));
            let problem = Problem::data("unknown-title", message, self.mark_row(grid, table.title.start, ""));
            problem.help(hint.unwrap_or_else(|| {
                "add it to the definition's `[[table]]` list, or to the `titles` of one".into()
            }))
        } else {
            let mark = self.mark_row(grid, table.header.rows.start, "");
            Problem::data("no-title", format!("the table has no title that would tell its {meaning}"), mark)
        };
        self.extracted.problems.push(problem);
    }

    /// Reads one table, row by row.
    fn table(&mut self, at: usize, grid: usize, table: &Table, category: &Category) {
        let rows = &self.document.grids[grid].rows;
        let reading = self.reading(grid, table);
        let mut reads = Reads { table: at, grid, reading, headings: Vec::new() };
        reads.headings = self.header(&reads, &table.header);
        for &at in &table.body {
            self.row(&reads, &rows[at], table, category);
        }
    }

    /// What a table's cells are read by. A cell with two readings is a problem.
    fn reading(&mut self, grid: usize, table: &Table) -> Reading<'r> {
        let (reading, doubt) = Reading::of(self.document, grid, table, Some(self.definition), self.known);
        if let Some(Doubt { ambiguous, row, column }) = doubt {
            let mark = self.document.mark(grid, row, column, "and no other figure of the table tells which");
            self.extracted.problems.push(two_readings(&ambiguous, self.definition.measure.decimals, mark));
        }
        reading
    }

    /// A label without its marks, which are tied to their notes.
    fn label(&mut self, reads: &Reads<'_>, row: u32, cell: &Cell<'_>) -> (u32, Option<Meaning>) {
        let marked = reads.reading.label(&cell.text);
        let (printed, text) = (folded(&cell.text), folded(marked.text));
        let labels = &mut self.collector.labels;
        let known = labels.get_index_of(&(printed.as_ref(), text.as_ref()));
        let index = known.unwrap_or_else(|| {
            labels.insert_full(Label { printed: printed.into_owned(), text: text.into_owned() }).0
        });
        (index as u32, self.explained(reads, (row, cell.column), &cell.text, &marked.marks, |_| false))
    }

    /// A heading, whose marks are tied to their notes.
    fn heading(&mut self, reads: &Reads<'_>, heading: &Heading, period: Period) -> (u32, Option<Meaning>) {
        let headed = Headed { label: heading.label.clone(), period };
        let index = self.collector.headings.insert_full(headed).0 as u32;
        let row = self.document.grids[reads.grid].rows[heading.row].number;
        let marks = footnote::heading(&heading.label).marks;
        // A letter is read with the period.
        let letter = |mark: &str| mark.bytes().all(|byte| byte.is_ascii_lowercase());
        let told = self.explained(reads, (row, heading.column), &heading.label, &marks, letter);
        let read = heading.reading.as_ref().and_then(|reading| Meaning::by_code(reading.status.code()));
        (index, told.or(read))
    }

    /// Ties marks to their notes, and returns what they say of figures. A mark that nothing explains is worth knowing.
    fn explained(
        &mut self,
        reads: &Reads<'_>,
        place: (u32, u32),
        text: &str,
        marks: &[String],
        read: impl Fn(&str) -> bool,
    ) -> Option<Meaning> {
        let mut said = None;
        for mark in marks {
            let meaning = reads.reading.behind_figures(mark);
            if meaning.is_none() && !self.known.noted.contains(mark) && !read(mark) {
                let at = self.document.mark(reads.grid, place.0, place.1, "");
                let message = format!("no note explains the mark `{mark}` of `{}`", figure::shortened(text));
                self.extracted.problems.push(Problem::data("no-note", message, at).of_kind(Kind::Warning));
            }
            said = said.or(meaning);
            self.tie(reads, place, mark);
        }
        said
    }

    /// Remembers that a cell carries a mark, where a note begins with it.
    fn tie(&mut self, reads: &Reads<'_>, (row, column): (u32, u32), mark: &str) {
        if self.known.noted.contains(mark) {
            let place = self.document.grids[reads.grid].place(row, column);
            self.ties.push(Tie { table: reads.table, mark: mark.to_owned(), place });
        }
    }

    /// The index of each heading; none where it is no period. No two can be the same.
    fn header(&mut self, reads: &Reads<'_>, header: &Header) -> Vec<Option<(u32, Option<Meaning>)>> {
        let grid = reads.grid;
        let periods = periods(header, &self.definition.calendar);
        let mut seen: BTreeMap<Period, &Heading> = BTreeMap::new();
        let mut indices = Vec::with_capacity(periods.len());
        for (heading, period) in header.headings.iter().zip(periods) {
            let period = period.unwrap_or_else(|open| {
                self.ambiguous_period(grid, heading, open);
                None
            });
            match period {
                None if heading.reading.is_none() => self.no_period(grid, heading),
                Some(period) => {
                    if let Some(first) = seen.insert(period, heading) {
                        self.period_twice(grid, period, heading, first);
                    }
                }
                None => {}
            }
            indices.push(period.map(|period| self.heading(reads, heading, period)));
        }
        indices
    }

    fn mark_heading(&self, grid: usize, heading: &Heading, label: &str) -> Mark {
        let row = self.document.grids[grid].rows[heading.row].number;
        self.document.mark(grid, row, heading.column, label)
    }

    fn ambiguous_period(&mut self, grid: usize, heading: &Heading, open: Open) {
        let message = format!("the heading `{}` {}", figure::shortened(&heading.label), open.message);
        let problem = Problem::data("ambiguous-period", message, self.mark_heading(grid, heading, ""));
        self.extracted.problems.push(problem.help(open.help));
    }

    fn no_period(&mut self, grid: usize, heading: &Heading) {
        let message = format!("the heading `{}` is no period", figure::shortened(&heading.label));
        let mark = self.mark_heading(grid, heading, "a year or a part of one was expected");
        let help = "write it as `2024`, `2026 (as at end-February)`, `2024-Q3` or `July 2024`";
        self.extracted.problems.push(Problem::data("no-period", message, mark).help(help));
    }

    fn period_twice(&mut self, grid: usize, period: Period, again: &Heading, first: &Heading) {
        let message = format!("the period {period} stands in the header twice");
        let problem = Problem::data("period-twice", message, self.mark_heading(grid, again, "again"));
        self.extracted.problems.push(problem.also(self.mark_heading(grid, first, "first")));
    }

    fn row(&mut self, reads: &Reads<'_>, row: &'t Row<'t>, table: &Table, category: &Category) {
        let (label, figures) = table.parts(row);
        if let Some(problem) = self.misshapen(reads.grid, row, label, figures, table, category) {
            self.extracted.problems.push(problem);
            return;
        }
        let printed = label.filter(|label| !label.text.is_empty());
        let label = printed.map(|label| self.label(reads, row.number, label));
        let (label, of_row) = label.map_or((None, None), |(index, meaning)| (Some(index), meaning));
        for (cell, heading) in figures.iter().zip(&reads.headings) {
            let Some((heading, of_column)) = *heading else { continue };
            match self.figure(&reads.reading, &cell.text) {
                Ok(figure) => {
                    for mark in &figure.marks {
                        self.tie(reads, (row.number, cell.column), mark);
                    }
                    let figure = figure.of(of_row).of(of_column);
                    self.push((category.rank, label, heading), &figure, (reads.grid, row.number, cell));
                }
                Err(unread) => self.no_figure(reads.grid, row.number, cell, unread),
            }
        }
    }

    fn no_figure(&mut self, grid: usize, row: u32, cell: &Cell<'_>, unread: Unread) {
        let mark = self.document.mark(grid, row, cell.column, unread.reason);
        let help = unread.help.unwrap_or_else(|| figure_help(self.definition));
        self.extracted.problems.push(Problem::data("no-figure", no_figure(&cell.text), mark).help(help));
    }

    /// What is wrong with a row as a whole.
    fn misshapen(
        &self,
        grid: usize,
        row: &Row<'_>,
        label: Option<&Cell<'_>>,
        figures: &[Cell<'_>],
        table: &Table,
        category: &Category,
    ) -> Option<Problem> {
        let (found, expected) = (figures.len(), table.header.headings.len());
        let unlabelled = label.is_none_or(|label| label.text.is_empty());
        let first = row.cells.first()?;
        if found != expected {
            let kind = if found > expected { "too many" } else { "too few" };
            let off = figures.get(expected).or(row.cells.last()).unwrap_or(first);
            let message = format!("the row has {} {kind}", count(found.abs_diff(expected), "cell"));
            let mark = self.document.mark(
                grid,
                row.number,
                off.column,
                format!("{} for {}", count(found, "figure"), count(expected, "period")),
            );
            let help = "each period needs a figure or a nil mark; two blanks, a tab or a pipe part two cells";
            return Some(Problem::data("row-shape", message, mark).help(help));
        }
        if unlabelled && category.region.is_none() {
            let mark = self.document.mark(grid, row.number, first.column, "no region is printed before it");
            let help =
                format!("name the region of {} in the definition: `region = \"…\"`", category.code.get_ref());
            return Some(Problem::data("no-region", "the row has no region", mark).help(help));
        }
        None
    }

    /// What a cell says, or the reason why that cannot be.
    fn figure(&self, reading: &Reading<'_>, text: &str) -> Result<Figure, Unread> {
        let figure = reading.read(text)?;
        if figure.value.is_some_and(|value| value < 0) && !self.definition.measure.negative {
            let reason = format!("{} cannot be below zero", self.definition.measure.name);
            return Err(Unread { reason, help: None });
        }
        Ok(figure)
    }

    fn push(
        &mut self,
        (category, label, heading): (u32, Option<u32>, u32),
        figure: &Figure,
        (grid, row, cell): (usize, u32, &'t Cell<'t>),
    ) {
        let to = &mut *self.collector;
        to.document.push(self.index);
        to.category.push(category);
        to.label.push(label);
        to.heading.push(heading);
        to.value.push(figure.value);
        to.is_nil.push(figure.is_nil());
        to.mark.push(figure.status());
        to.value_label.push(&cell.text);
        to.grid.push(grid as u32);
        to.row.push(row);
        to.column.push(cell.column);
    }

    /// Numbers the notes, and finds the categories each holds for: its own, those below where it says so, and those
    /// whose tables carry its mark.
    fn notes(&mut self, tables: &[Found<'_, '_>]) {
        let printed = |note: &&Note| !note.text.is_empty();
        let notes: Vec<(usize, &Note)> = tables
            .iter()
            .enumerate()
            .flat_map(|(at, ((_, table), _))| table.notes.iter().filter(printed).map(move |note| (at, note)))
            .collect();
        let marked = ties::by_note(&self.ties, &notes);
        for (number, ((at, note), marked)) in (1..).zip(notes.iter().zip(&marked)) {
            let below = if note.holds_below { tables.len() } else { at + 1 };
            let held: BTreeSet<usize> = (*at..below).chain(marked.keys().copied()).collect();
            for of in held {
                let note = self.note(number, note, &tables[*at], tables[of].1, marked.get(&of));
                self.extracted.notes.push(note);
            }
        }
    }

    fn note(
        &self,
        number: i32,
        note: &Note,
        ((grid, _), printed_with): &Found<'_, '_>,
        held: &Category,
        marked_at: Option<&String>,
    ) -> NoteOf {
        NoteOf {
            note: number,
            category: held.code.get_ref().clone(),
            rank: held.rank,
            printed_with: printed_with.code.get_ref().clone(),
            text: note.text.clone(),
            position: self.place_of_row(*grid, note.rows.start).to_string(),
            mark: note.mark.clone(),
            marked_at: marked_at.cloned(),
        }
    }

    /// Figures under no header: a run of such rows is one problem.
    fn strays(&mut self, layouts: &[Layout]) {
        for (grid, layout) in layouts.iter().enumerate() {
            for run in layout.stray.chunk_by(|a, b| a + 1 == *b) {
                let mark = self.mark_row(grid, run[0], format!("{} of figures", count(run.len(), "row")));
                let problem = Problem::data("no-header", "figures stand under no header of periods", mark);
                self.extracted
                    .problems
                    .push(problem.help("a header names a period for each column: `Region  2023  2024`"));
            }
        }
    }

    /// Where a row begins to print.
    fn place_of_row(&self, grid: usize, at: usize) -> Place {
        let row = &self.document.grids[grid].rows[at];
        self.document.grids[grid].place(row.number, row.cells.first().map_or(1, |cell| cell.column))
    }

    /// A known title whose table was not found, or holds no figures: what is published would lack it in silence.
    fn lost(&mut self, layouts: &[Layout], titles: &Titles, tables: &[Found<'_, '_>]) {
        let mut known: BTreeSet<u32> = tables.iter().map(|(_, category)| category.rank).collect();
        for ((grid, table), title) in all_tables(layouts).zip(&titles.0) {
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
        let lines: Vec<&str> =
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

    /// Marks all that a row prints.
    fn mark_row(&self, grid: usize, at: usize, label: impl Into<String>) -> Mark {
        let row = &self.document.grids[grid].rows[at];
        let column = self.place_of_row(grid, at).column;
        let mark = self.document.mark(grid, row.number, column, label);
        let width = row.line.chars().skip(column as usize - 1).collect::<String>().trim_end().chars().count();
        Mark { width: width.max(1), ..mark }
    }
}

fn two_readings(ambiguous: &Ambiguous<'_>, decimals: u32, mark: Mark) -> Problem {
    let [point, comma] = ambiguous.readings.map(|reading| number::shown(reading, decimals));
    let message = format!(
        "`{}` has two readings: {point} where a point parts the decimals, {comma} where a comma does",
        ambiguous.text
    );
    let help = "say which in the definition: `decimal = \".\"` or `decimal = \",\"`, under `[figures]`";
    Problem::data("two-readings", message, mark).help(help)
}

fn no_figure(text: &str) -> String {
    if text.is_empty() {
        "a figure is missing".into()
    } else {
        format!("`{}` is no figure", figure::shortened(text))
    }
}

fn figure_help(definition: &Definition) -> String {
    let marks: Vec<String> = definition.nil_marks().iter().map(|mark| format!("`{mark}`")).collect();
    let nil = if marks.is_empty() {
        "the definition knows no mark for nil".into()
    } else {
        format!("nil is printed as {}", marks.join(" or "))
    };
    format!("{nil}; a figure known to be misprinted can be corrected in the definition")
}

/// `1 row`, `2 rows`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
