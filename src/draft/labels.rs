//! The labels of each dimension and their figures, as extraction reads them: lines joined, markers and words taken off, rows
//! and columns in their places. A draft that knows no code yet is enough for that.

use std::collections::{BTreeSet, HashMap};

use anyhow::Result;
use indexmap::{IndexMap, IndexSet};
use polars::prelude::{DataFrame, DataType, UInt32Chunked};

use crate::dataset::Definition;
use crate::document::Content;
use crate::draft::sums::{LabelFigure, LabelFigures};
use crate::extract::titles::TableTitles;
use crate::extract::{RawBuilder, RawObservations, extract_document, find_layouts, guide, raw_label_column};
use crate::input;
use crate::regions::normalize;

/// The labels of a dimension.
#[derive(Clone, Debug, Default)]
pub struct DimensionLabels {
    /// The distinct ones, in the order in which documents print them.
    pub labels: Vec<String>,
    /// Their figures.
    pub figures: LabelFigures,
}

impl DimensionLabels {
    /// The same with labels that are printed, and were not read.
    #[must_use]
    pub fn with(mut self, printed: &[String]) -> DimensionLabels {
        let mut known: BTreeSet<String> = self.labels.iter().map(|label| normalize(label)).collect();
        self.labels.extend(printed.iter().filter(|label| known.insert(normalize(label))).cloned());
        let count = self.labels.len();
        self.figures.labels = count;
        for column in &mut self.figures.columns {
            column.resize(count, LabelFigure::Absent);
        }
        self
    }
}

/// The most columns of figures that sums are looked for in: more prove no more.
const MOST_COLUMNS: usize = 300;

/// The labels of each dimension of a definition.
///
/// # Errors
/// Only where polars refuses a frame.
pub fn read_labels(contents: &[Content], definition: &Definition) -> Result<Vec<DimensionLabels>> {
    let mut labels = vec![IndexSet::new(); definition.dimensions.len()];
    let mut columns = vec![IndexMap::new(); definition.dimensions.len()];
    let guide = guide(definition);
    for (index, content) in (0..).zip(contents) {
        let document = input::guided_document(content, &guide);
        let layouts = find_layouts(&document, &guide);
        let titles = TableTitles::new(&document, &layouts, definition);
        let mut raw = RawBuilder::new(definition, 0);
        extract_document(&document, index, &layouts, &titles, definition, &mut raw);
        let raw = raw.finish(definition)?;
        let coordinates = read_coordinates(&raw, definition)?;
        for dimension in 0..labels.len() {
            add_figures(&raw, &coordinates, dimension, &mut labels[dimension], &mut columns[dimension])?;
        }
    }
    Ok(labels.into_iter().zip(columns).map(|(labels, columns)| collect(labels, columns)).collect())
}

/// Figures of the labels of a dimension, by all else that tells them apart.
type Columns = IndexMap<Vec<Option<u32>>, HashMap<usize, LabelFigure>>;

/// The columns that tell figures apart: those of the dimensions' labels, then the document, the table and the heading.
fn read_coordinates(raw: &RawObservations, definition: &Definition) -> Result<Vec<UInt32Chunked>> {
    let labels = definition.dimensions.iter().map(|dimension| raw_label_column(dimension.name()).to_string());
    let others = ["document", "table", "heading", "measure"].map(str::to_owned);
    labels.chain(others).map(|name| column(&raw.frame, &name)).collect()
}

fn column(frame: &DataFrame, name: &str) -> Result<UInt32Chunked> {
    Ok(frame.column(name)?.cast(&DataType::UInt32)?.u32()?.clone())
}

fn add_figures(
    raw: &RawObservations,
    coordinates: &[UInt32Chunked],
    dimension: usize,
    labels: &mut IndexSet<String>,
    columns: &mut Columns,
) -> Result<()> {
    let values = raw.frame.column("value")?.i64()?;
    for row in 0..raw.frame.height() {
        let Some(label) = coordinates[dimension].get(row) else { continue };
        let text = &raw.labels[label as usize].text;
        if text.is_empty() {
            continue;
        }
        let place = labels.insert_full(text.clone()).0;
        let others = coordinates.iter().enumerate().filter(|(at, _)| *at != dimension);
        let key: Vec<Option<u32>> = others.map(|(_, column)| column.get(row)).collect();
        if columns.len() >= MOST_COLUMNS && !columns.contains_key(&key) {
            continue;
        }
        let figures = columns.entry(key).or_default();
        figures.insert(place, values.get(row).map_or(LabelFigure::Symbol, LabelFigure::Value));
    }
    Ok(())
}

fn collect(labels: IndexSet<String>, columns: Columns) -> DimensionLabels {
    let count = labels.len();
    let column = |figures: HashMap<usize, LabelFigure>| {
        (0..count).map(|label| figures.get(&label).copied().unwrap_or_default()).collect()
    };
    let columns = columns.into_values().map(column).collect();
    DimensionLabels { labels: labels.into_iter().collect(), figures: LabelFigures { labels: count, columns } }
}
