//! Documents taken through the library without files, a batch at a time.

use std::collections::BTreeSet;

use bluebook::dataset::Definition;
use bluebook::document::{Content, Document};
use bluebook::extract::observations::{Collector, Extracted, Titles, layouts};
use bluebook::input;
use bluebook::problem::Problem;
use bluebook::transform::{Context, Ledger, TableOf, transform};
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
    let mut collector = Collector::default();
    let read = |(document, index): (&'_ Document<'_>, u32)| (layouts(document), index);
    let laid: Vec<_> = documents.iter().zip(0..).map(read).collect();
    let titles: Vec<Titles> = documents
        .iter()
        .zip(&laid)
        .map(|(document, (layouts, _))| Titles::of(document, layouts, definition))
        .collect();
    let extracted: Vec<Extracted> = documents
        .iter()
        .zip(&laid)
        .zip(&titles)
        .map(|((document, (layouts, index)), titles)| {
            collector.read(document, *index, layouts, titles, definition)
        })
        .collect();
    let damaged: BTreeSet<TableOf> = extracted
        .iter()
        .zip(0..)
        .flat_map(|(of, at)| of.damaged.iter().map(move |rank| (at, *rank)))
        .collect();
    let releases: Vec<Option<NaiveDate>> = (0..texts.len()).map(|at| Some(release(first + at))).collect();
    let context = Context { definition, documents: &documents, releases: &releases, damaged: &damaged };
    let (_, found) = transform(collector.finish().unwrap(), context, &mut Ledger::default()).unwrap();
    let all: Vec<Problem> = extracted.iter().flat_map(|of| of.problems.clone()).chain(found).collect();
    let of = |at: usize| all.iter().filter(|problem| problem.spans[0].file == path(at)).cloned().collect();
    (0..texts.len()).map(of).collect()
}
