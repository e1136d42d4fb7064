//! What a history tells a page: what the newest release changed, figure by figure, and new tables as one line each.

use std::collections::BTreeSet;

use crate::history::{ChangeKind, History, HistoryRow};
use crate::page::{Change, Changes, Comparisons};

/// What the page of a dataset shows of its history, where there is one.
pub fn compare(history: Option<&History>) -> Comparisons {
    Comparisons { changes: history.and_then(changes_of), bounds: None }
}

/// What the newest release changes; nothing where there is none before it.
fn changes_of(history: &History) -> Option<Changes> {
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
