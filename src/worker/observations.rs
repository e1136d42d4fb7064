//! What a document gives of a dataset, as frames: the part of the flow that needs no other document.

use std::io::Write;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use arrow::array::{RecordBatch, StringArray};

use crate::dataset::{self, Definition};
use crate::input::limits::Limits;
use crate::input::worker::frames::{Settings, frame, give};
use crate::pipeline;
use crate::problem::Problem;
use crate::run::RunConfig;

/// The tables of a document.
const TABLES: [&str; 3] = ["checks", "notes", "observations"];

/// Gives the frames of a document away.
pub(super) fn give_all(
    to: &mut impl Write,
    (name, content): (&str, &[u8]),
    settings: &Settings,
    limits: &Limits,
) -> Result<()> {
    let config = config(settings, limits)?;
    let (batches, problems) = pipeline::process_document(name, content, &config)?;
    for batch in &batches {
        for table in TABLES {
            batch.rows(table).map_or(Ok(()), |rows| give(to, 0, table, rows))?;
        }
    }
    give(to, 0, "problems", &encode_problems(&problems)?)
}

fn config(settings: &Settings, limits: &Limits) -> Result<RunConfig> {
    let definitions = match (settings.get("definition"), settings.get("dataset")) {
        (Some(text), _) => vec![usable(Definition::parse(text, "definition"))?],
        (None, Some(name)) => {
            let named = usable(dataset::built_in())?.into_iter().find(|own| own.name() == name);
            vec![named.with_context(|| format!("no built-in dataset is named {name}"))?]
        }
        (None, None) => usable(dataset::built_in())?,
    };
    let chosen = settings.contains_key("definition") || settings.contains_key("dataset");
    Ok(RunConfig {
        sources: Vec::new(),
        definitions,
        is_chosen: chosen,
        encoding: None,
        limits: limits.clone(),
        threads: 1,
        keeps_layouts: false,
        shows_unsound: false,
    })
}

fn usable<T>(found: Result<T, Vec<Problem>>) -> Result<T> {
    let said =
        |problems: Vec<Problem>| problems.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>();
    found.map_err(|problems| anyhow!("the definition cannot be used: {}", said(problems).join("; ")))
}

/// Problems as rows.
pub(super) fn encode_problems(problems: &[Problem]) -> Result<RecordBatch> {
    let texts =
        |of: &dyn Fn(&Problem) -> String| Arc::new(StringArray::from_iter_values(problems.iter().map(of)));
    frame(vec![
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
