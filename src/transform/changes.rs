//! Changes against the period of the same length one year earlier, in the same release. A part of a year is never compared
//! with a whole one, nor a figure with one that counts something else.

use anyhow::Result;
use chrono::NaiveDate;
use polars::prelude::*;

use crate::normalize::ids;
use crate::normalize::periods::PeriodTable;
use crate::transform::comparisons::{BREAK, LIKE, MISSING};
use crate::transform::shares::join_left;
use crate::transform::{KeyColumns, ratio};

/// Adds `previous_period`, `previous_release`, `change_absolute`, `change_relative`, `share_change` and `contribution`, by a join
/// with the period one year before, where `comparison` says that it is compared; where a figure is missing, it says so.
pub fn add_changes(
    frame: DataFrame,
    keys: &KeyColumns,
    periods: &PeriodTable,
    releases: &[Option<NaiveDate>],
) -> Result<DataFrame> {
    let series = keys.series();
    let with_period = |period: &str| series.iter().cloned().chain([col(period)]).collect::<Vec<Expr>>();
    let earlier = frame.clone().lazy().select(
        with_period("period")
            .into_iter()
            .chain([
                col("value").alias("previous_value"),
                col("total").alias("previous_total"),
                col("share").alias("previous_share"),
            ])
            .collect::<Vec<_>>(),
    );
    let joined = join_left(frame.lazy(), earlier, &with_period("year_before"), &with_period("period"));
    let is_like = || col("comparison").eq(lit(LIKE)).or(col("comparison").eq(lit(BREAK)));
    let like = |name: &str| when(is_like()).then(col(name)).otherwise(lit(NULL));
    let joined = joined.with_columns(
        ["previous_value", "previous_total", "previous_share"].map(|name| like(name).alias(name)),
    );
    let change = || col("value") - col("previous_value");
    let is_missing = is_like().and(change().is_null());
    let columns = [
        when(is_like())
            .then(col("year_before"))
            .otherwise(lit(NULL).cast(periods.dtype()?))
            .alias("previous_period"),
        when(is_missing).then(lit(MISSING)).otherwise(col("comparison")).alias("comparison"),
        change().alias("change_absolute"),
        ratio(change(), col("previous_value")).alias("change_relative"),
        (col("share") - col("previous_share")).alias("share_change"),
        ratio(change(), col("previous_total")).alias("contribution"),
    ];
    add_previous_release(joined.with_columns(columns).collect()?, releases)
}

/// Adds `previous_release`: the row's own, where the figure of a year earlier is taken from it.
fn add_previous_release(mut frame: DataFrame, releases: &[Option<NaiveDate>]) -> Result<DataFrame> {
    let is_compared = frame.column("previous_period")?.is_not_null();
    let documents = ids(&frame, "document")?.iter().zip(is_compared.iter());
    let previous = documents.map(|(document, is)| releases[*document as usize].filter(|_| is == Some(true)));
    let previous = DateChunked::from_naive_date_options("previous_release".into(), previous);
    frame.with_column(previous.into_series().into())?;
    Ok(frame)
}
