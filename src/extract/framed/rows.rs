//! What the label columns name for each row, and headings between rows for those below them. A label that is printed once
//! holds for the rows below, as long as they print something further to the right.

use std::collections::BTreeMap;

use crate::dataset::{FrameDefinition, Role};
use crate::document::{Cell, Row};
use crate::extract::framed::names::{NamedCell, Names, Word};
use crate::extract::framed::times::name_part_of_year;
use crate::extract::raw::RawBuilder;
use crate::extract::row_selection::RowSelection;
use crate::extract::tables::TableContext;
use crate::grammar::indicator::Indicator;
use crate::layout::frame::Framed;
use crate::layout::labels::{Label, LabelKind, Labelled, join_lines, without_heads};
use crate::problem::{Problem, Rule};

/// A row of figures and what names them.
pub(super) struct FramedRow<'t> {
    /// Its number.
    pub number: u32,
    /// Its cells from the first column of figures on.
    pub figures: &'t [Cell<'t>],
    /// What its labels and the headings above it name.
    pub names: Names,
    /// The row and column of its label.
    pub label_cell: (u32, u32),
    /// How far that is set in.
    pub depth: u32,
}

/// What was named in each label column last, and by each level of sections.
struct Outer {
    columns: Vec<Option<NamedCell>>,
    sections: Vec<Option<Word>>,
    /// How many section headings stand right above.
    run: usize,
}

/// The rows of figures, with what names them.
pub(super) fn name_rows<'t>(
    context: &mut TableContext<'t, '_>,
    framed: &Framed,
    layout: &FrameDefinition,
    selection: &RowSelection,
    raw: &mut RawBuilder<'t>,
) -> Vec<FramedRow<'t>> {
    let rows = context.rows();
    let naming = naming_column(framed, layout);
    let taken = context.table.body.iter().map(|&at| &rows[at]).filter(|row| selection.takes(row));
    let lines = taken.map(|row| {
        let cell = naming.and_then(|column| row.cells.get(column)).filter(|cell| !cell.text.is_empty());
        let figures = row.cells.get(framed.first..).unwrap_or_default();
        let figures = if has_figure(framed, figures) { figures } else { &[] };
        Labelled { row, label: cell.map(|cell| Label::of(cell, row.number)), figures, depth: 0 }
    });
    let lines = join_heads(context, lines.collect(), layout);
    let mut lines = lines;
    name_repeated(context, &mut lines, naming_roles(framed, layout));
    let mut outer =
        Outer { columns: vec![None; framed.stub.len()], sections: vec![None; layout.sections.len()], run: 0 };
    let mut named = Vec::with_capacity(lines.len());
    for line in &lines {
        // In a list each row is one of a figure, though nothing is printed for it.
        if line.figures.is_empty() && layout.value.is_none() {
            outer.read_heading(context, line, framed, layout);
        } else {
            named.push(outer.name_row(context, line, framed, layout, raw));
        }
    }
    named
}

/// The column whose labels tell by their indent what they are parts of.
fn naming_column(framed: &Framed, layout: &FrameDefinition) -> Option<usize> {
    let is_dimension = |roles: &[Role]| roles.iter().any(|role| matches!(role, Role::Dimension(_)));
    let mut columns = framed.stub.iter().zip(&layout.stub);
    columns.find(|(_, column)| is_dimension(&column.roles)).map(|(at, _)| *at)
}

fn naming_roles<'l>(framed: &Framed, layout: &'l FrameDefinition) -> &'l [Role] {
    let naming = naming_column(framed, layout);
    let mut columns = framed.stub.iter().zip(&layout.stub).filter(|(at, _)| Some(**at) == naming);
    columns.next().map_or(&[], |(_, column)| &column.roles)
}

/// A label that is printed again and again below others can be known with the one above it that is printed once: `- as only
/// type` below each of several debts.
fn name_repeated(context: &TableContext<'_, '_>, lines: &mut [Labelled<'_, '_>], roles: &[Role]) {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for label in lines.iter().filter_map(|line| line.label.as_ref()) {
        *counts.entry(label.text.to_string()).or_default() += 1;
    }
    let mut owner: Option<String> = None;
    for label in lines.iter_mut().filter_map(|line| line.label.as_mut()) {
        if counts[label.text.as_ref()] == 1 {
            owner = Some(label.text.to_string());
            continue;
        }
        let whole = owner.as_ref().map(|owner| format!("{owner} {}", label.text));
        let is_known = |whole: &String| roles.iter().any(|role| context.knows(*role, whole));
        if let Some(whole) = whole.filter(is_known) {
            label.text = whole.into();
        }
    }
}

