//! The triangle of revisions: what each release prints, a row a period and a column a release, a block a series.

use std::collections::{BTreeMap, BTreeSet};

use comfy_table::Table;
use comfy_table::presets::UTF8_BORDERS_ONLY;
use serde_json::{Map, Value};

use crate::cli::history::print;
use crate::cli::rows::{KeyedRow, series_columns};
use crate::columns::Type;
use crate::dataset::Definition;
use crate::load::print_text;

/// What releases say of some figures.
pub struct Triangle<'r> {
    definition: &'r Definition,
    /// The figures in order, each once.
    figures: Vec<&'r KeyedRow>,
    /// What is said, by the key of the figure and the release: an observation, or a row of the history.
    printed: BTreeMap<String, BTreeMap<&'r str, &'r KeyedRow>>,
    /// All releases that print one of them, or its table without it.
    releases: BTreeSet<&'r str>,
}

impl<'r> Triangle<'r> {
    /// Of the figures that rows of a history are of, and observations.
    pub fn new(
        rows: &'r [KeyedRow],
        observations: &'r [KeyedRow],
        definition: &'r Definition,
    ) -> Triangle<'r> {
        let mut figures: Vec<&KeyedRow> = rows.iter().collect();
        figures.dedup_by_key(|row| row.key(definition));
        let mut printed: BTreeMap<String, BTreeMap<&str, &KeyedRow>> =
            figures.iter().map(|row| (row.key(definition), BTreeMap::new())).collect();
        for row in observations {
            let of_figure = printed.get_mut(&row.key(definition)).zip(row.text("release_date"));
            of_figure.map(|(releases, release)| releases.insert(release, row));
        }
        // A release that prints the table without a figure says something of it, too.
        for row in rows.iter().filter(|row| row.text("value").is_none()) {
            let of_figure = printed.get_mut(&row.key(definition)).zip(row.text("realtime_start"));
            of_figure.map(|(releases, release)| releases.entry(release).or_insert(row));
        }
        let releases = printed.values().flat_map(BTreeMap::keys).copied().collect();
        Triangle { definition, figures, printed, releases }
    }

    fn cell(&self, figure: &KeyedRow, release: &str) -> Option<&'r KeyedRow> {
        self.printed.get(&figure.key(self.definition))?.get(release).copied()
    }

    /// A table for each series, with the releases that print it.
    pub fn tables(&self) -> String {
        let series = |row: &KeyedRow| row.join(series_columns(self.definition));
        let blocks = self.figures.chunk_by(|a, b| series(a) == series(b));
        blocks.map(|block| format!("{}\n{}\n", series(block[0]), self.block(block))).collect()
    }

    fn block(&self, figures: &[&KeyedRow]) -> Table {
        let is_printed = |release: &&&str| figures.iter().any(|figure| self.cell(figure, release).is_some());
        let releases: Vec<&str> = self.releases.iter().filter(is_printed).copied().collect();
        let mut table = Table::new();
        table.load_style(UTF8_BORDERS_ONLY);
        table.set_header(["period"].iter().chain(&releases));
        for figure in figures {
            let cells = releases.iter().map(|release| self.cell(figure, release).map_or("", words));
            table.add_row([figure.text("period").unwrap_or_default()].into_iter().chain(cells));
        }
        print::align(&mut table, &(1..=releases.len()).collect::<Vec<_>>());
        table
    }

    /// The columns that name a figure.
    fn key_columns(&self) -> Vec<&str> {
        series_columns(self.definition).chain(["period"]).collect()
    }

    /// A line for each figure.
    pub fn csv(&self) -> String {
        let header = self.key_columns().into_iter().chain(self.releases.iter().copied());
        let mut lines = (header.collect::<Vec<_>>().join(",") + "\n").into_bytes();
        for figure in &self.figures {
            let key = self.key_columns().into_iter().map(|column| figure.text(column));
            let values = self.releases.iter().map(|release| self.cell(figure, release)?.text("value"));
            for (at, text) in key.chain(values).enumerate() {
                lines.extend((at > 0).then_some(b','));
                print_text(text.unwrap_or_default(), &mut lines);
            }
            lines.push(b'\n');
        }
        String::from_utf8_lossy(&lines).into_owned()
    }

    /// An object for each figure; null where a release folds it, or prints it as missing.
    pub fn objects(&self) -> Vec<Value> {
        let object = |figure: &&KeyedRow| {
            let text = |column: &str| figure.text(column).map_or(Value::Null, Value::from);
            let key = self.key_columns().into_iter().map(|column| (column.to_owned(), text(column)));
            let cells = self.releases.iter().filter_map(|release| {
                let value = self.cell(figure, release)?.text("value");
                Some((
                    (*release).to_owned(),
                    value.map_or(Value::Null, |text| print::value(text, Type::Double)),
                ))
            });
            Value::Object(key.chain(cells).collect::<Map<_, _>>())
        };
        self.figures.iter().map(object).collect()
    }
}

/// A figure; where there is none, why: folded, withdrawn, or printed as missing.
fn words(row: &KeyedRow) -> &str {
    row.text("value").or(row.text("kind")).unwrap_or("missing")
}
