//! Shares of the total, and averages over the months a period covers.

use polars::prelude::*;

use super::ratio;

/// Adds `share` and `monthly_average`.
pub fn computed(frame: LazyFrame) -> LazyFrame {
    frame.with_columns([
        ratio(col("value"), col("total")).alias("share"),
        ratio(col("value"), col("period_months")).alias("monthly_average"),
    ])
}
