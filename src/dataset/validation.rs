//! What is wrong with a definition: all of it at once, each fault at its place.

use std::collections::{BTreeMap, BTreeSet};

use toml::Spanned;

use crate::dataset::dimension::{Code, Dimension};
use crate::dataset::role::Stub;
use crate::dataset::table::TableEntry;
use crate::dataset::titles::title_key;
use crate::dataset::{Definition, Role};
use crate::grammar::indicator::{self, Indicator};
use crate::grammar::period::{Period, heading};
use crate::problem::{Problem, Rule, Span, did_you_mean};
use crate::regions;

/// Names of published columns, which no dimension may have.
pub const RESERVED: [&str; 40] = [
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
    "alpha2",
    "m49",
];

/// Endings of published columns that follow from a dimension.
const ENDINGS: [&str; 4] = ["_name", "_label", "_kind", "_rank"];

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

    fn validate_dimension(&self, dimension: &Dimension) -> Vec<Problem> {
        let name = dimension.name();
        let mut problems = Vec::new();
        if !is_name(name, '_')
            || RESERVED.contains(&name)
            || ENDINGS.iter().any(|ending| name.ends_with(ending))
        {
            let message = format!("`{name}` cannot name a dimension");
            let problem = self.fault(Rule::Dimension, &dimension.name, message, "it names published columns");
            problems.push(
                problem.help("use lower-case letters, digits and underscores, and no other column's name"),
            );
        }
        if dimension.is_regions() {
            problems.extend(self.validate_regions(dimension));
        } else {
            problems.extend(self.validate_list(dimension));
        }
        problems
    }

    fn validate_distinct_dimensions(&self) -> Vec<Problem> {
        let mut seen = BTreeSet::new();
        let again = self.dimensions.iter().filter(|dimension| !seen.insert(dimension.name()));
        let fault = |dimension: &Dimension| {
            let message = format!("the dimension `{}` is declared twice", dimension.name());
            self.fault(Rule::Dimension, &dimension.name, message, "again here")
        };
        let mut problems: Vec<Problem> = again.map(fault).collect();
        let regions = self.dimensions.iter().filter(|dimension| dimension.is_regions()).skip(1);
        problems.extend(regions.map(|dimension| {
            let message = "only one dimension can have the built-in regions".into();
            let problem = self.fault(Rule::Dimension, &dimension.codes, message, "");
            problem.help("give one of them codes of its own")
        }));
        problems
    }

    /// Codes, names and labels of regions must be known, and no two labels alike.
    fn validate_regions(&self, dimension: &Dimension) -> Vec<Problem> {
        let members =
            dimension.members.iter().flat_map(|(group, members)| std::iter::once(group).chain(members));
        let codes = dimension.names.keys().chain(dimension.labels.values()).chain(members);
        let unknown = codes.filter(|code| dimension.code(code.get_ref()).is_none());
        let mut problems: Vec<Problem> = unknown
            .map(|code| self.unknown_code(Rule::RegionCode, dimension, code, code.get_ref()))
            .collect();
        let mut seen = BTreeSet::new();
        let again = dimension.labels.iter().filter(|(label, _)| !seen.insert(regions::normalize(label)));
        problems.extend(again.map(|(label, code)| {
            let message = format!("the label `{label}` has a meaning already");
            self.fault(Rule::RegionLabel, code, message, "another label differs from it only in its form")
        }));
        problems
    }

    /// Own codes must differ, and so must their labels; parents must be codes, and no code a part of itself.
    fn validate_list(&self, dimension: &Dimension) -> Vec<Problem> {
        let mut problems: Vec<Problem> = self.validate_only_regions(dimension).into_iter().collect();
        let mut labels: BTreeMap<String, &str> = BTreeMap::new();
        for code in dimension.own_codes() {
            let own = code.code.get_ref();
            if own.trim().is_empty() || own.contains(['/', '=', ' ']) {
                let message = format!("`{own}` cannot be a code");
                problems.push(
                    self.fault(Rule::Code, &code.code, message, "").help("use letters, digits and `_`"),
                );
            }
            for label in code.printed() {
                let first = labels.insert(regions::normalize(label), own).filter(|first| first != own);
                problems.extend(first.map(|first| {
                    let message = format!("the label `{label}` stands for two codes");
                    self.fault(Rule::Code, &code.code, message, &format!("and for {first}"))
                }));
            }
            problems.extend(self.validate_parent(dimension, code));
        }
        problems
    }

    fn validate_parent(&self, dimension: &Dimension, code: &Code) -> Option<Problem> {
        let parent = code.parent.as_ref()?;
        let own = code.code.get_ref().as_str();
        if dimension.code(parent.get_ref()).is_none() {
            return Some(self.unknown_code(Rule::Code, dimension, parent, parent.get_ref()));
        }
        dimension.holds(own, own).then(|| {
            self.fault(Rule::Code, parent, format!("`{own}` would be a part of itself"), "by its parents")
        })
    }

    /// What only regions have is no key of a list.
    fn validate_only_regions(&self, dimension: &Dimension) -> Option<Problem> {
        let first =
            dimension.names.keys().chain(dimension.members.keys()).chain(dimension.labels.values()).next();
        let label = "`names`, `members` and `labels` go with `codes = \"regions\"`";
        let message = "a list of codes names and labels them itself".into();
        first.map(|at| self.fault(Rule::Dimension, at, message, label))
    }

    /// A code that a dimension does not have.
    pub(super) fn unknown_code<T>(
        &self,
        rule: Rule,
        dimension: &Dimension,
        at: &Spanned<T>,
        code: &str,
    ) -> Problem {
        if !dimension.is_regions() {
            let message = format!("`{code}` is no code of `{}`", dimension.name());
            let known = dimension.own_codes().iter().map(|own| own.code.get_ref().as_str());
            let listed = || format!("known here: {}", known.clone().take(20).collect::<Vec<_>>().join(", "));
            let help = did_you_mean(code, known.clone()).unwrap_or_else(listed);
            return self.fault(rule, at, message, "").help(help);
        }
        let help = match regions::resolve(code) {
            Some(known) => format!("write `{}`", known.region.code),
            None => {
                "use a code that `bluebook regions --list` has, or one of a group of your own, as `XNORTH`, \
                     that has a name under `[dimension.names]`"
                    .into()
            }
        };
        self.fault(rule, at, format!("unknown region code `{code}`"), "").help(help)
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

    fn validate_table(&self, entry: &TableEntry) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (name, value) in entry.fixed.iter().chain(&entry.only) {
            problems.extend(self.validate_fixed_code(name, value));
        }
        for (name, codes) in &entry.excludes {
            match self.dimension_index(name.get_ref()) {
                None => problems.push(self.unknown_role(name, name.get_ref())),
                Some(at) => problems.extend(codes.get_ref().0.iter().filter_map(|code| {
                    let dimension = &self.dimensions[at];
                    let unknown = dimension.code(code).is_none();
                    unknown.then(|| self.unknown_code(Rule::Table, dimension, codes, code))
                })),
            }
        }
        for part in entry.sum_of.iter().filter(|part| self.table_index(part.get_ref()).is_none()) {
            let message = format!("`{}` is no other table of the definition", part.get_ref());
            problems.push(self.fault(Rule::SumOf, part, message, ""));
        }
        problems.extend(self.validate_stub(entry.stub.as_ref()));
        problems.extend(entry.header.iter().flatten().flat_map(|roles| self.validate_roles(roles)));
        problems
    }

    fn validate_fixed_code(&self, name: &Spanned<String>, value: &Spanned<String>) -> Option<Problem> {
        match self.role(name.get_ref()) {
            Some(Role::Dimension(at)) => {
                let dimension = &self.dimensions[at];
                let unknown = dimension.code(value.get_ref()).is_none();
                unknown.then(|| self.unknown_code(Rule::Table, dimension, value, value.get_ref()))
            }
            Some(Role::Period) => self.validate_period(Rule::Table, value),
            Some(Role::Measure) if self.measure_by_code(value.get_ref()).is_none() => {
                let message = format!("`{}` is no measure of the definition", value.get_ref());
                Some(self.fault(Rule::Table, value, message, ""))
            }
            Some(Role::Measure) => None,
            Some(Role::Ignored) | None => Some(self.unknown_role(name, name.get_ref())),
        }
    }

    fn validate_stub(&self, stub: Option<&Stub>) -> Vec<Problem> {
        match stub {
            None => Vec::new(),
            Some(Stub::Columns(columns)) => {
                columns.iter().flat_map(|roles| self.validate_roles(roles)).collect()
            }
            Some(Stub::Headings(headings)) => headings
                .keys()
                .filter(|role| self.role(role.get_ref()).is_none())
                .map(|role| self.unknown_role(role, role.get_ref()))
                .collect(),
        }
    }

    fn validate_roles(&self, roles: &Spanned<super::OneOrMany<String>>) -> Vec<Problem> {
        let unknown = roles.get_ref().0.iter().filter(|name| self.role(name).is_none());
        unknown.map(|name| self.unknown_role(roles, name)).collect()
    }

    fn unknown_role<T>(&self, at: &Spanned<T>, name: &str) -> Problem {
        let known: Vec<&str> =
            self.dimensions.iter().map(Dimension::name).chain(["period", "measure", "ignored"]).collect();
        let message = format!("`{name}` is no dimension of the definition");
        let help = did_you_mean(name, known.iter().copied());
        let help = help.unwrap_or_else(|| format!("known here: {}", known.join(", ")));
        self.fault(Rule::Table, at, message, "").help(help)
    }

    /// Names and titles must tell tables apart, or the rows of the printed table that they share.
    fn validate_distinct_tables(&self) -> Vec<Problem> {
        let (mut names, mut titles): (BTreeSet<&str>, BTreeMap<String, (&str, bool)>) = Default::default();
        let mut problems = Vec::new();
        for table in &self.tables {
            let at = self.entry_of(&table.name);
            if !names.insert(&table.name) {
                let message = format!("two tables are named `{}`", table.name);
                let problem = self.fault(Rule::Table, at, message, "");
                problems.push(problem.help("give one of them a `name`, or another fixed code"));
            }
            for title in table.titles.iter().chain(&table.sheets) {
                let takes_all = table.rows.is_empty();
                let known = titles.insert(title_key(title), (&table.name, !takes_all));
                let other = known.filter(|(other, by_rows)| *other != table.name && (takes_all || !by_rows));
                problems.extend(other.map(|(other, _)| {
                    let message = format!("the title `{title}` belongs to two tables");
                    self.fault(Rule::TableTitle, at, message, &format!("{} and {other}", table.name))
                }));
            }
        }
        problems
    }

    /// Where a table of a name is declared; where it is implied, what declares its code.
    fn entry_of(&self, name: &str) -> &Spanned<String> {
        let named = |entry: &&TableEntry| entry.name.as_ref().is_some_and(|own| own.get_ref() == name);
        let own = self.declared.iter().find(named).and_then(|entry| entry.name.as_ref());
        let code = || {
            let mut codes = self.dimensions.iter().flat_map(Dimension::own_codes);
            codes.find(|code| code.code.get_ref() == name).map(|code| &code.code)
        };
        let fixed = || {
            self.declared.iter().flat_map(|entry| entry.fixed.values()).find(|code| code.get_ref() == name)
        };
        own.or_else(fixed).or_else(code).unwrap_or(&self.name)
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

fn is_name(name: &str, joint: char) -> bool {
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
