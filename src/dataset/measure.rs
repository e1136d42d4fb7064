//! What is counted: a measure's name, unit and decimals, and whether its figures add up.

use std::num::NonZeroU32;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;

use crate::dataset::OneOrMany;
use crate::grammar::number;
use crate::grammar::period::calendar::YearEnd;

/// What is counted.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Its code in the column `measure`, where a dataset has several.
    #[schemars(with = "Option<String>")]
    pub code: Option<Spanned<String>>,
    /// In words: `applications approved`.
    pub name: String,
    /// The unit: `applications`.
    pub unit: String,
    /// What headings or labels print for it, where a dataset has several, or in place of its unit; its name is one.
    #[serde(default)]
    pub labels: OneOrMany<String>,
    /// How many decimals the figures have, at most 9; 0 for counts.
    #[serde(default, deserialize_with = "decimals")]
    pub decimals: u32,
    /// What printed figures are multiplied by before they are published: 1000 where thousands are printed; a power of ten.
    #[serde(default = "one", deserialize_with = "power_of_ten")]
    pub multiplier: u32,
    /// What figures are rounded to, in units of their last decimal: all are multiples of it. A sum may be off by half of it for
    /// each of its figures.
    pub rounding: Option<NonZeroU32>,
    /// Whether figures add up to totals; rates, indices, averages and percentages do not. Where left out they do, but no total
    /// is derived where anything speaks against it.
    pub additive: Option<bool>,
    /// Whether a figure can be below zero.
    #[serde(default)]
    pub negative: bool,
    /// Where figures count what stood on a day: at which end of the period that a heading names.
    #[serde(default)]
    pub stock: Option<YearEnd>,
}

/// What is printed for percent.
const PERCENT: [&str; 3] = ["percent", "per cent", "%"];

/// A figure as TOML writes it.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum DefinedFigure {
    /// Without decimals.
    Whole(i64),
    /// With decimals.
    Decimal(f64),
}

impl Measure {
    /// Its code; its name where it has none.
    #[must_use]
    pub fn code(&self) -> &str {
        self.code.as_ref().map_or(&self.name, |code| code.get_ref())
    }

    /// Whether figures may be added up.
    #[must_use]
    pub fn is_additive(&self) -> bool {
        self.additive != Some(false)
    }

    /// Whether the figures of parts bound each other: they add up, and none is below zero.
    #[must_use]
    pub fn has_bounds(&self) -> bool {
        self.is_additive() && !self.negative
    }

    /// Whether figures are percentages, which may be printed with their sign.
    #[must_use]
    pub fn is_percent(&self) -> bool {
        PERCENT.contains(&self.unit.to_lowercase().as_str())
    }

    /// Whether a text says its unit, or is what else is printed for it. Neither case nor white space counts.
    #[must_use]
    pub fn has_unit(&self, text: &str) -> bool {
        let form = |text: &str| -> String {
            text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
        };
        let printed = form(text);
        let mut own = [self.unit.as_str(), self.code()].into_iter().chain(self.printed());
        own.any(|own| form(own) == printed) || self.is_percent() && PERCENT.contains(&printed.as_str())
    }

    /// What figures are rounded to, in units of their last decimal; none where that is not said.
    #[must_use]
    pub fn rounding_unit(&self) -> Option<i64> {
        self.rounding.map(|unit| i64::from(unit.get()))
    }

    /// How many decimals a printed figure can have: its own, and those that its multiplier makes whole.
    #[must_use]
    pub fn printed_decimals(&self) -> u32 {
        self.decimals + self.multiplier.ilog10()
    }

    /// A figure as it is printed, before it is multiplied: without its decimal mark, and how many of its digits are decimals;
    /// of those that the multiplier makes whole only as many as it needs, or these.
    #[must_use]
    pub fn to_printed(&self, figure: i64, shown: u32) -> (i64, u32) {
        let (mut digits, mut decimals) = (figure, self.printed_decimals());
        while decimals > self.decimals.max(shown) && digits % 10 == 0 {
            (digits, decimals) = (digits / 10, decimals - 1);
        }
        (digits, decimals)
    }

    /// A figure as it is printed, for messages.
    #[must_use]
    pub fn format_printed(&self, figure: i64) -> String {
        let (digits, decimals) = self.to_printed(figure, 0);
        number::format_number(digits, decimals)
    }

    /// All that is printed for it.
    pub fn printed(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.labels.0.iter().map(String::as_str))
    }
}

impl DefinedFigure {
    /// In units of the measure's last decimal.
    ///
    /// # Errors
    /// Where it has more decimals than the measure, or is too large.
    pub fn to_units(self, measure: &Measure) -> Result<i64, number::ParseNumberError> {
        match self {
            DefinedFigure::Whole(value) => number::parse(&value.to_string(), measure.decimals),
            DefinedFigure::Decimal(value) => number::parse(&value.to_string(), measure.decimals),
        }
    }
}

fn one() -> u32 {
    1
}

fn power_of_ten<'d, D: serde::Deserializer<'d>>(toml: D) -> Result<u32, D::Error> {
    let multiplier = u32::deserialize(toml)?;
    match multiplier.checked_ilog10().map(|zeros| 10u32.pow(zeros)) {
        Some(power) if power == multiplier => Ok(multiplier),
        _ => {
            Err(serde::de::Error::custom("a multiplier is a power of ten: 1000 where thousands are printed"))
        }
    }
}

fn decimals<'d, D: serde::Deserializer<'d>>(toml: D) -> Result<u32, D::Error> {
    let decimals = u32::deserialize(toml)?;
    if decimals > 9 {
        Err(serde::de::Error::custom("at most 9 decimals are kept exactly"))
    } else {
        Ok(decimals)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_known_by_its_words() {
        let measure = |unit: &str| -> Measure {
            let toml = format!("code = \"N\"\nname = \"visits\"\nlabels = [\"No.\"]\nunit = \"{unit}\"");
            toml::from_str(&toml).unwrap()
        };
        let cases = [
            ("thousand persons", "Thousand  Persons", true),
            ("thousand persons", "thousandpersons", true),
            ("persons", "VISITS", true),
            ("persons", "n", true),
            ("persons", "no.", true),
            ("per cent", "%", true),
            ("%", "Percent", true),
            ("persons", "thousand persons", false),
            ("persons", "%", false),
            ("persons", "", false),
        ];
        for (unit, text, expected) in cases {
            assert_eq!(measure(unit).has_unit(text), expected, "{unit} {text}");
        }
    }

    #[test]
    fn a_figure_is_printed_without_what_its_multiplier_makes() {
        let cases = [
            // The multiplier, decimals, figure, and decimals that are shown in any case.
            (1, 0, 12_300, 0, "12 300"),
            (1, 1, 120, 0, "12.0"),
            (1000, 0, 12_300, 0, "12.3"),
            (1000, 0, 12_345, 0, "12.345"),
            (1000, 0, 12_000, 0, "12"),
            (1000, 0, 12_000, 1, "12.0"),
            (1000, 0, -500, 0, "-0.5"),
            (1000, 0, 0, 0, "0"),
            (10, 1, 125, 0, "1.25"),
            (10, 1, 130, 0, "1.3"),
            (10, 1, 100, 0, "1.0"),
        ];
        for (multiplier, decimals, figure, shown, expected) in cases {
            let toml =
                format!("name = \"m\"\nunit = \"u\"\nmultiplier = {multiplier}\ndecimals = {decimals}");
            let measure: Measure = toml::from_str(&toml).unwrap();
            let (digits, decimals) = measure.to_printed(figure, shown);
            assert_eq!(number::format_number(digits, decimals), expected);
        }
    }
}
