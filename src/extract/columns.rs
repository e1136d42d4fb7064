//! What each column of a table holds: figures of a period, measure and codes; or what is printed beside figures and follows
//! from them, and from which.

use crate::dataset::{Definition, FrameDefinition, Role, TableDefinition};
use crate::extract::figure::name_code;
use crate::extract::settle_periods;
use crate::grammar::indicator::Indicator;
use crate::grammar::period::Period;
use crate::grammar::period::calendar::{Calendar, UnresolvedHeading};
use crate::layout::header::{Header, Heading};

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ColumnContent {
    /// The figures of a period.
    Figures(Period),
    /// Figures whose period the rows name, or the title.
    Undated,
    /// What follows from the figures of periods; it is for the last of them.
    Indicator(Indicator, Vec<Period>),
    /// What the definition says is not to be read.
    Ignored,
    /// What follows from figures that the table does not have.
    Baseless(Indicator),
    /// The figures of what could be several periods.
    Unresolved(UnresolvedHeading),
    /// What its heading does not tell.
    Unknown,
}

/// What words of a heading name beside its period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HeadingCodes {
    /// The labels of dimensions, by the dimension's place in the definition.
    pub labels: Vec<(usize, String)>,
    /// The measure's place in the definition; none where the heading names none.
    pub measure: Option<usize>,
    /// The unit of the figures, where the heading prints it.
    pub unit: Option<String>,
}

/// What each column below a header holds, as a definition has it.
#[must_use]
pub fn read_columns(
    header: &Header,
    definition: Option<&Definition>,
    table: Option<&TableDefinition>,
) -> Vec<ColumnContent> {
    if let Some((definition, own)) = definition.zip(table).filter(|(_, own)| own.frame.is_some()) {
        return read_framed_columns(header, definition, own);
    }
    let usual = Calendar::default();
    let calendar = definition.map_or(&usual, |definition| &definition.calendar);
    let fixed = table.and_then(|table| table.period);
    let periods: Vec<Result<Option<Period>, UnresolvedHeading>> = settle_periods(header, calendar)
        .into_iter()
        .map(|period| period.map(|period| period.or(fixed)))
        .collect();
    let own = |heading: &Heading| definition.and_then(|definition| definition.indicator(&heading.words));
    let indicators: Vec<Option<Indicator>> =
        header.headings.iter().map(|heading| own(heading).or(heading.indicator)).collect();
    let figures: Vec<(usize, Period)> = periods
        .iter()
        .enumerate()
        .filter(|(at, _)| indicators[*at] == Some(Indicator::Figures))
        .filter_map(|(at, period)| Some((at, (*period.as_ref().ok()?)?)))
        .collect();
    let column =
        |(at, period): (usize, Result<Option<Period>, UnresolvedHeading>)| match (indicators[at], period) {
            (Some(Indicator::Ignored), _) => ColumnContent::Ignored,
            (_, Err(open)) => ColumnContent::Unresolved(open),
            (Some(Indicator::Figures), Ok(Some(period))) => ColumnContent::Figures(period),
            (Some(Indicator::Figures) | None, _) => ColumnContent::Unknown,
            (Some(indicator), Ok(own)) => {
                let alike = |other: &usize| header.headings[*other].codes == header.headings[at].codes;
                let beside: Vec<(usize, Period)> =
                    figures.iter().filter(|(other, _)| alike(other)).copied().collect();
                indicator_content(indicator, find_base(indicator, at, own, &beside))
            }
        };
    periods.into_iter().enumerate().map(column).collect()
}

/// What each column holds where the definition says how the table is laid out, as far as its heading alone tells.
fn read_framed_columns(
    header: &Header,
    definition: &Definition,
    own: &TableDefinition,
) -> Vec<ColumnContent> {
    let periods = settle_periods(header, &definition.calendar);
    let column = |(heading, period): (&Heading, Result<Option<Period>, UnresolvedHeading>)| {
        let known = own.frame.iter().flat_map(FrameDefinition::roles);
        let is_name = known.into_iter().any(|role| name_code(definition, *role, &heading.label).is_some());
        let usual = Indicator::parse(&heading.label).filter(|of| *of != Indicator::Figures && !is_name);
        match definition.indicator(&heading.label).or(usual) {
            Some(Indicator::Ignored) => ColumnContent::Ignored,
            Some(indicator) if indicator != Indicator::Figures => {
                ColumnContent::Indicator(indicator, Vec::new())
            }
            _ => period.ok().flatten().or(own.period).map_or(ColumnContent::Undated, ColumnContent::Figures),
        }
    };
    header.headings.iter().zip(periods).map(column).collect()
}

/// What the words of a heading name, each by the first role that knows it.
#[must_use]
pub fn read_codes(heading: &Heading, definition: &Definition, table: &TableDefinition) -> HeadingCodes {
    let mut found = HeadingCodes::default();
    for label in &heading.codes {
        let named = table.heading_roles.iter().find_map(|role| name_code(definition, *role, label));
        match named.map(|named| (named.role, named.code)) {
            Some((Role::Dimension(at), _)) => found.labels.push((at, label.clone())),
            Some((Role::Measure, code)) => found.measure = definition.measure_by_code(code),
            Some((Role::Unit, _)) => found.unit = Some(label.clone()),
            _ => {}
        }
    }
    found
}

fn indicator_content(indicator: Indicator, periods: Option<Vec<Period>>) -> ColumnContent {
    match periods {
        // A percentage of change against a figure that is not printed is a growth.
        Some(periods) if indicator == Indicator::RelativeChange && periods.len() == 1 => {
            ColumnContent::Indicator(Indicator::Growth, periods)
        }
        Some(periods) => ColumnContent::Indicator(indicator, periods),
        None => ColumnContent::Baseless(indicator),
    }
}

/// The periods whose figures a column follows from: its own, or that of the figures before it; and for a change the one
/// before that, which has the same length.
pub(super) fn find_base(
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
    use crate::layout::vocabulary::Vocabulary;

    /// What each column of a header holds, in short.
    fn held(header: &str) -> Vec<String> {
        let text = format!("T\n\n{header}\n");
        let layout = tables::tables(&text::parse_grid(&text), &Vocabulary::default());
        let told = |column: ColumnContent| match column {
            ColumnContent::Figures(period) => period.to_string(),
            ColumnContent::Indicator(indicator, periods) => {
                let periods: Vec<String> = periods.iter().map(ToString::to_string).collect();
                format!("{} of {}", indicator.name(), periods.join(", "))
            }
            ColumnContent::Baseless(_) => "baseless".into(),
            _ => "?".into(),
        };
        read_columns(&layout.tables[0].header, None, None).into_iter().map(told).collect()
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
