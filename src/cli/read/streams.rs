//! The streams of all datasets that are read: written where nobody looks, and put in their place once all documents are sound.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use chrono::NaiveDate;

use crate::cli::temporary::TemporaryFolder;
use crate::columns;
use crate::dataset::Definition;
use crate::folder;
use crate::load::ArrowStreams;
use crate::pipeline::DatasetRows;
use crate::problem::exit::Exit;
use crate::run::RunConfig;

/// The streams of all datasets, in a folder for temporary files.
pub struct Streams {
    folder: TemporaryFolder,
    wanted: Vec<String>,
    from: Option<NaiveDate>,
    pub datasets: BTreeMap<usize, ArrowStreams>,
}

impl Streams {
    /// Begins where they can be moved to a folder in one step, or printed.
    pub fn begin(output: Option<&Path>, wanted: Vec<String>, from: Option<NaiveDate>) -> Result<Streams> {
        let folder = output.map_or_else(TemporaryFolder::create, TemporaryFolder::create_in)?;
        Ok(Streams { folder, wanted, from, datasets: BTreeMap::new() })
    }

    /// Adds rows of a dataset.
    pub fn write(&mut self, rows: &DatasetRows, config: &RunConfig) -> Result<()> {
        if !self.datasets.contains_key(&rows.dataset) {
            self.begin_dataset(rows.dataset, &config.definitions[rows.dataset])?;
        }
        let streams = self.datasets.get_mut(&rows.dataset);
        streams.map_or(Ok(()), |streams| streams.write(&rows.batch, self.from))
    }

    /// Begins the streams of a dataset.
    pub fn begin_dataset(&mut self, dataset: usize, definition: &Definition) -> Result<()> {
        let mut tables = columns::tables(definition);
        tables.retain(|table| self.wanted.is_empty() || self.wanted.contains(&table.name));
        let folder = self.folder.path().join(definition.name());
        fs::create_dir(&folder).with_context(|| format!("cannot write {}", folder.display()))?;
        self.datasets.insert(dataset, ArrowStreams::create(&folder, definition, &tables)?);
        Ok(())
    }

    /// Ends all streams.
    pub fn finish(self, config: &RunConfig) -> Result<FinishedStreams> {
        let names = self.datasets.keys().map(|dataset| config.definitions[*dataset].name().to_owned());
        let finished = FinishedStreams { names: names.collect(), folder: self.folder };
        self.datasets.into_values().try_for_each(ArrowStreams::finish)?;
        Ok(finished)
    }
}

/// Streams that were ended.
pub struct FinishedStreams {
    folder: TemporaryFolder,
    /// The datasets' names.
    names: Vec<String>,
}

impl FinishedStreams {
    /// Puts the streams of each dataset in place of what stands there.
    pub fn move_to(&self, output: &Path) -> Result<()> {
        for name in &self.names {
            let to = output.join(name);
            let moved = remove(&to).and_then(|()| fs::rename(self.folder.path().join(name), &to));
            moved.with_context(|| format!("cannot write {}", to.display()))?;
        }
        Ok(())
    }

    /// Prints the only stream.
    pub fn print(&self) -> Result<()> {
        let mut files: Vec<PathBuf> = Vec::new();
        for name in &self.names {
            let folder = self.folder.path().join(name);
            files.extend(folder::list_names(&folder)?.into_iter().map(|file| folder.join(file)));
        }
        let [file] = &files[..] else {
            let message = "standard output takes one table of one dataset; name them by `--table` and `--dataset`, or a folder by `--output`";
            return Err(Exit::Config.error(message));
        };
        let mut file = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
        let mut stdout = io::stdout().lock();
        io::copy(&mut file, &mut stdout)?;
        Ok(stdout.flush()?)
    }
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
