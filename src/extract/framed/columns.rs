//! What the header names above each column of figures.

use std::collections::BTreeMap;

use crate::dataset::{FrameDefinition, Role};
use crate::document::Cell;
use crate::extract::figure::shorten;
use crate::extract::framed::names::{NamedCell, Names, UnknownName, Word, join_known};
use crate::extract::raw::RawBuilder;
use crate::extract::tables::TableContext;
use crate::grammar::footnote;
use crate::grammar::indicator::Indicator;
use crate::layout::frame::{Framed, HeaderPiece};
use crate::layout::period_path::without_total;
use crate::problem::{Problem, Rule};

/// What each column names; none where the table does not take it, nothing stands below it, or it is not understood, which is a
/// problem.
pub(super) fn name_columns(
    context: &mut TableContext<'_, '_>,
    framed: &Framed,
    layout: &FrameDefinition,
    raw: &mut RawBuilder<'_>,
) -> Vec<Option<Names>> {
    let is_filled = filled_columns(context, framed);
    let mut columns: Vec<Option<Names>> = Vec::with_capacity(framed.columns.len());
    let owners = find_owners(framed);
    for (at, pieces) in framed.columns.iter().enumerate() {
        let pieces = pieces.as_deref().filter(|_| is_filled[at]);
        let pieces = pieces.map(|pieces| with_owner(context, layout, pieces, owners[at].as_deref()));
        let names = pieces.and_then(|pieces| name_column(context, (at, &pieces), layout, &columns, raw));
        columns.push(names);
    }
    report_twice(context, framed, &mut columns);
    columns
}

/// For each heading that the header prints more than once, the heading before it that stands there once.
fn find_owners(framed: &Framed) -> Vec<Option<Vec<HeaderPiece>>> {
    let texts = |pieces: &Option<Vec<HeaderPiece>>| {
        pieces.iter().flatten().map(|piece| piece.text.clone()).collect::<Vec<_>>()
    };
    let headings: Vec<Vec<String>> = framed.columns.iter().map(texts).collect();
    let mut counts: BTreeMap<&Vec<String>, usize> = BTreeMap::new();
    for heading in &headings {
        *counts.entry(heading).or_default() += 1;
    }
    let mut owner = None;
    let mut owners = Vec::with_capacity(headings.len());
    for (heading, pieces) in headings.iter().zip(&framed.columns) {
        let is_once = counts[heading] == 1 && !heading.is_empty();
        owners.push(owner.clone().filter(|_| !is_once && !heading.is_empty()));
        if is_once {
            owner.clone_from(pieces);
        }
    }
    owners
}

/// The pieces of a heading, with those of the heading that it belongs to, where the definition knows it so: a frequency that
/// is printed behind each of several measures.
fn with_owner(
    context: &TableContext<'_, '_>,
    layout: &FrameDefinition,
    pieces: &[HeaderPiece],
    owner: Option<&[HeaderPiece]>,
) -> Vec<HeaderPiece> {
    let whole: Vec<HeaderPiece> = owner.unwrap_or_default().iter().chain(pieces).cloned().collect();
    let text = whole.iter().map(|piece| piece.text.as_str()).collect::<Vec<_>>().join(" ");
    let roles = whole.last().map(|piece| layout.header[piece.level].as_slice()).unwrap_or_default();
    let is_known = owner.is_some() && roles.iter().any(|role| context.knows(*role, &text));
    if is_known { whole } else { pieces.to_vec() }
}

/// The columns in which a row of the body prints something.
fn filled_columns(context: &TableContext<'_, '_>, framed: &Framed) -> Vec<bool> {
    let mut is_filled = vec![false; framed.columns.len()];
    for &at in &context.table.body {
        for (is_filled, cell) in is_filled.iter_mut().zip(context.table.parts(&context.rows()[at]).1) {
            *is_filled |= !cell.text.is_empty() || cell.number.is_some();
        }
    }
    is_filled
}

