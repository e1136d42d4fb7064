//! Changes that would each resolve a problem, and how they are printed: a line each, the likeliest first, then the
//! corrections to paste into a definition.

use std::fmt;

use unicode_width::UnicodeWidthStr;

use crate::position::Position;
use crate::problem::render::GREEN;
use crate::problem::sanitize;

/// A change that would resolve a problem. It is only suggested, never applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repair {
    /// The cells that would change; none if no printed figure is wrong.
    pub changes: Vec<CellChange>,
    /// The likely mistake and the evidence for it, in words.
    pub words: String,
    /// The `[[correction]]`s to paste into a definition; none if a definition cannot express it.
    pub correction: Option<String>,
}

/// One cell that a repair changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellChange {
    /// The place of the cell.
    pub place: Position,
    /// The text in the document.
    pub printed: String,
    /// The suggested text, in the same format; empty if the cell would be removed.
    pub meant: String,
}

impl Repair {
    /// `line 14: 393 → 693`; empty if no cell changes.
    #[must_use]
    pub fn describe(&self) -> String {
        let Some(first) = self.changes.first() else { return String::new() };
        let arrows: Vec<String> = self.changes.iter().filter_map(CellChange::describe).collect();
        format!("{}: {}", format_place(&first.place), arrows.join(", ")).trim_end().to_owned()
    }
}

impl CellChange {
    fn describe(&self) -> Option<String> {
        let stays = !self.meant.is_empty();
        stays.then(|| format!("{} → {}", sanitize(&self.printed), sanitize(&self.meant)))
    }
}

/// `line 14`, or the cell of a sheet.
fn format_place(place: &Position) -> String {
    match place.sheet {
        None => format!("line {}", place.row),
        Some(_) => sanitize(&place.to_string()),
    }
}

/// How many repairs, and how many of their corrections, are printed unless all are asked for.
const MAX_REPAIRS: usize = 5;
const MAX_CORRECTIONS: usize = 3;

/// Writes the first few repairs, or all, a line each.
pub fn write_repairs(repairs: &[Repair], all: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    if repairs.is_empty() {
        return Ok(());
    }
    writeln!(f, "{GREEN}repair{GREEN:#}: any of these would make it true, the likeliest first")?;
    write_lines(repairs, if all { repairs.len() } else { MAX_REPAIRS }, f)
}

/// Writes the corrections of the first few repairs, or of all, to be pasted.
pub fn write_corrections(repairs: &[Repair], all: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let pasted = repairs.iter().take(if all { repairs.len() } else { MAX_CORRECTIONS });
    let pasted: Vec<&str> = pasted.filter_map(|repair| repair.correction.as_deref()).collect();
    if pasted.is_empty() {
        return Ok(());
    }
    writeln!(f, "{GREEN}help{GREEN:#}: {PASTE}\n\n{}", pasted.join("\n").trim_end())
}

const PASTE: &str = "paste the one that is right into the definition, with how you know it";

/// Writes a line for each repair, the changes aligned in one column.
fn write_lines(repairs: &[Repair], shown: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let what: Vec<String> = repairs.iter().take(shown).map(Repair::describe).collect();
    let widths = what.iter().map(|what| what.width()).filter(|width| *width < MAX_ALIGNED);
    let width = widths.max().unwrap_or_default();
    for (what, repair) in what.iter().zip(repairs) {
        let gap = if what.is_empty() { 0 } else { width.saturating_sub(what.width()) + 2 };
        writeln!(f, "  {what}{}{}", " ".repeat(gap), sanitize(&repair.words))?;
    }
    match repairs.len().saturating_sub(shown) {
        0 => Ok(()),
        more => writeln!(f, "  … and {more} more: `bluebook check -v`"),
    }
}

/// Wider changes are left out of the alignment.
const MAX_ALIGNED: usize = 40;
