//! The sums that a table prints: the figure, what it is the sum of, and how far the two are apart.

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::figures::TableFigures;
use crate::checks::hierarchy::Hierarchy;
use crate::checks::rounding::Allowance;
use crate::checks::view::View;
use crate::checks::{Check, SUBTOTAL, TOTAL_CHECK};
use crate::dataset::{Definition, Role};
use crate::normalize::codes::CodeTable;

/// A sum, held against the figure that is printed for it. Figures are named by their place in the table.
#[derive(Clone, Debug, Default)]
pub struct Sum {
    /// What it is of.
    pub check: Check,
    /// The dimension along which it goes.
    pub along: usize,
    /// The figure that is the sum; none where none is printed.
    pub whole: Option<usize>,
    /// The figures that are added up.
    pub parts: Vec<usize>,
    /// Where the sum is printed, else the last figure of its column.
    pub at: usize,
    /// How many figures were added up.
    pub cells: i32,
    /// What they make.
    pub computed: i128,
    /// The same, and the total, without their signs.
    pub magnitude: u128,
    /// The figure printed for it, a nil symbol as zero; none where none is.
    pub published: Option<i64>,
    /// Which of its figures are missing.
    pub missing: Missing,
    /// Whether the figure printed for it is missing.
    pub is_whole_missing: bool,
    /// Whether its rows have labels.
    pub is_labelled: bool,
    /// Whether nothing is printed in its column for a code that other columns add up.
    pub is_partial: bool,
    /// How far the two may be apart.
    pub tolerance: i64,
}

/// Which figures of a sum are missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Missing {
    /// None.
    #[default]
    None,
    /// Figures that make those that it adds up.
    Below,
    /// Figures that it adds up.
    Parts,
}

impl Sum {
    /// The sum of some figures, held against another.
    #[must_use]
    pub fn new(figures: &TableFigures, check: Check, along: usize, whole: usize, parts: Vec<usize>) -> Sum {
        let mut sum = Sum { check, along, at: whole, is_labelled: true, ..Sum::default() };
        for part in &parts {
            sum.count_magnitude(figures, *part);
            sum.add(figures, *part);
        }
        sum.count_magnitude(figures, whole);
        sum.missing = if sum.missing == Missing::None { Missing::None } else { Missing::Parts };
        sum.close(figures, whole);
        Sum { parts, ..sum }
    }

    /// What its figures make; 64 bits hold it.
    #[must_use]
    pub fn computed(&self) -> i64 {
        self.computed as i64
    }

    /// The total; none where it is missing, or figures that make it are.
    #[must_use]
    pub fn total(&self) -> Option<i64> {
        match self.published {
            Some(_) if self.is_whole_missing => None,
            None => self.is_derived().then(|| self.computed()),
            published => published,
        }
    }

    /// Whether the printed total tells anything of the figures: where some are missing, the others can be too many.
    #[must_use]
    pub fn is_check(&self, figures: &TableFigures, definition: &Definition) -> bool {
        let negative = definition.measures[figures.measures[self.at] as usize].negative;
        let too_many = || self.difference() < 0 && !negative;
        self.published.is_some()
            && !self.is_whole_missing
            && (self.missing != Missing::Parts || self.passed() || too_many())
    }

    /// Whether the printed total shows that nil symbols are zero.
    #[must_use]
    pub fn proves(&self) -> bool {
        self.published.is_some() && self.missing == Missing::None
    }

    /// Whether the total is for us to make.
    #[must_use]
    pub fn is_derived(&self) -> bool {
        self.published.is_none() && self.missing != Missing::Parts && !self.is_partial
    }

    /// What is printed less what the figures make.
    #[must_use]
    pub fn difference(&self) -> i64 {
        self.published.unwrap_or_default() - self.computed()
    }

    /// Whether they agree.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.difference().abs() <= self.tolerance
    }

    /// All its figures.
    pub fn members(&self) -> impl Iterator<Item = usize> {
        self.parts.iter().copied().chain(self.whole)
    }

    /// The same as 64 bits hold it, where they do not: nothing.
    pub fn clear(&mut self) {
        (self.computed, self.published) = (0, self.published.and(Some(0)));
    }

    fn add(&mut self, figures: &TableFigures, at: usize) {
        self.computed += i128::from(figures.values[at].unwrap_or_default());
        self.cells += 1;
        self.missing = self.missing.max(if figures.is_missing(at) { Missing::Parts } else { Missing::None });
    }

    /// Takes notice of one of the figures of its column.
    fn count_magnitude(&mut self, figures: &TableFigures, at: usize) {
        self.magnitude += u128::from(figures.values[at].unwrap_or_default().unsigned_abs());
        self.missing = self.missing.max(if figures.is_missing(at) { Missing::Below } else { Missing::None });
    }

    /// Takes the figure printed for it.
    fn close(&mut self, figures: &TableFigures, at: usize) {
        self.whole = Some(at);
        self.published = Some(figures.values[at].unwrap_or_default());
        self.is_whole_missing = figures.is_missing(at);
    }
}

/// The sums of a table along one dimension.
pub struct ViewSums {
    /// The dimension.
    pub dimension: usize,
    /// The column of each figure.
    pub columns: Vec<usize>,
    /// The total of each column that has one, or of which one could be made.
    pub totals: Vec<Sum>,
    /// For each column, the place of its total among these.
    total_places: Vec<Option<usize>>,
    /// The sums of groups.
    pub subtotals: Vec<Sum>,
    /// For each figure, whether a total adds it up.
    pub is_part: Vec<bool>,
    /// Whether totals that are not printed are derived.
    pub is_derived: bool,
}

