//! The headings of a table, read: what each column holds, and what is wrong with those that tell nothing, or the same twice.

use std::collections::BTreeMap;

use crate::extract::columns::{ColumnContent, HeadingCodes, read_codes, read_columns};
use crate::extract::figure;
use crate::extract::heading_periods::HeadingPeriod;
use crate::extract::raw::{IndicatorOf, PeriodHeading, RawBuilder};
use crate::extract::tables::TableContext;
use crate::extract::units::PrintedUnit;
use crate::grammar::indicator::Indicator;
use crate::grammar::period::Period;
use crate::grammar::period::calendar::UnresolvedHeading;
use crate::grammar::status_flag::FlagMeaning;
use crate::grammar::{footnote, spreadsheet};
use crate::layout::header::{Header, Heading};
use crate::problem::{Problem, Rule, Span};

/// What a column holds, as its cells are read.
#[derive(Clone, Debug)]
pub(super) struct ReadColumn {
    /// Figures, or what follows from them.
    pub content: ReadContent,
    /// The label of each dimension that the heading names, as an index into the labels of the batch.
    pub labels: Vec<(usize, u32)>,
    /// The measure's place in the definition; none where neither the heading nor the table names one of several.
    pub measure: Option<u32>,
    /// The unit that the heading prints.
    pub unit: Option<PrintedUnit>,
}

/// See [`ReadColumn`].
#[derive(Clone, Copy, Debug)]
pub(super) enum ReadContent {
    /// Figures: the index of the heading, and what its marks say of them.
    Figures(u32, Option<FlagMeaning>),
    /// What follows from figures: the index of what it is of.
    Indicator(u32, Indicator),
}

/// What each column holds; none where that was not understood, which is a problem.
pub(super) fn read_headings(
    context: &mut TableContext<'_, '_>,
    header: &Header,
    raw: &mut RawBuilder<'_>,
) -> Vec<Option<ReadColumn>> {
    let (definition, table) = (context.definition(), context.table_definition);
    let columns = read_columns(header, Some(definition), Some(table));
    let codes: Vec<HeadingCodes> =
        header.headings.iter().map(|heading| read_codes(heading, definition, table)).collect();
    let mut seen: BTreeMap<String, (&Heading, u32)> = BTreeMap::new();
    let mut series: BTreeMap<String, u32> = BTreeMap::new();
    let mut read = Vec::with_capacity(columns.len());
    for ((heading, column), codes) in header.headings.iter().zip(&columns).zip(&codes) {
        let ColumnContent::Figures(period) = column else {
            context.report_column(heading, column);
            read.push(None);
            continue;
        };
        let (index, meaning) = context.read_heading(heading, *period, raw);
        let next = series.len() as u32;
        let series = *series.entry(format!("{codes:?}")).or_insert(next);
        context.add_heading_period(heading, *period, series);
        if let Some((first, _)) = seen.insert(column_key(*period, codes), (heading, index)) {
            context.report_period_twice(*period, heading, first);
        }
        read.push(Some(context.read_column(ReadContent::Figures(index, meaning), heading, codes, raw)));
    }
    let mut indicators: BTreeMap<(Indicator, Option<Period>, String), &Heading> = BTreeMap::new();
    for (((read, column), heading), codes) in read.iter_mut().zip(columns).zip(&header.headings).zip(&codes) {
        let ColumnContent::Indicator(indicator, periods) = column else { continue };
        let key = (indicator, periods.last().copied(), format!("{codes:?}"));
        if let Some(first) = indicators.insert(key, heading) {
            context.report_column_twice(indicator, heading, first);
        }
        let headings = periods.iter().filter_map(|period| Some(seen.get(&column_key(*period, codes))?.1));
        let of = raw.add_indicator_of(IndicatorOf { indicator, headings: headings.collect() });
        *read = Some(context.read_column(ReadContent::Indicator(of, indicator), heading, codes, raw));
    }
    read
}

fn column_key(period: Period, codes: &HeadingCodes) -> String {
    format!("{period} {codes:?}")
}

impl TableContext<'_, '_> {
    fn read_column(
        &self,
        content: ReadContent,
        heading: &Heading,
        codes: &HeadingCodes,
        raw: &mut RawBuilder<'_>,
    ) -> ReadColumn {
        let label = |(dimension, label): &(usize, String)| {
            (*dimension, raw.add_label(label, self.reading.label(label).text))
        };
        let labels = codes.labels.iter().map(label).collect();
        let only = || (!self.definition().has_measures()).then_some(0);
        let measure = codes.measure.or(self.table_definition.measure).or_else(only);
        let place = (self.rows()[heading.row].number, heading.column);
        let unit = codes.unit.clone().map(|text| PrintedUnit { text, place });
        ReadColumn { content, labels, measure: measure.map(|at| at as u32), unit }
    }

