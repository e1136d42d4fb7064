//! A sum that a table prints: the figure, what it is the sum of, and how far the two are apart.

use crate::transform::check::{SUBTOTAL, TOTAL};
use crate::transform::totals::facts::Facts;
use crate::transform::totals::structure::Structure;
use crate::transform::{Context, Spot, TableOf};

/// A sum, held against the figure that is printed for it.
#[derive(Clone, Debug, Default)]
pub struct Sum {
    /// What it is of, as an index into [`crate::transform::check::CHECKS`].
    pub check: u32,
    /// The table that prints it.
    pub table: TableOf,
    /// Its column.
    pub period: u32,
    /// What stands above that.
    pub heading: u32,
    /// The region that its figure is for; none for a total.
    pub region: Option<u32>,
    /// How many figures were added up.
    pub cells: i32,
    /// What they make.
    pub computed: i128,
    /// The same, and the total, without their signs.
    pub magnitude: u128,
    /// The figure printed for it, a nil mark as zero; none where none is.
    pub published: Option<i64>,
    /// Which of its figures are missing.
    pub lacks: Lacks,
    /// Whether the figure printed for it is missing.
    pub lacks_total: bool,
    /// Whether its rows have labels.
    pub is_labelled: bool,
    /// How far the two may be apart.
    pub tolerance: i64,
    /// Where the total is printed, else the last figure.
    pub spot: Spot,
}

/// Which figures of a sum are missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lacks {
    /// None.
    #[default]
    Nothing,
    /// Figures that make those that it adds up.
    Below,
    /// Figures that it adds up.
    Parts,
}

impl Sum {
    /// The sum of some figures, held against another.
    pub fn of(facts: &Facts<'_>, check: u32, whole: usize, parts: impl Iterator<Item = usize>) -> Sum {
        let mut sum = Sum { check, region: facts.keys[whole].region(), ..Sum::default() };
        for part in parts {
            sum.meet(facts, part);
            sum.add(facts, part);
        }
        sum.meet(facts, whole);
        sum.lacks = if sum.lacks == Lacks::Nothing { Lacks::Nothing } else { Lacks::Parts };
        sum.close(facts, whole);
        sum.place(facts, whole);
        sum
    }

    /// What its figures make; 64 bits hold it.
    pub fn computed(&self) -> i64 {
        self.computed as i64
    }

    /// The total; none where it is missing, or figures that make it are.
    pub fn total(&self) -> Option<i64> {
        match self.published {
            Some(_) if self.lacks_total => None,
            None if self.lacks == Lacks::Parts => None,
            published => published.or(Some(self.computed())),
        }
    }

    /// Whether the printed total tells anything of the figures: where some are missing, the others can be too many.
    pub fn is_check(&self, context: Context<'_>) -> bool {
        let too_many = || self.difference() < 0 && !context.definition.measure.negative;
        self.published.is_some()
            && !self.lacks_total
            && (self.lacks != Lacks::Parts || self.passed() || too_many())
    }

    /// Whether the printed total shows that nil marks are zero.
    pub fn proves(&self) -> bool {
        self.published.is_some() && self.lacks == Lacks::Nothing
    }

    /// Whether the total is for us to make.
    pub fn is_derived(&self) -> bool {
        self.published.is_none() && self.lacks != Lacks::Parts
    }

    /// What is printed less what the figures make.
    pub fn difference(&self) -> i64 {
        self.published.unwrap_or_default() - self.computed()
    }

    /// Whether they agree.
    pub fn passed(&self) -> bool {
        self.difference().abs() <= self.tolerance
    }

    /// Makes the total of figures that do not add up unknown.
    pub fn make_unknown(&mut self) {
        (self.lacks, self.lacks_total) = (Lacks::Parts, true);
    }

    /// The same as 64 bits hold it, where they do not: nothing.
    pub fn emptied(&mut self) {
        (self.computed, self.published) = (0, self.published.and(Some(0)));
    }

    fn add(&mut self, facts: &Facts<'_>, at: usize) {
        self.computed += i128::from(facts.values[at].unwrap_or_default());
        self.cells += 1;
        self.lacks = self.lacks.max(if facts.is_missing(at) { Lacks::Parts } else { Lacks::Nothing });
    }

    /// Takes notice of one of its figures.
    fn meet(&mut self, facts: &Facts<'_>, at: usize) {
        self.magnitude += u128::from(facts.values[at].unwrap_or_default().unsigned_abs());
        self.lacks = self.lacks.max(if facts.is_missing(at) { Lacks::Below } else { Lacks::Nothing });
    }

    /// Takes what is true of its column from one of its figures.
    fn place(&mut self, facts: &Facts<'_>, at: usize) {
        (self.table, self.period, self.heading) =
            (facts.keys[at].table(), facts.keys[at].period(), facts.headings[at]);
        (self.is_labelled, self.spot) = (facts.label(at).is_some(), facts.spot(at));
    }

    /// Takes the figure printed for it.
    fn close(&mut self, facts: &Facts<'_>, at: usize) {
        self.published = Some(facts.values[at].unwrap_or_default());
        self.lacks_total = facts.is_missing(at);
    }
}

/// The total of each column, in their order.
pub fn totals(facts: &Facts<'_>, structure: &Structure) -> Vec<Sum> {
    let columns = facts.columns.iter().max().map_or(0, |last| last + 1);
    let mut sums = vec![Sum { check: TOTAL, ..Sum::default() }; columns];
    let mut marked = vec![0; columns];
    for (at, column) in facts.columns.iter().enumerate() {
        let sum = &mut sums[*column];
        sum.meet(facts, at);
        if sum.published.is_none() {
            marked[*column] = at;
        }
        if facts.is_total[at] {
            sum.close(facts, at);
            marked[*column] = at;
        } else if structure.is_part[at] {
            sum.add(facts, at);
        }
    }
    for (sum, at) in sums.iter_mut().zip(marked) {
        sum.place(facts, at);
    }
    sums
}

/// The sum of each figure of a group that is printed with all it holds.
pub fn subtotals(facts: &Facts<'_>, structure: &Structure) -> Vec<Sum> {
    let of_group =
        |(group, parts): &(usize, Vec<usize>)| Sum::of(facts, SUBTOTAL, *group, parts.iter().copied());
    structure.groups.iter().map(of_group).collect()
}
