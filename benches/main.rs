//! Where the time of a run goes: one annex from its text to its rows, and its parts.

#![allow(missing_docs, clippy::unwrap_used)] // the macros of criterion document nothing

use std::collections::BTreeSet;
use std::hint::black_box;
use std::io::Cursor;
use std::path::PathBuf;

use bluebook::checks;
use bluebook::dataset::{self, Definition};
use bluebook::document::{Cell, Content, Document};
use bluebook::extract::figure::{Known, Reading};
use bluebook::extract::titles::TableTitles;
use bluebook::extract::{RawBuilder, extract_document, find_layouts, guide};
use bluebook::grammar::period::heading;
use bluebook::grammar::{footnote, number};
use bluebook::input;
use bluebook::input::limits::Limits;
use bluebook::input::workbook::{self, WorkbookFormat};
use bluebook::layout::tables::Layout;
use bluebook::normalize::{BatchContext, DefinitionUsage, normalize};
use bluebook::pipeline;
use bluebook::regions::{Resolver, ResolverOptions};
use bluebook::run::RunConfig;
use bluebook::transform::transform;
use criterion::{Criterion, criterion_group, criterion_main};

const ANNEX: &str = "input/hk-talent-admissions-2026-02.txt";

/// Headings of several kinds, and cells that are none.
const HEADINGS: [&str; 9] = [
    "2023",
    "2026 (as at end- February)",
    "Q1 2025",
    "2023-24",
    "Year ending June 2023",
    "As at 31 December 2021",
    "2025年第一季",
    "47 021",
    "The United Kingdom",
];

fn definitions() -> Vec<Definition> {
    dataset::built_in().unwrap()
}

fn content() -> Content {
    input::read(ANNEX, &std::fs::read(ANNEX).unwrap(), None).unwrap()
}

fn steps(criterion: &mut Criterion) {
    let bytes = std::fs::read(ANNEX).unwrap();
    let (content, definitions) = (content(), definitions());
    criterion.bench_function("read", |b| b.iter(|| input::read(ANNEX, black_box(&bytes), None).unwrap()));
    let (definition, guide) = (&definitions[0], guide(&definitions[0]));
    criterion.bench_function("lay out", |b| {
        b.iter(|| find_layouts(&input::document(black_box(&content)), &guide));
    });
    let document = input::document(&content);
    let layouts = find_layouts(&document, &guide);
    let titles = TableTitles::new(&document, &layouts, definition);
    criterion.bench_function("extract", |b| {
        b.iter(|| {
            let mut raw = RawBuilder::new(definition, 0);
            extract_document(black_box(&document), 0, &layouts, &titles, definition, &mut raw);
            raw.finish(definition).unwrap()
        });
    });
}

/// What proof costs: a batch of annexes from their bytes to raw observations, and their checks alone.
fn proof(criterion: &mut Criterion) {
    const ANNEXES: usize = 128;
    let (bytes, definitions) = (std::fs::read(ANNEX).unwrap(), definitions());
    let (definition, guide) = (&definitions[0], guide(&definitions[0]));
    let read = || input::read(ANNEX, black_box(&bytes), None).unwrap();
    let contents: Vec<Content> = (0..ANNEXES).map(|_| read()).collect();
    let documents: Vec<Document<'_>> = contents.iter().map(input::document).collect();
    let tables: Vec<Vec<Layout>> = documents.iter().map(|document| find_layouts(document, &guide)).collect();
    let titles = TableTitles::new(&documents[0], &tables[0], definition);
    let collect = || {
        let mut raw = RawBuilder::new(definition, 0);
        for (document, (index, tables)) in documents.iter().zip((0..).zip(&tables)) {
            extract_document(document, index, tables, &titles, definition, &mut raw);
        }
        raw.finish(definition).unwrap()
    };
    criterion.bench_function("128 annexes, extracted", |b| {
        b.iter(|| {
            for _ in 0..ANNEXES {
                black_box(find_layouts(&input::document(&read()), &guide));
            }
            collect()
        });
    });
    let (releases, damaged) = (vec![None; ANNEXES], BTreeSet::new());
    let context = BatchContext { definition, documents: &documents, releases: &releases, damaged: &damaged };
    let batch = normalize(collect(), context, &mut DefinitionUsage::default()).unwrap();
    criterion.bench_function("128 annexes, checked", |b| {
        b.iter(|| checks::prove(&batch, context, &mut Vec::new()).unwrap());
    });
    criterion.bench_function("128 annexes, transformed", |b| {
        b.iter(|| transform(collect(), context, &mut DefinitionUsage::default()).unwrap());
    });
}

