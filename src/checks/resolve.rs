//! What the sums prove, put back into the frame: zero for nil symbols that are, how each figure came about, its status, and a
//! row for each derived total.

use anyhow::Result;
use polars::prelude::*;

use crate::checks::figures::TableFigures;
use crate::checks::nil::NilSymbols;
use crate::checks::sums::{Sum, TableSums};
use crate::dataset::CodeKind;
use crate::extract::raw_label_column;
use crate::normalize::NormalizedBatch;
use crate::normalize::codes::{UNKNOWN, enum_column};

const NORMAL: u32 = 0;
const INCLUDES_OTHERS: u32 = 1;
/// The status of what cannot exist.
pub const CANNOT_EXIST: u32 = 2;
const MISSING: u32 = 3;

const PUBLISHED: u32 = 0;
const FROM_NIL: u32 = 1;
/// The basis of a total that no document prints.
pub const DERIVED: u32 = 2;
const CORRECTED: u32 = 3;

/// The frame with `value` resolved, `basis` and `status`, and rows for derived totals.
pub fn resolve_figures(
    batch: &NormalizedBatch<'_>,
    tables: &[TableFigures],
    sums: &[TableSums],
    nil: &[NilSymbols],
) -> Result<DataFrame> {
    let is_corrected = batch.frame.column("is_corrected")?.bool()?;
    let (mut values, mut status, mut basis) = (Vec::new(), Vec::new(), Vec::new());
    for (table, nil) in tables.iter().zip(nil) {
        for at in 0..table.len() {
            let is_zero = nil.is_zero(table, at);
            values.push(if is_zero { Some(0) } else { table.values[at] });
            let is_corrected = is_corrected.get(table.start + at) == Some(true);
            let as_printed = if is_corrected { CORRECTED } else { PUBLISHED };
            basis.push(if is_zero { FROM_NIL } else { as_printed });
            status.push(find_status(table, nil, at, batch));
        }
    }
    let mut frame =
        batch.frame.drop_many(["is_nil", "is_corrected", "flag", "depth", "label_row", "label_column"]);
    frame.with_column(
        values.into_iter().collect::<Int64Chunked>().into_series().with_name("value".into()).into(),
    )?;
    frame.with_column(Column::new("basis".into(), basis))?;
    frame.with_column(Column::new("status".into(), status))?;
    add_derived(frame, tables, sums, batch)
}

fn find_status(table: &TableFigures, nil: &NilSymbols, at: usize, batch: &NormalizedBatch<'_>) -> u32 {
    let is_residual = || {
        let mut codes = batch.codes.iter().zip(table.codes_at(at));
        codes.any(|(codes, code)| codes.is(code, CodeKind::Residual))
    };
    match table.flags[at] {
        _ if nil.is_excluded[at] => CANNOT_EXIST,
        _ if nil.is_unproven[at] => MISSING,
        Some(flag) => flag,
        None if is_residual() => INCLUDES_OTHERS,
        None => NORMAL,
    }
}

/// The frame with a row for each total that is not printed.
fn add_derived(
    mut frame: DataFrame,
    tables: &[TableFigures],
    sums: &[TableSums],
    batch: &NormalizedBatch<'_>,
) -> Result<DataFrame> {
    let views =
        tables.iter().zip(sums).flat_map(|(table, sums)| sums.views.iter().map(move |view| (table, view)));
    let derived: Vec<(&TableFigures, &Sum)> = views
        .filter(|(_, view)| view.is_derived)
        .flat_map(|(table, view)| view.totals.iter().map(move |sum| (table, sum)))
        .filter(|(_, sum)| sum.is_derived())
        .collect();
    if derived.is_empty() {
        return Ok(frame);
    }
    let of_cell = |value: fn(&TableFigures, usize) -> u32| {
        derived.iter().map(|(table, sum)| value(table, sum.at)).collect::<Vec<u32>>()
    };
    let nothing = vec![None::<u32>; derived.len()];
    let mut rows = df!(
        "document" => of_cell(|table, _| table.document),
        "table" => of_cell(|table, _| table.table),
        "heading" => of_cell(|table, at| table.headings[at]),
        "measure" => of_cell(|table, at| table.measures[at]),
        "basis" => of_cell(|_, _| DERIVED),
        "status" => of_cell(|_, _| NORMAL),
        "value" => derived.iter().map(|(_, sum)| sum.total()).collect::<Vec<_>>(),
        "grid" => &nothing,
        "row" => &nothing,
        "column" => &nothing,
        "value_label" => vec![None::<&str>; derived.len()],
    )?;
    let periods = derived.iter().map(|(table, sum)| Some(table.periods[sum.at]));
    rows.with_column(enum_column("period", periods, &batch.periods.dtype()?)?)?;
    for (dimension, codes) in batch.codes.iter().enumerate() {
        let code = |(table, sum): &(&TableFigures, &Sum)| {
            let code = if sum.along == dimension { codes.total()? } else { table.code(sum.at, dimension) };
            Some(code).filter(|code| *code != UNKNOWN)
        };
        let name = codes.dimension.name();
        rows.with_column(enum_column(name, derived.iter().map(code), &codes.dtype()?)?)?;
        rows.with_column(Column::new(raw_label_column(name), &nothing))?;
    }
    frame.vstack_mut(&rows.select(frame.get_column_names_owned())?)?;
    frame.rechunk_mut();
    Ok(frame)
}
