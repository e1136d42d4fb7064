//! The header of a table: a row of periods, or up to four rows that only together name a period for each column, as
//! where `2023` stands above `(Jan - Sep)`, or once above its four quarters.
//!
//! A heading may also say what its column holds: figures, or changes and percentages printed beside them. Whether it can be
//! a period is all that is asked here; which one it is depends on what a definition says.
//!
//! Every column must have a period, each row be made of words of time only, and cells that span columns give headings in
//! order of time: a year set over the wrong quarters is refused, never shifted.

mod body_row;
mod coded;
mod columns;
mod levels;
mod reading;

use std::ops::Range;

use crate::document::{Cell, Row};
use crate::grammar::indicator::Indicator;
use crate::grammar::period::heading::{self};
use crate::layout::vocabulary::Vocabulary;
use columns::{Columns, Piece, attach, by_index, by_place, columns, spread};
pub(crate) use columns::{end, is_fixed_width};
pub use reading::Heading;
pub(crate) use reading::read;
use reading::split_heading;

/// A header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The rows it stands in.
    pub rows: Range<usize>,
    /// Whether it has a cell above the labels.
    pub labelled: bool,
    /// How many columns of words stand between the labels and the figures.
    pub attributes: usize,
    /// The heading of each column of figures.
    pub headings: Vec<Heading>,
}

/// No header has more rows.
const MOST_ROWS: usize = 4;

