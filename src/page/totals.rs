//! The totals of all categories side by side, as small multiples: each on a scale of its own, for its course, not its size.

use crate::dataset::Definition;
use crate::page::chart::{self, Bar, Svg};
use crate::page::rows::{Observation, Rows};
use crate::page::section::{self, SectionKey};
use crate::page::{order, words};
use crate::regions::TOTAL;

/// The totals of a category.
pub struct Multiple {
    /// The anchor of its section.
    pub id: String,
    pub title: String,
    pub bars: Svg,
    /// Its newest figure, in words.
    pub newest: String,
}

/// The totals of categories, where there are several; none for one whose figures have no total.
pub fn draw(rows: &Rows, definition: &Definition) -> Vec<Multiple> {
    let apart = section::dimensions(definition);
    let dimensions = definition.dimensions.iter().enumerate();
    let with_total = dimensions.filter(|(at, of)| !apart.contains(at) && of.has_total());
    let with_total: Vec<usize> = with_total.map(|(at, _)| at).collect();
    let is_total = |of: &&Observation| with_total.iter().all(|at| of.codes[*at] == TOTAL);
    let totals = rows.observations.iter().filter(is_total);
    let groups = order::group(totals, |of| section::key(&of.codes, of.measure, &apart));
    let is_one_series = |(_, figures): &(SectionKey, Vec<&Observation>)| {
        figures.iter().all(|of| of.codes == figures[0].codes)
    };
    let groups: Vec<_> = groups.into_iter().filter(is_one_series).collect();
    let multiples =
        groups.into_iter().filter_map(|(key, figures)| multiple(&key, figures, &apart, definition));
    let multiples: Vec<Multiple> = multiples.collect();
    if multiples.len() > 1 { multiples } else { Vec::new() }
}

fn multiple(
    key: &SectionKey,
    mut figures: Vec<&Observation>,
    apart: &[usize],
    definition: &Definition,
) -> Option<Multiple> {
    figures.sort_by_key(|of| (of.is_partial, of.period));
    let bar = |of: &&Observation| Bar { height: of.per_month.or(of.value), is_part: of.is_partial };
    let bars: Vec<Bar> = figures.iter().map(bar).collect();
    let newest = figures.iter().rfind(|of| !of.is_partial).or(figures.last())?;
    let decimals = definition.measures[key.1].decimals;
    let value = newest.value.map_or("none".into(), |value| words::figure(value, decimals));
    Some(Multiple {
        id: section::anchor(key, definition),
        title: section::title(key, apart, definition),
        bars: chart::bars(&bars, &tell(&figures, decimals)),
        newest: format!("{value} in {}", newest.period_label),
    })
}

/// How many figures are told one by one.
const TOLD: usize = 24;

/// Figures in words: each, or the first and the last of many.
fn tell(figures: &[&Observation], decimals: u32) -> String {
    let word = |of: &&Observation| {
        let value = of.per_month.or(of.value).map_or("none".into(), |value| words::figure(value, decimals));
        format!("{} {value}", of.period.words())
    };
    let unit = if figures.iter().any(|of| of.per_month.is_some()) { "per month: " } else { "" };
    match figures {
        [first, .., last] if figures.len() > TOLD => {
            format!("{unit}{} figures, from {} to {}", figures.len(), word(first), word(last))
        }
        _ => unit.to_owned() + &figures.iter().map(word).collect::<Vec<_>>().join(", "),
    }
}
