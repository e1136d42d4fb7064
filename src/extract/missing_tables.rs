//! Tables of the definition that a release lacks: lost by whoever made the document, or cut off with its end. Judged over all
//! documents of a release, which may come in parts.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::dataset::{Definition, TableDefinition};
use crate::document::Document;
use crate::extract::ExtractedDocument;
use crate::problem::{Problem, Rule};
use crate::text::format_count;

/// A problem for each release that lacks tables; the slices have an entry a document.
#[must_use]
pub fn find_missing_tables(
    documents: &[Document<'_>],
    extracted: &[ExtractedDocument],
    releases: &[Option<NaiveDate>],
    definition: &Definition,
) -> Vec<Problem> {
    let mut of_release: BTreeMap<Option<NaiveDate>, Vec<usize>> = BTreeMap::new();
    for (at, release) in releases.iter().enumerate() {
        of_release.entry(*release).or_default().push(at);
    }
    let missing = of_release.into_iter().filter_map(|(release, of)| {
        let own = || of.iter().map(|at| &extracted[*at]);
        // A table that was not recognised is told already.
        if own().flat_map(|of| &of.problems).any(is_of_tables) {
            return None;
        }
        let known: BTreeSet<usize> = own().flat_map(|of| of.known_tables.iter().copied()).collect();
        let all = definition.tables.iter().enumerate();
        let missing = all.filter(|(at, table)| !known.contains(at) && table.is_expected(release));
        let names: Vec<&str> = missing.map(|(_, table)| table.name.as_str()).collect();
        (!names.is_empty()).then(|| tables_missing(&names, &documents[of[0]], of.len()))
    });
    missing.collect()
}

/// Whether a problem says that something was not recognised as one of the tables.
fn is_of_tables(problem: &Problem) -> bool {
    problem.is_error() && problem.rule <= Rule::NoHeader
}

fn tables_missing(names: &[&str], first: &Document<'_>, documents: usize) -> Problem {
    let tables = format_count(names.len(), "table");
    let verb = if names.len() == 1 { "is" } else { "are" };
    let message = format!("{tables} of the definition {verb} missing: {}", names.join(", "));
    let others = format_count(documents - 1, "further document");
    let label = if documents > 1 { format!("and {others} of the release") } else { String::new() };
    let help = "check that the document is whole; where a release may lack a table, say so under its `[[table]]`: `optional = true`, or by `from` and `until` the releases that have it";
    Problem::new(Rule::TableMissing, message, first.span_of_file(label)).help(help)
}

impl TableDefinition {
    /// Whether a release must have it.
    fn is_expected(&self, release: Option<NaiveDate>) -> bool {
        let is_since = |from: NaiveDate| release.is_none_or(|day| day >= from);
        let is_until = |until: NaiveDate| release.is_none_or(|day| day <= until);
        !self.optional && self.from.is_none_or(is_since) && self.until.is_none_or(is_until)
    }
}
