//! What the rows of a header name: periods, a dimension, measures. Rows whose words repeat under each word above them name
//! something of their own; else they are parts of one path.

use std::collections::{BTreeMap, BTreeSet};

use crate::document::Grid;
use crate::draft::framed::columns::SheetColumns;
use crate::draft::framed::region::FigureRegion;
use crate::draft::framed::{HeaderWords, distinct, is_time};
use crate::draft::printed_table::FigureStyle;
use crate::grammar::footnote::strip_markers;
use crate::grammar::indicator::Indicator;
use crate::layout::frame::{HeaderPiece, spread};
use crate::layout::period_path::{SEPARATORS, find_period};
use crate::regions::{RegionKind, resolve, resolve_aggregate};

/// What a header row names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LevelKind {
    /// Periods, or parts of one.
    Period,
    /// One of the things that words name, by its place in the list of these.
    Words(usize),
    /// Nothing that tells columns apart.
    Ignored,
}

/// What all rows of a header name.
#[derive(Clone, Debug, Default)]
pub struct Levels {
    /// Each row.
    pub kinds: Vec<LevelKind>,
    /// What words name.
    pub words: Vec<HeaderWords>,
}

/// Reads the rows of a header; none where nothing tells the columns apart.
pub fn find_levels(grid: &Grid<'_>, region: &FigureRegion, columns: &SheetColumns) -> Option<Levels> {
    let mut rows = read_texts(grid, region, columns, &vec![false; region.header.len()]);
    let is_period = |row: &Vec<String>| {
        let printed: Vec<&String> = row.iter().filter(|text| !text.is_empty()).collect();
        !printed.is_empty() && printed.iter().filter(|text| is_time(text)).count() * 5 >= printed.len() * 3
    };
    let tells = |row: &Vec<String>| row.iter().collect::<BTreeSet<_>>().len() > 1 || columns.taken.len() == 1;
    let mut levels = Levels { kinds: vec![LevelKind::Ignored; rows.len()], words: Vec::new() };
    let mut runs: Vec<Vec<usize>> = Vec::new();
    let mut beside = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        let words = find_words_beside_periods(row);
        if is_period(row) || words.is_some() {
            beside.extend(words);
            levels.kinds[at] = LevelKind::Period;
        } else if tells(row) {
            let goes_on = runs.last().is_some_and(|run: &Vec<usize>| {
                run.last() == Some(&(at - 1)) && !is_repeated(&rows, run, at)
            });
            match runs.last_mut().filter(|_| goes_on) {
                Some(run) => run.push(at),
                None => runs.push(vec![at]),
            }
        }
    }
    if runs.iter().any(|run| run.len() > 1) {
        let is_part: Vec<bool> =
            (0..rows.len()).map(|row| runs.iter().any(|run| run.len() > 1 && run.contains(&row))).collect();
        rows = read_texts(grid, region, columns, &is_part);
    }
    for (place, run) in runs.iter().enumerate() {
        for &at in run {
            levels.kinds[at] = LevelKind::Words(place);
        }
        let is_whole = runs.len() == 1 && !levels.kinds.contains(&LevelKind::Period);
        levels.words.push(read_words(grid, region, columns, &rows, (run, is_whole)));
    }
    // Where label columns name whole periods, dates above figures say something else.
    if columns.names_whole_periods {
        let of_periods = levels.kinds.iter_mut().filter(|kind| **kind == LevelKind::Period);
        of_periods.for_each(|kind| *kind = LevelKind::Ignored);
    }
    let is_last_product = runs.len() > 1;
    mark_measures(&mut levels.words, is_last_product);
    levels.words.extend(beside.into_iter().map(|words| {
        let styles = vec![style_of(grid, region, columns.taken.iter().copied())];
        HeaderWords { is_measure: true, labels: vec![words], styles, has_blank: false }
    }));
    levels.kinds.iter().any(|kind| *kind != LevelKind::Ignored).then_some(levels)
}

/// The text of each header row above each column of figures.
fn read_texts(
    grid: &Grid<'_>,
    region: &FigureRegion,
    columns: &SheetColumns,
    is_part: &[bool],
) -> Vec<Vec<String>> {
    let last = columns.taken.last().map_or(columns.first, |last| last + 1);
    let levels = spread(grid, &region.header, columns.first..last, is_part);
    let text = |piece: &Option<HeaderPiece>| {
        piece.as_ref().map(|piece| strip_markers(&piece.text).to_owned()).unwrap_or_default()
    };
    let of_level = |pieces: Vec<Option<HeaderPiece>>| {
        columns.taken.iter().map(|column| text(&pieces[column - columns.first])).collect()
    };
    levels.into_iter().map(of_level).collect()
}

/// The words that stand beside each of several periods in the cells of a row: `Population` in `Population 2021`.
fn find_words_beside_periods(row: &[String]) -> Option<String> {
    let parts: Vec<(String, String)> = row
        .iter()
        .filter(|text| !text.is_empty())
        .map(|text| {
            let period = find_period(text)?;
            let words = text.replacen(&period, "", 1).trim_matches(SEPARATORS).to_owned();
            Some((period, words))
        })
        .collect::<Option<_>>()?;
    let (periods, words): (BTreeSet<String>, BTreeSet<String>) = parts.into_iter().unzip();
    let [only]: [String; 1] = words.into_iter().collect::<Vec<_>>().try_into().ok()?;
    (periods.len() > 1 && !only.is_empty()).then_some(only)
}

