//! What a history tells a page: what the newest release changed, figure by figure, and new tables as one line each.

use crate::history::new_tables::NewTable;
use crate::history::{ChangeKind, History, HistoryRow};
use crate::page::{Change, Changes, Kind};

/// What the page of a dataset shows of its history; nothing where no release is before the newest.
pub fn tell(history: &History) -> Option<Changes> {
    let newest = history.newest_release()?;
    let mut changes = Changes {
        since: newest.before?.to_string(),
        unchanged: newest.unchanged() as usize,
        ..Changes::default()
    };
    for row in history.newest_changes() {
        if let Some(kind) = kind_of(row.kind) {
            changes.by_kind.entry(kind).or_default().push(figure(history, row));
        }
    }
    for of in history.new_tables() {
        let kind = if of.completes.is_some() { Kind::Completed } else { Kind::New };
        changes.by_kind.entry(kind).or_default().extend(table(history, &of));
    }
    Some(changes)
}

/// What a page calls a change of a figure; none where it tells of the figure's table, or of what moved in it.
fn kind_of(kind: ChangeKind) -> Option<Kind> {
    match kind {
        ChangeKind::Revised | ChangeKind::Status => Some(Kind::Revised),
        ChangeKind::Supplied => Some(Kind::Supplied),
        ChangeKind::Withdrawn => Some(Kind::Withdrawn),
        ChangeKind::Folded => Some(Kind::Folded),
        ChangeKind::Listed => Some(Kind::Listed),
        ChangeKind::First | ChangeKind::Composition => None,
    }
}

fn figure(history: &History, row: &HistoryRow) -> Change {
    let change = history.change_of(row);
    let [before, now, _] = change.words();
    let (before, now) = (change.old.map(|_| before), change.new.map(|_| now));
    Change { name: name(history, row, false), before, now, key: change.key }
}

/// A new table, by its total.
fn table(history: &History, of: &NewTable<'_>) -> Option<Change> {
    let total_of = |row: &&HistoryRow| history.is_total(row);
    let row = of.rows.iter().copied().find(total_of).or(of.rows.first().copied())?;
    let text = |row: &HistoryRow| history.figure(row, row.value).map(|figure| figure.to_string());
    let completes = of.completes.map(|part| format!(", completes {}", period(history, part)));
    Some(Change {
        key: history.key_of(row, &history.codes_of(row.series)),
        name: name(history, row, true) + &completes.unwrap_or_default(),
        before: of.completes.filter(total_of).and_then(text),
        now: Some(row).filter(total_of).and_then(text),
    })
}

/// A row in words; as its whole table where that is meant.
fn name(history: &History, row: &HistoryRow, is_table: bool) -> String {
    let names = history.names_of(row.series, is_table).into_iter();
    names.chain([period(history, row)]).collect::<Vec<_>>().join(", ")
}

fn period(history: &History, row: &HistoryRow) -> String {
    history.names.periods.get(row.period).words()
}
