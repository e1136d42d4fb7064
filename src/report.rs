//! A run as one value: its inputs, checks, problems, published files and exit code. All machine-readable output (the report,
//! the log, JUnit, SARIF, GitHub, the ping) is made from it, one file per format.

mod dataset;
pub mod file;
mod finding;
pub mod github;
pub mod junit;
pub mod lineage;
mod newest_release;
pub mod sarif;

use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::time::{Instant, SystemTime};

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::Serialize;

use crate::dataset::Definition;
use crate::load::{LateRelease, PublishedFile};
use crate::problem::exit::Exit;
use crate::problem::{Severity, escape_json};
use crate::run::{RunConfig, RunResult};
use crate::summary::{SourceOf, Summary, iso};
use crate::text::format_count;
pub use dataset::{CheckCounts, DatasetReport, OutputFile};
pub use finding::{Finding, Location, SuggestedRepair};
pub use newest_release::NewestRelease;

/// The version of the report's format; it increases when a field changes its meaning or is removed.
pub const FORM: u32 = 1;

/// A run, from start to end.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The version of this format.
    pub form: u32,
    /// The program's version.
    pub version: &'static str,
    /// The command: `run` or `check`.
    pub command: &'static str,
    /// When it started, RFC 3339, UTC.
    pub started: String,
    /// When it ended, likewise.
    pub ended: String,
    /// Its duration.
    pub seconds: f64,
    /// The exit code.
    pub exit: i32,
    /// The error that ended the run, if it was not a problem of the data.
    pub error: Option<String>,
    /// Whether the published data changed.
    pub changed: bool,
    /// The documents.
    pub inputs: Vec<Input>,
    /// The datasets that they belong to.
    pub datasets: Vec<DatasetReport>,
    /// All problems, in the order of the documents.
    pub problems: Vec<Finding>,
    #[serde(skip)]
    clock: Instant,
}

/// A document. Fields that are unknown because it could not be read, or belongs to no dataset, are left out.
#[derive(Clone, Debug, Serialize)]
pub struct Input {
    /// Its path, as it was given.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// The SHA-256 of its bytes, in hexadecimal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// What it was read as: `text, UTF-8`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Its release.
    #[serde(serialize_with = "iso", skip_serializing_if = "Option::is_none")]
    pub release: Option<NaiveDate>,
    /// The dataset that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataset: Option<String>,
}

/// The current time in UTC, as RFC 3339 writes it.
#[must_use]
pub fn now() -> String {
    DateTime::<Utc>::from(SystemTime::now()).to_rfc3339_opts(SecondsFormat::Millis, true)
}

impl Report {
    /// Starts the report of a run.
    #[must_use]
    pub fn begin(command: &'static str) -> Report {
        let started = now();
        Report {
            form: FORM,
            version: env!("CARGO_PKG_VERSION"),
            command,
            ended: started.clone(),
            started,
            seconds: 0.0,
            exit: 0,
            error: None,
            changed: false,
            inputs: Vec::new(),
            datasets: Vec::new(),
            problems: Vec::new(),
            clock: Instant::now(),
        }
    }

    /// Adds the documents that are to be read.
    pub fn add_inputs(&mut self, config: &RunConfig) {
        let input = |source: &crate::input::files::SourceFile| Input {
            path: source.display_path(),
            bytes: source.bytes,
            sha256: None,
            format: None,
            release: source.release,
            dataset: None,
        };
        self.inputs = config.sources.iter().map(input).collect();
    }

    /// Adds what was read and checked, and the problems.
    pub fn add_results(&mut self, config: &RunConfig, result: &RunResult) {
        let read = config.definitions.iter().zip(&result.summaries).zip(&result.histories);
        for ((definition, summary), history) in read {
            if summary.documents > 0 {
                self.describe_inputs(definition, summary);
                let newest = history.as_ref().and_then(NewestRelease::from_history);
                self.datasets.push(DatasetReport::from_summary(definition, summary, newest));
            }
        }
        self.problems.extend(result.problems.iter().map(Finding::from_problem));
    }

