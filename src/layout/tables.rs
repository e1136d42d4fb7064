//! Finds the tables of a grid by their content: a header names periods; what hangs on to it below is its body;
//! the paragraph above is its title; notes stand between a table and the next title; all else is prose.
//!
//! Every row that isn't blank ends up in exactly one of these, or in a problem: nothing is dropped in silence.

mod body;
mod page_break;

use std::collections::BTreeSet;
use std::ops::Range;

use crate::document::{Cell, Grid, Row};
use crate::grammar::footnote::{self};
use crate::grammar::indicator::Indicator;
use crate::grammar::status_flag;
use crate::layout::figures::{behind_digits, holds_figures, is_figure, is_figures, item_number};
use crate::layout::frame::{Framed, Misfit, find_framed};
use crate::layout::guide::Guide;
use crate::layout::header::{self, Header};
use crate::layout::notes::Note;
use crate::layout::notes::{begins_notes, end_of_notes, notes};
use crate::layout::transposed;
use crate::layout::vocabulary::Vocabulary;
use crate::regions::{self, RegionKind};
use body::{is_closed, with_body};
pub(crate) use page_break::is_page_number;

/// What was found in a grid. Rows are named by their index in it.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// The tables in order.
    pub tables: Vec<Table>,
    /// Rows that belong to no table.
    pub prose: Vec<usize>,
    /// Rows of figures under no header of periods.
    pub stray: Vec<usize>,
    /// Tables of the definition that should stand here, and do not.
    pub misfits: Vec<Misfit>,
}

/// A table of regions down and periods across, or the other way round.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// The paragraph above the header: the title, perhaps with prose before it.
    pub title: Range<usize>,
    /// What names the periods. Where they run down, it has a heading for each row of the body.
    pub header: Header,
    /// How many regions its header row names, the last of its cells, where regions run across and periods down.
    pub across: Option<usize>,
    /// Whether the index of a cell of its header is its column.
    pub is_aligned: bool,
    /// The rows below the header, in order.
    pub body: Vec<usize>,
    /// The rows among those that the end of a page puts there: the header again, and the number of the page.
    pub repeated: Vec<usize>,
    /// The notes printed with it.
    pub notes: Vec<Note>,
    /// What its labels, headings and cells carry that may be a mark of a note.
    pub marks: BTreeSet<String>,
    /// Where its columns are, where the definition frames it.
    pub frame: Option<Framed>,
}

impl Table {
    /// A body row's first label, where it has one, and its figures, each below its own heading.
    #[must_use]
    pub fn parts<'r, 'c>(&self, row: &'r Row<'c>) -> (Option<&'r Cell<'c>>, &'r [Cell<'c>]) {
        if let Some(frame) = &self.frame {
            let label = frame.stub.iter().filter_map(|column| row.cells.get(*column));
            return (
                label.into_iter().find(|cell| !cell.text.is_empty()),
                row.cells.get(frame.first..).unwrap_or_default(),
            );
        }
        match row.cells.as_slice() {
            cells if self.is_unlabelled(row) => (None, cells),
            [label, rest @ ..] => (Some(label), rest.get(self.header.attributes..).unwrap_or_default()),
            [] => (None, &[]),
        }
    }

    /// Whether a row has no cell for a label. In aligned cells the header decides. Else a row of figures has none where it has
    /// as many as there are periods, or fewer where no row has a label.
    fn is_unlabelled(&self, row: &Row<'_>) -> bool {
        if self.across.is_some() || self.has_columns(row) {
            return self.across.is_none() && !self.header.labelled;
        }
        let (cells, periods) = (row.cells.len(), self.header.headings.len());
        let fits = if self.header.labelled { cells == periods } else { cells <= periods };
        fits && row
            .cells
            .first()
            .is_some_and(|first| is_figure(first) && !self.is_left_of_figures(row, first))
    }

    /// Whether a row prints a figure in the first column and nothing else.
    fn is_first_figure(&self, row: &Row<'_>) -> bool {
        self.has_columns(row)
            && self.is_unlabelled(row)
            && matches!(row.cells.as_slice(), [only] if is_figure(only))
    }

    /// Whether a cell has the index of its heading.
    fn has_columns(&self, row: &Row<'_>) -> bool {
        self.is_aligned && row.is_aligned
    }

    /// Whether a cell of a row in fixed width ends before the first heading begins: a label, though it may be a number.
    fn is_left_of_figures(&self, row: &Row<'_>, cell: &Cell<'_>) -> bool {
        let first = self.header.headings.first().map_or(1, |heading| heading.column);
        self.header.labelled && header::end(cell) <= first && header::is_fixed_width(row)
    }
}

