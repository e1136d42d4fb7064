//! Tables to a frame of raw observations: each printed figure with its labels and its place, nothing interpreted but
//! the figure itself.

use std::borrow::Borrow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::Hash;

use anyhow::Result;
use chrono::NaiveDate;
use polars::prelude::*;

use super::tables::{Layout, Note, Table, tables};
use super::{folded, mark, number};
use crate::dataset::{Category, Definition};
use crate::document::{Cell, Document, Row};
use crate::extract::period::Period;
use crate::extract::period::calendar::{Calendar, Open};
use crate::extract::period::heading::Status;
use crate::extract::tables::header::{Header, Heading};
use crate::place::Place;
use crate::problem::{Kind, Mark, Problem, did_you_mean};

/// The raw observations of a batch of documents.
///
/// Each row of `facts` is a printed figure or nil mark: `document` (index in the batch), `category` (rank in the
/// definition), `label` (index into `labels`, null where no region is printed), `heading` (index into `headings`),
/// `value` (null at a nil mark), `is_nil`, `value_label`, and its place: `grid`, `row`, `column`. Labels and headings
/// repeat in every table and document; each is kept once, and only its index goes through the transform.
#[derive(Clone, Debug)]
pub struct Raw {
    /// The figures.
    pub facts: DataFrame,
    /// The distinct labels of regions, as printed, white space folded.
    pub labels: Vec<String>,
    /// The distinct headings of columns.
    pub headings: Vec<Headed>,
}

/// What a heading says of the figures below it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Headed {
    /// As printed, white space folded.
    pub label: String,
    /// The time they are for.
    pub period: Period,
    /// What marks beside it say of them.
    pub status: Status,
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
    value_label: Vec<&'t str>,
    grid: Vec<u32>,
    row: Vec<u32>,
    column: Vec<u32>,
    labels: Distinct<String>,
    headings: Distinct<Headed>,
}

/// Distinct things, in the order in which they were first seen.
struct Distinct<T> {
    seen: Vec<T>,
    index: HashMap<T, u32>,
}

impl<T> Default for Distinct<T> {
    fn default() -> Distinct<T> {
        Distinct { seen: Vec::new(), index: HashMap::new() }
    }
}

impl<T: Clone + Eq + Hash> Distinct<T> {
    fn index<Q: Eq + Hash + ToOwned<Owned = T> + ?Sized>(&mut self, wanted: &Q) -> u32
    where
        T: Borrow<Q>,
    {
        if let Some(index) = self.index.get(wanted) {
            return *index;
        }
        let index = self.seen.len() as u32;
        self.seen.push(wanted.to_owned());
        self.index.insert(wanted.to_owned(), index);
        index
    }
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
        let mut reader =
            Reader { document, index, definition, collector: self, extracted: Extracted::default() };
        let tables = reader.document_tables(layouts, titles);
        for ((grid, table), category) in &tables {
            let problems = reader.extracted.problems.len();
            reader.table(*grid, table, category);
            if reader.extracted.problems.len() > problems {
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
        let is_nil: Vec<bool> = self.value.iter().map(Option::is_none).collect();
        let facts = df!(
            "document" => self.document,
            "category" => self.category,
            "label" => self.label,
            "heading" => self.heading,
            "value" => self.value,
            "is_nil" => is_nil,
            "value_label" => self.value_label,
            "grid" => self.grid,
            "row" => self.row,
            "column" => self.column,
        )?;
        Ok(Raw { facts, labels: self.labels.seen, headings: self.headings.seen })
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
    collector: &'r mut Collector<'t>,
    extracted: Extracted,
}

impl<'d, 't> Reader<'d, 't, '_> {
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
    fn table(&mut self, grid: usize, table: &Table, category: &Category) {
        let rows = &self.document.grids[grid].rows;
        let headings = self.header(grid, &table.header);
        for &at in &table.body {
            self.row(grid, &rows[at], table, category, &headings);
        }
    }

    /// The index of each heading; none where it is no period. No two can be the same.
    fn header(&mut self, grid: usize, header: &Header) -> Vec<Option<u32>> {
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
            indices.push(period.map(|period| self.column(heading, period)));
        }
        indices
    }

    fn column(&mut self, heading: &Heading, period: Period) -> u32 {
        let status = heading.reading.as_ref().map_or(Status::Normal, |reading| reading.status);
        self.collector.headings.index(&Headed { label: heading.label.clone(), period, status })
    }

    fn mark_heading(&self, grid: usize, heading: &Heading, label: &str) -> Mark {
        let row = self.document.grids[grid].rows[heading.row].number;
        self.document.mark(grid, row, heading.column, label)
    }

