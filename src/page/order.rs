//! The publisher's order: what is printed first comes first; what is not printed, as a derived total, comes last.

use crate::page::rows::{Observation, Place};

/// Groups figures by what a function says of them; groups stand in the order of their first printed figure, figures in the
/// order in which they are printed.
pub fn group<'r, K: Ord>(
    figures: impl IntoIterator<Item = &'r Observation>,
    key: impl Fn(&Observation) -> K,
) -> Vec<(K, Vec<&'r Observation>)> {
    let mut groups = std::collections::BTreeMap::<K, Vec<&Observation>>::new();
    for figure in figures {
        groups.entry(key(figure)).or_default().push(figure);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_cached_key(|(_, figures)| figures.iter().map(|figure| rank(&figure.place)).min());
    groups
}

/// What places are sorted by. Sheets are told apart by name: `T2` comes before `T10`.
fn rank((source, position): &Place) -> (bool, &str, usize, &str, u32, u32) {
    let Some(position) = position else { return (true, source, 0, "", 0, 0) };
    let sheet = position.sheet.as_deref().unwrap_or_default();
    (false, source, sheet.len(), sheet, position.row, position.column)
}
