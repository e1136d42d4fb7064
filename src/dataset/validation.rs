//! What is wrong with a definition: all of it at once, each fault at its place.

mod dimensions;
mod sum_across;
mod tables;

use std::collections::BTreeSet;

use toml::Spanned;

use crate::dataset::Definition;
use crate::dataset::dimension::Dimension;
use crate::grammar::indicator::{self, Indicator};
use crate::grammar::period::{Period, heading};
use crate::problem::{Problem, Rule, Span, did_you_mean};

/// Names of published columns, which no dimension may have.
pub const RESERVED: [&str; 60] = [
    "dataset",
    "release_date",
    "measure",
    "unit",
    "period",
    "period_label",
    "period_start",
    "period_end",
    "period_months",
    "is_partial",
    "value",
    "value_label",
    "status",
    "basis",
    "share",
    "monthly_average",
    "previous_period",
    "previous_release",
    "comparison",
    "realtime_start",
    "realtime_end",
    "revision",
    "kind",
    "previous_value",
    "difference_relative",
    "releases",
    "last_release",
    "change_absolute",
    "change_relative",
    "share_change",
    "contribution",
    "source",
    "source_position",
    "table",
    "along",
    "check",
    "published",
    "computed",
    "difference",
    "tolerance",
    "passed",
    "cells",
    "note",
    "printed_with",
    "text",
    "mark",
    "marked_at",
    "ignored",
    "lower",
    "upper",
    "exact",
    "categories",
    "listed",
    "folded",
    "closed",
    "missing",
    "share_lower",
    "share_upper",
    "alpha2",
    "m49",
];

/// Endings of published columns that follow from a dimension.
pub const ENDINGS: [&str; 4] = ["_name", "_label", "_kind", "_rank"];

impl Definition {
    pub(super) fn fault<T>(&self, rule: Rule, at: &Spanned<T>, message: String, label: &str) -> Problem {
        Problem::new(rule, message, self.span(at, label))
    }

    /// All that a reader of TOML cannot see.
    pub(super) fn validate(&self) -> Vec<Problem> {
        let mut problems = self.validate_name();
        problems.extend(self.dimensions.iter().flat_map(|dimension| self.validate_dimension(dimension)));
        problems.extend(self.validate_distinct_dimensions());
        problems.extend(self.validate_measures());
        problems.extend(self.validate_share());
        problems.extend(self.validate_sum_across());
        problems.extend(self.declared.iter().flat_map(|entry| self.validate_table(entry)));
        problems.extend(self.validate_stub(self.stub.as_ref()));
        problems.extend(self.header.iter().flatten().flat_map(|roles| self.validate_roles(roles)));
        problems.extend(self.validate_distinct_tables());
        problems.extend(self.validate_patterns());
        problems.extend(self.validate_style());
        problems.extend(self.periods.values().filter_map(|code| self.validate_period(Rule::Period, code)));
        problems.extend(self.validate_headings());
        problems.extend(self.validate_exceptions());
        problems
    }

    fn validate_name(&self) -> Vec<Problem> {
        if is_name(self.name(), '-') {
            return Vec::new();
        }
        let message = format!("`{}` cannot name a dataset", self.name());
        let problem = self.fault(Rule::DatasetName, &self.name, message, "it names a folder, too");
        vec![problem.help("use lower-case letters, digits and hyphens, beginning with a letter")]
    }

    /// Several measures need codes that differ.
    fn validate_measures(&self) -> Vec<Problem> {
        let mut seen = BTreeSet::new();
        let mut problems = Vec::new();
        for measure in self.measures.iter().filter(|_| self.has_measures()) {
            match &measure.code {
                None => {
                    let message = format!("the measure `{}` has no code", measure.name);
                    let problem = self.fault(Rule::Measure, &self.name, message, "in this definition");
                    problems.push(problem.help("each of several measures needs one: `code = \"NUMBER\"`"));
                }
                Some(code) if !seen.insert(code.get_ref()) => {
                    let message = format!("the measure `{}` is declared twice", code.get_ref());
                    problems.push(self.fault(Rule::Measure, code, message, "again here"));
                }
                Some(_) => {}
            }
        }
        if self.measures.is_empty() {
            problems.push(self.fault(Rule::Measure, &self.name, "the definition has no measure".into(), ""));
        }
        problems
    }

    fn validate_share(&self) -> Option<Problem> {
        let name = self.share_of.as_ref()?;
        let known = self.dimension_index(name.get_ref()).map(|at| &self.dimensions[at]);
        if known.is_some_and(Dimension::has_total) {
            return None;
        }
        let message = format!("`{}` is no dimension with a total", name.get_ref());
        Some(self.fault(Rule::ShareOf, name, message, "shares are of its total, `_T`"))
    }

