//! What is wrong with a definition: all of it at once, each fault at its place.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use crate::dataset::titles::title_key;
use crate::dataset::{Correction, Definition, Figure};
use crate::grammar::indicator::{self, Indicator};
use crate::grammar::period::{Period, heading};
use crate::problem::{Kind, Mark, Problem, did_you_mean};
use crate::regions;

impl Definition {
    pub(super) fn fault<T>(
        &self,
        rule: &'static str,
        at: &Spanned<T>,
        message: String,
        label: &str,
    ) -> Problem {
        Problem::data(rule, message, self.mark(at, label)).of_kind(Kind::Definition)
    }

    /// All that a reader of TOML cannot see.
    pub(super) fn validate(&self) -> Vec<Problem> {
        let mut problems = self.validate_names();
        problems.extend(self.validate_titles());
        problems.extend(self.validate_nil_marks());
        problems.extend(self.validate_ignored());
        problems.extend(self.validate_discrepancies());
        problems.extend(self.validate_style());
        problems.extend(self.validate_distinct_corrections());
        problems.extend(self.periods.values().filter_map(|code| self.validate_period("period", code)));
        problems.extend(self.validate_labels());
        problems.extend(self.validate_sums());
        problems.extend(self.validate_columns());
        problems.extend(self.region_codes().filter_map(|code| self.validate_region(code)));
        problems.extend(self.corrections.iter().flat_map(|correction| self.validate_correction(correction)));
        problems
    }

    fn validate_names(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        if !is_name(self.name(), '-') {
            let message = format!("`{}` cannot name a dataset", self.name());
            let problem = self.fault("dataset-name", &self.name, message, "it names a folder, too");
            problems
                .push(problem.help("use lower-case letters, digits and hyphens, beginning with a letter"));
        }
        let column = self.category.column.get_ref();
        if !is_name(column, '_') || crate::columns::is_taken(column) {
            let problem = self.fault(
                "category-column",
                &self.category.column,
                format!("`{column}` cannot name the category's column"),
                "",
            );
            problems.push(
                problem.help("use lower-case letters, digits and underscores, and no other column's name"),
            );
        }
        problems
    }

    /// Codes and titles must tell the categories apart, or the rows of the table that they share.
    fn validate_titles(&self) -> Vec<Problem> {
        let (mut codes, mut titles) = (BTreeSet::new(), BTreeMap::new());
        let mut problems = Vec::new();
        for category in &self.categories {
            let code = category.code.get_ref();
            if code.is_empty() || !codes.insert(code) {
                problems.push(self.fault(
                    "category-code",
                    &category.code,
                    format!("the code `{code}` does not tell a category apart"),
                    "empty, or used before",
                ));
            }
            for title in category.titles() {
                let known = titles.insert(title_key(title), (code, !category.rows.is_empty()));
                let takes_all = category.rows.is_empty();
                let other = known.filter(|(other, by_rows)| *other != code && (takes_all || !by_rows));
                if let Some((other, _)) = other {
                    let message = format!("the title `{title}` belongs to two categories");
                    problems.push(self.fault(
                        "category-title",
                        &category.code,
                        message,
                        &format!("and to {other}"),
                    ));
                }
            }
        }
        problems
    }

    /// A nil mark that is empty, or reads as a figure, would hide one.
    fn validate_nil_marks(&self) -> Vec<Problem> {
        let marks = self.nil_marks.iter().flatten();
        let hides = |mark: &&Spanned<String>| self.hides_figures(mark.get_ref());
        let fault = |mark: &Spanned<String>| {
            let message = format!("`{}` cannot stand for nil", mark.get_ref());
            self.fault("nil-mark", mark, message, "it is empty, or a figure")
        };
        marks.filter(hides).map(fault).collect()
    }

    fn validate_distinct_corrections(&self) -> Vec<Problem> {
        let mut seen = BTreeSet::new();
        let mut problems = Vec::new();
        for correction in &self.corrections {
            let release = correction.release.as_ref().map(Spanned::get_ref);
            let figure =
                (correction.category.get_ref(), correction.region.get_ref(), correction.period.get_ref());
            if !seen.insert((figure, release)) {
                let message = "the figure is corrected twice".into();
                problems.push(self.fault("correction", &correction.category, message, "again here"));
            }
        }
        problems
    }

    /// Two labels that are printed alike cannot mean two things.
    fn validate_labels(&self) -> Vec<Problem> {
        let mut seen = BTreeSet::new();
        let again = self.regions.labels.iter().filter(|(label, _)| !seen.insert(regions::normalize(label)));
        let fault = |(label, code): (&String, &Spanned<String>)| {
            let message = format!("the label `{label}` has a meaning already");
            self.fault("region-label", code, message, "another label differs from it only in its form")
        };
        again.map(fault).collect()
    }

    /// A table can only be the sum of others that are declared.
    fn validate_sums(&self) -> Vec<Problem> {
        let parts = self
            .categories
            .iter()
            .flat_map(|category| category.sum_of.iter().map(move |code| (category, code)));
        let wrong = parts.filter(|(category, code)| {
            code.get_ref() == category.code.get_ref() || self.category(code.get_ref()).is_none()
        });
        let fault = |(_, code): (_, &Spanned<String>)| {
            let message = format!("`{}` is no other table of the definition", code.get_ref());
            self.fault("sum-of", code, message, "")
        };
        wrong.map(fault).collect()
    }

