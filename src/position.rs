//! Positions in documents, as people write them: `18:7` in text, `Sheet!C7` in a workbook.

use std::fmt;

/// The position of a cell or character in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The name of the workbook's sheet; `None` in text.
    pub sheet: Option<String>,
    /// Line or row, from 1.
    pub row: u32,
    /// Character or column, from 1.
    pub column: u32,
}

impl Position {
    /// Parses what [`Display`](fmt::Display) writes: `18:7`, `Sheet!C7`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Position> {
        let Some((sheet, cell)) = text.rsplit_once('!') else {
            let (row, column) = text.split_once(':')?;
            return Some(Position { sheet: None, row: row.parse().ok()?, column: column.parse().ok()? });
        };
        let (letters, digits) = cell.split_at(cell.find(|c: char| c.is_ascii_digit())?);
        let column = column_number(letters.as_bytes())?;
        Some(Position { sheet: Some(sheet.to_owned()), row: digits.parse().ok()?, column })
    }
}

impl fmt::Display for Position {
    /// `18:7` in text, `Sheet!C7` in a workbook.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sheet {
            None => write!(f, "{}:{}", self.row, self.column),
            Some(sheet) => write!(f, "{sheet}!{}{}", column_letters(self.column), self.row),
        }
    }
}

/// A range of cells of a sheet, as a spreadsheet writes it: `A5:G16`; open at its end (`A5:G`, `A5:`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CellRange {
    /// Its first row and its last, from 1.
    pub rows: (u32, u32),
    /// Its first column and its last, from 1.
    pub columns: (u32, u32),
}

impl CellRange {
    /// Parses `A5:G16`, `A5:G` or `A5:`.
    #[must_use]
    pub fn parse(text: &str) -> Option<CellRange> {
        let (first, last) = text.split_once(':')?;
        let (left, top) = parse_cell(first)?;
        let (right, bottom) = parse_cell(last)?;
        let range = CellRange {
            rows: (top?, bottom.unwrap_or(u32::MAX)),
            columns: (left?, right.unwrap_or(u32::MAX)),
        };
        (range.rows.0 <= range.rows.1 && range.columns.0 <= range.columns.1).then_some(range)
    }

    /// Whether a row is in it.
    #[must_use]
    pub fn has_row(&self, row: u32) -> bool {
        (self.rows.0..=self.rows.1).contains(&row)
    }

    /// Whether a column is in it.
    #[must_use]
    pub fn has_column(&self, column: u32) -> bool {
        (self.columns.0..=self.columns.1).contains(&column)
    }
}

/// The column and row of a cell, of which either may be left out.
fn parse_cell(text: &str) -> Option<(Option<u32>, Option<u32>)> {
    let at = text.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(text.len());
    let (letters, digits) = text.split_at(at);
    let column = if letters.is_empty() { None } else { Some(column_number(letters.as_bytes())?) };
    let row = if digits.is_empty() { None } else { Some(digits.parse().ok().filter(|row| *row > 0)?) };
    Some((column, row))
}

/// The number of a spreadsheet column: `A` is 1, `AA` is 27. Saturates on overflow.
pub(crate) fn column_number(letters: &[u8]) -> Option<u32> {
    let add = |column: u32, byte: &u8| {
        let letter = byte.is_ascii_alphabetic().then(|| u32::from(byte.to_ascii_uppercase() - b'A') + 1)?;
        Some(column.saturating_mul(26).saturating_add(letter))
    };
    letters.iter().try_fold(0, add)
}

/// The letters of a spreadsheet column: 1 is `A`, 27 is `AA`.
pub(crate) fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        letters.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().map(|&letter| letter as char).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_a_sheet_are_named_as_a_spreadsheet_names_them() {
        for (column, letters) in
            [(1, "A"), (3, "C"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")]
        {
            assert_eq!(column_letters(column), letters);
            assert_eq!(column_number(letters.as_bytes()), Some(column));
        }
    }

    #[test]
    fn ranges_may_be_open_at_their_end() {
        let range = |rows, columns| Some(CellRange { rows, columns });
        for (text, expected) in [
            ("A5:G16", range((5, 16), (1, 7))),
            ("B5:G", range((5, u32::MAX), (2, 7))),
            ("A5:", range((5, u32::MAX), (1, u32::MAX))),
            ("A5:20", range((5, 20), (1, u32::MAX))),
            ("G5:A16", None),
            ("A0:B2", None),
            ("A5", None),
            (":B5", None),
            ("A5:?", None),
        ] {
            assert_eq!(CellRange::parse(text), expected, "{text}");
        }
    }

    #[test]
    fn positions_are_written_and_parsed_alike() {
        let of_text = Position { sheet: None, row: 18, column: 7 };
        let of_sheet = Position { sheet: Some("A! 1".into()), row: 7, column: 28 };
        for (place, named) in [(of_text, "18:7"), (of_sheet, "A! 1!AB7")] {
            assert_eq!(place.to_string(), named);
            assert_eq!(Position::parse(named), Some(place));
        }
        for text in ["", "7", "A!", "A!C", "A!7C", "x:7"] {
            assert_eq!(Position::parse(text), None, "{text}");
        }
    }
}
