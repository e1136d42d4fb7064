//! Sums that a publisher prints though they do not add up: known, with the reason, and published as printed.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use toml::Spanned;

use crate::dataset::{Definition, Figure};
use crate::problem::{Problem, Rule, did_you_mean};

/// A sum that is known not to add up.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discrepancy {
    /// Code of the category.
    pub category: Spanned<String>,
    /// Code of the region whose figure is the sum; `_T` for the total.
    pub region: Spanned<String>,
    /// What is printed less what its parts make, by the period.
    pub differences: BTreeMap<Spanned<String>, Figure>,
    /// Why it is published as it is.
    pub reason: Spanned<String>,
}

impl Definition {
    /// How far a sum is known to be off, in units of the measure's last decimal.
    #[must_use]
    pub fn difference(&self, figure: Figure) -> i64 {
        figure.scaled(&self.measure).unwrap_or_default()
    }

    /// The discrepancies of a whole run that no document had, given those that one had, each by its place in the
    /// definition and its period.
    #[must_use]
    pub fn unmatched_discrepancies(&self, met: &BTreeSet<(usize, String)>) -> Vec<Problem> {
        let all = self.discrepancies.iter().enumerate();
        let each =
            all.flat_map(|(at, known)| known.differences.keys().map(move |period| (at, known, period)));
        let unmatched = each.filter(|(at, _, period)| !met.contains(&(*at, period.get_ref().clone())));
        let problem = |(_, known, period): (usize, &Discrepancy, &Spanned<String>)| {
            let (category, region) = (known.category.get_ref(), known.region.get_ref());
            let message =
                format!("the discrepancy of {category}/{region}/{} no longer is one", period.get_ref());
            let span = self.span(period, "no document has a sum there that is just so far off");
            Problem::new(Rule::DiscrepancyUnmatched, message, span)
                .help("take it out, or write what is printed now less what its parts make")
        };
        unmatched.map(problem).collect()
    }

    /// A discrepancy names a category, periods as published data do, and a reason.
    pub(super) fn validate_discrepancies(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for known in &self.discrepancies {
            let category = &known.category;
            if self.category(category.get_ref()).is_none() {
                let codes = self.categories.iter().map(|category| category.code.get_ref().as_str());
                let message = "the discrepancy names no category of the dataset".into();
                let problem = self.fault(Rule::Discrepancy, category, message, "");
                problems.push(Problem { help: did_you_mean(category.get_ref(), codes), ..problem });
            }
            let periods = known.differences.keys();
            problems.extend(periods.filter_map(|period| self.validate_period(Rule::Discrepancy, period)));
            if known.reason.get_ref().trim().is_empty() {
                let message = "the discrepancy has no reason".into();
                let problem = self.fault(Rule::Discrepancy, &known.reason, message, "");
                problems.push(problem.help("say why it is published as it is"));
            }
        }
        problems
    }
}
