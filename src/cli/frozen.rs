//! `--lock` and `--frozen`: what a run was made from is written down, or held against what was.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::cli::Manner;
use crate::layout_lock::{self, Lockfile};
use crate::problem::exit::{Exit, ExitError};
use crate::run::{RunConfig, RunResult};
use crate::signals::{self, CleanupGuard};

/// What a lock file is wanted for.
#[derive(Debug, clap::Args)]
pub(super) struct Frozen {
    /// Exit with 3 if the documents, their layout, the definition or the codes differ from the lock file; in `run`, also if
    /// what is published would change
    #[arg(long, conflicts_with = "as_of")]
    pub(super) frozen: bool,
    /// Lock file, kept in version control
    #[arg(long, value_name = "FILE", default_value = "bluebook.lock", env = "BLUEBOOK_LOCK_FILE")]
    pub(super) lock_file: PathBuf,
}

/// How many differences are told one by one.
const MOST_TOLD: usize = 50;

impl Frozen {
    /// What was locked, where it is asked for; read before all else, so that a mistake is told at once.
    pub(super) fn read_lock(&self) -> Result<Option<Lockfile>> {
        if !self.frozen {
            return Ok(None);
        }
        let path = self.lock_file.display();
        let Some(bytes) = read(&self.lock_file)? else {
            let message =
                format!("there is no lock file {path}; `bluebook run --lock` writes it, for version control");
            return Err(Exit::Config.error(message));
        };
        let Ok(text) = String::from_utf8(bytes) else {
            let message = format!(
                "the lock file {path} is damaged: it is not UTF-8; write it anew: `bluebook run --lock`"
            );
            return Err(Exit::Config.error(message));
        };
        match Lockfile::parse(&text, &path.to_string()) {
            Ok(locked) => Ok(Some(locked)),
            Err(problem) => {
                Err(ExitError::with_problems(vec![*problem], Exit::Config, "the lock file cannot be used"))
            }
        }
    }

    /// Ends the run where there are differences, all of which are told.
    pub(super) fn refuse(&self, differences: &[String]) -> Result<()> {
        if differences.is_empty() {
            return Ok(());
        }
        let message = format!(
            "the result would differ from what {} has, or from what is published\n{}nothing was published; where this is right, \
             take it over: `bluebook run --lock`",
            self.lock_file.display(),
            list_differences(differences)
        );
        Err(Exit::Frozen.error(message))
    }

    /// Writes what a run was made from beside the lock file, and says so, as long as nothing is published; nothing where the lock
    /// file says the same already.
    pub(super) fn draft(
        &self,
        config: &RunConfig,
        result: &RunResult,
        manner: Manner,
    ) -> Result<Option<Draft>> {
        let draft = Draft::write(
            &Lockfile::new(&config.definitions, &result.summaries, &result.layouts),
            &self.lock_file,
        )?;
        if draft.is_some() && !manner.quiet {
            let mut stdout = anstream::stdout().lock();
            writeln!(stdout, "wrote {}", self.lock_file.display())
                .and_then(|()| stdout.flush())
                .context("cannot say what is written")?;
        }
        Ok(draft)
    }
}

/// The bytes of a lock file; none where there is none.
fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    let about = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        about => about.with_context(|| format!("cannot read the lock file {}", path.display()))?,
    };
    if !about.is_file() {
        let message = format!(
            "{} is no file, and the lock file is to stand there; name another: `--lock-file FILE`",
            path.display()
        );
        return Err(Exit::Io.error(message));
    }
    let bytes = fs::read(path).with_context(|| format!("cannot read the lock file {}", path.display()))?;
    Ok(Some(bytes))
}

/// What differs from what was locked, in words.
pub(super) fn differences(locked: &Lockfile, config: &RunConfig, result: &RunResult) -> Vec<String> {
    let all = layout_lock::differences(
        locked,
        &Lockfile::new(&config.definitions, &result.summaries, &result.layouts),
    );
    all.iter().map(ToString::to_string).collect()
}

/// Differences, a line each, as far as they are not too many.
pub(super) fn list_differences(differences: &[String]) -> String {
    let told = differences.iter().take(MOST_TOLD).map(|difference| format!("  {difference}\n"));
    let more = differences.len().checked_sub(MOST_TOLD).filter(|more| *more > 0);
    told.chain(more.map(|more| format!("  and {more} more\n"))).collect()
}

/// A lock file beside the one it is to replace. What is not kept goes.
pub(super) struct Draft {
    beside: PathBuf,
    path: PathBuf,
    _swept: CleanupGuard,
}

impl Draft {
    /// Writes it to disk; nothing where the lock file says the same already.
    fn write(lockfile: &Lockfile, path: &Path) -> Result<Option<Draft>> {
        let old = read(path)?;
        // A link stays one.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.into());
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(".new");
        let beside = path.with_file_name(name);
        let swept = beside.clone();
        let swept = signals::register_cleanup(move || drop(fs::remove_file(&swept)));
        let draft = Draft { beside, path, _swept: swept };
        let text = lockfile.to_string();
        if old.is_some_and(|old| old == text.as_bytes()) {
            return Ok(None); // what a killed run left beside it goes
        }
        let written = File::create(&draft.beside)
            .and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
        written.with_context(|| format!("cannot write {}", draft.beside.display()))?;
        Ok(Some(draft))
    }

    /// Puts it in place.
    pub(super) fn keep(self) -> Result<()> {
        fs::rename(&self.beside, &self.path)
            .with_context(|| format!("cannot replace the lock file {}", self.path.display()))
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.beside);
    }
}
