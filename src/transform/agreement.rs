//! Documents of one release: where two report the same table, they must agree, and count as one.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use polars::prelude::*;

use super::{Context, TableOf, text};
use crate::problem::Problem;

/// The observations without the tables that an earlier document of the same release reports, too, and the list of
/// these. Where they differ, both places are named.
pub fn merged(frame: DataFrame, context: Context, problems: &mut Vec<Problem>) -> Result<(DataFrame, BTreeSet<TableOf>)> {
    let repeated = repeated(&frame)?;
    if repeated.is_empty() {
        return Ok((frame, BTreeSet::new()));
    }
    for table in &repeated {
        compare(&frame, table, context, problems)?;
    }
    let tables: BTreeSet<TableOf> = repeated.into_iter().map(|(_, later, category)| (later, category)).collect();
    Ok((without(frame, &tables)?, tables))
}

/// A frame without the rows of some tables.
pub fn without(frame: DataFrame, tables: &BTreeSet<TableOf>) -> Result<DataFrame> {
    let row_of = |(document, category): &TableOf| col("document").eq(lit(*document)).and(col("category").eq(lit(category.as_str())));
    let lazy = tables.iter().fold(frame.lazy(), |frame, table| frame.filter(row_of(table).not()));
    Ok(lazy.collect()?)
}

/// The tables that two documents of a release report: the first document, a later one, and the category.
fn repeated(frame: &DataFrame) -> Result<Vec<(u32, u32, String)>> {
    let documents = frame.clone().lazy().select([col("release_date"), col("document")]).unique(None, UniqueKeepStrategy::Any).collect()?;
    if documents.column("release_date")?.n_unique()? == documents.height() {
        return Ok(Vec::new());
    }
    let keys = [col("release_date"), col("category"), col("document")];
    let tables = frame.clone().lazy().select(keys.to_vec()).unique(None, UniqueKeepStrategy::Any);
    let tables = tables.sort(["release_date", "category", "document"], SortMultipleOptions::default()).collect()?;
    let mut repeated = Vec::new();
    let mut first = 0;
    for at in 1..tables.height() {
        let same = |name| -> Result<bool> { Ok(tables.column(name)?.get(first)? == tables.column(name)?.get(at)?) };
        if !(same("release_date")? && same("category")?) {
            first = at;
            continue;
        }
        let document = |at| -> Result<u32> { Ok(tables.column("document")?.u32()?.get(at).unwrap_or_default()) };
        repeated.push((document(first)?, document(at)?, text(&tables, "category", at)?.to_owned()));
    }
    Ok(repeated)
}

/// Reports each figure that two documents print differently, or that one of them lacks.
fn compare(frame: &DataFrame, (first, later, category): &(u32, u32, String), context: Context, problems: &mut Vec<Problem>) -> Result<()> {
    let of = |document: u32| -> Result<DataFrame> {
        let here = col("document").eq(lit(document)).and(col("category").eq(lit(category.as_str())));
        Ok(frame.clone().lazy().filter(here.and(col("basis").neq(lit("derived")))).collect()?)
    };
    let (a, b) = (of(*first)?, of(*later)?);
    let (keys_a, keys_b) = (figures(&a)?, figures(&b)?);
    let keys: BTreeSet<_> = keys_a.keys().chain(keys_b.keys()).collect();
    for key in keys {
        let name = format!("{category}/{}/{}", key.0, key.1);
        let problem = match (keys_a.get(key), keys_b.get(key)) {
            (Some((x, at)), Some((y, other))) if x != y => {
                let problem = Problem::data("documents-differ", format!("two documents of one release differ on {name}"), context.mark(&a, *at, "here")?);
                problem.also(context.mark(&b, *other, "but here")?)
            }
            (Some((_, at)), None) => only_in(&name, &a, *at, *later, context)?,
            (None, Some((_, at))) => only_in(&name, &b, *at, *first, context)?,
            _ => continue,
        };
        problems.push(problem.help("keep one of them, or tell the releases apart by a date in front of the files' names"));
    }
    Ok(())
}

fn only_in(name: &str, frame: &DataFrame, at: usize, other: u32, context: Context) -> Result<Problem> {
    let mark = context.mark(frame, at, "only here")?;
    let message = format!("two documents of one release differ: only one has {name}");
    Ok(Problem::data("documents-differ", message, mark).also(context.documents[other as usize].mark_file("has the table without it")))
}

type Figures = BTreeMap<(String, String), (Option<i64>, usize)>;

/// The value and the row of each region and period.
fn figures(frame: &DataFrame) -> Result<Figures> {
    let values = frame.column("value")?.i64()?.clone();
    let row = |at: usize| -> Result<_> { Ok(((text(frame, "region", at)?.to_owned(), text(frame, "period", at)?.to_owned()), (values.get(at), at))) };
    (0..frame.height()).map(row).collect()
}
