//! Totals: the table's own proof that it was read right. Each printed total is held against the sum of what it totals;
//! a nil mark is zero where that sum proves it; a total that is not printed is derived.

use anyhow::Result;
use polars::prelude::*;

use super::{COLUMN_OF_TABLE, Context, text};
use crate::dataset::{Nil, Totals};
use crate::extract::observations::count;
use crate::problem::Problem;
use crate::regions::TOTAL;

/// Returns the frame with its derived totals, zero for nil marks, and the columns `total`, `basis` and `status`; and
/// the checks.
pub fn reconciled(frame: LazyFrame, context: Context, problems: &mut Vec<Problem>) -> Result<(LazyFrame, DataFrame)> {
    let frame = frame.collect()?;
    let sums = sums(frame.clone().lazy()).collect()?;
    let checks = checks(&sums, context)?;
    mismatches(&checks, context, problems)?;
    overflows(&sums, context, problems)?;
    missing(&sums, context, problems)?;
    unproven(&frame, &sums, context, problems)?;
    let frame = concat([valued(frame.lazy(), context), derived(sums.clone().lazy())], UnionArgs { diagonal: true, ..UnionArgs::default() })?;
    let totals = sums.lazy().select(COLUMN_OF_TABLE.map(col).into_iter().chain([col("total")]).collect::<Vec<_>>());
    let on = COLUMN_OF_TABLE.map(col);
    Ok((frame.join(totals, on.clone(), on, JoinArgs::new(JoinType::Left)), checks))
}

/// One row for each column of a table: the sum of its figures, and the total printed below them.
fn sums(frame: LazyFrame) -> LazyFrame {
    let is_total = col("region").eq(lit(TOTAL)).fill_null(lit(false));
    let of_total = |name: &str| col(name).filter(col("is_total")).first();
    let part = |name: &str| col(name).filter(col("is_total").not());
    let constant = ["release_date", "source", "period_label", "period_start", "period_end", "period_months", "is_partial", "year_before"];
    let printed = of_total("value").fill_null(lit(0));
    let sums = frame.with_column(is_total.alias("is_total")).group_by_stable(COLUMN_OF_TABLE.map(col)).agg(
        constant.iter().map(|name| col(*name).first()).chain([
            col("is_total").any(true).alias("has_total"),
            col("region_label").is_not_null().any(true).alias("has_labels"),
            part("value").sum().alias("computed"),
            part("value").cast(DataType::Float64).sum().alias("computed_float"),
            part("value").len().cast(DataType::Int32).alias("cells"),
            printed.alias("published"),
            of_total("value_label").alias("value_label"),
            of_total("source_position").alias("source_position"),
            of_total("grid").fill_null(col("grid").first()).alias("grid"),
            of_total("row").fill_null(col("row").last()).alias("row"),
            of_total("column").fill_null(col("column").last()).alias("column"),
        ]).collect::<Vec<_>>(),
    );
    let total = when(col("has_total")).then(col("published")).otherwise(col("computed"));
    sums.with_column(total.alias("total"))
}

/// The published table of checks, with `document`, `grid`, `row` and `column`.
fn checks(sums: &DataFrame, context: Context) -> Result<DataFrame> {
    let tolerance = i64::from(context.definition.tolerance);
    let difference = col("published") - col("computed");
    let checks = sums.clone().lazy().filter(col("has_total")).with_columns([
        lit("total").alias("check"),
        difference.clone().alias("difference"),
        lit(tolerance).cast(DataType::Int64).alias("tolerance"),
        difference.abs().lt_eq(lit(tolerance)).alias("passed"),
    ]);
    Ok(checks.collect()?)
}

/// Totals that do not add up.
fn mismatches(checks: &DataFrame, context: Context, problems: &mut Vec<Problem>) -> Result<()> {
    let failed = checks.clone().lazy().filter(col("passed").not()).collect()?;
    for at in sound(&failed, context)? {
        let number = |name| -> Result<i64> { Ok(failed.column(name)?.i64()?.get(at).unwrap_or_default()) };
        let (computed, difference) = (number("computed")?, number("difference")?);
        let rows = i64::from(failed.column("cells")?.i32()?.get(at).unwrap_or_default());
        let off = format!("{} too {}", grouped(difference.unsigned_abs()), if difference > 0 { "few" } else { "many" });
        let made = format!("{}{}", if computed < 0 { "-" } else { "" }, grouped(computed.unsigned_abs()));
        let label = format!("printed {}, but its {} make {made} ({off})", text(&failed, "value_label", at)?, count(rows as usize, "row"));
        let problem = Problem::data("total", "the total doesn't add up", context.mark(&failed, at, label)?);
        problems.push(problem.help("a correction can be declared in the definition; see `bluebook man`"));
    }
    Ok(())
}

