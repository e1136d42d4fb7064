//! What a release says other than the one before. A history tells it.

use std::collections::BTreeSet;

use crate::history::{ChangeKind, History, HistoryRow};
use crate::page::words;

/// What a release changes.
#[derive(Clone, Debug, Default)]
pub struct Changes {
    /// The day of the release before, as ISO 8601 writes it.
    pub since: String,
    /// How many figures stand as they stood.
    pub unchanged: usize,
    /// Figures with another value than before.
    pub revised: Vec<Change>,
    /// Figures that are no longer printed on their own, and are in a residual now.
    pub folded: Vec<Change>,
    /// Figures that were in a residual, and are printed on their own now.
    pub listed: Vec<Change>,
    /// Parts of years whose whole is printed now.
    pub completed: Vec<Change>,
    /// What was not printed before: tables, or figures.
    pub new: Vec<Change>,
}

/// A figure, or a table, that changed.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Its key: `TTPS/CAN/2024`; a link leads to it where it is a figure of the release.
    pub key: String,
    /// What it is, in words: `Top Talent Pass Scheme, Canada, 2024`.
    pub name: String,
    /// What was printed before, as text; none where nothing was.
    pub before: Option<String>,
    /// What is printed now.
    pub now: Option<String>,
}

impl Changes {
    /// What the newest release of a history changes; nothing where there is none before it.
    #[must_use]
    pub fn of(history: &History) -> Option<Changes> {
        let newest = history.newest_release()?;
        let first = history.rows.partition_point(|row| row.start < newest.release);
        let mut changes = Changes {
            since: newest.before?.to_string(),
            unchanged: newest.unchanged() as usize,
            ..Changes::default()
        };
        let mut tables = BTreeSet::new();
        for row in history.sort_rows(&history.rows[first..]) {
            match row.kind {
                ChangeKind::Revised | ChangeKind::Supplied | ChangeKind::Status => &mut changes.revised,
                ChangeKind::Folded | ChangeKind::Withdrawn => &mut changes.folded,
                ChangeKind::Listed => &mut changes.listed,
                ChangeKind::First if tables.insert(table_key(history, row)) => {
                    changes.new.push(Change { before: None, now: None, ..change(history, row, true) });
                    continue;
                }
                ChangeKind::First | ChangeKind::Composition => continue,
            }
            .push(change(history, row, false));
        }
        Some(changes)
    }
}

fn table_key(history: &History, row: &HistoryRow) -> String {
    history.key_of(row, &history.table_codes(row))
}

/// A row in words; as its whole table where that is meant.
fn change(history: &History, row: &HistoryRow, is_table: bool) -> Change {
    let key =
        if is_table { table_key(history, row) } else { history.key_of(row, &history.codes_of(row.series)) };
    let names = history.names_of(row.series, is_table);
    let name = names.into_iter().chain([history.period_of(row)]).collect::<Vec<_>>().join(", ");
    let text = |value| history.figure(row, value).map(|figure| figure.to_string());
    Change { key, name, before: text(row.previous), now: text(row.value) }
}

/// Changes as the template shows them.
pub struct Shown<'a> {
    pub since: &'a str,
    pub summary: String,
    /// The kinds that there are: their name, and their changes.
    pub kinds: Vec<(String, Vec<ShownChange<'a>>)>,
}

/// A change in words.
pub struct ShownChange<'a> {
    pub anchor: String,
    pub name: &'a str,
    pub words: String,
}

impl<'a> Shown<'a> {
    pub fn new(changes: &'a Changes) -> Shown<'a> {
        let kinds = [
            ("revised", &changes.revised),
            ("folded into a residual", &changes.folded),
            ("listed on their own", &changes.listed),
            ("completed", &changes.completed),
            ("new", &changes.new),
        ];
        let kinds = kinds.into_iter().filter(|(_, changes)| !changes.is_empty());
        let kinds: Vec<_> = kinds
            .map(|(kind, all)| {
                (format!("{} {kind}", words::whole(all.len())), all.iter().map(ShownChange::new).collect())
            })
            .collect();
        let names = kinds.iter().map(|(name, _)| name.clone());
        let unchanged = format!("{} unchanged", words::count(changes.unchanged, "figure"));
        let summary = names.chain([unchanged]).collect::<Vec<_>>().join(", ");
        Shown { since: &changes.since, summary, kinds }
    }
}

impl<'a> ShownChange<'a> {
    fn new(change: &'a Change) -> ShownChange<'a> {
        let said = match (&change.before, &change.now) {
            (Some(before), Some(now)) => format!("{before} → {now}"),
            (Some(before), None) => format!("was {before}"),
            (None, Some(now)) => now.clone(),
            (None, None) => String::new(),
        };
        let anchor = if change.now.is_some() { words::anchor(&change.key) } else { String::new() };
        ShownChange { anchor, name: &change.name, words: said }
    }
}
