//! Histories of two releases, made up by rules: the second is revised honestly, then damaged. What is told of each kind
//! is counted.

use std::collections::{BTreeMap, BTreeSet};

use super::{Axis, Exchange, Figure, find_exchanges};

const LABEL: usize = 0;
const PERIOD: usize = 1;

/// Figures by table and by label and period.
type Release = BTreeMap<(u32, [u32; 2]), i64>;

/// Numbers made by chance, the same in each run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u32) -> u32 {
        (self.next() % u64::from(end)) as u32
    }

    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Revision {
    /// Nothing is revised.
    None,
    /// 5 % of the figures, by up to 10 %.
    Some,
    /// All, by up to 1 %.
    All,
    /// A quarter of the labels, each by a factor of its own of up to 30 %, and figures by 1 % besides.
    Labels,
}

const REVISIONS: [Revision; 4] = [Revision::None, Revision::Some, Revision::All, Revision::Labels];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Damage {
    None,
    ColumnsOfTable,
    Columns,
    LabelsOfTable,
    Labels,
    Titles,
}

/// Of the damages on figures of the annex, and on tables by chance, that many of a hundred are told at least. What is
/// missed are labels with figures of one digit, and columns that differ by less than figures are revised.
const DAMAGES: [(Damage, usize, usize); 6] = [
    (Damage::None, 0, 0),
    (Damage::ColumnsOfTable, 80, 90),
    (Damage::Columns, 95, 95),
    (Damage::LabelsOfTable, 60, 80),
    (Damage::Labels, 60, 80),
    (Damage::Titles, 90, 95),
];

/// How many histories of each kind are made.
const HISTORIES: u64 = 20;

/// The axis, the table or none, and the two that are exchanged.
type Pair = (Axis, Option<u32>, u32, u32);

#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    tried: usize,
    told: usize,
    told_otherwise: usize,
    missed: usize,
}

#[test]
fn no_honest_revision_is_told_and_most_damages_are() {
    for (damage, of_annex, of_tables) in DAMAGES {
        for revision in REVISIONS {
            for (is_annex, least) in [(true, of_annex), (false, of_tables)] {
                let counts = count(is_annex, revision, damage);
                println!("annex: {is_annex}, revised: {revision:?}, damaged: {damage:?}: {counts:?}");
                assert!(counts.told * 100 >= least * counts.tried, "{damage:?}, {revision:?}: {counts:?}");
                assert!(damage != Damage::None || counts.told_otherwise == 0, "{revision:?}: {counts:?}");
            }
        }
    }
}

#[test]
fn each_cause_is_a_finding_in_any_order_of_figures() {
    let before = annex();
    let causes =
        [(Axis::Table, None, 2, 4), (Axis::Code(PERIOD), Some(0), 0, 3), (Axis::Code(LABEL), Some(5), 0, 2)];
    let now = causes.iter().fold(before.clone(), |now, cause| exchange(&now, *cause));
    let mut told: Vec<_> = found(&before, &now).iter().map(pair).collect();
    told.sort_unstable();
    assert_eq!(told, [causes[0], causes[2], causes[1]]);
    let figures = figures(&before, &now);
    let reversed: Vec<Figure> = figures.iter().rev().copied().collect();
    assert_eq!(find_exchanges(&figures), find_exchanges(&reversed));
}

#[test]
fn what_is_exchanged_is_counted() {
    let before = annex();
    let damage = (Axis::Code(PERIOD), None, 0, 1);
    let [told] = &found(&before, &exchange(&before, damage))[..] else { panic!("one is told") };
    assert_eq!((pair(told), told.as_printed, told.exchanged), (damage, 0, told.figures));
}

#[test]
fn another_unit_and_a_new_level_are_no_exchange() {
    let before = annex();
    for change in [|value: i64| value * 1000, |value: i64| value + 3000, |value: i64| value / 2, |_: i64| 0] {
        let now = before.iter().map(|(key, value)| (*key, change(*value))).collect();
        assert_eq!(found(&before, &now), []);
    }
    assert_eq!(find_exchanges(&[]), []);
}

fn count(is_annex: bool, revision: Revision, damage: Damage) -> Counts {
    let mut counts = Counts::default();
    let of_annex = annex();
    for seed in 0..HISTORIES {
        let chance = &mut Chance(seed);
        let before = if is_annex { of_annex.clone() } else { tables(chance) };
        let revised = revise(&before, revision, chance);
        let pair = choose(damage, &before, chance);
        let now = pair.map_or_else(|| revised.clone(), |pair| exchange(&revised, pair));
        if pair.is_some_and(|pair| exchange(&before, pair) == before)
            || (pair.is_none() && damage != Damage::None)
        {
            continue;
        }
        counts.add(&found(&before, &now), pair);
    }
    counts
}

impl Counts {
    fn add(&mut self, exchanges: &[Exchange], damage: Option<Pair>) {
        self.tried += 1;
        match exchanges {
            [] => self.missed += 1,
            [only] if Some(pair(only)) == damage => self.told += 1,
            _ => self.told_otherwise += 1,
        }
    }
}

fn pair(exchange: &Exchange) -> Pair {
    (exchange.axis, exchange.table, exchange.one, exchange.other)
}

