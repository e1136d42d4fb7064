//! Tables the other way round: regions run across and periods down. A row of words heads rows that all begin with a period and
//! go on with a figure for each word. Whether the words are regions is for the definition to know.
//!
//! The rows decide, not the words above them, so that no definition is needed to find such a table; a word that is no
//! region is then unknown, not lost. The table's header has a heading for each row of its body, and figures are read
//! region by region.

use crate::document::{Cell, Row};
use crate::grammar::footnote;
use crate::grammar::period::heading;
use crate::layout::figures::{is_figure, is_figures};
use crate::layout::header::{self, Header, Heading};
use crate::layout::tables::{Table, next};

/// The table that begins at a row, with its body.
pub(super) fn find(rows: &[Row<'_>], at: usize) -> Option<Table> {
    let (first, labelled) = heads(rows, at)?;
    let body = body(rows, first);
    let caption = rows[at].cells.first().filter(|cell| labelled && heading::mentions_time(&cell.text));
    let headings =
        body.iter().filter_map(|&row| find_heading(rows, row, caption.map(|cell| (at, cell)))).collect();
    let header = Header { rows: at..at + 1, labelled: true, attributes: 0, headings };
    let across = Some(rows[at].cells.len() - usize::from(labelled));
    Some(Table { title: at..at, header, body, across, is_aligned: rows[at].is_aligned, ..Table::default() })
}

/// The first row of figures below a row of words that heads such rows, and whether a label stands before the words.
fn heads(rows: &[Row<'_>], at: usize) -> Option<(usize, bool)> {
    let below = at + 1..rows.len().min(at + 3);
    let first = below.into_iter().find(|&row| !rows[row].is_blank()).filter(|&row| is_series(&rows[row]))?;
    let labels = labels(&rows[at], &rows[first])?;
    let head = &rows[at].cells;
    let are_words = head[labels..].iter().all(|cell| !is_figure(cell) && header::read(&cell.text).is_none());
    let label_is_no_period = labels == 0 || header::read(&head[0].text).is_none();
    (are_words && label_is_no_period && header::find_periods(rows, at).is_none())
        .then_some((first, labels == 1))
}

/// How many labels a head has before a word for each figure of a row: none or one. In aligned cells the periods have a column
/// in the head, too.
fn labels(head: &Row<'_>, series: &Row<'_>) -> Option<usize> {
    let labels = (head.cells.len() + 1).checked_sub(series.cells.len())?;
    let is_aligned = head.is_aligned && series.is_aligned;
    (labels == 1 || labels == 0 && !is_aligned).then_some(labels)
}

/// Whether a row is a period and figures.
fn is_series(row: &Row<'_>) -> bool {
    row.cells.len() > 2 && begins_with_period(row) && is_figures(row)
}

fn begins_with_period(row: &Row<'_>) -> bool {
    row.cells.first().is_some_and(|cell| header::read(&cell.text).is_some())
}

/// The rows that hang on to the first, and after a blank line those that go on with a period and figures.
fn body(rows: &[Row<'_>], first: usize) -> Vec<usize> {
    let mut body = Vec::new();
    let mut at = first;
    while at < rows.len() {
        let row = &rows[at];
        if row.is_blank() {
            at = next(rows, at, |row| !row.is_blank());
            if rows.get(at).is_none_or(|row| !is_series(row)) {
                break;
            }
        } else if begins_with_period(row) || hangs_on(rows, at) {
            body.push(at);
            at += 1;
        } else {
            break;
        }
    }
    body
}

/// Whether a row that begins with no period is one of the body, to be reported.
fn hangs_on(rows: &[Row<'_>], at: usize) -> bool {
    let row = &rows[at];
    row.cells.iter().filter(|cell| !row.line.is_empty() || !cell.text.is_empty()).nth(1).is_some()
        && footnote::parse_certain_opening(&row.text()).is_none()
        && heads(rows, at).is_none()
        && header::find_periods(rows, at).is_none()
}

/// The heading of a row: its first cell, below words of time that hold for all rows.
fn find_heading(rows: &[Row<'_>], at: usize, caption: Option<(usize, &Cell<'_>)>) -> Option<Heading> {
    let own = (at, rows[at].cells.first()?);
    let plain = Heading::of(&[own]);
    let captioned = caption.map(|caption| Heading::of(&[caption, own]));
    let tells_more = |heading: &Heading| heading.reading.is_some() && heading.reading != plain.reading;
    Some(captioned.filter(tells_more).unwrap_or(plain))
}

#[cfg(test)]
mod tests {
    use crate::input::text;
    use crate::layout::tables::tables;
    use crate::layout::vocabulary::Vocabulary;

    /// The headings, the number of regions, and the rows of the body of the first table.
    fn found(text: &str) -> Option<(Vec<String>, usize, Vec<usize>)> {
        let table = tables(&text::parse_grid(text), &Vocabulary::default()).tables.into_iter().next()?;
        let headings = table.header.headings.into_iter().map(|heading| heading.label).collect();
        Some((headings, table.across?, table.body))
    }

    #[test]
    fn a_row_of_words_over_rows_of_periods_and_figures_is_a_table() {
        let years = |words: &str| vec![format!("{words}2019"), format!("{words}2020")];
        let cases = [
            ("T\n\nYear\tCanada\tTotal\n2019\t1\t1\n2020\t2\t2\n", (years(""), 2, vec![3, 4])),
            (
                "T\n\nAs at end of\tCanada\tTotal\n2019\t1\t1\n2020\t2\t2\n",
                (years("As at end of "), 2, vec![3, 4]),
            ),
            ("T\n\n\tCanada\tTotal\n\n2019\t1\t1\n\n2020\t2\t2\n", (years(""), 2, vec![4, 6])),
            (
                "T\n\n        Canada   Total\n2019         1       1\n2020         2       2\n",
                (years(""), 2, vec![3, 4]),
            ),
            (
                "| Year | Male | Female | Total |\n|---|---|---|---|\n| 2019 | 1 | 1 | 2 |\n| 2020 | 2 | - | 2 |\n",
                (years(""), 3, vec![1, 2]),
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(found(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_hangs_on_is_in_the_body_to_be_reported() {
        let text = "T\n\nYear\tCanada\tTotal\n2019\t1\t1\n2020\t2\nBoth\t3\t3\n\nWords\n";
        assert_eq!(found(text).unwrap().2, [3, 4, 5]);
    }

    #[test]
    fn nothing_else_is_taken_for_one() {
        for text in [
            "Year\tTotal\n2019\t1\n",
            "Year\tCanada\tTotal\n2019\tmany\tmore\n",
            "Year\t5\t6\n2019\t1\t2\n",
            "Year\tCanada\tTotal\nCanada\t1\t2\n",
            "Region\t2019\t2020\n2019\t1\t2\n",
            "Year\tA\tB\tC\tD\n2019\t1\t2\n",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
