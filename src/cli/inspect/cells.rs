//! What the program takes cells for, as `inspect` shows it.

use serde_json::{Value, json};

use crate::cli::inspect::item::extend;
use crate::cli::inspect::view::{GridView, marks};
use crate::dataset::{Definition, Role};
use crate::document::Cell;
use crate::extract::figure::{Figure, NamedCode, Reading};
use crate::grammar::indicator::Indicator;

impl GridView<'_> {
    /// What stands beside figures.
    pub(super) fn view_indicator(
        reading: &Reading<'_>,
        cell: &Cell<'_>,
        indicator: Indicator,
    ) -> (&'static str, Value) {
        match reading.claim(cell, indicator) {
            Ok(Some(printed)) => {
                let value = printed.value as f64 / 10f64.powi(printed.decimals as i32);
                let whole = printed.decimals == 0;
                let value = if whole { json!(printed.value) } else { json!(value) };
                ("claim", json!({ if printed.is_bound { "less_than" } else { "value" }: value }))
            }
            Ok(None) => ("mark", json!({})),
            Err(unread) => ("unknown", json!({ "problem": unread.reason })),
        }
    }

    /// What a cell was taken for, and what it says.
    pub(super) fn view_cell(&self, reading: &Reading<'_>, cell: &Cell<'_>) -> (&'static str, Value) {
        let figure = match reading.read(cell) {
            Ok(figure) => figure,
            Err(unread) => return ("unknown", json!({ "problem": unread.reason })),
        };
        let mut told = json!({});
        if let Some(value) = figure.value {
            extend(&mut told, json!({ "value": self.value(value) }));
        }
        if let Some(stored) = cell.number.filter(|_| reading.differs(cell)) {
            extend(&mut told, json!({ "stored": stored }));
        }
        if let Some(status) = figure.meaning.filter(|_| !figure.is_nil()) {
            extend(&mut told, json!({ "status": status.code(), "meaning": status.name() }));
        }
        extend(&mut told, marks(&figure.marks));
        (kind(&figure), told)
    }

    /// The code that a label names, by its dimension.
    pub(super) fn view_code(&self, named: Option<NamedCode<'_>>) -> Value {
        let first = || self.definition.and_then(Definition::share_dimension);
        let dimension = match named.map(|named| named.role) {
            Some(Role::Dimension(at)) => Some(at),
            Some(Role::Measure) => return json!({ "measure": named.map(|named| named.code) }),
            _ => first(),
        };
        let name = self.definition.zip(dimension).map_or("region", |(of, at)| of.dimensions[at].name());
        json!({ name: named.map(|named| named.code) })
    }

    /// A figure in the measure's unit.
    pub(super) fn value(&self, value: i64) -> Value {
        match self.definition.map_or(0, Definition::decimals) {
            0 => json!(value),
            decimals => json!(value as f64 / 10f64.powi(decimals as i32)),
        }
    }
}

fn kind(figure: &Figure) -> &'static str {
    match figure.value {
        Some(_) => "figure",
        None if figure.is_nil() => "nil",
        None => "mark",
    }
}
