//! The JSON Schema of definitions, by which editors complete and check them. It follows from the types that definitions are
//! read into; what these read by hand is described here.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::dataset::dimension::read::CodeTable;
use crate::dataset::style::{Said, Thousands};
use crate::dataset::{CodeSource, Definition, Marks, OneOrMany};

/// The schema (draft 2020-12).
#[must_use]
pub fn definition_schema() -> Schema {
    let mut schema = schemars::schema_for!(Definition);
    schema.insert("$id".into(), "urn:bluebook:definition:1".into());
    schema.insert("title".into(), "A definition of a dataset for bluebook".into());
    schema
}

impl<T: JsonSchema> JsonSchema for OneOrMany<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        format!("OneOrMany_{}", T::schema_name()).into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (one, many) = (generator.subschema_for::<T>(), generator.subschema_for::<Vec<T>>());
        json_schema!({ "anyOf": [one, many] })
    }
}

impl JsonSchema for CodeSource {
    fn schema_name() -> Cow<'static, str> {
        "Codes".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let table = generator.subschema_for::<CodeTable>();
        json_schema!({
            "description": "A built-in code list by its name, or a list of the definition's own, in its order.",
            "anyOf": [
                { "const": "regions" },
                { "type": "object", "additionalProperties": { "anyOf": [{ "type": "string" }, table] } },
            ],
        })
    }
}

impl JsonSchema for Marks {
    fn schema_name() -> Cow<'static, str> {
        "Marks".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let said = generator.subschema_for::<Said>();
        json_schema!({
            "description": "What marks stand for: a publisher's style by its name, a table of marks, or a table that begins with a style.",
            "anyOf": [
                { "type": "string" },
                { "type": "object", "properties": { "style": { "type": "string" } }, "additionalProperties": said },
            ],
        })
    }
}

impl JsonSchema for Thousands {
    fn schema_name() -> Cow<'static, str> {
        "Thousands".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let mark = json_schema!({ "enum": [" ", ",", ".", "'"] });
        json_schema!({ "anyOf": [{ "const": "none" }, mark, { "type": "array", "items": mark }] })
    }
}
