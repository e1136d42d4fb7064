//! Comparisons with earlier releases: where a release does not print the table of a year earlier itself, the newest one before
//! it that does is taken. Never a later one, so that nothing that was published changes.

use std::sync::Arc;

use anyhow::{Context, Result};
use arrow::array::{ArrayRef, ArrowPrimitiveType, AsArray, DictionaryArray, PrimitiveArray};
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int32Type, Int64Type};
use chrono::NaiveDate;

use crate::columns::OBSERVATIONS;
use crate::dataset::Definition;
use crate::history::{History, NumberedFigure, ReleaseTable};
use crate::load::Batch;
use crate::transform::comparisons::{BREAK, COMPARISONS, LIKE, MISSING, NO_PERIOD, Part, compare};
use crate::transform::figures::ReleaseFigures;

/// How a row of a batch compares with a figure of an earlier release.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EarlierComparison {
    /// The row in the batch.
    pub row: usize,
    /// What it is, as a place in `COMPARISONS`.
    pub comparison: u32,
    /// The break that lies between both.
    pub crossed: Option<usize>,
    /// The earlier figure, where it is compared.
    pub earlier: Option<EarlierFigure>,
}

/// A figure of an earlier release.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EarlierFigure {
    /// Its release.
    pub release: NaiveDate,
    /// Its value.
    pub value: Option<i64>,
    /// The total of its table.
    pub total: Option<i64>,
}

impl History {
    /// The comparisons that earlier releases add to those within a release.
    pub(super) fn compare_with_earlier(
        &self,
        figures: &ReleaseFigures,
        tables: &[ReleaseTable],
    ) -> Vec<EarlierComparison> {
        let is_open = |figure: &NumberedFigure| figures.comparisons[figure.row] == NO_PERIOD;
        let of_table = |own: &ReleaseTable| {
            let open = own.figures.iter().filter(|figure| is_open(figure));
            open.filter_map(|figure| self.compare_one(figures, *figure, own)).collect::<Vec<_>>()
        };
        tables.iter().flat_map(of_table).collect()
    }

    fn compare_one(
        &self,
        figures: &ReleaseFigures,
        figure: NumberedFigure,
        own: &ReleaseTable,
    ) -> Option<EarlierComparison> {
        let before = self.names.periods.find(&self.names.periods.get(figure.period).year_before())?;
        let table = self.tables.get(&(own.key.0, before))?;
        let is_printed = table.series.binary_search(&figure.series).is_ok();
        let is_same_list = own.printed.listed == table.listed;
        let comparison = compare(self.part(figure.series), is_printed, is_same_list);
        if comparison != LIKE {
            return Some(EarlierComparison { row: figure.row, comparison, crossed: None, earlier: None });
        }
        let value = self.standing(figure.series, before).and_then(|row| row.value);
        let is_missing = value.is_none() || figure.value.is_none();
        let crossed = self.find_break(figure, before);
        let comparison = match crossed {
            _ if is_missing => MISSING,
            Some(_) => BREAK,
            None => LIKE,
        };
        let total = figures.totals[figure.row].and_then(|_| self.total_of(&table.series, before));
        let earlier = Some(EarlierFigure { release: table.release, value, total });
        Some(EarlierComparison { row: figure.row, comparison, crossed, earlier })
    }

    /// The break between a figure's period and the one before it.
    fn find_break(&self, figure: NumberedFigure, before: u32) -> Option<usize> {
        let measure = self.definition.measures[self.measure_of(figure.series) as usize].code();
        let periods = [before, figure.period].map(|period| self.names.periods.get(period));
        self.breaks.find(&self.codes_of(figure.series), measure, periods)
    }

    /// What stands for the total of a table.
    fn total_of(&self, series: &[u32], period: u32) -> Option<i64> {
        let total = series.iter().find(|series| self.part(**series) == Part::Total)?;
        self.standing(*total, period)?.value
    }
}

