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

/// A document by the definition that fits it: the one that the user chose, or the one most of whose titles it has.
pub(super) struct Fitted<'c, 'd> {
    pub(super) document: Document<'c>,
    definition: Option<&'d Definition>,
    layouts: Vec<Layout>,
    titles: TableTitles,
}

impl<'c, 'd> Fitted<'c, 'd> {
    pub(super) fn new(content: &'c Content, config: &'d RunConfig) -> Fitted<'c, 'd> {
        let known = config.definitions.iter().map(|definition| {
            let guide = guide(definition);
            let document = input::guided_document(content, &guide);
            let layouts = find_layouts(&document, &guide);
            let titles = TableTitles::new(&document, &layouts, definition);
            Fitted { document, definition: Some(definition), layouts, titles }
        });
        let fitting = known.filter(|of| config.is_chosen || of.titles.count_known() > 0);
        let best = fitting.max_by_key(|of| of.titles.count_known());
        best.unwrap_or_else(|| {
            let document = input::document(content);
            let layouts = find_layouts(&document, &Guide::default());
            Fitted { document, definition: None, layouts, titles: TableTitles::default() }
        })
    }
}

impl<'f> Found<'f> {
    /// Looks at a document with the definition that fits it, where one does.
    pub(super) fn new(fitted: &'f Fitted<'f, 'f>) -> Found<'f> {
        let Fitted { document, definition, layouts, titles } = fitted;
        match definition {
            Some(definition) => Found::by_definition(document, definition, layouts.clone(), titles),
            None => Found::by_layout(document, layouts.clone()),
        }
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

    fn by_layout(document: &'f Document<'f>, layouts: Vec<Layout>) -> Found<'f> {
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
