//! Where the time of a run goes: one annex from its text to its rows, and its parts.

#![allow(missing_docs, clippy::unwrap_used)] // the macros of criterion document nothing

use std::hint::black_box;
use std::path::PathBuf;

use bluebook::dataset::{self, Definition};
use bluebook::document::Content;
use bluebook::extract::observations::{Collector, layouts};
use bluebook::extract::{self, number, period};
use bluebook::input;
use bluebook::pipeline::{self, Job};
use bluebook::regions::{Resolver, Usage};
use criterion::{Criterion, criterion_group, criterion_main};

const ANNEX: &str = "input/hk-talent-admissions-2026-02.txt";

fn definitions() -> Vec<Definition> {
    dataset::built_in().unwrap()
}

fn content() -> Content {
    extract::read(ANNEX, &std::fs::read(ANNEX).unwrap(), None).unwrap()
}

fn steps(criterion: &mut Criterion) {
    let bytes = std::fs::read(ANNEX).unwrap();
    let (content, definitions) = (content(), definitions());
    criterion.bench_function("read", |b| b.iter(|| extract::read(ANNEX, black_box(&bytes), None).unwrap()));
    criterion.bench_function("lay out", |b| b.iter(|| layouts(&extract::document(black_box(&content)))));
    let document = extract::document(&content);
    let layouts = layouts(&document);
    criterion.bench_function("collect", |b| {
        b.iter(|| Collector::default().read(black_box(&document), 0, &layouts, &definitions[0]));
    });
}

fn whole(criterion: &mut Criterion) {
    let sources = input::sources(&[PathBuf::from(ANNEX)], None).unwrap();
    let job = Job { sources, definitions: definitions(), chosen: false, encoding: None, threads: 1 };
    criterion.bench_function("one annex, to its rows", |b| {
        b.iter(|| pipeline::run(black_box(&job), |_| Ok(()), |_| {}).unwrap());
    });
}

fn words(criterion: &mut Criterion) {
    criterion.bench_function("a definition", |b| b.iter(definitions));
    criterion.bench_function("a figure", |b| b.iter(|| number::parse(black_box("47 021"), 0)));
    criterion
        .bench_function("a period", |b| b.iter(|| period::parse(black_box("2026 (as at end- February)"))));
}

/// Labels as they stand in tables, from the plain to the unknown; and how often each asks for memory.
fn labels(criterion: &mut Criterion) {
    let usage = Usage::default();
    let mut resolver = Resolver::new(&usage);
    let labels = [
        "Canada",
        "The United Kingdom",
        "Côte d’Ivoire",
        "中國內地",
        "Others",
        "Benin, Republic of",
        "Canada (1)",
        "Myanmar/Burma",
        "Other Asian countries",
        "Atlantis",
    ];
    for label in labels {
        resolver.resolve(label);
        let asked = allocation_counter::measure(|| {
            let _ = black_box(resolver.resolve(black_box(label)));
        });
        let name = format!("the region {label} ({} allocations)", asked.count_total);
        criterion.bench_function(&name, |b| b.iter(|| resolver.resolve(black_box(label))));
    }
}

criterion_group!(benches, steps, whole, words, labels);
criterion_main!(benches);
