//! Sets side by side: `NAME/sets/<hash>/…` and `NAME/latest.json`, which says which of them counts. A folder can hold them
//! so, and any object store.
//!
//! Files are put under the hash of their set, where nobody looks yet, and read back; the pointer is switched as the last
//! act, and only if it is still the one that was read. So a reader finds the old set or the new one, of several that publish
//! at once one wins, and what is published again sends nothing.

mod access;
mod connector;
mod probe;
mod prune;

use std::fs;
use std::path::Path as FilePath;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use object_store::path::Path;
use object_store::{Error, ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload, UpdateVersion};
use tokio::runtime::Runtime;

pub use access::{SCHEMES, SetStore};
pub use prune::prune;

use crate::load::{FILE_NAME, Fingerprint, POINTER, PointedFile, Pointer, PublishedPackage, PublishedSet};
use crate::loaders::{Extent, LoadChange, LoadOptions, Loader};
use crate::problem::exit::Exit;

/// Loads into sets side by side.
pub struct StoreLoader {
    store: Arc<SetStore>,
    /// The pointer that was found, and its version; none where nothing is published.
    found: Option<(Pointer, UpdateVersion)>,
    /// The pointer that will be.
    next: Option<Pointer>,
}

/// Loads into the store or folder of an address, in which a folder of the dataset's name stands.
///
/// # Errors
/// As [`SetStore::open`].
pub fn connect(address: &str, options: &LoadOptions) -> Result<Box<dyn Loader>> {
    Ok(Box::new(StoreLoader::new(Arc::new(SetStore::open(address, options.wait)?))))
}

impl StoreLoader {
    /// Loads into a store that is open.
    #[must_use]
    pub fn new(store: Arc<SetStore>) -> StoreLoader {
        StoreLoader { store, found: None, next: None }
    }

    /// The store that it loads into.
    #[must_use]
    pub fn store(&self) -> &SetStore {
        &self.store
    }
}

impl Loader for StoreLoader {
    fn begin(&mut self, set: &PublishedSet) -> Result<Option<String>> {
        self.found = self.store.read_pointer(&set.package.name)?;
        self.store.refuse_plain_layout(&set.package.name)?;
        Ok(self.found.as_ref().map(|(pointer, _)| pointer.set.clone()))
    }

    fn write(&mut self, set: &PublishedSet, extent: Extent) -> Result<Vec<LoadChange>> {
        let before = self.found.as_ref().map(|(pointer, _)| pointer);
        let files = set.file_names();
        let mut pointed = Vec::new();
        if extent != Extent::Try {
            probe::refuse_without_preconditions(&self.store, &set.package.name)?;
            for name in &files {
                pointed.push(self.store.put_file(set, name)?);
            }
        }
        self.next = Some(Pointer::new(set, pointed, before));
        Ok(files.into_iter().map(LoadChange::File).collect())
    }

    fn commit(&mut self) -> Result<()> {
        let next = self.next.take().context("no load has begun")?;
        let version = self.found.take().map(|(_, version)| version);
        self.store.switch_pointer(&next, version)
    }

    fn abort(&mut self) -> Result<()> {
        (self.found, self.next) = (None, None);
        Ok(())
    }
}

impl SetStore {
    /// The pointer of a dataset and its version; none where nothing is published.
    ///
    /// # Errors
    /// Where it cannot be read, or is damaged.
    pub fn read_pointer(&self, dataset: &str) -> Result<Option<(Pointer, UpdateVersion)>> {
        let path = self.path(&[dataset, POINTER]);
        let found = self.run(async {
            let found = self.store.get(&path).await?;
            let version =
                UpdateVersion { e_tag: found.meta.e_tag.clone(), version: found.meta.version.clone() };
            Ok((found.bytes().await?, version))
        });
        match found {
            Err(Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.explain(&error, &path)),
            Ok((text, version)) => {
                let pointer = serde_json::from_slice(&text).map_err(|error| {
                    Exit::Io.error(format!("{}: it is damaged: {error}", self.show(&path)))
                })?;
                Ok(Some((pointer, version)))
            }
        }
    }

