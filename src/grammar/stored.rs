//! What a workbook stores behind what it shows: numbers, exact as far as the measure goes; and what is no value at all.

use crate::grammar::number::Fault;

/// The largest whole number up to which doubles hold each.
const MOST: f64 = (1u64 << 53) as f64;

/// How far a number may be off a whole one, as a part of it: sums of a spreadsheet carry such noise.
const NOISE: f64 = 1e-9;

/// A stored number in units of the measure's last decimal: with two decimals 1.5 is 150.
///
/// # Errors
/// Where it has more decimals than the measure, or is too large to be exact.
pub fn exact(number: f64, decimals: u32) -> Result<i64, Fault> {
    let rounded = rounded(number, decimals)?;
    let scaled = number * 10f64.powi(decimals as i32);
    let noise = NOISE * scaled.abs().max(1.0);
    if (scaled - rounded as f64).abs() > noise { Err(Fault::Decimals) } else { Ok(rounded) }
}

/// A stored number rounded to the measure's decimals, to the farther side half-way, in units of the last.
///
/// # Errors
/// Where it is too large to be exact.
pub fn rounded(number: f64, decimals: u32) -> Result<i64, Fault> {
    let whole = (number * 10f64.powi(decimals as i32)).round();
    if whole.is_nan() || whole.abs() > MOST { Err(Fault::TooLarge) } else { Ok(whole as i64) }
}

/// Why a cell of a spreadsheet has no value, and what to do: an error, or a formula whose result is not stored.
#[must_use]
pub fn nothing(text: &str) -> Option<(&'static str, &'static str)> {
    const ERRORS: [&str; 8] =
        ["#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#GETTING_DATA"];
    if ERRORS.contains(&text) {
        let help =
            "mend its formula in a spreadsheet program, or take the figure from another edition of the table";
        Some(("it is an error of the spreadsheet", help))
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
            (1234.5, 0, Err(Fault::Decimals)),
            (1234.5, 1, Ok(12345)),
            (0.001, 2, Err(Fault::Decimals)),
            (9_007_199_254_740_992.0, 0, Ok(9_007_199_254_740_992)),
            (1e16, 0, Err(Fault::TooLarge)),
            (f64::INFINITY, 0, Err(Fault::TooLarge)),
            (f64::NAN, 0, Err(Fault::TooLarge)),
        ];
        for (number, decimals, expected) in cases {
            assert_eq!(exact(number, decimals), expected, "{number} {decimals}");
        }
    }

    #[test]
    fn errors_and_formulas_without_result_are_told() {
        assert!(nothing("#REF!").is_some_and(|(reason, _)| reason.contains("error")));
        assert!(nothing("=SUM(B2:B9)").is_some_and(|(reason, _)| reason.contains("formula")));
        for text in ["=", "====", "= =", "#1", "12", "-", ""] {
            assert_eq!(nothing(text), None, "{text}");
        }
    }
}
