//! Labels to codes: the code list of each dimension, as far as a batch uses it, in the order of the codes.
//!
//! Codes, names and dates repeat in every row. A frame keeps an `Enum` for each dimension and period, so that joins,
//! windows and sorts compare integers, and Arrow gets dictionaries with each text once.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use polars::prelude::*;

use crate::dataset::{CodeInfo, CodeKind, Definition, Dimension, FrameDefinition, LabelMatch, Role};
use crate::extract::{RawObservations, RowLabel};
use crate::regions::TOTAL;

/// What a code is in columns of integers where it is unknown.
pub const UNKNOWN: u32 = u32::MAX;

/// The codes of a dimension that a batch uses, in the order of their texts, by which an `Enum` sorts.
#[derive(Clone, Debug)]
pub struct CodeTable<'d> {
    /// The dimension.
    pub dimension: &'d Dimension,
    codes: Vec<CodeInfo<'d>>,
    /// The code of each label of the batch, where it names one of this dimension.
    of_label: Vec<Option<u32>>,
    /// The code of each table that is fixed to one; else the total's.
    of_table: Vec<Option<u32>>,
    /// The definition's own labels that were printed, by their place in it.
    pub own_labels: BTreeSet<usize>,
    /// Which codes hold which.
    members: BTreeSet<(u32, u32)>,
}

impl<'d> CodeTable<'d> {
    /// The code lists of all dimensions of a definition.
    #[must_use]
    pub fn from_batch(raw: &RawObservations, definition: &'d Definition) -> Vec<CodeTable<'d>> {
        let table = |at: usize| CodeTable::new(at, &raw.labels, definition);
        (0..definition.dimensions.len()).map(table).collect()
    }

    fn new<'l>(at: usize, labels: &'l [RowLabel], definition: &'d Definition) -> CodeTable<'d> {
        let dimension = &definition.dimensions[at];
        let named = |label: &'l RowLabel| {
            if label.is_code {
                return dimension
                    .code(&label.text)
                    .map(|info| LabelMatch { code: info.code, own_label: None });
            }
            dimension.resolve(&label.text)
        };
        let matches: Vec<_> = labels.iter().map(named).collect();
        let fixed = definition.tables.iter().map(|table| table.fixed[at].as_deref());
        let fixed: Vec<Option<&str>> =
            fixed.map(|code| code.or(dimension.has_total().then_some(TOTAL))).collect();
        let used = matches.iter().flatten().map(|found| found.code).chain(fixed.iter().flatten().copied());
        let own = dimension.own_codes().iter().map(|own| own.code.get_ref().as_str());
        let total = dimension.has_total().then_some(TOTAL);
        let by_code: BTreeMap<&str, CodeInfo<'d>> = used
            .chain(own)
            .chain(total)
            .filter_map(|code| dimension.code(code))
            .map(|info| (info.code, info))
            .collect();
        let codes: Vec<CodeInfo<'d>> = by_code.into_values().collect();
        let position =
            |code: &str| codes.binary_search_by(|info| info.code.cmp(code)).ok().map(|at| at as u32);
        CodeTable {
            of_label: matches.iter().map(|found| position(found.as_ref()?.code)).collect(),
            of_table: fixed.iter().map(|code| position((*code)?)).collect(),
            own_labels: matches.iter().flatten().filter_map(|found| found.own_label).collect(),
            members: members(dimension, &codes),
            dimension,
            codes,
        }
    }

    /// How many codes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The index of a code.
    #[must_use]
    pub fn index(&self, code: &str) -> Option<u32> {
        self.codes.binary_search_by(|info| info.code.cmp(code)).ok().map(|at| at as u32)
    }

    /// The index of the total.
    #[must_use]
    pub fn total(&self) -> Option<u32> {
        self.index(TOTAL)
    }

