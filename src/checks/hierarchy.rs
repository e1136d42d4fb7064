//! What a table adds up along a dimension: which of its rows are parts of its total, and which are parts of a group that
//! stands in it. What a group holds is told by its code list, by indent, or by arithmetic; whether all that it holds is
//! printed, by arithmetic, or by the definition's own list.
//!
//! Where a table has `Asia` and `Japan`, `Asia` is added up and `Japan` is not; whether the table means it so is for its
//! total to prove. A group whose parts make it in every column, or in most of them beyond chance, is printed with all
//! that it holds: each of its columns is then a check. Otherwise only some of its parts are printed, and nothing is
//! checked by it. A group is compared in the columns in which none of its parts is missing.

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::partitions::{declare_partitions, split_partitions};
use crate::checks::rounding::Allowance;
use crate::checks::view::View;
use crate::dataset::CodeKind;
use crate::normalize::codes::{CodeTable, UNKNOWN};

/// How many digits must agree beyond what chance would give, before figures tell what no label does.
const SURE: f64 = 4.0;

/// How many rows next to a group are added up to find what it holds: there are fewer states in the world, and each number
/// of them is tried.
const LONGEST_RUN: usize = 300;

/// What a table adds up along a dimension.
pub struct Hierarchy {
    /// For each figure, whether the total adds it up.
    pub is_part: Vec<bool>,
    /// The figures of groups, each with the figures that make it.
    pub groups: Vec<(usize, Vec<usize>)>,
}

impl Hierarchy {
    /// What a table adds up along the dimension of a view, where a sum may be off by so much.
    #[must_use]
    pub fn new(view: &View<'_>, codes: &CodeTable<'_>, allowance: &Allowance) -> Hierarchy {
        let figures = 0..view.figures.len();
        let is_part = figures.clone().map(|at| !view.is_total(at)).collect();
        let mut hierarchy = Hierarchy { is_part, groups: Vec::new() };
        let has_groups = figures.clone().any(|at| codes.is(view.code(at), CodeKind::Group));
        let has_groups = has_groups || figures.clone().any(|at| view.depth(at) > 0);
        if has_groups {
            hierarchy.add_groups(&RowTree::new(view, codes, allowance));
        }
        if !codes.dimension.partitions.is_empty() {
            declare_partitions(view, codes, &mut hierarchy);
        } else if has_groups {
            split_partitions(view, &mut hierarchy);
        }
        hierarchy
    }

    fn add_groups(&mut self, tree: &RowTree<'_>) {
        let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (row, parent) in tree.parents().into_iter().enumerate() {
            let Some(parent) = parent else { continue };
            parts.entry(parent).or_default().push(row);
            for at in tree.rows[row].cells.values() {
                self.is_part[*at] = false;
            }
        }
        for (group, parts) in parts.iter().filter(|(group, parts)| tree.is_whole(**group, parts)) {
            let own = tree.rows[*group].cells.iter();
            self.groups.extend(own.map(|(column, at)| (*at, tree.cells(parts, *column).collect())));
        }
    }
}

/// How sure equal sums make: the digits of all figures that agree.
#[must_use]
pub fn evidence(figures: impl Iterator<Item = i64>) -> f64 {
    figures.map(|figure| (figure.unsigned_abs() as f64 + 1.0).log10()).sum()
}

/// Whether so many digits that agree are no chance, where one of so many sums had to.
#[must_use]
pub fn is_sure(evidence: f64, tried: usize) -> bool {
    evidence >= SURE + (tried.max(1) as f64).log10()
}

/// The rows of a table, by code, in printed order.
struct RowTree<'t> {
    view: &'t View<'t>,
    codes: &'t CodeTable<'t>,
    rows: Vec<TreeRow>,
    /// How far a sum may be off.
    allowance: &'t Allowance,
}

struct TreeRow {
    code: u32,
    is_group: bool,
    is_total: bool,
    depth: u32,
    /// Its figures, by column.
    cells: BTreeMap<usize, usize>,
}

