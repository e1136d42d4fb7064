//! `datapackage.json`: what the folder holds, as a Data Package v2 (<https://datapackage.org>). Which formats are published is
//! recorded in it. How a column is stored (int32 or int64) stands beside the type that the standard knows.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value, json};

use crate::columns::{Column, Table, Type};
use crate::dataset::Definition;
use crate::load::data_version::data_version;
use crate::load::folder::{Output, Staging};
use crate::load::format::choose_formats;
use crate::load::published_package::PublishedPackage;
use crate::load::set::SetOptions;
use crate::load::tables::{PublishedFile, Resource};
use crate::page;
use crate::summary::{About, SourceOf, iso};

/// Its name in a set.
pub const FILE_NAME: &str = "datapackage.json";

/// A Data Package's description of itself.
#[derive(Serialize)]
struct Package<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    name: &'a str,
    title: &'a str,
    version: String,
    /// The version of the program.
    bluebook: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    homepage: Option<&'a str>,
    contributors: Value,
    sources: Vec<Origin<'a>>,
    releases: &'a [String],
    resources: Vec<Value>,
}

/// A document that the data was read from.
#[derive(Serialize)]
struct Origin<'a> {
    title: &'a str,
    hash: &'a str,
    #[serde(serialize_with = "iso")]
    release_date: Option<NaiveDate>,
}

/// Writes the description of all files of a dataset beside them.
///
/// # Errors
/// Where it cannot be written.
pub fn write(
    staging: &Arc<Staging>,
    definition: &Definition,
    resources: &[Resource],
    page: Option<&PublishedFile>,
    about: &About<'_>,
) -> Result<PublishedFile> {
    let mut package = describe(definition, resources, about);
    package.resources.extend(page.map(describe_page));
    let text = serde_json::to_string_pretty(&package)? + "\n";
    Output::write_whole(staging, FILE_NAME, text.as_bytes())
}

/// What a published set has: its formats, every one where its data package does not say, and whether a page.
#[must_use]
pub fn find_options(set: &Path) -> SetOptions {
    let resources = find_package(set).map(|package| package.resources).unwrap_or_default();
    let formats = choose_formats(|name| resources.iter().any(|file| file.format == name));
    let has_page = resources.iter().any(|file| file.path == page::FILE_NAME);
    SetOptions { formats, has_page, durable: false }
}

/// What a published set says of itself; none where nothing is published, or it is damaged.
#[must_use]
pub fn find_package(set: &Path) -> Option<PublishedPackage> {
    let path = set.join(FILE_NAME);
    // To read what is no file, as a pipe, might never end.
    let text = path.is_file().then(|| fs::read(path))?;
    PublishedPackage::parse(&text.ok()?).ok()
}

fn describe<'a>(definition: &'a Definition, resources: &[Resource], about: &'a About<'a>) -> Package<'a> {
    Package {
        schema: "https://datapackage.org/profiles/2.0/datapackage.json",
        name: definition.name(),
        title: &definition.title,
        version: data_version(definition, about),
        bluebook: about.version,
        homepage: definition.homepage.as_deref(),
        contributors: json!([{ "title": definition.publisher, "roles": ["publisher"] }]),
        sources: about.sources.iter().map(origin).collect(),
        releases: &about.releases,
        resources: resources.iter().map(|of| resource(of, definition)).collect(),
    }
}

fn origin(source: &SourceOf) -> Origin<'_> {
    Origin { title: &source.name, hash: &source.sha256, release_date: source.release }
}

fn resource(Resource { table, format, file }: &Resource, definition: &Definition) -> Value {
    let mut resource = json!({
        "name": format!("{}-{}", table.name, format.name()),
        "type": "table",
        "path": file.name,
        "description": table.meaning,
        "format": format.name(),
        "mediatype": format.media_type(),
        "encoding": "utf-8",
        "bytes": file.fingerprint.bytes,
        "hash": format!("sha256:{}", file.fingerprint.sha256),
        "schema": schema(table, definition),
    });
    if let Some(dialect) = format.dialect() {
        resource["dialect"] = dialect;
    }
    resource
}

/// The page is no table: it has no schema.
fn describe_page(file: &PublishedFile) -> Value {
    json!({
        "name": "page",
        "path": file.name,
        "description": "The newest release for a person with a browser: one file without scripts",
        "format": "html",
        "mediatype": "text/html",
        "encoding": "utf-8",
        "bytes": file.fingerprint.bytes,
        "hash": format!("sha256:{}", file.fingerprint.sha256),
    })
}

fn schema(table: &Table, definition: &Definition) -> Value {
    json!({
        "$schema": "https://datapackage.org/profiles/2.0/tableschema.json",
        "fields": table.columns.iter().map(|column| field(column, definition)).collect::<Vec<_>>(),
        "missingValues": [""],
        "primaryKey": table.key,
    })
}

fn field(column: &Column, definition: &Definition) -> Value {
    let physical = column.physical_type(definition);
    let kind = match physical {
        Type::Text | Type::Code => "string",
        Type::Int32 | Type::Int64 | Type::Figure => "integer",
        Type::Double => "number",
        Type::Date => "date",
        Type::Boolean => "boolean",
    };
    let mut field = json!({
        "name": column.name, "type": kind, "storageType": physical.name(), "description": column.meaning, "unit": column.unit,
    });
    if !column.nullable {
        field["constraints"] = json!({ "required": true });
    }
    field
}
