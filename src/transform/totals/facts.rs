//! What sums are made from, row by row of the frame.

use anyhow::Result;
use polars::prelude::*;

use crate::transform::keys::{Key, keys};
use crate::transform::{Spot, ids, spots};

/// The figures of a batch. Those of a table follow one another.
pub struct Facts {
    /// Where each belongs.
    pub keys: Vec<Key>,
    /// The figures; none at a mark.
    pub values: Vec<Option<i64>>,
    /// Whether a nil mark stands in a figure's place.
    pub is_nil: Vec<bool>,
    /// The status that a mark tells.
    pub marks: Vec<Option<u32>>,
    /// Whether it is a total.
    pub is_total: Vec<bool>,
    /// The label of its row; none where the table prints none.
    pub labels: Vec<Option<u32>>,
    /// How far its row is indented, in steps.
    pub depths: Vec<u32>,
    /// What stands above its column.
    pub headings: Vec<u32>,
    /// Where it stands.
    pub spots: Vec<Spot>,
    /// The column of its table: all columns of all tables are numbered.
    pub columns: Vec<usize>,
}

impl Facts {
    /// The facts of a frame with regions and periods.
    pub fn of(frame: &DataFrame, total: u32) -> Result<Facts> {
        let keys = keys(frame)?;
        let height = frame.height();
        Ok(Facts {
            values: frame.column("value")?.i64()?.iter().collect(),
            is_nil: frame.column("is_nil")?.bool()?.iter().map(|nil| nil == Some(true)).collect(),
            marks: frame.column("mark")?.u32()?.iter().collect(),
            is_total: keys.iter().map(|key| key.region() == Some(total)).collect(),
            labels: frame.column("label")?.u32()?.iter().collect(),
            depths: ids(frame, "depth").map_or_else(|_| vec![0; height], <[u32]>::to_vec),
            headings: ids(frame, "heading")?.to_vec(),
            spots: spots(frame)?,
            columns: columns(&keys),
            keys,
        })
    }

    /// Whether what stands at a place is missing, so that nothing is known of it.
    pub fn is_missing(&self, at: usize) -> bool {
        self.values[at].is_none() && !self.is_nil[at]
    }
}

/// For each row, the number of its column among all columns, which are in the order of document, table and period.
fn columns(keys: &[Key]) -> Vec<usize> {
    let (mut columns, mut before) = (Vec::with_capacity(keys.len()), 0);
    for table in keys.chunk_by(Key::same_table) {
        let mut periods: Vec<u32> = table.iter().map(|key| key.period()).collect();
        periods.sort_unstable();
        periods.dedup();
        columns.extend(
            table.iter().map(|key| before + periods.partition_point(|period| *period < key.period())),
        );
        before += periods.len();
    }
    columns
}
