//! Where something stands in a document, named as a person would say it.

use std::fmt;

/// Where something stands in a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The sheet of a workbook; none in text.
    pub sheet: Option<String>,
    /// Line or row, from 1.
    pub row: u32,
    /// Character or column, from 1.
    pub column: u32,
}

impl fmt::Display for Place {
    /// `18:7` in text, `Sheet!C7` in a workbook.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.sheet {
            None => write!(f, "{}:{}", self.row, self.column),
            Some(sheet) => write!(f, "{sheet}!{}{}", column_letters(self.column), self.row),
        }
    }
}

/// The letters a spreadsheet names a column by: 1 is `A`, 27 is `AA`.
fn column_letters(column: u32) -> String {
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
        }
    }

    #[test]
    fn a_place_reads_as_a_person_would_say_it() {
        assert_eq!(Place { sheet: None, row: 18, column: 7 }.to_string(), "18:7");
        assert_eq!(Place { sheet: Some("TTPS".into()), row: 7, column: 3 }.to_string(), "TTPS!C7");
    }
}
