//! Whether a figure is compared with that of one year earlier, and why not where it is not. Like is compared with like: a
//! residual only where it holds the same codes, any other code only where the table of a year earlier lists it.

use std::collections::HashMap;

use anyhow::{Context, Result};
use polars::prelude::*;

use crate::dataset::{Breaks, CodeKind, Definition};
use crate::normalize::codes::{CodeTable, UNKNOWN, enum_indices};
use crate::normalize::{DefinitionUsage, NormalizedBatch, ids};
use crate::transform::KeyColumns;

/// What a comparison can be, as it is published.
pub const COMPARISONS: [&str; 6] =
    ["like", "break", "no_period", "not_listed", "residual_changed", "missing"];

/// Places in [`COMPARISONS`].
pub const LIKE: u32 = 0;
/// See [`LIKE`].
pub const BREAK: u32 = 1;
/// See [`LIKE`].
pub const NO_PERIOD: u32 = 2;
/// See [`LIKE`].
pub const NOT_LISTED: u32 = 3;
/// See [`LIKE`].
pub const RESIDUAL_CHANGED: u32 = 4;
/// See [`LIKE`].
pub const MISSING: u32 = 5;

/// What a code is among those of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The whole.
    Total,
    /// All that the table does not list.
    Residual,
    /// A code that the table lists.
    Listed,
}

impl Part {
    /// What a kind of code is.
    #[must_use]
    pub fn of(kind: CodeKind) -> Part {
        match kind {
            CodeKind::Total => Part::Total,
            CodeKind::Residual => Part::Residual,
            _ => Part::Listed,
        }
    }
}

/// How a code of a table compares with the same one of the table of a year earlier, given what both list.
#[must_use]
pub fn compare(part: Part, is_printed: bool, is_same_list: bool) -> u32 {
    match part {
        _ if !is_printed => NOT_LISTED,
        Part::Residual if !is_same_list => RESIDUAL_CHANGED,
        _ => LIKE,
    }
}

/// Adds `comparison`, by the tables of the same release.
pub(super) fn add_comparisons(
    mut frame: DataFrame,
    keys: &KeyColumns,
    batch: &NormalizedBatch<'_>,
    definition: &Definition,
    usage: &mut DefinitionUsage,
) -> Result<DataFrame> {
    let tables = PrintedTables::read(&frame, keys, batch)?;
    let (years_before, _) = batch.periods.years_before()?;
    let breaks = BreakColumns::read(&frame, batch, definition)?;
    let compared: UInt32Chunked = (0..frame.height())
        .map(|row| {
            let own = tables.of_row[row];
            let before = years_before.get(tables.periods[row] as usize).copied().flatten();
            let found = before.map_or(NO_PERIOD, |before| tables.compare(row, own, before));
            let crossed = before.filter(|_| found == LIKE).and_then(|before| breaks.find(row, before));
            usage.breaks.extend(crossed);
            Some(if crossed.is_some() { BREAK } else { found })
        })
        .collect();
    frame.with_column(compared.into_series().with_name("comparison".into()).into())?;
    Ok(frame)
}

/// What breaks are looked up by.
struct BreakColumns<'b> {
    breaks: Breaks,
    batch: &'b NormalizedBatch<'b>,
    definition: &'b Definition,
    codes: Vec<Vec<u32>>,
    measures: Vec<u32>,
    periods: Vec<u32>,
}

impl<'b> BreakColumns<'b> {
    fn read(
        frame: &DataFrame,
        batch: &'b NormalizedBatch<'_>,
        definition: &'b Definition,
    ) -> Result<BreakColumns<'b>> {
        let breaks = Breaks::of(definition);
        let codes = if breaks.is_empty() { Vec::new() } else { batch.code_columns(frame)? };
        let (measures, periods) = (ids(frame, "measure")?.to_vec(), enum_indices(frame, "period")?);
        Ok(BreakColumns { breaks, batch, definition, codes, measures, periods })
    }

    /// The break between a row's period and the one before it.
    fn find(&self, row: usize, before: u32) -> Option<usize> {
        if self.breaks.is_empty() {
            return None;
        }
        let codes = self.batch.codes.iter().zip(&self.codes);
        let codes: Vec<&str> = codes.map(|(table, codes)| table.code(codes[row])).collect();
        let measure = self.definition.measures[self.measures[row] as usize].code();
        let periods = self.batch.periods.periods();
        self.breaks.find(&codes, measure, [&periods[before as usize], &periods[self.periods[row] as usize]])
    }
}

