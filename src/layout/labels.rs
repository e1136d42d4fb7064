//! The labels of a table's rows: printed over several lines, set in below what holds them, with words that say that parts
//! follow.
//!
//! Lines are joined only where a line cannot end a label (`&`, `and`, a hyphen, or a comma before what is no region), or
//! where the whole is known and no part is. Else the line is a row that lacks its figures. How far a label is set in is
//! kept as a rank of its table's indents; a single blank is none, and between pipes blanks only centre.

mod sections;

use std::borrow::Cow;

use crate::document::{Cell, Row};
pub use sections::{LabelKind, without_heads};

/// A row of a table's body with its label.
#[derive(Clone, Debug)]
pub struct Labelled<'r, 'c> {
    /// The row that has the figures.
    pub row: &'r Row<'c>,
    /// The label; none where the table prints none.
    pub label: Option<Label<'r>>,
    /// The cells behind the label.
    pub figures: &'r [Cell<'c>],
    /// How far the label is set in: the rank among the table's indents, 0 for the least.
    pub depth: u32,
}

/// A label as printed, without line breaks.
#[derive(Clone, Debug)]
pub struct Label<'r> {
    /// What it says.
    pub text: Cow<'r, str>,
    /// The number of the row it begins in.
    pub row: u32,
    /// Where it begins in that row.
    pub column: u32,
    /// How far it is set in, as its cell is.
    pub set_in: u32,
}

impl<'r> Label<'r> {
    /// The label of a cell, in the row of that number.
    #[must_use]
    pub fn of(cell: &'r Cell<'_>, row: u32) -> Label<'r> {
        Label { text: Cow::Borrowed(&cell.text), row, column: cell.column, set_in: cell.set_in }
    }
}

/// No label goes over more lines.
const MOST_LINES: usize = 4;

/// The rows of a table's body with whole labels. A line without figures is joined to the label below where it cannot end a label, or where
/// only both together are known; else it is a row of its own, which lacks its figures.
#[must_use]
pub fn join_lines<'r, 'c>(
    lines: impl Iterator<Item = Labelled<'r, 'c>>,
    known: impl Fn(&str) -> bool,
) -> Vec<Labelled<'r, 'c>> {
    let mut found: Vec<Labelled<'r, 'c>> = Vec::with_capacity(lines.size_hint().0);
    for mut next in lines {
        if let Some((lines, label)) = begun_above(&found, &next, &known) {
            found.truncate(found.len() - lines);
            next.label = Some(label);
        }
        found.push(next);
    }
    set_depths(&mut found);
    found
}

/// How many lines above begin the label of a row, and the whole label.
fn begun_above<'r>(
    above: &[Labelled<'r, '_>],
    row: &Labelled<'r, '_>,
    known: &impl Fn(&str) -> bool,
) -> Option<(usize, Label<'r>)> {
    let last = row.label.as_ref().filter(|label| !row.figures.is_empty() && !label.text.is_empty())?;
    let hangs = |line: &&Labelled<'_, '_>| line.figures.is_empty() && line.label.is_some();
    let lines: Vec<&Label<'r>> = above
        .iter()
        .rev()
        .take(MOST_LINES - 1)
        .take_while(hangs)
        .filter_map(|line| line.label.as_ref())
        .collect();
    let adjacent =
        |count: usize| lines.iter().take(count).zip(1..).all(|(line, up)| line.row + up == row.row.number);
    (1..=lines.len()).rev().filter(|count| adjacent(*count)).find_map(|count| {
        let parts: Vec<&str> = lines.iter().take(count).rev().map(|line| line.text.as_ref()).collect();
        let whole = join_lines_of_label(&parts, &last.text);
        let first = lines.get(count - 1)?;
        belong_together(&parts, &last.text, &whole, known)
            .then(|| (count, Label { text: whole.into(), ..(*first).clone() }))
    })
}

/// Lines as one; a hyphen at the end of one is followed by no blank.
fn join_lines_of_label(lines: &[&str], last: &str) -> String {
    let mut whole = String::new();
    for line in lines {
        whole.push_str(line);
        if !line.ends_with(HYPHENS) {
            whole.push(' ');
        }
    }
    whole + last
}

