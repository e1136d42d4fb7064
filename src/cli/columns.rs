//! `bluebook columns`: the data dictionary of a dataset, for people and programs.

use std::io::Write;

use anyhow::Result;
use serde_json::json;

use crate::cli::SourceFormat;
use crate::columns::{self, Column, Table};
use crate::dataset::Definition;
use crate::problem::exit::Exit;

/// What `columns` takes.
#[derive(Debug, clap::Args)]
pub struct ColumnsArguments {
    /// Output format
    #[arg(long, value_enum, default_value_t = ColumnsFormat::Markdown)]
    format: ColumnsFormat,
    #[command(flatten)]
    source: SourceFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum ColumnsFormat {
    /// Tables in Markdown
    Markdown,
    /// One object a line for each column
    Json,
}

/// Prints the published columns.
pub fn columns(arguments: &ColumnsArguments) -> Result<Exit> {
    let definitions = arguments.source.definitions()?;
    let print = match arguments.format {
        ColumnsFormat::Markdown => markdown,
        ColumnsFormat::Json => json_lines,
    };
    let mut stdout = std::io::stdout().lock();
    for definition in &definitions {
        for table in columns::tables(definition) {
            stdout.write_all(print(&table, definition).as_bytes())?;
        }
    }
    Ok(Exit::Done)
}

fn markdown(table: &Table, definition: &Definition) -> String {
    let row = |column: &Column| {
        let null = if column.nullable { "yes" } else { "no" };
        format!(
            "| {} | {} | {null} | {} | {} |\n",
            column.name,
            column.physical_type(definition).name(),
            column.unit.as_deref().unwrap_or_default(),
            column.meaning
        )
    };
    let head = format!(
        "## {}\n\n{} Key: {}.\n\n| column | type | null | unit | meaning |\n| --- | --- | --- | --- | --- |\n",
        table.name,
        table.meaning,
        table.key.join(", ")
    );
    head + &table.columns.iter().map(row).collect::<String>() + "\n"
}

fn json_lines(table: &Table, definition: &Definition) -> String {
    let line = |column: &Column| {
        let object = json!({
            "dataset": definition.name(), "table": table.name, "column": column.name, "type": column.physical_type(definition).name(), "null": column.nullable,
            "unit": column.unit, "meaning": column.meaning, "key": table.key.contains(&column.name),
        });
        format!("{object}\n")
    };
    table.columns.iter().map(line).collect()
}
