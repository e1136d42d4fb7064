//! Which tables may have a total derived. Figures add up only where they are no rates and no row counts what another counts;
//! where anything speaks against that, it is for the definition to say.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::extract::observations::Headed;
use crate::problem::{Problem, Rule};
use crate::regions::{self, Kind};
use crate::transform::TableOf;
use crate::transform::keys::Key;
use crate::transform::totals::facts::Facts;
use crate::transform::totals::mismatches::Source;
use crate::transform::totals::structure::{Structure, evidence};
use crate::transform::totals::sum::Sum;

/// The world: whatever stands beside it is a part of it.
const WORLD: &str = "X001";

/// Reports, once for each table, why its total may not be derived. `misnamed` tables were reported already.
pub fn report(
    from: &Source<'_>,
    headings: &[Headed],
    totals: &[Sum],
    misnamed: &BTreeMap<TableOf, usize>,
    problems: &mut Vec<Problem>,
) {
    let mut members = Members::default();
    let mut start = 0;
    for keys in from.facts.keys.chunk_by(Key::same_table) {
        let range = start..start + keys.len();
        start = range.end;
        let table = keys[0].table();
        let skipped = misnamed.contains_key(&table) || from.context.damaged.contains(&table);
        let derived = |at: usize| totals[from.facts.columns[at]].is_derived();
        if skipped || !range.clone().any(derived) {
            continue;
        }
        let rows = Row::of_table(from.facts, from.structure, range.clone().filter(|at| derived(*at)));
        if rows.len() > 1 {
            let doubt = rate(from, headings, range, &rows).or_else(|| overlap(from, &rows, &mut members));
            problems.extend(doubt);
        }
    }
}

/// A row that the total would add up.
pub struct Row {
    region: Option<u32>,
    /// Its first figure.
    at: usize,
    /// Its figures by column, a nil mark as zero.
    values: Vec<i64>,
    /// The same as rows of the facts.
    pub cells: BTreeMap<usize, usize>,
}

impl Row {
    /// The rows of a table that no other row holds, in printed order.
    pub fn of_table(
        facts: &Facts<'_>,
        structure: &Structure,
        range: impl Iterator<Item = usize>,
    ) -> Vec<Row> {
        let mut by_label: BTreeMap<Option<u32>, usize> = BTreeMap::new();
        let mut rows: Vec<Row> = Vec::new();
        let mut columns = BTreeSet::new();
        for at in range {
            columns.insert(facts.columns[at]);
            if !structure.is_part[at] {
                continue;
            }
            let place = *by_label.entry(facts.label(at)).or_insert(rows.len());
            if place == rows.len() {
                let region = facts.keys[at].region();
                rows.push(Row { region, at, values: Vec::new(), cells: BTreeMap::new() });
            }
            rows[place].cells.insert(facts.columns[at], at);
        }
        for row in &mut rows {
            let value = |column| row.cells.get(column).and_then(|at| facts.values[*at]).unwrap_or_default();
            row.values = columns.iter().map(value).collect();
        }
        rows
    }
}

/// Why the figures of a table may be rates.
fn rate(from: &Source<'_>, headings: &[Headed], range: Range<usize>, rows: &[Row]) -> Option<Problem> {
    let Source { facts, context, .. } = *from;
    let measure = &context.definition.measure;
    if measure.additive == Some(true) {
        return None;
    }
    let category =
        context.definition.categories.iter().find(|one| one.rank == facts.keys[range.start].table().1);
    let titles = category.into_iter().flat_map(crate::dataset::Category::titles);
    let said = titles.chain([measure.name.as_str(), measure.unit.as_str()]).find(|text| says_rate(text));
    let printed = |at: &usize| context.printed(facts.spot(*at)).contains(['%', '％']);
    let headed = |at: &usize| says_rate(&headings[facts.headings[*at] as usize].label);
    let above =
        || context.lines_above(facts.spot(range.start)).find(|text| says_rate(text)).map(str::to_owned);
    let (at, reason) = if let Some(at) = range.clone().find(printed) {
        (at, "it is printed in percent".to_owned())
    } else if let Some(at) = range.clone().find(headed) {
        (at, format!("its heading says `{}`", headings[facts.headings[at] as usize].label))
    } else if let Some(text) = said.map(str::to_owned).or_else(above) {
        (rows[0].at, format!("they are of `{text}`"))
    } else {
        return None;
    };
    let message = format!(
        "no total of {} can be derived: its figures may be rates",
        context.category(facts.keys[at].table().1)
    );
    let problem = Problem::new(Rule::NoDerivedTotal, message, context.span(facts.spot(at), reason));
    Some(problem.help("say under `[measure]` in the definition whether figures add up: `additive = false` for rates, indices and averages, else `additive = true`"))
}

