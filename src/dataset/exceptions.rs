//! Exceptions to the data, as data: figures known to be misprinted, and sums that a publisher prints though they do not add
//! up. Each carries a reason, and is a problem once it no longer applies.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::dataset::{DefinedFigure, Definition, Key, Measure};
use crate::problem::{Problem, Rule, did_you_mean};

/// A figure that is printed wrong, and the right one.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// The figure: `TTPS/CAN/2024`. A dimension that is left out is its total.
    #[schemars(with = "String")]
    pub key: Spanned<String>,
    /// The release it holds for, as a date; every release where left out.
    #[schemars(with = "Option<String>")]
    pub release: Option<Spanned<String>>,
    /// What is printed, to be sure that it still is.
    #[schemars(with = "String")]
    pub expected: Spanned<String>,
    /// The right figure.
    #[schemars(with = "DefinedFigure")]
    pub value: Spanned<DefinedFigure>,
    /// Why this is known.
    #[schemars(with = "String")]
    pub reason: Spanned<String>,
}

/// A sum that is known not to add up.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Discrepancy {
    /// The figures whose periods are named below: `market=X034`. A dimension that is left out is its total.
    #[schemars(with = "String")]
    pub key: Spanned<String>,
    /// What is printed less what its parts make, by the period.
    #[schemars(with = "BTreeMap<String, DefinedFigure>")]
    pub differences: BTreeMap<Spanned<String>, DefinedFigure>,
    /// Why it is published as it is.
    #[schemars(with = "String")]
    pub reason: Spanned<String>,
}

/// A discrepancy that a document had: its place in the definition, and the period.
pub type DiscrepancyRef = (usize, String);

impl Definition {
    /// The figure that a key of an exception names; none where the definition was not sound.
    #[must_use]
    pub fn exception_key(&self, key: &Spanned<String>) -> Option<Key> {
        Some(Key::parse(key.get_ref(), self).ok()?.for_one_figure(self))
    }

    /// The place of a key's measure in the definition: the only one where it names none.
    #[must_use]
    pub fn measure_of(&self, key: &Key) -> usize {
        key.measure.as_ref().and_then(|code| self.measure_by_code(code)).unwrap_or_default()
    }

    /// A figure of an exception in units of its measure's last decimal.
    #[must_use]
    pub fn units_of(&self, figure: DefinedFigure, key: &Key) -> i64 {
        figure.to_units(&self.measures[self.measure_of(key)]).unwrap_or_default()
    }

    /// The discrepancies of a whole run that no document had, given those that one had.
    #[must_use]
    pub fn unmatched_discrepancies(&self, met: &BTreeSet<DiscrepancyRef>) -> Vec<Problem> {
        let all = self.discrepancies.iter().enumerate();
        let each =
            all.flat_map(|(at, known)| known.differences.keys().map(move |period| (at, known, period)));
        let unmatched = each.filter(|(at, _, period)| !met.contains(&(*at, period.get_ref().clone())));
        let problem = |(_, known, period): (usize, &Discrepancy, &Spanned<String>)| {
            let message =
                format!("the discrepancy of {}/{} no longer is one", known.key.get_ref(), period.get_ref());
            let span = self.span(period, "no document has a sum there that is just so far off");
            Problem::new(Rule::DiscrepancyUnmatched, message, span)
                .help("take it out, or write what is printed now less what its parts make")
        };
        unmatched.map(problem).collect()
    }

    /// Exceptions name figures as published data do, and a reason.
    pub(super) fn validate_exceptions(&self) -> Vec<Problem> {
        let corrections = self.corrections.iter().flat_map(|correction| self.validate_correction(correction));
        let discrepancies = self.discrepancies.iter().flat_map(|known| self.validate_discrepancy(known));
        let all = corrections.chain(discrepancies).chain(self.validate_distinct_corrections());
        all.chain(self.validate_breaks()).collect()
    }

    fn validate_correction(&self, correction: &Correction) -> Vec<Problem> {
        let mut problems = self.validate_key(Rule::Correction, &correction.key, true);
        let key = self.exception_key(&correction.key).unwrap_or_default();
        if let Some(reason) = self.reject_figure(*correction.value.get_ref(), &key) {
            let message = "the corrected value is no figure of this measure".into();
            problems.push(self.fault(Rule::Correction, &correction.value, message, &reason));
        }
        if let Some(release) = &correction.release
            && crate::text::parse_date(release.get_ref()).is_none()
        {
            let problem =
                self.fault(Rule::Correction, release, "the correction's release is no date".into(), "");
            problems.push(problem.help("write it as 2026-02-28"));
        }
        problems.extend(self.validate_reason(Rule::Correction, &correction.reason));
        problems
    }

