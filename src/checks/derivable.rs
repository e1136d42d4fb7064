//! Which tables may have a total derived. Figures add up only where they are no rates and no row counts what another counts;
//! where anything speaks against that, it is for the definition to say.

use std::collections::BTreeSet;

use crate::checks::figures::TableFigures;
use crate::checks::hierarchy::evidence;
use crate::checks::partitions::{SumRow, find_runs};
use crate::checks::sums::{Sum, ViewSums};
use crate::dataset::{CodeKind, Dimension};
use crate::normalize::codes::CodeTable;
use crate::normalize::{BatchContext, NormalizedBatch};
use crate::problem::{Problem, Rule};
use crate::regions;

/// The world: whatever stands beside it is a part of it.
const WORLD: &str = "X001";

/// Why the total of a table may not be derived along a dimension; none where it may.
#[must_use]
pub fn find_doubt(
    table: &TableFigures,
    view: &ViewSums,
    batch: &NormalizedBatch<'_>,
    context: BatchContext<'_>,
) -> Option<Problem> {
    if !view.totals.iter().any(Sum::is_derived) {
        return None;
    }
    let rows = SumRow::of_table(table, view.dimension, &view.columns, &view.is_part);
    let is_single = rows.len() < 2;
    let doubt = || TotalDoubt { table, view, codes: &batch.codes[view.dimension], batch, context };
    // What a definition declares to make the whole does not overlap.
    let is_declared = !batch.codes[view.dimension].dimension.partitions.is_empty();
    let overlap = || if is_declared { None } else { doubt().find_overlap(&rows) };
    if is_single { None } else { doubt().find_rate(&rows).or_else(overlap) }
}

/// What is looked at.
struct TotalDoubt<'t> {
    table: &'t TableFigures,
    view: &'t ViewSums,
    codes: &'t CodeTable<'t>,
    batch: &'t NormalizedBatch<'t>,
    context: BatchContext<'t>,
}

impl TotalDoubt<'_> {
    fn is_declared_additive(&self) -> bool {
        self.table.is_declared_additive(self.context.definition)
    }

    /// Why the figures may be rates.
    fn find_rate(&self, rows: &[SumRow]) -> Option<Problem> {
        if self.is_declared_additive() {
            return None;
        }
        let (table, context) = (self.table, self.context);
        let heading = |at: usize| self.batch.headings[table.headings[at] as usize].label.as_str();
        let is_percent = |at: &usize| context.text_at(table.cells[*at]).contains(['%', '％']);
        let (at, reason) = if let Some(at) = (0..table.len()).find(is_percent) {
            (at, "it is printed in percent".to_owned())
        } else if let Some(at) = (0..table.len()).find(|at| says_rate(heading(*at))) {
            (at, format!("its heading says `{}`", heading(at)))
        } else {
            (rows[0].at, format!("they are of `{}`", self.find_rate_in_words()?))
        };
        let name = context.table_name(table.table);
        let message = format!("no total of {name} can be derived: its figures may be rates");
        let problem = Problem::new(Rule::NoDerivedTotal, message, context.span(table.cells[at], reason));
        Some(problem.help("say under `[measure]` in the definition whether figures add up: `additive = false` for rates, indices and averages, else `additive = true`"))
    }

    /// What says that figures are rates: the measure, a title, a line above the table.
    fn find_rate_in_words(&self) -> Option<String> {
        let definition = self.context.definition;
        let measures = definition.measures.iter().flat_map(|measure| [&measure.name, &measure.unit]);
        let titles = &definition.tables[self.table.table as usize].titles;
        let own = titles.iter().chain(measures).find(|text| says_rate(text)).cloned();
        let above = || self.context.lines_above(self.table.cells[0]).find(|text| says_rate(text));
        own.or_else(|| above().map(str::to_owned))
    }

    /// Why rows may count the same.
    fn find_overlap(&self, rows: &[SumRow]) -> Option<Problem> {
        let is_group = |row: &usize| self.codes.is(rows[*row].code, CodeKind::Group);
        let groups = || (0..rows.len()).filter(is_group);
        let mut pairs = groups().flat_map(|one| (0..rows.len()).map(move |other| (one, other)));
        let share = |(one, other): &(usize, usize)| one != other && self.share(&rows[*one], &rows[*other]);
        let (row, other, reason) = if let Some((row, other)) = pairs.find(share) {
            (row, Some(other), "it holds what another row holds")
        } else if self.is_declared_additive() {
            return None;
        } else if let Some((row, part)) = find_run(rows) {
            (row, Some(part), "it is the sum of rows beside it in every column")
        } else if let Some(second) = find_second_run(rows) {
            (0, Some(second), "the rows from here on make the same as those below them")
        } else {
            let row = groups().find(|row| self.has_unknown_parts(&rows[*row]))?;
            (row, None, "nothing says what it holds")
        };
        let span =
            |row: usize, label: &str| self.context.span_of_label(self.table.cells[rows[row].at], label);
        let name = self.context.table_name(self.table.table);
        let message = format!("no total of {name} can be derived: its rows may overlap");
        let problem = Problem::new(Rule::NoDerivedTotal, message, span(row, reason));
        let other = other.map(|other| span(other, "with this one"));
        Some(other.into_iter().fold(problem, Problem::with_span).help(HELP))
    }

    /// Whether two rows are known to hold the same.
    fn share(&self, one: &SumRow, other: &SumRow) -> bool {
        let (one, other) = (self.codes.code(one.code), self.codes.code(other.code));
        if one == WORLD && self.codes.dimension.is_regions() {
            return true;
        }
        let of_one = members(self.codes.dimension, one);
        of_one.contains(other) || !of_one.is_disjoint(&members(self.codes.dimension, other))
    }

    /// Whether neither the table nor anything else says what a group holds.
    fn has_unknown_parts(&self, row: &SumRow) -> bool {
        let is_made = self.view.subtotals.iter().any(|sum| sum.whole == Some(row.at));
        let code = |at: usize| self.table.code(at, self.view.dimension);
        let next = (row.at + 1..self.table.len()).find(|at| code(*at) != row.code);
        let has_parts = next.is_some_and(|at| self.table.depths[at] > self.table.depths[row.at]);
        !is_made && !has_parts && members(self.codes.dimension, self.codes.code(row.code)).is_empty()
    }
}

