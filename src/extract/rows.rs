//! The rows of a table: each cell below a heading becomes a figure or an indicator, with the labels that name it.

mod report;
mod transposed;

use std::collections::BTreeMap;

use crate::dataset::Role;
use crate::document::{Cell, Row};
use crate::extract::figure::{self, Figure, Reading, Unread, name_code};
use crate::extract::framed::{Names, read_framed};
use crate::extract::headings::{ReadColumn, ReadContent};
use crate::extract::raw::{PrintedIndicator, RawBuilder, RawFigure};
use crate::extract::row_selection::RowSelection;
use crate::extract::tables::TableContext;
use crate::extract::units::PrintedUnit;
use crate::grammar::indicator::Indicator;
use crate::grammar::status_flag::FlagMeaning;
use crate::layout::labels::{Label, LabelKind, Labelled, join_lines, without_heads};
use crate::text::fold_whitespace;
use transposed::read_transposed;

/// What names the figures of a row, or where regions run across of a column.
#[derive(Clone, Debug)]
pub(super) struct NamedRow {
    /// The label of each dimension.
    labels: Vec<Option<u32>>,
    /// The measure that a label names.
    measure: Option<u32>,
    /// The row and column where the label stands.
    label_cell: (u32, u32),
    /// How far it is set in.
    depth: u32,
    /// What its marks say of the figures.
    meaning: Option<FlagMeaning>,
    /// The unit that it prints.
    unit: Option<PrintedUnit>,
}

/// What a label names: a dimension with the index of the label, a measure or a unit; and what its marks say of the figures.
#[derive(Clone, Debug)]
struct NamedPart {
    role: Role,
    index: Option<u32>,
    meaning: Option<FlagMeaning>,
    unit: Option<PrintedUnit>,
}

impl NamedRow {
    /// The same, where something beside a figure says more of it.
    pub(super) fn with_meaning(&self, meaning: Option<FlagMeaning>) -> NamedRow {
        NamedRow { meaning, ..self.clone() }
    }

    /// What names the figures of a row of a framed table.
    pub(super) fn from_names(
        context: &TableContext<'_, '_>,
        names: &Names,
        label_cell: (u32, u32),
        depth: u32,
    ) -> NamedRow {
        let mut labels = vec![None; context.definition().dimensions.len()];
        for (dimension, label) in &names.labels {
            labels[*dimension] = Some(*label);
        }
        let (measure, meaning, unit) = (names.measure, names.meaning, names.unit.clone());
        NamedRow { labels, measure, label_cell, depth, meaning, unit }
    }

    fn add(&mut self, part: NamedPart) {
        match part.role {
            Role::Dimension(at) => self.labels[at] = part.index,
            Role::Measure => self.measure = part.index,
            _ => {}
        }
        self.meaning = self.meaning.or(part.meaning);
        self.unit = part.unit.or(self.unit.take());
    }
}

/// What the label columns of the rows above named: a label that is printed once holds for the rows below, as long as they
/// print something further to the right.
#[derive(Default)]
struct OuterLabels {
    /// The columns, from left to right.
    columns: Vec<usize>,
    /// What was named in each last.
    parts: BTreeMap<usize, NamedPart>,
}

impl OuterLabels {
    /// What holds for a row that it does not print itself. What stood to the right of its first label holds no longer.
    fn find_repeated(&mut self, row: &Row<'_>) -> BTreeMap<usize, NamedPart> {
        let is_filled = |column: &&usize| row.cells.get(**column).is_some_and(|cell| !cell.text.is_empty());
        let first = self.columns.iter().find(is_filled).copied().unwrap_or_default();
        self.parts.retain(|column, _| *column < first);
        self.parts.clone()
    }
}

/// A cell of figures, where it stands, and the column it belongs to.
#[derive(Clone, Copy)]
pub(super) struct FigureCell<'t, 'c> {
    /// Its row and column.
    pub place: (u32, u32),
    pub cell: &'t Cell<'t>,
    pub column: &'c ReadColumn,
}

/// Reads the rows that are selected.
pub(super) fn read_rows<'t>(
    context: &mut TableContext<'t, '_>,
    columns: &[Option<ReadColumn>],
    selection: &RowSelection,
    raw: &mut RawBuilder<'t>,
) {
    if let (Some(framed), Some(layout)) = (&context.table.frame, &context.table_definition.frame) {
        read_framed(context, framed, layout, selection, raw);
        return;
    }
    if context.table.across.is_some() {
        read_transposed(context, columns, raw);
        return;
    }
    let reading = context.reading;
    let resolve = |label: &str| reading.resolve(reading.label(label).text);
    let kind =
        |label: &str| resolve(label).map(|named| LabelKind { code: named.code, is_group: named.is_group });
    let lines = join_lines(selection.select(context.table, context.rows()), |label| resolve(label).is_some());
    let mut outer = OuterLabels { columns: selection.nested_columns(), ..OuterLabels::default() };
    for line in without_heads(lines, kind, |group, code| reading.holds(group, code)) {
        read_row(context, &line, columns, (selection, &mut outer), raw);
    }
}

fn read_row<'t>(
    context: &mut TableContext<'t, '_>,
    line: &Labelled<'t, 't>,
    columns: &[Option<ReadColumn>],
    (selection, outer): (&RowSelection, &mut OuterLabels),
    raw: &mut RawBuilder<'t>,
) {
    if let Some(problem) = context.check_shape(line, columns) {
        context.problems.push(problem);
        return;
    }
    let named = name_row(context, line, (selection, outer), raw);
    for (cell, column) in line.figures.iter().zip(columns) {
        if let Some(column) = column {
            read_cell(
                context,
                &named,
                FigureCell { place: (line.row.number, cell.column), cell, column },
                raw,
            );
        }
    }
}

