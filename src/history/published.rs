//! A history as rows of its published tables.

use anyhow::{Context, Result};
use chrono::NaiveDate;
use polars::prelude::*;

use crate::columns::{self, HISTORY, RELEASES};
use crate::dataset::{Key, Measure};
use crate::grammar::status_flag::STATUSES;
use crate::history::{History, HistoryRow};
use crate::load::Batch;
use crate::transform::{Lookup, LookupValues, PublishedRows};

/// How many rows are published at once: as text they take far more memory than as they are kept.
const ROWS_AT_ONCE: usize = 1 << 16;

/// The last day of what still stands.
const OPEN: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a day");

impl History {
    /// Hands over the rows of the published tables, some at a time; none where there is one release.
    ///
    /// # Errors
    /// Where they are not taken. Else only where polars or Arrow refuse a column.
    pub fn publish(&self, mut take: impl FnMut(Batch) -> Result<()>) -> Result<()> {
        if self.releases.len() < 2 {
            return Ok(());
        }
        let mut batch = Batch::default();
        let table = columns::table(RELEASES, &self.definition).context("a table is declared")?;
        batch.add_frame(self.release_rows()?, &table, &self.definition)?;
        take(batch)?;
        self.sorted_rows().chunks(ROWS_AT_ONCE).try_for_each(|rows| take(self.publish_rows(rows)?))
    }

    /// Some rows as they are published.
    ///
    /// # Errors
    /// As [`History::publish`].
    pub fn publish_rows(&self, rows: &[&HistoryRow]) -> Result<Batch> {
        let mut batch = Batch::default();
        let table = columns::table(HISTORY, &self.definition).context("a table is declared")?;
        batch.add(&self.history_rows(rows)?, &table, &self.definition)?;
        Ok(batch)
    }

    /// The rows that a key names, in the order of their keys.
    #[must_use]
    pub fn find_rows(&self, key: &Key) -> Vec<&HistoryRow> {
        let mut rows = self.sorted_rows();
        rows.retain(|row| self.is_named(row, key));
        rows
    }

    fn is_named(&self, row: &HistoryRow, key: &Key) -> bool {
        let is = |wanted: &Option<String>, own: &str| wanted.as_deref().is_none_or(|wanted| wanted == own);
        let measure = key.measure.as_ref().filter(|_| self.definition.has_measures());
        let own_measure = self.definition.measures[self.measure_of(row.series) as usize].code();
        key.codes.iter().zip(self.codes_of(row.series)).all(|(wanted, own)| is(wanted, own))
            && measure.is_none_or(|wanted| wanted == own_measure)
            && is(&key.period, &self.period_of(row))
    }

    /// The rows in the order of their keys.
    #[must_use]
    pub fn sorted_rows(&self) -> Vec<&HistoryRow> {
        self.sort_rows(&self.rows)
    }

