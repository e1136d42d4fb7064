//! Reads the tables of one document, cell by cell, into a collector.

use std::collections::BTreeSet;

use crate::dataset::{Category, Definition};
use crate::document::{Cell, Document, Grid, Row};
use crate::extract::figure::{self, Doubt, Figure, Known, Reading, Unread};
use crate::extract::observations::titles::Titles;
use crate::extract::observations::{Claim, Collector, Extracted, Fact, Headed, Label, NoteOf, no_table};
use crate::grammar::footnote;
use crate::grammar::indicator::Indicator;
use crate::grammar::number::{self, AmbiguousNumber};
use crate::grammar::period::Period;
use crate::grammar::status_flag::FlagMeaning;
use crate::layout::footnote_refs::{self, Tie};
use crate::layout::header::Heading;
use crate::layout::labels::{self, Labelled, labelled};
use crate::layout::selection::Selection;
use crate::layout::tables::{Layout, Note, Table};
use crate::position::Position;
use crate::problem::{Kind, Mark, Problem};
use crate::text::{fold_whitespace, format_count};

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
        self.read_apart(document, index, layouts, titles, definition, None)
    }

    /// As [`Collector::read`]; where there is something to do behind tables, in the order in which they are published: it is
    /// called with what was read so far wherever all that follows is published behind it, so that it can be taken away.
    pub fn read_apart(
        &mut self,
        document: &'t Document<'t>,
        index: u32,
        layouts: &[Layout],
        titles: &Titles,
        definition: &Definition,
        behind: Option<Behind<'_, 't>>,
    ) -> Extracted {
        let known = Known::of(document, layouts);
        let (ties, extracted) = (Vec::new(), Extracted::default());
        let mut reader = Reader {
            document,
            index,
            definition,
            known: &known,
            ties,
            figures: 0,
            collector: self,
            extracted,
        };
        let tables = reader.document_tables(layouts, titles);
        reader.tables(&tables, behind);
        reader.notes(&tables);
        reader.comments(&tables);
        reader.strays(layouts);
        reader.lost(layouts, titles, &tables);
        reader.doubts(&tables);
        reader.extracted.tables = tables.len();
        if reader.figures == 0 && reader.extracted.problems.is_empty() {
            reader.extracted.problems.push(empty(document, layouts));
        }
        reader.extracted
    }
}

/// What is done with the figures so far.
pub type Behind<'b, 't> = &'b mut dyn FnMut(&mut Collector<'t>, &Extracted);

/// The problem of a document without figures.
fn empty(document: &Document<'_>, layouts: &[Layout]) -> Problem {
    if layouts.iter().all(|layout| layout.tables.is_empty()) {
        return no_table(document);
    }
    Problem::data("no-figures", "the document's tables hold no figures", document.mark_file(""))
}

/// A table, its grid, and the category that it reports.
pub(super) type Found<'t, 'd> = ((usize, &'t Table), &'d Category);

pub(super) struct Reader<'d, 't, 'r> {
    pub(super) document: &'t Document<'t>,
    index: u32,
    pub(super) definition: &'d Definition,
    known: &'r Known,
    ties: Vec<Tie>,
    /// How many figures were read.
    figures: usize,
    pub(super) collector: &'r mut Collector<'t>,
    pub(super) extracted: Extracted,
}

/// What the figures of a table are read by, and what its headings are.
pub(super) struct Reads<'r> {
    pub(super) table: usize,
    pub(super) grid: usize,
    pub(super) reading: Reading<'r>,
    /// What each column holds; none where that is nothing, or was not understood.
    pub(super) columns: Vec<Option<Held>>,
}

/// What a column holds.
pub(super) enum Held {
    /// Figures: the index of the heading, and what its marks say.
    Figures(u32, Option<FlagMeaning>),
    /// What follows from figures: its index among such.
    Claims(u32, Indicator),
}

/// What a figure is of.
#[derive(Clone, Copy)]
struct Of {
    category: u32,
    label: Option<u32>,
    /// The row and column where the label stands.
    at: (u32, u32),
    heading: u32,
    depth: u32,
}

/// A cell and where it stands.
#[derive(Clone, Copy)]
struct Placed<'t> {
    grid: usize,
    row: u32,
    cell: &'t Cell<'t>,
}

