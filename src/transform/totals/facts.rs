//! What sums are made from, row by row of the frame.

use anyhow::Result;
use polars::prelude::*;

use crate::transform::keys::{Key, keys};
use crate::transform::{Spot, ids, places};

/// The figures of a batch. Those of a table follow one another.
pub struct Facts<'f> {
    /// Where each belongs.
    pub keys: Vec<Key>,
    /// The figures; none at a mark.
    pub values: Vec<Option<i64>>,
    /// Whether a nil mark stands in a figure's place.
    pub is_nil: Vec<bool>,
    /// The status that a mark tells.
    pub marks: &'f UInt32Chunked,
    /// Whether it is a total.
    pub is_total: Vec<bool>,
    /// How far its row is indented, in steps.
    pub depths: &'f [u32],
    /// What stands above its column.
    pub headings: &'f [u32],
    /// The column of its table: all columns of all tables are numbered.
    pub columns: Vec<usize>,
    labels: &'f UInt32Chunked,
    places: [&'f [u32]; 4],
}

impl<'f> Facts<'f> {
    /// The facts of a frame with regions and periods.
    pub fn of(frame: &'f DataFrame, total: u32) -> Result<Facts<'f>> {
        let keys = keys(frame)?;
        Ok(Facts {
            values: frame.column("value")?.i64()?.iter().collect(),
            is_nil: frame.column("is_nil")?.bool()?.iter().map(|nil| nil == Some(true)).collect(),
            marks: frame.column("mark")?.u32()?,
            is_total: keys.iter().map(|key| key.region() == Some(total)).collect(),
            depths: ids(frame, "depth")?,
            headings: ids(frame, "heading")?,
            columns: columns(&keys),
            labels: frame.column("label")?.u32()?,
            places: places(frame)?,
            keys,
        })
    }

    /// Where a figure stands.
    pub fn spot(&self, at: usize) -> Spot {
        Spot::at(&self.places, at)
    }

    /// The label of its row; none where the table prints none.
    pub fn label(&self, at: usize) -> Option<u32> {
        self.labels.get(at)
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
