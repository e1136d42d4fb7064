//! From the documents of one dataset to the rows that are published of them.

use std::collections::BTreeSet;

use anyhow::{Context as _, Result};
use chrono::NaiveDate;
use polars::prelude::{DataFrame, df};

use crate::columns;
use crate::dataset::{CodeKind, Definition};
use crate::document::Document;
use crate::extract::heading_periods::check_headings;
use crate::extract::missing_tables::find_missing_tables;
use crate::extract::{ExtractedDocument, NoteRecord, RawBuilder, extract_document};
use crate::layout::tables::Table;
use crate::layout_lock::DocumentLayout;
use crate::load::Batch;
use crate::normalize::{BatchContext, DefinitionUsage, TableRef};
use crate::pipeline::{ClassifiedDocument, DatasetResult, Kept};
use crate::problem::exit::Exit;
use crate::problem::{Problem, worst_exit};
use crate::regions::Region;
use crate::summary::{SourceOf, Summary};
use crate::transform::{TransformResult, transform};

/// Takes documents of one dataset from tables to rows.
pub(super) fn process_dataset(
    classified: Vec<ClassifiedDocument<'_>>,
    (dataset, definition): (usize, &Definition),
    keeps: Kept,
    problems: &mut Vec<Problem>,
) -> Result<DatasetResult> {
    let (mut documents, mut tables, mut releases) = (Vec::new(), Vec::new(), Vec::new());
    for of in classified {
        documents.push(of.document);
        tables.push((of.layouts, of.titles));
        releases.push(of.release);
    }
    let figures = tables.iter().flat_map(|(layouts, _)| layouts).flat_map(|layout| &layout.tables);
    let mut raw = RawBuilder::new(definition, figures.map(Table::figures_at_most).sum());
    let mut layouts = Vec::new();
    let mut extracted = Vec::with_capacity(documents.len());
    for (index, (document, (found, titles))) in (0..).zip(documents.iter().zip(&tables)) {
        if keeps.layouts {
            let release = releases[index as usize];
            layouts.push(DocumentLayout::from_document(document, found, titles, definition, release));
        }
        extracted.push(extract_document(document, index, found, titles, definition, &mut raw));
    }
    drop(tables);
    for ((document, of), release) in documents.iter().zip(&mut extracted).zip(&releases) {
        let mut found = check_headings(document, &of.headings, definition, *release);
        of.problems.append(&mut found);
    }
    let missing = find_missing_tables(&documents, &extracted, &releases, definition);
    let damaged = damaged_tables(&extracted);
    let context = BatchContext { definition, documents: &documents, releases: &releases, damaged: &damaged };
    let mut usage = DefinitionUsage::default();
    let mut transformed = transform(raw.finish(definition)?, context, &mut usage, keeps.figures)?;
    let mut found: Vec<Problem> =
        extracted.iter_mut().flat_map(|of| std::mem::take(&mut of.problems)).collect();
    found.append(&mut transformed.problems);
    found.extend(missing);
    let is_sound = worst_exit(&found) == Exit::Done;
    problems.append(&mut found);
    let rows = if is_sound {
        rows(&transformed, &extracted, context)?
    } else if keeps.unsound_rows {
        // Rows that lack what every row has cannot be shown.
        rows(&transformed, &extracted, context).unwrap_or_default()
    } else {
        Vec::new()
    };
    let summary = Summary::new(&extracted, sources(context), &transformed, definition)?;
    let figures = transformed.figures.take().filter(|_| is_sound);
    Ok(DatasetResult { dataset, summary, usage, layouts, rows, figures })
}

/// Tables with cells that were not understood.
fn damaged_tables(extracted: &[ExtractedDocument]) -> BTreeSet<TableRef> {
    let documents = (0..).zip(extracted);
    documents.flat_map(|(index, of)| of.damaged.iter().map(move |table| (index, *table))).collect()
}

/// The rows of all published tables that documents fill.
fn rows(
    transformed: &TransformResult,
    extracted: &[ExtractedDocument],
    context: BatchContext<'_>,
) -> Result<Vec<Batch>> {
    let definition = context.definition;
    let table = |name: &str| columns::table(name, definition).context("a table is declared");
    let mut batch = Batch::default();
    batch.add(&transformed.checks, &table("checks")?, definition)?;
    batch.add(&transformed.observations, &table("observations")?, definition)?;
    if let Some(bounds) = &transformed.bounds {
        batch.add(bounds, &table("bounds")?, definition)?;
    }
    batch.add_frame(notes(extracted, &transformed.repeated, context)?, &table("notes")?, definition)?;
    Ok(vec![batch])
}

