//! What a single change would make true, as a problem shows it: a line for each, the likeliest first, and what to paste
//! into a definition.

use std::fmt;

use unicode_width::UnicodeWidthStr;

use crate::position::Position;
use crate::problem::{GREEN, visible};

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
    pub place: Position,
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
fn line(place: &Position) -> String {
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
    if repairs.is_empty() {
        return Ok(());
    }
    writeln!(f, "{GREEN}repair{GREEN:#}: any of these would make it true, the likeliest first")?;
    write_lines(repairs, if all { repairs.len() } else { SHOWN }, f)?;
    let pasted = repairs.iter().take(if all { repairs.len() } else { WITH_CORRECTION });
    let pasted: Vec<&str> = pasted.filter_map(|repair| repair.correction.as_deref()).collect();
    if pasted.is_empty() {
        return Ok(());
    }
    writeln!(f, "{GREEN}help{GREEN:#}: {PASTE}\n\n{}", pasted.join("\n").trim_end())
}

const PASTE: &str = "paste the one that is right into the definition, with how you know it";

/// A line for each, what would change in one column.
fn write_lines(repairs: &[Repair], shown: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let what: Vec<String> = repairs.iter().take(shown).map(Repair::what).collect();
    let widths = what.iter().map(|what| what.width()).filter(|width| *width < WIDE);
    let width = widths.max().unwrap_or_default();
    for (what, repair) in what.iter().zip(repairs) {
        let gap = if what.is_empty() { 0 } else { width.saturating_sub(what.width()) + 2 };
        writeln!(f, "  {what}{}{}", " ".repeat(gap), visible(&repair.words))?;
    }
    match repairs.len().saturating_sub(shown) {
        0 => Ok(()),
        more => writeln!(f, "  … and {more} more: `bluebook check -v`"),
    }
}

/// A change that is wider than this moves no other.
const WIDE: usize = 40;
