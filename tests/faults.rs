//! Single faults put into the annex: each that a total covers is detected, and the right repair is among those listed.
//!
//! A fault is drawn by a generator of its own, so that a run is the same everywhere, and knows what would undo it.

pub mod drawn;
mod in_memory;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use bluebook::dataset::{self, Definition};
use bluebook::problem::exit::Exit;
use bluebook::problem::{Problem, Repair, Rule, worst_exit};

use crate::support::{annex, root};
use drawn::{At, Chance, Cure, Fault, fault, grouped, lines, two_in_a_column, value};
use in_memory::problems;

const FEW: usize = 300;
const MANY: usize = 10_000;
/// Documents of a batch, as a run has them.
const BATCH: usize = 50;

#[test]
fn every_fault_that_a_total_covers_is_found_and_its_repair_is_listed() {
    println!("{}", assert_all_found(FEW, 1));
}

#[test]
#[ignore = "takes half a minute without optimisation"]
fn every_fault_of_ten_thousand_is_found() {
    println!("{}", assert_all_found(MANY, 2));
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
    let all = tally.all();
    let unlisted: usize = tally.unlisted.values().map(Vec::len).sum();
    let is_rare = unlisted * 100 < all.number;
    assert!(is_rare && all.listed < 5.0 && all.in_five > 90.0, "the list helps nobody: {}", tally.report());
    tally.report()
}

#[test]
fn what_is_listed_of_two_faults_says_that_it_may_be_of_one() {
    println!("{}", try_pairs(100, 5));
}

#[test]
#[ignore = "takes half a minute without optimisation"]
fn what_is_listed_of_two_thousand_pairs() {
    println!("{}", try_pairs(2_000, 6));
}

/// Two figures of a column changed at once: how many are found, and of the lists how many hold a true repair, or say that none
/// may be. A true one gives one of the two figures back.
fn try_pairs(number: usize, seed: u64) -> String {
    let (annex, mut chance) = (annex(), Chance(seed));
    let lines = lines(&annex);
    let definition = dataset::find("hk-talent-admissions").unwrap().unwrap();
    let faults: Vec<Fault> =
        (0..number).filter_map(|_| two_in_a_column(&mut chance, &annex, &lines)).collect();
    let (mut found, mut lists, mut without, mut saying, mut pasted) = (0, 0, 0, 0, 0);
    for batch in faults.chunks(BATCH) {
        let texts: Vec<&str> = batch.iter().map(|fault| fault.text.as_str()).collect();
        for (fault, problems) in batch.iter().zip(problems(&texts, 0, &definition)) {
            let Cure::Cells(cells) = &fault.cure else { continue };
            found += usize::from(worst_exit(&problems) == Exit::Problems);
            for problem in problems.iter().filter(|problem| !problem.repairs.is_empty()) {
                lists += 1;
                let is_true = |repair: &Repair| {
                    repair.changes.iter().filter(|change| !change.meant.is_empty()).any(|change| {
                        cells.contains(&((change.place.row, change.place.column), value(&change.meant)))
                    })
                };
                let has_true = problem.repairs.iter().any(is_true);
                let says =
                    problem.help.as_deref().is_some_and(|help| help.contains("if a single figure is wrong"));
                without += usize::from(!has_true);
                saying += usize::from(!has_true && says);
                pasted += usize::from(
                    !has_true && problem.repairs.iter().any(|repair| repair.correction.is_some()),
                );
            }
        }
    }
    assert_eq!((found, saying), (faults.len(), without), "each is found, and each list says what it is");
    format!(
        "{} pairs, {found} found; {lists} lists, of which {without} hold no true repair, {saying} say that they may not, and {pasted} offer a correction to paste",
        faults.len()
    )
}

