//! Nil marks: zero where a sum that they are part of proves it or the definition says so, missing where nothing does.

use std::collections::BTreeSet;

use crate::dataset;
use crate::problem::{Kind, Problem};
use crate::text::format_count;
use crate::transform::regions::Regions;
use crate::transform::totals::facts::Facts;
use crate::transform::totals::structure::Structure;
use crate::transform::totals::sum::{Lacks, Sum};
use crate::transform::{Context, TableOf};

/// What the nil marks of a batch stand for, fact by fact.
pub struct Nil {
    /// Whether the definition says that no figure can be there.
    pub is_excluded: Vec<bool>,
    /// Whether nothing tells that it is zero.
    pub is_unproven: Vec<bool>,
}

impl Nil {
    /// What they stand for. Sums with a mark that nothing proves lack a figure.
    pub fn of(
        facts: &Facts<'_>,
        structure: &Structure,
        totals: &mut [Sum],
        subtotals: &mut [Sum],
        regions: &Regions,
        context: Context<'_>,
    ) -> Nil {
        let excluded = excluded(regions, context);
        let region = |at: usize| (facts.keys[at].table().1, facts.keys[at].region());
        let is_excluded = |at| facts.is_nil[at] && excluded.contains(&region(at));
        let is_excluded: Vec<bool> = (0..facts.keys.len()).map(is_excluded).collect();
        let mut is_unproven = vec![false; facts.keys.len()];
        if context.definition.nil == dataset::Nil::Zero {
            return Nil { is_excluded, is_unproven };
        }
        for (at, column) in facts.columns.iter().enumerate().filter(|(at, _)| facts.is_nil[*at]) {
            is_unproven[at] = !totals[*column].proves() && !is_excluded[at];
        }
        for ((group, parts), _) in structure.groups.iter().zip(&*subtotals).filter(|(_, sum)| sum.proves()) {
            parts.iter().chain([group]).for_each(|at| is_unproven[*at] = false);
        }
        for (at, column) in facts.columns.iter().enumerate().filter(|(at, _)| is_unproven[*at]) {
            let lacks = if structure.is_part[at] { Lacks::Parts } else { Lacks::Below };
            totals[*column].lacks = totals[*column].lacks.max(lacks);
        }
        for ((_, parts), sum) in structure.groups.iter().zip(subtotals) {
            if parts.iter().any(|at| is_unproven[*at]) {
                sum.lacks = Lacks::Parts;
            }
        }
        Nil { is_excluded, is_unproven }
    }

    /// Whether a mark stands for zero.
    pub fn is_zero(&self, facts: &Facts<'_>, at: usize) -> bool {
        facts.is_nil[at] && !self.is_excluded[at] && !self.is_unproven[at]
    }

    /// Says of each table how many marks nothing proves.
    pub fn report(&self, facts: &Facts<'_>, context: Context<'_>, problems: &mut Vec<Problem>) {
        let unproven: Vec<usize> = (0..facts.keys.len()).filter(|at| self.is_unproven[*at]).collect();
        let table = |at: &usize| -> TableOf { facts.keys[*at].table() };
        for marks in unproven.chunk_by(|a, b| table(a) == table(b)) {
            let spot = facts.spot(marks[0]);
            let message = format!("nothing proves that `{}` stands for zero", context.printed(spot));
            let others = match marks.len() - 1 {
                0 => String::new(),
                others => format!(", nor of {} of the table", format_count(others, "other mark")),
            };
            let label = format!("no total does{others}: published as missing, status O");
            let help = "where the publisher says that it is zero, say `nil = \"zero\"` in the definition";
            let problem = Problem::data("nil-unproven", message, context.mark(spot, label));
            problems.push(problem.of_kind(Kind::Warning).help(help));
        }
    }
}

/// Categories and the regions that cannot occur in them.
fn excluded(regions: &Regions, context: Context<'_>) -> BTreeSet<(u32, Option<u32>)> {
    let of = |region: &str, rank| regions.index(region).map(|region| (rank, Some(region)));
    let categories = context.definition.categories.iter();
    categories
        .flat_map(|category| {
            category.excludes.iter().filter_map(move |region| of(region.get_ref(), category.rank))
        })
        .collect()
}
