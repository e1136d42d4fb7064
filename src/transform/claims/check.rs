//! A claim that was held against figures: its row among the checks, and the problem where it does not follow from them.

use anyhow::Result;
use polars::prelude::*;

use crate::grammar::number::format_number;
use crate::problem::Problem;
use crate::transform::check::CHECKS;
use crate::transform::claims::bounds::Ratio;
use crate::transform::{Context, Spot, TableOf, ids};

/// A claim that was held against figures.
pub struct Check {
    pub table: TableOf,
    pub kind: u32,
    pub period: u32,
    pub heading: u32,
    pub region: u32,
    /// The decimals of its percentage; none where it is in the measure's unit.
    pub percent: Option<u32>,
    pub published: i64,
    pub computed: i64,
    pub tolerance: i64,
    pub cells: i32,
    pub spot: Spot,
    /// What the figures make, in words.
    pub made: String,
}

/// The rows of both, in the order of their key.
pub fn joined(sums: DataFrame, checks: &[Check]) -> Result<DataFrame> {
    let ids_of = |id: fn(&Check) -> u32| checks.iter().map(id).collect::<Vec<u32>>();
    let values = |value: fn(&Check) -> i64| checks.iter().map(value).collect::<Vec<i64>>();
    let rows = df!(
        "document" => ids_of(|check| check.table.0),
        "category" => ids_of(|check| check.table.1),
        "check" => ids_of(|check| check.kind),
        "region" => ids_of(|check| check.region),
        "unit" => ids_of(Check::unit),
        "period" => ids_of(|check| check.period),
        "heading" => ids_of(|check| check.heading),
        "published" => values(|check| check.published),
        "computed" => values(|check| check.computed),
        "difference" => values(Check::difference),
        "tolerance" => values(|check| check.tolerance),
        "passed" => checks.iter().map(Check::passed).collect::<Vec<_>>(),
        "cells" => checks.iter().map(|check| check.cells).collect::<Vec<_>>(),
        "grid" => ids_of(|check| check.spot.grid),
        "row" => ids_of(|check| check.spot.row),
        "column" => ids_of(|check| check.spot.column),
    )?;
    let mut all = sums;
    all.vstack_mut(&rows.select(all.get_column_names_owned())?)?;
    all.rechunk_mut_par();
    let key = ["document", "category", "check", "period", "region"];
    let key: Vec<&[u32]> = key.into_iter().map(|name| ids(&all, name)).collect::<PolarsResult<_>>()?;
    let mut order: Vec<usize> = (0..all.height()).collect();
    order.sort_by_key(|at| key.iter().map(|column| column[*at]).collect::<Vec<u32>>());
    let order: IdxCa = order.into_iter().map(|at| Some(at as IdxSize)).collect();
    Ok(all.take(&order)?)
}

/// `+7.01 %`, `between +23.10 % and +23.20 %`: with two decimals more than are printed.
pub fn words((low, high): (Ratio, Ratio), percent: Option<u32>, decimals: u32) -> String {
    let Some(printed) = percent else {
        return format_number(i64::try_from(low.whole()).unwrap_or(i64::MAX), decimals);
    };
    let unit = 10f64.powi(printed as i32);
    let word = |ratio: Ratio| format!("{:+.*} %", printed as usize + 2, ratio.value() / unit);
    let (low, high) = (word(low), word(high));
    if low == high { low } else { format!("between {low} and {high}") }
}

impl Check {
    fn difference(&self) -> i64 {
        self.published.saturating_sub(self.computed)
    }

    /// Whether the two are as near as they must be.
    pub fn passed(&self) -> bool {
        self.difference().unsigned_abs() <= self.tolerance.unsigned_abs()
    }

    /// The problem of one that did not.
    pub fn problem(&self, context: Context<'_>) -> Problem {
        let name = CHECKS[self.kind as usize];
        let printed = context.printed(self.spot);
        let sign = if self.percent.is_some() && !printed.contains(['%', '％']) { " %" } else { "" };
        let label = format!("printed {printed}{sign}, but {}", self.made);
        let what = if name == "periods" { "total of the periods" } else { name };
        let message = format!("the {what} doesn't follow from the figures");
        let help = "one of them is misprinted: a correction of a figure can be declared in the definition; a column that means something else, or is not to be read, is named under `[columns]`";
        Problem::data(name, message, context.mark(self.spot, label)).help(help)
    }

    /// Its unit, as an index into the units of checks.
    fn unit(&self) -> u32 {
        self.percent.map_or(0, |decimals| decimals + 1)
    }
}