/// Whatever correction is listed, pasted into the definition it leaves no problem.
#[test]
fn every_correction_that_is_listed_works() {
    let (annex, mut chance) = (annex(), Chance(3));
    let lines = lines(&annex);
    let built_in =
        std::fs::read_to_string(root().join("src/dataset/built_in/hk-talent-admissions.toml")).unwrap();
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
    assert!(pasted > 10, "only {pasted} corrections were tried");
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

#[derive(Default)]
struct Tally {
    undetectable: BTreeMap<(&'static str, &'static str), usize>,
    /// By kind: faults that are problems of their own, and the place of the right repair and how many were listed.
    own: BTreeMap<&'static str, usize>,
    listed: BTreeMap<&'static str, Vec<(usize, usize)>>,
    /// By kind: problems that do not list the right repair.
    unlisted: BTreeMap<&'static str, Vec<String>>,
}

impl Tally {
    fn add(&mut self, fault: &Fault, problems: &[Problem]) {
        if let Cure::Nothing(why) = fault.cure {
            assert!(
                problems.iter().all(|problem| problem.rule != Rule::Total),
                "{}: {problems:#?}",
                fault.kind
            );
            *self.undetectable.entry((fault.kind, why)).or_default() += 1;
            return;
        }
        assert_eq!(
            worst_exit(problems),
            Exit::Problems,
            "{} was not detected in\n{}",
            fault.kind,
            fault.text
        );
        let totals: Vec<&Problem> = problems.iter().filter(|problem| problem.rule == Rule::Total).collect();
        let [total] = totals[..] else {
            assert!(totals.is_empty(), "one fault, and {} problems: {totals:#?}", totals.len());
            *self.own.entry(fault.kind).or_default() += 1;
            return;
        };
        let rank = total.repairs.iter().position(|repair| undoes(repair, &fault.cure));
        let Some(rank) = rank else {
            self.unlisted.entry(fault.kind).or_default().push(format!("{:?} is not in {total}", fault.cure));
            return;
        };
        self.listed.entry(fault.kind).or_default().push((rank + 1, total.repairs.len()));
    }

    fn all(&self) -> Ranks {
        Ranks::of(&self.listed.values().flatten().copied().collect::<Vec<_>>())
    }

    fn report(&self) -> String {
        let mut report = String::new();
        for ((kind, why), number) in &self.undetectable {
            writeln!(report, "{kind}: {number} can't be detected: {why}").unwrap();
        }
        for (kind, number) in &self.own {
            writeln!(report, "{kind}: {number} are problems of their own").unwrap();
        }
        for (kind, unlisted) in &self.unlisted {
            writeln!(
                report,
                "{kind}: {} do not list the right repair; the first: {}",
                unlisted.len(),
                unlisted[0]
            )
            .unwrap();
        }
        let kinds = self.listed.iter().map(|(kind, listed)| (*kind, Ranks::of(listed)));
        for (kind, Ranks { number, listed, most, rank, first, in_five }) in kinds.chain([("all", self.all())])
        {
            writeln!(
                report,
                "{kind}: {number} with {listed:.1} repairs listed (at most {most}), the right one at {rank:.1} on average, first in {first:.0} %, in the first five in {in_five:.0} %",
            )
            .unwrap();
        }
        report
    }
}

/// Where the right repairs stood.
struct Ranks {
    number: usize,
    /// How many repairs were listed: on average, and at most.
    listed: f64,
    most: usize,
    /// The place of the right one, on average.
    rank: f64,
    /// How often it was first, or among the first five, in percent.
    first: f64,
    in_five: f64,
}

impl Ranks {
    fn of(ranks: &[(usize, usize)]) -> Ranks {
        let mean =
            |of: &dyn Fn(&(usize, usize)) -> f64| ranks.iter().map(of).sum::<f64>() / ranks.len() as f64;
        let within = |most: usize| mean(&|(rank, _)| if *rank <= most { 100.0 } else { 0.0 });
        Ranks {
            number: ranks.len(),
            listed: mean(&|(_, listed)| *listed as f64),
            most: ranks.iter().map(|(_, listed)| *listed).max().unwrap_or_default(),
            rank: mean(&|(rank, _)| *rank as f64),
            first: within(1),
            in_five: within(5),
        }
    }
}
