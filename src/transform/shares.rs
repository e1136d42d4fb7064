//! Shares of the total.

use anyhow::Result;
use polars::prelude::*;

use crate::transform::{ratio, replaced};

/// Adds `share`.
pub fn computed(frame: DataFrame) -> Result<DataFrame> {
    let share = ratio(frame.column("value")?.i64()?, frame.column("total")?.i64()?).into_series();
    replaced(frame, [("share", share)])
}
