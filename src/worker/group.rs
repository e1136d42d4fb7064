//! What documents give of a dataset, as frames: those of one release are compared and agree, or are a problem, as in a run;
//! and what has a problem is left out with its release.

use std::io::Write;
use std::sync::Arc;

use anyhow::Result;
use arrow::array::{RecordBatch, StringArray};

use crate::dataset::{self, Definition};
use crate::input::SourceFile;
use crate::input::limits::{LegacyReader, Limits};
use crate::input::worker::frames::{self, Settings, frame, give};
use crate::load::to_plain;
use crate::pipeline::DatasetRows;
use crate::problem::Problem;
use crate::problem::exit::Exit;
use crate::run::RunConfig;
use crate::sound_releases::read_sound_releases;

/// Refuses settings that nothing can be read with.
///
/// # Errors
/// Where a definition is wrong, or no dataset has the name (exit 78).
pub(super) fn check_settings(settings: &Settings, limits: &Limits) -> Result<()> {
    config(settings, limits).map(drop)
}

/// Gives the frames of documents away.
pub(super) fn give_all(
    to: &mut impl Write,
    documents: Vec<SourceFile>,
    settings: &Settings,
    limits: &Limits,
) -> Result<()> {
    let config = RunConfig { sources: documents, ..config(settings, limits)? };
    let take = |rows: &mut Vec<DatasetRows>, more| {
        rows.push(more);
        Ok(())
    };
    let (rows, result) = read_sound_releases(&config, || Ok(Vec::new()), take)?;
    let is_plain = settings.get("text").is_some_and(|text| text == PLAIN);
    for DatasetRows { dataset, batch } in &rows {
        let dataset = config.definitions[*dataset].name();
        for (table, rows) in batch.tables() {
            let rows = if is_plain { &to_plain(rows)? } else { rows };
            let said = [("frame", table), ("dataset", dataset)];
            frames::write(to, rows, said.map(|(name, value)| (name.to_owned(), value.to_owned())).into())?;
        }
    }
    give(to, 0, "problems", &encode_problems(&result.problems)?)
}

/// The setting `text` that asks for plain text in place of dictionaries.
const PLAIN: &str = "plain";

fn config(settings: &Settings, limits: &Limits) -> Result<RunConfig> {
    let definitions = match (settings.get("definition"), settings.get("dataset")) {
        (Some(text), _) => vec![usable(Definition::parse(text, "definition"))?],
        (None, Some(name)) => {
            let named = usable(dataset::built_in())?.into_iter().find(|own| own.name() == name);
            let unknown = || Exit::Config.error(format!("no built-in dataset is named {name}"));
            vec![named.ok_or_else(unknown)?]
        }
        (None, None) => usable(dataset::built_in())?,
    };
    let mut limits = limits.clone();
    // This process has many documents: each that is read whole has one of its own.
    limits.legacy_reader = std::env::current_exe().map_or(LegacyReader::Own, LegacyReader::Program);
    let chosen = settings.contains_key("definition") || settings.contains_key("dataset");
    Ok(RunConfig {
        sources: Vec::new(),
        definitions,
        is_chosen: chosen,
        encoding: None,
        limits,
        threads: 1,
        ..RunConfig::default()
    })
}

fn usable<T>(found: Result<T, Vec<Problem>>) -> Result<T> {
    let said =
        |problems: Vec<Problem>| problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>();
    found.map_err(|problems| {
        Exit::Config.error(format!("the definition cannot be used: {}", said(problems).join("; ")))
    })
}

/// Problems as rows.
pub(super) fn encode_problems(problems: &[Problem]) -> Result<RecordBatch> {
    let texts =
        |of: &dyn Fn(&Problem) -> String| Arc::new(StringArray::from_iter_values(problems.iter().map(of)));
    frame(vec![
        (
            "document",
            texts(&|problem| problem.spans.first().map(|span| span.file.clone()).unwrap_or_default()),
        ),
        ("rule", texts(&|problem| problem.rule.id().into())),
        ("severity", texts(&|problem| problem.severity.name().into())),
        ("message", texts(&|problem| problem.headline().into_owned())),
        ("place", texts(&|problem| place(problem).unwrap_or_default())),
        ("help", texts(&|problem| problem.help.clone().unwrap_or_default())),
    ])
}

fn place(problem: &Problem) -> Option<String> {
    Some(problem.spans.first()?.place.as_ref()?.to_string())
}
