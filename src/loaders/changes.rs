//! What a load writes, in numbers.

use std::fmt;

use crate::text::format_count;

/// What is written to a table, or that a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadChange {
    /// Rows of a table.
    Rows {
        /// The table's name.
        table: String,
        /// Rows that were not there.
        inserted: u64,
        /// Rows that have other values.
        updated: u64,
        /// Rows that the set does not have.
        deleted: u64,
    },
    /// A file.
    File(String),
}

impl LoadChange {
    /// How many rows are inserted, updated and deleted.
    #[must_use]
    pub fn counts(&self) -> [u64; 3] {
        match self {
            LoadChange::Rows { inserted, updated, deleted, .. } => [*inserted, *updated, *deleted],
            LoadChange::File(_) => [0; 3],
        }
    }
}

impl fmt::Display for LoadChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadChange::File(name) => f.write_str(name),
            LoadChange::Rows { table, .. } => {
                let counts = self.counts().into_iter().zip(["inserted", "updated", "deleted"]);
                let told = counts.filter(|(count, _)| *count > 0);
                let told =
                    told.map(|(count, done)| format!("{} {done}", format_count(count as usize, "row")));
                write!(f, "{table}: {}", told.collect::<Vec<_>>().join(", "))
            }
        }
    }
}