    /// Adds the published files of a dataset.
    pub fn add_published(&mut self, name: &str, folder: &str, changed: bool, files: &[PublishedFile]) {
        self.changed |= changed;
        for dataset in self.datasets.iter_mut().filter(|dataset| dataset.name == name) {
            dataset.folder = Some(folder.into());
            dataset.changed = changed;
            dataset.outputs = files.iter().map(|file| OutputFile::from_published(file, folder)).collect();
        }
    }

    /// Adds what became of releases behind the newest published one.
    pub fn add_late_releases(&mut self, name: &str, late: &[LateRelease]) {
        for dataset in self.datasets.iter_mut().filter(|dataset| dataset.name == name) {
            dataset.releases_changed = late.to_vec();
        }
    }

    /// Sets the exit code, the end and the duration; the first error is kept.
    pub fn finish(&mut self, exit: Exit, error: Option<String>) {
        self.exit = exit.code();
        self.error = self.error.take().or(error);
        self.ended = now();
        self.seconds = (self.clock.elapsed().as_secs_f64() * 1e3).round() / 1e3;
    }

    /// How many problems prevent publishing.
    #[must_use]
    pub fn count_errors(&self) -> usize {
        self.problems.iter().filter(|problem| problem.severity == Severity::Error).count()
    }

    /// The newest release.
    #[must_use]
    pub fn newest_release(&self) -> Option<&str> {
        self.datasets.iter().flat_map(|dataset| &dataset.releases).map(String::as_str).max()
    }

    /// How many figures the newest releases revised.
    #[must_use]
    pub fn count_revised(&self) -> i32 {
        self.datasets.iter().filter_map(|dataset| Some(dataset.newest_release.as_ref()?.revised)).sum()
    }

    /// The releases behind the newest published one that are not as they were, in order.
    #[must_use]
    pub fn releases_changed(&self) -> Vec<String> {
        let late = self.datasets.iter().flat_map(|dataset| &dataset.releases_changed);
        let dates: BTreeSet<NaiveDate> = late.map(|late| late.release_date).collect();
        dates.iter().map(ToString::to_string).collect()
    }

    /// The result of the run in a few words.
    #[must_use]
    pub fn headline(&self) -> String {
        match (&self.error, self.count_errors()) {
            (_, errors @ 1..) => format_count(errors, "problem"),
            (Some(_), _) => format!("failed with exit code {}", self.exit),
            _ if self.command == "check" => "all is proven".into(),
            _ if self.changed => "published".into(),
            _ => "nothing changed".into(),
        }
    }

    /// Formats the run as plain text, for a message to a person.
    #[must_use]
    pub fn to_text(&self) -> String {
        let head = format!("bluebook {}: {}\n", self.command, self.headline());
        let read = self.datasets.iter().map(|of| format!("{}: {}\n", of.name, of.summary));
        let error = self.error.iter().map(|error| format!("error: {error}\n"));
        let problems = self.problems.iter().map(|problem| format!("\n{}", problem.text));
        iter::once(head).chain(read).chain(error).chain(problems).collect()
    }

    /// Formats the run as JSON.
    ///
    /// # Errors
    /// Never, as long as its fields can be written as JSON.
    pub fn to_json(&self) -> anyhow::Result<Vec<u8>> {
        let json = serde_json::to_string_pretty(self)?;
        Ok((escape_json(&json) + "\n").into_owned().into_bytes())
    }

    /// Adds to each document what it was read as.
    fn describe_inputs(&mut self, definition: &Definition, summary: &Summary) {
        let read: BTreeMap<&str, &SourceOf> =
            summary.sources.iter().map(|source| (source.path.as_str(), source)).collect();
        for input in &mut self.inputs {
            let Some(source) = read.get(input.path.as_str()) else { continue };
            input.bytes = source.bytes;
            input.sha256 = Some(source.sha256.clone());
            input.format = Some(source.format.clone());
            input.release = source.release;
            input.dataset = Some(definition.name().into());
        }
    }
}
