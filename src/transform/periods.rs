//! Periods to intervals: the printed label's SDMX code, its days and months, and the period one year before.

use anyhow::Result;
use chrono::NaiveDate;
use polars::prelude::*;

use super::{Context, distinct, joined_by_text};
use crate::extract::period;

/// Adds `period`, `period_start`, `period_end`, `period_months`, `is_partial` and `year_before`.
pub fn intervals(frame: DataFrame, context: Context) -> Result<LazyFrame> {
    let labels = distinct(&frame, "period_label")?;
    let periods: Vec<_> = labels.iter().filter_map(|label| period::parse(label)).collect();
    let dictionary = df!(
        "period_label" => &labels,
        "period" => periods.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "period_start" => periods.iter().map(|period| period.start).collect::<Vec<NaiveDate>>(),
        "period_end" => periods.iter().map(period::Period::end).collect::<Vec<NaiveDate>>(),
        "period_months" => periods.iter().map(|period| period.months as i32).collect::<Vec<_>>(),
        "is_partial" => periods.iter().map(|period| context.definition.is_partial(period)).collect::<Vec<_>>(),
        "year_before" => periods.iter().map(|period| period.year_before().to_string()).collect::<Vec<_>>(),
    )?;
    Ok(joined_by_text(frame.lazy(), "period_label", dictionary))
}
