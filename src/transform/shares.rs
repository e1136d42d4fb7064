//! Shares of the total of the share dimension.

use anyhow::Result;
use polars::prelude::*;

use crate::dataset::Definition;
use crate::normalize::NormalizedBatch;
use crate::regions::TOTAL;
use crate::transform::{KeyColumns, ratio};

/// Adds `total`: the figure of the same table column for the total of the share dimension; null where there is none, or
/// where the measure is not additive.
pub fn add_totals(
    frame: DataFrame,
    keys: &KeyColumns,
    batch: &NormalizedBatch<'_>,
    definition: &Definition,
) -> Result<DataFrame> {
    let has_total = definition.share_dimension().is_some_and(|at| batch.codes[at].total().is_some());
    let Some(share) = keys.share.as_ref().filter(|_| has_total) else {
        return Ok(frame.lazy().with_column(lit(NULL).cast(DataType::Int64).alias("total")).collect()?);
    };
    let column = keys.table_column();
    let totals = frame
        .clone()
        .lazy()
        .filter(col(share.clone()).eq(lit(TOTAL)).and(is_additive(definition)))
        .select(column.iter().cloned().chain([col("value").alias("total")]).collect::<Vec<_>>());
    Ok(join_left(frame.lazy(), totals, &column, &column).collect()?)
}

/// Adds `share`, the figure as a fraction of its total.
pub fn add_shares(frame: DataFrame) -> Result<DataFrame> {
    Ok(frame.lazy().with_column(ratio(col("value"), col("total")).alias("share")).collect()?)
}

/// Whether a row's measure adds up.
pub(super) fn is_additive(definition: &Definition) -> Expr {
    let measures = (0u32..).zip(&definition.measures);
    let additive = measures.filter(|(_, measure)| measure.is_additive());
    additive.fold(lit(false), |any, (at, _)| any.or(col("measure").eq(lit(at))))
}

/// A left join that keeps the order of the left side.
pub(super) fn join_left(left: LazyFrame, right: LazyFrame, on: &[Expr], with: &[Expr]) -> LazyFrame {
    left.join_builder()
        .with(right)
        .left_on(on)
        .right_on(with)
        .how(JoinType::Left)
        .maintain_order(MaintainOrderJoin::Left)
        .finish()
}
