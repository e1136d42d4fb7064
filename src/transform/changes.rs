//! Changes against the period of the same length one year earlier, in the same document. A part of a year is never
//! compared with a whole one.

use polars::prelude::*;

use super::ratio;

/// Adds `previous_period`, `change_absolute`, `change_relative`, `share_change` and `contribution`.
pub fn compared(frame: LazyFrame) -> LazyFrame {
    let earlier = frame.clone().select([
        col("document"),
        col("category"),
        col("region"),
        col("period").alias("year_before"),
        col("period").alias("previous_period"),
        col("value").alias("previous_value"),
        col("share").alias("previous_share"),
        col("total").alias("previous_total"),
    ]);
    let on = ["document", "category", "region", "year_before"].map(col);
    let change = col("value") - col("previous_value");
    frame.join(earlier, on.clone(), on, JoinArgs::new(JoinType::Left)).with_columns([
        change.clone().alias("change_absolute"),
        ratio(change.clone(), col("previous_value")).alias("change_relative"),
        (col("share") - col("previous_share")).alias("share_change"),
        ratio(change, col("previous_total")).alias("contribution"),
    ])
}
