//! What is published of a frame: its own columns, and columns that follow from one of them (the name of a code, the days of a
//! period), each value of which is kept once.

use std::collections::BTreeSet;

use anyhow::Result;
use arrow::array::{StringArray, StringBuilder};
use chrono::NaiveDate;
use polars::prelude::*;

use crate::checks;
use crate::dataset::{Definition, Dimension, Measure};
use crate::extract::raw_label_column;
use crate::grammar::number::MAX_DECIMALS;
use crate::grammar::period::Period;
use crate::normalize::codes::{UNKNOWN, enum_indices};
use crate::normalize::{BatchContext, NormalizedBatch, ids};
use crate::transform::comparisons::COMPARISONS;

/// Rows of a published table.
#[derive(Clone, Debug, Default)]
pub struct PublishedRows {
    /// The columns that differ from row to row.
    pub frame: DataFrame,
    /// The columns that follow from one of them.
    pub lookups: Vec<Lookup>,
    /// Where each row is printed.
    pub positions: Option<StringArray>,
}

/// A column that follows from another.
#[derive(Clone, Debug)]
pub struct Lookup {
    /// Its name.
    pub name: String,
    /// The column of integers, or of an `Enum`, that says which value a row has.
    pub key: String,
    /// The values.
    pub values: LookupValues,
}

/// The values of a lookup.
#[derive(Clone, Debug)]
pub enum LookupValues {
    /// Texts.
    Text(Vec<String>),
    /// Days.
    Date(Vec<Option<NaiveDate>>),
    /// Integers.
    Int32(Vec<i32>),
    /// Booleans.
    Boolean(Vec<bool>),
    /// Powers of ten by which figures are divided.
    Decimals(Vec<u32>),
}

impl Lookup {
    fn text<T: Into<String>>(name: &str, key: &str, values: impl IntoIterator<Item = T>) -> Lookup {
        let values = LookupValues::Text(values.into_iter().map(Into::into).collect());
        Lookup { name: name.into(), key: key.into(), values }
    }
}

impl PublishedRows {
    /// The lookup of a name.
    #[must_use]
    pub fn lookup(&self, name: &str) -> Option<&Lookup> {
        self.lookups.iter().find(|lookup| lookup.name == name)
    }
}

/// A frame with what follows from its columns, and where its rows are printed; `unit_key` is the column that tells the unit of
/// its figures.
pub(super) fn publish_rows(
    frame: DataFrame,
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
    unit_key: &str,
) -> Result<PublishedRows> {
    let positions = Some(positions(&frame, context)?);
    Ok(PublishedRows { lookups: lookups(batch, context, unit_key), frame, positions })
}

/// The same of a frame whose rows no document prints.
pub(super) fn publish_computed(
    frame: DataFrame,
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
) -> PublishedRows {
    PublishedRows { lookups: lookups(batch, context, "measure"), frame, positions: None }
}

/// For each dimension, the codes that a frame uses.
pub(super) fn used_codes(frame: &DataFrame, batch: &NormalizedBatch<'_>) -> Result<Vec<BTreeSet<String>>> {
    let used = |codes: &crate::normalize::codes::CodeTable<'_>| -> Result<BTreeSet<String>> {
        let indices: BTreeSet<u32> = enum_indices(frame, codes.dimension.name())?.into_iter().collect();
        Ok(indices.into_iter().filter(|at| *at != UNKNOWN).map(|at| codes.code(at).to_owned()).collect())
    };
    batch.codes.iter().map(used).collect()
}

