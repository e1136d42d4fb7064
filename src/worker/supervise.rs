//! The end that others call: each document is handed to a process that reads it, which a hostile one can only end. Then another
//! is begun, and the document has a problem that says why.

use std::io::{BufReader, Read, Write};
use std::process::{Child, ChildStdin};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use arrow::array::RecordBatch;
use arrow::ipc::reader::StreamReader;

use crate::input::limits::{Bound, Limits};
use crate::input::workbook::{Unreadable, WorkbookFormat};
use crate::input::worker::call::{Ended, command, explain, request, words};
use crate::input::worker::frames::{self, Settings};
use crate::parallel::describe_refusal;
use crate::problem::{Problem, Rule, Span};
use crate::worker::observations::encode_problems;
use crate::worker::serve::{END, FRAMES, encode_fault, list_documents, parse_limits};

/// Reads documents from a stream until it ends, and writes their frames.
///
/// # Errors
/// Where the stream is not as [`crate::worker`] says, no process can be begun, or nobody reads the frames any more.
pub fn supervise(input: impl Read, mut output: impl Write) -> Result<()> {
    let mut documents = StreamReader::try_new(input, None).context("a stream of documents was expected")?;
    let settings: Settings = documents.schema().metadata().clone().into();
    if let Some(wanted) = settings.get("frames").filter(|wanted| !FRAMES.contains(&wanted.as_str())) {
        bail!("no frames have the name {wanted}; there are {}", FRAMES.join(" and "));
    }
    let mut supervisor = Supervisor { limits: parse_limits(&settings)?, settings, reader: None };
    let mut number = 0;
    for rows in &mut documents {
        for (name, content) in list_documents(&rows?)? {
            for (frame, rows) in supervisor.read(name, content)? {
                rows.iter().try_for_each(|rows| frames::give(&mut output, number, &frame, rows))?;
            }
            number += 1;
        }
        output.flush()?;
    }
    Ok(())
}

/// A frame of a document: its name and rows.
type Frame = (String, Vec<RecordBatch>);

struct Supervisor {
    settings: Settings,
    limits: Limits,
    reader: Option<Reader>,
}

/// A process that reads documents.
struct Reader {
    child: Child,
    input: ChildStdin,
    frames: Receiver<Frame>,
    words: Receiver<Vec<u8>>,
    /// Whether it has read a document already.
    has_read: bool,
}

impl Supervisor {
    /// The frames of a document. A process that ends on a document it did not begin with may have ended for what came before,
    /// so the document is tried once more.
    fn read(&mut self, name: &str, content: &[u8]) -> Result<Vec<Frame>> {
        loop {
            let mut reader = match self.reader.take() {
                Some(reader) => reader,
                None => Reader::start()?,
            };
            match reader.read(request(name, content, self.settings.clone())?, &self.limits) {
                Ok(frames) => {
                    reader.has_read = true;
                    self.reader = Some(reader);
                    return Ok(frames);
                }
                Err(late) => {
                    let has_read = reader.has_read;
                    let ended = reader.end(late)?;
                    if !has_read {
                        return self.describe_end(&ended, name, content);
                    }
                }
            }
        }
    }

    /// Why a document has no frames, as its only frame.
    fn describe_end(&self, ended: &Ended, name: &str, content: &[u8]) -> Result<Vec<Frame>> {
        let format = WorkbookFormat::detect(content);
        let fault = explain(ended, format.map_or("the document", WorkbookFormat::extension), &self.limits);
        let rows = match self.settings.get("frames").map(String::as_str) {
            Some("observations") => encode_problems(&[unreadable(name, &fault)])?,
            _ => encode_fault(&fault)?,
        };
        Ok(vec![("problems".into(), vec![rows])])
    }
}

fn unreadable(name: &str, fault: &Unreadable) -> Problem {
    let message = format!("the document cannot be read: {}", fault.found);
    Problem::new(Rule::Unreadable, message, Span::file(name.into(), "")).help(&fault.help)
}

impl Reader {
    fn start() -> Result<Reader> {
        let program = std::env::current_exe().context("the worker cannot find its program")?;
        let mut child =
            command(&program).spawn().with_context(|| format!("{} cannot be run", program.display()))?;
        let input = child.stdin.take().context("no standard input")?;
        let words = words(&mut child)?;
        let (sender, frames) = channel();
        let mut output = BufReader::new(child.stdout.take().context("no standard output")?);
        let forward = move || {
            while let Ok((rows, settings)) = frames::next(&mut output) {
                let name = settings.get("frame").cloned().unwrap_or_default();
                if sender.send((name, rows)).is_err() {
                    return;
                }
            }
        };
        thread::Builder::new().spawn(forward).map_err(describe_refusal)?;
        Ok(Reader { child, input, frames, words, has_read: false })
    }

    /// The frames of a document; where the process ends, or has to be, whether it was late.
    fn read(&mut self, request: Vec<u8>, limits: &Limits) -> Result<Vec<Frame>, bool> {
        let end = Instant::now() + Duration::from_secs(limits.get(Bound::Seconds));
        self.input.write_all(&request).and_then(|()| self.input.flush()).map_err(|_| false)?;
        drop(request);
        let mut frames = Vec::new();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.frames.recv_timeout(left) {
                Ok((name, _)) if name == END => return Ok(frames),
                Ok(frame) => frames.push(frame),
                Err(error) => return Err(error == std::sync::mpsc::RecvTimeoutError::Timeout),
            }
        }
    }

    /// Ends the process; how it ended.
    fn end(mut self, late: bool) -> Result<Ended> {
        if late {
            let _ = self.child.kill();
        }
        drop(self.input);
        let status = self.child.wait()?;
        let said = self.words.recv().unwrap_or_default();
        Ok(Ended { late, status, output: Vec::new(), words: String::from_utf8_lossy(&said).into_owned() })
    }
}
