//! What the newest release revised, for whoever publishes it: the largest differences below the table, or how many there are.

use crate::cli::diff::words::list_changes;
use crate::history::History;
use crate::text::format_count;

/// How many revisions are told one by one.
const MOST_TOLD: usize = 10;

/// How many figures the newest release revised; none where there is no release before it.
pub fn count(history: &History) -> Option<String> {
    let newest = history.newest_release()?;
    Some(format!("{} revised by {}", format_count(newest.revised as usize, "figure"), newest.release))
}

/// The same, and the largest revisions, a line each.
pub fn list(history: &History) -> String {
    let Some(count) = count(history) else { return String::new() };
    let revisions = history.newest_revisions();
    let more = match revisions.len().saturating_sub(MOST_TOLD) {
        0 => String::new(),
        more => format!("  and {more} more: `bluebook history --revised`\n"),
    };
    format!("{count}\n{}{more}", list_changes(revisions.iter().take(MOST_TOLD)))
}