impl Table {
    /// How many cells a row has beside its label.
    #[must_use]
    pub fn width(&self) -> usize {
        self.across.unwrap_or(self.header.headings.len())
    }

    /// The last row of its body, or of what a page repeats in it.
    fn last_row(&self) -> Option<usize> {
        self.body.last().max(self.repeated.last()).copied()
    }

    /// The rows of its header; none where it goes on under the header of the table before.
    #[must_use]
    pub fn own_header(&self) -> Range<usize> {
        let is_own = self.title.is_empty() || self.title.start < self.header.rows.start;
        if is_own { self.header.rows.clone() } else { 0..0 }
    }

    /// How many figures it can have.
    #[must_use]
    pub fn figures_at_most(&self) -> usize {
        self.body.len() * self.width()
    }

    /// The cells that name regions, where these run across.
    #[must_use]
    pub fn regions<'r, 'c>(&self, rows: &'r [Row<'c>]) -> &'r [Cell<'c>] {
        let head = rows.get(self.header.rows.start).map_or(&[][..], |row| row.cells.as_slice());
        head.len().checked_sub(self.across.unwrap_or_default()).map_or(&[], |labels| &head[labels..])
    }

    /// The cells of a row in the columns that hold figures.
    pub fn figures<'r, 'c>(&self, row: &'r Row<'c>) -> impl Iterator<Item = &'r Cell<'c>> + Clone {
        let is_figures = |at: usize| {
            let heading = self.header.headings.get(at).filter(|_| self.across.is_none());
            heading.is_none_or(|heading| heading.indicator.is_none_or(|of| of == Indicator::Figures))
                && self.frame.as_ref().is_none_or(|frame| frame.columns.get(at).is_some_and(Option::is_some))
        };
        self.parts(row).1.iter().enumerate().filter(move |(at, _)| is_figures(*at)).map(|(_, cell)| cell)
    }
}

/// Finds the tables of a grid by what it prints, and by what a definition says of it.
#[must_use]
pub fn guided_tables(grid: &Grid<'_>, guide: &Guide) -> Layout {
    let (framed, misfits) = find_framed(grid, &guide.frames);
    if framed.is_empty() && misfits.is_empty() {
        return Layout { misfits, ..tables(grid, &guide.words) };
    }
    Layout { misfits, ..arrange(grid, framed) }
}

/// A grid whose tables are known: what stands between them is titles, notes and prose. Tables side by side share their rows
/// and their title.
fn arrange(grid: &Grid<'_>, framed: Vec<Table>) -> Layout {
    let rows = &grid.rows;
    let mut layout = Layout::default();
    let (mut loose, mut covered) = (0, 0);
    let starts: Vec<usize> = framed.iter().map(|table| table.header.rows.start).collect();
    for (at, mut table) in framed.into_iter().enumerate() {
        let is_beside = at > 0 && starts[at] == starts[at - 1];
        table.marks = carry_labels(rows, &table);
        table.title = match layout.tables.last() {
            Some(before) if is_beside => before.title.clone(),
            _ => layout.claim(rows, loose..starts[at].max(loose)),
        };
        covered = covered.max(table.body.last().map_or(table.header.rows.end, |last| last + 1));
        loose = starts.get(at + 1).map_or(covered, |next| covered.min(*next));
        layout.tables.push(table);
    }
    let rest = layout.claim(rows, loose..rows.len());
    layout.leave(rows, rest);
    layout
}

