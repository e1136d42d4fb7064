//! What is printed beside figures and follows from them, as exact as it is printed.

use crate::document::Cell;
use crate::extract::figure::{PrintedAmount, Reading, Unread};
use crate::grammar::indicator::Indicator;
use crate::grammar::number::{MAX_DECIMALS, ParseNumberError};
use crate::grammar::{footnote, spreadsheet};

impl Reading<'_> {
    /// Reads what is printed beside figures; none where a mark stands in its place that tells no bound.
    ///
    /// # Errors
    /// Where it is neither.
    pub fn claim(&self, cell: &Cell<'_>, indicator: Indicator) -> Result<Option<PrintedAmount>, Unread> {
        let text = cell.text.as_ref();
        if let Some(printed) = cell.number.and_then(|number| self.stored_claim(*number, text, indicator)) {
            return Ok(Some(printed));
        }
        let (mut rest, mut fault) = (text, None);
        for _ in 0..=footnote::MAX_MARKERS {
            match self.read_printed(rest, indicator) {
                Ok(printed) => return Ok(Some(printed)),
                Err(found) => fault = fault.or(Some(found)),
            }
            if let Some(bound) = self.bound(rest, indicator) {
                return Ok(Some(bound));
            }
            if rest.is_empty() || self.find_flag_in_place(rest).is_some() {
                return Ok(None);
            }
            match self.split_trailing_flag(rest) {
                Some((before, ..)) => rest = before,
                None => break,
            }
        }
        Err(self.unread(text, fault.unwrap_or(ParseNumberError::Empty)))
    }

    /// What a workbook stores beside figures: what is of the measure is as exact as figures are. A percentage is held by what
    /// it shows, whose rounding is known; where it shows more decimals than any office prints, by as many as these.
    fn stored_claim(&self, number: f64, text: &str, indicator: Indicator) -> Option<PrintedAmount> {
        let (value, decimals) = if !indicator.is_percent() {
            (self.read_stored(number, self.printed_decimals(), None).ok()?.value?, self.decimals())
        } else if self.convention.parse_printed(text) == Err(ParseNumberError::Decimals) {
            let percent = if text.ends_with('%') { number * 100.0 } else { number };
            (spreadsheet::round_to_units(percent, MAX_DECIMALS).ok()?, MAX_DECIMALS)
        } else {
            return None;
        };
        Some(PrintedAmount { value, decimals, is_bound: false })
    }

    /// A percentage with the decimals that are printed; what is of the measure with the measure's.
    fn read_printed(&self, text: &str, indicator: Indicator) -> Result<PrintedAmount, ParseNumberError> {
        let (value, decimals) = self.convention.parse_printed(text)?;
        if indicator.is_percent() {
            return Ok(PrintedAmount { value, decimals, is_bound: false });
        }
        let missing = self.printed_decimals().checked_sub(decimals).ok_or(ParseNumberError::Decimals)?;
        let value = value.checked_mul(10i64.pow(missing)).ok_or(ParseNumberError::TooLarge)?;
        Ok(PrintedAmount { value, decimals: self.decimals(), is_bound: false })
    }

    /// What a magnitude is less than: `<0.1`, or a mark of which a legend says `Less than 0.1 percent`.
    fn bound(&self, text: &str, indicator: Indicator) -> Option<PrintedAmount> {
        let said = || {
            let legend = self.known.legends.iter().find(|legend| legend.mark == text)?;
            legend.text.to_lowercase().strip_prefix("less than ").map(str::to_owned)
        };
        let words = text.strip_prefix('<').map(str::to_owned).or_else(said)?;
        let first = words.split_whitespace().next()?.trim_end_matches(['.', ',', ';']);
        let printed = self.read_printed(first, indicator).ok()?;
        (printed.value > 0).then_some(PrintedAmount { is_bound: true, ..printed })
    }
}
