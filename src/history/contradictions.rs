//! Releases that contradict the one before as no revision does: titles, labels or columns exchanged, which no sum within a
//! document can see. A warning, because a publisher who mends such a mistake contradicts the release before, too.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::dataset::Printed;
use crate::history::exchange::{Axis, Exchange, Figure as Overlap, find_exchanges};
use crate::history::{History, NumberedFigure};
use crate::problem::{Problem, Rule, Span};
use crate::transform::figures::ReleaseFigures;

/// What of a key is looked at.
enum KeyPart {
    Dimension(usize),
    Period,
}

impl History {
    /// What a release contradicts of what stands, before it is folded.
    pub(super) fn find_contradictions(
        &self,
        release: NaiveDate,
        figures: &ReleaseFigures,
        printed: &[NumberedFigure],
    ) -> Vec<Problem> {
        let Some(before) = self.releases.last().map(|before| before.release) else { return Vec::new() };
        let overlap = Overlapping::read(self, printed);
        let describe = |exchange: Exchange| {
            let message = format!(
                "release {release} contradicts that of {before}: {} seem to be exchanged; of {} figures that tell, {} are nearer to it with them exchanged, {} as printed",
                overlap.describe(self, &exchange),
                exchange.figures,
                exchange.exchanged,
                exchange.as_printed
            );
            let file = figures.documents.iter().find(|(_, of)| *of == Some(release));
            let span = Span::file(file.map_or_else(String::new, |(name, _)| name.clone()), "");
            let help = "compare both documents: one of them is misprinted or was read wrongly, unless the publisher mended it here; `bluebook diff` shows what differs";
            Problem::new(Rule::ReleaseContradicts, message, span).help(help)
        };
        find_exchanges(&overlap.figures()).into_iter().map(describe).collect()
    }
}

/// The figures of a release that stand already.
struct Overlapping {
    /// What tells figures of a table apart.
    parts: Vec<KeyPart>,
    /// The codes that name each table.
    tables: Vec<Vec<u32>>,
    /// The table, the codes, what stands and what is printed.
    rows: Vec<(u32, Vec<u32>, i64, i64)>,
}

impl Overlapping {
    fn read(history: &History, printed: &[NumberedFigure]) -> Overlapping {
        let dimensions = || history.definition.dimensions.iter().enumerate();
        let is_title = |at: &usize| history.definition.dimensions[*at].printed == Printed::Table;
        let titles: Vec<usize> = dimensions().map(|(at, _)| at).filter(is_title).collect();
        let inner = dimensions().map(|(at, _)| at).filter(|at| !is_title(at)).map(KeyPart::Dimension);
        let parts: Vec<KeyPart> = inner.chain([KeyPart::Period]).collect();
        let (mut numbers, mut tables, mut rows) = (HashMap::new(), Vec::new(), Vec::new());
        for figure in printed {
            let before = history.standing(figure.series, figure.period).and_then(|row| row.value);
            let Some((before, now)) = before.zip(figure.value) else { continue };
            let codes = history.names.series.get(figure.series);
            let measure = codes.last().copied().unwrap_or_default();
            let own: Vec<u32> = titles.iter().map(|at| codes[*at]).chain([measure]).collect();
            let next = tables.len() as u32;
            let table = *numbers.entry(own.clone()).or_insert(next);
            if table == next {
                tables.push(own);
            }
            let code = |part: &KeyPart| match part {
                KeyPart::Dimension(at) => codes[*at],
                KeyPart::Period => figure.period,
            };
            rows.push((table, parts.iter().map(code).collect(), before, now));
        }
        Overlapping { parts, tables, rows }
    }

    fn figures(&self) -> Vec<Overlap<'_>> {
        self.rows
            .iter()
            .map(|(table, codes, before, now)| Overlap { table: *table, codes, before: *before, now: *now })
            .collect()
    }

    /// What is exchanged, in words.
    fn describe(&self, history: &History, exchange: &Exchange) -> String {
        let [one, other] = [exchange.one, exchange.other].map(|number| match exchange.axis {
            Axis::Table => self.table(history, number),
            Axis::Code(at) => match self.parts[at] {
                KeyPart::Dimension(dimension) => history.names.code(dimension, number).code.clone(),
                KeyPart::Period => history.names.periods.get(number).to_string(),
            },
        });
        let within = exchange.table.map(|table| self.table(history, table)).filter(|name| !name.is_empty());
        within.map_or_else(|| format!("{one} and {other}"), |within| format!("{one} and {other} of {within}"))
    }

    fn table(&self, history: &History, number: u32) -> String {
        let titles = history.definition.dimensions.iter().enumerate();
        let titles = titles.filter(|(_, dimension)| dimension.printed == Printed::Table);
        let codes = titles.zip(&self.tables[number as usize]);
        let codes = codes.map(|((at, _), code)| history.names.code(at, *code).code.clone());
        let measure = self.tables[number as usize].last().filter(|_| history.definition.has_measures());
        let measure = measure.map(|at| history.definition.measures[*at as usize].code().to_owned());
        codes.chain(measure).collect::<Vec<_>>().join("/")
    }
}
