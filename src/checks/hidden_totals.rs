//! Totals that another label hides: a row that is the sum of all others of a table that prints no total.

use std::collections::BTreeMap;

use crate::checks::figures::TableFigures;
use crate::checks::hierarchy::{evidence, is_sure};
use crate::checks::sums::{Missing, ViewSums};
use crate::normalize::codes::CodeTable;

/// The first figure of the row that is the sum of all others in every column, beyond chance.
#[must_use]
pub fn find_hidden_total(figures: &TableFigures, view: &ViewSums, codes: &CodeTable<'_>) -> Option<usize> {
    let mut rows: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for at in (0..figures.len()).filter(|at| view.is_part[*at] && !is_total(figures, *at, view, codes)) {
        rows.entry(figures.code(at, view.dimension)).or_default().push(at);
    }
    let is_certain = |row: &&Vec<usize>| {
        let values = row.iter().filter_map(|at| figures.values[*at]);
        rows.len() > 2 && is_sum(row, figures, view) && is_sure(evidence(values), rows.len())
    };
    rows.values().find(is_certain).map(|row| row[0])
}

fn is_total(figures: &TableFigures, at: usize, view: &ViewSums, codes: &CodeTable<'_>) -> bool {
    codes.total() == Some(figures.code(at, view.dimension))
}

/// Whether each figure of a row is half of what its column makes with it.
fn is_sum(row: &[usize], figures: &TableFigures, view: &ViewSums) -> bool {
    row.iter().all(|at| {
        let twice = figures.values[*at].map(|value| 2 * i128::from(value));
        view.total_of(*at).is_some_and(|sum| sum.missing != Missing::Parts && twice == Some(sum.computed))
    })
}
