//! `datapackage.json`: what the folder holds, as a Data Package v2 (<https://datapackage.org>).

use serde_json::{Map, Value, json};

use super::Resource;
use crate::columns::{Column, Table, Type};
use crate::dataset::Definition;

/// The description of all files of a dataset.
pub fn describe(definition: &Definition, resources: &[Resource], about: &Value) -> Value {
    let mut package = Map::new();
    package.insert("$schema".into(), json!("https://datapackage.org/profiles/2.0/datapackage.json"));
    package.insert("name".into(), json!(definition.name()));
    package.insert("title".into(), json!(definition.title));
    package.insert("version".into(), about["version"].clone());
    if let Some(homepage) = &definition.homepage {
        package.insert("homepage".into(), json!(homepage));
    }
    package.insert("contributors".into(), json!([{ "title": definition.publisher, "roles": ["publisher"] }]));
    package.insert(
        "sources".into(),
        about["sources"].as_array().map(|sources| sources.iter().map(source).collect()).unwrap_or_default(),
    );
    package.insert("releases".into(), about["releases"].clone());
    package.insert("resources".into(), resources.iter().map(|file| resource(file, definition)).collect());
    Value::Object(package)
}

fn source(source: &Value) -> Value {
    json!({ "title": source["name"], "hash": source["sha256"], "release_date": source["release_date"] })
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
    let kind = match column.stored(&definition.measure) {
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