/// Adds to the rows of a batch what earlier releases tell of their comparisons.
///
/// # Errors
/// Where the rows are not those of the figures.
pub(super) fn add_comparisons(
    batch: &mut Batch,
    figures: &ReleaseFigures,
    compared: &[EarlierComparison],
    definition: &Definition,
) -> Result<()> {
    if compared.is_empty() {
        return Ok(());
    }
    let rows = batch.rows(OBSERVATIONS).context("a batch has observations")?.clone();
    let column = |name: &str| rows.column_by_name(name).with_context(|| format!("no column {name}"));
    let changes: Vec<(usize, EarlierChange)> =
        compared.iter().map(|of| (of.row, EarlierChange::new(figures, *of))).collect();
    let decimals = |row: usize| definition.measures[figures.measures[row] as usize].decimals;
    let absolute = column("change_absolute")?;
    let absolute = if absolute.data_type() == &DataType::Int64 {
        replace::<Int64Type>(absolute, &changes, |_, change| change.absolute)
    } else {
        let scaled =
            |row, change: &EarlierChange| Some(change.absolute? as f64 / 10f64.powi(decimals(row) as i32));
        replace::<Float64Type>(absolute, &changes, scaled)
    };
    let doubles = |name, of: fn(&EarlierChange) -> Option<f64>| -> Result<(&str, ArrayRef)> {
        Ok((name, replace::<Float64Type>(column(name)?, &changes, |_, change| of(change))))
    };
    let days = replace::<Date32Type>(column("previous_release")?, &changes, |_, change| {
        change.release.map(Date32Type::from_naive_date)
    });
    let texts = |name, of: &dyn Fn(&EarlierChange) -> Option<String>| -> Result<(&str, ArrayRef)> {
        Ok((name, replace_texts(column(name)?, &changes, of)))
    };
    let replaced = vec![
        ("change_absolute", absolute),
        ("previous_release", days),
        doubles("change_relative", |change| change.relative)?,
        doubles("share_change", |change| change.share)?,
        doubles("contribution", |change| change.contribution)?,
        texts("previous_period", &|change| change.previous_period.clone())?,
        texts("comparison", &|change| Some(COMPARISONS[change.comparison as usize].to_owned()))?,
    ];
    batch.replace_columns(OBSERVATIONS, replaced)
}

/// What is published of a comparison with an earlier release.
struct EarlierChange {
    comparison: u32,
    release: Option<NaiveDate>,
    previous_period: Option<String>,
    absolute: Option<i64>,
    relative: Option<f64>,
    share: Option<f64>,
    contribution: Option<f64>,
}

impl EarlierChange {
    fn new(figures: &ReleaseFigures, of: EarlierComparison) -> EarlierChange {
        let earlier = of.earlier;
        let (value, total) = (figures.values[of.row], figures.totals[of.row]);
        let (previous, previous_total) = (earlier.and_then(|of| of.value), earlier.and_then(|of| of.total));
        let absolute = value.zip(previous).and_then(|(value, previous)| value.checked_sub(previous));
        let period = figures.periods[figures.row_periods[of.row] as usize].0;
        EarlierChange {
            comparison: of.comparison,
            release: earlier.map(|of| of.release),
            previous_period: earlier.map(|_| period.year_before().to_string()),
            absolute,
            relative: ratio(absolute, previous),
            share: ratio(value, total).zip(ratio(previous, previous_total)).map(|(own, before)| own - before),
            contribution: ratio(absolute, previous_total),
        }
    }
}

/// A quotient; none where the denominator is 0 or either is missing.
fn ratio(numerator: Option<i64>, denominator: Option<i64>) -> Option<f64> {
    Some(numerator? as f64 / denominator.filter(|of| *of != 0)? as f64 + 0.0)
}

/// A column with other values in some rows.
fn replace<T: ArrowPrimitiveType>(
    array: &ArrayRef,
    changes: &[(usize, EarlierChange)],
    value: impl Fn(usize, &EarlierChange) -> Option<T::Native>,
) -> ArrayRef {
    let mut values: Vec<Option<T::Native>> = array.as_primitive::<T>().iter().collect();
    for (row, change) in changes {
        values[*row] = value(*row, change);
    }
    Arc::new(values.into_iter().collect::<PrimitiveArray<T>>())
}

fn replace_texts(
    array: &ArrayRef,
    changes: &[(usize, EarlierChange)],
    value: impl Fn(&EarlierChange) -> Option<String>,
) -> ArrayRef {
    let codes = array.as_dictionary::<Int32Type>();
    let texts = codes.values().as_string::<i32>();
    let text = |key: Option<i32>| key.map(|key| texts.value(key as usize).to_owned());
    let mut values: Vec<Option<String>> = codes.keys().iter().map(text).collect();
    for (row, change) in changes {
        values[*row] = value(change);
    }
    Arc::new(values.iter().map(Option::as_deref).collect::<DictionaryArray<Int32Type>>())
}
