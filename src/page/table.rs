//! A table as the page shows it: a row for what figures are of, a column for each period, parts of years set apart. Where
//! there are many periods, the newest stand in the first table with all that is known of them, the others in tables of their
//! figures alone.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;

use crate::dataset::Definition;
use crate::grammar::period::Period;
use crate::page::cells::{self, Cell};
use crate::page::chart::{self, Bar, Svg};
use crate::page::notes::{Mark, Notes};
use crate::page::rows::Observation;
use crate::page::{order, words};
use crate::regions::TOTAL;

/// A table.
pub struct Table {
    /// Its anchor.
    pub id: String,
    /// What it is of.
    pub caption: String,
    /// Whether it holds the newest periods, and is shown at once.
    pub is_newest: bool,
    pub headings: Vec<Heading>,
    pub rows: Vec<Row>,
    /// The headings of what follows from the figures; none where nothing does.
    pub extra: Option<Extra>,
    /// What is to be said of parts of years.
    pub sentences: Vec<String>,
}

/// The heading of a period.
pub struct Heading {
    /// As it is printed.
    pub label: String,
    /// How long it is, where it is a part of a year.
    pub length: String,
    pub is_part: bool,
    pub marks: Vec<Mark>,
}

/// The headings of what follows from the figures.
pub struct Extra {
    pub bars: &'static str,
    pub share: Option<String>,
    pub change: Option<String>,
}

/// A row.
pub struct Row {
    pub name: String,
    pub marks: Vec<Mark>,
    pub is_total: bool,
    pub cells: Vec<Cell>,
    pub bars: Option<Svg>,
    pub share: Option<String>,
    pub change: Option<String>,
}

/// How many periods stand in one table.
const PERIODS: usize = 12;

/// What figures are parted by, and where what is known of them stands.
struct Context<'a> {
    parted: &'a [usize],
    notes: &'a Notes<'a>,
    definition: &'a Definition,
}

type Figures<'r> = [(Vec<String>, Vec<&'r Observation>)];

/// The tables of figures that are parted by the same dimensions, the newest periods first.
pub fn split(
    figures: &[&Observation],
    parted: &[usize],
    notes: &Notes<'_>,
    definition: &Definition,
) -> Vec<Table> {
    let mut rows = order::group(figures.iter().copied(), |of| of.codes.clone());
    for (_, figures) in &mut rows {
        figures.sort_by_key(|of| of.period);
    }
    // A printed figure tells where its heading stands.
    let printed = figures.iter().rev().filter(|of| of.place.1.is_some());
    let all = figures.iter().chain(printed);
    let periods: BTreeMap<Period, &Observation> = all.map(|of| (of.period, *of)).collect();
    let context = Context { parted, notes, definition };
    let blocks = split_periods(&periods);
    let newest = blocks.len().saturating_sub(1);
    let tables = blocks.iter().enumerate().map(|(at, block)| context.table(&rows, block, at == newest));
    let mut tables: Vec<Table> = tables.collect();
    tables.reverse();
    tables
}

/// Periods that stand in one table: all, or those of the same years; parts of years last.
fn split_periods<'r>(periods: &BTreeMap<Period, &'r Observation>) -> Vec<Vec<&'r Observation>> {
    let shortest = periods.keys().map(|of| of.months).filter(|months| *months > 0).min().unwrap_or(12);
    let span = if periods.len() <= PERIODS { i32::MAX } else { (10 * shortest as i32 / 12).max(1) };
    let mut blocks = BTreeMap::<i32, Vec<&Observation>>::new();
    for (period, of) in periods {
        blocks.entry(period.start.year() / span).or_default().push(of);
    }
    let mut blocks: Vec<_> = blocks.into_values().collect();
    for block in &mut blocks {
        block.sort_by_key(|of| (of.is_partial, of.period));
    }
    blocks
}

