//! Which rows of a table are taken, and which of its label columns name what.
//!
//! Label columns end where figures begin: those before the first period are labels as far as one of them holds words,
//! which needs no definition. Which of them names what is for the definition to say. Numbers in them could be figures
//! under a heading that was not understood, so that columns of codes must be named. How far a label is set in counts
//! within its own column.

use std::collections::BTreeSet;

use toml::Spanned;

use crate::dataset::{Ignored, LabelColumn, LabelPlace, OneOf, Role, RowRules};
use crate::document::{Cell, Row};
use crate::layout::labels::{Label, Labelled};
use crate::layout::tables::Table;
use crate::position::CellRange;
use crate::regions;

/// The rows that are taken, and what their label columns name. By default all rows, named by the first column.
#[derive(Clone, Debug, Default)]
pub struct RowSelection {
    /// For each label column what it names, and the columns of which the first that is filled does; the one that names the
    /// row first.
    columns: Vec<(Vec<Role>, Vec<usize>)>,
    /// What rows must print in columns, in normal form.
    wanted: Conditions,
    /// What rows print that are left out.
    unwanted: Vec<Unwanted>,
}

/// Columns, and what is to be printed in them, in normal form.
type Conditions = Vec<(usize, BTreeSet<String>)>;

/// What rows print that are left out.
#[derive(Clone, Debug)]
struct Unwanted {
    /// The place of this in the definition.
    at: usize,
    columns: Conditions,
    /// What they begin with, where that is said.
    labels: Option<BTreeSet<String>>,
    /// Where they stand, where that is said.
    range: Option<CellRange>,
}

/// A heading that no column of labels has.
#[derive(Clone, Copy, Debug)]
pub struct NoColumn<'d>(pub &'d Spanned<String>);

impl RowSelection {
    /// All rows, named as a definition says.
    #[must_use]
    pub fn new(headings: &[String], label_columns: &[LabelColumn]) -> RowSelection {
        let place = |place: &LabelPlace| match place {
            LabelPlace::First => Vec::new(),
            LabelPlace::Number(at) => vec![*at],
            LabelPlace::Headings(names) => names.iter().filter_map(|name| column(headings, name)).collect(),
        };
        let columns = label_columns.iter().map(|column| (column.roles.clone(), place(&column.place)));
        RowSelection { columns: columns.collect(), ..RowSelection::default() }
    }

    /// Whether the definition says what a label column is.
    #[must_use]
    pub fn names(&self, column: usize) -> bool {
        self.columns.iter().any(|(_, columns)| columns.contains(&column))
    }

    /// What a label column can name; nothing where the definition does not say it.
    #[must_use]
    pub fn roles(&self, column: usize) -> &[Role] {
        let naming = self.columns.first().filter(|(_, columns)| columns.is_empty() && column == 0);
        let here = naming.or_else(|| self.columns.iter().find(|(_, columns)| columns.contains(&column)));
        here.map_or(&[], |(roles, _)| roles)
    }