    /// Some rows in the order of their keys.
    #[must_use]
    pub fn sort_rows<'r>(&self, rows: &'r [HistoryRow]) -> Vec<&'r HistoryRow> {
        let mut rows: Vec<&HistoryRow> = rows.iter().collect();
        let series = rank(self.places.len(), |at| (self.codes_of(at), self.measure_of(at)));
        let periods = rank(self.names.periods.values().len(), |at| self.names.periods.get(at).to_string());
        rows.sort_unstable_by_key(|row| {
            (series[row.series as usize], periods[row.period as usize], row.start)
        });
        rows
    }

    /// The code of each dimension of a series.
    #[must_use]
    pub fn codes_of(&self, series: u32) -> Vec<&str> {
        let numbers = self.names.series.get(series);
        let dimensions = 0..self.definition.dimensions.len();
        dimensions.map(|at| self.names.code(at, numbers[at]).code.as_str()).collect()
    }

    /// The place of a series' measure in the definition.
    #[must_use]
    pub fn measure_of(&self, series: u32) -> u32 {
        self.names.series.get(series).last().copied().unwrap_or_default()
    }

    /// The code of a row's period.
    #[must_use]
    pub fn period_of(&self, row: &HistoryRow) -> String {
        self.names.periods.get(row.period).to_string()
    }

    fn history_rows(&self, rows: &[&HistoryRow]) -> Result<PublishedRows> {
        let periods = || rows.iter().map(|row| self.names.periods.get(row.period));
        let days = |day: &dyn Fn(&HistoryRow) -> NaiveDate| {
            rows.iter().map(|row| Some(day(row))).collect::<Vec<_>>()
        };
        let figures = |of: fn(&HistoryRow) -> Option<i64>| rows.iter().map(|row| of(row)).collect::<Vec<_>>();
        let measures: Vec<u32> = rows.iter().map(|row| self.measure_of(row.series)).collect();
        let measure = |at: &u32| -> &Measure { &self.definition.measures[*at as usize] };
        let mut frame = df!(
            "measure_index" => &measures,
            "measure" => measures.iter().map(|at| measure(at).code()).collect::<Vec<_>>(),
            "unit" => measures.iter().map(|at| measure(at).unit.as_str()).collect::<Vec<_>>(),
            "period" => periods().map(ToString::to_string).collect::<Vec<_>>(),
            "period_start" => periods().map(|period| Some(period.start)).collect::<Vec<_>>(),
            "period_end" => periods().map(|period| Some(period.end())).collect::<Vec<_>>(),
            "is_partial" => periods().map(|period| self.definition.is_partial(period)).collect::<Vec<_>>(),
            "realtime_start" => days(&|row| row.start),
            "realtime_end" => days(&last_day),
            "revision" => rows.iter().map(|row| row.revision).collect::<Vec<_>>(),
            "kind" => rows.iter().map(|row| row.kind.name()).collect::<Vec<_>>(),
            "value" => figures(|row| row.value),
            "status" => rows.iter().map(|row| STATUSES[row.status as usize]).collect::<Vec<_>>(),
            "previous_value" => figures(|row| row.previous),
            "difference" => figures(|row| row.difference),
            "difference_relative" => rows.iter().map(|row| difference_relative(row)).collect::<Vec<_>>(),
            "releases" => rows.iter().map(|row| row.releases).collect::<Vec<_>>(),
            "last_release" => days(&|row| row.last),
            "source" => rows.iter().map(|row| self.names.documents.get(row.document).as_str()).collect::<Vec<_>>(),
            "source_position" => rows.iter().map(|row| row.position.as_deref()).collect::<Vec<_>>(),
        )?;
        self.add_codes(&mut frame, rows)?;
        let decimals = self.definition.measures.iter().map(|measure| measure.decimals).collect();
        let decimals = Lookup {
            name: "decimals".into(),
            key: "measure_index".into(),
            values: LookupValues::Decimals(decimals),
        };
        Ok(PublishedRows { frame, lookups: vec![decimals], positions: None })
    }

    /// Adds the columns of the dimensions.
    fn add_codes(&self, frame: &mut DataFrame, rows: &[&HistoryRow]) -> Result<()> {
        for (at, dimension) in self.definition.dimensions.iter().enumerate() {
            let code = |row: &&HistoryRow| self.names.code(at, self.names.series.get(row.series)[at]);
            let name = dimension.name();
            let texts = |of: &dyn Fn(&&HistoryRow) -> String| rows.iter().map(of).collect::<Vec<String>>();
            let codes = texts(&|row| code(row).code.clone());
            let names = texts(&|row| code(row).name.clone());
            let kinds = texts(&|row| dimension.kind_name(code(row).kind).to_owned());
            for (name, values) in
                [(name.to_owned(), codes), (format!("{name}_name"), names), (format!("{name}_kind"), kinds)]
            {
                frame.with_column(Column::new(name.into(), values))?;
            }
        }
        Ok(())
    }

    fn release_rows(&self) -> Result<DataFrame> {
        let rows = &self.releases;
        let counts = |of: &dyn Fn(&crate::history::releases::ReleaseRow) -> i32| {
            rows.iter().map(of).collect::<Vec<_>>()
        };
        let period = |at: u32| self.names.periods.get(at).to_string();
        Ok(df!(
            "release_date" => rows.iter().map(|row| Some(row.release)).collect::<Vec<_>>(),
            "previous_release" => rows.iter().map(|row| row.before).collect::<Vec<_>>(),
            "documents" => counts(&|row| row.documents),
            "newest_period" => rows.iter().map(|row| period(row.newest_period)).collect::<Vec<_>>(),
            "tables" => counts(&|row| row.tables),
            "figures" => counts(&|row| row.figures),
            "new" => counts(&|row| row.new),
            "unchanged" => counts(&|row| row.unchanged()),
            "revised" => counts(&|row| row.revised),
            "moved" => counts(&|row| row.moved),
            "gone" => counts(&|row| row.gone),
            "repeats" => rows.iter().map(|row| row.repeats).collect::<Vec<_>>(),
            "observations_sha256" => rows.iter().map(|row| row.sha256.as_str()).collect::<Vec<_>>(),
        )?)
    }
}

/// The place of each of so many numbers in the order of their keys.
fn rank<K: Ord>(count: usize, key: impl Fn(u32) -> K) -> Vec<u32> {
    let mut order: Vec<u32> = (0..count as u32).collect();
    order.sort_by_cached_key(|number| key(*number));
    let mut ranks = vec![0; count];
    (0..).zip(order).for_each(|(rank, number)| ranks[number as usize] = rank);
    ranks
}

/// The last day a row stood.
#[must_use]
pub fn last_day(row: &HistoryRow) -> NaiveDate {
    row.changed.and_then(|changed| changed.pred_opt()).unwrap_or(OPEN)
}

fn difference_relative(row: &HistoryRow) -> Option<f64> {
    let previous = row.previous.filter(|previous| *previous != 0)?;
    Some(row.difference? as f64 / previous as f64 + 0.0)
}
