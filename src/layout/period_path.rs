//! A period that several cells name together: a year above a quarter above a month, or a year in one label column and its
//! quarter in the next. `Total` among them stands for the period above it.

use chrono::NaiveDate;

use crate::grammar::footnote;
use crate::grammar::period::heading::HeadingReading;
use crate::grammar::period::part_of_year::name_part;
use crate::layout::header::read;
use crate::layout::tables::is_total;

/// What separates a period from other words of its cell.
pub const SEPARATORS: [char; 7] = [' ', ',', ':', ';', '-', '(', ')'];

/// A period and the words that name it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PeriodPath {
    /// The words.
    pub text: String,
    /// What they can mean.
    pub reading: HeadingReading,
}

/// The period that parts name together, from the outermost to the innermost; none where they name none, or where an inner one
/// lies outside of an outer one.
#[must_use]
pub fn join(parts: &[&str]) -> Option<PeriodPath> {
    let mut plain: Vec<&str> = parts
        .iter()
        .map(|part| without_total(footnote::strip_markers(part)))
        .filter(|part| !part.is_empty())
        .collect();
    plain.dedup();
    let named = name_last_part(&mut plain);
    plain.extend(named.as_deref());
    let path = read_parts(&plain)?;
    let outer = plain.split_last().map(|(_, outer)| outer).and_then(read_parts);
    outer.is_none_or(|outer| lies_within(&path.reading, &outer.reading)).then_some(path)
}

/// The longest run of words in a text that is a period; of several the first.
#[must_use]
pub fn find_period(text: &str) -> Option<String> {
    const MOST_WORDS: usize = 64;
    const LONGEST_RUN: usize = 8;
    let words: Vec<&str> = text.split_whitespace().take(MOST_WORDS).collect();
    let longest = words.len().min(LONGEST_RUN);
    let runs = (1..=longest).rev().flat_map(|count| words.windows(count).map(|run| run.join(" ")));
    let plain = |run: String| run.trim_matches([',', ';', ':', '(', ')', '.']).to_owned();
    runs.map(plain).find(|run| read(run).is_some())
}

/// The usual words for a number below a word that says what part of a year it counts; both are taken away.
fn name_last_part(parts: &mut Vec<&str>) -> Option<String> {
    let [.., unit, number] = parts.as_slice() else { return None };
    let named = name_part(unit, number)?;
    parts.truncate(parts.len() - 2);
    Some(named)
}

fn read_parts(parts: &[&str]) -> Option<PeriodPath> {
    let (last, outer) = parts.split_last()?;
    let whole = parts.join(" ");
    let backwards = parts.iter().rev().copied().collect::<Vec<_>>().join(" ");
    let ends = outer.first().map(|first| [format!("{first} {last}"), format!("{last} {first}")]);
    let texts = [whole, backwards].into_iter().chain(ends.into_iter().flatten()).chain([(*last).to_owned()]);
    texts.into_iter().find_map(|text| Some(PeriodPath { reading: read(&text)?, text }))
}

/// Whether a period is a part of another, as far as their times are known.
fn lies_within(inner: &HeadingReading, outer: &HeadingReading) -> bool {
    let end = |(start, months): (NaiveDate, u32)| start.checked_add_months(chrono::Months::new(months));
    let (own, all) = (inner.approximate_time(), outer.approximate_time());
    own.0 >= all.0 && end(own) <= end(all) || outer.meanings.len() > 1
}

/// A part without the word that says that it is the sum of those below: `Q1 Total`, `Total 2015`.
#[must_use]
pub fn without_total(part: &str) -> &str {
    if is_total(part) || names_whole_year(part) {
        return "";
    }
    let behind = part.rsplit_once(' ').filter(|(_, word)| is_total(word)).map(|(rest, _)| rest);
    let before = || part.split_once(' ').filter(|(word, _)| is_total(word)).map(|(_, rest)| rest);
    behind.or_else(before).unwrap_or(part).trim()
}

/// Whether a part only says that the year above it is meant as a whole.
fn names_whole_year(part: &str) -> bool {
    const WORDS: [&str; 9] =
        ["year", "annual", "whole year", "full year", "año", "ano", "année", "jahr", "全年"];
    WORDS.contains(&part.to_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_name_a_period_together() {
        let cases: [(&[&str], Option<&str>); 17] = [
            (&["2015"], Some("2015")),
            (&["2015", "Q1"], Some("2015 Q1")),
            (&["2015", "Q1", "Feb"], Some("2015 Feb")),
            (&["2015", "Q1", "Q1 Total"], Some("2015 Q1")),
            (&["2015 Total"], Some("2015")),
            (&["2015", "Total"], Some("2015")),
            (&["2015", "Annual"], Some("2015")),
            (&["2015", "Año"], Some("2015")),
            (&["Q1", "2015"], Some("Q1 2015")),
            (&["2015", "Q1", "Apr"], None),
            (&["Total"], None),
            (&["2004", "Trimestre", "II"], Some("2004 Q2")),
            (&["2004 **", "Month", "3"], Some("2004 Mar")),
            (&["2004", "3"], None),
            (&["2015", "January to March"], Some("2015 January to March")),
            (&["2015", "March 2016"], None),
            (&[], None),
        ];
        assert_eq!(
            find_period("Visits, July 2012 to June 2014 (revised)").as_deref(),
            Some("July 2012 to June 2014")
        );
        assert_eq!(find_period("Table 3"), None);
        for (parts, expected) in cases {
            assert_eq!(join(parts).map(|path| path.text).as_deref(), expected, "{parts:?}");
        }
    }
}
