//! Ranks among the economies of a category and period.

use anyhow::Result;
use polars::prelude::*;

/// Adds `region_rank`: 1 is the largest, ties share the lower number; null for what is no economy.
pub fn ranked(frame: LazyFrame) -> Result<LazyFrame> {
    let of_economies = when(col("is_economy")).then(col("value")).otherwise(lit(NULL));
    let options = RankOptions { method: RankMethod::Min, descending: true };
    let rank = of_economies.rank(options, None).over([col("of_column")])?;
    Ok(frame.with_column(rank.cast(DataType::Int32).alias("region_rank")))
}
