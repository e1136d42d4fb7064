//! What each printed table gave: its figures, symbols, flags, periods and codes, counted from what a definition takes.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use anyhow::Result;
use indexmap::IndexSet;
use polars::prelude::DataFrame;

use crate::cli::inspect::found::Found;
use crate::dataset::Dimension;
use crate::extract::{RawObservations, RowLabel, raw_label_column};
use crate::grammar::period::Period;
use crate::grammar::status_flag::FlagMeaning;
use crate::normalize::ids;

/// What a table gave.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    /// How many cells have a figure.
    pub figures: usize,
    /// What stands in place of figures, what that means, and how often.
    pub symbols: BTreeMap<(String, Option<FlagMeaning>), usize>,
    /// What is said of figures by what stands beside them, and of how many.
    pub flags: BTreeMap<FlagMeaning, usize>,
    /// The periods of figures and symbols.
    pub periods: BTreeSet<Period>,
    /// For each dimension of the definition, what labels name, in printed order.
    pub codes: Vec<Codes>,
    /// The measures of figures and symbols, by their place in the definition.
    pub measures: BTreeSet<u32>,
}

/// What the labels of a dimension name.
#[derive(Clone, Debug, Default)]
pub(super) struct Codes {
    /// The codes, in printed order.
    pub known: IndexSet<String>,
    /// The labels that name none.
    pub unknown: IndexSet<String>,
}

/// The tallies of all printed tables of a document with a definition, in order.
pub(super) fn by_definition(found: &Found<'_>, raw: &RawObservations) -> Result<Vec<Tally>> {
    let tables = tables(found, &raw.frame)?;
    let mut tallies = vec![Tally::default(); found.tables().count()];
    add_cells(&mut tallies, &tables, &raw.frame)?;
    add_headings(&mut tallies, &tables, raw)?;
    for dimension in found.definition.iter().flat_map(|definition| &definition.dimensions) {
        add_codes(&mut tallies, &tables, raw, dimension)?;
    }
    Ok(tallies)
}

/// The place of the printed table that each row of a frame is of.
fn tables(found: &Found<'_>, frame: &DataFrame) -> Result<Vec<usize>> {
    let table_of = tables_by_row(found);
    let places = ids(frame, "grid")?.iter().zip(ids(frame, "row")?);
    // No figure stands outside of all tables.
    Ok(places.map(|(grid, row)| table_of.get(&(*grid, *row)).copied().unwrap_or_default()).collect())
}

/// Counts figures, symbols and flags.
fn add_cells(tallies: &mut [Tally], tables: &[usize], frame: &DataFrame) -> Result<()> {
    let values = frame.column("value")?.i64()?.iter().zip(frame.column("is_nil")?.bool()?.iter());
    let flags = frame.column("flag")?.u32()?.iter().zip(frame.column("value_label")?.str()?.iter());
    for (table, ((value, is_nil), (flag, text))) in tables.iter().zip(values.zip(flags)) {
        let nil = is_nil.unwrap_or_default().then_some(FlagMeaning::Nil);
        let meaning = nil.or(flag.map(FlagMeaning::Status));
        tallies[*table].add(value.is_some(), meaning, text.unwrap_or_default());
    }
    Ok(())
}

/// Adds periods and measures.
fn add_headings(tallies: &mut [Tally], tables: &[usize], raw: &RawObservations) -> Result<()> {
    let headings = ids(&raw.frame, "heading")?.iter().zip(ids(&raw.frame, "measure")?);
    for (table, (heading, measure)) in tables.iter().zip(headings) {
        tallies[*table].periods.insert(raw.headings[*heading as usize].period);
        tallies[*table].measures.insert(*measure);
    }
    Ok(())
}

/// Adds what the labels of a dimension name.
fn add_codes(
    tallies: &mut [Tally],
    tables: &[usize],
    raw: &RawObservations,
    dimension: &Dimension,
) -> Result<()> {
    let mut seen: Vec<IndexSet<u32>> = vec![IndexSet::new(); tallies.len()];
    let labels = raw.frame.column(&raw_label_column(dimension.name()))?.u32()?.iter();
    for (table, label) in tables.iter().zip(labels) {
        seen[*table].extend(label);
    }
    for (tally, labels) in tallies.iter_mut().zip(&seen) {
        tally.codes.push(Codes::resolve(dimension, &raw.labels, labels));
    }
    Ok(())
}

/// The printed table that each row of a body is of, by the row's grid and number.
fn tables_by_row(found: &Found<'_>) -> HashMap<(u32, u32), usize> {
    let rows = found.tables().flat_map(|of| {
        let rows = &found.grid(of).rows;
        of.table.body.iter().map(move |&at| ((of.grid as u32, rows[at].number), of.index))
    });
    rows.collect()
}

impl Tally {
    /// Counts a cell: a figure or a symbol, and what its marks mean.
    pub(super) fn add(&mut self, is_figure: bool, meaning: Option<FlagMeaning>, text: &str) {
        if !is_figure {
            *self.symbols.entry((text.to_owned(), meaning)).or_default() += 1;
            return;
        }
        self.figures += 1;
        if let Some(meaning) = meaning {
            *self.flags.entry(meaning).or_default() += 1;
        }
    }
}

impl Codes {
    fn resolve(dimension: &Dimension, labels: &[RowLabel], used: &IndexSet<u32>) -> Codes {
        let mut codes = Codes::default();
        for label in used.iter().filter_map(|at| labels.get(*at as usize)) {
            match dimension.resolve(&label.text) {
                Some(found) => codes.known.insert(found.code.to_owned()),
                None => codes.unknown.insert(label.printed.clone()),
            };
        }
        codes
    }
}
