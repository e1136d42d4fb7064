//! What machines can be told of a run, as the arguments of `run` and `check` say.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::ping::PingUrl;

/// What machines are told of a run, and how.
#[derive(Clone, Debug, Default, Args)]
pub struct Reporting {
    /// Format of standard error
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT", env = "BLUEBOOK_LOG_FORMAT")]
    pub log_format: LogFormat,
    /// Write a JSON report of the run to a file, however it ends
    #[arg(long, value_name = "FILE", env = "BLUEBOOK_REPORT", value_parser = a_file)]
    pub report: Option<PathBuf>,
    /// Write checks and problems to a file as JUnit XML
    #[arg(long, value_name = "FILE", env = "BLUEBOOK_JUNIT", value_parser = a_file)]
    pub junit: Option<PathBuf>,
    /// Write problems to a file as SARIF 2.1.0
    #[arg(long, value_name = "FILE", env = "BLUEBOOK_SARIF", value_parser = a_file)]
    pub sarif: Option<PathBuf>,
    /// Write OpenLineage events to a file, a line of JSON each: START, and COMPLETE or FAIL
    #[arg(long, value_name = "FILE", env = "BLUEBOOK_LINEAGE", value_parser = a_file)]
    pub lineage: Option<PathBuf>,
    /// Ping a monitor at the start and end of a run, by the protocol of healthchecks.io
    #[arg(long, value_name = "URL", env = "BLUEBOOK_PING", hide_env_values = true, value_parser = PingUrl::parse)]
    pub ping: Option<PingUrl>,
    /// When to write annotations, a job summary and outputs for GitHub Actions: in its jobs, or never
    #[arg(long, value_enum, default_value_t, value_name = "WHEN", env = "BLUEBOOK_GITHUB")]
    pub github: GitHub,
}

/// How standard error is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Text for people
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

/// When GitHub Actions is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum GitHub {
    #[default]
    Auto,
    Never,
}

impl Reporting {
    /// Whether a job of GitHub Actions is to be told.
    #[must_use]
    pub fn wants_github(&self) -> bool {
        self.github == GitHub::Auto
    }
}

/// Standard output says in one line what is published; a report would stand in its way.
fn a_file(text: &str) -> Result<PathBuf, String> {
    if text == "-" { Err("a report needs a file".into()) } else { Ok(text.into()) }
}
