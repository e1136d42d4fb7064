//! Cuts the words of a flattened header into a label and headings.

use crate::column_recovery::header::{MAX_COLUMNS, is_region, join_words};
use crate::column_recovery::token::FlatWord;
use crate::grammar::footnote;
use crate::grammar::period::heading;
use crate::layout::header;
use crate::layout::tables::is_total;
use crate::regions;

/// A way to cut words into headings: the index of the first word of each heading, and last the number of words.
pub type HeadingCut = Vec<usize>;

/// The most words of a heading: `1 April 2022 to 31 March 2023 (p)`.
const MAX_HEADING_WORDS: usize = 8;
/// Words with more cuts than this are not a header.
const MAX_CUTS: usize = 16;

/// Cuts words into a label and periods. If the label could be a part of the first period, headings of the same shape
/// decide.
pub fn cut_into_periods(words: &[FlatWord<'_>]) -> Vec<HeadingCut> {
    let mut cuts = cut_into_headings(words, |text| header::read(text).is_some() || is_total(text));
    cuts.retain(|cut| {
        let headings = heading_texts(words, cut);
        headings.iter().filter(|text| header::read(text).is_some()).count() > 1
    });
    let meaning = |cut: &HeadingCut| -> Vec<_> {
        heading_texts(words, cut).iter().map(|text| header::read(text)).collect()
    };
    let cuts = remove_equivalent(cuts, meaning);
    let uniform: Vec<HeadingCut> = cuts.iter().filter(|cut| is_uniform(words, cut)).cloned().collect();
    if uniform.len() == 1 { uniform } else { cuts }
}

/// Cuts words into a label and regions. Of several cuts the shortest label counts, so that no name is cut: in
/// `Papua New Guinea`, `Papua New` is not a label.
pub fn cut_into_regions(words: &[FlatWord<'_>]) -> Vec<HeadingCut> {
    let code = |text: &String| regions::resolve(footnote::strip_markers(text)).map(|known| known.region.code);
    let meaning = |cut: &HeadingCut| -> Vec<_> { heading_texts(words, cut).iter().map(code).collect() };
    let mut cuts = remove_equivalent(cut_into_headings(words, is_region), meaning);
    let first = cuts.iter().map(|cut| cut[0]).min();
    cuts.retain(|cut| Some(cut[0]) == first && cut[0] > 0);
    cuts
}

/// The texts of a cut's headings.
pub fn heading_texts(words: &[FlatWord<'_>], cut: &HeadingCut) -> Vec<String> {
    cut.windows(2).map(|pair| join_words(&words[pair[0]..pair[1]])).collect()
}

/// Of the cuts whose headings have the same meaning, keeps the one with the longest label: `Year 2022` means what `2022`
/// means, so `Year` may be the label.
fn remove_equivalent<T: PartialEq>(
    cuts: Vec<HeadingCut>,
    meaning: impl Fn(&HeadingCut) -> Vec<T>,
) -> Vec<HeadingCut> {
    let is_equivalent =
        |cut: &HeadingCut| cuts.iter().any(|other| other[0] > cut[0] && meaning(other) == meaning(cut));
    let equivalent: Vec<bool> = cuts.iter().map(is_equivalent).collect();
    cuts.into_iter().zip(equivalent).filter_map(|(cut, equivalent)| (!equivalent).then_some(cut)).collect()
}

/// Whether all headings differ in their digits only, and the label is not about time.
fn is_uniform(words: &[FlatWord<'_>], cut: &HeadingCut) -> bool {
    let shape = |text: &String| text.chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    let shapes: Vec<String> = heading_texts(words, cut).iter().map(shape).collect();
    shapes.windows(2).all(|pair| pair[0] == pair[1]) && !heading::mentions_time(&join_words(&words[..cut[0]]))
}

/// All ways to cut the last words into two or more headings, with no heading left before them. None if there are more
/// than [`MAX_CUTS`].
fn cut_into_headings(words: &[FlatWord<'_>], is_heading: impl Fn(&str) -> bool) -> Vec<HeadingCut> {
    // The cuts of the words from each index on, from the last index to the first.
    let mut cuts_from: Vec<Vec<HeadingCut>> = vec![Vec::new(); words.len() + 1];
    cuts_from[words.len()] = vec![vec![words.len()]];
    let mut complete = Vec::new();
    for end in (1..=words.len()).rev() {
        let cuts = std::mem::take(&mut cuts_from[end]);
        if cuts.is_empty() {
            continue;
        }
        let starts = end.saturating_sub(MAX_HEADING_WORDS)..end;
        let starts: Vec<usize> = starts.filter(|&at| is_heading(&join_words(&words[at..end]))).collect();
        for &at in &starts {
            cuts_from[at].extend(cuts.iter().map(|cut| [&[at], cut.as_slice()].concat()));
        }
        if cuts_from.iter().map(Vec::len).sum::<usize>() > MAX_CUTS {
            return Vec::new();
        }
        if starts.is_empty() {
            complete.extend(cuts);
        }
    }
    complete.append(&mut cuts_from[0]);
    complete.retain(|cut| (3..=MAX_COLUMNS + 1).contains(&cut.len()));
    complete.sort();
    complete
}
