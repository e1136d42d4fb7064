//! What was found wrong, as a page shows it: where, what, and what to do.

use std::path::Path;

use crate::position::Position;
use crate::problem::{Problem, Repair, Span};

/// A problem in words.
pub struct Trouble<'a> {
    pub is_error: bool,
    pub headline: String,
    /// The places: where, the line that stands there, and what is meant in it.
    pub places: Vec<Place<'a>>,
    pub help: Option<&'a str>,
    pub repairs: Vec<String>,
}

/// A place that a problem points at.
pub struct Place<'a> {
    pub at: String,
    pub line: &'a str,
    pub label: &'a str,
    span: &'a Span,
}

impl Place<'_> {
    /// The name of its document and the position in it, as figures have them.
    pub fn position(&self) -> Option<(&str, &Position)> {
        let name = Path::new(&self.span.file).file_name()?.to_str()?;
        Some((name, self.span.place.as_ref()?))
    }
}

/// The problems, errors first.
pub fn show(problems: &[Problem]) -> Vec<Trouble<'_>> {
    let mut shown: Vec<Trouble<'_>> = problems.iter().map(Trouble::new).collect();
    shown.sort_by_key(|trouble| !trouble.is_error);
    shown
}

impl<'a> Trouble<'a> {
    fn new(problem: &'a Problem) -> Trouble<'a> {
        let place = |span: &'a Span| Place {
            at: span.place.as_ref().map_or(span.file.clone(), |place| format!("{}:{place}", span.file)),
            line: span.line.as_deref().unwrap_or_default(),
            label: &span.label,
            span,
        };
        Trouble {
            is_error: problem.is_error(),
            headline: problem.headline().into_owned(),
            places: problem.spans.iter().map(place).collect(),
            help: problem.help.as_deref(),
            repairs: problem.repairs.iter().map(Repair::describe).collect(),
        }
    }
}