/// The notes of documents, without those of tables that an earlier document of the release has, too.
fn notes(
    extracted: &[ExtractedDocument],
    repeated: &BTreeSet<TableRef>,
    context: BatchContext<'_>,
) -> Result<DataFrame> {
    let BatchContext { definition, documents, releases, .. } = context;
    let all = extracted.iter().enumerate();
    let all = all.flat_map(|(index, of)| of.notes.iter().map(move |note| (index, note)));
    let mut notes: Vec<(usize, &NoteRecord)> =
        all.filter(|(index, note)| !repeated.contains(&(*index as u32, note.table))).collect();
    notes.sort_by_key(|(index, note)| (releases[*index], note.note, note.table, *index));
    let texts = |value: &dyn Fn(usize, &NoteRecord) -> Option<String>| {
        notes.iter().map(|(index, note)| value(*index, note)).collect::<Vec<_>>()
    };
    let name = |table: u32| Some(definition.tables[table as usize].name.clone());
    let mut frame = df!(
        "release_date" => notes.iter().map(|(index, _)| releases[*index]).collect::<Vec<_>>(),
        "note" => notes.iter().map(|(_, note)| note.note).collect::<Vec<_>>(),
        "table" => texts(&|_, note| name(note.table)),
        "printed_with" => texts(&|_, note| name(note.printed_with)),
        "text" => texts(&|_, note| Some(note.text.clone())),
        "source" => texts(&|index, _| Some(documents[index].content.name.clone())),
        "source_position" => texts(&|_, note| Some(note.position.clone())),
        "mark" => texts(&|_, note| note.mark.clone()),
        "marked_at" => texts(&|_, note| note.marked_at.clone()),
    )?;
    for at in definition.table_dimensions() {
        let codes = texts(&|_, note| definition.tables[note.table as usize].fixed[at].clone());
        frame.with_column(polars::prelude::Column::new(definition.dimensions[at].name().into(), codes))?;
    }
    Ok(frame)
}

fn sources(context: BatchContext<'_>) -> Vec<SourceOf> {
    let source = |(document, release): (&Document<'_>, &Option<NaiveDate>)| {
        let read = document.content;
        SourceOf {
            path: read.path.clone(),
            name: read.name.clone(),
            sha256: read.sha256.clone(),
            format: read.format.clone(),
            bytes: read.bytes,
            release: *release,
        }
    };
    context.documents.iter().zip(context.releases).map(source).collect()
}

/// The rows of the tables of codes: regions that were used, and all codes of lists of the definition's own.
pub(super) fn code_tables(definition: &Definition, summary: &Summary) -> Result<Batch> {
    let mut batch = Batch::default();
    if let Some(table) = columns::table("regions", definition) {
        batch.add_frame(region_rows(definition, summary)?, &table, definition)?;
    }
    if let Some(table) = columns::table("codes", definition) {
        batch.add_frame(code_rows(definition)?, &table, definition)?;
    }
    Ok(batch)
}

fn region_rows(definition: &Definition, summary: &Summary) -> Result<DataFrame> {
    let dimension = definition.dimensions.iter().zip(&summary.codes).find(|(of, _)| of.is_regions());
    let (dimension, codes) = dimension.context("a dimension has regions")?;
    let used: Vec<Region> = codes.iter().filter_map(|code| dimension.region(code)).collect();
    let name = |region: &Region| dimension.code(region.code).map(|info| info.name);
    Ok(df!(
        "region" => used.iter().map(|region| region.code).collect::<Vec<_>>(),
        "alpha2" => used.iter().map(|region| region.alpha2).collect::<Vec<_>>(),
        "m49" => used.iter().map(|region| region.m49).collect::<Vec<_>>(),
        "region_name" => used.iter().map(name).collect::<Vec<_>>(),
        "region_kind" => used.iter().map(|region| region.kind.name()).collect::<Vec<_>>(),
    )?)
}

fn code_rows(definition: &Definition) -> Result<DataFrame> {
    let own = definition
        .dimensions
        .iter()
        .flat_map(|dimension| dimension.own_codes().iter().map(move |code| (dimension, code)));
    let own: Vec<_> = own.collect();
    let kind = |(dimension, code): &(&crate::dataset::Dimension, &crate::dataset::Code)| {
        let kind = dimension.code(code.code.get_ref()).map_or(CodeKind::Leaf, |info| info.kind);
        dimension.kind_name(kind)
    };
    Ok(df!(
        "dimension" => own.iter().map(|(dimension, _)| dimension.name()).collect::<Vec<_>>(),
        "code" => own.iter().map(|(_, code)| code.code.get_ref().as_str()).collect::<Vec<_>>(),
        "name" => own.iter().map(|(_, code)| code.name.as_str()).collect::<Vec<_>>(),
        "kind" => own.iter().map(kind).collect::<Vec<_>>(),
        "parent" => own.iter().map(|(_, code)| code.parent_code()).collect::<Vec<_>>(),
    )?)
}