/// The labels of a row.
fn name_row(
    context: &mut TableContext<'_, '_>,
    line: &Labelled<'_, '_>,
    (selection, outer): (&RowSelection, &mut OuterLabels),
    raw: &mut RawBuilder<'_>,
) -> NamedRow {
    let label = line.label.as_ref();
    let mut named = NamedRow {
        labels: vec![None; context.definition().dimensions.len()],
        measure: None,
        label_cell: label.map_or((line.row.number, 1), |label| (label.row, label.column)),
        depth: line.depth,
        meaning: None,
        unit: None,
    };
    let repeated = outer.find_repeated(line.row);
    for part in repeated.values() {
        named.add(part.clone());
    }
    let naming = selection.naming_column(line.row);
    let own = label.filter(|label| !label.text.is_empty() && !repeated.contains_key(&naming));
    let own = own.map(|label| (naming, context.reading.roles, label.clone()));
    let others = selection.other_labels(line.row);
    let others = others.map(|(roles, column, cell)| (column, roles, Label::of(cell, line.row.number)));
    let mut is_named = !repeated.is_empty() || !context.table.header.labelled;
    for (column, roles, label) in own.into_iter().chain(others) {
        is_named = true;
        let Some(part) = read_label(context, roles, &label, raw) else { continue };
        named.add(part.clone());
        outer.parts.insert(column, part);
    }
    if let (false, Some(Role::Dimension(at))) = (is_named, context.reading.roles.first()) {
        // Among rows with labels, one without is not the total just for that.
        named.labels[*at] = Some(raw.add_label("", ""));
    }
    named
}

/// What a label names: the first of the roles that knows it; where none does the first dimension, for which it is unknown
/// then.
fn read_label(
    context: &mut TableContext<'_, '_>,
    roles: &[Role],
    label: &Label<'_>,
    raw: &mut RawBuilder<'_>,
) -> Option<NamedPart> {
    let marked = context.reading.label(&label.text);
    let text = fold_whitespace(marked.text);
    let knows = |role: &&Role| name_code(context.definition(), **role, &text).is_some();
    // With a single role there is nothing to choose.
    let role = if roles.len() > 1 { roles.iter().find(knows).or(roles.first()) } else { roles.first() };
    let index = match role? {
        Role::Dimension(_) => Some(raw.add_label(&fold_whitespace(&label.text), &text)),
        Role::Measure => context.definition().measure_by_label(&text).map(|at| at as u32),
        Role::Unit => None,
        _ => return None,
    };
    let place = (label.row, label.column);
    let unit = (*role? == Role::Unit).then(|| PrintedUnit { text: text.to_string(), place });
    let meaning = context.explain_marks(place, &label.text, &marked.markers, |_| false);
    Some(NamedPart { role: *role?, index, meaning, unit })
}

/// Reads a cell below a heading.
pub(super) fn read_cell<'t>(
    context: &mut TableContext<'t, '_>,
    named: &NamedRow,
    place: FigureCell<'t, '_>,
    raw: &mut RawBuilder<'t>,
) {
    let (row, column) = place.place;
    let Some(measure) = named.measure.or(place.column.measure) else {
        context.report_no_measure(place.place);
        return;
    };
    let reading = Reading { measure: measure as usize, ..context.reading };
    let mut labels = named.labels.clone();
    for (dimension, label) in &place.column.labels {
        labels[*dimension] = Some(*label);
    }
    let cell = (context.grid as u32, row, column);
    if let ReadContent::Figures(..) = place.column.content {
        context.check_printed_units([&named.unit, &place.column.unit], measure);
    }
    match place.column.content {
        ReadContent::Figures(heading, of_column) => match read_figure(&reading, place.cell) {
            Ok(figure) => {
                for mark in &figure.marks {
                    context.add_ref(place.place, mark);
                }
                let figure = figure.of(named.meaning.or(of_column));
                let figure = RawFigure {
                    document: context.index,
                    table: context.table_index,
                    heading,
                    measure,
                    depth: named.depth,
                    label_cell: named.label_cell,
                    value: figure.value,
                    is_nil: figure.is_nil(),
                    flag: figure.status(),
                    printed: &place.cell.text,
                    cell,
                };
                raw.add_figure(figure, &labels);
            }
            Err(unread) => context.report_unread(place.place, &place.cell.text, unread),
        },
        ReadContent::Indicator(of, indicator) => match read_indicator(&reading, place.cell, indicator) {
            Ok(Some(printed)) => raw.add_indicator(PrintedIndicator {
                document: context.index,
                table: context.table_index,
                labels,
                measure,
                of,
                printed,
                cell,
            }),
            Ok(None) => {}
            Err(unread) => context.report_unread(place.place, &place.cell.text, unread),
        },
    }
}

/// What a cell says, or the reason why that cannot be.
fn read_figure(reading: &Reading<'_>, cell: &Cell<'_>) -> Result<Figure, Unread> {
    let figure = reading.read(cell)?;
    let measure = reading.definition.map(|definition| &definition.measures[reading.measure]);
    match measure.filter(|measure| figure.value.is_some_and(|value| value < 0) && !measure.negative) {
        Some(measure) => Err(Unread { reason: format!("{} cannot be below zero", measure.name), help: None }),
        None => Ok(figure),
    }
}

fn read_indicator(
    reading: &Reading<'_>,
    cell: &Cell<'_>,
    indicator: Indicator,
) -> Result<Option<figure::PrintedAmount>, Unread> {
    reading.claim(cell, indicator)
}
