//! The notes printed below a table: which paragraphs are notes, and where each begins.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::document::Row;
use crate::grammar::footnote::{self, NoteCertainty, NoteOpening};
use crate::layout::figures::holds_figures;
use crate::layout::tables::Table;
use crate::text::fold_whitespace;

/// A note printed with a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The rows it stands in.
    pub rows: Range<usize>,
    /// The mark it begins with, by name; none for a bare `Note:`.
    pub mark: Option<String>,
    /// What it says, without its mark, in one line.
    pub text: String,
    /// Whether it says that it holds for the tables below, too.
    pub holds_below: bool,
}

/// Whether a paragraph below a table is of notes: it says so, or begins with a mark that the table carries, or goes on
/// below a line that is only a note's mark and is not the title of the table that follows.
pub(super) fn begins_notes(table: &Table, rows: &[Row<'_>], paragraph: &Range<usize>, titles: bool) -> bool {
    let is_open = |note: &Note| note.text.is_empty() && is_next(rows, note, paragraph.start);
    table.notes.last().is_some_and(is_open) && !titles && !holds_figures(rows, paragraph.start)
        || opening(&rows[paragraph.start].text(), &table.marks, NoteCertainty::Certain).is_some()
}

/// Where notes end in the paragraph above a table, whose title may stand right below them: behind the last line that ends a
/// sentence, unless another note begins there.
pub(super) fn end_of_notes(table: &Table, rows: &[Row<'_>], paragraph: &Range<usize>) -> usize {
    let ends_sentence = |at: &usize| rows[*at].text().ends_with(['.', '。', '!', '?']);
    let end = paragraph.clone().rev().find(ends_sentence).map_or(paragraph.end, |last| last + 1);
    let is_note = |row: &Row<'_>| opening(&row.text(), &table.marks, NoteCertainty::InList).is_some();
    if rows[end..paragraph.end].iter().any(is_note) { paragraph.end } else { end }
}

/// Whether only blank lines part a note from a row.
pub(super) fn is_next(rows: &[Row<'_>], note: &Note, at: usize) -> bool {
    rows[note.rows.end..at].iter().all(Row::is_blank)
}

/// How a line begins a note: at least so surely, or with a mark that the table carries.
pub(super) fn opening<'t>(
    text: &'t str,
    marks: &BTreeSet<String>,
    least: NoteCertainty,
) -> Option<NoteOpening<'t>> {
    let carried =
        |opening: &NoteOpening<'_>| opening.marker.as_ref().is_some_and(|mark| marks.contains(mark));
    let found = if marks.is_empty() && least == NoteCertainty::Certain {
        footnote::parse_certain_opening(text)
    } else {
        footnote::parse_opening(text)
    };
    found.filter(|opening| opening.certainty >= least || carried(opening))
}

/// Adds the notes of a paragraph: one for each line that begins with a mark.
pub(super) fn notes(rows: &[Row<'_>], paragraph: Range<usize>, table: &mut Table) {
    let before = table.notes.len();
    for at in paragraph {
        let text = rows[at].text();
        let opening = opening(&text, &table.marks, NoteCertainty::InList);
        let has_more = |last: &Note| opening.is_none() || last.text.is_empty() && last.mark.is_none();
        let goes_on = |last: &&mut Note| is_next(rows, last, at) && has_more(last);
        let said = opening.as_ref().map_or(text.as_ref(), |opening| opening.text);
        let mark = opening.as_ref().and_then(|opening| opening.marker.clone());
        match table.notes.last_mut().filter(goes_on) {
            Some(last) => {
                last.text = fold_whitespace(&format!("{} {said}", last.text)).into_owned();
                last.mark = last.mark.take().or(mark);
                last.rows.end = at + 1;
            }
            None => table.notes.push(Note {
                rows: at..at + 1,
                mark,
                text: fold_whitespace(said).into_owned(),
                holds_below: false,
            }),
        }
    }
    for note in &mut table.notes[before.saturating_sub(1)..] {
        note.holds_below = holds_below(&note.text);
    }
}

/// Whether a note says that it holds for the tables that follow.
pub(super) fn holds_below(text: &str) -> bool {
    let text = text.to_lowercase();
    ["tables below", "following tables", "subsequent tables", "下列各表", "以下各表"]
        .iter()
        .any(|phrase| text.contains(phrase))
}
