//! Rows that a table prints again, as a country that is a region, too, stands in two places: where the definition says how the
//! table is laid out, rows with the same figures are one. With others they are a problem, which is reported with the
//! labels.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use polars::prelude::*;

use crate::dataset::Definition;
use crate::normalize::labels::{LabelRow, label_rows};
use crate::normalize::{NormalizedBatch, TableRef, ids};

/// What a figure says, and of which period.
type Printed = (u32, Option<i64>, Option<bool>, Option<u32>);

/// Drops rows whose codes and figures are those of a row above.
///
/// # Errors
/// Only where the frame lacks a column.
pub fn drop_repeated_rows(batch: &mut NormalizedBatch<'_>, definition: &Definition) -> Result<()> {
    if definition.tables.iter().all(|table| table.frame.is_none()) {
        return Ok(());
    }
    let rows = label_rows(batch)?;
    let frame = &batch.frame;
    let (measures, headings) = (ids(frame, "measure")?, ids(frame, "heading")?);
    let (values, nil) = (frame.column("value")?.i64()?, frame.column("is_nil")?.bool()?);
    let flags = frame.column("flag")?.u32()?;
    let printed = |row: &LabelRow| -> Vec<Printed> {
        let figures = row.figures.clone();
        figures.map(|at| (headings[at], values.get(at), nil.get(at), flags.get(at))).collect()
    };
    let key = |row: &LabelRow| (row.table, row.codes.clone(), measures[row.figures.start]);
    let mut counts: BTreeMap<(TableRef, Vec<u32>, u32), usize> = BTreeMap::new();
    for row in rows.iter().filter(|row| definition.tables[row.table.1 as usize].frame.is_some()) {
        *counts.entry(key(row)).or_default() += 1;
    }
    let is_again = |row: &&LabelRow| counts.get(&key(row)).is_some_and(|count| *count > 1);
    let mut seen: BTreeSet<(TableRef, &[u32], u32, Vec<Printed>)> = BTreeSet::new();
    let mut kept = vec![true; frame.height()];
    let is_filled =
        |row: &&LabelRow| row.figures.clone().any(|at| values.get(at).is_some_and(|value| value != 0));
    for row in rows.iter().filter(|row| !row.is_unknown()).filter(is_again).filter(is_filled) {
        if !seen.insert((row.table, &row.codes, measures[row.figures.start], printed(row))) {
            kept[row.figures.clone()].fill(false);
        }
    }
    if kept.contains(&false) {
        let kept: BooleanChunked = kept.into_iter().collect();
        batch.frame = batch.frame.filter(&kept)?;
    }
    Ok(())
}
