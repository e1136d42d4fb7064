//! What stands in a cell of a table: a figure with what must be known of it, or why there is none.

use crate::dataset::Definition;
use crate::grammar::status_flag::FlagMeaning;
use crate::page::notes::{Mark, Notes};
use crate::page::rows::Observation;
use crate::page::words;

/// A cell.
#[derive(Default)]
pub struct Cell {
    /// The key of its figure; none where the row has no such figure.
    pub id: String,
    /// The figure.
    pub figure: String,
    /// What must be known of it, in a word or by a status: `nil`, `derived`, `E`.
    pub remark: String,
    /// The marks of notes.
    pub marks: Vec<Mark>,
    /// Whether it is of a part of a year.
    pub is_part: bool,
}

/// The usual status, and that of a residual, which its name says.
const USUAL: [&str; 2] = ["A", "W"];

impl Cell {
    /// The cell of a figure.
    pub fn new(of: &Observation, notes: &Notes<'_>, definition: &Definition) -> Cell {
        let decimals = definition.measures[of.measure].decimals;
        Cell {
            id: words::key(&of.codes, of.measure, &of.period.to_string(), definition),
            figure: of.value.map(|value| words::figure(value, decimals)).unwrap_or_default(),
            remark: remark(of),
            marks: notes.at(&of.place),
            is_part: of.is_partial,
        }
    }
}

/// What must be known of a figure.
fn remark(of: &Observation) -> String {
    let basis = Some(of.basis.as_str()).filter(|basis| *basis != "published");
    let status = Some(of.status.as_str()).filter(|status| !USUAL.contains(status));
    basis.into_iter().chain(status).collect::<Vec<_>>().join(" ")
}

/// What the statuses of figures mean: `E: estimated`.
pub fn legend<'r>(figures: impl Iterator<Item = &'r Observation>) -> Vec<String> {
    let codes: std::collections::BTreeSet<&str> = figures.map(|of| of.status.as_str()).collect();
    let unusual = codes.into_iter().filter(|code| !USUAL.contains(code));
    let named = unusual.filter_map(|code| Some((code, FlagMeaning::from_code(code)?)));
    named.map(|(code, meaning)| format!("{code}: {}", meaning.name())).collect()
}

/// The change on the year before: `-156 (-28.4 %)`, or why there is none.
pub fn change(of: Option<&Observation>, decimals: u32) -> String {
    let Some(of) = of else { return "no figure".into() };
    match (of.change, of.relative_change) {
        (Some(change), Some(relative)) => {
            format!("{} ({})", words::signed(change, decimals), words::signed_percent(relative))
        }
        (Some(change), None) => format!("{} (from 0)", words::signed(change, decimals)),
        _ => format!("none for {}", of.period.year_before().words()),
    }
}
