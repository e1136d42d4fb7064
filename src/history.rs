//! Many releases: what stood for each figure, from when to when, and what each release changed. Order of arrival decides
//! nothing: releases are folded in the order of their dates, and no row ever depends on a later one.
//!
//! A table here is all that a release prints of one period for the same codes of all dimensions but that of shares. Its
//! residual holds what it does not list, so that a code that is listed no more is folded into it, not withdrawn.

pub mod change;
pub mod comparison;
mod contradictions;
pub mod earlier;
pub mod exchange;
mod fold;
pub mod names;
pub mod new_tables;
pub mod published;
pub mod releases;
mod residuals;

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use anyhow::{Context, Result};
use chrono::NaiveDate;
use sha2::{Digest, Sha256};

use crate::columns::OBSERVATIONS;
use crate::dataset::{Breaks, Definition};
use crate::load::{Batch, format_lines};
use crate::problem::Problem;
use crate::text::format_hex;
use crate::transform::comparisons::Part;
use crate::transform::figures::ReleaseFigures;
use names::{BatchNumbers, Interned, Names};
use releases::ReleaseRow;

/// What stood for the figures of a dataset, over its releases.
#[derive(Debug)]
pub struct History {
    definition: Definition,
    /// The dimension of shares, by its place.
    share: Option<usize>,
    /// All names.
    pub names: Names,
    /// What stood, in the order in which it came.
    pub rows: Vec<HistoryRow>,
    /// The releases, in order.
    pub releases: Vec<ReleaseRow>,
    /// The breaks that comparisons with earlier releases crossed, by their place in the definition.
    pub breaks_met: BTreeSet<usize>,
    breaks: Breaks,
    /// What in them is worth a look.
    pub problems: Vec<Problem>,
    /// The last row of each series and period.
    standing: HashMap<(u32, u32), usize>,
    tables: HashMap<TableKey, PrintedTable>,
    /// The tables that the newest release prints, in order.
    newest_tables: Vec<TableKey>,
    /// The first row that the newest release changes.
    newest_first: usize,
    table_series: Interned<Box<[u32]>>,
    /// The table of each series, and its code along the dimension of shares.
    places: Vec<(u32, u32)>,
}

/// What stood for a figure for some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryRow {
    /// Its series, by number.
    pub series: u32,
    /// Its period, by number.
    pub period: u32,
    /// The release from which on it stood.
    pub start: NaiveDate,
    /// The release that changed it; none while it stands.
    pub changed: Option<NaiveDate>,
    /// How many rows of the same figure came before.
    pub revision: i32,
    /// How it came.
    pub kind: ChangeKind,
    /// The figure.
    pub value: Option<i64>,
    /// Its status, as a place in `checks::STATUSES`.
    pub status: u32,
    /// The value of the row before.
    pub previous: Option<i64>,
    /// Its status, as a place in `checks::STATUSES`; none where there was no row.
    pub previous_status: Option<u32>,
    /// What was revised.
    pub difference: Option<i64>,
    /// How many releases say so.
    pub releases: i32,
    /// The newest of them.
    pub last: NaiveDate,
    /// The document that first prints it, by number.
    pub document: u32,
    /// Where that prints it.
    pub position: Option<Box<str>>,
}

/// How a row of a history came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// The first print of its table.
    First,
    /// An earlier print of the table did not list it.
    Listed,
    /// Another figure.
    Revised,
    /// A residual that holds others.
    Composition,
    /// Another status.
    Status,
    /// It was missing.
    Supplied,
    /// It is printed no more, or as missing.
    Withdrawn,
    /// It is in a residual now.
    Folded,
}

impl ChangeKind {
    /// What it is called in published data.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ChangeKind::First => "first",
            ChangeKind::Listed => "listed",
            ChangeKind::Revised => "revised",
            ChangeKind::Composition => "composition",
            ChangeKind::Status => "status",
            ChangeKind::Supplied => "supplied",
            ChangeKind::Withdrawn => "withdrawn",
            ChangeKind::Folded => "folded",
        }
    }
}

/// The newest print of a table.
#[derive(Clone, Debug)]
struct PrintedTable {
    release: NaiveDate,
    /// The series that it prints, in order.
    series: Vec<u32>,
    /// Those that it lists: neither its total nor a residual.
    listed: Vec<u32>,
}

/// A table by its series and its period.
type TableKey = (u32, u32);

/// A table of a release that is folded.
#[derive(Debug)]
struct ReleaseTable {
    key: TableKey,
    printed: PrintedTable,
    figures: Vec<NumberedFigure>,
}

/// A figure of a release, by numbers.
#[derive(Clone, Copy, Debug)]
struct NumberedFigure {
    series: u32,
    period: u32,
    value: Option<i64>,
    status: u32,
    /// Its row in the batch.
    row: usize,
}

