//! Which note explains a mark: one of the same table, else the next one below, else any that begins with it.

use std::collections::BTreeMap;

use crate::layout::notes::Note;
use crate::position::Position;

/// A cell that carries a mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tie {
    /// The index of its table among those of the document.
    pub table: usize,
    /// The mark.
    pub mark: String,
    /// Where it stands.
    pub place: Position,
}

/// For each note, given with the index of its table, the tables that carry its mark and the places in them, parted by
/// blanks.
#[must_use]
pub fn by_note(ties: &[Tie], notes: &[(usize, &Note)]) -> Vec<BTreeMap<usize, String>> {
    let mut by_mark: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
    for (at, (table, note)) in notes.iter().enumerate() {
        if let Some(mark) = &note.mark {
            by_mark.entry(mark).or_default().push((*table, at));
        }
    }
    let mut found = vec![BTreeMap::<usize, String>::new(); notes.len()];
    for tie in ties {
        let of_mark = by_mark.get(tie.mark.as_str()).map_or(&[][..], Vec::as_slice);
        // They stand in the order of their tables.
        let next = of_mark.partition_point(|(table, _)| *table < tie.table);
        if let Some((_, note)) = of_mark.get(next).or(of_mark.last()) {
            let places = found[*note].entry(tie.table).or_default();
            if !places.is_empty() {
                places.push(' ');
            }
            places.push_str(&tie.place.to_string());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_note_explains_a_mark() {
        let note =
            |mark: &str| Note { rows: 0..1, mark: Some(mark.into()), text: "x".into(), holds_below: false };
        let tie = |table, mark: &str, row| Tie {
            table,
            mark: mark.into(),
            place: Position { sheet: None, row, column: 1 },
        };
        let notes = [note("1"), note("*"), note("1")];
        let notes = [(0, &notes[0]), (1, &notes[1]), (2, &notes[2])];
        let ties =
            [tie(0, "1", 3), tie(0, "1", 4), tie(1, "1", 9), tie(3, "1", 20), tie(0, "*", 5), tie(2, "†", 7)];
        let found = by_note(&ties, &notes);
        let places =
            |at: usize| found[at].iter().map(|(table, places)| (*table, places.as_str())).collect::<Vec<_>>();
        assert_eq!(places(0), [(0, "3:1 4:1")]);
        assert_eq!(places(1), [(0, "5:1")]);
        assert_eq!(places(2), [(1, "9:1"), (3, "20:1")]);
    }
}
