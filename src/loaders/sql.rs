//! Loading by SQL, over any connection: a transaction that compares the staged rows of a set with those of the tables, and
//! writes the difference.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result};
use chrono::NaiveDate;
use minijinja::value::{Serde, Value};

use crate::columns::{self, RELEASES};
use crate::load::PublishedSet;
use crate::loaders::found_columns::FoundColumns;
use crate::loaders::{Extent, LoadChange, Loader};
use crate::problem::exit::Exit;
use crate::sql::{Dialect, Script, SqlSet, SqlTable, schema_name};

/// A connection to a database.
pub trait SqlConnection {
    /// Runs statements.
    ///
    /// # Errors
    /// Where the database refuses one, or is gone.
    fn execute(&mut self, statements: &[String]) -> Result<()>;

    /// Runs a query; the cells of its rows as text.
    ///
    /// # Errors
    /// As `execute`.
    fn query(&mut self, query: &str) -> Result<Vec<Vec<Option<String>>>>;

    /// Fills the staged table, which stands empty, with the rows of a Parquet file but those of some releases; `copy` is the
    /// dialect's statement for that.
    ///
    /// # Errors
    /// As `execute`, and where the file cannot be read.
    fn stage(&mut self, table: &str, file: &Path, without: &Releases, copy: &[String]) -> Result<()>;
}

/// Loads by SQL.
pub struct SqlLoader<C> {
    connection: C,
    dialect: &'static Dialect,
    schema: Option<String>,
    begun: Option<Begun>,
}

/// A set that is being loaded.
struct Begun {
    script: Script<'static>,
    set: SqlSet,
    found: FoundColumns,
    /// The releases whose observations are there already.
    unchanged: Releases,
}

/// Releases, by their dates.
pub type Releases = BTreeSet<NaiveDate>;

impl<C: SqlConnection> SqlLoader<C> {
    /// Loads over a connection.
    pub fn new(connection: C, dialect: &'static Dialect, schema: Option<String>) -> SqlLoader<C> {
        SqlLoader { connection, dialect, schema, begun: None }
    }
}

impl<C: SqlConnection> Loader for SqlLoader<C> {
    fn begin(&mut self, set: &PublishedSet) -> Result<Option<String>> {
        let schema = self.schema.clone().unwrap_or_else(|| schema_name(&set.package.name));
        let folder =
            set.folder.canonicalize().with_context(|| format!("cannot read {}", set.folder.display()))?;
        let sql_set = SqlSet::new(set, self.dialect, "parquet", &schema, &folder.display().to_string())?;
        let script = Script::new(self.dialect, &sql_set)?;
        self.connection.execute(&script.statements(&[("begin", vec![]), ("lock", vec![])])?)?;
        let (found, unchanged) = (FoundColumns::default(), Releases::new());
        let mut begun = Begun { script, set: sql_set, found, unchanged };
        begun.found = FoundColumns::from_rows(begun.query(&mut self.connection, "found_columns", vec![])?);
        begun.refuse_foreign_tables()?;
        let loaded = begun.find_loaded_set(&mut self.connection)?;
        self.begun = Some(begun);
        Ok(loaded)
    }

    fn write(&mut self, set: &PublishedSet, extent: Extent) -> Result<Vec<LoadChange>> {
        let begun = self.begun.as_mut().context("no load has begun")?;
        begun.refuse_other_columns(self.dialect)?;
        begun.create_tables(&mut self.connection)?;
        let mut changes = Vec::new();
        let mut tables: Vec<_> = begun.set.tables.clone().into_iter().zip(set.tables("parquet")?).collect();
        // The hashes of releases tell what of others is to be compared.
        tables.sort_by_key(|(table, _)| table.name != RELEASES);
        for (table, (_, file)) in tables {
            begun.stage_table(&mut self.connection, &table, &set.folder.join(file))?;
            if table.name == RELEASES {
                begun.find_unchanged(&mut self.connection, extent)?;
            }
            changes.extend(begun.write_table(&mut self.connection, &table)?);
        }
        changes.extend(begun.empty_tables(&mut self.connection)?);
        begun.record(&mut self.connection, &changes)?;
        Ok(changes)
    }

    fn commit(&mut self) -> Result<()> {
        self.end("commit")
    }

    fn abort(&mut self) -> Result<()> {
        self.end("rollback")
    }
}

impl<C: SqlConnection> SqlLoader<C> {
    fn end(&mut self, how: &str) -> Result<()> {
        let Some(begun) = self.begun.take() else { return Ok(()) };
        self.connection.execute(&begun.script.statements(&[(how, vec![])])?)
    }
}

impl Begun {
    /// What has the name of a table of the set and was not made by bluebook is not touched.
    fn refuse_foreign_tables(&self) -> Result<()> {
        if self.found.has_table("_loads") {
            return Ok(());
        }
        let foreign = self.set.tables.iter().find(|table| self.found.has_table(&table.name));
        let Some(table) = foreign else { return Ok(()) };
        let message = format!(
            "{}.{} was not made by bluebook, and would be lost; load into another schema: `--schema NAME`",
            self.set.schema, table.name
        );
        Err(Exit::Io.error(message))
    }

    fn find_loaded_set(&self, connection: &mut impl SqlConnection) -> Result<Option<String>> {
        if !self.found.has_table("_loads") {
            return Ok(None);
        }
        let rows = self.query(connection, "loaded_set", vec![])?;
        Ok(rows.into_iter().flatten().next().flatten())
    }

