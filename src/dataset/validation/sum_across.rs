//! What is wrong with the dimensions that are added up across: nothing may be counted twice, and there must be something that
//! adds up.

use std::collections::BTreeSet;

use toml::Spanned;

use crate::dataset::dimension::{CodeKind, Dimension};
use crate::dataset::table::TableEntry;
use crate::dataset::{Definition, Measure};
use crate::problem::{Problem, Rule, did_you_mean};

impl Definition {
    pub(super) fn validate_sum_across(&self) -> Vec<Problem> {
        let mut seen = BTreeSet::new();
        let mut problems = Vec::new();
        for name in &self.sum_across {
            let at = self.dimension_index(name.get_ref());
            problems.extend(self.validate_summed_dimension(name, at, seen.insert(name.get_ref())));
            problems.extend(at.iter().flat_map(|at| self.validate_summed_tables(*at)));
        }
        let first = self.sum_across.first().filter(|_| !self.measures.iter().any(Measure::has_bounds));
        problems.extend(first.map(|first| {
            let message = "no measure has bounds across dimensions".into();
            let label = "its figures do not add up, or can be below zero";
            self.fault(Rule::SumAcross, first, message, label)
        }));
        problems
    }

    fn validate_summed_dimension(
        &self,
        name: &Spanned<String>,
        at: Option<usize>,
        is_first: bool,
    ) -> Option<Problem> {
        let own = name.get_ref();
        let fault = |message: String, label: &str| Some(self.fault(Rule::SumAcross, name, message, label));
        match (at, self.share_dimension()) {
            (None, _) => {
                let known: Vec<&str> = self.dimensions.iter().map(Dimension::name).collect();
                let hint = did_you_mean(own, known.iter().copied());
                let help = hint.unwrap_or_else(|| format!("known here: {}", known.join(", ")));
                fault(format!("`{own}` is no dimension of the definition"), "").map(|fault| fault.help(help))
            }
            (_, None) => fault("no dimension has shares".into(), "bounds are of its codes"),
            (at, share) if at == share => {
                fault(format!("`{own}` is the dimension of shares"), "bounds are of its codes")
            }
            _ if !is_first => fault(format!("`{own}` is named twice"), "again here"),
            _ => None,
        }
    }

    /// Tables that would be counted beside what they are the sum of.
    fn validate_summed_tables(&self, dimension: usize) -> Vec<Problem> {
        self.declared.iter().filter_map(|entry| self.counted_twice(entry, dimension)).collect()
    }

    fn counted_twice(&self, entry: &TableEntry, at: usize) -> Option<Problem> {
        let dimension = &self.dimensions[at];
        let mut fixed = entry.fixed.iter().chain(&entry.only);
        let (_, code) = fixed.find(|(name, _)| name.get_ref() == dimension.name())?;
        let own = code.get_ref();
        let kind = dimension.code(own)?.kind;
        let parts = entry.sum_of.iter().filter_map(|part| self.table_index(part.get_ref()));
        let mut codes = parts.filter_map(|part| self.tables[part].fixed[at].as_ref());
        let part = codes.find(|part| *part != own)?;
        if matches!(kind, CodeKind::Total | CodeKind::Group) {
            return None;
        }
        let message =
            format!("`{own}` would be counted with its part `{part}` across `{}`", dimension.name());
        let help =
            format!("give it the code `_T`, or say of its parts `parent = \"{own}\"`: neither is added up");
        Some(self.fault(Rule::SumAcross, code, message, "the sum of other tables").help(help))
    }
}
