//! One integer for what tells rows apart, so that groups, joins, windows and sorts compare a single number.

use anyhow::{Result, ensure};
use polars::prelude::*;

/// How many bits a key has for a category's rank, a period and a region; the document has the rest.
const CATEGORY: u32 = 12;
const PERIOD: u32 = 16;
const REGION: u32 = 16;

/// Adds `of_table`, which the figures of a table share, `of_column`, which those of one of its columns share, and
/// `of_region`, which those of a region in it share. Their order is that of document, category, and period or region.
pub fn keyed(frame: DataFrame) -> Result<LazyFrame> {
    for (name, bits) in [
        ("document", 64 - CATEGORY - PERIOD - REGION),
        ("category", CATEGORY),
        ("period", PERIOD),
        ("region", REGION),
    ] {
        let most = frame.column(name)?.u32()?.max().unwrap_or_default();
        ensure!(most < (1 << bits) - 1, "a batch has too many values of {name}: {most}");
    }
    let wide = |name: &str| col(name).cast(DataType::UInt64).fill_null(lit((1u64 << REGION) - 1));
    let table = wide("document") * lit(1u64 << CATEGORY) + wide("category");
    let columns = [
        of_column(table.clone(), wide("period")).alias("of_column"),
        of_region(table.clone(), wide("region")).alias("of_region"),
    ];
    Ok(frame.lazy().with_columns(columns).with_column(table.alias("of_table")))
}

fn of_column(table: Expr, period: Expr) -> Expr {
    table * lit(1u64 << PERIOD) + period
}

/// The key of a region in a table.
pub fn of_region(table: Expr, region: Expr) -> Expr {
    table * lit(1u64 << REGION) + region
}

/// The key of a row among all rows: its region's, and a period.
pub fn of_row(period: &str) -> Expr {
    of_column(col("of_region"), col(period).cast(DataType::UInt64))
}
