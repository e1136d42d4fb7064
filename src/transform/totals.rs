//! Totals: the table's own proof that it was read right. Each printed total is held against the sum of what it totals;
//! a nil mark is zero where that sum proves it; a total that is not printed is derived. A column with a mark that stands for
//! a missing figure proves nothing, unless its known figures make more than its total.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;
use polars::prelude::*;

use super::regions::Regions;
use super::{Context, code, index, keys};
use crate::dataset::{Nil, Totals};
use crate::extract::number::shown as grouped;
use crate::extract::observations::count;
use crate::problem::Problem;
use crate::regions::{Kind, TOTAL};

/// What `status` stands for: SDMX observation statuses. The first three are given here, the others by marks.
pub use crate::extract::mark::STATUSES;
const NORMAL: u32 = 0;
const INCLUDES_OTHERS: u32 = 1;
const CANNOT_EXIST: u32 = 2;

/// What `basis` stands for.
pub const BASES: [&str; 3] = ["published", "nil", "derived"];
const PUBLISHED: u32 = 0;
const FROM_NIL: u32 = 1;
const DERIVED: u32 = 2;

/// Returns the frame, sorted by key, with its derived totals, zero for nil marks, and the columns `total`, `basis` and
/// `status`; and the checks.
pub fn reconciled(
    frame: LazyFrame,
    regions: &Regions,
    context: Context<'_>,
    problems: &mut Vec<Problem>,
) -> Result<(LazyFrame, DataFrame)> {
    let total = regions.index(TOTAL).unwrap_or_default();
    let frame =
        frame.with_column(col("region").eq(lit(total)).fill_null(lit(false)).alias("is_total")).collect()?;
    let frame = bounded(frame, context, problems)?;
    let sums = sums(frame.clone().lazy()).collect()?;
    let checks = checks(&sums, context)?;
    mismatches(&checks, context, problems)?;
    missing(&sums, context, problems)?;
    unproven(&frame, &sums, context, problems)?;
    let frame = valued(frame.lazy(), regions, context);
    let derived = rows_without(&sums, "has_total")?;
    let derived = rows_without(&derived, "lacks")?;
    let frame = if derived.height() > 0 { with_derived(frame, derived.lazy(), total)? } else { frame };
    let done_with = by_name(["is_total", "is_nil", "mark", "of_table"], true, false);
    let frame = frame.drop(done_with).with_column(keys::of_row("period").alias("of_row"));
    let mut frame = frame.sort(["of_row"], SortMultipleOptions::default()).collect()?;
    let total = totals_of(&sums, frame.column("of_column")?.u64()?)?;
    frame.with_column(total)?;
    Ok((frame.lazy(), checks))
}

/// The total of the column that each row is in.
fn totals_of(sums: &DataFrame, of_column: &UInt64Chunked) -> Result<Column> {
    let columns = sums.column("of_column")?.u64()?.iter();
    let totals: HashMap<Option<u64>, Option<i64>> =
        columns.zip(sums.column("total")?.i64()?.iter()).collect();
    let total: Int64Chunked = of_column.iter().map(|column| totals.get(&column).copied().flatten()).collect();
    Ok(total.with_name("total".into()).into_column())
}

/// One row for each column of a table: the sum of its figures, and the total printed below them. Plain sums and maxima
/// of masked columns, which polars computes for all groups at once.
fn sums(frame: LazyFrame) -> LazyFrame {
    let part = when(col("is_total")).then(lit(NULL)).otherwise(col("value"));
    let of_total = |name: &str| when(col("is_total")).then(col(name)).otherwise(lit(NULL)).alias(name);
    let masked = frame.select([
        col("of_column"),
        col("of_table"),
        col("document"),
        col("category"),
        col("period"),
        col("heading"),
        col("is_total"),
        col("value").is_null().and(col("is_nil").not()).alias("lacks"),
        col("label").is_not_null().alias("has_label"),
        part.alias("part"),
        of_total("value"),
        of_total("grid"),
        of_total("row"),
        of_total("column"),
        col("grid").alias("any_grid"),
        col("row").alias("any_row"),
        col("column").alias("any_column"),
    ]);
    let first = |name: &str| col(name).first();
    let place = |name: &str| col(name).max().fill_null(col(format!("any_{name}")).max()).alias(name);
    let sums = masked.group_by([col("of_column")]).agg([
        first("of_table"),
        first("document"),
        first("category"),
        first("period"),
        first("heading"),
        col("is_total").max().alias("has_total"),
        col("lacks").max(),
        col("is_total").and(col("lacks")).max().alias("total_lacks"),
        col("has_label").max().alias("has_labels"),
        col("part").sum().alias("computed"),
        (len() - col("is_total").sum()).cast(DataType::Int32).alias("cells"),
        col("value").sum().alias("published"),
        place("grid"),
        place("row"),
        place("column"),
    ]);
    let printed = when(col("total_lacks")).then(lit(NULL)).otherwise(col("published"));
    let total = when(col("has_total"))
        .then(printed)
        .when(col("lacks").not())
        .then(col("computed"))
        .otherwise(lit(NULL));
    let proves = col("has_total").and(col("lacks").not()).alias("proves");
    sums.with_columns([total.alias("total"), proves]).sort(["of_column"], SortMultipleOptions::default())
}

