//! The journal of a run: all that it has to tell is told here, as words or as lines of JSON, while it goes on; and every way in
//! which it can end passes through [`Journal::end`], where reports are written and monitors told.
//!
//! A result, an error, a signal and a panic all come to that one end, once. Reports come after publishing, because they
//! say what was published; one that fails takes nothing back. Everything a machine reads is made from the one
//! [`Report`](crate::report::Report).

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, TryLockError};
use std::thread::{self, ThreadId};
use std::time::Duration;

use anyhow::{Context, Result};

use crate::cli::log::{Log, Subject};
use crate::cli::reporting::{LogFormat, Reporting};
use crate::cli::{ERROR, Manner, conclude, show, tell_sources};
use crate::load::{LateRelease, PublishedFile};
use crate::ping::Ping;
use crate::problem::exit::{Exit, ExitError};
use crate::problem::{Problem, worst_exit};
use crate::report::lineage::Lineage;
use crate::report::{Finding, Report, file, github, junit, sarif};
use crate::run::{RunConfig, RunResult};

/// What is told of one run.
pub struct Journal {
    manner: Manner,
    log: Log,
    /// What is written at the end; none for commands that only print.
    reporting: Option<Reporting>,
    report: Mutex<Report>,
    ping: Mutex<Option<Ping>>,
    lineage: Lineage,
    ending: OnceLock<ThreadId>,
}

/// A report in one of its forms.
type Encode<'e> = &'e dyn Fn(&Report) -> Result<Vec<u8>>;

/// How long a thread that comes to an end waits for another that came to one first, and is about to leave the process.
const END_OF_ANOTHER: Duration = Duration::from_millis(1500);

impl Journal {
    /// Of a run that begins now.
    #[must_use]
    pub fn begin(command: &'static str, manner: Manner, reporting: Option<Reporting>) -> Journal {
        let format = reporting.as_ref().map_or(LogFormat::Text, |of| of.log_format);
        let log = Log { format, quiet: manner.quiet };
        let ping = reporting.as_ref().and_then(|of| of.ping.clone()).and_then(Ping::start);
        let report = Report::begin(command);
        log.line(&Subject::RunStarted { command, version: report.version });
        let (report, ping) = (Mutex::new(report), Mutex::new(ping));
        Journal { manner, log, reporting, report, ping, lineage: Lineage::begin(), ending: OnceLock::new() }
    }

    /// How people are spoken to while machines read: they are not.
    #[must_use]
    pub fn to_people(&self, manner: Manner) -> Manner {
        Manner { quiet: manner.quiet || !self.is_words(), ..manner }
    }

    /// Whether people read it.
    fn is_words(&self) -> bool {
        self.log.format == LogFormat::Text
    }

    /// Tells what is to be read.
    pub fn reads(&self, config: &RunConfig) {
        let mut report = self.report();
        report.add_inputs(config);
        if let Some(path) = self.reporting.as_ref().and_then(|reporting| reporting.lineage.as_ref()) {
            let written = self.lineage.start(&report).and_then(|event| file::write(path, &event));
            if let Err(error) = written {
                self.warning(&format!("{error:#}"));
            }
        }
    }

    /// Tells what was read and found; returns how the run ends by that.
    pub fn found(&self, config: &RunConfig, result: &RunResult) -> Exit {
        let mut report = self.report();
        report.add_results(config, result);
        if self.is_words() {
            tell_sources(result, self.manner);
            return conclude(&result.problems, self.manner);
        }
        for input in report.inputs.iter().filter(|input| input.sha256.is_some()) {
            self.log.line(&Subject::DocumentRead(input));
        }
        for problem in &report.problems {
            self.log.line(&Subject::Problem(problem));
        }
        worst_exit(&result.problems)
    }

