//! A table that goes on over a page: its header is printed again, below the number of the page before, and rows follow that
//! belong to those above.
//!
//! Only a header that says the same is one printed again, and only where no words stand between: these could be the title of
//! another table. What belongs together is proven as any table is, by its total; without one, what follows is a table of its own.

use crate::document::Row;
use crate::layout::header::{self, Header, Heading};
use crate::layout::tables::Table;
use crate::layout::vocabulary::Vocabulary;
use crate::text::fold_whitespace;

/// The most rows between the pages: blank ones and the number of a page.
const MOST_BETWEEN: usize = 4;

/// The row behind the header that is printed again from a row on; none where a table does not go on there.
pub(super) fn find(rows: &[Row<'_>], at: usize, table: &Table, vocabulary: &Vocabulary) -> Option<usize> {
    let is_between = |row: &&Row<'_>| row.is_blank() || is_page_number(row);
    let header = at + rows[at..].iter().take(MOST_BETWEEN).take_while(is_between).count();
    let again = rows.get(header).filter(|row| may_be_header(row, table))?;
    let found = (!again.is_blank()).then(|| header::find(rows, header, vocabulary))??;
    (is_same(&found, &table.header) && label(rows, &found) == label(rows, &table.header))
        .then_some(found.rows.end)
}

/// Whether a row ends as a heading begins: what dismisses most rows.
fn may_be_header(row: &Row<'_>, table: &Table) -> bool {
    let last = row.cells.last().map_or("".into(), |cell| fold_whitespace(&cell.text));
    let begins = |heading: &Heading| heading.label.starts_with(last.as_ref());
    !last.is_empty() && table.header.headings.iter().any(begins)
}

/// Whether two headers say the same of each column.
fn is_same(one: &Header, other: &Header) -> bool {
    let says = |heading: &Heading| (heading.reading.clone(), heading.words.clone(), heading.codes.clone());
    one.labelled == other.labelled
        && one.attributes == other.attributes
        && one.headings.iter().map(says).eq(other.headings.iter().map(says))
}

/// What stands above the labels.
fn label<'r>(rows: &'r [Row<'_>], header: &Header) -> Option<&'r str> {
    let last = rows.get(header.rows.end.checked_sub(1)?)?;
    last.cells.first().filter(|_| header.labelled).map(|cell| cell.text.as_ref())
}

/// Whether a row prints the number of a page alone: `2`, `- 2 -`, `Page 2 of 3`, `2/3`.
pub(crate) fn is_page_number(row: &Row<'_>) -> bool {
    let [cell] = row.cells.as_slice() else { return false };
    let mut words =
        cell.text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    words.next_if(|word| word.eq_ignore_ascii_case("page"));
    let is_number = |word: &str| word.len() <= 4 && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_first = words.next().is_some_and(is_number);
    let mut rest = words.filter(|word| !word.eq_ignore_ascii_case("of"));
    is_first && rest.next().is_none_or(is_number) && rest.next().is_none()
}