/// Whether a row prints something in a column that is taken.
fn has_figure(framed: &Framed, figures: &[Cell<'_>]) -> bool {
    figures.iter().zip(&framed.columns).any(|(cell, column)| column.is_some() && !cell.text.is_empty())
}

/// Labels over several lines joined; headings of groups left out, where the definition names no sections.
fn join_heads<'t>(
    context: &TableContext<'t, '_>,
    lines: Vec<Labelled<'t, 't>>,
    layout: &FrameDefinition,
) -> Vec<Labelled<'t, 't>> {
    if !layout.sections.is_empty() {
        return join_lines(lines.into_iter(), |_| true);
    }
    let reading = context.reading;
    let resolve = |label: &str| reading.resolve(reading.label(label).text);
    let kind =
        |label: &str| resolve(label).map(|named| LabelKind { code: named.code, is_group: named.is_group });
    let lines = join_lines(lines.into_iter(), |label| resolve(label).is_some());
    without_heads(lines, kind, |group, code| reading.holds(group, code))
}

impl Outer {
    /// A row without figures: a heading of a section, or labels of a row that has none yet.
    fn read_heading(
        &mut self,
        context: &mut TableContext<'_, '_>,
        line: &Labelled<'_, '_>,
        framed: &Framed,
        layout: &FrameDefinition,
    ) {
        let is_aside = |column: usize| {
            let mut asides = framed.stub.iter().zip(&layout.stub).filter(|(at, _)| **at == column);
            asides.any(|(_, of)| of.roles.iter().all(|role| role.is_aside()))
        };
        let cells = line.row.cells.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty());
        let (asides, named): (Vec<_>, Vec<_>) = cells.partition(|(column, _)| is_aside(*column));
        let read = if named.is_empty() { asides } else { named };
        let mut printed = read.into_iter().map(|(_, cell)| cell);
        let (Some(cell), is_alone) = (printed.next(), printed.next().is_none()) else { return };
        let level = self.find_level(context, cell, layout).filter(|_| is_alone);
        let is_labels = level.is_none_or(|level| !knows_level(context, layout, level, cell))
            && is_known_stub(context, line.row, framed, layout);
        match level {
            Some(level) if !is_labels => self.open_section(context, (line.row.number, cell), level, layout),
            _ if is_labels => {
                self.name_stub(context, line, framed, layout);
            }
            _ => report_no_figures(context, line.row, cell),
        }
    }

    /// Which level of sections a heading opens: the first that knows it, from the one right below the last on; where none
    /// does, that one.
    fn find_level(
        &self,
        context: &TableContext<'_, '_>,
        cell: &Cell<'_>,
        layout: &FrameDefinition,
    ) -> Option<usize> {
        let count = layout.sections.len();
        let next = if self.run < count { self.run } else { 0 };
        let order = (next..count).chain(0..next);
        order
            .clone()
            .find(|level| knows_level(context, layout, *level, cell))
            .or_else(|| order.into_iter().next())
    }

    fn open_section(
        &mut self,
        context: &mut TableContext<'_, '_>,
        (row, cell): (u32, &Cell<'_>),
        level: usize,
        layout: &FrameDefinition,
    ) {
        let said = context.name_cell(&layout.sections[level], &cell.text, (row, cell.column));
        self.sections[level] = match said {
            Some(NamedCell::Word(word)) => Some(word),
            _ => None,
        };
        self.sections[level + 1..].fill(None);
        self.columns.fill(None);
        self.run = level + 1;
    }

    /// What the label columns of a row name; columns to the left of its first label keep what they named before.
    fn name_stub(
        &mut self,
        context: &mut TableContext<'_, '_>,
        line: &Labelled<'_, '_>,
        framed: &Framed,
        layout: &FrameDefinition,
    ) -> Option<(u32, u32)> {
        let naming = naming_column(framed, layout);
        let (mut first, mut is_begun) = (None, false);
        for (at, (&column, of)) in framed.stub.iter().zip(&layout.stub).enumerate() {
            let cell = line.row.cells.get(column).filter(|cell| !cell.text.is_empty());
            let is_aside = of.roles.iter().all(|role| role.is_aside());
            is_begun |= cell.is_some_and(|cell| is_aside && cell.text.contains(char::is_alphabetic));
            let Some(cell) = cell else {
                if first.is_some() || is_aside || is_begun {
                    self.columns[at] = None;
                }
                continue;
            };
            if !is_aside && first.is_none() {
                first = Some((line.row.number, cell.column));
                self.columns[at + 1..].fill(None);
            }
            let whole = line.label.as_ref().filter(|_| naming == Some(column));
            let text = whole.map_or(cell.text.as_ref(), |label| label.text.as_ref());
            let is_period = of.roles.contains(&Role::Period);
            let part = is_period.then(|| name_part_of_year(context.table, context.rows(), column, text));
            let text = part.flatten().unwrap_or_else(|| text.to_owned());
            self.columns[at] = context.name_cell(&of.roles, &text, (line.row.number, cell.column));
        }
        first
    }

    fn name_row<'t>(
        &mut self,
        context: &mut TableContext<'t, '_>,
        line: &Labelled<'t, 't>,
        framed: &Framed,
        layout: &FrameDefinition,
        raw: &mut RawBuilder<'t>,
    ) -> FramedRow<'t> {
        self.run = 0;
        let first = self.name_stub(context, line, framed, layout);
        let said = self.columns.iter().flatten();
        let indicator: Option<Indicator> = said.clone().find_map(|said| match said {
            NamedCell::Indicator(indicator) => Some(*indicator),
            NamedCell::Word(_) => None,
        });
        let own = said.filter_map(|said| match said {
            NamedCell::Word(word) => Some(word.clone()),
            NamedCell::Indicator(_) => None,
        });
        let words: Vec<Word> = self.sections.iter().flatten().cloned().chain(own).collect();
        let (mut names, unknown) = Names::from_words(&words, context, raw);
        for name in &unknown {
            context.report_unknown_name(name);
        }
        names.indicator = indicator;
        let label = line.label.as_ref().map(|label| (label.row, label.column));
        FramedRow {
            number: line.row.number,
            figures: line.figures,
            names,
            label_cell: label.or(first).unwrap_or((line.row.number, 1)),
            depth: line.depth,
        }
    }
}

