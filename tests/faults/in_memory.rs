//! Documents taken through the library without files, a batch at a time.

use std::collections::BTreeSet;

use bluebook::dataset::Definition;
use bluebook::document::{Content, Document};
use bluebook::extract::titles::TableTitles;
use bluebook::extract::{ExtractedDocument, RawBuilder, extract_document, find_layouts, guide};
use bluebook::input;
use bluebook::layout::tables::Layout;
use bluebook::normalize::{BatchContext, DefinitionUsage, TableRef};
use bluebook::problem::Problem;
use bluebook::transform::transform;
use chrono::{Days, NaiveDate};

/// A release for each document, so that none is compared with another.
fn release(at: usize) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap().checked_add_days(Days::new(at as u64)).unwrap()
}

/// The problems of each document.
pub fn problems(texts: &[&str], first: usize, definition: &Definition) -> Vec<Vec<Problem>> {
    let path = |at: usize| format!("{at}.txt");
    let contents: Vec<Content> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| input::read(&path(at), text.as_bytes(), None).unwrap())
        .collect();
    let documents: Vec<Document<'_>> = contents.iter().map(input::document).collect();
    let guide = guide(definition);
    let layouts: Vec<Vec<Layout>> = documents.iter().map(|document| find_layouts(document, &guide)).collect();
    let mut raw = RawBuilder::new(definition, 0);
    let extracted: Vec<ExtractedDocument> = documents
        .iter()
        .zip(&layouts)
        .zip(0..)
        .map(|((document, layouts), index)| {
            let titles = TableTitles::new(document, layouts, definition);
            extract_document(document, index, layouts, &titles, definition, &mut raw)
        })
        .collect();
    let damaged: BTreeSet<TableRef> = extracted
        .iter()
        .zip(0..)
        .flat_map(|(of, at)| of.damaged.iter().map(move |table| (at, *table)))
        .collect();
    let releases: Vec<Option<NaiveDate>> = (0..texts.len()).map(|at| Some(release(first + at))).collect();
    let context = BatchContext { definition, documents: &documents, releases: &releases, damaged: &damaged };
    let raw = raw.finish(definition).unwrap();
    let transformed = transform(raw, context, &mut DefinitionUsage::default(), false).unwrap();
    let found = extracted.iter().flat_map(|of| of.problems.clone());
    let all: Vec<Problem> = found.chain(transformed.problems).collect();
    let of = |at: usize| all.iter().filter(|problem| problem.spans[0].file == path(at)).cloned().collect();
    (0..texts.len()).map(of).collect()
}
