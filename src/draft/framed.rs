//! The layout of a table as a draft says it: found on a sheet by where figures stand, what stands above and beside them, and
//! the rows of words between them. What cannot be told for sure is a question in the draft, never a silent choice.

mod columns;
mod levels;
mod region;

use std::collections::{BTreeMap, BTreeSet};

use crate::document::{Cell, Grid, Row};
use crate::draft::list::DraftList;
use crate::draft::printed_table::{FigureStyle, PrintedColumn, PrintedTable};
use crate::grammar::footnote::strip_markers;
use crate::grammar::indicator::Indicator;
use crate::grammar::period::Period;
use crate::grammar::period::calendar::Calendar;
use crate::grammar::period::heading as time;
use crate::grammar::period::part_of_year::{is_roman_part, name_part};
use crate::layout::figures::{holds_figures, prints_number};
use crate::layout::header::read;
use crate::layout::period_path::{find_period as find_period_words, without_total};
use crate::regions::resolve;
use crate::text::fold_whitespace;
use columns::{SheetColumns, find_columns};
pub use columns::{StubKind, is_code};
pub use levels::LevelKind;
use levels::find_levels;
use region::{FigureRegion, find_regions};

/// The layout of a table.
#[derive(Clone, Debug, Default)]
pub struct DraftFrame {
    /// The cells it takes: its first row, and its first and last column.
    pub range: String,
    /// What each header row names.
    pub levels: Vec<LevelKind>,
    /// What each label column names.
    pub stub: Vec<StubKind>,
    /// What headings between rows name.
    pub sections: Option<SectionKind>,
    /// Where the period is printed, where neither rows nor columns nor sections name it.
    pub period: Option<FixedPeriod>,
    /// Whether rows, columns or sections name periods.
    pub names_period: bool,
    /// What is printed above the columns: the words of each run of levels that name one thing.
    pub words: Vec<HeaderWords>,
    /// The labels of headings between rows.
    pub section_labels: Vec<String>,
    /// Whether a code stands below each of them.
    pub has_section_codes: bool,
    /// Labels that rows print again and again below others, with those above them; of the first column of labels.
    pub repeated: Vec<String>,
    /// Labels of rows that are no periods, where others are.
    pub other_rows: Vec<String>,
    /// What columns without a heading print beside figures.
    pub flags: Vec<String>,
    /// Whether cells among figures are empty.
    pub has_blanks: bool,
    /// The rows of its sheet with figures that are in no table.
    pub left: Vec<String>,
    /// What its columns hold, where it is a list.
    pub list: Option<DraftList>,
}

/// What headings between rows name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SectionKind {
    /// Periods.
    Period,
    /// Codes of a dimension.
    Dimension,
}

/// A period that holds for all of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FixedPeriod {
    /// The title names it.
    Title,
    /// It is printed elsewhere on the sheet.
    Printed(Period),
}

/// What is printed above columns in header rows that name one thing together.
#[derive(Clone, Debug, Default)]
pub struct HeaderWords {
    /// Whether it is a measure; else a dimension.
    pub is_measure: bool,
    /// The distinct labels, in printed order.
    pub labels: Vec<String>,
    /// How the figures below each look.
    pub styles: Vec<FigureStyle>,
    /// Whether nothing is printed above some columns.
    pub has_blank: bool,
}

/// The tables of a sheet whose layout can be said.
#[must_use]
pub fn find_framed_tables(grid: &Grid<'_>) -> Vec<PrintedTable> {
    let regions = find_regions(grid);
    let of_region = |(at, region)| describe(grid, region, at + 1 == regions.len());
    let mut tables: Vec<PrintedTable> = regions.iter().enumerate().filter_map(of_region).collect();
    if let Some(frame) = tables.first_mut().and_then(|table| table.frame.as_mut()) {
        frame.left = find_left_ranges(grid, &regions);
    }
    tables
}

fn describe(grid: &Grid<'_>, region: &FigureRegion, is_last: bool) -> Option<PrintedTable> {
    let columns = find_columns(grid, region);
    let is_labelled = columns.stub.iter().any(|kind| matches!(kind, StubKind::Dimension | StubKind::Period));
    let levels = find_levels(grid, region, &columns).filter(|_| is_labelled)?;
    let sections = find_sections(grid, region, &columns.stub);
    let names_period = levels.kinds.contains(&LevelKind::Period)
        || columns.stub.contains(&StubKind::Period)
        || sections.kind == Some(SectionKind::Period);
    // Where neither periods nor sections run down, each row has a label of its own.
    let names_rows = !columns.stub.contains(&StubKind::Period) && sections.kind.is_none();
    let title = find_title(&grid.rows[region.above..region.header[0]]);
    let labels = stub_columns(grid, region, &columns.stub);
    let mut table = PrintedTable::default();
    for cell in cells_of(grid, region, &columns).flatten() {
        table.add_figure(cell);
    }
    let has_blanks =
        cells_of(grid, region, &columns).any(|cell| cell.is_none_or(|cell| cell.text.is_empty()));
    table.frame = Some(DraftFrame {
        range: range(grid, region, &columns.taken, is_last),
        period: (!names_period).then(|| find_period(grid, region, &title)).flatten(),
        names_period,
        levels: levels.kinds,
        words: levels.words,
        sections: sections.kind,
        has_section_codes: sections.has_codes,
        section_labels: sections.labels,
        repeated: find_repeated(&labels, names_rows),
        other_rows: find_other_rows(grid, region, &columns.stub),
        flags: find_flags(grid, region, &columns),
        left: Vec::new(),
        list: None,
        has_blanks,
        stub: columns.stub,
    });
    (table.title, table.columns) = (title, labels);
    table.sheet.clone_from(&grid.sheet);
    Some(table)
}

