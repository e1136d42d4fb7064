//! Single faults put into the annex: each that a total covers is detected, and the right repair is among those listed.
//!
//! A fault is drawn by a generator of its own, so that a run is the same everywhere, and knows what would undo it.

use std::collections::{BTreeMap, BTreeSet};

use bluebook::dataset::{self, Definition};
use bluebook::document::{Content, Document};
use bluebook::extract;
use bluebook::extract::observations::{Collector, Extracted, Titles, layouts};
use bluebook::problem::{Problem, Repair};
use bluebook::transform::{Context, Ledger, TableOf, transform};
use chrono::{Days, NaiveDate};

use crate::support::{annex, root};

const FEW: usize = 300;
const MANY: usize = 10_000;
/// Documents of a batch: each has one table to search at most, and no batch searches more than a hundred.
const BATCH: usize = 50;

#[test]
fn every_fault_that_a_total_covers_is_found_and_its_repair_is_listed() {
    println!("{}", assert_all_found(FEW, 1));
}

#[test]
#[ignore = "takes minutes"]
fn every_fault_of_ten_thousand_is_found() {
    println!("{}", assert_all_found(MANY, 2));
}

/// Numbers that look drawn by chance (Knuth's linear congruence, its upper bits).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % end
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// Where a cell stands: its line and character, from 1.
type At = (u32, u32);

/// What would undo a fault.
#[derive(Clone, Debug, PartialEq)]
enum Cure {
    /// A cell says this again.
    Cells(BTreeSet<(At, i64)>),
    /// A row with these figures comes back.
    Row(Vec<i64>),
    /// Nothing that is added up was changed: why.
    Nothing(&'static str),
}

struct Fault {
    kind: &'static str,
    text: String,
    cure: Cure,
}

/// A line of the annex with figures, and whether a total is printed below it.
struct Line {
    at: usize,
    label: Option<String>,
    cells: Vec<String>,
    is_covered: bool,
}

impl Line {
    fn printed(&self, cells: &[String]) -> String {
        self.label.iter().chain(cells).cloned().collect::<Vec<_>>().join("\t")
    }

    fn values(&self) -> Vec<i64> {
        self.cells.iter().map(|cell| value(cell)).collect()
    }

    fn is_total(&self) -> bool {
        self.label.as_deref() == Some("Total")
    }
}

fn value(cell: &str) -> i64 {
    if cell == "-" { 0 } else { cell.replace(' ', "").parse().unwrap() }
}

/// The lines with figures.
fn lines(annex: &str) -> Vec<Line> {
    let rows = annex
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains('\t') && !line.starts_with("Region") && !line.starts_with("2023"));
    rows.map(|(at, line)| {
        let cells: Vec<String> = line.split('\t').map(ToOwned::to_owned).collect();
        let is_bare = cells.len() == 4;
        let (label, cells) =
            if is_bare { (None, cells) } else { (Some(cells[0].clone()), cells[1..].to_vec()) };
        Line { at, label, cells, is_covered: !is_bare }
    })
    .collect()
}

/// A figure with its thousands parted as the annex does; with zeros in front, as a typist leaves it.
fn grouped(digits: &str) -> String {
    if digits.starts_with('0') {
        return digits.into();
    }
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap()).collect();
    groups.join(" ")
}

const KINDS: [&str; 9] = [
    "digit changed",
    "digits swapped",
    "digit lost",
    "digit doubled",
    "row lost",
    "rows swapped",
    "row's figures swapped",
    "sign",
    "nil mark changed",
];

/// A fault of one of the kinds.
fn fault(chance: &mut Chance, annex: &str, lines: &[Line]) -> Fault {
    let kind = *chance.one(&KINDS);
    let line = chance.one(lines);
    match kind {
        "row lost" => {
            let cure = match line {
                line if !line.is_covered => Cure::Nothing("the table has no total"),
                line if line.is_total() => Cure::Cells(BTreeSet::new()),
                line if line.values().iter().all(|value| *value == 0) => Cure::Nothing("the row is nil"),
                line => Cure::Row(line.values()),
            };
            Fault { kind, text: with(annex, &[(line.at, None)]), cure }
        }
        "rows swapped" | "row's figures swapped" => rows_swapped(kind, chance, annex, lines),
        _ => cell_changed(kind, chance, annex, lines),
    }
}

/// Two rows of a table swapped: with their labels, or their figures alone.
fn rows_swapped(kind: &'static str, chance: &mut Chance, annex: &str, lines: &[Line]) -> Fault {
    let rows: Vec<&Line> = lines.iter().filter(|line| line.label.is_some() && !line.is_total()).collect();
    let pair = chance.below(rows.len() - 1);
    let [a, b] = [rows[pair], rows[pair + 1]];
    let (first, second) = if kind == "rows swapped" || a.at + 1 != b.at {
        (b.printed(&b.cells), a.printed(&a.cells))
    } else {
        (a.printed(&b.cells), b.printed(&a.cells))
    };
    let text = if a.at + 1 == b.at {
        with(annex, &[(a.at, Some(first)), (b.at, Some(second))])
    } else {
        annex.into()
    };
    let why = if kind == "rows swapped" { "the rows say the same" } else { "each sum stays as it was" };
    Fault { kind, text, cure: Cure::Nothing(why) }
}