/// Sums that 64 bits do not hold.
fn overflows(sums: &DataFrame, context: Context, problems: &mut Vec<Problem>) -> Result<()> {
    let large = sums.clone().lazy().filter(col("computed_float").abs().gt(lit(9.2e18))).collect()?;
    for at in 0..large.height() {
        problems.push(Problem::data("total", "the sum of the column is too large for 64 bits", context.mark(&large, at, "")?));
    }
    Ok(())
}

/// Tables of regions that print no total, once for each table.
fn missing(sums: &DataFrame, context: Context, problems: &mut Vec<Problem>) -> Result<()> {
    if context.definition.totals == Totals::Optional {
        return Ok(());
    }
    let without = sums.clone().lazy().filter(col("has_total").not().and(col("has_labels")));
    let without = without.unique_stable(Some(by_name(["document", "category"], true, false)), UniqueKeepStrategy::First).collect()?;
    for at in sound(&without, context)? {
        let message = format!("the table of {} has no row for the total", text(&without, "category", at)?);
        let mark = context.mark_label(&without, at, "expected below this row")?;
        problems.push(Problem::data("no-total", message, mark).help("nothing proves the reading without it; where the publisher prints none, say `totals = \"optional\"` in the definition"));
    }
    Ok(())
}

/// Nil marks that no total proves to be zero.
fn unproven(frame: &DataFrame, sums: &DataFrame, context: Context, problems: &mut Vec<Problem>) -> Result<()> {
    if context.definition.nil == Nil::Zero {
        return Ok(());
    }
    let on = COLUMN_OF_TABLE.map(col);
    let unproven = sums.clone().lazy().filter(col("has_total").not()).select(on.to_vec());
    let nil = frame.clone().lazy().filter(col("is_nil")).join(unproven, on.clone(), on, JoinArgs::new(JoinType::Inner));
    let nil = nil.sort(["document", "grid", "row", "column"], SortMultipleOptions::default()).collect()?;
    for at in 0..nil.height() {
        let message = format!("nothing proves that `{}` stands for zero", text(&nil, "value_label", at)?);
        let mark = context.mark(&nil, at, "the table prints no total that would")?;
        problems.push(Problem::data("nil-unproven", message, mark).help("where the publisher says that it does, say `nil = \"zero\"` in the definition"));
    }
    Ok(())
}

/// Zero for nil marks, but nothing for a region that cannot occur; and how each figure came about.
fn valued(frame: LazyFrame, context: Context) -> LazyFrame {
    let excluded = context.definition.categories.iter().flat_map(|category| category.excludes.iter().map(|region| (category.code.get_ref(), region.get_ref())));
    let excluded = excluded.fold(lit(false), |any, (category, region)| any.or(col("category").eq(lit(category.as_str())).and(col("region").eq(lit(region.as_str())))));
    let nil = |cannot: Expr| when(cannot).then(lit(NULL)).otherwise(lit(0i64));
    frame.with_columns([
        when(col("is_nil")).then(nil(excluded.clone())).otherwise(col("value")).alias("value"),
        when(col("is_nil").and(excluded.clone().not())).then(lit("nil")).otherwise(lit("published")).alias("basis"),
        when(col("is_nil").and(excluded)).then(lit("M")).when(col("region_kind").eq(lit("residual"))).then(lit("W")).otherwise(lit("A")).alias("status"),
    ])
}

/// A row for each total that is not printed.
fn derived(sums: LazyFrame) -> LazyFrame {
    let text = DataType::String;
    let of_sums = ["has_total", "has_labels", "computed", "computed_float", "cells", "published", "total"];
    let rows = sums.filter(col("has_total").not()).with_column(col("computed").alias("value"));
    rows.drop(by_name(of_sums, true, false)).with_columns([
        lit(NULL).cast(text.clone()).alias("value_label"),
        lit(NULL).cast(text.clone()).alias("source_position"),
        lit(NULL).cast(text).alias("region_label"),
        lit(TOTAL).alias("region"),
        lit("Total").alias("region_name"),
        lit("total").alias("region_kind"),
        lit("derived").alias("basis"),
        lit("A").alias("status"),
    ])
}

/// The rows of a frame that belong to tables whose cells were all understood.
fn sound(frame: &DataFrame, context: Context) -> Result<Vec<usize>> {
    let (documents, categories) = (frame.column("document")?.u32()?, frame.column("category")?.str()?);
    let damaged = |at: usize| {
        let table = documents.get(at).zip(categories.get(at).map(str::to_owned));
        table.is_some_and(|table| context.damaged.contains(&table))
    };
    Ok((0..frame.height()).filter(|&at| !damaged(at)).collect())
}

/// `49 736`, as a person reads it.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> = digits.as_bytes().rchunks(3).rev().filter_map(|group| std::str::from_utf8(group).ok()).collect();
    groups.join(" ")
}
