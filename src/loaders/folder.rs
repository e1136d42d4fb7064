//! Another folder: the set is copied beside what is published there, and put in its place in one step.

use std::collections::BTreeSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::load::{FILE_NAME, Lock, Output, PublishedFile, PublishedSet, StagedSet, Staging, publish};
use crate::loaders::{Extent, LoadChange, LoadOptions, Loader};

struct FolderLoader {
    folder: PathBuf,
    wait: Duration,
    lock: Option<Lock>,
    staged: Option<StagedSet>,
}

/// Loads into the folder of an address, in which a folder of the dataset's name stands.
#[allow(clippy::unnecessary_wraps)] // as all loaders are connected to
pub fn connect(address: &str, options: &LoadOptions) -> Result<Box<dyn Loader>> {
    let folder = PathBuf::from(address);
    Ok(Box::new(FolderLoader { folder, wait: options.wait, lock: None, staged: None }))
}

impl Loader for FolderLoader {
    fn begin(&mut self, set: &PublishedSet) -> Result<Option<String>> {
        self.lock = Some(Lock::acquire(&self.folder, self.wait)?);
        let target = self.folder.join(&set.package.name);
        if !target.join(FILE_NAME).is_file() {
            return Ok(None);
        }
        Ok(Some(PublishedSet::open_held(&target)?.hash))
    }

    fn write(&mut self, set: &PublishedSet, _: Extent) -> Result<Vec<LoadChange>> {
        let names = set.file_names();
        let target = self.folder.join(&set.package.name);
        let before = if target.join(FILE_NAME).is_file() {
            PublishedSet::open_held(&target)?.file_names()
        } else {
            Vec::new()
        };
        let own: BTreeSet<String> = names.iter().chain(&before).cloned().collect();
        let staging = Arc::new(Staging::new(&self.folder, &set.package.name, own, true)?);
        let files = names.iter().map(|name| copy(&staging, &set.folder, name)).collect::<Result<Vec<_>>>()?;
        let staging = Arc::into_inner(staging).context("a file is still open")?;
        let staged = StagedSet::new(staging, files)?;
        let changes = staged.changed_names().into_iter().map(LoadChange::File).collect();
        staged.would_change().then(|| staged.finish()).transpose()?;
        self.staged = Some(staged);
        Ok(changes)
    }

    fn commit(&mut self) -> Result<()> {
        let (lock, staged) = (self.lock.take(), self.staged.take());
        let lock = lock.context("no load has begun")?;
        let changed: Vec<&StagedSet> = staged.iter().filter(|set| set.would_change()).collect();
        publish(&lock, &changed)
    }

    fn abort(&mut self) -> Result<()> {
        self.staged = None;
        self.lock = None;
        Ok(())
    }
}

/// Copies a file as far as it differs from the published one.
fn copy(staging: &Arc<Staging>, from: &Path, name: &str) -> Result<PublishedFile> {
    let path = from.join(name);
    let mut file = File::open(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut output = Output::create(staging, name)?;
    let written = io::copy(&mut file, &mut output).map_err(anyhow::Error::from);
    let fingerprint = written.and_then(|_| output.finish()).with_context(|| staging.cannot_write(name))?;
    Ok(PublishedFile { name: name.into(), fingerprint, rows: None })
}
