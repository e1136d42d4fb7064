//! `bluebook inspect`: what is found in one document, each cell and line with its place: nothing is left out.

mod cells;
mod item;
mod sheets;
mod view;

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use anyhow::Result;
use serde_json::json;

use crate::cli::{Manner, SourceFormat, conclude};
use crate::dataset::Definition;
use crate::document::{Content, Document};
use crate::extract::accounting::{LeftOut, NumericCells, count_numeric_cells};
use crate::extract::figure::Known;
use crate::extract::titles::TableTitles;
use crate::extract::{RawBuilder, ambiguous_rows, extract_document, find_layouts, guide};
use crate::input;
use crate::input::files::SourceFile;
use crate::layout::guide::Guide;
use crate::layout::tables::Layout;
use crate::problem::exit::Exit;
use crate::problem::{Problem, condense, escape, escape_json};
use item::Item;
use view::GridView;

/// What `inspect` takes.
#[derive(Debug, clap::Args)]
pub struct InspectArguments {
    /// The document
    file: PathBuf,
    /// Output format
    #[arg(long, value_enum, default_value_t = InspectFormat::Text)]
    format: InspectFormat,
    #[command(flatten)]
    source: SourceFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum InspectFormat {
    /// Text for people
    Text,
    /// One object a line
    Json,
}

/// Shows what is found in a document.
pub fn inspect(arguments: &InspectArguments, manner: Manner) -> Result<Exit> {
    let definitions = arguments.source.definitions()?;
    let sources = crate::input::files::find_sources(std::slice::from_ref(&arguments.file), None)?;
    let [source] = sources.as_slice() else {
        return Err(
            Exit::NoInput.error(format!("{} is a folder; name one document", arguments.file.display()))
        );
    };
    match read(source, arguments) {
        Ok(content) => show(&content?, &definitions, arguments, manner),
        Err(problem) => Ok(conclude(&[*problem], manner)),
    }
}

#[allow(clippy::type_complexity)] // the world's fault inside the data's
fn read(source: &SourceFile, arguments: &InspectArguments) -> Result<Result<Content>, Box<Problem>> {
    match source.read() {
        Ok(bytes) => {
            let SourceFormat { encoding, .. } = &arguments.source;
            input::read_within(&arguments.source.limits(), &source.display_path(), &bytes, *encoding).map(Ok)
        }
        Err(error) => Ok(Err(error)),
    }
}

fn show(
    content: &Content,
    definitions: &[Definition],
    arguments: &InspectArguments,
    manner: Manner,
) -> Result<Exit> {
    let known = definitions.iter().map(|definition| {
        let guide = guide(definition);
        let document = input::guided_document(content, &guide);
        let layouts = find_layouts(&document, &guide);
        let titles = TableTitles::new(&document, &layouts, definition);
        (definition, document, layouts, titles)
    });
    let fitting = known.filter(|(.., titles)| arguments.source.dataset.is_some() || titles.count_known() > 0);
    let fitting = fitting.max_by_key(|(.., titles)| titles.count_known());
    let (definition, document, layouts, titles) =
        if let Some((definition, document, layouts, titles)) = fitting {
            (Some(definition), document, layouts, titles)
        } else {
            let document = input::document(content);
            let layouts = find_layouts(&document, &Guide::default());
            (None, document, layouts, TableTitles::default())
        };
    let document = &document;
    let (problems, numbers) = match definition {
        Some(definition) => {
            let mut raw = RawBuilder::new(definition, 0);
            let extracted = extract_document(document, 0, &layouts, &titles, definition, &mut raw);
            (extracted.problems, extracted.numbers)
        }
        None => {
            (ambiguous_rows(document), count_numeric_cells(document, &layouts, None, &LeftOut::default()))
        }
    };
    let mut stdout = BufWriter::new(anstream::stdout().lock());
    let mut print = |item: &Item| match arguments.format {
        InspectFormat::Text => write!(stdout, "{}", escape(&item.line())),
        InspectFormat::Json => writeln!(stdout, "{}", escape_json(&item.json().to_string())),
    };
    let mut told = Told { tell: &mut print, failed: Ok(()) };
    items(document, &layouts, definition, numbers, &mut told);
    told.failed?;
    stdout.flush()?;
    Ok(conclude(&condense(problems), manner))
}

/// Where what is found goes, item by item: a large document has millions, which are not kept.
struct Told<'t> {
    tell: &'t mut dyn FnMut(&Item) -> io::Result<()>,
    /// Whether they could not be printed any more.
    failed: io::Result<()>,
}

impl Told<'_> {
    fn push(&mut self, item: Item) {
        self.extend([item]);
    }

    fn extend(&mut self, items: impl IntoIterator<Item = Item>) {
        for item in items {
            if self.failed.is_ok() {
                self.failed = (self.tell)(&item);
            }
        }
    }
}

fn items(
    document: &Document<'_>,
    layouts: &[Layout],
    definition: Option<&Definition>,
    numbers: NumericCells,
    items: &mut Told<'_>,
) {
    let tables: usize = layouts.iter().map(|layout| layout.tables.len()).sum();
    let about = json!({
        "format": document.content.format, "bytes": document.content.bytes, "sha256": document.content.sha256, "tables": tables, "dataset": definition.map(Definition::name), "numbers": numbers,
    });
    items.push(Item {
        kind: "document",
        table: None,
        position: String::new(),
        text: document.content.path.clone(),
        meaning: about,
    });
    items.extend(sheets::sheets(document));
    let mut number = 0;
    let known = Known::of(document, layouts);
    for (grid, layout) in layouts.iter().enumerate() {
        let view = GridView { document, grid, definition, known: &known };
        for table in &layout.tables {
            number += 1;
            items.extend(sheets::table(&document.grids[grid], table, number));
            view.table(table, number, items);
        }
        items.extend(layout.prose.iter().map(|&at| view.line("prose", None, at, view.legend(at))));
        items.extend(
            layout
                .stray
                .iter()
                .map(|&at| view.line("stray", None, at, json!({ "problem": "figures under no header" }))),
        );
        items.extend(sheets::comments(&document.grids[grid]));
    }
}
