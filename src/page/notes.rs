//! The notes of a release: each stands once, below the table that prints it; what carries its mark, and every other table
//! that it holds for, links to it.

use std::collections::BTreeMap;

use crate::page::rows::{Note, Place};
use crate::page::trouble::Trouble;
use crate::position::Position;

/// A link to a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What is shown: the printed mark, or the note's number.
    pub name: String,
    /// The anchor of the note.
    pub id: String,
}

/// A note as a section shows it.
#[derive(Clone)]
pub struct ShownNote {
    /// Its mark and anchor.
    pub mark: Mark,
    /// What it says; none where another section says it.
    pub text: Option<String>,
}

/// The notes of a release.
pub struct Notes<'r> {
    rows: &'r [Note],
    /// The number of each note, by its document and the number in that.
    numbers: BTreeMap<(&'r str, i64), usize>,
    /// The marks at a position of a document.
    at: BTreeMap<(String, String), Vec<Mark>>,
}

impl<'r> Notes<'r> {
    /// Numbers the notes; what problems point at carries a mark, too.
    pub fn new(rows: &'r [Note], trouble: &[Trouble<'_>]) -> Notes<'r> {
        let mut numbers: BTreeMap<_, usize> =
            rows.iter().map(|note| ((note.source.as_str(), note.number), 0)).collect();
        numbers.values_mut().zip(1..).for_each(|(number, next)| *number = next);
        let mut notes = Notes { rows, numbers, at: BTreeMap::new() };
        for note in rows {
            let mark = notes.mark(note);
            for place in &note.marked_at {
                notes.add((&note.source, place), &mark);
            }
        }
        for (trouble, number) in trouble.iter().zip(1..) {
            let mark = Mark { name: format!("problem {number}"), id: format!("problem{number}") };
            for place in trouble.places.iter().filter_map(|place| place.position()) {
                notes.add((place.0, &place.1), &mark);
            }
        }
        notes
    }

    fn add(&mut self, (source, position): (&str, &str), mark: &Mark) {
        let marks = self.at.entry((source.to_owned(), position.to_owned())).or_default();
        if !marks.contains(mark) {
            marks.push(mark.clone());
        }
    }

    fn mark(&self, note: &Note) -> Mark {
        let number = self.numbers[&(note.source.as_str(), note.number)];
        let name = note.mark.clone().unwrap_or_else(|| number.to_string());
        Mark { name, id: format!("note{number}") }
    }

    /// The marks at a figure.
    pub fn at(&self, (source, position): &Place) -> Vec<Mark> {
        let Some(position) = position.as_ref().filter(|_| !self.at.is_empty()) else { return Vec::new() };
        self.at.get(&(source.clone(), position.to_string())).cloned().unwrap_or_default()
    }

    /// The marks in the line of a figure, before it: those of the label that names it.
    pub fn before(&self, (source, position): &Place) -> Vec<Mark> {
        let Some(position) = position.as_ref().filter(|_| !self.at.is_empty()) else { return Vec::new() };
        let of_line = |place: &str| {
            Position::parse(place).is_some_and(|place| {
                (&place.sheet, place.row) == (&position.sheet, position.row) && place.column < position.column
            })
        };
        let marks = self.at.iter().filter(|((of, place), _)| of == source && of_line(place));
        marks.flat_map(|(_, marks)| marks.clone()).collect()
    }

    /// The notes of the tables that codes tell apart, given with the dimensions that do.
    pub fn of_section(&self, codes: &[(usize, String)]) -> Vec<ShownNote> {
        let is_of = |table: &[Option<String>]| {
            codes.iter().all(|(at, code)| table[*at].as_ref().is_none_or(|own| own == code))
        };
        let mut shown: Vec<ShownNote> = Vec::new();
        for note in self.rows.iter().filter(|note| is_of(&note.table) || is_of(&note.printed_with)) {
            let mark = self.mark(note);
            if shown.iter().all(|other| other.mark != mark) {
                let text = is_of(&note.printed_with).then(|| note.text.clone());
                shown.push(ShownNote { mark, text });
            }
        }
        shown
    }
}