impl Context<'_> {
    fn table(&self, rows: &Figures<'_>, periods: &[&Observation], is_newest: bool) -> Table {
        let of_periods: BTreeSet<Period> = periods.iter().map(|of| of.period).collect();
        let latest = periods.iter().rfind(|of| !of.is_partial).or(periods.last()).map(|of| of.period);
        let extra = latest.filter(|_| is_newest).map(|latest| self.extra(rows, latest, periods));
        let row = |(codes, figures): &(Vec<String>, Vec<&Observation>)| {
            figures.iter().any(|of| of_periods.contains(&of.period)).then(|| {
                let row = self.row(codes, figures, periods);
                match (&extra, latest) {
                    (Some(extra), Some(latest)) => self.extend(row, extra, figures, periods, latest),
                    _ => row,
                }
            })
        };
        Table {
            id: String::new(),
            caption: self.caption(periods),
            is_newest,
            headings: periods.iter().map(|of| Heading::new(of, self.notes.above(&of.place))).collect(),
            rows: rows.iter().filter_map(row).collect(),
            sentences: if is_newest { self.tell_parts(rows, periods) } else { Vec::new() },
            extra,
        }
    }

    /// `By region, 2023 to 2026 (as at end-February)`.
    fn caption(&self, periods: &[&Observation]) -> String {
        let names = self.parted.iter().map(|at| self.definition.dimensions[*at].meaning.as_str());
        let names = names.collect::<Vec<_>>().join(" and ");
        let what = if names.is_empty() { "Total".into() } else { format!("By {names}") };
        match periods {
            [first, .., last] => format!("{what}, {} to {}", first.period_label, last.period_label),
            [only] => format!("{what}, {}", only.period_label),
            [] => what,
        }
    }

    fn row(&self, codes: &[String], figures: &[&Observation], periods: &[&Observation]) -> Row {
        let cell = |of: &&Observation| {
            let empty = Cell { is_part: of.is_partial, ..Cell::default() };
            let found = find(figures, of.period);
            found.map_or(empty, |found| Cell::new(found, self.notes, self.definition))
        };
        let named = self.parted.iter().map(|at| (&self.definition.dimensions[*at], codes[*at].as_str()));
        Row {
            name: words::name_codes(named),
            marks: figures.first().map(|of| self.notes.before(&of.place)).unwrap_or_default(),
            is_total: self.parted.iter().all(|at| codes[*at] == TOTAL),
            cells: periods.iter().map(cell).collect(),
            bars: None,
            share: None,
            change: None,
        }
    }

    /// What follows from the figures. Where a table is not parted by the dimension of shares, each row is the whole of its own.
    fn extra(&self, rows: &Figures<'_>, latest: Period, periods: &[&Observation]) -> Extra {
        let figures = || rows.iter().filter_map(|(_, figures)| find(figures, latest));
        let label = periods.iter().find(|of| of.period == latest).map_or("", |of| &of.period_label);
        let is_monthly = figures().any(|of| of.per_month.is_some());
        let is_shared = self.definition.share_dimension().is_some_and(|at| self.parted.contains(&at));
        let has_shares = is_shared && figures().any(|of| of.share.is_some());
        let is_compared = figures().any(|of| of.change.is_some());
        Extra {
            bars: if is_monthly { "Per month" } else { "Figures" },
            share: has_shares.then(|| format!("Share, {label}")),
            change: is_compared.then(|| format!("{label} on {}", latest.year_before().words())),
        }
    }

    /// Adds what follows from the figures of a row.
    fn extend(
        &self,
        row: Row,
        extra: &Extra,
        figures: &[&Observation],
        periods: &[&Observation],
        latest: Period,
    ) -> Row {
        let of = find(figures, latest);
        let decimals = figures.first().map_or(0, |of| self.definition.measures[of.measure].decimals);
        let share = || of.and_then(|of| of.share).map_or("none".into(), words::percent);
        Row {
            bars: Some(draw_bars(figures, periods, decimals)),
            share: extra.share.is_some().then(share),
            change: extra.change.is_some().then(|| cells::change(of, decimals)),
            ..row
        }
    }

    /// What is to be said of parts of years: what the total is a month, and how it changed.
    fn tell_parts(&self, rows: &Figures<'_>, periods: &[&Observation]) -> Vec<String> {
        let total = rows.iter().find(|(codes, _)| self.parted.iter().all(|at| codes[*at] == TOTAL));
        let tell = |of: &&Observation| {
            let months = words::count(of.period.months as usize, "month");
            let decimals = self.definition.measures[of.measure].decimals;
            let found = total.and_then(|(_, figures)| find(figures, of.period));
            let monthly = found.and_then(|found| found.per_month);
            let monthly = monthly
                .map(|value| format!(" and has a total of {} a month", words::figure(value, decimals)));
            let is_compared = rows
                .iter()
                .any(|(_, figures)| find(figures, of.period).is_some_and(|of| of.change.is_some()));
            let change = match found.filter(|found| found.change.is_some()) {
                Some(found) => format!(
                    "; the total changed by {} on {}",
                    cells::change(Some(found), decimals),
                    of.period.year_before().words()
                ),
                None if is_compared => String::new(),
                None => "; nothing is printed of the same months a year before to compare it with".into(),
            };
            format!("{} covers {months}{}{change}.", of.period_label, monthly.unwrap_or_default())
        };
        periods.iter().filter(|of| of.is_partial && of.period.months > 0).map(tell).collect()
    }
}

impl Heading {
    fn new(of: &Observation, marks: Vec<Mark>) -> Heading {
        let length = words::count(of.period.months as usize, "month");
        let is_part = of.is_partial && of.period.months > 0;
        Heading {
            label: of.period_label.clone(),
            length: if is_part { length } else { String::new() },
            is_part: of.is_partial,
            marks,
        }
    }
}

/// The bars of a row: figures per month where there are any, so that parts of years compare.
fn draw_bars(figures: &[&Observation], periods: &[&Observation], decimals: u32) -> Svg {
    let height = |of: &&Observation| find(figures, of.period).and_then(|of| of.per_month.or(of.value));
    let bars: Vec<Bar> =
        periods.iter().map(|of| Bar { height: height(of), is_part: of.is_partial }).collect();
    let word = |bar: &Bar| bar.height.map_or("none".into(), |height| words::figure(height, decimals));
    chart::bars(&bars, &bars.iter().map(word).collect::<Vec<_>>().join(", "))
}

/// The figure of a period among those of a row, which stand in their order.
fn find<'r>(figures: &[&'r Observation], period: Period) -> Option<&'r Observation> {
    Some(figures[figures.binary_search_by_key(&period, |of| of.period).ok()?])
}
