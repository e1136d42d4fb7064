//! `bluebook inspect`: what is found in one document, each cell and line with its place: nothing is left out.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use serde_json::{Value, json};

use super::{SourceFormat, conclude};
use crate::dataset::Definition;
use crate::document::{Cell, Content, Document, Row};
use crate::exit::Exit;
use crate::extract::observations::{Collector, count, fit, layouts};
use crate::extract::tables::{Layout, Table};
use crate::extract::{self, number};
use crate::input::Source;
use crate::problem::Problem;

/// What `inspect` takes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The document
    file: PathBuf,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(flatten)]
    source: SourceFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// For people
    Text,
    /// One object a line
    Json,
}

/// Something printed in a document, and what it was taken for.
struct Item {
    kind: &'static str,
    table: Option<usize>,
    position: String,
    text: String,
    meaning: Value,
}

/// Shows what is found in a document.
pub fn inspect(arguments: &Arguments) -> Result<Exit> {
    let definitions = arguments.source.definitions()?;
    let sources = crate::input::sources(std::slice::from_ref(&arguments.file), None)?;
    let [source] = sources.as_slice() else {
        return Err(crate::exit::Fault::error(
            Exit::NoInput,
            format!("{} is a folder; name one document", arguments.file.display()),
        ));
    };
    match read(source, arguments) {
        Ok(content) => show(&extract::document(&content?), &definitions, arguments),
        Err(problem) => Ok(conclude(&[*problem])),
    }
}

#[allow(clippy::type_complexity)] // the world's fault inside the data's
fn read(source: &Source, arguments: &Arguments) -> Result<Result<Content>, Box<Problem>> {
    match source.read() {
        Ok(bytes) => extract::read(&source.shown(), &bytes, arguments.source.encoding).map(Ok),
        Err(error) => Ok(Err(error)),
    }
}

fn show(document: &Document<'_>, definitions: &[Definition], arguments: &Arguments) -> Result<Exit> {
    let layouts = layouts(document);
    let fitting = definitions
        .iter()
        .filter(|definition| arguments.source.dataset.is_some() || fit(document, &layouts, definition) > 0);
    let definition = fitting.max_by_key(|definition| fit(document, &layouts, definition));
    let items = items(document, &layouts, definition);
    let mut stdout = anstream::stdout().lock();
    for item in &items {
        match arguments.format {
            Format::Text => write!(stdout, "{}", item.line())?,
            Format::Json => writeln!(stdout, "{}", item.json())?,
        }
    }
    let problems = match definition {
        Some(definition) => Collector::default().read(document, 0, &layouts, definition).problems,
        None => Vec::new(),
    };
    Ok(conclude(&problems))
}

fn items(document: &Document<'_>, layouts: &[Layout], definition: Option<&Definition>) -> Vec<Item> {
    let tables: usize = layouts.iter().map(|layout| layout.tables.len()).sum();
    let about = json!({
        "format": document.content.format, "bytes": document.content.bytes, "sha256": document.content.sha256, "tables": tables, "dataset": definition.map(Definition::name),
    });
    let mut items = vec![Item {
        kind: "document",
        table: None,
        position: String::new(),
        text: document.content.path.clone(),
        meaning: about,
    }];
    let mut number = 0;
    for (grid, layout) in layouts.iter().enumerate() {
        let view = View { document, grid, definition };
        for table in &layout.tables {
            number += 1;
            view.table(table, number, &mut items);
        }
        items.extend(layout.prose.iter().map(|&at| view.line("prose", None, at, Value::Null)));
        items.extend(
            layout
                .stray
                .iter()
                .map(|&at| view.line("stray", None, at, json!({ "problem": "figures under no header" }))),
        );
    }
    items
}

/// One grid of a document, looked at with a definition.
struct View<'v> {
    document: &'v Document<'v>,
    grid: usize,
    definition: Option<&'v Definition>,
}

