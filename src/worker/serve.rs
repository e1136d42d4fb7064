//! The end of the process that reads: documents in, frames out.

use std::io::{BufRead, Read, Write};
use std::sync::Arc;

use anyhow::{Context, Result};
use arrow::array::{ArrayRef, AsArray, RecordBatch, StringArray};
use arrow::compute::cast;
use arrow::datatypes::DataType;
use arrow::ipc::reader::StreamReader;

use crate::input::SourceFile;
use crate::input::limits::{Bound, LegacyReader, Limit, Limits};
use crate::input::workbook::{self, Unreadable, WorkbookFormat};
use crate::input::worker::call::COUNTED;
use crate::input::worker::cells;
use crate::input::worker::frames::{Settings, frame, give};
use crate::problem::exit::Exit;
use crate::worker::group;

/// Reads documents, each a stream of its own, until there are no more; writes the frames of each, and one that says that they
/// are all. A process that serves is bounded from its first document on: in memory for good, in time for each document.
///
/// # Errors
/// Where a stream is not as [`crate::worker`] says, or nobody reads the frames any more.
pub fn serve(mut input: impl BufRead, mut output: impl Write) -> Result<()> {
    while !input.fill_buf()?.is_empty() {
        // What a document takes is bounded before it is read.
        let mut documents =
            StreamReader::try_new(&mut input, None).context("a stream of documents was expected")?;
        let settings: Settings = documents.schema().metadata().clone().into();
        let limits = parse_limits(&settings)?;
        if wants_observations(&settings) {
            group::give_all(&mut output, read_group(&mut documents)?, &settings, &limits)?;
        } else {
            confine(&limits)?;
            give_all_cells(&mut output, &mut documents, &limits)?;
        }
        give(
            &mut output,
            0,
            END,
            &frame(vec![("document", Arc::new(StringArray::from_iter_values(["0"])))])?,
        )?;
        output.flush()?;
    }
    Ok(())
}

/// What can be wanted of a document; the first where nothing is said.
pub(super) const FRAMES: [&str; 2] = ["cells", "observations"];

/// The frame that ends those of a document.
pub(super) const END: &str = "end";

/// Whether all documents of a stream are wanted together.
pub(super) fn wants_observations(settings: &Settings) -> bool {
    settings.get("frames").is_some_and(|wanted| wanted == FRAMES[1])
}

/// The documents of some rows.
pub(super) fn list_documents(rows: &RecordBatch) -> Result<Vec<SourceFile>> {
    let column = |name: &str, kind: &DataType| -> Result<ArrayRef> {
        let column = rows.column_by_name(name).with_context(|| format!("the column {name} is missing"))?;
        cast(column, kind).with_context(|| format!("the column {name}"))
    };
    let (names, contents) = (column("name", &DataType::Utf8)?, column("content", &DataType::Binary)?);
    let both = names.as_string::<i32>().iter().zip(contents.as_binary::<i32>());
    let document = |(name, content): (Option<&str>, Option<&[u8]>)| {
        SourceFile::in_memory(name.unwrap_or_default(), content.unwrap_or_default())
    };
    Ok(both.map(document).collect())
}

/// All documents of a stream.
pub(super) fn read_group(stream: &mut StreamReader<impl Read>) -> Result<Vec<SourceFile>> {
    let batches = stream.map(|rows| list_documents(&rows?)).collect::<Result<Vec<_>>>()?;
    Ok(batches.concat())
}

fn give_all_cells(to: &mut impl Write, stream: &mut StreamReader<impl Read>, limits: &Limits) -> Result<()> {
    for rows in stream {
        for document in list_documents(&rows?)? {
            give_cells(to, &document.read()?, limits)?;
        }
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
pub(super) fn parse_limits(settings: &Settings) -> Result<Limits> {
    let mut limits = Limits::default();
    for text in settings.get("limits").iter().flat_map(|all| all.split(',')).filter(|text| !text.is_empty()) {
        limits = limits
            .with(text.parse::<Limit>().map_err(|error| Exit::Config.error(format!("{text}: {error}")))?);
    }
    limits.legacy_reader = LegacyReader::Here;
    Ok(limits)
}

fn give_cells(to: &mut impl Write, content: &[u8], limits: &Limits) -> Result<()> {
    let format = WorkbookFormat::detect(content).ok_or_else(|| Unreadable::damaged(&"it is no workbook"));
    match format.and_then(|format| workbook::read(format, content, limits)) {
        Ok(workbook) => cells::give_all(to, 0, &workbook),
        Err(fault) => give(to, 0, "problems", &encode_fault(&fault)?),
    }
}

/// Why there are no cells, as rows.
pub(super) fn encode_fault(fault: &Unreadable) -> Result<RecordBatch> {
    let text = |text: &str| Arc::new(StringArray::from_iter_values([text]));
    frame(vec![("message", text(&fault.found)), ("help", text(&fault.help))])
}

/// Bounds this process: memory, seconds of work from now on, and no file where it fails. What a document is read with is in
/// memory of its own (`RLIMIT_DATA`); the program itself, which is mapped, does not count. The bound of time stays below
/// the highest, at which no signal would tell why the process ends.
#[cfg(unix)]
fn confine(limits: &Limits) -> Result<()> {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    use rustix::time::{ClockId, clock_gettime};
    let used = clock_gettime(ClockId::ProcessCPUTime).tv_sec.cast_unsigned() + 1;
    let bounds = [
        (Resource::Data, limits.bytes(Bound::Memory)),
        (Resource::Cpu, used + limits.get(Bound::Seconds)),
        (Resource::Core, 0),
    ];
    for (resource, most) in bounds {
        let maximum = getrlimit(resource).maximum;
        setrlimit(resource, Rlimit { current: Some(most), maximum }).context("limits cannot be set")?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn confine(_: &Limits) -> Result<()> {
    Ok(())
}