impl History {
    /// The history of a dataset before its first release.
    #[must_use]
    pub fn new(definition: &Definition) -> History {
        History {
            definition: definition.clone(),
            share: definition.share_dimension(),
            names: Names::new(definition),
            rows: Vec::new(),
            releases: Vec::new(),
            breaks_met: BTreeSet::new(),
            breaks: Breaks::of(definition),
            problems: Vec::new(),
            standing: HashMap::new(),
            tables: HashMap::new(),
            newest_tables: Vec::new(),
            newest_first: 0,
            table_series: Interned::default(),
            places: Vec::new(),
        }
    }

    /// The definition of the dataset.
    #[must_use]
    pub fn definition(&self) -> &Definition {
        &self.definition
    }

    /// Takes in the releases of a batch, which are newer than all before, and adds to the comparisons of its rows what earlier
    /// releases tell.
    ///
    /// # Errors
    /// Where the rows are not those of the figures.
    pub fn add(&mut self, figures: &ReleaseFigures, batch: &mut Batch) -> Result<()> {
        let compared = self.fold(figures);
        earlier::add_comparisons(batch, figures, &compared, &self.definition)?;
        let first = self.releases.len() - figures.releases().len();
        for (row, (_, rows)) in self.releases[first..].iter_mut().zip(figures.releases()) {
            row.sha256 = hash_rows(batch, rows)?;
        }
        Ok(())
    }

    /// Folds the releases of a batch. Returns what earlier releases add to the comparisons of its rows.
    fn fold(&mut self, figures: &ReleaseFigures) -> Vec<earlier::EarlierComparison> {
        let numbers = self.names.add(figures);
        let mut compared = Vec::new();
        for (release, rows) in figures.releases() {
            let printed: Vec<NumberedFigure> = rows.map(|row| self.number(figures, &numbers, row)).collect();
            let tables = self.group_by_table(release, &printed);
            let earlier = self.compare_with_earlier(figures, &tables);
            self.breaks_met.extend(earlier.iter().filter_map(|of| of.crossed));
            compared.extend(earlier);
            let contradictions = self.find_contradictions(release, figures, &printed);
            self.problems.extend(contradictions);
            let counts = self.fold_release(release, figures, &numbers, &tables);
            self.releases.push(counts);
        }
        compared
    }

    fn number(&mut self, figures: &ReleaseFigures, numbers: &BatchNumbers, row: usize) -> NumberedFigure {
        let codes = numbers.series(figures, row);
        let series = self.names.series.add(&codes);
        if series as usize == self.places.len() {
            let place = self.place(codes);
            self.places.push(place);
        }
        NumberedFigure {
            series,
            period: numbers.period(figures, row),
            value: figures.values[row],
            status: figures.statuses[row],
            row,
        }
    }

    /// The table of a series, and its code along the dimension of shares.
    fn place(&mut self, mut codes: Box<[u32]>) -> (u32, u32) {
        let own = self.share.map_or(0, |share| std::mem::replace(&mut codes[share], u32::MAX));
        (self.table_series.add(&codes), own)
    }

    /// The row that stands for a figure.
    fn standing(&self, series: u32, period: u32) -> Option<&HistoryRow> {
        self.standing.get(&(series, period)).map(|at| &self.rows[*at])
    }

    /// The tables that a release prints.
    fn group_by_table(&self, release: NaiveDate, printed: &[NumberedFigure]) -> Vec<ReleaseTable> {
        let mut places: HashMap<TableKey, usize> = HashMap::new();
        let mut tables: Vec<(TableKey, Vec<NumberedFigure>)> = Vec::new();
        for figure in printed {
            let key = (self.places[figure.series as usize].0, figure.period);
            let at = *places.entry(key).or_insert(tables.len());
            if at == tables.len() {
                tables.push((key, Vec::new()));
            }
            tables[at].1.push(*figure);
        }
        let table = |(key, figures): (_, Vec<NumberedFigure>)| {
            let mut series: Vec<u32> = figures.iter().map(|figure| figure.series).collect();
            series.sort_unstable();
            let listed = series.iter().copied().filter(|series| self.part(*series) == Part::Listed).collect();
            ReleaseTable { key, printed: PrintedTable { release, series, listed }, figures }
        };
        tables.into_iter().map(table).collect()
    }
}

/// The SHA-256 of the lines of some observations.
fn hash_rows(batch: &Batch, rows: Range<usize>) -> Result<String> {
    let all = batch.rows(OBSERVATIONS).context("a batch has observations")?;
    let lines = format_lines(&all.slice(rows.start, rows.len()))?;
    Ok(format_hex(&Sha256::digest(&lines)))
}
