//! A problem: a located finding of a rule. It says where, what was expected, what was found, and what to do.
//!
//! Problems are values, not control flow: each step returns all it found beside its result, so that one run
//! shows them all, as a compiler does.

mod condense;
pub mod exit;
mod list;
mod render;
mod repair;
mod rule;
mod sanitize;
mod suggest;

use std::borrow::Cow;
use std::ops::Range;

use crate::position::Position;
use crate::problem::exit::Exit;
pub use condense::condense;
pub use list::ProblemList;
pub use repair::{CellChange, Repair};
pub use rule::{Rule, Severity};
pub use sanitize::sanitize;
pub(crate) use sanitize::{escape, escape_json, quote_toml};
pub use suggest::{did_you_mean, find_alike};

/// A located finding.
#[derive(Clone, Debug)]
pub struct Problem {
    /// The rule that was broken.
    pub rule: Rule,
    /// Whether it keeps the result from being published.
    pub severity: Severity,
    /// What is wrong, in one line.
    pub message: String,
    /// The places it concerns, the main one first.
    pub spans: Vec<Span>,
    /// What to do about it.
    pub help: Option<String>,
    /// The single changes that would each resolve it, the likeliest first.
    pub repairs: Vec<Repair>,
    /// How many further problems of the rule it stands for.
    pub further: usize,
}

/// Characters of a document or definition that a problem points at, with their line.
#[derive(Clone, Debug)]
pub struct Span {
    /// The path of the document or definition.
    pub file: String,
    /// The place in it; none if the problem concerns the whole file.
    pub place: Option<Position>,
    /// The line at that place.
    pub line: Option<String>,
    /// The first character in the line that is meant, from 1.
    pub start: u32,
    /// How many characters are meant.
    pub width: usize,
    /// A short explanation, printed beside the carets.
    pub label: String,
}

impl Problem {
    /// A problem at a place, with the usual severity of its rule.
    pub fn new(rule: Rule, message: impl Into<String>, span: Span) -> Problem {
        let (severity, message) = (rule.severity(), message.into());
        Problem { rule, severity, message, spans: vec![span], help: None, repairs: Vec::new(), further: 0 }
    }

    /// What is wrong, in one line, and how many further problems it stands for.
    #[must_use]
    pub fn headline(&self) -> Cow<'_, str> {
        match self.further {
            0 => Cow::Borrowed(&self.message),
            further => Cow::Owned(format!("{}, and {further} more like it", self.message)),
        }
    }

    /// Lowers the severity to a warning.
    #[must_use]
    pub fn as_warning(self) -> Problem {
        Problem { severity: Severity::Warning, ..self }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Problem {
        Problem { help: Some(help.into()), ..self }
    }

    /// Adds a further place.
    #[must_use]
    pub fn with_span(mut self, span: Span) -> Problem {
        self.spans.push(span);
        self
    }

    /// Adds the changes that would each resolve it.
    #[must_use]
    pub fn repairs(self, repairs: Vec<Repair>) -> Problem {
        Problem { repairs, ..self }
    }

    /// Whether it keeps the result from being published.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The exit code of a run with this problem.
    #[must_use]
    pub fn exit(&self) -> Exit {
        if self.is_error() { self.rule.exit() } else { Exit::Done }
    }
}

/// The exit code of a run with these problems.
#[must_use]
pub fn worst_exit(problems: &[Problem]) -> Exit {
    problems.iter().map(Problem::exit).max().unwrap_or(Exit::Done)
}

impl Span {
    /// A file as a whole, without a place in it.
    pub fn file(file: String, label: impl Into<String>) -> Span {
        Span { file, place: None, line: None, start: 1, width: 0, label: label.into() }
    }

    /// A range of bytes in a text, as the TOML reader reports them.
    pub fn from_range(file: &str, text: &str, range: Range<usize>, label: impl Into<String>) -> Span {
        let before = text.get(..range.start).unwrap_or(text);
        let row = before.matches('\n').count();
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
        let line = text.lines().nth(row).unwrap_or_default();
        let wanted = text.get(range).unwrap_or_default();
        let width = wanted.lines().next().unwrap_or_default().chars().count().max(1);
        let start = column as u32 + 1;
        let place = Some(Position { sheet: None, row: row as u32 + 1, column: start });
        Span { file: file.into(), place, line: Some(line.into()), start, width, label: label.into() }
    }
}
