//! The headings of a table, read: what each column holds, and what is wrong with those that tell nothing, or the same twice.

use std::collections::BTreeMap;

use crate::extract::figure;
use crate::extract::observations::reader::{Held, Reader, Reads};
use crate::extract::observations::{Claimed, Column, columns};
use crate::grammar::indicator::Indicator;
use crate::grammar::period::Period;
use crate::grammar::period::calendar::UnresolvedHeading;
use crate::grammar::spreadsheet;
use crate::layout::header::{Header, Heading};
use crate::problem::{Mark, Problem};

impl<'d, 'r> Reader<'d, '_, 'r>
where
    'd: 'r,
{
    /// What each column holds; none where that was not understood. No two can hold the figures of one period.
    pub(super) fn header(&mut self, reads: &Reads<'_>, header: &Header) -> Vec<Option<Held>> {
        let columns = columns(header, Some(self.definition));
        let mut seen: BTreeMap<Period, (&Heading, u32)> = BTreeMap::new();
        let mut held = Vec::with_capacity(columns.len());
        for (heading, column) in header.headings.iter().zip(&columns) {
            let Column::Figures(period) = column else {
                self.no_figures(reads.grid, heading, column);
                held.push(None);
                continue;
            };
            let (index, meaning) = self.heading(reads, heading, *period);
            if let Some((first, _)) = seen.insert(*period, (heading, index)) {
                self.period_twice(reads.grid, *period, heading, first);
            }
            held.push(Some(Held::Figures(index, meaning)));
        }
        let mut claims: BTreeMap<(Indicator, Option<Period>), &Heading> = BTreeMap::new();
        for ((held, column), heading) in held.iter_mut().zip(columns).zip(&header.headings) {
            if let Column::Claims(indicator, periods) = column {
                if let Some(first) = claims.insert((indicator, periods.last().copied()), heading) {
                    self.column_twice(reads.grid, indicator, heading, first);
                }
                let headings = periods.iter().filter_map(|period| Some(seen.get(period)?.1)).collect();
                let claimed = Claimed { indicator, headings };
                *held = Some(Held::Claims(self.collector.claimed.insert_full(claimed).0 as u32, indicator));
            }
        }
        held
    }

    /// A column without figures may be in order; if not, it is a problem.
    fn no_figures(&mut self, grid: usize, heading: &Heading, column: &Column) {
        match column {
            Column::Open(open) => self.ambiguous_period(grid, heading, open.clone()),
            Column::Unknown => self.no_period(grid, heading),
            Column::Baseless(indicator) => {
                let message =
                    format!("the heading `{}` follows no figures", figure::shortened(&heading.label));
                let label = format!("a {} of figures of the table was expected", indicator.name());
                let help = "it is held against the columns before it, or that of the period it names; what is not to be read is `\"…\" = \"ignored\"` under `[columns]` in the definition";
                let problem = Problem::data("no-base", message, self.mark_heading(grid, heading, &label));
                self.extracted.problems.push(problem.help(help));
            }
            Column::Figures(_) | Column::Claims(..) | Column::Ignored => {}
        }
    }

    pub(super) fn mark_heading(&self, grid: usize, heading: &Heading, label: &str) -> Mark {
        let row = self.document.grids[grid].rows[heading.row].number;
        self.document.mark(grid, row, heading.column, label)
    }

    fn ambiguous_period(&mut self, grid: usize, heading: &Heading, open: UnresolvedHeading) {
        let message = format!("the heading `{}` {}", figure::shortened(&heading.label), open.message);
        let problem = Problem::data("ambiguous-period", message, self.mark_heading(grid, heading, ""));
        self.extracted.problems.push(problem.help(open.help));
    }

    fn no_period(&mut self, grid: usize, heading: &Heading) {
        let message = format!("the heading `{}` is no period", figure::shortened(&heading.label));
        let nothing = spreadsheet::explain_missing_value(&heading.label);
        let expected = nothing.map_or("a year or a part of one was expected", |(reason, _)| reason);
        let mark = self.mark_heading(grid, heading, expected);
        let help = "write it as `2024`, `2026 (as at end-February)`, `2024-Q3` or `July 2024`; what is no period is named in the definition, under `[columns]`: `\"vs last year\" = \"relative change\"`, or \"change\", \"share\", \"total\", \"ignored\"";
        self.extracted
            .problems
            .push(Problem::data("no-period", message, mark).help(nothing.map_or(help, |(_, help)| help)));
    }

    fn period_twice(&mut self, grid: usize, period: Period, again: &Heading, first: &Heading) {
        let message = format!("the period {period} stands in the header twice");
        let problem = Problem::data("period-twice", message, self.mark_heading(grid, again, "again"));
        self.extracted.problems.push(problem.also(self.mark_heading(grid, first, "first")));
    }

    fn column_twice(&mut self, grid: usize, indicator: Indicator, again: &Heading, first: &Heading) {
        let message = format!("the {} of one period stands in the header twice", indicator.name());
        let problem = Problem::data("column-twice", message, self.mark_heading(grid, again, "again"));
        let problem = problem.also(self.mark_heading(grid, first, "first"));
        self.extracted.problems.push(problem.help("name one of them in the definition, under `[columns]`"));
    }
}