/// The cells of figures; none where a row ends before.
fn cells_of<'g, 'c>(
    grid: &'g Grid<'c>,
    region: &'g FigureRegion,
    columns: &'g SheetColumns,
) -> impl Iterator<Item = Option<&'g Cell<'c>>> {
    let rows = region.data.iter().map(|at| &grid.rows[*at]);
    rows.flat_map(|row| columns.taken.iter().map(|column| row.cells.get(*column)))
}

/// Headings between rows.
struct Sections {
    kind: Option<SectionKind>,
    /// Their labels, where they are codes of a dimension.
    labels: Vec<String>,
    /// Whether a code stands below each.
    has_codes: bool,
}

fn find_sections(grid: &Grid<'_>, region: &FigureRegion, stub: &[StubKind]) -> Sections {
    let (codes, labels): (Vec<String>, Vec<String>) =
        find_section_labels(grid, region, stub).into_iter().partition(|label| is_code(label));
    let has_codes = !codes.is_empty();
    let are_times = labels.iter().filter(|label| is_time(label)).count() * 2 > labels.len();
    if labels.is_empty() || are_times {
        let kind = are_times.then_some(SectionKind::Period);
        return Sections { kind, labels: Vec::new(), has_codes };
    }
    Sections { kind: Some(SectionKind::Dimension), labels, has_codes }
}

/// The labels of the only column of labels that stand in several rows, each with the one above that stands once.
fn find_repeated(columns: &[PrintedColumn], names_rows: bool) -> Vec<String> {
    let [column] = columns else { return Vec::new() };
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for label in &column.cells {
        *counts.entry(label).or_default() += 1;
    }
    let mut owner: Option<&String> = None;
    let mut found = Vec::new();
    for label in column.cells.iter().filter(|label| !label.is_empty() && names_rows) {
        if counts[label] == 1 {
            owner = Some(label);
        } else if let Some(owner) = owner.filter(|_| resolve(label).is_none()) {
            found.push(format!("{owner} {label}"));
        }
    }
    distinct(found.into_iter())
}

/// The short words of columns without a heading, among those of figures.
fn find_flags(grid: &Grid<'_>, region: &FigureRegion, columns: &SheetColumns) -> Vec<String> {
    const LONGEST: usize = 3;
    let last = columns.taken.last().map_or(columns.first, |last| last + 2);
    let is_unheaded = |at: &usize| {
        !columns.taken.contains(at)
            && region.header.iter().all(|row| cell_text(&grid.rows[*row], *at).is_empty())
    };
    let of_columns = (columns.first..last).filter(is_unheaded);
    let texts = of_columns.flat_map(|at| region.data.iter().map(move |row| (at, *row)));
    let texts =
        texts.filter_map(|(at, row)| grid.rows[row].cells.get(at)).map(|cell| cell.text.trim().to_owned());
    distinct(texts.filter(|text| !text.is_empty() && text.chars().count() <= LONGEST))
}

/// The rows of a sheet with figures that are in none of its tables, as ranges.
fn find_left_ranges(grid: &Grid<'_>, regions: &[FigureRegion]) -> Vec<String> {
    let read: BTreeSet<usize> =
        regions.iter().flat_map(|of| of.data.iter().chain(&of.header).chain(&of.words).copied()).collect();
    let left: Vec<u32> = (0..grid.rows.len())
        .filter(|at| !read.contains(at) && holds_figures(&grid.rows, *at))
        .map(|at| grid.rows[at].number)
        .collect();
    let runs = left.chunk_by(|one, other| other - one < NEAR);
    runs.map(|run| format!("A{}:{}", run[0], run[run.len() - 1])).collect()
}

/// Rows nearer than that are left out together.
const NEAR: u32 = 4;

/// What columns of periods print that is none, and no change either.
fn find_other_rows(grid: &Grid<'_>, region: &FigureRegion, stub: &[StubKind]) -> Vec<String> {
    let Some(column) = stub.iter().position(|kind| *kind == StubKind::Period) else { return Vec::new() };
    let heading = heading_of(grid, region, column).unwrap_or_default();
    let is_time = |text: &str| is_time(text) || name_part(&heading, text).is_some();
    let texts = region.data.iter().map(|row| cell_text(&grid.rows[*row], column));
    let is_other = |text: &String| !text.is_empty() && !is_time(text) && Indicator::parse(text).is_none();
    distinct(texts.filter(is_other))
}

