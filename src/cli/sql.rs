//! `bluebook sql`: the script that loads a published set into a warehouse.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use clap::builder::PossibleValuesParser;

use crate::load::{PublishedSet, find_sets};
use crate::problem::exit::Exit;
use crate::sql::{DIALECTS, Script, SqlSet, find_dialect, schema_name};

/// What `sql` takes.
#[derive(Debug, clap::Args)]
pub struct SqlArguments {
    /// Folder of a published set, or an output folder with sets
    #[arg(value_name = "SET", default_value = "output")]
    set: PathBuf,
    /// Dialect of the script
    #[arg(long = "for", value_name = "DIALECT", value_parser = dialect_names())]
    dialect: String,
    /// Schema of the tables; by default the name of the dataset, with _ for -
    #[arg(long, value_name = "NAME", env = "BLUEBOOK_SCHEMA")]
    schema: Option<String>,
    /// Compare all rows, also of releases that did not change, and mend those that differ
    #[arg(long)]
    mend: bool,
    /// Where the database finds the files: a folder, a stage or a bucket; by default the folder of the set
    #[arg(long, value_name = "PREFIX")]
    files: Option<String>,
}

fn dialect_names() -> PossibleValuesParser {
    PossibleValuesParser::new(DIALECTS.iter().map(|dialect| dialect.name))
}

/// Prints the script; for several sets one after the other.
pub fn sql(arguments: &SqlArguments) -> Result<Exit> {
    let Some(dialect) = find_dialect(&arguments.dialect) else { return Ok(Exit::Internal) };
    let mut script = String::new();
    for folder in find_sets(&arguments.set)? {
        let set = PublishedSet::open(&folder)?;
        let schema = arguments.schema.clone().unwrap_or_else(|| schema_name(&set.package.name));
        let files = arguments.files.clone().unwrap_or_else(|| folder.display().to_string());
        let mut set = SqlSet::new(&set, dialect, dialect.format, &schema, &files)?;
        set.compares_all = arguments.mend;
        script += &Script::new(dialect, &set)?.render()?;
        script += "\n";
    }
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(script.as_bytes())?;
    stdout.flush()?;
    Ok(Exit::Done)
}
