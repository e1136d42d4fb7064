//! Changes against the period of the same length one year earlier, in the same document. A part of a year is never compared
//! with a whole one.

use anyhow::Result;
use polars::prelude::*;

use crate::normalize::periods::PeriodTable;
use crate::transform::shares::join_left;
use crate::transform::{KeyColumns, ratio};

/// Adds `previous_period`, `change_absolute`, `change_relative`, `share_change` and `contribution`, by a join with the period
/// one year before.
pub fn add_changes(frame: DataFrame, keys: &KeyColumns, periods: &PeriodTable) -> Result<DataFrame> {
    let series = keys.series();
    let with_period = |period: &str| series.iter().cloned().chain([col(period)]).collect::<Vec<Expr>>();
    let earlier = frame.clone().lazy().select(
        with_period("period")
            .into_iter()
            .chain([
                col("value").alias("previous_value"),
                col("total").alias("previous_total"),
                col("share").alias("previous_share"),
                lit(true).alias("is_compared"),
            ])
            .collect::<Vec<_>>(),
    );
    let joined = join_left(frame.lazy(), earlier, &with_period("year_before"), &with_period("period"));
    let change = || col("value") - col("previous_value");
    let columns = [
        when(col("is_compared"))
            .then(col("year_before"))
            .otherwise(lit(NULL).cast(periods.dtype()?))
            .alias("previous_period"),
        change().alias("change_absolute"),
        ratio(change(), col("previous_value")).alias("change_relative"),
        (col("share") - col("previous_share")).alias("share_change"),
        ratio(change(), col("previous_total")).alias("contribution"),
    ];
    Ok(joined.with_columns(columns).collect()?)
}