    /// Tells what became of releases behind the newest published one.
    pub fn releases_changed(&self, dataset: &str, late: &[LateRelease]) {
        self.report().add_late_releases(dataset, late);
        for release in late {
            self.log.line(&Subject::ReleaseChanged { dataset, release });
        }
    }

    /// Tells what became of a dataset.
    pub fn published(&self, dataset: &str, place: &str, changed: bool, files: &[PublishedFile]) {
        let mut report = self.report();
        report.add_published(dataset, place, changed, files);
        if let Some(dataset) = report.datasets.iter().find(|of| of.name == dataset) {
            self.log.line(&if changed { Subject::Published(dataset) } else { Subject::Unchanged(dataset) });
        }
    }

    /// Ends the run: shows what ended it, writes what was asked for, tells who follows it. Only the first end counts; one
    /// that comes meanwhile (a panic, a signal) tells no more than itself.
    pub fn end(&self, ended: Result<Exit>) -> Exit {
        let ended = match ended {
            Err(error) if self.has_seen_enough(&error) => Ok(Exit::Done),
            ended => ended,
        };
        let exit = ended.as_ref().map_or_else(Exit::from_error, |exit| *exit);
        if self.ending.set(thread::current().id()).is_err() {
            self.end_meanwhile(ended.err());
            return exit;
        }
        let mut report = self.taken();
        let error = ended.err().map(|error| self.report_failure(&error, &mut report));
        report.finish(exit, error);
        let exit = self.write_reports(&mut report, exit);
        self.tell_github(&report);
        self.tell_monitor(&report);
        self.log.line(&Subject::finished(&report));
        exit
    }

    /// Leaves the first end the time to come to its own, unless it is this one that failed.
    fn end_meanwhile(&self, error: Option<anyhow::Error>) {
        if let Some(error) = error {
            self.error(&format!("{error:#}"));
        }
        if self.ending.get() != Some(&thread::current().id()) {
            thread::sleep(END_OF_ANOTHER);
        }
    }

    /// Whoever reads what a command prints may leave before its end.
    fn has_seen_enough(&self, error: &anyhow::Error) -> bool {
        let closed = |cause: &io::Error| cause.kind() == io::ErrorKind::BrokenPipe;
        self.reporting.is_none() && error.chain().any(|cause| cause.downcast_ref().is_some_and(closed))
    }

    /// Shows what ended the run, with the problems behind it; returns it in words.
    fn report_failure(&self, error: &anyhow::Error, report: &mut Report) -> String {
        let problems = error.downcast_ref::<ExitError>().map_or(&[][..], |fault| &fault.problems);
        let before = report.problems.len();
        report.problems.extend(problems.iter().map(Finding::from_problem));
        self.problems(problems, report.problems.get(before..).unwrap_or_default());
        let words = format!("{error:#}");
        self.error(&words);
        words
    }

    fn problems(&self, problems: &[Problem], findings: &[Finding]) {
        if self.is_words() {
            show(problems, false);
        }
        for problem in findings {
            self.log.line(&Subject::Problem(problem));
        }
    }

    fn error(&self, message: &str) {
        if self.is_words() {
            let _ = writeln!(anstream::stderr(), "{ERROR}: {message}");
        }
        self.log.line(&Subject::Error { message });
    }

    fn warning(&self, message: &str) {
        if self.is_words() {
            let _ = writeln!(anstream::stderr(), "\u{1b}[1;33mwarning\u{1b}[0m: {message}");
        }
        self.log.line(&Subject::Warning { message });
    }

