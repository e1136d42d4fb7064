//! `bluebook verify`: derives the published files again, elsewhere, and compares the bytes.
//!
//! Elsewhere is the folder for temporary files. The output folder is locked for reading only while bytes are compared, so
//! that a run is kept out for no longer than that.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::cli::temporary::{SetsFolder, TemporaryFolder};
use crate::cli::{Manner, Reading, conclude, frozen, progress, run, tell_sources};
use crate::dataset::Definition;
use crate::load::compare::{self, Difference};
use crate::load::{
    PublishedSet, SetWriter, StagedSet, find_options, find_sets, lock_for_reading, resolve_set,
};
use crate::problem::exit::Exit;
use crate::text::format_count;

/// What `verify` takes.
#[derive(Debug, clap::Args)]
pub struct VerifyArguments {
    #[command(flatten)]
    reading: Reading,
    /// Folder or object store it is published in
    #[arg(short, long, value_name = "DIR|URL", default_value = "output", env = "BLUEBOOK_OUTPUT")]
    output: PathBuf,
    /// Only compare the published files with the hashes in their datapackage.json
    #[arg(long, conflicts_with = "as_of")]
    published: bool,
}

/// Holds what is published against what the documents say, or against itself. Nothing is written in the output folder.
pub fn verify(arguments: &VerifyArguments, manner: Manner) -> Result<Exit> {
    let published = SetsFolder::find(&arguments.output)?;
    if arguments.published {
        let _held = lock_for_reading(&published.folder)?;
        return report(&verify_sets(&published.folder)?, "as datapackage.json says", manner);
    }
    let elsewhere = TemporaryFolder::create()?;
    let config = arguments.reading.config()?;
    let bar = progress::bar(config.sources.len(), manner);
    let begin = |definition: &Definition| {
        let options = find_options(&resolve_set(&published.folder.join(definition.name()))?);
        SetWriter::begin(elsewhere.path(), definition, &options)
    };
    let (sets, result) = run::derive_sets(&config, begin, &bar)?;
    tell_sources(&result, manner);
    let exit = conclude(&result.problems, manner);
    if exit != Exit::Done {
        return Ok(exit);
    }
    let derived = run::finish_sets(sets, &config, &result)?;
    let _held = lock_for_reading(&published.folder)?;
    let derived = derived.iter().map(|(_, set)| verify_set(set, &published.folder));
    report(&derived.collect::<Result<Vec<_>>>()?, "as derived", manner)
}

/// What a published set was held against.
struct Verification {
    dataset: String,
    files: usize,
    differences: Vec<Difference>,
}

fn verify_set(derived: &StagedSet, output: &Path) -> Result<Verification> {
    let dataset = derived.target().file_name().unwrap_or_default().to_string_lossy().into_owned();
    let published = resolve_set(&output.join(&dataset))?;
    let files = compare::count_files(derived.folder())?;
    if !published.is_dir() {
        let missing = Difference { file: published, what: "it is missing; nothing is published".into() };
        return Ok(Verification { dataset, files, differences: vec![missing] });
    }
    let mut differences = compare::compare_sets(&published, derived.folder())?;
    if !differences.is_empty() {
        // Whether a file was changed, or all of them come from other documents or another version.
        differences.extend(compare::compare_with_package(&published)?);
    }
    Ok(Verification { dataset, files, differences })
}

/// Every published set, held against its own description.
fn verify_sets(output: &Path) -> Result<Vec<Verification>> {
    let verify = |folder: &PathBuf| {
        Ok(Verification {
            dataset: PublishedSet::open_held(folder)
                .map_or_else(|_| dataset_name(folder), |set| set.package.name),
            files: compare::count_files(folder)?,
            differences: compare::compare_with_package(folder)?,
        })
    };
    find_sets(output)?.iter().map(verify).collect()
}

/// What a set that cannot be read is called by.
fn dataset_name(folder: &Path) -> String {
    folder.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn report(sets: &[Verification], how: &str, manner: Manner) -> Result<Exit> {
    let differences: Vec<String> =
        sets.iter().flat_map(|set| set.differences.iter().map(ToString::to_string)).collect();
    if !differences.is_empty() {
        let message = format!("what is published is not {how}\n{}", frozen::list_differences(&differences));
        return Err(Exit::Frozen.error(message.trim_end()));
    }
    let mut stdout = anstream::stdout().lock();
    for Verification { dataset, files, .. } in sets.iter().filter(|_| !manner.quiet) {
        writeln!(stdout, "{dataset}: {} are {how}", format_count(*files, "file"))?;
    }
    stdout.flush()?;
    Ok(Exit::Done)
}
