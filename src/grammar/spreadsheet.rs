//! Values that a spreadsheet stores: numbers, converted to whole units of the measure's last decimal, and the texts of
//! errors and of formulas without a result.

use crate::grammar::number::ParseNumberError;

/// Up to this number, doubles represent every whole number.
const MAX_EXACT: f64 = (1u64 << 53) as f64;

/// The relative distance from a whole number that counts as none: sums in a spreadsheet have such rounding errors.
const RELATIVE_ERROR: f64 = 1e-9;

/// A stored number in units of the measure's last decimal: with two decimals 1.5 is 150.
///
/// # Errors
/// If it has more decimals than the measure, or is too large to be exact.
pub fn to_units(number: f64, decimals: u32) -> Result<i64, ParseNumberError> {
    let rounded = round_to_units(number, decimals)?;
    let scaled = number * 10f64.powi(decimals as i32);
    let tolerance = RELATIVE_ERROR * scaled.abs().max(1.0);
    if (scaled - rounded as f64).abs() > tolerance { Err(ParseNumberError::Decimals) } else { Ok(rounded) }
}

/// A stored number, rounded half away from zero to units of the measure's last decimal.
///
/// # Errors
/// If it is too large to be exact.
pub fn round_to_units(number: f64, decimals: u32) -> Result<i64, ParseNumberError> {
    let whole = (number * 10f64.powi(decimals as i32)).round();
    if whole.is_nan() || whole.abs() > MAX_EXACT { Err(ParseNumberError::TooLarge) } else { Ok(whole as i64) }
}

/// Why a cell of a spreadsheet has no value (an error, or a formula without a stored result), and what to do about it.
#[must_use]
pub fn explain_missing_value(text: &str) -> Option<(&'static str, &'static str)> {
    const ERRORS: [&str; 8] =
        ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"];
    if ERRORS.contains(&text) {
        let help = "correct its formula in a spreadsheet program, or take the figure from another edition of the table";
        Some(("it is a spreadsheet error", help))
    } else if text.strip_prefix('=').is_some_and(|rest| !rest.is_empty() && !rest.starts_with(['=', ' '])) {
        let help = "open the workbook in a spreadsheet program, which computes it, and save it";
        Some(("it is a formula whose result is not stored", help))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_exact_as_far_as_the_measure_goes() {
        let cases = [
            (8490.0, 0, Ok(8490)),
            (-1.0, 0, Ok(-1)),
            (0.1 + 0.2, 1, Ok(3)),
            (1_234.000_000_000_1, 0, Ok(1234)),
            (1234.5, 0, Err(ParseNumberError::Decimals)),
            (1234.5, 1, Ok(12345)),
            (0.001, 2, Err(ParseNumberError::Decimals)),
            (9_007_199_254_740_992.0, 0, Ok(9_007_199_254_740_992)),
            (1e16, 0, Err(ParseNumberError::TooLarge)),
            (f64::INFINITY, 0, Err(ParseNumberError::TooLarge)),
            (f64::NAN, 0, Err(ParseNumberError::TooLarge)),
        ];
        for (number, decimals, expected) in cases {
            assert_eq!(to_units(number, decimals), expected, "{number} {decimals}");
        }
    }

    #[test]
    fn errors_and_formulas_without_a_result_are_explained() {
        assert!(explain_missing_value("#REF!").is_some_and(|(reason, _)| reason.contains("error")));
        assert!(explain_missing_value("=SUM(B2:B9)").is_some_and(|(reason, _)| reason.contains("formula")));
        for text in ["=", "====", "= =", "#1", "12", "-", ""] {
            assert_eq!(explain_missing_value(text), None, "{text}");
        }
    }
}