    /// Writes the reports that were asked for, the one that holds all of the run last; one that cannot be written ends the run
    /// with 74.
    fn write_reports(&self, report: &mut Report, mut exit: Exit) -> Exit {
        let Some(reporting) = &self.reporting else { return exit };
        let lineage = |report: &Report| self.lineage.end(report);
        let wanted: [(&Option<PathBuf>, Encode<'_>); 4] = [
            (&reporting.junit, &|report| Ok(junit::encode(report)?)),
            (&reporting.sarif, &sarif::encode),
            (&reporting.lineage, &lineage),
            (&reporting.report, &Report::to_json),
        ];
        for (path, encode) in wanted {
            let Some(path) = path else { continue };
            if let Err(error) = encode(report).and_then(|bytes| file::write(path, &bytes)) {
                exit = exit.max(Exit::from_error(&error));
                let error = self.report_failure(&error, report);
                report.finish(exit, Some(error));
            }
        }
        exit
    }

    /// In a config of GitHub Actions: annotations, a page, outputs. The run does not fail where they cannot be given.
    fn tell_github(&self, report: &Report) {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| value == "true");
        if !self.reporting.as_ref().is_some_and(Reporting::wants_github) || !is_set("GITHUB_ACTIONS") {
            return;
        }
        let workspace = std::env::var_os("GITHUB_WORKSPACE").map(PathBuf::from);
        let annotations = github::format_annotations(report, workspace.as_deref());
        if io::stdout().lock().write_all(annotations.as_bytes()).is_err() {
            self.warning("cannot give annotations: standard output is closed");
        }
        for (variable, text) in [
            ("GITHUB_STEP_SUMMARY", github::format_summary as fn(&Report, usize) -> String),
            ("GITHUB_OUTPUT", |report, _| github::format_outputs(report)),
        ] {
            let Some(path) = std::env::var_os(variable).map(PathBuf::from) else { continue };
            if let Err(error) = append(&path, |taken| text(report, taken)) {
                self.warning(&format!("{variable}: {error:#}"));
            }
        }
    }

    fn tell_monitor(&self, report: &Report) {
        let ping = self.ping.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Err(error)) = ping.map(|ping| ping.end(report.exit, &report.to_text())) {
            self.warning(&format!("the monitor was not told how the run ended: {error}"));
        }
    }

    fn report(&self) -> MutexGuard<'_, Report> {
        self.report.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known of the run; where a panic caught it while it was written, only that it ended.
    fn taken(&self) -> Report {
        match self.report.try_lock() {
            Ok(report) => report.clone(),
            Err(TryLockError::Poisoned(report)) => report.into_inner().clone(),
            Err(TryLockError::WouldBlock) => Report::begin("run"),
        }
    }
}

/// Adds a text to a file that later steps and jobs read; it depends on how much there is already.
fn append(path: &Path, text: impl Fn(usize) -> String) -> Result<()> {
    let taken = fs::metadata(path).map_or(0, |about| about.len() as usize);
    let mut file = OpenOptions::new().append(true).create(true).open(path);
    let written = file.as_mut().map_err(|error| io::Error::from(error.kind()));
    written
        .and_then(|file| file.write_all(text(taken).as_bytes()))
        .with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Colour;
    use crate::cli::reporting::GitHub;

    /// A journal whose report goes to this file.
    fn journal(report: &Path) -> Journal {
        let manner = Manner { color: Colour::Never, quiet: true, verbose: false };
        let reporting =
            Reporting { report: Some(report.into()), github: GitHub::Never, ..Reporting::default() };
        Journal::begin("run", manner, Some(reporting))
    }

    fn fault() -> Result<Exit> {
        Err(Exit::Internal.error("a fault"))
    }

    #[test]
    fn a_panic_in_the_midst_of_telling_is_reported_too() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        let journal = journal(&path);
        let held = journal.report();
        assert_eq!(journal.end(fault()), Exit::Internal);
        drop(held);
        let told: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        assert_eq!((&told["exit"], &told["error"]), (&70.into(), &"a fault".into()));
    }

    #[test]
    fn a_run_has_one_end() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("report.json");
        let journal = journal(&path);
        assert_eq!(journal.end(Ok(Exit::Done)), Exit::Done);
        fs::remove_file(&path).unwrap();
        assert_eq!(journal.end(fault()), Exit::Internal);
        assert!(!path.exists());
    }
}