/// The published table of checks, with `document`, `grid`, `row` and `column`.
fn checks(sums: &DataFrame, context: Context<'_>) -> Result<DataFrame> {
    let tolerance = lit(context.definition.tolerance).cast(DataType::Int64);
    let difference = col("published") - col("computed");
    let too_many = difference.clone().lt(-tolerance.clone()).and(lit(!context.definition.measure.negative));
    let checks = sums.clone().lazy().filter(col("has_total").and(col("total_lacks").not())).with_columns([
        code(0).alias("check"),
        difference.clone().alias("difference"),
        tolerance.clone().alias("tolerance"),
        difference.abs().lt_eq(tolerance).alias("passed"),
    ]);
    // Where figures are missing, the others can only be too many.
    Ok(checks.filter(col("lacks").not().or(col("passed")).or(too_many)).collect()?)
}

/// Totals that do not add up.
fn mismatches(checks: &DataFrame, context: Context<'_>, problems: &mut Vec<Problem>) -> Result<()> {
    let failed = rows_without(checks, "passed")?;
    for at in sound(&failed, context)? {
        let number = |name| -> Result<i64> { Ok(failed.column(name)?.i64()?.get(at).unwrap_or_default()) };
        let (computed, difference) = (number("computed")?, number("difference")?);
        let rows = failed.column("cells")?.i32()?.get(at).unwrap_or_default();
        let printed = context.printed(&failed, at)?;
        let decimals = context.definition.measure.decimals;
        let off = format!(
            "{} too {}",
            grouped(difference.abs(), decimals),
            if difference > 0 { "few" } else { "many" }
        );
        let made = if rows == 1 {
            "its only row makes".into()
        } else {
            format!("its {} make", count(rows as usize, "row"))
        };
        let label = format!("printed {printed}, but {made} {} ({off})", grouped(computed, decimals));
        let problem = Problem::data("total", "the total doesn't add up", context.mark(&failed, at, label)?);
        problems.push(problem.help("a correction can be declared in the definition; see `bluebook man`"));
    }
    Ok(())
}

/// The frame without the figures of columns that 64 bits cannot add up, each of which is reported. Half of the range is
/// left for differences.
fn bounded(mut frame: DataFrame, context: Context<'_>, problems: &mut Vec<Problem>) -> Result<DataFrame> {
    let values = frame.column("value")?.i64()?.clone();
    let largest = values.iter().flatten().map(i64::unsigned_abs).max().unwrap_or_default();
    if u128::from(largest) * frame.height() as u128 <= MOST {
        return Ok(frame);
    }
    let columns: Vec<Option<u64>> = frame.column("of_column")?.u64()?.iter().collect();
    let mut sums: BTreeMap<Option<u64>, u128> = BTreeMap::new();
    for (column, value) in columns.iter().zip(values.iter()) {
        *sums.entry(*column).or_default() += u128::from(value.unwrap_or_default().unsigned_abs());
    }
    sums.retain(|_, sum| *sum > MOST);
    for column in sums.keys() {
        let rows = (0..frame.height()).filter(|at| columns[*at] == *column);
        if let Some(at) = rows.max_by_key(|at| values.get(*at).map(i64::unsigned_abs)) {
            let mark = context.mark(&frame, at, "the largest of them")?;
            problems.push(Problem::data(
                "too-large",
                "the figures of the column are too large for 64 bits to add up",
                mark,
            ));
        }
    }
    let kept: Int64Chunked = values
        .iter()
        .zip(&columns)
        .map(|(value, column)| value.filter(|_| !sums.contains_key(column)))
        .collect();
    frame.with_column(kept.with_name("value".into()).into_column())?;
    Ok(frame)
}

/// The largest sum of magnitudes in a column.
const MOST: u128 = i64::MAX as u128 / 2;

/// Tables of regions that print no total, once for each table.
fn missing(sums: &DataFrame, context: Context<'_>, problems: &mut Vec<Problem>) -> Result<()> {
    if context.definition.totals == Totals::Optional {
        return Ok(());
    }
    let has = |name| -> Result<BooleanChunked> { Ok(sums.column(name)?.bool()?.clone()) };
    let without = sums.filter(&(!&has("has_total")? & has("has_labels")?))?;
    let mut tables = sound(&without, context)?;
    tables.dedup_by_key(|at| (index(&without, "document", *at).ok(), index(&without, "category", *at).ok()));
    for at in tables {
        let message = format!("the table of {} has no row for the total", context.category(&without, at)?);
        let mark = context.mark_label(&without, at, "expected below this row")?;
        let help = "nothing proves the reading without it; where the publisher prints none, say `totals = \"optional\"` in the definition";
        problems.push(Problem::data("no-total", message, mark).help(help));
    }
    Ok(())
}

