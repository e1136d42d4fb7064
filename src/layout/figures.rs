//! Whether cells and rows can be figures, of whichever publisher: before it is known how a table writes them.

use crate::document::{Cell, Row};
use crate::grammar::number::{self, MAX_DECIMALS, NegativeStyle, NumberConvention};
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
