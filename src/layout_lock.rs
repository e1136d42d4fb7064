//! What a run was made from, kept in a lock file under version control: the documents, how each of their tables is laid
//! out, the definition and the regions. A later run is held against it, and what differs is told in words.
//!
//! The lock file holds no figures: these change with each release, and a change of them is seen in the published files.
//!
//! A new row, a heading or the code of a label is seen nowhere else before it is published. The lock is laid out from the
//! tables alone, before anything is proven, and compared only where the data has no problems: a position in a document is
//! more exact than a difference. It stands beside the input, since it goes into version control, and is the one file
//! written outside the output folder.

mod differences;
mod layout;
mod lockfile;

use std::collections::BTreeMap;

use serde::Deserialize;
use sha2::{Digest, Sha256};

pub use differences::{LayoutDifference, differences};

use crate::dataset::Definition;
use crate::summary::Summary;
use crate::text::format_hex;

/// What a run was made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lockfile {
    /// The version of the file's own format.
    version: u32,
    /// The datasets, in the order of their names.
    #[serde(default, rename = "dataset")]
    datasets: Vec<LockedDataset>,
}

/// What a dataset was made from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct LockedDataset {
    name: String,
    /// The SHA-256 of the definition's text, in hexadecimal; whichever way its lines end.
    definition: String,
    /// The names of all codes that are published, by dimension and code.
    #[serde(default)]
    codes: BTreeMap<String, BTreeMap<String, String>>,
    /// The documents, in the order of their releases.
    #[serde(default, rename = "document")]
    documents: Vec<DocumentLayout>,
}

/// A document and how it is laid out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentLayout {
    /// Its file name.
    name: String,
    /// Where it was read from, as messages name it.
    #[serde(skip)]
    path: String,
    /// Its release, as a date; empty where it has none.
    #[serde(default)]
    release: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    sha256: String,
    /// Its tables, in order.
    #[serde(default, rename = "table")]
    tables: Vec<TableLayout>,
}

/// A table as it is printed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct TableLayout {
    /// Which table of the document it is, from 1.
    number: usize,
    /// Its name in the definition; the first of several.
    name: String,
    title: String,
    /// What stands above its columns of figures, or beside its rows where regions run across.
    headings: Vec<String>,
    /// The label of each row, and the code it stands for; empty where there is none.
    rows: Vec<(String, String)>,
    /// How many notes are printed with it.
    notes: usize,
}

impl Lockfile {
    /// What a run was made from.
    #[must_use]
    pub fn new(
        definitions: &[Definition],
        summaries: &[Summary],
        layouts: &[Vec<DocumentLayout>],
    ) -> Lockfile {
        let read = definitions.iter().zip(summaries).zip(layouts);
        let read = read.filter(|(_, layouts)| !layouts.is_empty());
        let mut datasets: Vec<LockedDataset> = read
            .map(|((definition, summary), layouts)| LockedDataset::new(definition, summary, layouts))
            .collect();
        datasets.sort_by(|a, b| a.name.cmp(&b.name));
        Lockfile { version: lockfile::VERSION, datasets }
    }
}

impl LockedDataset {
    fn new(definition: &Definition, summary: &Summary, layouts: &[DocumentLayout]) -> LockedDataset {
        let codes = definition.dimensions.iter().zip(&summary.codes).map(|(dimension, codes)| {
            let name = |code: &String| Some((code.clone(), dimension.code(code)?.name.to_owned()));
            (dimension.name().to_owned(), codes.iter().filter_map(name).collect())
        });
        let mut documents = layouts.to_vec();
        documents.sort_by(|a, b| (&a.release, &a.name, &a.sha256).cmp(&(&b.release, &b.name, &b.sha256)));
        LockedDataset {
            name: definition.name().to_owned(),
            definition: hash(definition.text()),
            codes: codes.collect(),
            documents,
        }
    }
}

/// A check-out may end lines another way; that changes nothing.
fn hash(text: &str) -> String {
    format_hex(&Sha256::digest(text.replace("\r\n", "\n")))
}
