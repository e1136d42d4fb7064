//! Notes: numbered as printed, each with the tables it holds for: its own, those below where it says so, and those whose
//! cells carry its marker.

use std::collections::BTreeSet;

use crate::document::Document;
use crate::extract::titles::FoundTable;
use crate::layout::footnote_refs::{self, Tie};
use crate::layout::notes::Note;

/// A note of a document, for one table it holds for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoteRecord {
    /// Its number in the document, from 1.
    pub note: i32,
    /// The table it holds for, by its place in the definition.
    pub table: u32,
    /// The table below which it stands.
    pub printed_with: u32,
    /// What it says.
    pub text: String,
    /// Where it begins.
    pub position: String,
    /// The marker it begins with.
    pub mark: Option<String>,
    /// The cells in the table that carry the marker, separated by blanks.
    pub marked_at: Option<String>,
}

/// The notes of a document's tables, given the cells that carry their markers.
pub(super) fn collect_notes(
    document: &Document<'_>,
    found: &[FoundTable<'_>],
    refs: &[Tie],
) -> Vec<NoteRecord> {
    let is_first = |at: usize| at == 0 || !found[at - 1].is_same_printed(&found[at]);
    let printed = |note: &&Note| !note.text.is_empty();
    let notes: Vec<(usize, &Note)> = (0..found.len())
        .filter(|at| is_first(*at))
        .flat_map(|at| found[at].table.notes.iter().filter(printed).map(move |note| (at, note)))
        .collect();
    let marked = footnote_refs::by_note(refs, &notes);
    let mut records = Vec::new();
    for (number, ((at, note), marked)) in (1..).zip(notes.iter().zip(&marked)) {
        let own = &found[*at];
        let sharing = found[*at..].iter().take_while(|other| own.is_same_printed(other)).count();
        let end = if note.holds_below { found.len() } else { at + sharing };
        let held: BTreeSet<usize> = (*at..end).chain(marked.keys().copied()).collect();
        records.extend(held.into_iter().map(|table| NoteRecord {
            note: number,
            table: found[table].table_index as u32,
            printed_with: own.table_index as u32,
            text: note.text.clone(),
            position: position_of_row(document, own.grid, note.rows.start),
            mark: note.mark.clone(),
            marked_at: marked.get(&table).cloned(),
        }));
    }
    records
}

/// Where a row begins to print.
fn position_of_row(document: &Document<'_>, grid: usize, at: usize) -> String {
    let row = &document.grids[grid].rows[at];
    let column = row.cells.first().map_or(1, |cell| cell.column);
    document.grids[grid].place(row.number, column).to_string()
}
