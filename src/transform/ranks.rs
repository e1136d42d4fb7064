//! Ranks among the leaves of the share dimension.

use anyhow::Result;
use polars::prelude::*;

use crate::dataset::{CodeKind, Definition};
use crate::normalize::NormalizedBatch;
use crate::normalize::codes::enum_column;
use crate::transform::KeyColumns;
use crate::transform::shares::join_left;

/// Adds `<d>_rank`, d being the share dimension: 1 is the largest, ties share the lower number; null for what is no leaf, or missing.
pub fn add_ranks(
    frame: DataFrame,
    keys: &KeyColumns,
    batch: &NormalizedBatch<'_>,
    definition: &Definition,
) -> Result<DataFrame> {
    let Some((name, at)) = keys.share.as_ref().zip(definition.share_dimension()) else { return Ok(frame) };
    let codes = &batch.codes[at];
    let mut leaves =
        df!("is_leaf" => codes.infos().iter().map(|info| info.kind == CodeKind::Leaf).collect::<Vec<_>>())?;
    leaves.with_column(enum_column(name, (0..codes.len() as u32).map(Some), &codes.dtype()?)?)?;
    let joined = join_left(frame.lazy(), leaves.lazy(), &[col(name.clone())], &[col(name.clone())]);
    let options = RankOptions { method: RankMethod::Min, descending: true };
    let ranked = when(col("is_leaf")).then(col("value")).otherwise(lit(NULL));
    let rank = ranked.rank(options, None).over(keys.table_column())?.cast(DataType::Int32);
    Ok(joined.with_column(rank.alias(format!("{name}_rank"))).collect()?)
}