/// One figure or nil mark changed.
fn cell_changed(kind: &'static str, chance: &mut Chance, annex: &str, lines: &[Line]) -> Fault {
    let fits = |cell: &str| match kind {
        "digits swapped" => cell.len() > 1,
        "nil mark changed" => true,
        _ => cell != "-",
    };
    let nil_first = kind == "nil mark changed" && chance.below(2) == 0;
    let cells: Vec<(&Line, usize)> = lines
        .iter()
        .flat_map(|line| (0..line.cells.len()).map(move |cell| (line, cell)))
        .filter(|(line, cell)| fits(&line.cells[*cell]) && (!nil_first || line.cells[*cell] == "-"))
        .collect();
    let (line, cell) = *chance.one(&cells);
    let printed = &line.cells[cell];
    let becomes = changed(kind, chance, printed);
    let mut cells = line.cells.clone();
    cells[cell].clone_from(&becomes);
    let before: usize =
        line.label.iter().chain(&line.cells[..cell]).map(|cell| cell.chars().count() + 1).sum();
    let at = (line.at as u32 + 1, before as u32 + 1);
    let read = becomes.replace(' ', "").parse::<i64>();
    let is_same = read == Ok(value(printed)) || becomes == *printed;
    let cure = match () {
        () if !line.is_covered => Cure::Nothing("the table has no total"),
        () if is_same => Cure::Nothing("the value is the same"),
        () => Cure::Cells(BTreeSet::from([(at, value(printed))])),
    };
    Fault { kind, text: with(annex, &[(line.at, Some(line.printed(&cells)))]), cure }
}

/// A cell after a fault. Half of the faults hit the printed characters, half the figure, which is printed anew.
fn changed(kind: &str, chance: &mut Chance, cell: &str) -> String {
    let anew = chance.below(2) == 0;
    let mut digits: Vec<char> =
        if anew { cell.replace(' ', "").chars().collect() } else { cell.chars().collect() };
    let at = chance.below(digits.len());
    let digit = char::from_digit(chance.below(10) as u32, 10).unwrap();
    match kind {
        "digit changed" => digits[at] = digit,
        "digits swapped" => {
            let places: Vec<usize> = (0..digits.len()).filter(|at| digits[*at] != ' ').collect();
            let first = chance.below(places.len() - 1);
            let far = if chance.below(2) == 0 { 0 } else { chance.below(places.len() - 1 - first) };
            digits.swap(places[first], places[first + 1 + far]);
        }
        "digit lost" => drop(digits.remove(at)),
        "digit doubled" => digits.insert(at, digits[at]),
        "sign" => digits.insert(0, '-'),
        _ if cell == "-" => digits = chance.below(400).to_string().chars().collect(),
        _ => digits = vec!['-'],
    }
    let text = digits.iter().collect::<String>().trim().to_owned();
    if anew && text.chars().all(|c| c.is_ascii_digit()) { grouped(&text) } else { text }
}

