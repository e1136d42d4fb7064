//! What the newest release of a dataset changed: its counts, and the largest revisions with their places.

use serde::Serialize;

use crate::history::History;
use crate::history::change::Change;

/// How many revisions a report lists.
const MOST_LISTED: usize = 1000;

/// The newest of several releases. The counts are those of the published table `releases`.
#[derive(Clone, Debug, Serialize)]
pub struct NewestRelease {
    /// Its date.
    pub release_date: String,
    /// The one before.
    pub previous_release: Option<String>,
    /// How many tables it prints.
    pub tables: i32,
    /// How many figures it prints.
    pub figures: i32,
    /// How many of them were not there.
    pub new: i32,
    /// How many are as before.
    pub unchanged: i32,
    /// How many are revised, supplied or of another status.
    pub revised: i32,
    /// How many residuals hold others.
    pub moved: i32,
    /// How many figures are folded or withdrawn.
    pub gone: i32,
    /// Whether it prints exactly the tables of the release before.
    pub repeats: bool,
    /// What is revised, the largest difference first, at most a thousand.
    pub revisions: Vec<Change>,
}

impl NewestRelease {
    /// The newest release of a history; none where there is no release before it.
    #[must_use]
    pub fn from_history(history: &History) -> Option<NewestRelease> {
        let newest = history.newest_release()?;
        let mut revisions = history.newest_revisions();
        revisions.truncate(MOST_LISTED);
        Some(NewestRelease {
            release_date: newest.release.to_string(),
            previous_release: newest.before.map(|before| before.to_string()),
            tables: newest.tables,
            figures: newest.figures,
            new: newest.new,
            unchanged: newest.unchanged(),
            revised: newest.revised,
            moved: newest.moved,
            gone: newest.gone,
            repeats: newest.repeats,
            revisions,
        })
    }
}
