//! The figures of two releases by what may be exchanged: a line is a code's figures in one table, or a table's.

use std::cmp::Ordering;
use std::ops::Range;

use super::evidence::{self, Evidence};
use super::{Axis, Figure};

/// A line is compared with so many that stood nearest to where it stands now. All of a table of 16 columns are; of 10 000
/// rows whose sizes span five powers of ten, about 9 are within 1 %, which a revision may put in between.
const NEIGHBOURS: usize = 16;

/// The figures of both releases along an axis.
pub(super) struct Lines {
    pub axis: Axis,
    /// Sorted by code, then table.
    by_code: Vec<Line>,
    /// Indices of figures, line by line; in a line by their other codes.
    cells: Vec<u32>,
}

/// Two lines of one table, by their indices.
#[derive(Clone, Copy)]
pub(super) struct Pair {
    pub table: u32,
    one: usize,
    other: usize,
}

struct Line {
    code: u32,
    /// 0 for the line of a table: all of those are in one.
    table: u32,
    cells: Range<usize>,
    before: f64,
    now: f64,
    is_changed: bool,
}

impl Lines {
    /// Groups figures that are sorted by table and codes.
    pub(super) fn group(figures: &[Figure], axis: Axis) -> Self {
        let mut keys: Vec<_> = figures.iter().map(|figure| key(figure, axis)).zip(0_u32..).collect();
        keys.sort_unstable();
        let cells: Vec<u32> = keys.iter().map(|(_, index)| *index).collect();
        let mut by_code = Vec::new();
        let mut start = 0;
        for run in keys.chunk_by(|a, b| a.0 == b.0) {
            let range = start..start + run.len();
            start = range.end;
            by_code.push(Line::new(run[0].0, range.clone(), &cells[range], figures));
        }
        Self { axis, by_code, cells }
    }

    /// How many lines changed.
    pub(super) fn changed(&self) -> usize {
        self.by_code.iter().filter(|line| line.is_changed).count()
    }

    /// Returns the codes whose lines changed and stand about where the other stood, if the tables where that is so have
    /// enough that speaks for their being exchanged.
    pub(super) fn near_pairs(&self, figures: &[Figure], enough: f64) -> Vec<(u32, u32)> {
        let mut changed: Vec<usize> =
            (0..self.by_code.len()).filter(|&line| self.by_code[line].is_changed).collect();
        changed.sort_by(|&a, &b| self.by_table_and_level(a, b));
        let tables = changed.chunk_by(|&a, &b| self.by_code[a].table == self.by_code[b].table);
        let pairs = tables.flat_map(|lines| self.neighbours(lines));
        let weighed = pairs.map(|pair| (self.codes(&pair), self.weigh(&pair, figures).score));
        let mut speaking: Vec<_> = weighed.filter(|(_, score)| *score > 0.0).collect();
        speaking.sort_by_key(|(codes, _)| *codes);
        let tables = speaking.chunk_by(|a, b| a.0 == b.0);
        let clear = tables.filter(|tables| tables.iter().map(|(_, score)| score).sum::<f64>() >= enough);
        clear.map(|tables| tables[0].0).collect()
    }

    /// Returns the lines of the two codes in each table that has both.
    pub(super) fn pairs(&self, one: u32, other: u32) -> impl Iterator<Item = Pair> {
        let (ones, others) = (self.of_code(one), self.of_code(other));
        ones.filter_map(move |one| {
            let table = self.by_code[one].table;
            let found = self.by_code[others.clone()].binary_search_by_key(&table, |line| line.table);
            found.ok().map(|other| Pair { table, one, other: others.start + other })
        })
    }

    /// Weighs the figures that would change places.
    pub(super) fn weigh(&self, pair: &Pair, figures: &[Figure]) -> Evidence {
        evidence::weigh(|| self.partners(pair, figures).map(|(one, other)| [figures[one], figures[other]]))
    }

    /// Reads the release with the two exchanged.
    pub(super) fn exchange(&self, pair: &Pair, figures: &mut [Figure]) {
        let partners: Vec<_> = self.partners(pair, figures).collect();
        for (one, other) in partners {
            (figures[one].now, figures[other].now) = (figures[other].now, figures[one].now);
        }
    }