/// The header that begins at a row.
pub(crate) fn find(rows: &[Row<'_>], at: usize, vocabulary: &Vocabulary) -> Option<Header> {
    coded::find(rows, at, vocabulary).or_else(|| find_periods(rows, at))
}

/// The header of periods that begins at a row.
pub(crate) fn find_periods(rows: &[Row<'_>], at: usize) -> Option<Header> {
    if rows[at].line.is_empty() && rows[at].cells.iter().any(is_quantity) {
        return None;
    }
    let header = find_without_caption(rows, at).or_else(|| find_with_caption(rows, at))?;
    (!body_row::is_body_row(rows, at)).then_some(header)
}

/// Whether a cell prints words that name no period.
fn is_words(cell: &Cell<'_>) -> bool {
    !crate::layout::figures::is_figure(cell)
        && cell.text.contains(char::is_alphabetic)
        && read(&cell.text).is_none()
}

/// Whether a cell stores a number that is shown as one and is no year. A date may show its year alone.
fn is_quantity(cell: &Cell<'_>) -> bool {
    let is_year = || cell.text.parse().is_ok_and(|year: u32| (1000..3000).contains(&year));
    let shown = || cell.text.bytes().all(|byte| byte.is_ascii_digit() || b",.-".contains(&byte));
    cell.number.is_some_and(|number| number.fract() != 0.0 || !is_year()) && shown()
}

fn find_without_caption(rows: &[Row<'_>], at: usize) -> Option<Header> {
    let several = rows.get(at + 1).is_some_and(is_part);
    let most = if several { parts(&rows[at..]) } else { 1 };
    (2..=most)
        .rev()
        .find_map(|count| join_rows(rows, at..at + count))
        .or_else(|| levels::find(rows, at))
        .or_else(|| single(rows, at))
}

/// The header below a row that only says, over the columns of figures, what they count. The heading of the labels may
/// stand beside that, and then goes down over both.
fn find_with_caption(rows: &[Row<'_>], at: usize) -> Option<Header> {
    let below = rows.get(at + 1).filter(|below| !below.is_blank())?;
    let goes_down = |label: &Cell<'_>| {
        label.text.is_empty() || below.cells[0].text.is_empty() && read(&label.text).is_none()
    };
    let caption = match rows[at].cells.as_slice() {
        [caption] => caption,
        [label, caption] if goes_down(label) => caption,
        _ => return None,
    };
    let is_left = caption.column == 1 || rows[at].line.is_empty() && rows[at].cells.len() == 1;
    if Indicator::parse(&caption.text) != Some(Indicator::Figures) || is_left && !is_titled(&rows[..at]) {
        return None;
    }
    let header = find_without_caption(rows, at + 1)?;
    let label = rows[header.rows.end - 1].cells.first().filter(|_| header.labelled);
    let over = label.is_none_or(|label| label.text.is_empty() || end(label) <= caption.column);
    over.then_some(Header { rows: at..header.rows.end, ..header })
}

/// Whether a sheet has a title above: a row of one cell.
fn is_titled(above: &[Row<'_>]) -> bool {
    let last = above.iter().rev().find(|row| !row.is_blank());
    last.is_some_and(|row| row.line.is_empty() && row.cells.len() == 1)
}

/// How many rows can make a header together. Two that say all by themselves cannot.
fn parts(rows: &[Row<'_>]) -> usize {
    let mut complete = 0;
    let is_next = |row: &&Row<'_>| {
        complete += usize::from(is_complete(&row.cells));
        complete < 2 && is_part(row)
    };
    rows.iter().take(MOST_ROWS).take_while(is_next).count()
}

/// Whether each cell is a period but for a label before them.
fn is_complete(cells: &[Cell<'_>]) -> bool {
    cells.len() > 1 && cells[1..].iter().all(|cell| heading::parse(&cell.text).is_some())
}

/// Whether most cells are periods, or say what a column holds beside some, but for a label before them; those that do
/// neither are for the reader to report.
pub(crate) fn is_header(cells: &[Cell<'_>]) -> bool {
    let [first, rest @ ..] = cells else { return false };
    if rest.is_empty() {
        return false;
    }
    let labelled = read(&first.text).is_none();
    let periods = rest.iter().filter(|cell| is_period(cell)).count() + usize::from(!labelled);
    let others = || rest.iter().filter(|cell| is_indicator(cell)).count();
    are_headings(cells.len() - usize::from(labelled), periods, || if labelled { others() } else { 0 })
}

/// Whether so many of some columns' headings, periods and others that say what a column holds, make a header.
fn are_headings(columns: usize, periods: usize, others: impl FnOnce() -> usize) -> bool {
    suffice(periods, columns) || periods > 0 && suffice(periods + others(), columns)
}

fn is_indicator(cell: &Cell<'_>) -> bool {
    !is_period(cell) && Indicator::parse(&cell.text).is_some()
}

/// Whether a cell names a period, with words of what its column holds or without.
fn is_period(cell: &Cell<'_>) -> bool {
    read(&cell.text).is_some() || split_heading(&cell.text).is_some()
}

/// Whether so many periods make a header of so many cells.
fn suffice(periods: usize, cells: usize) -> bool {
    periods > 0 && periods * 2 >= cells
}

/// Whether the last cell of a row can be one of a header.
pub(crate) fn may_end(text: &str) -> bool {
    text.is_empty() || heading::is_time_fragment(text)
}

fn single(rows: &[Row<'_>], at: usize) -> Option<Header> {
    let cells = Some(&rows[at].cells).filter(|cells| cells.len() > 1)?;
    let labelled = read(&cells.first()?.text).is_none();
    let of_columns = cells.iter().skip(usize::from(labelled));
    let mut headings: Vec<Heading> = of_columns.map(|cell| Heading::of(&[(at, cell)])).collect();
    let attributes = if labelled { attributes(&headings, &rows[at + 1..]) } else { 0 };
    headings.drain(..attributes);
    let periods = headings.iter().filter(|heading| heading.reading.is_some()).count();
    let is_other = |heading: &&Heading| heading.reading.is_none() && heading.indicator.is_some();
    let others = || if labelled { headings.iter().filter(is_other).count() } else { 0 };
    are_headings(headings.len(), periods, others).then(|| Header {
        rows: at..at + 1,
        labelled,
        attributes,
        headings,
    })
}

/// How many rows below a header are looked at for words beside its labels.
const NEAR: usize = 32;

/// How many of the first headings stand over words: they name no period, and rows below print words in the last.
fn attributes(headings: &[Heading], below: &[Row<'_>]) -> usize {
    let tells_nothing = |heading: &&Heading| {
        heading.reading.is_none() && (heading.indicator.is_none() || heading.label.is_empty())
    };
    let most = headings.iter().take_while(tells_nothing).count();
    if most == 0 {
        return 0;
    }
    let is_words =
        |cell: &Cell<'_>| !crate::layout::figures::is_figure(cell) && cell.text.contains(char::is_alphabetic);
    let rows = below.iter().take(NEAR).filter_map(|row| row.cells.get(1..=most + 1)?.split_last());
    let last = rows.filter_map(|(_, cells)| cells.iter().rposition(is_words)).max();
    // What stands on a sheet before the first period under no heading of its own is no figure.
    let is_sheet = below.first().is_some_and(|row| row.line.is_empty());
    let unheaded = headings[..most].iter().rposition(|heading| is_sheet && heading.label.is_empty());
    last.max(unheaded).map_or(0, |last| last + 1)
}

/// The header that rows make together, each heading a period, where the first of them is needed for that.
fn join_rows(rows: &[Row<'_>], range: Range<usize>) -> Option<Header> {
    let header = join(rows, range.clone())?;
    let below = range.start + 1..range.end;
    let without = if below.len() > 1 { join(rows, below) } else { single(rows, below.start) };
    let readings =
        |header: &Header| header.headings.iter().map(|heading| heading.reading.clone()).collect::<Vec<_>>();
    without.is_none_or(|without| readings(&without) != readings(&header)).then_some(header)
}

fn join(rows: &[Row<'_>], range: Range<usize>) -> Option<Header> {
    let block = &rows[range.clone()];
    let (labelled, columns) =
        if block.iter().all(is_fixed_width) { by_place(block)? } else { by_index(block)? };
    let header = assemble(range, labelled, &columns);
    let headings = &header.headings;
    let shared = columns
        .windows(2)
        .any(|pair| pair[0].iter().any(|piece| pair[1].iter().any(|other| std::ptr::eq(piece.1, other.1))));
    let sound = !headings.is_empty()
        && headings.iter().all(|heading| heading.reading.is_some())
        && (!shared || is_ordered(headings));
    sound.then_some(header)
}

/// The header of columns, whose pieces name their rows from the first of the header on.
fn assemble(range: Range<usize>, labelled: bool, columns: &[Vec<Piece<'_, '_>>]) -> Header {
    let own = |column: &Vec<Piece<'_, '_>>| {
        let placed: Vec<Piece<'_, '_>> =
            column.iter().map(|(row, cell)| (range.start + row, *cell)).collect();
        Heading::of(&placed)
    };
    Header { headings: columns.iter().map(own).collect(), rows: range, labelled, attributes: 0 }
}

/// Whether headings go on from one to the next, or back. Those of cells that were shared wrongly do not.
fn is_ordered(headings: &[Heading]) -> bool {
    let times: Vec<_> =
        headings.iter().filter_map(|heading| Some(heading.reading.as_ref()?.approximate_time())).collect();
    times.windows(2).all(|pair| pair[0] < pair[1]) || times.windows(2).all(|pair| pair[0] > pair[1])
}

/// Whether a row can be one of several that make a header: words of time, and figures only where they are years, but
/// for a label before them.
fn is_part(row: &Row<'_>) -> bool {
    // Under no label, `(1)` is a footnote's mark and no figure.
    let unlabelled = row.cells.first().is_some_and(|first| first.text.is_empty());
    let is_note = |cell: &Cell<'_>| cell.text.starts_with('(') && cell.text.len() <= "(99)".len();
    let is_time = |cell: &Cell<'_>| is_time(cell) || unlabelled && is_note(cell);
    let others = || row.cells.iter().skip(1).filter(|cell| !cell.text.is_empty());
    match row.cells.as_slice() {
        [] => false,
        [only] => heading::mentions_time(&only.text) && is_time(only),
        [first, ..] => others().all(is_time) && (is_time(first) || others().next().is_some()),
    }
}

fn is_time(cell: &Cell<'_>) -> bool {
    heading::is_time_fragment(&cell.text)
        && (read(&cell.text).is_some() || !crate::layout::figures::is_figure(cell))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::text;

    /// What a text begins with: a header of so many rows and these headings, or none.
    #[derive(Debug, PartialEq)]
    enum Found {
        Header(usize, Vec<String>),
        None,
    }

    fn header(text: &str) -> Found {
        find_periods(&text::parse_grid(text).rows, 0).map_or(Found::None, |header| {
            Found::Header(
                header.rows.len(),
                header.headings.into_iter().map(|heading| heading.label).collect(),
            )
        })
    }

    fn of(rows: usize, headings: &[&str]) -> Found {
        Found::Header(rows, headings.iter().map(|heading| (*heading).into()).collect())
    }

    #[test]
    fn a_header_is_a_row_of_periods() {
        assert_eq!(header("Region\t2023\t2024\nCanada\t1\t2"), of(1, &["2023", "2024"]));
        assert_eq!(header("2023\t2024\n1\t2"), of(1, &["2023", "2024"]));
        assert_eq!(header("Region\t2023\t2024\tChange"), of(1, &["2023", "2024", "Change"]));
        for text in ["Region\tMale\tFemale", "Canada\t1\t2", "2023", "Words of 2023 and 2024"] {
            assert_eq!(header(text), Found::None, "{text}");
        }
    }

    #[test]
    fn rows_that_only_together_name_periods_are_one_header() {
        let quarters = &["2023 Q1", "2023 Q2", "2024 Q1", "2024 Q2"];
        let cases = [
            ("Region\t2022\t2023\n\t\t(Jan - Sep)\nA\t1\t2", of(2, &["2022", "2023 (Jan - Sep)"])),
            (
                "Region\t2025\t2026\n\t\t(as at\n\t\tend-February)\nA\t1\t2",
                of(3, &["2025", "2026 (as at end-February)"]),
            ),
            ("\t2023\t\t2024\t\nRegion\tQ1\tQ2\tQ1\tQ2\nA\t1\t2\t3\t4", of(2, quarters)),
            ("| | 2023 | | 2024 | |\n| Region | Q1 | Q2 | Q1 | Q2 |\n| A | 1 | 2 | 3 | 4 |", of(2, quarters)),
            ("2023\t2024\n(p)\t(f)\n1\t2", of(2, &["2023 (p)", "2024 (f)"])),
            ("\t2023\t\t2024\n\t(p)\nRegion\tQ1\tQ2\tQ1", of(3, &["2023 (p) Q1", "2023 (p) Q2", "2024 Q1"])),
            (
                "\tAs at end of\nRegion\t2022\t2023\nA\t1\t2",
                of(2, &["As at end of 2022", "As at end of 2023"]),
            ),
            (
                "|Sex|2022| |2024 |\n| | |2023| |\n| | | |(Jan - Sep)|\n|Male|1|2|3|",
                of(3, &["2022", "2023", "2024 (Jan - Sep)"]),
            ),
            ("\tJuly\tAugust\nRegion\t2012\t2012\nA\t1\t2", of(2, &["July 2012", "August 2012"])),
            ("Region\t2023\t2024\n\t(1)\t(2)\nA\t1\t2", of(2, &["2023 (1)", "2024 (2)"])),
        ];
        for (text, expected) in cases {
            assert_eq!(header(text), expected, "{text}");
        }
    }

    #[test]
    fn a_caption_holds_for_all_columns() {
        let years = &["Year ended 30 June 2022", "Year ended 30 June 2023"];
        let cases = [
            ("Year ended 30 June\nRegion\t2022\t2023\nA\t1\t2", of(2, years)),
            ("Year ended 30 June\n2022\t2023\n1\t2", of(2, years)),
            ("Year ended 30 June\nRegion   2022   2023\nA           1      2", of(2, years)),
            ("2023\n\tQ1\tQ2\nA\t1\t2", of(2, &["2023 Q1", "2023 Q2"])),
            ("Year ended\n30 June\n\t2022\t2023\nA\t1\t2", of(3, years)),
        ];
        for (text, expected) in cases {
            assert_eq!(header(text), expected, "{text}");
        }
        for text in ["E\nRegion\t2022\t2023", "Year\nRegion\t2022\t2023"] {
            assert_eq!(header(text), Found::None, "{text}");
        }
        assert_eq!(header("2023\t2024\nJanuary\nA\t1\t2"), of(1, &["2023", "2024"]));
    }

    #[test]
    fn in_fixed_width_what_stands_above_belongs_together() {
        let cases = [
            (
                "Region      2022         2023\n                     (Jan - Sep)\nA              1            2",
                of(2, &["2022", "2023 (Jan - Sep)"]),
            ),
            (
                "          2022       2026\nRegion            (as at end-\n                   February)\nA            1          2",
                of(3, &["2022", "2026 (as at end- February)"]),
            ),
            (
                "          2023          2024\nRegion    Q1     Q2     Q1     Q2\nA          1      2      3      4",
                of(2, &["2023 Q1", "2023 Q2", "2024 Q1", "2024 Q2"]),
            ),
            (
                "              2023          2024\nRegion    Q1        Q2  Q1        Q2\nA          1         2   3         4",
                of(2, &["2023 Q1", "2023 Q2", "2024 Q1", "2024 Q2"]),
            ),
            (
                "          2023          2024\nRegion    Q3     Q4     Q1\nA          1      2      3",
                of(2, &["2023 Q3", "2023 Q4", "2024 Q1"]),
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(header(text), expected, "{text}");
        }
    }

    #[test]
    fn a_year_that_may_span_other_columns_is_not_guessed() {
        // The years stand in the middle of two and of three quarters; what is below them is left to be reported.
        let amid =
            "            2023             2024\nRegion    Q3     Q4     Q1     Q2     Q3\nA   1  2  3  4  5";
        assert_eq!(header(amid), of(1, &["2023", "2024"]));
        assert_eq!(header("| | 2023 | 2024 |\n| Region | Q1 | Q2 | Q1 | Q2 |\n"), of(1, &["2023", "2024"]));
    }

    #[test]
    fn a_row_below_a_header_is_no_part_of_it() {
        for below in [
            "A\t-11\t-12",
            "\t-11\t-12",
            "\t1999\t2001",
            "\t7\t8",
            "A\t-\t-",
            "\t*\t*",
            "B\t2022\t2023",
            "\tNumber\t%",
        ] {
            assert_eq!(
                header(&format!("Region\t2023\t2024\n{below}\n")),
                of(1, &["2023", "2024"]),
                "{below}"
            );
        }
        assert_eq!(header("Year\n2023\t2024\n1\t2"), Found::None);
    }
}
