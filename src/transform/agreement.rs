//! Documents of one release: where two report the same table, they must agree, and count as one.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use polars::prelude::*;

use crate::problem::{Problem, Rule};
use crate::transform::keys::Key;
use crate::transform::periods::Periods;
use crate::transform::regions::Regions;
use crate::transform::totals::BASES;
use crate::transform::{Context, TableOf, ids, spot};

/// What documents agree on, by release.
pub struct Agreed {
    /// The observations, without the tables that an earlier document of the same release reports, too.
    pub frame: DataFrame,
    /// Their keys.
    pub keys: Vec<Key>,
    /// The checks of the same tables.
    pub sums: DataFrame,
    /// The tables left out.
    pub repeated: BTreeSet<TableOf>,
}

/// Merges the tables of documents of one release. Where they differ, both places are named.
pub fn merged(
    (frame, keys): (DataFrame, Vec<Key>),
    sums: DataFrame,
    periods: &Periods,
    regions: &Regions,
    context: Context<'_>,
    problems: &mut Vec<Problem>,
) -> Result<Agreed> {
    if context.releases.is_sorted_by(|a, b| a < b) {
        return Ok(Agreed { frame, keys, sums, repeated: BTreeSet::new() });
    }
    let tables = tables(&frame)?;
    let mut first: BTreeMap<_, u32> = BTreeMap::new();
    let mut repeated = BTreeSet::new();
    for table in tables.keys() {
        let earlier = *first.entry((context.releases[table.0 as usize], table.1)).or_insert(table.0);
        if earlier != table.0 {
            repeated.insert(*table);
            compare(
                &frame,
                [&tables[&(earlier, table.1)], &tables[table]],
                periods,
                regions,
                context,
                problems,
            )?;
        }
    }
    let rows = by_release(&frame, &repeated, context)?;
    let keys = rows.iter().map(|at| keys[*at as usize]).collect();
    let taken = |frame: DataFrame, rows| frame.take(&IdxCa::from_vec(PlSmallStr::EMPTY, rows));
    let sums_kept = by_release(&sums, &repeated, context)?;
    Ok(Agreed { frame: taken(frame, rows)?, keys, sums: taken(sums, sums_kept)?, repeated })
}

/// The rows of each table.
fn tables(frame: &DataFrame) -> Result<BTreeMap<TableOf, Vec<usize>>> {
    let mut tables: BTreeMap<TableOf, Vec<usize>> = BTreeMap::new();
    let of_rows = ids(frame, "document")?.iter().zip(ids(frame, "category")?);
    for (at, (document, category)) in of_rows.enumerate() {
        tables.entry((*document, *category)).or_default().push(at);
    }
    Ok(tables)
}

/// The rows that stay, those of one release together in the order of their categories.
fn by_release(frame: &DataFrame, repeated: &BTreeSet<TableOf>, context: Context<'_>) -> Result<Vec<IdxSize>> {
    let mut kept: Vec<_> =
        tables(frame)?.into_iter().filter(|(table, _)| !repeated.contains(table)).collect();
    kept.sort_by_key(|((document, category), _)| (context.releases[*document as usize], *category));
    Ok(kept.into_iter().flat_map(|(_, rows)| rows).map(|at| at as IdxSize).collect())
}

/// Reports each figure that two documents print differently, or that one of them lacks.
fn compare(
    frame: &DataFrame,
    rows: [&Vec<usize>; 2],
    periods: &Periods,
    regions: &Regions,
    context: Context<'_>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let [first, later] = [figures(frame, rows[0])?, figures(frame, rows[1])?];
    let keys: BTreeSet<_> = first.keys().chain(later.keys()).collect();
    for key in keys {
        let problem = match (first.get(key), later.get(key)) {
            (Some((x, at)), Some((y, other))) if x != y => {
                let problem = differ(frame, *at, key, periods, regions, context, "here")?;
                problem.with_span(context.span(spot(frame, *other)?, "but here"))
            }
            (Some((_, at)), None) => only(
                differ(frame, *at, key, periods, regions, context, "only here")?,
                frame,
                rows[1],
                context,
            )?,
            (None, Some((_, at))) => only(
                differ(frame, *at, key, periods, regions, context, "only here")?,
                frame,
                rows[0],
                context,
            )?,
            _ => continue,
        };
        problems.push(
            problem
                .help("keep one of them, or tell the releases apart by a date in front of the files' names"),
        );
    }
    Ok(())
}

fn differ(
    frame: &DataFrame,
    at: usize,
    key: &(usize, usize),
    periods: &Periods,
    regions: &Regions,
    context: Context<'_>,
    label: &str,
) -> Result<Problem> {
    let category = context.category(ids(frame, "category")?[at]);
    let name = format!("{category}/{}/{}", regions.code(key.0), periods.code(key.1));
    let message = format!("two documents of one release differ on {name}");
    Ok(Problem::new(Rule::DocumentsDiffer, message, context.span(spot(frame, at)?, label)))
}

fn only(problem: Problem, frame: &DataFrame, other: &[usize], context: Context<'_>) -> Result<Problem> {
    let document = spot(frame, other.first().copied().unwrap_or_default())?.document;
    Ok(problem.with_span(context.documents[document as usize].span_of_file("has the table without it")))
}

/// The value and the row of each printed region and period.
fn figures(frame: &DataFrame, rows: &[usize]) -> Result<BTreeMap<(usize, usize), (Option<i64>, usize)>> {
    let values = frame.column("value")?.i64()?;
    let regions = frame.column("region")?.u32()?;
    let (periods, bases) = (ids(frame, "period")?, ids(frame, "basis")?);
    let printed = rows.iter().filter(|at| BASES[bases[**at] as usize] != "derived");
    let figure = |at: &usize| {
        let key = (regions.get(*at).unwrap_or_default() as usize, periods[*at] as usize);
        (key, (values.get(*at), *at))
    };
    Ok(printed.map(figure).collect())
}