fn whole(criterion: &mut Criterion) {
    let sources = input::find_sources(&[PathBuf::from(ANNEX)], None).unwrap();
    let config = RunConfig {
        sources,
        definitions: definitions(),
        is_chosen: false,
        encoding: None,
        limits: Limits::default(),
        threads: 1,
        keeps_layouts: false,
        shows_unsound: false,
    };
    criterion.bench_function("one annex, to its rows", |b| {
        b.iter(|| pipeline::process_documents(black_box(&config), |_| Ok(()), |_| {}).unwrap());
    });
}

fn words(criterion: &mut Criterion) {
    criterion.bench_function("a definition", |b| b.iter(definitions));
    criterion.bench_function("a figure", |b| b.iter(|| number::parse(black_box("47 021"), 0)));
    let comma = |text| number::NumberConvention::COMMA.parse(text, 2);
    criterion.bench_function("a figure with a decimal comma", |b| b.iter(|| comma(black_box("47.021,25"))));
    let known = Known::default();
    let reading = Reading {
        definition: None,
        roles: &[],
        measure: 0,
        convention: number::NumberConvention::POINT,
        known: &known,
    };
    let cell = |text: &'static str| Cell::printed(1, text);
    let (figure, nil) = (cell("47 021"), cell("-"));
    let cells = ["47 021", "549", "1 070", "9708"];
    criterion.bench_function("a cell", |b| b.iter(|| reading.read(black_box(&figure))));
    criterion.bench_function("a nil mark", |b| b.iter(|| reading.read(black_box(&nil))));
    criterion.bench_function("the convention of four figures", |b| {
        b.iter(|| {
            number::NumberConvention::detect(black_box(cells).into_iter(), 0, number::NegativeStyle::Minus)
        });
    });
    criterion.bench_function("a label without marks", |b| {
        b.iter(|| footnote::strip_markers(black_box("The United Kingdom")));
    });
    for (text, name) in [("47 021", "a figure"), ("-", "a nil mark"), ("x", "an unknown mark")] {
        println!(
            "{name} allocates {} times",
            count_total(|| drop(black_box(reading.read(black_box(&cell(text))))))
        );
    }
    for heading in HEADINGS {
        criterion.bench_function(&format!("a period: {heading}"), |b| {
            b.iter(|| heading::parse(black_box(heading)));
        });
    }
}

/// How often something allocates.
fn count_total(run: impl FnOnce()) -> u64 {
    allocation_counter::measure(run).count_total
}

/// Labels as they stand in tables, from the plain to the unknown; and how often each asks for memory.
fn labels(criterion: &mut Criterion) {
    let usage = ResolverOptions::default();
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
        let asked = count_total(|| {
            let _ = black_box(resolver.resolve(black_box(label)));
        });
        let name = format!("the region {label} ({asked} allocations)");
        criterion.bench_function(&name, |b| b.iter(|| resolver.resolve(black_box(label))));
    }
}

/// A workbook of a million cells: a tenth of them texts, which repeat.
fn million() -> Vec<u8> {
    const COLUMNS: u16 = 20;
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for row in 0..50_000 {
        for column in 0..COLUMNS {
            let number = (row * 7919 + u32::from(column) * 104_729) % 1_000_003;
            match column % 10 {
                0 => sheet.write(row, column, format!("Region {}", number % 5000)).unwrap(),
                _ => sheet.write(row, column, number).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}

/// What limits cost: a workbook read within them, beside the bare loop of the reader that it is read with.
fn workbooks(criterion: &mut Criterion) {
    let (bytes, limits) = (million(), Limits::default());
    let mut group = criterion.benchmark_group("workbook of a million cells");
    group.sample_size(10);
    group.bench_function("bare loop", |b| {
        b.iter(|| {
            let opened = calamine::open_workbook_from_rs(Cursor::new(black_box(bytes.as_slice())));
            let mut source: calamine::Xlsx<_> = opened.unwrap();
            let mut cells = source.worksheet_cells_reader("Sheet1").unwrap();
            while let Some(cell) = cells.next_cell().unwrap() {
                black_box(cell);
            }
        });
    });
    group.bench_function("within limits", |b| {
        b.iter(|| workbook::read(WorkbookFormat::Xlsx, black_box(&bytes), &limits).unwrap());
    });
    group.finish();
}

criterion_group!(benches, steps, proof, whole, words, labels, workbooks);
criterion_main!(benches);
