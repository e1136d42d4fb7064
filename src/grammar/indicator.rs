//! What a column holds: figures, or an indicator that follows from figures and is printed beside them (a change, a
//! percentage, a total over periods). Headings are looked up in a small vocabulary (`indicators.tsv`) by their normal
//! form. Other headings are for a definition to name; they are never guessed.
//!
//! `%` alone could be two things (a share or a change) and is in no list.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::grammar::footnote;
use crate::regions;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, JsonSchema)]
pub enum Indicator {
    /// Figures of a period.
    #[serde(rename = "figures")]
    Figures,
    /// The change from the earlier to the later of two figures.
    #[serde(rename = "change")]
    Change,
    /// The change in percent of the earlier figure.
    #[serde(rename = "relative change")]
    RelativeChange,
    /// The change in percent from the period one year earlier, whichever figure is printed before.
    #[serde(rename = "growth")]
    Growth,
    /// The figure in percent of its column's total.
    #[serde(rename = "share")]
    Share,
    /// The sum of the row's figures.
    #[serde(rename = "total")]
    Total,
    /// Columns that the definition excludes: neither figures nor to be checked against them.
    #[serde(rename = "ignored")]
    Ignored,
}

impl Indicator {
    const ALL: [Indicator; 7] = [
        Indicator::Figures,
        Indicator::Change,
        Indicator::RelativeChange,
        Indicator::Growth,
        Indicator::Share,
        Indicator::Total,
        Indicator::Ignored,
    ];

    /// The indicator that a heading names, with or without footnote markers.
    #[must_use]
    pub fn parse(heading: &str) -> Option<Indicator> {
        look_up(heading).or_else(|| {
            let stripped = footnote::strip_markers(heading);
            if stripped == heading { None } else { look_up(stripped) }
        })
    }

    /// Its name in definitions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Indicator::Figures => "figures",
            Indicator::Change => "change",
            Indicator::RelativeChange => "relative change",
            Indicator::Growth => "growth",
            Indicator::Share => "share",
            Indicator::Total => "total",
            Indicator::Ignored => "ignored",
        }
    }

    /// Whether its unit is percent.
    #[must_use]
    pub fn is_percent(self) -> bool {
        matches!(self, Indicator::RelativeChange | Indicator::Growth | Indicator::Share)
    }
}

/// The normal form of a heading: that of a region's label, with `%` as the word `percent`.
#[must_use]
pub fn normalize_heading(heading: &str) -> String {
    let spelled = heading.replace(['%', '％'], " percent ");
    regions::normalize(&spelled).replace("per cent", "percent")
}

/// The most bytes of a heading that is looked up.
const MAX_HEADING: usize = 128;

fn look_up(heading: &str) -> Option<Indicator> {
    if heading.is_empty() || heading.len() > MAX_HEADING {
        return None;
    }
    if is_count(heading) {
        return Some(Indicator::Figures);
    }
    VOCABULARY.get(&normalize_heading(heading)).copied()
}

/// Whether a heading is of a count, whatever is counted: `Number of arrivals`.
fn is_count(heading: &str) -> bool {
    let begins_with =
        |words: &&str| heading.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words));
    ["number of ", "no. of ", "no of ", "nos. of "].iter().any(begins_with)
}

static VOCABULARY: LazyLock<BTreeMap<String, Indicator>> = LazyLock::new(|| {
    let lines = include_str!("indicators.tsv").lines().filter(|line| !line.starts_with('#'));
    let entry = |line: &str| {
        let (heading, name) = line.split_once('\t')?;
        Some((normalize_heading(heading), *Indicator::ALL.iter().find(|indicator| indicator.name() == name)?))
    };
    lines.filter_map(entry).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vocabulary_is_complete_and_unique() {
        let lines = include_str!("indicators.tsv").lines().filter(|line| !line.starts_with('#'));
        let mut seen = BTreeMap::new();
        for line in lines {
            let (heading, name) = line.split_once('\t').unwrap();
            assert_eq!(Indicator::parse(heading).map(Indicator::name), Some(name), "{heading}");
            assert!(seen.insert(normalize_heading(heading), heading).is_none(), "{heading} is there twice");
        }
    }

    #[test]
    fn a_heading_names_an_indicator_by_exact_words() {
        let cases = [
            ("Change", Some("change")),
            ("CHANGE¹", Some("change")),
            ("Percentage change", Some("relative change")),
            ("Change (%)", Some("relative change")),
            ("Per cent change", Some("relative change")),
            ("％ Change", Some("relative change")),
            ("Yr/Yr % growth", Some("growth")),
            ("Year-on-year % change", Some("growth")),
            ("% of total", Some("share")),
            ("No. of Arrivals", Some("figures")),
            ("Number of claims", Some("figures")),
            ("變動百分率", Some("relative change")),
            ("Total", Some("total")),
            ("%", None),
            ("Annual change", None),
            ("No change", None),
            ("Exchange", None),
            ("Change of address", None),
            ("", None),
        ];
        for (heading, expected) in cases {
            assert_eq!(Indicator::parse(heading).map(Indicator::name), expected, "{heading}");
        }
    }
}