/// How the figures of columns look.
fn style_of(grid: &Grid<'_>, region: &FigureRegion, columns: impl Iterator<Item = usize>) -> FigureStyle {
    FigureStyle::of_cells(
        columns
            .flat_map(|column| region.data.iter().filter_map(move |row| grid.rows[*row].cells.get(column))),
    )
}

/// Whether the words of a row stand under several of the words above it: under each, the same ones.
fn is_repeated(rows: &[Vec<String>], run: &[usize], at: usize) -> bool {
    let above =
        |column: usize| run.iter().map(|row| rows[*row][column].as_str()).collect::<Vec<_>>().join(" ");
    let mut below: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (column, text) in rows[at].iter().enumerate() {
        below.entry(above(column)).or_default().insert(text);
    }
    let mut counts: BTreeMap<&BTreeSet<&str>, usize> = BTreeMap::new();
    for set in below.values() {
        *counts.entry(set).or_default() += 1;
    }
    let most = counts.iter().max_by_key(|(_, count)| **count);
    most.is_some_and(|(set, count)| {
        *count > 1 && count * 2 > below.len() && set.iter().any(|text| !text.is_empty())
    })
}

/// The distinct labels of a run of rows, and how the figures below each look.
fn read_words(
    grid: &Grid<'_>,
    region: &FigureRegion,
    columns: &SheetColumns,
    rows: &[Vec<String>],
    (run, is_whole): (&[usize], bool),
) -> HeaderWords {
    let label = |column: usize| {
        let mut texts: Vec<&str> =
            run.iter().map(|row| rows[*row][column].as_str()).filter(|text| !text.is_empty()).collect();
        texts.dedup();
        texts.join(" ")
    };
    let mut of_columns: Vec<String> = (0..columns.taken.len()).map(label).collect();
    if is_whole {
        name_repeated(&mut of_columns);
    }
    let labels = distinct(of_columns.iter().filter(|label| !label.is_empty()).cloned());
    let style = |label: &String| {
        let own = columns
            .taken
            .iter()
            .zip(&of_columns)
            .filter(|(_, other)| *other == label)
            .map(|(column, _)| *column);
        style_of(grid, region, own)
    };
    let styles = labels.iter().map(style).collect();
    HeaderWords { is_measure: false, labels, styles, has_blank: of_columns.iter().any(String::is_empty) }
}

/// What is printed again and again belongs to the heading that stands before it, and once.
fn name_repeated(labels: &mut [String]) {
    let printed = labels.to_vec();
    let is_repeated = |label: &String| printed.iter().filter(|other| *other == label).count() > 1;
    let mut owner: Option<&String> = None;
    for (label, own) in labels.iter_mut().zip(&printed) {
        if !is_repeated(own) {
            owner = Some(own);
        } else if let Some(owner) = owner {
            *label = format!("{owner} {own}");
        }
    }
}

/// Tells measures from codes. Words that repeat under others are measures, as counts and rates are; words in which a total, a
/// sex or countries are named are codes; others are measures.
fn mark_measures(words: &mut [HeaderWords], is_product: bool) {
    let count = words.len();
    for (at, words) in words.iter_mut().enumerate() {
        let is_innermost = at + 1 == count;
        words.is_measure =
            is_innermost && !names_codes(words) || is_product && is_innermost && names_indicators(words);
    }
}

/// No total has more words.
const MOST_WORDS: usize = 4;

fn names_codes(words: &HeaderWords) -> bool {
    // `Total area`, `All persons`, `Q1 total`: no longer words.
    let is_total = |label: &String| {
        let words: Vec<&str> = label.split_whitespace().collect();
        let ends = [label.as_str()].into_iter().chain(words.first().copied()).chain(words.last().copied());
        let names_total =
            |text: &str| resolve_aggregate(text).is_some_and(|region| region.kind == RegionKind::Total);
        words.len() <= MOST_WORDS && ends.into_iter().any(names_total)
    };
    let is_sex = |label: &String| {
        let text = label.to_lowercase();
        let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).collect();
        words.iter().any(|word| {
            ["male", "males", "female", "females", "men", "women", "boys", "girls", "sexes"].contains(word)
        })
    };
    let regions = words.labels.iter().filter(|label| resolve(label).is_some()).count();
    let is_same = words.styles.windows(2).all(|pair| pair[0].decimals == pair[1].decimals);
    words.labels.len() > 1
        && (words.labels.iter().filter(|label| is_sex(label)).count() > 1
            || regions * 2 > words.labels.len()
            || is_same && words.labels.iter().any(is_total))
}

/// Whether a word says that figures follow from others.
fn names_indicators(words: &HeaderWords) -> bool {
    words.labels.iter().any(|label| label == "%" || Indicator::parse(label).is_some())
}