fn name_column(
    context: &mut TableContext<'_, '_>,
    (at, pieces): (usize, &[HeaderPiece]),
    layout: &FrameDefinition,
    before: &[Option<Names>],
    raw: &mut RawBuilder<'_>,
) -> Option<Names> {
    if !is_headed(context, at, pieces) && context.holds_flags(at) {
        return Some(flags());
    }
    let (words, indicator) = read_pieces(context, pieces, layout);
    if indicator == Some(Indicator::Ignored) {
        return Some(Names { indicator, ..Names::default() });
    }
    let is_read = layout.header.iter().any(|roles| !roles.iter().all(|role| role.is_aside()));
    if words.iter().all(|word| word.role.is_aside()) && indicator.is_none() && is_read {
        report_unheaded(context, at);
        return None;
    }
    let (names, mut unknown) = Names::from_words(&words, context, raw);
    unknown.extend(unknown_labels(context, &words, &names));
    if unknown.is_empty() {
        return Some(complete(Names { indicator, ..names }, before, context));
    }
    // A heading over several columns is told once.
    for name in &unknown {
        if !context.is_reported(Rule::UnknownLabel, name.place) {
            context.report_unknown_name(name);
        }
    }
    None
}

/// The words of a heading, and what they say that follows from figures. A total alone is that of the row.
fn read_pieces(
    context: &mut TableContext<'_, '_>,
    pieces: &[HeaderPiece],
    layout: &FrameDefinition,
) -> (Vec<Word>, Option<Indicator>) {
    let (mut words, mut indicator): (Vec<Word>, _) = (Vec::new(), None);
    for parts in pieces.chunk_by(|one, other| layout.header[one.level] == layout.header[other.level]) {
        for said in name_parts(context, parts, &layout.header[parts[0].level]) {
            match said {
                NamedCell::Word(word) => words.push(word),
                NamedCell::Indicator(of) => indicator = Some(of),
            }
        }
    }
    let is_total = |word: &Word| word.role == Role::Period && without_total(&word.text).is_empty();
    let mut naming = words.iter().filter(|word| !word.role.is_aside()).peekable();
    if naming.peek().is_some() && naming.all(is_total) {
        return (Vec::new(), Some(Indicator::Total));
    }
    (words, indicator)
}

/// Whether something is printed right above a column, and not only above several.
fn is_headed(context: &TableContext<'_, '_>, at: usize, pieces: &[HeaderPiece]) -> bool {
    let first = context.table.frame.as_ref().map_or(0, |frame| frame.first);
    pieces.iter().any(|piece| {
        let cells = &context.rows()[piece.row].cells;
        cells.get(first + at).is_some_and(|cell| cell.column == piece.column)
    })
}

/// A column of flags of the figures to its left.
fn flags() -> Names {
    Names { is_flags: true, indicator: Some(Indicator::Ignored), ..Names::default() }
}

/// What pieces of the same roles say: together, where the whole is known; else each.
fn name_parts(context: &mut TableContext<'_, '_>, parts: &[HeaderPiece], roles: &[Role]) -> Vec<NamedCell> {
    let place = |piece: &HeaderPiece| (context.rows()[piece.row].number, piece.column);
    let places: Vec<(u32, u32)> = parts.iter().map(place).collect();
    let mut texts: Vec<&str> = parts.iter().map(|piece| piece.text.as_str()).collect();
    texts.dedup();
    let whole = texts.join(" ");
    let bare = texts.iter().map(|text| footnote::strip_markers(text)).collect::<Vec<_>>().join(" ");
    let is_known = |text: &str| roles.iter().any(|role| context.knows(*role, text));
    let is_whole = context.definition().indicator(&whole).is_some() || is_known(&whole) || is_known(&bare);
    if parts.len() > 1 && is_whole && !roles.contains(&Role::Period) {
        let text = if is_known(&whole) { &whole } else { &bare };
        return context.name_cell(roles, text, places[places.len() - 1]).into_iter().collect();
    }
    let pieces = parts.iter().zip(places);
    pieces.filter_map(|(piece, place)| context.name_cell(roles, &piece.text, place)).collect()
}

