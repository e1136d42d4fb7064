//! What the columns before figures are for.

use std::collections::BTreeMap;

use crate::document::Grid;
use crate::draft::framed::region::{FigureRegion, is_number};
use crate::draft::framed::{cell_text, heading_of, is_time};
use crate::grammar::period::part_of_year::name_part;
use crate::layout::header::read;

/// What a label column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StubKind {
    /// Its labels are codes of a dimension.
    Dimension,
    /// Its labels are periods, or parts of one.
    Period,
    /// It prints markers of footnotes.
    Footnotes,
    /// It prints nothing, an index, or codes.
    Ignored,
    /// The same, but for labels of rows that print none in the column of labels: a total.
    Either,
}

/// The columns of a table.
#[derive(Clone, Debug, Default)]
pub struct SheetColumns {
    /// What each column before the figures is for.
    pub stub: Vec<StubKind>,
    /// The first column of figures.
    pub first: usize,
    /// The columns of figures.
    pub taken: Vec<usize>,
    /// Whether a column of labels names periods without the help of another.
    pub names_whole_periods: bool,
}

/// Tells columns of labels from those of figures: up to the last that prints words, or years under a heading that is none.
pub fn find_columns(grid: &Grid<'_>, region: &FigureRegion) -> SheetColumns {
    let column = |at: usize| ColumnCells::new(grid, region, at);
    // Numbers before the first words count or rank them.
    let first_words = (0..region.columns.last().copied().unwrap_or_default())
        .find(|at| !region.columns.contains(at) && column(*at).filled() * 2 > region.data.len());
    let is_figures = |at: &usize| {
        let is_counted = first_words.is_some_and(|words| *at < words);
        !is_counted && !column(*at).is_beside_labels(grid, region)
    };
    let figures: Vec<usize> = region.columns.iter().copied().filter(is_figures).collect();
    let last = region.columns.last().copied().unwrap_or_default();
    let mut first = figures.first().copied().unwrap_or(last);
    // Words between figures are flags or remarks; words before most of the figures are labels.
    let words: Vec<usize> =
        (first..last).filter(|at| !region.columns.contains(at) && column(*at).filled() > 0).collect();
    if let Some(at) = words.iter().rev().find(|at| figures.iter().filter(|figures| figures < at).count() <= 1)
    {
        first = figures.iter().copied().find(|figures| figures > at).unwrap_or(first);
    }
    let mut stub: Vec<StubKind> = (0..first).map(|at| column(at).kind(grid, region)).collect();
    find_outer_periods(grid, region, &mut stub);
    ignore_repeated(grid, region, &mut stub);
    find_other_labels(grid, region, &mut stub);
    let names_whole_periods = (0..stub.len()).filter(|at| stub[*at] == StubKind::Period).any(|at| {
        let cells = column(at);
        cells.filled() * 2 > region.data.len() && cells.are_mostly(|cell| read(cell).is_some())
    });
    SheetColumns {
        names_whole_periods,
        stub,
        first,
        taken: region.columns.iter().copied().filter(|at| *at >= first).collect(),
    }
}

/// The cells of a column.
struct ColumnCells {
    at: usize,
    cells: Vec<String>,
    numbers: usize,
}

impl ColumnCells {
    fn new(grid: &Grid<'_>, region: &FigureRegion, at: usize) -> ColumnCells {
        let cells: Vec<String> = region.data.iter().map(|row| cell_text(&grid.rows[*row], at)).collect();
        let numbers = region
            .data
            .iter()
            .filter_map(|row| grid.rows[*row].cells.get(at))
            .filter(|cell| is_number(cell))
            .count();
        ColumnCells { at, cells, numbers }
    }

    fn filled(&self) -> usize {
        self.cells.iter().filter(|cell| !cell.is_empty()).count()
    }

    fn are_mostly(&self, is: impl Fn(&str) -> bool) -> bool {
        let count = self.cells.iter().filter(|cell| !cell.is_empty() && is(cell)).count();
        count * 2 > self.filled()
    }

    /// Whether a column of numbers belongs to the labels: years, codes, or an index.
    fn is_beside_labels(&self, grid: &Grid<'_>, region: &FigureRegion) -> bool {
        let heading = heading_of(grid, region, self.at).unwrap_or_default().to_lowercase();
        let is_named = ["code", "index", "id", "sort order", "note", "notes", "footnote", "footnotes"]
            .iter()
            .any(|word| {
                heading == *word
                    || heading.ends_with(&format!(" {word}"))
                    || heading.starts_with(&format!("{word} "))
            });
        let are_years = self.are_mostly(|cell| read(cell).is_some()) && !self.heads_period(grid, region);
        let are_parts = self.are_mostly(|cell| name_part(&heading, cell).is_some());
        is_named || are_years || are_parts || self.is_index() || self.are_mostly(is_span)
    }

