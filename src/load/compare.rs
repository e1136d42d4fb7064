//! Two sets of files, byte by byte: which files differ, and the first row or line that does.

mod rows;

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::folder;
use crate::load::PACKAGE;
use crate::load::folder::fingerprint;
use crate::problem::sanitize;

/// A published file that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its path.
    pub file: PathBuf,
    /// What is not as it should be, in a few words.
    pub what: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file.display(), self.what)
    }
}

/// The files of a published set that are not as they were derived again, the most telling first; none where all bytes are the
/// same.
///
/// # Errors
/// Where a file cannot be read.
pub fn differences(published: &Path, derived: &Path) -> Result<Vec<Difference>> {
    let ours = names(derived)?;
    let mut found = Found { folder: published, differences: changes(published, derived)? };
    for name in names(published)?.iter().filter(|name| !ours.contains(name)) {
        found.add(name, "it is no file of the set");
    }
    Ok(found.differences)
}

/// As [`differences`], of those files alone that were derived.
///
/// # Errors
/// As [`differences`].
pub fn changes(published: &Path, derived: &Path) -> Result<Vec<Difference>> {
    let mut found = Found { folder: published, differences: Vec::new() };
    for name in names(derived)? {
        let (old, new) = (published.join(&name), derived.join(&name));
        if !old.is_file() {
            found.add(name, if old.exists() { NO_FILE } else { MISSING });
            continue;
        }
        let what = compared(&old, &new).with_context(|| format!("cannot compare {}", old.display()))?;
        if let Some(what) = what {
            found.add(&name, what);
        }
    }
    found.differences.sort_by_key(|difference| telling(&difference.file));
    Ok(found.differences)
}

/// What a person can read comes first, and what describes the others last.
fn telling(file: &Path) -> usize {
    let told = ["csv", "parquet"].map(OsStr::new);
    told.iter().position(|extension| file.extension() == Some(extension)).unwrap_or(told.len())
}

/// How many files a set has.
///
/// # Errors
/// Where its folder cannot be read.
pub fn files(set: &Path) -> Result<usize> {
    Ok(names(set)?.len())
}

/// The files of a published set that are not as its own `datapackage.json` says.
///
/// # Errors
/// Where a file cannot be read.
pub fn contradictions(published: &Path) -> Result<Vec<Difference>> {
    let mut found = Found { folder: published, differences: Vec::new() };
    let mut told = match described(&published.join(PACKAGE))? {
        Ok(told) => told,
        Err(what) => {
            found.add(PACKAGE, what);
            return Ok(found.differences);
        }
    };
    for name in names(published)? {
        match told.remove(name.to_string_lossy().as_ref()) {
            Some(_) if !published.join(&name).is_file() => found.add(&name, NO_FILE),
            Some(hash) if hash == format!("sha256:{}", sha256(&published.join(&name))?) => {}
            Some(_) => found.add(&name, format!("its SHA-256 is not the one in {PACKAGE}")),
            None if name == PACKAGE => {}
            None => found.add(&name, format!("{PACKAGE} does not name it")),
        }
    }
    for name in told.into_keys() {
        found.add(name, MISSING);
    }
    Ok(found.differences)
}

const MISSING: &str = "it is missing";
const NO_FILE: &str = "it is no file";

struct Found<'f> {
    folder: &'f Path,
    differences: Vec<Difference>,
}

impl Found<'_> {
    fn add(&mut self, name: impl AsRef<Path>, what: impl Into<String>) {
        self.differences.push(Difference { file: self.folder.join(name), what: what.into() });
    }
}

/// The hash of each file by its name, as a Data Package tells them; or why it does not.
fn described(path: &Path) -> Result<Result<BTreeMap<String, String>, String>> {
    if !path.is_file() {
        return Ok(Err(if path.exists() { NO_FILE } else { MISSING }.into()));
    }
    let text = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let told = serde_json::from_slice::<Described>(&text);
    let hashes = told.map(|told| told.resources.into_iter().map(|file| (file.path, file.hash)).collect());
    Ok(hashes.map_err(|error| format!("it is damaged: {error}")))
}

/// As much of a Data Package as tells which files it has.
#[derive(Deserialize)]
struct Described {
    resources: Vec<Resource>,
}

#[derive(Deserialize)]
struct Resource {
    path: String,
    hash: String,
}

