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
    /// What headings or labels print for it, where a dataset has several; its name is one.
    #[serde(default)]
    pub labels: OneOrMany<String>,
    /// How many decimals the figures have, at most 9; 0 for counts.
    #[serde(default, deserialize_with = "decimals")]
    pub decimals: u32,
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

    /// Whether figures are percentages, which may be printed with their sign.
    #[must_use]
    pub fn is_percent(&self) -> bool {
        ["percent", "per cent", "%"].contains(&self.unit.to_lowercase().as_str())
    }

    /// What figures are rounded to, in units of their last decimal; none where that is not said.
    #[must_use]
    pub fn rounding_unit(&self) -> Option<i64> {
        self.rounding.map(|unit| i64::from(unit.get()))
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

fn decimals<'d, D: serde::Deserializer<'d>>(toml: D) -> Result<u32, D::Error> {
    let decimals = u32::deserialize(toml)?;
    if decimals > 9 {
        Err(serde::de::Error::custom("at most 9 decimals are kept exactly"))
    } else {
        Ok(decimals)
    }
}
