//! Damaged documents: figures, headings, labels, titles, rows, columns and tables changed, exchanged, lost or added, in texts and
//! workbooks. What is published all the same is what the publisher printed, but for what no rule within one document can
//! see; the book lists these kinds (`docs/src/proof.md`).

mod kinds;
mod page;

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Mutex;
use std::thread;

use arrow::util::display::array_value_to_string;
use bluebook::dataset::{Definition, Dimension};
use bluebook::input::limits::Limits;
use bluebook::pipeline::process_document;
use bluebook::problem::exit::Exit;
use bluebook::problem::worst_exit;
use bluebook::run::RunConfig;

use kinds::{Damage, KINDS, damage};
use page::{Page, Truth, annex_page, made_page};

use crate::faults::drawn::Chance;
use crate::support::root;

const FEW: usize = 400;
const MANY: usize = 21_000;

#[test]
fn what_is_damaged_is_refused_or_harmless() {
    println!("{}", try_damages(FEW, 1));
}

/// The long form: `just damage`.
#[test]
#[ignore = "takes minutes"]
fn what_is_damaged_in_twenty_thousand_ways_is_refused_or_harmless() {
    println!("{}", try_damages(MANY, 2));
}

/// The kinds of which some cannot be seen are those of the book.
#[test]
fn the_book_lists_what_cannot_be_seen() {
    let book = std::fs::read_to_string(root().join("docs/src/proof.md")).unwrap();
    let section = book.split("## What cannot be seen").nth(1).expect("the section");
    for (name, _, reason) in KINDS {
        if let Some(reason) = reason {
            assert!(section.contains(reason), "{name}: {reason} is not in the book");
        }
    }
}

/// What became of the damages of a kind.
#[derive(Default)]
struct Tally {
    refused: usize,
    harmless: usize,
    unseen: usize,
    /// How many were published wrong, and one of them.
    wrong: usize,
    example: Option<String>,
}

fn try_damages(number: usize, seed: u64) -> String {
    let sources = [source(&annex_page(), built_in()), source(&made_page(3), made_definition())];
    let tallies: Mutex<BTreeMap<&str, Tally>> = Mutex::default();
    thread::scope(|scope| {
        for half in 0..2 {
            let (sources, tallies) = (&sources, &tallies);
            scope.spawn(move || {
                let mut chance = Chance(seed * 2 + half);
                for at in 0..number / 2 {
                    let (page, config) = &sources[at % 2];
                    let kind = at / 4 % KINDS.len();
                    let is_workbook = at / 2 % 2 == 1;
                    try_damage(&mut chance, (page, config), kind, is_workbook, tallies);
                }
            });
        }
    });
    let (mut report, mut wrong) = (String::new(), String::new());
    for (kind, tally) in tallies.into_inner().unwrap() {
        let Tally { refused, harmless, unseen, .. } = tally;
        writeln!(report, "{kind}: {refused} refused, {harmless} harmless, {unseen} cannot be seen").unwrap();
        if let Some(example) = tally.example {
            writeln!(wrong, "{kind}: {} were published wrong: {example}", tally.wrong).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}{report}");
    report
}

type Source = (Page, RunConfig);

fn source(page: &Page, definition: Definition) -> Source {
    let config = RunConfig {
        sources: Vec::new(),
        definitions: vec![definition],
        is_chosen: true,
        encoding: None,
        limits: Limits::default(),
        threads: 1,
        keeps_layouts: false,
        shows_unsound: false,
    };
    for (name, bytes) in [("a.txt", page.text()), ("a.xlsx", page.workbook())] {
        let published =
            publish(name, &bytes, &config).unwrap_or_else(|problems| panic!("{name}: {problems}"));
        assert_eq!(published, page.truth, "{name}: the sound document is read as it was made");
    }
    (page.clone(), config)
}

fn try_damage(
    chance: &mut Chance,
    (page, config): (&Page, &RunConfig),
    kind: usize,
    is_workbook: bool,
    tallies: &Mutex<BTreeMap<&'static str, Tally>>,
) {
    let (name, make, unseen) = KINDS[kind];
    let Some(Damage { page: damaged, may_be_unseen, file }) = damage(chance, page, make) else { return };
    let (file, bytes) = if is_workbook {
        (format!("{file}.xlsx"), damaged.workbook())
    } else {
        (format!("{file}.txt"), damaged.text())
    };
    let published = publish(&file, &bytes, config);
    let mut tallies = tallies.lock().unwrap();
    let tally = tallies.entry(name).or_default();
    match published {
        Err(_) => tally.refused += 1,
        Ok(published) if published == page.truth => tally.harmless += 1,
        Ok(published) => {
            if may_be_unseen && unseen.is_some() {
                tally.unseen += 1;
                return;
            }
            let differing = published.iter().find(|(key, value)| page.truth.get(*key) != Some(value));
            tally.wrong += 1;
            tally.example.get_or_insert_with(|| {
                let counts = format!("{} of {} figures", published.len(), page.truth.len());
                format!("{file}: {differing:?}, {counts}\n{}", String::from_utf8_lossy(&damaged.text()))
            });
        }
    }
}

/// The printed figures that are published of a document, or the problems.
fn publish(name: &str, bytes: &[u8], config: &RunConfig) -> Result<Truth, String> {
    let (batches, problems) = process_document(name, bytes, config).unwrap();
    if worst_exit(&problems) != Exit::Done {
        return Err(problems.iter().map(ToString::to_string).collect());
    }
    let definition = &config.definitions[0];
    let dimensions = definition.dimensions.iter().map(Dimension::name);
    let keys: Vec<&str> = dimensions.chain(["period"]).collect();
    let mut truth = Truth::new();
    for rows in batches.iter().filter_map(|batch| batch.rows("observations")) {
        let text = |column: &str, at: usize| {
            array_value_to_string(rows.column_by_name(column).unwrap(), at).unwrap()
        };
        for at in (0..rows.num_rows()).filter(|at| text("basis", *at) != "derived") {
            let key: Vec<String> = keys.iter().map(|key| text(key, at)).collect();
            truth.insert(key.join("/"), text("value", at).parse().ok());
        }
    }
    Ok(truth)
}

fn built_in() -> Definition {
    bluebook::dataset::find("hk-talent-admissions").unwrap().unwrap()
}

fn made_definition() -> Definition {
    Definition::parse(page::DEFINITION, "made.toml").unwrap()
}
