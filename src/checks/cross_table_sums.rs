//! Sums over tables: a table that prints what all others of its document make together, by the definition or by arithmetic.

use std::collections::BTreeMap;

use crate::checks::TABLES;
use crate::checks::figures::TableFigures;
use crate::checks::hierarchy::{evidence, is_sure};
use crate::checks::sums::{Missing, Sum, TableSums};
use crate::dataset::Definition;

/// A sum over tables: the table that prints it, by its place among all, and the sum. Its parts stand in other tables, and are
/// not listed.
pub struct CrossTableSum {
    /// The table.
    pub table: usize,
    /// The sum.
    pub sum: Sum,
}

/// A figure's codes but those that tell tables apart, its measure and its period.
type FigureKey = (Vec<u32>, u32, u32);

/// The sums over tables of all documents.
#[must_use]
pub fn find_sums(tables: &[TableFigures], sums: &[TableSums], definition: &Definition) -> Vec<CrossTableSum> {
    let mut found = Vec::new();
    let mut first = 0;
    for document in tables.chunk_by(|a, b| a.document == b.document) {
        let range = first..first + document.len();
        first = range.end;
        if document.len() < 2 {
            continue;
        }
        for whole in range.clone() {
            let declared = &definition.tables[tables[whole].table as usize].sum_of;
            let is_part = |other: &usize| match declared.as_slice() {
                [] => *other != whole,
                parts => parts.contains(&(tables[*other].table as usize)),
            };
            let parts: Vec<usize> = range.clone().filter(is_part).collect();
            let totals = total_sums(whole, &parts, tables, sums);
            if !declared.is_empty() || is_sum_of_others(&totals, whole, sums, range.len()) {
                let figures = figure_sums(whole, &parts, tables, sums, definition);
                found
                    .extend(figures.into_iter().chain(totals).map(|sum| CrossTableSum { table: whole, sum }));
            }
        }
    }
    found
}

/// The totals of a table along its first dimension that has any.
fn totals_of(sums: &TableSums) -> &[Sum] {
    sums.views.iter().map(|view| view.totals.as_slice()).find(|totals| !totals.is_empty()).unwrap_or_default()
}

/// For each total of a table, the sum of the totals of several others for the same period; left out where one has none.
fn total_sums(whole: usize, parts: &[usize], tables: &[TableFigures], sums: &[TableSums]) -> Vec<Sum> {
    let total_at = |part: usize, measure: u32, period: u32| {
        let of_column =
            |sum: &&Sum| (tables[part].measures[sum.at], tables[part].periods[sum.at]) == (measure, period);
        totals_of(&sums[part]).iter().find(of_column)?.total()
    };
    let sum = |total: &Sum| {
        let (measure, period) = (tables[whole].measures[total.at], tables[whole].periods[total.at]);
        let totals: Vec<i64> =
            parts.iter().map(|part| total_at(*part, measure, period)).collect::<Option<_>>()?;
        Some(Sum {
            check: TABLES,
            computed: totals.iter().map(|total| i128::from(*total)).sum(),
            magnitude: totals.iter().map(|total| u128::from(total.unsigned_abs())).sum(),
            published: total.total(),
            cells: totals.len() as i32,
            missing: Missing::None,
            parts: Vec::new(),
            ..total.clone()
        })
    };
    totals_of(&sums[whole]).iter().filter_map(sum).collect()
}

/// Whether equal sums show that a table is the sum of all others.
fn is_sum_of_others(found: &[Sum], whole: usize, sums: &[TableSums], tables: usize) -> bool {
    let agree = !found.is_empty()
        && found.len() == totals_of(&sums[whole]).len()
        && found.iter().all(|sum| sum.published.is_some() && sum.difference() == 0);
    tables > 2 && agree && is_sure(evidence(found.iter().map(Sum::computed)), tables)
}

/// The sum of each figure that is no total, where all tables have the same figures.
fn figure_sums(
    whole: usize,
    parts: &[usize],
    tables: &[TableFigures],
    sums: &[TableSums],
    definition: &Definition,
) -> Vec<Sum> {
    let along = definition.share_dimension().unwrap_or_default();
    let figures = |table: usize| figures_by_key(&tables[table], &sums[table], definition);
    let of_parts: Vec<BTreeMap<FigureKey, usize>> = parts.iter().map(|part| figures(*part)).collect();
    let own = figures(whole);
    if !of_parts.iter().all(|part| part.keys().eq(own.keys())) {
        return Vec::new();
    }
    let sum = |(key, at): (&FigureKey, &usize)| {
        let parts: Vec<(usize, usize)> =
            parts.iter().copied().zip(of_parts.iter().map(|part| part[key])).collect();
        sum_over_tables(whole, *at, &parts, tables, along)
    };
    own.iter().map(sum).collect()
}

fn figures_by_key(
    table: &TableFigures,
    sums: &TableSums,
    definition: &Definition,
) -> BTreeMap<FigureKey, usize> {
    let is_total =
        |at: usize| sums.views.iter().any(|view| view.total_of(at).is_some_and(|sum| sum.whole == Some(at)));
    let fixed = &definition.tables[table.table as usize].fixed;
    let key = |at: usize| {
        let codes = table.codes_at(at).into_iter().zip(fixed).filter(|(_, fixed)| fixed.is_none());
        (codes.map(|(code, _)| code).collect(), table.measures[at], table.periods[at])
    };
    (0..table.len()).filter(|at| !is_total(*at)).map(|at| (key(at), at)).collect()
}

fn sum_over_tables(
    whole: usize,
    at: usize,
    parts: &[(usize, usize)],
    tables: &[TableFigures],
    along: usize,
) -> Sum {
    let value = |(table, at): &(usize, usize)| tables[*table].values[*at].unwrap_or_default();
    let is_missing = |(table, at): &(usize, usize)| tables[*table].is_missing(*at);
    let missing = if parts.iter().any(is_missing) { Missing::Parts } else { Missing::None };
    Sum {
        check: TABLES,
        along,
        whole: Some(at),
        at,
        cells: parts.len() as i32,
        computed: parts.iter().map(|part| i128::from(value(part))).sum(),
        magnitude: parts.iter().map(|part| u128::from(value(part).unsigned_abs())).sum(),
        published: Some(value(&(whole, at))),
        missing,
        is_whole_missing: is_missing(&(whole, at)),
        is_labelled: true,
        ..Sum::default()
    }
}
