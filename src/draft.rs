//! `init`: a first definition from documents.
//!
//! What is printed is read as `inspect` reads it, and written down in the words of the language: tables by their titles or
//! sheets, a dimension for each label column with its codes, symbols, decimals. What a reading cannot tell, as whether a dash
//! is zero, is tried: the draft that leaves the fewest problems is taken. Where a person has to decide, a comment asks.

mod code_list;
mod dimension;
mod framed;
mod labels;
mod list;
mod printed_table;
mod region_labels;
mod structure;
mod sums;
mod text;
mod update;

use anyhow::Result;

use crate::dataset::Definition;
use crate::document::{Content, Grid};
use crate::extract::find_layouts;
use crate::input;
use crate::layout::frame::Frame;
use crate::layout::guide::Guide;
use crate::problem::exit::Exit;
use crate::problem::{Problem, Rule};
use dimension::{DraftDimension, find_dimensions};
use framed::find_framed_tables;
use labels::{DimensionLabels, read_labels};
use list::find_list;
use printed_table::{PrintedTable, find_printed_tables};
use structure::{Structure, find_structure};
use text::write_definition;
pub use update::{AddedLabel, Update, update_definition};

/// A definition, and what a run by it would find.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The definition, as TOML with comments.
    pub text: String,
    /// What is left to decide.
    pub problems: Vec<Problem>,
    /// Whether it is a definition: else its problems are of that.
    pub is_sound: bool,
}

impl Draft {
    /// How much is wrong with it: what is no definition at all is worse than one that a document does not fit.
    fn faults(&self) -> (bool, usize) {
        (!self.is_sound, self.problems.len())
    }
}

/// What a document does not tell, and is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::struct_excessive_bools)] // each is a question of its own
struct Choices {
    /// Whether dashes stand for nothing, and not for a figure that is not told.
    has_nil: bool,
    /// Whether tables have totals.
    has_totals: bool,
    /// Whether figures add up.
    is_additive: bool,
    /// Whether tables whose layout is said are found by the cells that they take.
    has_range: bool,
    /// Whether it is only for reading labels: what is open of periods is settled in some way.
    is_skeleton: bool,
}

/// What a draft is called in problems.
const DRAFT: &str = "the draft";

/// What a draft is made from, whatever is tried.
struct Drafted<'d> {
    name: &'d str,
    tables: &'d [PrintedTable],
    structure: &'d Structure,
}

/// What is tried, the likeliest first.
const CHOICES: [Choices; 6] = [
    Choices { has_nil: true, has_totals: true, is_additive: true, has_range: false, is_skeleton: false },
    Choices { has_nil: false, has_totals: true, is_additive: true, has_range: false, is_skeleton: false },
    Choices { has_nil: true, has_totals: false, is_additive: true, has_range: false, is_skeleton: false },
    Choices { has_nil: false, has_totals: false, is_additive: true, has_range: false, is_skeleton: false },
    Choices { has_nil: true, has_totals: false, is_additive: false, has_range: false, is_skeleton: false },
    Choices { has_nil: false, has_totals: false, is_additive: false, has_range: false, is_skeleton: false },
];

/// Drafts a definition of this name from documents. `find_problems` says what a run by a definition would find in them.
///
/// # Errors
/// Where no table is found in them (exit 1), or a run fails.
pub fn draft_definition(
    name: &str,
    contents: &[Content],
    find_problems: impl Fn(Definition) -> Result<Vec<Problem>>,
) -> Result<Draft> {
    let inferred = draft_tables(name, contents, &find_inferred(contents), &find_problems)?;
    if inferred.as_ref().is_some_and(|draft| draft.problems.is_empty()) {
        return inferred.ok_or_else(no_table);
    }
    let mut drafts: Vec<Draft> = inferred.into_iter().collect();
    for tables in [find_lists(contents), find_framed(contents)] {
        let draft = draft_tables(name, contents, &tables, &find_problems)?;
        let is_done = draft.as_ref().is_some_and(|draft| draft.problems.is_empty());
        drafts.extend(draft);
        if is_done {
            break;
        }
    }
    drafts.into_iter().min_by_key(Draft::faults).ok_or_else(no_table)
}

fn no_table() -> anyhow::Error {
    let message =
        "no table is found; `bluebook inspect` shows what is, and the book how a table is described";
    Exit::Problems.error(message)
}

/// The tables whose layout is inferred.
fn find_inferred(contents: &[Content]) -> Vec<PrintedTable> {
    distinct_tables(contents.iter().flat_map(|content| {
        let document = input::document(content);
        let layouts = find_layouts(&document, &Guide::default());
        find_printed_tables(&document, &layouts)
    }))
}

/// The tables of sheets of which some are lists: those, and what is framed on others.
fn find_lists(contents: &[Content]) -> Vec<PrintedTable> {
    let find = |grid: &Grid<'_>| find_list(grid).map_or_else(|| find_framed_tables(grid), |list| vec![list]);
    let tables = find_on_sheets(contents, find);
    if tables.iter().any(PrintedTable::is_list) { tables } else { Vec::new() }
}