fn knows_level(
    context: &TableContext<'_, '_>,
    layout: &FrameDefinition,
    level: usize,
    cell: &Cell<'_>,
) -> bool {
    let text = context.reading.label(&cell.text).text;
    layout.sections[level].iter().any(|role| context.knows(*role, text))
}

/// Whether all that a row prints is known where it stands.
fn is_known_stub(
    context: &TableContext<'_, '_>,
    row: &Row<'_>,
    framed: &Framed,
    layout: &FrameDefinition,
) -> bool {
    let columns = framed.stub.iter().zip(&layout.stub);
    let printed = columns.filter_map(|(&column, of)| {
        Some((row.cells.get(column).filter(|cell| !cell.text.is_empty())?, &of.roles))
    });
    let mut printed = printed.filter(|(_, roles)| !roles.iter().all(|role| role.is_aside())).peekable();
    let knows = |(cell, roles): (&Cell<'_>, &Vec<Role>)| {
        let text = context.reading.label(&cell.text).text;
        roles.iter().any(|role| context.knows(*role, text))
    };
    printed.peek().is_some() && printed.all(knows)
}

/// A row of words among figures.
fn report_no_figures(context: &mut TableContext<'_, '_>, row: &Row<'_>, cell: &Cell<'_>) {
    if context.problems.counts_only(Rule::RowShape) {
        return;
    }
    let message = "a row between figures has none, and nothing says what it names".to_owned();
    let span = context.document().span(context.grid, row.number, cell.column, "");
    let help = "say what headings between rows name: `sections = \"…\"` under the `[[table]]`; or leave it out: `[[ignore]]` with `labels` and a `reason`";
    context.problems.push(Problem::new(Rule::RowShape, message, span).help(help));
}
