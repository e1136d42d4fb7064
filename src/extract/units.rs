//! What a table says of the unit of its figures. Where they are thousands and the definition's unit is not, all of them
//! would be published too small, and no sum would tell.
//!
//! It is a warning, because a title may speak of something else. Where the definition says that a place names the unit
//! (`unit`), what it prints must be that of the measure.

use crate::dataset::Measure;
use crate::extract::figure::shorten;
use crate::extract::tables::TableContext;
use crate::problem::{Problem, Rule};

/// A unit, and the row and column where it is printed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct PrintedUnit {
    pub text: String,
    pub place: (u32, u32),
}

impl TableContext<'_, '_> {
    /// The units that are printed for a figure must be that of its measure; another is a problem at its cell.
    pub(super) fn check_printed_units(&mut self, units: [&Option<PrintedUnit>; 2], measure: u32) {
        let measure = &self.definition().measures[measure as usize];
        let mut others = units.into_iter().flatten().filter(|unit| !measure.has_unit(&unit.text));
        let Some(PrintedUnit { text, place }) = others.next() else { return };
        if self.is_reported(Rule::UnitDiffers, *place) || self.problems.counts_only(Rule::UnitDiffers) {
            return;
        }
        let message = format!("`{}` is not the unit of {}", shorten(text), measure.name);
        let span =
            self.document().span(self.grid, place.0, place.1, format!("`{}` was expected", measure.unit));
        self.problems.push(Problem::new(Rule::UnitDiffers, message, span).help(OTHER_UNIT));
    }

    /// Warns where a title or a header says that figures are multiples of what the definition's unit is.
    pub(super) fn check_unit(&mut self) {
        let head = self.table.title.clone().chain(self.table.header.rows.clone());
        let rows = self.rows();
        let mut cells = head.flat_map(|at| rows[at].cells.iter().map(move |cell| (rows[at].number, cell)));
        let found = cells.find_map(|(row, cell)| Some((row, cell.column, multiple(&cell.text)?)));
        let Some((row, column, (multiple_of, multiplier))) = found else { return };
        let measures = &self.definition().measures;
        let says = |text: &String| multiple(text).is_some_and(|(said, _)| said == multiple_of);
        let is_known = |measure: &Measure| {
            says(&measure.unit) || says(&measure.name) || u64::from(measure.multiplier) == multiplier
        };
        if measures.iter().any(is_known) {
            return;
        }
        let unit = &measures[self.table_definition.measure.unwrap_or_default()].unit;
        let message =
            format!("the table's figures are {multiple_of}s, and the definition's unit is `{unit}`");
        let span = self.document().span(self.grid, row, column, "said here");
        let help =
            format!("publish them as what they are: `unit = \"{multiple_of} {unit}\"` under `[measure]`");
        let multiply = format!("; or multiply them: `multiplier = {multiplier}`");
        let help = help + if u32::try_from(multiplier).is_ok() { &multiply } else { "" };
        self.problems.push(Problem::new(Rule::Unit, message, span).help(help));
    }
}

const OTHER_UNIT: &str = "correct `unit` under `[measure]`; where both are the same, add what is printed to the measure's `labels`";

/// What a text says that figures are multiples of, in words and as a number.
fn multiple(text: &str) -> Option<(&'static str, u64)> {
    const SAID: [(&str, u64, &[&str]); 4] = [
        ("thousand", 1000, &["'000", "‘000", "’000", "000s", "000's", "(000)", "thousand"]),
        ("million", 1_000_000, &["million"]),
        ("billion", 1_000_000_000, &["billion"]),
        ("trillion", 1_000_000_000_000, &["trillion"]),
    ];
    // Beside other words, these could be a part of a name.
    const AFTER_UNIT: [(&str, u64, &[&str]); 4] = [
        ("million", 1_000_000, &["百萬", "百万"]),
        ("hundred million", 100_000_000, &["億", "亿"]),
        ("thousand", 1000, &["千"]),
        ("ten thousand", 10_000, &["萬", "万"]),
    ];
    // Most titles and headings have nothing of these, which is soon seen.
    let may_say =
        |part: &[u8]| matches!(part, b"000" | b"ous" | b"OUS" | b"ill" | b"ILL") || part == "位".as_bytes();
    if !text.as_bytes().windows("000".len()).any(may_say) {
        return None;
    }
    let is_unit = ["單位", "单位", "単位"].iter().any(|unit| text.contains(unit));
    let chinese = AFTER_UNIT.iter().filter(|_| is_unit);
    let says = |words: &&str| {
        text.as_bytes().windows(words.len()).any(|part| part.eq_ignore_ascii_case(words.as_bytes()))
    };
    SAID.iter()
        .chain(chinese)
        .find(|(.., words)| words.iter().any(says))
        .map(|(said, number, _)| (*said, *number))
}

#[cfg(test)]
mod tests {
    use super::multiple;

    #[test]
    fn a_unit_says_what_figures_are_multiples_of() {
        let cases = [
            ("Visits ('000)", Some("thousand")),
            ("Number (’000)", Some("thousand")),
            ("(000s)", Some("thousand")),
            ("THOUSANDS OF PERSONS", Some("thousand")),
            ("HK$ million", Some("million")),
            ("単位：千人", Some("thousand")),
            ("單位：百萬元", Some("million")),
            ("单位：万人", Some("ten thousand")),
            ("Number", None),
            ("単位：人", None),
            ("千葉県", None),
            ("Top 1000 firms", None),
            ("2000", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(multiple(text).map(|(said, _)| said), expected, "{text}");
        }
    }
}
