//! Problems of one table as they are found. Of each rule a hundred are described; those beyond are counted only, so that a
//! document that is wrong throughout costs no more than one that is right.

use std::collections::BTreeMap;

use crate::problem::{Problem, Rule};

/// How many problems of a rule are described.
pub const LISTED: usize = 100;

/// Problems, in the order in which they are found.
#[derive(Debug, Default)]
pub struct ProblemList {
    problems: Vec<Problem>,
    /// For each rule how many problems there are, and the place of the last.
    rules: BTreeMap<Rule, (usize, usize)>,
}

impl ProblemList {
    /// Adds a problem.
    pub fn push(&mut self, problem: Problem) {
        if self.counts_only(problem.rule) {
            return;
        }
        let (count, last) = self.rules.entry(problem.rule).or_default();
        (*count, *last) = (*count + 1, self.problems.len());
        self.problems.push(problem);
    }

    /// Whether a further problem of a rule need not be described: then it is counted.
    pub fn counts_only(&mut self, rule: Rule) -> bool {
        match self.rules.get(&rule) {
            Some((LISTED, last)) => {
                self.problems[*last].further += 1;
                true
            }
            _ => false,
        }
    }

    /// The problems.
    pub fn iter(&self) -> impl Iterator<Item = &Problem> {
        self.problems.iter()
    }

    /// The problems, of which none is left.
    pub fn take(&mut self) -> Vec<Problem> {
        self.rules.clear();
        std::mem::take(&mut self.problems)
    }
}

impl Extend<Problem> for ProblemList {
    fn extend<T: IntoIterator<Item = Problem>>(&mut self, problems: T) {
        problems.into_iter().for_each(|problem| self.push(problem));
    }
}