/// Whether lines and the label below them are one label.
fn belong_together(lines: &[&str], last: &str, whole: &str, known: &impl Fn(&str) -> bool) -> bool {
    let only_whole = || !known(last) && !lines.iter().any(|line| known(line)) && known(whole);
    let listed = |line: &&str| is_open(line) || line.ends_with([',', '，', '、']);
    lines.iter().all(is_open) || lines.iter().all(listed) && (known(whole) || !known(last)) || only_whole()
}

const HYPHENS: [char; 3] = ['-', '\u{2010}', '\u{2011}'];

/// Whether no label can end as a line does: with a word that joins, or a hyphen.
fn is_open(line: &&str) -> bool {
    let last = line.split_whitespace().next_back().unwrap_or_default().to_lowercase();
    let joins = ["&", "and", "of", "or", "the", "及", "和", "與", "与"].contains(&last.as_str());
    joins || line.ends_with(['及', '與', '与']) || last.len() > 1 && last.ends_with(HYPHENS)
}

/// Ranks the indents. A single blank is none: drawn tables set labels in the middle. Between pipes blanks say nothing.
fn set_depths(rows: &mut [Labelled<'_, '_>]) {
    let indent = |row: &Labelled<'_, '_>| {
        let label = row.label.as_ref().filter(|label| !label.text.is_empty())?;
        (!row.row.line.contains('|')).then_some(label.set_in)
    };
    let first = rows.iter().find_map(indent);
    if rows.iter().filter_map(indent).all(|column| Some(column) == first) {
        return;
    }
    let mut columns: Vec<u32> = rows.iter().filter_map(indent).collect();
    columns.sort_unstable();
    columns.dedup_by(|next, before| *next - *before < 2);
    for row in rows {
        let rank = |column| columns.partition_point(|least| *least <= column).saturating_sub(1) as u32;
        row.depth = indent(row).map_or(0, rank);
    }
}

/// A label without words that say that its parts follow, or that it is one: `Worker (of which:)`, `其中：工人`.
#[must_use]
pub fn plain(label: &str) -> &str {
    const BEHIND: [&str; 9] = [
        "(of which:)",
        "(of which)",
        "of which:",
        "of which",
        "（其中：）",
        "（其中）",
        "其中：",
        "其中:",
        "其中",
    ];
    const BEFORE: [&str; 5] = ["of which:", "of which", "其中：", "其中:", "其中"];
    let parts = |c: char| c.is_whitespace() || matches!(c, ',' | '，');
    let before =
        BEHIND.iter().find_map(|words| without_end(label, words)).map(|rest| rest.trim_end_matches(parts));
    let rest = before.unwrap_or(label);
    let behind =
        BEFORE.iter().find_map(|words| without_start(rest, words)).map(|rest| rest.trim_start_matches(parts));
    behind.or(before).filter(|plain| plain.contains(char::is_alphanumeric)).unwrap_or(label)
}

fn without_end<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let at = text.len().checked_sub(words.len())?;
    let (head, tail) = text.split_at_checked(at)?;
    let parted = head.ends_with(|c: char| !c.is_alphanumeric()) || !words.is_ascii();
    (parted && tail.eq_ignore_ascii_case(words)).then_some(head)
}

