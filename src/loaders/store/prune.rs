//! Sets that count no longer are removed: all but the newest ones that did.
//!
//! A set that never counted may be one that is being put just now, so it stays for a day.

use std::collections::BTreeMap;

use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::TryStreamExt;
use object_store::ObjectStoreExt;
use object_store::path::Path;

use crate::loaders::store::SetStore;

/// How long a set that never counted stays.
const GRACE: TimeDelta = TimeDelta::days(1);

/// A set that was removed.
#[derive(Debug, PartialEq, Eq)]
pub struct Pruned {
    /// The dataset.
    pub dataset: String,
    /// The hash of the set.
    pub set: String,
}

/// Removes, of each dataset, the sets that count no longer but for the newest: `keep` of them stay, the one that counts
/// among them. `now` tells how old those are that never counted.
///
/// # Errors
/// Where a pointer cannot be read or switched, or a set cannot be removed.
pub fn prune(store: &SetStore, keep: usize, now: DateTime<Utc>) -> Result<Vec<Pruned>> {
    let mut pruned = Vec::new();
    for dataset in store.list_datasets()? {
        let Some((mut pointer, version)) = store.read_pointer(&dataset)? else { continue };
        let known: Vec<String> = [&pointer.set].into_iter().chain(&pointer.before).cloned().collect();
        let kept = &known[..keep.clamp(1, known.len())];
        // The pointer forgets them first: so nobody goes back to a set that is being removed.
        if kept.len() < known.len() {
            pointer.before.truncate(kept.len() - 1);
            pointer.serial += 1;
            store.switch_pointer(&pointer, Some(version))?;
        }
        for (set, objects) in store.list_sets(&dataset)? {
            let is_young = objects.iter().any(|(_, modified)| *modified > now - GRACE);
            let counted = known.contains(&set);
            if kept.contains(&set) || (!counted && is_young) {
                continue;
            }
            for (path, _) in &objects {
                store
                    .run(async { store.store.delete(path).await })
                    .map_err(|error| store.explain(&error, path))?;
            }
            store.remove_folder(&[&dataset, "sets", &set])?;
            pruned.push(Pruned { dataset: dataset.clone(), set });
        }
    }
    Ok(pruned)
}

impl SetStore {
    /// The names below which a pointer may stand.
    ///
    /// # Errors
    /// Where the store cannot be listed.
    pub fn list_datasets(&self) -> Result<Vec<String>> {
        let root = self.path(&[]);
        let listed = self.run(async { self.store.list_with_delimiter(Some(&root)).await });
        let listed = listed.map_err(|error| self.explain(&error, &root))?;
        let names = listed.common_prefixes.iter().filter_map(|path| path.filename().map(str::to_owned));
        Ok(names.filter(|name| !name.starts_with('.')).collect())
    }

    /// The objects of each set of a dataset, and when they were put.
    fn list_sets(&self, dataset: &str) -> Result<BTreeMap<String, Vec<(Path, DateTime<Utc>)>>> {
        let root = self.path(&[dataset, "sets"]);
        let objects = self.run(async { self.store.list(Some(&root)).try_collect::<Vec<_>>().await });
        let mut sets: BTreeMap<String, Vec<_>> = BTreeMap::new();
        for object in objects.map_err(|error| self.explain(&error, &root))? {
            let inner = object.location.as_ref().strip_prefix(root.as_ref()).unwrap_or_default();
            if let Some((set, _)) = inner.trim_start_matches('/').split_once('/') {
                sets.entry(set.into()).or_default().push((object.location, object.last_modified));
            }
        }
        Ok(sets)
    }
}