    fn heads_period(&self, grid: &Grid<'_>, region: &FigureRegion) -> bool {
        region.header.iter().any(|row| is_time(&cell_text(&grid.rows[*row], self.at)))
    }

    /// Whether its numbers count its rows.
    fn is_index(&self) -> bool {
        let numbers: Vec<i64> = self.cells.iter().filter_map(|cell| cell.parse().ok()).collect();
        numbers.len() > 3
            && numbers.len() * 2 > self.filled()
            && numbers.windows(2).all(|pair| pair[1] - pair[0] == 1)
    }

    /// Whether its cells are periods, or parts of one.
    fn names_periods(&self, heading: &str) -> bool {
        let is_part = |cell: &str| name_part(heading, cell).is_some();
        let is_words = |cell: &str| !cell.chars().all(|c| c.is_ascii_digit()) || read(cell).is_some();
        self.are_mostly(is_part) || self.are_mostly(is_time) && self.are_mostly(is_words)
    }

    fn kind(&self, grid: &Grid<'_>, region: &FigureRegion) -> StubKind {
        let heading = heading_of(grid, region, self.at).unwrap_or_default().to_lowercase();
        if self.filled() == 0 {
            StubKind::Ignored
        } else if self.names_periods(&heading) {
            StubKind::Period
        } else if ["note", "notes", "footnote", "footnotes"].contains(&heading.as_str()) {
            StubKind::Footnotes
        } else if self.are_mostly(is_span) {
            StubKind::Dimension
        } else if self.numbers * 2 > self.filled() || self.are_mostly(is_code) {
            StubKind::Ignored
        } else {
            StubKind::Dimension
        }
    }
}

/// Whether a text is a span of numbers, as ages are: `16-24`, `65+`.
fn is_span(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let halves = text.split_once(['-', '–']).map(|(from, to)| (from.trim(), to.trim()));
    halves.is_some_and(|(from, to)| is_number(from) && is_number(to) && read(text).is_none())
        || text.strip_suffix('+').is_some_and(|from| is_number(from.trim()))
}

/// Whether a text is a code: capitals and digits, no words.
pub fn is_code(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.'))
}

/// Beside a column of months or quarters, years stand to its left, even if other words do, too.
fn find_outer_periods(grid: &Grid<'_>, region: &FigureRegion, stub: &mut [StubKind]) {
    for at in 1..stub.len() {
        let inner = ColumnCells::new(grid, region, at);
        if stub[at] != StubKind::Period || inner.cells.iter().any(|cell| read(cell).is_some()) {
            continue;
        }
        let has_years = |outer: &usize| {
            let cells = ColumnCells::new(grid, region, *outer).cells;
            cells.iter().filter(|cell| read(cell).is_some()).count() > 1
        };
        if let Some(outer) = (0..at).rev().find(has_years) {
            stub[outer] = StubKind::Period;
        }
    }
}

/// Labels that stand left of the column of labels, in rows that print none there.
fn find_other_labels(grid: &Grid<'_>, region: &FigureRegion, stub: &mut [StubKind]) {
    let Some(labels) = stub.iter().position(|kind| *kind == StubKind::Dimension) else { return };
    for at in (0..labels).filter(|at| stub[*at] == StubKind::Ignored).collect::<Vec<_>>() {
        let is_label = |row: &usize| {
            let row = &grid.rows[*row];
            cell_text(row, labels).is_empty() && cell_text(row, at).contains(char::is_alphabetic)
        };
        if region.data.iter().any(is_label) {
            stub[at] = StubKind::Either;
        }
    }
}

/// Of two columns that say the same, and of one that only groups the labels of another without adding to them, the first that
/// tells all is read.
fn ignore_repeated(grid: &Grid<'_>, region: &FigureRegion, stub: &mut [StubKind]) {
    let dimensions: Vec<usize> = (0..stub.len()).filter(|at| stub[*at] == StubKind::Dimension).collect();
    for (place, &at) in dimensions.iter().enumerate() {
        let before = dimensions[..place]
            .iter()
            .any(|by| stub[*by] == StubKind::Dimension && tells(grid, region, *by, at));
        if before {
            stub[at] = StubKind::Ignored;
        }
    }
}

/// Whether each label of one column stands beside one of another's, in every row.
fn tells(grid: &Grid<'_>, region: &FigureRegion, by: usize, at: usize) -> bool {
    let mut beside: BTreeMap<String, String> = BTreeMap::new();
    let pairs =
        region.data.iter().map(|row| (cell_text(&grid.rows[*row], by), cell_text(&grid.rows[*row], at)));
    pairs.into_iter().all(|(label, other)| {
        !label.is_empty() && beside.insert(label, other.clone()).is_none_or(|before| before == other)
    })
}
