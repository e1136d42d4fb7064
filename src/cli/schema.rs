//! `bluebook schema`: the JSON Schema of definitions, for editors.

use std::io::Write;

use anyhow::Result;

use crate::dataset::definition_schema;
use crate::problem::exit::Exit;

/// Prints the schema.
pub fn schema() -> Result<Exit> {
    let schema = serde_json::to_string_pretty(&definition_schema())?;
    writeln!(std::io::stdout(), "{schema}")?;
    Ok(Exit::Done)
}
