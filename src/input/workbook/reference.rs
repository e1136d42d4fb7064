//! Places on a sheet as workbooks write them: `C7`, `A1:D4`.

use crate::document::workbook::Area;
use crate::position::column_number;

/// The last row of a sheet.
pub(super) const LAST_ROW: u32 = 1_048_576;

/// The last column of a sheet: `XFD`.
pub(super) const LAST_COLUMN: u32 = 16_384;

/// The row and the column of a cell, from 1; none where no sheet has it.
pub(super) fn cell(text: &[u8]) -> Option<(u32, u32)> {
    let letters = text.iter().position(|byte| !byte.is_ascii_alphabetic())?;
    let (letters, digits) = text.split_at(letters);
    Some((row(digits)?, column(letters)?))
}

/// A row; none where no sheet has it.
pub(super) fn row(digits: &[u8]) -> Option<u32> {
    let add = |row: u32, byte: &u8| {
        byte.is_ascii_digit().then(|| row.saturating_mul(10).saturating_add(u32::from(byte - b'0')))
    };
    digits.iter().try_fold(0, add).filter(|row| (1..=LAST_ROW).contains(row))
}

/// An area from its first cell to its last; none where no sheet has it.
pub(super) fn area(text: &[u8]) -> Option<Area> {
    let colon = text.iter().position(|byte| *byte == b':');
    let (first, last) = colon.map_or((text, text), |colon| (&text[..colon], &text[colon + 1..]));
    let ((top, left), (bottom, right)) = (cell(first)?, cell(last)?);
    (top <= bottom && left <= right).then_some(Area { top, left, bottom, right })
}

fn column(letters: &[u8]) -> Option<u32> {
    column_number(letters).filter(|column| (1..=LAST_COLUMN).contains(column))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_read_up_to_the_last() {
        let cases: [(&str, Option<(u32, u32)>); 9] = [
            ("A1", Some((1, 1))),
            ("C7", Some((7, 3))),
            ("AA10", Some((10, 27))),
            ("XFD1048576", Some((1_048_576, 16_384))),
            ("XFE1", None),
            ("A1048577", None),
            ("ZZZZZZZZZ1", None),
            ("A0", None),
            ("7", None),
        ];
        for (text, expected) in cases {
            assert_eq!(cell(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn areas_begin_where_they_begin() {
        assert_eq!(area(b"B2:C4"), Some(Area { top: 2, left: 2, bottom: 4, right: 3 }));
        assert_eq!(area(b"B2"), Some(Area { top: 2, left: 2, bottom: 2, right: 2 }));
        assert_eq!(area(b"C4:B2"), None);
        assert_eq!(area(b"A1:B2:C3"), None);
    }
}
