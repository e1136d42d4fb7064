//! The dimensions of a draft: one that tells tables apart where there are several, and one for each label column.

use crate::draft::code_list::{DraftCode, assign_codes};
use crate::draft::structure::{ColumnRole, Structure};
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

/// The dimensions of a structure, those of label columns without any code but the total.
#[must_use]
pub fn find_dimensions(structure: &Structure) -> Vec<DraftDimension> {
    let mut dimensions = Vec::new();
    if !structure.names.is_empty() {
        let labels: Vec<String> = structure.names.iter().map(|name| name.label.clone()).collect();
        let codes = DraftCodes::Tables(assign_codes(&labels));
        dimensions.push(DraftDimension {
            name: TOPIC.into(),
            meaning: "what a table is about".into(),
            codes,
        });
    }
    for role in &structure.columns {
        let ColumnRole::Dimension(heading) = role else { continue };
        let name = heading.as_deref().and_then(dimension_name).unwrap_or_else(|| "category".to_owned());
        let is_taken = |name: &str| dimensions.iter().any(|known: &DraftDimension| known.name == name);
        let name = if is_taken(&name) { format!("{name}_{}", dimensions.len() + 1) } else { name };
        let meaning = heading.as_ref().map_or_else(|| name.clone(), |heading| heading.to_lowercase());
        dimensions.push(DraftDimension { name, meaning, codes: DraftCodes::Labels(with_total(Vec::new())) });
    }
    dimensions
}

impl DraftDimension {
    /// The dimension with codes for the labels that were read of it.
    #[must_use]
    pub fn with_labels(self, labels: &[String]) -> DraftDimension {
        if matches!(self.codes, DraftCodes::Tables(_)) {
            return self;
        }
        let unknown: Vec<String> = labels.iter().filter(|label| resolve(label).is_none()).cloned().collect();
        if unknown.len() * 2 > labels.len() || !has_economy(labels) {
            return DraftDimension { codes: DraftCodes::Labels(with_total(assign_codes(labels))), ..self };
        }
        let is_unnamed = self.name == "category";
        let (name, meaning) =
            if is_unnamed { ("region".into(), "region".into()) } else { (self.name, self.meaning) };
        DraftDimension { name, meaning, codes: DraftCodes::Regions(assign_region_codes(&unknown)) }
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
