//! What holding indicators against figures gave: a row of checks, and a problem where they disagree.

use crate::checks::CHECKS;
use crate::checks::check_rows::CheckRow;
use crate::checks::indicators::bounds::Ratio;
use crate::checks::indicators::{FigureKey, StatedIndicator};
use crate::dataset::{Definition, Measure};
use crate::grammar::indicator::Indicator;
use crate::normalize::BatchContext;
use crate::problem::{Problem, Rule};
use crate::text::format_count;

/// An indicator that was held against figures.
pub struct IndicatorCheck {
    pub(super) stated: StatedIndicator,
    /// The index of the check.
    pub(super) check: u32,
    /// The decimals of its percentage; none where it is in the measure's unit.
    pub(super) percent: Option<u32>,
    pub(super) published: i64,
    pub(super) computed: i64,
    pub(super) tolerance: i64,
    pub(super) cells: i32,
    /// What the figures make, in words.
    pub(super) made: String,
}

impl IndicatorCheck {
    fn difference(&self) -> i64 {
        self.published.saturating_sub(self.computed)
    }

    /// Whether the two are as near as they must be.
    pub(super) fn has_passed(&self) -> bool {
        self.difference().unsigned_abs() <= self.tolerance.unsigned_abs()
    }

    /// The figures that it confirms to the last digit: none where it did not pass, or is a percentage, which is rounded.
    pub fn confirmed(&self) -> impl Iterator<Item = FigureKey> + '_ {
        let is_exact = self.has_passed() && self.percent.is_none() && self.tolerance == 0;
        let StatedIndicator { table, codes, periods, printed, .. } = &self.stated;
        let key = |period: &u32| (*table, codes.clone(), printed.measure, *period);
        periods.iter().filter(move |_| is_exact).map(key)
    }

    /// The problem of one that did not.
    pub(super) fn problem(&self, context: BatchContext<'_>) -> Problem {
        let (rule, what) = match self.stated.indicator {
            Indicator::Total => (Rule::Periods, "total of the periods"),
            Indicator::Change => (Rule::Change, "change"),
            Indicator::RelativeChange => (Rule::RelativeChange, "relative change"),
            Indicator::Growth => (Rule::Growth, "growth"),
            _ => (Rule::Share, "share"),
        };
        let printed = context.text_at(self.stated.cell());
        let sign = if self.percent.is_some() && !printed.contains(['%', '％']) { " %" } else { "" };
        let label = format!("printed {printed}{sign}, but {}", self.made);
        let message = format!("the {what} doesn't follow from the figures");
        let help = "one of them is misprinted: a correction of a figure can be declared in the definition; a column that means something else, or is not to be read, is named under `[headings]`";
        Problem::new(rule, message, context.span(self.stated.cell(), label)).help(help)
    }

    /// Its row among the checks.
    pub fn to_row(&self, definition: &Definition) -> CheckRow {
        let is_share = self.stated.indicator == Indicator::Share;
        let share = definition.share_dimension().filter(|_| is_share);
        let measures = definition.measures.len() as u32;
        CheckRow {
            document: self.stated.table.0,
            table: self.stated.table.1,
            check: self.check,
            along: share.unwrap_or(definition.dimensions.len()) as u32,
            codes: self.stated.codes.clone(),
            measure: self.stated.printed.measure,
            period: self.stated.period,
            heading: self.stated.heading,
            unit: self.percent.map_or(self.stated.printed.measure, |decimals| decimals + measures),
            published: self.published,
            computed: self.computed,
            tolerance: self.tolerance,
            cells: self.cells,
            cell: self.stated.cell(),
        }
    }
}

/// The index of an indicator's check.
pub(super) fn check_of(indicator: Indicator) -> u32 {
    let name = if indicator == Indicator::Total { "periods" } else { indicator.name() };
    CHECKS.iter().position(|check| *check == name).unwrap_or_default() as u32
}

/// `+7.01 %`, `between +23.10 % and +23.20 %`: with two decimals more than are printed.
pub(super) fn describe_range((low, high): (Ratio, Ratio), percent: Option<u32>, measure: &Measure) -> String {
    let Some(printed) = percent else {
        return measure.format_printed(i64::try_from(low.whole()).unwrap_or(i64::MAX));
    };
    let unit = 10f64.powi(printed as i32);
    let word = |ratio: Ratio| format!("{:+.*} %", printed as usize + 2, ratio.value() / unit);
    let (low, high) = (word(low), word(high));
    if low == high { low } else { format!("between {low} and {high}") }
}

/// A column of indicators that nothing can check.
pub(super) fn report_unchecked(column: &[&StatedIndicator], context: BatchContext<'_>) -> Option<Problem> {
    let first = column.first()?;
    let message = format!(
        "nothing checks {} of a {}",
        format_count(column.len(), "printed figure"),
        first.indicator.name()
    );
    let span = context.span(first.cell(), "the first of them");
    let help = "a figure that it follows from is missing, or zero, or the rows don't make the total; where that is so by nature, say `\"…\" = \"ignored\"` of the heading, under `[headings]` in the definition";
    Some(Problem::new(Rule::Unchecked, message, span).help(help))
}
