//! Detects the number convention of a table from its cells.
//!
//! A cell is read by the convention that its whole table fits. Where two conventions fit and differ on a cell, that is a
//! problem, because no cell decides by itself.

use super::{NegativeStyle, NumberConvention};

/// A cell that two conventions read differently, in a table where no other cell decides between them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AmbiguousNumber<'t> {
    /// The cell's text.
    pub text: &'t str,
    /// Its value with a decimal point, and with a decimal comma.
    pub readings: [i64; 2],
}

impl NumberConvention {
    /// Detects whether a table prints a decimal point or a decimal comma: the convention that more cells can only be read
    /// by. If no cell decides, and both read all cells alike, it is the decimal point.
    ///
    /// # Errors
    /// If no cell decides, and both read a cell differently.
    pub fn detect<'t>(
        cells: impl Iterator<Item = &'t str>,
        decimals: u32,
        negative: NegativeStyle,
    ) -> Result<NumberConvention, AmbiguousNumber<'t>> {
        let both = [NumberConvention::POINT, NumberConvention::COMMA];
        let both = both.map(|convention| NumberConvention { negative, ..convention });
        let (mut votes, mut ambiguous) = ([0, 0], None);
        for text in cells.filter(|text| may_be_ambiguous(text)) {
            match both.map(|convention| convention.parse(text, decimals)) {
                [Ok(point), Ok(comma)] if point != comma => {
                    ambiguous.get_or_insert(AmbiguousNumber { text, readings: [point, comma] });
                }
                [Ok(_), Err(_)] => votes[0] += 1,
                [Err(_), Ok(_)] => votes[1] += 1,
                _ => {}
            }
        }
        match (votes, ambiguous) {
            ([0, 0], Some(ambiguous)) => Err(ambiguous),
            ([point, comma], _) => Ok(both[usize::from(comma > point)]),
        }
    }
}

/// Whether conventions can read a text differently. Most cells have no point and no comma, and are skipped.
fn may_be_ambiguous(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b'.' | b',') || byte >= 0x80)
}
