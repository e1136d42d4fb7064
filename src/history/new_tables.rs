//! Tables that no release before the newest one prints. Where one of these printed a part of the table's period, the table
//! completes it: half a year, by its year.

use std::collections::HashMap;

use indexmap::IndexMap;

use crate::history::{ChangeKind, History, HistoryRow, TableKey};

/// A table that is new.
pub struct NewTable<'h> {
    /// Its figures.
    pub rows: Vec<&'h HistoryRow>,
    /// The part of its period that was printed before, as a figure of that table: its total, where it has one.
    pub completes: Option<&'h HistoryRow>,
}

/// What stood of parts of years before the newest release, by the codes of their tables.
type PartRows<'h> = HashMap<u32, Vec<&'h HistoryRow>>;

impl History {
    /// The tables that are new in the newest release.
    #[must_use]
    pub fn new_tables(&self) -> Vec<NewTable<'_>> {
        let parts = self.parts_before();
        let mut tables: IndexMap<TableKey, NewTable<'_>> = IndexMap::new();
        for row in self.newest_changes().into_iter().filter(|row| row.kind == ChangeKind::First) {
            let key = self.table_of(row);
            let begin = || NewTable { rows: Vec::new(), completes: self.completed_by(key, &parts) };
            tables.entry(key).or_insert_with(begin).rows.push(row);
        }
        tables.into_values().collect()
    }

    fn parts_before(&self) -> PartRows<'_> {
        let newest = self.releases.last().map(|newest| newest.release);
        let stood = |row: &&HistoryRow| row.changed.is_none() || row.changed == newest;
        let is_part = |row: &&HistoryRow| self.definition.is_partial(self.names.periods.get(row.period));
        let mut parts = PartRows::new();
        for row in self.rows[..self.newest_first].iter().filter(stood).filter(is_part) {
            parts.entry(self.table_of(row).0).or_default().push(row);
        }
        parts
    }

    /// The longest part of a table's period, and the latest of several; none where the period is a part itself.
    fn completed_by<'h>(&self, (codes, period): TableKey, parts: &PartRows<'h>) -> Option<&'h HistoryRow> {
        let periods = &self.names.periods;
        let whole = periods.get(period);
        if self.definition.is_partial(whole) {
            return None;
        }
        let is_within = |row: &&&HistoryRow| {
            let part = periods.get(row.period);
            part.start >= whole.start && part.end() <= whole.end()
        };
        let rank = |row: &&&HistoryRow| {
            let part = periods.get(row.period);
            (part.months, part.start, self.is_total(row))
        };
        parts.get(&codes)?.iter().filter(is_within).max_by_key(rank).copied()
    }
}
