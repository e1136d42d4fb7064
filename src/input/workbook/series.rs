//! Series down a sheet whose periods stand in two columns, the year printed once over its months or quarters, below
//! headings over several rows. They become what a person reads: a row of words over rows of a period and figures.

use std::borrow::Cow;

use crate::document::{Cell, Row};
use crate::grammar::period::heading;

/// No heading goes over more rows.
const MOST_ROWS: usize = 4;

/// How many of a row's first cells are looked at for a year.
const NEAR: usize = 4;

/// The rows of a sheet with its series joined.
pub(super) fn join_rows(rows: Vec<Row<'_>>) -> Vec<Row<'_>> {
    let mut whole: Vec<Row<'_>> = Vec::with_capacity(rows.len());
    let mut rows = rows.into_iter().peekable();
    while let Some(row) = rows.next() {
        let Some(at) = year(&row) else {
            whole.push(row);
            continue;
        };
        let mut series = vec![row];
        while let Some(next) = rows.next_if(|next| goes_on(next, at)) {
            series.push(next);
        }
        if series.iter().any(|row| has_figures(row, at)) {
            place(&mut whole, series, at);
        } else {
            whole.extend(series);
        }
    }
    whole
}

/// Which of a row's first cells is a year that the next one names a part of, with nothing before it.
fn year(row: &Row<'_>) -> Option<usize> {
    let at = row.cells.iter().take(NEAR).position(|cell| !cell.text.is_empty())?;
    let (year, part) = (row.cells.get(at)?, row.cells.get(at + 1)?);
    let is_year = year.text.len() == 4 && year.text.starts_with(['1', '2']);
    (is_year && is_part(part) && read(&year.text, &part.text)).then_some(at)
}

/// Whether a row has several figures behind its year and the part of it.
fn has_figures(row: &Row<'_>, at: usize) -> bool {
    row.cells.iter().skip(at + 2).filter(|cell| cell.number.is_some()).count() > 1
}

/// Whether a row goes on with a series whose year stands in a cell.
fn goes_on(row: &Row<'_>, at: usize) -> bool {
    let has_no_year = || row.cells.iter().take(at + 1).all(|cell| cell.text.is_empty());
    year(row) == Some(at) || has_no_year() && row.cells.get(at + 1).is_some_and(is_part)
}

fn is_part(cell: &Cell<'_>) -> bool {
    cell.number.is_none() && !cell.text.is_empty() && read("2000", &cell.text)
}

fn read(year: &str, part: &str) -> bool {
    crate::layout::header::read(&format!("{year} {part}")).is_some() && heading::parse(part).is_none()
}

/// Puts a series below its headings; where it has none, its rows stay as they are.
fn place<'c>(above: &mut Vec<Row<'c>>, series: Vec<Row<'c>>, at: usize) {
    let first = series.iter().find(|row| has_figures(row, at)).into_iter();
    let printed = first.flat_map(|row| &row.cells).skip(at + 2).filter(|cell| !cell.text.is_empty());
    let columns: Vec<u32> = printed.map(|cell| cell.column).collect();
    let from = header(above, columns.first().copied().unwrap_or_default());
    let levels: Vec<&Row<'c>> = above[from..].iter().filter(|row| !row.is_blank()).collect();
    let Some((last, headings)) = levels.last().copied().cloned().zip(headings(&levels, &columns)) else {
        above.extend(series);
        return;
    };
    let headings =
        columns.iter().zip(headings).map(|(column, heading)| Cell::printed(*column, Cow::Owned(heading)));
    let periods = series[0].cells.get(at + 1).map(|part| Cell::printed(part.column, ""));
    let cells = periods.into_iter().chain(headings).collect();
    above.truncate(from);
    above.push(Row { cells, ..last });
    let mut year = String::new();
    above.extend(series.into_iter().map(|row| add_year(row, at, &columns, &mut year)));
}

/// The first of the rows that head the columns of figures: each prints in several of them and nowhere else.
fn header(above: &[Row<'_>], first: u32) -> usize {
    let heads = |row: &Row<'_>| {
        let printed = || row.cells.iter().filter(|cell| !cell.text.is_empty());
        printed().count() > 1 && printed().all(|cell| cell.column >= first && cell.number.is_none())
    };
    let mut from = above.len();
    for at in (above.len().saturating_sub(MOST_ROWS + 1)..above.len()).rev() {
        if heads(&above[at]) {
            from = at;
        } else if !above[at].is_blank() || from == above.len() {
            break;
        }
    }
    from
}

