//! The end that others call: documents are handed to a process that reads them, which a hostile one can only end. Then another
//! is begun, and the document has a problem that says why.

use std::io::{BufReader, Read, Write};
use std::process::{Child, ChildStdin};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use arrow::array::RecordBatch;
use arrow::ipc::reader::StreamReader;

use crate::input::SourceFile;
use crate::input::limits::{Bound, Limits};
use crate::input::workbook::{Unreadable, WorkbookFormat};
use crate::input::worker::call::{Ended, command, explain, request, words};
use crate::input::worker::frames::{self, Settings};
use crate::parallel::describe_refusal;
use crate::problem::exit::Exit;
use crate::problem::{Problem, Rule, Span};
use crate::worker::group::{check_settings, encode_problems};
use crate::worker::serve::{
    END, FRAMES, encode_fault, list_documents, parse_limits, read_group, wants_observations,
};

/// Reads documents from a stream until it ends, and writes their frames.
///
/// # Errors
/// Where the stream is not as [`crate::worker`] says, no process can be begun, or nobody reads the frames any more.
pub fn supervise(input: impl Read, mut output: impl Write) -> Result<()> {
    let mut documents = StreamReader::try_new(input, None).context("a stream of documents was expected")?;
    let settings: Settings = documents.schema().metadata().clone().into();
    if let Some(wanted) = settings.get("frames").filter(|wanted| !FRAMES.contains(&wanted.as_str())) {
        let message = format!("no frames have the name {wanted}; there are {}", FRAMES.join(" and "));
        return Err(Exit::Config.error(message));
    }
    let mut supervisor = Supervisor { limits: parse_limits(&settings)?, settings, reader: None };
    if wants_observations(&supervisor.settings) {
        check_settings(&supervisor.settings, &supervisor.limits)?;
        let frames = supervisor.read_group(read_group(&mut documents)?)?;
        give_all(&mut output, 0, &frames)?;
        return Ok(output.flush()?);
    }
    let mut number = 0;
    for rows in &mut documents {
        for document in list_documents(&rows?)? {
            give_all(&mut output, number, &supervisor.read(&document)?)?;
            number += 1;
        }
        output.flush()?;
    }
    Ok(())
}

fn give_all(output: &mut impl Write, document: usize, frames: &[Frame]) -> Result<()> {
    for (said, rows) in frames {
        let number = ("document".to_owned(), document.to_string());
        let said: Settings = said.clone().into_iter().chain([number]).collect();
        rows.iter().try_for_each(|rows| frames::write(output, rows, said.clone()))?;
    }
    Ok(())
}

/// A frame: what is said of it, and its rows.
type Frame = (Settings, Vec<RecordBatch>);

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
    /// The frames of documents that are read together. Where that ends the process, those that end it by themselves are left
    /// out with their releases, each with a problem; so is all, where none does.
    fn read_group(&mut self, mut documents: Vec<SourceFile>) -> Result<Vec<Frame>> {
        let mut problems = Vec::new();
        loop {
            let ended = match self.try_read(&documents)? {
                Ok(frames) => return Ok(frames.into_iter().chain(problems).collect()),
                Err(ended) => ended,
            };
            let faulty = self.find_faulty(&documents)?;
            if faulty.is_empty() {
                let all = documents.iter().map(|document| self.describe_end(&ended, document));
                return Ok(all.collect::<Result<Vec<_>>>()?.into_iter().chain(problems).collect());
            }
            documents.retain(|document| !faulty.iter().any(|(of, _)| is_of_release(document, of)));
            problems.extend(faulty.into_iter().map(|(_, problem)| problem));
        }
    }

    /// The documents that end a process by themselves, and why.
    fn find_faulty(&mut self, documents: &[SourceFile]) -> Result<Vec<(SourceFile, Frame)>> {
        let mut faulty = Vec::new();
        for document in documents {
            if let Err(ended) = self.try_read(std::slice::from_ref(document))? {
                faulty.push((document.clone(), self.describe_end(&ended, document)?));
            }
        }
        Ok(faulty)
    }

    /// The frames of a document.
    fn read(&mut self, document: &SourceFile) -> Result<Vec<Frame>> {
        match self.try_read(std::slice::from_ref(document))? {
            Ok(frames) => Ok(frames),
            Err(ended) => Ok(vec![self.describe_end(&ended, document)?]),
        }
    }

    /// The frames of some documents, or how the process ended. One that ends on documents it did not begin with may have ended
    /// for what came before, so they are tried once more.
    fn try_read(&mut self, documents: &[SourceFile]) -> Result<Result<Vec<Frame>, Ended>> {
        let seconds = self.limits.get(Bound::Seconds) * documents.len().max(1) as u64;
        let contents = documents.iter().map(SourceFile::read).collect::<Result<Vec<_>>>()?;
        let names: Vec<String> = documents.iter().map(SourceFile::display_path).collect();
        let rows: Vec<(&str, &[u8])> =
            names.iter().map(String::as_str).zip(contents.iter().map(AsRef::as_ref)).collect();
        loop {
            let mut reader = match self.reader.take() {
                Some(reader) => reader,
                None => Reader::start()?,
            };
            match reader.read(request(&rows, self.settings.clone())?, Duration::from_secs(seconds)) {
                Ok(frames) => {
                    reader.has_read = true;
                    self.reader = Some(reader);
                    return Ok(Ok(frames));
                }
                Err(late) => {
                    let has_read = reader.has_read;
                    let ended = reader.end(late)?;
                    if !has_read {
                        return Ok(Err(ended));
                    }
                }
            }
        }
    }

    /// Why a document has no frames, as its only frame.
    fn describe_end(&self, ended: &Ended, document: &SourceFile) -> Result<Frame> {
        let format = WorkbookFormat::detect(&document.read()?);
        let fault = explain(ended, format.map_or("the document", WorkbookFormat::extension), &self.limits);
        let rows = if wants_observations(&self.settings) {
            encode_problems(&[unreadable(&document.display_path(), &fault)])?
        } else {
            encode_fault(&fault)?
        };
        Ok(([("frame".to_owned(), "problems".to_owned())].into(), vec![rows]))
    }
}

/// Whether a document is another, or of the same release, as far as their names tell it.
fn is_of_release(document: &SourceFile, other: &SourceFile) -> bool {
    document.path == other.path || document.release.is_some() && document.release == other.release
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
                if sender.send((settings, rows)).is_err() {
                    return;
                }
            }
        };
        thread::Builder::new().spawn(forward).map_err(describe_refusal)?;
        Ok(Reader { child, input, frames, words, has_read: false })
    }

    /// The frames of what is requested; where the process ends, or has to be, whether it was late.
    fn read(&mut self, request: Vec<u8>, time: Duration) -> Result<Vec<Frame>, bool> {
        let end = Instant::now() + time;
        self.input.write_all(&request).and_then(|()| self.input.flush()).map_err(|_| false)?;
        drop(request);
        let mut frames = Vec::new();
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.frames.recv_timeout(left) {
                Ok((said, _)) if said.get("frame").is_some_and(|frame| frame == END) => return Ok(frames),
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
