//! Nil symbols: zero where a sum that they are part of proves it or the definition says so, missing where nothing does.
//!
//! A column with a missing figure proves neither its total nor its nil symbols, and its check is left out, unless what is
//! known is already too much. A nil symbol that nothing proves is a missing figure, too: it is published with status O,
//! and its column has no derived total. What is missing inside a group leaves the total of its table known where the
//! group's own figure is printed; it proves no nil symbol, however.

use crate::checks::figures::TableFigures;
use crate::checks::sums::{Missing, TableSums};
use crate::dataset::{Definition, Nil};
use crate::normalize::BatchContext;
use crate::normalize::codes::CodeTable;
use crate::problem::{Problem, Rule};
use crate::text::format_count;

/// What the nil symbols of a table stand for, figure by figure.
pub struct NilSymbols {
    /// Whether the definition says that no figure can be there.
    pub is_excluded: Vec<bool>,
    /// Whether nothing tells that it is zero.
    pub is_unproven: Vec<bool>,
}

impl NilSymbols {
    /// What they stand for. Sums with a symbol that nothing proves lack a figure.
    #[must_use]
    pub fn new(
        figures: &TableFigures,
        sums: &mut TableSums,
        codes: &[CodeTable<'_>],
        definition: &Definition,
    ) -> NilSymbols {
        let is_excluded: Vec<bool> = (0..figures.len())
            .map(|at| figures.is_nil[at] && is_excluded(figures, at, codes, definition))
            .collect();
        let mut is_unproven = vec![false; figures.len()];
        if definition.nil == Nil::Zero || !figures.is_nil.contains(&true) {
            return NilSymbols { is_excluded, is_unproven };
        }
        for at in (0..figures.len()).filter(|at| figures.is_nil[*at]) {
            let is_proven = |view: &crate::checks::sums::ViewSums| {
                view.total_of(at).is_some_and(crate::checks::sums::Sum::proves)
            };
            is_unproven[at] = !sums.views.iter().any(is_proven) && !is_excluded[at];
        }
        for sum in sums.views.iter().flat_map(|view| &view.subtotals).filter(|sum| sum.proves()) {
            sum.members().for_each(|at| is_unproven[at] = false);
        }
        mark_missing(sums, &is_unproven);
        NilSymbols { is_excluded, is_unproven }
    }

    /// Whether a symbol stands for zero.
    #[must_use]
    pub fn is_zero(&self, figures: &TableFigures, at: usize) -> bool {
        figures.is_nil[at] && !self.is_excluded[at] && !self.is_unproven[at]
    }

    /// Says how many symbols of a table nothing proves.
    pub fn report(&self, figures: &TableFigures, context: BatchContext<'_>, problems: &mut Vec<Problem>) {
        let unproven: Vec<usize> = (0..figures.len()).filter(|at| self.is_unproven[*at]).collect();
        let Some(first) = unproven.first() else { return };
        let cell = figures.cells[*first];
        let message = format!("nothing proves that `{}` stands for zero", context.text_at(cell));
        let others = match unproven.len() - 1 {
            0 => String::new(),
            others => format!(", nor of {} of the table", format_count(others, "other symbol")),
        };
        let label = format!("no total does{others}: published as missing, status O");
        let help = "where the publisher says that it is zero, say `nil = \"zero\"` in the definition";
        problems.push(Problem::new(Rule::NilUnproven, message, context.span(cell, label)).help(help));
    }
}

/// Sums with a symbol that nothing proves lack a figure.
fn mark_missing(sums: &mut TableSums, is_unproven: &[bool]) {
    for view in &mut sums.views {
        for at in (0..is_unproven.len()).filter(|at| is_unproven[*at]) {
            let missing = if view.is_part[at] { Missing::Parts } else { Missing::Below };
            let Some(place) = view.total_place(at) else { continue };
            view.totals[place].missing = view.totals[place].missing.max(missing);
        }
        for sum in &mut view.subtotals {
            if sum.parts.iter().any(|at| is_unproven[*at]) {
                sum.missing = Missing::Parts;
            }
        }
    }
}

/// Whether the definition says that a table has no figures of a code.
fn is_excluded(figures: &TableFigures, at: usize, codes: &[CodeTable<'_>], definition: &Definition) -> bool {
    let excludes = &definition.tables[figures.table as usize].excludes;
    excludes
        .iter()
        .any(|(dimension, code, _)| codes[*dimension].index(code) == Some(figures.code(at, *dimension)))
}
