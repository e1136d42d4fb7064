//! What a single change would make true, as a problem shows it: a line for each, the likeliest first, and what to paste
//! into a definition.

use std::fmt;

use unicode_width::UnicodeWidthStr;

use super::{GREEN, visible};
use crate::place::Place;

/// A change that would make what a problem tells of true. It is never applied by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// The cells that would change; none where nothing that is printed is wrong.
    pub changes: Vec<Change>,
    /// What went wrong, and what speaks for it.
    pub words: String,
    /// The `[[correction]]`s to paste into a definition; none where a definition cannot tell it.
    pub correction: Option<String>,
}

/// One cell of a repair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where it stands.
    pub place: Place,
    /// What is printed.
    pub printed: String,
    /// What it would be, printed alike; empty where it would not be there.
    pub meant: String,
}

impl Repair {
    /// `line 14: 393 → 693`; nothing where no cell changes.
    #[must_use]
    pub fn what(&self) -> String {
        let Some(first) = self.changes.first() else { return String::new() };
        let arrows: Vec<String> = self.changes.iter().filter_map(Change::arrow).collect();
        format!("{}: {}", line(&first.place), arrows.join(", ")).trim_end().to_owned()
    }
}

impl Change {
    fn arrow(&self) -> Option<String> {
        let stays = !self.meant.is_empty();
        stays.then(|| format!("{} → {}", visible(&self.printed), visible(&self.meant)))
    }
}

/// `line 14`, or the cell of a sheet.
fn line(place: &Place) -> String {
    match place.sheet {
        None => format!("line {}", place.row),
        Some(_) => visible(&place.to_string()),
    }
}

/// How many repairs are shown, and how many with their corrections, where not all are asked for.
const SHOWN: usize = 5;
const WITH_CORRECTION: usize = 3;

/// Shows repairs: the first few, or all.
pub fn write(repairs: &[Repair], all: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (shown, corrected) = if all { (repairs.len(), repairs.len()) } else { (SHOWN, WITH_CORRECTION) };
    if repairs.is_empty() {
        return Ok(());
    }
    writeln!(f, "{GREEN}repair{GREEN:#}: any of these would make it true, the likeliest first")?;
    let wide = repairs.iter().take(shown).map(|repair| repair.what().width()).filter(|width| *width < WIDE);
    let width = wide.max().unwrap_or_default();
    for repair in repairs.iter().take(shown) {
        let what = repair.what();
        let gap = if what.is_empty() { 0 } else { width.saturating_sub(what.width()) + 2 };
        writeln!(f, "  {what}{}{}", " ".repeat(gap), visible(&repair.words))?;
    }
    if repairs.len() > shown {
        writeln!(f, "  … and {} more: `bluebook check -v`", repairs.len() - shown)?;
    }
    let corrections: Vec<&str> =
        repairs.iter().take(corrected).filter_map(|repair| repair.correction.as_deref()).collect();
    if corrections.is_empty() {
        return Ok(());
    }
    writeln!(
        f,
        "{GREEN}help{GREEN:#}: paste the one that is right into the definition, with how you know it\n"
    )?;
    write!(f, "{}", corrections.join("\n"))
}

/// A change that is wider than this stands by itself.
const WIDE: usize = 40;
