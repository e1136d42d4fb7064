//! Whether labels are those of regions.

use crate::regions::{resolve, resolve_aggregate};

/// Whether most labels are regions, and a country among them: totals and groups alone do not tell.
pub fn are_mostly_regions<'l>(labels: impl Iterator<Item = &'l str> + Clone) -> bool {
    let known = labels.clone().filter(|label| resolve(label).is_some()).count();
    let mut countries =
        labels.clone().filter(|label| resolve(label).is_some() && resolve_aggregate(label).is_none());
    countries.next().is_some() && known * 2 >= labels.count()
}
