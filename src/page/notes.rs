//! The notes of a release: each stands once, in the first section that it holds for; what carries its mark, and every other
//! section, links to it.

use std::collections::{BTreeMap, BTreeSet};

use crate::page::rows::{self, Note, Rows};
use crate::page::trouble::{Place, Trouble};
use crate::position::Position;

/// A link to a note.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// What is shown: the printed mark, or the note's number where no note has one.
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

/// A line of cells: a row or a column of a sheet, or a line of a text, by document, sheet and number.
type Line<'r> = (&'r str, Option<String>, u32);

/// The notes of a release, and what carries their marks.
pub struct Notes<'r> {
    rows: &'r [Note],
    /// The number of each note, by its document and the number in that.
    numbers: BTreeMap<(&'r str, i64), usize>,
    /// The marks in a row, each with its column.
    in_rows: BTreeMap<Line<'r>, Vec<(u32, Mark)>>,
    /// The marks in a column, each with its row.
    in_columns: BTreeMap<Line<'r>, Vec<(u32, Mark)>>,
    /// The first row of a column that has a figure.
    first_figures: BTreeMap<Line<'r>, u32>,
}

impl<'r> Notes<'r> {
    /// Numbers the notes; what problems point at carries a mark, too.
    pub fn new(rows: &'r Rows, trouble: &'r [Trouble<'_>]) -> Notes<'r> {
        let mut numbers: BTreeMap<_, usize> =
            rows.notes.iter().map(|note| ((note.source.as_str(), note.number), 0)).collect();
        numbers.values_mut().zip(1..).for_each(|(number, next)| *number = next);
        let mut notes = Notes {
            rows: &rows.notes,
            numbers,
            in_rows: BTreeMap::new(),
            in_columns: BTreeMap::new(),
            first_figures: BTreeMap::new(),
        };
        for note in &rows.notes {
            let mark = notes.mark(note);
            let places = note.marked_at.iter().filter_map(|place| Position::parse(place));
            places.for_each(|place| notes.add(&note.source, &place, &mark));
        }
        for (trouble, number) in trouble.iter().zip(1..) {
            let mark = Mark { name: format!("problem {number}"), id: format!("problem{number}") };
            let places = trouble.places.iter().filter_map(Place::position);
            places.for_each(|(source, place)| notes.add(source, place, &mark));
        }
        if !notes.in_columns.is_empty() {
            notes.find_first_figures(rows);
        }
        notes
    }

    fn add(&mut self, source: &'r str, place: &Position, mark: &Mark) {
        let marks = self.in_rows.entry((source, place.sheet.clone(), place.row)).or_default();
        if !marks.contains(&(place.column, mark.clone())) {
            marks.push((place.column, mark.clone()));
            let marks = self.in_columns.entry((source, place.sheet.clone(), place.column)).or_default();
            marks.push((place.row, mark.clone()));
        }
    }

    fn find_first_figures(&mut self, rows: &'r Rows) {
        for (source, place) in rows.observations.iter().map(|of| &of.place) {
            let Some(place) = place else { continue };
            let first = self.first_figures.entry((source, place.sheet.clone(), place.column));
            let first = first.or_insert(place.row);
            *first = place.row.min(*first);
        }
    }

    fn mark(&self, note: &Note) -> Mark {
        let number = self.numbers[&(note.source.as_str(), note.number)];
        // Beside printed marks a number of ours would be taken for one.
        let is_numbered = self.rows.iter().all(|note| note.mark.is_none());
        let own = || if is_numbered { number.to_string() } else { format!("no. {number}") };
        let name = note.mark.clone().unwrap_or_else(own);
        Mark { name, id: format!("note{number}") }
    }

    /// The marks at a figure.
    pub fn at(&self, place: &rows::Place) -> Vec<Mark> {
        self.in_row(place, |column, figure| column == figure)
    }

    /// The marks in the row of a figure, before it: those of the label that names it.
    pub fn before(&self, place: &rows::Place) -> Vec<Mark> {
        self.in_row(place, |column, figure| column < figure)
    }

    fn in_row(&self, (source, place): &rows::Place, is_meant: impl Fn(u32, u32) -> bool) -> Vec<Mark> {
        let Some(place) = place.as_ref().filter(|_| !self.in_rows.is_empty()) else { return Vec::new() };
        let marks = self.in_rows.get(&(source.as_str(), place.sheet.clone(), place.row));
        let meant = marks.into_iter().flatten().filter(|(column, _)| is_meant(*column, place.column));
        meant.map(|(_, mark)| mark.clone()).collect()
    }

    /// The marks above all figures in the column of one: those of the heading that names it. In a text, whose columns are
    /// characters, a heading stands where it stands.
    pub fn above(&self, (source, place): &rows::Place) -> Vec<Mark> {
        let Some(place) = place.as_ref().filter(|_| !self.in_columns.is_empty()) else { return Vec::new() };
        let column = (source.as_str(), place.sheet.clone(), place.column);
        let first = self.first_figures.get(&column).copied().unwrap_or_default();
        let marks = self.in_columns.get(&column).into_iter().flatten();
        marks.filter(|(row, _)| *row < first).map(|(_, mark)| mark.clone()).collect()
    }

    /// The notes of the tables that codes tell apart, given with the dimensions that do; of notes that were told, links.
    pub fn of_section(&self, codes: &[(usize, String)], told: &mut BTreeSet<String>) -> Vec<ShownNote> {
        let is_of = |table: &[Option<String>]| {
            codes.iter().all(|(at, code)| table[*at].as_ref().is_none_or(|own| own == code))
        };
        let mut shown: Vec<ShownNote> = Vec::new();
        for note in self.rows.iter().filter(|note| is_of(&note.table) || is_of(&note.printed_with)) {
            let mark = self.mark(note);
            if shown.iter().all(|other| other.mark.id != mark.id) {
                let text = told.insert(mark.id.clone()).then(|| note.text.clone());
                shown.push(ShownNote { mark, text });
            }
        }
        shown
    }
}