    /// What a set of a dataset says of itself; none where it is damaged.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn read_package(&self, dataset: &str, set: &str) -> Result<Option<PublishedPackage>> {
        let path = self.path(&[dataset, "sets", set, FILE_NAME]);
        let text = self.read(&path).map_err(|error| self.explain(&error, &path))?;
        Ok(PublishedPackage::parse(&text).ok())
    }

    /// Puts a file of a set, unless it is there already, and compares what is there with what was put.
    fn put_file(&self, set: &PublishedSet, name: &str) -> Result<PointedFile> {
        let local = set.folder.join(name);
        let bytes = fs::read(&local).with_context(|| format!("cannot read {}", local.display()))?;
        let fingerprint = Fingerprint::from_reader(bytes.as_slice())?;
        let path = self.path(&[&set.package.name, "sets", &set.hash, name]);
        match self.put(&path, bytes, PutMode::Create) {
            Ok(()) | Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => {}
            Err(error) => return Err(self.explain(&error, &path)),
        }
        let stored = self.read(&path).map_err(|error| self.explain(&error, &path))?;
        if Fingerprint::from_reader(stored.as_ref())? != fingerprint {
            let message = format!("{} is not what was put there; remove it, and try again", self.show(&path));
            return Err(Exit::Io.error(message));
        }
        Ok(PointedFile { path: format!("sets/{}/{name}", set.hash), fingerprint })
    }

    /// Lets the pointer of a dataset point to another set, as long as it is the one that was read.
    fn switch_pointer(&self, next: &Pointer, version: Option<UpdateVersion>) -> Result<()> {
        let path = self.path(&[&next.dataset, POINTER]);
        let mode = match version {
            None => PutMode::Create,
            // A folder is held by a lock, and its file system knows no versions.
            Some(_) if self.is_local() => PutMode::Overwrite,
            Some(version) => PutMode::Update(version),
        };
        let text = serde_json::to_string_pretty(next)? + "\n";
        match self.put(&path, text.clone().into_bytes(), mode) {
            Ok(()) => Ok(()),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => {
                // An answer that was lost, and asked for again, finds its own pointer.
                let now = self.read(&path).map_err(|error| self.explain(&error, &path))?;
                if now == text.as_bytes() {
                    return Ok(());
                }
                let message = format!("another run published {} meanwhile; try again", self.show(&path));
                Err(Exit::Busy.error(message))
            }
            Err(error) => Err(self.explain(&error, &path)),
        }
    }

    fn put(&self, path: &Path, bytes: Vec<u8>, mode: PutMode) -> Result<(), Error> {
        let options = PutOptions { mode, ..PutOptions::default() };
        self.run(async { self.store.put_opts(path, PutPayload::from(bytes), options).await.map(drop) })
    }

    fn read(&self, path: &Path) -> Result<bytes::Bytes, Error> {
        self.run(async { self.store.get(path).await?.bytes().await })
    }
}

/// Fetches the sets that count from the store of an address, or from the folder of a dataset in one; each into a folder of
/// its own.
///
/// # Errors
/// Where they cannot be read, or nothing is published (exit 66).
pub fn fetch_sets(address: &str, into: &FilePath) -> Result<()> {
    let store = SetStore::open(address, Duration::ZERO)?;
    let names = match store.read_pointer("")? {
        Some(_) => vec![String::new()],
        None => store.list_datasets()?,
    };
    let mut is_empty = true;
    for name in names {
        if let Some((pointer, _)) = store.read_pointer(&name)? {
            store.fetch(&name, &pointer, &into.join(&pointer.dataset))?;
            is_empty = false;
        }
    }
    if is_empty {
        return Err(Exit::NoInput.error(format!("no set is published in {}", store.address())));
    }
    Ok(())
}

impl SetStore {
    /// Fetches the files of a set.
    fn fetch(&self, name: &str, pointer: &Pointer, into: &FilePath) -> Result<()> {
        fs::create_dir(into).with_context(|| format!("cannot write {}", into.display()))?;
        for file in &pointer.files {
            let path = self.path(&[name, &file.path]);
            let bytes = self.read(&path).map_err(|error| self.explain(&error, &path))?;
            let to = into.join(file.path.rsplit('/').next().unwrap_or_default());
            fs::write(&to, &bytes).with_context(|| format!("cannot write {}", to.display()))?;
        }
        Ok(())
    }
}

/// What runs requests; a thread of its own does the blocking work.
fn runtime() -> Result<Arc<Runtime>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
    Ok(Arc::new(runtime.context("cannot start the runtime for requests")?))
}
