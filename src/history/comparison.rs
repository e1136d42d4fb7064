//! What one state of a dataset says other than another: what stands in each is folded as a release, the older one first,
//! whatever their dates are.

use std::collections::HashMap;

use arrow::array::StringArray;
use indexmap::IndexMap;

use crate::history::{ChangeKind, History, HistoryRow, PrintedTable, TableKey};
use crate::transform::comparisons::{MISSING, Part};
use crate::transform::figures::ReleaseFigures;

/// Two states of a dataset, folded as releases.
pub struct Comparison {
    /// What stood and what stands.
    pub history: History,
    /// The tables of the older one.
    before: HashMap<TableKey, PrintedTable>,
    /// How many figures with a value the newer one has.
    figures: usize,
}

/// Codes that moved into and out of the residuals of a table.
#[derive(Default)]
pub struct Moves<'c> {
    /// The rows of codes that are listed no more.
    pub folded: Vec<&'c HistoryRow>,
    /// The rows of codes that are listed now.
    pub listed: Vec<&'c HistoryRow>,
    /// The residuals that they moved in and out of.
    pub residuals: Vec<&'c HistoryRow>,
}

impl Comparison {
    /// Compares what stands in two histories of the same dataset.
    #[must_use]
    pub fn new(old: &History, new: &History) -> Comparison {
        let mut history = History::new(&old.definition);
        history.fold(&old.standing_figures());
        let before = history.tables.clone();
        let standing = new.standing_figures();
        history.fold(&standing);
        let figures = standing.values.iter().flatten().count();
        Comparison { history, before, figures }
    }

    /// How many figures both have alike.
    #[must_use]
    pub fn unchanged(&self) -> usize {
        let changes = self.history.newest_changes();
        self.figures - changes.iter().filter(|row| row.value.is_some()).count()
    }

    /// How many tables the newer one does not have, which says nothing of them.
    #[must_use]
    pub fn tables_left_out(&self) -> usize {
        let newest = &self.history.newest_tables;
        self.before.keys().filter(|key| newest.binary_search(key).is_err()).count()
    }

    /// What moved in tables that both have.
    #[must_use]
    pub fn moves(&self) -> Vec<Moves<'_>> {
        let mut tables: IndexMap<TableKey, Moves<'_>> = IndexMap::new();
        for row in self.history.newest_changes() {
            let moves = tables.entry(self.history.table_of(row)).or_default();
            match row.kind {
                ChangeKind::Folded => moves.folded.push(row),
                ChangeKind::Listed => moves.listed.push(row),
                _ if self.history.part(row.series) == Part::Residual => moves.residuals.push(row),
                _ => {}
            }
        }
        tables.into_values().filter(|moves| !(moves.folded.is_empty() && moves.listed.is_empty())).collect()
    }

    /// Whether a code that moved went into, or came out of, a residual.
    #[must_use]
    pub fn is_moved(&self, code: &HistoryRow, residual: &HistoryRow) -> bool {
        let key = self.history.table_of(code);
        let holder = if code.kind == ChangeKind::Folded {
            self.history.tables.get(&key)
        } else {
            self.before.get(&key)
        };
        holder.and_then(|table| self.history.find_residual(code.series, &table.series))
            == Some(residual.series)
    }
}

impl History {
    /// The history of figures that were published.
    #[must_use]
    pub fn of_figures(definition: &crate::dataset::Definition, figures: &ReleaseFigures) -> History {
        let mut history = History::new(definition);
        history.fold(figures);
        history
    }

    /// The codes of a row's table, without that of the dimension of shares.
    #[must_use]
    pub fn table_codes(&self, row: &HistoryRow) -> Vec<&str> {
        let codes = self.codes_of(row.series).into_iter().enumerate();
        codes.filter(|(at, _)| Some(*at) != self.share).map(|(_, code)| code).collect()
    }

    /// The names of a series' codes, and of its measure where there are several; without that of the dimension of shares where its table is meant.
    #[must_use]
    pub fn names_of(&self, series: u32, is_table: bool) -> Vec<String> {
        let numbers = self.names.series.get(series);
        let dimensions = 0..self.definition.dimensions.len();
        let meant = dimensions.filter(|at| !is_table || Some(*at) != self.share);
        let names = meant.map(|at| self.names.code(at, numbers[at]).name.clone());
        let measure = &self.definition.measures[self.measure_of(series) as usize];
        names.chain(self.definition.has_measures().then(|| measure.name.clone())).collect()
    }

    /// The code of a row along the dimension of shares.
    #[must_use]
    pub fn share_code(&self, row: &HistoryRow) -> &str {
        self.share.map_or("", |at| self.codes_of(row.series)[at])
    }

    /// Whether a row is of its table's total.
    #[must_use]
    pub fn is_total(&self, row: &HistoryRow) -> bool {
        self.part(row.series) == Part::Total
    }

    pub(super) fn table_of(&self, row: &HistoryRow) -> TableKey {
        (self.places[row.series as usize].0, row.period)
    }

    /// What stands, as the figures of one release: that of the newest.
    fn standing_figures(&self) -> ReleaseFigures {
        let release = self.releases.last().map(|newest| newest.release);
        let standing = self.sorted_rows().into_iter().filter(|row| row.changed.is_none() && !is_gone(row));
        let rows: Vec<&HistoryRow> = standing.collect();
        let dimensions = 0..self.definition.dimensions.len();
        let codes_of = |at: usize| rows.iter().map(|row| self.names.series.get(row.series)[at]).collect();
        let periods = self.names.periods.values().iter().map(|period| (*period, period.to_string()));
        let documents = self.names.documents.values().iter().map(|name| (name.clone(), release));
        ReleaseFigures {
            codes: dimensions.clone().map(|at| self.names.codes(at).to_vec()).collect(),
            periods: periods.collect(),
            documents: documents.collect(),
            row_codes: dimensions.map(codes_of).collect(),
            measures: rows.iter().map(|row| self.measure_of(row.series)).collect(),
            row_periods: rows.iter().map(|row| row.period).collect(),
            row_documents: rows.iter().map(|row| row.document).collect(),
            values: rows.iter().map(|row| row.value).collect(),
            statuses: rows.iter().map(|row| row.status).collect(),
            totals: vec![None; rows.len()],
            // Nothing is left to be compared with a year earlier.
            comparisons: vec![MISSING; rows.len()],
            positions: Some(rows.iter().map(|row| row.position.as_deref()).collect::<StringArray>()),
        }
    }
}

/// Whether a row tells that a figure is printed no more.
fn is_gone(row: &HistoryRow) -> bool {
    row.kind == ChangeKind::Folded || row.kind == ChangeKind::Withdrawn && row.position.is_none()
}