/// The tables that releases print: all that is printed of one period for the same codes of all dimensions but that of shares.
struct PrintedTables<'b> {
    /// The place of each row's table among them.
    of_row: Vec<usize>,
    /// The code of each row along the dimension of shares.
    codes: Vec<u32>,
    periods: Vec<u32>,
    share: Option<&'b CodeTable<'b>>,
    /// What names each table, without its period.
    series: Vec<u128>,
    by_key: HashMap<(u128, u32), usize>,
    /// The codes that each prints.
    printed: Vec<Vec<u32>>,
}

impl<'b> PrintedTables<'b> {
    fn read(
        frame: &DataFrame,
        keys: &KeyColumns,
        batch: &'b NormalizedBatch<'_>,
    ) -> Result<PrintedTables<'b>> {
        let share = batch.codes.iter().find(|codes| keys.share.as_deref() == Some(codes.dimension.name()));
        let codes = match share {
            Some(share) => enum_indices(frame, share.dimension.name())?,
            None => vec![0; frame.height()],
        };
        let mut tables = PrintedTables {
            of_row: Vec::with_capacity(frame.height()),
            periods: enum_indices(frame, "period")?,
            codes,
            share,
            series: Vec::new(),
            by_key: HashMap::new(),
            printed: Vec::new(),
        };
        for (row, series) in pack_series(frame, keys, batch)?.into_iter().enumerate() {
            tables.add(row, series);
        }
        tables.printed.iter_mut().for_each(|codes| codes.sort_unstable());
        Ok(tables)
    }

    fn add(&mut self, row: usize, series: u128) {
        let next = self.printed.len();
        let at = *self.by_key.entry((series, self.periods[row])).or_insert(next);
        if at == next {
            self.printed.push(Vec::new());
            self.series.push(series);
        }
        self.printed[at].push(self.codes[row]);
        self.of_row.push(at);
    }

    fn compare(&self, row: usize, own: usize, before: u32) -> u32 {
        let Some(&before) = self.by_key.get(&(self.series[own], before)) else { return NO_PERIOD };
        let code = self.codes[row];
        let part = self.part(code);
        let is_same_list = part != Part::Residual || self.listed(own).eq(self.listed(before));
        compare(part, self.printed[before].binary_search(&code).is_ok(), is_same_list)
    }

    fn part(&self, code: u32) -> Part {
        self.share.and_then(|share| share.info(code)).map_or(Part::Listed, |info| Part::of(info.kind))
    }

    fn listed(&self, table: usize) -> impl Iterator<Item = &u32> {
        self.printed[table].iter().filter(|code| self.part(**code) == Part::Listed)
    }
}

/// What names the table of each row, without its period, as one number: release, measure, and the code of each dimension but
/// that of shares.
fn pack_series(frame: &DataFrame, keys: &KeyColumns, batch: &NormalizedBatch<'_>) -> Result<Vec<u128>> {
    let others = batch.codes.iter().filter(|codes| keys.share.as_deref() != Some(codes.dimension.name()));
    let mut packed: Vec<u128> = ids(frame, "release")?.iter().map(|release| u128::from(*release)).collect();
    add_digit(&mut packed, ids(frame, "measure")?)?;
    for codes in others {
        add_digit(&mut packed, &enum_indices(frame, codes.dimension.name())?)?;
    }
    Ok(packed)
}

/// Adds a digit to each number, in a base that all of them fit.
fn add_digit(packed: &mut [u128], digits: &[u32]) -> Result<()> {
    let largest = digits.iter().filter(|digit| **digit != UNKNOWN).max().copied().unwrap_or_default();
    let base = u128::from(largest) + 2;
    for (number, digit) in packed.iter_mut().zip(digits) {
        let digit = u128::from((*digit).min(largest + 1));
        *number = number
            .checked_mul(base)
            .and_then(|number| number.checked_add(digit))
            .context("too many codes")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn like_is_compared_with_like() {
        let cases = [
            (Part::Total, true, false, LIKE),
            (Part::Total, false, true, NOT_LISTED),
            (Part::Residual, true, true, LIKE),
            (Part::Residual, true, false, RESIDUAL_CHANGED),
            (Part::Residual, false, false, NOT_LISTED),
            (Part::Listed, true, false, LIKE),
            (Part::Listed, false, true, NOT_LISTED),
        ];
        for (part, is_printed, is_same_list, expected) in cases {
            assert_eq!(
                compare(part, is_printed, is_same_list),
                expected,
                "{part:?} {is_printed} {is_same_list}"
            );
        }
    }
}
