//! Averages over the months a period covers, and changes against the period of the same length one year earlier, in
//! the same document. A part of a year is never compared with a whole one.

use anyhow::Result;
use polars::prelude::*;

use super::periods::Periods;
use super::{keys, mapped, ratio};

/// Adds `monthly_average`, `previous`, `change_absolute`, `change_relative`, `share_change` and `contribution`.
pub fn compared(frame: LazyFrame, periods: &Periods) -> Result<LazyFrame> {
    let mut frame = frame.collect()?;
    let months: Vec<Option<u32>> = periods.months().into_iter().map(|months| u32::try_from(months).ok()).collect();
    let (before, months) = (mapped(&frame, "period", "year_before", &periods.year_before())?, mapped(&frame, "period", "months", &months)?);
    frame.with_column(before)?;
    frame.with_column(months)?;
    let frame = frame.lazy().with_column(keys::of_row("year_before").alias("row_before"));
    let earlier = frame.clone().select([
        col("of_row").alias("row_before"),
        col("period").alias("previous"),
        col("value").alias("previous_value"),
        col("share").alias("previous_share"),
        col("total").alias("previous_total"),
    ]);
    let args = JoinArgs { maintain_order: MaintainOrderJoin::Left, ..JoinArgs::new(JoinType::Left) };
    let change = col("value") - col("previous_value");
    Ok(frame.join(earlier, [col("row_before")], [col("row_before")], args).with_columns([
        ratio(col("value"), col("months")).alias("monthly_average"),
        change.clone().alias("change_absolute"),
        ratio(change.clone(), col("previous_value")).alias("change_relative"),
        (col("share") - col("previous_share")).alias("share_change"),
        ratio(change, col("previous_total")).alias("contribution"),
    ]))
}
