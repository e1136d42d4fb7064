//! Ranks among the economies of a category and period.

use std::collections::HashMap;

use anyhow::Result;
use polars::prelude::*;

/// Adds `region_rank`: 1 is the largest, ties share the lower number; null for what is no economy.
///
/// The columns of tables are many and short. A window would evaluate each of them by itself, which costs more than all
/// other steps together; so they are ranked here.
pub fn ranked(mut frame: DataFrame) -> Result<DataFrame> {
    let mut columns: HashMap<u64, Vec<(i64, usize)>> = HashMap::new();
    let (of_column, economy, values) = (
        frame.column("of_column")?.u64()?,
        frame.column("is_economy")?.bool()?,
        frame.column("value")?.i64()?,
    );
    for (at, ((column, economy), value)) in
        of_column.iter().zip(economy.iter()).zip(values.iter()).enumerate()
    {
        if let (Some(column), Some(true), Some(value)) = (column, economy, value) {
            columns.entry(column).or_default().push((value, at));
        }
    }
    let mut ranks = vec![None; frame.height()];
    for figures in columns.values_mut() {
        rank(figures, &mut ranks);
    }
    frame.with_column(Int32Chunked::from_iter(ranks).with_name("region_rank".into()).into_column())?;
    Ok(frame)
}

/// Ranks the figures of one column: each has as many before it, plus one, as are larger.
fn rank(figures: &mut [(i64, usize)], ranks: &mut [Option<i32>]) {
    figures.sort_unstable_by_key(|(value, _)| std::cmp::Reverse(*value));
    let (mut rank, mut last) = (1, None);
    for (place, (value, at)) in (1..).zip(figures.iter()) {
        if last != Some(*value) {
            (rank, last) = (place, Some(*value));
        }
        ranks[*at] = Some(rank);
    }
}
