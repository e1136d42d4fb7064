//! A set of files in preparation: each format is written by a thread of its own, while the next batch is worked on.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, anyhow};

use crate::columns::{self, Table};
use crate::dataset::Definition;
use crate::load::folder::{Output, StagedSet, Staging};
use crate::load::format::{Format, Formats};
use crate::load::tables::{PublishedFile, Resource, TableFiles};
use crate::load::{Batch, FORMATS, data_package};
use crate::page::{self, Changes, DataFile, Newest, Page};
use crate::parallel::describe_refusal;
use crate::summary::About;

/// How many batches may wait for a thread: memory is bounded by them.
const WAITING: usize = 1;

/// What a set has, and how it is written.
#[derive(Clone, Debug, Default)]
pub struct SetOptions {
    /// The formats of its tables.
    pub formats: Formats,
    /// Whether it has a page.
    pub has_page: bool,
    /// Whether it is flushed to the disk.
    pub durable: bool,
}

/// The files of a dataset, being written.
pub struct SetWriter {
    staging: Arc<Staging>,
    threads: Vec<FormatThread>,
    /// The rows of the page, where the set has one.
    newest: Option<Newest>,
    changes: Option<Changes>,
}

/// A thread that writes the files of one format. It is waited for when it is dropped, so that nothing is written once a run
/// has ended.
struct FormatThread {
    work: Option<SyncSender<Work>>,
    thread: Option<JoinHandle<Result<Vec<Resource>>>>,
}

enum Work {
    Write(Batch),
    /// Ends the files, which say what they were made from.
    Finish(Arc<str>),
}

impl SetWriter {
    /// Begins the files of a dataset in a folder beside the published one, as far as they differ from that.
    ///
    /// # Errors
    /// Where they cannot be created, or what stands there cannot be replaced.
    pub fn begin(output: &Path, definition: &Definition, options: &SetOptions) -> Result<SetWriter> {
        let tables = columns::tables(definition);
        let (name, names) = (definition.name(), own_names(&tables));
        let staging = Arc::new(Staging::new(output, name, names, options.durable)?);
        let start = |format: &&'static dyn Format| -> Result<FormatThread> {
            FormatThread::start(TableFiles::create(&staging, *format, definition, &tables)?, format.name())
        };
        let threads = options.formats.iter().map(start).collect::<Result<_>>()?;
        let newest = options.has_page.then(Newest::default);
        Ok(SetWriter { staging, threads, newest, changes: None })
    }

    /// Takes what the page shows beside the rows: what the newest release changes.
    pub fn set_changes(&mut self, changes: Option<Changes>) {
        self.changes = changes;
    }

    /// Adds rows to all files.
    ///
    /// # Errors
    /// Where an earlier batch could not be written.
    pub fn write(&mut self, batch: &Batch) -> Result<()> {
        for at in 0..self.threads.len() {
            if !self.threads[at].send(Work::Write(batch.clone())) {
                let stopped = self.threads.swap_remove(at).finish();
                return Err(stopped.err().unwrap_or_else(|| anyhow!("a writer stopped early")));
            }
        }
        self.newest.as_mut().map_or(Ok(()), |newest| newest.add(|name| batch.rows(name)))
    }

    /// Ends all files, and adds the data package that describes them.
    ///
    /// # Errors
    /// Where one could not be written.
    pub fn finish(self, definition: &Definition, about: &About<'_>) -> Result<StagedSet> {
        let text: Arc<str> = serde_json::to_string(about)?.into();
        for thread in &self.threads {
            // Where a thread has stopped, `finish` tells why.
            thread.send(Work::Finish(Arc::clone(&text)));
        }
        let resources =
            self.threads.into_iter().map(FormatThread::finish).collect::<Result<Vec<_>>>()?.concat();
        let write = |newest: &Newest| {
            write_page(&self.staging, definition, about, newest, &resources, self.changes.as_ref())
        };
        let page = self.newest.as_ref().map(write).transpose()?;
        let package = data_package::write(&self.staging, definition, &resources, page.as_ref(), about)?;
        let files = resources.into_iter().map(|resource| resource.file);
        let files = files.chain(page).chain([package]).collect();
        StagedSet::new(Arc::into_inner(self.staging).context("a file is still open")?, files)
    }
}

/// The names of all files that a set of these tables may have.
fn own_names(tables: &[Table]) -> BTreeSet<String> {
    let names = FORMATS.iter().flat_map(|format| tables.iter().map(|table| format.file_name(table)));
    names.chain([page::FILE_NAME, data_package::FILE_NAME].map(str::to_owned)).collect()
}

/// Writes the page of a set beside its files.
fn write_page(
    staging: &Arc<Staging>,
    definition: &Definition,
    about: &About<'_>,
    newest: &Newest,
    resources: &[Resource],
    changes: Option<&Changes>,
) -> Result<PublishedFile> {
    let files: Vec<DataFile> = resources.iter().map(data_file).collect();
    let page = Page { definition, about, newest, problems: &[], files: &files, changes };
    Output::write_whole(staging, page::FILE_NAME, page.render()?.as_bytes())
}

fn data_file(Resource { table, file, .. }: &Resource) -> DataFile {
    let (name, meaning) = (file.name.clone(), table.meaning.clone());
    DataFile { name, meaning, rows: file.rows, bytes: file.fingerprint.bytes }
}

impl FormatThread {
    fn start(files: TableFiles, name: &str) -> Result<FormatThread> {
        let (work, waiting) = sync_channel(WAITING);
        let thread = thread::Builder::new().name(name.into()).spawn(move || write_files(files, &waiting));
        Ok(FormatThread { work: Some(work), thread: Some(thread.map_err(describe_refusal)?) })
    }

    /// Hands over work; returns whether the thread still takes any.
    fn send(&self, work: Work) -> bool {
        self.work.as_ref().is_some_and(|sender| sender.send(work).is_ok())
    }

    /// Waits until all is written.
    fn finish(mut self) -> Result<Vec<Resource>> {
        self.wait()
    }

    fn wait(&mut self) -> Result<Vec<Resource>> {
        self.work = None;
        let thread = self.thread.take().context("a writer has ended")?;
        thread.join().map_err(|_| anyhow!("a writer failed"))?
    }
}

impl Drop for FormatThread {
    fn drop(&mut self) {
        let _ = self.wait(); // what it returns is asked for by `finish`
    }
}

fn write_files(mut files: TableFiles, waiting: &Receiver<Work>) -> Result<Vec<Resource>> {
    for work in waiting {
        match work {
            Work::Write(batch) => files.write(&batch)?,
            Work::Finish(about) => return files.finish(&about),
        }
    }
    Ok(Vec::new())
}
