//! What a printed column of a table says of a code: how many, how many at most, or that there are none.

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::{CANNOT_EXIST, DERIVED};
use crate::dataset::CodeKind;
use crate::transform::bounds::holders::Holders;

/// The figures of a table for one period, by their code of the dimension of shares.
#[derive(Debug, Default)]
pub struct BoundsColumn {
    figures: BTreeMap<u32, PrintedFigure>,
    /// The totals and groups that are the sum of what is printed.
    pub proven: BTreeSet<u32>,
    /// A document that prints it.
    pub document: u32,
}

/// A figure.
#[derive(Clone, Copy, Debug)]
pub struct PrintedFigure {
    pub value: Option<i64>,
    pub status: u32,
    pub basis: u32,
    /// The table of the definition.
    pub table: u32,
}

/// How a column answers for a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It prints its figure.
    Listed,
    /// It has a residual, or a group, that may hold it.
    Folded,
    /// It cannot hold it.
    Closed,
    /// It prints no figure for it.
    Missing,
}

impl How {
    /// How many ways there are.
    pub const COUNT: usize = 4;
}

/// What a column says of a code.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    pub how: How,
    pub lower: i128,
    /// None where nothing bounds it.
    pub upper: Option<i128>,
}

impl Answer {
    pub fn listed(value: i128) -> Answer {
        Answer { how: How::Listed, lower: value, upper: Some(value) }
    }

    fn closed() -> Answer {
        Answer { how: How::Closed, lower: 0, upper: Some(0) }
    }
}

impl BoundsColumn {
    pub fn add(&mut self, code: u32, figure: PrintedFigure, document: u32) {
        self.figures.insert(code, figure);
        self.document = document;
    }

    fn value(&self, code: u32) -> Option<i128> {
        self.figures.get(&code)?.value.map(i128::from)
    }
}

/// What a column says, with what is known of each whole.
pub struct Answers<'c> {
    column: &'c BoundsColumn,
    holders: &'c Holders<'c>,
    /// For each whole, the sum of the figures in it that are printed.
    known: Vec<i128>,
}

impl<'c> Answers<'c> {
    pub fn new(column: &'c BoundsColumn, holders: &'c Holders<'c>) -> Answers<'c> {
        let mut known = vec![0; holders.wholes.len()];
        let is_part =
            |code: u32| [CodeKind::Leaf, CodeKind::Residual].iter().any(|kind| holders.codes.is(code, *kind));
        for (code, figure) in column.figures.iter().filter(|(code, _)| is_part(**code)) {
            let value = i128::from(figure.value.unwrap_or_default());
            holders.of(*code).iter().for_each(|whole| known[*whole] += value);
        }
        Answers { column, holders, known }
    }

    /// The leaves that the column lists.
    pub fn leaves(&self) -> impl Iterator<Item = u32> {
        self.column.figures.keys().copied().filter(|code| self.holders.codes.is(*code, CodeKind::Leaf))
    }

    /// The total, be it printed or derived.
    pub fn total(&self) -> Option<i128> {
        self.column.value(self.holders.codes.total()?)
    }

    /// What the column says of a leaf.
    pub fn answer(&self, code: u32) -> Answer {
        match (self.column.value(code), self.column.figures.get(&code)) {
            (Some(value), _) => Answer::listed(value),
            _ if self.is_closed(code) => Answer::closed(),
            (None, Some(_)) => Answer { how: How::Missing, lower: 0, upper: self.at_most(code) },
            (None, None) => self.unlisted(code),
        }
    }

    /// Whether the code cannot occur: the column says so, or all tables that print it.
    fn is_closed(&self, code: u32) -> bool {
        let mut figures = self.column.figures.values();
        let is_impossible = self.column.figures.get(&code).is_some_and(|own| own.status == CANNOT_EXIST);
        is_impossible || figures.all(|figure| self.holders.is_closed(figure.table, code))
    }

    /// What it says of a code that it has no row for: the innermost wholes around it tell.
    fn unlisted(&self, code: u32) -> Answer {
        let around = self.innermost(code);
        let rooms = around.iter().filter_map(|whole| self.room(*whole)).min();
        let upper = rooms.or_else(|| self.at_most(code));
        let vague = self.vague_groups(&around);
        let is_residual = |whole: &usize| self.residual(*whole).is_some();
        if vague.is_empty() && around.iter().any(|whole| self.is_complete(*whole)) {
            return Answer::closed();
        }
        let is_folded = !vague.is_empty() || around.iter().any(is_residual);
        let how = if is_folded { How::Folded } else { How::Missing };
        let upper = vague.into_iter().fold(upper, |most, group| Some(most?.max(group?)));
        Answer { how, lower: 0, upper }
    }

    /// The printed wholes that hold a code and no other of them that does.
    fn innermost(&self, code: u32) -> Vec<usize> {
        let is_printed = |whole: &usize| self.is_printed(*whole);
        let around: Vec<usize> = self.holders.of(code).iter().copied().filter(is_printed).collect();
        let is_outer = |whole: usize| around.iter().any(|part| self.holders.is_inside(*part, whole));
        around.iter().copied().filter(|whole| !is_outer(*whole)).collect()
    }

    /// Whether a whole, or what is left of it, is printed. The total is always there, be it printed or not.
    fn is_printed(&self, whole: usize) -> bool {
        let figure = self.holders.wholes[whole].figure;
        let is_there = |code: u32| self.column.figures.contains_key(&code);
        figure == self.holders.codes.total() || figure.is_some_and(is_there) || self.residual(whole).is_some()
    }

    /// The code of what is left of a whole, where it is printed.
    fn residual(&self, whole: usize) -> Option<u32> {
        self.holders.wholes[whole].residual.filter(|code| self.column.figures.contains_key(code))
    }

    /// Whether all that a whole holds is printed.
    fn is_complete(&self, whole: usize) -> bool {
        let is_proven = |code: u32| self.column.proven.contains(&code);
        self.residual(whole).is_none() && self.holders.wholes[whole].figure.is_some_and(is_proven)
    }

    /// How many of an unlisted code an innermost whole leaves room for; none where its residual does not tell.
    fn room(&self, whole: usize) -> Option<i128> {
        match self.residual(whole) {
            Some(residual) => self.column.value(residual),
            None => self.is_complete(whole).then_some(0),
        }
    }

    /// How many of a code without a figure there can be: what the wholes around it have beside all that is known.
    fn at_most(&self, code: u32) -> Option<i128> {
        let rest = |whole: &usize| {
            let figure = self.holders.wholes[*whole].figure?;
            self.column.figures.get(&figure).filter(|figure| figure.basis != DERIVED)?;
            Some((self.column.value(figure)? - self.known[*whole]).max(0))
        };
        self.holders.of(code).iter().filter_map(rest).min()
    }

    /// The figures of groups that may hold any code that no other group holds, because nothing says what they do.
    fn vague_groups(&self, around: &[usize]) -> Vec<Option<i128>> {
        let is_held =
            around.iter().any(|whole| self.holders.wholes[*whole].figure != self.holders.codes.total());
        let groups = self.holders.wholes.iter().filter(|whole| whole.is_vague && !is_held);
        let printed = groups.filter_map(|whole| whole.figure);
        let printed = printed.filter(|code| self.column.figures.contains_key(code));
        printed.map(|code| self.column.value(code)).collect()
    }
}
