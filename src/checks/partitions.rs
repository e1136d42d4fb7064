//! Runs of rows that make the same figures: a whole that is cut in several ways, of which only one may be added up.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::checks::figures::TableFigures;
use crate::checks::hierarchy::{Hierarchy, evidence, is_sure};
use crate::checks::view::View;
use crate::normalize::codes::CodeTable;

/// A row that a total would add up.
pub struct SumRow {
    /// Its code along the dimension.
    pub code: u32,
    /// Its first figure.
    pub at: usize,
    /// Its figures by column, a nil symbol as zero.
    pub values: Vec<i64>,
    /// The same as places in the table.
    pub cells: BTreeMap<usize, usize>,
}

impl SumRow {
    /// The rows of a table that no other row holds, in printed order.
    #[must_use]
    pub fn of_table(
        figures: &TableFigures,
        dimension: usize,
        columns: &[usize],
        is_part: &[bool],
    ) -> Vec<SumRow> {
        let mut by_code: BTreeMap<u32, usize> = BTreeMap::new();
        let mut rows: Vec<SumRow> = Vec::new();
        let mut all: BTreeSet<usize> = BTreeSet::new();
        for at in (0..figures.len()).filter(|at| is_part[*at]) {
            all.insert(columns[at]);
            let code = figures.code(at, dimension);
            let place = *by_code.entry(code).or_insert(rows.len());
            if place == rows.len() {
                rows.push(SumRow { code, at, values: Vec::new(), cells: BTreeMap::new() });
            }
            rows[place].cells.insert(columns[at], at);
        }
        for row in &mut rows {
            let value = |column| row.cells.get(column).and_then(|at| figures.values[*at]).unwrap_or_default();
            row.values = all.iter().map(value).collect();
        }
        rows
    }
}

/// Rows as runs of several, each of which makes the same figures; none where they are not.
#[must_use]
pub fn find_runs(rows: &[SumRow], wanted: &[i64]) -> Option<Vec<Range<usize>>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut sum = vec![0i128; wanted.len()];
    let mut start = 0;
    for (at, row) in rows.iter().enumerate() {
        sum.iter_mut().zip(&row.values).for_each(|(sum, value)| *sum += i128::from(*value));
        if at > start && sum.iter().zip(wanted).all(|(sum, wanted)| *sum == i128::from(*wanted)) {
            runs.push(start..at + 1);
            start = at + 1;
            sum.fill(0);
        }
    }
    (start == rows.len()).then_some(runs)
}

/// Adds up rows as a definition declares it: the total is the first partition that is printed, each other one a sum of its own,
/// and no other row is a part of it. A row that a printed partition lacks leaves its sum too small.
pub fn declare_partitions(view: &View<'_>, codes: &CodeTable<'_>, hierarchy: &mut Hierarchy) {
    let figures = view.figures;
    let places = |partition: &Vec<toml::Spanned<String>>| -> Vec<usize> {
        let wanted: BTreeSet<u32> = partition.iter().filter_map(|code| codes.index(code.get_ref())).collect();
        (0..figures.len()).filter(|at| wanted.contains(&view.code(*at))).collect()
    };
    let printed = codes.dimension.partitions.iter().map(places).filter(|places| !places.is_empty());
    let printed: Vec<Vec<usize>> = printed.collect();
    let Some((first, others)) = printed.split_first() else { return };
    hierarchy.is_part.fill(false);
    for at in first {
        hierarchy.is_part[*at] = true;
    }
    let totals = (0..figures.len()).filter(|at| view.is_total(*at));
    for total in totals {
        let in_column = |at: &&usize| view.columns[**at] == view.columns[total];
        let parts = others.iter().map(|places| places.iter().filter(in_column).copied().collect());
        hierarchy.groups.extend(parts.map(|parts: Vec<usize>| (total, parts)));
    }
}

/// Where rows make the printed total several times over, by runs of several in every column, beyond chance: the total adds
/// up the first run, and each other one is a sum of its own.
pub fn split_partitions(view: &View<'_>, hierarchy: &mut Hierarchy) {
    let figures = view.figures;
    let totals = (0..figures.len()).filter(|at| view.is_total(*at));
    let totals: BTreeMap<usize, usize> = totals.map(|at| (view.columns[at], at)).collect();
    let is_whole = totals.len() == view.count && (0..figures.len()).all(|at| !figures.is_missing(at));
    if !is_whole {
        return;
    }
    let rows = SumRow::of_table(figures, view.dimension, &view.columns, &hierarchy.is_part);
    let wanted: Vec<i64> = totals.values().map(|at| figures.values[*at].unwrap_or_default()).collect();
    let runs = find_runs(&rows, &wanted).unwrap_or_default();
    if runs.len() < 2 || !is_sure(evidence(wanted.into_iter()) * runs.len() as f64, 1) {
        return;
    }
    for run in &runs[1..] {
        for (column, total) in &totals {
            let parts: Vec<usize> =
                rows[run.clone()].iter().filter_map(|row| row.cells.get(column).copied()).collect();
            for at in &parts {
                hierarchy.is_part[*at] = false;
            }
            hierarchy.groups.push((*total, parts));
        }
    }
}
