//! A problem as programs get it: its rule, its words, and its places in numbers.

use serde::Serialize;

use crate::problem::{Problem, Repair, Rule, Severity, Span};

/// A problem.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The rule that was broken.
    pub rule: Rule,
    /// Whether it keeps the result from being published.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// The places it concerns, the main one first.
    pub places: Vec<Spot>,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
    /// The single changes that would make it true, the likeliest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub repairs: Vec<Mend>,
    /// All this as a person sees it, without colours.
    #[serde(skip)]
    pub text: String,
}

/// What would mend a problem.
#[derive(Clone, Debug, Serialize)]
pub struct Mend {
    /// In words.
    pub words: String,
    /// What to paste into a definition; none where a definition cannot tell it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correction: Option<String>,
}

/// A place in a file: a span of a line of text, or a cell of a workbook.
#[derive(Clone, Debug, Serialize)]
pub struct Spot {
    /// The path, as it was given.
    pub file: String,
    /// The line of a text, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The character of the line at which it begins, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// The character after its last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_column: Option<u32>,
    /// The cell of a workbook: `Sheet!C7`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cell: Option<String>,
    /// A few words on what stands there.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub label: String,
}

impl Finding {
    /// The finding that a problem is.
    #[must_use]
    pub fn of(problem: &Problem) -> Finding {
        Finding {
            rule: problem.rule,
            severity: problem.severity,
            message: problem.message.clone(),
            places: problem.spans.iter().map(Spot::of).collect(),
            help: problem.help.clone(),
            repairs: problem.repairs.iter().map(Mend::of).collect(),
            text: anstream::adapter::strip_str(&problem.to_string()).to_string(),
        }
    }

    /// What is wrong, what was found, and what to do, in one text.
    #[must_use]
    pub fn words(&self) -> String {
        let found = self.places.first().map(|spot| spot.label.as_str()).filter(|label| !label.is_empty());
        let help = self.help.as_deref();
        let found = found.map(|found| format!(": {found}")).unwrap_or_default();
        let help = help.map(|help| format!("; {help}")).unwrap_or_default();
        format!("{}{found}{help}", self.message)
    }
}

impl Mend {
    fn of(repair: &Repair) -> Mend {
        let words = format!("{}  {}", repair.what(), repair.words).trim().to_owned();
        Mend { words, correction: repair.correction.clone() }
    }
}

impl Spot {
    fn of(span: &Span) -> Spot {
        let whole = Spot {
            file: span.file.clone(),
            line: None,
            column: None,
            end_column: None,
            cell: None,
            label: span.label.clone(),
        };
        match &span.place {
            None => whole,
            Some(place) if place.sheet.is_some() => Spot { cell: Some(place.to_string()), ..whole },
            Some(place) => Spot {
                line: Some(place.row),
                column: Some(place.column),
                end_column: Some(place.column + span.width.max(1) as u32),
                ..whole
            },
        }
    }

    /// The file with the place in it: `annex.txt:17:7`.
    #[must_use]
    pub fn named(&self) -> String {
        match (&self.cell, self.line, self.column) {
            (Some(cell), ..) => format!("{}:{cell}", self.file),
            (_, Some(line), Some(column)) => format!("{}:{line}:{column}", self.file),
            _ => self.file.clone(),
        }
    }
}
