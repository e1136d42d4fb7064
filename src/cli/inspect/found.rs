//! What is found in a document before it is shown: by the definition that fits it, else by its layout alone.

use crate::dataset::{Definition, TableDefinition};
use crate::document::{Content, Document, Grid};
use crate::extract::accounting::{LeftOut, count_numeric_cells};
use crate::extract::figure::Known;
use crate::extract::titles::TableTitles;
use crate::extract::{ExtractedDocument, RawBuilder, ambiguous_rows, extract_document, find_layouts, guide};
use crate::input;
use crate::layout::guide::Guide;
use crate::layout::tables::{Layout, Table};
use crate::run::RunConfig;

/// A document, and what is found in it.
pub(super) struct Found<'f> {
    pub(super) document: &'f Document<'f>,
    /// The definition that fits; none where none does.
    pub(super) definition: Option<&'f Definition>,
    pub(super) layouts: Vec<Layout>,
    /// What the document says of marks.
    pub(super) known: Known,
    /// What the definition makes of the tables; without one, only what became of the numbers.
    pub(super) extracted: ExtractedDocument,
    /// The figures that it takes.
    pub(super) raw: RawBuilder<'f>,
    /// The table of the definition that each printed one is, and how many lines stand before its title.
    titles: Vec<Option<(usize, usize)>>,
}

/// A table as it is printed.
#[derive(Clone, Copy)]
pub(super) struct PrintedTable<'f> {
    /// Its place among the tables of the document, from 0.
    pub(super) index: usize,
    /// The place of its grid.
    pub(super) grid: usize,
    pub(super) table: &'f Table,
    /// The place of the first table of the definition that it is; none where it is none.
    pub(super) table_index: Option<usize>,
    /// How many lines stand before its title.
    pub(super) skip: usize,
}

/// A content as a document, and the definition that the user chose, or the one most of whose titles it has.
pub(super) fn part<'c, 'd>(
    content: &'c Content,
    config: &'d RunConfig,
) -> (Document<'c>, Option<&'d Definition>) {
    let known = config.definitions.iter().map(|definition| {
        let guide = guide(definition);
        let document = input::guided_document(content, &guide);
        let titles = TableTitles::new(&document, &find_layouts(&document, &guide), definition);
        (document, definition, titles.count_known())
    });
    let fitting = known.filter(|(.., count)| config.is_chosen || *count > 0);
    let best = fitting.max_by_key(|(.., count)| *count);
    best.map_or_else(
        || (input::document(content), None),
        |(document, definition, _)| (document, Some(definition)),
    )
}

impl<'f> Found<'f> {
    /// Looks at a document with the definition that fits it, where one does.
    pub(super) fn new(document: &'f Document<'f>, definition: Option<&'f Definition>) -> Found<'f> {
        let Some(definition) = definition else { return Found::by_layout(document) };
        let layouts = find_layouts(document, &guide(definition));
        let titles = TableTitles::new(document, &layouts, definition);
        Found::by_definition(document, definition, layouts, &titles)
    }

    fn by_definition(
        document: &'f Document<'f>,
        definition: &'f Definition,
        layouts: Vec<Layout>,
        titles: &TableTitles,
    ) -> Found<'f> {
        let mut raw = RawBuilder::new(definition, 0);
        let extracted = extract_document(document, 0, &layouts, titles, definition, &mut raw);
        let titles = titles.of_tables(&layouts).map(|(_, title)| title).collect();
        let known = Known::of(document, &layouts);
        Found { document, definition: Some(definition), layouts, known, extracted, raw, titles }
    }

    fn by_layout(document: &'f Document<'f>) -> Found<'f> {
        let layouts = find_layouts(document, &Guide::default());
        let extracted = ExtractedDocument {
            problems: ambiguous_rows(document),
            numbers: count_numeric_cells(document, &layouts, None, &LeftOut::default()),
            ..ExtractedDocument::default()
        };
        let known = Known::of(document, &layouts);
        let (raw, titles) = (RawBuilder::default(), Vec::new());
        Found { document, definition: None, layouts, known, extracted, raw, titles }
    }

    /// The tables in the order of the document.
    pub(super) fn tables(&self) -> impl Iterator<Item = PrintedTable<'_>> {
        let grids = self.layouts.iter().enumerate();
        let tables = grids.flat_map(|(grid, layout)| layout.tables.iter().map(move |table| (grid, table)));
        tables.enumerate().map(|(index, (grid, table))| {
            let (table_index, skip) = self.titles.get(index).copied().flatten().unzip();
            PrintedTable { index, grid, table, table_index, skip: skip.unwrap_or_default() }
        })
    }

    pub(super) fn grid(&self, of: PrintedTable<'_>) -> &Grid<'f> {
        &self.document.grids[of.grid]
    }

    /// The table of the definition that a printed one is.
    pub(super) fn table_definition(&self, of: PrintedTable<'_>) -> Option<&'f TableDefinition> {
        Some(&self.definition?.tables[of.table_index?])
    }

    /// The tables of the definition that take rows of a printed one.
    pub(super) fn sharing(&self, of: PrintedTable<'_>) -> Vec<&'f TableDefinition> {
        let own = self.definition.zip(of.table_index);
        let all = own.map(|(definition, at)| (definition, definition.sharing(at)));
        all.into_iter().flat_map(|(of, all)| all.into_iter().map(|at| &of.tables[at])).collect()
    }
}