impl View<'_> {
    fn row(&self, at: usize) -> &Row<'_> {
        &self.document.grids[self.grid].rows[at]
    }

    fn line(&self, kind: &'static str, table: Option<usize>, at: usize, meaning: Value) -> Item {
        let row = self.row(at);
        let column = row.cells.first().map_or(1, |cell| cell.column);
        let position = self.document.grids[self.grid].place(row.number, column).to_string();
        Item { kind, table, position, text: row.text().to_owned(), meaning }
    }

    fn cell(&self, kind: &'static str, table: usize, row: &Row<'_>, cell: &Cell<'_>, meaning: Value) -> Item {
        let position = self.document.grids[self.grid].place(row.number, cell.column).to_string();
        Item { kind, table: Some(table), position, text: cell.text.to_string(), meaning }
    }

    fn table(&self, table: &Table, number: usize, items: &mut Vec<Item>) {
        let lines: Vec<&str> = table.title.clone().map(|at| self.row(at).text()).collect();
        let matched = self.definition.and_then(|definition| definition.match_title(&lines));
        for (at, row) in table.title.clone().enumerate() {
            let (kind, meaning) = match matched {
                Some((_, skip)) if at < skip => ("prose", Value::Null),
                Some((category, _)) => (
                    "title",
                    json!({ "category": self.definition.map(|definition| definition.categories[category].code.get_ref()) }),
                ),
                None => ("title", Value::Null),
            };
            items.push(self.line(kind, Some(number), row, meaning));
        }
        self.header(table, number, items);
        for &at in &table.body {
            self.body(table, number, self.row(at), items);
        }
        for note in &table.notes {
            items.extend(
                note.rows.clone().map(|at| {
                    self.line("note", Some(number), at, json!({ "holds_below": note.holds_below }))
                }),
            );
        }
    }

    fn header(&self, table: &Table, number: usize, items: &mut Vec<Item>) {
        let row = self.row(table.header);
        for (at, cell) in row.cells.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty()) {
            let item = match at.checked_sub(table.first_column()) {
                None => self.cell("heading", number, row, cell, Value::Null),
                Some(column) => {
                    let period = table.periods.get(column).copied().flatten();
                    self.cell(
                        "period",
                        number,
                        row,
                        cell,
                        json!({ "period": period.map(|period| period.to_string()) }),
                    )
                }
            };
            items.push(item);
        }
    }

    fn body(&self, table: &Table, number: usize, row: &Row<'_>, items: &mut Vec<Item>) {
        let (label, figures) = table.parts(row);
        let region = label.and_then(|label| self.resolve(&label.text));
        if let Some(label) = label.filter(|label| !label.text.is_empty()) {
            items.push(self.cell("label", number, row, label, json!({ "region": region })));
        }
        for (at, cell) in figures.iter().enumerate().filter(|(_, cell)| !cell.text.is_empty()) {
            let period = table.periods.get(at).copied().flatten().map(|period| period.to_string());
            let decimals = self.definition.map_or(0, |definition| definition.measure.decimals);
            let item = match number::parse(&cell.text, decimals) {
                Ok(value) => self.cell(
                    "figure",
                    number,
                    row,
                    cell,
                    json!({ "region": region, "period": period, "value": value }),
                ),
                Err(_) if extract::mark::NIL.contains(&cell.text.as_ref()) => {
                    self.cell("nil", number, row, cell, json!({ "region": region, "period": period }))
                }
                Err(fault) => self.cell(
                    "unknown",
                    number,
                    row,
                    cell,
                    json!({ "region": region, "period": period, "problem": fault.to_string() }),
                ),
            };
            items.push(item);
        }
    }

    fn resolve(&self, label: &str) -> Option<&'static str> {
        let region = self
            .definition
            .map_or_else(|| crate::regions::resolve(label), |definition| definition.resolve(label));
        region.map(|known| known.region.code)
    }
}

impl Item {
    fn json(&self) -> Value {
        let mut object =
            json!({ "kind": self.kind, "table": self.table, "position": self.position, "text": self.text });
        if let (Some(object), Some(meaning)) = (object.as_object_mut(), self.meaning.as_object()) {
            object.extend(meaning.clone());
        }
        object
    }

    /// For people: where it stands, what it was taken for, what is printed, and what that means.
    fn line(&self) -> String {
        if self.kind == "document" {
            return self.heading();
        }
        let space = if self.kind == "title" { "\n" } else { "" };
        format!("{space}{:>8}  {:<8} {}{}\n", self.position, self.kind, self.text, self.told())
    }

    fn heading(&self) -> String {
        let told = |name: &str| self.meaning[name].as_str().unwrap_or_default();
        let tables = count(self.meaning["tables"].as_u64().unwrap_or_default() as usize, "table");
        let dataset = self.meaning["dataset"].as_str().unwrap_or("none that is known");
        let (format, bytes, sha256) = (told("format"), &self.meaning["bytes"], told("sha256"));
        format!("{}\n{format}, {bytes} bytes, sha256 {sha256}\n{tables}, dataset: {dataset}\n", self.text)
    }

    fn told(&self) -> String {
        let told = |name: &str| self.meaning.get(name).and_then(Value::as_str);
        match self.kind {
            "title" => told("category").map(|code| format!(" → {code}")).unwrap_or_default(),
            "label" => format!(" → {}", told("region").unwrap_or("?")),
            "period" => format!(" → {}", told("period").unwrap_or("?")),
            "figure" => format!(" → {}  in {}", self.meaning["value"], told("period").unwrap_or("?")),
            "note" if self.meaning["holds_below"] == true => "  (holds for the tables below, too)".into(),
            _ => told("problem").map(|problem| format!("  ({problem})")).unwrap_or_default(),
        }
    }
}