    /// Two headings that are printed alike cannot say two things.
    fn validate_columns(&self) -> Vec<Problem> {
        let mut seen = BTreeSet::new();
        let wrong = self.columns.iter().filter(|(heading, _)| {
            let form = indicator::normalize_heading(heading);
            form.is_empty() || !seen.insert(form)
        });
        let fault = |(heading, indicator): (&String, &Spanned<Indicator>)| {
            let message = format!("the heading `{heading}` does not tell a column apart");
            self.fault(
                "column",
                indicator,
                message,
                "it is empty, or another differs from it only in its form",
            )
        };
        wrong.map(fault).collect()
    }

    fn region_codes(&self) -> impl Iterator<Item = &Spanned<String>> {
        let categories =
            self.categories.iter().flat_map(|category| category.region.iter().chain(&category.excludes));
        let members =
            self.regions.members.iter().flat_map(|(group, members)| std::iter::once(group).chain(members));
        let names = self.regions.names.keys().chain(self.regions.labels.values()).chain(members);
        let sums = self.discrepancies.iter().map(|known| &known.region);
        let corrected = self.corrections.iter().map(|correction| &correction.region);
        categories.chain(names).chain(corrected).chain(sums)
    }

    fn validate_region(&self, code: &Spanned<String>) -> Option<Problem> {
        if self.region(code.get_ref()).is_some() {
            return None;
        }
        let message = format!("`{}` is no code of a region", code.get_ref());
        let help = match regions::resolve(code.get_ref()) {
            Some(known) => format!("write `{}`", known.region.code),
            None => {
                "use a code that `bluebook regions --list` has, or one of a group of your own, as `XNORTH`, \
                     that has a name under `[regions.names]`"
                    .into()
            }
        };
        Some(self.fault("region-code", code, message, "").help(help))
    }

    fn validate_correction(&self, correction: &Correction) -> Vec<Problem> {
        let mut problems: Vec<Problem> = self.validate_corrected_place(correction);
        if let Some(reason) = self.no_corrected_figure(correction.value.get_ref()) {
            let message = "the corrected value is no figure of this measure".into();
            problems.push(self.fault("correction", &correction.value, message, &reason));
        }
        if let Some(release) = &correction.release
            && crate::text::parse_date(release.get_ref()).is_none()
        {
            let problem = self.fault("correction", release, "the correction's release is no date".into(), "");
            problems.push(problem.help("write it as 2026-02-28"));
        }
        if correction.reason.get_ref().trim().is_empty() {
            let problem =
                self.fault("correction", &correction.reason, "the correction has no reason".into(), "");
            problems.push(problem.help("say why this is known"));
        }
        problems
    }

    /// A correction must name a category, and a period as published data do.
    fn validate_corrected_place(&self, correction: &Correction) -> Vec<Problem> {
        let (category, period) = (&correction.category, &correction.period);
        let mut problems = Vec::new();
        if self.category(category.get_ref()).is_none() {
            let codes = self.categories.iter().map(|category| category.code.get_ref().as_str());
            let message = "the correction names no category of the dataset".into();
            let problem = self.fault("correction", category, message, "");
            problems.push(Problem { help: did_you_mean(category.get_ref(), codes), ..problem });
        }
        problems.extend(self.validate_period("correction", period));
        problems
    }

    /// A period is written as published data name it.
    pub(super) fn validate_period(&self, rule: &'static str, period: &Spanned<String>) -> Option<Problem> {
        let text = period.get_ref().as_str();
        if text.parse::<Period>().is_ok() {
            return None;
        }
        let read = self.calendar.resolve(&[(text, heading::parse(text).as_ref())]).pop();
        let help = match read.and_then(Result::ok).flatten() {
            Some(period) => format!("write `{period}`"),
            None => "write it as published data do: 2024, 2026-01-01/P2M, 2024-12-31".into(),
        };
        Some(self.fault(rule, period, format!("`{text}` is no period"), "").help(help))
    }

    /// Why a corrected value is no figure of the measure.
    fn no_corrected_figure(&self, value: &Figure) -> Option<String> {
        match value.scaled(&self.measure) {
            Err(fault) => Some(fault.to_string()),
            Ok(figure) if figure < 0 && !self.measure.negative => Some("it cannot be below zero".into()),
            Ok(_) => None,
        }
    }
}

fn is_name(name: &str, joint: char) -> bool {
    let first = name.chars().next().is_some_and(|c| c.is_ascii_lowercase());
    first && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == joint)
}

/// A fault of the TOML, at its place; an unknown key with what was probably meant.
pub(super) fn toml_problem(error: &toml::de::Error, text: &str, path: &str) -> Problem {
    let span = error.span().unwrap_or(0..0);
    let message = error.message();
    let named: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let mark = Mark::span(path, text, span, "");
    let problem = |message: &str| {
        Problem::data("definition", format!("the definition is wrong: {message}"), mark)
            .of_kind(Kind::Definition)
    };
    match (named.split_first(), message.split_once(", expected")) {
        (Some((unknown, known)), Some((what, _))) if message.starts_with("unknown") => {
            let hint = did_you_mean(unknown, known.iter().copied());
            problem(what).help(hint.unwrap_or_else(|| format!("known here: {}", known.join(", "))))
        }
        _ => problem(message),
    }
}
