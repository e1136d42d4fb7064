//! What may hold a code that a table does not list: the total, a group, or what is left of either. It follows from the definition
//! and UN M49, and is the same for all tables of a batch.

use std::collections::{BTreeMap, BTreeSet};

use crate::dataset::{CodeKind, Definition, Dimension};
use crate::normalize::codes::CodeTable;
use crate::regions::{self, RESIDUAL, RegionKind, TOTAL};

/// What holds the codes of a dimension.
pub struct Holders<'b> {
    pub codes: &'b CodeTable<'b>,
    /// The total and the groups.
    pub wholes: Vec<Whole>,
    /// For each code, the wholes that hold it.
    of_code: Vec<Vec<usize>>,
    /// Wholes that are a part of another one: the part, then the other.
    inside: BTreeSet<(usize, usize)>,
    /// Tables of the definition, and the codes that cannot occur in them.
    closed: BTreeSet<(u32, u32)>,
}

/// The total or a group.
#[derive(Debug, Default)]
pub struct Whole {
    code: String,
    /// The code of its figure.
    pub figure: Option<u32>,
    /// The code of what is left of it.
    pub residual: Option<u32>,
    /// Whether it is a group of which nothing says what it holds.
    pub is_vague: bool,
}

impl<'b> Holders<'b> {
    pub fn new(codes: &'b CodeTable<'b>, share: usize, definition: &Definition) -> Holders<'b> {
        let wholes = find_wholes(codes);
        let holds = |whole: &Whole, code: &str| {
            code != TOTAL && (whole.code == TOTAL || codes.dimension.holds(&whole.code, code))
        };
        let of_code = |code: &str| (0..wholes.len()).filter(|at| holds(&wholes[*at], code)).collect();
        let pairs = |part: usize| (0..wholes.len()).map(move |whole| (part, whole));
        let is_inside = |(part, whole): &(usize, usize)| holds(&wholes[*whole], &wholes[*part].code);
        Holders {
            of_code: codes.infos().iter().map(|info| of_code(info.code)).collect(),
            inside: (0..wholes.len()).flat_map(pairs).filter(is_inside).collect(),
            closed: find_closed(codes, share, definition),
            codes,
            wholes,
        }
    }

    /// The wholes that hold a code.
    pub fn of(&self, code: u32) -> &[usize] {
        self.of_code.get(code as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether a whole is a part of another.
    pub fn is_inside(&self, part: usize, whole: usize) -> bool {
        self.inside.contains(&(part, whole))
    }

    /// Whether a code cannot occur in a table of the definition.
    pub fn is_closed(&self, table: u32, code: u32) -> bool {
        self.closed.contains(&(table, code))
    }
}

/// The total, the groups, and the groups of which there are residuals.
fn find_wholes(codes: &CodeTable<'_>) -> Vec<Whole> {
    let mut wholes: BTreeMap<String, Whole> = BTreeMap::new();
    for (at, info) in (0..).zip(codes.infos()) {
        match info.kind {
            CodeKind::Total | CodeKind::Group => {
                wholes.entry(info.code.to_owned()).or_default().figure = Some(at);
            }
            CodeKind::Residual if info.code.starts_with(RESIDUAL) => {
                wholes.entry(codes.dimension.whole_of(info.code)).or_default().residual = Some(at);
            }
            CodeKind::Residual | CodeKind::Leaf => {}
        }
    }
    let vague = |whole: &Whole| whole.figure.is_some() && !has_members(codes.dimension, &whole.code);
    let whole = |(code, whole)| Whole { code, ..whole };
    let wholes = wholes.into_iter().map(whole);
    wholes.map(|whole| Whole { is_vague: vague(&whole), ..whole }).collect()
}

/// Whether anything says what a group holds. Groups of a definition's own list have parts, else they were none.
fn has_members(dimension: &Dimension, group: &str) -> bool {
    let is_member =
        |region: regions::Region| region.kind == RegionKind::Economy && dimension.holds(group, region.code);
    !dimension.is_regions() || group == TOTAL || regions::all_regions().any(is_member)
}

/// The codes that cannot occur in tables, by the table's place in the definition.
fn find_closed(codes: &CodeTable<'_>, share: usize, definition: &Definition) -> BTreeSet<(u32, u32)> {
    let mut closed = BTreeSet::new();
    for (at, table) in (0..).zip(&definition.tables) {
        let is_closed = |code: &str| table.is_closed_to(share, codes.dimension, code);
        let own = (0..).zip(codes.infos()).filter(|(_, info)| is_closed(info.code));
        closed.extend(own.map(|(code, _)| (at, code)));
    }
    closed
}
