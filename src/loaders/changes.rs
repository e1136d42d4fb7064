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

impl fmt::Display for LoadChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadChange::File(name) => f.write_str(name),
            LoadChange::Rows { table, inserted, updated, deleted } => {
                let counts = [(inserted, "inserted"), (updated, "updated"), (deleted, "deleted")];
                let told = counts.iter().filter(|(count, _)| **count > 0);
                let told: Vec<_> = told
                    .map(|(count, done)| format!("{} {done}", format_count(**count as usize, "row")))
                    .collect();
                write!(f, "{table}: {}", told.join(", "))
            }
        }
    }
}
