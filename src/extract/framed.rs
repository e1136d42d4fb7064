//! Reads the tables that a definition frames. Each cell of a header row, a label column, a section heading or the title
//! names one thing; a figure is named by all that its column, row, section and table name, and by nothing else.

mod columns;
mod names;
mod rows;
mod times;

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

pub(super) use names::Names;
pub(super) use times::periods_of;

use crate::dataset::FrameDefinition;
use crate::document::Cell;
use crate::extract::columns::find_base;
use crate::extract::headings::{ReadColumn, ReadContent};
use crate::extract::raw::{IndicatorOf, RawBuilder};
use crate::extract::row_selection::RowSelection;
use crate::extract::rows::{FigureCell, NamedRow, read_cell};
use crate::extract::tables::TableContext;
use crate::grammar::indicator::Indicator;
use crate::grammar::period::Period;
use crate::grammar::status_flag::FlagMeaning;
use crate::layout::frame::Framed;
use rows::FramedRow;
use times::{Times, TitleTimes};

/// What stands where a row ends before its last column.
static BLANK: Cell<'static> = Cell { column: 0, set_in: 0, text: Cow::Borrowed(""), number: None };

/// Reads a framed table.
pub(super) fn read_framed<'t>(
    context: &mut TableContext<'t, '_>,
    framed: &Framed,
    layout: &FrameDefinition,
    selection: &RowSelection,
    raw: &mut RawBuilder<'t>,
) {
    let columns = columns::name_columns(context, framed, layout, raw);
    let rows = rows::name_rows(context, framed, layout, selection, raw);
    let times = Times::resolve(context, &columns, &rows, TitleTimes::of(context, layout), raw);
    context.place_headings(&columns, &rows, &times);
    let first = framed.first as u32 + 1;
    let mut reader = FigureReader { columns, first, times, read: HashMap::new(), seen: HashMap::new() };
    for row in &rows {
        reader.read_row(context, row, raw);
    }
    reader.times.report_unread(context);
}

/// What the columns of a table hold, for each period that its rows name.
struct FigureReader {
    columns: Vec<Option<Names>>,
    /// The number of the first of them in the sheet.
    first: u32,
    times: Times,
    /// The columns as they are read, by the words that rows name their period with.
    read: HashMap<Vec<String>, Rc<Vec<Option<ReadColumn>>>>,
    /// The words for the periods of rows above, by all else that these rows name.
    seen: HashMap<Names, Vec<Vec<String>>>,
}

