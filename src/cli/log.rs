//! Lines of JSON on standard error, one for each event of a run, for whoever collects logs. `schemas/log.json` tells their
//! fields.

use std::io::{self, Write};

use serde::Serialize;

use crate::cli::reporting::LogFormat;
use crate::load::LateRelease;
use crate::problem::{Severity, escape_json};
use crate::report::{CheckCounts, DatasetReport, Finding, Input, Report, now};

/// Where events go: nowhere, if people are told in words.
pub struct Log {
    /// How standard error is written.
    pub format: LogFormat,
    /// Whether only the two ends of a run, and what is wrong, are told.
    pub quiet: bool,
}

/// What happened.
#[derive(Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Subject<'a> {
    /// A run begins.
    RunStarted { command: &'a str, version: &'a str },
    /// A document was read.
    DocumentRead(&'a Input),
    /// Something is wrong.
    Problem(&'a Finding),
    /// A dataset was published.
    Published(&'a DatasetReport),
    /// A dataset is what it was.
    Unchanged(&'a DatasetReport),
    /// A release behind the newest published one is not as it was.
    ReleaseChanged {
        dataset: &'a str,
        #[serde(flatten)]
        release: &'a LateRelease,
    },
    /// Something beside the run failed; the run did not.
    Warning { message: &'a str },
    /// What ended the run, where that was no problem of the data.
    Error { message: &'a str },
    /// The run has ended.
    RunFinished(RunSummary<'a>),
}

/// A run in numbers.
#[derive(Serialize)]
pub struct RunSummary<'a> {
    command: &'a str,
    exit: i32,
    changed: bool,
    seconds: f64,
    documents: usize,
    tables: usize,
    figures: usize,
    totals: usize,
    passed: usize,
    observations: usize,
    errors: usize,
    warnings: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    release: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
}

/// One line.
#[derive(Serialize)]
struct Line<'a> {
    time: String,
    level: &'static str,
    #[serde(flatten)]
    subject: &'a Subject<'a>,
}

impl Log {
    /// Writes one line, if this log is one of lines. A line that cannot be written is lost: a run does not fail for its log.
    pub fn line(&self, subject: &Subject<'_>) {
        if self.format == LogFormat::Text || self.quiet && subject.is_good_news() {
            return;
        }
        let line = Line { time: now(), level: subject.level(), subject };
        if let Ok(line) = serde_json::to_string(&line) {
            let _ = io::stderr().lock().write_all((escape_json(&line) + "\n").as_bytes());
        }
    }
}

impl<'a> Subject<'a> {
    /// The end of a run, with all of it in numbers.
    pub fn finished(report: &'a Report) -> Subject<'a> {
        let datasets = &report.datasets;
        let sum = |of: fn(&DatasetReport) -> usize| datasets.iter().map(of).sum();
        let checks =
            |of: fn(&CheckCounts) -> usize| datasets.iter().flat_map(|dataset| &dataset.checks).map(of).sum();
        let errors = report.count_errors();
        Subject::RunFinished(RunSummary {
            command: report.command,
            exit: report.exit,
            changed: report.changed,
            seconds: report.seconds,
            documents: sum(|dataset| dataset.documents),
            tables: sum(|dataset| dataset.tables),
            figures: checks(|of| of.figures),
            totals: checks(|of| of.totals),
            passed: checks(|of| of.passed),
            observations: sum(|dataset| dataset.observations),
            errors,
            warnings: report.problems.len() - errors,
            release: report.newest_release(),
            error: report.error.as_deref(),
        })
    }

    fn level(&self) -> &'static str {
        match self {
            Subject::Problem(problem) => problem.severity.name(),
            Subject::Warning { .. } => Severity::Warning.name(),
            Subject::Error { .. } => Severity::Error.name(),
            Subject::RunFinished(summary) if summary.exit != 0 => Severity::Error.name(),
            _ => "info",
        }
    }

    fn is_good_news(&self) -> bool {
        matches!(self, Subject::DocumentRead(_) | Subject::Published(_) | Subject::Unchanged(_))
    }
}
