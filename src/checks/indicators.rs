//! What is printed beside figures and follows from them: changes, percentages, totals over periods. Each is held against its
//! figures and must be what they round to.
//!
//! A growth whose earlier figure is not printed still tells between which bounds that lies: those of a table's rows must be
//! able to make that of its total. What nothing can check is said so, and is no check.
//!
//! What is printed beside figures is not an observation. Indicators are kept apart from the frame, so that documents
//! without them pay nothing, and are checked after corrections. `**` with the legend `Less than 0.1 percent` is a bound.
//! The growth of a single row is checked by its bounds only, and one that nothing checks is a warning.

mod bounds;
mod outcome;

use std::collections::BTreeMap;

use crate::checks::figures::TableFigures;
use crate::checks::nil::NilSymbols;
use crate::checks::rounding::Allowance;
use crate::checks::sums::{Sum, TableSums};
use crate::dataset::Measure;
use crate::extract::PrintedIndicator;
use crate::grammar::indicator::Indicator;
use crate::normalize::codes::UNKNOWN;
use crate::normalize::{BatchContext, CellRef, NormalizedBatch, TableRef};
use crate::problem::Problem;
use crate::text::format_count;
use bounds::{Earlier, Ratio, scale, verdict};
pub use outcome::IndicatorCheck;
use outcome::{check_of, describe_range, report_unchecked};

/// An indicator, and what it is of.
#[derive(Clone, Debug)]
struct StatedIndicator {
    printed: PrintedIndicator,
    indicator: Indicator,
    table: TableRef,
    codes: Vec<u32>,
    /// The periods whose figures it follows from; it is for the last.
    periods: Vec<u32>,
    period: u32,
    heading: u32,
}

impl StatedIndicator {
    fn cell(&self) -> CellRef {
        let (grid, row, column) = self.printed.cell;
        CellRef { document: self.printed.document, grid, row, column }
    }
}

/// What figures make of an indicator: between which bounds it lies, in words, and how many figures they are.
struct Expected {
    range: (Ratio, Ratio),
    said: String,
    cells: usize,
}

/// Holds the indicators of a batch against its figures.
#[must_use]
pub fn check(
    batch: &NormalizedBatch<'_>,
    tables: &[TableFigures],
    sums: &[TableSums],
    nil: &[NilSymbols],
    context: BatchContext<'_>,
    problems: &mut Vec<Problem>,
) -> Vec<IndicatorCheck> {
    if batch.indicators.is_empty() {
        return Vec::new();
    }
    let checker = IndicatorChecker::new(batch, tables, sums, nil, context);
    let stated: Vec<StatedIndicator> =
        batch.indicators.iter().filter_map(|printed| checker.state(printed)).collect();
    let mut checks = Vec::with_capacity(stated.len());
    let mut open: BTreeMap<(TableRef, u32), Vec<&StatedIndicator>> = BTreeMap::new();
    for stated in &stated {
        match checker.check_directly(stated) {
            Some(check) => checks.push(check),
            None => open.entry((stated.table, stated.printed.of)).or_default().push(stated),
        }
    }
    for column in open.values() {
        match checker.check_growth(column) {
            Some(check) => checks.push(check),
            None => problems.extend(report_unchecked(column, context)),
        }
    }
    problems.extend(checks.iter().filter(|check| !check.has_passed()).map(|check| check.problem(context)));
    checks
}

/// The codes of a figure, its measure and its period.
pub type FigureKey = (TableRef, Vec<u32>, u32, u32);

/// The figures that indicators are held against.
struct IndicatorChecker<'t> {
    batch: &'t NormalizedBatch<'t>,
    context: BatchContext<'t>,
    values: BTreeMap<FigureKey, i64>,
    tables: BTreeMap<TableRef, (&'t TableFigures, &'t TableSums)>,
}

