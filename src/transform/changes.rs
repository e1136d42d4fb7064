//! Averages over the months a period covers, and changes against the period of the same length one year earlier, in
//! the same document. A part of a year is never compared with a whole one.

use anyhow::Result;
use polars::prelude::*;

use super::periods::Periods;
use super::{mapped, ratio};
use crate::dataset::Measure;

/// Adds `monthly_average`, `previous`, `change_absolute`, `change_relative`, `share_change` and `contribution`. The
/// frame is sorted by key: the periods of a region in a table stand together.
pub fn compared(frame: LazyFrame, periods: &Periods, measure: &Measure) -> Result<DataFrame> {
    let mut frame = frame.collect()?;
    let months: Vec<Option<u32>> =
        periods.months().into_iter().map(|months| u32::try_from(months).ok()).collect();
    let months = mapped(&frame, "period", "months", &months)?;
    let earlier = rows_of_the_year_before(&frame, &periods.year_before())?;
    let gathered = [
        ("period", "previous"),
        ("value", "previous_value"),
        ("share", "previous_share"),
        ("total", "previous_total"),
    ];
    for (name, previous) in gathered {
        let column = frame.column(name)?.take(&earlier)?.with_name(previous.into());
        frame.with_column(column)?;
    }
    frame.with_column(months)?;
    let change = col("value") - col("previous_value");
    let compared = frame.lazy().with_columns([
        // Figures are kept in units of their last decimal; the average is in the measure's own.
        ratio(col("value"), col("months") * lit(10i64.pow(measure.decimals))).alias("monthly_average"),
        change.clone().alias("change_absolute"),
        ratio(change.clone(), col("previous_value")).alias("change_relative"),
        (col("share") - col("previous_share")).alias("share_change"),
        ratio(change, col("previous_total")).alias("contribution"),
    ]);
    Ok(compared.collect()?)
}

/// For each row, the one of the same region and table, one year before.
fn rows_of_the_year_before(frame: &DataFrame, year_before: &[Option<u32>]) -> Result<IdxCa> {
    let regions: Vec<u64> = frame.column("of_region")?.u64()?.iter().flatten().collect();
    let periods: Vec<u32> = frame.column("period")?.u32()?.iter().flatten().collect();
    let mut rows: Vec<Option<IdxSize>> = Vec::with_capacity(regions.len());
    for run in regions.chunk_by(|a, b| a == b) {
        let start = rows.len();
        let own = &periods[start..start + run.len()];
        let find = |period: &u32| {
            year_before[*period as usize].and_then(|wanted| own.iter().position(|period| *period == wanted))
        };
        rows.extend(own.iter().map(find).map(|at| at.map(|at| (start + at) as IdxSize)));
    }
    Ok(rows.into_iter().collect())
}
