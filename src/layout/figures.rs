//! Whether cells and rows can be figures, of whichever publisher: before it is known how a table writes them.

use crate::document::{Cell, Row};
use crate::grammar::number::{self, MAX_DECIMALS, NegativeStyle, NumberConvention};
use crate::grammar::period::heading;
use crate::grammar::{footnote, spreadsheet, status_flag};

/// Whether a row holds a label and figures only, or figures only, and not only words that stand for one.
pub(crate) fn is_figures(row: &Row<'_>) -> bool {
    row.cells.len() > 1 && row.cells[1..].iter().all(is_figure) && is_mostly_figures(row)
}

/// Whether most cells of a row but the first are figures, and no words that stand for one: no prose looks like that.
pub(crate) fn is_mostly_figures(row: &Row<'_>) -> bool {
    let figure = |cell: &&Cell<'_>| is_figure(cell) && status_flag::parse_phrase(&cell.text).is_none();
    let figures = row.cells.iter().skip(1).filter(figure).count();
    // A sheet parts what it prints by empty columns.
    let printed = |cell: &&Cell<'_>| !row.line.is_empty() || !cell.text.is_empty();
    figures * 2 > row.cells.iter().skip(1).filter(printed).count()
}

/// Whether a row prints a figure that would be lost among words. Where cells are sure, in a sheet or parted by a character, a
/// single number is one; else most cells must be.
pub(crate) fn holds_figures(rows: &[Row<'_>], at: usize) -> bool {
    let row = &rows[at];
    is_mostly_figures(row) || row.is_aligned && has_number(row) && !is_enumerated(rows, at)
}

/// Whether a row prints a number beside other cells; on a sheet also one alone, but for a year.
fn has_number(row: &Row<'_>) -> bool {
    let mut printed = row.cells.iter().filter(|cell| !cell.text.is_empty());
    let is_alone = printed.clone().count() == 1;
    let counts = |cell: &Cell<'_>| {
        prints_number(cell) && (!is_alone || row.line.is_empty() && heading::parse(&cell.text).is_none())
    };
    printed.any(counts)
}

/// Whether a cell prints a number and nothing else.
pub(crate) fn prints_number(cell: &Cell<'_>) -> bool {
    if cell.text.is_empty() {
        return cell.number.is_some();
    }
    if cell.text.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let has_words = || cell.text.contains(char::is_alphabetic);
    let is_written =
        || cell.text.contains(|c: char| c.is_ascii_digit()) && !has_words() && is_number(&cell.text);
    cell.number.is_some() || is_written()
}

/// Whether a row begins with the next number of a list, and prints words behind it.
fn is_enumerated(rows: &[Row<'_>], at: usize) -> bool {
    let before = || rows[..at].iter().rev().find(|row| !row.is_blank()).and_then(item_number);
    let is_next = |own: u16| own == 1 || own.checked_sub(1) == before();
    item_number(&rows[at]).is_some_and(is_next)
}

/// The number that a row of words begins with.
pub(crate) fn item_number(row: &Row<'_>) -> Option<u16> {
    let mut printed = row.cells.iter().filter(|cell| !cell.text.is_empty());
    let number = printed.next()?.text.trim_end_matches('.').parse().ok()?;
    (printed.clone().count() > 0 && !printed.any(prints_number)).then_some(number)
}

/// Whether a cell can be read as a figure or a mark of whichever publisher.
pub(crate) fn is_figure(cell: &Cell<'_>) -> bool {
    if cell.number.is_some() {
        return true;
    }
    let text = cell.text.strip_suffix(['%', '％']).map_or(cell.text.as_ref(), str::trim_end);
    is_number(text)
        || status_flag::is_symbol(text)
        || marked_number(text)
        || spreadsheet::explain_missing_value(text).is_some()
}

/// Whether a text is a figure with something behind it that some publisher prints there, or a note's mark.
fn marked_number(text: &str) -> bool {
    let digit = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '−' | '–' | '+' | '('));
    let (before, behind) = behind_digits(text);
    let marked = || {
        let inside = behind.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).unwrap_or(behind);
        !behind.is_empty() && status_flag::is_symbol(inside) && is_number(before)
    };
    digit
        && (marked()
            || footnote::find_last_marker(text).is_some_and(|last| last.is_certain && is_number(last.before)))
}

/// Whether a text is a figure in any convention.
pub(crate) fn is_number(text: &str) -> bool {
    let fits = |convention: NumberConvention| {
        !matches!(
            convention.parse(text, MAX_DECIMALS),
            Err(number::ParseNumberError::Character(_)
                | number::ParseNumberError::Grouping
                | number::ParseNumberError::Empty)
        )
    };
    fits(NumberConvention { negative: NegativeStyle::Brackets, ..NumberConvention::POINT })
        || fits(NumberConvention { negative: NegativeStyle::TrailingMinus, ..NumberConvention::COMMA })
}

/// A text up to its last digit, and what stands behind that.
pub(crate) fn behind_digits(text: &str) -> (&str, &str) {
    let before = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    (before, text[before.len()..].trim())
}
