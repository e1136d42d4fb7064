//! How the codes of a dimension are read: a name of a built-in list, or a table in its order. Read by hand, because the places of
//! codes are kept.

use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};
use toml::Spanned;

use crate::dataset::OneOrMany;
use crate::dataset::dimension::{Code, CodeSource};

impl<'d> Deserialize<'d> for CodeSource {
    fn deserialize<D: Deserializer<'d>>(toml: D) -> Result<CodeSource, D::Error> {
        toml.deserialize_any(CodeSourceVisitor)
    }
}

/// Keeps the order of codes and their places, which an untagged enum would lose.
struct CodeSourceVisitor;

impl<'d> Visitor<'d> for CodeSourceVisitor {
    type Value = CodeSource;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a code list, `regions`, or a table of codes")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<CodeSource, E> {
        match name {
            "regions" => Ok(CodeSource::Regions),
            other => Err(E::custom(format!("no code list is called `{other}`; known here: regions"))),
        }
    }

    fn visit_map<A: MapAccess<'d>>(self, mut map: A) -> Result<CodeSource, A::Error> {
        let mut codes = Vec::new();
        while let Some(code) = map.next_key::<Spanned<String>>()? {
            let CodeEntry { name, labels, parent } = map.next_value()?;
            codes.push(Code { code, name, labels, parent });
        }
        // The reader of TOML gives keys in any order.
        codes.sort_by_key(|code| code.code.span().start);
        Ok(CodeSource::List(codes))
    }
}

/// What a list says of a code: its name, or a table with its name, labels and parent.
struct CodeEntry {
    name: String,
    labels: Vec<String>,
    parent: Option<Spanned<String>>,
}

/// What a table says of a code.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::dataset) struct CodeTable {
    /// Its display name, which is a label, too.
    name: String,
    /// Other labels it is printed as.
    #[serde(default)]
    labels: OneOrMany<String>,
    /// The code that it is a part of.
    #[schemars(with = "Option<String>")]
    parent: Option<Spanned<String>>,
}

impl<'d> Deserialize<'d> for CodeEntry {
    fn deserialize<D: Deserializer<'d>>(toml: D) -> Result<CodeEntry, D::Error> {
        toml.deserialize_any(CodeEntryVisitor)
    }
}

struct CodeEntryVisitor;

impl<'d> Visitor<'d> for CodeEntryVisitor {
    type Value = CodeEntry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name, or { name = \"…\", labels = [\"…\"], parent = \"…\" }")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<CodeEntry, E> {
        Ok(CodeEntry { name: name.into(), labels: Vec::new(), parent: None })
    }

    fn visit_map<A: MapAccess<'d>>(self, map: A) -> Result<CodeEntry, A::Error> {
        let deserializer = serde::de::value::MapAccessDeserializer::new(map);
        let CodeTable { name, labels, parent } = CodeTable::deserialize(deserializer)?;
        Ok(CodeEntry { name, labels: labels.0, parent })
    }
}
