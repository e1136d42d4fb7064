//! A figure that is another than before, as it is told to people and programs.

use std::cmp::Reverse;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::grammar::number::format_number;
use crate::grammar::status_flag::STATUSES;
use crate::history::{ChangeKind, History, HistoryRow};

/// A figure and its decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DecimalFigure {
    /// In units of the last decimal.
    pub value: i64,
    decimals: u32,
}

/// A figure that is another.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    /// Its key.
    pub key: String,
    /// What it was.
    pub old: Option<DecimalFigure>,
    /// Its status then.
    pub old_status: Option<&'static str>,
    /// What it is.
    pub new: Option<DecimalFigure>,
    /// Its status.
    pub status: &'static str,
    /// What was revised.
    pub difference: Option<DecimalFigure>,
    /// The document that says so.
    pub source: String,
    /// Where.
    pub source_position: Option<String>,
}

impl History {
    /// A value of a row's measure.
    #[must_use]
    pub fn figure(&self, row: &HistoryRow, value: Option<i64>) -> Option<DecimalFigure> {
        let measure = &self.definition.measures[self.measure_of(row.series) as usize];
        value.map(|value| DecimalFigure { value, decimals: measure.decimals })
    }

    /// The key of a row with some of its codes: these, the measure where there are several, and the period.
    #[must_use]
    pub fn key_of(&self, row: &HistoryRow, codes: &[&str]) -> String {
        let measure = self.definition.measures[self.measure_of(row.series) as usize].code();
        let measure = self.definition.has_measures().then_some(measure);
        let period = self.period_of(row);
        codes.iter().copied().chain(measure).chain([period.as_str()]).collect::<Vec<_>>().join("/")
    }

    /// A row as a change of the one before it.
    #[must_use]
    pub fn change_of(&self, row: &HistoryRow) -> Change {
        Change {
            key: self.key_of(row, &self.codes_of(row.series)),
            old: self.figure(row, row.previous),
            old_status: row.previous_status.map(|status| STATUSES[status as usize]),
            new: self.figure(row, row.value),
            status: STATUSES[row.status as usize],
            difference: self.figure(row, row.difference),
            source: self.names.documents.get(row.document).clone(),
            source_position: row.position.as_deref().map(str::to_owned),
        }
    }

    /// All rows that the newest release changes, in the order of their keys.
    #[must_use]
    pub fn newest_changes(&self) -> Vec<&HistoryRow> {
        self.sort_rows(&self.rows[self.newest_first..])
    }

    /// What the newest release revised, supplied or gave another status, the largest difference first; nothing where there is
    /// no release before it.
    #[must_use]
    pub fn newest_revisions(&self) -> Vec<Change> {
        let is_revised =
            |kind| matches!(kind, ChangeKind::Revised | ChangeKind::Supplied | ChangeKind::Status);
        let mut rows = self.newest_changes();
        rows.retain(|row| row.value.is_some() && is_revised(row.kind));
        rows.sort_by_key(|row| Reverse(row.difference.map(i64::unsigned_abs)));
        rows.into_iter().map(|row| self.change_of(row)).collect()
    }
}

impl Change {
    /// What it was, what it is, and by how much it differs, with its sign. Where the value is the same, the status is told.
    #[must_use]
    pub fn words(&self) -> [String; 3] {
        let shows_status = self.old == self.new;
        let word = |value: Option<DecimalFigure>, status: &str| match value {
            Some(value) if shows_status => format!("{value} {status}"),
            Some(value) => value.to_string(),
            None => format!("missing ({status})"),
        };
        [
            word(self.old, self.old_status.unwrap_or_default()),
            word(self.new, self.status),
            self.describe_difference(),
        ]
    }

    /// By how much it was revised; of a residual that holds others, too, also of how much that is a part.
    fn describe_difference(&self) -> String {
        let Some(difference) = self.difference.filter(|of| of.value != 0) else { return String::new() };
        let all =
            self.old.zip(self.new).map(|(old, new)| DecimalFigure { value: new.value - old.value, ..new });
        let more = all.filter(|all| *all != difference).map(|all| format!(" of {}", all.signed()));
        difference.signed() + &more.unwrap_or_default()
    }
}

impl DecimalFigure {
    /// A difference with its sign.
    #[must_use]
    pub fn signed(self) -> String {
        if self.value > 0 { format!("+{self}") } else { self.to_string() }
    }
}

impl fmt::Display for DecimalFigure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format_number(self.value, self.decimals))
    }
}

impl Serialize for DecimalFigure {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.decimals == 0 {
            return serializer.serialize_i64(self.value);
        }
        serializer.serialize_f64(self.value as f64 / 10f64.powi(self.decimals as i32))
    }
}