/// The sums of a table.
#[derive(Default)]
pub struct TableSums {
    /// Along each dimension that has sums.
    pub views: Vec<ViewSums>,
    /// How far the definition says that they may be off.
    pub allowance: Allowance,
}

impl TableSums {
    /// The sums of a table along all dimensions in which its figures differ, and along that of shares.
    #[must_use]
    pub fn new(figures: &TableFigures, codes: &[CodeTable<'_>], definition: &Definition) -> TableSums {
        let share = definition.share_dimension();
        let has_sums =
            |at: &usize| figures.varies(*at) || Some(*at) == share && is_summed_up(figures, *at, definition);
        let allowance = Allowance::new(figures, definition);
        let view = |at: usize| ViewSums::new(figures, at, &codes[at], definition, &allowance);
        TableSums { views: (0..codes.len()).filter(has_sums).map(view).collect(), allowance }
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Sum> {
        self.views.iter().flat_map(|view| view.totals.iter().chain(&view.subtotals))
    }

    /// All of them.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Sum> {
        self.views.iter_mut().flat_map(|view| view.totals.iter_mut().chain(&mut view.subtotals))
    }
}

/// Whether a table with a single code of the share dimension has a total: its code is the only one, or printed.
fn is_summed_up(figures: &TableFigures, dimension: usize, definition: &Definition) -> bool {
    let is_only = definition.tables[figures.table as usize].only.contains(&dimension);
    is_only || figures.is_labelled[dimension].contains(&true)
}

impl ViewSums {
    fn new(
        figures: &TableFigures,
        dimension: usize,
        codes: &CodeTable<'_>,
        definition: &Definition,
        allowance: &Allowance,
    ) -> ViewSums {
        let table = &definition.tables[figures.table as usize];
        let has_depths = table.row_roles().contains(&Role::Dimension(dimension));
        let view = View::new(figures, dimension, codes.total(), has_depths);
        let hierarchy = Hierarchy::new(&view, codes, allowance);
        let is_additive = |at: usize| definition.measures[figures.measures[at] as usize].is_additive();
        let is_only = (0..figures.dimensions()).all(|other| other == dimension || !figures.varies(other));
        let mut totals = total_sums(&view, &hierarchy);
        totals.retain(|sum| is_additive(sum.at) && (is_only || !sum.parts.is_empty()));
        mark_partial(&mut totals, &view);
        let subtotals = hierarchy.groups.iter().filter(|(group, _)| is_additive(*group));
        let subtotals =
            subtotals.map(|(group, parts)| Sum::new(figures, SUBTOTAL, dimension, *group, parts.clone()));
        let subtotals = subtotals.collect();
        let is_derived = definition.share_dimension() == Some(dimension) && codes.total().is_some();
        if codes.total().is_none() {
            totals.clear();
        }
        let mut total_places = vec![None; view.count];
        for (place, sum) in totals.iter().enumerate() {
            total_places[view.columns[sum.at]] = Some(place);
        }
        let (columns, is_part) = (view.columns, hierarchy.is_part);
        ViewSums { dimension, columns, totals, total_places, subtotals, is_part, is_derived }
    }

    /// The place among the totals of that of a figure's column.
    #[must_use]
    pub fn total_place(&self, figure: usize) -> Option<usize> {
        self.total_places[self.columns[figure]]
    }

    /// The total of a figure's column.
    #[must_use]
    pub fn total_of(&self, figure: usize) -> Option<&Sum> {
        Some(&self.totals[self.total_place(figure)?])
    }
}

/// Marks the totals that are not printed and lack a code that others of their measure add up: what is printed only for some
/// is no total of all.
fn mark_partial(totals: &mut [Sum], view: &View<'_>) {
    if totals.iter().all(|sum| sum.published.is_some()) {
        return;
    }
    let codes = |sum: &Sum| sum.parts.iter().map(|at| view.code(*at)).collect::<BTreeSet<u32>>();
    let mut all: BTreeMap<u32, BTreeSet<u32>> = BTreeMap::new();
    for sum in totals.iter() {
        all.entry(view.figures.measures[sum.at]).or_default().extend(codes(sum));
    }
    for sum in totals.iter_mut().filter(|sum| sum.published.is_none()) {
        sum.is_partial = codes(sum) != all[&view.figures.measures[sum.at]];
    }
}

/// The total of each column, in their order.
fn total_sums(view: &View<'_>, hierarchy: &Hierarchy) -> Vec<Sum> {
    let figures = view.figures;
    let mut sums = vec![Sum { check: TOTAL_CHECK, along: view.dimension, ..Sum::default() }; view.count];
    for (at, column) in view.columns.iter().enumerate() {
        let sum = &mut sums[*column];
        sum.count_magnitude(figures, at);
        if sum.published.is_none() {
            sum.at = at;
        }
        if view.is_total(at) {
            sum.close(figures, at);
            sum.at = at;
        } else if hierarchy.is_part[at] {
            sum.add(figures, at);
            sum.parts.push(at);
        }
    }
    for sum in &mut sums {
        sum.is_labelled = figures.is_labelled[view.dimension][sum.at];
    }
    sums
}
