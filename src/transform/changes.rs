//! Averages over the months a period covers, and changes against the period of the same length one year earlier, in
//! the same document. A part of a year is never compared with a whole one.

use anyhow::Result;
use polars::prelude::*;

use crate::dataset::Measure;
use crate::transform::keys::Key;
use crate::transform::periods::Periods;
use crate::transform::{ids, ratio, replaced};

/// Adds `monthly_average`, `previous`, `change_absolute`, `change_relative`, `share_change` and `contribution`. The
/// frame is sorted by its keys: the periods of a region in a table stand together.
pub fn compared(frame: DataFrame, keys: &[Key], periods: &Periods, measure: &Measure) -> Result<DataFrame> {
    let value = frame.column("value")?.i64()?;
    let share = frame.column("share")?.f64()?;
    let earlier = rows_of_the_year_before(keys, &periods.year_before());
    let previous_value = value.take(&earlier)?;
    let previous_total = frame.column("total")?.i64()?.take(&earlier)?;
    let previous_share = share.take(&earlier)?;
    let previous = frame.column("period")?.u32()?.take(&earlier)?;
    let change = value - &previous_value;
    let columns = [
        ("monthly_average", ratio(value, &lengths(&frame, periods, measure)?).into_series()),
        ("change_relative", ratio(&change, &previous_value).into_series()),
        ("share_change", (share - &previous_share).into_series()),
        ("contribution", ratio(&change, &previous_total).into_series()),
        ("change_absolute", change.into_series()),
        ("previous", previous.into_series()),
    ];
    replaced(frame, columns)
}

/// The months that each row covers, as figures of the measure are kept: in units of its last decimal.
fn lengths(frame: &DataFrame, periods: &Periods, measure: &Measure) -> Result<Int64Chunked> {
    let scale = 10i64.pow(measure.decimals);
    let lengths: Vec<i64> = periods.months().into_iter().map(|months| i64::from(months) * scale).collect();
    let of_rows = ids(frame, "period")?.iter().map(|period| lengths[*period as usize]);
    Ok(Int64Chunked::from_iter_values(PlSmallStr::EMPTY, of_rows))
}

/// For each row, the one of the same region and table, one year before.
fn rows_of_the_year_before(keys: &[Key], year_before: &[Option<u32>]) -> IdxCa {
    let mut rows: Vec<Option<IdxSize>> = Vec::with_capacity(keys.len());
    for own in keys.chunk_by(Key::same_region) {
        let start = rows.len();
        let find = |key: &Key| {
            let wanted = year_before[key.period() as usize]?;
            let at = own.binary_search_by_key(&wanted, |key| key.period()).ok()?;
            Some((start + at) as IdxSize)
        };
        rows.extend(own.iter().map(find));
    }
    rows.into_iter().collect()
}
