//! What is told of two states of a dataset, figure by figure and table by table; as JSON just so.

use serde::Serialize;

use crate::history::change::{Change, DecimalFigure};
use crate::history::comparison::{Comparison, Moves};
use crate::history::new_tables::NewTable;
use crate::history::{ChangeKind, History, HistoryRow};

/// What NEW says other than OLD.
#[derive(Serialize)]
pub struct Differences {
    /// The dataset's name.
    pub dataset: String,
    /// The older side.
    pub old: String,
    /// The newer one.
    pub new: String,
    /// Figures that are others.
    pub revised: Vec<Change>,
    /// Figures that are printed no more, or as missing.
    pub withdrawn: Vec<Change>,
    /// Figures that were missing.
    pub supplied: Vec<Change>,
    /// Figures of another status.
    pub status: Vec<Change>,
    /// Tables that list others.
    pub moved: Vec<Moved>,
    /// Parts of years that are whole now.
    pub completed: Vec<Completed>,
    /// Further tables that OLD does not have.
    pub new_tables: Vec<Table>,
    /// How many figures are the same.
    pub unchanged: usize,
    /// How many tables NEW does not have, which says nothing of them.
    pub tables_left_out: usize,
}

/// A table that lists others.
#[derive(Serialize)]
pub struct Moved {
    /// Its key.
    pub table: String,
    /// Codes that it lists no more.
    pub folded: Vec<CodeFigure>,
    /// Codes that it lists now.
    pub listed: Vec<CodeFigure>,
    /// Its residuals.
    pub residuals: Vec<Residual>,
}

/// A code and its figure.
#[derive(Serialize)]
pub struct CodeFigure {
    /// The code.
    pub code: String,
    /// Its last figure where it is folded, its first where it is listed.
    pub value: Option<DecimalFigure>,
}

/// A residual: `new = old + folded - listed + revised`.
#[derive(Serialize)]
pub struct Residual {
    /// Its code.
    pub code: String,
    /// What it was.
    pub old: Option<DecimalFigure>,
    /// What it is.
    pub new: Option<DecimalFigure>,
    /// What was folded into it.
    pub folded: Vec<CodeFigure>,
    /// What is listed beside it now.
    pub listed: Vec<CodeFigure>,
    /// What else it differs by; none where a figure is missing.
    pub revised: Option<DecimalFigure>,
}

/// A period that is whole now.
#[derive(Serialize)]
pub struct Completed {
    /// The table.
    pub table: String,
    /// The part that was printed.
    pub part: String,
    /// The total of the part.
    pub old_total: Option<DecimalFigure>,
    /// The total of the whole.
    pub total: Option<DecimalFigure>,
}

/// A table.
#[derive(Serialize)]
pub struct Table {
    /// Its key.
    #[serde(rename = "table")]
    pub key: String,
    /// How many figures it has.
    pub figures: usize,
    /// Its total.
    pub total: Option<DecimalFigure>,
}

impl Differences {
    /// What a comparison of two sides, with these names, gives.
    #[must_use]
    pub fn new(comparison: &Comparison, [old, new]: &[String; 2]) -> Differences {
        let history = &comparison.history;
        let changes = history.newest_changes();
        let of_kind = |kind: ChangeKind| -> Vec<Change> {
            let rows = changes.iter().filter(|row| row.kind == kind);
            rows.map(|row| history.change_of(row)).collect()
        };
        let tables = history.new_tables();
        let (completed, further): (Vec<_>, Vec<_>) =
            tables.iter().partition(|table| table.completes.is_some());
        Differences {
            dataset: history.definition().name().to_owned(),
            old: old.clone(),
            new: new.clone(),
            revised: of_kind(ChangeKind::Revised),
            withdrawn: of_kind(ChangeKind::Withdrawn),
            supplied: of_kind(ChangeKind::Supplied),
            status: of_kind(ChangeKind::Status),
            moved: sort(comparison.moves().iter().map(|moves| Moved::new(comparison, moves)), |of| &of.table),
            completed: sort(completed.iter().filter_map(|of| Completed::new(history, of)), |of| &of.table),
            new_tables: sort(further.iter().map(|of| Table::new(history, of)), |of| &of.key),
            unchanged: comparison.unchanged(),
            tables_left_out: comparison.tables_left_out(),
        }
    }

    /// Whether there are any.
    #[must_use]
    pub fn is_any(&self) -> bool {
        let changes = [&self.revised, &self.withdrawn, &self.supplied, &self.status];
        let has_tables = !(self.moved.is_empty() && self.completed.is_empty() && self.new_tables.is_empty());
        has_tables || changes.iter().any(|changes| !changes.is_empty())
    }
}

/// What is told of tables, in the order of their keys.
fn sort<T>(told: impl Iterator<Item = T>, key: impl Fn(&T) -> &String) -> Vec<T> {
    let mut told: Vec<T> = told.collect();
    told.sort_by(|a, b| key(a).cmp(key(b)));
    told
}

fn table_key(history: &History, row: &HistoryRow) -> String {
    history.key_of(row, &history.table_codes(row))
}

impl Moved {
    fn new(comparison: &Comparison, moves: &Moves<'_>) -> Moved {
        let all = |_: &HistoryRow| true;
        let first = [&moves.folded, &moves.listed].into_iter().flatten().next();
        Moved {
            table: first.map(|row| table_key(&comparison.history, row)).unwrap_or_default(),
            folded: code_figures(comparison, &moves.folded, all),
            listed: code_figures(comparison, &moves.listed, all),
            residuals: moves.residuals.iter().map(|row| Residual::new(comparison, moves, row)).collect(),
        }
    }
}

/// The codes of some rows, with the figure that moved.
fn code_figures(
    comparison: &Comparison,
    rows: &[&HistoryRow],
    is_meant: impl Fn(&HistoryRow) -> bool,
) -> Vec<CodeFigure> {
    let history = &comparison.history;
    let code = |row: &&HistoryRow| CodeFigure {
        code: history.share_code(row).to_owned(),
        value: history.figure(row, row.value.or(row.previous)),
    };
    rows.iter().filter(|row| is_meant(row)).map(code).collect()
}

impl Residual {
    fn new(comparison: &Comparison, moves: &Moves<'_>, row: &HistoryRow) -> Residual {
        let history = &comparison.history;
        let is_of = |code: &HistoryRow| comparison.is_moved(code, row);
        Residual {
            code: history.share_code(row).to_owned(),
            old: history.figure(row, row.previous),
            new: history.figure(row, row.value),
            folded: code_figures(comparison, &moves.folded, is_of),
            listed: code_figures(comparison, &moves.listed, is_of),
            revised: history.figure(row, row.difference),
        }
    }
}

impl Completed {
    fn new(history: &History, table: &NewTable<'_>) -> Option<Completed> {
        let part = table.completes?;
        let Table { key, total, .. } = Table::new(history, table);
        let old_total = history.figure(part, part.value).filter(|_| history.is_total(part));
        Some(Completed { table: key, part: history.period_of(part), old_total, total })
    }
}

impl Table {
    fn new(history: &History, table: &NewTable<'_>) -> Table {
        let total = table.rows.iter().find(|row| history.is_total(row));
        Table {
            key: table.rows.first().map(|row| table_key(history, row)).unwrap_or_default(),
            figures: table.rows.len(),
            total: total.and_then(|row| history.figure(row, row.value)),
        }
    }
}
