//! The checks as a frame: sums, and indicators that were held against figures.

use anyhow::Result;
use polars::prelude::*;

use crate::checks::figures::TableFigures;
use crate::checks::indicators::IndicatorCheck;
use crate::checks::sums::Sum;
use crate::dataset::Definition;
use crate::normalize::NormalizedBatch;
use crate::normalize::codes::{UNKNOWN, enum_column};

/// A row of the published table of checks.
pub struct CheckRow {
    /// The document's index in the batch.
    pub document: u32,
    /// The table's place in the definition.
    pub table: u32,
    /// What was checked.
    pub check: u32,
    /// The dimension along which a sum goes; behind them all, the period.
    pub along: u32,
    /// The code of each dimension.
    pub codes: Vec<u32>,
    /// The measure.
    pub measure: u32,
    /// The period.
    pub period: u32,
    /// The heading.
    pub heading: u32,
    /// The unit, by its place among the units of checks.
    pub unit: u32,
    /// What is published, what was computed, how far they may be apart: in units of the measure's last decimal.
    pub published: i64,
    /// See `published`.
    pub computed: i64,
    /// See `published`.
    pub tolerance: i64,
    /// How many figures it was computed from.
    pub cells: i32,
    /// Where it is printed.
    pub cell: crate::normalize::CellRef,
}

impl CheckRow {
    fn difference(&self) -> i64 {
        self.published.saturating_sub(self.computed)
    }

    fn passed(&self) -> bool {
        self.difference().unsigned_abs() <= self.tolerance.unsigned_abs()
    }

    /// What rows are sorted by, and told apart.
    fn key(&self) -> (u32, u32, u32, u32, u32, u32, Vec<u32>) {
        (self.document, self.table, self.check, self.along, self.measure, self.period, self.codes.clone())
    }
}

fn sum_row(table: &TableFigures, sum: &Sum, batch: &NormalizedBatch<'_>) -> CheckRow {
    let mut codes = table.codes_at(sum.at);
    if sum.check == crate::checks::TOTAL_CHECK {
        codes[sum.along] = batch.codes[sum.along].total().unwrap_or(UNKNOWN);
    }
    CheckRow {
        document: table.document,
        table: table.table,
        check: sum.check,
        along: sum.along as u32,
        codes,
        measure: table.measures[sum.at],
        period: table.periods[sum.at],
        heading: table.headings[sum.at],
        unit: table.measures[sum.at],
        published: sum.published.unwrap_or_default(),
        computed: sum.computed(),
        tolerance: sum.tolerance,
        cells: sum.cells,
        cell: table.cells[sum.at],
    }
}

/// The published checks, with their cells, in the order of their key.
pub fn to_frame(
    sums: &[(&TableFigures, &Sum)],
    indicators: &[IndicatorCheck],
    batch: &NormalizedBatch<'_>,
    definition: &Definition,
) -> Result<DataFrame> {
    let sums = sums.iter().map(|(table, sum)| sum_row(table, sum, batch));
    let mut rows: Vec<CheckRow> =
        sums.chain(indicators.iter().map(|check| check.to_row(definition))).collect();
    rows.sort_by_key(CheckRow::key);
    // A total that is made again and again is published as made twice.
    rows.dedup_by_key(|row| row.key());
    let ids = |id: fn(&CheckRow) -> u32| rows.iter().map(id).collect::<Vec<u32>>();
    let values = |value: fn(&CheckRow) -> i64| rows.iter().map(value).collect::<Vec<i64>>();
    let mut frame = df!(
        "document" => ids(|row| row.document),
        "table" => ids(|row| row.table),
        "check" => ids(|row| row.check),
        "along" => ids(|row| row.along),
        "measure" => ids(|row| row.measure),
        "heading" => ids(|row| row.heading),
        "unit" => ids(|row| row.unit),
        "published" => values(|row| row.published),
        "computed" => values(|row| row.computed),
        "difference" => values(CheckRow::difference),
        "tolerance" => values(|row| row.tolerance),
        "passed" => rows.iter().map(CheckRow::passed).collect::<Vec<_>>(),
        "cells" => rows.iter().map(|row| row.cells).collect::<Vec<_>>(),
        "grid" => ids(|row| row.cell.grid),
        "row" => ids(|row| row.cell.row),
        "column" => ids(|row| row.cell.column),
    )?;
    let periods = rows.iter().map(|row| Some(row.period));
    frame.with_column(enum_column("period", periods, &batch.periods.dtype()?)?)?;
    for (dimension, codes) in batch.codes.iter().enumerate() {
        let of_rows = rows.iter().map(|row| Some(row.codes[dimension]).filter(|code| *code != UNKNOWN));
        frame.with_column(enum_column(codes.dimension.name(), of_rows, &codes.dtype()?)?)?;
    }
    Ok(frame)
}
