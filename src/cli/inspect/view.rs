//! What each cell and line of a grid was taken for.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::cli::inspect::item::{Item, extend};
use crate::cli::inspect::listing::Told;
use crate::dataset::Definition;
use crate::document::{Cell, Document, Row};
use crate::extract::columns::{ColumnContent, read_columns};
use crate::extract::figure::{Known, NamedCode, Reading};
use crate::extract::row_selection::{RowSelection, headings};
use crate::grammar::footnote::{self, MarkedText};
use crate::grammar::indicator::Indicator;
use crate::layout::header::Heading;
use crate::layout::labels::{Labelled, join_lines};
use crate::layout::tables::Table;

/// One grid of a document, looked at with a definition.
pub(super) struct GridView<'v> {
    pub(super) document: &'v Document<'v>,
    pub(super) grid: usize,
    pub(super) definition: Option<&'v Definition>,
    pub(super) known: &'v Known,
}

impl GridView<'_> {
    fn row(&self, at: usize) -> &Row<'_> {
        &self.document.grids[self.grid].rows[at]
    }

    pub(super) fn line(&self, kind: &'static str, table: Option<usize>, at: usize, meaning: Value) -> Item {
        let row = self.row(at);
        let column = row.cells.first().map_or(1, |cell| cell.column);
        let position = self.document.grids[self.grid].place(row.number, column).to_string();
        Item { kind, table, position, text: row.text().into_owned(), meaning }
    }

    fn cell(&self, kind: &'static str, table: usize, row: &Row<'_>, cell: &Cell<'_>, meaning: Value) -> Item {
        let position = self.document.grids[self.grid].place(row.number, cell.column).to_string();
        Item { kind, table: Some(table), position, text: cell.text.to_string(), meaning }
    }

    pub(super) fn table(&self, table: &Table, number: usize, items: &mut Told<'_>) {
        let lines: Vec<_> = table.title.clone().map(|at| self.row(at).text()).collect();
        let sheet = self.document.grids[self.grid].sheet.as_deref();
        let matched = self.definition.and_then(|definition| {
            let of_sheet = || Some((definition.match_sheet(sheet?)?, 0));
            definition.match_title(&lines).or_else(of_sheet)
        });
        for (at, row) in table.title.clone().enumerate() {
            let (kind, meaning) = match matched {
                Some((_, skip)) if at < skip => ("prose", Value::Null),
                Some((at, _)) => (
                    "title",
                    json!({ "table_name": self.definition.map(|definition| &definition.tables[at].name) }),
                ),
                None => ("title", Value::Null),
            };
            items.push(self.line(kind, Some(number), row, meaning));
        }
        let own = self.definition.zip(matched).map(|(definition, (at, _))| &definition.tables[at]);
        let columns = read_columns(&table.header, self.definition, own);
        let roles = own.map_or(&[][..], |own| own.row_roles());
        let (reading, _) = Reading::of(self.document, self.grid, table, self.definition, roles, self.known);
        if table.across.is_some() {
            self.list_transposed(table, &columns, number, &reading, items);
        } else {
            self.header(table, &columns, number, items);
            let rows = &self.document.grids[self.grid].rows;
            let selection = own
                .map(|own| RowSelection::new(&headings(table, rows), &own.label_columns))
                .unwrap_or_default();
            let known = |label: &str| reading.resolve(reading.label(label).text).is_some();
            for line in join_lines(selection.select(table, rows), known) {
                self.attributes(table, number, &line, items);
                self.body(&columns, number, &line, &reading, items);
            }
        }
        for at in &table.repeated {
            items.push(self.line("heading", Some(number), *at, Value::Null));
        }
        for note in &table.notes {
            for at in note.rows.clone().filter(|&at| !self.row(at).is_blank()) {
                let mut meaning = json!({ "holds_below": note.holds_below, "mark": note.mark });
                extend(&mut meaning, self.legend(at));
                items.push(self.line("note", Some(number), at, meaning));
            }
        }
    }

    /// What a line says of marks.
    pub(super) fn legend(&self, at: usize) -> Value {
        let here = (self.grid, self.row(at).number);
        let told = self.known.legends.iter().filter(|legend| legend.place == here);
        let legends: Map<String, Value> =
            told.filter_map(|legend| Some((legend.mark.clone(), json!(legend.meaning?.code())))).collect();
        if legends.is_empty() { Value::Null } else { json!({ "legends": legends }) }
    }

    fn header(&self, table: &Table, columns: &[ColumnContent], number: usize, items: &mut Told<'_>) {
        let headings = table.header.headings.iter().zip(columns);
        let known: HashMap<(usize, u32), _> = headings.map(|of| ((of.0.row, of.0.column), of)).collect();
        for at in table.own_header() {
            let row = self.row(at);
            for cell in row.cells.iter().filter(|cell| !cell.text.is_empty()) {
                items.push(match known.get(&(at, cell.column)) {
                    None => self.cell("heading", number, row, cell, Value::Null),
                    Some((heading, column)) => self.heading(number, row, cell, heading, column),
                });
            }
        }
    }

    fn heading(
        &self,
        number: usize,
        row: &Row<'_>,
        cell: &Cell<'_>,
        heading: &Heading,
        column: &ColumnContent,
    ) -> Item {
        let kind = if period(column).is_some() || view_cell(column).is_null() { "period" } else { "column" };
        let mut meaning = json!({ "period": period(column) });
        extend(&mut meaning, view_cell(column));
        extend(&mut meaning, marks(&footnote::split_heading_markers(&heading.label).markers));
        Item { text: heading.label.clone(), ..self.cell(kind, number, row, cell, meaning) }
    }

    /// A table whose regions run across: the row of regions, then each row with its period.
    fn list_transposed(
        &self,
        table: &Table,
        columns: &[ColumnContent],
        number: usize,
        reading: &Reading<'_>,
        items: &mut Told<'_>,
    ) {
        let (head, rows) = (self.row(table.header.rows.start), &self.document.grids[self.grid].rows);
        let regions = table.regions(rows);
        let labels = head.cells.len() - regions.len();
        for cell in head.cells.iter().take(labels).filter(|cell| !cell.text.is_empty()) {
            items.push(self.cell("heading", number, head, cell, Value::Null));
        }
        let code = |cell: &Cell<'_>| reading.resolve(reading.label(&cell.text).text);
        let codes: Vec<Option<NamedCode<'_>>> = regions.iter().map(code).collect();
        for (cell, region) in regions.iter().zip(&codes).filter(|(cell, _)| !cell.text.is_empty()) {
            items.push(self.cell("label", number, head, cell, self.view_code(*region)));
        }
        for ((row, column), heading) in
            table.body.iter().map(|&at| self.row(at)).zip(columns).zip(&table.header.headings)
        {
            let (first, figures) = table.parts(row);
            items.extend(first.map(|cell| self.heading(number, row, cell, heading, column)));
            for (at, cell) in figures.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty()) {
                let region = codes.get(at).copied().flatten();
                items.push(self.figure(number, row, cell, region, Some(column), reading));
            }
        }
    }

    /// What stands beside a row's label.
    fn attributes(&self, table: &Table, number: usize, line: &Labelled<'_, '_>, items: &mut Told<'_>) {
        let named = line.label.as_ref().map(|label| label.column);
        let labels =
            line.row.cells.iter().take(table.header.attributes + 1).filter(|_| table.header.attributes > 0);
        let others = labels.filter(|cell| !cell.text.is_empty() && Some(cell.column) != named);
        items.extend(others.map(|cell| self.cell("attribute", number, line.row, cell, Value::Null)));
    }

    fn body(
        &self,
        columns: &[ColumnContent],
        number: usize,
        line: &Labelled<'_, '_>,
        reading: &Reading<'_>,
        items: &mut Told<'_>,
    ) {
        let label = line.label.as_ref().map(|label| (label, reading.label(&label.text)));
        let region = label.as_ref().and_then(|(_, MarkedText { text, .. })| reading.resolve(text));
        if let Some((label, marked)) = label.filter(|(label, _)| !label.text.is_empty()) {
            let mut meaning = self.view_code(region);
            if line.depth > 0 {
                extend(&mut meaning, json!({ "depth": line.depth }));
            }
            extend(&mut meaning, marks(&marked.markers));
            let position = self.document.grids[self.grid].place(label.row, label.column).to_string();
            items.push(Item {
                kind: "label",
                table: Some(number),
                position,
                text: label.text.to_string(),
                meaning,
            });
        }
        if let Some(doubt) = self.document.grids[self.grid].doubt(line.row.number) {
            let problem = json!({ "problem": doubt.message });
            let cells = line.figures.iter();
            items.extend(cells.map(|cell| self.cell("unknown", number, line.row, cell, problem.clone())));
            return;
        }
        for (at, cell) in line.figures.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty()) {
            items.push(self.figure(number, line.row, cell, region, columns.get(at), reading));
        }
    }

    fn figure(
        &self,
        number: usize,
        row: &Row<'_>,
        cell: &Cell<'_>,
        region: Option<NamedCode<'_>>,
        column: Option<&ColumnContent>,
        reading: &Reading<'_>,
    ) -> Item {
        let (kind, said) = match column {
            Some(ColumnContent::Indicator(indicator, _)) => Self::view_indicator(reading, cell, *indicator),
            Some(ColumnContent::Ignored) => ("ignored", json!({})),
            _ => self.view_cell(reading, cell),
        };
        let mut meaning = self.view_code(region);
        extend(&mut meaning, json!({ "period": column.and_then(period) }));
        extend(&mut meaning, column.map(view_cell).unwrap_or_default());
        extend(&mut meaning, said);
        self.cell(kind, number, row, cell, meaning)
    }
}

/// The period whose figures a column holds.
fn period(column: &ColumnContent) -> Option<String> {
    match column {
        ColumnContent::Figures(period) => Some(period.to_string()),
        _ => None,
    }
}

/// What a column holds that is no figures.
fn view_cell(column: &ColumnContent) -> Value {
    match column {
        ColumnContent::Indicator(indicator, periods) => {
            let periods: Vec<String> = periods.iter().map(ToString::to_string).collect();
            json!({ "indicator": indicator.name(), "of": periods.join(", ") })
        }
        ColumnContent::Ignored => json!({ "indicator": Indicator::Ignored.name() }),
        ColumnContent::Baseless(indicator) => {
            json!({ "indicator": indicator.name(), "problem": "it follows no figures" })
        }
        ColumnContent::Figures(_)
        | ColumnContent::Undated
        | ColumnContent::Unresolved(_)
        | ColumnContent::Unknown => Value::Null,
    }
}

pub(super) fn marks(marks: &[String]) -> Value {
    if marks.is_empty() { Value::Null } else { json!({ "marks": marks }) }
}
