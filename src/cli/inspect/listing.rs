//! Every cell and line of a document with its place and what it was taken for: nothing is left out.

use std::io::{self, Write};

use serde_json::json;

use crate::cli::inspect::InspectFormat;
use crate::cli::inspect::found::Found;
use crate::cli::inspect::item::Item;
use crate::cli::inspect::sheets;
use crate::cli::inspect::view::GridView;
use crate::dataset::Definition;
use crate::problem::{escape, escape_json};

/// Prints all that is found.
pub(super) fn print(found: &Found<'_>, format: InspectFormat, out: &mut dyn Write) -> io::Result<()> {
    let mut print = |item: &Item| match format {
        InspectFormat::Text => write!(out, "{}", escape(&item.line())),
        InspectFormat::Json => writeln!(out, "{}", escape_json(&item.json().to_string())),
    };
    let mut told = Told { tell: &mut print, failed: Ok(()) };
    items(found, &mut told);
    told.failed
}

/// Where what is found goes, item by item: a large document has millions, which are not kept.
pub(super) struct Told<'t> {
    tell: &'t mut dyn FnMut(&Item) -> io::Result<()>,
    /// Whether they could not be printed any more.
    failed: io::Result<()>,
}

impl Told<'_> {
    pub(super) fn push(&mut self, item: Item) {
        self.extend([item]);
    }

    pub(super) fn extend(&mut self, items: impl IntoIterator<Item = Item>) {
        for item in items {
            if self.failed.is_ok() {
                self.failed = (self.tell)(&item);
            }
        }
    }
}

fn items(found: &Found<'_>, items: &mut Told<'_>) {
    let Found { document, definition, known, .. } = found;
    items.push(about(found));
    items.extend(sheets::sheets(document));
    let mut number = 0;
    for (grid, layout) in found.layouts.iter().enumerate() {
        let view = GridView { document, grid, definition: *definition, known };
        for table in &layout.tables {
            number += 1;
            items.extend(sheets::table(&document.grids[grid], table, number));
            view.table(table, number, items);
        }
        items.extend(layout.prose.iter().map(|&at| view.line("prose", None, at, view.legend(at))));
        let problem = || json!({ "problem": "figures under no header" });
        items.extend(layout.stray.iter().map(|&at| view.line("stray", None, at, problem())));
        items.extend(sheets::comments(&document.grids[grid]));
    }
}

/// The document as a whole.
pub(super) fn about(found: &Found<'_>) -> Item {
    let content = found.document.content;
    let tables: usize = found.layouts.iter().map(|layout| layout.tables.len()).sum();
    let meaning = json!({
        "format": content.format, "bytes": content.bytes, "sha256": content.sha256, "tables": tables,
        "dataset": found.definition.map(Definition::name), "numbers": found.extracted.numbers,
    });
    Item { kind: "document", table: None, position: String::new(), text: content.path.clone(), meaning }
}