const HELP: &str = "say in the definition which row is the total: its label is one of the code `_T`; or what a group holds; or leave \
rows out by `[[ignore]]`; where all rows do add up, say `additive = true` under `[measure]`";

/// What a group holds that is no group itself.
fn members(dimension: &Dimension, group: &str) -> BTreeSet<String> {
    if dimension.is_regions() {
        let all = regions::all_regions().filter(|region| region.kind != regions::RegionKind::Group);
        return all
            .map(|region| region.code)
            .filter(|code| dimension.holds(group, code))
            .map(str::to_owned)
            .collect();
    }
    let own = dimension.own_codes().iter().map(|code| code.code.get_ref());
    own.filter(|code| dimension.holds(group, code)).cloned().collect()
}

/// A row and the first of those right below or above it that make it in every column, where that is hardly chance.
fn find_run(rows: &[SumRow]) -> Option<(usize, usize)> {
    (0..rows.len()).find_map(|row| {
        let below: Vec<usize> = (row + 1..rows.len()).collect();
        let above: Vec<usize> = (0..row).rev().collect();
        let made =
            |run: &Vec<usize>| count_making(rows, &rows[row].values, run).is_some_and(|count| count > 1);
        [below, above].into_iter().find(made).map(|run| (row, run[0]))
    })
}

/// How many of the first of some rows make figures in every column, where that is hardly chance.
fn count_making(rows: &[SumRow], wanted: &[i64], run: &[usize]) -> Option<usize> {
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
fn find_second_run(rows: &[SumRow]) -> Option<usize> {
    let mut sum = vec![0i64; rows.first()?.values.len()];
    (0..rows.len()).find_map(|last| {
        sum.iter_mut().zip(&rows[last].values).for_each(|(sum, value)| *sum = sum.saturating_add(*value));
        let runs = find_runs(rows, &sum)?;
        let digits = evidence(sum.iter().copied()) * (runs.len() - 1) as f64;
        (runs.len() > 1 && digits >= HARDLY + (rows.len() as f64).log10()).then(|| runs[1].start)
    })
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
