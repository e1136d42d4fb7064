//! What a reader skips by: the least and the greatest text of each page and of a chunk, and how many rows have none.

use anyhow::Result;
use indexmap::IndexSet;
use parquet::basic::Type;
use parquet::data_type::ByteArray;
use parquet::file::metadata::ColumnIndexBuilder;
use parquet::file::page_index::column_index::ColumnIndexMetaData;
use parquet::file::statistics::{Statistics, ValueStatistics};

use crate::load::parquet::codes::NULL;

/// The order of texts, by their indices.
pub struct Order<'t> {
    /// The texts from the least to the greatest.
    sorted: Vec<&'t str>,
    /// For each index, where its text stands among them.
    ranks: Vec<u32>,
}

/// The bounds of some rows.
#[derive(Clone, Copy)]
pub struct Bounds<'t> {
    /// The least and the greatest text; none where no row has one.
    texts: Option<(&'t str, &'t str)>,
    /// How many rows have none.
    nulls: u64,
}

impl<'t> Order<'t> {
    /// The order of bytes, which is that of characters.
    pub fn of<S>(texts: &'t IndexSet<Box<str>, S>) -> Order<'t> {
        let mut sorted: Vec<(&str, usize)> = texts.iter().map(AsRef::as_ref).zip(0..).collect();
        sorted.sort_unstable();
        let mut ranks = vec![0; sorted.len()];
        for (rank, (_, index)) in (0..).zip(&sorted) {
            ranks[*index] = rank;
        }
        Order { sorted: sorted.into_iter().map(|(text, _)| text).collect(), ranks }
    }

    /// The bounds of so many rows at a time, which hold indices of texts.
    pub fn bounds(&self, rows: &[u32], at_a_time: usize) -> Vec<Bounds<'t>> {
        rows.chunks(at_a_time).map(|rows| self.bounds_of(rows)).collect()
    }

    fn bounds_of(&self, rows: &[u32]) -> Bounds<'t> {
        let (mut least, mut greatest, mut nulls) = (u32::MAX, 0, 0);
        for run in rows.chunk_by(|one, other| one == other) {
            if run[0] == NULL {
                nulls += run.len() as u64;
            } else {
                let rank = self.ranks[run[0] as usize];
                (least, greatest) = (least.min(rank), greatest.max(rank));
            }
        }
        let text = |rank: u32| self.sorted.get(rank as usize).copied();
        Bounds { texts: text(least).zip(text(greatest)), nulls }
    }
}

/// What is known of a chunk whose pages have these bounds.
pub fn statistics(pages: &[Bounds<'_>]) -> Statistics {
    let texts = || pages.iter().filter_map(|page| page.texts);
    let (least, greatest) = (texts().map(|texts| texts.0).min(), texts().map(|texts| texts.1).max());
    let nulls = pages.iter().map(|page| page.nulls).sum();
    ValueStatistics::new(least.map(ByteArray::from), greatest.map(ByteArray::from), None, Some(nulls), false)
        .into()
}

/// What is known of pages with these bounds.
///
/// # Errors
/// Only where a rule of the format is broken.
pub fn column_index(pages: &[Bounds<'_>]) -> Result<ColumnIndexMetaData> {
    let mut index = ColumnIndexBuilder::new(Type::BYTE_ARRAY);
    for Bounds { texts, nulls } in pages {
        let (least, greatest) = texts.unwrap_or_default();
        index.append(texts.is_none(), least.into(), greatest.into(), *nulls as i64, None);
    }
    Ok(index.build()?)
}
