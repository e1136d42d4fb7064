//! What the header rows and label columns of a table name, in the words of a definition: dimensions, the period, the measure;
//! or nothing that is read.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use toml::Spanned;

use crate::dataset::{Definition, OneOrMany};

/// What a header row or a label column names: one role, or alternatives of which each label names one.
pub type RoleNames = OneOrMany<String>;

/// What the label columns of a table name.
#[derive(Clone, Debug, JsonSchema)]
#[schemars(untagged)]
pub enum Stub {
    /// By their place, from left to right.
    Columns(#[schemars(with = "Vec<RoleNames>")] Vec<Spanned<RoleNames>>),
    /// By their headings. Of several headings of one role the first column that is filled names it.
    Headings(
        #[schemars(with = "BTreeMap<String, OneOrMany<String>>")]
        BTreeMap<Spanned<String>, OneOrMany<String>>,
    ),
}

/// What labels name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// A code of a dimension, by its place in the definition.
    Dimension(usize),
    /// The period, or a part of it.
    Period,
    /// A measure.
    Measure,
    /// The code of a dimension itself, by the dimension's place in the definition.
    Code(usize),
    /// The unit of the figures, which is held against that of their measure.
    Unit,
    /// A status flag that holds for the figures of its row.
    Flag,
    /// Markers of footnotes.
    Footnotes,
    /// Nothing that is read.
    Ignored,
}

/// The words for roles that are no dimension's.
pub const ROLE_WORDS: [&str; 6] = ["period", "measure", "unit", "flag", "footnotes", "ignored"];

/// What stands behind the name of a dimension where its codes are printed: `area:code`.
const CODE: &str = ":code";

impl Definition {
    /// What a word of the language of tables names.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<Role> {
        match name {
            "period" => Some(Role::Period),
            "measure" => Some(Role::Measure),
            "unit" => Some(Role::Unit),
            "flag" => Some(Role::Flag),
            "footnotes" => Some(Role::Footnotes),
            "ignored" => Some(Role::Ignored),
            _ => match name.strip_suffix(CODE) {
                Some(dimension) => self.dimension_index(dimension).map(Role::Code),
                None => self.dimension_index(name).map(Role::Dimension),
            },
        }
    }
}

impl Definition {
    /// The word of the language of tables for a role.
    #[must_use]
    pub fn role_name(&self, role: Role) -> Cow<'_, str> {
        match role {
            Role::Dimension(at) => self.dimensions[at].name().into(),
            Role::Code(at) => format!("{}{CODE}", self.dimensions[at].name()).into(),
            Role::Period => "period".into(),
            Role::Measure => "measure".into(),
            Role::Unit => "unit".into(),
            Role::Flag => "flag".into(),
            Role::Footnotes => "footnotes".into(),
            Role::Ignored => "ignored".into(),
        }
    }
}

impl Role {
    /// Whether it names nothing that tells figures apart.
    #[must_use]
    pub fn is_aside(self) -> bool {
        matches!(self, Role::Unit | Role::Flag | Role::Footnotes | Role::Ignored)
    }
}

impl<'d> Deserialize<'d> for Stub {
    fn deserialize<D: Deserializer<'d>>(toml: D) -> Result<Stub, D::Error> {
        toml.deserialize_any(StubVisitor)
    }
}

struct StubVisitor;

impl<'d> Visitor<'d> for StubVisitor {
    type Value = Stub;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of what the label columns name, or a table of headings by what they name")
    }

    fn visit_seq<A: SeqAccess<'d>>(self, mut list: A) -> Result<Stub, A::Error> {
        let mut columns = Vec::new();
        while let Some(column) = list.next_element()? {
            columns.push(column);
        }
        Ok(Stub::Columns(columns))
    }

    fn visit_map<A: MapAccess<'d>>(self, mut map: A) -> Result<Stub, A::Error> {
        let mut headings = BTreeMap::new();
        while let Some((role, names)) = map.next_entry()? {
            headings.insert(role, names);
        }
        Ok(Stub::Headings(headings))
    }
}
