//! A run that has ended, as one value: what was read, proven, found and published, and how it ended. Whatever tells of a
//! run to machines (a report, a log, a job's page, a ping) is made from it, a file a format.

pub mod file;
mod finding;
pub mod github;
pub mod junit;
pub mod sarif;

use std::collections::BTreeMap;
use std::iter;
use std::time::{Instant, SystemTime};

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::Serialize;

use crate::dataset::Definition;
use crate::load::PublishedFile;
use crate::pipeline::{Job, Outcome};
use crate::problem::exit::Exit;
use crate::summary::{SourceOf, Summary, iso};
use crate::text::count;
pub use finding::{Finding, Mend, Severity, Spot};

/// The version of the report's form, which grows where a field changes its meaning or goes.
pub const FORM: u32 = 1;

/// A run, from its beginning to its end.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The version of this form.
    pub form: u32,
    /// The program's version.
    pub version: &'static str,
    /// The command: `run` or `check`.
    pub command: &'static str,
    /// When it began, RFC 3339, UTC.
    pub started: String,
    /// When it ended, likewise.
    pub ended: String,
    /// How long it took.
    pub seconds: f64,
    /// The exit code.
    pub exit: i32,
    /// What ended the run, where that was no problem of the data.
    pub error: Option<String>,
    /// Whether what is published has changed.
    pub changed: bool,
    /// The documents.
    pub inputs: Vec<Input>,
    /// The datasets that they belong to.
    pub datasets: Vec<Dataset>,
    /// All problems, in the order of the documents.
    pub problems: Vec<Finding>,
    #[serde(skip)]
    clock: Instant,
}

/// A document. What is unknown of one that could not be read, or that no dataset took, is left out.
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
    /// The dataset that took it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dataset: Option<String>,
}

/// What the documents of a dataset gave.
#[derive(Clone, Debug, Serialize)]
pub struct Dataset {
    /// Its name.
    pub name: String,
    /// What it is, in words.
    pub title: String,
    /// Where its definition stands, or that it is built in.
    pub definition: String,
    /// The SHA-256 of the definition, in hexadecimal.
    pub definition_sha256: String,
    /// The releases, in order.
    pub releases: Vec<String>,
    /// How many documents were read.
    pub documents: usize,
    /// How many tables they have.
    pub tables: usize,
    /// How many observations they make.
    pub observations: usize,
    /// How many notes they print.
    pub notes: usize,
    /// How many rows the definition leaves out.
    pub left_out: usize,
    /// All this in one line.
    pub summary: String,
    /// What was proven, category by category.
    pub checks: Vec<Checks>,
    /// The folder it is published in; none where nothing is to be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Whether what stands there has changed.
    pub changed: bool,
    /// The files in it.
    pub outputs: Vec<OutputFile>,
}

/// What was proven of the tables of a category.
#[derive(Clone, Debug, Serialize)]
pub struct Checks {
    /// Code of the category.
    pub category: String,
    /// Cells with a figure or a nil mark.
    pub figures: usize,
    /// Nil marks among them that were proven to be zero.
    pub nil: usize,
    /// Totals that were checked.
    pub totals: usize,
    /// Totals that add up.
    pub passed: usize,
    /// Totals that do not.
    pub failed: usize,
    /// Totals that were derived.
    pub derived: usize,
    /// Changes, percentages and totals over periods beside the figures that were checked.
    pub claims: usize,
}

/// A published file.
#[derive(Clone, Debug, Serialize)]
pub struct OutputFile {
    /// Its path.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// How many rows it has; none for what is no table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
}

/// This moment, RFC 3339 in UTC.
#[must_use]
pub fn now() -> String {
    DateTime::<Utc>::from(SystemTime::now()).to_rfc3339_opts(SecondsFormat::Millis, true)
}

impl Report {
    /// Of a run that begins now.
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

    /// Tells what is to be read.
    pub fn reads(&mut self, job: &Job) {
        let input = |source: &crate::input::files::Source| Input {
            path: source.shown(),
            bytes: source.bytes,
            sha256: None,
            format: None,
            release: source.release,
            dataset: None,
        };
        self.inputs = job.sources.iter().map(input).collect();
    }

