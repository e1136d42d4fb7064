//! Shares of the total.

use polars::prelude::*;

use super::ratio;

/// Adds `share`.
pub fn computed(frame: LazyFrame) -> LazyFrame {
    frame.with_column(ratio(col("value"), col("total")).alias("share"))
}
