//! Two files of one name: whether their bytes are the same, and if not, the first row that differs.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use anyhow::{Context, Result};

use crate::load::format::{FileRow, FileRows, find_format};
use crate::problem::sanitize;

/// How much of a cell is shown, in characters.
const SHOWN: usize = 120;

/// Where a published file first differs from the derived one; none where it does not.
///
/// # Errors
/// Where one of them cannot be read from the disk.
pub fn find_difference(published: &Path, derived: &Path) -> Result<Option<String>> {
    if is_same(published, derived)? {
        return Ok(None);
    }
    let derived = read(derived)?;
    let difference = read(published).and_then(|published| find_row(published, derived));
    Ok(Some(difference.unwrap_or_else(|error| format!("{error:#}"))))
}

fn is_same(a: &Path, b: &Path) -> io::Result<bool> {
    let (mut a, mut b) = (BufReader::new(File::open(a)?), BufReader::new(File::open(b)?));
    loop {
        let (from_a, from_b) = (a.fill_buf()?, b.fill_buf()?);
        let common = from_a.len().min(from_b.len());
        if common == 0 || from_a[..common] != from_b[..common] {
            return Ok(from_a.len() == from_b.len() && common == 0);
        }
        a.consume(common);
        b.consume(common);
    }
}

/// The rows of a file, by its extension; the lines of one that is no table.
fn read(path: &Path) -> Result<FileRows> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    match extension.and_then(find_format) {
        Some(format) => format.read(path),
        None => read_lines(path),
    }
}

fn read_lines(path: &Path) -> Result<FileRows> {
    let lines = BufReader::new(File::open(path)?).lines();
    let row = |(number, line): (u64, io::Result<String>)| {
        let line = line.context("it is no text")?;
        Ok(FileRow { number, cells: vec![Some(line.trim().to_owned())] })
    };
    Ok(FileRows { unit: "line", columns: Vec::new(), rows: Box::new((1..).zip(lines).map(row)) })
}

/// Where the first row is that differs.
fn find_row(mut published: FileRows, mut derived: FileRows) -> Result<String> {
    if published.columns != derived.columns {
        return Ok("its columns are not those that were derived".into());
    }
    let unit = published.unit;
    loop {
        return Ok(match (published.rows.next().transpose()?, derived.rows.next().transpose()?) {
            (Some(old), Some(new)) if old.cells == new.cells => continue,
            (Some(old), Some(new)) => {
                let (place, values) = find_cell(&old, &new, &published.columns);
                format!("{unit} {}{place}: {values}", old.number)
            }
            (Some(old), None) => format!("{unit} {} and what follows was not derived", old.number),
            (None, Some(new)) => format!("it ends before {unit} {}, which was derived", new.number),
            (None, None) => "its rows are the same, but its metadata or encoding is not".into(),
        });
    }
}

/// Which cell of a row differs, and how.
fn find_cell(old: &FileRow, new: &FileRow, columns: &[String]) -> (String, String) {
    let width = old.cells.len().max(new.cells.len());
    let at = (0..width).find(|&at| old.cells.get(at) != new.cells.get(at)).unwrap_or_default();
    let column = columns.get(at).map(|name| format!(", column {name}")).unwrap_or_default();
    let [old, new] = [old, new].map(|row| show(row.cells.get(at).and_then(Option::as_deref)));
    (column, format!("published `{old}`, derived `{new}`"))
}

fn show(cell: Option<&str>) -> String {
    sanitize(&cell.unwrap_or_default().chars().take(SHOWN).collect::<String>())
}
