//! The arithmetic of what is printed beside figures, in whole numbers: what figures make is a fraction, or lies between two;
//! what is printed must be what that rounds to, to either side where it lies half-way.

use std::cmp::Ordering;

use crate::extract::figure::PrintedAmount;

/// A fraction; the denominator is above zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ratio(i128, i128);

impl Ratio {
    /// None where the denominator is zero.
    pub fn of(numerator: i128, denominator: i128) -> Option<Ratio> {
        let sign = denominator.signum();
        (sign != 0).then_some(Ratio(numerator * sign, denominator * sign))
    }

    /// Which of two is less.
    pub fn compare(&self, other: &Ratio) -> Ordering {
        match (self.0.checked_mul(other.1), other.0.checked_mul(self.1)) {
            (Some(own), Some(others)) => own.cmp(&others),
            _ => self.value().total_cmp(&other.value()),
        }
    }

    /// The integer, without what is left.
    pub fn whole(self) -> i128 {
        self.0 / self.1
    }

    /// The least and the greatest integer to which it rounds: two where it lies half-way.
    fn round(self) -> (i128, i128) {
        let (twice, den) = (2 * self.0, self.1);
        (-(den - twice).div_euclid(2 * den), (twice + den).div_euclid(2 * den))
    }

    /// About what it is, for messages.
    pub fn value(self) -> f64 {
        self.0 as f64 / self.1 as f64
    }
}

/// What is published, what figures make that is nearest to it, and how far the two may be apart.
pub fn verdict(printed: PrintedAmount, (low, high): (Ratio, Ratio)) -> (i128, i128, i128) {
    let published = i128::from(printed.value);
    if printed.is_bound {
        let nearest = if low.0 > 0 { low.whole() } else { high.whole().min(0) };
        return (0, nearest, published - 1);
    }
    let (least, most) = (low.round().0, high.round().1);
    let half = (most - least) / 2;
    (published, published.clamp(least + half, most - half), half)
}

/// How much finer than the measure's last decimal earlier figures are bounded.
const FINER: i128 = 1_000_000;

/// How many units of so many decimals make a hundred percent.
pub fn scale(decimals: u32) -> i128 {
    100 * 10i128.pow(decimals)
}

/// Between which bounds earlier figures lie, of which only their growth to later ones is printed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Earlier {
    /// The sum of the later figures.
    pub later: i128,
    least: i128,
    most: i128,
}

impl Earlier {
    /// With a further figure and its printed growth; none where that bounds nothing.
    pub fn with(self, figure: i64, growth: PrintedAmount) -> Option<Earlier> {
        let (twice, whole) = (2 * i128::from(growth.value), 2 * scale(growth.decimals));
        let (low, high) = if growth.is_bound { (-twice, twice) } else { (twice - 1, twice + 1) };
        if figure < 0 || whole + low <= 0 {
            return None;
        }
        let fine = (whole * FINER).checked_mul(i128::from(figure))?;
        // Rounded outward: what is true is never refused.
        Some(Earlier {
            later: self.later + i128::from(figure),
            least: self.least.checked_add(fine.div_euclid(whole + high))?,
            most: self.most.checked_add(-(-fine).div_euclid(whole + low))?,
        })
    }

    /// Between which bounds the growth of the sum lies, in percent of so many decimals.
    pub fn growth(self, decimals: u32) -> Option<(Ratio, Ratio)> {
        let later = self.later.checked_mul(FINER)?;
        let grown = |before: i128| Ratio::of(scale(decimals).checked_mul(later - before)?, before);
        (self.least > 0).then_some(())?;
        Some((grown(self.most)?, grown(self.least)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn printed(value: i64, decimals: u32) -> PrintedAmount {
        PrintedAmount { value, decimals, is_bound: false }
    }

    /// What is published and allowed of a single value.
    fn passes(of: PrintedAmount, numerator: i128, denominator: i128) -> bool {
        let exact = Ratio::of(numerator, denominator).unwrap();
        let (published, computed, tolerance) = verdict(of, (exact, exact));
        (published - computed).abs() <= tolerance
    }

    #[test]
    fn what_is_printed_must_be_what_figures_round_to() {
        // 7.0130979, 12.5, -12.5, 0.1 and -0.05 percent.
        let cases: [(i64, i128, i128, bool); 11] = [
            (7, 492_600, 70_240, true),
            (8, 492_600, 70_240, false),
            (12, 25, 2, true),
            (13, 25, 2, true),
            (14, 25, 2, false),
            (-12, -25, 2, true),
            (-13, 25, -2, true),
            (-14, -25, 2, false),
            (0, -1, 20, true),
            (1, -1, 20, false),
            (-1, -1, 2, true),
        ];
        for (value, numerator, denominator, expected) in cases {
            assert_eq!(
                passes(printed(value, 0), numerator, denominator),
                expected,
                "{value} {numerator}/{denominator}"
            );
        }
        let bound = PrintedAmount { value: 1, decimals: 1, is_bound: true };
        for (numerator, expected) in
            [(0, true), (99, true), (-99, true), (100, false), (-100, false), (250, false)]
        {
            assert_eq!(passes(bound, numerator, 100), expected, "{numerator}");
        }
        assert_eq!(Ratio::of(1, 0), None);
    }

    proptest! {
        /// Figures are made, their growths printed as an office does: that of their sum is never refused, and one that is a
        /// percent off always.
        #[test]
        fn a_true_growth_is_never_refused(figures in prop::collection::vec((1i64..2_000_000, 1i64..2_000_000), 1..9), decimals in 0u32..3) {
            let print = |before: i64, after: i64| {
                let (change, before) = (scale(decimals) * i128::from(after - before), i128::from(before));
                printed((2 * change + before).div_euclid(2 * before) as i64, decimals)
            };
            let mut earlier = Some(Earlier::default());
            for (before, after) in &figures {
                earlier = earlier.and_then(|earlier| earlier.with(*after, print(*before, *after)));
            }
            // A figure that all but vanished bounds nothing.
            prop_assume!(earlier.is_some());
            let sum = |of: fn(&(i64, i64)) -> i64| figures.iter().map(of).sum::<i64>();
            let total = print(sum(|pair| pair.0), sum(|pair| pair.1));
            let Some(range) = earlier.and_then(|earlier| earlier.growth(decimals)) else { return Ok(()) };
            let (published, computed, tolerance) = verdict(total, range);
            prop_assert!((published - computed).abs() <= tolerance);
            let (least, most) = (range.0.value(), range.1.value());
            let off = printed((most + 2.0 * 10f64.powi(decimals as i32)) as i64 + 1, decimals);
            let (published, computed, tolerance) = verdict(off, range);
            prop_assert!(least <= most && (published - computed).abs() > tolerance);
        }

        #[test]
        fn nothing_makes_it_panic(value in any::<i64>(), figure in any::<i64>(), decimals in 0u32..10, is_bound in any::<bool>()) {
            let growth = PrintedAmount { value, decimals, is_bound };
            if let Some(range) = Earlier::default().with(figure, growth).and_then(|earlier| earlier.growth(decimals)) {
                let _ = verdict(growth, range);
            }
        }
    }
}
