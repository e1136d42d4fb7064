//! Which labels are totals of others, found by arithmetic: a label whose figure is, in every column, the sum of the run of
//! labels below it, or of all others.

/// The figures of a dimension's labels: a column for each combination of everything else, a row for each label.
#[derive(Clone, Debug, Default)]
pub struct LabelFigures {
    /// How many labels there are.
    pub labels: usize,
    /// The figures of each column, by label.
    pub columns: Vec<Vec<LabelFigure>>,
}

/// What a column prints for a label.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LabelFigure {
    /// The label is not printed there.
    #[default]
    Absent,
    /// A symbol.
    Symbol,
    /// A figure.
    Value(i64),
}

/// What labels make up others, by their places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundSums {
    /// The label that is the whole; none where none is.
    pub total: Option<usize>,
    /// For each label the one that it is a part of.
    pub parents: Vec<Option<usize>>,
    /// Where the total is made in several ways, the labels of each.
    pub partitions: Vec<Vec<usize>>,
}

impl FoundSums {
    /// None, of so many labels.
    #[must_use]
    pub fn none(labels: usize) -> FoundSums {
        FoundSums { parents: vec![None; labels], ..FoundSums::default() }
    }
}

/// How many columns must agree, and have a figure other than 0: fewer agree by chance.
const LEAST_COLUMNS: usize = 2;

impl LabelFigures {
    /// Finds the total and the groups. A label belongs to the innermost group that it makes.
    #[must_use]
    pub fn find_sums(&self) -> FoundSums {
        let mut parents = vec![None; self.labels];
        for label in (0..self.labels).rev() {
            if let Some(parts) = self.find_run(label, &parents) {
                for part in parts {
                    parents[part] = Some(label);
                }
            }
        }
        let top: Vec<usize> = (0..self.labels).filter(|label| parents[*label].is_none()).collect();
        let mut all = RunningSums::of(self);
        for label in &top {
            all.add(*label);
        }
        let is_sum = |label: &usize| top.len() > 2 && all.without(*label).make(*label);
        // A label that holds all others is the whole, too.
        let holds_all =
            || top.first().copied().filter(|label| top.len() == 1 && parents.contains(&Some(*label)));
        let total = top.iter().copied().find(is_sum).or_else(holds_all);
        let partitions = total.map(|total| self.find_partitions(total, &parents)).unwrap_or_default();
        for parent in &mut parents {
            if *parent == total {
                *parent = None;
            }
        }
        FoundSums { total, parents, partitions }
    }

    /// The runs of labels each of which makes the total; none where all labels make it together, or some are in no run.
    fn find_partitions(&self, total: usize, parents: &[Option<usize>]) -> Vec<Vec<usize>> {
        let is_top = |label: &usize| *label != total && parents[*label].is_none_or(|parent| parent == total);
        let (mut partitions, mut run, mut sums) = (Vec::new(), Vec::new(), RunningSums::of(self));
        for label in (0..self.labels).filter(is_top) {
            run.push(label);
            sums.add(label);
            if run.len() > 1 && sums.make(total) {
                partitions.push(std::mem::take(&mut run));
                sums = RunningSums::of(self);
            }
        }
        if run.is_empty() && partitions.len() > 1 { partitions } else { Vec::new() }
    }

    /// The shortest run of labels below one that makes it, without those that are parts of others already.
    fn find_run(&self, label: usize, parents: &[Option<usize>]) -> Option<Vec<usize>> {
        let (mut parts, mut sums) = (Vec::new(), RunningSums::of(self));
        for below in (label + 1..self.labels).filter(|below| parents[*below].is_none()) {
            parts.push(below);
            sums.add(below);
            if parts.len() > 1 && sums.make(label) {
                return Some(parts);
            }
        }
        None
    }
}

/// The sums of labels in each column, as labels are added.
#[derive(Clone)]
struct RunningSums<'f> {
    figures: &'f LabelFigures,
    /// The sum of each column, and how many labels it prints; none where a symbol among them may stand for a figure that is not
    /// told.
    sums: Vec<Option<(i64, usize)>>,
}

impl<'f> RunningSums<'f> {
    fn of(figures: &'f LabelFigures) -> RunningSums<'f> {
        RunningSums { figures, sums: vec![Some((0, 0)); figures.columns.len()] }
    }

    fn add(&mut self, label: usize) {
        for (sum, column) in self.sums.iter_mut().zip(&self.figures.columns) {
            *sum = match column[label] {
                LabelFigure::Absent => *sum,
                LabelFigure::Symbol => None,
                LabelFigure::Value(value) => {
                    sum.and_then(|(sum, count)| Some((sum.checked_add(value)?, count + 1)))
                }
            };
        }
    }

    /// The sums without a label that was added.
    fn without(&self, label: usize) -> RunningSums<'f> {
        let less = |(sum, column): (&Option<(i64, usize)>, &Vec<LabelFigure>)| match (*sum, column[label]) {
            (Some((sum, count)), LabelFigure::Value(value)) => Some((sum.checked_sub(value)?, count - 1)),
            (sum, _) => sum,
        };
        RunningSums { sums: self.sums.iter().zip(&self.figures.columns).map(less).collect(), ..*self }
    }

    /// Whether the labels make another in every column that has a figure of all of them.
    fn make(&self, label: usize) -> bool {
        let mut agreeing = 0;
        for (sum, column) in self.sums.iter().zip(&self.figures.columns) {
            let LabelFigure::Value(whole) = column[label] else { continue };
            let Some((sum, _)) = sum.filter(|(_, count)| *count > 1) else { continue };
            if sum != whole {
                return false;
            }
            agreeing += usize::from(whole != 0);
        }
        agreeing >= LEAST_COLUMNS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(columns: &[&[i64]]) -> LabelFigures {
        let columns: Vec<Vec<LabelFigure>> =
            columns.iter().map(|column| column.iter().copied().map(LabelFigure::Value).collect()).collect();
        LabelFigures { labels: columns[0].len(), columns }
    }

    #[test]
    fn totals_and_groups_are_found_by_their_sums() {
        // all, group, its two parts, another
        let sums = figures(&[&[10, 7, 3, 4, 3], &[21, 12, 5, 7, 9]]).find_sums();
        assert_eq!(
            sums,
            FoundSums {
                total: Some(0),
                parents: vec![None, None, Some(1), Some(1), None],
                partitions: vec![]
            }
        );
        // parts, then their total
        let sums = figures(&[&[3, 4, 7], &[1, 5, 6]]).find_sums();
        assert_eq!(sums, FoundSums { total: Some(2), ..FoundSums::none(3) });
        // no sum
        let sums = figures(&[&[3, 4, 8], &[1, 5, 6]]).find_sums();
        assert_eq!(sums, FoundSums::none(3));
        // men and women, and again by age
        let sums = figures(&[&[10, 6, 4, 3, 5, 2], &[21, 11, 10, 7, 8, 6]]).find_sums();
        assert_eq!(
            sums,
            FoundSums { total: Some(0), partitions: vec![vec![1, 2], vec![3, 4, 5]], ..FoundSums::none(6) }
        );
        // one column is too few
        assert_eq!(figures(&[&[7, 3, 4]]).find_sums().total, None);
    }
}
