//! A problem as machine-readable output shows it: its rule, its texts, and its places in numbers.

use std::fmt;

use serde::Serialize;

use crate::problem::{Problem, Repair, Rule, Severity, Span, escape};

/// A problem.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The rule that was broken.
    pub rule: Rule,
    /// Whether it prevents publishing.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// The places it concerns, the main one first.
    pub places: Vec<Location>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The single changes that would each resolve it, the likeliest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub repairs: Vec<SuggestedRepair>,
    /// All of it as it is printed, without colours.
    #[serde(skip)]
    pub text: String,
}

/// A change that would resolve a problem.
#[derive(Clone, Debug, Serialize)]
pub struct SuggestedRepair {
    /// In words.
    pub words: String,
    /// What to paste into a definition; none if a definition cannot express it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correction: Option<String>,
}

/// A place in a file: a span of a line of text, or a cell of a workbook.
#[derive(Clone, Debug, Serialize)]
pub struct Location {
    /// The path as it was given.
    pub file: String,
    /// The line of a text, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Its first character in the line, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// The character after its last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_column: Option<u32>,
    /// The cell of a workbook: `Sheet!C7`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// A short explanation.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
}

impl Finding {
    /// Converts a problem.
    #[must_use]
    pub fn from_problem(problem: &Problem) -> Finding {
        Finding {
            rule: problem.rule,
            severity: problem.severity,
            message: escape(&problem.headline()).into_owned(),
            places: problem.spans.iter().map(Location::from_span).collect(),
            help: problem.help.as_deref().map(|help| escape(help).into_owned()),
            repairs: problem.repairs.iter().map(SuggestedRepair::from_repair).collect(),
            text: anstream::adapter::strip_str(&problem.to_string()).to_string(),
        }
    }

    /// What is wrong, what was found, and what to do, in one line.
    #[must_use]
    pub fn full_message(&self) -> String {
        let found = self.places.first().map(|spot| spot.label.as_str()).filter(|label| !label.is_empty());
        let help = self.help.as_deref();
        let found = found.map(|found| format!(": {found}")).unwrap_or_default();
        let help = help.map(|help| format!("; {help}")).unwrap_or_default();
        format!("{}{found}{help}", self.message)
    }
}

impl SuggestedRepair {
    fn from_repair(repair: &Repair) -> SuggestedRepair {
        let words = format!("{}  {}", repair.describe(), repair.words);
        SuggestedRepair { words: escape(words.trim()).into_owned(), correction: repair.correction.clone() }
    }
}

impl Location {
    fn from_span(span: &Span) -> Location {
        let whole = Location {
            file: span.file.clone(),
            line: None,
            column: None,
            end_column: None,
            cell: None,
            label: escape(&span.label).into_owned(),
        };
        match &span.place {
            None => whole,
            Some(place) if place.sheet.is_some() => {
                Location { cell: Some(escape(&place.to_string()).into_owned()), ..whole }
            }
            Some(place) => Location {
                line: Some(place.row),
                column: Some(place.column),
                end_column: Some(place.column + span.width.max(1) as u32),
                ..whole
            },
        }
    }
}

impl fmt::Display for Location {
    /// The file with the place in it: `annex.txt:17:7`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.cell, self.line, self.column) {
            (Some(cell), ..) => write!(f, "{}:{cell}", self.file),
            (_, Some(line), Some(column)) => write!(f, "{}:{line}:{column}", self.file),
            _ => f.write_str(&self.file),
        }
    }
}
