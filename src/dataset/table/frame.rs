//! The layout of a table as a definition says it: what its header rows, label columns, section headings and title name, and
//! which cells it takes. A table that says it is read by that alone; nothing about its layout is inferred.

use toml::Spanned;

use crate::dataset::role::{Role, Stub};
use crate::dataset::table::TableEntry;
use crate::dataset::{Definition, OneOrMany};
use crate::position::CellRange;

/// What the `long` form of a table calls the column of its figures.
pub const VALUE: &str = "value";

/// The layout of a table.
#[derive(Clone, Debug, Default)]
pub struct FrameDefinition {
    /// The cells that it takes; all where there are none.
    pub ranges: Vec<CellRange>,
    /// What each header row names, from top to bottom.
    pub header: Vec<Vec<Role>>,
    /// What each label column names.
    pub stub: Vec<FrameColumn>,
    /// What headings between rows name, from the outermost to the innermost.
    pub sections: Vec<Vec<Role>>,
    /// What the title names.
    pub title: Vec<Role>,
    /// The heading of the column of figures, where only one is.
    pub value: Option<String>,
}

/// A label column.
#[derive(Clone, Debug)]
pub struct FrameColumn {
    /// What its labels can name; the first that knows a label does.
    pub roles: Vec<Role>,
    /// Its headings; where there are none, it is known by its place.
    pub headings: Vec<String>,
}

impl FrameDefinition {
    /// All that its places name.
    pub fn roles(&self) -> impl Iterator<Item = &Role> {
        let stub = self.stub.iter().flat_map(|column| &column.roles);
        self.header.iter().flatten().chain(stub).chain(self.sections.iter().flatten()).chain(&self.title)
    }
}

impl Definition {
    /// The layout of a table, where it says one: by its header rows, a range, sections, or as a list.
    pub(super) fn resolve_frame(
        &self,
        entry: &TableEntry,
        fixed: &[Option<String>],
        measure: Option<usize>,
    ) -> Option<FrameDefinition> {
        let header = entry.header.as_ref().or(self.header.as_ref());
        let is_framed =
            header.is_some() || entry.range.is_some() || entry.sections.is_some() || !entry.long.is_empty();
        if !is_framed {
            return None;
        }
        let list = |names: &Option<Spanned<OneOrMany<String>>>| {
            names.as_ref().map(|names| names.get_ref().0.clone()).unwrap_or_default()
        };
        let open = self.open_roles(fixed, measure);
        let usual = || vec![open.iter().copied().chain([Role::Period]).collect()];
        let said = header.map(|rows| rows.iter().map(|names| self.roles(names.get_ref())).collect());
        let is_long = !entry.long.is_empty();
        let sections = entry.sections.as_ref().map(|names| names.get_ref().0.as_slice()).unwrap_or_default();
        Some(FrameDefinition {
            ranges: list(&entry.range).iter().filter_map(|range| CellRange::parse(range)).collect(),
            header: if is_long { vec![vec![Role::Ignored]] } else { said.unwrap_or_else(usual) },
            stub: if is_long { self.long_stub(entry) } else { self.frame_stub(entry, open) },
            sections: sections.iter().map(|names| self.roles(names)).collect(),
            title: list(&entry.title_names).iter().filter_map(|name| self.role(name)).collect(),
            value: value_heading(entry),
        })
    }

    /// The label columns: what the definition says, else one whose labels name any dimension that is not fixed.
    fn frame_stub(&self, entry: &TableEntry, open: Vec<Role>) -> Vec<FrameColumn> {
        match entry.stub.as_ref().or(self.stub.as_ref()) {
            None => vec![FrameColumn { roles: open, headings: Vec::new() }],
            Some(Stub::Columns(columns)) => columns
                .iter()
                .map(|names| FrameColumn { roles: self.roles(names.get_ref()), headings: Vec::new() })
                .collect(),
            Some(Stub::Headings(headings)) => {
                self.headed_columns(headings.iter().map(|(role, names)| (role, &names.0)))
            }
        }
    }

    fn long_stub(&self, entry: &TableEntry) -> Vec<FrameColumn> {
        let columns = entry.long.iter().filter(|(role, _)| role.get_ref() != VALUE);
        self.headed_columns(columns.map(|(role, names)| (role, &names.get_ref().0)))
    }

    /// Columns that are known by their headings, in the order of the definition. Of what is ignored, each heading is a column.
    fn headed_columns<'e>(
        &self,
        columns: impl Iterator<Item = (&'e Spanned<String>, &'e Vec<String>)>,
    ) -> Vec<FrameColumn> {
        let mut columns: Vec<_> = columns.collect();
        columns.sort_by_key(|(role, _)| role.span().start);
        let headed = |(role, names): (&Spanned<String>, &Vec<String>)| {
            let roles: Vec<Role> = self.role(role.get_ref()).into_iter().collect();
            let is_aside = roles.iter().all(|role| role.is_aside());
            let groups: Vec<Vec<String>> = if is_aside {
                names.iter().map(|name| vec![name.clone()]).collect()
            } else {
                vec![names.clone()]
            };
            groups.into_iter().map(move |headings| FrameColumn { roles: roles.clone(), headings })
        };
        columns.into_iter().flat_map(headed).collect()
    }
}

fn value_heading(entry: &TableEntry) -> Option<String> {
    let (_, names) = entry.long.iter().find(|(role, _)| role.get_ref() == VALUE)?;
    names.get_ref().0.first().cloned()
}

impl TableEntry {
    /// The tables that it declares: one for each of its sheets, where it has several of one layout.
    pub(in crate::dataset) fn expand(self) -> Vec<TableEntry> {
        if self.sheets.is_empty() {
            return vec![self];
        }
        let of_sheet = |(sheet, own): (&Spanned<String>, &std::collections::BTreeMap<_, _>)| TableEntry {
            sheet: Some(Spanned::new(sheet.span(), OneOrMany(vec![sheet.get_ref().clone()]))),
            fixed: self.fixed.clone().into_iter().chain(own.clone()).collect(),
            sheets: std::collections::BTreeMap::new(),
            ..self.clone()
        };
        self.sheets.iter().map(of_sheet).collect()
    }
}
