//! What a table adds up: which of its rows are parts of its total, and which are parts of a group that stands in it. What
//! a group holds is told by indent, by UN M49, or by arithmetic; whether all that it holds is printed, by arithmetic alone.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::dataset::Definition;
use crate::regions::Kind;
use crate::transform::keys::Key;
use crate::transform::regions::Regions;
use crate::transform::totals::derivable::{Row, runs};
use crate::transform::totals::facts::Facts;

/// How many digits must agree beyond what chance would give, before figures tell what no label does.
const SURE: f64 = 4.0;

/// How many rows next to a group are added up to find what it holds: there are fewer states in the world, and each number
/// of them is tried.
const LONGEST_RUN: usize = 300;

/// The structure of the tables of a batch.
pub struct Structure {
    /// For each fact, whether the total adds it up.
    pub is_part: Vec<bool>,
    /// The figures of groups, each with the figures that make it.
    pub groups: Vec<(usize, Vec<usize>)>,
}

impl Structure {
    /// The structure of all tables.
    pub fn of(facts: &Facts<'_>, regions: &Regions, definition: &Definition) -> Structure {
        let is_part = facts.is_total.iter().map(|is_total| !is_total).collect();
        let mut structure = Structure { is_part, groups: Vec::new() };
        let is_group = regions.are(Kind::Group);
        if !is_group.contains(&true) && facts.depths.iter().all(|depth| *depth == 0) {
            return structure;
        }
        let mut start = 0;
        for table in facts.keys.chunk_by(Key::same_table) {
            let range = start..start + table.len();
            start = range.end;
            let outline = Outline::of(facts, regions, &is_group, range.clone());
            structure.add(&Outline { tolerance: definition.tolerance.unwrap_or_default(), ..outline });
            structure.part(facts, range);
        }
        structure
    }

    /// Where rows make the printed total several times over, by runs of several in every column, beyond chance: the total adds up
    /// the first run, and each other one is a sum of its own.
    fn part(&mut self, facts: &Facts<'_>, range: Range<usize>) {
        let totals = range.clone().filter(|at| facts.is_total[*at]);
        let totals: BTreeMap<usize, usize> = totals.map(|at| (facts.columns[at], at)).collect();
        let rows = Row::of_table(facts, self, range.clone());
        let wanted: Vec<i64> = totals.values().map(|at| facts.values[*at].unwrap_or_default()).collect();
        let is_whole =
            range.clone().all(|at| !facts.is_missing(at) && totals.contains_key(&facts.columns[at]));
        let runs = if is_whole { runs(&rows, &wanted).unwrap_or_default() } else { Vec::new() };
        if runs.len() < 2 || !is_sure(evidence(wanted.into_iter()) * runs.len() as f64, 1) {
            return;
        }
        for run in &runs[1..] {
            for (column, total) in &totals {
                let parts: Vec<usize> =
                    rows[run.clone()].iter().filter_map(|row| row.cells.get(column).copied()).collect();
                for at in &parts {
                    self.is_part[*at] = false;
                }
                self.groups.push((*total, parts));
            }
        }
    }

    fn add(&mut self, outline: &Outline<'_>) {
        let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (row, parent) in outline.parents().into_iter().enumerate() {
            let Some(parent) = parent else { continue };
            parts.entry(parent).or_default().push(row);
            for at in outline.rows[row].cells.values() {
                self.is_part[*at] = false;
            }
        }
        for (group, parts) in parts.iter().filter(|(group, parts)| outline.is_whole(**group, parts)) {
            let own = outline.rows[*group].cells.iter();
            self.groups.extend(own.map(|(column, at)| (*at, outline.cells(parts, *column).collect())));
        }
    }
}

/// How sure equal sums make: the digits of all figures that agree.
pub fn evidence(figures: impl Iterator<Item = i64>) -> f64 {
    figures.map(|figure| (figure.unsigned_abs() as f64 + 1.0).log10()).sum()
}

/// Whether so many digits that agree are no chance, where one of so many sums had to.
pub fn is_sure(evidence: f64, tried: usize) -> bool {
    evidence >= SURE + (tried.max(1) as f64).log10()
}

/// The rows of a table, by label, in printed order.
struct Outline<'f> {
    facts: &'f Facts<'f>,
    regions: &'f Regions,
    rows: Vec<Line>,
    /// How far a sum may be off.
    tolerance: u32,
}

struct Line {
    region: Option<u32>,
    is_group: bool,
    is_total: bool,
    depth: u32,
    /// Its figures, by column.
    cells: BTreeMap<usize, usize>,
}