    /// A code as it is published; none where it is unknown.
    #[must_use]
    pub fn info(&self, at: u32) -> Option<&CodeInfo<'d>> {
        self.codes.get(at as usize)
    }

    /// The text of a code; empty where it is unknown.
    #[must_use]
    pub fn code(&self, at: u32) -> &'d str {
        self.info(at).map_or("", |info| info.code)
    }

    /// Whether a code is of a kind.
    #[must_use]
    pub fn is(&self, at: u32, kind: CodeKind) -> bool {
        self.info(at).is_some_and(|info| info.kind == kind)
    }

    /// All codes in their order.
    #[must_use]
    pub fn infos(&self) -> &[CodeInfo<'d>] {
        &self.codes
    }

    /// Whether a code is a group that holds another.
    #[must_use]
    pub fn holds(&self, group: u32, code: u32) -> bool {
        self.members.contains(&(group, code))
    }

    /// The code of a label, or where none is printed, of its table.
    #[must_use]
    pub fn resolve(&self, label: Option<u32>, table: u32) -> Option<u32> {
        match label {
            Some(label) => self.of_label.get(label as usize).copied().flatten(),
            None => self.of_table.get(table as usize).copied().flatten(),
        }
    }

    /// The categories of its column.
    ///
    /// # Errors
    /// Only where polars refuses them.
    pub fn dtype(&self) -> Result<DataType> {
        enum_of(self.codes.iter().map(|info| info.code))
    }
}

/// Which codes hold which.
fn members(dimension: &Dimension, codes: &[CodeInfo<'_>]) -> BTreeSet<(u32, u32)> {
    let all = || (0..).zip(codes);
    let groups = all().filter(|(_, info)| info.kind == CodeKind::Group);
    let pairs = groups.flat_map(|group| all().map(move |code| (group, code)));
    let held = pairs
        .filter(|((_, group), (_, code))| group.code != code.code && dimension.holds(group.code, code.code));
    held.map(|((group, _), (code, _))| (group, code)).collect()
}

/// The type of a column of texts that are known beforehand, in their order.
///
/// # Errors
/// Where two are alike.
pub fn enum_of<'t>(texts: impl IntoIterator<Item = &'t str>) -> Result<DataType> {
    Ok(DataType::from_frozen_categories(FrozenCategories::new(texts)?))
}

/// A column of an `Enum` from the indices of its categories.
///
/// # Errors
/// Only where polars refuses it.
pub fn enum_column(
    name: &str,
    indices: impl IntoIterator<Item = Option<u32>>,
    dtype: &DataType,
) -> Result<Column> {
    let indices: UInt32Chunked = indices.into_iter().collect();
    let physical = indices.into_series().cast(&dtype.cat_physical()?.dtype())?;
    Ok(Series::from_cats_and_dtype(&physical, dtype, true)?.with_name(name.into()).into())
}

/// The indices of an `Enum` column; [`UNKNOWN`] where it is null.
///
/// # Errors
/// Where the frame has no such column.
pub fn enum_indices(frame: &DataFrame, name: &str) -> Result<Vec<u32>> {
    let physical = frame.column(name)?.to_physical_repr().cast(&DataType::UInt32)?;
    Ok(physical.u32()?.iter().map(|index| index.unwrap_or(UNKNOWN)).collect())
}

/// The dimensions that labels of a table's rows or columns can name.
#[must_use]
pub fn printed_dimensions(definition: &Definition, table: u32) -> Vec<usize> {
    let table = &definition.tables[table as usize];
    let framed = table.frame.iter().flat_map(FrameDefinition::roles);
    let roles = table.label_columns.iter().flat_map(|column| &column.roles);
    let roles = roles.chain(&table.heading_roles).chain(framed);
    let dimensions: BTreeSet<usize> = roles
        .filter_map(|role| match role {
            Role::Dimension(at) | Role::Code(at) => Some(*at),
            _ => None,
        })
        .collect();
    dimensions.into_iter().collect()
}
