//! What a run read and proved, counted: for the person at the terminal, for the line in a log, and for the files, which
//! tell what they were made from.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use chrono::NaiveDate;
use polars::prelude::*;
use serde::{Serialize, Serializer};

use crate::checks;
use crate::dataset::{Definition, LeftOutBy};
use crate::extract::ExtractedDocument;
use crate::extract::accounting::NumericCells;
use crate::grammar::number::format_number;
use crate::normalize::ids;
use crate::text::format_count;
use crate::transform::TransformResult;

/// What the documents of a dataset gave.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// How many documents were read.
    pub documents: usize,
    /// How many tables they have.
    pub tables: usize,
    /// How many notes they print.
    pub notes: usize,
    /// How many rows the definition leaves out, by what leaves them out.
    pub left_out: BTreeMap<LeftOutBy, usize>,
    /// What became of the numbers that they print.
    pub numbers: NumericCells,
    /// How many observations are published.
    pub observations: usize,
    /// What the tables gave, by the name of the table.
    pub tables_by_name: BTreeMap<String, Counts>,
    /// For each dimension, the codes that are published.
    pub codes: Vec<BTreeSet<String>>,
    /// What was read.
    pub sources: Vec<SourceOf>,
}

/// What a table gave, in all documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Cells with a figure or a nil mark.
    pub printed: usize,
    /// Nil marks among them that were proven to be zero.
    pub nil: usize,
    /// Totals that were checked.
    pub checks: usize,
    /// Totals that add up.
    pub passed: usize,
    /// How far the furthest of them is off, in units of the measure's last decimal.
    pub within: i64,
    /// Changes, percentages and totals over periods beside the figures that were checked.
    pub claims: usize,
    /// Totals that were derived.
    pub derived: usize,
}

/// A document that was read.
#[derive(Clone, Debug, Serialize)]
pub struct SourceOf {
    /// Its file name.
    pub name: String,
    /// Where it was read from; published files do not tell it.
    #[serde(skip)]
    pub path: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// What it was read as: `text, UTF-8`.
    #[serde(skip)]
    pub format: String,
    /// Its size.
    pub bytes: u64,
    /// Its release.
    #[serde(rename = "release_date", serialize_with = "iso")]
    pub release: Option<NaiveDate>,
}

/// What published files say of their making: no clock, no path, no host.
#[derive(Clone, Debug, Serialize)]
pub struct About<'a> {
    /// The program's version.
    pub version: &'static str,
    /// The dataset's name.
    pub dataset: &'a str,
    /// The releases, in order.
    pub releases: Vec<String>,
    /// What was read.
    pub sources: &'a [SourceOf],
}

/// A day as ISO 8601 writes it.
#[allow(clippy::ref_option, clippy::trivially_copy_pass_by_ref)] // as serde calls it
pub(crate) fn iso<S: Serializer>(day: &Option<NaiveDate>, serializer: S) -> Result<S::Ok, S::Error> {
    match day {
        Some(day) => serializer.collect_str(day),
        None => serializer.serialize_none(),
    }
}

impl Summary {
    /// Counts what documents of a batch gave.
    ///
    /// # Errors
    /// Only where a frame lacks a column.
    pub fn new(
        extracted: &[ExtractedDocument],
        sources: Vec<SourceOf>,
        transformed: &TransformResult,
        definition: &Definition,
    ) -> Result<Summary> {
        let notes = |of: &ExtractedDocument| of.notes.iter().map(|note| note.note).max().unwrap_or_default();
        let (observations, checks) = (&transformed.observations.frame, &transformed.checks.frame);
        Ok(Summary {
            documents: sources.len(),
            tables: extracted.iter().map(|of| of.tables).sum(),
            left_out: count_left_out(extracted),
            numbers: extracted.iter().fold(NumericCells::default(), |all, of| all + of.numbers),
            notes: extracted.iter().map(|of| notes(of) as usize).sum(),
            sources,
            observations: observations.height(),
            tables_by_name: count_by_table(observations, checks, definition)?,
            codes: transformed.codes.clone(),
        })
    }

