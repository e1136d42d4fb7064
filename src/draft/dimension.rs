//! The dimensions of a draft: one that tells tables apart where there are several, and one for each label column.

use crate::draft::code_list::{DraftCode, assign_codes};
use crate::draft::printed_table::PrintedTable;
use crate::regions::resolve;

/// The name of the dimension that tells tables apart.
pub const TOPIC: &str = "topic";

/// A dimension of a draft.
#[derive(Clone, Debug)]
pub struct DraftDimension {
    /// Its name.
    pub name: String,
    /// What it is, in words.
    pub meaning: String,
    /// Its codes.
    pub codes: DraftCodes,
}

/// Where the codes of a dimension come from.
#[derive(Clone, Debug)]
pub enum DraftCodes {
    /// Tables: the code of each.
    Tables(Vec<DraftCode>),
    /// A list of its own, by the labels of a column.
    Labels(Vec<DraftCode>),
    /// The built-in regions; labels that these do not know have codes of their own.
    Regions(Vec<DraftCode>),
}

/// The dimensions of tables.
#[must_use]
pub fn find_dimensions(tables: &[PrintedTable]) -> Vec<DraftDimension> {
    let mut dimensions = Vec::new();
    if tables.len() > 1 {
        let names: Vec<String> = tables.iter().map(PrintedTable::name).collect();
        let codes = DraftCodes::Tables(assign_codes(&names));
        dimensions.push(DraftDimension {
            name: TOPIC.into(),
            meaning: "what a table is about".into(),
            codes,
        });
    }
    let columns = tables.iter().map(|table| table.columns.len()).max().unwrap_or_default();
    for at in 0..columns {
        let dimension = find_column(tables, at, &dimensions);
        dimensions.push(dimension);
    }
    dimensions
}

/// The dimension of a label column.
fn find_column(tables: &[PrintedTable], at: usize, before: &[DraftDimension]) -> DraftDimension {
    let columns = || tables.iter().filter_map(|table| table.columns.get(at));
    let mut labels: Vec<String> = Vec::new();
    for label in columns().flat_map(|column| &column.labels) {
        if !labels.contains(label) {
            labels.push(label.clone());
        }
    }
    let heading = columns().find_map(|column| column.heading.clone());
    let unknown: Vec<String> = labels.iter().filter(|label| resolve(label).is_none()).cloned().collect();
    let is_regions = unknown.len() * 2 <= labels.len() && has_economy(&labels);
    let codes = if is_regions {
        DraftCodes::Regions(assign_region_codes(&unknown))
    } else {
        DraftCodes::Labels(with_total(assign_codes(&labels)))
    };
    let fallback = if is_regions { "region" } else { "category" };
    let name = heading.as_deref().and_then(dimension_name).unwrap_or_else(|| fallback.to_owned());
    let is_taken = |name: &str| before.iter().any(|dimension| dimension.name == name);
    let name = if is_taken(&name) { format!("{name}_{}", at + 1) } else { name };
    DraftDimension {
        meaning: heading.map_or_else(|| name.clone(), |heading| heading.to_lowercase()),
        name,
        codes,
    }
}

/// Whether a label names a country: totals and the like alone do not tell regions.
fn has_economy(labels: &[String]) -> bool {
    labels.iter().any(|label| resolve(label).is_some_and(|found| !found.region.code.starts_with(['_', 'X'])))
}

/// Codes for labels that the built-in regions do not know: they begin with X.
fn assign_region_codes(labels: &[String]) -> Vec<DraftCode> {
    let codes = assign_codes(labels).into_iter().map(|DraftCode { code, label }| {
        let code: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
        DraftCode { code: if code.starts_with('X') { code } else { format!("X{code}") }, label }
    });
    codes.collect()
}

/// A list whose labels name no total has one all the same: it is where a table is not split up.
fn with_total(mut codes: Vec<DraftCode>) -> Vec<DraftCode> {
    if codes.iter().all(|code| code.code != "_T") {
        codes.insert(0, DraftCode { code: "_T".into(), label: "Total".into() });
    }
    codes
}

/// A heading as the name of a dimension: its first words.
fn dimension_name(heading: &str) -> Option<String> {
    let words = heading.to_lowercase();
    let words = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.take(3).collect::<Vec<_>>().join("_");
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase());
    (is_name && !crate::dataset::RESERVED.contains(&name.as_str())).then_some(name)
}