/// What stands above each column, level by level: its own cell, or the nearest to its left that spans it. A cell spans no
/// column that one above it begins anew, and in the lowest level only its own. None where one spans no column at all.
fn headings(levels: &[&Row<'_>], columns: &[u32]) -> Option<Vec<String>> {
    let first = columns.first().copied().unwrap_or_default();
    let mut headings = vec![String::new(); columns.len()];
    // Where the last cell begins that a level above has at or before each column.
    let mut begun = vec![0; columns.len()];
    for (level, row) in (1..).zip(levels) {
        let mut printed =
            row.cells.iter().filter(|cell| cell.column >= first && !cell.text.is_empty()).peekable();
        let (mut last, mut spans): (Option<&Cell<'_>>, bool) = (None, true);
        for ((column, heading), begun) in columns.iter().zip(&mut headings).zip(&mut begun) {
            while let Some(cell) = printed.next_if(|cell| cell.column <= *column) {
                if !std::mem::replace(&mut spans, false) {
                    return None;
                }
                last = Some(cell);
            }
            let Some(cell) = last else { continue };
            if cell.column == *column || *begun <= cell.column && level < levels.len() {
                let blank = if heading.is_empty() { "" } else { " " };
                heading.extend([blank, &cell.text]);
                spans = true;
            }
            *begun = cell.column.max(*begun);
        }
        if !spans || printed.next().is_some() {
            return None;
        }
    }
    Some(headings)
}

/// A row of a series with its period in one cell, and a cell for each column of figures. What stands in no such column comes
/// last, as a cell too many.
fn add_year<'c>(row: Row<'c>, at: usize, columns: &[u32], year: &mut String) -> Row<'c> {
    let mut period = None;
    let mut others = Vec::new();
    let mut figures: Vec<Cell<'c>> = Vec::with_capacity(columns.len());
    for (index, cell) in row.cells.into_iter().enumerate() {
        if index == at && !cell.text.is_empty() {
            *year = cell.text.to_string();
        } else if index == at + 1 {
            let text = format!("{year} {}", cell.text);
            period = Some(Cell { text: text.into(), ..cell });
        } else if columns.binary_search(&cell.column).is_ok() {
            figures.push(cell);
        } else if !cell.text.is_empty() {
            others.push(cell);
        }
    }
    let missing = columns.iter().skip(figures.len()).filter(|_| !others.is_empty());
    figures.extend(missing.map(|column| Cell::printed(*column, "")));
    Row { cells: period.into_iter().chain(figures).chain(others).collect(), ..row }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows by their cells, parted by tabs; those that are figures store a number.
    fn rows(text: &str) -> Vec<Row<'_>> {
        const NUMBER: f64 = 1.0;
        let cell = |(column, text): (u32, &'static str)| Cell {
            number: text.parse::<f64>().is_ok().then_some(&NUMBER),
            ..Cell::printed(column, text)
        };
        let text: &'static str = text.to_owned().leak();
        let row = |(number, line): (u32, &'static str)| {
            let cells =
                if line.is_empty() { Vec::new() } else { (1..).zip(line.split('\t')).map(cell).collect() };
            Row { number, cells, ..Row::default() }
        };
        (1..).zip(text.lines()).map(row).collect()
    }

    fn printed(rows: &[Row<'_>]) -> Vec<String> {
        let texts =
            |row: &Row<'_>| row.cells.iter().map(|cell| cell.text.as_ref()).collect::<Vec<_>>().join("|");
        rows.iter().map(texts).collect()
    }

    #[test]
    fn a_year_printed_once_holds_for_the_months_below_it() {
        let sheet = "1\tVisits\n\t\tAll\t\tArea\n\t\t\t\tAsia\t\tEurope\n\t\tNSA\t\tNSA\t\tNSA\n2012\tJan\t1\t\t2\t\t3\n\tFeb\t4\t\t5\t\t6\n2013\tJan\t7\t\t8\t\t9\n\nLatest\t\t1\t\t2\t\t3\n";
        let expected = [
            "1|Visits",
            "|All NSA|Area Asia NSA|Area Europe NSA",
            "2012 Jan|1|2|3",
            "2012 Feb|4|5|6",
            "2013 Jan|7|8|9",
            "",
            "Latest||1||2||3",
        ];
        assert_eq!(printed(&join_rows(rows(sheet))), expected);
    }

    #[test]
    fn other_rows_stay_as_they_are() {
        for sheet in [
            "Region\t2012\t2013\nJapan\t1\t2\n",
            "2012\tJan\t1\t2\n\tFeb\t3\t4\n",
            "\tAsia\tEurope\n2012\t1\t2\n2013\t1\t2\n",
            "\t\tAsia\tEurope\n2012\tJapan\t1\t2\n",
            "\t\tAsia\tEurope\tAfrica\n2012\tJan\t1\t\t2\n\tFeb\t3\t\t4\n",
            "\t\tAsia\tEurope\tAfrica\n2012\tJan\t1\t2\n\tFeb\t3\t4\n",
        ] {
            let before = printed(&rows(sheet));
            assert_eq!(printed(&join_rows(rows(sheet))), before, "{sheet}");
        }
    }
}
