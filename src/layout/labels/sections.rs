//! Heads of sections: groups of regions that stand alone above the rows they hold, without figures of their own.

use std::collections::BTreeSet;

use crate::layout::labels::Labelled;
use crate::regions::{self, Region, RegionKind};

/// The rows without the heads of sections among them. What is set in below a head is lifted to its depth, because no
/// figure is there that it could be a part of.
///
/// A group without figures is a head only where no other group as far set in has any: else its own are missing, which is
/// for the reader to report.
#[must_use]
pub fn without_heads<'r, 'c>(
    lines: Vec<Labelled<'r, 'c>>,
    region: impl Fn(&str) -> Option<Region>,
) -> Vec<Labelled<'r, 'c>> {
    if lines.iter().all(|line| !line.figures.is_empty()) {
        return lines;
    }
    let regions: Vec<Option<Region>> =
        lines.iter().map(|line| line.label.as_ref().and_then(|label| region(&label.text))).collect();
    let filled =
        || lines.iter().zip(&regions).filter(|(line, region)| !line.figures.is_empty() && is_group(**region));
    let filled: BTreeSet<u32> = filled().map(|(line, _)| line.depth).collect();
    let is_head = |at: usize| !filled.contains(&lines[at].depth) && opens(&lines, &regions, at);
    let heads: Vec<bool> = (0..lines.len()).map(is_head).collect();
    let mut above: Vec<u32> = Vec::new();
    let mut kept = Vec::with_capacity(lines.len());
    for (mut line, is_head) in lines.into_iter().zip(heads) {
        while above.pop_if(|head| *head >= line.depth).is_some() {}
        if is_head {
            above.push(line.depth);
        } else {
            line.depth -= above.len() as u32;
            kept.push(line);
        }
    }
    kept
}

fn is_group(region: Option<Region>) -> bool {
    region.is_some_and(|region| region.kind == RegionKind::Group)
}

/// Whether a row is a group without figures whose next row is set in below it, or of it.
fn opens(lines: &[Labelled<'_, '_>], regions: &[Option<Region>], at: usize) -> bool {
    let (line, Some(next)) = (&lines[at], lines.get(at + 1)) else { return false };
    let of =
        |head: Region| regions[at + 1].is_some_and(|region| regions::group_contains(head.code, region.code));
    line.figures.is_empty()
        && is_group(regions[at])
        && (next.depth > line.depth || regions[at].is_some_and(of))
}