/// What follows from columns of integers and codes.
fn lookups(batch: &NormalizedBatch<'_>, context: BatchContext<'_>, unit_key: &str) -> Vec<Lookup> {
    let definition = context.definition;
    let sources = context.documents.iter().map(|document| document.content.name.as_str());
    let measures = &definition.measures;
    let dimensions = definition.dimensions.iter().map(Dimension::name);
    let mut lookups = vec![
        Lookup {
            name: "release_date".into(),
            key: "document".into(),
            values: LookupValues::Date(context.releases.to_vec()),
        },
        Lookup::text("source", "document", sources),
        Lookup::text("table", "table", definition.tables.iter().map(|table| table.name.as_str())),
        Lookup::text("period_label", "heading", batch.headings.iter().map(|heading| heading.label.as_str())),
        Lookup::text("status", "status", checks::STATUSES),
        Lookup::text("basis", "basis", checks::BASES),
        Lookup::text("comparison", "comparison", COMPARISONS),
        Lookup::text("check", "check", checks::CHECKS),
        Lookup::text("along", "along", dimensions.chain(["period"])),
        Lookup::text("measure", "measure", measures.iter().map(Measure::code)),
        Lookup::text("unit", unit_key, units(definition)),
        Lookup {
            name: "decimals".into(),
            key: "measure".into(),
            values: LookupValues::Decimals(measures.iter().map(|measure| measure.decimals).collect()),
        },
    ];
    lookups.extend(batch.codes.iter().flat_map(|codes| code_lookups(codes, batch)));
    lookups.extend(period_lookups(batch, definition));
    lookups
}

fn code_lookups(codes: &crate::normalize::codes::CodeTable<'_>, batch: &NormalizedBatch<'_>) -> [Lookup; 4] {
    let name = codes.dimension.name();
    let kind = |info: &crate::dataset::CodeInfo<'_>| codes.dimension.kind_name(info.kind);
    let labels = batch.labels.iter().map(|label| label.printed.as_str());
    [
        Lookup::text(name, name, codes.infos().iter().map(|info| info.code)),
        Lookup::text(&format!("{name}_name"), name, codes.infos().iter().map(|info| info.name)),
        Lookup::text(&format!("{name}_kind"), name, codes.infos().iter().map(kind)),
        Lookup::text(&raw_label_column(name), &raw_label_column(name), labels),
    ]
}

fn period_lookups(batch: &NormalizedBatch<'_>, definition: &Definition) -> Vec<Lookup> {
    let periods = batch.periods.periods();
    let days = |day: fn(&Period) -> NaiveDate| {
        LookupValues::Date(periods.iter().map(|period| Some(day(period))).collect())
    };
    let of_period = |name: &str, values| Lookup { name: name.into(), key: "period".into(), values };
    let months = periods.iter().map(|period| period.months as i32).collect();
    let is_partial = periods.iter().map(|period| definition.is_partial(period)).collect();
    vec![
        Lookup::text("period", "period", batch.periods.codes()),
        Lookup::text("previous_period", "previous_period", batch.periods.codes()),
        of_period("period_start", days(|period| period.start)),
        of_period("period_end", days(Period::end)),
        of_period("period_months", LookupValues::Int32(months)),
        of_period("is_partial", LookupValues::Boolean(is_partial)),
    ]
}

/// The units of checks: each measure's, then percent with more and more decimals.
fn units(definition: &Definition) -> Vec<String> {
    let percent = (1..=MAX_DECIMALS as usize).map(|decimals| format!("0.{:0>decimals$} percent", 1));
    let measures = definition.measures.iter().map(|measure| measure.unit.clone());
    measures.chain(["percent".into()]).chain(percent).collect()
}

/// Where each row is printed; null where it is derived.
fn positions(frame: &DataFrame, context: BatchContext<'_>) -> Result<StringArray> {
    let number = |name| -> PolarsResult<&UInt32Chunked> { frame.column(name)?.u32() };
    let cells = number("grid")?.iter().zip(number("row")?.iter()).zip(number("column")?.iter());
    let mut positions = StringBuilder::with_capacity(frame.height(), frame.height() * "123:45".len());
    let mut position = String::new();
    for (document, ((grid, row), column)) in ids(frame, "document")?.iter().zip(cells) {
        let Some(((grid, row), column)) = grid.zip(row).zip(column) else {
            positions.append_null();
            continue;
        };
        position.clear();
        context.documents[*document as usize].grids[grid as usize].write_place(row, column, &mut position);
        positions.append_value(&position);
    }
    Ok(positions.finish())
}