impl<'f> Outline<'f> {
    fn of(facts: &'f Facts<'f>, regions: &'f Regions, is_group: &[bool], range: Range<usize>) -> Outline<'f> {
        let mut by_label: BTreeMap<Option<u32>, usize> = BTreeMap::new();
        let mut rows: Vec<Line> = Vec::new();
        for at in range {
            let place = *by_label.entry(facts.label(at)).or_insert(rows.len());
            if place == rows.len() {
                let region = facts.keys[at].region();
                rows.push(Line {
                    region,
                    is_group: region.is_some_and(|region| is_group[region as usize]),
                    is_total: facts.is_total[at],
                    depth: facts.depths[at],
                    cells: BTreeMap::new(),
                });
            }
            rows[place].cells.insert(facts.columns[at], at);
        }
        Outline { facts, regions, rows, tolerance: 0 }
    }

    /// The row that each is a part of; none where that is the total.
    fn parents(&self) -> Vec<Option<usize>> {
        let (mut parents, groups) = (self.by_indent(), self.groups());
        for (row, parent) in parents.iter_mut().enumerate().filter(|(_, parent)| parent.is_none()) {
            *parent = self.held_by(row, &groups);
        }
        for group in groups {
            if parents.contains(&Some(group)) {
                continue;
            }
            for part in self.run(group, &parents).into_iter().flatten() {
                parents[part] = Some(group);
            }
        }
        parents
    }

    /// The nearest row above that is less set in, where it can hold all that hangs on to it.
    fn by_indent(&self) -> Vec<Option<usize>> {
        let mut above: Vec<usize> = Vec::new();
        let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (row, Line { depth, .. }) in self.rows.iter().enumerate() {
            while above.last().is_some_and(|above| self.rows[*above].depth >= *depth) {
                above.pop();
            }
            if let Some(above) = above.last() {
                parts.entry(*above).or_default().push(row);
            }
            above.push(row);
        }
        let mut parents = vec![None; self.rows.len()];
        for (whole, parts) in parts.into_iter().filter(|(whole, parts)| self.can_hold(*whole, parts)) {
            for part in parts {
                parents[part] = Some(whole);
            }
        }
        parents
    }

    /// Whether rows can be parts of another: they make no more than it in any column, or just that in most.
    fn can_hold(&self, whole: usize, parts: &[usize]) -> bool {
        let fits = |column: &usize| {
            self.compared(whole, parts, *column).is_none_or(|(figure, sum)| sum.abs() <= figure.abs())
        };
        let row = &self.rows[whole];
        !row.is_total && (row.cells.keys().all(fits) || self.is_whole(whole, parts))
    }

    /// The first row of each group.
    fn groups(&self) -> Vec<usize> {
        let mut seen = BTreeSet::new();
        (0..self.rows.len())
            .filter(|row| self.rows[*row].is_group && seen.insert(self.rows[*row].region))
            .collect()
    }

    /// The smallest of the table's groups that holds a row.
    fn held_by(&self, row: usize, groups: &[usize]) -> Option<usize> {
        let holds = |group: usize, row: usize| match (self.rows[group].region, self.rows[row].region) {
            (Some(group), Some(region)) => group != region && self.regions.holds(group, region),
            _ => false,
        };
        let holding: Vec<usize> = groups.iter().copied().filter(|group| holds(*group, row)).collect();
        holding.iter().copied().find(|group| !holding.iter().any(|other| holds(*group, *other)))
    }

    /// The rows right below or above a group that make its figures in every column, where that is no chance.
    fn run(&self, group: usize, parents: &[Option<usize>]) -> Option<Vec<usize>> {
        let free = |row: &usize| parents[*row].is_none() && !self.rows[*row].is_total;
        let below: Vec<usize> = (group + 1..self.rows.len()).take_while(free).take(LONGEST_RUN).collect();
        let above: Vec<usize> = (0..group).rev().take_while(free).take(LONGEST_RUN).collect();
        let tried = below.len() + above.len();
        let runs = [below, above]
            .into_iter()
            .flat_map(|rows| (2..=rows.len()).map(move |count| rows[..count].to_vec()));
        let figures = || self.rows[group].cells.values().filter_map(|at| self.facts.values[*at]);
        runs.take_while(|_| is_sure(evidence(figures()), tried))
            .find(|run| self.agreeing(group, run).len() == self.rows[group].cells.len())
    }

    /// Whether all that a group holds is printed: its parts make it in every column, or in most of them beyond chance, so
    /// that the others must be wrong.
    fn is_whole(&self, group: usize, parts: &[usize]) -> bool {
        let (agreeing, columns) = (self.agreeing(group, parts), self.rows[group].cells.len());
        let whole = || self.comparable(group, parts);
        let sure = || is_sure(evidence(agreeing.iter().copied()), 1);
        !parts.is_empty() && (agreeing.len() == columns || agreeing.len() * 2 > whole() && sure())
    }

    /// In how many columns a group and rows have all their figures.
    fn comparable(&self, group: usize, parts: &[usize]) -> usize {
        self.rows[group].cells.keys().filter(|column| self.compared(group, parts, **column).is_some()).count()
    }

    /// A group's figures in the columns in which rows make them, without the digits that a tolerance leaves open.
    fn agreeing(&self, group: usize, parts: &[usize]) -> Vec<i64> {
        let agreeing = |column: &usize| {
            let (whole, sum) = self.compared(group, parts, *column)?;
            let off = whole.abs_diff(sum) <= u128::from(self.tolerance);
            off.then_some((whole / i128::from(2 * u64::from(self.tolerance) + 1)) as i64)
        };
        self.rows[group].cells.keys().filter_map(agreeing).collect()
    }

    /// A group's figure in a column, and what rows make there; none where a figure is missing.
    fn compared(&self, group: usize, parts: &[usize], column: usize) -> Option<(i128, i128)> {
        let whole = *self.rows[group].cells.get(&column)?;
        let figure = |at: usize| i128::from(self.facts.values[at].unwrap_or_default());
        let mut all = self.cells(parts, column).chain([whole]);
        if all.any(|at| self.facts.is_missing(at)) {
            return None;
        }
        Some((figure(whole), self.cells(parts, column).map(figure).sum()))
    }

    fn cells<'s>(&'s self, rows: &'s [usize], column: usize) -> impl Iterator<Item = usize> + 's {
        rows.iter().filter_map(move |row| self.rows[*row].cells.get(&column).copied())
    }
}