    /// Adds what a further batch gave.
    pub fn add(&mut self, other: Summary) {
        self.documents += other.documents;
        self.tables += other.tables;
        self.notes += other.notes;
        self.numbers += other.numbers;
        for (by, rows) in other.left_out {
            *self.left_out.entry(by).or_default() += rows;
        }
        self.observations += other.observations;
        for (table, counts) in other.tables_by_name {
            self.tables_by_name.entry(table).or_default().add(&counts);
        }
        self.codes.resize(self.codes.len().max(other.codes.len()), BTreeSet::new());
        for (own, codes) in self.codes.iter_mut().zip(other.codes) {
            own.extend(codes);
        }
        self.sources.extend(other.sources);
    }

    /// All tables together.
    #[must_use]
    pub fn total(&self) -> Counts {
        let mut total = Counts::default();
        self.tables_by_name.values().for_each(|counts| total.add(counts));
        total
    }

    /// The releases, in order.
    #[must_use]
    pub fn releases(&self) -> BTreeSet<NaiveDate> {
        self.sources.iter().filter_map(|source| source.release).collect()
    }

    /// What the published files say of their making.
    #[must_use]
    pub fn about<'a>(&'a self, definition: &'a Definition) -> About<'a> {
        About {
            version: env!("CARGO_PKG_VERSION"),
            dataset: definition.name(),
            releases: self.releases().iter().map(ToString::to_string).collect(),
            sources: &self.sources,
        }
    }

    /// What was read and proven, in one line.
    #[must_use]
    pub fn line(&self, definition: &Definition) -> String {
        let total = self.total();
        let mut parts = vec![
            format_count(self.documents, "document"),
            format_count(self.tables, "table"),
            format_count(total.printed, "printed figure"),
        ];
        if total.nil > 0 {
            parts.push(format!("{} proven", format_count(total.nil, "nil mark")));
        }
        let within = match total.within {
            0 => String::new(),
            within => format!(" within {}", format_number(within, definition.decimals())),
        };
        parts.push(format!("{} of {} reconciled{within}", total.passed, format_count(total.checks, "total")));
        if total.claims > 0 {
            parts.push(format!("{} checked", format_count(total.claims, "printed change")));
        }
        let left_out: usize = self.left_out.values().sum();
        if left_out > 0 {
            parts.push(format!("{} left out", format_count(left_out, "row")));
        }
        parts.push(format_count(self.notes, "note"));
        parts.join(", ")
    }
}

/// How many rows each rule leaves out.
fn count_left_out(extracted: &[ExtractedDocument]) -> BTreeMap<LeftOutBy, usize> {
    let mut counts = BTreeMap::new();
    for by in extracted.iter().flat_map(|of| of.left_out.values()) {
        *counts.entry(*by).or_default() += 1;
    }
    counts
}

impl Counts {
    /// Adds what another table gave.
    pub fn add(&mut self, other: &Counts) {
        self.printed += other.printed;
        self.nil += other.nil;
        self.checks += other.checks;
        self.passed += other.passed;
        self.within = self.within.max(other.within);
        self.claims += other.claims;
        self.derived += other.derived;
    }
}

fn count_by_table(
    observations: &DataFrame,
    checks: &DataFrame,
    definition: &Definition,
) -> Result<BTreeMap<String, Counts>> {
    let mut counts = vec![Counts::default(); definition.tables.len()];
    for (table, basis) in ids(observations, "table")?.iter().zip(ids(observations, "basis")?) {
        let of = &mut counts[*table as usize];
        let basis = checks::BASES[*basis as usize];
        of.printed += usize::from(basis != "derived");
        of.derived += usize::from(basis == "derived");
        of.nil += usize::from(basis == "nil");
    }
    let of_checks = checks.column("check")?.u32()?.iter().zip(checks.column("passed")?.bool()?.iter());
    let of_checks = of_checks.zip(checks.column("difference")?.i64()?.iter());
    for (table, ((check, passed), difference)) in ids(checks, "table")?.iter().zip(of_checks) {
        let of = &mut counts[*table as usize];
        if !check.is_some_and(checks::is_sum) {
            of.claims += 1;
            continue;
        }
        of.checks += 1;
        of.passed += usize::from(passed == Some(true));
        of.within = difference.filter(|_| passed == Some(true)).map_or(0, i64::abs).max(of.within);
    }
    let names = definition.tables.iter().map(|table| table.name.clone());
    Ok(names.zip(counts).filter(|(_, counts)| *counts != Counts::default()).collect())
}
