//! A side of a comparison: a document, a folder of documents, the documents of a release, or what is published in a folder.

mod published;

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;
use chrono::NaiveDate;

use crate::cli::diff::DiffArguments;
use crate::cli::{Manner, conclude, date};
use crate::history::History;
use crate::load::find_sets;
use crate::problem::exit::Exit;
use crate::run::RunConfig;
use crate::{input, pipeline};

/// What a side says of each dataset; or how the program ends, where its documents have problems, which were told.
pub type Side = Result<Vec<Option<History>>, Exit>;

/// Reads the side that a text names.
pub fn read(text: &Path, arguments: &DiffArguments, config: &RunConfig, manner: Manner) -> Result<Side> {
    if text.is_dir()
        && let Ok(sets) = find_sets(text)
    {
        return Ok(Ok(published::read(&sets, &config.definitions)?));
    }
    let day = text.to_str().and_then(|text| date(text).ok()).filter(|_| !text.exists());
    let inputs = if day.is_some() { arguments.inputs.clone() } else { vec![text.into()] };
    let sources = input::find_sources(&inputs, None)?;
    let mut config = RunConfig { sources, ..config.clone() };
    if let Some(day) = day {
        keep_release(&mut config, day)?;
    }
    let result = pipeline::process_documents(&config, |_| Ok(()), |_| ())?;
    let exit = conclude(&result.problems, manner);
    Ok(if exit == Exit::Done { Ok(result.histories) } else { Err(exit) })
}

/// Keeps the documents of a release.
fn keep_release(config: &mut RunConfig, day: NaiveDate) -> Result<()> {
    let all = pipeline::resolve_release_dates(config)?;
    let releases: BTreeSet<NaiveDate> = all.iter().filter_map(|source| source.release).collect();
    config.sources = all.into_iter().filter(|source| source.release == Some(day)).collect();
    if !config.sources.is_empty() {
        return Ok(());
    }
    let known = releases.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    Err(Exit::NoInput.error(format!(
        "no document is of the release {day}; there are {known}; `--input` names where to look"
    )))
}
