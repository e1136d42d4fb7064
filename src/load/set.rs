//! A set of files in preparation: each format is written by a thread of its own, while the next batch is worked on.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use anyhow::{Result, anyhow};

use super::{Batch, FORMATS, Files, Format, Published, Resource, Staging, describe};
use crate::columns;
use crate::dataset::Definition;
use crate::summary::About;

/// How many batches may wait for a writer: memory is bounded by them.
const WAITING: usize = 2;

/// The files of a dataset, being written.
pub struct Set {
    staging: Staging,
    writers: Vec<Writer>,
}

struct Writer {
    work: SyncSender<Work>,
    thread: JoinHandle<Result<Vec<Resource>>>,
}

/// What a writer is asked for.
enum Work {
    Rows(Batch),
    /// To end its files, which tell what they were made from.
    End(Arc<str>),
}

impl Set {
    /// Begins all files of a dataset in a folder beside its published one.
    ///
    /// # Errors
    /// Where they cannot be created.
    pub fn begin(output: &Path, definition: &Definition) -> Result<Set> {
        let staging = Staging::create(output, definition.name())?;
        let tables = columns::tables(definition);
        let writer = |format: &'static Format| -> Result<Writer> {
            let files = Files::create(staging.folder(), format, definition, &tables)?;
            let (work, waiting) = sync_channel(WAITING);
            let thread = std::thread::Builder::new().name(format.extension.into());
            Ok(Writer { work, thread: thread.spawn(move || written(files, &waiting))? })
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
            if self.writers[at].work.send(Work::Rows(batch.clone())).is_err() {
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
    pub fn finish(self, definition: &Definition, about: &About<'_>) -> Result<(Staging, Vec<Published>)> {
        let end: Arc<str> = serde_json::to_string(about)?.into();
        for writer in &self.writers {
            // A writer that has stopped tells why when it is waited for.
            let _ = writer.work.send(Work::End(Arc::clone(&end)));
        }
        let resources = self.writers.into_iter().map(Writer::end).collect::<Result<Vec<_>>>()?.concat();
        let description = describe(self.staging.folder(), definition, &resources, about)?;
        let tables = resources.into_iter().map(Published::table);
        Ok((self.staging, tables.chain([description]).collect()))
    }
}

impl Writer {
    /// Waits until all is written.
    fn end(self) -> Result<Vec<Resource>> {
        drop(self.work);
        self.thread.join().map_err(|_| anyhow!("a writer failed"))?
    }
}

fn written(mut files: Files, waiting: &Receiver<Work>) -> Result<Vec<Resource>> {
    for work in waiting {
        match work {
            Work::Rows(batch) => files.write(&batch)?,
            Work::End(about) => return files.finish(&about),
        }
    }
    Ok(Vec::new())
}