/// The tables whose layout is to be said: those of sheets as they are.
fn find_framed(contents: &[Content]) -> Vec<PrintedTable> {
    find_on_sheets(contents, find_framed_tables)
}

fn find_on_sheets(contents: &[Content], find: impl Fn(&Grid<'_>) -> Vec<PrintedTable>) -> Vec<PrintedTable> {
    let any = Guide { frames: vec![Frame::default()], ..Guide::default() };
    distinct_tables(contents.iter().flat_map(|content| {
        let document = input::guided_document(content, &any);
        document.grids.iter().filter(|grid| grid.is_aligned()).flat_map(&find).collect::<Vec<_>>()
    }))
}

/// Each table once, though several documents print it.
fn distinct_tables(found: impl Iterator<Item = PrintedTable>) -> Vec<PrintedTable> {
    let mut tables: Vec<PrintedTable> = Vec::new();
    for table in found {
        if tables.iter().all(|known| !known.is_same_place(&table)) {
            tables.push(table);
        }
    }
    tables
}

/// The draft for tables; none where there is none.
fn draft_tables(
    name: &str,
    contents: &[Content],
    tables: &[PrintedTable],
    find_problems: &impl Fn(Definition) -> Result<Vec<Problem>>,
) -> Result<Option<Draft>> {
    if tables.is_empty() {
        return Ok(None);
    }
    let structure = find_structure(tables);
    let skeleton = find_dimensions(&structure);
    let drafted = Drafted { name, tables, structure: &structure };
    let placed = Choices { has_range: true, is_skeleton: true, ..CHOICES[0] };
    let skeleton_text = write_definition(&drafted, &skeleton, placed);
    let dimensions = match Definition::parse(&skeleton_text, DRAFT) {
        Ok(definition) => fill_dimensions(skeleton, read_labels(contents, &definition)?, &structure),
        Err(problems) => return Ok(Some(Draft { text: skeleton_text, problems, is_sound: false })),
    };
    let has_range: &[bool] =
        if tables.iter().any(|table| table.frame.is_some()) { &[false, true] } else { &[false] };
    let write = |choices| write_definition(&drafted, &dimensions, choices);
    choose(has_range, write, find_problems)
}

/// The draft that leaves the fewest problems.
fn choose(
    has_range: &[bool],
    write: impl Fn(Choices) -> String,
    find_problems: &impl Fn(Definition) -> Result<Vec<Problem>>,
) -> Result<Option<Draft>> {
    let mut best: Option<(Draft, Draft)> = None;
    let all =
        has_range.iter().flat_map(|has_range| CHOICES.map(|of| Choices { has_range: *has_range, ..of }));
    for choices in all {
        // To say that figures do not add up gives up their proof: only where sums speak against them.
        let speaks = best.as_ref().is_some_and(|(_, probe)| probe.problems.iter().any(is_wrong_sum));
        if !choices.is_additive && !speaks {
            continue;
        }
        let draft = try_draft(write(choices), find_problems)?;
        // While periods are open, no sum can be tried: what they are is settled in some way for that.
        let is_open = draft.problems.iter().any(is_open_period);
        let probe = if is_open {
            try_draft(write(Choices { is_skeleton: true, ..choices }), find_problems)?
        } else {
            draft.clone()
        };
        if best.as_ref().is_none_or(|(_, best)| probe.faults() < best.faults()) {
            best = Some((draft, probe));
        }
        if best.as_ref().is_some_and(|(_, probe)| probe.problems.is_empty()) {
            break;
        }
    }
    Ok(best.map(|(draft, _)| draft))
}

fn is_open_period(problem: &Problem) -> bool {
    matches!(problem.rule, Rule::AmbiguousPeriod | Rule::NoPeriod)
}

/// The dimensions with codes for the labels that were read.
fn fill_dimensions(
    skeleton: Vec<DraftDimension>,
    labels: Vec<DimensionLabels>,
    structure: &Structure,
) -> Vec<DraftDimension> {
    let of_tables = skeleton.len() - structure.dimensions.len();
    let printed = std::iter::repeat_n(&[][..], of_tables)
        .chain(structure.dimensions.iter().map(|dimension| dimension.labels.as_slice()));
    let dimensions = skeleton.into_iter().zip(labels).zip(printed);
    dimensions.map(|((dimension, labels), printed)| dimension.with_labels(&labels.with(printed))).collect()
}

fn is_wrong_sum(problem: &Problem) -> bool {
    matches!(
        problem.rule,
        Rule::Total | Rule::Subtotal | Rule::HiddenTotal | Rule::NoTotal | Rule::NoDerivedTotal
    )
}

fn try_draft(text: String, find_problems: &impl Fn(Definition) -> Result<Vec<Problem>>) -> Result<Draft> {
    let (problems, is_sound) = match Definition::parse(&text, DRAFT) {
        Ok(definition) => (find_problems(definition)?, true),
        Err(problems) => (problems, false),
    };
    Ok(Draft { text, problems, is_sound })
}
