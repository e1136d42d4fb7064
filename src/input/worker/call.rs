//! Calls a worker for a document, and holds it to its limits: whatever happens to it, this process goes on.

use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use arrow::array::{LargeBinaryArray, RecordBatch, StringArray};

use crate::document::workbook::Workbook;
use crate::input::limits::{Bound, LegacyReader, Limits};
use crate::input::workbook::{Unreadable, WorkbookFormat, group_digits, raise};
use crate::input::worker::{cells, frames};
use crate::parallel::describe_refusal;

/// Tells the program's allocator to take memory as it is needed. It would otherwise take a gigabyte at once, and no limit
/// counts what a process has already.
pub(crate) const COUNTED: (&str, &str) = ("MIMALLOC_DISALLOW_ARENA_ALLOC", "1");

/// How many bytes of what a worker says for people are kept.
const MOST_WORDS: u64 = 4096;

/// Reads a workbook in a worker.
pub(crate) fn read(format: WorkbookFormat, bytes: &[u8], limits: &Limits) -> Result<Workbook, Unreadable> {
    let failed = |error: &anyhow::Error| fault(format!("it could not be given to a worker: {error:#}"));
    let program = program(&limits.legacy_reader)?;
    let request = request_cells(bytes, limits).map_err(|error| failed(&error))?;
    let ended = call(&program, request, limits).map_err(|error| failed(&error))?;
    let output = outcome(ended, format, limits)?;
    let frames = frames::all(&output).map_err(|error| failed(&error))?;
    match frames.get("problems").and_then(|problems| problems.first()) {
        Some(problem) => Err(decode_problem(problem).unwrap_or_else(|error| failed(&error))),
        None => cells::workbook(&frames).map_err(|error| failed(&error)),
    }
}

/// The program to call. Another program that uses the library would be called in vain, and again by itself.
fn program(reader: &LegacyReader) -> Result<PathBuf, Unreadable> {
    let own = match reader {
        LegacyReader::Program(path) => return Ok(path.clone()),
        LegacyReader::Own | LegacyReader::Here => std::env::current_exe().ok(),
    };
    let is_bluebook = |path: &PathBuf| path.file_stem().is_some_and(|name| name == "bluebook");
    own.filter(is_bluebook).ok_or_else(|| Unreadable {
        found: "its format is read by a worker, and which program that is was not said".into(),
        help: "name the program bluebook: `BLUEBOOK_WORKER=PATH`, or `Limits::legacy_reader` in the library"
            .into(),
    })
}

/// A workbook whose cells are wanted, as a stream.
fn request_cells(bytes: &[u8], limits: &Limits) -> Result<Vec<u8>> {
    let limits = limits.all().map(|limit| limit.to_string()).collect::<Vec<_>>().join(",");
    let settings = [("frames".to_owned(), "cells".to_owned()), ("limits".to_owned(), limits)];
    request(&[("document", bytes)], HashMap::from(settings))
}

/// Documents as a stream, with the settings of the call.
pub(crate) fn request(documents: &[(&str, &[u8])], settings: frames::Settings) -> Result<Vec<u8>> {
    let rows = frames::frame(vec![
        ("name", Arc::new(StringArray::from_iter_values(documents.iter().map(|(name, _)| name)))),
        ("content", Arc::new(LargeBinaryArray::from_iter_values(documents.iter().map(|(_, bytes)| bytes)))),
    ])?;
    let mut request = Vec::with_capacity(documents.iter().map(|(_, bytes)| bytes.len() + 4096).sum());
    frames::write(&mut request, &rows, settings)?;
    Ok(request)
}

/// How a worker ended.
pub(crate) struct Ended {
    /// Whether its time was over.
    pub late: bool,
    /// How the system says that it ended.
    pub status: ExitStatus,
    /// What it gave.
    pub output: Vec<u8>,
    /// What it said for people.
    pub words: String,
}

/// How a worker is called.
pub(crate) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    command
        .args(["worker", "--with-caller"])
        .env(COUNTED.0, COUNTED.1)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn call(program: &Path, request: Vec<u8>, limits: &Limits) -> Result<Ended> {
    let shown = program.display().to_string();
    let mut child = command(program).spawn().with_context(|| format!("{shown} cannot be run"))?;
    let conversed = converse(&mut child, request, limits);
    // No worker is left behind. One whose pipes are closed has ended, and keeps the status it ended with.
    let _ = child.kill();
    let status = child.wait()?;
    let (late, output, words) = conversed?;
    Ok(Ended { late, status, output, words })
}

