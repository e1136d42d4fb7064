//! Periods to intervals: each heading's SDMX code, its days and months, and the period one year before.

use std::collections::BTreeMap;

use anyhow::Result;
use polars::prelude::*;

use crate::dataset::Definition;
use crate::extract::observations::Raw;
use crate::grammar::period::Period;
use crate::transform::{Dimension, Values, ids, replaced};

/// The periods of a batch, in the order of their codes.
#[derive(Clone, Debug)]
pub struct Periods {
    intervals: Vec<Period>,
    codes: Vec<String>,
    of_heading: Vec<Option<u32>>,
}

impl Periods {
    /// The periods that the headings of a batch name.
    pub fn of(raw: &Raw) -> Periods {
        let by_code: BTreeMap<String, Period> =
            raw.headings.iter().map(|headed| (headed.period.to_string(), headed.period)).collect();
        let (codes, intervals): (Vec<String>, Vec<Period>) = by_code.into_iter().unzip();
        let index = |period| intervals.iter().position(|known| *known == period).map(|at| at as u32);
        let of_heading = raw.headings.iter().map(|headed| index(headed.period)).collect();
        Periods { intervals, codes, of_heading }
    }

    /// Adds `period`.
    pub fn indexed(&self, facts: DataFrame) -> Result<DataFrame> {
        let periods =
            ids(&facts, "heading")?.iter().map(|heading| self.of_heading[*heading as usize]).collect();
        replaced(facts, [("period", periods)])
    }

    /// The index of a heading's period.
    pub fn of_heading(&self, heading: u32) -> Option<u32> {
        self.of_heading.get(heading as usize).copied().flatten()
    }

    /// The index of the period one year before each, where the batch has it.
    pub fn year_before(&self) -> Vec<Option<u32>> {
        let index = |period: &Period| {
            self.intervals.iter().position(|known| *known == period.year_before()).map(|at| at as u32)
        };
        self.intervals.iter().map(index).collect()
    }

    /// The code of a period.
    pub fn code(&self, at: usize) -> &str {
        &self.codes[at]
    }

    /// The index of a code.
    pub fn index(&self, code: &str) -> Option<u32> {
        self.codes.iter().position(|known| known == code).map(|at| at as u32)
    }

    /// What follows from a period.
    pub fn dimensions(&self, definition: &Definition) -> Vec<Dimension> {
        let days = |day: fn(&Period) -> chrono::NaiveDate| {
            Values::Date(self.intervals.iter().map(|period| Some(day(period))).collect())
        };
        let of_period = |name, values| Dimension { name, index: "period", values };
        vec![
            Dimension::text("period", "period", &self.codes),
            Dimension::text("previous_period", "previous", &self.codes),
            of_period("period_start", days(|period| period.start)),
            of_period("period_end", days(Period::end)),
            of_period("period_months", Values::Int32(self.months())),
            of_period(
                "is_partial",
                Values::Boolean(self.intervals.iter().map(|period| definition.is_partial(period)).collect()),
            ),
        ]
    }

    /// How many months each covers.
    pub fn months(&self) -> Vec<i32> {
        self.intervals.iter().map(|period| period.months as i32).collect()
    }
}
