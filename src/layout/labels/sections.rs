//! Heads of sections: groups of regions that stand alone above the rows they hold, without figures of their own.
//!
//! What such a head holds is what is set in below it, or what UN M49 gives to it. It is lifted to the depth of the head,
//! because no figure is there to be a part of. Where another group as far set in has figures, a head lacks its own, which
//! is a problem. A title between rows parts a table: what follows a total, or a row without a label, goes on below the
//! same header.

use std::collections::BTreeSet;

use crate::layout::labels::Labelled;

/// What a label names, as far as sections are concerned.
#[derive(Clone, Copy, Debug)]
pub struct LabelKind<'l> {
    /// Its code.
    pub code: &'l str,
    /// Whether that is a group.
    pub is_group: bool,
}

/// The rows without the heads of sections among them. What is set in below a head is lifted to its depth, because no
/// figure is there that it could be a part of.
///
/// A group without figures is a head only where no other group as far set in has any: else its own are missing, which is
/// for the reader to report.
#[must_use]
pub fn without_heads<'r, 'c, 'l>(
    lines: Vec<Labelled<'r, 'c>>,
    kind: impl Fn(&str) -> Option<LabelKind<'l>>,
    holds: impl Fn(&str, &str) -> bool,
) -> Vec<Labelled<'r, 'c>> {
    if lines.iter().all(|line| !line.figures.is_empty()) {
        return lines;
    }
    let kinds: Vec<Option<LabelKind<'l>>> =
        lines.iter().map(|line| line.label.as_ref().and_then(|label| kind(&label.text))).collect();
    let filled = lines.iter().zip(&kinds).filter(|(line, kind)| !line.figures.is_empty() && is_group(**kind));
    let filled: BTreeSet<u32> = filled.map(|(line, _)| line.depth).collect();
    let is_head = |at: usize| !filled.contains(&lines[at].depth) && opens(&lines, &kinds, at, &holds);
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

fn is_group(kind: Option<LabelKind<'_>>) -> bool {
    kind.is_some_and(|kind| kind.is_group)
}

/// Whether a row is a group without figures whose next row is set in below it, or of it.
fn opens(
    lines: &[Labelled<'_, '_>],
    kinds: &[Option<LabelKind<'_>>],
    at: usize,
    holds: &impl Fn(&str, &str) -> bool,
) -> bool {
    let (line, Some(next)) = (&lines[at], lines.get(at + 1)) else { return false };
    let is_part = |head: LabelKind<'_>| kinds[at + 1].is_some_and(|next| holds(head.code, next.code));
    line.figures.is_empty()
        && is_group(kinds[at])
        && (next.depth > line.depth || kinds[at].is_some_and(is_part))
}
