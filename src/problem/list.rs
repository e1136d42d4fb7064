//! Problems as they are found. Of each rule a hundred are listed, errors and warnings apart; those beyond are counted only, so that a
//! document that is wrong throughout costs no more than one that is right.

use std::collections::BTreeMap;

use crate::problem::{Problem, Rule, Severity};

/// How many problems of a rule are listed.
const LISTED: usize = 100;

/// Problems, in the order in which they are found.
#[derive(Debug, Default)]
pub struct ProblemList {
    problems: Vec<Problem>,
    /// For each rule and severity how many problems there are, and the place of the last.
    rules: BTreeMap<(Rule, Severity), (usize, usize)>,
}

impl ProblemList {
    /// Adds a problem.
    pub fn push(&mut self, problem: Problem) {
        let key = (problem.rule, problem.severity);
        if self.count(key, 1 + problem.further) {
            return;
        }
        let (count, last) = self.rules.entry(key).or_default();
        (*count, *last) = (*count + 1, self.problems.len());
        self.problems.push(problem);
    }

    /// Whether a further problem of a rule, of its usual severity, need not be described: then it is counted.
    pub fn counts_only(&mut self, rule: Rule) -> bool {
        self.count((rule, rule.severity()), 1)
    }

    /// Counts so many further problems, where enough are listed.
    fn count(&mut self, key: (Rule, Severity), further: usize) -> bool {
        let Some((LISTED, last)) = self.rules.get(&key) else { return false };
        self.problems[*last].further += further;
        true
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