fn sha256(path: &Path) -> Result<String> {
    let found = File::open(path).and_then(fingerprint);
    Ok(found.with_context(|| format!("cannot read {}", path.display()))?.sha256)
}

/// Where a published file first differs from the derived one; none where it does not.
fn compared(published: &Path, derived: &Path) -> Result<Option<String>> {
    let Some(offset) = first_difference(published, derived)? else { return Ok(None) };
    let told = match published.extension().and_then(|extension| extension.to_str()) {
        Some("parquet") => rows::difference(published, derived)?,
        Some("csv") => in_lines(published, derived, offset, true)?,
        _ => in_lines(published, derived, offset, false)?,
    };
    Ok(Some(told))
}

/// How many bytes two files have in common from their beginnings; none where they are the same.
fn first_difference(a: &Path, b: &Path) -> io::Result<Option<u64>> {
    let (mut a, mut b) = (BufReader::new(File::open(a)?), BufReader::new(File::open(b)?));
    let mut offset = 0;
    loop {
        let (from_a, from_b) = (a.fill_buf()?, b.fill_buf()?);
        let both = from_a.len().min(from_b.len());
        if both == 0 {
            return Ok((from_a.len() != from_b.len()).then_some(offset));
        }
        if let Some(at) = (0..both).find(|&at| from_a[at] != from_b[at]) {
            return Ok(Some(offset + at as u64));
        }
        a.consume(both);
        b.consume(both);
        offset += both as u64;
    }
}

/// Where in a text an offset is.
struct Spot {
    line: u64,
    /// Which field of its record it is in, where the text is CSV.
    field: usize,
    /// Where the field or line begins.
    begins: u64,
}

fn in_lines(published: &Path, derived: &Path, offset: u64, is_csv: bool) -> io::Result<String> {
    let spot = spot(published, offset, is_csv)?;
    let line = spot.line;
    let place = if is_csv {
        format!("line {line}, column {}", column(derived, &spot)?)
    } else {
        format!("line {line}")
    };
    Ok(match (text_at(published, &spot, is_csv)?, text_at(derived, &spot, is_csv)?) {
        (Some(published), Some(derived)) => format!("{place}: published `{published}`, derived `{derived}`"),
        (None, _) => format!("it ends before line {line}, which was derived"),
        (_, None) => format!("line {line} and what follows was not derived"),
    })
}

fn spot(path: &Path, offset: u64, is_csv: bool) -> io::Result<Spot> {
    let (mut spot, mut quoted) = (Spot { line: 1, field: 0, begins: 0 }, false);
    for (byte, at) in BufReader::new(File::open(path)?).bytes().zip(1..=offset) {
        match byte? {
            b'"' => quoted = is_csv && !quoted,
            b'\n' if quoted => spot.line += 1,
            b'\n' => spot = Spot { line: spot.line + 1, field: 0, begins: at },
            b',' if is_csv && !quoted => spot = Spot { field: spot.field + 1, begins: at, ..spot },
            _ => {}
        }
    }
    Ok(spot)
}

/// How much of a field or line is shown, in bytes.
const MOST_SHOWN: u64 = 120;

/// The field or line that begins at a spot; none at the end of the file.
fn text_at(path: &Path, spot: &Spot, is_csv: bool) -> io::Result<Option<String>> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(spot.begins))?;
    let mut bytes = Vec::new();
    file.take(MOST_SHOWN).read_to_end(&mut bytes)?;
    let mut quoted = false;
    let ends = bytes.iter().position(|byte| {
        quoted ^= is_csv && *byte == b'"';
        !quoted && (*byte == b'\n' || is_csv && *byte == b',')
    });
    let text = String::from_utf8_lossy(&bytes[..ends.unwrap_or(bytes.len())]).trim().to_owned();
    Ok((!bytes.is_empty()).then(|| sanitize(&text)))
}

/// The name of the column that a spot is in.
fn column(path: &Path, spot: &Spot) -> io::Result<String> {
    let mut header = String::new();
    BufReader::new(File::open(path)?).read_line(&mut header)?;
    let name = header.trim_end().split(',').nth(spot.field);
    Ok(name.map_or_else(|| (spot.field + 1).to_string(), str::to_owned))
}

/// The names in a folder, in order; none where there is no folder.
fn names(folder: &Path) -> Result<Vec<OsString>> {
    match folder::list_names(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        names => names.with_context(|| format!("cannot read {}", folder.display())),
    }
}