impl FigureReader {
    fn read_row<'t>(
        &mut self,
        context: &mut TableContext<'t, '_>,
        row: &FramedRow<'t>,
        raw: &mut RawBuilder<'t>,
    ) {
        let columns = self.columns_of(&row.names, raw);
        let labelled = NamedRow::from_names(context, &row.names, row.label_cell, row.depth);
        for (at, names) in self.columns.iter().enumerate() {
            let Some(names) = names.as_ref().filter(|names| names.indicator != Some(Indicator::Ignored))
            else {
                continue;
            };
            let cell = row.figures.get(at).unwrap_or(&BLANK);
            let column = if cell.column > 0 { cell.column } else { self.first + at as u32 };
            let place = (row.number, column);
            match columns.get(at).and_then(Option::as_ref) {
                Some(column) => {
                    let figure = FigureCell { place, cell, column };
                    match self.flag_beside(context, row, at) {
                        None => read_cell(context, &labelled, figure, raw),
                        flag => read_cell(context, &labelled.with_meaning(flag), figure, raw),
                    }
                }
                None if cell.text.is_empty() => {}
                None => self.times.miss(&row.names, names, place),
            }
        }
    }

    /// What a flag in the column to the right says of a figure.
    fn flag_beside(
        &self,
        context: &TableContext<'_, '_>,
        row: &FramedRow<'_>,
        at: usize,
    ) -> Option<FlagMeaning> {
        self.columns.get(at + 1)?.as_ref().filter(|names| names.is_flags)?;
        context.reading.behind_figures(&row.figures.get(at + 1)?.text)
    }

    /// The columns as they are read in a row: those of one period are made once.
    fn columns_of(&mut self, row: &Names, raw: &mut RawBuilder<'_>) -> Rc<Vec<Option<ReadColumn>>> {
        if let Some(indicator) = row.indicator {
            return Rc::new(self.indicator_columns(row, indicator, raw));
        }
        self.seen.entry(row.without_times()).or_default().push(row.times.clone());
        if !self.read.contains_key(&row.times) {
            let read = self.read_columns(&row.times, raw);
            self.read.insert(row.times.clone(), Rc::new(read));
        }
        Rc::clone(&self.read[&row.times])
    }

    /// The columns below rows that name their period with these words.
    fn read_columns(&self, of_row: &[String], raw: &mut RawBuilder<'_>) -> Vec<Option<ReadColumn>> {
        (0..self.columns.len()).map(|at| self.read_column(at, of_row, raw)).collect()
    }

    fn read_column(&self, at: usize, of_row: &[String], raw: &mut RawBuilder<'_>) -> Option<ReadColumn> {
        let names = self.columns[at].as_ref()?;
        let content = match names.indicator {
            None => {
                let time = self.times.find(of_row, &names.times)?;
                ReadContent::Figures(time.heading, names.meaning.or(time.meaning))
            }
            Some(Indicator::Ignored) => return None,
            Some(indicator) => self.indicator_content(at, indicator, of_row, raw)?,
        };
        Some(names.to_column(content))
    }

    /// What follows from figures of the columns that are named alike.
    fn indicator_content(
        &self,
        at: usize,
        indicator: Indicator,
        of_row: &[String],
        raw: &mut RawBuilder<'_>,
    ) -> Option<ReadContent> {
        let names = self.columns[at].as_ref()?;
        let figures = self.columns.iter().enumerate().filter_map(|(other, column)| {
            let column =
                column.as_ref().filter(|column| column.indicator.is_none() && column.is_like(names))?;
            Some((other, self.times.find(of_row, &column.times)?.period))
        });
        let figures: Vec<(usize, Period)> = figures.collect();
        let has_times =
            figures.iter().any(|(other, _)| self.columns[*other].as_ref().is_some_and(Names::has_times));
        let is_own = !names.times.is_empty() || !has_times;
        let own = self.times.find(of_row, &names.times).map(|time| time.period).filter(|_| is_own);
        Some(self.add_indicator(indicator, &find_base(indicator, at, own, &figures)?, raw))
    }

    /// The columns of a row that follows from those above it.
    fn indicator_columns(
        &self,
        row: &Names,
        indicator: Indicator,
        raw: &mut RawBuilder<'_>,
    ) -> Vec<Option<ReadColumn>> {
        let above = self.seen.get(&row.without_times()).map(Vec::as_slice).unwrap_or_default();
        let column = |names: &Option<Names>| {
            let names = names.as_ref()?;
            if indicator == Indicator::Ignored || names.indicator.is_some() {
                return None;
            }
            let periods = above.iter().filter_map(|words| Some(self.times.find(words, &names.times)?.period));
            let figures: Vec<(usize, Period)> = periods.enumerate().collect();
            let base = find_base(indicator, figures.len(), None, &figures)?;
            let content = self.add_indicator(indicator, &base, raw);
            Some(names.to_column(content))
        };
        self.columns.iter().map(column).collect()
    }

    fn add_indicator(&self, indicator: Indicator, of: &[Period], raw: &mut RawBuilder<'_>) -> ReadContent {
        let indicator = match (indicator, of.len()) {
            (Indicator::RelativeChange, 1) => Indicator::Growth,
            _ => indicator,
        };
        let headings = of.iter().filter_map(|period| self.times.heading_of(*period)).collect();
        ReadContent::Indicator(raw.add_indicator_of(IndicatorOf { indicator, headings }), indicator)
    }
}