impl<'d, 't, 'r> Reader<'d, 't, 'r>
where
    'd: 'r,
{
    /// Reads the rows of a table that a category takes.
    pub(super) fn table(
        &mut self,
        reads: &Reads<'r>,
        table: &Table,
        (category, selection): (&Category, &Selection),
    ) {
        let (rows, reading) = (&self.document.grids[reads.grid].rows, reads.reading);
        if self.collector.facts.is_empty() {
            self.collector.facts.reserve_exact(table.figures_at_most());
        }
        if table.across.is_some() {
            self.across(reads, rows, table, category);
            return;
        }
        let known = |label: &str| reading.region(reading.label(label).text).is_some();
        let region = |label: &str| reading.resolved(reading.label(label).text);
        for line in labels::without_heads(labelled(table, rows, selection, known), region) {
            self.row(reads, &line, table, category);
        }
    }

    /// What a table's cells are read by. A cell with two readings is a problem.
    pub(super) fn reading(&mut self, grid: usize, table: &Table) -> Reading<'r> {
        let (reading, doubt) = Reading::of(self.document, grid, table, Some(self.definition), self.known);
        if let Some(Doubt { ambiguous, row, column }) = doubt {
            let mark = self.document.mark(grid, row, column, "and no other figure of the table tells which");
            self.extracted.problems.push(two_readings(&ambiguous, self.definition.measure.decimals, mark));
        }
        reading
    }

    /// A label without its marks, which are tied to their notes.
    fn label(&mut self, reads: &Reads<'_>, label: &labels::Label<'_>) -> (u32, Option<FlagMeaning>) {
        let marked = reads.reading.label(&label.text);
        let (printed, text) = (fold_whitespace(&label.text), fold_whitespace(marked.text));
        let labels = &mut self.collector.labels;
        let known = labels.get_index_of(&(printed.as_ref(), text.as_ref()));
        let index = known.unwrap_or_else(|| {
            labels.insert_full(Label { printed: printed.into_owned(), text: text.into_owned() }).0
        });
        (
            index as u32,
            self.explained(reads, (label.row, label.column), &label.text, &marked.markers, |_| false),
        )
    }

    /// A heading, whose marks are tied to their notes.
    pub(super) fn heading(
        &mut self,
        reads: &Reads<'_>,
        heading: &Heading,
        period: Period,
    ) -> (u32, Option<FlagMeaning>) {
        let headed = Headed { label: heading.time.clone(), period };
        let index = self.collector.headings.insert_full(headed).0 as u32;
        let row = self.document.grids[reads.grid].rows[heading.row].number;
        let marks = footnote::split_heading_markers(&heading.label).markers;
        // A letter is read with the period.
        let letter = |mark: &str| mark.bytes().all(|byte| byte.is_ascii_lowercase());
        let told = self.explained(reads, (row, heading.column), &heading.label, &marks, letter);
        let read = heading.reading.as_ref().and_then(|reading| FlagMeaning::from_code(reading.status.code()));
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
    ) -> Option<FlagMeaning> {
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

    fn row(&mut self, reads: &Reads<'_>, line: &Labelled<'t, 't>, table: &Table, category: &Category) {
        let row = line.row;
        if let Some(problem) = self.misshapen(reads, line, table) {
            self.extracted.problems.push(problem);
            return;
        }
        let printed = line.label.as_ref().filter(|label| !label.text.is_empty());
        let label = printed.map(|label| self.label(reads, label));
        let (label, of_row) = label.map_or((None, None), |(index, meaning)| (Some(index), meaning));
        for (cell, held) in line.figures.iter().zip(&reads.columns) {
            let place = Placed { grid: reads.grid, row: row.number, cell };
            match held {
                Some(Held::Figures(heading, of_column)) => {
                    let at = line.label.as_ref().map_or((row.number, 1), |label| (label.row, label.column));
                    let of = Of { category: category.rank, label, at, heading: *heading, depth: line.depth };
                    self.fact(reads, of, of_row.or(*of_column), place);
                }
                Some(Held::Claims(claimed, indicator)) => {
                    self.claim(reads, (category.rank, label, *claimed), *indicator, place);
                }
                None => {}
            }
        }
    }

    /// Reads a table whose regions run across, region by region.
    fn across(&mut self, reads: &Reads<'_>, rows: &'t [Row<'t>], table: &Table, category: &Category) {
        let mut series = Vec::with_capacity(table.body.len());
        for (row, held) in table.body.iter().map(|&at| &rows[at]).zip(&reads.columns) {
            let (first, figures) = table.parts(row);
            let label = first.map(|cell| labels::Label::of(cell, row.number));
            let line = Labelled { row, label, figures, depth: 0 };
            match (self.misshapen(reads, &line, table), held) {
                (Some(problem), _) => self.extracted.problems.push(problem),
                (None, Some(Held::Figures(heading, of_row))) => {
                    series.push((row.number, figures, *heading, *of_row));
                }
                (None, _) => {}
            }
        }
        let head = rows[table.header.rows.start].number;
        let regions = table.regions(rows).iter().enumerate();
        for (at, region) in regions.filter(|(_, region)| !self.definition.ignores(&region.text)) {
            let Some((label, of_column)) = self.region(reads, region, head, category) else { continue };
            for (row, figures, heading, of_row) in &series {
                let of = Of {
                    category: category.rank,
                    label,
                    at: (head, region.column),
                    heading: *heading,
                    depth: 0,
                };
                let place = Placed { grid: reads.grid, row: *row, cell: &figures[at] };
                self.fact(reads, of, of_column.or(*of_row), place);
            }
        }
    }

    /// The label above a column of figures; none where it is needed and missing, which is a problem.
    fn region(
        &mut self,
        reads: &Reads<'_>,
        cell: &Cell<'_>,
        row: u32,
        category: &Category,
    ) -> Option<(Option<u32>, Option<FlagMeaning>)> {
        if !cell.text.is_empty() {
            let (label, meaning) = self.label(reads, &labels::Label::of(cell, row));
            return Some((Some(label), meaning));
        }
        if category.region.is_none() {
            let mark = self.document.mark(reads.grid, row, cell.column, "no region is printed here");
            self.extracted.problems.push(Problem::data("no-region", "the column has no region", mark));
            return None;
        }
        Some((None, None))
    }

    fn fact(&mut self, reads: &Reads<'_>, of: Of, outer: Option<FlagMeaning>, place: Placed<'t>) {
        match self.figure(&reads.reading, place.cell) {
            Ok(figure) => {
                for mark in &figure.marks {
                    self.tie(reads, (place.row, place.cell.column), mark);
                }
                self.push(of, &figure.of(outer), place);
            }
            Err(unread) => self.no_figure(place, unread),
        }
    }

    fn claim(
        &mut self,
        reads: &Reads<'_>,
        (category, label, claimed): (u32, Option<u32>, u32),
        indicator: Indicator,
        place: Placed<'t>,
    ) {
        let at = (place.grid as u32, place.row, place.cell.column);
        match reads.reading.claim(place.cell, indicator) {
            Ok(Some(printed)) => self.collector.claims.push(Claim {
                document: self.index,
                category,
                label,
                claimed,
                printed,
                place: at,
            }),
            Ok(None) => {}
            Err(unread) => self.no_figure(place, unread),
        }
    }

    /// Rows in doubt that stand in no table.
    fn doubts(&mut self, tables: &[Found<'_, '_>]) {
        for (grid, Grid { rows, ambiguous_rows, .. }) in self.document.grids.iter().enumerate() {
            let own = tables.iter().filter(|((of, _), _)| *of == grid);
            let told: BTreeSet<u32> =
                own.flat_map(|((_, table), _)| table.body.iter().map(|&at| rows[at].number)).collect();
            let left = ambiguous_rows.iter().filter(|doubt| !told.contains(&doubt.row));
            let document = self.document;
            self.extracted
                .problems
                .extend(left.map(|doubt| crate::extract::observations::flattened(document, grid, doubt)));
        }
    }

    fn no_figure(&mut self, place: Placed<'_>, unread: Unread) {
        let mark = self.document.mark(place.grid, place.row, place.cell.column, unread.reason);
        let help = unread.help.unwrap_or_else(|| figure_help(self.definition));
        self.extracted
            .problems
            .push(Problem::data("no-figure", no_figure(&place.cell.text), mark).help(help));
    }

    /// What is wrong with a row as a whole.
    fn misshapen(&self, reads: &Reads<'_>, line: &Labelled<'_, '_>, table: &Table) -> Option<Problem> {
        let (row, figures, grid) = (line.row, line.figures, reads.grid);
        if let Some(doubt) = self.document.grids[grid].doubt(row.number) {
            return Some(crate::extract::observations::flattened(self.document, grid, doubt));
        }
        let (found, expected) = (figures.len(), table.width());
        let first = row.cells.first()?;
        // A sheet has no cell where nothing is written, and none is missing below a heading with nothing under it.
        let rest = reads.columns.get(found..).unwrap_or_default();
        let is_cut = self.document.grids[grid].sheet.is_some() && rest.iter().all(Option::is_none);
        if found != expected && !(found < expected && is_cut) {
            let kind = if found > expected { "too many" } else { "too few" };
            let off = figures.get(expected).or(row.cells.last()).unwrap_or(first);
            let message = format!("the row has {} {kind}", format_count(found.abs_diff(expected), "cell"));
            let mark = self.document.mark(
                grid,
                row.number,
                off.column,
                format!("{} for {}", format_count(found, "cell"), format_count(expected, "column")),
            );
            let help = "each column needs a figure or a mark; two blanks, a tab or a pipe part two cells";
            return Some(Problem::data("row-shape", message, mark).help(help));
        }
        None
    }

    /// What a cell says, or the reason why that cannot be.
    fn figure(&self, reading: &Reading<'_>, cell: &Cell<'_>) -> Result<Figure, Unread> {
        let figure = reading.read(cell)?;
        if figure.value.is_some_and(|value| value < 0) && !self.definition.measure.negative {
            let reason = format!("{} cannot be below zero", self.definition.measure.name);
            return Err(Unread { reason, help: None });
        }
        Ok(figure)
    }

    fn push(&mut self, of: Of, figure: &Figure, place: Placed<'t>) {
        self.figures += 1;
        self.collector.facts.push(Fact {
            document: self.index,
            category: of.category,
            label: of.label,
            heading: of.heading,
            depth: of.depth,
            label_at: of.at,
            value: figure.value,
            is_nil: figure.is_nil(),
            mark: figure.status(),
            printed: &place.cell.text,
            at: (place.grid as u32, place.row, place.cell.column),
        });
    }

    /// Numbers the notes, and finds the categories each holds for: its own, those below where it says so, and those
    /// whose tables carry its mark.
    fn notes(&mut self, tables: &[Found<'_, '_>]) {
        let printed = |note: &&Note| !note.text.is_empty();
        let same = |one: &Found<'_, '_>, other: &Found<'_, '_>| std::ptr::eq(one.0.1, other.0.1);
        let firsts = tables.iter().enumerate().filter(|(at, of)| *at == 0 || !same(&tables[at - 1], of));
        let notes: Vec<(usize, &Note)> = firsts
            .flat_map(|(at, ((_, table), _))| table.notes.iter().filter(printed).map(move |note| (at, note)))
            .collect();
        let marked = footnote_refs::by_note(&self.ties, &notes);
        for (number, ((at, note), marked)) in (1..).zip(notes.iter().zip(&marked)) {
            let sharing = tables[*at..].iter().take_while(|of| same(&tables[*at], of)).count();
            let below = if note.holds_below { tables.len() } else { at + sharing };
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

    /// Where a row begins to print.
    pub(super) fn place_of_row(&self, grid: usize, at: usize) -> Position {
        let row = &self.document.grids[grid].rows[at];
        self.document.grids[grid].place(row.number, row.cells.first().map_or(1, |cell| cell.column))
    }

    /// Marks all that a row prints.
    pub(super) fn mark_row(&self, grid: usize, at: usize, label: impl Into<String>) -> Mark {
        let row = &self.document.grids[grid].rows[at];
        let column = self.place_of_row(grid, at).column;
        let mark = self.document.mark(grid, row.number, column, label);
        let line = mark.line.as_deref().unwrap_or_default();
        let width = line.chars().skip(mark.at as usize - 1).collect::<String>().trim_end().chars().count();
        Mark { width: width.max(1), ..mark }
    }
}

fn two_readings(ambiguous: &AmbiguousNumber<'_>, decimals: u32, mark: Mark) -> Problem {
    let [point, comma] = ambiguous.readings.map(|reading| number::format_number(reading, decimals));
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
