//! The dimensions of a draft: one that tells tables apart where there are several, and one for each label column.

use unicode_normalization::UnicodeNormalization;

use crate::dataset::{ENDINGS, RESERVED};
use crate::draft::code_list::{DraftCode, assign_codes};
use crate::draft::labels::DimensionLabels;
use crate::draft::region_labels::are_mostly_regions;
use crate::draft::structure::{FoundDimension, Structure};
use crate::draft::sums::FoundSums;
use crate::regions::{explain_unknown, resolve};

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
    /// Codes that make the whole together, in each of several ways.
    pub partitions: Vec<Vec<String>>,
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
        let codes = DraftCodes::Tables(assign_codes(&labels, &FoundSums::none(labels.len())));
        dimensions.push(DraftDimension {
            name: TOPIC.into(),
            meaning: "what a table is about".into(),
            codes,
            partitions: Vec::new(),
        });
    }
    for FoundDimension { heading, labels } in &structure.dimensions {
        let name = heading.as_deref().and_then(dimension_name).unwrap_or_else(|| "category".to_owned());
        let plain = |name: &str| name.trim_end_matches(|c: char| c == '_' || c.is_ascii_digit()).to_owned();
        let alike =
            dimensions.iter().filter(|known: &&DraftDimension| plain(&known.name) == plain(&name)).count();
        let name = if alike > 0 { format!("{name}_{}", alike + 1) } else { name };
        let codes = DraftCodes::Labels(with_total(assign_codes(labels, &FoundSums::none(labels.len()))));
        let meaning = heading.as_ref().map_or_else(|| name.clone(), |heading| heading.to_lowercase());
        dimensions.push(DraftDimension { name, meaning, codes, partitions: Vec::new() });
    }
    dimensions
}

impl DraftDimension {
    /// The dimension with codes for the labels that were read of it. What labels do not say, their sums may: which is the
    /// total, and which are parts of others.
    #[must_use]
    pub fn with_labels(self, read: &DimensionLabels) -> DraftDimension {
        if matches!(self.codes, DraftCodes::Tables(_)) {
            return self;
        }
        let labels = &read.labels;
        let sums = read.figures.find_sums();
        let is_regions = are_mostly_regions(labels.iter().map(String::as_str));
        let codes = if is_regions { assign_region_codes(labels, &sums) } else { assign_codes(labels, &sums) };
        let code = |at: &usize| codes[*at].code.clone();
        let partitions = sums.partitions.iter().map(|parts| parts.iter().map(code).collect()).collect();
        if !is_regions {
            return DraftDimension { codes: DraftCodes::Labels(with_total(codes)), partitions, ..self };
        }
        // A label that can mean several regions is for a person to say; a run tells which.
        let is_known =
            |(label, _): &(&String, DraftCode)| resolve(label).is_some() || explain_unknown(label).is_some();
        let (_, unknown): (Vec<_>, Vec<_>) = labels.iter().zip(codes).partition(is_known);
        let codes = DraftCodes::Regions(unknown.into_iter().map(|(_, code)| code).collect());
        let is_unnamed = self.name == "category";
        let (name, meaning) =
            if is_unnamed { ("region".into(), "region".into()) } else { (self.name, self.meaning) };
        DraftDimension { name, meaning, codes, partitions }
    }
}

/// The codes of regions; for labels that are not known, codes that begin with X, and what these hold by their sums.
pub fn assign_region_codes(labels: &[String], sums: &FoundSums) -> Vec<DraftCode> {
    let drafted = assign_codes(labels, sums);
    let code = |(label, drafted): (&String, &DraftCode)| match resolve(label) {
        Some(known) => known.region.code.to_string(),
        None if drafted.code.starts_with('_') => drafted.code.clone(),
        None => {
            let code: String = drafted.code.chars().filter(char::is_ascii_alphanumeric).collect();
            if code.starts_with('X') { code } else { format!("X{code}") }
        }
    };
    let codes: Vec<String> = labels.iter().zip(&drafted).map(code).collect();
    let members = |at: usize| {
        let parts = (0..labels.len()).filter(|part| sums.parents[*part] == Some(at));
        parts.map(|part| codes[part].clone()).collect()
    };
    let region = |at: usize| DraftCode { members: members(at), ..DraftCode::new(&codes[at], &labels[at]) };
    (0..labels.len()).map(region).collect()
}

/// A list whose labels name no total has one all the same: it is where a table is not split up.
fn with_total(mut codes: Vec<DraftCode>) -> Vec<DraftCode> {
    if codes.iter().all(|code| code.code != "_T") {
        codes.insert(0, DraftCode::new("_T", "Total"));
    }
    codes
}

/// A heading as the name of a dimension: its first words.
fn dimension_name(heading: &str) -> Option<String> {
    let words: String = heading.to_lowercase().nfkd().filter(char::is_ascii).collect();
    let words = words.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.take(3).collect::<Vec<_>>().join("_");
    // Published columns that follow from a dimension end so.
    let ending = ENDINGS.into_iter().find_map(|ending| name.strip_suffix(ending));
    let name = ending.map_or_else(|| name.clone(), str::to_owned);
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase());
    (is_name && !RESERVED.contains(&name.as_str())).then_some(name)
}
