//! Releases older than the newest published one that a run finds added, changed or gone. What stands today is as before, but
//! the years between are not: whoever keeps what was computed from them must know.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use chrono::NaiveDate;
use serde::Serialize;

use crate::load::PublishedPackage;
use crate::summary::SourceOf;

/// A release that is not the one of the published set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LateRelease {
    /// Its date.
    pub release_date: NaiveDate,
    /// What became of it.
    pub change: LateChange,
    /// The newest published release.
    pub newest_published: NaiveDate,
}

/// What became of a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LateChange {
    /// It was not there.
    Added,
    /// It has other documents.
    Changed,
    /// It is there no more.
    Removed,
}

/// The documents of each release, by their hashes.
type ReleaseHashes<'s> = BTreeMap<NaiveDate, BTreeSet<&'s str>>;

/// Compares the documents of a run with those that the published set was made from.
#[must_use]
pub fn find_late_releases(published: &PublishedPackage, sources: &[SourceOf]) -> Vec<LateRelease> {
    let before = by_release(published.sources.iter().map(|of| (of.release_date, of.hash.as_str())));
    let now = by_release(sources.iter().map(|of| (of.release, of.sha256.as_str())));
    let Some((&newest_published, _)) = before.last_key_value() else { return Vec::new() };
    let dates: BTreeSet<NaiveDate> = before.keys().chain(now.keys()).copied().collect();
    let late = dates.range(..newest_published).filter_map(|date| {
        let change = match (before.get(date), now.get(date)) {
            (None, _) => LateChange::Added,
            (_, None) => LateChange::Removed,
            (before, now) if before == now => return None,
            _ => LateChange::Changed,
        };
        Some(LateRelease { release_date: *date, change, newest_published })
    });
    late.collect()
}

fn by_release<'s>(documents: impl Iterator<Item = (Option<NaiveDate>, &'s str)>) -> ReleaseHashes<'s> {
    let mut releases = ReleaseHashes::new();
    for (release, hash) in documents {
        if let Some(release) = release {
            releases.entry(release).or_default().insert(hash);
        }
    }
    releases
}

impl fmt::Display for LateRelease {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let change = match self.change {
            LateChange::Added => "added",
            LateChange::Changed => "changed",
            LateChange::Removed => "removed",
        };
        write!(f, "release {} was {change} behind {}", self.release_date, self.newest_published)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(release: &str, sha256: &str) -> SourceOf {
        let (name, path, format) = (String::new(), String::new(), String::new());
        SourceOf { name, path, sha256: sha256.into(), format, bytes: 0, release: release.parse().ok() }
    }

    #[test]
    fn only_what_is_older_than_the_newest_published_release_is_late() {
        let published = br#"{"resources": [], "sources": [
            {"title": "a", "hash": "a", "release_date": "2024-12-31"},
            {"title": "b", "hash": "b", "release_date": "2025-06-30"},
            {"title": "c", "hash": "c", "release_date": "2025-06-30"},
            {"title": "d", "hash": "d", "release_date": "2026-02-28"},
            {"title": "e", "hash": "e", "release_date": null}
        ]}"#;
        let published = PublishedPackage::parse(published).unwrap();
        let cases: [(&[(&str, &str)], &[&str]); 3] = [
            (&[("2024-12-31", "a"), ("2025-06-30", "c"), ("2025-06-30", "b"), ("2026-02-28", "x")], &[]),
            (
                &[("2025-06-30", "b"), ("2025-12-31", "f"), ("2026-02-28", "d"), ("2026-06-30", "g")],
                &[
                    "release 2024-12-31 was removed behind 2026-02-28",
                    "release 2025-06-30 was changed behind 2026-02-28",
                    "release 2025-12-31 was added behind 2026-02-28",
                ],
            ),
            (
                &[],
                &[
                    "release 2024-12-31 was removed behind 2026-02-28",
                    "release 2025-06-30 was removed behind 2026-02-28",
                ],
            ),
        ];
        for (sources, expected) in cases {
            let sources: Vec<SourceOf> = sources.iter().map(|(date, hash)| source(date, hash)).collect();
            let late = find_late_releases(&published, &sources);
            assert_eq!(late.iter().map(ToString::to_string).collect::<Vec<_>>(), expected);
        }
        assert!(find_late_releases(&PublishedPackage::default(), &[source("2025-06-30", "a")]).is_empty());
    }
}
