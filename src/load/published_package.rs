//! The description of a published set, read again: its tables, columns and files. A warehouse needs to know no more, so
//! no document and no definition is asked for.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::columns::{Column, Table, Type};

/// A published description.
#[derive(Debug, Default, Deserialize)]
pub struct PublishedPackage {
    /// The dataset's name.
    #[serde(default)]
    pub name: String,
    /// What the dataset is.
    #[serde(default)]
    pub title: String,
    /// The version of the data.
    #[serde(default)]
    pub version: String,
    /// The version of bluebook that wrote it.
    #[serde(default)]
    pub bluebook: String,
    /// The releases, in order.
    #[serde(default)]
    pub releases: Vec<String>,
    /// The documents that it was made from.
    #[serde(default)]
    pub sources: Vec<PublishedSource>,
    /// The files.
    pub resources: Vec<PublishedResource>,
}

/// A document that a set was made from.
#[derive(Debug, Deserialize)]
pub struct PublishedSource {
    /// The SHA-256 of its bytes, in hexadecimal.
    #[serde(default)]
    pub hash: String,
    /// Its release.
    #[serde(default)]
    pub release_date: Option<NaiveDate>,
}

/// A file of a published set.
#[derive(Debug, Deserialize)]
pub struct PublishedResource {
    /// Its name.
    pub path: String,
    /// Its hash, behind the name of the algorithm.
    pub hash: String,
    /// Its format, by the name that `--format` takes.
    #[serde(default)]
    pub format: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    schema: TableSchema,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct TableSchema {
    fields: Vec<Field>,
    #[serde(rename = "primaryKey")]
    primary_key: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Field {
    name: String,
    #[serde(rename = "storageType")]
    storage_type: Option<String>,
    #[serde(default)]
    description: String,
    unit: Option<String>,
    #[serde(default)]
    constraints: Constraints,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Constraints {
    required: bool,
}

impl PublishedPackage {
    /// Parses the description of a published set.
    ///
    /// # Errors
    /// Where it is damaged.
    pub fn parse(text: &[u8]) -> serde_json::Result<PublishedPackage> {
        serde_json::from_slice(text)
    }

    /// The tables that have a file of this format; none where an older version did not say how columns are stored.
    #[must_use]
    pub fn tables(&self, format: &str) -> Option<Vec<(Table, &PublishedResource)>> {
        let files = self.resources.iter().filter(|file| file.format == format);
        files.map(|file| Some((file.table()?, file))).collect()
    }
}

impl PublishedResource {
    fn table(&self) -> Option<Table> {
        let columns = self.schema.fields.iter().map(Field::column).collect::<Option<_>>()?;
        let name = self.path.strip_suffix(&self.format)?.strip_suffix('.')?.to_owned();
        let key = self.schema.primary_key.clone();
        Some(Table { name, meaning: self.description.clone(), key, is_sorted: false, columns })
    }
}

impl Field {
    fn column(&self) -> Option<Column> {
        Some(Column {
            name: self.name.clone(),
            kind: Type::find(self.storage_type.as_deref()?)?,
            nullable: !self.constraints.required,
            unit: self.unit.clone(),
            meaning: self.description.clone(),
        })
    }
}