/// Nil marks that no total proves to be zero.
fn unproven(
    frame: &DataFrame,
    sums: &DataFrame,
    context: Context<'_>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let unproven = rows_without(sums, "proves")?;
    if context.definition.nil == Nil::Zero || unproven.height() == 0 {
        return Ok(());
    }
    let on = [col("of_column")];
    let nil = frame.clone().lazy().filter(col("is_nil")).join(
        unproven.lazy().select(on.clone()),
        on.clone(),
        on,
        JoinArgs::new(JoinType::Inner),
    );
    let nil = nil.sort(["document", "grid", "row", "column"], SortMultipleOptions::default()).collect()?;
    for at in 0..nil.height() {
        let printed = nil.column("value_label")?.str()?.get(at).unwrap_or_default();
        let mark = context.mark(&nil, at, "the table prints no total that would")?;
        let problem =
            Problem::data("nil-unproven", format!("nothing proves that `{printed}` stands for zero"), mark);
        problems.push(
            problem.help("where the publisher says that it does, say `nil = \"zero\"` in the definition"),
        );
    }
    Ok(())
}

/// Zero for nil marks, but nothing for a region that cannot occur; and how each figure came about.
fn valued(frame: LazyFrame, regions: &Regions, context: Context<'_>) -> LazyFrame {
    let excluded = context.definition.categories.iter().flat_map(|category| {
        category.excludes.iter().map(|region| (category.rank, regions.index(region.get_ref())))
    });
    let excluded = excluded.filter_map(|(category, region)| {
        Some(col("category").eq(lit(category)).and(col("region").eq(lit(region?))))
    });
    let cannot = col("is_nil").and(excluded.fold(lit(false), Expr::or));
    let residual = regions
        .of_kind(Kind::Residual)
        .into_iter()
        .fold(lit(false), |any, at| any.or(col("region").eq(lit(at))));
    let economy = regions
        .of_kind(Kind::Economy)
        .into_iter()
        .fold(lit(false), |any, at| any.or(col("region").eq(lit(at))));
    frame.with_columns([
        when(cannot.clone())
            .then(lit(NULL))
            .when(col("is_nil"))
            .then(lit(0i64))
            .otherwise(col("value"))
            .alias("value"),
        when(col("is_nil").and(cannot.clone().not()))
            .then(code(FROM_NIL))
            .otherwise(code(PUBLISHED))
            .alias("basis"),
        when(cannot)
            .then(code(CANNOT_EXIST))
            .when(col("mark").is_not_null())
            .then(col("mark"))
            .when(residual)
            .then(code(INCLUDES_OTHERS))
            .otherwise(code(NORMAL))
            .alias("status"),
        economy.alias("is_economy"),
    ])
}

/// The frame with a row for each total that is not printed.
fn with_derived(frame: LazyFrame, sums: LazyFrame, total: u32) -> Result<LazyFrame> {
    let constant = |value: u32, name: &str| code(value).alias(name);
    let nothing = |kind: DataType, name: &str| lit(NULL).cast(kind).alias(name);
    let rows = sums.select([
        col("document"),
        col("category"),
        col("period"),
        col("heading"),
        col("of_column"),
        keys::of_region(col("of_table"), lit(u64::from(total))).alias("of_region"),
        col("computed").alias("value"),
        constant(total, "region"),
        constant(DERIVED, "basis"),
        constant(NORMAL, "status"),
        lit(false).alias("is_economy"),
        nothing(DataType::UInt32, "label"),
        nothing(DataType::String, "value_label"),
    ]);
    Ok(concat([frame, rows], UnionArgs { diagonal: true, ..UnionArgs::default() })?)
}

/// The rows where something does not hold.
fn rows_without(frame: &DataFrame, column: &str) -> Result<DataFrame> {
    let holds = frame.column(column)?.bool()?;
    Ok(frame.filter(&!holds)?)
}

/// The rows of a frame that belong to tables whose cells were all understood.
fn sound(frame: &DataFrame, context: Context<'_>) -> Result<Vec<usize>> {
    let table = |at| -> Result<_> {
        Ok((index(frame, "document", at)? as u32, index(frame, "category", at)? as u32))
    };
    let tables = (0..frame.height()).map(table).collect::<Result<Vec<_>>>()?;
    Ok((0..frame.height()).filter(|at| !context.damaged.contains(&tables[*at])).collect())
}
