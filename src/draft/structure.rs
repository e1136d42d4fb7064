//! What a draft says of tables before any label is known: how they are told apart, and what their label columns name.

use std::collections::{BTreeMap, BTreeSet};

use crate::draft::printed_table::{PrintedColumn, PrintedTable};

/// How tables are told apart and read.
#[derive(Clone, Debug)]
pub struct Structure {
    /// What tells each table from the others; none where there is one.
    pub names: Vec<TableName>,
    /// What the label columns name, from left to right.
    pub columns: Vec<ColumnRole>,
}

/// What tells a table from others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableName {
    /// The end of its title, or what stands for it.
    pub label: String,
    /// Its sheet, where that tells it.
    pub sheet: Option<String>,
}

/// What a label column is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnRole {
    /// Its labels are codes of a dimension; what stands above it, if anything.
    Dimension(Option<String>),
    /// It holds numbers, or repeats what another column says.
    Ignored,
}

/// The most lines of a title that tell tables apart.
const MOST_LINES: usize = 4;

/// Finds how tables are told apart and read.
#[must_use]
pub fn find_structure(tables: &[PrintedTable]) -> Structure {
    let names = if tables.len() > 1 { name_tables(tables) } else { Vec::new() };
    Structure { names, columns: find_roles(tables) }
}

/// The shortest ends of titles that tell all tables apart; else their sheets.
fn name_tables(tables: &[PrintedTable]) -> Vec<TableName> {
    for lines in 1..=MOST_LINES {
        let labels: Vec<String> = tables.iter().map(|table| end_of_title(table, lines)).collect();
        if are_distinct(&labels) && labels.iter().all(|label| is_telling(label)) {
            return labels.into_iter().map(|label| TableName { label, sheet: None }).collect();
        }
    }
    let by_sheet = |table: &PrintedTable| {
        let sheet = table.sheet.clone().unwrap_or_default();
        TableName { label: sheet.clone(), sheet: Some(sheet) }
    };
    tables.iter().map(by_sheet).collect()
}

fn end_of_title(table: &PrintedTable, lines: usize) -> String {
    table.title[table.title.len().saturating_sub(lines)..].join(" ")
}

/// Whether a line is a title by itself: a word alone says the unit, or what the columns hold.
fn is_telling(label: &str) -> bool {
    label.split_whitespace().count() > 1 || label.len() > 12
}

fn are_distinct(labels: &[String]) -> bool {
    let distinct: BTreeSet<String> = labels.iter().map(|label| label.to_lowercase()).collect();
    distinct.len() == labels.len() && labels.iter().all(|label| !label.is_empty())
}

/// What each label column is for, by the rows of all tables.
fn find_roles(tables: &[PrintedTable]) -> Vec<ColumnRole> {
    let count = tables.iter().map(|table| table.columns.len()).max().unwrap_or_default();
    let mut roles: Vec<ColumnRole> = Vec::new();
    for at in 0..count {
        let columns = || tables.iter().filter_map(|table| table.columns.get(at));
        let repeats = (0..count).any(|by| by != at && says_more(tables, by, at));
        let role = if columns().all(is_numbers) || repeats {
            ColumnRole::Ignored
        } else {
            ColumnRole::Dimension(columns().find_map(|column| column.heading.clone()))
        };
        roles.push(role);
    }
    roles
}

/// Whether most cells of a column are numbers: codes, or an index.
fn is_numbers(column: &PrintedColumn) -> bool {
    let filled = column.cells.iter().filter(|cell| !cell.is_empty());
    let numbers = filled.clone().filter(|cell| cell.chars().all(|c| c.is_ascii_digit() || c == '.')).count();
    numbers * 2 > filled.count()
}

/// Whether one column tells all that another does: each of its labels stands beside one of the other's, which are fewer.
fn says_more(tables: &[PrintedTable], by: usize, at: usize) -> bool {
    let mut beside: BTreeMap<&str, &str> = BTreeMap::new();
    for table in tables {
        let (Some(finer), Some(coarser)) = (table.columns.get(by), table.columns.get(at)) else {
            return false;
        };
        if is_numbers(finer) {
            return false;
        }
        for (label, other) in finer.cells.iter().zip(&coarser.cells) {
            if beside.insert(label, other).is_some_and(|before| before != other) {
                return false;
            }
        }
    }
    let distinct: BTreeSet<&&str> = beside.values().collect();
    // Of two that say the same the first is the label.
    distinct.len() < beside.len() || by < at
}
