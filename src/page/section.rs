//! A section for each category: what tells tables apart, and the measure. In it a table for each set of dimensions that its
//! figures are parted by.

use std::collections::BTreeSet;

use crate::dataset::{Definition, Printed};
use crate::page::cells;
use crate::page::notes::{Notes, ShownNote};
use crate::page::proof::{self, Proof};
use crate::page::rows::{Observation, Rows};
use crate::page::table::{self, Table};
use crate::page::{order, words};
use crate::regions::TOTAL;

/// A section.
pub struct Section {
    /// Its anchor: the beginning of the keys of its figures.
    pub id: String,
    /// What it is of.
    pub title: String,
    /// What is counted, in which unit.
    pub unit: String,
    pub tables: Vec<Table>,
    /// What the statuses of its figures mean.
    pub legend: Vec<String>,
    pub proof: Option<Proof>,
    pub notes: Vec<ShownNote>,
}

/// The codes that tell a section from others, and the place of its measure.
pub type SectionKey = (Vec<String>, usize);

/// The dimensions that tell sections apart.
pub fn dimensions(definition: &Definition) -> Vec<usize> {
    let dimensions = definition.dimensions.iter().enumerate();
    dimensions.filter(|(_, of)| of.printed == Printed::Table).map(|(at, _)| at).collect()
}

/// The section that codes are of.
pub fn key(codes: &[String], measure: usize, apart: &[usize]) -> SectionKey {
    (apart.iter().map(|at| codes[*at].clone()).collect(), measure)
}

/// The name of a section; the dataset's title where nothing tells sections apart.
pub fn title((codes, measure): &SectionKey, apart: &[usize], definition: &Definition) -> String {
    let named = apart.iter().zip(codes).map(|(at, code)| (&definition.dimensions[*at], code.as_str()));
    let category = (!apart.is_empty()).then(|| words::name_codes(named));
    let measure = definition.has_measures().then(|| definition.measures[*measure].name.clone());
    let parts: Vec<String> = category.into_iter().chain(measure).collect();
    if parts.is_empty() { "Figures".into() } else { parts.join(": ") }
}

/// The anchor of a section: the beginning of the keys of its figures where these begin alike.
pub fn anchor((codes, measure): &SectionKey, definition: &Definition) -> String {
    let measure = definition.has_measures().then(|| definition.measures[*measure].code());
    let parts: Vec<&str> = codes.iter().map(String::as_str).chain(measure).collect();
    words::anchor(&format!("{}/", parts.join("/")))
}

/// The sections of a release, in printed order.
pub fn part(rows: &Rows, notes: &Notes<'_>, definition: &Definition) -> Vec<Section> {
    let apart = dimensions(definition);
    let checks = proof::by_section(&rows.checks, &apart);
    let (mut numbers, mut told) = (1.., BTreeSet::new());
    let groups = order::group(&rows.observations, |of| key(&of.codes, of.measure, &apart));
    let section = |(key, figures): (SectionKey, Vec<&Observation>)| {
        let codes: Vec<(usize, String)> = apart.iter().copied().zip(key.0.clone()).collect();
        let mut tables = Vec::new();
        for (parted, figures) in part_by_dimensions(&figures, &apart) {
            tables.extend(table::split(&figures, &parted, notes, definition));
        }
        tables.iter_mut().zip(&mut numbers).for_each(|(table, number): (&mut Table, usize)| {
            table.id = format!("table{number}");
        });
        let measure = &definition.measures[key.1];
        Section {
            id: anchor(&key, definition),
            title: title(&key, &apart, definition),
            unit: format!("{}; unit: {}", measure.name, measure.unit),
            tables,
            legend: cells::legend(figures.into_iter()),
            proof: checks.get(&key).map(|checks| Proof::new(checks, &apart, definition)),
            notes: notes.of_section(&codes, &mut told),
        }
    };
    groups.into_iter().map(section).collect()
}

/// Parts figures by the dimensions in which they are of a part of the whole. What is of the whole comes with the first.
fn part_by_dimensions<'r>(
    figures: &[&'r Observation],
    apart: &[usize],
) -> Vec<(Vec<usize>, Vec<&'r Observation>)> {
    let parted = |of: &Observation| -> Vec<usize> {
        (0..of.codes.len()).filter(|at| !apart.contains(at) && of.codes[*at] != TOTAL).collect()
    };
    let mut groups = order::group(figures.iter().copied(), parted);
    let whole = groups.iter().position(|(parted, _)| parted.is_empty());
    if let Some(at) = whole.filter(|_| groups.len() > 1) {
        let (_, totals) = groups.remove(at);
        groups[0].1.extend(totals);
    }
    groups
}
