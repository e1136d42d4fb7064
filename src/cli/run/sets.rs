//! Publishing sets side by side, in an object store or a folder: they are derived in a folder for temporary files, and then
//! loaded, as `bluebook load` would.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::cli::frozen::{self, Draft};
use crate::cli::run::{Job, ReportedDataset, derive_sets, finish_sets, late_releases, report};
use crate::cli::temporary::TemporaryFolder;
use crate::cli::{progress, run};
use crate::dataset::Definition;
use crate::load::{self, LateRelease, Lock, PublishedFile, PublishedSet, SetWriter, StagedSet};
use crate::loaders::store::{SetStore, StoreLoader};
use crate::loaders::{Extent, Loader};
use crate::problem::exit::Exit;
use crate::run::RunResult;

/// A set that was derived, and what takes it to where it is published.
struct Prepared {
    dataset: usize,
    set: PublishedSet,
    files: Vec<PublishedFile>,
    loader: StoreLoader,
    /// The hash of the set that is published.
    published: Option<String>,
    /// The releases behind the newest published one that are not as they were.
    late: Vec<LateRelease>,
}

/// Derives all sets, puts their files where nobody looks, and lets the pointers point to them.
pub(super) fn publish_side_by_side(job: &Job<'_>) -> Result<Exit> {
    let run::Job { arguments, config, manner, journal, .. } = job;
    let elsewhere = TemporaryFolder::create()?;
    let lock = Lock::acquire(elsewhere.path(), Duration::ZERO)?;
    let bar = progress::bar(config.sources.len(), *manner);
    let options = job.options(false);
    let begin = |definition: &Definition| SetWriter::begin(elsewhere.path(), definition, &options);
    let (sets, result) = derive_sets(config, begin, &bar)?;
    let exit = journal.found(config, &result);
    if exit != Exit::Done {
        return Ok(exit);
    }
    let finished = finish_sets(sets, config, &result)?;
    let store = Arc::new(SetStore::open(&arguments.output, job.wait())?);
    let placed = place_sets(&lock, &finished)?;
    let mut prepared = placed
        .into_iter()
        .map(|(dataset, folder, files)| Prepared::begin(&store, dataset, &folder, files))
        .collect::<Result<Vec<_>>>()?;
    refuse_changes(job, &prepared, &result)?;
    prepared.iter_mut().try_for_each(|set| set.write(job, &result))?;
    let draft = if arguments.lock { arguments.frozen.draft(config, &result, *manner)? } else { None };
    prepared.iter_mut().try_for_each(Prepared::commit)?;
    draft.map_or(Ok(()), Draft::keep)?;
    for set in &prepared {
        journal.releases_changed(&set.set.package.name, &set.late);
        let place = set.place(&store);
        journal.published(&set.set.package.name, &place, set.changes(), &set.files);
    }
    Ok(Exit::Done)
}

/// Ends a frozen run where anything would change.
fn refuse_changes(job: &Job<'_>, prepared: &[Prepared], result: &RunResult) -> Result<()> {
    let Some(locked) = &job.locked else { return Ok(()) };
    let mut differences = frozen::differences(locked, &job.config, result);
    differences.extend(prepared.iter().filter_map(Prepared::describe_change));
    job.arguments.frozen.refuse(&differences)
}

/// Puts the sets in their places in the folder for temporary files.
fn place_sets(
    lock: &Lock,
    finished: &[(usize, StagedSet)],
) -> Result<Vec<(usize, PathBuf, Vec<PublishedFile>)>> {
    finished.iter().try_for_each(|(_, set)| set.finish())?;
    load::publish(lock, &finished.iter().map(|(_, set)| set).collect::<Vec<_>>())?;
    let placed = |(dataset, set): &(usize, StagedSet)| (*dataset, set.target().into(), set.files().to_vec());
    Ok(finished.iter().map(placed).collect())
}

impl Prepared {
    fn begin(
        store: &Arc<SetStore>,
        dataset: usize,
        folder: &Path,
        files: Vec<PublishedFile>,
    ) -> Result<Prepared> {
        let mut loader = StoreLoader::new(Arc::clone(store));
        let set = PublishedSet::open_held(folder)?;
        let published = loader.begin(&set)?;
        Ok(Prepared { dataset, set, files, loader, published, late: Vec::new() })
    }

    /// Finds the releases behind the newest published one that are not as they were.
    fn find_late(&mut self, result: &RunResult) -> Result<()> {
        if let Some(published) = self.published.as_ref().filter(|_| self.changes()) {
            let package = self.loader.store().read_package(&self.set.package.name, published)?;
            self.late = late_releases(package.as_ref(), &result.summaries[self.dataset]);
        }
        Ok(())
    }

    fn changes(&self) -> bool {
        self.published.as_ref() != Some(&self.set.hash)
    }

    /// Where the set stands, for people.
    fn place(&self, store: &SetStore) -> String {
        format!("{}/{}/sets/{}", store.address(), self.set.package.name, self.set.hash)
    }

    /// What would change; nothing where nothing is published yet.
    fn describe_change(&self) -> Option<String> {
        let published = self.published.as_ref().filter(|_| self.changes())?;
        let (name, next) = (&self.set.package.name, &self.set.hash);
        Some(format!("{name}/{} would change: set {published} would become {next}", load::POINTER))
    }

    /// Puts the files where they will stand, and says that they are published.
    fn write(&mut self, job: &Job<'_>, result: &RunResult) -> Result<()> {
        self.find_late(result)?;
        if self.changes() {
            self.loader.write(&self.set, Extent::Load)?;
        }
        if !job.manner.quiet {
            let place = self.place(self.loader.store());
            let told =
                ReportedDataset { config: &job.config, result, dataset: self.dataset, late: &self.late };
            report(told, &place, self.changes()).context("cannot say what is published")?;
        }
        Ok(())
    }

    fn commit(&mut self) -> Result<()> {
        if self.changes() { self.loader.commit() } else { self.loader.abort() }
    }
}
