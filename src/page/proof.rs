//! The proof of a section: every sum and printed indicator that was checked, in words.

use std::collections::BTreeMap;

use crate::dataset::Definition;
use crate::page::rows::Check;
use crate::page::section::{self, SectionKey};
use crate::page::words;

/// What proves the figures of a section.
pub struct Proof {
    /// How much of it holds: `4 of 4 printed totals add up`.
    pub summary: String,
    /// What was checked, and each of its checks.
    pub lines: Vec<(String, Vec<String>)>,
}

/// How many checks of one kind are told one by one.
const TOLD: usize = 12;

/// Whether a check holds a sum against its parts.
pub fn is_sum(check: &Check) -> bool {
    matches!(check.kind.as_str(), "total" | "subtotal" | "tables")
}

/// How many of checks hold, in words; none where there are none.
pub fn count<'r>(checks: impl Iterator<Item = &'r Check>, what: &str, holds: [&str; 2]) -> Option<String> {
    let (mut all, mut passed) = (0, 0);
    for check in checks {
        all += 1;
        passed += usize::from(check.passed);
    }
    let noun = if all == 1 { what.to_owned() } else { format!("{what}s") };
    (all > 0).then(|| {
        format!("{} of {} {noun} {}", words::whole(passed), words::whole(all), holds[usize::from(all != 1)])
    })
}

/// How many sums hold, and how many printed changes and percentages.
pub fn counts(checks: &[&Check]) -> Vec<String> {
    let sums = count(checks.iter().copied().filter(|of| is_sum(of)), "printed total", ["adds up", "add up"]);
    let claims = checks.iter().copied().filter(|of| !is_sum(of));
    let claims = count(claims, "printed change or percentage", ["agrees", "agree"]);
    sums.into_iter()
        .chain(claims)
        .map(|words| words.replace("change or percentages", "changes and percentages"))
        .collect()
}

/// The checks of each section.
pub fn by_section<'r>(checks: &'r [Check], apart: &[usize]) -> BTreeMap<SectionKey, Vec<&'r Check>> {
    let mut sections = BTreeMap::<SectionKey, Vec<&Check>>::new();
    for check in checks {
        sections.entry(section::key(&check.codes, check.measure, apart)).or_default().push(check);
    }
    sections
}

impl Proof {
    /// The proof of a section by its checks.
    pub fn new(checks: &[&Check], apart: &[usize], definition: &Definition) -> Proof {
        let mut groups = BTreeMap::<(&str, &str, &[String]), Vec<&Check>>::new();
        for check in checks {
            groups.entry((&check.kind, &check.along, &check.codes)).or_default().push(check);
        }
        let line = |((kind, along, codes), checks): ((&str, &str, &[String]), Vec<&Check>)| {
            let named = (0..codes.len()).filter(|at| !apart.contains(at));
            let named = named.map(|at| (&definition.dimensions[at], codes[at].as_str()));
            (format!("{}: {kind} along {along}", words::name_codes(named)), tell(&checks, definition))
        };
        Proof { summary: counts(checks).join("; "), lines: groups.into_iter().map(line).collect() }
    }
}

/// Checks one by one where they are few, else those that are off.
fn tell(checks: &[&Check], definition: &Definition) -> Vec<String> {
    if checks.len() <= TOLD {
        return checks.iter().map(|check| tell_check(check, definition)).collect();
    }
    let exact = checks.iter().filter(|check| check.difference == 0.0).count();
    let periods = || checks.iter().map(|check| check.period);
    let [first, last] =
        [periods().min(), periods().max()].map(|of| of.map_or_else(String::new, |of| of.words()));
    let off = checks.iter().filter(|check| check.difference != 0.0);
    let all = format!("{exact} of {} exact, {first} to {last}", checks.len());
    std::iter::once(all).chain(off.map(|check| tell_check(check, definition))).collect()
}

/// `2023: 49 737 = 6 figures`.
fn tell_check(check: &Check, definition: &Definition) -> String {
    let decimals = definition.measures[check.measure].decimals;
    let word = |value: f64| {
        if is_sum(check) {
            words::figure(value, decimals)
        } else {
            format!("{} ({})", shortest(value), check.unit)
        }
    };
    let (period, published) = (check.period.words(), word(check.published));
    let parts = words::count(check.cells, "figure");
    match (check.difference == 0.0, check.passed) {
        (true, _) => format!("{period}: {published} = {parts}"),
        (false, true) => {
            format!("{period}: {published}, {parts} make {}, which is near enough", word(check.computed))
        }
        (false, false) => format!("{period}: {published}, but {parts} make {}", word(check.computed)),
    }
}

/// A number as short as it reads back.
fn shortest(value: f64) -> String {
    zmij::Buffer::new().format(value).trim_end_matches(".0").to_owned()
}
