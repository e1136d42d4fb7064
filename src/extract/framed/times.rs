//! The periods of a framed table: the words of its title, sections, label columns and headings, from the outermost to the
//! innermost, name one together. All periods of a table are resolved at once, because they share their conventions.

use std::collections::{BTreeSet, HashMap};

use crate::dataset::{Definition, FrameDefinition, Role, TableDefinition};
use crate::document::Row;
use crate::extract::framed::names::{Names, is_time};
use crate::extract::framed::rows::FramedRow;
use crate::extract::heading_periods::HeadingPeriod;
use crate::extract::raw::{PeriodHeading, RawBuilder};
use crate::extract::tables::TableContext;
use crate::grammar::period::Period;
use crate::grammar::period::calendar::UnresolvedHeading;
use crate::grammar::period::heading::HeadingReading;
use crate::grammar::period::part_of_year::name_part;
use crate::grammar::status_flag::FlagMeaning;
use crate::layout::frame::Framed;
use crate::layout::header::read;
use crate::layout::period_path;
use crate::layout::tables::Table;
use crate::problem::{Problem, Rule};
use crate::text::fold_whitespace;

/// A period of the table.
#[derive(Clone, Copy, Debug)]
pub(super) struct Time {
    /// The period.
    pub period: Period,
    /// Its index among the headings of the batch.
    pub heading: u32,
    /// What its words say of the figures.
    pub meaning: Option<FlagMeaning>,
}

/// The periods of a table, by the words of rows and columns.
pub(super) struct Times {
    title: Vec<String>,
    known: HashMap<Vec<String>, Result<Time, UnresolvedHeading>>,
    headings: HashMap<Period, u32>,
    /// The first cell of each words that name no period.
    missed: Vec<(Vec<String>, (u32, u32))>,
}

/// The words of a period that the title names.
pub(super) struct TitleTimes(Vec<String>);

impl TitleTimes {
    /// Those of a table, where the definition says that its title names the period.
    pub fn of(context: &TableContext<'_, '_>, layout: &FrameDefinition) -> TitleTimes {
        if !layout.title.contains(&Role::Period) {
            return TitleTimes(Vec::new());
        }
        let rows = &context.rows()[context.table.title.clone()];
        TitleTimes(find_title_period(rows).into_iter().collect())
    }
}