/// The annex: 7 tables, 3 to 9 labels, 4 periods.
fn annex() -> Release {
    let text = include_bytes!("../../../tests/data/annex-expected.csv");
    let mut codes = [const { BTreeMap::new() }; 3];
    let mut release = Release::new();
    for fields in csv::Reader::from_reader(&text[..]).records().map(Result::unwrap) {
        let mut index = |axis: usize, code: &str| {
            let next = codes[axis].len() as u32;
            *codes[axis].entry(code.to_owned()).or_insert(next)
        };
        let key = (index(0, &fields[0]), [index(1, &fields[1]), index(2, &fields[5])]);
        release.insert(key, fields[11].parse().unwrap());
    }
    release
}

/// Up to 4 tables of 3 to 40 labels and 2 to 10 periods, with levels from 10 to 100 000 and a trend for each label.
fn tables(chance: &mut Chance) -> Release {
    let (tables, periods) = (1 + chance.below(4), 2 + chance.below(9));
    let mut release = Release::new();
    for table in 0..tables {
        for label in 0..3 + chance.below(38) {
            let mut level = chance.between(10_f64.ln(), 100_000_f64.ln()).exp();
            let trend = chance.between(-0.05, 0.1);
            for period in 0..periods {
                level *= 1.0 + trend + chance.between(-0.03, 0.03);
                release.insert((table, [label, period]), level.round() as i64);
            }
        }
    }
    release
}

fn revise(release: &Release, revision: Revision, chance: &mut Chance) -> Release {
    let factors: Vec<f64> =
        (0..500).map(|_| if chance.below(4) == 0 { chance.between(0.7, 1.3) } else { 1.0 }).collect();
    let mut revised = |(table, [label, _]): (u32, [u32; 2]), value: i64| {
        let factor = match revision {
            Revision::None => 1.0,
            Revision::Some if chance.below(20) > 0 => 1.0,
            Revision::Some => chance.between(0.9, 1.1),
            Revision::All => chance.between(0.99, 1.01),
            Revision::Labels => match factors[(table * 50 + label) as usize % 1000] {
                1.0 => 1.0,
                factor => factor * chance.between(0.99, 1.01),
            },
        };
        (value as f64 * factor).round() as i64
    };
    release.iter().map(|(key, value)| (*key, revised(*key, *value))).collect()
}

/// What the damage is to be told as; none where chance finds no two that some table has both.
fn choose(damage: Damage, release: &Release, chance: &mut Chance) -> Option<Pair> {
    let table = pick(release.keys().map(|key| key.0), chance)?;
    let (axis, table) = match damage {
        Damage::None => return None,
        Damage::ColumnsOfTable => (Axis::Code(PERIOD), Some(table)),
        Damage::Columns => (Axis::Code(PERIOD), None),
        Damage::LabelsOfTable => (Axis::Code(LABEL), Some(table)),
        Damage::Labels => (Axis::Code(LABEL), None),
        Damage::Titles => (Axis::Table, None),
    };
    let within = |key: &&(u32, [u32; 2])| table.is_none_or(|table| key.0 == table);
    let codes = || release.keys().filter(within).map(|key| code(key, axis));
    let (a, b) = (pick(codes(), chance)?, pick(codes(), chance)?);
    let (one, other) = (a.min(b), a.max(b));
    let has = |wanted: u32| release.keys().filter(move |key| code(key, axis) == wanted).map(|key| key.0);
    let ones: BTreeSet<u32> = has(one).collect();
    let both: BTreeSet<u32> = has(other).filter(|table| ones.contains(table)).collect();
    match axis {
        _ if one == other => None,
        Axis::Table => Some((axis, None, one, other)),
        Axis::Code(_) if both.len() == 1 => Some((axis, both.first().copied(), one, other)),
        Axis::Code(_) => (!both.is_empty()).then_some((axis, table, one, other)),
    }
}

fn pick(codes: impl Iterator<Item = u32>, chance: &mut Chance) -> Option<u32> {
    let codes: Vec<u32> = codes.collect::<BTreeSet<_>>().into_iter().collect();
    (!codes.is_empty()).then(|| codes[chance.below(codes.len() as u32) as usize])
}

fn code(key: &(u32, [u32; 2]), axis: Axis) -> u32 {
    match axis {
        Axis::Table => key.0,
        Axis::Code(index) => key.1[index],
    }
}

fn exchange(release: &Release, (axis, table, one, other): Pair) -> Release {
    let moved = |key: &(u32, [u32; 2])| {
        let mut to = *key;
        if table.is_none_or(|table| key.0 == table) {
            let place = match axis {
                Axis::Table => &mut to.0,
                Axis::Code(index) => &mut to.1[index],
            };
            *place = if *place == one {
                other
            } else if *place == other {
                one
            } else {
                *place
            };
        }
        to
    };
    release.iter().map(|(key, value)| (moved(key), *value)).collect()
}

fn found(before: &Release, now: &Release) -> Vec<Exchange> {
    find_exchanges(&figures(before, now))
}

fn figures<'a>(before: &'a Release, now: &Release) -> Vec<Figure<'a>> {
    let both = before.iter().filter_map(|(key, before)| Some((key, *before, *now.get(key)?)));
    both.map(|(key, before, now)| Figure { table: key.0, codes: &key.1, before, now }).collect()
}
