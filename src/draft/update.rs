//! `init --update`: what a newer edition of the documents prints and a definition does not know yet, added to it. Nothing else
//! is touched: comments, order and white space stay as they are written.

use anyhow::{Result, anyhow};
use toml_edit::{DocumentMut, Item, Table, value};

use crate::dataset::{CodeSource, Definition, Dimension};
use crate::document::Content;
use crate::draft::code_list::{DraftCode, assign_codes};
use crate::draft::dimension::assign_region_codes;
use crate::draft::labels::{DimensionLabels, read_labels};
use crate::draft::sums::FoundSums;
use crate::problem::exit::Exit;
use crate::regions::explain_unknown;

/// A definition with what was added to it.
pub struct Update {
    /// The definition, as TOML.
    pub text: String,
    /// The labels that were added, with their dimension and code.
    pub added: Vec<AddedLabel>,
}

/// A label that was added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddedLabel {
    /// The name of the dimension.
    pub dimension: String,
    /// The code that it got.
    pub code: String,
    /// The label as it is printed.
    pub label: String,
}

/// Adds the labels of documents that a definition does not know.
///
/// # Errors
/// Where the definition is no TOML that can be edited (exit 78).
pub fn update_definition(definition: &Definition, contents: &[Content]) -> Result<Update> {
    let mut document: DocumentMut = definition
        .text()
        .parse()
        .map_err(|error: toml_edit::TomlError| Exit::Config.error(error.to_string()))?;
    let mut added = Vec::new();
    let read = read_labels(contents, definition)?;
    for (at, (dimension, labels)) in definition.dimensions.iter().zip(&read).enumerate() {
        let codes = draft_codes(dimension, labels);
        if codes.is_empty() {
            continue;
        }
        let table = document["dimension"][at]
            .as_table_mut()
            .ok_or_else(|| anyhow!("the dimension {} is no table of its own", dimension.name()))?;
        for code in &codes {
            add_code(table, dimension, code);
        }
        added.extend(codes.into_iter().map(|code| AddedLabel {
            dimension: dimension.name().to_owned(),
            code: code.code,
            label: code.label,
        }));
    }
    Ok(Update { text: document.to_string(), added })
}

/// A code for each label that is unknown. What can be several regions is for a person to say; a run tells which.
fn draft_codes(dimension: &Dimension, read: &DimensionLabels) -> Vec<DraftCode> {
    let is_open = |label: &String| dimension.is_regions() && explain_unknown(label).is_some();
    let unknown: Vec<String> = read
        .labels
        .iter()
        .filter(|label| dimension.resolve(label).is_none() && !is_open(label))
        .cloned()
        .collect();
    let sums = FoundSums::none(unknown.len());
    let drafted = match dimension.codes.get_ref() {
        CodeSource::Regions => assign_region_codes(&unknown, &sums),
        CodeSource::List(_) => assign_codes(&unknown, &sums),
    };
    let mut taken: Vec<String> = Vec::new();
    let own = |code: DraftCode| {
        let is_free = |code: &String| dimension.code(code).is_none() && !taken.contains(code);
        let numbered = (2..).map(|number| format!("{}{number}", code.code));
        let free = std::iter::once(code.code.clone()).chain(numbered).find(is_free).unwrap_or_default();
        taken.push(free.clone());
        DraftCode { code: free, ..code }
    };
    drafted.into_iter().map(own).collect()
}

/// Adds a code to a dimension: to its list, or as a group of regions with its label.
fn add_code(table: &mut Table, dimension: &Dimension, code: &DraftCode) {
    let mut insert = |part: &str, key: &str, text: &str| {
        let part = table.entry(part).or_insert(Item::Table(Table::new()));
        if let Some(part) = part.as_table_like_mut() {
            part.insert(key, value(text));
        }
    };
    if dimension.is_regions() {
        insert("names", &code.code, &code.label);
        insert("labels", &code.label, &code.code);
    } else {
        insert("codes", &code.code, &code.label);
    }
}
