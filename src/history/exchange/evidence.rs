//! How much pairs of figures speak for being exchanged, and how much is enough.

use std::ops::Add;

use super::{Axis, Exchange, Figure};

/// Clear evidence is that much on average for a pair: exchanged, the figures are *e* times nearer. A part of one label
/// that was moved to another, so that they cross, gets there by halves alone.
const CLEAR_ON_AVERAGE: f64 = 1.0;

/// Of figures that the readings tell apart, three of four must be nearer exchanged. An exchange moves all; what is left
/// is for figures that were revised besides, or are so alike that a revision hides it.
const NEARER: usize = 3;

/// Clear evidence for the only suspect. Where noise is as large as the gap between two figures, the chance that they
/// land within `1/x` of it on each other's places falls with `1/x²`, so that of a score above s falls with `exp(-2 s)`:
/// for three pairs that all have to cross, 6 leaves 1 in 15 000.
const CLEAR: f64 = 6.0;

/// Tables that together speak against it as much as this, 20 to 1, are not exchanged. A small table where nothing was
/// exchanged is beyond it with the first two figures that differ.
pub(super) const AGAINST: f64 = -3.0;

/// No revision of a whole line is by more than this factor (the largest of the United Nations' 2020 revision is 2.4).
const FACTOR: f64 = 4.0;

/// A comparison ends where the printed reading is that far ahead: what follows would have to make up for one or two
/// figures that did not move at all.
const HOPELESS: f64 = -10.0;

/// What pairs of figures say.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Evidence {
    /// How much nearer they are if exchanged: the sum of the logarithms. Negative where they are nearer as printed.
    pub score: f64,
    as_printed: usize,
    exchanged: usize,
}

/// Returns the score that is clear where so many lines changed: each could be like another by chance, and a chance that
/// falls with `exp(-2 s)` is as small for `n` of them with `ln(n) / 2` more.
pub(super) fn enough(lines: usize) -> f64 {
    CLEAR + (lines.max(1) as f64).ln() / 2.0
}

/// Weighs figures that would change places, pair by pair.
pub(super) fn weigh<'f, P>(pairs: impl Fn() -> P) -> Evidence
where
    P: Iterator<Item = [Figure<'f>; 2]>,
{
    let printed = weigh_as(pairs(), [1.0; 2]);
    if printed.score <= 0.0 {
        return printed;
    }
    let count = pairs().count() as f64;
    let shape = weigh_as(pairs(), factors(pairs()));
    Evidence { score: printed.score / count + shape.score, ..printed }
}

/// Weighs the exchanged reading against the printed one, in which each line may be revised by a factor.
fn weigh_as<'f>(pairs: impl Iterator<Item = [Figure<'f>; 2]>, factors: [f64; 2]) -> Evidence {
    let mut sum = Evidence::default();
    for pair in pairs {
        sum = sum + Evidence::of(pair, factors);
        if sum.score < HOPELESS {
            break;
        }
    }
    sum
}

/// By how much each of two lines would have been revised as a whole.
fn factors<'f>(pairs: impl Iterator<Item = [Figure<'f>; 2]>) -> [f64; 2] {
    let mut sums = [(0.0, 0.0); 2];
    for pair in pairs {
        for (sum, figure) in sums.iter_mut().zip(pair) {
            sum.0 += figure.before.unsigned_abs() as f64;
            sum.1 += figure.now.unsigned_abs() as f64;
        }
    }
    sums.map(|(before, now)| if before > 0.0 { (now / before).clamp(1.0 / FACTOR, FACTOR) } else { 1.0 })
}

impl Evidence {
    /// What two figures say that would change places.
    fn of([one, other]: [Figure; 2], factors: [f64; 2]) -> Self {
        let revised = |figure: &Figure, factor: f64| {
            gap(figure.now, figure.before).min((figure.now as f64 - figure.before as f64 * factor).abs())
        };
        let as_printed = revised(&one, factors[0]) + revised(&other, factors[1]);
        let exchanged = gap(one.now, other.before) + gap(other.now, one.before);
        let step = step([one.before, one.now, other.before, other.now]);
        Self {
            score: ((as_printed + step) / (exchanged + step)).ln(),
            as_printed: if as_printed < exchanged { 2 } else { 0 },
            exchanged: if exchanged < as_printed { 2 } else { 0 },
        }
    }

    /// How much they speak against it: 0 where at least half of the figures are nearer exchanged.
    pub(super) fn against(&self) -> f64 {
        if self.as_printed > self.exchanged { self.score.min(0.0) } else { 0.0 }
    }

    pub(super) fn is_clear(&self, enough: f64) -> bool {
        let pairs = self.figures() as f64 / 2.0;
        self.exchanged >= NEARER * self.as_printed && self.score >= enough.max(CLEAR_ON_AVERAGE * pairs)
    }

    pub(super) fn exchange(self, axis: Axis, one: u32, other: u32, table: Option<u32>) -> Exchange {
        let Self { as_printed, exchanged, .. } = self;
        Exchange { axis, one, other, table, figures: self.figures(), as_printed, exchanged }
    }

    fn figures(&self) -> usize {
        self.as_printed + self.exchanged
    }
}

impl Add for Evidence {
    type Output = Self;

    fn add(self, more: Self) -> Self {
        Self {
            score: self.score + more.score,
            as_printed: self.as_printed + more.as_printed,
            exchanged: self.exchanged + more.exchanged,
        }
    }
}

fn gap(a: i64, b: i64) -> f64 {
    a.abs_diff(b) as f64
}

/// What the figures are rounded to: the power of ten that divides them all. Nearer than that is no evidence.
fn step(figures: [i64; 4]) -> f64 {
    let divides = |step: &i64| figures.iter().all(|figure| figure % step == 0);
    let steps = std::iter::successors(Some(10_i64), |step| step.checked_mul(10));
    steps.take_while(divides).take(9).last().unwrap_or(1) as f64
}
