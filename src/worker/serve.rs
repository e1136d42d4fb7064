//! The worker's end: documents in, frames out.

use std::io::{Read, Write};
use std::sync::Arc;

use anyhow::{Context, Result, anyhow};
use arrow::array::{BinaryArray, RecordBatch, StringArray};
use arrow::ipc::reader::StreamReader;

use crate::input::limits::{Bound, LegacyReader, Limit, Limits};
use crate::input::workbook::{self, Unreadable, WorkbookFormat};
use crate::input::worker::call::COUNTED;
use crate::input::worker::cells;
use crate::input::worker::frames::{Settings, frame, give};
use crate::worker::observations;

/// Reads documents from a stream until it ends, and writes their frames. A process that serves is bounded by the limits of
/// the stream from its first document on.
///
/// # Errors
/// Where a stream is not as [`crate::worker`] says, or nobody reads the frames any more.
pub fn serve(input: impl Read, mut output: impl Write) -> Result<()> {
    let mut documents = StreamReader::try_new(input, None).context("a stream of documents was expected")?;
    let settings: Settings = documents.schema().metadata().clone().into();
    let limits = limits(&settings)?;
    confine(&limits)?;
    let wanted = settings.get("frames").map_or("cells", String::as_str);
    let mut number = 0;
    for rows in &mut documents {
        let rows = rows?;
        let names = cells::column::<StringArray>(&rows, "name")?;
        let contents = cells::column::<BinaryArray>(&rows, "content")?;
        for (name, content) in names
            .iter()
            .zip(contents)
            .map(|(name, content)| (name.unwrap_or_default(), content.unwrap_or_default()))
        {
            match wanted {
                "cells" => give_cells(&mut output, number, content, &limits)?,
                "observations" => {
                    observations::give_all(&mut output, number, (name, content), &settings, &limits)?;
                }
                _ => {
                    return Err(anyhow!(
                        "no frames have the name {wanted}; there are cells and observations"
                    ));
                }
            }
            number += 1;
        }
        output.flush()?;
    }
    Ok(())
}

/// Begins this process anew where its allocator was not told so.
///
/// # Errors
/// Where it cannot be begun anew.
#[cfg(unix)]
pub fn count_memory() -> Result<()> {
    use std::os::unix::process::CommandExt;
    let (name, value) = COUNTED;
    if std::env::var_os(name).is_some() {
        return Ok(());
    }
    let program = std::env::current_exe().context("the worker cannot find its program")?;
    let mut again = std::process::Command::new(program);
    let refused = again.args(std::env::args_os().skip(1)).env(name, value).exec();
    Err(refused).context("the worker cannot be begun anew")
}

/// Elsewhere no limit of memory is set.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)] // as it is where it can fail
pub fn count_memory() -> Result<()> {
    Ok(())
}

/// Has this process end with the one that called it, however that ends.
pub fn end_with_caller() {
    // Where the system refuses that, the limits end it.
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_parent_process_death_signal(Some(rustix::process::Signal::KILL));
}

/// The limits of a call. The worker reads by itself what it is asked for.
fn limits(settings: &Settings) -> Result<Limits> {
    let mut limits = Limits::default();
    for text in settings.get("limits").iter().flat_map(|all| all.split(',')).filter(|text| !text.is_empty()) {
        limits = limits.with(text.parse::<Limit>().map_err(|error| anyhow!("{text}: {error}"))?);
    }
    limits.legacy_reader = LegacyReader::Here;
    Ok(limits)
}

fn give_cells(to: &mut impl Write, document: usize, content: &[u8], limits: &Limits) -> Result<()> {
    let format = WorkbookFormat::detect(content).ok_or_else(|| Unreadable::damaged(&"it is no workbook"));
    match format.and_then(|format| workbook::read(format, content, limits)) {
        Ok(workbook) => cells::give_all(to, document, &workbook),
        Err(fault) => give(to, document, "problems", &problem(&fault)?),
    }
}

fn problem(fault: &Unreadable) -> Result<RecordBatch> {
    let text = |text: &str| Arc::new(StringArray::from_iter_values([text]));
    frame(vec![("message", text(&fault.found)), ("help", text(&fault.help))])
}

/// Bounds this process: memory, seconds of work, and no file where it fails. What a document is read with is in memory of
/// its own (`RLIMIT_DATA`); the program itself, which is mapped, does not count.
#[cfg(unix)]
fn confine(limits: &Limits) -> Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let bounds = [
        (Resource::Data, limits.bytes(Bound::Memory)),
        (Resource::Cpu, limits.get(Bound::Seconds)),
        (Resource::Core, 0),
    ];
    for (resource, most) in bounds {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })
            .context("limits cannot be set")?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn confine(_: &Limits) -> Result<()> {
    Ok(())
}