/// Writes to a worker and reads from it side by side, as it may stop doing either at any time. Returns whether it was late,
/// what it gave, and what it said.
fn converse(child: &mut Child, request: Vec<u8>, limits: &Limits) -> Result<(bool, Vec<u8>, String)> {
    let mut input = child.stdin.take().context("no standard input")?;
    let most = limits.bytes(Bound::Inflated) + 1;
    let output = read_bounded(child.stdout.take().context("no standard output")?, most)?;
    let words = words(child)?;
    let write = move || std::io::copy(&mut Cursor::new(request), &mut input);
    thread::Builder::new().spawn(write).map_err(describe_refusal)?;
    let end = Instant::now() + Duration::from_secs(limits.get(Bound::Seconds));
    let left = || end.saturating_duration_since(Instant::now());
    let Ok(output) = output.recv_timeout(left()) else { return Ok((true, Vec::new(), String::new())) };
    if output.len() as u64 == most {
        return Ok((false, output, String::new()));
    }
    let words = words.recv_timeout(left());
    let said = String::from_utf8_lossy(words.as_deref().unwrap_or_default()).into_owned();
    Ok((words.is_err(), output, said))
}

/// What a worker says for people, once it has ended.
pub(crate) fn words(child: &mut Child) -> Result<Receiver<Vec<u8>>> {
    read_bounded(child.stderr.take().context("no standard error")?, MOST_WORDS)
}

/// Reads to the end, or as much as is allowed, on a thread of its own.
fn read_bounded(from: impl Read + Send + 'static, most: u64) -> Result<Receiver<Vec<u8>>> {
    let (sender, receiver) = channel();
    let read = move || {
        let mut read = Vec::new();
        let _ = from.take(most).read_to_end(&mut read);
        let _ = sender.send(read);
    };
    thread::Builder::new().spawn(read).map_err(describe_refusal)?;
    Ok(receiver)
}

/// What a worker gave, or why it gave nothing.
fn outcome(ended: Ended, format: WorkbookFormat, limits: &Limits) -> Result<Vec<u8>, Unreadable> {
    if ended.output.len() as u64 > limits.bytes(Bound::Inflated) {
        return Err(Unreadable::beyond("megabytes once it is read", limits.limit(Bound::Inflated)));
    }
    if ended.status.success() && !ended.late {
        return Ok(ended.output);
    }
    Err(explain(&ended, format.extension(), limits))
}

/// Why a worker gave nothing of a document.
pub(crate) fn explain(ended: &Ended, of: &str, limits: &Limits) -> Unreadable {
    if ended.late || was_stopped_by_time(ended.status) {
        return explain_exhausted(Bound::Seconds, "s", limits);
    }
    if OUT_OF_MEMORY.iter().any(|words| ended.words.contains(words)) {
        return explain_exhausted(Bound::Memory, "MB", limits);
    }
    let words = ended.words.lines().next().map_or_else(|| ended.status.to_string(), str::to_owned);
    fault(format!("the reader of {of} failed on it: {words}"))
}

/// What a program says whose memory is at an end: the language, Arrow, and the system.
const OUT_OF_MEMORY: [&str; 3] = ["memory allocation of", "failed to allocate memory", "out of memory"];

#[cfg(unix)]
fn was_stopped_by_time(status: ExitStatus) -> bool {
    use std::os::unix::process::ExitStatusExt;
    status.signal() == Some(rustix::process::Signal::XCPU.as_raw())
}

#[cfg(not(unix))]
fn was_stopped_by_time(_: ExitStatus) -> bool {
    false
}

fn explain_exhausted(bound: Bound, unit: &str, limits: &Limits) -> Unreadable {
    let most = limits.get(bound);
    Unreadable {
        found: format!("the workbook could not be read within {} {unit}", group_digits(most)),
        help: raise(bound, most),
    }
}

fn fault(found: String) -> Unreadable {
    let help = "open it in a spreadsheet program, and save it as .xlsx";
    Unreadable { found, help: help.into() }
}

/// A fault as a worker tells it.
fn decode_problem(problem: &RecordBatch) -> Result<Unreadable> {
    let text = |name| -> Result<String> {
        let column = cells::column::<StringArray>(problem, name)?;
        Ok(column.iter().flatten().next().unwrap_or_default().to_owned())
    };
    Ok(Unreadable { found: text("message")?, help: text("help")? })
}