/// The cells of a table; those of the last one of a sheet go on to its end.
fn range(grid: &Grid<'_>, region: &FigureRegion, taken: &[usize], is_last: bool) -> String {
    let first = grid.rows[region.header[0]].number;
    let last = taken.last().map_or(1, |column| *column as u32 + 1);
    let place =
        crate::position::Position { sheet: Some(String::new()), row: first, column: last }.to_string();
    let letters: String = place.chars().filter(char::is_ascii_alphabetic).collect();
    let end = region.data.last().filter(|_| !is_last).map(|row| grid.rows[*row].number.to_string());
    format!("A{first}:{letters}{}", end.unwrap_or_default())
}

/// The labels of the rows that print a single cell, before figures, among rows of figures.
fn find_section_labels(grid: &Grid<'_>, region: &FigureRegion, stub: &[StubKind]) -> Vec<String> {
    let is_aside = |column: usize| stub.get(column) == Some(&StubKind::Ignored);
    let mut labels: Vec<String> = Vec::new();
    for &at in &region.words {
        let printed = grid.rows[at].cells.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty());
        let (asides, named): (Vec<_>, Vec<_>) = printed.partition(|(column, _)| is_aside(*column));
        let read = if named.is_empty() { asides } else { named };
        let [(column, cell)] = read.as_slice() else { continue };
        let text = strip_markers(&fold_whitespace(&cell.text)).to_owned();
        if *column < stub.len() && !labels.contains(&text) {
            labels.push(text);
        }
    }
    labels
}

/// The columns of labels, with what stands above them.
fn stub_columns(grid: &Grid<'_>, region: &FigureRegion, stub: &[StubKind]) -> Vec<PrintedColumn> {
    let column = |(at, kind): (usize, &StubKind)| {
        (*kind == StubKind::Dimension).then(|| {
            let cells = region.data.iter().map(|row| cell_text(&grid.rows[*row], at));
            PrintedColumn { heading: heading_of(grid, region, at), cells: cells.collect() }
        })
    };
    stub.iter().enumerate().filter_map(column).collect()
}

/// What the lowest header row prints above a column.
fn heading_of(grid: &Grid<'_>, region: &FigureRegion, column: usize) -> Option<String> {
    let texts = region.header.iter().rev().map(|row| cell_text(&grid.rows[*row], column));
    texts.into_iter().find(|text| text.contains(char::is_alphabetic))
}

fn cell_text(row: &Row<'_>, column: usize) -> String {
    row.cells
        .get(column)
        .map(|cell: &Cell<'_>| strip_markers(&fold_whitespace(&cell.text)).to_owned())
        .unwrap_or_default()
}

/// The title among the rows above a header: the paragraph right above it.
pub fn find_title(above: &[Row<'_>]) -> Vec<String> {
    let above = above.iter().rev();
    let is_title = |row: &&Row<'_>| !row.is_blank() && !row.cells.iter().any(prints_number);
    let lines = above.skip_while(|row| row.is_blank()).take_while(is_title);
    let mut lines: Vec<String> =
        lines.map(|row| strip_markers(fold_whitespace(&row.text()).trim()).to_owned()).collect();
    lines.reverse();
    lines.retain(|line| !line.is_empty());
    lines
}

/// A period that the lines above a table print.
fn find_period(grid: &Grid<'_>, region: &FigureRegion, title: &[String]) -> Option<FixedPeriod> {
    if title.iter().any(|line| find_period_words(line).is_some()) {
        return Some(FixedPeriod::Title);
    }
    let above = grid.rows[..region.header[0]].iter().rev();
    let printed = above.flat_map(|row| &row.cells).find_map(|cell| settled_period(&cell.text));
    let sheet = || grid.sheet.as_deref().and_then(settled_period);
    let notes = region.data.last().and_then(|last| grid.rows.get(last + 1..)).unwrap_or_default();
    let below = || notes.iter().flat_map(|row| &row.cells).find_map(|cell| settled_period(&cell.text));
    printed.or_else(sheet).or_else(below).map(FixedPeriod::Printed)
}

/// The period in a text, where its words can mean one only.
fn settled_period(text: &str) -> Option<Period> {
    let words = find_period_words(text)?;
    Calendar::default().resolve(&[(words.as_str(), read(&words).as_ref())]).pop()?.ok()?
}

/// Whether a text is words of time.
pub fn is_time(text: &str) -> bool {
    let plain = without_total(strip_markers(text));
    let is_unit = ["year", "years", "month", "months", "quarter", "quarters", "period", "date"]
        .contains(&plain.to_lowercase().as_str());
    let words =
        plain.split(|c: char| !c.is_alphabetic()).filter(|word| !["", "to", "and", "or"].contains(word));
    let is_words = words.count() > 0;
    let names_time =
        || read(plain).is_some() || is_words && time::mentions_time(plain) || is_roman_part(plain);
    !plain.is_empty() && !is_unit && names_time()
}

/// Distinct texts in the order in which they come first.
fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    texts.filter(|text| seen.insert(text.clone())).collect()
}