/// Finds the tables of a grid by what it prints.
#[must_use]
pub fn tables(grid: &Grid<'_>, vocabulary: &Vocabulary) -> Layout {
    let rows = &grid.rows;
    let mut layout = Layout::default();
    let (mut at, mut loose, mut unproven) = (0, 0, 0);
    while at < rows.len() {
        let continued = || find_continuation(rows, loose..at, layout.tables.last()?);
        let begun = || start(rows, at, vocabulary).or_else(continued);
        let with_body = |(table, from)| with_body(rows, table, from, vocabulary, &mut unproven);
        let Some(mut table) = transposed::find(rows, at).or_else(|| begun().map(with_body)) else {
            at += 1;
            continue;
        };
        let begins = at.max(table.header.rows.start);
        at = table.last_row().map_or(table.header.rows.end, |last| last + 1);
        table.marks = carry_labels(rows, &table);
        table.title = layout.claim(rows, loose..begins);
        loose = at;
        layout.tables.push(table);
    }
    let rest = layout.claim(rows, loose..rows.len());
    layout.leave(rows, rest);
    layout
}

impl Layout {
    /// Sorts the paragraphs between two tables: notes go to the table above, the last paragraph that is no note is
    /// returned (the title of the table below), the others are prose.
    fn claim(&mut self, rows: &[Row<'_>], between: Range<usize>) -> Range<usize> {
        let mut title = between.end..between.end;
        let heads = between.end < rows.len();
        let paragraphs = paragraphs(rows, between);
        let last = paragraphs.last().filter(|_| heads).cloned();
        for paragraph in paragraphs {
            let titles = last.as_ref() == Some(&paragraph);
            match self.tables.last_mut() {
                Some(table) if begins_notes(table, rows, &paragraph, titles) => {
                    let end = if titles { end_of_notes(table, rows, &paragraph) } else { paragraph.end };
                    let mut below = paragraph.start + 1..end;
                    let words = below.find(|at| holds_figures(rows, *at)).unwrap_or(end);
                    notes(rows, paragraph.start..words, table);
                    self.leave(rows, words..end);
                    if end < paragraph.end {
                        let before = std::mem::replace(&mut title, end..paragraph.end);
                        self.leave(rows, before);
                    }
                }
                _ => {
                    let before = std::mem::replace(&mut title, paragraph);
                    self.leave(rows, before);
                }
            }
        }
        // Figures are no title, which may be numbered: it begins below the last of them.
        let is_figures = |at: &usize| holds_figures(rows, *at) && item_number(&rows[*at]).is_none();
        let figures = title.clone().rfind(is_figures);
        let begins = figures.map_or(title.start, |last| last + 1);
        self.leave(rows, title.start..begins);
        begins..title.end
    }

    /// Leaves rows as prose, or as figures that stand under no header.
    fn leave(&mut self, rows: &[Row<'_>], left: Range<usize>) {
        for at in left {
            let to = if holds_figures(rows, at) { &mut self.stray } else { &mut self.prose };
            to.push(at);
        }
    }
}

/// A table whose header begins at a row, and where its body does.
fn start(rows: &[Row<'_>], at: usize, vocabulary: &Vocabulary) -> Option<(Table, usize)> {
    let table = find_below_header(rows, at, vocabulary)?;
    let from = table.header.rows.end;
    Some((table, from))
}

/// A table without a header of its own behind a row: a title, and figures in as many columns as those of the table before,
/// which ended with its total. It has the header of that table, and its body begins at the row.
fn find_continuation(rows: &[Row<'_>], between: Range<usize>, before: &Table) -> Option<(Table, usize)> {
    let at = between.end;
    let fits = before.across.is_none()
        && before.header.labelled
        && rows[at].cells.len() == before.header.headings.len() + 1
        && is_figures(&rows[at])
        && (is_closed(rows, before, &before.body) || is_single(rows, before));
    if !fits {
        return None;
    }
    let title = rows[between].iter().rev().find(|row| !row.is_blank())?;
    if title.cells.len() > 1 || footnote::parse_certain_opening(&title.text()).is_some() {
        return None;
    }
    let (header, is_aligned) = (before.header.clone(), before.is_aligned);
    Some((Table { header, is_aligned, ..Table::default() }, at))
}

/// Whether a table is one row that no label is printed for.
fn is_single(rows: &[Row<'_>], table: &Table) -> bool {
    matches!(table.body.as_slice(), [only] if rows[*only].cells.first().is_some_and(|label| label.text.is_empty()))
}

/// A header stands at a row, and where it has one period only, figures stand below it.
fn find_below_header(rows: &[Row<'_>], at: usize, vocabulary: &Vocabulary) -> Option<Table> {
    let header = header::find(rows, at, vocabulary)?;
    let sure = header.headings.len() > 1 || rows.get(header.rows.end).is_some_and(is_figures);
    let is_aligned = rows[header.rows.clone()].iter().all(|row| row.is_aligned);
    sure.then(|| Table { title: at..at, header, is_aligned, ..Table::default() })
}

/// The first row from one on that is wanted, or the end.
pub(crate) fn next(rows: &[Row<'_>], from: usize, wanted: impl Fn(&Row<'_>) -> bool) -> usize {
    rows[from..].iter().position(wanted).map_or(rows.len(), |after| from + after)
}

/// Runs of rows that aren't blank.
fn paragraphs(rows: &[Row<'_>], within: Range<usize>) -> Vec<Range<usize>> {
    let mut paragraphs: Vec<Range<usize>> = Vec::new();
    for at in within.filter(|&at| !rows[at].is_blank()) {
        match paragraphs.last_mut() {
            Some(last) if last.end == at => last.end = at + 1,
            _ => paragraphs.push(at..at + 1),
        }
    }
    paragraphs
}

/// What a table carries that may be the marks of notes: behind its labels, headings and figures, or in their place.
fn carry_labels(rows: &[Row<'_>], table: &Table) -> BTreeSet<String> {
    let mut marks = BTreeSet::new();
    let labels = table.header.attributes;
    let headings = rows[table.header.rows.clone()].iter().flat_map(|row| &row.cells);
    let body = table
        .body
        .iter()
        .flat_map(|&at| rows[at].cells.iter().enumerate().map(|(at, cell)| (at > labels, cell)));
    for cell in headings {
        marks.extend(footnote::split_heading_markers(&cell.text).markers);
        marks.extend(footnote::split_markers(&cell.text, |_| true).markers);
    }
    for (in_place, cell) in body {
        let text = cell.text.as_ref();
        // Most figures end with a digit, and most others are nil.
        if in_place
            && (text.ends_with(|c: char| c.is_ascii_digit()) || status_flag::NIL_SYMBOLS.contains(&text))
        {
            continue;
        }
        if in_place {
            let behind = Some(behind_digits(text).1).filter(|mark| status_flag::is_symbol(mark));
            marks.extend(behind.map(str::to_owned));
        }
        marks.extend(footnote::split_markers(text, |_| true).markers);
        marks.extend(footnote::split_heading_markers(text).markers);
    }
    marks
}

/// Whether a label names a total.
pub(crate) fn is_total(label: &str) -> bool {
    regions::resolve_aggregate(footnote::strip_markers(label))
        .is_some_and(|aggregate| aggregate.kind == RegionKind::Total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::text;

    fn layout(text: &str) -> Layout {
        tables(&text::parse_grid(text), &Vocabulary::default())
    }

    fn shape(text: &str) -> Vec<(Range<usize>, usize, Vec<usize>)> {
        layout(text)
            .tables
            .into_iter()
            .map(|table| (table.title, table.header.rows.start, table.body))
            .collect()
    }

    #[test]
    fn a_table_is_found_by_its_header_and_what_hangs_on_to_it() {
        let text = "Words.\n\nA title\n\nRegion\t2023\t2024\nCanada\t1\t2\nTotal\t1\t2\n\nNote: it is so.\n\nMore words.\n";
        assert_eq!(shape(text), [(2..3, 4, vec![5, 6])]);
        let layout = layout(text);
        assert_eq!(
            layout.tables[0].notes,
            [Note { rows: 8..9, mark: None, text: "it is so.".into(), holds_below: false }]
        );
        assert_eq!(layout.prose, [0, 10]);
    }

    #[test]
    fn a_table_goes_on_below_its_header_on_the_next_page() {
        let first = "T\n\nRegion\t2023\t2024\nA\t1\t2\n";
        for between in ["", "\n", "\n- 1 -\n\u{c}", "\n\n   Page 1 of 3\n\n", "\u{c}"] {
            let text = format!("{first}{between}Region\t2023\t2024\nB\t1\t2\nTotal\t2\t4\n");
            let tables = layout(&text).tables;
            assert_eq!((tables.len(), tables[0].body.len()), (1, 3), "{text:?}");
            assert!(!tables[0].repeated.is_empty());
        }
        for other in [
            "\nU\n\nRegion\t2023\t2024",
            "\nRegion\t2023\t2025",
            "\nArea\t2023\t2024",
            "Total\t1\t2\n\nRegion\t2023\t2024",
        ] {
            let text = format!("{first}{other}\nB\t1\t2\nTotal\t2\t4\n");
            assert_eq!(layout(&text).tables.len(), 2, "{text:?}");
        }
        let without_total = format!("{first}\nRegion\t2023\t2024\nB\t1\t2\n");
        assert_eq!(layout(&without_total).tables.len(), 2);
    }

    #[test]
    fn blank_lines_may_part_anything() {
        for text in [
            "T\nRegion\t2023\t2024\nA\t1\t2\nTotal\t1\t2\nU\nRegion\t2023\t2024\nB\t3\t4\nTotal\t3\t4\n",
            "T\n\n\nRegion\t2023\t2024\n\nA\t1\t2\n\nTotal\t1\t2\n\nU\n\nRegion\t2023\t2024\n\nB\t3\t4\n\nTotal\t3\t4",
        ] {
            let bodies: Vec<usize> = shape(text).iter().map(|(_, _, body)| body.len()).collect();
            assert_eq!(bodies, [2, 2], "{text:?}");
        }
    }

    #[test]
    fn a_row_of_figures_that_look_like_years_is_a_row() {
        assert_eq!(
            shape("T\n\nRegion\t2023\t2024\nCanada\t1999\t2001\nTotal\t1999\t2001"),
            [(0..1, 2, vec![3, 4])]
        );
    }

    #[test]
    fn a_table_without_labels_ends_with_its_row() {
        let layout = layout("T\n\n2023\t2024\n1 999\t2001\nWords.\n");
        assert_eq!(layout.tables[0].body, [3]);
        assert!(!layout.tables[0].header.labelled);
        assert_eq!(layout.prose, [4]);
    }

    #[test]
    fn short_and_odd_rows_stay_in_the_body_to_be_reported() {
        assert_eq!(
            shape("T\n\nRegion\t2023\t2024\nCanada\nJapan\t1\nIndia\t12a4\t3\t9\nTotal\t1\t2"),
            [(0..1, 2, vec![3, 4, 5, 6])]
        );
    }

    #[test]
    fn an_empty_template_is_a_table_without_figures() {
        assert_eq!(shape("T\n\nRegion\t2023\t2024\nCanada\n……\nTotal\n\nWords"), [(0..1, 2, vec![3, 4, 5])]);
    }

    #[test]
    fn figures_under_no_header_are_told_apart_from_prose() {
        let layout =
            layout("Words\n\nCanada\t1\t2\n\nWorker\t119,180\t+93,371\t+78%\n\nIn 2024,  45 of  them\n");
        assert_eq!((layout.prose, layout.stray), (vec![0, 6], vec![2, 4]));
    }

    #[test]
    fn figures_in_the_paragraph_of_a_note_are_no_note() {
        let layout = layout("T\n\nRegion\t2023\t2024\nTotal\t1\t2\n\nNote: so.\nJapan\t5\t5\n");
        assert_eq!((layout.tables[0].notes.len(), layout.stray), (1, vec![6]));
    }

    #[test]
    fn figures_with_decimals_go_on_after_a_blank_line() {
        assert_eq!(shape("T\n\nRegion\t2023\n\nA\t1.5\n\nB\t7.25\n"), []);
        assert_eq!(shape("T\n\nRegion\t2023\t2024\n\nA\t1.5\t2\n\nB\t7.25\t1\n"), [(0..1, 2, vec![4, 6])]);
    }

    #[test]
    fn notes_end_where_the_next_begins_and_say_how_far_they_reach() {
        let text = "T\n\nRegion\t2023\t2024\nTotal\t1\t2\n\n**Notes:** (1) One\nline more.\n(2) This holds for the Tables  below.\n\n備註：三\n";
        let notes: Vec<_> =
            layout(text).tables.remove(0).notes.into_iter().map(|n| (n.text, n.holds_below)).collect();
        assert_eq!(
            notes,
            [
                ("One line more.".into(), false),
                ("This holds for the Tables below.".into(), true),
                ("三".into(), false)
            ]
        );
    }

    #[test]
    fn a_note_begins_with_a_mark_that_the_table_carries() {
        let text = "T\n\nRegion\t2023\t2024¹\nCanada*\t1\t**\nJapan2\t1\tx\nTotal\t1\t2\n\n**Less than 0.1\n\n2 So.\n\nx: Suppressed\n\n3 Words.\n\n¹ It is.\n* Is it?\n";
        let layout = layout(text);
        let notes: Vec<_> =
            layout.tables[0].notes.iter().map(|note| (note.mark.as_deref(), note.text.as_str())).collect();
        assert_eq!(
            notes,
            [
                (Some("**"), "Less than 0.1"),
                (Some("2"), "So."),
                (Some("x"), "Suppressed"),
                (Some("1"), "It is."),
                (Some("*"), "Is it?")
            ]
        );
        assert_eq!(layout.prose, [13]);
    }

    #[test]
    fn a_note_may_stand_below_its_mark() {
        let text = "T\n\nRegion\t2023\t2024\nTotal\t1\t2\n\nNote 1\n\nSo it is.\n\nNote 2\n\nIt is.\n\nNotes\n\nU\n\nRegion\t2023\t2024\nTotal\t1\t2\n";
        let layout = layout(text);
        let notes: Vec<_> =
            layout.tables[0].notes.iter().map(|note| (note.mark.as_deref(), note.text.as_str())).collect();
        assert_eq!(notes, [(Some("1"), "So it is."), (Some("2"), "It is."), (None, "")]);
        assert_eq!(layout.tables[1].title, 15..16);
    }

    #[test]
    fn figures_of_any_publisher_are_no_prose() {
        let cell = |text: &'static str| Cell::printed(1, text);
        for text in [
            "1 234",
            "1.234.567,5",
            "(5)",
            "5-",
            "..",
            "n.a.",
            "12p",
            "1 234 r",
            "45 (e)",
            "12*",
            "45 [note 1]",
            "12¹",
            "-",
            "+78%",
        ] {
            assert!(is_figure(&cell(text)), "{text}");
        }
        for text in ["45 of", "1st", "78 % of", "%", "2024, and", "Canada", "", "(i)", "12 months"] {
            assert!(!is_figure(&cell(text)), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_row_is_accounted_for_once(text in "([A-C]|2023|2024|Q1|Q2|Change|Number|2019\t1\t2\n|A &|\\(Jan - Sep\\)|-|1 234|Note: x|Note 1|[*] x|¹|x: y|[(]1[)]|Total|\t|\\||  |,|\n|\n\n){0,60}") {
            let grid = text::parse_grid(&text);
            let layout = tables(&grid, &Vocabulary::default());
            let mut seen: Vec<usize> = layout.prose.iter().chain(&layout.stray).copied().collect();
            // A table that continues has the header of the one before, which is printed once.
            let mut headers: Vec<_> = layout.tables.iter().map(|table| table.header.rows.clone()).collect();
            headers.dedup();
            seen.extend(headers.into_iter().flatten());
            for table in &layout.tables {
                seen.extend(table.title.clone().chain(table.body.clone()));
                let notes = table.notes.iter().flat_map(|note| note.rows.clone());
                seen.extend(notes.filter(|&at| !grid.rows[at].is_blank()));
            }
            seen.sort_unstable();
            let printed: Vec<usize> = (0..grid.rows.len()).filter(|&at| !grid.rows[at].is_blank()).collect();
            proptest::prop_assert_eq!(seen, printed);
        }
    }
}