/// The longest run of words in a title that is a period; the last line that has one counts.
fn find_title_period(rows: &[Row<'_>]) -> Option<String> {
    let periods: Vec<String> =
        rows.iter().rev().filter_map(|row| period_path::find_period(&row.text())).collect();
    // A day in a title is the day of its release more often than that of its figures.
    let is_day = |text: &String| read(text).is_some_and(|reading| reading.approximate_time().1 == 0);
    periods.iter().find(|text| !is_day(text)).or(periods.first()).cloned()
}

impl Times {
    /// The periods that rows and columns name together.
    pub fn resolve(
        context: &TableContext<'_, '_>,
        columns: &[Option<Names>],
        rows: &[FramedRow<'_>],
        TitleTimes(title): TitleTimes,
        raw: &mut RawBuilder<'_>,
    ) -> Times {
        let of_columns: BTreeSet<&Vec<String>> = columns.iter().flatten().map(|names| &names.times).collect();
        let of_rows: BTreeSet<&Vec<String>> = rows.iter().map(|row| &row.names.times).collect();
        let pairs = of_rows.iter().flat_map(|row| of_columns.iter().map(move |column| (*row, *column)));
        let paths: Vec<Vec<String>> = pairs.map(|(row, column)| path(&title, row, column)).collect();
        let read: Vec<(String, Option<HeadingReading>)> = paths.iter().map(|path| read_path(path)).collect();
        let texts: Vec<_> = read.iter().map(|(text, reading)| (text.as_str(), reading.as_ref())).collect();
        let periods = context.definition().calendar.resolve(&texts);
        let mut times = Times { title, known: HashMap::new(), headings: HashMap::new(), missed: Vec::new() };
        for ((path, (text, reading)), period) in paths.into_iter().zip(&read).zip(periods) {
            let fixed = context.table_definition.period.filter(|_| path.is_empty());
            let status = reading.as_ref().and_then(|reading| FlagMeaning::from_code(reading.status.code()));
            let time = match period.map(|period| period.or(fixed)) {
                Ok(None) => continue,
                Ok(Some(period)) => Ok(times.add(period, text, status, raw)),
                Err(open) => Err(open),
            };
            times.known.insert(path, time);
        }
        times
    }

    fn add(
        &mut self,
        period: Period,
        text: &str,
        meaning: Option<FlagMeaning>,
        raw: &mut RawBuilder<'_>,
    ) -> Time {
        let label = if text.is_empty() { period.to_string() } else { text.to_owned() };
        let heading = raw.add_heading(PeriodHeading { label, period });
        self.headings.entry(period).or_insert(heading);
        Time { period, heading, meaning }
    }

    /// The period of a row's words and a column's.
    pub fn find(&self, of_row: &[String], of_column: &[String]) -> Option<Time> {
        self.known.get(&path(&self.title, of_row, of_column))?.as_ref().ok().copied()
    }

    /// A heading of a period.
    pub fn heading_of(&self, period: Period) -> Option<u32> {
        self.headings.get(&period).copied()
    }

    /// Remembers a figure whose period is not known.
    pub fn miss(&mut self, row: &Names, column: &Names, place: (u32, u32)) {
        let path = path(&self.title, &row.times, &column.times);
        if !self.missed.iter().any(|(known, _)| *known == path) {
            self.missed.push((path, place));
        }
    }

    /// Reports words that name no period, or several, each at the first figure that they are printed for.
    pub fn report_unread(self, context: &mut TableContext<'_, '_>) {
        for (path, (row, column)) in self.missed {
            let span = context.document().span(context.grid, row, column, "the first such figure");
            let words = path.join(" ");
            let problem = match self.known.get(&path) {
                Some(Err(open)) => {
                    let message = format!("the period `{words}` {}", open.message);
                    Problem::new(Rule::AmbiguousPeriod, message, span).help(open.help.clone())
                }
                _ if words.is_empty() => {
                    let help = "write it under the `[[table]]`: `fixed = { period = \"2017\" }`; or say where it is printed: in `header`, `stub`, `sections` or `title_names`";
                    Problem::new(Rule::NoPeriod, "nothing names the period of the figures", span).help(help)
                }
                _ => {
                    let message = format!("`{words}` is no period");
                    let help =
                        "where it is one in the publisher's words, write under `[periods]` what it means";
                    Problem::new(Rule::NoPeriod, message, span).help(help)
                }
            };
            context.problems.push(problem);
        }
    }
}

fn path(title: &[String], row: &[String], column: &[String]) -> Vec<String> {
    title.iter().chain(row).chain(column).cloned().collect()
}

/// The words of a path and what they can mean.
fn read_path(path: &[String]) -> (String, Option<HeadingReading>) {
    let parts: Vec<&str> = path.iter().map(String::as_str).collect();
    match period_path::join(&parts) {
        Some(path) => (path.text, Some(path.reading)),
        None => (parts.join(" "), None),
    }
}

/// The periods that a framed table reports, without its figures: those of its title, rows and columns.
pub(in crate::extract) fn periods_of(
    table: &Table,
    rows: &[Row<'_>],
    own: &TableDefinition,
    definition: &Definition,
) -> Vec<Period> {
    let (Some(framed), Some(layout)) = (&table.frame, &own.frame) else { return Vec::new() };
    let title = layout.title.contains(&Role::Period).then(|| find_title_period(&rows[table.title.clone()]));
    let title: Vec<String> = title.flatten().into_iter().collect();
    let mut last: Vec<String> = vec![String::new(); framed.stub.len() + 1];
    let of_row = |row: &Row<'_>| {
        note_times((table, rows), row, (framed, layout), &mut last);
        last.iter().filter(|text| !text.is_empty()).cloned().collect::<Vec<String>>()
    };
    let of_rows: BTreeSet<Vec<String>> = table.body.iter().map(|at| &rows[*at]).map(of_row).collect();
    let of_columns: BTreeSet<Vec<String>> = table
        .header
        .headings
        .iter()
        .map(|heading| if heading.time.is_empty() { Vec::new() } else { vec![heading.time.clone()] })
        .collect();
    let pairs = of_rows.iter().flat_map(|row| of_columns.iter().map(|column| path(&title, row, column)));
    let read: Vec<(String, Option<HeadingReading>)> = pairs.map(|path| read_path(&path)).collect();
    let texts: Vec<_> = read.iter().map(|(text, reading)| (text.as_str(), reading.as_ref())).collect();
    definition.calendar.resolve(&texts).into_iter().flatten().flatten().collect()
}

/// Takes notice of the words of periods that a row prints: those of a heading between rows first, then of its labels.
fn note_times(
    (table, rows): (&Table, &[Row<'_>]),
    row: &Row<'_>,
    (framed, layout): (&Framed, &FrameDefinition),
    last: &mut [String],
) {
    let mut printed = row.cells.iter().filter(|cell| !cell.text.is_empty());
    if let (Some(only), None) = (printed.next(), printed.next())
        && layout.sections.iter().flatten().any(|role| *role == Role::Period)
        && is_time(&only.text)
    {
        last[0] = fold_whitespace(&only.text).into_owned();
    }
    for (place, (column, of)) in framed.stub.iter().zip(&layout.stub).enumerate() {
        let cell = row.cells.get(*column).filter(|_| of.roles.contains(&Role::Period));
        let Some(cell) = cell else { continue };
        let part = name_part_of_year(table, rows, *column, &cell.text);
        if part.is_some() || is_time(&cell.text) {
            last[place + 1] = part.unwrap_or_else(|| fold_whitespace(&cell.text).into_owned());
        }
    }
}

/// The usual words for a number in a label column whose heading says what part of a year it counts.
pub(super) fn name_part_of_year(
    table: &Table,
    rows: &[Row<'_>],
    column: usize,
    text: &str,
) -> Option<String> {
    let header = rows[table.header.rows.clone()].iter().rev();
    let heading = header.filter_map(|row| row.cells.get(column)).find(|cell| !cell.text.is_empty())?;
    name_part(&heading.text, text)
}

impl TableContext<'_, '_> {
    /// Remembers the periods of columns and rows, to be held against each other.
    pub(super) fn place_headings(
        &mut self,
        columns: &[Option<Names>],
        rows: &[FramedRow<'_>],
        times: &Times,
    ) {
        let mut series: HashMap<Names, u32> = HashMap::new();
        let mut number = |names: &Names| {
            let next = series.len() as u32;
            *series.entry(names.without_times()).or_insert(next)
        };
        let has_row_times = rows.iter().any(|row| row.names.has_times());
        let Some(first) = rows.first() else { return };
        for (names, heading) in columns.iter().zip(&self.table.header.headings) {
            let Some(names) = names.as_ref().filter(|names| names.indicator.is_none() && !has_row_times)
            else {
                continue;
            };
            let Some(time) = times.find(&first.names.times, &names.times) else { continue };
            let row = self.rows()[heading.row].number;
            self.headings.push(HeadingPeriod {
                period: time.period,
                series: number(names),
                row,
                column: heading.column,
            });
        }
        let Some(column) = columns.iter().flatten().find(|names| names.indicator.is_none()) else { return };
        for row in rows.iter().filter(|row| row.names.has_times() && row.names.indicator.is_none()) {
            let Some(time) = times.find(&row.names.times, &column.times) else { continue };
            let series = number(&row.names);
            self.headings.push(HeadingPeriod {
                period: time.period,
                series,
                row: row.number,
                column: row.label_cell.1,
            });
        }
    }
}
