//! What is wrong with the rows and cells of a table.

use crate::document::Row;
use crate::extract::ambiguous_row;
use crate::extract::figure::{self, Unread};
use crate::extract::headings::ReadColumn;
use crate::extract::tables::TableContext;
use crate::layout::labels::Labelled;
use crate::problem::{Problem, Rule};
use crate::text::format_count;

impl TableContext<'_, '_> {
    /// Whether a problem of a rule at a cell was reported.
    pub(in crate::extract) fn is_reported(&self, rule: Rule, (row, column): (u32, u32)) -> bool {
        let place = Some(self.document().grids[self.grid].place(row, column));
        let mut known = self.problems.iter().filter(|problem| problem.rule == rule);
        known.any(|problem| problem.spans.iter().any(|span| span.place == place))
    }

    pub(super) fn report_unread(&mut self, (row, column): (u32, u32), text: &str, unread: Unread) {
        if self.problems.counts_only(Rule::NoFigure) {
            return;
        }
        let span = self.document().span(self.grid, row, column, unread.reason);
        let (message, usual) = if text.is_empty() {
            ("a figure is missing".into(), "where an empty cell says something, say what under `[symbols]`: `\"\" = \"O\"` where the figure is missing, \"M\" where there can be none".into())
        } else {
            (format!("`{}` is no figure", figure::shorten(text)), self.describe_nil())
        };
        let help = unread.help.unwrap_or(usual);
        self.problems.push(Problem::new(Rule::NoFigure, message, span).help(help));
    }

    /// That a figure names no measure is told once for a table.
    pub(super) fn report_no_measure(&mut self, (row, column): (u32, u32)) {
        if self.problems.iter().any(|problem| problem.rule == Rule::NoMeasure) {
            return;
        }
        let names: Vec<&str> =
            self.definition().measures.iter().map(|measure| measure.name.as_str()).collect();
        let span = self.document().span(self.grid, row, column, "the first such figure of the table");
        let message = format!("a figure does not say which measure it is: {}", names.join(" or "));
        let help = "add what its heading or label says to the `labels` of a `[[measure]]`, or write `fixed = { measure = \"…\" }` under the `[[table]]`";
        self.problems.push(Problem::new(Rule::NoMeasure, message, span).help(help));
    }

    fn describe_nil(&self) -> String {
        let symbols: Vec<String> =
            self.definition().nil_symbols().iter().map(|symbol| format!("`{symbol}`")).collect();
        format!(
            "nil is printed as {}; a figure known to be misprinted can be corrected in the definition",
            symbols.join(" or ")
        )
    }

    /// What is wrong with a row as a whole.
    pub(super) fn check_shape(
        &self,
        line: &Labelled<'_, '_>,
        columns: &[Option<ReadColumn>],
    ) -> Option<Problem> {
        let (row, figures): (&Row<'_>, _) = (line.row, line.figures);
        let grid = &self.document().grids[self.grid];
        if let Some(doubt) = grid.doubt(row.number) {
            return Some(ambiguous_row(self.document(), self.grid, doubt));
        }
        let (found, expected) = (figures.len(), self.table.width());
        let first = row.cells.first()?;
        // A sheet has no cell where nothing is written, and none is missing below a heading with nothing under it.
        let rest = columns.get(found..).unwrap_or_default();
        let is_sheet = grid.sheet.is_some() && self.table.across.is_none();
        let is_cut = is_sheet && rest.iter().all(Option::is_none);
        if found == expected || found < expected && is_cut {
            return None;
        }
        let kind = if found > expected { "too many" } else { "too few" };
        let off = figures.get(expected).or(row.cells.last()).unwrap_or(first);
        let message = format!("the row has {} {kind}", format_count(found.abs_diff(expected), "cell"));
        let label = format!("{} for {}", format_count(found, "cell"), format_count(expected, "column"));
        let span = self.document().span(self.grid, row.number, off.column, label);
        let help = "each column needs a figure or a symbol; two blanks, a tab or a pipe part two cells";
        Some(Problem::new(Rule::RowShape, message, span).help(help))
    }
}
