//! What a release changes of what stood before it. A table that it does not print is left as it stands: absence of a table
//! is no statement.

use chrono::NaiveDate;

use crate::grammar::status_flag::STATUSES;
use crate::history::names::BatchNumbers;
use crate::history::releases::ReleaseRow;
use crate::history::{ChangeKind, History, HistoryRow, NumberedFigure, PrintedTable, ReleaseTable, TableKey};
use crate::transform::comparisons::Part;
use crate::transform::figures::ReleaseFigures;

/// A release that is folded.
#[derive(Clone, Copy)]
struct Release<'f> {
    date: NaiveDate,
    figures: &'f ReleaseFigures,
    numbers: &'f BatchNumbers,
}

impl History {
    /// Folds a release, whose figures these are, into what stands.
    pub(super) fn fold_release(
        &mut self,
        date: NaiveDate,
        figures: &ReleaseFigures,
        numbers: &BatchNumbers,
        tables: &[ReleaseTable],
    ) -> ReleaseRow {
        let release = Release { date, figures, numbers };
        let first = self.rows.len();
        for table in tables {
            self.fold_table(release, table);
        }
        let mut keys: Vec<TableKey> = tables.iter().map(|table| table.key).collect();
        keys.sort_unstable();
        let repeats = self.newest_tables == keys;
        self.newest_tables = keys;
        self.newest_first = first;
        self.count_release(date, figures, tables, (first, repeats))
    }

    fn fold_table(&mut self, release: Release<'_>, table: &ReleaseTable) {
        let ReleaseTable { key, printed: now, figures } = table;
        let before = self.tables.get(key).cloned();
        // What moved is reckoned from what stood: before any of it changes.
        let moved: Vec<Option<i64>> = figures
            .iter()
            .map(|figure| before.as_ref().and_then(|before| self.moved(*figure, before, now, figures)))
            .collect();
        for (figure, moved) in figures.iter().zip(moved) {
            self.put(release, *figure, before.as_ref().map(|before| before.listed == now.listed), moved);
        }
        if let Some(before) = before {
            let gone = before.series.iter().filter(|series| now.series.binary_search(series).is_err());
            gone.for_each(|series| self.put_gone(release, *series, figures[0], now));
        }
        self.tables.insert(*key, now.clone());
    }

    /// What moved into a residual less what moved out of it: the figures of codes that it holds now and did not, and the other
    /// way round. None where one of them is missing, or the figure is no residual's.
    fn moved(
        &self,
        figure: NumberedFigure,
        before: &PrintedTable,
        now: &PrintedTable,
        printed: &[NumberedFigure],
    ) -> Option<i64> {
        if self.part(figure.series) != Part::Residual {
            return None;
        }
        let is_here =
            |series: &u32, of: &PrintedTable| self.find_residual(*series, &of.series) == Some(figure.series);
        let folded = before.listed.iter().filter(|series| now.listed.binary_search(series).is_err());
        let in_now = folded
            .filter(|series| is_here(series, now))
            .map(|series| self.standing(*series, figure.period)?.value);
        let listed = now.listed.iter().filter(|series| before.listed.binary_search(series).is_err());
        let out = listed
            .filter(|series| is_here(series, before))
            .map(|series| printed.iter().find(|figure| figure.series == *series)?.value.map(|value| -value));
        in_now.chain(out).sum()
    }

    /// A figure that is printed. `is_same_list` says whether its table lists the same codes as before; none where it was not
    /// printed before.
    fn put(
        &mut self,
        release: Release<'_>,
        figure: NumberedFigure,
        is_same_list: Option<bool>,
        moved: Option<i64>,
    ) {
        let is_residual = self.part(figure.series) == Part::Residual;
        let old = self.standing.get(&(figure.series, figure.period)).copied();
        if let Some(old) = old.map(|at| &mut self.rows[at])
            && (old.value, old.status) == (figure.value, figure.status)
            && (!is_residual || is_same_list == Some(true))
        {
            old.releases += 1;
            old.last = release.date;
            return;
        }
        let old = old.map(|at| &self.rows[at]);
        let change = old.and_then(|old| figure.value?.checked_sub(old.value?));
        let difference =
            if is_residual { change.and_then(|change| change.checked_sub(moved?)) } else { change };
        let kind = match old {
            None if is_same_list.is_none() => ChangeKind::First,
            None => ChangeKind::Listed,
            Some(_) if is_residual && is_same_list == Some(false) && change.is_some() => match difference {
                Some(0) => ChangeKind::Composition,
                _ => ChangeKind::Revised,
            },
            Some(old) => kind_of(old, figure),
        };
        let positions = release.figures.positions.as_ref();
        let position = positions.filter(|all| arrow::array::Array::is_valid(*all, figure.row));
        let row = HistoryRow {
            kind,
            difference,
            document: release.numbers.document(release.figures, figure.row),
            position: position.map(|all| all.value(figure.row).into()),
            ..new_row(release, figure)
        };
        self.stand(row);
    }

    /// A figure that its table prints no more. Where it was missing before and no residual holds it, nothing is other.
    fn put_gone(&mut self, release: Release<'_>, series: u32, beside: NumberedFigure, now: &PrintedTable) {
        let is_folded =
            self.part(series) == Part::Listed && self.find_residual(series, &now.series).is_some();
        let is_gone = |row: &HistoryRow| row.kind == ChangeKind::Folded || row.value.is_none() && !is_folded;
        if self.standing(series, beside.period).is_none_or(is_gone) {
            return;
        }
        let (kind, status) = if is_folded { (ChangeKind::Folded, "K") } else { (ChangeKind::Withdrawn, "O") };
        let status = STATUSES.iter().position(|known| *known == status).unwrap_or_default() as u32;
        let figure = NumberedFigure { series, value: None, status, ..beside };
        let document = release.numbers.document(release.figures, beside.row);
        self.stand(HistoryRow { kind, document, ..new_row(release, figure) });
    }

    /// Lets a row stand in place of the one before it.
    fn stand(&mut self, row: HistoryRow) {
        let next = self.rows.len();
        let before = self.standing.insert((row.series, row.period), next);
        let before = before.map(|at| &mut self.rows[at]);
        let (revision, previous, previous_status) = before.map_or((0, None, None), |before| {
            before.changed = Some(row.start);
            (before.revision + 1, before.value, Some(before.status))
        });
        self.rows.push(HistoryRow { revision, previous, previous_status, ..row });
    }
}

/// How a figure differs from what stood.
fn kind_of(old: &HistoryRow, figure: NumberedFigure) -> ChangeKind {
    match (old.value, figure.value) {
        (None, _) if STATUSES[old.status as usize] == "K" => ChangeKind::Listed,
        (None, Some(_)) => ChangeKind::Supplied,
        (Some(_), None) => ChangeKind::Withdrawn,
        (Some(old), Some(new)) if old != new => ChangeKind::Revised,
        _ => ChangeKind::Status,
    }
}

fn new_row(release: Release<'_>, figure: NumberedFigure) -> HistoryRow {
    HistoryRow {
        series: figure.series,
        period: figure.period,
        start: release.date,
        changed: None,
        revision: 0,
        kind: ChangeKind::First,
        value: figure.value,
        status: figure.status,
        previous: None,
        previous_status: None,
        difference: None,
        releases: 1,
        last: release.date,
        document: 0,
        position: None,
    }
}
