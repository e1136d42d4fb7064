//! A set as the templates see it: names, types in the dialect's words, and where the files stand.

use anyhow::Result;
use serde::Serialize;

use crate::columns::{Column, OBSERVATIONS, RELEASES, Table, Type};
use crate::load::PublishedSet;
use crate::sql::Dialect;

/// A set, in the words of a dialect.
#[derive(Debug, Serialize)]
pub struct SqlSet {
    /// The schema that its tables stand in.
    pub schema: String,
    set: SetFacts,
    /// Whether rows of releases that did not change are compared, too.
    pub compares_all: bool,
    /// Its tables, those that others refer to last.
    pub tables: Vec<SqlTable>,
}

#[derive(Debug, Serialize)]
struct SetFacts {
    title: String,
    hash: String,
    version: String,
    bluebook: String,
    releases: String,
}

/// A table, in the words of a dialect.
#[derive(Clone, Debug, Serialize)]
pub struct SqlTable {
    /// Its name.
    pub name: String,
    meaning: String,
    /// Its columns, in order.
    pub columns: Vec<SqlColumn>,
    /// The columns that identify a row.
    pub key: Vec<String>,
    /// The names of all columns.
    names: Vec<String>,
    /// Those that are no key.
    values: Vec<String>,
    /// Those that hold texts.
    texts: Vec<String>,
    /// Whether it has a hash for each release in the table of releases.
    pub by_release: bool,
    /// Where its file stands, for the database.
    path: String,
}

/// A column, in the words of a dialect.
#[derive(Clone, Debug, Serialize)]
pub struct SqlColumn {
    /// Its name.
    pub name: String,
    /// Its type, as the database names it.
    pub r#type: &'static str,
    /// Whether it can be null.
    pub nullable: bool,
    meaning: String,
}

impl SqlSet {
    /// Puts a set in the words of a dialect. Its files of this format stand below `files`.
    ///
    /// # Errors
    /// Where the set has no files of the format, or does not say how columns are stored.
    pub fn new(
        set: &PublishedSet,
        dialect: &Dialect,
        format: &str,
        schema: &str,
        files: &str,
    ) -> Result<SqlSet> {
        let tables = set.tables(format)?;
        let has_hashes = tables.iter().any(|(table, _)| table.name == RELEASES);
        let table = |(table, file): &(Table, String)| {
            let joint = if files.ends_with('/') { "" } else { "/" };
            let by_release = has_hashes && table.name == OBSERVATIONS;
            SqlTable { by_release, ..SqlTable::new(table, format!("{files}{joint}{file}"), dialect) }
        };
        let package = &set.package;
        Ok(SqlSet {
            schema: schema.to_owned(),
            set: SetFacts {
                title: package.title.clone(),
                hash: set.hash.clone(),
                version: package.version.clone(),
                bluebook: package.bluebook.clone(),
                releases: package.releases.join(", "),
            },
            compares_all: false,
            tables: tables.iter().map(table).collect(),
        })
    }
}

/// The schema of a dataset, unless another is asked for: its name, as SQL likes names.
#[must_use]
pub fn schema_name(dataset: &str) -> String {
    dataset.replace('-', "_")
}

impl SqlTable {
    /// The name of the table that its rows are staged in.
    #[must_use]
    pub fn staged(&self) -> String {
        format!("staged_{}", self.name)
    }

    fn new(table: &Table, path: String, dialect: &Dialect) -> SqlTable {
        let names = |is_meant: &dyn Fn(&Column) -> bool| -> Vec<String> {
            let columns = table.columns.iter().filter(|column| is_meant(column));
            columns.map(|column| column.name.clone()).collect()
        };
        SqlTable {
            name: table.name.clone(),
            meaning: table.meaning.clone(),
            columns: table.columns.iter().map(|column| SqlColumn::new(column, dialect)).collect(),
            key: table.key.clone(),
            names: names(&|_| true),
            values: names(&|column| !table.key.contains(&column.name)),
            texts: names(&|column| matches!(column.kind, Type::Text | Type::Code)),
            by_release: false,
            path,
        }
    }
}

impl SqlColumn {
    fn new(column: &Column, dialect: &Dialect) -> SqlColumn {
        let unit = column.unit.as_ref().map(|unit| format!(" ({unit})")).unwrap_or_default();
        SqlColumn {
            name: column.name.clone(),
            r#type: dialect.type_name(column.kind),
            nullable: column.nullable,
            meaning: format!("{}{unit}", column.meaning),
        }
    }
}