    /// Two headings that are printed alike cannot say two things.
    fn validate_headings(&self) -> Vec<Problem> {
        let mut seen = BTreeSet::new();
        let wrong = self.headings.iter().filter(|(heading, _)| {
            let form = indicator::normalize_heading(heading);
            form.is_empty() || !seen.insert(form)
        });
        let fault = |(heading, indicator): (&String, &Spanned<Indicator>)| {
            let message = format!("the heading `{heading}` does not tell a column apart");
            let label = "it is empty, or another differs from it only in its form";
            self.fault(Rule::Heading, indicator, message, label)
        };
        wrong.map(fault).collect()
    }

    /// A period is written as published data name it.
    pub(super) fn validate_period(&self, rule: Rule, period: &Spanned<String>) -> Option<Problem> {
        self.validate_period_text(rule, period, period.get_ref())
    }

    pub(super) fn validate_period_text<T>(&self, rule: Rule, at: &Spanned<T>, text: &str) -> Option<Problem> {
        if text.parse::<Period>().is_ok() {
            return None;
        }
        let read = self.calendar.resolve(&[(text, heading::parse(text).as_ref())]).pop();
        let help = match read.and_then(Result::ok).flatten() {
            Some(period) => format!("write `{period}`"),
            None => "write it as published data do: 2024, 2026-01-01/P2M, 2024-12-31".into(),
        };
        Some(self.fault(rule, at, format!("`{text}` is no period"), "").help(help))
    }
}

/// Whether a name has only lower-case letters, digits and this character between its words, and begins with a letter.
#[must_use]
pub fn is_name(name: &str, joint: char) -> bool {
    let first = name.chars().next().is_some_and(|c| c.is_ascii_lowercase());
    first && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joint)
}

/// A fault of the TOML, at its place; an unknown key with what was probably meant.
pub(super) fn toml_problem(error: &toml::de::Error, text: &str, path: &str) -> Problem {
    let span = error.span().unwrap_or(0..0);
    let message = error.message();
    let is_excluded_list =
        message.starts_with("invalid type: sequence") && is_value_of("excludes", text, span.start);
    let named: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let span = Span::from_range(path, text, span, "");
    let problem =
        |message: &str| Problem::new(Rule::Definition, format!("the definition is wrong: {message}"), span);
    match (named.split_first(), message.split_once(", expected")) {
        (Some((unknown, known)), Some((what, _))) if replacement(message, unknown, known).is_some() => {
            problem(what).help(replacement(message, unknown, known).unwrap_or_default())
        }
        (Some((unknown, known)), Some((what, _))) if message.starts_with("unknown") => {
            let hint = did_you_mean(unknown, known.iter().copied());
            problem(what).help(hint.unwrap_or_else(|| format!("known here: {}", known.join(", "))))
        }
        _ if is_excluded_list => {
            problem(message).help("name the dimension: `excludes = { region = [\"CHN\"] }`")
        }
        _ => problem(message),
    }
}

/// Whether what stands at a place is the value of a key.
fn is_value_of(key: &str, text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.trim_end().strip_suffix('='));
    before.is_some_and(|before| before.trim_end().ends_with(key))
}

/// What takes the place of a key of the language's first version, where the others are known.
fn replacement(message: &str, key: &str, known: &[&str]) -> Option<&'static str> {
    const REPLACED: [(&str, &str); 9] = [
        ("category", "what tells tables apart is a `[[dimension]]` with `printed = \"table\"` and its codes"),
        (
            "regions",
            "`names`, `members` and `labels` stand under the `[[dimension]]` that has `codes = \"regions\"`",
        ),
        ("marks", "what stands in place of a figure is in `[symbols]`, what stands beside one in `[flags]`"),
        ("nil_marks", "name nil symbols under `[symbols]`: `\"-\" = \"nil\"`"),
        ("labels", "say what label columns name: `stub = { region = [\"Country\"], ignored = [\"No.\"] }`"),
        ("columns", "what headings say is under `[headings]` now"),
        ("code", "codes stand under the `[[dimension]]`; the table has `fixed = { … }`"),
        ("titles", "write `title = [\"…\", \"…\"]`"),
        ("region", "write `only = { region = \"…\" }`"),
    ];
    if !message.starts_with("unknown field") {
        return None;
    }
    let is_exception = known.contains(&"key") && ["category", "region", "period"].contains(&key);
    match (is_exception, known.contains(&"differences")) {
        (true, true) => return Some("write `key = \"TTPS/CAN\"`: a code of each dimension"),
        (true, false) => {
            return Some("write `key = \"TTPS/CAN/2024\"`: a code of each dimension, and the period");
        }
        _ => {}
    }
    REPLACED.iter().find(|(old, _)| *old == key).map(|(_, new)| *new)
}