/// Words of what does not add up.
const WORDS: [&str; 20] = [
    "percent",
    "percents",
    "percentage",
    "percentages",
    "pct",
    "rate",
    "rates",
    "ratio",
    "ratios",
    "index",
    "indices",
    "indexes",
    "average",
    "averages",
    "mean",
    "median",
    "medians",
    "proportion",
    "proportions",
    "quotient",
];

/// The same where words are not parted.
const SIGNS: [&str; 12] =
    ["%", "％", "per cent", "per 1", "per capita", "百分", "平均", "中位", "指數", "指数", "比率", "比例"];

/// Whether a text names something that does not add up.
fn says_rate(text: &str) -> bool {
    let text = text.to_lowercase();
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    SIGNS.iter().any(|sign| text.contains(sign)) || words.any(|word| WORDS.contains(&word))
}

/// Why rows of a table may count the same.
fn overlap(from: &Source<'_>, rows: &[Row], members: &mut Members) -> Option<Problem> {
    let is_declared = from.context.definition.measure.additive == Some(true);
    let is_group = from.regions.are(Kind::Group);
    let groups =
        || (0..rows.len()).filter(|row| rows[*row].region.is_some_and(|region| is_group[region as usize]));
    let mut pairs = groups().flat_map(|one| (0..rows.len()).map(move |other| (one, other)));
    let known = pairs.find(|(one, other)| one != other && members.share(from, &rows[*one], &rows[*other]));
    let (row, other, reason) = if let Some((row, other)) = known {
        (row, Some(other), "it holds what another row holds")
    } else if is_declared {
        return None;
    } else if let Some((row, part)) = run(rows) {
        (row, Some(part), "it is the sum of rows beside it in every column")
    } else if let Some(second) = partitions(rows) {
        (0, Some(second), "the rows from here on make the same as those below them")
    } else {
        let row = groups().find(|row| members.are_unknown(from, &rows[*row]))?;
        (row, None, "nothing says what it holds")
    };
    let mark = |row: usize, label: &str| from.context.span_of_label(from.facts.spot(rows[row].at), label);
    let category = from.context.category(from.facts.keys[rows[row].at].table().1);
    let message = format!("no total of {category} can be derived: its rows may overlap");
    let problem = Problem::new(Rule::NoDerivedTotal, message, mark(row, reason));
    let problem = match other {
        Some(other) => problem.with_span(mark(other, "with this one")),
        None => problem,
    };
    Some(problem.help(HELP))
}

const HELP: &str = "say in the definition which row is the total, under `[regions.labels]`: its label = \"_T\"; or what a group \
holds, under `[regions.members]`; or leave rows out by `[[ignore]]`; where all rows do add up, say `additive = true` under `[measure]`";

