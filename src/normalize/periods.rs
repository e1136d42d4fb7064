//! Periods: the SDMX codes of a batch's headings, in the order of their texts, and what follows from each.

use std::collections::BTreeMap;

use anyhow::Result;
use polars::prelude::*;

use crate::extract::RawObservations;
use crate::grammar::period::Period;
use crate::normalize::codes::enum_of;

/// The periods of a batch, in the order of their codes.
#[derive(Clone, Debug)]
pub struct PeriodTable {
    periods: Vec<Period>,
    codes: Vec<String>,
    of_heading: Vec<Option<u32>>,
}

impl PeriodTable {
    /// The periods that the headings of a batch name, and those one year before them.
    #[must_use]
    pub fn new(raw: &RawObservations) -> PeriodTable {
        let printed = raw.headings.iter().map(|heading| heading.period);
        let all = printed.flat_map(|period| [period, period.year_before()]);
        let by_code: BTreeMap<String, Period> = all.map(|period| (period.to_string(), period)).collect();
        let (codes, periods): (Vec<String>, Vec<Period>) = by_code.into_iter().unzip();
        let index = |period| periods.iter().position(|known| *known == period).map(|at| at as u32);
        let of_heading = raw.headings.iter().map(|heading| index(heading.period)).collect();
        PeriodTable { periods, codes, of_heading }
    }

    /// The index of a heading's period.
    #[must_use]
    pub fn find_by_heading(&self, heading: u32) -> Option<u32> {
        self.of_heading.get(heading as usize).copied().flatten()
    }

    /// The code of a period.
    #[must_use]
    pub fn code(&self, at: u32) -> &str {
        &self.codes[at as usize]
    }

    /// All codes in their order.
    #[must_use]
    pub fn codes(&self) -> &[String] {
        &self.codes
    }

    /// All periods in the order of their codes.
    #[must_use]
    pub fn periods(&self) -> &[Period] {
        &self.periods
    }

    /// The index of a code.
    #[must_use]
    pub fn index(&self, code: &str) -> Option<u32> {
        self.codes.iter().position(|known| known == code).map(|at| at as u32)
    }

    /// How many months a period covers.
    #[must_use]
    pub fn months(&self, at: u32) -> u32 {
        self.periods.get(at as usize).map_or(0, |period| period.months)
    }

    /// The categories of its column.
    ///
    /// # Errors
    /// Only where polars refuses them.
    pub fn dtype(&self) -> Result<DataType> {
        enum_of(self.codes.iter().map(String::as_str))
    }

    /// For each period that the batch has one year before: `period`, the later one, and `previous_period`.
    ///
    /// # Errors
    /// Only where polars refuses the frame.
    pub fn years_before(&self) -> Result<(Vec<Option<u32>>, Vec<i64>)> {
        let index = |period: &Period| {
            self.periods.iter().position(|known| *known == period.year_before()).map(|at| at as u32)
        };
        let months = self.periods.iter().map(|period| i64::from(period.months)).collect();
        Ok((self.periods.iter().map(index).collect(), months))
    }
}
