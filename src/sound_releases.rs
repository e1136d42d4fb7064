//! Reading what is sound: where a release has a problem, the others are read without it. For programs that take what is there
//! and are told what is not; what is published is all or nothing.

use std::collections::BTreeSet;
use std::path::PathBuf;

use anyhow::Result;
use chrono::NaiveDate;

use crate::input::SourceFile;
use crate::pipeline::{self, DatasetRows};
use crate::problem::exit::Exit;
use crate::problem::{Problem, condense, worst_exit};
use crate::run::{Coverage, RunConfig, RunResult};

/// A release, or a document whose release nobody knows.
type ReleaseOf = Result<NaiveDate, PathBuf>;

/// Takes all documents to rows, as [`pipeline::process_documents`]; where there are errors, all but those of the releases that
/// have one. `begin` makes what takes the rows of one attempt; that of the last one is returned, with all problems in the result.
///
/// # Errors
/// As [`pipeline::process_documents`], and where `begin` fails.
pub fn read_sound_releases<T>(
    config: &RunConfig,
    mut begin: impl FnMut() -> Result<T>,
    mut take: impl FnMut(&mut T, DatasetRows) -> Result<()>,
) -> Result<(T, RunResult)> {
    let sources = pipeline::resolve_release_dates(config)?;
    let mut config = RunConfig { sources, ..config.clone() };
    let mut problems: Vec<Problem> = Vec::new();
    loop {
        let mut rows = begin()?;
        let mut result = pipeline::process_documents(&config, |portion| take(&mut rows, portion), |_| ())?;
        if worst_exit(&result.problems) == Exit::Done || config.sources.is_empty() {
            problems.extend(result.problems);
            result.problems = condense(problems);
            return Ok((rows, result));
        }
        config.sources = leave_out_faulty(config.sources, &result.problems);
        config.coverage = Coverage::Part;
        problems.extend(result.problems.into_iter().filter(Problem::is_error));
    }
}

/// The documents of releases without an error; none where an error names no document.
fn leave_out_faulty(sources: Vec<SourceFile>, problems: &[Problem]) -> Vec<SourceFile> {
    let spans = problems.iter().filter(|problem| problem.is_error()).flat_map(|problem| &problem.spans);
    let named: BTreeSet<&str> = spans.map(|span| span.file.as_str()).collect();
    let faulty: BTreeSet<ReleaseOf> = sources
        .iter()
        .filter(|source| named.contains(source.display_path().as_str()))
        .map(release_of)
        .collect();
    if faulty.is_empty() {
        return Vec::new();
    }
    sources.into_iter().filter(|source| !faulty.contains(&release_of(source))).collect()
}

fn release_of(source: &SourceFile) -> ReleaseOf {
    source.release.ok_or_else(|| source.path.clone())
}
