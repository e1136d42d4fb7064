//! What the parts of a workbook may ask for together. A part is counted before calamine takes memory for it; every part is
//! counted in the same way, so that it makes no difference as what it is read later.

use crate::input::limits::{Bound, Limits};
use crate::input::workbook::Unreadable;

/// How many styles, relationships and names a workbook may have: spreadsheet programs have room for 65 490 styles.
const MOST_ENTRIES: u64 = 200_000;

/// Spreadsheet programs take number formats of 255 characters, each of which may be written as six.
const LONGEST_NAME: usize = 2048;

/// How much of its limits a workbook has used.
pub(super) struct PartLimits<'l> {
    limits: &'l Limits,
    cells: u64,
    shared_texts: u64,
    merged_areas: u64,
    entries: u64,
}

impl<'l> PartLimits<'l> {
    pub(super) fn new(limits: &'l Limits) -> PartLimits<'l> {
        PartLimits { limits, cells: 0, shared_texts: 0, merged_areas: 0, entries: 0 }
    }

    pub(super) fn add_cell(&mut self) -> Result<(), Unreadable> {
        self.cells += 1;
        self.check(self.cells, "cells", Bound::Cells)
    }

    pub(super) fn add_shared_text(&mut self) -> Result<(), Unreadable> {
        self.shared_texts += 1;
        self.check(self.shared_texts, "shared texts", Bound::Texts)
    }

    pub(super) fn add_merged_area(&mut self) -> Result<(), Unreadable> {
        self.merged_areas += 1;
        self.check(self.merged_areas, "merged areas", Bound::Merges)
    }

    /// Adds something that calamine keeps beside cells and texts.
    pub(super) fn add_entry(&mut self) -> Result<(), Unreadable> {
        self.entries += 1;
        if self.entries > MOST_ENTRIES {
            return Err(Unreadable::hostile(format!("it has more than {MOST_ENTRIES} styles or names")));
        }
        Ok(())
    }

    fn check(&self, count: u64, what: &str, bound: Bound) -> Result<(), Unreadable> {
        if count > self.limits.get(bound) {
            return Err(Unreadable::beyond(what, self.limits.limit(bound)));
        }
        Ok(())
    }
}

/// Checks how many bytes a number format or a font's name has: calamine keeps a copy for each style that has it.
pub(super) fn check_name(bytes: usize) -> Result<(), Unreadable> {
    if bytes > LONGEST_NAME {
        return Err(Unreadable::hostile(format!(
            "it has a number format or a font with a name of over {LONGEST_NAME} bytes"
        )));
    }
    Ok(())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beyond_a_limit_is_refused() {
        let limits = ["cells=2", "texts=2", "merges=2"].iter();
        let limits = limits.fold(Limits::default(), |limits, limit| limits.with(limit.parse().unwrap()));
        let mut counts = PartLimits::new(&limits);
        for _ in 0..2 {
            assert_eq!(counts.add_cell(), Ok(()));
            assert_eq!(counts.add_shared_text(), Ok(()));
            assert_eq!(counts.add_merged_area(), Ok(()));
        }
        for (refused, says) in [
            (counts.add_cell(), "more than 2 cells"),
            (counts.add_shared_text(), "more than 2 shared texts"),
            (counts.add_merged_area(), "more than 2 merged areas"),
        ] {
            assert!(refused.is_err_and(|error| error.found.contains(says)), "{says}");
        }
    }

    #[test]
    fn styles_are_counted() {
        let limits = Limits::default();
        let mut counts = PartLimits::new(&limits);
        assert!((0..MOST_ENTRIES).all(|_| counts.add_entry().is_ok()));
        assert!(counts.add_entry().is_err_and(|error| error.found.contains("more than 200000 styles")));
        assert!(check_name(LONGEST_NAME).is_ok() && check_name(LONGEST_NAME + 1).is_err());
    }
}
