//! Finds what was exchanged between two releases: titles, labels or columns whose figures changed places. No sum within
//! a document can see it, because every figure is still there; the release before can.
//!
//! A reading is judged by pairs of figures that would change places. Where two figures keep their order, the printed
//! reading is never farther from the release before than the exchanged one, whatever was added to both: only where they
//! cross does a pair speak. And revisions often move a whole label or column alike, so that a pair that crossed says
//! little about the next: the printed reading may revise each line by a factor, and all but the mean of the pairs must
//! speak in spite of that (`evidence.rs`).
//!
//! One cause is one finding: the clearest is taken first, the release is read as it says, and the others are judged
//! again. Which of the two releases is wrong is not known: a publisher who mends an exchange is told as well. Lines are
//! compared with those alone that stood where they stand now, so costs grow with the figures.

mod evidence;
mod lines;
#[cfg(test)]
mod tests;

use evidence::Evidence;
use lines::{Lines, Pair};

/// A figure that both releases print.
#[derive(Clone, Copy, Debug)]
pub struct Figure<'a> {
    /// The table that prints it: an index for each combination of the codes that a title names.
    pub table: u32,
    /// Its codes in the table, in the same order for all figures: one for each dimension, and one for the period.
    pub codes: &'a [u32],
    /// What the release before says, in units of the last decimal.
    pub before: i64,
    /// What the release says, in the same units.
    pub now: i64,
}

/// What is exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Axis {
    /// Two titles.
    Table,
    /// Two labels or headings, by the index in [`Figure::codes`].
    Code(usize),
}

/// Two titles, labels or headings whose figures changed places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// What they name.
    pub axis: Axis,
    /// The smaller of the two codes, or tables.
    pub one: u32,
    /// The larger.
    pub other: u32,
    /// The table in which they are exchanged; none for titles, and for codes that are exchanged wherever both are.
    pub table: Option<u32>,
    /// How many figures are told apart by the two readings.
    pub figures: usize,
    /// How many of them are nearer to the release before as printed.
    pub as_printed: usize,
    /// How many of them are nearer to it with the two exchanged.
    pub exchanged: usize,
}

/// Returns what was exchanged between two releases, the clearest first.
///
/// `figures` are those that both print, in any order; none of them twice.
#[must_use]
pub fn find_exchanges(figures: &[Figure]) -> Vec<Exchange> {
    let mut figures = figures.to_vec();
    figures.sort_by(|a, b| (a.table, a.codes).cmp(&(b.table, b.codes)));
    let axes: Vec<Lines> = axes(&figures).map(|axis| Lines::group(&figures, axis)).collect();
    let enough = evidence::enough(axes.iter().map(Lines::changed).sum());
    let mut suspects = find_suspects(&axes, &figures, enough);
    suspects.sort_by(|a, b| b.score.total_cmp(&a.score));
    suspects.iter().flat_map(|suspect| accept(suspect, &mut figures, enough)).collect()
}

/// Two codes that may have been exchanged.
struct Suspect<'l> {
    lines: &'l Lines,
    one: u32,
    other: u32,
    score: f64,
}

/// Titles, and each place in the codes.
fn axes(figures: &[Figure]) -> impl Iterator<Item = Axis> {
    let codes = figures.iter().map(|figure| figure.codes.len()).min().unwrap_or(0);
    std::iter::once(Axis::Table).chain((0..codes).map(Axis::Code))
}

fn find_suspects<'l>(axes: &'l [Lines], figures: &[Figure], enough: f64) -> Vec<Suspect<'l>> {
    let mut suspects = Vec::new();
    for lines in axes {
        for (one, other) in lines.near_pairs(figures, enough) {
            let found = judge(lines, one, other, figures, enough);
            let score = found.iter().map(|(_, evidence)| evidence.score).fold(0.0, f64::max);
            if score > 0.0 {
                suspects.push(Suspect { lines, one, other, score });
            }
        }
    }
    suspects
}

/// Judges a suspect by the figures as they are read now; what is told is read as exchanged from here on.
fn accept(suspect: &Suspect, figures: &mut [Figure], enough: f64) -> Vec<Exchange> {
    let Suspect { lines, one, other, .. } = *suspect;
    let mut exchanges = Vec::new();
    for (pairs, evidence) in judge(lines, one, other, figures, enough) {
        let table = match (lines.axis, &pairs[..]) {
            (Axis::Code(_), [pair]) => Some(pair.table),
            _ => None,
        };
        exchanges.push(evidence.exchange(lines.axis, one, other, table));
        for pair in &pairs {
            lines.exchange(pair, figures);
        }
    }
    exchanges
}

/// Returns where the two are exchanged, by the pairs of lines that it takes: in all tables that have both, unless one of
/// them speaks against it, else in each that is clear by itself.
fn judge(lines: &Lines, one: u32, other: u32, figures: &[Figure], enough: f64) -> Vec<(Vec<Pair>, Evidence)> {
    let pairs = lines.pairs(one, other);
    let weighed: Vec<_> = pairs.map(|pair| (pair, lines.weigh(&pair, figures))).collect();
    let total = weighed.iter().fold(Evidence::default(), |sum, (_, evidence)| sum + *evidence);
    let against: f64 = weighed.iter().map(|(_, evidence)| evidence.against()).sum();
    if against >= evidence::AGAINST && total.is_clear(enough) {
        return vec![(weighed.into_iter().map(|(pair, _)| pair).collect(), total)];
    }
    let clear = weighed.into_iter().filter(|(_, evidence)| evidence.is_clear(enough));
    clear.map(|(pair, evidence)| (vec![pair], evidence)).collect()
}