    /// Remembers a heading, to be held against the others.
    fn add_heading_period(&mut self, heading: &Heading, period: Period, series: u32) {
        let row = self.rows()[heading.row].number;
        self.headings.push(HeadingPeriod { period, series, row, column: heading.column });
    }

    /// The index of a heading, whose footnote markers are tied to their notes, and what these say of figures.
    fn read_heading(
        &mut self,
        heading: &Heading,
        period: Period,
        raw: &mut RawBuilder<'_>,
    ) -> (u32, Option<FlagMeaning>) {
        let label = if heading.time.is_empty() { period.to_string() } else { heading.time.clone() };
        let index = raw.add_heading(PeriodHeading { label, period });
        let row = self.rows()[heading.row].number;
        let marks = footnote::split_heading_markers(&heading.label).markers;
        // A letter is read with the period.
        let letter = |mark: &str| mark.bytes().all(|byte| byte.is_ascii_lowercase());
        let said = self.explain_marks((row, heading.column), &heading.label, &marks, letter);
        let read = heading.reading.as_ref().and_then(|reading| FlagMeaning::from_code(reading.status.code()));
        (index, said.or(read))
    }

    /// A column without figures may be in order; if not, it is a problem.
    fn report_column(&mut self, heading: &Heading, column: &ColumnContent) {
        match column {
            ColumnContent::Unresolved(open) => self.report_ambiguous_period(heading, open.clone()),
            ColumnContent::Unknown => self.report_no_period(heading),
            ColumnContent::Baseless(_) if self.problems.counts_only(Rule::NoBase) => {}
            ColumnContent::Baseless(indicator) => {
                let message = format!("the heading `{}` follows no figures", figure::shorten(&heading.label));
                let label = format!("a {} of figures of the table was expected", indicator.name());
                let help = "it is held against the columns before it, or that of the period it names; what is not to be read is `\"…\" = \"ignored\"` under `[headings]` in the definition";
                let problem = Problem::new(Rule::NoBase, message, self.span_of_heading(heading, &label));
                self.problems.push(problem.help(help));
            }
            ColumnContent::Figures(_)
            | ColumnContent::Undated
            | ColumnContent::Indicator(..)
            | ColumnContent::Ignored => {}
        }
    }

    pub(super) fn span_of_heading(&self, heading: &Heading, label: &str) -> Span {
        let row = self.rows()[heading.row].number;
        self.document().span(self.grid, row, heading.column, label)
    }

    fn report_ambiguous_period(&mut self, heading: &Heading, open: UnresolvedHeading) {
        if self.problems.counts_only(Rule::AmbiguousPeriod) {
            return;
        }
        let message = format!("the heading `{}` {}", figure::shorten(&heading.label), open.message);
        let problem = Problem::new(Rule::AmbiguousPeriod, message, self.span_of_heading(heading, ""));
        self.problems.push(problem.help(open.help));
    }

    fn report_no_period(&mut self, heading: &Heading) {
        if self.problems.counts_only(Rule::NoPeriod) {
            return;
        }
        let message = format!("the heading `{}` is no period", figure::shorten(&heading.label));
        let nothing = spreadsheet::explain_missing_value(&heading.label);
        let expected = nothing.map_or("a year or a part of one was expected", |(reason, _)| reason);
        let span = self.span_of_heading(heading, expected);
        let help = "write it as `2024`, `2026 (as at end-February)`, `2024-Q3` or `July 2024`; what is no period is named in the definition, under `[headings]`: `\"vs last year\" = \"relative change\"`, or \"change\", \"share\", \"total\", \"ignored\"";
        self.problems
            .push(Problem::new(Rule::NoPeriod, message, span).help(nothing.map_or(help, |(_, help)| help)));
    }

    fn report_period_twice(&mut self, period: Period, again: &Heading, first: &Heading) {
        if self.problems.counts_only(Rule::PeriodTwice) {
            return;
        }
        let message = format!("the period {period} stands in the header twice");
        let problem = Problem::new(Rule::PeriodTwice, message, self.span_of_heading(again, "again"));
        self.problems.push(problem.with_span(self.span_of_heading(first, "first")));
    }

    fn report_column_twice(&mut self, indicator: Indicator, again: &Heading, first: &Heading) {
        if self.problems.counts_only(Rule::ColumnTwice) {
            return;
        }
        let message = format!("the {} of one period stands in the header twice", indicator.name());
        let problem = Problem::new(Rule::ColumnTwice, message, self.span_of_heading(again, "again"));
        let problem = problem.with_span(self.span_of_heading(first, "first"));
        self.problems.push(problem.help("name one of them in the definition, under `[headings]`"));
    }
}
