//! A set of files in preparation: each format is written by a thread of its own, while the next batch is worked on.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use anyhow::{Context, Result, anyhow};

use crate::columns::{self, Table};
use crate::dataset::Definition;
use crate::load::folder::Staging;
use crate::load::{Batch, FORMATS, Files, Format, PACKAGE, Prepared, Published, Resource, describe};
use crate::summary::About;

/// How many batches may wait for a writer: memory is bounded by them.
const WAITING: usize = 1;

/// The files of a dataset, being written.
pub struct Set {
    staging: Arc<Staging>,
    writers: Vec<Writer>,
}

/// A thread that writes; where it is let go, it is waited for, so that nothing is written once a run has ended.
struct Writer {
    work: Option<SyncSender<Work>>,
    thread: Option<JoinHandle<Result<Vec<Resource>>>>,
}

/// What a writer is asked for.
enum Work {
    Rows(Batch),
    /// To end its files, which tell what they were made from.
    End(Arc<str>),
}

impl Set {
    /// Begins all files of a dataset: in a folder beside its published one, as far as they will differ from that; `durable` where
    /// what is written is flushed to the disk and read back.
    ///
    /// # Errors
    /// Where they cannot be created, or what stands there cannot be replaced.
    pub fn begin(output: &Path, definition: &Definition, durable: bool) -> Result<Set> {
        let tables = columns::tables(definition);
        let staging = Arc::new(Staging::new(output, definition.name(), names(&tables), durable)?);
        let writer = |format: &'static Format| -> Result<Writer> {
            let files = Files::create(&staging, format, definition, &tables)?;
            let (work, waiting) = sync_channel(WAITING);
            let thread = std::thread::Builder::new().name(format.extension.into());
            let thread = thread.spawn(move || write_batches(files, &waiting))?;
            Ok(Writer { work: Some(work), thread: Some(thread) })
        };
        let writers = FORMATS.iter().map(writer).collect::<Result<_>>()?;
        Ok(Set { staging, writers })
    }

    /// Adds rows to all files.
    ///
    /// # Errors
    /// Where an earlier batch could not be written.
    pub fn write(&mut self, batch: &Batch) -> Result<()> {
        for at in 0..self.writers.len() {
            if !self.writers[at].ask(Work::Rows(batch.clone())) {
                return Err(self
                    .writers
                    .swap_remove(at)
                    .end()
                    .err()
                    .unwrap_or_else(|| anyhow!("a writer stopped early")));
            }
        }
        Ok(())
    }

    /// Ends all files, and describes them in a file of its own; tells what each of them is.
    ///
    /// # Errors
    /// Where one could not be written.
    pub fn finish(self, definition: &Definition, about: &About<'_>) -> Result<Prepared> {
        let end: Arc<str> = serde_json::to_string(about)?.into();
        for writer in &self.writers {
            // A writer that has stopped tells why when it is waited for.
            writer.ask(Work::End(Arc::clone(&end)));
        }
        let resources = self.writers.into_iter().map(Writer::end).collect::<Result<Vec<_>>>()?.concat();
        let description = describe(&self.staging, definition, &resources, about)?;
        let files = resources.into_iter().map(Published::table).chain([description]).collect();
        let staging = Arc::into_inner(self.staging).context("a file is still open")?;
        Ok(Prepared::new(staging, files))
    }
}

/// The names of all files of a dataset.
fn names(tables: &[Table]) -> BTreeSet<String> {
    let files = FORMATS.iter().flat_map(|format| tables.iter().map(|table| format.file(table)));
    files.chain([PACKAGE.to_owned()]).collect()
}

impl Writer {
    /// Whether it still takes work.
    fn ask(&self, work: Work) -> bool {
        self.work.as_ref().is_some_and(|sender| sender.send(work).is_ok())
    }

    /// Waits until all is written.
    fn end(mut self) -> Result<Vec<Resource>> {
        self.wait()
    }

    fn wait(&mut self) -> Result<Vec<Resource>> {
        self.work = None;
        let thread = self.thread.take().context("a writer has ended")?;
        thread.join().map_err(|_| anyhow!("a writer failed"))?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let _ = self.wait(); // what it says is asked for by `end`
    }
}

fn write_batches(mut files: Files, waiting: &Receiver<Work>) -> Result<Vec<Resource>> {
    for work in waiting {
        match work {
            Work::Rows(batch) => files.write(&batch)?,
            Work::End(about) => return files.finish(&about),
        }
    }
    Ok(Vec::new())
}