/// Labels of dimensions that no code has.
fn unknown_labels(context: &TableContext<'_, '_>, words: &[Word], names: &Names) -> Vec<UnknownName> {
    let unknown = |(dimension, _): &(usize, u32)| {
        let role = Role::Dimension(*dimension);
        let place = words.iter().rfind(|word| word.role == role)?.place;
        let text = join_known(words, role, context);
        (!context.knows(role, &text)).then_some(UnknownName { role, text, place })
    };
    names.labels.iter().filter_map(unknown).collect()
}

/// The measure of a column that does not name one: the table's, or the only one; and what stands beside figures is of those to
/// its left.
fn complete(mut names: Names, before: &[Option<Names>], context: &TableContext<'_, '_>) -> Names {
    let figures = before.iter().flatten().rev().find(|column| column.indicator.is_none());
    if let (Some(_), Some(figures)) = (names.indicator, figures) {
        names.measure = names.measure.or(figures.measure);
        if names.labels.is_empty() {
            names.labels.clone_from(&figures.labels);
        }
    }
    let only = || (!context.definition().has_measures()).then_some(0);
    let own = context.table_definition.measure;
    names.measure = names.measure.or(own.map(|at| at as u32)).or_else(only);
    names
}

/// Two columns that are named alike cannot both be read.
fn report_twice(context: &mut TableContext<'_, '_>, framed: &Framed, columns: &mut [Option<Names>]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for at in 0..columns.len() {
        let Some(names) = columns[at].as_ref().filter(|names| names.indicator != Some(Indicator::Ignored))
        else {
            continue;
        };
        let key = format!("{:?} {:?} {:?} {:?}", names.labels, names.measure, names.times, names.indicator);
        let Some(first) = seen.insert(key, at) else { continue };
        let headings = &context.table.header.headings;
        let message = format!("the heading `{}` stands in the header twice", shorten(&headings[at].label));
        let problem =
            Problem::new(Rule::ColumnTwice, message, context.span_of_heading(&headings[at], "again"));
        let problem = problem.with_span(context.span_of_heading(&headings[first], "first"));
        let level = if framed.columns.len() > at {
            "a header row above them may tell them apart: name it in `header`"
        } else {
            ""
        };
        context.problems.push(problem.help(level));
        columns[at] = None;
    }
}

/// Figures stand below no heading.
fn report_unheaded(context: &mut TableContext<'_, '_>, at: usize) {
    let rows = context.rows();
    let filled = |cell: &&Cell<'_>| !cell.text.is_empty();
    let cells = context.table.body.iter().filter_map(|&row| {
        let cell = context.table.parts(&rows[row]).1.get(at).filter(filled)?;
        Some((rows[row].number, cell))
    });
    let Some((row, cell)) = cells.into_iter().next() else { return };
    let message = "a column of the table has no heading".to_owned();
    let span = context.document().span(context.grid, row, cell.column, "the first cell below it");
    let help = "name the columns that the table takes by `range`, or what the column holds by `stub`";
    context.problems.push(Problem::new(Rule::NoLabel, message, span).help(help));
}

impl TableContext<'_, '_> {
    /// Whether a column prints status flags only, as beside figures.
    fn holds_flags(&self, at: usize) -> bool {
        let rows = self.rows();
        let mut cells = self.table.body.iter().filter_map(|&row| self.table.parts(&rows[row]).1.get(at));
        cells.all(|cell| cell.text.is_empty() || self.reading.behind_figures(&cell.text).is_some())
    }

    /// A name that the definition does not know, at its cell.
    pub(super) fn report_unknown_name(&mut self, name: &UnknownName) {
        if self.problems.counts_only(Rule::UnknownLabel) {
            return;
        }
        let (what, help) = match name.role {
            Role::Dimension(at) | Role::Code(at) => {
                let dimension = self.definition().dimensions[at].name();
                (dimension.to_owned(), format!("add it to the codes of `{dimension}`, as a label of one"))
            }
            _ => ("measure".to_owned(), "add it to the `labels` of a `[[measure]]`; what is not to be read is `\"…\" = \"ignored\"` under `[headings]`".to_owned()),
        };
        let message = format!("the {what} `{}` is unknown", shorten(&name.text));
        let span = self.document().span(self.grid, name.place.0, name.place.1, "");
        self.problems.push(Problem::new(Rule::UnknownLabel, message, span).help(help));
    }
}
