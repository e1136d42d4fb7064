//! Averages over the months that a period covers.

use anyhow::Result;
use polars::prelude::*;

use crate::dataset::Definition;
use crate::normalize::codes::enum_column;
use crate::normalize::periods::PeriodTable;
use crate::transform::ratio;
use crate::transform::shares::{is_additive, join_left};

/// Adds `monthly_average`, in the measure's unit by the month; null for a point in time, and where the measure does not add up:
/// a percentage of a year is no sum over its months. Adds `year_before`, the period of
/// the same length one year before, where the batch has it.
pub fn add_monthly_averages(
    frame: DataFrame,
    periods: &PeriodTable,
    definition: &Definition,
) -> Result<DataFrame> {
    let (years_before, months) = periods.years_before()?;
    let dtype = periods.dtype()?;
    let mut facts = df!("months" => months)?;
    facts.with_column(enum_column("period", (0..facts.height() as u32).map(Some), &dtype)?)?;
    facts.with_column(enum_column("year_before", years_before, &dtype)?)?;
    let joined = join_left(frame.lazy(), facts.lazy(), &[col("period")], &[col("period")]);
    let average = ratio(col("value"), col("months") * scale(definition));
    let average = when(is_additive(definition)).then(average).otherwise(lit(NULL));
    Ok(joined.with_column(average.alias("monthly_average")).collect()?)
}

/// How many units of the last decimal the measure's unit has.
fn scale(definition: &Definition) -> Expr {
    let unit = |at: usize| lit(10i64.pow(definition.measures[at].decimals));
    (1..definition.measures.len())
        .fold(unit(0), |others, at| when(col("measure").eq(lit(at as u32))).then(unit(at)).otherwise(others))
}
