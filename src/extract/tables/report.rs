//! What is wrong with the columns of a table.

use crate::dataset::Definition;
use crate::document::Cell;
use crate::extract::row_selection::{NoColumn, RowSelection, headings};
use crate::extract::tables::TableContext;
use crate::extract::{figure, span_of_row};
use crate::layout::figures::is_figure;
use crate::problem::{Problem, Rule};

impl TableContext<'_, '_> {
    /// Numbers before the first period may be figures whose heading was not understood, unless the definition says what they
    /// are. Those of the first column are labels, where labels name something.
    pub(super) fn report_number_columns(&mut self) {
        let first = usize::from(!self.table_definition.row_roles().is_empty());
        if self.table.header.attributes < first || !self.table.header.labelled || self.table.across.is_some()
        {
            return;
        }
        let rows = self.rows();
        let headings = headings(self.table, rows);
        let selection = RowSelection::new(&headings, &self.table_definition.label_columns);
        let is_number = |cell: &Cell<'_>| cell.text.contains(|c: char| c.is_ascii_digit()) && is_figure(cell);
        let frame = self.table.frame.as_ref();
        let is_named = |column: &usize| {
            selection.names(*column) || frame.is_some_and(|frame| frame.stub.contains(column))
        };
        for column in (first..headings.len()).filter(|column| !is_named(column)) {
            let cells =
                self.table.body.iter().filter_map(|&at| Some((rows[at].number, rows[at].cells.get(column)?)));
            let Some((row, cell)) = cells.into_iter().find(|(_, cell)| is_number(cell)) else { continue };
            let span = self.document.span(self.grid, row, cell.column, "the first of them");
            let message = "a column before the first period holds numbers";
            let help = "say what it names, where they are no figures: `stub = { ignored = [\"…\"] }` in the definition";
            self.problems.push(Problem::new(Rule::NumbersBefore, message, span).help(help));
        }
    }

    pub(super) fn report_no_column(&mut self, NoColumn(heading): NoColumn<'_>, definition: &Definition) {
        let message = format!("no column of labels is headed `{}`", figure::shorten(heading.get_ref()));
        let last = self.table.header.rows.end.saturating_sub(1);
        let mark = span_of_row(self.document, self.grid, last, "the table's header");
        let problem = Problem::new(Rule::NoColumn, message, mark);
        self.problems.push(problem.with_span(definition.span(heading, "named here")));
    }
}
