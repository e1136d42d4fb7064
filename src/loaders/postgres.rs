//! PostgreSQL, over its own protocol.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use arrow::array::{Array, AsArray, RecordBatch, RecordBatchReader};
use arrow::datatypes::{DataType, Date32Type, Float64Type, Int32Type, Int64Type};
use bytes::BytesMut;
use chrono::NaiveDate;
use postgres::binary_copy::BinaryCopyInWriter;
use postgres::error::SqlState;
use postgres::types::{IsNull, ToSql, Type, to_sql_checked};
use postgres::{Client, Config, SimpleQueryMessage};

use crate::load::read_releases;
use crate::loaders::sql::{Releases, SqlConnection, SqlLoader};
use crate::loaders::{LoadOptions, Loader, hide_credentials, tls};
use crate::problem::exit::Exit;
use crate::sql::find_dialect;

/// How long a server may take to answer a connection, and to acknowledge what was sent.
const TIMEOUT: Duration = Duration::from_secs(30);

struct Postgres {
    client: Client,
    /// Where the server is, without credentials.
    address: String,
}

/// Connects to the server of a URL, as libpq writes them.
pub fn connect(url: &str, options: &LoadOptions) -> Result<Box<dyn Loader>> {
    let address = hide_credentials(url);
    let (url, security) = tls::take_security(url)?;
    let mut config: Config = url.parse().map_err(|error: postgres::Error| {
        let what = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        Exit::Config.error(format!("{address} is no address of PostgreSQL: {what}"))
    })?;
    if config.get_password().is_none()
        && let Ok(password) = std::env::var("PGPASSWORD")
    {
        config.password(password);
    }
    config.application_name("bluebook").tcp_user_timeout(TIMEOUT);
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(TIMEOUT);
    }
    let client = config.connect(security.connector()?).map_err(|error| explain(&error, &address))?;
    let mut connection = Postgres { client, address };
    let wait = options.wait.as_millis();
    connection
        .execute(&[format!("SET lock_timeout = {wait}"), "SET client_min_messages = warning".into()])?;
    let dialect = find_dialect("postgres").context("a dialect is missing")?;
    Ok(Box::new(SqlLoader::new(connection, dialect, options.schema.clone())))
}

impl SqlConnection for Postgres {
    fn execute(&mut self, statements: &[String]) -> Result<()> {
        // One message for all of them: one answer to wait for.
        let text = statements.join(";\n");
        self.client.batch_execute(&text).map_err(|error| explain(&error, &self.address))
    }

    fn query(&mut self, query: &str) -> Result<Vec<Vec<Option<String>>>> {
        let messages = self.client.simple_query(query).map_err(|error| explain(&error, &self.address))?;
        let cells = |message| match message {
            SimpleQueryMessage::Row(row) => {
                Some((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect())
            }
            _ => None,
        };
        Ok(messages.into_iter().filter_map(cells).collect())
    }

    fn stage(&mut self, _: &str, file: &Path, without: &Releases, copy: &[String]) -> Result<()> {
        let copy = copy.first().context("a statement to copy was expected")?;
        let address = &self.address;
        let explained = |error: postgres::Error| explain(&error, address);
        let mut rows = read_releases(file, without)?;
        let types: Vec<Type> =
            rows.schema().fields().iter().map(|field| sql_type(field.data_type())).collect::<Result<_>>()?;
        let mut writer = BinaryCopyInWriter::new(self.client.copy_in(copy).map_err(explained)?, &types);
        for batch in &mut rows {
            let batch = batch.with_context(|| format!("cannot read {}", file.display()))?;
            for row in 0..batch.num_rows() {
                writer.write_raw(cells(&batch, row)).map_err(explained)?;
            }
        }
        writer.finish().map(drop).map_err(explained)
    }
}

fn sql_type(kind: &DataType) -> Result<Type> {
    Ok(match kind {
        DataType::Utf8 => Type::TEXT,
        DataType::Int32 => Type::INT4,
        DataType::Int64 => Type::INT8,
        DataType::Float64 => Type::FLOAT8,
        DataType::Date32 => Type::DATE,
        DataType::Boolean => Type::BOOL,
        other => anyhow::bail!("no column of type {other} is published"),
    })
}

/// A cell of a row, in the protocol's form.
#[derive(Debug)]
enum PostgresValue<'a> {
    Null,
    Text(&'a str),
    Int32(i32),
    Int64(i64),
    Double(f64),
    Date(NaiveDate),
    Boolean(bool),
}

fn cells(batch: &RecordBatch, row: usize) -> Vec<PostgresValue<'_>> {
    batch.columns().iter().map(|array| cell(array.as_ref(), row)).collect()
}

fn cell(array: &dyn Array, row: usize) -> PostgresValue<'_> {
    if array.is_null(row) {
        return PostgresValue::Null;
    }
    match array.data_type() {
        DataType::Int32 => PostgresValue::Int32(array.as_primitive::<Int32Type>().value(row)),
        DataType::Int64 => PostgresValue::Int64(array.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => PostgresValue::Double(array.as_primitive::<Float64Type>().value(row)),
        DataType::Boolean => PostgresValue::Boolean(array.as_boolean().value(row)),
        DataType::Date32 => array
            .as_primitive::<Date32Type>()
            .value_as_date(row)
            .map_or(PostgresValue::Null, PostgresValue::Date),
        _ => PostgresValue::Text(array.as_string::<i32>().value(row)),
    }
}

impl ToSql for PostgresValue<'_> {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            PostgresValue::Null => Ok(IsNull::Yes),
            PostgresValue::Text(text) => text.to_sql(kind, out),
            PostgresValue::Int32(number) => number.to_sql(kind, out),
            PostgresValue::Int64(number) => number.to_sql(kind, out),
            PostgresValue::Double(number) => number.to_sql(kind, out),
            PostgresValue::Date(date) => date.to_sql(kind, out),
            PostgresValue::Boolean(value) => value.to_sql(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true // the statement to copy names the columns that the types were taken from
    }

    to_sql_checked!();
}

/// What the server said, and how the load ends: what passes by itself can be tried again.
fn explain(error: &postgres::Error, address: &str) -> anyhow::Error {
    let passing = [
        SqlState::LOCK_NOT_AVAILABLE,
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
        SqlState::TOO_MANY_CONNECTIONS,
        SqlState::CANNOT_CONNECT_NOW,
    ];
    let Some(said) = error.as_db_error() else {
        let cause = std::error::Error::source(error).map(|cause| format!(": {cause}")).unwrap_or_default();
        return Exit::Io.error(format!("{address}: {error}{cause}"));
    };
    let more = [said.detail(), said.hint()].into_iter().flatten().map(|more| format!("\n  {more}"));
    let more: String = more.collect();
    if *said.code() == SqlState::LOCK_NOT_AVAILABLE {
        return Exit::Busy
            .error(format!("{address}: another load holds the schema; try again when it has ended"));
    }
    let exit = if passing.contains(said.code()) { Exit::Busy } else { Exit::Io };
    exit.error(format!("{address}: {}{more}", said.message()))
}