fn without_start<'t>(text: &'t str, words: &str) -> Option<&'t str> {
    let (head, tail) = text.split_at_checked(words.len())?;
    let parted = tail.starts_with(|c: char| !c.is_alphanumeric()) || !words.is_ascii();
    (parted && head.eq_ignore_ascii_case(words)).then_some(tail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::text;
    use crate::layout::tables::{Table, tables};
    use crate::layout::vocabulary::Vocabulary;

    /// The rows of a table, named by their first cells.
    fn join<'r, 'c>(
        table: &Table,
        rows: &'r [Row<'c>],
        known: impl Fn(&str) -> bool,
    ) -> Vec<Labelled<'r, 'c>> {
        let lines = table.body.iter().map(|&at| {
            let (first, figures) = table.parts(&rows[at]);
            let label = first.map(|cell| Label::of(cell, rows[at].number));
            Labelled { row: &rows[at], label, figures, depth: 0 }
        });
        join_lines(lines, known)
    }

    /// The label, depth and number of cells of each row.
    fn rows(body: &str, known: &[&str]) -> Vec<(String, u32, usize)> {
        let text = format!("T\n\nRegion         2023   2024\n{body}");
        let grid = text::parse_grid(&text);
        let layout = tables(&grid, &Vocabulary::default());
        let row = |row: &Labelled<'_, '_>| {
            (
                row.label.as_ref().map_or(String::new(), |label| label.text.to_string()),
                row.depth,
                row.figures.len(),
            )
        };
        join(&layout.tables[0], &grid.rows, |label| known.contains(&label)).iter().map(row).collect()
    }

    #[test]
    fn lines_make_a_label_where_they_cannot_stand_alone() {
        type Rows<'r> = &'r [(&'r str, usize)];
        let cases: [(&str, &[&str], Rows<'_>); 7] = [
            ("Europe &\n  Africa        1      2\n", &[], &[("Europe & Africa", 2)]),
            ("Non-\n  residents     1      2\n", &[], &[("Non-residents", 2)]),
            (
                "United States\n  of America    1      2\n",
                &["United States of America"],
                &[("United States of America", 2)],
            ),
            ("Asia,\n  Africa and\n  Europe     1      2\n", &[], &[("Asia, Africa and Europe", 2)]),
            ("Canada\nJapan           1      2\n", &["Canada", "Japan"], &[("Canada", 0), ("Japan", 2)]),
            ("Of which,\nJapan           1      2\n", &["Japan"], &[("Of which,", 0), ("Japan", 2)]),
            ("Nowhere\nPlace           1      2\n", &[], &[("Nowhere", 0), ("Place", 2)]),
        ];
        for (body, known, expected) in cases {
            let found: Vec<(String, usize)> =
                rows(body, known).into_iter().map(|(label, _, cells)| (label, cells)).collect();
            let expected: Vec<(String, usize)> =
                expected.iter().map(|(label, cells)| ((*label).to_owned(), *cells)).collect();
            assert_eq!(found, expected, "{body}");
        }
    }

    #[test]
    fn indents_are_ranked_by_the_line_that_begins_the_label() {
        let body = "All          9   9\n   Workers   5   5\n      Skilled   3   3\n      Others   2   2\n   Europe &\n      Africa   4   4\nTotal    9   9\n";
        let depths: Vec<u32> = rows(body, &[]).into_iter().map(|(_, depth, _)| depth).collect();
        assert_eq!(depths, [0, 1, 2, 2, 1, 0]);
        let depths: Vec<u32> =
            rows("Male    1   1\n Female    2   2\n", &[]).iter().map(|row| row.1).collect();
        assert_eq!(depths, [0, 0], "a single blank is no indent");
    }

    #[test]
    fn words_that_say_that_parts_follow_are_no_part_of_a_label() {
        let cases = [
            ("Worker (of which:)", "Worker"),
            ("Worker, of which:", "Worker"),
            ("Worker (OF WHICH)", "Worker"),
            ("of which: Skilled Worker", "Skilled Worker"),
            ("Of which Asia", "Asia"),
            ("工人（其中：）", "工人"),
            ("其中：日本", "日本"),
            ("of which:", "of which:"),
            ("其中", "其中"),
            ("Isle of whichever", "Isle of whichever"),
            ("Canada (total)", "Canada (total)"),
            ("Canada:", "Canada:"),
        ];
        for (label, expected) in cases {
            assert_eq!(plain(label), expected, "{label}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_row_with_figures_is_lost(body in "(([A-C]{1,3}|of|&|,| |  |其中|of which){1,4}(   1   2)?\n){0,12}") {
            let text = format!("T\n\nRegion\t2023\t2024\n{body}");
            let grid = text::parse_grid(&text);
            for table in tables(&grid, &Vocabulary::default()).tables {
                let count = |rows: &mut dyn Iterator<Item = usize>| rows.filter(|cells| *cells > 0).count();
                let before = count(&mut table.body.iter().map(|&at| table.parts(&grid.rows[at]).1.len()));
                let found = join(&table, &grid.rows, |label| label.len() > 3);
                proptest::prop_assert_eq!(before, count(&mut found.iter().map(|row| row.figures.len())));
                for row in &found {
                    let _ = row.label.as_ref().map(|label| plain(&label.text));
                }
            }
        }
    }
}