/// What groups hold, by region, as far as it was asked for.
#[derive(Default)]
struct Members(BTreeMap<u32, BTreeSet<&'static str>>);

impl Members {
    fn of(&mut self, from: &Source<'_>, region: u32) -> &BTreeSet<&'static str> {
        let code = from.regions.code(region as usize);
        self.0.entry(region).or_insert_with(|| {
            let all = regions::all().filter(|one| one.kind != Kind::Group);
            all.map(|one| one.code).filter(|one| from.context.definition.holds(code, one)).collect()
        })
    }

    /// Whether two rows are known to hold the same.
    fn share(&mut self, from: &Source<'_>, one: &Row, other: &Row) -> bool {
        let Some((one, other)) = one.region.zip(other.region) else { return false };
        let code = |region: u32| from.regions.code(region as usize);
        if code(one) == WORLD {
            return true;
        }
        let of_other = self.of(from, other).clone();
        let of_one = self.of(from, one);
        of_one.contains(code(other)) || !of_one.is_disjoint(&of_other)
    }

    /// Whether neither the table nor anything else says what a group holds.
    fn are_unknown(&mut self, from: &Source<'_>, row: &Row) -> bool {
        let Some(region) = row.region else { return false };
        let is_made = from.structure.groups.iter().any(|(whole, _)| *whole == row.at);
        let next =
            (row.at + 1..from.facts.keys.len()).find(|at| from.facts.label(*at) != from.facts.label(row.at));
        let has_parts = next.is_some_and(|at| {
            from.facts.keys[at].table() == from.facts.keys[row.at].table()
                && from.facts.depths[at] > from.facts.depths[row.at]
        });
        !is_made && !has_parts && self.of(from, region).is_empty()
    }
}

/// A row and the first of those right below or above it that make it in every column, where that is hardly chance.
fn run(rows: &[Row]) -> Option<(usize, usize)> {
    (0..rows.len()).find_map(|row| {
        let below: Vec<usize> = (row + 1..rows.len()).collect();
        let above: Vec<usize> = (0..row).rev().collect();
        let made = |run: &Vec<usize>| makes(rows, &rows[row].values, run).is_some_and(|count| count > 1);
        [below, above].into_iter().find(made).map(|run| (row, run[0]))
    })
}

/// How many of the first of some rows make figures in every column, where that is hardly chance.
fn makes(rows: &[Row], wanted: &[i64], run: &[usize]) -> Option<usize> {
    let mut sum = vec![0i128; wanted.len()];
    for (count, row) in run.iter().enumerate() {
        sum.iter_mut().zip(&rows[*row].values).for_each(|(sum, value)| *sum += i128::from(*value));
        if sum.iter().zip(wanted).all(|(sum, wanted)| *sum == i128::from(*wanted)) {
            let is_sure = evidence(wanted.iter().copied()) >= HARDLY + ((count + 1) as f64).log10();
            return is_sure.then_some(count + 1);
        }
    }
    None
}

/// The digits that agree where chance would make one in ten of such sums.
const HARDLY: f64 = 1.0;

/// The first row of the second run, where rows are runs of several that all make the same.
fn partitions(rows: &[Row]) -> Option<usize> {
    let mut sum = vec![0i64; rows.first()?.values.len()];
    (0..rows.len()).find_map(|last| {
        sum.iter_mut().zip(&rows[last].values).for_each(|(sum, value)| *sum = sum.saturating_add(*value));
        let runs = runs(rows, &sum)?;
        let digits = evidence(sum.iter().copied()) * (runs.len() - 1) as f64;
        (runs.len() > 1 && digits >= HARDLY + (rows.len() as f64).log10()).then(|| runs[1].start)
    })
}

/// Rows as runs of several, each of which makes the same figures; none where they are not.
pub fn runs(rows: &[Row], wanted: &[i64]) -> Option<Vec<Range<usize>>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    let mut sum = vec![0i128; wanted.len()];
    let mut start = 0;
    for (at, row) in rows.iter().enumerate() {
        sum.iter_mut().zip(&row.values).for_each(|(sum, value)| *sum += i128::from(*value));
        if at > start && sum.iter().zip(wanted).all(|(sum, wanted)| *sum == i128::from(*wanted)) {
            runs.push(start..at + 1);
            start = at + 1;
            sum.fill(0);
        }
    }
    (start == rows.len()).then_some(runs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_add_up_is_told_by_its_words() {
        for text in [
            "Unemployment rate",
            "2023 (%)",
            "Per cent",
            "Consumer Price Index",
            "per 1,000 people",
            "平均數",
        ] {
            assert!(says_rate(text), "{text}");
        }
        for text in ["Corporate visitors", "Persons", "Migrated by means of transport", "Stock", "Percy"] {
            assert!(!says_rate(text), "{text}");
        }
    }
}
