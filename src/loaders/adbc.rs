//! Databases by ADBC (<https://arrow.apache.org/adbc>): DuckDB, and whatever driver a user has whose dialect is known.

use std::path::Path;

use adbc_core::constants::ADBC_INGEST_OPTION_TEMPORARY;
use adbc_core::error::Error;
use adbc_core::options::{AdbcVersion, InfoCode, IngestMode, OptionDatabase, OptionStatement, OptionValue};
use adbc_core::{Connection, Database, Driver, LOAD_FLAG_DEFAULT, Optionable, Statement};
use adbc_driver_manager::{ManagedConnection, ManagedDatabase, ManagedDriver};
use anyhow::{Context, Result};
use arrow::array::RecordBatchReader;

use crate::load::{format_cells, read_releases};
use crate::loaders::sql::{Releases, SqlConnection, SqlLoader};
use crate::loaders::{LoadOptions, Loader};
use crate::problem::exit::Exit;
use crate::sql::{Dialect, find_dialect};

struct Adbc {
    connection: ManagedConnection,
    /// The driver, for messages.
    name: String,
    // A database must outlive its connections.
    _database: ManagedDatabase,
}

/// Connects to the DuckDB file of an address `duckdb:FILE`.
pub fn connect_duckdb(address: &str, options: &LoadOptions) -> Result<Box<dyn Loader>> {
    let file = address.strip_prefix("duckdb:").unwrap_or(address).trim_start_matches("//");
    let mut options = options.clone();
    options.driver_options.push(("path".into(), file.into()));
    connect_driver("duckdb", file, &options)
}

/// Connects by the driver of an address `adbc:DRIVER`.
pub fn connect(address: &str, options: &LoadOptions) -> Result<Box<dyn Loader>> {
    let name = address.strip_prefix("adbc:").unwrap_or(address);
    connect_driver(name, name, options)
}

fn connect_driver(driver: &str, name: &str, options: &LoadOptions) -> Result<Box<dyn Loader>> {
    let explained = |error: Error| explain(&error, name);
    let mut loaded = load_driver(driver, options.driver.as_deref())?;
    let set = options
        .driver_options
        .iter()
        .map(|(key, value)| (OptionDatabase::from(key.as_str()), OptionValue::String(value.clone())));
    let database = loaded.new_database_with_opts(set).map_err(explained)?;
    let connection = database.new_connection().map_err(explained)?;
    let dialect = find_vendor_dialect(&connection, name)?;
    let connection = Adbc { connection, name: name.into(), _database: database };
    Ok(Box::new(SqlLoader::new(connection, dialect, options.schema.clone())))
}

fn load_driver(name: &str, library: Option<&Path>) -> Result<ManagedDriver> {
    let entrypoint = (name == "duckdb").then_some(b"duckdb_adbc_init".as_slice());
    let loaded = match library {
        Some(path) => ManagedDriver::load_dynamic_from_filename(path, entrypoint, AdbcVersion::V110),
        None => ManagedDriver::load_from_name(name, entrypoint, AdbcVersion::V110, LOAD_FLAG_DEFAULT, None),
    };
    loaded.map_err(|error| {
        let message = format!(
            "the ADBC driver {name} cannot be loaded; install it, or name its library: `--driver FILE`\n  {}",
            error.message
        );
        Exit::Config.error(message)
    })
}

/// The dialect of the database behind a driver, by what it calls itself.
fn find_vendor_dialect(connection: &ManagedConnection, name: &str) -> Result<&'static Dialect> {
    let codes = std::collections::HashSet::from([InfoCode::VendorName]);
    let vendor = connection
        .get_info(Some(codes))
        .map_err(|error| explain(&error, name))
        .and_then(|rows| format_rows(rows, name))?;
    let vendor = vendor.into_iter().flatten().flatten().collect::<String>().to_lowercase();
    let known = ["postgres", "duckdb"].into_iter().find(|dialect| vendor.contains(dialect));
    known.and_then(find_dialect).ok_or_else(|| {
        Exit::Config
            .error(format!("{name}: its SQL is not known; bluebook knows that of PostgreSQL and DuckDB"))
    })
}

impl SqlConnection for Adbc {
    fn execute(&mut self, statements: &[String]) -> Result<()> {
        for text in statements {
            let mut statement =
                self.connection.new_statement().map_err(|error| explain(&error, &self.name))?;
            let done = statement.set_sql_query(text).and_then(|()| statement.execute_update());
            done.map_err(|error| explain(&error, &self.name))?;
        }
        Ok(())
    }

    fn query(&mut self, query: &str) -> Result<Vec<Vec<Option<String>>>> {
        let mut statement = self.connection.new_statement().map_err(|error| explain(&error, &self.name))?;
        statement.set_sql_query(query).map_err(|error| explain(&error, &self.name))?;
        let rows = statement.execute().map_err(|error| explain(&error, &self.name))?;
        format_rows(rows, &self.name)
    }

    /// Hands over the rows as Arrow; where the dialect has no statement to copy, staging has read the file already.
    fn stage(&mut self, table: &str, file: &Path, without: &Releases, copy: &[String]) -> Result<()> {
        if copy.is_empty() {
            return Ok(());
        }
        let rows = read_releases(file, without)?;
        let mut statement = self.connection.new_statement().map_err(|error| explain(&error, &self.name))?;
        let temporary = OptionStatement::Other(ADBC_INGEST_OPTION_TEMPORARY.into());
        let done = statement
            .set_option(OptionStatement::TargetTable, table.into())
            .and_then(|()| statement.set_option(temporary, "true".into()))
            .and_then(|()| statement.set_option(OptionStatement::IngestMode, IngestMode::Append.into()))
            .and_then(|()| statement.bind_stream(Box::new(rows)))
            .and_then(|()| statement.execute_update());
        done.map(drop).map_err(|error| explain(&error, &self.name))
    }
}

/// The cells of rows as text.
fn format_rows(rows: impl RecordBatchReader, name: &str) -> Result<Vec<Vec<Option<String>>>> {
    let mut all = Vec::new();
    for batch in rows {
        let batch = batch.with_context(|| format!("cannot read the answer of {name}"))?;
        all.extend(format_cells(&batch)?);
    }
    Ok(all)
}

/// What the driver said; a file that another process holds can be tried again.
fn explain(error: &Error, name: &str) -> anyhow::Error {
    let message = error.message.trim_end();
    let is_held = message.contains("Could not set lock") || message.contains("Conflicting lock");
    let exit = if is_held { Exit::Busy } else { Exit::Io };
    exit.error(format!("{name}: {message}"))
}
