//! Totals that another label hides: a row that is the sum of all others of a table that prints no total.

use std::collections::BTreeMap;

use crate::transform::TableOf;
use crate::transform::keys::Key;
use crate::transform::totals::facts::Facts;
use crate::transform::totals::structure::{Structure, evidence, is_sure};
use crate::transform::totals::sum::{Lacks, Sum};

/// For each table without a total, the first figure of the row that is the sum of all others in every column, beyond chance.
pub fn misnamed(facts: &Facts<'_>, structure: &Structure, totals: &[Sum]) -> BTreeMap<TableOf, usize> {
    let mut found = BTreeMap::new();
    if totals.iter().all(|total| total.published.is_some()) {
        return found;
    }
    let mut start = 0;
    for table in facts.keys.chunk_by(Key::same_table) {
        let range = start..start + table.len();
        start = range.end;
        if totals[facts.columns[range.start]].published.is_some() {
            continue;
        }
        let mut rows: BTreeMap<Option<u32>, Vec<usize>> = BTreeMap::new();
        for at in range.filter(|at| structure.is_part[*at]) {
            rows.entry(facts.label(at)).or_default().push(at);
        }
        let hidden = rows.values().filter(|row| rows.len() > 2 && is_sum(row, facts, totals));
        let sure =
            hidden.filter(|row| is_sure(evidence(row.iter().filter_map(|at| facts.values[*at])), rows.len()));
        found.extend(sure.map(|row| (table[0].table(), row[0])));
    }
    found
}

/// Whether each figure of a row is half of what its column makes with it.
fn is_sum(row: &[usize], facts: &Facts<'_>, totals: &[Sum]) -> bool {
    row.iter().all(|at| {
        let column = &totals[facts.columns[*at]];
        let twice = facts.values[*at].map(|value| 2 * i128::from(value));
        column.lacks != Lacks::Parts && twice == Some(column.computed)
    })
}