    /// The rows of a table that are taken, each with its label and figures.
    pub fn select<'s, 'r, 'c>(
        &'s self,
        table: &'s Table,
        rows: &'r [Row<'c>],
    ) -> impl Iterator<Item = Labelled<'r, 'c>> + use<'s, 'r, 'c> {
        let rows = table.body.iter().filter_map(move |&at| rows.get(at)).filter(move |row| self.takes(row));
        rows.map(move |row| {
            let (first, figures) = table.parts(row);
            Labelled { row, label: self.label(row, first), figures, depth: 0 }
        })
    }

    /// The labels that a row prints beside the one that names it, each with its column and what that can name.
    pub fn other_labels<'s, 'r, 'c>(
        &'s self,
        row: &'r Row<'c>,
    ) -> impl Iterator<Item = (&'s [Role], usize, &'r Cell<'c>)> + use<'s, 'r, 'c> {
        let others = self.columns.iter().skip(1).filter(|(roles, _)| !roles.contains(&Role::Ignored));
        others.filter_map(|(roles, columns)| {
            let (column, cell) = find_first_filled(row, columns)?;
            Some((roles.as_slice(), column, cell))
        })
    }

    /// The column of the label that names a row, given its first cell where that is one.
    #[must_use]
    pub fn naming_column(&self, row: &Row<'_>) -> usize {
        let naming = self.columns.first().map_or(&[][..], |(_, columns)| columns);
        find_first_filled(row, naming).map_or(0, |(column, _)| column)
    }

    /// The columns that name something each on its own, from left to right: what stands in one of them holds for the rows below,
    /// too, that print something only further to the right.
    #[must_use]
    pub fn nested_columns(&self) -> Vec<usize> {
        let named = self.columns.iter().filter(|(roles, _)| !roles.contains(&Role::Ignored));
        let mut nested: Vec<usize> =
            named.filter(|(_, columns)| columns.len() == 1).map(|(_, columns)| columns[0]).collect();
        nested.sort_unstable();
        nested
    }

    /// The same for rows that print this.
    ///
    /// # Errors
    /// Where no column has one of the headings.
    pub fn only<'d>(self, headings: &[String], rows: &'d RowRules) -> Result<RowSelection, NoColumn<'d>> {
        Ok(RowSelection { wanted: conditions(headings, rows)?, ..self })
    }

    /// The same without rows that print what stands at this place in the definition.
    ///
    /// # Errors
    /// Where no column has one of the headings.
    pub fn without<'d>(
        mut self,
        headings: &[String],
        at: usize,
        ignored: &'d Ignored,
    ) -> Result<RowSelection, NoColumn<'d>> {
        let columns = conditions(headings, &ignored.rows)?;
        let labels = ignored.labels.as_ref().map(|labels| labels.keys().collect());
        let range = ignored.range.as_ref().and_then(|range| CellRange::parse(range.get_ref()));
        self.unwanted.push(Unwanted { at, columns, labels, range });
        Ok(self)
    }

    /// Whether a row is meant.
    #[must_use]
    pub fn takes(&self, row: &Row<'_>) -> bool {
        prints(row, &self.wanted) && self.leaves(row).is_none()
    }

    /// By what in the definition a row is left out.
    #[must_use]
    pub fn leaves(&self, row: &Row<'_>) -> Option<usize> {
        let is_left = |unwanted: &&Unwanted| {
            let begins = unwanted.labels.as_ref().is_none_or(|labels| begins(row, labels));
            let stands = unwanted.range.is_none_or(|range| range.has_row(row.number));
            begins && stands && prints(row, &unwanted.columns)
        };
        self.unwanted.iter().find(is_left).map(|unwanted| unwanted.at)
    }

    /// The label that names a row, given its first cell where that is one. What stands in a column further to the right is
    /// not set in by that.
    fn label<'r>(&self, row: &'r Row<'_>, first: Option<&'r Cell<'_>>) -> Option<Label<'r>> {
        let first = first?;
        let naming = self.columns.first().map_or(&[][..], |(_, columns)| columns);
        match find_first_filled(row, naming) {
            Some((_, cell)) => {
                Some(Label { set_in: cell.set_in.saturating_sub(cell.column), ..Label::of(cell, row.number) })
            }
            None => Some(Label::of(first, row.number)),
        }
    }
}

fn find_first_filled<'r, 'c>(row: &'r Row<'c>, columns: &[usize]) -> Option<(usize, &'r Cell<'c>)> {
    columns.iter().filter_map(|&at| Some((at, row.cells.get(at)?))).find(|(_, cell)| !cell.text.is_empty())
}

/// The headings of a table's columns of labels; empty where nothing stands above one.
#[must_use]
pub fn headings(table: &Table, rows: &[Row<'_>]) -> Vec<String> {
    let header = rows.get(table.header.rows.clone()).unwrap_or_default();
    let above = |column: usize| {
        let cells = header.iter().rev().filter_map(|row| row.cells.get(column));
        cells.map(|cell| regions::normalize(&cell.text)).find(|key| !key.is_empty()).unwrap_or_default()
    };
    (0..=table.header.attributes).map(above).collect()
}

fn column(headings: &[String], heading: &str) -> Option<usize> {
    let wanted = regions::normalize(heading);
    headings.iter().position(|heading| *heading == wanted)
}

fn conditions<'d>(headings: &[String], rows: &'d RowRules) -> Result<Conditions, NoColumn<'d>> {
    let condition = |(heading, printed): (&'d Spanned<String>, &OneOf)| {
        let at = column(headings, heading.get_ref()).ok_or(NoColumn(heading))?;
        Ok((at, printed.keys().collect()))
    };
    rows.iter().map(condition).collect()
}

/// Whether the first thing that a row prints, or the first behind numbers that count or code rows, is one of these, in normal
/// form.
fn begins(row: &Row<'_>, labels: &BTreeSet<String>) -> bool {
    let first = row.cells.iter().find(|cell| !cell.text.is_empty());
    let first_words = row.cells.iter().find(|cell| cell.text.contains(char::is_alphabetic));
    let mut begins = first.into_iter().chain(first_words);
    begins.any(|cell| labels.contains(&regions::normalize(&cell.text)))
}

fn prints(row: &Row<'_>, conditions: &Conditions) -> bool {
    conditions.iter().all(|(at, printed)| {
        row.cells.get(*at).is_some_and(|cell| printed.contains(&regions::normalize(&cell.text)))
    })
}
