//! Tables to a frame of raw observations: each printed figure with its labels and its place, nothing interpreted but
//! the figure itself.

mod beside;
mod columns;
mod headings;
mod reader;
mod shared;
mod titles;
mod units;

use std::collections::BTreeSet;

use anyhow::Result;
use chrono::NaiveDate;
use indexmap::{Equivalent, IndexSet};
use polars::prelude::*;

use crate::document::{AmbiguousRow, Document};
use crate::extract::figure::Printed;
use crate::grammar::indicator::Indicator;
use crate::grammar::period::Period;
use crate::grammar::period::calendar::{Calendar, UnresolvedHeading};
use crate::layout::header::Header;
use crate::layout::tables::{Layout, Table, tables};
use crate::problem::{Mark, Problem};
pub use columns::{Column, columns};
pub use reader::Behind;
pub use titles::Titles;

/// The raw observations of a batch of documents.
///
/// Each row of `facts` is a printed figure or nil mark: `document` (index in the batch), `category` (rank in the
/// definition), `label` (index into `labels`, null where no region is printed), `heading` (index into `headings`),
/// `value` (null at a mark), `is_nil`, `mark` (the status that a mark tells, null where none does), `value_label`, and its
/// place: `grid`, `row`, `column`; `label_row` and `label_column`, where the label stands; and `depth`, how far the label is set in, by the rank of indents in its table. Labels and headings repeat in every table and document; each is kept once, and only
/// its index goes through the transform.
#[derive(Clone, Debug)]
pub struct Raw {
    /// The figures.
    pub facts: DataFrame,
    /// What is printed beside figures and follows from them, in the order of the documents.
    pub claims: Vec<Claim>,
    /// The distinct things that claims are of.
    pub claimed: Vec<Claimed>,
    /// The distinct labels of regions.
    pub labels: Vec<Label>,
    /// The distinct headings of columns.
    pub headings: Vec<Headed>,
}

/// A change, a percentage or a total over periods that a document prints beside the figures it follows from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    /// The document's index in the batch.
    pub document: u32,
    /// The category's rank.
    pub category: u32,
    /// The label, as of a figure.
    pub label: Option<u32>,
    /// What it is of, as an index into [`Raw::claimed`].
    pub claimed: u32,
    /// What is printed.
    pub printed: Printed,
    /// Its grid, row and column.
    pub place: (u32, u32, u32),
}

/// What is claimed of which figures.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Claimed {
    /// What follows from them.
    pub indicator: Indicator,
    /// The headings of their periods, as indices into [`Raw::headings`]; it is for the last of them.
    pub headings: Vec<u32>,
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
    /// What the definition says is left out and was found, by its place there.
    pub ignored: BTreeSet<usize>,
    /// How many rows were left out by that.
    pub left_out: usize,
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
pub fn periods(header: &Header, calendar: &Calendar) -> Vec<Result<Option<Period>, UnresolvedHeading>> {
    let headings: Vec<_> =
        header.headings.iter().map(|heading| (heading.label.as_str(), heading.reading.as_ref())).collect();
    calendar.resolve(&headings)
}

/// Distinct values in the order in which they were seen.
type Distinct<T> = IndexSet<T, foldhash::fast::RandomState>;

/// The figures of documents, being collected.
#[derive(Default)]
pub struct Collector<'t> {
    facts: Vec<Fact<'t>>,
    claims: Vec<Claim>,
    claimed: Distinct<Claimed>,
    labels: Distinct<Label>,
    headings: Distinct<Headed>,
}

/// A figure, by indices of what it is of.
struct Fact<'t> {
    document: u32,
    category: u32,
    label: Option<u32>,
    heading: u32,
    depth: u32,
    /// The row and column where the label stands.
    label_at: (u32, u32),
    value: Option<i64>,
    is_nil: bool,
    mark: Option<u32>,
    printed: &'t str,
    /// The grid, row and column where it is printed.
    at: (u32, u32, u32),
}

impl Collector<'_> {
    /// One with room for so many figures.
    #[must_use]
    pub fn with_room(figures: usize) -> Self {
        Collector { facts: Vec::with_capacity(figures), ..Collector::default() }
    }

    /// How many figures there are.
    #[must_use]
    #[allow(clippy::len_without_is_empty)] // nobody asks
    pub fn len(&self) -> usize {
        self.facts.len()
    }

    /// The figures as a frame.
    ///
    /// # Errors
    /// Only where polars refuses it.
    pub fn finish(self) -> Result<Raw> {
        let facts = &self.facts;
        let ids = |of: fn(&Fact<'_>) -> u32| facts.iter().map(of).collect::<Vec<u32>>();
        let facts = df!(
            "document" => ids(|fact| fact.document),
            "category" => ids(|fact| fact.category),
            "label" => facts.iter().map(|fact| fact.label).collect::<UInt32Chunked>(),
            "heading" => ids(|fact| fact.heading),
            "value" => facts.iter().map(|fact| fact.value).collect::<Int64Chunked>(),
            "is_nil" => facts.iter().map(|fact| fact.is_nil).collect::<BooleanChunked>(),
            "mark" => facts.iter().map(|fact| fact.mark).collect::<UInt32Chunked>(),
            "value_label" => facts.iter().map(|fact| fact.printed).collect::<StringChunked>(),
            "grid" => ids(|fact| fact.at.0),
            "row" => ids(|fact| fact.at.1),
            "column" => ids(|fact| fact.at.2),
            "depth" => ids(|fact| fact.depth),
            "label_row" => ids(|fact| fact.label_at.0),
            "label_column" => ids(|fact| fact.label_at.1),
        )?;
        let (labels, headings) = (self.labels.into_iter().collect(), self.headings.into_iter().collect());
        let (claims, claimed) = (self.claims, self.claimed.into_iter().collect());
        Ok(Raw { facts, claims, claimed, labels, headings })
    }
}

/// The problem of a document without a table.
#[must_use]
pub fn no_table(document: &Document<'_>) -> Problem {
    let message = "no table was found in the document";
    let help = "a table begins with a header row of periods (`Region  2023  2024`) and is parted by tabs, pipes, commas or two blanks";
    Problem::data("no-table", message, document.mark_file("")).help(help)
}

/// The problems of a document's rows whose cells cannot be told apart.
#[must_use]
pub fn doubts(document: &Document<'_>) -> Vec<Problem> {
    let grids = document.grids.iter().enumerate();
    let all = grids.flat_map(|(at, grid)| grid.ambiguous_rows.iter().map(move |doubt| (at, doubt)));
    all.map(|(grid, doubt)| flattened(document, grid, doubt)).collect()
}

fn flattened(document: &Document<'_>, grid: usize, doubt: &AmbiguousRow) -> Problem {
    let mark = document.mark(grid, doubt.row, doubt.column, "");
    Problem::data("flattened", &doubt.message, Mark { width: doubt.width, ..mark }).help(&doubt.help)
}

fn all_tables(layouts: &[Layout]) -> impl Iterator<Item = (usize, &Table)> {
    layouts.iter().enumerate().flat_map(|(grid, layout)| layout.tables.iter().map(move |table| (grid, table)))
}
