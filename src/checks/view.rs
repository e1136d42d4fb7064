//! A table seen along one dimension: its rows are the codes of that dimension, its columns all that figures differ in beside it.

use crate::checks::figures::TableFigures;

/// A table seen along a dimension.
pub struct View<'t> {
    /// The figures.
    pub figures: &'t TableFigures,
    /// The dimension.
    pub dimension: usize,
    /// The column of each figure, in the order of the other codes, the measure and the period.
    pub columns: Vec<usize>,
    /// How many columns there are.
    pub count: usize,
    /// The code of the total.
    pub total: Option<u32>,
    /// Whether how far rows are set in says what holds what.
    pub has_depths: bool,
}

impl<'t> View<'t> {
    /// A table seen along a dimension.
    #[must_use]
    pub fn new(
        figures: &'t TableFigures,
        dimension: usize,
        total: Option<u32>,
        has_depths: bool,
    ) -> View<'t> {
        let keys: Vec<u128> = (0..figures.len()).map(|at| column_key(figures, dimension, at)).collect();
        let mut distinct = keys.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let columns = keys.iter().map(|key| distinct.partition_point(|other| other < key)).collect();
        let count = distinct.len();
        View { figures, dimension, columns, count, total, has_depths }
    }

    /// The code of a figure along the dimension.
    #[must_use]
    pub fn code(&self, at: usize) -> u32 {
        self.figures.code(at, self.dimension)
    }

    /// Whether a figure is a total.
    #[must_use]
    pub fn is_total(&self, at: usize) -> bool {
        self.total == Some(self.code(at))
    }

    /// How far a figure's row is set in.
    #[must_use]
    pub fn depth(&self, at: usize) -> u32 {
        if self.has_depths { self.figures.depths[at] } else { 0 }
    }
}

/// A number that orders figures by their other codes, their measure and their period.
fn column_key(figures: &TableFigures, dimension: usize, at: usize) -> u128 {
    // An unknown code is the largest number, and becomes 0.
    let digit = |code: u32| u128::from(code.wrapping_add(1));
    let others = (0..figures.dimensions()).filter(|other| *other != dimension);
    let codes = others.map(|other| digit(figures.code(at, other)));
    codes
        .chain([digit(figures.measures[at]), digit(figures.periods[at])])
        .fold(0, |key: u128, digit| key.wrapping_mul(KEY_BASE).wrapping_add(digit))
}

/// More than any code list has.
const KEY_BASE: u128 = 1 << 17;
