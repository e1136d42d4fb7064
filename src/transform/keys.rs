//! One integer for what tells rows apart, so that tables, their columns and the rows of a region in them are runs or
//! groups of a single number.

use anyhow::{Result, ensure};
use polars::prelude::*;

use crate::transform::{TableOf, ids, replaced};

/// How many bits a key has for a category's rank, a region and a period; the document has the rest.
const CATEGORY: u32 = 12;
const REGION: u32 = 16;
const PERIOD: u32 = 16;

/// What a region is in a key where it is unknown.
const UNKNOWN: u32 = (1 << REGION) - 1;

/// The key of a row: its document, category, region and period, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(u64);

impl Key {
    /// The key of a table's region and period.
    pub fn new((document, category): TableOf, region: Option<u32>, period: u32) -> Key {
        let table = u64::from(document) << CATEGORY | u64::from(category);
        let region = u64::from(region.unwrap_or(UNKNOWN));
        Key((table << REGION | region) << PERIOD | u64::from(period))
    }

    /// The table.
    pub fn table(self) -> TableOf {
        let table = self.0 >> (REGION + PERIOD);
        ((table >> CATEGORY) as u32, table as u32 & ((1 << CATEGORY) - 1))
    }

    /// The region; none where it is unknown.
    pub fn region(self) -> Option<u32> {
        let region = (self.0 >> PERIOD) as u32 & UNKNOWN;
        (region != UNKNOWN).then_some(region)
    }

    /// The period.
    pub fn period(self) -> u32 {
        self.0 as u32 & ((1 << PERIOD) - 1)
    }

    /// Whether two rows stand in one table.
    #[allow(clippy::trivially_copy_pass_by_ref)] // as `chunk_by` calls it
    pub fn same_table(a: &Key, b: &Key) -> bool {
        a.0 >> (REGION + PERIOD) == b.0 >> (REGION + PERIOD)
    }

    /// Whether two rows are a region's in one table.
    #[allow(clippy::trivially_copy_pass_by_ref)] // as `chunk_by` calls it
    pub fn same_region(a: &Key, b: &Key) -> bool {
        a.0 >> PERIOD == b.0 >> PERIOD
    }
}

/// The keys of a frame's rows.
pub fn keys(frame: &DataFrame) -> Result<Vec<Key>> {
    let bits = [
        ("document", 64 - CATEGORY - PERIOD - REGION),
        ("category", CATEGORY),
        ("period", PERIOD),
        ("region", REGION),
    ];
    for (name, bits) in bits {
        let most = frame.column(name)?.u32()?.max().unwrap_or_default();
        ensure!(most < (1 << bits) - 1, "a batch has too many values of {name}: {most}");
    }
    let tables = ids(frame, "document")?.iter().zip(ids(frame, "category")?);
    let rows = tables.zip(frame.column("region")?.u32()?.iter()).zip(ids(frame, "period")?);
    Ok(rows
        .map(|(((document, category), region), period)| Key::new((*document, *category), region, *period))
        .collect())
}

/// The columns that a key holds.
const IN_KEYS: [&str; 4] = ["document", "category", "region", "period"];

/// The frame in the order of its keys, and these.
pub fn sorted(frame: DataFrame) -> Result<(DataFrame, Vec<Key>)> {
    let mut rows: Vec<(Key, IdxSize)> = keys(&frame)?.into_iter().zip(0..).collect();
    // Rows come document by document, but for derived totals, which come last: many small sorts, and a merge.
    for document in rows.chunk_by_mut(|a, b| a.0.table().0 == b.0.table().0) {
        document.sort_unstable();
    }
    rows.sort();
    let (keys, order): (Vec<Key>, Vec<IdxSize>) = rows.into_iter().unzip();
    let order = IdxCa::from_vec(PlSmallStr::EMPTY, order);
    // Column by column: a batch is too small to be worth the threads that a whole frame is taken with.
    let others = frame.into_columns().into_iter().filter(|column| !IN_KEYS.contains(&column.name().as_str()));
    let columns = others.map(|column| column.take(&order)).collect::<PolarsResult<_>>()?;
    let frame = DataFrame::new(keys.len(), columns)?;
    let known: [(&str, Series); 4] = [
        ("document", keys.iter().map(|key| key.table().0).collect()),
        ("category", keys.iter().map(|key| key.table().1).collect()),
        ("region", keys.iter().map(|key| key.region()).collect()),
        ("period", keys.iter().map(|key| key.period()).collect()),
    ];
    Ok((replaced(frame, known)?, keys))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_holds_what_it_was_made_of() {
        for (table, region, period) in
            [((0, 0), None, 0), ((3, 4095), Some(7), 65_534), ((1 << 19, 6), Some(65_534), 2)]
        {
            let key = Key::new(table, region, period);
            assert_eq!((key.table(), key.region(), key.period()), (table, region, period));
        }
        assert!(Key::new((1, 0), Some(0), 0) > Key::new((0, 4095), Some(9), 9));
        assert!(Key::new((0, 1), Some(1), 0) > Key::new((0, 1), Some(0), 9));
    }
}