    /// Tells what was read, proven and found.
    pub fn found(&mut self, job: &Job, outcome: &Outcome) {
        for (definition, summary) in job.definitions.iter().zip(&outcome.summaries) {
            if summary.documents > 0 {
                self.tell_sources(definition, summary);
                self.datasets.push(Dataset::of(definition, summary));
            }
        }
        self.problems.extend(outcome.problems.iter().map(Finding::of));
    }

    /// Tells what became of a dataset.
    pub fn published(&mut self, name: &str, folder: &str, changed: bool, files: &[PublishedFile]) {
        self.changed |= changed;
        for dataset in self.datasets.iter_mut().filter(|dataset| dataset.name == name) {
            dataset.folder = Some(folder.into());
            dataset.changed = changed;
            dataset.outputs = files.iter().map(|file| OutputFile::of(file, folder)).collect();
        }
    }

    /// Tells how the run ended; of two ends, the graver one holds.
    pub fn end(&mut self, exit: Exit, error: Option<String>) {
        self.exit = exit.code();
        self.error = self.error.take().or(error);
        self.ended = now();
        self.seconds = (self.clock.elapsed().as_secs_f64() * 1e3).round() / 1e3;
    }

    /// How many problems keep the result from being published.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.problems.iter().filter(|problem| problem.severity == Severity::Error).count()
    }

    /// The newest release.
    #[must_use]
    pub fn release(&self) -> Option<&str> {
        self.datasets.iter().flat_map(|dataset| &dataset.releases).map(String::as_str).max()
    }

    /// How the run ended, in a few words.
    #[must_use]
    pub fn headline(&self) -> String {
        match (&self.error, self.errors()) {
            (_, errors @ 1..) => count(errors, "problem"),
            (Some(_), _) => format!("failed with exit code {}", self.exit),
            _ if self.command == "check" => "all is proven".into(),
            _ if self.changed => "published".into(),
            _ => "nothing changed".into(),
        }
    }

    /// The run in plain text, for a person who gets it as a message.
    #[must_use]
    pub fn text(&self) -> String {
        let head = format!("bluebook {}: {}\n", self.command, self.headline());
        let read = self.datasets.iter().map(|of| format!("{}: {}\n", of.name, of.summary));
        let error = self.error.iter().map(|error| format!("error: {error}\n"));
        let problems = self.problems.iter().map(|problem| format!("\n{}", problem.text));
        iter::once(head).chain(read).chain(error).chain(problems).collect()
    }

    /// As JSON, for a file.
    ///
    /// # Errors
    /// Never, as long as its fields can be written as JSON.
    pub fn json(&self) -> anyhow::Result<Vec<u8>> {
        let mut json = serde_json::to_vec_pretty(self)?;
        json.push(b'\n');
        Ok(json)
    }

    /// Tells what each document was read as.
    fn tell_sources(&mut self, definition: &Definition, summary: &Summary) {
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

impl Dataset {
    fn of(definition: &Definition, summary: &Summary) -> Dataset {
        Dataset {
            name: definition.name().into(),
            title: definition.title.clone(),
            definition: definition.path().into(),
            definition_sha256: definition.sha256(),
            releases: summary.releases().iter().map(ToString::to_string).collect(),
            documents: summary.documents,
            tables: summary.tables,
            observations: summary.observations,
            notes: summary.notes,
            left_out: summary.left_out,
            summary: summary.line(definition),
            checks: summary
                .categories
                .iter()
                .map(|(category, counts)| Checks::of(category, counts))
                .collect(),
            folder: None,
            changed: false,
            outputs: Vec::new(),
        }
    }
}

impl Checks {
    fn of(category: &str, counts: &crate::summary::Counts) -> Checks {
        Checks {
            category: category.into(),
            figures: counts.printed,
            nil: counts.nil,
            totals: counts.checks,
            passed: counts.passed,
            failed: counts.checks - counts.passed,
            derived: counts.derived,
            claims: counts.claims,
        }
    }
}

impl OutputFile {
    fn of(file: &PublishedFile, folder: &str) -> OutputFile {
        let fingerprint = &file.fingerprint;
        OutputFile {
            path: format!("{folder}/{}", file.name),
            bytes: fingerprint.bytes,
            sha256: fingerprint.sha256.clone(),
            rows: file.rows,
        }
    }
}
