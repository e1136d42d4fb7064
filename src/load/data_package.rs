//! `datapackage.json`: what the folder holds, as a Data Package v2 (<https://datapackage.org>).

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::{Value, json};

use crate::columns::{Column, Table, Type};
use crate::dataset::Definition;
use crate::load::Resource;
use crate::summary::{About, SourceOf, iso};

/// A Data Package's description of itself.
#[derive(Serialize)]
pub struct Package<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    name: &'a str,
    title: &'a str,
    version: &'a str,
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

/// The description of all files of a dataset.
pub fn describe<'a>(definition: &'a Definition, resources: &[Resource], about: &'a About<'a>) -> Package<'a> {
    Package {
        schema: "https://datapackage.org/profiles/2.0/datapackage.json",
        name: definition.name(),
        title: &definition.title,
        version: about.version,
        homepage: definition.homepage.as_deref(),
        contributors: json!([{ "title": definition.publisher, "roles": ["publisher"] }]),
        sources: about.sources.iter().map(origin).collect(),
        releases: &about.releases,
        resources: resources.iter().map(|file| resource(file, definition)).collect(),
    }
}

fn origin(source: &SourceOf) -> Origin<'_> {
    Origin { title: &source.name, hash: &source.sha256, release_date: source.release }
}

fn resource(file: &Resource, definition: &Definition) -> Value {
    let mut resource = json!({
        "name": format!("{}-{}", file.table.name, file.format.extension),
        "type": "table",
        "path": file.path,
        "description": file.table.meaning,
        "format": file.format.extension,
        "mediatype": file.format.media_type,
        "encoding": "utf-8",
        "bytes": file.fingerprint.bytes,
        "hash": format!("sha256:{}", file.fingerprint.sha256),
        "schema": schema(&file.table, definition),
    });
    if file.format.extension == "csv" {
        resource["dialect"] = json!({ "delimiter": ",", "lineTerminator": "\n", "header": true });
    }
    resource
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
    let kind = match column.stored(definition) {
        Type::Text | Type::Code => "string",
        Type::Int32 | Type::Int64 | Type::Figure => "integer",
        Type::Double => "number",
        Type::Date => "date",
        Type::Boolean => "boolean",
    };
    let mut field =
        json!({ "name": column.name, "type": kind, "description": column.meaning, "unit": column.unit });
    if !column.nullable {
        field["constraints"] = json!({ "required": true });
    }
    field
}