impl<'t> RowTree<'t> {
    fn new(view: &'t View<'t>, codes: &'t CodeTable<'t>, allowance: &'t Allowance) -> RowTree<'t> {
        let mut by_code: BTreeMap<(u32, u32), usize> = BTreeMap::new();
        let mut rows: Vec<TreeRow> = Vec::new();
        for at in 0..view.figures.len() {
            let code = view.code(at);
            // Rows that are not known are apart.
            let row = if code == UNKNOWN { view.figures.cells[at].row } else { 0 };
            let place = *by_code.entry((code, row)).or_insert(rows.len());
            if place == rows.len() {
                rows.push(TreeRow {
                    code,
                    is_group: codes.is(code, CodeKind::Group),
                    is_total: view.is_total(at),
                    depth: view.depth(at),
                    cells: BTreeMap::new(),
                });
            }
            rows[place].cells.insert(view.columns[at], at);
        }
        RowTree { view, codes, rows, allowance }
    }

    /// The row that each is a part of; none where that is the total.
    fn parents(&self) -> Vec<Option<usize>> {
        let (mut parents, groups) = (self.parents_by_indent(), self.groups());
        for (row, parent) in parents.iter_mut().enumerate().filter(|(_, parent)| parent.is_none()) {
            *parent = self.find_group(row, &groups);
        }
        for group in groups {
            if parents.contains(&Some(group)) {
                continue;
            }
            for part in self.find_run(group, &parents).into_iter().flatten() {
                parents[part] = Some(group);
            }
        }
        parents
    }

    /// The nearest row above that is less set in, where it can hold all that hangs on to it.
    fn parents_by_indent(&self) -> Vec<Option<usize>> {
        let mut above: Vec<usize> = Vec::new();
        let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (row, TreeRow { depth, .. }) in self.rows.iter().enumerate() {
            while above.pop_if(|above| self.rows[*above].depth >= *depth).is_some() {}
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
            self.compare_group(whole, parts, *column).is_none_or(|(figure, sum)| sum.abs() <= figure.abs())
        };
        let row = &self.rows[whole];
        !row.is_total && (row.cells.keys().all(fits) || self.is_whole(whole, parts))
    }

    /// The first row of each group.
    fn groups(&self) -> Vec<usize> {
        let mut seen = BTreeSet::new();
        (0..self.rows.len())
            .filter(|row| self.rows[*row].is_group && seen.insert(self.rows[*row].code))
            .collect()
    }

    /// The smallest of the table's groups that holds a row.
    fn find_group(&self, row: usize, groups: &[usize]) -> Option<usize> {
        let holds = |group: usize, row: usize| self.codes.holds(self.rows[group].code, self.rows[row].code);
        let holding: Vec<usize> = groups.iter().copied().filter(|group| holds(*group, row)).collect();
        holding.iter().copied().find(|group| !holding.iter().any(|other| holds(*group, *other)))
    }

    /// The rows right below or above a group that make its figures in every column, where that is no chance.
    fn find_run(&self, group: usize, parents: &[Option<usize>]) -> Option<Vec<usize>> {
        let free = |row: &usize| parents[*row].is_none() && !self.rows[*row].is_total;
        let below: Vec<usize> = (group + 1..self.rows.len()).take_while(free).take(LONGEST_RUN).collect();
        let above: Vec<usize> = (0..group).rev().take_while(free).take(LONGEST_RUN).collect();
        let tried = below.len() + above.len();
        let runs = [below, above]
            .into_iter()
            .flat_map(|rows| (2..=rows.len()).map(move |count| rows[..count].to_vec()));
        let figures = || self.rows[group].cells.values().filter_map(|at| self.view.figures.values[*at]);
        runs.take_while(|_| is_sure(evidence(figures()), tried))
            .find(|run| self.agreeing(group, run).len() == self.rows[group].cells.len())
    }

    /// Whether all that a group holds is printed: its parts make it in every column, or in most of them beyond chance, so
    /// that the others must be wrong.
    fn is_whole(&self, group: usize, parts: &[usize]) -> bool {
        if self.has_all_declared(group, parts) {
            return true;
        }
        let (agreeing, columns) = (self.agreeing(group, parts), self.rows[group].cells.len());
        let whole = || self.comparable(group, parts);
        let sure = || is_sure(evidence(agreeing.iter().copied()), 1);
        !parts.is_empty() && (agreeing.len() == columns || agreeing.len() * 2 > whole() && sure())
    }

    /// Whether rows are all that the definition's own list says a group holds.
    fn has_all_declared(&self, group: usize, parts: &[usize]) -> bool {
        let own = self.codes.code(self.rows[group].code);
        let declared = self.codes.dimension.own_codes().iter().filter(|code| code.parent_code() == Some(own));
        let printed = |code: &crate::dataset::Code| {
            parts.iter().any(|part| self.codes.code(self.rows[*part].code) == code.code.get_ref())
        };
        let mut declared = declared.peekable();
        declared.peek().is_some() && declared.all(printed)
    }

    /// In how many columns a group and rows have all their figures.
    fn comparable(&self, group: usize, parts: &[usize]) -> usize {
        self.rows[group]
            .cells
            .keys()
            .filter(|column| self.compare_group(group, parts, **column).is_some())
            .count()
    }

    /// A group's figures in the columns in which rows make them, without the digits that a tolerance leaves open.
    fn agreeing(&self, group: usize, parts: &[usize]) -> Vec<i64> {
        let agreeing = |column: &usize| {
            let (whole, sum) = self.compare_group(group, parts, *column)?;
            let tolerance = i128::from(self.tolerance(group, parts, *column));
            ((whole - sum).abs() <= tolerance).then_some((whole / (2 * tolerance + 1)) as i64)
        };
        self.rows[group].cells.keys().filter_map(agreeing).collect()
    }

    /// How far a group's figure in a column may be from what rows make there.
    fn tolerance(&self, group: usize, parts: &[usize], column: usize) -> i64 {
        let measure = self.view.figures.measures[self.rows[group].cells[&column]];
        let cells = self.cells(parts, column).count();
        self.allowance.of_sum(measure, cells).unwrap_or_default()
    }

    /// A group's figure in a column, and what rows make there; none where a figure is missing.
    fn compare_group(&self, group: usize, parts: &[usize], column: usize) -> Option<(i128, i128)> {
        let whole = *self.rows[group].cells.get(&column)?;
        let figure = |at: usize| i128::from(self.view.figures.values[at].unwrap_or_default());
        let mut all = self.cells(parts, column).chain([whole]);
        if all.any(|at| self.view.figures.is_missing(at)) {
            return None;
        }
        Some((figure(whole), self.cells(parts, column).map(figure).sum()))
    }

    fn cells<'s>(&'s self, rows: &'s [usize], column: usize) -> impl Iterator<Item = usize> + 's {
        rows.iter().filter_map(move |row| self.rows[*row].cells.get(&column).copied())
    }
}