    fn validate_discrepancy(&self, known: &Discrepancy) -> Vec<Problem> {
        let mut problems = self.validate_key(Rule::Discrepancy, &known.key, false);
        let periods = known.differences.keys();
        problems.extend(periods.filter_map(|period| self.validate_period(Rule::Discrepancy, period)));
        problems.extend(self.validate_reason(Rule::Discrepancy, &known.reason));
        problems
    }

    pub(super) fn validate_reason(&self, rule: Rule, reason: &Spanned<String>) -> Option<Problem> {
        let message = format!("the {} has no reason", rule.id());
        let problem = || self.fault(rule, reason, message, "").help("say why this is known");
        reason.get_ref().trim().is_empty().then(problem)
    }

    /// A key names codes of the definition, and a period where one is wanted.
    fn validate_key(&self, rule: Rule, key: &Spanned<String>, with_period: bool) -> Vec<Problem> {
        let mut problems = self.validate_codes(rule, key);
        let Ok(parsed) = Key::parse(key.get_ref(), self) else { return problems };
        problems.extend(self.validate_key_parts(rule, key, &parsed));
        match &parsed.period {
            Some(period) => problems.extend(self.validate_period_text(rule, key, period)),
            None if with_period => {
                let message = format!("the {} names no period", rule.id());
                problems.push(self.fault(rule, key, message, "").help("name it last: `TTPS/CAN/2024`"));
            }
            None => {}
        }
        problems
    }

    /// A key names codes that the definition knows.
    pub(super) fn validate_codes(&self, rule: Rule, key: &Spanned<String>) -> Vec<Problem> {
        let parsed = match Key::parse(key.get_ref(), self) {
            Ok(parsed) => parsed,
            Err(why) => {
                return vec![self.fault(rule, key, format!("the {} names no figure", rule.id()), &why)];
            }
        };
        let codes = self.dimensions.iter().zip(&parsed.codes);
        let unknown = codes.filter_map(|(dimension, code)| {
            let code = code.as_ref().filter(|code| dimension.code(code).is_none())?;
            Some(self.unknown_code(rule, dimension, key, code))
        });
        unknown.collect()
    }

    /// A key may leave out a dimension that has a total, and the only measure.
    fn validate_key_parts(&self, rule: Rule, key: &Spanned<String>, parsed: &Key) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (dimension, code) in self.dimensions.iter().zip(&parsed.codes) {
            if code.is_none() && !dimension.has_total() {
                let message = format!("the {} names no code of `{}`", rule.id(), dimension.name());
                let problem = self.fault(rule, key, message, "it has no total that could be meant");
                problems.push(problem.help(format!("add `{}=…`", dimension.name())));
            }
        }
        let codes: Vec<&str> = self.measures.iter().map(Measure::code).collect();
        match &parsed.measure {
            Some(code) if self.measure_by_code(code).is_none() => {
                let message = format!("`{code}` is no measure of the definition");
                let help = did_you_mean(code, codes.iter().copied());
                let help = help.unwrap_or_else(|| format!("known here: {}", codes.join(", ")));
                problems.push(self.fault(rule, key, message, "").help(help));
            }
            None if self.has_measures() => {
                let message = format!("the {} names no measure", rule.id());
                let help = format!("add one: {}", codes.join(", "));
                problems.push(self.fault(rule, key, message, "").help(help));
            }
            _ => {}
        }
        problems
    }

    fn validate_distinct_corrections(&self) -> Vec<Problem> {
        let mut seen = BTreeSet::new();
        let again = self.corrections.iter().filter(|correction| {
            let release = correction.release.as_ref().map(|release| release.get_ref().clone());
            let key = self.exception_key(&correction.key).map(|key| format!("{key:?}"));
            !seen.insert((key, release))
        });
        let problem = |correction: &Correction| {
            self.fault(
                Rule::Correction,
                &correction.key,
                "the figure is corrected twice".into(),
                "again here",
            )
        };
        again.map(problem).collect()
    }

    /// Why a corrected value is no figure of the measure.
    fn reject_figure(&self, value: DefinedFigure, key: &Key) -> Option<String> {
        let measure = &self.measures[self.measure_of(key)];
        match value.to_units(measure) {
            Err(fault) => Some(fault.to_string()),
            Ok(figure) if figure < 0 && !measure.negative => Some("it cannot be below zero".into()),
            Ok(_) => None,
        }
    }
}