    /// Returns the figures of two lines whose other codes are the same.
    fn partners(&self, pair: &Pair, figures: &[Figure]) -> impl Iterator<Item = (usize, usize)> {
        let cells =
            |line: usize| self.cells[self.by_code[line].cells.clone()].iter().map(|&cell| cell as usize);
        let (mut ones, mut others) = (cells(pair.one).peekable(), cells(pair.other).peekable());
        std::iter::from_fn(move || {
            loop {
                match compare_rest(&figures[*ones.peek()?], &figures[*others.peek()?], self.axis) {
                    Ordering::Less => ones.next(),
                    Ordering::Greater => others.next(),
                    Ordering::Equal => return ones.next().zip(others.next()),
                };
            }
        })
    }

    /// Pairs the lines of a table, sorted by where they stood, that each stood near to where the other stands now.
    fn neighbours(&self, sorted: &[usize]) -> Vec<Pair> {
        let near: Vec<Range<usize>> = sorted.iter().map(|&line| self.near(line, sorted)).collect();
        let mutual =
            |&(one, other): &(usize, usize)| near[one].contains(&other) && near[other].contains(&one);
        let all = (0..sorted.len()).flat_map(|one| {
            near[one].clone().filter(move |&other| one < other).map(move |other| (one, other))
        });
        all.filter(mutual).map(|(one, other)| self.pair(sorted[one], sorted[other])).collect()
    }

    /// Returns which of the sorted lines stood nearest to where the line stands now.
    fn near(&self, line: usize, sorted: &[usize]) -> Range<usize> {
        let place = sorted.partition_point(|&other| self.by_code[other].before < self.by_code[line].now);
        let last = sorted.len().saturating_sub(NEIGHBOURS);
        let start = place.saturating_sub(NEIGHBOURS / 2).min(last);
        start..sorted.len().min(start + NEIGHBOURS)
    }

    fn pair(&self, one: usize, other: usize) -> Pair {
        Pair { table: self.by_code[one].table, one: one.min(other), other: one.max(other) }
    }

    fn codes(&self, pair: &Pair) -> (u32, u32) {
        (self.by_code[pair.one].code, self.by_code[pair.other].code)
    }

    fn of_code(&self, code: u32) -> Range<usize> {
        let start = self.by_code.partition_point(|line| line.code < code);
        start..self.by_code.partition_point(|line| line.code <= code)
    }

    fn by_table_and_level(&self, a: usize, b: usize) -> Ordering {
        let (a, b) = (&self.by_code[a], &self.by_code[b]);
        a.table.cmp(&b.table).then(a.before.total_cmp(&b.before))
    }
}

impl Line {
    fn new((code, table): (u32, u32), cells: Range<usize>, indices: &[u32], figures: &[Figure]) -> Self {
        let figures = || indices.iter().map(|&index| &figures[index as usize]);
        let is_changed = is_changed(figures());
        let [before, now] = if is_changed {
            [level(figures().map(|figure| figure.before)), level(figures().map(|figure| figure.now))]
        } else {
            [0.0; 2]
        };
        Self { code, table, cells, before, now, is_changed }
    }
}

/// The code on the axis and the table within which it may be exchanged.
fn key(figure: &Figure, axis: Axis) -> (u32, u32) {
    match axis {
        Axis::Table => (figure.table, 0),
        Axis::Code(index) => (figure.codes[index], figure.table),
    }
}

/// The mean logarithm: no figure outweighs the others.
fn level(figures: impl ExactSizeIterator<Item = i64>) -> f64 {
    let count = figures.len().max(1) as f64;
    figures.map(|figure| (figure.unsigned_abs() as f64).ln_1p()).sum::<f64>() / count
}

/// Whether at least half of the figures changed that are not 0 in both: all of an exchanged line do, but for those that
/// are alike in both.
fn is_changed<'f, 'c: 'f>(figures: impl Iterator<Item = &'f Figure<'c>>) -> bool {
    let (mut changed, mut same) = (0, 0);
    for figure in figures {
        changed += usize::from(figure.now != figure.before);
        same += usize::from(figure.now == figure.before && figure.now != 0);
    }
    changed > 0 && changed >= same
}

fn compare_rest(a: &Figure, b: &Figure, axis: Axis) -> Ordering {
    match axis {
        Axis::Table => a.codes.cmp(b.codes),
        Axis::Code(index) => a.codes[..index]
            .cmp(&b.codes[..index])
            .then_with(|| a.codes[index + 1..].cmp(&b.codes[index + 1..])),
    }
}
