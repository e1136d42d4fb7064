//! What a column holds: figures, or what follows from figures and is printed beside them: changes, percentages, totals
//! over periods. Headings that say so are a small vocabulary (`indicators.tsv`), looked up by their normal form: what is
//! not in it is for a definition to name, never guessed.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

use crate::grammar::footnote;
use crate::regions;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub enum Indicator {
    /// Figures of a period: observations.
    #[serde(rename = "figures")]
    Figures,
    /// The later of two figures less the earlier one.
    #[serde(rename = "change")]
    Change,
    /// That in percent of the earlier figure.
    #[serde(rename = "relative change")]
    RelativeChange,
    /// The same against the period one year earlier, whichever figure stands before.
    #[serde(rename = "growth")]
    Growth,
    /// The figure in percent of its column's total.
    #[serde(rename = "share")]
    Share,
    /// The sum of the row's figures.
    #[serde(rename = "total")]
    Total,
    /// What the definition says is neither a figure nor to be held against figures.
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

    /// The indicator that a heading names, whatever footnote's mark hangs on to it.
    #[must_use]
    pub fn of(heading: &str) -> Option<Indicator> {
        named(heading)
            .or_else(|| Some(footnote::plain(heading)).filter(|plain| *plain != heading).and_then(named))
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

    /// Whether it is in percent.
    #[must_use]
    pub fn is_percent(self) -> bool {
        matches!(self, Indicator::RelativeChange | Indicator::Growth | Indicator::Share)
    }
}

/// The normal form of a heading: that of a region's label, in which `%` is a word.
#[must_use]
pub fn form(heading: &str) -> String {
    let spelled = heading.replace(['%', '％'], " percent ");
    regions::key(&spelled).replace("per cent", "percent")
}

/// Longer headings name nothing that is known.
const LONGEST: usize = 128;

fn named(heading: &str) -> Option<Indicator> {
    if heading.is_empty() || heading.len() > LONGEST {
        return None;
    }
    if counts(heading) {
        return Some(Indicator::Figures);
    }
    VOCABULARY.get(&form(heading)).copied()
}

/// Whether a heading says that it counts something, whatever that is.
fn counts(heading: &str) -> bool {
    let begins =
        |words: &&str| heading.get(..words.len()).is_some_and(|start| start.eq_ignore_ascii_case(words));
    ["number of ", "no. of ", "no of ", "nos. of "].iter().any(begins)
}

static VOCABULARY: LazyLock<BTreeMap<String, Indicator>> = LazyLock::new(|| {
    let lines = include_str!("indicators.tsv").lines().filter(|line| !line.starts_with('#'));
    let entry = |line: &str| {
        let (heading, name) = line.split_once('\t')?;
        Some((form(heading), *Indicator::ALL.iter().find(|indicator| indicator.name() == name)?))
    };
    lines.filter_map(entry).collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vocabulary_is_whole_and_says_each_form_once() {
        let lines = include_str!("indicators.tsv").lines().filter(|line| !line.starts_with('#'));
        let mut seen = BTreeMap::new();
        for line in lines {
            let (heading, name) = line.split_once('\t').unwrap();
            assert_eq!(Indicator::of(heading).map(Indicator::name), Some(name), "{heading}");
            assert!(seen.insert(form(heading), heading).is_none(), "{heading} is there twice");
        }
    }

    #[test]
    fn a_heading_names_what_it_measures_by_exact_words() {
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
            assert_eq!(Indicator::of(heading).map(Indicator::name), expected, "{heading}");
        }
    }
}