impl<'t> IndicatorChecker<'t> {
    fn new(
        batch: &'t NormalizedBatch<'t>,
        tables: &'t [TableFigures],
        sums: &'t [TableSums],
        nil: &[NilSymbols],
        context: BatchContext<'t>,
    ) -> IndicatorChecker<'t> {
        let mut values = BTreeMap::new();
        for ((table, sums), nil) in tables.iter().zip(sums).zip(nil) {
            for view in sums.views.iter().filter(|view| view.is_derived) {
                for sum in view.totals.iter().filter(|sum| sum.is_derived()) {
                    let mut codes = table.codes_at(sum.at);
                    codes[sum.along] = batch.codes[sum.along].total().unwrap_or(UNKNOWN);
                    let key = (table.table_ref(), codes, table.measures[sum.at], table.periods[sum.at]);
                    values.extend(sum.total().map(|total| (key, total)));
                }
            }
            for at in 0..table.len() {
                let value = if nil.is_zero(table, at) { Some(0) } else { table.values[at] };
                let key = (table.table_ref(), table.codes_at(at), table.measures[at], table.periods[at]);
                values.extend(value.map(|value| (key, value)));
            }
        }
        let tables = tables.iter().zip(sums).map(|(table, sums)| (table.table_ref(), (table, sums)));
        IndicatorChecker { batch, context, values, tables: tables.collect() }
    }

    /// What an indicator is of; none where its table was not understood, or its label is unknown, which was reported.
    fn state(&self, printed: &PrintedIndicator) -> Option<StatedIndicator> {
        let table = (printed.document, printed.table);
        let of = self.batch.indicators_of.get(printed.of as usize)?;
        let heading = *of.headings.last()?;
        let periods: Vec<u32> = of
            .headings
            .iter()
            .map(|heading| self.batch.periods.find_by_heading(*heading))
            .collect::<Option<_>>()?;
        let labels = self.batch.codes.iter().zip(&printed.labels);
        let codes: Vec<u32> =
            labels.map(|(codes, label)| codes.resolve(*label, printed.table)).collect::<Option<_>>()?;
        let period = *periods.last()?;
        let (printed, indicator) = (printed.clone(), of.indicator);
        let stated = StatedIndicator { printed, indicator, table, codes, periods, period, heading };
        (!self.context.damaged.contains(&table)).then_some(stated)
    }

    fn figure(&self, stated: &StatedIndicator, codes: &[u32], period: u32) -> Option<i64> {
        let key = (stated.table, codes.to_vec(), stated.printed.measure, period);
        self.values.get(&key).copied()
    }

    /// The codes of the total of an indicator's column, along the dimension of shares.
    fn total_codes(&self, stated: &StatedIndicator) -> Option<Vec<u32>> {
        let share = self.context.definition.share_dimension()?;
        let mut codes = stated.codes.clone();
        codes[share] = self.batch.codes[share].total()?;
        Some(codes)
    }

    /// Holds an indicator against printed figures; none where one of them is not there.
    fn check_directly(&self, stated: &StatedIndicator) -> Option<IndicatorCheck> {
        let figure = |period: &u32| self.figure(stated, &stated.codes, *period);
        let figures: Vec<i64> = stated.periods.iter().map(figure).collect::<Option<_>>()?;
        let expected = match (stated.indicator, figures.as_slice()) {
            (Indicator::Change | Indicator::RelativeChange | Indicator::Growth, [before, after]) => {
                self.expect_change(stated, *before, *after)
            }
            (Indicator::Share, [part]) => {
                let total = self.figure(stated, &self.total_codes(stated)?, stated.period)?;
                self.expect_share(stated, *part, total)
            }
            (Indicator::Total, figures) => {
                let sum = Ratio::of(figures.iter().map(|figure| i128::from(*figure)).sum(), 1)?;
                let said = format!("its {} make", format_count(figures.len(), "period"));
                Some(Expected { range: (sum, sum), said, cells: figures.len() })
            }
            _ => None,
        };
        Some(self.compare(stated, &expected?))
    }

    fn expect_change(&self, stated: &StatedIndicator, before: i64, after: i64) -> Option<Expected> {
        let percent = stated.indicator.is_percent();
        let scale = scale(stated.printed.printed.decimals);
        let range = self.range_of(stated, (before, after), |before, after| {
            if percent { Ratio::of(scale * (after - before), before) } else { Ratio::of(after - before, 2) }
        })?;
        let said = format!("{} → {} is", self.format(stated, before), self.format(stated, after));
        Some(Expected { range, said, cells: 2 })
    }

    fn expect_share(&self, stated: &StatedIndicator, part: i64, total: i64) -> Option<Expected> {
        let whole = scale(stated.printed.printed.decimals);
        let range = self.range_of(stated, (total, part), |total, part| Ratio::of(whole * part, total))?;
        let said = format!("{} of {} is", self.format(stated, part), self.format(stated, total));
        Some(Expected { range, said, cells: 2 })
    }

    /// Between which bounds lies what two figures make, each given as twice its value: what is printed beside figures that were
    /// rounded follows from those before that.
    fn range_of(
        &self,
        stated: &StatedIndicator,
        (one, other): (i64, i64),
        made: impl Fn(i128, i128) -> Option<Ratio>,
    ) -> Option<(Ratio, Ratio)> {
        let off = self.rounding_unit(stated);
        let (one, other) = (2 * i128::from(one), 2 * i128::from(other));
        made(one, other)?;
        let corners = [(-off, off), (off, -off), (-off, -off), (off, off)];
        let all: Vec<Ratio> = corners
            .into_iter()
            .map(|(of_one, of_other)| made(one + of_one, other + of_other))
            .collect::<Option<_>>()?;
        let low = all.iter().copied().min_by(Ratio::compare)?;
        let high = all.iter().copied().max_by(Ratio::compare)?;
        Some((low, high))
    }

    /// What figures were rounded to, in units of their last decimal; 0 where they were not.
    fn rounding_unit(&self, stated: &StatedIndicator) -> i128 {
        let declared = self.allowance(stated).and_then(|of| of.unit(stated.printed.measure));
        declared.map_or_else(|| i128::from(self.decimals(stated) > 0), i128::from)
    }

    /// How much further off than its last decimal what is printed may be.
    fn tolerance(&self, stated: &StatedIndicator, cells: usize) -> i128 {
        let of_sum = |of: &Allowance| of.of_sum(stated.printed.measure, cells);
        match stated.indicator {
            Indicator::Total => self.allowance(stated).and_then(of_sum).unwrap_or_default().into(),
            // It was rounded itself.
            Indicator::Change => self.rounding_unit(stated) / 2,
            _ => 0,
        }
    }

    fn allowance(&self, stated: &StatedIndicator) -> Option<&'t Allowance> {
        self.tables.get(&stated.table).map(|(_, sums)| &sums.allowance)
    }

    fn measure(&self, stated: &StatedIndicator) -> &'t Measure {
        &self.context.definition.measures[stated.printed.measure as usize]
    }

    fn decimals(&self, stated: &StatedIndicator) -> u32 {
        self.measure(stated).decimals
    }

    fn format(&self, stated: &StatedIndicator, figure: i64) -> String {
        self.measure(stated).format_printed(figure)
    }

    /// Holds the growth of a column's total against that of its rows, whose earlier figures are not printed: what is printed
    /// of them bounds these. None where the rows that add up to the total do not all have one.
    fn check_growth(&self, column: &[&StatedIndicator]) -> Option<IndicatorCheck> {
        let is_total = |stated: &&&StatedIndicator| {
            stated.indicator == Indicator::Growth && self.total_codes(stated).as_ref() == Some(&stated.codes)
        };
        let total = column.iter().find(is_total)?;
        let by_codes: BTreeMap<&[u32], &StatedIndicator> =
            column.iter().map(|stated| (stated.codes.as_slice(), *stated)).collect();
        let (table, sum) = self.find_total(total)?;
        let earlier = sum.parts.iter().try_fold(Earlier::default(), |earlier, part| {
            let codes = table.codes_at(*part);
            let figure = self.figure(total, &codes, total.period)?;
            earlier.with(figure, by_codes.get(codes.as_slice())?.printed.printed)
        })?;
        if earlier.later != i128::from(self.figure(total, &total.codes, total.period)?) {
            return None;
        }
        let range = earlier.growth(total.printed.printed.decimals)?;
        let said = format!("the growth of its {} makes", format_count(sum.parts.len(), "row"));
        Some(self.compare(total, &Expected { range, said, cells: sum.parts.len() + 1 }))
    }

    /// The sum of the total that an indicator is of.
    fn find_total(&self, stated: &StatedIndicator) -> Option<(&'t TableFigures, &'t Sum)> {
        let (table, sums) = self.tables.get(&stated.table)?;
        let share = self.context.definition.share_dimension()?;
        let view = sums.views.iter().find(|view| view.dimension == share)?;
        let is_own = |sum: &&Sum| {
            table.periods[sum.at] == stated.period
                && table.measures[sum.at] == stated.printed.measure
                && (0..table.dimensions()).all(|at| at == share || table.code(sum.at, at) == stated.codes[at])
        };
        Some((table, view.totals.iter().find(is_own)?))
    }

    /// What is printed against what figures make, which lies between two bounds.
    fn compare(&self, stated: &StatedIndicator, expected: &Expected) -> IndicatorCheck {
        let printed = stated.printed.printed;
        let decimals = self.decimals(stated);
        let percent = stated.indicator.is_percent().then_some(printed.decimals);
        let (published, computed, tolerance) = verdict(printed, expected.range);
        let tolerance = tolerance + self.tolerance(stated, expected.cells);
        // Published figures are divided by the unit of the measure's last decimal; percentages are not of the measure.
        let scale = if percent.is_some() { 10i128.pow(decimals) } else { 1 };
        let bounded = |value: i128| i64::try_from(value.saturating_mul(scale)).unwrap_or(i64::MAX / 2);
        IndicatorCheck {
            check: check_of(stated.indicator),
            percent,
            published: bounded(published),
            computed: bounded(computed),
            tolerance: bounded(tolerance),
            cells: expected.cells as i32,
            made: format!(
                "{} {}",
                expected.said,
                describe_range(expected.range, percent, self.measure(stated))
            ),
            stated: stated.clone(),
        }
    }
}
