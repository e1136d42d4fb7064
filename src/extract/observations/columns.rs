//! What each column of a table holds: the figures of a period, or what is printed beside figures and follows from them, and
//! from which.

use crate::dataset::Definition;
use crate::extract::observations::periods;
use crate::grammar::indicator::Indicator;
use crate::grammar::period::Period;
use crate::grammar::period::calendar::{Calendar, UnresolvedHeading};
use crate::layout::header::Header;

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// The figures of a period.
    Figures(Period),
    /// What follows from the figures of periods; it is for the last of them.
    Claims(Indicator, Vec<Period>),
    /// What the definition says is not to be read.
    Ignored,
    /// What follows from figures that the table does not have.
    Baseless(Indicator),
    /// The figures of what could be several periods.
    Open(UnresolvedHeading),
    /// What its heading does not tell.
    Unknown,
}

/// What each column below a header holds, as a definition has it.
#[must_use]
pub fn columns(header: &Header, definition: Option<&Definition>) -> Vec<Column> {
    let usual = Calendar::default();
    let calendar = definition.map_or(&usual, |definition| &definition.calendar);
    let periods = periods(header, calendar);
    let indicators: Vec<Option<Indicator>> = header
        .headings
        .iter()
        .map(|heading| match definition {
            Some(definition) => definition.indicator(heading),
            None => heading.indicator,
        })
        .collect();
    let is_figures = |at: usize| indicators[at] == Some(Indicator::Figures);
    let figures: Vec<(usize, Period)> = periods
        .iter()
        .enumerate()
        .filter_map(|(at, period)| Some((at, (*period.as_ref().ok()?)?)).filter(|_| is_figures(at)))
        .collect();
    let column =
        |(at, period): (usize, Result<Option<Period>, UnresolvedHeading>)| match (indicators[at], period) {
            (Some(Indicator::Ignored), _) => Column::Ignored,
            (_, Err(open)) => Column::Open(open),
            (Some(Indicator::Figures), Ok(Some(period))) => Column::Figures(period),
            (Some(Indicator::Figures) | None, _) => Column::Unknown,
            (Some(indicator), Ok(own)) => match held_against(indicator, at, own, &figures) {
                // A percentage of change against a figure that is not printed is a growth.
                Some(periods) if indicator == Indicator::RelativeChange && periods.len() == 1 => {
                    Column::Claims(Indicator::Growth, periods)
                }
                Some(periods) => Column::Claims(indicator, periods),
                None => Column::Baseless(indicator),
            },
        };
    periods.into_iter().enumerate().map(column).collect()
}

/// The periods whose figures a column follows from: its own, or that of the figures before it; and for a change the one
/// before that, which has the same length.
fn held_against(
    indicator: Indicator,
    at: usize,
    own: Option<Period>,
    figures: &[(usize, Period)],
) -> Option<Vec<Period>> {
    let before: Vec<Period> =
        figures.iter().filter(|(column, _)| *column < at).map(|(_, period)| *period).collect();
    if indicator == Indicator::Total {
        return (before.len() > 1).then_some(before);
    }
    let period = match own {
        Some(own) => figures.iter().map(|(_, period)| *period).find(|period| *period == own)?,
        None => latest_of_two(&before)?,
    };
    let earlier = figures
        .iter()
        .map(|(_, other)| *other)
        .filter(|other| other.start < period.start && alike(*other, period));
    let base = match indicator {
        Indicator::Change | Indicator::RelativeChange => earlier.max_by_key(|other| other.start),
        Indicator::Growth => {
            figures.iter().map(|(_, other)| *other).find(|other| *other == period.year_before())
        }
        _ => None,
    };
    Some(base.into_iter().chain([period]).collect())
}

/// The later one of the last two, in whichever order they are printed, where they have the same length; else the last.
fn latest_of_two(periods: &[Period]) -> Option<Period> {
    match periods {
        [.., one, two] if alike(*one, *two) => Some(if one.start > two.start { *one } else { *two }),
        [.., last] => Some(*last),
        [] => None,
    }
}

fn alike(one: Period, other: Period) -> bool {
    one.months == other.months
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::text;
    use crate::layout::tables;

    /// What each column of a header holds, in short.
    fn held(header: &str) -> Vec<String> {
        let text = format!("T\n\n{header}\n");
        let layout = tables::tables(&text::parse_grid(&text));
        let told = |column: Column| match column {
            Column::Figures(period) => period.to_string(),
            Column::Claims(indicator, periods) => {
                let periods: Vec<String> = periods.iter().map(ToString::to_string).collect();
                format!("{} of {}", indicator.name(), periods.join(", "))
            }
            Column::Baseless(_) => "baseless".into(),
            _ => "?".into(),
        };
        columns(&layout.tables[0].header, None).into_iter().map(told).collect()
    }

    #[test]
    fn what_stands_beside_figures_is_held_against_those_before_it() {
        let cases: [(&str, &[&str]); 9] = [
            (
                "Region\t2022\t2023\tChange\t% change",
                &["2022", "2023", "change of 2022, 2023", "relative change of 2022, 2023"],
            ),
            ("Region\t2023\t2022\tChange", &["2023", "2022", "change of 2022, 2023"]),
            (
                "Region\t2022\t2023\t% change\t2024\t% change",
                &["2022", "2023", "relative change of 2022, 2023", "2024", "relative change of 2023, 2024"],
            ),
            ("Region\t2023\tShare", &["2023", "share of 2023"]),
            ("Region\t2022\t2023\tShare 2022", &["2022", "2023", "share of 2022"]),
            ("Region\t2023\t% change", &["2023", "growth of 2023"]),
            ("Region\tJuly 2012\tAugust 2012\tYr/Yr % growth", &["2012-07", "2012-08", "growth of 2012-08"]),
            ("Region\t2021\t2022\t2023\tTotal", &["2021", "2022", "2023", "total of 2021, 2022, 2023"]),
            ("Region\tChange\t2022\t2023", &["baseless", "2022", "2023"]),
        ];
        for (header, expected) in cases {
            assert_eq!(held(header), expected, "{header}");
        }
    }
}
