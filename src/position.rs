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
