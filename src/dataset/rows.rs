//! Which rows of a table are meant, by what stands in its columns of labels; and what is left out, and why.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::dataset::titles::title_key;
use crate::dataset::{Definition, TableDefinition};
use crate::position::CellRange;
use crate::problem::{Problem, Rule};
use crate::regions;

/// Rows, by what they print below headings of columns of labels.
pub type RowRules = BTreeMap<Spanned<String>, OneOf>;

/// What is printed in a cell.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum OneOf {
    /// This.
    This(String),
    /// One of these.
    These(Vec<String>),
}

/// Tables or rows that are left out.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ignored {
    /// The title of the table, or its sheet's name; every table where left out.
    #[schemars(with = "Option<String>")]
    pub title: Option<Spanned<String>>,
    /// The rows, by what they print below headings; the whole table where neither these nor labels are named.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, OneOf>")]
    pub rows: RowRules,
    /// The rows, by what they print first, under a header or none.
    pub labels: Option<OneOf>,
    /// The rows of a range of cells of a sheet.
    #[schemars(with = "Option<String>")]
    pub range: Option<Spanned<String>>,
    /// Why.
    #[schemars(with = "String")]
    pub reason: Spanned<String>,
}

/// What leaves something out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LeftOutBy {
    /// The `[[ignore]]` at this place in the definition.
    Rule(usize),
    /// `others = "ignored"`.
    Others,
}

/// What becomes of a sheet on which no table of the definition stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Others {
    /// Its tables and figures are problems.
    #[default]
    Refused,
    /// It is left out.
    Ignored,
}

impl OneOf {
    /// What is printed, as the definition writes it.
    #[must_use]
    pub fn printed(&self) -> &[String] {
        match self {
            OneOf::This(one) => std::slice::from_ref(one),
            OneOf::These(all) => all,
        }
    }

    /// The normal forms of what is printed.
    pub fn keys(&self) -> impl Iterator<Item = String> {
        self.printed().iter().map(|text| regions::normalize(text))
    }
}

impl Ignored {
    /// Whether it means a table of one of these titles, which are in their normal form.
    pub(super) fn is_of(&self, titles: &BTreeSet<String>) -> bool {
        self.title.as_ref().is_none_or(|own| titles.contains(&title_key(own.get_ref())))
    }

    /// Whether it means whole tables.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.rows.is_empty() && self.labels.is_none() && self.range.is_none()
    }
}

impl Definition {
    /// The tables of the definition that share a printed one, each with rows of its own; itself alone where it takes all rows.
    #[must_use]
    pub fn sharing(&self, at: usize) -> Vec<usize> {
        let first = &self.tables[at];
        if first.rows.is_empty() {
            return vec![at];
        }
        let names = |table: &TableDefinition| -> Vec<String> {
            table.titles.iter().chain(&table.sheets).map(|title| title_key(title)).collect()
        };
        let own = names(first);
        let shares = |table: &TableDefinition| names(table).iter().any(|title| own.contains(title));
        (0..self.tables.len()).filter(|&other| shares(&self.tables[other])).collect()
    }

    /// Why something is left out.
    #[must_use]
    pub fn reason_of(&self, by: LeftOutBy) -> &str {
        match by {
            LeftOutBy::Rule(at) => self.ignored[at].reason.get_ref(),
            LeftOutBy::Others => "no table of the definition stands on the sheet",
        }
    }

    /// What is said to be left out that no document of a whole run has.
    #[must_use]
    pub fn find_unused(&self, used: &BTreeMap<LeftOutBy, usize>) -> Vec<Problem> {
        let is_used = |at: usize| used.contains_key(&LeftOutBy::Rule(at));
        let unused = self.ignored.iter().enumerate().filter(|(at, _)| !is_used(*at));
        let warning = |(_, ignored): (usize, &Ignored)| {
            let span = self.span(&ignored.reason, "no document has what is left out for this reason");
            let problem = Problem::new(Rule::IgnoreUnused, "nothing is left out by this", span);
            problem.help("take it out, or write the title and the rows as they are printed")
        };
        unused.map(warning).collect()
    }

    /// Why something is left out must be said, and what.
    pub(super) fn validate_patterns(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        for ignored in &self.ignored {
            let reason = &ignored.reason;
            if reason.get_ref().trim().is_empty() {
                let problem = self.fault(Rule::Ignore, reason, "what is left out has no reason".into(), "");
                problems.push(problem.help("say why it is not published"));
            }
            if let Some(range) =
                ignored.range.as_ref().filter(|range| CellRange::parse(range.get_ref()).is_none())
            {
                problems.push(self.wrong_range(range, range.get_ref()));
            }
            if ignored.title.is_none() && (ignored.is_whole() || ignored.range.is_some()) {
                let message = "nothing is named that is left out".into();
                let problem = self.fault(Rule::Ignore, reason, message, "the reason for it");
                problems.push(problem.help("name a table by its `title`, or `rows`, or `labels`; beside a `range`, the sheet by `title`"));
            }
            let whole = ignored.title.as_ref().filter(|_| ignored.is_whole());
            let taken =
                whole.and_then(|title| Some((title, *self.by_title.get(&title_key(title.get_ref()))?)));
            problems.extend(taken.map(|(title, at)| {
                let code = &self.tables[at].name;
                self.fault(
                    Rule::Ignore,
                    title,
                    format!("this is the table of {code}"),
                    "and cannot be left out",
                )
            }));
        }
        problems
    }
}