/// The annex with lines changed or taken out.
fn with(annex: &str, changes: &[(usize, Option<String>)]) -> String {
    let changes: BTreeMap<usize, &Option<String>> = changes.iter().map(|(at, line)| (*at, line)).collect();
    let lines = annex.lines().enumerate().filter_map(|(at, line)| match changes.get(&at) {
        Some(changed) => changed.as_ref().map(String::as_str),
        None => Some(line),
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

/// A release for each document, so that none is compared with another.
fn release(at: usize) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap().checked_add_days(Days::new(at as u64)).unwrap()
}

/// The problems of each document.
fn problems(texts: &[&str], first: usize, definition: &Definition) -> Vec<Vec<Problem>> {
    let path = |at: usize| format!("{at}.txt");
    let contents: Vec<Content> = texts
        .iter()
        .enumerate()
        .map(|(at, text)| extract::read(&path(at), text.as_bytes(), None).unwrap())
        .collect();
    let documents: Vec<Document<'_>> = contents.iter().map(extract::document).collect();
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
    let of = |at: usize| all.iter().filter(|problem| problem.marks[0].file == path(at)).cloned().collect();
    (0..texts.len()).map(of).collect()
}

/// Whether a repair undoes a fault.
fn undoes(repair: &Repair, cure: &Cure) -> bool {
    match cure {
        Cure::Cells(cells) => {
            let changes: BTreeSet<(At, i64)> = repair
                .changes
                .iter()
                .map(|change| ((change.place.row, change.place.column), value(&change.meant)))
                .collect();
            changes == *cells
        }
        Cure::Row(figures) => {
            let printed: Vec<String> = figures.iter().map(|figure| grouped(&figure.to_string())).collect();
            let said = repair.words.strip_prefix("a row is missing with ");
            let said = said.and_then(|said| said.split_once("; ")).map(|(said, _)| said.replace('-', "0"));
            said == Some(printed.join(" · "))
        }
        Cure::Nothing(_) => false,
    }
}

/// Whatever correction is listed, pasted into the definition it leaves no problem.
#[test]
fn every_correction_that_is_listed_works() {
    let (annex, mut chance) = (annex(), Chance(3));
    let lines = lines(&annex);
    let built_in = std::fs::read_to_string(root().join("src/dataset/hk-talent-admissions.toml")).unwrap();
    let definition = Definition::parse(&built_in, "built-in.toml").unwrap();
    let faults: Vec<Fault> = (0..60).map(|_| fault(&mut chance, &annex, &lines)).collect();
    let texts: Vec<&str> = faults.iter().map(|fault| fault.text.as_str()).collect();
    let mut pasted = 0;
    for (at, problems_of) in problems(&texts, 0, &definition).iter().enumerate() {
        let repairs = problems_of.iter().flat_map(|problem| &problem.repairs);
        for correction in repairs.filter_map(|repair| repair.correction.as_ref()) {
            let corrected = Definition::parse(&format!("{built_in}\n{correction}"), "own.toml").unwrap();
            let left = problems(&texts[at..=at], at, &corrected);
            assert!(left[0].is_empty(), "{correction}{left:?}");
            pasted += 1;
        }
    }
    assert!(pasted > 60, "only {pasted} corrections were tried");
}

#[derive(Default)]
struct Tally {
    undetectable: BTreeMap<(&'static str, &'static str), usize>,
    /// By kind: faults that are problems of their own, and the place of the right repair and how many were listed.
    own: BTreeMap<&'static str, usize>,
    listed: BTreeMap<&'static str, Vec<(usize, usize)>>,
}

impl Tally {
    fn add(&mut self, fault: &Fault, problems: &[Problem]) {
        if let Cure::Nothing(why) = fault.cure {
            assert!(problems.iter().all(|problem| problem.rule != "total"), "{}: {problems:#?}", fault.kind);
            *self.undetectable.entry((fault.kind, why)).or_default() += 1;
            return;
        }
        assert!(!problems.is_empty(), "{} was not detected in\n{}", fault.kind, fault.text);
        let totals: Vec<&Problem> = problems.iter().filter(|problem| problem.rule == "total").collect();
        let [total] = totals[..] else {
            assert!(totals.is_empty(), "one fault, and {} problems: {totals:#?}", totals.len());
            *self.own.entry(fault.kind).or_default() += 1;
            return;
        };
        let rank = total.repairs.iter().position(|repair| undoes(repair, &fault.cure));
        let rank = rank.unwrap_or_else(|| panic!("{}: {:?} is not in {total}", fault.kind, fault.cure));
        self.listed.entry(fault.kind).or_default().push((rank + 1, total.repairs.len()));
    }

    fn report(&self) -> String {
        let mut report = String::new();
        for ((kind, why), number) in &self.undetectable {
            report += &format!("{kind}: {number} can't be detected: {why}\n");
        }
        for (kind, number) in &self.own {
            report += &format!("{kind}: {number} are problems of their own\n");
        }
        let all: Vec<(usize, usize)> = self.listed.values().flatten().copied().collect();
        for (kind, ranks) in self.listed.iter().chain([(&"all", &all)]) {
            let number = ranks.len() as f64;
            let mean = |of: fn(&(usize, usize)) -> usize| ranks.iter().map(of).sum::<usize>() as f64 / number;
            let within =
                |most: usize| ranks.iter().filter(|(rank, _)| *rank <= most).count() as f64 / number * 100.0;
            report += &format!(
                "{kind}: {number} repaired: {:.1} listed (at most {}), the right one at {:.1} on average, first {:.0} %, in the first five {:.0} %\n",
                mean(|(_, listed)| *listed),
                ranks.iter().map(|(_, listed)| *listed).max().unwrap_or_default(),
                mean(|(rank, _)| *rank),
                within(1),
                within(5)
            );
        }
        report
    }
}

fn assert_all_found(number: usize, seed: u64) -> String {
    let (annex, mut chance, mut tally) = (annex(), Chance(seed), Tally::default());
    let lines = lines(&annex);
    let definition = dataset::find("hk-talent-admissions").unwrap().unwrap();
    let faults: Vec<Fault> = (0..number).map(|_| fault(&mut chance, &annex, &lines)).collect();
    for batch in faults.chunks(BATCH) {
        let texts: Vec<&str> = batch.iter().map(|fault| fault.text.as_str()).collect();
        for (fault, problems) in batch.iter().zip(problems(&texts, 0, &definition)) {
            tally.add(fault, &problems);
        }
    }
    tally.report()
}
