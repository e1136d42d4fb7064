//! `bluebook init`: a first definition, drafted from documents.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::NaiveDate;

use crate::cli::{Manner, SourceFormat, conclude, date, show};
use crate::dataset::{self, Definition, is_name};
use crate::document::Content;
use crate::draft::{AddedLabel, Draft, draft_definition, update_definition};
use crate::input::{self, SourceFile, find_sources};
use crate::pipeline;
use crate::problem::exit::{Exit, ExitError};
use crate::problem::{Problem, escape};
use crate::run::RunConfig;
use crate::text::format_count;

/// What `init` takes.
#[derive(Debug, clap::Args)]
pub struct InitArguments {
    /// Documents of one dataset, or folders of them
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// File to write the definition to; by default standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Name of the dataset; by default that of the first file
    #[arg(long, value_name = "NAME", value_parser = dataset_name)]
    name: Option<String>,
    /// Definition to which is added what the documents print and it does not know: labels with codes. Nothing else in it
    /// changes
    #[arg(long, value_name = "DEFINITION", conflicts_with_all = ["output", "name"])]
    update: Option<PathBuf>,
    /// Release date of all documents
    #[arg(long, value_name = "DATE", env = "BLUEBOOK_RELEASE_DATE", value_parser = date)]
    release_date: Option<NaiveDate>,
    #[command(flatten)]
    source: SourceFormat,
}

fn dataset_name(text: &str) -> Result<String, String> {
    if is_name(text, '-') {
        Ok(text.into())
    } else {
        Err("a name of lower-case letters, digits and hyphens was expected".into())
    }
}

/// Drafts a definition, and says what is left to decide.
pub fn init(arguments: &InitArguments, manner: Manner) -> Result<Exit> {
    let sources = find_sources(&arguments.files, arguments.release_date)?;
    let limits = arguments.source.limits();
    let read = |source: &SourceFile| {
        let read =
            input::read_within(&limits, &source.display_path(), &source.read()?, arguments.source.encoding);
        read.map_err(|problem| {
            let exit = problem.exit();
            ExitError::with_problems(vec![*problem], exit, "no definition is drafted")
        })
    };
    let contents = sources.iter().map(read).collect::<Result<Vec<_>>>()?;
    if let Some(path) = &arguments.update {
        return update(path, &contents, manner);
    }
    let name = arguments.name.clone().unwrap_or_else(|| name_of_file(&contents[0].name));
    let config = |definition| RunConfig {
        sources: sources.clone(),
        definitions: vec![definition],
        is_chosen: true,
        encoding: arguments.source.encoding,
        limits: limits.clone(),
        threads: 1,
        keeps_layouts: false,
        shows_unsound: false,
    };
    let find_problems = |definition: Definition| -> Result<Vec<Problem>> {
        Ok(pipeline::process_documents(&config(definition), |_| Ok(()), |_| ())?.problems)
    };
    let draft = draft_definition(&name, &contents, find_problems)?;
    write_draft(&draft, arguments.output.as_deref())?;
    if !manner.quiet {
        report(&draft, arguments, manner)?;
    }
    Ok(Exit::Done)
}

/// Adds to a definition what documents print and it does not know.
fn update(path: &Path, contents: &[Content], manner: Manner) -> Result<Exit> {
    let definition = match dataset::find(&path.to_string_lossy())? {
        Ok(definition) if path.exists() => definition,
        Ok(_) => return Err(Exit::Config.error(format!("{} is no file", path.display()))),
        Err(problems) => return Ok(conclude(&problems, manner)),
    };
    let update = update_definition(&definition, contents)?;
    if !update.added.is_empty() {
        write_over(path, &update.text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    if manner.quiet {
        return Ok(Exit::Done);
    }
    let mut stderr = anstream::stderr().lock();
    for AddedLabel { dimension, code, label } in &update.added {
        writeln!(stderr, "{}", escape(&format!("added to {dimension}: {code} = \"{label}\"")))?;
    }
    let count = format_count(update.added.len(), "label");
    writeln!(stderr, "{count} added to {}", path.display())?;
    Ok(Exit::Done)
}

/// Writes a file anew in one step: a kill leaves the old one or the new one.
fn write_over(path: &Path, text: &str) -> std::io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut staged = tempfile::NamedTempFile::new_in(folder)?;
    staged.write_all(text.as_bytes())?;
    staged.as_file().set_permissions(std::fs::metadata(path)?.permissions())?;
    staged.as_file().sync_all()?;
    staged.persist(path)?;
    Ok(())
}

/// The name of a dataset, by that of a file.
fn name_of_file(file: &str) -> String {
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_lowercase();
    let words = stem.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name =
        words.skip_while(|word| word.starts_with(|c: char| c.is_ascii_digit())).collect::<Vec<_>>().join("-");
    if name.is_empty() { "dataset".into() } else { name }
}

/// Writes the definition; a file that is there is not written over.
fn write_draft(draft: &Draft, output: Option<&std::path::Path>) -> Result<()> {
    let Some(path) = output else {
        let mut stdout = std::io::stdout().lock();
        stdout.write_all(draft.text.as_bytes())?;
        return Ok(stdout.flush()?);
    };
    let cannot_write = || format!("cannot write {}", path.display());
    let mut file = File::create_new(path).with_context(cannot_write)?;
    file.write_all(draft.text.as_bytes()).with_context(cannot_write)
}

/// What is left to decide.
fn report(draft: &Draft, arguments: &InitArguments, manner: Manner) -> Result<()> {
    let mut stderr = anstream::stderr().lock();
    let file = arguments.output.as_ref().map_or("DEFINITION".into(), |path| path.display().to_string());
    if draft.problems.is_empty() {
        writeln!(stderr, "`bluebook check --dataset {file}` finds no problem by this draft")?;
        return Ok(());
    }
    drop(stderr);
    show(&draft.problems, manner.verbose);
    let count = crate::text::format_count(draft.problems.len(), "problem");
    writeln!(anstream::stderr(), "{count} left to decide in {file}")?;
    Ok(())
}
