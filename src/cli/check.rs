//! `bluebook check`: the whole flow but writing; and the table that tells a person what was read and proven.

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anyhow::Result;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use comfy_table::{CellAlignment, Table};

use crate::cli::frozen::{self, Frozen};
use crate::cli::journal::Journal;
use crate::cli::reporting::Reporting;
use crate::cli::{Manner, Reading, page_changes, progress};
use crate::dataset::Definition;
use crate::grammar::number::format_number;
use crate::page::{Newest, Page};
use crate::pipeline::{self, DatasetRows};
use crate::problem::exit::Exit;
use crate::report::file;
use crate::run::{RunConfig, RunResult};
use crate::summary::{Counts, Summary};
use crate::text::format_count;

/// What `check` takes.
#[derive(Debug, clap::Args)]
pub struct CheckArguments {
    #[command(flatten)]
    reading: Reading,
    /// Also write the page of what was read, problems included
    #[arg(long, value_name = "FILE", env = "BLUEBOOK_PAGE")]
    html: Option<PathBuf>,
    #[command(flatten)]
    frozen: Frozen,
    #[command(flatten, next_help_heading = "Machine-readable output")]
    pub reporting: Reporting,
}

/// Reads and proves the documents, and where it is asked for, holds them against what was locked.
pub fn check(arguments: &CheckArguments, manner: Manner, journal: &Journal) -> Result<Exit> {
    let locked = arguments.frozen.read_lock()?;
    let config = RunConfig {
        keeps_layouts: locked.is_some(),
        shows_unsound: arguments.html.is_some(),
        ..arguments.reading.config()?
    };
    journal.reads(&config);
    let manner = journal.to_people(manner);
    let bar = progress::bar(config.sources.len(), manner);
    let mut newest: Vec<Newest> = config.definitions.iter().map(|_| Newest::default()).collect();
    let keep = |portion: DatasetRows| match arguments.html {
        Some(_) => newest[portion.dataset].add(|name| portion.batch.rows(name)),
        None => Ok(()),
    };
    let result = pipeline::process_documents(&config, keep, |documents| bar.inc(documents as u64))?;
    bar.finish_and_clear();
    let exit = journal.found(&config, &result);
    if let Some(path) = &arguments.html {
        write_page(path, &config, &result, &newest)?;
    }
    if let Some(locked) = locked.filter(|_| exit == Exit::Done) {
        arguments.frozen.refuse(&frozen::differences(&locked, &config, &result))?;
    }
    let read = config.definitions.iter().zip(&result.summaries).filter(|(_, summary)| summary.documents > 0);
    for (definition, summary) in read.filter(|_| exit == Exit::Done && !manner.quiet) {
        report(definition, summary)?;
    }
    Ok(exit)
}

/// Writes the page of the only dataset that was read; of the first definition where none was.
fn write_page(path: &Path, config: &RunConfig, result: &RunResult, newest: &[Newest]) -> Result<()> {
    let read = result.summaries.iter().enumerate().filter(|(_, summary)| summary.documents > 0);
    let read: Vec<usize> = read.map(|(dataset, _)| dataset).collect();
    if read.len() > 1 {
        return Err(Exit::Config.error("a page is of one dataset; name it by `--dataset`"));
    }
    let dataset = read.first().copied().unwrap_or_default();
    let (definition, summary) = (&config.definitions[dataset], &result.summaries[dataset]);
    let changes = result.histories[dataset].as_ref().and_then(page_changes::tell);
    let page = Page {
        definition,
        about: &summary.about(definition),
        newest: &newest[dataset],
        problems: &result.problems,
        files: &[],
        changes: changes.as_ref(),
    };
    file::write(path, page.render()?.as_bytes())
}

fn report(definition: &Definition, summary: &Summary) -> io::Result<()> {
    let mut stdout = anstream::stdout().lock();
    if io::stdout().is_terminal() {
        return write!(stdout, "{}", table(definition, summary));
    }
    writeln!(stdout, "{}: {}", definition.name(), summary.line(definition))
}

/// What was read and proven, table by table.
pub fn table(definition: &Definition, summary: &Summary) -> String {
    let mut table = Table::new();
    table.load_style(UTF8_BORDERS_ONLY);
    table.set_header(["table", "", "figures", "nil proven", "totals"]);
    for of in &definition.tables {
        if let Some(counts) = summary.tables_by_name.get(&of.name) {
            let title = of.titles.first().or(of.sheets.first()).filter(|title| **title != of.name);
            table.add_row(row(&of.name, &shorten(title.map_or("", String::as_str)), counts, definition));
        }
    }
    table.add_row(row("", "", &summary.total(), definition));
    for column in table.column_iter_mut().skip(2) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let read = format!("{}, {}", format_count(summary.documents, "document"), releases(summary));
    let made = format!(
        "{}, {}",
        format_count(summary.observations, "observation"),
        format_count(summary.notes, "note")
    );
    format!("{}\n{read}\n{table}\n{made}\n", definition.title)
}

fn row(code: &str, name: &str, counts: &Counts, definition: &Definition) -> [String; 5] {
    let totals = match (counts.checks, counts.derived) {
        (0, 0) => String::new(),
        (0, derived) => format!("{derived} derived"),
        (checks, _) if counts.within > 0 => {
            format!(
                "{} of {checks} ✓ ±{}",
                counts.passed,
                format_number(counts.within, definition.decimals())
            )
        }
        (checks, _) => format!("{} of {checks} ✓", counts.passed),
    };
    let nil = if counts.nil > 0 { counts.nil.to_string() } else { String::new() };
    [code.into(), name.into(), counts.printed.to_string(), nil, totals]
}

/// `release 2026-02-28`, `12 releases from 2025-01-31 to 2025-12-31`.
fn releases(summary: &Summary) -> String {
    let releases = summary.releases();
    match (releases.first(), releases.last()) {
        (Some(first), Some(last)) if first != last => {
            format!("{} from {first} to {last}", format_count(releases.len(), "release"))
        }
        (Some(only), _) => format!("release {only}"),
        _ => "no release".into(),
    }
}

/// A name that leaves room for the figures beside it.
fn shorten(name: &str) -> String {
    const ROOM: usize = 36;
    match name.char_indices().nth(ROOM) {
        Some((end, _)) => format!("{}…", name[..end].trim_end()),
        None => name.into(),
    }
}
