//! What each release changed, counted.

use chrono::NaiveDate;

use crate::history::{ChangeKind, History, ReleaseTable};
use crate::transform::figures::ReleaseFigures;

/// A release and what it changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseRow {
    /// Its date.
    pub release: NaiveDate,
    /// The one before.
    pub before: Option<NaiveDate>,
    /// How many documents it has.
    pub documents: i32,
    /// The period that ends last, by number.
    pub newest_period: u32,
    /// How many tables it prints.
    pub tables: i32,
    /// How many figures with a value: new, unchanged, revised and moved.
    pub figures: i32,
    /// First or listed.
    pub new: i32,
    /// Revised, supplied or of another status.
    pub revised: i32,
    /// Residuals that hold others.
    pub moved: i32,
    /// Folded or withdrawn.
    pub gone: i32,
    /// Whether it prints exactly the tables of the release before.
    pub repeats: bool,
    /// The SHA-256 of its lines of observations, in hexadecimal.
    pub sha256: String,
}

impl ReleaseRow {
    /// Figures as the release before had them.
    #[must_use]
    pub fn unchanged(&self) -> i32 {
        self.figures - self.new - self.revised - self.moved
    }
}

impl History {
    /// The newest release and what it changed; none where there is no release before it.
    #[must_use]
    pub fn newest_release(&self) -> Option<&ReleaseRow> {
        self.releases.last().filter(|_| self.releases.len() > 1)
    }

    /// Counts what a release changed: the rows of the history from the first of its own on.
    pub(super) fn count_release(
        &self,
        release: NaiveDate,
        figures: &ReleaseFigures,
        tables: &[ReleaseTable],
        (first, repeats): (usize, bool),
    ) -> ReleaseRow {
        let own = &self.rows[first..];
        let printed = tables.iter().flat_map(|table| &table.figures);
        let count = |kinds: &[ChangeKind], has_value: bool| {
            own.iter().filter(|row| kinds.contains(&row.kind) && row.value.is_some() == has_value).count()
                as i32
        };
        let documents = figures.documents.iter().filter(|(_, of)| *of == Some(release)).count() as i32;
        let end = |period: u32| (self.names.periods.get(period).end(), self.names.periods.get(period).months);
        ReleaseRow {
            release,
            before: self.releases.last().map(|before| before.release),
            documents,
            newest_period: tables
                .iter()
                .map(|table| table.key.1)
                .max_by_key(|at| end(*at))
                .unwrap_or_default(),
            tables: tables.len() as i32,
            figures: printed.filter(|figure| figure.value.is_some()).count() as i32,
            new: count(&[ChangeKind::First, ChangeKind::Listed], true),
            revised: count(&[ChangeKind::Revised, ChangeKind::Supplied, ChangeKind::Status], true),
            moved: count(&[ChangeKind::Composition], true),
            gone: count(&[ChangeKind::Folded, ChangeKind::Withdrawn], false),
            repeats,
            sha256: String::new(),
        }
    }
}
