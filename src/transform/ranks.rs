//! Ranks among the economies of a category and period.

use anyhow::Result;
use polars::prelude::*;

use crate::regions::RegionKind;
use crate::transform::keys::Key;
use crate::transform::regions::Regions;
use crate::transform::replaced;

/// Adds `region_rank`: 1 is the largest, ties share the lower number; null for what is no economy.
///
/// The columns of tables are many and short. A window would evaluate each of them by itself, which costs more than all
/// other steps together; so they are ranked here.
pub fn ranked(frame: DataFrame, keys: &[Key], regions: &Regions) -> Result<DataFrame> {
    let economy = regions.are(RegionKind::Economy);
    let values: Vec<Option<i64>> = frame.column("value")?.i64()?.iter().collect();
    let mut ranks = vec![None; keys.len()];
    let mut first = 0;
    for table in keys.chunk_by(Key::same_table) {
        let figure = |(key, at): (&Key, usize)| {
            let is_economy = key.region().is_some_and(|region| economy[region as usize]);
            Some((key.period(), std::cmp::Reverse(values[at].filter(|_| is_economy)?), at))
        };
        let mut figures: Vec<_> = table.iter().zip(first..).filter_map(figure).collect();
        figures.sort_unstable();
        for column in figures.chunk_by(|a, b| a.0 == b.0) {
            rank(column.iter().map(|(_, value, at)| (value.0, *at)), &mut ranks);
        }
        first += table.len();
    }
    replaced(frame, [("region_rank", ranks.into_iter().collect())])
}

/// Ranks the figures of one column, the largest first: each has as many before it, plus one, as are larger.
fn rank(figures: impl Iterator<Item = (i64, usize)>, ranks: &mut [Option<i32>]) {
    let (mut rank, mut last) = (1, None);
    for (place, (value, at)) in (1..).zip(figures) {
        if last != Some(value) {
            (rank, last) = (place, Some(value));
        }
        ranks[at] = Some(rank);
    }
}
