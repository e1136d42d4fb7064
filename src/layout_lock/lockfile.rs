//! The lock file's text: TOML with a line for each row of a table, so that version control shows what changed.

use std::fmt::{self, Write};

use serde::Deserialize;
use toml::Spanned;

use crate::layout_lock::{DocumentLayout, LockedDataset, Lockfile, TableLayout};
use crate::problem::{Problem, Rule, Span, quote_toml};

/// The version of the format.
pub(super) const VERSION: u32 = 2;

const HEAD: &str = "\
# What the published figures were made from, and how it is laid out. `bluebook run --lock` writes this file; keep it in
# version control. With `--frozen`, `bluebook run` and `bluebook check` refuse what differs from it.
";

/// The one field that every version has.
#[derive(Deserialize)]
struct Versioned {
    version: Spanned<u32>,
}

impl Lockfile {
    /// Reads a lock file; `path` names it in messages.
    ///
    /// # Errors
    /// What is wrong with it, with its line and column.
    pub fn parse(text: &str, path: &str) -> Result<Lockfile, Box<Problem>> {
        let damaged = |error: toml::de::Error| {
            let message = format!("the lock file is damaged: {}", error.message());
            let help = "take it from version control again, or write it anew: `bluebook run --lock`";
            Box::new(problem(message, Span::from_range(path, text, error.span().unwrap_or(0..0), ""), help))
        };
        let Versioned { version } = toml::from_str(text).map_err(damaged)?;
        if *version.get_ref() != VERSION {
            let message = format!("the lock file has version {}, and {VERSION} is known", version.get_ref());
            let span = Span::from_range(path, text, version.span(), "");
            let help = "use the bluebook that wrote it, or write it anew: `bluebook run --lock`";
            return Err(Box::new(problem(message, span, help)));
        }
        toml::from_str(text).map_err(damaged)
    }
}

fn problem(message: String, span: Span, help: &str) -> Problem {
    Problem::new(Rule::LockFile, message, span).help(help)
}

impl fmt::Display for Lockfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{HEAD}\nversion = {}\n", self.version)?;
        self.datasets.iter().try_for_each(|dataset| dataset.fmt(f))
    }
}

impl fmt::Display for LockedDataset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "\n[[dataset]]\nname = {}\ndefinition = {}\n",
            quote_toml(&self.name),
            quote_toml(&self.definition)
        )?;
        for (dimension, codes) in &self.codes {
            write!(f, "\n[dataset.codes.{dimension}]\n")?;
            codes
                .iter()
                .try_for_each(|(code, name)| writeln!(f, "{} = {}", quote_toml(code), quote_toml(name)))?;
        }
        self.documents.iter().try_for_each(|document| document.fmt(f))
    }
}

impl fmt::Display for DocumentLayout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let DocumentLayout { name, release, sha256, .. } = self;
        write!(
            f,
            "\n[[dataset.document]]\nname = {}\nrelease = {}\n",
            quote_toml(name),
            quote_toml(release)
        )?;
        writeln!(f, "sha256 = {}", quote_toml(sha256))?;
        self.tables.iter().try_for_each(|table| table.fmt(f))
    }
}

impl fmt::Display for TableLayout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n[[dataset.document.table]]\nnumber = {}\n", self.number)?;
        writeln!(f, "name = {}\ntitle = {}", quote_toml(&self.name), quote_toml(&self.title))?;
        list(f, "headings", self.headings.iter().map(|heading| quote_toml(heading)))?;
        let row =
            |(label, region): &(String, String)| format!("[{}, {}]", quote_toml(label), quote_toml(region));
        list(f, "rows", self.rows.iter().map(row))?;
        writeln!(f, "notes = {}", self.notes)
    }
}

fn list(f: &mut impl Write, name: &str, items: impl Iterator<Item = String>) -> fmt::Result {
    writeln!(f, "{name} = [")?;
    items.into_iter().try_for_each(|item| writeln!(f, "  {item},"))?;
    f.write_str("]\n")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn what_is_written_is_read_whatever_labels_say() {
        let odd = "\u{1b}[31m \"a\\b\" \u{202e}\t'é\u{0}".to_owned();
        let table = TableLayout {
            number: 1,
            name: odd.clone(),
            title: odd.clone(),
            headings: vec![odd.clone(), String::new()],
            rows: vec![(odd.clone(), "CAN".into()), (String::new(), String::new())],
            notes: 0,
        };
        let document = DocumentLayout {
            name: odd.clone(),
            path: String::new(),
            release: String::new(),
            sha256: "0".into(),
            tables: vec![table],
        };
        let dataset = LockedDataset {
            name: "a".into(),
            definition: "0".into(),
            codes: BTreeMap::from([("region".into(), BTreeMap::from([(odd.clone(), odd)]))]),
            documents: vec![document],
        };
        for datasets in [vec![], vec![dataset.clone(), dataset]] {
            let lockfile = Lockfile { version: VERSION, datasets };
            assert_eq!(Lockfile::parse(&lockfile.to_string(), "a").unwrap(), lockfile);
        }
    }
}