    fn ambiguous_period(&mut self, grid: usize, heading: &Heading, open: Open) {
        let message = format!("the heading `{}` {}", heading.label, open.message);
        let problem = Problem::data("ambiguous-period", message, self.mark_heading(grid, heading, ""));
        self.extracted.problems.push(problem.help(open.help));
    }

    fn no_period(&mut self, grid: usize, heading: &Heading) {
        let message = format!("the heading `{}` is no period", heading.label);
        let mark = self.mark_heading(grid, heading, "a year or a part of one was expected");
        let help = "write it as `2024`, `2026 (as at end-February)`, `2024-Q3` or `July 2024`";
        self.extracted.problems.push(Problem::data("no-period", message, mark).help(help));
    }

    fn period_twice(&mut self, grid: usize, period: Period, again: &Heading, first: &Heading) {
        let message = format!("the period {period} stands in the header twice");
        let problem = Problem::data("period-twice", message, self.mark_heading(grid, again, "again"));
        self.extracted.problems.push(problem.also(self.mark_heading(grid, first, "first")));
    }

    fn row(
        &mut self,
        grid: usize,
        row: &'t Row<'t>,
        table: &Table,
        category: &Category,
        headings: &[Option<u32>],
    ) {
        let (label, figures) = table.parts(row);
        if let Some(problem) = self.misshapen(grid, row, label, figures, table, category) {
            self.extracted.problems.push(problem);
            return;
        }
        let printed = label.filter(|label| !label.text.is_empty());
        let label = printed.map(|label| self.collector.labels.index::<str>(&folded(&label.text)));
        for (cell, heading) in
            figures.iter().zip(headings).filter_map(|(cell, heading)| Some((cell, (*heading)?)))
        {
            match self.figure(&cell.text) {
                Ok(value) => self.push(category.rank, label, heading, value, (grid, row.number, cell)),
                Err(reason) => {
                    let mark = self.document.mark(grid, row.number, cell.column, reason);
                    self.extracted.problems.push(
                        Problem::data("no-figure", no_figure(&cell.text), mark)
                            .help(figure_help(self.definition)),
                    );
                }
            }
        }
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

    /// A figure, none for a nil mark, or the reason why it is neither.
    fn figure(&self, text: &str) -> Result<Option<i64>, String> {
        if self.definition.is_nil(text) {
            return Ok(None);
        }
        let value =
            number::parse(text, self.definition.measure.decimals).map_err(|fault| fault.to_string())?;
        let impossible = value < 0 && !self.definition.measure.negative;
        if impossible {
            Err(format!("{} cannot be below zero", self.definition.measure.name))
        } else {
            Ok(Some(value))
        }
    }

    fn push(
        &mut self,
        category: u32,
        label: Option<u32>,
        heading: u32,
        value: Option<i64>,
        (grid, row, cell): (usize, u32, &'t Cell<'t>),
    ) {
        let to = &mut *self.collector;
        to.document.push(self.index);
        to.category.push(category);
        to.label.push(label);
        to.heading.push(heading);
        to.value.push(value);
        to.value_label.push(&cell.text);
        to.grid.push(grid as u32);
        to.row.push(row);
        to.column.push(cell.column);
    }

    /// Numbers the notes, and finds the categories each holds for: its own, and those below where it says so.
    fn notes(&mut self, tables: &[Found<'_, '_>]) {
        let mut number = 0;
        for (at, ((grid, table), category)) in tables.iter().enumerate() {
            for note in table.notes.iter().filter(|note| !note.text.is_empty()) {
                number += 1;
                let last = if note.holds_below { tables.len() } else { at + 1 };
                for (_, held) in &tables[at..last] {
                    let note = self.note(number, note, *grid, held, category);
                    self.extracted.notes.push(note);
                }
            }
        }
    }

    fn note(
        &self,
        number: i32,
        note: &Note,
        grid: usize,
        held: &Category,
        printed_with: &Category,
    ) -> NoteOf {
        NoteOf {
            note: number,
            category: held.code.get_ref().clone(),
            rank: held.rank,
            printed_with: printed_with.code.get_ref().clone(),
            text: note.text.clone(),
            position: self.place_of_row(grid, note.rows.start).to_string(),
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

fn no_figure(text: &str) -> String {
    if text.is_empty() { "a figure is missing".into() } else { format!("`{text}` is no figure") }
}

fn figure_help(definition: &Definition) -> String {
    let marks: Vec<&str> = match &definition.nil_marks {
        Some(marks) => marks.iter().map(|mark| mark.get_ref().as_str()).collect(),
        None => mark::NIL.to_vec(),
    };
    let marks: Vec<String> = marks.iter().map(|mark| format!("`{mark}`")).collect();
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
