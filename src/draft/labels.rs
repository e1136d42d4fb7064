//! The labels of each dimension, as extraction reads them: lines joined, markers and words taken off, rows and columns in
//! their places. A draft that knows no code yet is enough for that.

use std::collections::BTreeSet;

use anyhow::Result;
use polars::prelude::DataType;

use crate::dataset::Definition;
use crate::document::Document;
use crate::extract::titles::TableTitles;
use crate::extract::{
    RawBuilder, RawObservations, extract_document, find_layouts, heading_vocabulary, raw_label_column,
};

/// The distinct labels of each dimension of a definition, in the order in which documents print them.
///
/// # Errors
/// Only where polars refuses a frame.
pub fn read_labels(documents: &[Document<'_>], definition: &Definition) -> Result<Vec<Vec<String>>> {
    let mut labels = vec![Vec::new(); definition.dimensions.len()];
    for document in documents {
        let layouts = find_layouts(document, &heading_vocabulary(definition));
        let titles = TableTitles::new(document, &layouts, definition);
        let mut raw = RawBuilder::new(definition, 0);
        extract_document(document, 0, &layouts, &titles, definition, &mut raw);
        let raw = raw.finish(definition)?;
        for (dimension, known) in definition.dimensions.iter().zip(&mut labels) {
            add_labels(&raw, dimension.name(), known)?;
        }
    }
    Ok(labels)
}

fn add_labels(raw: &RawObservations, dimension: &str, known: &mut Vec<String>) -> Result<()> {
    let column = raw.frame.column(&raw_label_column(dimension))?.cast(&DataType::UInt32)?;
    let mut seen: BTreeSet<String> = known.iter().cloned().collect();
    for label in column.u32()?.iter().flatten() {
        let text = &raw.labels[label as usize].text;
        if !text.is_empty() && seen.insert(text.clone()) {
            known.push(text.clone());
        }
    }
    Ok(())
}
