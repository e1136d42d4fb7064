//! Totals that no label names. A row without a region of its own is the total of a table that prints no other, where its
//! figures are the sum of all others in every column, beyond chance.

use std::collections::BTreeMap;

use anyhow::Result;
use polars::prelude::*;

use crate::extract::observations::Label;
use crate::problem::{Problem, Rule};
use crate::regions::TOTAL;
use crate::transform::regions::{Regions, Row, Rows};
use crate::transform::totals::{self, Lacks, evidence, is_sure};
use crate::transform::{Context, TableOf, replaced};

/// Gives such rows the region of the total, and says so where something else is printed beside them. `of_facts` are the
/// regions of the facts, as far as they are known.
pub fn totals(
    facts: &DataFrame,
    labels: &[Label],
    of_facts: &mut [Option<u32>],
    regions: &Regions,
    context: Context<'_>,
    problems: &mut Vec<Problem>,
) -> Result<()> {
    let rows = Rows::of(facts, of_facts)?;
    let Some(total) = regions.index(TOTAL) else { return Ok(()) };
    let candidates = candidates(&rows, total);
    if candidates.is_empty() {
        return Ok(());
    }
    let mut supposed = of_facts.to_vec();
    for row in candidates.values() {
        supposed[row.rows.clone()].fill(Some(total));
    }
    let frame = replaced(facts.clone(), [("region", supposed.iter().copied().collect())])?;
    for table in totals::of(&frame, regions, context)?.chunk_by(|a, b| a.table == b.table) {
        let Some(row) = candidates.get(&table[0].table) else { continue };
        let agree = table
            .iter()
            .all(|sum| sum.published.is_some() && sum.lacks != Lacks::Parts && sum.difference() == 0);
        if agree && is_sure(evidence(table.iter().map(totals::Sum::computed)), row.rows.len()) {
            of_facts[row.rows.clone()].fill(Some(total));
            let label = facts.column("label")?.u32()?.get(row.rows.start);
            problems.extend(label.map(|label| told(&labels[label as usize].printed, row, context)));
        }
    }
    Ok(())
}

/// The only row without a region of each table that has no total.
fn candidates(rows: &Rows, total: u32) -> BTreeMap<TableOf, &Row> {
    let candidate = |table: &'_ [Row]| -> Option<usize> {
        let mut unknown = (0..table.len()).filter(|at| table[*at].region.is_none());
        let only = unknown.next().filter(|_| unknown.next().is_none())?;
        (table.len() > 2 && table.iter().all(|row| row.region != Some(total))).then_some(only)
    };
    let tables = rows.0.chunk_by(|a, b| a.table == b.table);
    tables.filter_map(|table| Some((table[0].table, &table[candidate(table)?]))).collect()
}

fn told(label: &str, row: &Row, context: Context<'_>) -> Problem {
    let message = format!("`{label}` is taken for the total: it is the sum of all other rows");
    let problem =
        Problem::new(Rule::UnnamedTotal, message, context.span_of_label(row.spot, "in every column"));
    let help = format!("say so in the definition, under `[regions.labels]`: `\"{label}\" = \"_T\"`");
    problem.help(help)
}
