//! The swap: sets that were flushed take the place of the published ones in one step, so that a reader sees the whole old set or
//! the whole new one, and a power cut leaves one of them.
//!
//! All sets are switched, or none: where one cannot be replaced, or the system does not write it down, those before it go
//! back. So an error always means the old sets.
//!
//! The set that was replaced stays beside, hidden, until the next one is published: who opened its folder reads one set to
//! the end.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::load::folder::exchange::{exchange, is_mounted};
use crate::load::folder::lock::{BEFORE, Lock, remove};
use crate::load::folder::staged_set::StagedSet;
use crate::signals;

/// Puts all sets in place of the published ones, or none. A reader may come between two datasets, never between the files of
/// one.
///
/// # Errors
/// Where one cannot be replaced, or the system does not write it down.
pub fn publish(lock: &Lock, sets: &[&StagedSet]) -> Result<()> {
    sets.iter().try_for_each(|set| set.refuse_foreign_files())?;
    signals::defer_signals(|| {
        lock.assert_held()?;
        let swaps = sets.iter().map(|set| Swap::begin(set)).collect::<Result<Vec<_>>>()?;
        if sets.iter().any(|set| set.is_durable()) {
            lock.sync()?;
        }
        swaps.into_iter().for_each(Swap::commit);
        Ok(())
    })
}

/// A set that was put in place. Unless that is committed, it goes back.
struct Swap<'a> {
    set: &'a StagedSet,
    replaced: bool,
    committed: bool,
}

impl Swap<'_> {
    /// Puts a set in place of the published one.
    fn begin(set: &StagedSet) -> Result<Swap<'_>> {
        let (new, old) = (set.folder(), set.target());
        let replaced = old.try_exists().with_context(|| format!("cannot read {}", old.display()))?;
        exchange(new, old).map_err(|error| {
            let hint = "it is a file system of its own; mount the folder it stands in instead";
            let hint = if is_mounted(&error) { format!(": {hint}") } else { String::new() };
            anyhow::Error::from(error).context(format!("cannot replace {}{hint}", old.display()))
        })?;
        Ok(Swap { set, replaced, committed: false })
    }

    /// Lets the set that was replaced stay, out of sight, in place of the one before it.
    fn commit(mut self) {
        self.committed = true;
        if self.replaced {
            let before = before(self.set.target());
            // Where this fails, nobody can go on reading it, and the next run sweeps it.
            let _ = remove(&before).and_then(|()| fs::rename(self.set.folder(), before));
        }
    }
}

/// Where the set before the published one stays.
fn before(target: &Path) -> PathBuf {
    let dataset = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!("{BEFORE}{dataset}"))
}

impl Drop for Swap<'_> {
    fn drop(&mut self) {
        let (new, old) = (self.set.folder(), self.set.target());
        // Where this fails, too, the set in place is whole, and the error that led here is reported.
        let _ = match (self.committed, self.replaced) {
            (true, _) => Ok(()),
            (false, true) => exchange(new, old),
            (false, false) => fs::rename(old, new),
        };
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::load::folder::staged_set::tests::stage;
    use crate::problem::exit::Exit;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn all_sets_are_replaced_or_none_is() {
        let output = tempfile::tempdir().unwrap();
        let lock = Lock::acquire(output.path(), Duration::ZERO).unwrap();
        publish(&lock, &[&stage(output.path(), "b", "old")]).unwrap();
        let sets = ["a", "b", "c"].map(|dataset| stage(output.path(), dataset, "new"));
        fs::remove_dir_all(sets[2].folder()).unwrap();
        let error = publish(&lock, &sets.each_ref()).unwrap_err();
        assert_eq!(Exit::from_error(&error), Exit::Io, "{error:#}");
        drop(sets);
        assert_eq!(names(output.path()), ["b"]);
        assert_eq!(fs::read_to_string(output.path().join("b/file")).unwrap(), "old");
    }

    #[test]
    fn a_folder_that_was_replaced_is_not_written_to() {
        let above = tempfile::tempdir().unwrap();
        let output = above.path().join("output");
        let lock = Lock::acquire(&output, Duration::ZERO).unwrap();
        let set = stage(&output, "a", "new");
        fs::rename(&output, above.path().join("moved")).unwrap();
        fs::create_dir(&output).unwrap();
        let error = publish(&lock, &[&set]).unwrap_err();
        assert!(error.to_string().contains("was moved or replaced"), "{error:#}");
        assert_eq!(names(&output), [""; 0]);
    }
}
