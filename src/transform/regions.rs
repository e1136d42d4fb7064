//! Regions to codes: each printed label is looked up, each category without labels gets the region its definition
//! gives it. An unknown label, a region that comes twice, or one that a category excludes is a problem.

use anyhow::Result;
use polars::prelude::*;

use super::{Context, distinct, joined_by_text, text};
use crate::problem::{Problem, did_you_mean};
use crate::regions::{self, Region};

/// Adds `region`, `region_name` and `region_kind`; an unknown region's are null.
pub fn named(frame: LazyFrame, context: Context, problems: &mut Vec<Problem>) -> Result<LazyFrame> {
    let frame = frame.collect()?;
    let printed = dictionary(&frame, "region_label", context, |label| context.definition.resolve(label))?;
    let given = dictionary(&frame, "region_given", context, regions::by_code)?;
    let lazy = joined_by_text(frame.lazy(), "region_label", printed);
    let lazy = lazy.join(given.lazy(), [col("region_given")], [col("region_given")], JoinArgs::new(JoinType::Left).with_suffix(Some("_of_given".into())));
    let either = |name: &str| when(col("region_label").is_null()).then(col(format!("{name}_of_given"))).otherwise(col(name)).alias(name);
    let frame = lazy.with_columns([either("region"), either("region_name"), either("region_kind")]).collect()?;
    unknown(&frame, context, problems)?;
    twice(&frame, context, problems)?;
    excluded(&frame, context, problems)?;
    Ok(frame.lazy())
}

/// What each distinct text of a column stands for.
fn dictionary(frame: &DataFrame, column: &str, context: Context, resolve: impl Fn(&str) -> Option<Region>) -> Result<DataFrame> {
    let labels = distinct(frame, column)?;
    let regions: Vec<Option<Region>> = labels.iter().map(|label| resolve(label)).collect();
    let field = |value: fn(&Region) -> &'static str| regions.iter().map(|region| region.as_ref().map(value)).collect::<Vec<_>>();
    let names: Vec<_> = regions.iter().map(|region| region.as_ref().map(|region| context.definition.region_name(region))).collect();
    Ok(df!(
        column => &labels,
        "region" => field(|region| region.code),
        "region_name" => names,
        "region_kind" => field(|region| region.kind.name()),
    )?)
}

/// An unknown label is reported where it is printed, once for a row.
fn unknown(frame: &DataFrame, context: Context, problems: &mut Vec<Problem>) -> Result<()> {
    let rows = frame.clone().lazy().filter(col("region").is_null());
    let rows = first_of_each(rows, ["document", "grid", "row"]).collect()?;
    for at in 0..rows.height() {
        let label = text(&rows, "region_label", at)?;
        let mut known: Vec<&str> = context.definition.regions.names.values().map(String::as_str).collect();
        known.extend(regions::names().chain(["Others", "Total"]));
        let help = match did_you_mean(label, known) {
            Some(hint) => hint,
            None => "name it in the definition, under `[regions.labels]`, with its ISO 3166-1 alpha-3 code".into(),
        };
        let message = format!("the region `{label}` is unknown");
        problems.push(Problem::data("unknown-region", message, context.mark_label(&rows, at, "no country, territory, residual or total has this name")?).help(help));
    }
    Ok(())
}

/// Two rows of a table that stand for the same region: the table cannot be added up.
fn twice(frame: &DataFrame, context: Context, problems: &mut Vec<Problem>) -> Result<()> {
    let table_row = [col("document"), col("category"), col("region")];
    let rows = first_of_each(frame.clone().lazy().filter(col("region").is_not_null()), ["document", "grid", "row"]);
    let repeated = rows.clone().group_by(table_row.clone()).agg([len().alias("rows")]).filter(col("rows").gt(lit(1)));
    let rows = rows.join(repeated, table_row.clone(), table_row, JoinArgs::new(JoinType::Inner));
    let rows = rows.sort(["document", "category", "region", "row"], SortMultipleOptions::default()).collect()?;
    let same = |a: usize, b: usize| -> PolarsResult<bool> {
        Ok(text(&rows, "category", a)? == text(&rows, "category", b)? && text(&rows, "region", a)? == text(&rows, "region", b)? && rows.column("document")?.get(a)? == rows.column("document")?.get(b)?)
    };
    let mut first = 0;
    for at in 1..rows.height() {
        if !same(first, at)? {
            first = at;
            continue;
        }
        let message = format!("the region {} stands in the table of {} twice", text(&rows, "region", at)?, text(&rows, "category", at)?);
        let problem = Problem::data("region-twice", message, context.mark_label(&rows, at, "again")?);
        problems.push(problem.also(context.mark_label(&rows, first, "first")?));
    }
    Ok(())
}

/// A figure for a region that the definition says the category excludes.
fn excluded(frame: &DataFrame, context: Context, problems: &mut Vec<Problem>) -> Result<()> {
    for category in context.definition.categories.iter().filter(|category| !category.excludes.is_empty()) {
        for region in &category.excludes {
            let code = category.code.get_ref();
            let here = col("category").eq(lit(code.as_str())).and(col("region").eq(lit(region.get_ref().as_str())));
            let rows = first_of_each(frame.clone().lazy().filter(here.and(col("is_nil").not())), ["document", "grid", "row"]).collect()?;
            for at in 0..rows.height() {
                let message = format!("the definition says that {code} excludes {}, but the table has figures for it", region.get_ref());
                problems.push(Problem::data("excluded-region", message, context.mark_label(&rows, at, "")?).also(context.definition.mark(region, "excluded here")));
            }
        }
    }
    Ok(())
}

/// The first row of each group, in document order.
fn first_of_each<const N: usize>(rows: LazyFrame, group: [&str; N]) -> LazyFrame {
    rows.unique_stable(Some(by_name(group, true, false)), UniqueKeepStrategy::First)
}