    /// A column of another type would take figures in silence, rounded or cut. New columns that can be null are added.
    fn refuse_other_columns(&self, dialect: &Dialect) -> Result<()> {
        let tables = self.set.tables.iter().filter(|table| self.found.has_table(&table.name));
        let schema = &self.set.schema;
        let differences: Vec<String> =
            tables.flat_map(|table| self.found.describe_differences(table, schema, dialect)).collect();
        if differences.is_empty() {
            return Ok(());
        }
        let message = format!(
            "the tables of schema {} are not as the set has them; where it is right, alter them, and load again\n{}",
            self.set.schema,
            differences.concat()
        );
        Err(Exit::Io.error(message.trim_end()))
    }

    /// Creates the tables that are missing, and adds the columns that are.
    fn create_tables(&self, connection: &mut impl SqlConnection) -> Result<()> {
        let mut calls: Vec<(&str, Vec<Value>)> = Vec::new();
        if self.query(connection, "found_schema", vec![])?.is_empty() {
            calls.extend([("create_schema", vec![]), ("comment_schema", vec![])]);
        }
        if !self.found.has_table("_loads") {
            calls.extend([("create_loads", vec![]), ("comment_loads", vec![])]);
        }
        for table in &self.set.tables {
            let is_new = !self.found.has_table(&table.name);
            let of_table = Value::from(Serde(table));
            if is_new {
                calls.push(("create_table", vec![of_table.clone()]));
                calls.push(("comment_table", vec![of_table.clone()]));
            }
            for column in
                table.columns.iter().filter(|column| self.found.find(&table.name, &column.name).is_none())
            {
                let arguments = vec![of_table.clone(), Value::from(Serde(column))];
                if !is_new {
                    calls.push(("add_column", arguments.clone()));
                }
                calls.push(("comment_column", arguments));
            }
        }
        connection.execute(&self.script.statements(&calls)?)
    }

    /// Stages the rows of a table, but those of releases that did not change.
    fn stage_table(&self, connection: &mut impl SqlConnection, table: &SqlTable, file: &Path) -> Result<()> {
        let call = |name: &'static str| self.script.statements(&[(name, vec![Value::from(Serde(table))])]);
        let without = if table.by_release { &self.unchanged } else { &Releases::new() };
        connection.execute(&call("stage")?)?;
        connection.stage(&table.staged(), file, without, &call("copy")?)?;
        connection.execute(&call("analyze")?)
    }

    /// Finds the releases whose observations are loaded already; none where all is to be compared.
    fn find_unchanged(&mut self, connection: &mut impl SqlConnection, extent: Extent) -> Result<()> {
        let compares_all = Value::from(extent == Extent::Mend);
        connection.execute(&self.script.statements(&[("find_unchanged", vec![compares_all])])?)?;
        let dates = self.query(connection, "unchanged", vec![])?;
        self.unchanged =
            dates.into_iter().flatten().flatten().map(|date| date.parse()).collect::<Result<_, _>>()?;
        Ok(())
    }

    /// Writes the rows of a table that differ from those that are staged.
    fn write_table(
        &self,
        connection: &mut impl SqlConnection,
        table: &SqlTable,
    ) -> Result<Option<LoadChange>> {
        let of_table = vec![Value::from(Serde(table))];
        let call = |name: &'static str| self.script.statements(&[(name, of_table.clone())]);
        let counts = self.query(connection, "count_changes", of_table.clone())?;
        let counts: Vec<u64> = counts
            .into_iter()
            .flatten()
            .map(|count| count.unwrap_or_default().parse())
            .collect::<Result<_, _>>()?;
        let [inserted, updated, deleted] = counts[..] else { anyhow::bail!("three counts were expected") };
        if inserted + updated + deleted == 0 {
            return Ok(None);
        }
        connection.execute(&[call("delete_rows")?, call("write_rows")?].concat())?;
        Ok(Some(LoadChange::Rows { table: table.name.clone(), inserted, updated, deleted }))
    }

    /// Empties the tables that other sets of the dataset have, and this one has not: none of their rows is in it.
    fn empty_tables(&self, connection: &mut impl SqlConnection) -> Result<Vec<LoadChange>> {
        let has = |name: &str| self.set.tables.iter().any(|table| table.name == name);
        let mut changes = Vec::new();
        for name in columns::table_names().filter(|name| !has(name) && self.found.has_table(name)) {
            let table = vec![minijinja::context! { name }];
            let count = self.query(connection, "count_rows", table.clone())?;
            let deleted: u64 = count.into_iter().flatten().flatten().next().unwrap_or_default().parse()?;
            if deleted > 0 {
                connection.execute(&self.script.statements(&[("empty_table", table)])?)?;
                changes.push(LoadChange::Rows { table: name.into(), inserted: 0, updated: 0, deleted });
            }
        }
        Ok(changes)
    }

    /// Writes down that the set was loaded.
    fn record(&self, connection: &mut impl SqlConnection, changes: &[LoadChange]) -> Result<()> {
        let sum = |at: usize| Value::from(changes.iter().map(|change| change.counts()[at]).sum::<u64>());
        let counts = (0..3).map(sum).collect();
        connection.execute(&self.script.statements(&[("record", counts)])?)
    }

    fn query(
        &self,
        connection: &mut impl SqlConnection,
        name: &str,
        arguments: Vec<Value>,
    ) -> Result<Vec<Vec<Option<String>>>> {
        let statements = self.script.statements(&[(name, arguments)])?;
        connection.query(statements.first().context("a query was expected")?)
    }
}
